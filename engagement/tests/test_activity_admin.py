"""Activities in the admin: scope, late entries, deletion, warnings."""

import datetime
import json

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError
from django.forms import modelform_factory
from django.urls import reverse

from core.models import AuditEvent
from engagement.forms import ActivityForm
from engagement.models import Activity, Period
from engagement.tests import factories
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/admin/engagement/activity/"
INLINES = (
    *("counts", "response_counts", "measures", "shares", "sessions", "aims", "partner_links", "other_principle_links"),
    *("impacts", "outputs", "issues", "evaluation", "evidence"),
)


def sent(**fields):
    """The form of an activity without rows under it, as the browser sends it."""
    data = {f"{name}-{total}_FORMS": 0 for name in (*INLINES, "responses") for total in ("TOTAL", "INITIAL")}
    defaults = {
        "reference": "A-1",
        "title": "Focus groups",
        "nature": "engagement",
        "principle": factories.principle().pk,
        "starts_on": "01/06/2023",
        "ends_on": "30/06/2023",
        "date_precision": "day",
    }
    return data | defaults | fields


def errors(page):
    return page.context["adminform"].form.errors


@pytest.fixture
def lead(client):
    user = people.user("lead", name="Lee Lead")
    client.force_login(user)
    return user


# Scope -------------------------------------------------------------------------------------------


@pytest.fixture
def scoped(client):
    """An officer of West Essex, an activity there, one in its town, and one elsewhere."""
    west, east = people.area("West Essex"), people.area("East")
    town = people.area("Harlow", parent=west)
    mine = factories.activity("MINE", areas=[west])
    factories.activity("TOWN", areas=[town])
    factories.activity("CANARY", title="Canary title", areas=[east])
    client.force_login(people.user("officer", west))
    return mine


def canary():
    return Activity.objects.get(reference="CANARY")


def test_an_officer_of_one_place_sees_its_activities_alone(client, scoped):
    page = client.get(LIST)
    assert {row.reference for row in page.context["cl"].result_list} == {"MINE", "TOWN"}
    assert "anary" not in page.content.decode()


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_an_activity_of_another_place_is_not_found(client, scoped, page):
    assert client.get(f"{LIST}{scoped.pk}/{page}/").status_code == 200
    assert client.get(f"{LIST}{canary().pk}/{page}/").status_code == 404


def test_an_activity_of_another_place_cannot_be_changed_by_post(client, scoped):
    assert client.post(f"{LIST}{canary().pk}/change/", sent(title="Mine now")).status_code == 404
    assert canary().title == "Canary title"


def test_an_activity_of_another_place_cannot_be_deleted_in_bulk(client, scoped):
    data = {"action": "delete_selected", "_selected_action": [canary().pk], "post": "yes"}
    client.post(LIST, data)
    assert Activity.objects.filter(reference="CANARY").exists()


def test_autocomplete_offers_no_activity_of_another_place(client, scoped):
    query = {"app_label": "insights", "model_name": "response", "field_name": "activity", "term": ""}
    page = client.get("/admin/autocomplete/", query)
    offered = [row["text"] for row in json.loads(page.content)["results"]]
    assert [text.split()[0] for text in offered] == ["MINE", "TOWN"]


def test_an_answer_cannot_be_given_to_an_activity_of_another_place(client, scoped):
    fields = {"activity": canary().pk, "topic": factories.topic().pk, "you_said": "a", "we_did": "b", "status": "done"}
    fields |= {"status_changes-TOTAL_FORMS": 0, "status_changes-INITIAL_FORMS": 0}
    page = client.post("/admin/insights/response/add/", fields)
    assert list(errors(page)) == ["activity"]


def test_an_activity_of_another_place_is_still_found_by_its_owner(client, scoped):
    owner = people.user("officer", people.area())
    Activity.objects.filter(reference="CANARY").update(owner=owner)
    client.force_login(owner)
    assert client.get(f"{LIST}{canary().pk}/change/").status_code == 200


# Adding ------------------------------------------------------------------------------------------


def test_a_new_record_begins_with_its_owner_and_a_free_reference(client, lead):
    year = datetime.date.today().year
    factories.activity(f"A-{year}-007")
    initial = client.get(f"{LIST}add/").context["adminform"].form.initial
    assert (initial["owner"], initial["reference"]) == (lead.pk, f"A-{year}-008")


