"""The way of a report to its final version: one body after the other, one result each, sent back, withdrawn."""

import datetime
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.profiles import ProfileError
from core.tests.racing import race
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.models import Approval, Build, RouteStep
from reporting.profile.routes import load_routes
from reporting.services import approvals as services
from reporting.services import reports
from reporting.tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 5, 2)


@pytest.fixture
def lead():
    return people.user("lead")


def a_route() -> tuple:
    """Annual reports: a group comments, a committee agrees, the Board takes note."""
    bodies = forums.forum("Assurance Group", role="assures"), forums.committee("Quality Committee"), forums.committee()
    for order, (body, task) in enumerate(zip(bodies, ("comments", "agrees", "notes"), strict=True), start=1):
        RouteStep.objects.create(kind="annual", order=order, forum=body, task=task)
    return bodies


@pytest.fixture
def bodies():
    return a_route()


def sent(**fields) -> Build:
    return services.send_for_approval(factories.finished_build(**fields), by=people.user("lead"))


def passed(build: Build, by, *, steps: int = 3) -> Build:
    for approval in build.approvals.filter(result="waiting")[:steps]:
        services.record_result(approval, by=by, result="passed", decided_on=DAY)
    build.refresh_from_db()
    return build


def standing(build: Build) -> list[tuple]:
    return [(row.order, row.forum.name, row.task, row.result) for row in build.approvals.select_related("forum")]


# Sending -----------------------------------------------------------------------------------------


def test_sending_copies_the_route_and_the_version_is_in_approval(bodies, lead):
    build = services.send_for_approval(factories.finished_build(), by=lead)

    assert build.status == "approval"
    assert standing(build) == [
        (1, "Assurance Group", "comments", "waiting"),
        (2, "Quality Committee", "agrees", "waiting"),
        (3, "ICB Board", "notes", "waiting"),
    ]
    assert [event.verb for event in AuditEvent.objects.all()] == ["sent for approval"]


def test_sending_twice_is_harmless(bodies, lead):
    build = sent()
    services.send_for_approval(build, by=lead)

    assert (Approval.objects.count(), AuditEvent.objects.count()) == (3, 1)


def test_a_route_that_is_changed_later_does_not_change_a_version_on_its_way(bodies):
    build = sent()
    RouteStep.objects.all().delete()

    assert len(standing(build)) == 3
    assert reports.obstacle_to_final(build) == "This version waits for Assurance Group."


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (factories.build, "Wait until the draft is ready."),
        (factories.running_build, "Wait until the draft is ready."),
        (factories.failed_build, "Wait until the draft is ready."),
        (factories.final_build, "This version is final already."),
    ],
)
def test_only_a_finished_draft_is_sent(bodies, lead, make, words):
    with pytest.raises(ValidationError, match=words):
        services.send_for_approval(make(), by=lead)
    assert not Approval.objects.exists()


def test_a_kind_without_a_route_needs_no_approval(lead):
    draft = factories.finished_build()

    with pytest.raises(ValidationError, match="Make the version final when it is right"):
        services.send_for_approval(draft, by=lead)
    assert reports.obstacle_to_final(draft) == ""


def test_one_version_of_a_report_is_on_its_way_at_a_time(bodies, lead):
    first = sent()
    second = factories.finished_build(first.report)

    with pytest.raises(ValidationError, match="version 1 is in approval"):
        services.send_for_approval(second, by=lead)
    services.withdraw_from_approval(first, by=lead)
    assert services.send_for_approval(second, by=lead).status == "approval"


def test_the_route_of_another_kind_is_not_taken(lead):
    RouteStep.objects.create(kind="quarterly", order=1, forum=forums.committee())

    assert reports.obstacle_to_final(factories.finished_build()) == ""


# Results -----------------------------------------------------------------------------------------


def test_a_result_is_kept_with_who_when_where_and_what_was_said(bodies, lead):
    build, group = sent(), bodies[0]
    meeting = forums.meeting(group, days=-2)
    row = services.record_result(
        build.approvals.first(), by=lead, result="passed", decided_on=DAY, note=" Clear and honest. ", meeting=meeting
    )

    assert (row.result, row.decided_on, row.note, row.meeting, row.by) == (
        "passed",
        DAY,
        "Clear and honest.",
        meeting,
        lead,
    )
    assert AuditEvent.objects.latest("pk").verb == "passed a report on"
    assert str(row) == "Assurance Group: passed on"


def test_a_later_body_waits_for_the_earlier(bodies, lead):
    build = sent()

    with pytest.raises(ValidationError, match="Assurance Group has not looked at it yet") as error:
        services.record_result(build.approvals.last(), by=lead, result="passed", decided_on=DAY)
    assert error.value.code == "order"
    assert [row[3] for row in standing(build)] == ["waiting"] * 3


