"""The pages of an equality assessment: write, say what it does to a group, finish, compare; and who may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.models import GroupImpact, ImpactAssessment, Project
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Stage = Project.Stage


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


def detail(client, project, phase="before"):
    response = client.get(url("assessment_detail", project.pk, phase))
    assert response.status_code == 200
    return response.content.decode()


def step(client, project, name, phase="before", **sent):
    return client.post(url("assessment_step", project.pk, phase, name), sent)


def test_an_assessment_from_the_first_word_to_final(client, officer, project):
    carers = people.population_group("Carers")
    project.groups.add(carers)
    assert "Nothing is written yet." in detail(client, project)
    assert step(client, project, "start").status_code == 302
    texts = {"eliminate": "Training.", "advance": "Longer hours.", "foster": "One room.", "information": "Census."}
    edit = url("assessment_edit", project.pk, "before")
    assert client.post(edit, texts)["Location"] == url("assessment_detail", project.pk, "before")
    refused = step(client, project, "finish")
    assert refused.status_code == 422
    assert "Say what it would do to: Carers" in refused.content.decode()
    group = url("group_impact_edit", project.pk, "before", carers.pk)
    assert group in detail(client, project)
    assert client.post(group, {"effect": "unknown"}).status_code == 302
    assert "The effect on 1 group is not known yet." in detail(client, project)
    assert step(client, project, "finish").status_code == 302
    page = detail(client, project)
    assert edit not in page
    assert officer.name in page
    assert client.get(edit).status_code == 403
    late = client.post(edit, texts | {"foster": "What I typed."})
    assert late.status_code == 422
    assert "What I typed." in late.content.decode()
    assert "This assessment is final. Open it again to change it" in late.content.decode()
    assert step(client, project, "reopen", **{"reopen-because": ""}).status_code == 422
    assert step(client, project, "reopen", **{"reopen-because": "New figures."}).status_code == 302
    assert not ImpactAssessment.objects.get().is_final


def test_what_a_group_lacks_is_said_beside_it_and_nothing_is_lost(client, officer, project):
    factories.assessment(project, is_final=False)
    group = people.population_group("Carers")
    sent = {"effect": "negative", "barrier": "No bus after six.", "due_on_0": "31", "due_on_1": "2", "due_on_2": "2027"}
    response = client.post(url("group_impact_edit", project.pk, "before", group.pk), sent)
    page = response.content.decode()
    assert response.status_code == 422
    for error in ("Say what is done about a negative effect", "Say how you know", "must be a real date"):
        assert error in page
    assert "No bus after six." in page
    assert not GroupImpact.objects.exists()


def test_another_group_is_chosen_written_and_taken_out(client, officer, project):
    row = factories.assessment(project, is_final=False)
    there, other = people.population_group("Carers"), people.population_group("Farmers")
    factories.group_impact(row, there)
    add = url("group_impact_add", project.pk, "before")
    assert "Farmers" in client.get(add).content.decode()
    assert client.post(add, {"group": there.pk}).status_code == 422
    edit = url("group_impact_edit", project.pk, "before", other.pk)
    assert client.post(add, {"group": other.pk})["Location"] == edit
    assert client.post(edit, {"effect": "positive", "evidence": "Survey."}).status_code == 302
    remove = url("group_impact_remove", project.pk, "before", other.pk)
    assert remove in client.get(edit).content.decode()
    assert client.post(remove).status_code == 302
    assert list(GroupImpact.objects.values_list("group__name", flat=True)) == ["Carers"]
    ImpactAssessment.objects.update(final_at=row.created_at)
    remove = url("group_impact_remove", project.pk, "before", there.pk)
    assert "This assessment is final" in client.post(remove, follow=True).content.decode()
    assert GroupImpact.objects.count() == 1


def test_after_begins_as_a_copy_and_the_difference_is_said_in_words(client, officer, project):
    row = factories.assessment(project)
    group = people.population_group("Carers")
    factories.group_impact(row, group)
    difference = url("assessment_difference", project.pk)
    assert client.get(difference).status_code == 404
    assert "It begins as a copy" in detail(client, project, "after")
    assert step(client, project, "start", "after").status_code == 302
    sent = {"effect": "negative", "evidence": "Focus group.", "mitigation": "A bus."}
    assert client.post(url("group_impact_edit", project.pk, "after", group.pk), sent).status_code == 302
    assert difference in detail(client, project, "after")
    page = client.get(difference).content.decode()
    assert "0 added, 1 changed, 0 gone, 5 the same" in page
    for text in ("from “neutral” to “negative”", "(added): A bus.", "from “Nothing changes for them.” to"):
        assert text in page


def test_after_without_a_final_assessment_before_is_refused(client, officer, project):
    response = step(client, project, "start", "after")
    assert response.status_code == 422
    assert "Finish the assessment before people are involved first" in response.content.decode()


def test_what_does_not_exist_is_not_found(client, officer, project):
    assert client.get(url("assessment_detail", project.pk, "between")).status_code == 404
    assert client.get(url("assessment_edit", project.pk, "before")).status_code == 404
    assert step(client, project, "finish").status_code == 404
    assert step(client, project, "nothing").status_code == 404
    factories.assessment(project, is_final=False)
    assert client.get(url("group_impact_edit", project.pk, "before", 999)).status_code == 404


def test_who_sees_and_who_writes(client):
    here, there = people.area("Harlow"), people.area("Watford")
    lead = people.user("project_lead")
    project = factories.project(stage=Stage.OPTIONS, areas=[here], lead=lead)
    group = people.population_group()
    factories.assessment(project, is_final=False)
    factories.assessment(project, "after", is_final=False)
    everyone = {
        "lead": (lead, 200, 200),
        "officer here": (people.user("officer", area=here), 200, 200),
        "lead of another project": (people.user("project_lead"), 200, 403),
        "officer elsewhere": (people.user("officer", area=there), 404, 404),
        "member": (people.member().user, 403, 403),
    }
    reading = [url("assessment_detail", project.pk, "before"), url("assessment_difference", project.pk)]
    writing = [
        url("assessment_edit", project.pk, "before"),
        url("group_impact_edit", project.pk, "before", group.pk),
        url("group_impact_add", project.pk, "before"),
    ]
    posting = [
        url("assessment_step", project.pk, "before", "finish"),
        url("group_impact_remove", project.pk, "before", group.pk),
    ]
    for who, (user, seen, written) in everyone.items():
        client.force_login(user)
        assert {client.get(each).status_code for each in reading} == {seen}, who
        assert {client.get(each).status_code for each in writing} == {written}, who
        if written != 200:
            assert {client.post(each, {}).status_code for each in (*writing, *posting)} == {written}, who
    client.logout()
    assert {client.get(each).status_code for each in (*reading, *writing)} == {302}


def test_an_activity_of_another_area_is_not_named(client, project):
    here, there = people.area("Harlow"), people.area("Watford")
    project.areas.add(here)
    engagement.activity(project=project, title="Focus group", areas=[here])
    engagement.activity(project=project, title="Hidden webinar", areas=[there])
    client.force_login(people.user("officer", area=here))
    page = detail(client, project)
    assert "Focus group" in page
    assert "Hidden webinar" not in page


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_page_takes_the_same_number_of_queries_whatever_it_shows(client, officer, project, number):
    row = factories.assessment(project, is_final=False)
    for each in range(number):
        factories.group_impact(row, people.population_group())
        project.groups.add(people.population_group(f"Missing {each}"))
        engagement.activity(project=project)
    with CaptureQueriesContext(connection) as queries:
        detail(client, project)
    assert len(queries) == 16
