"""Reports in the admin: the texts of a report, the formats that people made, and the standing texts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.models import AlternativeFormat, Report, ReportItem, StandingText
from reporting.tests import factories

pytestmark = pytest.mark.django_db


def address(model: str, page: str, *args) -> str:
    return reverse(f"admin:reporting_{model}_{page}", args=args)


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def form(**fields) -> dict:
    """The page of a report as a browser sends it back, with no rows unless the fields give some."""
    empty = {}
    for prefix in ("items", "alternatives"):
        empty |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return empty | fields


def new_item(activity, **fields) -> dict:
    given = {"activity": activity.pk, "title": "", "text": "", "order": "100", "left_out_because": ""} | fields
    return {"items-TOTAL_FORMS": "1"} | {f"items-0-{name}": value for name, value in given.items()}


def new_alternative(name="easy.pdf", **fields) -> dict:
    given = {"kind": "easy_read", "language": "", "file": SimpleUploadedFile(name, b"%PDF")} | fields
    return {"alternatives-TOTAL_FORMS": "1"} | {f"alternatives-0-{name}": value for name, value in given.items()}


@pytest.mark.parametrize("model", ["report", "standingtext"])
def test_the_team_opens_lists_and_forms_and_others_do_not(client, model):
    row = factories.report() if model == "report" else factories.standing_text()
    found = {}
    for role in ("administrator", "lead", "officer", "secretary", "member"):
        client.force_login(people.user(role))
        pages = (address(model, "changelist"), address(model, "add"), address(model, "change", row.pk))
        found[role] = {client.get(page).status_code for page in pages}

    assert found == {"administrator": {200}, "lead": {200}, "officer": {200}, "secretary": {302}, "member": {302}}


def test_a_project_lead_looks_at_reports_and_changes_none(client):
    report = factories.report()
    client.force_login(people.user("project_lead"))

    assert client.get(address("report", "changelist")).status_code == 200
    assert client.get(address("report", "add")).status_code == 403
    assert client.post(address("report", "change", report.pk), form()).status_code == 403


def test_a_report_keeps_its_kind_and_period_once_it_is_there(client, officer):
    period, other = engagement.period(), engagement.period("2024-25")
    client.post(address("report", "add"), form(kind="annual", period=period.pk))
    report = Report.objects.get()
    client.post(address("report", "change", report.pk), form(kind="annual", period=other.pk))

    report.refresh_from_db()
    assert report.period == period
    page = client.get(address("report", "change", report.pk)).content.decode()
    assert f'href="{report.get_absolute_url()}"' in page


def test_a_text_for_the_report_is_saved_and_audited(client, officer):
    report, activity = factories.report(), engagement.activity()
    answer = client.post(
        address("report", "change", report.pk), form(**new_item(activity, title="As printed", text="Two words."))
    )

    assert answer.status_code == 302
    item = ReportItem.objects.get()
    assert (item.report, item.activity, item.title, item.text) == (report, activity, "As printed", "Two words.")
    event = AuditEvent.objects.get()
    assert (event.actor_id, event.verb, event.subject) == (officer.pk, "changed", str(report))
    assert "As printed" not in str(event.detail)


def test_leaving_out_without_a_reason_is_refused_with_the_reason_why(client, officer):
    report = factories.report()
    answer = client.post(
        address("report", "change", report.pk), form(**new_item(engagement.activity(), is_left_out="on"))
    )

    assert answer.status_code == 200
    assert "Say why it is left out: the report says so too" in answer.content.decode()
    assert not ReportItem.objects.exists()


def test_a_second_report_of_a_period_is_refused_in_words(client, officer):
    report = factories.report()
    answer = client.post(address("report", "add"), form(kind="annual", period=report.period.pk))

    assert "This period already has a report of that kind" in answer.content.decode()
    assert Report.objects.count() == 1


def test_a_format_that_people_made_is_kept_with_the_report(client, officer):
    report = factories.report()
    client.post(address("report", "change", report.pk), form(**new_alternative(kind="translation", language="Polish")))

    alternative = report.alternatives.get()
    assert str(alternative) == "translation, Polish"
    assert factories.read(alternative.file) == b"%PDF"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "translation"}, "Say which language it is in"),
        ({"name": "page.html"}, "File extension “html” is not allowed"),
        ({"name": "page.svg"}, "File extension “svg” is not allowed"),
    ],
)
def test_a_format_that_would_not_do_is_refused_in_words(client, officer, fields, message):
    report = factories.report()
    answer = client.post(address("report", "change", report.pk), form(**new_alternative(**fields)))

    assert message in answer.content.decode()
    assert not AlternativeFormat.objects.exists()


def test_the_database_refuses_a_translation_without_a_language_and_a_format_twice():
    alternatives = factories.report().alternatives
    alternatives.create(kind="easy_read", file="a.pdf")

    for fields in ({"kind": "translation"}, {"kind": "easy_read"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            alternatives.create(file="b.pdf", **fields)


def test_a_standing_text_is_edited_once_for_each_place(client, officer):
    text = factories.standing_text()
    given = {"kind": "annual", "slot": "introduction"}
    client.post(address("standingtext", "change", text.pk), given | {"text": "Hello."})
    answer = client.post(address("standingtext", "add"), given | {"text": "Again."})

    assert StandingText.objects.get().text == "Hello."
    assert answer.status_code == 200
    assert "Filled in: {body}" in client.get(address("standingtext", "add")).content.decode()


def test_the_list_of_reports_asks_the_database_as_often_for_three_rows_as_for_one(client, officer):
    counted = []
    for code in ("2021-22", "2022-23", "2023-24"):
        factories.report(engagement.period(code))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("report", "changelist"))
        counted.append(len(queries))

    assert counted[0] == counted[2]
