"""Figures of insight: comments read, decisions that weigh it, findings and items that are used and looked at again."""

import datetime

import pytest
from django.utils import timezone

from engagement.models import Project, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.models import Finding, Source
from insights.tests import factories as answers
from insights.tests import insight_factories as insight
from reporting.tests.kpis import day, listed, noon, numbers, quarter

pytestmark = pytest.mark.django_db


# Comments ----------------------------------------------------------------------------------------


def test_comments_count_as_read_once_a_named_person_has_read_them():
    row = engagement.activity(starts_on=day(4), ends_on=day(5))
    of_activity = insight.collection(activity=row, title="Pharmacies")
    insight.comment(collection=of_activity, read_at=noon(5))
    insight.comment(collection=of_activity)
    insight.comment(collection=insight.collection(), said_on=day(5), read_at=noon(6))
    insight.comment(collection=insight.collection(), said_on=day(8))

    assert numbers("comments-read") == (2, 3)
    assert listed("comments-read")[1] == "Pharmacies: 1 / 2"
    assert numbers("comments-read", quarter(2)) == (0, 1)
    assert numbers("comments-read", quarter(3)) == (0, 0)


def test_a_comment_whose_words_are_gone_cannot_be_read_any_more():
    gone = insight.comment(said_on=day(5))
    type(gone).objects.filter(pk=gone.pk).update(text="", erased_on=day(6))

    assert numbers("comments-read") == (0, 0)


# Decisions ---------------------------------------------------------------------------------------


def test_a_decision_on_a_project_weighs_insight_when_it_says_what_it_made_of_some():
    project = projects.project()
    weighed = insight.decision(decided_on=day(5), project=project, title="The clinic moves")
    weighed.weighed.create(finding=insight.agreed_finding(), effect="adopted")
    insight.decision(decided_on=day(6), project=project)
    insight.decision(decided_on=day(5)).weighed.create(finding=insight.agreed_finding(), effect="adopted")
    insight.decision(decided_on=day(8), project=project)

    assert numbers("decisions-weighed") == (1, 2)
    assert listed("decisions-weighed") == ["The clinic moves"]
    assert numbers("decisions-weighed", quarter(2)) == (0, 1)
    assert numbers("decisions-weighed", quarter(3)) == (0, 0)


def case_at_options(month: int, **fields) -> Project:
    row = projects.project(**{"stage": Project.Stage.OPTIONS} | fields)
    StageChange.objects.create(project=row, from_stage="formative", to_stage="options", at=noon(month))
    return row


def test_insight_is_early_when_it_was_cited_before_the_options():
    early, late = case_at_options(5, reference="P-1", title="Clinic"), case_at_options(5)
    insight.agreed_finding().uses.create(project=early, stage="formative", effect="Two sites were added.", on=day(4))
    insight.agreed_finding().uses.create(project=late, stage="options", effect="None.", on=day(5))
    case_at_options(5, trigger=Project.Trigger.POLICY)
    case_at_options(8)

    assert numbers("insight-early") == (1, 2)
    assert listed("insight-early") == ["P-1 Clinic"]
    assert numbers("insight-early", quarter(2)) == (0, 1)
    assert numbers("insight-early", quarter(3)) == (0, 0)


# Findings and items ------------------------------------------------------------------------------


def test_a_finding_is_unused_until_a_plan_a_decision_or_an_answer_uses_it():
    used, weighed, cited, unused = (insight.agreed_finding(agreed_at=noon(4)) for _number in range(4))
    insight.agreed_finding(agreed_at=noon(8))
    insight.finding()
    used.uses.create(elsewhere="The winter plan", effect="A line was added.", on=day(5))
    insight.decision(decided_on=day(5)).weighed.create(finding=weighed, effect="adopted")
    answer = answers.response()
    answer.findings.add(cited)
    type(answer).objects.filter(pk=answer.pk).update(created_at=noon(5))

    assert numbers("findings-unused") == (1, 4)
    assert listed("findings-unused") == [unused.statement]
    assert numbers("findings-unused", quarter(2)) == (2, 5)


def test_a_use_that_came_later_does_not_change_an_earlier_period():
    row = insight.agreed_finding(agreed_at=noon(4))
    row.uses.create(elsewhere="The winter plan", effect="A line was added.", on=day(8))

    assert numbers("findings-unused", quarter(1)) == (1, 1)
    assert numbers("findings-unused", quarter(2)) == (0, 1)


def known_since(row, at: datetime.datetime) -> None:
    """As if the last version had been written on a day of the past."""
    newest = row.versions.order_by("-history_id").first()
    type(row).history.filter(history_id=newest.history_id).update(history_date=at)


def test_findings_past_their_day_are_read_from_the_versions_of_that_time():
    row = insight.agreed_finding(review_by=day(5))
    known_since(row, noon(4))
    row.review_by = datetime.date(2099, 1, 1)
    row.save()
    known_since(row, noon(8))

    assert numbers("findings-past-review", quarter(1)) == (1, 1)
    assert listed("findings-past-review", quarter(1)) == [row.statement]
    assert numbers("findings-past-review", quarter(2)) == (0, 1)


def test_what_has_no_day_or_was_not_on_record_then_is_not_known():
    insight.agreed_finding()
    insight.agreed_finding(review_by=day(5))

    assert numbers("findings-past-review") == (None, None)
    assert numbers("items-past-review") == (None, None)


def test_items_past_their_day_count_while_they_are_in_use():
    past = insight.source(review_by=day(5), title="Survey of 2019")
    for row in (past, insight.source(review_by=day(12)), insight.source(review_by=day(5), state=Source.State.OFFERED)):
        known_since(row, noon(4))

    assert numbers("items-past-review") == (1, 2)
    assert listed("items-past-review") == ["Survey of 2019"]
    assert numbers("items-past-review", quarter(3)) == (2, 2)


def test_today_the_versions_say_the_same_as_the_list_of_findings():
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    insight.agreed_finding(review_by=yesterday)
    insight.agreed_finding(review_by=timezone.localdate())
    now = engagement.period(
        "now",
        kind="quarter",
        starts_on=timezone.localdate() - datetime.timedelta(days=30),
        ends_on=timezone.localdate() + datetime.timedelta(days=30),
    )

    assert numbers("findings-past-review", now) == (Finding.objects.to_review().count(), 2) == (1, 2)
