"""A code without an account leads to what came of one activity, and to nothing else (YSD-003, ENG-027)."""

import re
import subprocess
import uuid
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.qr import picture
from engagement.models import SurveyAnswer
from engagement.services.surveys import codes, responses
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.documents import slips as documents
from insights.models import Receipt, Slips, Told, Verdict
from insights.services import receipts, verdicts
from insights.tests import factories
from people.tests import factories as people
from reporting.tests.pdf_checks import problems_of

pytestmark = pytest.mark.django_db
SEED = uuid.UUID("6fa459ea-ee8a-3ca4-894e-db77e160355e")
PAGE, SAY = "/receipt/", "/receipt/heard/"
WRONG = "We do not know this code"


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def answer():
    return factories.published_response("buses-1", you_said="The bus is late.", we_did="There is a second bus.")


@pytest.fixture
def slips(answer, officer):
    return receipts.add_slips(answer.activity, by=officer, number=3, seed=SEED)


def words_of(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def code(slips, place: int = 1) -> str:
    return receipts.code_of(slips.receipts.get(place=place))


def look(typed: str, client=None):
    return (client or Client()).post(PAGE, {"code": typed})


def signed(page) -> str:
    return re.search(r'name="holder" value="([^"]+)"', page.content.decode())[1]


def say(page, right="no", words="You missed the evenings.", answer="buses-1"):
    data = {"holder": signed(page), "answer": answer, f"a{answer}-right": right, f"a{answer}-words": words}
    return Client().post(SAY, data)


# Slips -------------------------------------------------------------------------------------------


def test_slips_have_codes_that_are_kept_only_as_a_hash(slips):
    found = [receipts.code_of(row) for row in slips.receipts.select_related("slips")]
    assert len(set(found)) == 3
    assert all(re.fullmatch("[B-DF-HJKMNP-TV-XZ]{4} [B-DF-HJKMNP-TV-XZ]{4}", each) for each in found)
    stored = " ".join(Receipt.objects.values_list("code_hash", flat=True))
    assert not any(each.replace(" ", "") in stored.upper() for each in found)
    assert found[0] not in " ".join(str(event.detail) + event.subject for event in AuditEvent.objects.all())


def test_the_same_form_twice_makes_them_once(slips, officer):
    again = receipts.add_slips(slips.activity, by=officer, number=3, seed=SEED)
    assert (again, Receipt.objects.count()) == (slips, 3)
    assert AuditEvent.objects.filter(verb="made slips with codes").count() == 1


@pytest.mark.parametrize("number", [0, Slips.MOST + 1])
def test_too_many_or_none_are_refused(officer, answer, number):
    with pytest.raises(ValidationError, match="Enter a number from 1 to 500"):
        receipts.add_slips(answer.activity, by=officer, number=number, seed=SEED)


def test_a_survey_never_gets_a_code_that_is_on_a_slip(slips, monkeypatch):
    held = code(slips).replace(" ", "")
    monkeypatch.setattr(codes.CODES, "_of", lambda seed: iter([held, "BCDFGHJK"]))
    assert codes.new_hash(uuid.uuid4()) == codes.hashed("BCDFGHJK")


def test_staff_make_slips_and_print_them(client, officer, answer):
    people.body(phone="01992 000000")
    client.force_login(officer)
    page = client.get(reverse("insight_work:slips_add", args=[answer.activity_id]))
    seed = re.search(r'name="seed" value="([^"]+)"', page.content.decode())[1]
    address = reverse("insight_work:slips_add", args=[answer.activity_id])
    assert client.post(address, {"seed": seed, "number": "501"}).status_code == 422
    assert client.post(address, {"seed": seed, "number": "10"}).status_code == 302
    slips = Slips.objects.get()
    pdf = client.get(reverse("insight_work:slips_pdf", args=[slips.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert "no-store" in pdf["Cache-Control"]
    assert problems_of(pdf.content) == []
    with pikepdf.open(BytesIO(pdf.content)) as opened:
        assert len(opened.pages) == 2
    text = words_of(pdf.content)
    for row in slips.receipts.all():
        assert receipts.code_of(row) in text
    assert "127.0.0.1:8000/receipt/" in text
    assert "01992 000000" in text
    assert AuditEvent.objects.filter(verb="printed slips with codes").count() == 1


def test_the_picture_holds_the_address_and_no_code(slips):
    page = documents.slips_page(slips, [documents.Slip(1, "BCDF GHJK")])
    assert documents.address_of_the_page() == "http://127.0.0.1:8000/receipt/"
    assert page.count("BCDF GHJK") == 1
    assert str(picture("http://127.0.0.1:8000/receipt/", "Picture for telephones: opens the page for codes")) in page


def test_who_may_print_slips(client, slips):
    address = reverse("insight_work:slips_pdf", args=[slips.pk])
    for user, status in (
        (people.user("project_lead"), 403),
        (people.member().user, 403),
        (people.user("officer", area=people.area()), 404),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status


# What a code leads to ----------------------------------------------------------------------------


def test_a_slip_shows_what_came_of_its_activity_and_nothing_else(answer, slips):
    draft = factories.response("draft-1", activity=answer.activity, you_said="Not public yet")
    elsewhere = factories.published_response("other-1", you_said="Of another activity")
    page = look(code(slips).lower().replace(" ", "-"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "There is a second bus." in text
    for hidden in (draft.you_said, elsewhere.you_said, code(slips), code(slips, 2), "What you said</h2>"):
        assert hidden not in text
    told = Told.objects.get()
    assert (told.response, told.way, told.receipt.place, told.person) == (answer, "code", 1, None)
    assert told.reached_at is not None
    assert slips.receipts.get(place=1).last_looked_at is not None
    assert slips.receipts.get(place=2).last_looked_at is None


def test_looking_twice_is_told_once(answer, slips):
    for _time in range(2):
        look(code(slips))
    assert Told.objects.count() == 1


def test_before_there_is_an_answer_the_clock_is_shown(officer):
    activity = engagement.activity()
    slips = receipts.add_slips(activity, by=officer, number=1, seed=SEED)
    text = look(code(slips)).content.decode()
    assert "There is no answer yet." in text
    assert "We said that we would answer by" in text
    assert not Told.objects.exists()


def test_a_survey_code_shows_what_was_sent_too(answer):
    survey = projects.survey(activity=answer.activity)
    question, token = projects.survey_question(survey), uuid.uuid4()
    sent = responses.send(survey, {question.pk: "I said this"}, form_token=token)
    other = projects.survey_response(survey)
    SurveyAnswer.objects.create(response=other, question=question, text="Words of somebody else")
    text = look(codes.code_of(sent)).content.decode()
    assert "I said this" in text
    assert "There is a second bus." in text
    assert "Words of somebody else" not in text
    assert Told.objects.get().survey_response == sent


def test_answers_that_were_not_sent_are_told_nothing_and_asked_nothing(answer):
    survey = projects.survey(activity=answer.activity)
    question = projects.survey_question(survey)
    draft = responses.keep_draft(survey, {question.pk: "I began"}, form_token=uuid.uuid4())
    page = look(codes.code_of(draft))
    assert "These answers are not sent yet" in page.content.decode()
    assert not Told.objects.exists()
    assert say(page).status_code == 422
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("typed", ["BCDF GHJK", "", "x", "BCDFGHJKBCDFGHJK", "'; drop table", "1" * 40])
def test_a_wrong_code_says_one_thing_whatever_is_wrong(slips, typed):
    page = look(typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert (WRONG in text) == bool(typed)
    assert slips.activity.title not in text
    assert not Told.objects.exists()


def test_codes_cannot_be_tried_without_end(slips, client, monkeypatch):
    monkeypatch.setattr("core.codes.MOST_AN_HOUR", 1)
    assert WRONG in look("BCDF GHJK", client).content.decode()
    text = look(code(slips), client).content.decode()
    assert "Try again in an hour" in text
    assert "second bus" not in text


def test_a_code_in_the_address_opens_nothing(slips):
    page = Client().get(f"{PAGE}?code={code(slips)}")
    assert "second bus" not in page.content.decode()


def test_the_old_address_hands_the_form_on(slips):
    page = Client().post(reverse("surveys:receipt"), {"code": code(slips)}, follow=True)
    assert page.redirect_chain == [(PAGE, 307)]
    assert "There is a second bus." in page.content.decode()


def test_what_was_said_is_shown_as_words(officer):
    answer = factories.published_response(you_said="<script>alert(1)</script>")
    slips = receipts.add_slips(answer.activity, by=officer, number=1, seed=SEED)
    text = look(code(slips)).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


# Did we hear you right? --------------------------------------------------------------------------


def test_the_holder_of_a_code_says_whether_we_heard_right_once(answer, slips):
    page = look(code(slips))
    done = say(page)
    assert done.status_code == 200
    assert "Thank you. We read what you said." in done.content.decode()
    row = Verdict.objects.get()
    assert (row.response, row.right, row.words, row.receipt.place) == (answer, "no", "You missed the evenings.", 1)
    assert (row.person, row.entered_by) == (None, None)
    say(look(code(slips)), "partly", "Better.")
    assert [(each.right, each.words) for each in Verdict.objects.all()] == [("partly", "Better.")]
    say(look(code(slips, 2)), "yes", "")
    assert Verdict.objects.count() == 2


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(answer, slips):
    page = say(look(code(slips)), "", "Words that must stay")
    text = page.content.decode()
    assert page.status_code == 422
    assert "Answer the question “Did we hear you right?”" in text
    assert 'href="#id_abuses-1-right' in text
    assert "Words that must stay" in text
    assert not Verdict.objects.exists()


def test_a_code_judges_no_answer_to_another_activity(answer, slips):
    factories.published_response("other-1")
    assert say(look(code(slips)), answer="other-1").status_code == 404
    factories.response("draft-1", activity=answer.activity)
    assert say(look(code(slips)), answer="draft-1").status_code == 404
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", '["slip", 1]'])
def test_a_number_that_is_not_signed_opens_nothing(answer, slips, token):
    data = {"holder": token, "answer": "buses-1", "abuses-1-right": "no", "abuses-1-words": "My words"}
    page = Client().post(SAY, data)
    text = page.content.decode()
    assert page.status_code == 422
    assert "Enter your code again" in text
    assert "My words" in text
    assert "second bus" not in text
    assert not Verdict.objects.exists()


def test_after_four_hours_the_code_is_asked_for_again(answer, slips, monkeypatch):
    page = look(code(slips))
    monkeypatch.setattr("insights.views.receipts.HOLDS_FOR", -1)
    assert "Enter your code again" in say(page).content.decode()
    assert not Verdict.objects.exists()


def test_verdicts_cannot_be_sent_without_end(answer, slips, monkeypatch):
    page = look(code(slips))
    monkeypatch.setattr("insights.views.receipts.MOST_VERDICTS_AN_HOUR", 0)
    assert say(page).status_code == 422
    assert not Verdict.objects.exists()


def test_after_thirty_days_nothing_can_be_said_anew(answer, slips):
    holder = receipts.find(code(slips))
    row = verdicts.say(answer, holder, by=None, right="no")
    Verdict.objects.filter(pk=row.pk).update(at=timezone.now() - verdicts.CHANGEABLE_FOR)
    page = look(code(slips))
    assert "<form" not in page.content.decode().split("<main")[1].split("</main")[0]
    with pytest.raises(ValidationError, match="more than 30 days ago"):
        verdicts.say(answer, holder, by=None, right="yes")


def test_the_form_holds_the_token_against_forged_forms(answer, slips):
    visitor = Client(enforce_csrf_checks=True)
    token = visitor.get(PAGE).content.decode().split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]
    page = visitor.post(PAGE, {"code": code(slips), "csrfmiddlewaretoken": token})
    form = page.content.decode().split(f'action="{SAY}')[1].split("</form>")[0]
    token = form.split('name="csrfmiddlewaretoken" value="')[1].partition('"')[0]
    data = {"holder": signed(page), "answer": "buses-1", "abuses-1-right": "yes", "csrfmiddlewaretoken": token}
    assert visitor.post(SAY, data).status_code == 200
    assert Verdict.objects.get().right == "yes"


def test_the_verdict_takes_no_get():
    assert Client().get(SAY).status_code == 405
