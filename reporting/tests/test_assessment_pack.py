"""The evidence for NHS England's assessment: gaps first, each claim as coverage counts it, who was heard, refusals."""

import datetime

import pytest

from engagement.documents.coverage import coverage
from engagement.models import Activity, Override, Plan, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.models import Weighed
from insights.tests import factories as answers
from insights.tests import insight_factories as insights
from people.models import Level
from people.tests import factories as people
from reporting.documents.frozen import freeze
from reporting.tests import assessment_factories as assessments
from reporting.tests.packs import AFTER, INSIDE, at, concluded, drawn, pack, proof_of, question_of

pytestmark = pytest.mark.django_db


# Principles ---------------------------------------------------------------------------------------


def test_a_principle_without_evidence_comes_first_and_says_so():
    engagement.activity("A-1", principle=engagement.principle(1))
    proof_of(
        engagement.principle(2), "evidenced", activity=engagement.activity("A-2", principle=engagement.principle(2))
    )
    facts = pack()

    assert [(row.number, row.strength) for row in facts.principles] == [(3, "none"), (1, "claimed"), (2, "evidenced")]
    assert question_of(facts, "Which principles are not shown at all?").answer == (
        "Nothing in the record shows 3. Principle 3."
    )
    html = drawn(facts)
    assert html.index("Nothing in the record shows this principle.") < html.index("What shows it, the strongest first")


def test_the_claims_of_a_principle_are_those_that_coverage_counts():
    first, second, third = (engagement.principle(number) for number in (1, 2, 3))
    both = engagement.activity("A-1", principle=first)
    both.other_principles.set([second])
    proof_of(first, "outcome", activity=both)
    proof_of(second, "verified", activity=both)
    proof_of(second, "evidenced", activity=engagement.activity("A-2", principle=first))
    proof_of(third, "evidenced", forum=forums.forum("Carers’ forum"))
    engagement.activity("A-3", principle=third, state=Activity.State.PLANNED)
    counted = coverage(engagement.period()).sets[0].principles
    by_number = {row.number: row for row in pack().principles}

    for row in counted:
        found = by_number[row.number]
        for tally, claims in ((row.activities, found.activities), (row.forums, found.forums)):
            assert [sum(claim.strength == name for claim in claims) for name in tally.__slots__] == [
                getattr(tally, name) for name in tally.__slots__
            ]
    assert [(claim.reference, claim.strength) for claim in by_number[2].claims] == [
        ("A-1", "verified"),
        ("A-2", "evidenced"),
    ]


def test_the_difference_of_a_principle_is_what_changed_what_was_decided_and_what_is_done():
    activity = engagement.activity("A-1", principle=engagement.principle(1))
    engagement.impact(activity, "The leaflet uses plain words.")
    engagement.impact(activity, "Nothing so far.", kind="none_yet")
    adopting = insights.decision(reference="d-1", title="The clinic", decided="It stays", decided_on=INSIDE)
    ignoring = insights.decision(reference="d-2", decided_on=INSIDE)
    for row, effect in ((adopting, "partly"), (ignoring, "not")):
        row.activities.set([activity])
        Weighed.objects.create(decision=row, finding=insights.finding(), effect=effect, because="Money.")
    answers.response("r-1", activity=activity, you_said="Too far.", we_did="A bus runs.")
    answers.response("r-2", activity=activity, status="promised")
    found = next(row for row in pack().principles if row.number == 1)

    assert [(change.kind, change.words, change.references) for change in found.changes] == [
        ("information changed", "The leaflet uses plain words.", ["A-1"]),
        ("decision that took up insight", "The clinic: It stays", ["d-1", "A-1"]),
        ("done", "Too far. → A bus runs.", ["r-1", "A-1"]),
    ]


def test_a_principle_without_a_difference_is_asked_about():
    engagement.activity("A-1", principle=engagement.principle(1))
    facts = pack()

    assert question_of(facts, "Where is no difference recorded?").references == ["A-1"]
    assert "No change, no decision and no kept promise is recorded. That is a finding." in drawn(facts)


# Places -------------------------------------------------------------------------------------------


def test_the_matrix_says_each_cell_in_words_and_agrees_with_coverage():
    east, west = people.area("East"), people.area("West")
    inside = people.area("Hill", level=Level.NEIGHBOURHOOD, parent=east)
    people.area("Vale", level=Level.NEIGHBOURHOOD, parent=east)
    first = engagement.principle(1)
    engagement.activity("A-1", principle=first, areas=[inside])
    proof_of(first, "verified", activity=engagement.activity("A-2", principle=first, areas=[east, west]))
    proof_of(engagement.principle(2), "claimed", forum=forums.forum("East forum", area=east))
    engagement.activity("A-3", principle=first, level=Level.SYSTEM)
    places, counted = pack().places, coverage(engagement.period())

    assert places.columns == ["East", "West", "Whole area"]
    words = {row.label: [cell.words for cell in row.cells] for row in places.rows}
    assert words["1. Principle 1"] == ["verified: 2 activities", "verified: 1 activity", "claimed: 1 activity"]
    assert words["2. Principle 2"] == ["claimed: 1 forum", "none", "none"]
    assert [row.label for row in places.rows] == ["3. Principle 3", "2. Principle 2", "1. Principle 1"]
    for row in counted.sets[0].principles:
        cells = next(each.cells for each in places.rows if each.label == row.label)
        by_name = dict(zip(counted.places, row.places, strict=True))
        for name, cell in zip(places.columns, cells, strict=True):
            assert len(cell.references) == by_name[name].activities + by_name[name].forums
    assert places.holes == [("East", ["3. Principle 3"]), ("West", ["2. Principle 2", "3. Principle 3"])]
    assert ([line.label for line in places.neighbourhoods], places.unheard) == (["Hill"], ["Vale"])


