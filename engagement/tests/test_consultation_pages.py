"""The pages of a consultation: the record, its steps, its documents, what it is called, and who may do what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.models import Consultation, ConsultationDocument, Project, ResponseCount
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Stage = Project.Stage
in_days = factories.in_days


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def project():
    return factories.project(stage=Stage.OPTIONS)


def url(name, *args):
    return reverse(f"engagement:{name}", args=args)


def page_of(client, project):
    response = client.get(url("consultation_detail", project.pk))
    assert response.status_code == 200
    return response.content.decode()


def day(name, value):
    return {f"{name}_0": value.day, f"{name}_1": value.month, f"{name}_2": value.year}


def test_a_record_is_made_and_read(client, officer, project):
    assert "Nothing is recorded yet." in page_of(client, project)
    days = day("opens_on", in_days(5)) | day("closes_on", in_days(80)) | day("midpoint_on", in_days(40))
    sent = {"proposal": "To move the clinic.", "options": "One site. Two sites.", "says_not_a_vote": "on"} | days
    response = client.post(url("consultation_edit", project.pk), sent)
    assert (response.status_code, response["Location"]) == (302, url("consultation_detail", project.pk))
    row = Consultation.objects.get()
    assert (row.opens_on, row.closes_on, row.midpoint_on) == (in_days(5), in_days(80), in_days(40))
    page = page_of(client, project)
    for text in ("To move the clinic.", "One site. Two sites.", "in preparation", "What the next stage still needs"):
        assert text in page
    assert "Add at least one document that says what is proposed" in page
    assert "Responses: not recorded" in page


def test_days_that_do_not_go_together_are_said_beside_them_and_nothing_is_lost(client, officer, project):
    days = day("opens_on", in_days(5)) | day("closes_on", in_days(4))
    response = client.post(url("consultation_edit", project.pk), {"proposal": "A long text."} | days)
    assert response.status_code == 422
    page = response.content.decode()
    assert '<a href="#id_closes_on_0">The last day must be after the first day</a>' in page
    assert "A long text." in page
    assert not Consultation.objects.exists()


def test_once_people_are_asked_the_form_has_only_what_may_change(client, officer):
    project = factories.project(stage=Stage.CONSULTATION)
    factories.consultation(project, opens=-5)
    page = client.get(url("consultation_edit", project.pk)).content.decode()
    assert 'name="proposal"' not in page
    assert 'name="opens_on_0"' not in page
    assert 'name="reach_plan"' in page
    sent = {"proposal": "Something else", "reach_plan": "Buses."} | day("closes_on", in_days(500))
    assert client.post(url("consultation_edit", project.pk), sent).status_code == 302
    row = Consultation.objects.get()
    assert (row.proposal, row.reach_plan) == ("To move the clinic to one site.", "Buses.")
    assert row.closes_on == in_days(65)


def test_steps_are_offered_when_they_can_be_taken(client, officer, project):
    row = factories.consultation(project)
    step = url("consultation_step", project.pk, "extend")
    assert step not in page_of(client, project)
    Project.objects.update(stage=Stage.CONSULTATION)
    Consultation.objects.update(opens_on=in_days(-1))
    assert step in page_of(client, project)
    sent = {f"extend-{name}": value for name, value in day("extended_to", in_days(90)).items()}
    assert client.post(step, sent | {"extend-because": ""}).status_code == 422
    assert client.post(step, sent | {"extend-because": "Braille came late."}).status_code == 302
    row.refresh_from_db()
    assert row.extended_to == in_days(90)
    assert "Braille came late." in page_of(client, project)
    assert client.post(url("consultation_step", project.pk, "nothing"), {}).status_code == 404


def test_a_document_is_added_made_ready_and_removed(client, officer, project):
    factories.consultation(project)
    step = url("consultation_step", project.pk, "document")
    sent = {"document-title": "Summary", "document-file_format": "easy_read", "document-language": "English"}
    assert client.post(step, sent).status_code == 302
    again = client.post(step, sent | {f"document-{name}": value for name, value in day("ready_on", in_days(0)).items()})
    assert again.status_code == 422
    assert "This document is there already in that format and language" in again.content.decode()
    row = ConsultationDocument.objects.get()
    ready = url("consultation_document_ready", row.pk)
    assert ready in page_of(client, project)
    assert "not ready before the first day: the standard format in English, another format" in page_of(client, project)
    assert client.post(ready, day("ready_on", in_days(3))).status_code == 422
    assert client.post(ready, day("ready_on", in_days(0))).status_code == 302
    row.refresh_from_db()
    assert row.ready_on == in_days(0)
    assert client.post(url("consultation_document_remove", row.pk)).status_code == 302
    assert not ConsultationDocument.objects.exists()


def test_a_document_of_a_consultation_that_has_begun_is_not_removed(client, officer):
    project = factories.project(stage=Stage.CONSULTATION)
    row = factories.consultation(project, opens=-3).documents.create(title="Summary")
    response = client.post(url("consultation_document_remove", row.pk), follow=True)
    assert "The consultation has begun, so its documents stay" in response.content.decode()
    assert ConsultationDocument.objects.exists()


def test_formal_is_a_word_for_those_that_were_marked_so(client, project):
    row = factories.consultation(project)
    factories.policy(has_strict_terms=True)
    lead = people.user("lead")
    client.force_login(lead)
    page = page_of(client, project)
    assert "formal consultation" not in page.lower()
    assert "Public involvement" in page
    assert client.post(url("consultation_step", project.pk, "formal")).status_code == 302
    assert "Formal consultation" in page_of(client, project)
    client.force_login(people.user("officer"))
    assert client.post(url("consultation_step", project.pk, "informal")).status_code == 403
    row.refresh_from_db()
    assert row.is_formal


def test_who_read_what_is_shown_by_route(client, officer, project):
    reader = people.user("officer", name="Rita Reader")
    row = engagement.activity(project=project)
    ResponseCount.objects.create(activity=row, route="paper", received=12, read=7, read_by=reader)
    page = page_of(client, project)
    assert "7 of 12 responses read" in page
    assert "Rita Reader" in page


def test_the_length_is_shown_with_its_holidays(client, officer, project):
    first, last = factories.timezone.datetime(2027, 3, 1).date(), factories.timezone.datetime(2027, 4, 26).date()
    factories.consultation(project, opens_on=first, closes_on=last, midpoint_on=None)
    page = page_of(client, project)
    for text in ("Good Friday", "26 March 2027", "holidays leave less than the 56 days asked for", "<svg"):
        assert text in page


def test_who_sees_and_who_changes(client):
    here, there = people.area("Harlow"), people.area("Watford")
    lead = people.user("project_lead")
    project = factories.project(stage=Stage.OPTIONS, areas=[here], lead=lead)
    document = factories.consultation(project).documents.create(title="Summary")
    everyone = {
        "lead": (lead, 200, 200),
        "officer here": (people.user("officer", area=here), 200, 200),
        "lead of another project": (people.user("project_lead"), 200, 403),
        "officer elsewhere": (people.user("officer", area=there), 404, 404),
        "member": (people.member().user, 403, 403),
    }
    changing = [url("consultation_edit", project.pk), url("consultation_document_ready", document.pk)]
    posting = [url("consultation_step", project.pk, "document"), url("consultation_document_remove", document.pk)]
    for who, (user, seen, changed) in everyone.items():
        client.force_login(user)
        assert client.get(url("consultation_detail", project.pk)).status_code == seen, who
        assert {client.get(each).status_code for each in changing} == {changed}, who
        if changed != 200:
            assert {client.post(each, {}).status_code for each in (*changing, *posting)} == {changed}, who
    client.logout()
    assert client.get(url("consultation_detail", project.pk))["Location"].startswith("/accounts/login/")
    client.force_login(everyone["lead of another project"][0])
    assert url("consultation_edit", project.pk) not in page_of(client, project)
    assert ConsultationDocument.objects.exists()


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_page_takes_the_same_number_of_queries_whatever_it_shows(client, officer, project, number):
    row = factories.consultation(project)
    for each in range(number):
        row.documents.create(title=f"Document {each}")
        activity = engagement.activity(project=project)
        ResponseCount.objects.create(activity=activity, route="paper", received=2, read=1, read_by=officer)
    with CaptureQueriesContext(connection) as queries:
        page_of(client, project)
    assert len(queries) == 20
