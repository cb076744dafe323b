"""Patient representatives, with the fewest there must be, and what scrutiny was told."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Representative, ScrutinyContact
from engagement.services import gates, parts
from engagement.services import representatives as services
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_gate(monkeypatch):
    monkeypatch.setattr(gates, "_gates", [services.gate])
    monkeypatch.setattr(parts, "_parts", [services.part])


@pytest.fixture
def officer():
    return people.user("officer")


def day(name: str, on) -> dict:
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


def sent(**changed):
    return {"person": "Amira Khan", "task": "group"} | day("joined_on", factories.in_days(-3)) | changed


def add_address(project):
    return reverse("engagement:representative_add", args=[project.pk])


# The rule (ENG-042) ------------------------------------------------------------------------------


def test_no_decision_without_the_fewest_representatives():
    factories.policy(least_representatives=2, wanted_representatives=3)
    project = factories.project(stage="analysis")
    assert [each.words for each in services.gate(project, "decision")] == [
        "Add patient representatives: there are 0, and there have to be at least 2"
    ]
    first = factories.representative(project)
    factories.representative(project, first.person, task="specification")
    factories.representative(project, left_on=factories.in_days(0))
    factories.representative(project, joined_on=factories.in_days(1))
    factories.representative(factories.project())
    assert services.number_of(project) == 1
    assert len(list(services.gate(project, "decision"))) == 1
    factories.representative(project)
    assert list(services.gate(project, "decision")) == []


@pytest.mark.parametrize("to", ["formative", "options", "consultation", "analysis", "mobilise", "review", "closed"])
def test_no_other_step_asks_for_representatives(to):
    assert list(services.gate(factories.project(), to)) == []


@pytest.mark.parametrize(("number", "status"), [(0, "too few"), (1, "more wanted"), (2, "enough")])
def test_the_breach_is_a_word_on_the_page(officer, number, status):
    project = factories.project()
    for _person in range(number):
        factories.representative(project)
    found = services.part(project, officer)
    assert (found.status, found.words) == (status, f"{number} on the project. At least 1, better 2.")
    assert services.part(project, people.user("secretary")) is None


# Joining and leaving -----------------------------------------------------------------------------


def test_somebody_joins_at_the_stage_where_the_project_stands(client, officer):
    project, person = factories.project(stage="formative"), people.person("Amira Khan", email="amira@example.org")
    client.force_login(officer)
    for name in ("amira khan", "AMIRA@example.org"):
        assert client.post(add_address(project), sent(person=name)).status_code == 302
    row = Representative.objects.get()
    assert (row.person, row.task, row.joined_at_stage, row.joined_on) == (
        *(person, "group", "formative"),
        factories.in_days(-3),
    )
    assert AuditEvent.objects.filter(verb="took on", actor_id=officer.pk).count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"person": "Nobody"}, "Nobody on the register has this name or e-mail address"),
        ({"person": "Sam Lee"}, "Several people have it. Enter the e-mail address of the one you mean"),
        ({"person": ""}, "Enter name or e-mail address"),
        ({"task": "evaluation"}, "Ask about conflicts of interest before somebody judges tenders"),
        (day("joined_on", factories.in_days(1)), "The day must not be in the future"),
        ({"task": "award"} | day("conflict_checked_on", factories.in_days(1)), "The day must not be in the future"),
    ],
)
def test_a_wrong_form_says_what_to_do(client, officer, changed, words):
    for name in ("Amira Khan", "Sam Lee", "Sam Lee"):
        people.person(name)
    client.force_login(officer)
    response = client.post(add_address(factories.project()), sent(**changed))
    assert (response.status_code, Representative.objects.exists()) == (422, False)
    assert words in response.content.decode()


def test_nobody_is_found_who_lives_elsewhere_was_erased_or_merged(officer):
    harlow, epping = people.area("Harlow"), people.area("Epping")
    person = people.person("Amira Khan", area=epping)
    assert services.find_person("Amira Khan", officer) == person
    with pytest.raises(ValidationError):
        services.find_person("Amira Khan", people.user("officer", harlow))
    people.person("Ben Hall", erased_at=timezone.now())
    people.person("Cem Aydin", merged_into=person)
    for name in ("Ben Hall", "Cem Aydin"):
        with pytest.raises(ValidationError):
            services.find_person(name, officer)


def test_a_judge_of_tenders_was_asked_about_conflicts_in_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.representative(factories.project(), task="award")


def test_nobody_leaves_before_joining(client, officer):
    row = factories.representative(factories.project())
    client.force_login(officer)
    address = reverse("engagement:representative_edit", args=[row.pk])
    response = client.post(address, day("left_on", factories.in_days(-11)))
    assert response.status_code == 422
    assert "Nobody leaves before joining" in response.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Representative.objects.filter(pk=row.pk).update(left_on=factories.in_days(-11))


def test_what_a_representative_changed_is_kept_when_they_leave(client, officer):
    row = factories.representative(factories.project())
    client.force_login(officer)
    address = reverse("engagement:representative_edit", args=[row.pk])
    assert (
        client.post(address, {"influence": "Sunday hours."} | day("left_on", factories.in_days(-1))).status_code == 302
    )
    row.refresh_from_db()
    assert (row.influence, row.left_on) == ("Sunday hours.", factories.in_days(-1))
    with pytest.raises(ValidationError, match="had that task before"):
        services.add_representative(row.project, row.person, by=officer, joined_on=factories.in_days(0))


def test_names_are_for_those_who_work_on_the_project_or_read_the_register(client, officer):
    user = people.user("project_lead")
    row = factories.representative(factories.project(lead=user), people.person("Amira Khan"), influence="Sunday hours.")
    for reader, sees in [(user, True), (officer, True), (people.user("project_lead"), False)]:
        client.force_login(reader)
        page = client.get(row.project.get_absolute_url()).content.decode()
        assert ("Amira Khan" in page, "Sunday hours." in page) == (sees, sees)
        assert ("A representative, project group" in page) == (not sees)


@pytest.mark.parametrize("page", ["representative_edit", "scrutiny_edit"])
def test_what_belongs_to_another_project_is_not_changed(client, page):
    project = factories.project(areas=[people.area("Epping")])
    row = factories.representative(project)
    if page == "scrutiny_edit":
        row = ScrutinyContact.objects.create(project=project, committee="HOSC", informed_on=factories.in_days(-3))
    address = reverse(f"engagement:{page}", args=[row.pk])
    for user, status in [
        (people.user("officer", people.area("Harlow")), 404),
        (people.user("project_lead"), 403),
        (people.user("secretary"), 403),
        (people.user("officer"), 200),
    ]:
        client.force_login(user)
        assert client.get(address).status_code == status


def test_the_services_refuse_who_does_not_work_on_the_project():
    row, stranger = factories.representative(factories.project()), people.user("project_lead")
    for call in (
        lambda: services.add_representative(row.project, people.person(), by=stranger, joined_on=factories.in_days(0)),
        lambda: services.change_representative(row, by=stranger, influence="Mine."),
        lambda: services.add_scrutiny(row.project, by=stranger, committee="HOSC", informed_on=factories.in_days(0)),
    ):
        with pytest.raises(PermissionDenied):
            call()


# Scrutiny (SVC-015) ------------------------------------------------------------------------------


def test_what_scrutiny_was_told_and_answered(client, officer):
    project = factories.project()
    client.force_login(officer)
    told = {"committee": "Health scrutiny", "substantial": "open", "has_timetable": "on"}
    told |= day("informed_on", factories.in_days(-9))
    for _time in range(2):
        assert client.post(reverse("engagement:scrutiny_add", args=[project.pk]), told).status_code == 302
    row = ScrutinyContact.objects.get()
    assert "No response is recorded." in client.get(project.get_absolute_url()).content.decode()
    address = reverse("engagement:scrutiny_edit", args=[row.pk])
    answered = told | {"substantial": "yes", "response": "They want longer."}
    refused = client.post(address, answered)
    assert refused.status_code == 422
    assert "Enter the day of the response" in refused.content.decode()
    assert client.post(address, answered | day("responded_on", factories.in_days(-2))).status_code == 302
    page = client.get(project.get_absolute_url()).content.decode()
    assert "They want longer." in page
    assert "; substantial; has the timetable." in page


def test_a_committee_does_not_answer_before_it_was_informed(client, officer):
    project = factories.project()
    client.force_login(officer)
    told = {"committee": "HOSC", "substantial": "no"} | day("informed_on", factories.in_days(-9))
    address = reverse("engagement:scrutiny_add", args=[project.pk])
    response = client.post(address, told | day("responded_on", factories.in_days(-10)))
    assert response.status_code == 422
    assert "A committee cannot respond before it was informed" in response.content.decode()
    future = client.post(address, told | day("informed_on", factories.in_days(1)))
    assert "The day must not be in the future" in future.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        project.scrutiny.create(
            committee="HOSC", informed_on=factories.in_days(-9), responded_on=factories.in_days(-10)
        )
