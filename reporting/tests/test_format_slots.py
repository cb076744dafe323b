"""Formats that people make: who sees to them by when, what is public, which way a language runs, large print."""

import datetime
import io

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.pdf import render_pdf
from people.models import FormatRequest
from people.tests import factories as people
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import SHAPES
from reporting.documents.slots import slots
from reporting.models import AlternativeFormat
from reporting.tests import annual_facts as known
from reporting.tests import factories
from reporting.tests.open_register import published_build
from reporting.tests.reading import words

TODAY = datetime.date(2024, 5, 10)
PAGE = "/reports/formats/"


def slot(report=None, **fields) -> AlternativeFormat:
    """A translation that somebody sees to by 1 May 2024."""
    known_of = {"kind": "translation", "language": "Polish", "owner": "Editor", "due_on": datetime.date(2024, 5, 1)}
    return (report or factories.report()).alternatives.create(**known_of | fields)


def with_file(report=None, **fields) -> AlternativeFormat:
    return slot(report, **{"file": ContentFile(b"%PDF", name="a.pdf")} | fields)


def asked(number: int, path: str = "/reports/published/", **fields) -> None:
    shared = {"path": path, "channel": "email", "name": "A", "contact": "a@example.org", "due_on": TODAY}
    for _number in range(number):
        token = f"00000000-0000-0000-0000-{people.following(FormatRequest):012}"
        FormatRequest.objects.create(form_token=token, **shared | fields)


# The page ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [("", 403), ("member", 403), ("secretary", 403), ("officer", 200), ("lead", 200), ("administrator", 200)],
)
def test_the_slots_are_for_those_who_work_on_reports(client, role, status):
    slot()
    client.force_login(people.user(role))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE).status_code == (405 if status == 200 else 403)


@pytest.mark.django_db
def test_each_slot_says_whose_it_is_when_it_is_due_and_how_far_it_is(client):
    report = factories.report()
    slot(report, due_on=datetime.date(2030, 5, 9))
    slot(report, language="Urdu", due_on=datetime.date(2020, 5, 9))
    with_file(report, kind="easy_read", language="")
    client.force_login(people.user("officer"))
    text = words(client.get(PAGE).content.decode())
    assert "Translation: Polish Annual engagement report 2023–24 Editor 9 May 2030 waited for not checked 0" in text
    assert "Translation: Urdu Annual engagement report 2023–24 Editor 9 May 2020 late by" in text
    assert "here, not checked: not public not checked 0" in text


@pytest.mark.django_db
def test_an_empty_page_says_that_there_is_nothing(client):
    client.force_login(people.user("officer"))
    assert "No report has a format that people make yet" in words(client.get(PAGE).content.decode())


@pytest.mark.django_db
def test_what_is_waited_for_comes_first_and_lateness_is_counted_in_days():
    report = factories.report()
    ready = with_file(report, kind="audio", language="")
    checked = with_file(
        report, kind="easy_read", language="", checked_on=TODAY, checked_by="A group with a learning disability"
    )
    late, later = slot(report, due_on=datetime.date(2024, 5, 9)), slot(report, language="Urdu", due_on=TODAY)
    very = slot(report, kind="braille", language="", due_on=datetime.date(2024, 4, 30))
    found = slots(TODAY)
    assert [(one.alternative, one.state, one.is_late) for one in found[:3]] == [
        (very, "late by 10 days", True),
        (late, "late by a day", True),
        (later, "waited for", False),
    ]
    assert {one.alternative: one.state for one in found[3:]} == {ready: "ready", checked: "ready"}


@pytest.mark.django_db
def test_requests_are_counted_by_format_and_language_and_never_told_exactly():
    report = factories.report()
    slot(report, kind="easy_read", language="")
    slot(report, kind="summary", language="")
    slot(report)
    slot(report, language="Urdu")
    asked(11, format="easy_read")
    asked(3, format="language", language="polish ")
    asked(9, "/you-said-we-did/", format="easy_read")
    numbers = {(one.alternative.kind, one.alternative.language): one.requests for one in slots(TODAY)}
    assert numbers == {
        ("easy_read", ""): "10",
        ("summary", ""): "",
        ("translation", "Polish"): "*",
        ("translation", "Urdu"): "0",
    }


