"""“Do we already know this?”: what is found, for whom, in which order, what is kept, and the gate (ENG-014)."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement.documents import known
from engagement.models import KnowledgeCheck, Project
from engagement.services import knowledge as services
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.tests import factories as insights
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Outcome, Stage = KnowledgeCheck.Outcome, Project.Stage


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def south():
    return people.area("South")


@pytest.fixture
def stroke():
    return engagement.topic("Stroke")


@pytest.fixture
def carers():
    return people.population_group("carers")


@pytest.fixture
def project(south, stroke, carers):
    return projects.project("P-1", title="Rehabilitation at home", areas=[south], topics=[stroke], groups=[carers])


def page(client, user, project, **data):
    client.force_login(user)
    return client.get(reverse("engagement:knowledge", args=[project.pk]), data)


# What is found -----------------------------------------------------------------------------------


def test_what_shares_most_comes_first_then_the_newest(project, south, stroke, carers, lead):
    day = datetime.date(2024, 5, 1)
    engagement.activity("A-1", title="Old stroke talk", topics=[stroke])
    engagement.activity("A-2", title="New stroke talk", topics=[stroke], starts_on=day, ends_on=day)
    engagement.activity("A-3", title="All of it", topics=[stroke], areas=[south], groups=[carers])
    engagement.activity("A-4", title="Only the place", areas=[south])
    engagement.activity("A-5", title="Nothing in common")
    engagement.activity("A-6", title="Rehabilitation", what_people_told_us="At  home\nis best.")
    found = known.find(project, lead)
    assert [each.title.partition(" ")[0] for each in found] == ["A-3", "A-6", "A-2", "A-1", "A-4"]
    assert found[0].shares == ("topic: Stroke", "group: carers", "place: South")
    assert (found[1].shares, found[1].said) == (("words: rehabilitation, home",), "At home is best.")
    assert found[2].day == day


def test_places_count_with_what_they_are_part_of_and_their_parts(project, south, lead):
    whole = people.area("County")
    south.parent = whole
    south.save()
    engagement.activity("A-1", areas=[people.area("A part", parent=south)])
    engagement.activity("A-2", areas=[whole])
    engagement.activity("A-3", areas=[people.area("Another place", parent=whole)])
    assert {each.title[:3] for each in known.find(project, lead)} == {"A-1", "A-2"}


def test_other_projects_are_found_and_not_the_project_itself(project, stroke, lead):
    engagement.activity("A-1", topics=[stroke], project=project)
    other = projects.project("P-2", title="Elsewhere", topics=[stroke], summary="We asked in 2024.")
    (found,) = known.find(project, lead)
    assert (found.title, found.kind, found.said) == (str(other), "project", "We asked in 2024.")
    assert found.url == reverse("engagement:project_plan", args=[other.pk])


def test_answers_of_the_library_are_found_published_or_not(project, stroke, lead):
    response = insights.response(topic=stroke, activity=engagement.activity("A-9"))
    found = [each for each in known.find(project, lead) if each.kind.startswith("you said")]
    assert [(each.kind, each.said) for each in found] == [("you said, we did (not published)", response.you_said)]
    type(response).objects.update(published_at=timezone.now())
    (found,) = [each for each in known.find(project, lead) if each.kind.startswith("you said")]
    assert (found.kind, found.url) == ("you said, we did", response.get_absolute_url())


def test_nothing_of_another_area_is_found(project, south, stroke, lead):
    north = people.area("North")
    hidden = engagement.activity("A-1", title="Secret of the north", areas=[north], topics=[stroke])
    projects.project("P-2", title="Secret project", areas=[north], topics=[stroke])
    insights.response(topic=stroke, activity=hidden, you_said="Secret answer")
    engagement.activity("A-2", title="Known in the south", areas=[south])
    local = people.user("officer", area=south)
    assert [each.title for each in known.find(project, local)] == ["A-2 Known in the south"]
    assert len(known.find(project, lead)) == 4


def test_no_more_than_thirty_are_shown(project, stroke, lead):
    for _number in range(31):
        engagement.activity(topics=[stroke])
    assert len(known.find(project, lead)) == known.MOST == 30


@pytest.mark.parametrize("rows", [1, 10, 100])
def test_the_search_does_not_ask_more_for_more_rows(project, south, stroke, carers, lead, rows):
    for _number in range(rows):
        activity = engagement.activity(topics=[stroke], areas=[south], groups=[carers])
        insights.response(topic=stroke, activity=activity)
        projects.project(topics=[stroke], areas=[south], groups=[carers])

    with CaptureQueriesContext(connection) as queries:
        known.find(project, lead)
    assert len(queries) == 23


# What is kept ------------------------------------------------------------------------------------


def test_what_was_found_is_kept_as_it_was(project, stroke, lead):
    activity = engagement.activity("A-1", title="Stroke talk", topics=[stroke])
    check = services.record_check(project, by=lead, outcome="reuse", because="All is known.")
    activity.title = "Renamed"
    activity.save()
    check.refresh_from_db()
    address = reverse("engagement:activity_detail", args=[activity.pk])
    assert check.found == [{"kind": "activity", "title": "A-1 Stroke talk", "address": address, "day": "2023-06-30"}]
    assert AuditEvent.objects.get(verb="looked up what is known").detail == {"outcome": "reuse", "found": 1}


def test_the_same_twice_is_one_check(project, lead):
    for _time in range(2):
        services.record_check(project, by=lead, outcome="new", because="Nobody asked.")
    assert KnowledgeCheck.objects.count() == 1
    services.record_check(project, by=lead, outcome="refresh", because="It is old.")
    assert services.newest(project).outcome == Outcome.REFRESH


def test_a_check_says_why(client, project, lead):
    with pytest.raises(IntegrityError), transaction.atomic():
        projects.knowledge_check(project, because="")
    with pytest.raises(ValidationError):
        services.record_check(project, by=lead, outcome="new", because="  ")
    client.force_login(lead)
    response = client.post(reverse("engagement:knowledge", args=[project.pk]), {"outcome": "reuse", "because": ""})
    assert response.status_code == 422
    assert "Answer the question “Why?”" in response.content.decode()
    assert 'value="reuse" checked' in response.content.decode()


def test_nothing_is_recorded_of_a_project_that_has_ended(project, lead):
    Project.objects.filter(pk=project.pk).update(stopped_on=projects.in_days(0), stopped_because="No money.")
    with pytest.raises(ValidationError, match="closed or stopped"):
        services.record_check(project, by=lead, outcome="new", because="Nobody asked.")


# The gate and the figure -------------------------------------------------------------------------


def test_the_gate_asks_for_a_look_before_options(project, lead):
    words = "Look first whether the answer is known already, and say what follows"
    assert list(services.gate(project, Stage.FORMATIVE)) == []
    assert [each.words for each in services.gate(project, Stage.OPTIONS)] == [words]
    services.record_check(project, by=lead, outcome="reuse", because="All is known.")
    assert list(services.gate(project, Stage.OPTIONS)) == list(services.gate(project, Stage.DECISION)) == []
    (obstacle,) = services.gate(project, Stage.CONSULTATION)
    assert "nobody is asked again" in obstacle.words
    services.record_check(project, by=lead, outcome="refresh", because="It is old.")
    assert list(services.gate(project, Stage.CONSULTATION)) == []


def test_what_was_avoided_counts_projects_whose_newest_check_says_reuse(project):
    first, last = datetime.date(2025, 4, 1), datetime.date(2026, 3, 31)

    def check(of, outcome, month, day):
        at = timezone.make_aware(datetime.datetime(2025, month, day, 23, 30))
        projects.knowledge_check(of, outcome=outcome, at=at)

    changed, outside, other = projects.project(), projects.project(), projects.project()
    check(project, Outcome.NEW, 5, 1)
    check(project, Outcome.REUSE, 6, 1)
    check(changed, Outcome.REUSE, 6, 1)
    check(changed, Outcome.NEW, 7, 1)
    check(outside, Outcome.REUSE, 3, 31)
    check(other, Outcome.REFRESH, 6, 1)
    assert known.avoided_between(first, last) == 1
    assert known.avoided_between(datetime.date(2025, 3, 31), last) == 2


# The page ----------------------------------------------------------------------------------------


def test_the_page_shows_what_is_known_and_keeps_what_follows(client, project, stroke, lead):
    engagement.activity("A-1", title="Stroke talk", topics=[stroke], what_people_told_us="Come to us.")
    html = page(client, lead, project).content.decode()
    for words in ("A-1 Stroke talk", "Come to us.", "topic: Stroke"):
        assert words in html
    answers = {"outcome": "reuse", "because": "All is known."}
    response = client.post(reverse("engagement:knowledge", args=[project.pk]), answers)
    assert response.status_code == 302
    html = page(client, lead, project).content.decode()
    assert '<h3 class="nhsuk-heading-s">Use what is known: nobody is asked again</h3>' in html


def test_who_sees_the_page_and_who_writes(client, project, south, lead):
    own, other = people.user("project_lead"), people.user("project_lead")
    Project.objects.filter(pk=project.pk).update(lead=own)
    outsider = people.user("officer", area=people.area("North"))
    answers = {"outcome": "new", "because": "Nobody asked."}
    address = reverse("engagement:knowledge", args=[project.pk])
    for user, reads, writes in [(lead, 200, 302), (own, 200, 302), (other, 200, 403), (outsider, 404, 404)]:
        assert page(client, user, project).status_code == reads
        assert client.post(address, answers).status_code == writes
    for user in (people.member().user, people.user("secretary")):
        assert page(client, user, project).status_code == 403
        assert client.post(address, answers).status_code == 403
    assert "Record what follows" not in page(client, other, project).content.decode()
    client.logout()
    assert client.get(address).status_code == 302
    with pytest.raises(PermissionDenied):
        services.record_check(project, by=other, **answers)


def test_titles_found_in_other_places_are_not_shown_with_a_check(client, project, south, stroke, lead):
    engagement.activity("A-1", title="Secret of the north", areas=[people.area("North")], topics=[stroke])
    services.record_check(project, by=lead, outcome="new", because="Nobody asked.")
    assert "Secret of the north" in page(client, lead, project).content.decode()
    html = page(client, people.user("officer", area=south), project).content.decode()
    assert "Nobody asked." in html
    assert "Secret of the north" not in html
