"""Who sits where: the rules by which a seat is given and left, in the services, on the pages and in the admin."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from forums.models import Membership
from forums.services import seats
from forums.tests import factories
from people.models import YoungPerson
from people.models.register import Safeguards
from people.services import safeguarding
from people.tests import factories as people

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def aged(years, **fields):
    """Somebody whose year of birth says that they are so old or one younger."""
    return people.person(birth_year=today().year - years, **fields)


def young(age, *, cleared=True):
    """Somebody under 18 whose date of birth the safeguarding lead keeps."""
    person = people.person()
    born = today().replace(day=1) - datetime.timedelta(days=age * 366)
    day = today() if cleared else None
    guardian = {"guardian_name": "Parent", "guardian_email": "parent@example.org"}
    record = YoungPerson.objects.create(
        person=person, birth_date=born, agreed_on=day, guardian_agreed_on=day, **guardian
    )
    safeguarding.follow_age(person, record)
    assert (person.safeguards == Safeguards.CLEARED) == cleared
    return person


def appoint(person, forum, role="citizen", **values):
    return seats.appoint(person, forum, factories.seat_role(role), by=None, **values)


# The service -------------------------------------------------------------------------------------


def test_a_seat_is_given_from_today_and_audited_without_a_name():
    by, forum, person = people.user("lead"), factories.forum(), people.person("سميرة 🙂")
    membership = seats.appoint(person, forum, factories.seat_role(), by=by, community="Farsi speakers")
    assert (membership.started_on, membership.community) == (today(), "Farsi speakers")
    event = AuditEvent.objects.get(verb="appointed")
    assert (event.actor_id, event.subject_id, event.detail) == (by.pk, str(membership.pk), {"forum": forum.pk})


def test_nobody_gets_the_same_seat_twice():
    forum, person = factories.forum(), people.person()
    appoint(person, forum)
    with pytest.raises(ValidationError, match="holds that seat already"):
        appoint(person, forum)
    assert appoint(person, forum, "secretary").pk
    assert Membership.objects.count() == 2


def test_a_closed_forum_gives_no_seat():
    with pytest.raises(ValidationError, match="is closed"):
        appoint(people.person(), factories.forum(status="closed", closed_on=today()))


@pytest.mark.parametrize("gone", ["merged", "erased"])
def test_an_entry_that_is_no_longer_in_use_gets_no_seat(gone):
    fields = {"merged_into": people.person()} if gone == "merged" else {"erased_at": timezone.now()}
    with pytest.raises(ValidationError, match="no longer in use"):
        appoint(people.person(**fields), factories.forum())


def test_a_term_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValidationError, match="end of the term"):
        appoint(people.person(), factories.forum(), term_ends_on=today() - DAY)


@pytest.mark.parametrize(("age", "is_old_enough"), [(64, False), (65, False), (66, True), (80, True)])
def test_with_only_a_year_of_birth_the_youngest_age_counts(age, is_old_enough):
    forum = factories.forum(minimum_age=65)
    if is_old_enough:
        assert appoint(aged(age), forum).pk
    else:
        with pytest.raises(ValidationError, match="65 and over") as error:
            appoint(aged(age), forum)
        assert error.value.code == "too_young"


@pytest.mark.parametrize(("age", "is_young_enough"), [(30, True), (31, False)])
def test_with_only_a_year_of_birth_the_oldest_age_counts(age, is_young_enough):
    forum = factories.forum(maximum_age=30)
    if is_young_enough:
        assert appoint(aged(age), forum).pk
    else:
        with pytest.raises(ValidationError, match="up to 30"):
            appoint(aged(age), forum)


def test_a_forum_with_ages_wants_a_year_of_birth():
    with pytest.raises(ValidationError, match="year of birth"):
        appoint(people.person(), factories.forum(minimum_age=60))
    assert appoint(people.person(), factories.forum()).pk


def test_somebody_who_may_be_under_18_waits_for_the_safeguarding_lead():
    with pytest.raises(ValidationError, match="may be under 18"):
        appoint(aged(17), factories.forum())


def test_somebody_under_18_needs_the_consents_and_the_age():
    forum = factories.forum(minimum_age=14, maximum_age=24)
    with pytest.raises(ValidationError, match="consents"):
        appoint(young(15, cleared=False), forum)
    with pytest.raises(ValidationError, match="14 and over"):
        appoint(young(12), forum)
    assert appoint(young(15), forum).pk


def test_that_a_birth_date_was_read_stays_on_record_when_the_seat_is_refused():
    person = young(12)
    AuditEvent.objects.all().delete()
    with pytest.raises(ValidationError):
        appoint(person, factories.forum(minimum_age=14))
    assert [event.verb for event in AuditEvent.objects.all()] == ["read date of birth"]


# Seats left --------------------------------------------------------------------------------------


def test_a_full_forum_gives_no_seat_and_a_seat_that_was_left_is_free():
    forum = factories.forum()
    factories.seat_rule(forum, maximum=1)
    first = appoint(people.person(), forum)
    with pytest.raises(ValidationError, match="has 1 seat for “Citizen”") as error:
        appoint(people.person(), forum)
    assert error.value.code == "full"
    assert appoint(people.person(), forum, "secretary").pk
    seats.leave(first, "time", by=None)
    assert appoint(people.person(), forum).pk


@pytest.mark.django_db(transaction=True)
def test_two_people_appointing_for_the_last_seat_leave_one(tmp_path):
    forum, role, officer = factories.forum(), factories.seat_role(), people.user("officer")
    factories.seat_rule(forum, maximum=1)
    persons = [people.person(), people.person()]
    calls = [lambda person=person: seats.appoint(person, forum, role, by=officer).forum for person in persons]
    assert sorted(race(tmp_path, *calls), key=str) == [forum, "full"]


def test_an_observer_takes_no_seat():
    forum = factories.forum()
    factories.seat_rule(forum, maximum=1)
    assert appoint(people.person(), forum, is_observer=True).pk
    appoint(people.person(), forum)
    assert appoint(people.person(), forum, is_observer=True).pk


@pytest.mark.parametrize("gone", ["erased", "merged"])
def test_the_seat_of_an_entry_that_is_no_longer_in_use_is_free(gone):
    forum, values = factories.forum(), {"erased_at": timezone.now()}
    factories.seat_rule(forum, maximum=1)
    factories.membership(forum, people.person(**values if gone == "erased" else {"merged_into": people.person()}))
    assert appoint(people.person(), forum).pk


@pytest.mark.parametrize(("days", "is_free"), [(0, True), (1, False)])
def test_a_seat_that_will_be_left_is_taken_until_that_day(days, is_free):
    forum = factories.forum()
    factories.seat_rule(forum, maximum=1)
    factories.membership(forum, ended_on=today() + days * DAY, left_because="time")
    if is_free:
        assert appoint(people.person(), forum).pk
    else:
        with pytest.raises(ValidationError, match="taken"):
            appoint(people.person(), forum)


def test_somebody_who_has_not_begun_yet_has_taken_the_seat():
    forum = factories.forum()
    factories.seat_rule(forum, maximum=1)
    appoint(people.person(), forum, started_on=today() + 30 * DAY)
    with pytest.raises(ValidationError, match="taken"):
        appoint(people.person(), forum, started_on=today() + 30 * DAY)


def test_a_seat_for_a_forum_or_an_organisation_has_its_own_limit():
    forum, place, charity = factories.forum(), factories.forum(), people.organisation()
    factories.seat_rule(forum, maximum=1)
    factories.seat_rule(forum, maximum=1, from_forum=place)
    factories.seat_rule(forum, maximum=1, nominated_by=charity)
    for values in ({}, {"represents": place}, {"organisation": charity}):
        appoint(people.person(), forum, **values)
        with pytest.raises(ValidationError, match="taken"):
            appoint(people.person(), forum, **values)


def test_who_represents_a_forum_without_a_rule_of_its_own_counts_with_all():
    forum = factories.forum()
    factories.seat_rule(forum, maximum=1)
    appoint(people.person(), forum, represents=factories.forum())
    with pytest.raises(ValidationError, match="taken"):
        appoint(people.person(), forum)


# Leaving -----------------------------------------------------------------------------------------


def test_leaving_twice_changes_nothing():
    membership = factories.membership(factories.forum())
    left = seats.leave(membership, "moved", by=None)
    again = seats.leave(membership, "health", by=None)
    assert (left.ended_on, again.left_because) == (today(), "moved")
    assert AuditEvent.objects.get(verb="ended membership").detail == {"because": "moved"}


@pytest.mark.parametrize(("because", "on"), [("", None), ("moved", datetime.date(2023, 5, 31)), ("nonsense", None)])
def test_nobody_leaves_without_a_reason_or_before_the_first_day(because, on):
    membership = factories.membership(factories.forum())
    with pytest.raises(ValidationError):
        seats.leave(membership, because, by=None, on=on)
    membership.refresh_from_db()
    assert membership.ended_on is None


def test_dates_are_kept_once_and_never_ahead():
    by, membership = people.user("lead"), factories.membership(factories.forum())
    for _time in range(2):
        seats.set_dates(membership, by=by, accepted_on=today(), inducted_on=None)
    membership.refresh_from_db()
    assert (membership.accepted_on, membership.inducted_on) == (today(), None)
    assert AuditEvent.objects.get(verb="changed membership").detail == {"fields": ["accepted_on", "inducted_on"]}
    with pytest.raises(ValidationError) as error:
        seats.set_dates(membership, by=by, accepted_on=None, inducted_on=today() + DAY)
    assert list(error.value.message_dict) == ["inducted_on"]


# The register's page of a person -----------------------------------------------------------------


def test_the_register_shows_where_somebody_sits_to_those_who_may_see_it():
    place, person = people.area(), people.person()
    here, there = factories.forum("Here", area=place), factories.forum("There")
    now = factories.membership(here, person)
    factories.membership(there, person, ended_on=datetime.date(2024, 1, 1), left_because="time")
    link = reverse("work:membership_detail", args=[now.pk])
    assert seats.person_panel(person, people.user("officer", area=place)).lines == [
        ("Here: Citizen, since 1 June 2023", link)
    ]
    everything = [text for text, _url in seats.person_panel(person, people.user("lead")).lines]
    assert "There: Citizen, from 1 June 2023 to 1 January 2024" in everything
    assert seats.person_panel(person, people.user("project_lead")) is None


# In the admin ------------------------------------------------------------------------------------

ADD = "/admin/forums/membership/add/"


def row(person, forum, **fields):
    role = factories.seat_role()
    return {
        "person": person.pk,
        "forum": forum.pk,
        "role": role.pk,
        "paid": "expenses",
        "started_on": "2024-01-01",
    } | fields


def change(membership):
    return reverse("admin:forums_membership_change", args=[membership.pk])


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def test_the_admin_gives_a_seat_by_the_service(client, lead):
    forum = factories.forum()
    assert client.post(ADD, row(people.person(), forum)).status_code == 302
    assert forum.memberships.get().started_on == datetime.date(2024, 1, 1)
    assert AuditEvent.objects.get(verb="appointed").actor_id == lead.pk


@pytest.mark.parametrize("obstacle", ["age", "closed", "full", "erased", "young"])
def test_the_admin_keeps_the_rules(client, lead, obstacle):
    forum, person = factories.forum(), aged(40)
    if obstacle == "age":
        forum.minimum_age = 65
    elif obstacle == "closed":
        forum.status, forum.closed_on = "closed", today()
    elif obstacle == "full":
        factories.seat_rule(forum, maximum=1)
        factories.membership(forum)
    elif obstacle == "erased":
        people.Person.objects.filter(pk=person.pk).update(erased_at=timezone.now())
    else:
        person = aged(16)
    forum.save()
    page = client.post(ADD, row(person, forum))
    assert page.status_code == 200
    assert page.context["errors"]
    assert not person.memberships.exists()


def test_the_admin_ends_a_membership_by_the_service_and_never_opens_it_again(client, lead):
    membership = factories.membership(factories.forum())
    fields = {"paid": "expenses", "ended_on": "2024-06-01", "left_because": "moved"}
    assert client.post(change(membership), fields).status_code == 302
    membership.refresh_from_db()
    assert (membership.ended_on, membership.left_because) == (datetime.date(2024, 6, 1), "moved")
    assert AuditEvent.objects.filter(verb="ended membership").count() == 1
    client.post(change(membership), {"paid": "expenses", "ended_on": "", "left_because": ""})
    membership.refresh_from_db()
    assert membership.ended_on == datetime.date(2024, 6, 1)


def test_the_admin_moves_nobody_into_another_seat(client, lead):
    forum, old = factories.forum(minimum_age=65), factories.forum()
    membership = factories.membership(old, aged(40))
    client.post(change(membership), row(people.person(), forum))
    membership.refresh_from_db()
    assert (membership.forum, membership.started_on) == (old, datetime.date(2023, 6, 1))


def test_an_officer_of_a_place_seats_only_its_people_on_its_forums(client):
    place = people.area()
    client.force_login(people.user("officer", area=place))
    mine, other = factories.forum(area=place), factories.forum()
    here, there = people.person(area=place), people.person()
    for person, forum in ((there, mine), (here, other)):
        assert client.post(ADD, row(person, forum)).status_code == 200
    assert not Membership.objects.exists()
    assert client.post(ADD, row(here, mine)).status_code == 302
    assert client.get(change(factories.membership(other))).status_code == 404


def test_a_forums_rules_and_terms_are_kept_on_its_page(client, lead):
    forum, role = factories.forum(), factories.seat_role()
    data = {
        "name": forum.name,
        "kind": forum.kind_id,
        "level": forum.level,
        "status": "live",
        "questions_per_meeting": 4,
    }
    for prefix in ("aliases", "links", "cadences", "terms", "seat_rules", "evidence"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"cadences-TOTAL_FORMS": 1, "cadences-0-unit": "months", "cadences-0-number": 2}
    data |= {"cadences-0-starts_on": "2024-01-01", "seat_rules-TOTAL_FORMS": 2}
    for number in range(2):
        data |= {f"seat_rules-{number}-role": role.pk, f"seat_rules-{number}-minimum": 1}
    page = client.post(reverse("admin:forums_forum_change", args=[forum.pk]), data)
    assert "There is a rule for these seats already" in page.content.decode()
    page = client.post(reverse("admin:forums_forum_change", args=[forum.pk]), data | {"seat_rules-TOTAL_FORMS": 1})
    assert page.status_code == 302
    assert str(forum.cadences.get()) == "every 2 months"
    assert forum.seat_rules.get().role == role
