"""The forward plan: decisions to come, by board and month, what is missing first, as a page and as CSV."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.documents import forward_plan as plan
from engagement.models import Override, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE, CSV = "/record/forward-plan/", "/record/forward-plan.csv"
NAMES = [
    "signed plan",
    "search of what is known",
    "equality assessment",
    "check lists",
    "consultation",
    "assurance",
    "patient representatives",
]


@pytest.fixture
def officer():
    return people.user("officer")


def involved(project, **fields):
    return engagement.activity(project=project, **{"starts_on": factories.in_days(-30), "ends_on": None} | fields)


def found(project, **options) -> plan.Decision:
    rows = plan.decisions(factories.in_days(-90), factories.in_days(365), **options)
    return next(row for row in rows if row.pk == project.pk)


def state(project, name: str) -> str:
    return next(step.state for step in found(project).steps if step.name == name)


# What is done, under way or missing --------------------------------------------------------------


def test_of_a_bare_project_everything_is_missing():
    factories.check_list()
    project = factories.project(is_consulted_on=True)
    row = found(project)
    assert [step.name for step in row.steps] == NAMES
    assert (row.missing, row.has_involvement, row.is_taken, row.overrides) == (NAMES, False, False, 0)
    assert (row.board, row.due_on) == ("board not recorded", factories.in_days(200))


def test_of_a_complete_project_nothing_is_missing():
    question = factories.check_list().questions.get()
    project = factories.project(is_consulted_on=True)
    factories.plan(project, state="signed")
    factories.knowledge_check(project)
    for phase in ("before", "after"):
        factories.assessment(project, phase)
    for point in ("plan", "open", "close", "decision"):
        factories.check_answer(project, question, point)
    factories.consultation(project, opens=-80, days=70)
    factories.concluded_assurance(project)
    for _person in range(2):
        factories.representative(project)
    involved(project)
    row = found(project)
    assert {step.name: step.state for step in row.steps} == dict.fromkeys(NAMES, "done")
    assert (row.missing, row.has_involvement) == ([], True)


@pytest.mark.parametrize(
    ("newest", "expected"), [("draft", "under way"), ("submitted", "under way"), ("signed", "done")]
)
def test_the_plan(newest, expected):
    project = factories.project()
    factories.plan(project, state="refused", reason="Say who is affected.")
    assert state(project, "signed plan") == "missing"
    factories.plan(project, state=newest)
    assert state(project, "signed plan") == expected


def test_the_assessment():
    assert state(factories.project(trigger="none"), "equality assessment") == "not needed"
    project = factories.project()
    assert state(project, "equality assessment") == "missing"
    factories.assessment(project, is_final=False)
    assert state(project, "equality assessment") == "under way"
    project.assessments.all().delete()
    factories.assessment(project)
    assert state(project, "equality assessment") == "under way"
    type(project).objects.update(is_consulted_on=False)
    assert state(project, "equality assessment") == "done"


def test_the_check_lists():
    project = factories.project(is_consulted_on=False)
    assert state(project, "check lists") == "not needed"
    factories.check_list("advice", blocks=False)
    factories.check_list("old", is_active=False)
    assert state(project, "check lists") == "not needed"
    rows = factories.check_list(questions=("formative", "time")).questions
    question, timed = rows.get(code="formative"), rows.get(code="time")
    timed.at_points = ["close"]
    timed.save()
    assert state(project, "check lists") == "missing"
    factories.check_answer(project, question, "plan")
    factories.check_answer(project, timed, "close", "red")
    assert state(project, "check lists") == "under way"
    factories.check_answer(project, question, "decision", "amber")
    assert state(project, "check lists") == "done"
    project.check_answers.filter(point="plan").update(rating="red")
    assert state(project, "check lists") == "missing"


@pytest.mark.parametrize(
    ("is_consulted_on", "opens", "expected"),
    [
        (False, None, "not needed"),
        (None, None, "not known"),
        (True, None, "missing"),
        (True, 10, "under way"),
        (True, -70, "under way"),
        (True, -71, "done"),
    ],
)
def test_the_consultation(is_consulted_on, opens, expected):
    project = factories.project(is_consulted_on=is_consulted_on)
    if opens is not None:
        factories.consultation(project, opens=opens, days=70)
    assert state(project, "consultation") == expected


def test_the_assurance():
    project = factories.project()
    asked = factories.assurance(project)
    assert state(project, "assurance") == "under way"
    asked.delete()
    day = timezone.now() - datetime.timedelta(days=9)
    first = factories.concluded_assurance(project, "not")
    type(first).objects.update(concluded_at=day)
    assert state(project, "assurance") == "missing"
    other = factories.concluded_assurance(project)
    assert state(project, "assurance") == "missing"
    other.delete()
    second = factories.concluded_assurance(project, "partly", forum=first.forum)
    condition = factories.condition(second)
    assert state(project, "assurance") == "under way"
    condition.before = "mobilise"
    condition.save()
    assert state(project, "assurance") == "done"
    type(first).objects.filter(pk=first.pk).update(concluded_at=timezone.now())
    assert state(project, "assurance") == "missing"


def test_the_representatives():
    project = factories.project()
    first = factories.representative(project)
    factories.representative(project, first.person, task="specification")
    assert state(project, "patient representatives") == "under way"
    factories.representative(project)
    assert state(project, "patient representatives") == "done"
    project.representatives.update(left_on=factories.in_days(0))
    assert state(project, "patient representatives") == "missing"


# Which decisions, and in which order -------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"starts_on": None, "ends_on": factories.in_days(-1)}, True),
        ({"starts_on": factories.in_days(1)}, False),
        ({"nature": "information"}, False),
        ({"state": "planned"}, False),
    ],
)
def test_what_counts_as_involvement_before_a_decision(fields, counts):
    project = factories.project()
    involved(factories.project())
    involved(project, **fields)
    assert found(project).has_involvement is counts


def test_involvement_after_the_decision_is_none():
    project = factories.project(stage="mobilise", decided_on=factories.in_days(-40), decision="It moves.")
    activity = involved(project)
    assert not found(project).has_involvement
    activity.starts_on = factories.in_days(-40)
    activity.save()
    assert found(project).has_involvement


def test_which_decisions_are_on_the_plan():
    due = [factories.project(decision_due_on=factories.in_days(days)) for days in (-91, -90, 0, 365, 366)]
    taken = {"stage": "mobilise", "decision": "It moves.", "decision_due_on": None}
    old, new = (factories.project(decided_on=factories.in_days(days), **taken) for days in (-91, -90))
    factories.project(stopped_on=factories.in_days(0), stopped_because="No money.")
    factories.project(decision_due_on=None)
    bounds = factories.in_days(-90), factories.in_days(365)
    assert {row.pk for row in plan.decisions(*bounds)} == {due[1].pk, due[2].pk, due[3].pk, new.pk}
    overdue = plan.decisions(*bounds, with_overdue=True)
    assert {row.pk for row in overdue} == {due[0].pk, due[1].pk, due[2].pk, due[3].pk, new.pk}
    assert old.pk not in {row.pk for row in overdue}


def test_the_worst_stands_first_and_then_the_earliest():
    on = factories.in_days(40).replace(day=1)
    board = forums.committee()
    better = factories.project("P-1", decision_by=board, decision_due_on=on)
    factories.representative(better)
    later = factories.project("P-2", decision_by=board, decision_due_on=on + datetime.timedelta(days=2))
    worst = factories.project("P-3", decision_by=board, decision_due_on=on + datetime.timedelta(days=1))
    alone = factories.project("P-4", decision_due_on=on - datetime.timedelta(days=1))
    rows = plan.decisions(factories.in_days(0), factories.in_days(365))
    assert [row.pk for row in rows] == [alone.pk, worst.pk, later.pk, better.pk]
    months = plan.by_board_and_month(rows)
    assert [(month.board, month.first, month.gaps) for month in months] == [
        (board.name, on, 3),
        ("board not recorded", (on - datetime.timedelta(days=1)).replace(day=1), 1),
    ]


def test_overrides_are_counted(officer):
    project = factories.project()
    for _time in range(2):
        change = StageChange.objects.create(project=project, from_stage="idea", to_stage="formative")
        words = {"senior": "Dr Boateng", "reason": "Safety.", "obstacles": ["No plan"]}
        Override.objects.create(project=project, change=change, by=officer, **words)
        involved(project)
    assert found(project).overrides == 2


# The page and the file ---------------------------------------------------------------------------


def test_the_page_shows_the_decisions_of_the_places_one_works_for(client):
    harlow = people.area("Harlow")
    factories.project(title="Clinic in Harlow", areas=[harlow])
    factories.project(title="Clinic in Epping", areas=[people.area("Epping")])
    factories.project(areas=[harlow], decision_due_on=None)
    client.force_login(people.user("officer", harlow))
    for address in (PAGE, CSV):
        page = client.get(address).content.decode()
        assert "Clinic in Harlow" in page
        assert "Clinic in Epping" not in page
    assert "1 open project has no day for its decision" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("project_lead", 200), ("secretary", 403), ("member", 403), ("safeguarding", 403), ("", 403)]
)
def test_who_reads_the_plan(client, role, status):
    client.force_login(people.user(role))
    assert (client.get(PAGE).status_code, client.get(CSV).status_code) == (status, status)


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert client.get(CSV)["Location"].startswith("/accounts/login/")


def test_the_plan_is_narrowed(client, officer):
    board = forums.committee()
    soon = factories.project(decision_due_on=factories.in_days(30), decision_by=board)
    late = factories.project(decision_due_on=factories.in_days(500))
    year = factories.project(decision_due_on=factories.in_days(300))
    client.force_login(officer)
    for query, expected in {
        "": {soon, year},
        "months=3": {soon},
        "months=36": {soon, year, late},
        f"board={board.pk}": {soon},
        "gaps=on": {soon, year},
        "months=nonsense": {soon, year},
    }.items():
        months = client.get(f"{PAGE}?{query}").context["months"]
        assert {row.pk for month in months for row in month.decisions} == {each.pk for each in expected}, query


def test_the_page_says_overdue_and_overridden(client, officer):
    project = factories.project(title="Late clinic", decision_due_on=factories.in_days(-200))
    change = StageChange.objects.create(project=project, from_stage="idea", to_stage="formative")
    Override.objects.create(project=project, change=change, by=officer, senior="A", reason="B", obstacles=["C"])
    client.force_login(officer)
    page = client.get(PAGE).content.decode()
    assert "1 decision, 1 with something missing" in page
    assert ">overdue<" in page
    assert ">1 gate overridden<" in page
    assert ">people involved<" in page


def test_the_file_has_a_row_for_each_decision_and_no_live_formula(client, officer):
    project = factories.project("P-9", title="=cmd()")
    client.force_login(officer)
    response = client.get(CSV)
    assert response["Content-Disposition"] == 'attachment; filename="forward-plan.csv"'
    head, row = response.content.decode("utf-8-sig").splitlines()
    words = ["reference", "project", "stage", "board", "day", "taken", "people were involved", *NAMES]
    assert head == ",".join(f'"{word}"' for word in [*words, "gates overridden"])
    day = project.decision_due_on.isoformat()
    states = ["missing", "missing", "missing", "not needed", "not known yet", "missing", "missing"]
    cells = ["P-9", "'=cmd()", "idea", "board not recorded", day, "no", "no", *states, "0"]
    assert row == ",".join(f'"{cell}"' for cell in cells)
    project.delete()
    assert len(client.get(CSV).content.decode().splitlines()) == 1


def test_the_plan_asks_as_many_questions_for_one_decision_as_for_a_hundred(client, officer):
    board, numbers = forums.committee(), set()
    question = factories.check_list().questions.get()
    client.force_login(officer)
    for rows in (1, 9, 90):
        for _row in range(rows):
            project = factories.project(decision_by=board)
            factories.plan(project)
            factories.check_answer(project, question, "plan")
            factories.assessment(project)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        numbers.add(len(queries))
    assert len(numbers) == 1
