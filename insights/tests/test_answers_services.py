"""What an answer must say before everybody reads it, how it moves on in public, and that nothing closes without one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.counts import Count
from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Activity
from engagement.services import issues
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.models import Response, ResponseFormat, Status
from insights.services import closing
from insights.services import responses as services
from insights.tests import factories, insight_factories
from people.tests import factories as people

DAY = datetime.date(2024, 3, 1)


@pytest.fixture
def by(db):
    return people.user("lead")


def codes(error) -> dict[str, list[str]]:
    return {name: [each.code for each in found] for name, found in error.value.error_dict.items()}


# Writing -----------------------------------------------------------------------------------------


def test_an_answer_keeps_who_said_it_who_sees_to_it_and_what_it_belongs_to(by):
    activity, other = engagement.activity(), engagement.activity()
    links = {
        "groups": [people.population_group("carers")],
        "themes": [insight_factories.theme("Waiting")],
        "findings": [insight_factories.agreed_finding()],
        "issues": [activity.issues.create(summary="Labels hide the Braille")],
        "also_answers": [other],
    }
    values = {
        "heard_on": DAY,
        "people": Count(30, "over", kind="unique"),
        "responsible": people.organisation("Community Pharmacy"),
        "responsible_post": "Head of pharmacy",
        "decision": insight_factories.decision(),
        "next_update_on": datetime.date(2030, 1, 1),
    }

    row = services.create_response(
        activity, by=by, topic=engagement.topic(), you_said="You said.", we_did="We will.", status="promised",
        note="Agreed by the committee.", **values, **links,
    )  # fmt: skip

    held = Response.objects.get()
    assert {name: getattr(held, name) for name in values} == values
    assert {name: list(getattr(held, name).all()) for name in links} == links
    assert [(each.status, each.note) for each in row.status_changes.all()] == [("promised", "Agreed by the committee.")]
    assert held.who == "Head of pharmacy, Community Pharmacy"
    assert list(Response.objects.to(other)) == [held]


def test_the_same_change_of_links_twice_leaves_one_trace(by):
    row, group = factories.response(), people.population_group()
    for _time in range(2):
        services.update_response(row, by=by, groups=[group])

    assert [event.detail for event in AuditEvent.objects.all()] == [{"fields": ["groups"]}]


def test_an_answer_does_not_cite_its_own_activity(by):
    row = factories.response()

    with pytest.raises(ValidationError) as error:
        services.update_response(row, by=by, also_answers=[row.activity])

    assert list(error.value.message_dict) == ["also_answers"]


def test_the_same_words_twice_are_refused_in_words(by):
    row = factories.response()
    words = {"topic": row.topic, "you_said": row.you_said, "we_did": "We did.", "status": "done"}

    with pytest.raises(ValidationError, match="This activity already has an answer to those words"):
        services.create_response(row.activity, by=by, **words)


# Moving on ---------------------------------------------------------------------------------------


def test_news_without_a_new_status_stand_in_the_history_once(by):
    row = factories.published_response(status=Status.UNDER_WAY)
    for _time in range(2):
        services.set_status(row, Status.UNDER_WAY, by=by, note="Half of the clinics have one.")

    assert [(each.status, each.note) for each in row.status_changes.all()] == [
        ("under_way", ""),
        ("under_way", "Half of the clinics have one."),
    ]
    assert AuditEvent.objects.count() == 1


def test_what_is_done_is_looked_at_again_and_says_what_was_found(by):
    row = factories.published_response(status=Status.DONE)

    with pytest.raises(ValidationError) as error:
        services.set_status(row, Status.REVIEWED, by=by)
    assert list(error.value.message_dict) == ["review_found"]
    services.set_status(row, Status.REVIEWED, by=by, review_found="Eight of ten pharmacies keep to it.")

    held = Response.objects.get()
    assert (held.status, held.is_done, list(Response.objects.kept())) == ("reviewed", True, [held])


def test_only_what_is_done_is_looked_at_again(by):
    row = factories.response(status=Status.PROMISED)

    with pytest.raises(ValidationError) as error:
        services.set_status(row, Status.REVIEWED, by=by, review_found="Nothing.")

    assert list(error.value.message_dict) == ["status"]


def test_a_kind_of_reason_leaves_with_the_status_it_belongs_to(by):
    row = factories.response(status=Status.COULD_NOT, reason="No money.", reason_code="cost")

    services.set_status(row, Status.PROMISED, by=by)

    assert Response.objects.get().reason_code == ""


@pytest.mark.parametrize(
    "values",
    [
        {"status": "could_not", "reason": ""},
        {"status": "done", "we_did": ""},
        {"status": "done", "reason_code": "cost"},
        {"status": "reviewed", "review_found": ""},
    ],
)
def test_the_database_refuses_what_the_words_do_not_bear_out(db, values):
    row = factories.response()

    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=row.pk).update(**values)


# Before publishing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"responsible_post": ""}, {"responsible": ["nobody_responsible"]}),
        ({"status": "promised"}, {"promised_for": ["no_date"]}),
        ({"evidence": ""}, {"evidence": ["no_evidence"]}),
        ({"status": "reviewed", "review_found": "It works.", "evidence": ""}, {"evidence": ["no_evidence"]}),
        ({"status": "could_not", "reason": "There is no money."}, {"reason_code": ["no_reason_code"]}),
        ({"we_did": "Your views have helped inform our plans."}, {"we_did": ["only_boilerplate"]}),
    ],
)
def test_what_people_cannot_rely_on_is_not_published(by, values, expected):
    row = factories.response(**values)

    with pytest.raises(ValidationError) as error:
        services.publish_response(row, by=by)

    assert codes(error) == expected
    assert not Response.objects.public().exists()


@pytest.mark.parametrize(
    "values",
    [
        {"responsible_post": "", "responsible": True},
        {"status": "promised", "promised_for": datetime.date(2030, 1, 1)},
        {"status": "promised", "next_update_on": datetime.date(2030, 1, 1)},
        {"evidence": "", "evidence_link": "https://example.org/report"},
        {"status": "could_not", "reason": "There is no money.", "reason_code": "cost"},
    ],
)
def test_what_says_it_all_is_published(by, values):
    values |= {"responsible": people.organisation()} if "responsible" in values else {}

    services.publish_response(factories.response(**values), by=by)

    assert Response.objects.public().count() == 1


def test_what_was_public_before_it_came_here_is_not_kept_back(by):
    row = factories.response(responsible_post="", evidence="")

    services.publish_response(row, by=by, is_old=True)

    assert Response.objects.public().get() == row


def test_what_everybody_reads_stays_fit_to_be_read(by):
    row = factories.published_response(status=Status.PROMISED, promised_for=DAY, evidence="")

    with pytest.raises(ValidationError) as error:
        services.set_status(row, Status.DONE, by=by)
    assert codes(error) == {"evidence": ["no_evidence"]}
    services.set_status(row, Status.DONE, by=by, evidence="A letter to every pharmacy")

    assert Response.objects.get().status == Status.DONE


def test_an_old_answer_that_lacks_evidence_can_still_be_put_right(by):
    row = factories.published_response(evidence="", responsible_post="")

    services.update_response(row, by=by, we_did="We did thing 2.")

    assert Response.objects.get().we_did == "We did thing 2."


# Nothing closes without one ----------------------------------------------------------------------


def closed_activity(**fields) -> Activity:
    return engagement.activity(state=Activity.State.CLOSED, **fields)


def test_the_only_answer_of_a_closed_activity_is_not_withdrawn(by):
    activity = closed_activity()
    first = factories.published_response(activity=activity)

    with pytest.raises(ValidationError) as error:
        services.withdraw_response(first, by=by)
    assert [each.code for each in error.value.error_list] == ["closed"]
    assert "Publish another answer to it first" in error.value.messages[0]
    second = factories.published_response(activity=activity)
    services.withdraw_response(first, by=by)

    assert list(Response.objects.public()) == [second]


def test_the_only_answer_of_a_closed_project_is_not_withdrawn(by):
    project = projects.project(stage="review", closed_on=timezone.localdate())
    row = factories.published_response(activity=engagement.activity(project=project))

    with pytest.raises(ValidationError, match="is closed, and this is its only public answer"):
        services.withdraw_response(row, by=by)

    assert Response.objects.public().exists()


def test_a_closed_activity_that_an_answer_cites_keeps_it_too(by):
    activity, row = closed_activity(), factories.published_response()
    row.also_answers.add(activity)

    for do in (services.withdraw_response, lambda row, by: services.update_response(row, by=by, also_answers=[])):
        with pytest.raises(ValidationError, match="its only public answer"):
            do(row, by=by)

    assert list(closing.activity_gate(activity)) == []


def test_an_answer_to_what_is_still_open_is_withdrawn(by):
    row = factories.published_response()

    services.withdraw_response(row, by=by)

    assert not Response.objects.public().exists()


def test_an_issue_closes_when_its_answer_is_public_or_its_person_was_told(by):
    issue = engagement.activity().issues.create(summary="Labels", answer="Yes.")
    draft = factories.response(activity=issue.activity)
    draft.issues.add(issue)

    with pytest.raises(ValidationError) as error:
        issues.close_issue(issue, by=by)
    assert error.value.error_list[0].code == "obstacle"
    services.publish_response(draft, by=by)
    issues.close_issue(issue, by=by)

    told = issue.activity.issues.create(summary="Lifts", answer="Yes.", person_told_on=timezone.localdate())
    assert issues.close_issue(told, by=by).closed_on == timezone.localdate()


def test_the_answer_that_closed_an_issue_stays_until_the_person_is_told(by):
    issue = engagement.activity().issues.create(summary="Labels", answer="Yes.", closed_on=timezone.localdate())
    row = factories.published_response(activity=issue.activity)
    row.issues.add(issue)

    for do in (services.withdraw_response, lambda row, by: services.update_response(row, by=by, issues=[])):
        with pytest.raises(ValidationError, match="was closed with this answer"):
            do(row, by=by)
    issues.person_told(issue, by=by, person_told_on=timezone.localdate())
    services.withdraw_response(row, by=by)

    assert not Response.objects.public().exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_withdraw_the_last_two_answers_at_once_leave_one(tmp_path):
    by, activity = people.user("lead"), closed_activity()
    rows = [factories.published_response(activity=activity) for _time in range(2)]

    outcomes = race(tmp_path, *[lambda row=row: bool(services.withdraw_response(row, by=by)) for row in rows])

    assert outcomes.count(True) == 1
    assert len(outcomes) == 2


# Formats -----------------------------------------------------------------------------------------


def test_a_format_is_offered_once_corrected_and_taken_away(by):
    row = factories.published_response()
    for words in ("Easy words.", "Easy words.", "Easier words."):
        services.add_format(row, by=by, file_format="easy_read", text=words)

    held = ResponseFormat.objects.get()
    assert (held.text, str(held)) == ("Easier words.", "Easy Read, English")
    for _time in range(2):
        services.remove_format(held, by=by)
    verbs = ["added a format", "changed a format", "removed a format"]
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == verbs


def test_a_format_has_words_or_an_address(by):
    with pytest.raises(ValidationError, match="Write the words, or give the address"):
        services.add_format(factories.response(), by=by, file_format="bsl")
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseFormat.objects.create(response=factories.response(), file_format="bsl")
