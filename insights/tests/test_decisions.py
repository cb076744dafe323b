"""Decisions: who decided, what was made of what people said, what is public; and the gate of service changes."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from engagement.documents.public_answers import Weighed as PublicWeighed
from engagement.models import Project
from engagement.tests import project_factories as projects
from engagement.tests.about_public_pages import published
from engagement.tests.project_factories import in_days
from forums.tests import factories as forums
from insights.documents import decisions as documents
from insights.models import Decision, Source, Weighed
from insights.services import decisions as services
from insights.tests import factories as answers
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return forums.committee()


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def project_lead():
    return people.user("project_lead")


@pytest.fixture
def project(project_lead):
    return projects.project(stage="decision", lead=project_lead)


@pytest.fixture
def decision(board, project):
    return factories.decision(body=board, project=project)


def words(board, **changed):
    said = {"title": "One clinic", "body": board, "decided_on": in_days(-1), "paper": "Paper 7"}
    return said | {"options": "One\nTwo", "decided": "One.", "because": "Money.", **changed}


def sent(board, **changed):
    at = in_days(-1)
    said = words(board, body=board.pk, **changed)
    del said["decided_on"]
    return said | {"decided_on_0": at.day, "decided_on_1": at.month, "decided_on_2": at.year}


def refusal(do, *args, **given):
    with pytest.raises(ValidationError) as error:
        do(*args, **given)
    return error.value.message_dict if hasattr(error.value, "error_dict") else error.value.code


# Recording ---------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_decision(project_lead, project, board):
    for _time in range(2):
        services.add_decision(by=project_lead, project=project, **words(board))
    row = Decision.objects.get()
    assert (row.project, row.body, row.by) == (project, board, project_lead)
    assert AuditEvent.objects.filter(verb="recorded a decision").count() == 1


def test_a_project_that_waits_for_its_decision_has_it_with_this(project_lead, project, board):
    services.add_decision(by=project_lead, project=project, **words(board))
    services.add_decision(by=project_lead, project=project, **words(board, title="Rooms", decided="Two rooms."))
    project.refresh_from_db()
    assert (project.decided_on, project.decision) == (in_days(-1), "One.")


def test_the_decision_to_consult_does_not_decide_a_project(project_lead, project, board):
    projects.consultation(project, opens=-30, days=29)
    services.add_decision(by=project_lead, project=project, **words(board, decided_on=in_days(-40)))
    early = projects.project(stage="plan", lead=project_lead)
    services.add_decision(by=project_lead, project=early, **words(board, title="Rooms"))
    for row in (project, early):
        row.refresh_from_db()
        assert (row.decided_on, row.decision) == (None, "")
    assert Decision.objects.count() == 2


def test_a_decision_can_be_found_was_taken_by_a_committee_and_not_tomorrow(lead, board):
    add = services.add_decision
    advice, other = forums.forum("Panel"), forums.meeting(forums.forum("Another"))
    assert list(refusal(add, by=lead, **words(board, body=advice))) == ["body"]
    assert list(refusal(add, by=lead, **words(board, decided_on=in_days(1)))) == ["decided_on"]
    assert list(refusal(add, by=lead, **words(board, meeting=other))) == ["meeting"]
    with pytest.raises(ValidationError, match="Give the reference of the paper or of the minute"):
        add(by=lead, **words(board, paper=""))
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.decision(body=board, paper="")
    meeting = forums.meeting(board)
    assert add(by=lead, **words(board, meeting=meeting)).meeting == meeting


def test_a_project_lead_decides_nothing_elsewhere(project_lead, board):
    for project in (None, projects.project()):
        with pytest.raises(PermissionDenied):
            services.add_decision(by=project_lead, project=project, **words(board))


# Weighing ----------------------------------------------------------------------------------------


def test_what_is_not_adopted_in_full_says_why(project_lead, decision):
    finding = factories.agreed_finding()
    for effect in ("partly", "not"):
        with pytest.raises(ValidationError, match="Say why it was not adopted in full"):
            services.weigh(decision, by=project_lead, finding=finding, effect=effect)
        with pytest.raises(IntegrityError), transaction.atomic():
            Weighed.objects.create(decision=decision, finding=finding, effect=effect)
    row = services.weigh(decision, by=project_lead, finding=finding, effect="adopted")
    again = services.weigh(decision, by=project_lead, finding=finding, effect="not", because="Too dear.")
    assert (row.pk, Weighed.objects.get().effect) == (again.pk, "not")
    assert refusal(services.weigh, decision, by=project_lead, effect="adopted") == "one_thing"


def test_an_item_that_should_not_lie_before_a_board_is_warned_of(decision):
    low, unrated, good = (factories.source(collected_to=in_days(-30)) for _each in range(3))
    factories.rating(low, each=1)
    factories.rating(good, each=3)
    weak = factories.agreed_finding()
    for thing in ({"source": low}, {"source": unrated}, {"source": good}, {"finding": weak}):
        decision.weighed.create(effect="adopted", **thing)
    said = [line.warnings for line in documents.weighed(decision)]
    assert said == [
        ("Quality: 5 of 15: too little for Board papers, which need 8.",),
        ("Nobody has rated how far this item can be trusted. Rate it before it goes to a Board.",),
        (),
        ("Something that this finding rests on cannot be used any more.",),
    ]
    Source.objects.update(state="retired", state_because="Old")
    assert documents.weighed(decision)[2].warnings == ("The library item is not in use: out of date.",)


# The gate ----------------------------------------------------------------------------------------


def said(project, to="mobilise"):
    return [(each.words.split(":")[0], each.url, each.can_be_overridden) for each in services.gate(project, to)]


def test_a_service_change_is_made_only_with_a_decision_that_weighs_what_people_said(project, board):
    add = f"{reverse('insight_work:decision_add')}?project={project.pk}"
    assert said(project) == [("Record the decision", add, True)]
    row = factories.decision(body=board, project=project)
    detail = reverse("insight_work:decision_detail", args=[row.pk])
    assert [url for _words, url, _can in said(project)] == [detail]
    row.weighed.create(finding=factories.agreed_finding(), effect="adopted")
    assert said(project) == []
    row.weighed.all().delete()
    Decision.objects.update(without_insight_because="Nobody was asked: the roof had fallen in.")
    assert said(project) == []


@pytest.mark.parametrize("to", [*(stage for stage in Project.Stage if stage != "mobilise"), "closed"])
def test_other_steps_and_other_projects_need_no_decision_here(project, to):
    assert said(project, to) == []
    assert said(projects.project(trigger=Project.Trigger.POLICY)) == []


def test_what_opened_the_gate_stays_once_the_project_went_on(project_lead, project, decision):
    row = decision.weighed.create(finding=factories.agreed_finding(), effect="adopted")
    Project.objects.update(stage="mobilise", decided_on=in_days(-1), decision="One.")
    assert refusal(services.remove_weighed, row, by=project_lead) == "needed"
    services.change_decision(decision, by=project_lead, without_insight_because="It was about the roof.")
    services.remove_weighed(row, by=project_lead)
    assert refusal(services.change_decision, decision, by=project_lead, without_insight_because="") == "needed"
    assert Decision.objects.get().without_insight_because == "It was about the roof."


# What anybody may read ---------------------------------------------------------------------------


def test_nothing_is_published_that_is_silent_about_what_people_said(lead, decision):
    assert refusal(services.publish_decision, decision, by=lead) == "silent"
    row = services.weigh(decision, by=lead, finding=factories.agreed_finding(), effect="adopted")
    shown = services.publish_decision(decision, by=lead)
    assert services.publish_decision(shown, by=lead).published_at == shown.published_at
    assert refusal(services.remove_weighed, row, by=lead) == "published"
    services.withdraw_decision(shown, by=lead)
    services.remove_weighed(row, by=lead)
    assert Weighed.objects.count() == 0


def test_personal_details_keep_a_decision_from_the_public(lead, decision):
    services.weigh(decision, by=lead, finding=factories.agreed_finding(), effect="not", because="Ask jo@example.org")
    assert list(refusal(services.publish_decision, decision, by=lead)) == ["because"]
    Weighed.objects.update(because="Too dear.")
    Decision.objects.update(options="Ring 01438 123456")
    assert list(refusal(services.publish_decision, decision, by=lead)) == ["options"]


def test_the_public_reads_what_was_not_adopted_and_why_but_not_what_is_not_public(client, lead, project, decision):
    activity = published(reference="one-clinic", project=project)
    decision.activities.add(activity)
    public = factories.agreed_finding(published_at=factories.AT)
    hidden = factories.agreed_finding(statement="Xylophone")
    report = factories.source(title="Xylophone report")
    said = [
        ({"finding": public}, "adopted", ""),
        ({"finding": hidden}, "not", "Dear."),
        ({"source": report}, "partly", "Old."),
    ]
    for thing, effect, because in said:
        services.weigh(decision, by=lead, effect=effect, because=because, **thing)
    assert documents.of_project(project) == []
    assert documents.of_activity("one-clinic") == []

    services.publish_decision(decision, by=lead)
    shown = [
        PublicWeighed(public.statement, "adopted", ""),
        PublicWeighed("A finding that is not published", "not adopted", "Dear."),
        PublicWeighed("A report that is not published", "adopted in part", "Old."),
    ]
    assert documents.of_project(project) == shown
    (found,) = documents.of_activity("one-clinic")
    assert list(found.weighed) == shown
    assert documents.of_activity("another") == []
    page = client.get(reverse("library:finding_detail", args=[public.reference])).content.decode()
    assert decision.title in page


def test_the_public_page_of_the_activity_shows_the_decision(client, lead, decision):
    activity = published(reference="one-clinic")
    decision.activities.add(activity)
    services.change_decision(decision, by=lead, without_insight_because="The roof had fallen in.")
    address = reverse("taking_part:activity_detail", args=[activity.slug])
    assert decision.title not in client.get(address).content.decode()
    services.publish_decision(decision, by=lead)
    shown = client.get(address).content.decode()
    assert decision.title in shown
    assert "The roof had fallen in." in shown


# The pages ---------------------------------------------------------------------------------------


def test_a_decision_goes_from_the_form_to_the_public_on_the_pages(client, lead, project_lead, project, board):
    client.force_login(project_lead)
    add = f"{reverse('insight_work:decision_add')}?project={project.pk}"
    assert client.get(add).context["form"].initial["project"] == project
    assert client.post(add, sent(board)).status_code == 422
    assert client.post(add, sent(board, project=project.pk)).status_code == 302
    row = Decision.objects.get()
    weigh = reverse("insight_work:weighed_add", args=[row.pk])
    source = factories.source()
    page = client.post(weigh, {"source": source.pk, "effect": "not"})
    assert (page.status_code, "Say why it was not adopted in full" in page.content.decode()) == (422, True)
    page = client.post(weigh, {"source": source.pk, "effect": "not", "because": "Too old."}, follow=True)
    assert "Nobody has rated how far this item can be trusted" in page.content.decode()
    publish = reverse("insight_work:decision_step", args=[row.pk, "publish"])
    assert client.post(publish).status_code == 403
    client.force_login(lead)
    assert client.post(publish).status_code == 302
    client.force_login(project_lead)
    assert client.get(reverse("insight_work:decision_edit", args=[row.pk])).status_code == 403
    assert client.get(weigh).status_code == 403
    client.force_login(lead)
    edit = reverse("insight_work:decision_edit", args=[row.pk])
    assert client.post(edit, sent(board, because="Ring 01438 123456")).status_code == 422
    assert client.post(edit, sent(board, because="Money, and staff.")).status_code == 302
    row.refresh_from_db()
    assert (row.because, row.is_published) == ("Money, and staff.", True)


def test_the_page_shows_the_answers_that_follow(client, lead, decision):
    answers.published_response("a-1", you_said="Too far", decision=decision)
    client.force_login(lead)
    page = client.get(reverse("insight_work:decision_detail", args=[decision.pk])).content.decode()
    assert "Too far" in page


def test_each_page_is_for_those_it_is_for(client, board):
    here, there = people.area(), people.area()
    lead = people.user("project_lead", area=here)
    row = factories.decision(body=board, project=projects.project(areas=[here], lead=lead), title="Xylophone")
    weighed = row.weighed.create(finding=factories.agreed_finding(), effect="adopted")
    pages = {"decision_detail": (200, 200), "decision_edit": (200, 403), "weighed_add": (200, 403)}
    for name, (own, other) in pages.items():
        url = reverse(f"insight_work:{name}", args=[row.pk])
        expected = [
            (people.user("officer", area=here), 200),
            (lead, own),
            (people.user("project_lead", area=here), other),
            (people.user("officer", area=there), 404),
            (people.member().user, 403),
        ]
        for user, status in expected:
            client.force_login(user)
            assert (name, str(user), client.get(url).status_code) == (name, str(user), status)
    client.force_login(people.user("officer", area=there))
    assert "Xylophone" not in client.get(reverse("insight_work:decision_list")).content.decode()
    remove = reverse("insight_work:weighed_remove", args=[weighed.pk])
    assert client.post(remove).status_code == 404
    client.force_login(people.user("project_lead", area=here))
    assert client.post(remove).status_code == 403
    client.force_login(lead)
    assert client.get(remove).status_code == 405
    assert client.post(remove).status_code == 302
    assert not row.weighed.exists()
    client.logout()
    assert client.get(reverse("insight_work:decision_list")).status_code == 302


def test_the_list_asks_the_same_number_of_questions_whatever_there_is(client, lead, board):
    client.force_login(lead)
    counts = []
    for number in (1, 9, 90):
        for _each in range(number):
            row = factories.decision(body=board, project=projects.project())
            row.weighed.create(finding=factories.agreed_finding(), effect="adopted")
        client.get(reverse("insight_work:decision_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("insight_work:decision_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_everybody_is_told_how_many_decisions_they_can_read(decision):
    assert documents.figures() == []
    factories.decision(published_at=factories.AT, without_insight_because="Nobody was asked.")
    assert documents.figures() == ["1 decision is published, with what it made of what people said."]
    factories.decision(published_at=factories.AT, without_insight_because="Nobody was asked.")
    assert documents.figures() == ["2 decisions are published, with what they made of what people said."]
