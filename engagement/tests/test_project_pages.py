"""The page of a project: where it stands, what stands in the way, its steps, and what must not be seen on it."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.documents.earliness import earliness_of
from engagement.models import Override, Project, StageChange
from engagement.services import gates, parts, representatives, stages
from engagement.services.gates import Obstacle
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TOO_FEW = "Add a patient representative: there are 0, and there has to be at least 1"


@pytest.fixture(autouse=True)
def one_gate(monkeypatch):
    """Only the gate and the part of the representatives: the others have tests of their own."""
    monkeypatch.setattr(gates, "_gates", [representatives.gate])
    monkeypatch.setattr(parts, "_parts", [representatives.part])


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def lead():
    return people.user("lead")


def step(client, project, name: str, **answers):
    address = reverse("engagement:project_step", args=[project.pk, name])
    return client.post(address, {f"{name}-{field}": value for field, value in answers.items()})


def shown(client, project) -> str:
    response = client.get(project.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


# What the page says ------------------------------------------------------------------------------


def test_the_page_marks_where_the_project_stands_in_words(client, officer):
    client.force_login(officer)
    page = shown(client, factories.project(stage="options", is_consulted_on=False))
    assert page.count('aria-current="step"') == 1
    assert '<li class="app-stages__stage app-stages__stage--now" aria-current="step"><strong>options</strong>' in page
    states = [row["state"] for row in client.get(Project.objects.get().get_absolute_url()).context["stages"]]
    assert states == ["passed", "passed", "now", "not needed", "not needed", "to come", "to come", "to come"]


def test_what_stands_in_the_way_is_linked_to_where_it_is_mended(client, officer):
    project = factories.project(stage="analysis")
    client.force_login(officer)
    page = shown(client, project)
    assert "1 thing stands in the way:" in page
    assert f'<a href="/record/projects/{project.pk}/representatives/add/">{TOO_FEW}</a>' in page
    assert 'id="step-forward"' not in page
    factories.representative(project)
    page = shown(client, project)
    assert "Nothing stands in the way." in page
    assert 'id="step-forward"' in page


def test_what_is_simply_missing_offers_no_override(client, lead, monkeypatch):
    project = factories.project(stage="analysis")
    client.force_login(lead)
    assert 'id="step-override"' in shown(client, project)
    firm = Obstacle("Set the first day", can_be_overridden=False)
    monkeypatch.setattr(gates, "_gates", [representatives.gate, lambda project, to: [firm]])
    page = shown(client, project)
    assert "(cannot be overridden)" in page
    assert 'id="step-override"' not in page


@pytest.mark.parametrize("stage", [*Project.Stage.values, "closed", "stopped"])
def test_the_page_is_there_at_every_stage(client, lead, stage):
    fields = {"stage": stage}
    if stage == "closed":
        fields = {"stage": "review", "closed_on": timezone.localdate()}
    if stage == "stopped":
        fields = {"stage": "idea", "stopped_on": timezone.localdate(), "stopped_because": "No money."}
    client.force_login(lead)
    page = shown(client, factories.project(**fields))
    assert ('id="step-stop"' in page) == (stage not in {"closed", "stopped"})
    assert ('id="step-decide"' in page) == (stage == "decision")
    assert ('id="step-back"' in page) == (stage not in {"idea", "closed", "stopped"})
    assert ('id="step-close"' in page) == (stage == "review")


def test_a_reader_sees_no_step(client):
    project = factories.project(lead=people.user("project_lead"), stage="analysis")
    client.force_login(people.user("project_lead"))
    page = shown(client, project)
    assert TOO_FEW in page
    assert "<button" not in page.split("<main", 1)[1]


@pytest.mark.parametrize("role", ["secretary", "member", "safeguarding", ""])
def test_who_is_not_staff_reads_no_project(client, role):
    client.force_login(people.user(role))
    assert client.get(factories.project().get_absolute_url()).status_code == 403


def test_activities_of_other_places_are_not_listed(client):
    harlow = people.area("Harlow")
    project = factories.project(areas=[harlow])
    engagement.activity(title="Talk in Harlow", project=project, areas=[harlow])
    engagement.activity(title="Talk in Epping", project=project, areas=[people.area("Epping")])
    engagement.activity(title="Talk about something else", areas=[harlow])
    client.force_login(people.user("officer", harlow))
    page = shown(client, project)
    assert "Talk in Harlow" in page
    assert "Talk in Epping" not in page
    assert "Talk about something else" not in page


def test_the_page_asks_as_many_questions_for_a_long_history(client, lead):
    project = factories.project(stage="options")
    client.force_login(lead)
    numbers = set()
    for rows in (1, 9, 30):
        for _row in range(rows):
            change = StageChange.objects.create(project=project, from_stage="idea", to_stage="formative", by=lead)
            words = {"senior": "Dr Boateng", "reason": "Safety.", "obstacles": ["No plan"]}
            Override.objects.create(project=project, change=change, by=lead, **words)
            factories.representative(project)
            project.scrutiny.create(committee="Health scrutiny", informed_on=factories.in_days(-3))
            engagement.activity(project=project)
        with CaptureQueriesContext(connection) as queries:
            shown(client, project)
        numbers.add(len(queries))
    assert len(numbers) == 1


# Involved early (ENG-011) ------------------------------------------------------------------------


def test_days_of_involvement_before_the_decision(client, officer):
    decided = {"stage": "mobilise", "decided_on": datetime.date(2026, 6, 30), "decision": "It moves."}
    project = factories.project(**decided)
    assert earliness_of(project).days is None
    engagement.activity(project=project, starts_on=datetime.date(2026, 6, 1), ends_on=None)
    early = {"ends_on": None, "project": project}
    engagement.activity(starts_on=datetime.date(2026, 1, 1), nature="information", **early)
    engagement.activity(starts_on=datetime.date(2026, 1, 2), state="planned", **early)
    found = earliness_of(project)
    assert (found.days, found.first_involved_on, found.is_decided) == (29, datetime.date(2026, 6, 1), True)
    client.force_login(officer)
    assert "29 days, since 1 June 2026" in shown(client, project)


def test_involvement_after_options_are_fixed_is_a_warning(client, officer):
    project = factories.project(options_fixed_on=datetime.date(2026, 5, 1))
    client.force_login(officer)
    assert "nobody has been involved yet" in shown(client, project)
    late = engagement.activity(project=project, starts_on=datetime.date(2026, 6, 1), ends_on=None)
    assert "People were first involved on 1 June 2026, but options are fixed from 1 May 2026." in shown(client, project)
    late.starts_on = datetime.date(2026, 4, 30)
    late.save()
    assert not earliness_of(project).is_too_late
    project.options_fixed_on = None
    assert not earliness_of(project).is_too_late


# Steps -------------------------------------------------------------------------------------------


def test_a_step_on_the_page(client, officer):
    project = factories.project()
    client.force_login(officer)
    response = step(client, project, "forward", to="formative")
    assert (response.status_code, response["Location"]) == (302, project.get_absolute_url())
    assert step(client, project, "forward", to="formative").status_code == 302
    project.refresh_from_db()
    assert (project.stage, StageChange.objects.count()) == ("formative", 1)


def test_a_direct_post_does_not_pass_a_gate(client, officer):
    project = factories.project(stage="analysis")
    client.force_login(officer)
    response = step(client, project, "forward", to="decision")
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert response.content.decode().count(TOO_FEW) >= 2
    project.refresh_from_db()
    assert (project.stage, StageChange.objects.exists()) == ("analysis", False)


@pytest.mark.parametrize("to", ["closed", "review", "nonsense", ""])
def test_a_direct_post_jumps_over_nothing(client, lead, to):
    project = factories.project()
    client.force_login(lead)
    assert step(client, project, "forward", to=to).status_code == 422
    answers = {"to": to, "senior": "Dr Boateng", "reason": "Safety."}
    assert step(client, project, "override", **answers).status_code == 422
    assert not StageChange.objects.exists()


def test_an_override_is_shown_in_full(client, lead):
    project = factories.project(stage="analysis")
    client.force_login(lead)
    answers = {"to": "decision", "senior": "Dr Ama Boateng, medical director", "reason": "Safety <b>first</b>."}
    assert step(client, project, "override", **answers).status_code == 302
    page = shown(client, project)
    assert f"Dr Ama Boateng, medical director decided it; {lead.name} entered it." in page
    assert "Safety &lt;b&gt;first&lt;/b&gt;." in page
    assert f"<li>{TOO_FEW}</li>" in page


def test_an_override_without_a_name_keeps_what_was_typed(client, lead):
    project = factories.project(stage="analysis")
    client.force_login(lead)
    response = step(client, project, "override", to="decision", senior="", reason="Typed words")
    assert response.status_code == 422
    assert "Enter name and post of the senior who decided" in response.content.decode()
    assert "Typed words" in response.content.decode()


def test_who_may_not_override_is_forbidden(client, officer):
    project = factories.project(stage="analysis")
    client.force_login(officer)
    answers = {"to": "decision", "senior": "Dr Boateng", "reason": "Safety."}
    assert 'id="step-override"' not in shown(client, project)
    assert step(client, project, "override", **answers).status_code == 403
    assert not StageChange.objects.exists()


def test_a_lead_does_not_override_the_gate_of_their_own_project(client, lead):
    project = factories.project(stage="analysis", lead=lead)
    client.force_login(lead)
    assert 'id="step-override"' not in shown(client, project)
    response = step(client, project, "override", to="decision", senior="Dr Boateng", reason="Safety.")
    assert response.status_code == 422
    assert "Somebody else has to enter the override" in response.content.decode()


def test_back_decide_and_stop_on_the_page(client, officer):
    project = factories.project(stage="decision")
    client.force_login(officer)
    today = timezone.localdate()
    date = {"decided_on_0": today.day, "decided_on_1": today.month, "decided_on_2": today.year}
    assert step(client, project, "decide", **date, decision="It moves.").status_code == 302
    assert "This takes the recorded decision back." in shown(client, project)
    assert step(client, project, "back", to="analysis", because="New facts.").status_code == 302
    assert step(client, project, "stop", reason="").status_code == 422
    assert step(client, project, "stop", reason="No money.").status_code == 302
    project.refresh_from_db()
    assert (project.stage, project.decided_on, project.stopped_because) == ("analysis", None, "No money.")


def test_a_project_is_closed_on_its_page(client, officer):
    project = factories.project(stage="review")
    client.force_login(officer)
    assert step(client, project, "close").status_code == 302
    project.refresh_from_db()
    assert project.closed_on == timezone.localdate()
    assert "Closed on" in shown(client, project)


def test_a_close_that_is_refused_says_why(client, officer, monkeypatch):
    monkeypatch.setattr(gates, "_gates", [lambda project, to: [Obstacle("Say what changed")]])
    project = factories.project(stage="review")
    client.force_login(officer)
    assert 'id="step-close"' not in shown(client, project)
    response = step(client, project, "close")
    assert response.status_code == 422
    assert "Say what changed" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [("project_lead", None, 403), ("secretary", None, 403), ("officer", "Harlow", 404), ("", None, 403)],
)
def test_who_does_not_work_on_the_project_takes_no_step(client, role, area, status):
    project = factories.project(areas=[people.area("Epping")])
    client.force_login(people.user(role, people.area(area) if area else None))
    assert step(client, project, "forward", to="formative").status_code == status
    assert not StageChange.objects.exists()


def test_a_step_is_posted_and_has_a_name(client, officer):
    project = factories.project()
    client.force_login(officer)
    assert client.get(reverse("engagement:project_step", args=[project.pk, "forward"])).status_code == 405
    assert step(client, project, "nonsense").status_code == 404


def test_a_project_that_somebody_moved_meanwhile_is_not_moved_again(client, officer):
    project = factories.project(stage="options")
    stages.back(project, by=officer, because="New facts.")
    client.force_login(officer)
    response = step(client, project, "forward", to="consultation")
    assert response.status_code == 422
    assert "somebody may have moved it" in response.content.decode()


PARTS = ("known", "clashes", "plan", "assessment/before", "checks/plan", "consultation", "assurance")


@pytest.mark.parametrize("here", PARTS)
def test_the_pages_of_a_project_lead_to_each_other(client, officer, here):
    project = factories.project()
    client.force_login(officer)
    page = client.get(f"/record/projects/{project.pk}/{here}/").content.decode()
    more = page.partition('id="pages-of-project"')[2]
    found = re.findall(rf'href="/record/projects/{project.pk}/([^"]*)/"', more)
    assert found == [part for part in PARTS if part != here]