def test_sending_back_makes_it_a_draft_again_and_asks_nobody_else(bodies, lead):
    build = passed(sent(), lead, steps=1)
    services.record_result(
        build.approvals.get(order=2), by=lead, result="returned", decided_on=DAY, note="The gaps are missing"
    )
    build.refresh_from_db()

    assert (build.status, [row[3] for row in standing(build)]) == ("draft", ["passed", "returned"])
    words = "Quality Committee sent this version back. Make a new version and send that for approval."
    assert reports.obstacle_to_final(build) == words
    with pytest.raises(ValidationError, match="sent this version back"):
        services.send_for_approval(build, by=lead)
    again = services.send_for_approval(factories.finished_build(build.report), by=lead)
    assert [row[3] for row in standing(again)] == ["waiting"] * 3


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"result": "returned", "note": "  "}, "note", "Say why it is sent back"),
        ({"result": "waiting"}, "result", "Select whether it is passed on or sent back"),
        ({"decided_on": datetime.date(2099, 1, 1)}, "decided_on", "The day must not be in the future"),
        ({"decided_on": datetime.date(2024, 4, 9)}, "decided_on", "The day must not be before this version was made"),
    ],
)
def test_a_result_that_cannot_be_is_refused_at_its_field(bodies, lead, said, field, words):
    build = sent()

    with pytest.raises(ValidationError) as error:
        services.record_result(build.approvals.first(), by=lead, **{"result": "passed", "decided_on": DAY} | said)
    assert error.value.message_dict == {field: [words]}
    assert [row[3] for row in standing(build)] == ["waiting"] * 3


def test_a_day_before_that_of_the_earlier_body_is_refused(bodies, lead):
    build = passed(sent(), lead, steps=1)
    before = DAY - datetime.timedelta(days=1)

    with pytest.raises(ValidationError, match="before the body before it had decided"):
        services.record_result(build.approvals.get(order=2), by=lead, result="passed", decided_on=before)


def test_a_meeting_of_another_body_is_refused_and_a_joint_one_taken(bodies, lead):
    build, approval = sent(), Approval.objects.first()
    elsewhere = forums.meeting(forums.forum(), days=-2)

    with pytest.raises(ValidationError, match="Select a meeting of Assurance Group"):
        services.record_result(approval, by=lead, result="passed", decided_on=DAY, meeting=elsewhere)
    elsewhere.joint_with.add(bodies[0])
    services.record_result(approval, by=lead, result="passed", decided_on=DAY, meeting=elsewhere)
    assert build.approvals.first().meeting == elsewhere


def test_the_same_result_again_is_harmless_and_anybody_else_is_told_who_was_first(bodies):
    first, second = people.user("lead", name="Leah Brand"), people.user("officer", name="Omar Reed")
    approval = sent().approvals.first()
    services.record_result(approval, by=first, result="passed", decided_on=DAY)
    services.record_result(approval, by=first, result="passed", decided_on=DAY)
    words = "Leah Brand has recorded this already: Assurance Group, passed on on 2 May 2024. Nothing was changed."

    with pytest.raises(ValidationError) as error:
        services.record_result(approval, by=second, result="returned", decided_on=DAY, note="No")
    assert (error.value.messages, error.value.code) == ([words], "recorded")
    assert AuditEvent.objects.filter(verb="passed a report on").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_secretaries_at_once_one_is_heard_and_the_other_is_told(tmp_path):
    a_route()
    approval = sent().approvals.first()
    calls = [
        lambda: services.record_result(approval, by=first, result="passed", decided_on=DAY).result,
        lambda: services.record_result(approval, by=second, result="returned", decided_on=DAY, note="No").result,
    ]
    first, second = people.user("lead"), people.user("officer")

    outcome = race(tmp_path, *calls)
    assert sorted(outcome) in (["passed", "recorded"], ["recorded", "returned"])


def test_the_row_of_the_report_is_locked_when_a_result_is_recorded(bodies, lead):
    approval = sent().approvals.first()
    with CaptureQueriesContext(connection) as queries:
        services.record_result(approval, by=lead, result="passed", decided_on=DAY)
    first = next(query["sql"] for query in queries if 'FROM "reporting_report"' in query["sql"])
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


# Withdrawing -------------------------------------------------------------------------------------


def test_withdrawing_keeps_what_was_passed_and_sending_again_goes_on_from_there(bodies, lead):
    build = passed(sent(), lead, steps=1)
    withdrawn = services.withdraw_from_approval(build, by=lead)
    services.withdraw_from_approval(build, by=lead)

    assert (withdrawn.status, [row[3] for row in standing(build)]) == ("draft", ["passed"])
    assert AuditEvent.objects.filter(verb="withdrew from approval").count() == 1
    assert (
        reports.obstacle_to_final(withdrawn) == "Send this version for approval first. It begins with Assurance Group."
    )
    services.send_for_approval(withdrawn, by=lead)
    assert [row[3] for row in standing(build)] == ["passed", "waiting", "waiting"]