@pytest.mark.django_db
def test_a_hundred_slots_take_no_more_queries_than_ten_or_one(client):
    client.force_login(people.user("officer"))
    client.get(PAGE)
    counts = []
    for more in (1, 9, 90):
        for _number in range(more):
            slot(language=f"Language {people.following(AlternativeFormat)}")
        with CaptureQueriesContext(connection) as context:
            client.get(PAGE)
        counts.append(len(context))
    assert counts[0] == counts[1] == counts[2]


# What is public ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_public_is_offered_no_slot_and_no_easy_read_that_nobody_checked(client):
    report = published_build().report
    waiting, unchecked = slot(report), with_file(report, kind="easy_read", language="")
    ready = with_file(report, language="اردو")
    html = client.get("/reports/published/").content.decode()
    offered = {each.pk for each in (waiting, unchecked, ready) if f"/formats/{each.pk}/" in html}
    assert offered == {ready.pk}
    assert '<bdi dir="rtl">اردو</bdi>' in html
    for each, status in ((waiting, 404), (unchecked, 404), (ready, 200)):
        answer = client.get(reverse("reporting:public_alternative", args=[each.pk]))
        assert answer.status_code == status
        answer.getvalue()  # closing it unread would close the database too


@pytest.mark.django_db
def test_easy_read_is_public_once_people_checked_it(client):
    report = published_build().report
    easy = with_file(report, kind="easy_read", language="", checked_on=TODAY, checked_by="A group")
    assert client.get(reverse("reporting:public_alternative", args=[easy.pk])).getvalue() == b"%PDF"
    assert AlternativeFormat.objects.public().get() == easy


@pytest.mark.django_db
def test_a_slot_without_a_file_is_not_there_for_staff_either(client):
    waiting = slot(factories.final_build().report)
    client.force_login(people.user("lead"))
    assert client.get(reverse("reporting:alternative_file", args=[waiting.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"owner": ""}, "missing_has_an_owner"),
        ({"due_on": None}, "missing_has_an_owner"),
        ({"checked_on": TODAY, "checked_by": "A group"}, "checked_by_somebody"),
        ({"language": ""}, "translation_names_its_language"),
    ],
)
def test_a_slot_has_an_owner_and_a_day_and_only_a_file_can_be_checked(fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        slot(**fields)


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("Polish", "ltr"),
        ("", "ltr"),
        ("Urdu", "rtl"),
        ("Kurdish (Sorani)", "rtl"),
        ("العربية", "rtl"),
        ("עברית", "rtl"),
        ("Arabic (العربية)", "rtl"),
    ],
)
def test_a_language_runs_the_way_it_is_written(language, direction):
    assert AlternativeFormat(kind="translation", language=language).direction == direction


# Large print -------------------------------------------------------------------------------------


def sizes(content: bytes) -> set[float]:
    """Every size in points in which words are painted on the pages, pictures left out."""
    found = set()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in pdf.pages:
            scale, size, kept = 1.0, 0.0, []
            for operands, operator in pikepdf.parse_content_stream(each):
                name = str(operator)
                if name == "q":
                    kept.append((scale, size))
                elif name == "Q":
                    scale, size = kept.pop()
                elif name == "cm":
                    scale *= abs(float(operands[3]))
                elif name == "Tf":
                    size = float(operands[1])
                elif name == "Tm":
                    matrix = abs(float(operands[3]))
                elif name in {"Tj", "TJ"}:
                    found.add(round(size * scale * matrix, 1))
    return found


def test_large_print_has_eighteen_points_or_more_everywhere_and_its_own_layout():
    shape, facts = SHAPES["annual"], known.facts(6, principles=2)
    drawn = page(shape, facts, medium=Medium.LARGE_PRINT, **known.SHARED)
    large = render_pdf(drawn, stylesheets=("pdf.css", "large.css"))
    seen = {size for size in sizes(large.content) if size > 1}  # words for screen readers alone are painted smaller
    assert min(seen) >= 18
    assert 18 in seen
    ordinary = render_pdf(page(shape, facts, medium=Medium.PAPER, **known.SHARED))
    assert min(size for size in sizes(ordinary.content) if size > 1) == 10
    with pikepdf.open(io.BytesIO(large.content)) as pdf:  # the same paper: nothing is merely enlarged
        assert {round(float(max(each.mediabox))) for each in pdf.pages} == {842}
