"""Quick entry: an informal conversation in four answers."""

import pytest
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Activity, Period
from engagement.services import next_reference
from engagement.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE = "/record/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def this_year(today):
    start = today.year if today.month >= 4 else today.year - 1
    return factories.period(f"{start}-{str(start + 1)[2:]}")


@pytest.fixture
def answers(this_year):
    return {
        "told_us": "The bus to the clinic stops at five, so working carers cannot get to evening appointments at all.",
        "group": people.population_group("unpaid carers").pk,
        "area": people.area("Harlow", level="district").pk,
        "principle": factories.principle(2).pk,
    }


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def test_four_answers_make_a_whole_record(client, officer, answers, today):
    body = people.body()
    response = client.post(PAGE, answers)
    assert (response.status_code, response["Location"]) == (302, PAGE)
    activity = Activity.objects.get()
    assert activity.reference == f"C-{today.year}-001"
    assert activity.title == "The bus to the clinic stops at five, so working carers cannot…"
    assert (activity.starts_on, activity.ends_on, activity.date_precision) == (today, today, "day")
    assert activity.nature == "engagement"
    assert [method.name for method in activity.methods.all()] == ["informal conversation"]
    assert [group.name for group in activity.groups.all()] == ["unpaid carers"]
    assert [area.name for area in activity.areas.all()] == ["Harlow"]
    assert (activity.level, activity.organisation, activity.owner) == ("district", body, officer)
    assert activity.principle.number == 2
    assert activity.what_people_told_us == answers["told_us"]
    assert activity.late_reason == ""


def test_recording_is_audited_and_versioned(client, officer, answers):
    client.post(PAGE, answers)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id) == ("recorded conversation", officer.pk)
    assert Activity.objects.get().versions.get().history_user == officer


def test_the_page_then_shows_the_reference_and_an_empty_form(client, officer, answers):
    page = client.post(PAGE, answers, follow=True)
    activity = Activity.objects.get()
    text = page.content.decode()
    assert "Conversation recorded" in text
    assert activity.reference in text
    assert f"/admin/engagement/activity/{activity.pk}/change/" in text
    assert page.context["form"]["told_us"].value() is None
    assert "Conversation recorded" not in client.get(PAGE).content.decode()


def test_the_same_answers_sent_twice_make_one_record(client, officer, answers):
    client.post(PAGE, answers)
    client.post(PAGE, answers)
    assert Activity.objects.count() == 1


def test_references_go_on_from_the_highest(client, officer, answers, today):
    factories.activity(f"C-{today.year}-009")
    factories.activity(f"C-{today.year}-draft")
    client.post(PAGE, answers)
    assert Activity.objects.filter(reference=f"C-{today.year}-010").exists()


def test_references_begin_anew_each_year(today):
    factories.activity("C-2020-041")
    assert next_reference("C", today) == f"C-{today.year}-001"


def test_an_empty_form_says_what_to_enter(client, officer, this_year):
    page = client.post(PAGE, {})
    assert page.context["form"].errors == {
        "told_us": ["Enter what they told you"],
        "group": ["Select who you heard from"],
        "area": ["Select the place it is about"],
        "principle": ["Select the principle it fits most"],
    }
    text = page.content.decode()
    assert "There is a problem" in text
    assert "<title>Error:" in text
    assert 'href="#id_told_us"' in text


def test_only_the_principles_in_force_today_are_offered(client, officer, this_year):
    old = factories.principle_set("2021")
    page = client.get(PAGE)
    offered = [value for value, _label in page.context["form"].fields["principle"].choices]
    assert len(offered) == 3
    assert {choice.value for choice in offered}.isdisjoint(old.principles.values_list("pk", flat=True))


def test_without_a_period_for_today_the_newest_principles_are_offered(client, officer):
    factories.period("2019-20")
    assert client.get(PAGE).context["form"].fields["principle"].queryset.count() == 3


def test_without_any_principles_the_page_says_whom_to_ask(client, officer):
    assert "Ask an administrator to add one" in client.get(PAGE).content.decode()


def test_a_locked_period_asks_why_the_entry_comes_late(client, officer, answers, this_year):
    Period.objects.update(state=Period.State.LOCKED)
    page = client.post(PAGE, answers)
    assert page.context["form"].errors == {"late_reason": ["Enter why this entry comes late"]}
    assert f"The period {this_year} is locked." in page.content.decode()
    client.post(PAGE, answers | {"late_reason": "Found in a notebook."})
    assert Activity.objects.get().late_reason == "Found in a notebook."


def test_the_place_is_filled_in_for_somebody_who_works_for_one(client, this_year):
    place = people.area("West Essex")
    client.force_login(people.user("project_lead", place))
    assert client.get(PAGE).context["form"]["area"].value() == place.pk


@pytest.mark.parametrize("role", ["administrator", "lead", "officer", "project_lead"])
def test_staff_may_record(client, role, this_year):
    client.force_login(people.user(role))
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("role", ["secretary", "member", ""])
def test_others_may_not_record(client, role, answers):
    client.force_login(people.user(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, answers).status_code == 403
    assert not Activity.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client, answers):
    response = client.post(PAGE, answers)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/record/")
    assert not Activity.objects.exists()


def test_staff_without_their_second_factor_are_sent_to_give_it(client, officer, answers, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    response = client.post(PAGE, answers)
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/")
    assert not Activity.objects.exists()
