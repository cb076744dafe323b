"""What may be asked of reporting: one build at a time, a final version of what was checked, drafts by the calendar."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent, JobState
from engagement.models import Activity, Period
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.models import Build, Download, Report
from reporting.services import reports as services
from reporting.tests import factories

pytestmark = pytest.mark.django_db


def test_asking_makes_the_report_and_a_waiting_draft_and_an_audit_row():
    period, officer = engagement.period(), people.user("officer")
    build = services.request_report(period, by=officer)

    assert (build.report.period, build.version, build.state, build.status) == (period, 1, "queued", "draft")
    assert (build.requested_by, build.becomes_final, build.snapshot) == (officer, False, None)
    event = AuditEvent.objects.get()
    assert (event.actor_id, event.verb, event.subject) == (officer.pk, "asked for", str(build))
    assert str(build) == "Annual engagement report 2023–24, version 1"


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_asking_again_while_it_is_being_made_returns_the_same_build(state):
    build = factories.build() if state == "waiting" else factories.running_build()
    again = services.request_report(build.report.period, by=people.user("officer"))

    assert again == build
    assert Build.objects.count() == Report.objects.count() == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("state", ["done", "failed"])
def test_asking_again_once_it_is_finished_makes_the_next_version(state):
    build = factories.finished_build() if state == "done" else factories.failed_build()

    assert services.request_report(build.report.period, by=None).version == 2


def test_the_database_refuses_a_second_unfinished_build_of_a_report():
    report = factories.build().report

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.running_build(report)
    assert factories.build(factories.report(engagement.period("2024-25"))).version == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "final", "becomes_final": True, "state": "queued"},
        {"status": "final", "becomes_final": False},
        {"snapshot": None},
        {"pdf": ""},
        {"html": ""},
        {"finished_at": None},
        {"large_print": ""},
    ],
)
def test_the_database_refuses_a_build_that_contradicts_itself(fields):
    factories.finished_build()

    with pytest.raises(IntegrityError), transaction.atomic():
        Build.objects.update(**fields)


def test_the_database_refuses_a_second_build_with_the_same_version():
    report = factories.finished_build().report

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.finished_build(report, version=1)


def test_the_database_refuses_a_running_build_without_an_owner():
    for missing in ("token", "lease_until"):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.running_build(**{missing: None})


def test_the_database_refuses_a_second_final_version():
    report = factories.final_build().report

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.final_build(report)


def test_a_period_has_one_report_of_a_kind():
    report = factories.report()

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(kind=report.kind, period=report.period)


def test_a_message_goes_out_only_when_a_worker_is_to_make_it(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        services.request_report(engagement.period(), by=None, in_background=False)
        services.request_report(engagement.period("2024-25"), by=None)

    assert len(callbacks) == 1


def test_a_final_version_is_asked_for_from_the_snapshot_of_the_draft():
    draft, lead = factories.finished_build(), people.user("lead")
    engagement.activity("A-1", title="Recorded later")
    final = services.request_final(draft, by=lead)

    assert (final.version, final.becomes_final, final.status) == (2, True, "draft")
    assert final.snapshot == draft.snapshot
    assert AuditEvent.objects.get().verb == "asked for a final version of"


@pytest.mark.parametrize("make", [factories.build, factories.running_build, factories.failed_build])
def test_a_draft_that_is_not_ready_cannot_be_made_final(make):
    with pytest.raises(services.NotReady, match="Wait until the draft is ready"):
        services.request_final(make(), by=people.user("lead"))


@pytest.mark.parametrize("status", ["final", "superseded"])
def test_a_final_version_is_not_made_final_again(status):
    build = factories.final_build(status=status)

    with pytest.raises(services.NotReady, match=r"This version is final already\."):
        services.request_final(build, by=people.user("lead"))


def test_asking_twice_for_a_final_version_makes_one():
    draft, lead = factories.finished_build(), people.user("lead")

    assert services.request_final(draft, by=lead) == services.request_final(draft, by=lead)
    assert Build.objects.count() == 2


def test_the_same_facts_are_not_made_final_twice():
    draft, lead = factories.finished_build(), people.user("lead")
    factories.final_build(draft.report, snapshot=draft.snapshot)

    with pytest.raises(services.NotReady, match=r"A final version with the same facts is there already\."):
        services.request_final(draft, by=lead)


def test_a_final_version_is_not_mistaken_for_another_version_that_is_being_made():
    draft, lead = factories.finished_build(), people.user("lead")
    factories.running_build(draft.report)

    with pytest.raises(services.NotReady, match=r"Another version is being made\."):
        services.request_final(draft, by=lead)
    assert not Build.objects.filter(becomes_final=True).exists()


def test_a_download_is_kept_with_who_took_what():
    build, secretary = factories.final_build(), people.user("secretary")
    services.note_download(build, "pdf", by=secretary)

    download = Download.objects.get()
    assert (download.build, download.file_format, download.by) == (build, "pdf", secretary)
    assert str(download) == "Annual engagement report 2023–24, version 1 as pdf"


# By the calendar ---------------------------------------------------------------------------------


@pytest.fixture
def years():
    """The years 2022–23 to 2024–25 have ended, with an activity in the first two; 2090–91 has not; one is a quarter."""
    for code in ("2022-23", "2023-24", "2024-25", "2090-91"):
        engagement.period(code)
    day = datetime.date
    engagement.period("2023-24-q1", kind=Period.Kind.QUARTER, starts_on=day(2023, 4, 1), ends_on=day(2023, 6, 30))
    for year in (2022, 2023, 2090):
        engagement.activity(starts_on=day(year, 6, 1), ends_on=day(year, 6, 2))


def test_the_latest_year_to_report_has_ended_and_has_something_to_report(years):
    assert services.latest_reportable_period().code == "2023-24"


def test_without_activities_there_is_no_year_to_report(years):
    Activity.objects.all().delete()

    assert services.latest_reportable_period() is None


def test_a_draft_is_asked_for_once_for_each_ended_year_that_was_never_reported(years):
    factories.failed_build(factories.report(Period.objects.get(code="2022-23")))

    assert [services.draft_missing_reports(), services.draft_missing_reports()] == [3, 0]
    asked = Build.objects.filter(state=JobState.QUEUED, requested_by=None)
    assert set(asked.values_list("report__kind", "report__period__code")) == {
        ("annual", "2023-24"),
        ("assessment", "2022-23"),
        ("assessment", "2023-24"),
    }
    assert set(AuditEvent.objects.values_list("actor", flat=True)) == {"the system"}


# Kinds and periods -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("annual", "2023-24-q1", "This kind of report is made of a year. Select a year"),
        ("assessment", "2023-24-q1", "This kind of report is made of a year. Select a year"),
        ("quarterly", "2023-24", "The quarterly assurance report is made of a quarter. Select a quarter"),
    ],
)
def test_a_kind_of_report_is_not_made_of_the_wrong_kind_of_period(years, kind, code, words):
    with pytest.raises(ValidationError) as refused:
        services.request_report(Period.objects.get(code=code), by=None, kind=kind)

    assert refused.value.message_dict == {"period": [words]}
    assert not Report.objects.exists()


def quarters(number: int, last: datetime.date) -> list[Period]:
    """So many quarters of 91 days, the last of which ended on a day; the newest first."""
    made = []
    for _each in range(number):
        first = last - datetime.timedelta(days=90)
        made.append(engagement.period(f"q-{first}", kind=Period.Kind.QUARTER, starts_on=first, ends_on=last))
        last = first - datetime.timedelta(days=1)
    return made


def drafted() -> set[str]:
    return set(Report.objects.filter(kind=Report.Kind.QUARTERLY).values_list("period__code", flat=True))


def test_a_draft_is_asked_for_once_for_each_of_the_last_four_quarters_that_ended():
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    made = quarters(6, yesterday)
    engagement.period("goes-on", kind="quarter", starts_on=yesterday, ends_on=yesterday + datetime.timedelta(days=90))
    engagement.activity(starts_on=made[-1].starts_on, ends_on=None)
    factories.finished_build(factories.report(made[0], kind=Report.Kind.QUARTERLY))

    assert [services.draft_missing_reports(), services.draft_missing_reports()] == [3, 0]
    assert drafted() == {row.code for row in made[:4]}


def test_no_quarter_is_drafted_from_before_the_first_activity_though_an_empty_one_after_it_is():
    made = quarters(4, timezone.localdate() - datetime.timedelta(days=1))
    assert services.draft_missing_reports() == 0
    engagement.activity(starts_on=made[1].starts_on, ends_on=made[1].starts_on)
    engagement.activity(starts_on=made[3].starts_on, ends_on=None, state="planned")

    services.draft_missing_reports()
    assert drafted() == {row.code for row in made[:2]}


def test_quarters_that_ended_long_ago_are_not_made_up_for():
    made = quarters(3, timezone.localdate() - datetime.timedelta(days=400))
    engagement.activity(starts_on=made[-1].starts_on, ends_on=None)

    assert services.draft_missing_reports() == 0