def test_a_place_without_an_activity_is_asked_about():
    people.area("West Essex")
    engagement.activity(areas=[people.area("Harlow")])

    assert question_of(pack(), "Which places were left out?").answer == "No activity names West Essex."


# People -------------------------------------------------------------------------------------------


def test_groups_that_were_not_heard_come_before_those_that_were():
    carers, youth = people.population_group("carers"), people.population_group("young people")
    engagement.activity("A-1", groups=[carers])
    engagement.activity("A-0", groups=[youth], starts_on=datetime.date(2021, 5, 1), ends_on=datetime.date(2021, 5, 2))
    people.population_group("asylum seekers")
    found = pack()

    assert [(row.name, row.status) for row in found.people.unheard] == [
        ("asylum seekers", "never"),
        ("young people", "due"),
    ]
    assert [(row.name, row.references) for row in found.people.heard] == [("carers", ["A-1"])]
    assert question_of(found, "Whom has the body never heard?").answer == "1 group was never heard: asylum seekers."


def test_few_people_of_a_characteristic_are_hidden_and_others_rounded():
    activity = engagement.activity("A-1")
    question = people.equality_question()
    for code, number in (("female", 52), ("male", 3), ("prefer-not-to-say", 2)):
        option = question.options.get(code=code)
        projects.participation(activity, option, number, on=INSIDE)
        projects.participation(activity, option, 90, on=AFTER, source="next year")
    facts = pack()
    found = facts.people.characteristics[0]

    assert {row.people for row in found.rows} | {number for _label, number in found.apart} <= {"50", "*", "0"}
    assert facts.people.with_numbers.references == ["A-1"]
    frozen, _fingerprint = freeze(facts)
    assert all(exact not in frozen for exact in ('"52"', '"3"', '"54"', '"57"'))


def test_the_ladder_names_the_activities_on_each_rung():
    consulting = engagement.rung("consulting")
    engagement.activity("A-1", rung=consulting)
    engagement.activity("A-2")
    facts = pack()

    assert [(line.label, line.references) for line in facts.people.rungs] == [
        ("Consulting", ["A-1"]),
        ("Not recorded", ["A-2"]),
    ]
    assert "Activities by rung of the ladder of participation. Consulting: 1; Not recorded: 1." in drawn(facts)


# Judgements and refusals --------------------------------------------------------------------------


def test_an_assessment_shows_its_levels_up_to_the_year():
    of = assessments.yardstick(name="Five domains")
    for code, level in (("2022-23", "inadequate"), ("2023-24", "good"), ("2024-25", "outstanding")):
        assessments.judged(of, level, code=code)
    found = pack().judged

    assert [(one.name, one.is_final, len(one.levels.years)) for one in found] == [("Five domains", True, 2)]
    assert [(line.dimension, [mark.name for mark in line.marks]) for line in found[0].levels.lines] == [
        ("Governance", ["inadequate", "good"]),
        ("Annual reporting", ["not recorded", "not recorded"]),
    ]


def test_what_was_refused_is_told_with_what_went_on_all_the_same():
    project = projects.project("P-1")
    author = people.user("lead")
    change = StageChange.objects.create(project=project, from_stage="idea", to_stage="formative", by=author)
    kept = {"obstacles": ["No plan is signed."], "senior": "Chief officer", "reason": "Winter.", "by": author}
    Override.objects.create(project=project, change=change, at=at(INSIDE), **kept)
    projects.plan(project, state=Plan.State.REFUSED, reason="Nobody is asked.", decided_at=at(INSIDE))
    concluded(project, "not")
    concluded(project)
    activity = engagement.activity("A-1")
    returned = engagement.evidence(engagement.principle(2), activity=activity, returned_because="No proof.")
    projects.project("P-2", stopped_on=INSIDE, stopped_because="Too dear.")
    found = pack().refused

    assert [(row.kind, row.references, row.passed) for row in found] == [
        ("refused, and overridden", ["P-1"], "Chief officer: Winter."),
        ("not assured", [f"assurance-{project.assurances.get(result='not').pk}", "P-1"], ""),
        ("plan refused", ["P-1-plan-1", "P-1"], ""),
        ("evidence sent back", [f"evidence-{returned.pk}", "A-1"], ""),
        ("project stopped", ["P-2"], ""),
    ]