def test_a_record_with_its_numbers_is_saved_and_audited(client, lead):
    place, forum = people.area(), forums.forum()
    count = {"counts-TOTAL_FORMS": 1, "counts-0-about": "took_part", "counts-0-figure": "over 30"}
    response = client.post(f"{LIST}add/", sent(areas=[place.pk], forums=[forum.pk]) | count)
    activity = Activity.objects.get(reference="A-1")
    assert response.status_code == 302
    assert str(activity.counts.get()) == "over 30 took part"
    assert (activity.areas.get(), activity.forums.get()) == (place, forum)
    assert AuditEvent.objects.get().verb == "added"
    assert activity.versions.get().history_user == lead


def test_the_record_shows_its_periods_numbers_and_answers(client, lead):
    factories.locked_period()
    activity = factories.activity(what_changed="Hours.", starts_on=datetime.date(2023, 3, 1))
    factories.period("2022-23")
    factories.activity_count(activity, "over 30")
    text = client.get(f"{LIST}{activity.pk}/change/").content.decode()
    assert "2022–23, 2023–24 (locked)" in text
    assert "took part: over 30" in text
    assert "0 answers, 0 of them public." in text
    assert f"/insight/activities/{activity.pk}/answers/add/" in text


def test_the_principles_offered_are_those_in_force_and_say_their_set(client, lead):
    factories.period()
    factories.principle_set("2021")
    activity = factories.activity()
    page = client.get(f"{LIST}{activity.pk}/change/")
    labels = [label for value, label in page.context["adminform"].form.fields["principle"].choices if value]
    assert labels == [f"{number}. Principle {number} (Principles of 2022)" for number in (1, 2, 3)]


def test_a_principle_of_another_set_stays_choosable_where_it_was_chosen(client, lead):
    factories.period()
    activity = factories.activity(principle=factories.principle(1, of=factories.principle_set("2021")))
    page = client.get(f"{LIST}{activity.pk}/change/")
    labels = [label for value, label in page.context["adminform"].form.fields["principle"].choices if value]
    assert "1. Principle 1 (Principles of 2021)" in labels
    assert len(labels) == 4


def test_the_form_stands_on_a_part_of_its_fields():
    form = modelform_factory(Activity, form=ActivityForm, fields=["title"])({"title": "x"})
    assert form.is_valid()
    assert list(form.fields) == ["title"]


def test_only_staff_can_be_owners(client, lead):
    people.user("member", name="Canary Member")
    page = client.get(f"{LIST}add/")
    assert [label for value, label in page.context["adminform"].form.fields["owner"].choices if value] == ["Lee Lead"]


def test_a_project_lead_can_add_an_activity(client):
    client.force_login(people.user("project_lead"))
    assert client.post(f"{LIST}add/", sent()).status_code == 302
    assert Activity.objects.get().reference == "A-1"


# Locked periods ----------------------------------------------------------------------------------


LATE = ["The period 2023–24 is locked. Say why this entry comes late"]


def test_a_late_entry_needs_a_reason(client, lead):
    factories.locked_period()
    assert errors(client.post(f"{LIST}add/", sent())) == {"late_reason": LATE}
    assert not Activity.objects.exists()


def test_a_late_entry_with_a_reason_is_taken(client, lead):
    factories.locked_period()
    assert client.post(f"{LIST}add/", sent(late_reason="The minutes came in May.")).status_code == 302
    assert Activity.objects.get().late_reason == "The minutes came in May."


def test_an_undated_late_entry_needs_a_reason_too(client, lead):
    period = factories.locked_period()
    page = client.post(f"{LIST}add/", sent(starts_on="", ends_on="", period=period.pk))
    assert errors(page) == {"late_reason": LATE}


def test_moving_an_activity_out_of_a_locked_period_needs_a_reason(client, lead):
    activity = factories.activity("A-1")
    factories.locked_period()
    page = client.post(f"{LIST}{activity.pk}/change/", sent(starts_on="01/06/2024", ends_on="30/06/2024"))
    assert errors(page) == {"late_reason": LATE}


def test_an_activity_in_a_locked_period_cannot_be_deleted(client, lead):
    activity = factories.activity()
    assert client.get(f"{LIST}{activity.pk}/delete/").status_code == 200
    factories.locked_period()
    assert client.get(f"{LIST}{activity.pk}/delete/").status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [activity.pk], "post": "yes"})
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_an_activity_is_deleted_and_audited(client, lead):
    activity = factories.activity("GONE")
    client.post(f"{LIST}{activity.pk}/delete/", {"post": "yes"})
    assert not Activity.objects.exists()
    assert AuditEvent.objects.get(verb="deleted").subject == "GONE Activity 1"


