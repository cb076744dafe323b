"""The stage machine: what goes on, what is refused in which words, who may override, and that two at once make one."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Override, Project, StageChange
from engagement.services import checks, gates, representatives, stages
from engagement.services.gates import Obstacle
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Stage = Project.Stage
TOO_FEW = "Add a patient representative: there are 0, and there has to be at least 1"
OVERRIDE = {"senior": "Dr Ama Boateng, medical director", "reason": "The ward closes on Monday for safety."}


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def one_gate(monkeypatch):
    """Only the gate of the representatives is asked: the others have tests of their own."""
    monkeypatch.setattr(gates, "_gates", [representatives.gate])


@pytest.fixture
def no_gate(monkeypatch):
    monkeypatch.setattr(gates, "_gates", [])


def words_of(error) -> list[str]:
    return error.value.messages


# Forward -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "fields", "following"),
    [
        ("idea", {}, ["formative"]),
        ("formative", {}, ["options"]),
        ("options", {}, ["consultation"]),
        ("options", {"is_consulted_on": True}, ["consultation"]),
        ("options", {"is_consulted_on": False}, ["decision"]),
        ("consultation", {}, ["analysis"]),
        ("analysis", {}, ["decision"]),
        ("decision", {}, ["mobilise"]),
        ("mobilise", {}, ["review"]),
        ("review", {}, ["closed"]),
        ("review", {"closed_on": datetime.date(2026, 1, 5)}, []),
        ("idea", {"stopped_on": datetime.date(2026, 1, 5), "stopped_because": "No money."}, []),
    ],
)
def test_where_a_project_goes_next(stage, fields, following):
    assert stages.next_stages(factories.project(stage=stage, **fields)) == following


def test_a_step_is_kept_with_its_day_and_person(officer, no_gate):
    project = factories.project()
    stages.move(project, "formative", by=officer, because="The board agreed.")
    project.refresh_from_db()
    change = StageChange.objects.get()
    assert project.stage == "formative"
    assert (change.from_stage, change.to_stage, change.because, change.by) == (
        *("idea", "formative", "The board agreed."),
        officer,
    )
    assert change.at.date() == timezone.now().date()
    assert AuditEvent.objects.filter(verb="moved", actor_id=officer.pk).count() == 1


def test_the_same_step_twice_is_one(officer, no_gate):
    project = factories.project()
    for _time in range(2):
        stages.move(project, "formative", by=officer)
    assert StageChange.objects.count() == 1


@pytest.mark.parametrize("to", ["options", "consultation", "review", "closed", "nonsense"])
def test_no_stage_is_jumped_over(officer, no_gate, to):
    project = factories.project()
    with pytest.raises(ValidationError, match="cannot go there"):
        stages.move(project, to, by=officer, override=OVERRIDE)
    assert not StageChange.objects.exists()


@pytest.mark.parametrize("role", ["project_lead", "secretary", "member", ""])
def test_only_who_works_on_a_project_moves_it(role, no_gate):
    with pytest.raises(PermissionDenied):
        stages.move(factories.project(), "formative", by=people.user(role))
    assert not StageChange.objects.exists()


def test_a_project_lead_moves_their_own_project(no_gate):
    user = people.user("project_lead")
    assert stages.move(factories.project(lead=user), "formative", by=user).stage == "formative"


# Gates and overrides -----------------------------------------------------------------------------


def test_a_gate_that_refuses_says_everything_that_stands_in_the_way(officer, monkeypatch):
    monkeypatch.setattr(gates, "_gates", [representatives.gate, lambda project, to: [Obstacle("Read the responses")]])
    project = factories.project(stage="analysis")
    with pytest.raises(ValidationError) as error:
        stages.move(project, "decision", by=officer)
    assert words_of(error) == [TOO_FEW, "Read the responses"]
    project.refresh_from_db()
    assert (project.stage, StageChange.objects.count()) == ("analysis", 0)


def test_a_representative_opens_the_gate(officer, one_gate):
    project = factories.project(stage="analysis")
    factories.representative(project)
    assert stages.move(project, "decision", by=officer).stage == "decision"
    assert not Override.objects.exists()


def test_an_override_keeps_what_stood_in_the_way_and_who_decided(lead, one_gate):
    project = stages.move(factories.project(stage="analysis"), "decision", by=lead, override=OVERRIDE)
    row = Override.objects.get()
    assert (row.project, row.change.to_stage, row.by) == (project, "decision", lead)
    assert (row.senior, row.reason, row.obstacles) == (OVERRIDE["senior"], OVERRIDE["reason"], [TOO_FEW])
    assert AuditEvent.objects.filter(verb="overrode a gate", actor_id=lead.pk).count() == 1


def test_an_override_of_nothing_is_none(lead, one_gate):
    project = factories.project(stage="analysis")
    factories.representative(project)
    stages.move(project, "decision", by=lead, override=OVERRIDE)
    assert (StageChange.objects.count(), Override.objects.count()) == (1, 0)


def test_who_may_not_override_is_forbidden(officer, one_gate):
    with pytest.raises(PermissionDenied):
        stages.move(factories.project(stage="analysis"), "decision", by=officer, override=OVERRIDE)
    assert not StageChange.objects.exists()


def test_nobody_overrides_the_gate_of_their_own_project(lead, one_gate):
    project = factories.project(stage="analysis", lead=lead)
    with pytest.raises(ValidationError, match="Somebody else has to enter the override"):
        stages.move(project, "decision", by=lead, override=OVERRIDE)
    assert not StageChange.objects.exists()


def test_handing_a_project_over_does_not_free_its_lead_to_override(lead, one_gate):
    project = factories.project(stage="analysis", lead=lead)
    project.lead = people.user("officer")
    project.save()
    assert not stages.may_override(project, lead)
    with pytest.raises(ValidationError, match="Somebody else has to enter the override"):
        stages.move(project, "decision", by=lead, override=OVERRIDE)


def test_what_is_simply_missing_is_never_overridden(lead, monkeypatch):
    firm = Obstacle("Set the first day", can_be_overridden=False)
    monkeypatch.setattr(gates, "_gates", [representatives.gate, lambda project, to: [firm]])
    with pytest.raises(ValidationError) as error:
        stages.move(factories.project(stage="analysis"), "decision", by=lead, override=OVERRIDE)
    assert words_of(error) == ["Set the first day"]
    assert not StageChange.objects.exists()


@pytest.mark.parametrize("name", ["senior", "reason"])
@pytest.mark.parametrize("given", ["", "  "])
def test_an_override_names_a_senior_and_a_reason(lead, one_gate, name, given):
    with pytest.raises(ValidationError) as error:
        stages.move(factories.project(stage="analysis"), "decision", by=lead, override=OVERRIDE | {name: given})
    assert list(error.value.message_dict) == [name]
    assert not StageChange.objects.exists()


def test_the_database_keeps_no_nameless_override(lead):
    project = factories.project(stage="decision")
    change = StageChange.objects.create(project=project, from_stage="analysis", to_stage="decision")
    row = Override(project=project, change=change, obstacles=["x"], senior="", reason="x", by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# Back, decision, review, end ---------------------------------------------------------------------


def test_a_project_goes_back_with_a_reason(officer, no_gate):
    project = stages.move(factories.project(), "formative", by=officer)
    with pytest.raises(ValidationError, match="Say why it goes back"):
        stages.back(project, by=officer, because=" ")
    assert stages.back(project, by=officer, because="New facts.", to="idea").stage == "idea"
    assert StageChange.objects.last().because == "New facts."


def test_going_back_twice_from_the_same_page_is_once(officer):
    project = factories.project(stage="options")
    for _time in range(2):
        stages.back(project, by=officer, because="New facts.", to="formative")
    project.refresh_from_db()
    assert (project.stage, StageChange.objects.count()) == ("formative", 1)


@pytest.mark.parametrize("fields", [{}, {"stage": "review", "closed_on": datetime.date(2026, 1, 5)}])
def test_nothing_lies_before_an_idea_nor_behind_an_end(officer, fields):
    with pytest.raises(ValidationError, match="cannot go back"):
        stages.back(factories.project(**fields), by=officer, because="New facts.")


def test_a_project_goes_back_to_where_it_came_from(officer, no_gate):
    project = factories.project(stage="options", is_consulted_on=False)
    project = stages.move(project, "decision", by=officer)
    assert stages.stage_before(project) == "options"
    Project.objects.filter(pk=project.pk).update(is_consulted_on=True)
    assert stages.back(project, by=officer, because="People want a say.").stage == "options"
    assert stages.stage_before(factories.project(stage="decision", is_consulted_on=False)) == "options"
    assert stages.stage_before(factories.project(stage="decision")) == "analysis"


def test_a_decision_is_recorded_at_its_stage(officer):
    project = factories.project(stage="analysis")
    with pytest.raises(ValidationError, match="recorded at the stage “decision”"):
        stages.decide(project, by=officer, decided_on=factories.in_days(-1), decision="It moves.")
    Project.objects.update(stage="decision")
    for _time in range(2):
        project = stages.decide(project, by=officer, decided_on=factories.in_days(-1), decision="It moves. ")
    assert (project.decided_on, project.decision) == (factories.in_days(-1), "It moves.")
    assert AuditEvent.objects.filter(verb="recorded the decision").count() == 1


def test_a_decision_is_neither_in_the_future_nor_before_people_have_answered(officer):
    project = factories.project(stage="decision")
    with pytest.raises(ValidationError, match="must not be in the future"):
        stages.decide(project, by=officer, decided_on=factories.in_days(1), decision="It moves.")
    factories.consultation(project, opens=-80, days=70)
    with pytest.raises(ValidationError, match="The decision comes after that"):
        stages.decide(project, by=officer, decided_on=factories.in_days(-10), decision="It moves.")
    assert stages.decide(project, by=officer, decided_on=factories.in_days(-9), decision="It moves.").decided_on


def test_a_decision_has_words(officer):
    with pytest.raises(ValidationError, match="Enter what was decided"):
        stages.decide(factories.project(stage="decision"), by=officer, decided_on=factories.in_days(0), decision=" ")


def test_nothing_is_mobilised_before_it_is_decided_not_even_with_an_override(lead, no_gate):
    project = factories.project(stage="decision")
    with pytest.raises(ValidationError) as error:
        stages.move(project, "mobilise", by=lead, override=OVERRIDE)
    assert words_of(error) == ["Record what was decided, and when"]
    stages.decide(project, by=lead, decided_on=factories.in_days(0), decision="It moves.")
    assert stages.move(project, "mobilise", by=lead).stage == "mobilise"


def test_a_decision_goes_when_the_project_goes_back_and_its_words_stay_in_the_history(officer):
    project = factories.project(stage="decision")
    project = stages.decide(project, by=officer, decided_on=factories.in_days(0), decision="It moves.")
    project = stages.back(project, by=officer, because="The court quashed it.")
    assert (project.stage, project.decided_on, project.decision) == ("analysis", None, "")
    assert project.history.filter(decision="It moves.").exists()


def test_the_review_is_scheduled_when_the_change_is_made(officer, no_gate):
    factories.policy(review_months=6)
    made_on = datetime.date(2026, 8, 31)
    project = factories.project(stage="mobilise", implemented_on=made_on)
    assert stages.move(project, "review", by=officer).review_due_on == datetime.date(2027, 2, 28)
    kept = factories.project(stage="mobilise", implemented_on=made_on, review_due_on=datetime.date(2026, 12, 1))
    assert stages.move(kept, "review", by=officer).review_due_on == datetime.date(2026, 12, 1)
    unknown = factories.project(stage="mobilise")
    assert stages.move(unknown, "review", by=officer).review_due_on is None


def test_a_project_closes_after_its_review_when_nothing_stands_in_the_way(officer, monkeypatch, no_gate):
    with pytest.raises(ValidationError, match="closed after its review"):
        stages.close(factories.project(stage="mobilise"), by=officer)
    project = factories.project(stage="review")
    monkeypatch.setattr(gates, "_gates", [lambda project, to: [Obstacle("Say what changed")] if to == "closed" else []])
    with pytest.raises(ValidationError, match="Say what changed"):
        stages.close(project, by=officer)
    monkeypatch.setattr(gates, "_gates", [])
    for _time in range(2):
        assert stages.close(project, by=officer).closed_on == timezone.localdate()
    assert AuditEvent.objects.filter(verb="closed").count() == 1


def test_a_project_stops_at_any_stage_with_a_reason(officer):
    project = factories.project(stage="options")
    with pytest.raises(ValidationError, match="Enter why it stops"):
        stages.stop(project, by=officer, reason=" ")
    for _time in range(2):
        project = stages.stop(project, by=officer, reason="No money.")
    assert (project.stage, project.stopped_on, project.stopped_because) == (
        *("options", timezone.localdate()),
        "No money.",
    )
    with pytest.raises(ValidationError):
        stages.move(project, "consultation", by=officer)
    with pytest.raises(ValidationError, match="closed already"):
        stages.stop(factories.project(stage="review", closed_on=timezone.localdate()), by=officer, reason="No money.")


# Two at once -------------------------------------------------------------------------------------


def test_the_row_of_the_project_is_locked_before_the_gates_are_asked(officer, one_gate):
    project = factories.project()
    with CaptureQueriesContext(connection) as queries:
        stages.move(project, "formative", by=officer)
    first = next(query["sql"] for query in queries if 'FROM "engagement_project"' in query["sql"])
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


@pytest.mark.django_db(transaction=True)
def test_two_people_who_open_at_once_make_one_step(tmp_path, no_gate):
    project, users = factories.project(), [people.user("officer") for _number in range(2)]
    results = race(tmp_path, *[lambda by=user: stages.move(project, "formative", by=by).stage for user in users])
    assert results == ["formative", "formative"]
    if connection.vendor == "postgresql":
        assert StageChange.objects.count() == 1


def opened(project, officer) -> str:
    try:
        return stages.move(project, "options", by=officer).stage
    except ValidationError as error:
        return error.messages[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("red_first", [True, False])
def test_a_door_is_never_opened_while_somebody_turns_an_answer_red(tmp_path, monkeypatch, red_first):
    monkeypatch.setattr(gates, "_gates", [checks.gate])
    project, officer = factories.project(stage="formative"), people.user("officer")
    question = factories.check_list().questions.get()
    factories.check_answer(project, question, "plan")
    red = {"rating": "red", "evidence": "The minutes are missing.", "by": officer}
    calls = [
        lambda: checks.answer(project, question, "plan", **red).rating,
        lambda: opened(project, officer),
    ]
    results = race(tmp_path, *(calls if red_first else reversed(calls)))
    refused = "Gunning, plan: the answer to “Is it formative?” is red"
    both = {"red", refused}, {"options", "passed"}
    assert set(results) in both
    if connection.vendor == "postgresql":
        assert set(results) == both[0 if red_first else 1]
