"""Letters on paper: whole addresses, every script, large print that is large, and nothing that may not be sent."""

import re
import subprocess
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from core.models import AuditEvent, JobState
from people.documents import letters
from people.models import AccessNeed, Consent, Message
from people.services import messages
from people.tests import factories
from people.tests.reads import audited_reads
from reporting.tests.pdf_checks import attachments_of, problems_of

pytestmark = pytest.mark.django_db
PAGE = "/register/messages/"
ADDRESS = "Flat 2\n1 High Street\nHertford"


def letter(name="Ada Lovelace", *, key="", large=False, body="Your meeting is on Monday.\n\nBring a friend.", **fields):
    person = factories.person(name, **{"channel": "post", "address": ADDRESS, "postcode": "SG14 1AB"} | fields)
    factories.consent(person)
    if large:
        AccessNeed.objects.create(person=person, kind="large_print")
    key = key or f"letter-{person.pk}"
    return messages.write(person, "membership", "Your meeting", body, by=None, key=key)


def words(content: bytes) -> str:
    """What poppler reads of a PDF, pages parted by a form feed."""
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def font_sizes(content: bytes) -> set[float]:
    """The size of everything that is written on a page, in points."""
    found = set()
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            scales, of_text, size = [1.0], 1.0, 0.0
            for operands, operator in pikepdf.parse_content_stream(page):
                name = str(operator)
                if name == "q":
                    scales.append(scales[-1])
                elif name == "Q":
                    scales.pop()
                elif name == "cm":
                    scales[-1] *= abs(float(operands[3]))
                elif name == "Tm":
                    of_text = abs(float(operands[3]))
                elif name == "Tf":
                    size = float(operands[1])
                elif name in {"TJ", "Tj"}:
                    found.add(round(size * of_text * scales[-1], 1))
    return found


@pytest.fixture
def officer(client):
    factories.body(phone="01707 000000")
    user = factories.user("officer")
    client.force_login(user)
    return user


@pytest.mark.parametrize("large", [False, True])
def test_a_letter_has_everything_and_no_accessibility_problem(client, officer, large):
    message = letter(large=large)
    answer = client.get(f"{PAGE}{message.pk}/letter.pdf")
    text = " ".join(words(answer.content).split())

    assert answer["Content-Type"] == "application/pdf"
    assert problems_of(answer.content) == []
    assert attachments_of(answer.content) == []
    with pikepdf.open(BytesIO(answer.content)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["dc:title"], str(pdf.Root.Lang)) == ("Your meeting", "en-GB")
    for part in (
        "Ada Lovelace Flat 2 1 High Street Hertford SG14 1AB",
        f"{timezone.localdate():%-d %B %Y}",
        "Dear Ada Lovelace",
        "Your meeting is on Monday.",
        "Bring a friend.",
        "Hertfordshire and West Essex ICB",
        "01707 000000",
        "large print, Easy Read, audio or another language? Contact the engagement team at engagement@example.org",
    ):
        assert part in text, part


def test_every_letter_of_large_print_is_18_points_or_more():
    large, usual = letter("Large", large=True), letter("Usual")

    assert (large.large_print, usual.large_print) == (True, False)
    assert min(font_sizes(letters.letters_pdf([large]).content)) >= 18
    assert min(font_sizes(letters.letters_pdf([usual]).content)) == 12


def test_the_address_stands_in_the_window():
    """DL: from 20 mm on the left, between 45 and 92 mm from the top."""
    found = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"],
        input=letters.letters_pdf([letter()]).content,
        capture_output=True,
        check=True,
    ).stdout.decode()
    x, top, bottom = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">Ada<', found).groups()
    last = re.search(r'yMax="([\d.]+)">1AB<', found)[1]
    millimetre = 72 / 25.4

    assert 20 <= float(x) / millimetre <= 30
    assert 45 <= float(top) / millimetre < float(bottom) / millimetre < float(last) / millimetre <= 92


