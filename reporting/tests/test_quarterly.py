"""The data of the quarterly report: what belongs to the quarter, and nothing else."""

import datetime
import json

import pytest
from django.utils import timezone

from engagement.models import Override, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from people.tests import factories as people
from reporting.documents.quarterly import gather_quarter

pytestmark = pytest.mark.django_db
JUNE = datetime.datetime(2023, 6, 19, 12, tzinfo=datetime.UTC)


def first_quarter():
    days = {"starts_on": datetime.date(2023, 4, 1), "ends_on": datetime.date(2023, 6, 30)}
    return engagement.period("2023-24-q1", kind="quarter", **days)


def test_a_quarter_holds_its_overrides_conditions_assurance_assessments_and_activities():
    project = projects.project("P-001")
    change = StageChange.objects.create(project=project, from_stage="analysis", to_stage="decision")
    named = {"obstacles": ["Red."], "senior": "A Chief", "reason": "Safety", "by": people.user()}
    Override.objects.create(project=project, change=change, at=JUNE, **named)
    assurance = projects.assurance(project, result="partly", statement="Not quite.", concluded_at=JUNE)
    projects.condition(assurance, "Ask carers.", due_on=datetime.date(2023, 6, 25))
    done = {"done_on": datetime.date(2023, 7, 2), "what_was_done": "Asked."}
    projects.condition(assurance, "Ask farmers.", due_on=datetime.date(2023, 7, 1), **done)
    early = {"done_on": datetime.date(2023, 6, 29), "what_was_done": "Asked."}
    projects.condition(assurance, "Ask students.", due_on=datetime.date(2023, 7, 1), **early)
    assessment = projects.assessment(project, final_at=JUNE)
    projects.group_impact(assessment, people.population_group("Carers"), effect="negative", mitigation="Later hours.")
    activity = engagement.activity()
    engagement.activity_count(activity, "over 30")

    found = gather_quarter(first_quarter())

    assert [(row["project"], row["senior"], row["on"]) for row in found["overrides"]] == [
        ("P-001", "A Chief", "2023-06-19")
    ]
    assert [(row["condition"], row["is_overdue"]) for row in found["conditions"]] == [
        ("Ask carers.", True),
        ("Ask farmers.", False),
    ]
    assert [(row["result"], row["concluded_on"]) for row in found["assurance"]] == [("partly", "2023-06-19")]
    assert found["equality_assessments"][0]["negative"] == [{"group": "Carers", "mitigation": "Later hours."}]
    assert [(row["reference"], row["took_part"]) for row in found["activities"]] == [
        (activity.reference, ["over 30 took part"])
    ]
    assert json.loads(json.dumps(found)) == found


def test_what_belongs_to_another_quarter_or_is_only_planned_is_left_out():
    project = projects.project()
    projects.concluded_assurance(project)
    projects.assessment(project, final_at=timezone.now())
    engagement.activity(state="planned")
    engagement.activity(starts_on=datetime.date(2023, 7, 1), ends_on=None)

    found = gather_quarter(first_quarter())

    names = ("activities", "overrides", "conditions", "assurance", "equality_assessments", "answers")
    assert {name: found[name] for name in names} == {name: [] for name in names}