def test_a_result_for_a_version_that_was_withdrawn_meanwhile_is_refused(bodies, lead):
    build = sent()
    approval = build.approvals.first()
    services.withdraw_from_approval(build, by=lead)

    with pytest.raises(ValidationError, match="not in approval any more") as error:
        services.record_result(approval, by=lead, result="passed", decided_on=DAY)
    assert error.value.code == "gone"


# Final -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_version_is_not_final_before_every_body_has_passed_it(bodies, lead, steps):
    build = passed(sent(), lead, steps=steps)

    with pytest.raises(reports.NotReady, match=f"waits for {bodies[steps]}"):
        reports.request_final(build, by=lead)
    assert not Build.objects.filter(becomes_final=True).exists()


def test_a_draft_that_was_never_sent_is_not_final_where_there_is_a_route(bodies, lead):
    with pytest.raises(reports.NotReady, match="Send this version for approval first"):
        reports.request_final(factories.finished_build(), by=lead)


def test_a_final_version_is_not_asked_for_at_once_where_there_is_a_route(bodies, lead):
    with pytest.raises(ValidationError, match=r"send it for approval.* begins with Assurance Group") as error:
        reports.request_report(engagement.period(), by=lead, final=True)
    assert error.value.code == "route"
    assert not Build.objects.exists()

    quarter = engagement.period("2023-24-q1", kind="quarter")
    assert reports.request_report(quarter, by=lead, kind="quarterly", final=True).becomes_final


def test_what_every_body_passed_is_made_final_from_the_same_snapshot(bodies, lead):
    build = passed(sent(), lead)
    engagement.activity("A-1", title="Recorded later")
    final = reports.request_final(build, by=lead)

    assert (final.becomes_final, final.snapshot_id) == (True, build.snapshot_id)
    assert build.status == "approval"


def test_what_is_in_approval_cannot_be_published(bodies, lead):
    build = passed(sent(), lead)

    with pytest.raises(ValidationError, match="Make the report final before you publish it"):
        reports.publish_report(build, by=lead)


# What the database holds -------------------------------------------------------------------------


def test_the_database_refuses_results_that_contradict_themselves(bodies):
    approval = sent().approvals.first()
    wrong = (
        {"result": "passed"},
        {"decided_on": timezone.localdate()},
        {"result": "returned", "decided_on": DAY, "note": ""},
        {"order": 2},
    )

    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(**fields)


def test_the_database_refuses_a_version_in_approval_that_is_not_ready():
    build = factories.build()

    with pytest.raises(IntegrityError, match="final_is_done"), transaction.atomic():
        Build.objects.filter(pk=build.pk).update(status="approval")


# The profile -------------------------------------------------------------------------------------


def test_a_profile_names_the_route_and_loading_it_again_changes_nothing():
    board = forums.committee()
    rows = [{"kind": "annual", "order": 1, "forum": "ICB Board", "task": "notes"}]
    load_routes(rows)
    load_routes(rows)

    assert list(RouteStep.objects.values_list("kind", "order", "forum", "task")) == [("annual", 1, board.pk, "notes")]


def test_a_step_that_staff_have_changed_stays():
    forums.committee()
    other = forums.committee("Audit Committee")
    RouteStep.objects.create(kind="annual", order=1, forum=other)
    load_routes([{"kind": "annual", "order": 1, "forum": "ICB Board"}])

    assert RouteStep.objects.get().forum == other


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"forum": "Nobody"}, "Nobody: there is no such forum. Load the file with the forums first"),
        ({"task": "dances"}, "annual: Value 'dances' is not a valid choice."),
        ({"colour": "red"}, "nobody reads colour"),
        ({"kind": "weekly"}, "weekly: Value 'weekly' is not a valid choice."),
    ],
)
def test_a_profile_that_is_wrong_says_where(row, words):
    forums.committee()

    with pytest.raises((ValidationError, ProfileError), match=words):
        load_routes([{"kind": "annual", "order": 1, "forum": "ICB Board"} | row])
    assert not RouteStep.objects.exists()


ROUTES = {
    "leicester-leicestershire-and-rutland": [
        ("quarterly", 1, "Public and Patient Involvement Assurance Group", "comments"),
        ("quarterly", 2, "Quality, Safety and Performance Committee", "agrees"),
        ("quarterly", 3, "ICB Board", "notes"),
    ],
    "herts-valleys": [
        ("annual", 1, "PPI Committee", "comments"),
        ("annual", 2, "Audit Committee", "agrees"),
        ("annual", 3, "Herts Valleys CCG Board", "notes"),
    ],
    "hertfordshire-and-west-essex": [],
    "herefordshire-and-worcestershire": [],
}


@pytest.mark.parametrize("body", ROUTES)
def test_each_body_has_the_routes_that_its_sources_name(body):
    path = Path(settings.BASE_DIR) / "profiles" / f"{body}-forums.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in data["forum"]:
        forums.forum(row["name"])
    load_routes(data.get("report_route", []))

    assert list(RouteStep.objects.values_list("kind", "order", "forum__name", "task")) == ROUTES[body]