def test_a_long_address_loses_no_line_and_the_postcode_stands_once():
    person = factories.person(
        address="Flat 2,\nTower House,\n\n1 High Street\nBengeo\nHertford,\nHerts\n", postcode="SG14 1AB"
    )
    assert letters.address_lines(person)[1:] == [
        "Flat 2",
        "Tower House",
        "1 High Street",
        "Bengeo, Hertford, Herts",
        "SG14 1AB",
    ]
    person.address = "1 High Street\nsg14 1ab"
    assert letters.address_lines(person)[1:] == ["1 High Street", "sg14 1ab"]


def test_the_letter_for_somebody_under_13_goes_to_the_guardian():
    person = factories.person("Billie", write_to_guardian=True, address="1 High Street")
    assert letters.address_lines(person) == ["Parent or guardian of Billie", "1 High Street"]


def test_what_people_write_is_never_markup():
    message = letter("<b>Ada</b> & Co", body="<script>alert(1)</script>\n\n<img src=x> & more")
    text = words(letters.letters_pdf([message]).content)

    assert "Dear <b>Ada</b> & Co" in text
    assert "<script>alert(1)</script>" in text
    assert "<img src=x> & more" in text


def test_names_of_any_script_do_not_break_the_letter():
    message = letter("ليلى حداد", known_as="Łucja 🌻 王芳", body="Zażółć gęślą jaźń. مرحبا 🎉")
    content = letters.letters_pdf([message]).content

    assert problems_of(content) == []
    assert "Łucja" in words(content)
    assert "Zażółć gęślą jaźń." in words(content)


def test_all_letters_come_in_one_file_each_on_its_own_page(client, officer):
    first, second = letter("First", body="Words. " * 400), letter("Second", large=True)
    answer = client.get(f"{PAGE}letters.pdf")
    pages = words(answer.content).split("\f")[:-1]

    assert problems_of(answer.content) == []
    assert ["Dear First" in page for page in pages] == [True, False, False, False]
    assert ["Dear Second" in page for page in pages] == [False, False, True, False]
    assert [page.split()[-1] for page in pages] == ["1", "2", "1", "2"]
    printed = AuditEvent.objects.filter(verb="printed letter", actor_id=officer.pk)
    assert set(printed.values_list("subject_id", flat=True)) == {str(first.pk), str(second.pk)}


def test_a_letter_that_may_no_longer_be_sent_is_not_printed(client, officer):
    message, other = letter("Ada"), letter("Bea")
    Consent.objects.filter(person=message.person).update(withdrawn_at=timezone.now())
    text = words(client.get(f"{PAGE}letters.pdf").content)
    message.refresh_from_db()

    assert "Dear Ada" not in text
    assert "Dear Bea" in text
    assert (message.state, message.error) == (JobState.FAILED, "Ada has not agreed to “membership”")
    assert other.state == JobState.QUEUED


def test_without_letters_the_page_says_so(client, officer):
    page = client.get(f"{PAGE}letters.pdf", follow=True)
    assert "There is no letter to print" in page.content.decode()


def test_an_email_is_no_letter(client, officer):
    person = factories.person("Ada", email="ada@example.org")
    factories.consent(person)
    message = messages.write(person, "membership", "Hello", "Words", by=None, key="mail")
    assert client.get(f"{PAGE}{message.pk}/letter.pdf").status_code == 404


def test_a_posted_letter_can_be_looked_at_again(client, officer):
    message = messages.mark_delivered(letter(), by=officer)
    assert client.get(f"{PAGE}{message.pk}/letter.pdf").status_code == 200
    assert Message.objects.get().state == JobState.DONE


def test_the_need_for_large_print_is_not_read_unseen(officer):
    with audited_reads() as reads:
        letter()
    assert reads.tables == {AccessNeed._meta.db_table}
    assert reads.verbs() == ["read access needs"]
