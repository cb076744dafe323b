"""“You said, we did” in the admin: written by the services, published by those who may."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from engagement.tests import factories as engagement
from insights.models import Response, Status
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/admin/insights/response/"
NO_ROWS = {"status_changes-TOTAL_FORMS": 0, "status_changes-INITIAL_FORMS": 0}


def sent(response=None, **fields):
    """The form of an answer, as the browser sends it."""
    if response:
        names = ("you_said", "we_did", "reason", "status", "responsible_post", "evidence")
        known = {name: getattr(response, name) for name in names}
        known |= {"activity": response.activity_id, "topic": response.topic_id}
    else:
        known = {
            "activity": engagement.activity("A-1").pk,
            "topic": engagement.topic().pk,
            "you_said": "Labels hide the Braille.",
            "we_did": "Pharmacies were reminded.",
            "status": "promised",
            "promised_for": "2999-01-01",
            "responsible_post": "Head of pharmacy",
        }
    return NO_ROWS | known | fields


def change(client, response, **fields):
    return client.post(f"{LIST}{response.pk}/change/", sent(response, **fields))


def verbs():
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def history(response):
    return [change.status for change in response.status_changes.all()]


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def test_a_new_answer_has_a_reference_a_history_and_one_audit_row(client, officer):
    response = client.post(f"{LIST}add/", sent())
    answer = Response.objects.get()
    assert response.status_code == 302
    assert answer.reference == "a-1-1"
    assert not answer.is_published
    assert [(step.status, step.by) for step in answer.status_changes.all()] == [("promised", officer)]
    assert verbs() == ["added"]
    assert answer.versions.get().history_user == officer


def test_a_changed_status_is_kept_in_the_history(client, officer):
    answer = factories.response(status=Status.PROMISED)
    change(client, answer, status="done", we_did="It is done.")
    answer.refresh_from_db()
    assert (answer.status, answer.we_did) == ("done", "It is done.")
    assert history(answer) == ["promised", "done"]
    assert verbs() == ["changed"]


def test_changed_words_alone_are_no_step_in_the_history(client, officer):
    answer = factories.response()
    change(client, answer, we_did="Other words.")
    answer.refresh_from_db()
    assert answer.we_did == "Other words."
    assert history(answer) == ["done"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "could_not"}, {"reason": ["Say why it could not be done"]}),
        ({"status": "could_not", "reason": "   "}, {"reason": ["Say why it could not be done"]}),
        ({"we_did": ""}, {"we_did": ["Say what was done, is under way or is promised"]}),
        ({"you_said": ""}, {"you_said": ["This field is required."]}),
        ({"status": "x"}, {"status": ["Select a valid choice. x is not one of the available choices."]}),
    ],
)
def test_words_must_bear_the_status_out(client, officer, fields, expected):
    page = client.post(f"{LIST}add/", sent(**fields))
    assert page.context["adminform"].form.errors == expected
    assert not Response.objects.exists()


def test_the_same_words_of_the_same_activity_are_refused(client, officer):
    answer = factories.response()
    page = client.post(f"{LIST}add/", sent(answer))
    assert page.context["adminform"].form.non_field_errors() == ["This activity already has an answer to those words"]


def test_an_answer_begins_with_what_the_activity_says(client, officer):
    activity = engagement.activity(what_people_told_us="Labels hide the Braille.", topics=[engagement.topic()])
    initial = client.get(f"{LIST}add/", {"activity": activity.pk}).context["adminform"].form.initial
    assert initial["you_said"] == "Labels hide the Braille."
    assert initial["topic"] == engagement.topic().pk


@pytest.mark.parametrize("value", ["999", "x", "", "9" * 30, "-1", "1,2"])
def test_an_answer_begins_empty_where_the_activity_is_unknown(client, officer, value):
    assert "you_said" not in client.get(f"{LIST}add/", {"activity": value}).context["adminform"].form.initial


# Publishing --------------------------------------------------------------------------------------


def act(client, action, *answers):
    return client.post(LIST, {"action": action, "_selected_action": [answer.pk for answer in answers]}, follow=True)


def test_a_lead_publishes_by_an_action(client, lead):
    first, second = factories.response(), factories.published_response()
    page = act(client, "publish", first, second)
    first.refresh_from_db()
    assert first.is_published
    assert first.published_by == lead
    assert "1 answer is now public." in page.content.decode()
    assert [(event.verb, event.actor_id) for event in AuditEvent.objects.all()] == [("published", lead.pk)]


def test_a_lead_withdraws_by_an_action(client, lead):
    answer = factories.published_response("was-public")
    page = act(client, "withdraw", answer)
    answer.refresh_from_db()
    assert not answer.is_published
    assert "1 answer is no longer public." in page.content.decode()
    assert verbs() == ["withdrew"]
    assert client.get("/you-said-we-did/was-public/").status_code == 404


@pytest.mark.parametrize("action", ["publish", "withdraw"])
def test_an_officer_has_no_such_action(client, officer, action):
    draft, public = factories.response(), factories.published_response()
    assert f'value="{action}"' not in client.get(LIST).content.decode()
    act(client, action, draft, public)
    assert [answer.pk for answer in Response.objects.public()] == [public.pk]


def test_saving_and_publishing_are_one_button(client, lead):
    client.post(f"{LIST}add/", sent(_publish="Save and publish"))
    answer = Response.objects.get()
    assert answer.is_published
    assert verbs() == ["added", "published"]


def test_saving_and_withdrawing_are_one_button(client, lead):
    answer = factories.published_response()
    change(client, answer, we_did="Put right.", _withdraw="Save and withdraw")
    answer.refresh_from_db()
    assert not answer.is_published
    assert answer.we_did == "Put right."


def test_the_button_does_nothing_for_an_officer(client, officer):
    answer = factories.response()
    assert 'name="_publish"' not in client.get(f"{LIST}{answer.pk}/change/").content.decode()
    change(client, answer, _publish="Save and publish")
    answer.refresh_from_db()
    assert not answer.is_published


def test_a_published_answer_keeps_what_people_said(client, lead):
    answer = factories.published_response(status=Status.PROMISED)
    other = engagement.activity()
    change(client, answer, you_said="Canary", activity=other.pk, status="done")
    answer.refresh_from_db()
    assert answer.you_said == "You told us thing 1."
    assert answer.activity != other
    assert history(answer) == ["promised", "done"]


def test_an_officer_reads_a_published_answer_and_cannot_change_it(client, officer):
    answer = factories.published_response()
    assert client.get(f"{LIST}{answer.pk}/change/").status_code == 200
    assert change(client, answer, we_did="Canary").status_code == 403


@pytest.mark.parametrize("role", ["administrator", "lead"])
def test_nobody_deletes_a_published_answer(client, role):
    answer = factories.published_response()
    client.force_login(people.user(role))
    assert client.get(f"{LIST}{answer.pk}/delete/").status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [answer.pk], "post": "yes"})
    assert Response.objects.filter(pk=answer.pk).exists()


def test_only_a_published_answer_links_to_the_site(client, lead):
    draft, public = factories.response("draft-one"), factories.published_response("public-one")
    assert "/you-said-we-did/draft-one/" not in client.get(f"{LIST}{draft.pk}/change/").content.decode()
    assert "/you-said-we-did/public-one/" in client.get(f"{LIST}{public.pk}/change/").content.decode()
    page = client.get(reverse("admin:engagement_activity_change", args=[draft.activity_id])).content.decode()
    assert "/you-said-we-did/draft-one/" not in page


def test_an_officer_of_one_place_sees_its_answers_alone(client):
    west, east = people.area("West"), people.area("East")
    mine = factories.response(activity=engagement.activity(areas=[west]))
    canary = factories.response(activity=engagement.activity(areas=[east]), you_said="Canary words")
    client.force_login(people.user("officer", west))
    page = client.get(LIST)
    assert list(page.context["cl"].result_list) == [mine]
    for name in ("change", "delete", "history"):
        assert client.get(f"{LIST}{canary.pk}/{name}/").status_code == 404
    assert "anary" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"published": "yes"}, ["public"]),
        ({"published": "no"}, ["draft", "late", "soon"]),
        ({"promise": "late"}, ["late"]),
        ({"status__exact": "promised"}, ["late", "soon"]),
    ],
)
def test_the_list_is_narrowed(client, lead, query, expected):
    factories.published_response("public")
    factories.response("draft")
    factories.response("late", status=Status.PROMISED, promised_for="2024-01-01")
    factories.response("soon", status=Status.PROMISED, promised_for="2999-01-01")
    assert sorted(row.reference for row in client.get(LIST, query).context["cl"].result_list) == expected


def test_the_list_takes_no_more_queries_for_more_rows(client, lead, django_assert_max_num_queries):
    factories.response()
    with django_assert_max_num_queries(40) as one:
        client.get(LIST)
    factories.response(topic=engagement.topic("Stroke"))
    factories.response(topic=engagement.topic("Carers"))
    with django_assert_max_num_queries(40) as three:
        client.get(LIST)
    assert len(three) == len(one)
