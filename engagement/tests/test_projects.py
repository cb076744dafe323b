"""Projects: adding and changing one, its reference, the list, and who finds what."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Project
from engagement.services import projects as services
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST, ADD = "/record/projects/", "/record/projects/add/"


@pytest.fixture
def officer():
    return people.user("officer")


def sent(**changed):
    return {"title": "One clinic for Harlow", "trigger": "service", "summary": "Two sites become one."} | changed


def day(name: str, on: datetime.date) -> dict:
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


# Adding ------------------------------------------------------------------------------------------


def test_a_project_is_added_under_the_next_reference(client, officer):
    year, harlow, carers = timezone.localdate().year, people.area("Harlow"), people.population_group("Carers")
    factories.project(f"P-{year}-007")
    factories.project(f"P-{year}-old")
    client.force_login(officer)
    topic, board = engagement.topic(), forums.committee()
    answers = sent(areas=[harlow.pk], groups=[carers.pk], topics=[topic.pk], decision_by=board.pk)
    response = client.post(ADD, answers | day("decision_due_on", datetime.date(2027, 3, 25)))

    project = Project.objects.get(title="One clinic for Harlow")
    assert (response.status_code, response["Location"]) == (302, project.get_absolute_url())
    assert (project.reference, project.stage, project.lead) == (f"P-{year}-008", "idea", officer)
    assert (list(project.areas.all()), list(project.groups.all()), list(project.topics.all())) == (
        *([harlow], [carers]),
        [topic],
    )
    assert (project.decision_by, project.decision_due_on) == (board, datetime.date(2027, 3, 25))
    assert AuditEvent.objects.filter(verb="added", actor_id=officer.pk).count() == 1


def test_the_same_form_twice_is_one_project(client, officer):
    client.force_login(officer)
    for _time in range(2):
        assert client.post(ADD, sent()).status_code == 302
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_project(tmp_path, officer):
    calls = [lambda: services.add_project(by=officer, title="Clinic", trigger="service").reference] * 2
    results = race(tmp_path, *calls)
    if connection.vendor == "postgresql":
        assert (len(set(results)), Project.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_get_two_references(tmp_path):
    users = [people.user("officer") for _number in range(2)]
    year = timezone.localdate().year
    calls = [lambda by=by: services.add_project(by=by, title="Clinic", trigger="service").reference for by in users]
    results = race(tmp_path, *calls)
    if connection.vendor == "postgresql":
        assert sorted(results) == [f"P-{year}-001", f"P-{year}-002"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Enter title"),
        ({"title": "x" * 201}, "Title must be 200 characters or fewer"),
        ({"trigger": ""}, "Select kind of change"),
        ({"trigger": "nonsense"}, "Select an answer from the list"),
        (day("starts_on", datetime.date(2026, 2, 1)) | {"starts_on_0": "31"}, "Began on must be a real date"),
        ({"areas": ["999999"]}, "Error"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(client, officer, changed, words):
    client.force_login(officer)
    response = client.post(ADD, sent(summary="Typed words 🙂") | changed)
    page = response.content.decode()
    assert (response.status_code, Project.objects.exists()) == (422, False)
    assert words in page
    assert "Typed words 🙂" in page


@pytest.mark.parametrize(("role", "status"), [("secretary", 403), ("member", 403), ("", 403), ("project_lead", 200)])
def test_who_may_add_a_project(client, role, status):
    client.force_login(people.user(role))
    assert client.get(ADD).status_code == status
    if status == 403:
        with pytest.raises(PermissionDenied):
            services.add_project(by=people.user(role), title="Clinic", trigger="service")


def test_a_stranger_is_sent_to_sign_in(client):
    project = factories.project()
    for address in (LIST, ADD, project.get_absolute_url(), f"{LIST}{project.pk}/edit/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_a_project_lead_leads_what_they_add_whatever_they_send(client, officer):
    user = people.user("project_lead")
    client.force_login(user)
    client.post(ADD, sent(lead=officer.pk))
    assert Project.objects.get().lead == user


def test_who_works_for_a_place_adds_what_they_can_see(client):
    harlow, epping = people.area("Harlow"), people.area("Epping")
    user, other = people.user("officer", harlow), people.user("officer")
    client.force_login(user)
    assert "Epping" not in client.get(ADD).content.decode()
    refused = client.post(ADD, sent(lead=other.pk))
    assert refused.status_code == 422
    assert "Select one of the places you work for" in refused.content.decode()
    assert client.post(ADD, sent(lead=other.pk, areas=[epping.pk])).status_code == 422
    assert client.post(ADD, sent(lead=other.pk, areas=[harlow.pk])).status_code == 302


# Changing ----------------------------------------------------------------------------------------


def change(project, **changed):
    return sent(title=project.title) | changed


def test_a_project_is_changed(client, officer):
    project = factories.project()
    client.force_login(officer)
    address = reverse("engagement:project_edit", args=[project.pk])
    answers = change(project, legal_risk="high", legal_risk_because="It began late.", took_part_in_all="nearly 22,000")
    assert client.post(address, answers | day("implemented_on", datetime.date(2026, 1, 31))).status_code == 302
    project.refresh_from_db()
    assert (project.legal_risk, str(project.took_part_in_all)) == ("high", "nearly 22,000")
    assert project.review_due_on == datetime.date(2027, 1, 31)
    event = AuditEvent.objects.get(verb="changed")
    assert "legal_risk" in event.detail["fields"]


def test_the_same_values_again_change_nothing(client, officer):
    project = factories.project(summary="Two sites become one.", decision_due_on=None)
    client.force_login(officer)
    address = reverse("engagement:project_edit", args=[project.pk])
    answers = change(project)
    client.post(address, answers)
    events, versions = AuditEvent.objects.count(), project.history.count()
    assert client.post(address, answers).status_code == 302
    assert (AuditEvent.objects.count(), project.history.count()) == (events, versions)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"legal_risk": "high"}, "Enter why the risk is what it is"),
        (day("implemented_on", factories.in_days(2)), "must not be in the future"),
        ({"took_part_in_all": "many people"}, "Error"),
    ],
)
def test_a_wrong_change_says_what_to_do(client, officer, changed, words):
    project = factories.project()
    client.force_login(officer)
    response = client.post(reverse("engagement:project_edit", args=[project.pk]), change(project, **changed))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_risk_says_why_in_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.project(legal_risk="high")


def test_a_decision_belongs_to_its_stage_in_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.project(decided_on=datetime.date(2026, 1, 5), decision="It moves.")


@pytest.mark.parametrize("page", ["project_detail", "project_edit", "representative_add", "scrutiny_add"])
def test_a_project_of_another_area_is_hidden(client, page):
    project = factories.project(areas=[people.area("Epping")])
    client.force_login(people.user("officer", people.area("Harlow")))
    assert client.get(reverse(f"engagement:{page}", args=[project.pk])).status_code == 404


@pytest.mark.parametrize("page", ["project_edit", "representative_add", "scrutiny_add"])
def test_a_project_of_another_lead_is_not_changed(client, page):
    project = factories.project(lead=people.user("project_lead"))
    client.force_login(people.user("project_lead"))
    address = reverse(f"engagement:{page}", args=[project.pk])
    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)


def test_the_service_refuses_who_does_not_work_on_the_project():
    with pytest.raises(PermissionDenied):
        services.change_project(factories.project(), by=people.user("project_lead"), title="Mine now")


def test_a_place_that_somebody_else_added_stays(client):
    harlow, epping = people.area("Harlow"), people.area("Epping")
    project = factories.project(areas=[harlow, epping])
    client.force_login(people.user("officer", harlow))
    address = reverse("engagement:project_edit", args=[project.pk])
    assert client.post(address, change(project, areas=[harlow.pk, epping.pk])).status_code == 302
    assert set(project.areas.all()) == {harlow, epping}


# The list ----------------------------------------------------------------------------------------


def test_the_list_shows_the_projects_of_the_places_one_works_for(client):
    harlow = people.area("Harlow")
    factories.project(title="Clinic in Harlow", areas=[harlow])
    factories.project(title="Clinic in Epping", areas=[people.area("Epping")])
    client.force_login(people.user("officer", harlow))
    page = client.get(LIST).content.decode()
    assert "Clinic in Harlow" in page
    assert "Clinic in Epping" not in page
    assert "1 project<" in page


def test_the_list_is_narrowed(client, officer):
    harlow = people.area("Harlow")
    mine = factories.project(title="Mine", lead=officer, areas=[harlow])
    stopped = factories.project(title="Stopped", stopped_on=factories.in_days(0), stopped_because="No money.")
    options = factories.project(title="Options", stage="options")
    client.force_login(officer)
    for query, found in {
        "": {mine, stopped, options},
        "q=min": {mine},
        f"q={options.reference}": {options},
        "stage=options": {options},
        f"area={harlow.pk}": {mine},
        "show=open": {mine, options},
        "show=mine": {mine},
        "show=ended": {stopped},
        "stage=nonsense": {mine, stopped, options},
    }.items():
        assert set(client.get(f"{LIST}?{query}").context["page"]) == found, query


def test_the_list_asks_as_many_questions_for_one_row_as_for_a_hundred(client, officer):
    harlow, numbers = people.area("Harlow"), set()
    client.force_login(officer)
    for rows in (1, 9, 90):
        for _row in range(rows):
            factories.project(areas=[harlow], lead=officer)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        numbers.add(len(queries))
    assert len(numbers) == 1


# The admin ---------------------------------------------------------------------------------------


def test_the_admin_does_not_move_a_project(client):
    project = factories.project()
    client.force_login(people.superuser())
    address = reverse("admin:engagement_project_change", args=[project.pk])
    answers = {"reference": project.reference, "title": "New title", "trigger": "service", "stage": "consultation"}
    answers |= {"decided_on": "2026-01-05", "decision": "It moves.", "closed_on": "2026-01-05", "duty_applies": "false"}
    response = client.post(address, answers)
    assert response.status_code == 302, response.context["adminform"].errors
    project.refresh_from_db()
    assert (project.title, project.stage, project.decided_on, project.decision, project.closed_on) == (
        *("New title", "idea", None, ""),
        None,
    )


def test_the_service_refuses_a_risk_without_a_reason(officer):
    with pytest.raises(ValidationError):
        services.change_project(factories.project(), by=officer, legal_risk="high")