# Warnings ----------------------------------------------------------------------------------------


def warnings(response):
    return [str(message) for message in get_messages(response.wsgi_request) if message.level_tag == "warning"]


def test_an_activity_without_a_date_or_a_period_is_refused_with_what_to_do(client, lead):
    response = client.post(f"{LIST}add/", sent(starts_on="", ends_on=""))

    assert not Activity.objects.exists()
    assert "Give a date, or the period it belongs to: else no report shows it" in response.content.decode()


@pytest.mark.django_db
def test_the_database_refuses_an_activity_without_a_date_or_a_period():
    with pytest.raises(IntegrityError):
        factories.activity(starts_on=None, ends_on=None)


def test_a_number_above_the_population_is_saved_with_a_warning(client, lead):
    place = people.area(population=900, population_source="Census 2021")
    count = {"counts-TOTAL_FORMS": 1, "counts-0-about": "reached", "counts-0-figure": "1,200 households"}
    response = client.post(f"{LIST}add/", sent(areas=[place.pk]) | count)
    assert warnings(response) == [
        "“1,200 households” is more than the 900 people who live there. "
        "Correct the figure or the places, or choose a kind that does not count people."
    ]


def test_a_number_is_not_doubted_where_a_population_is_unknown(client, lead):
    places = [people.area(population=900, population_source="Census 2021").pk, people.area().pk]
    count = {"counts-TOTAL_FORMS": 1, "counts-0-about": "reached", "counts-0-figure": "1,200"}
    assert warnings(client.post(f"{LIST}add/", sent(areas=places) | count)) == []


def test_a_principle_that_was_not_in_force_is_saved_with_a_warning(client, lead):
    factories.period()
    old = factories.principle(1, of=factories.principle_set("2021"))
    response = client.post(f"{LIST}add/", sent(principle=old.pk))
    assert warnings(response) == [
        "The principle is not one of “Principles of 2022”, the set in force at that time. Choose one of that set."
    ]


# Lists -------------------------------------------------------------------------------------------


@pytest.fixture
def four(lead):
    factories.period()
    whole = factories.activity("WHOLE", areas=[people.area()], what_changed="Hours.")
    factories.activity_count(whole)
    factories.activity("EARLIER", starts_on=datetime.date(2022, 5, 1), ends_on=datetime.date(2022, 5, 2))
    factories.activity("PLACED", starts_on=None, ends_on=None, period=Period.objects.get())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"in_period": "2023-24"}, ["PLACED", "WHOLE"]),
        ({"in_period": "1999-00"}, ["EARLIER", "PLACED", "WHOLE"]),
        ({"lacks": "number"}, ["EARLIER", "PLACED"]),
        ({"lacks": "change"}, ["EARLIER", "PLACED"]),
        ({"lacks": "place"}, ["EARLIER", "PLACED"]),
        ({"lacks": "answer"}, ["EARLIER", "PLACED", "WHOLE"]),
        ({"q": "whole"}, ["WHOLE"]),
    ],
)
def test_the_list_is_narrowed(client, four, query, expected):
    page = client.get(LIST, query)
    assert [row.reference for row in page.context["cl"].result_list] == expected


def test_the_list_takes_no_more_queries_for_more_rows(client, lead, django_assert_max_num_queries):
    def make():
        activity = factories.activity(areas=[people.area()], principle=factories.principle())
        factories.activity_count(activity)

    make()
    with django_assert_max_num_queries(60) as one:
        client.get(LIST)
    make()
    make()
    with django_assert_max_num_queries(60) as three:
        client.get(LIST)
    assert len(three) == len(one)


def test_a_forum_links_to_its_activities(client, lead):
    forum = forums.forum()
    activity = factories.activity("WITH", forums=[forum])
    factories.activity("WITHOUT")
    text = client.get(reverse("admin:forums_forum_change", args=[forum.pk])).content.decode()
    link = f"{LIST}?forums__id__exact={forum.pk}"
    assert f'<a href="{link}">1 activity</a>' in text
    assert list(client.get(link).context["cl"].result_list) == [activity]


def test_an_issue_is_not_closed_from_the_admin_past_what_it_needs(client, lead):
    row = factories.activity()
    issue = row.issues.create(summary="The lift is broken.", answer="It is mended.")
    page = client.get(f"{LIST}{row.pk}/change/").content.decode()
    assert 'name="issues-0-answer"' in page
    assert 'name="issues-0-closed_on"' not in page
    issue.refresh_from_db()
    assert issue.closed_on is None
