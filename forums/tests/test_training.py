"""Training: booked while there are places, needed for a seat, due again."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from forums.models import Training, TrainingRecord
from forums.services.support import cards, training
from forums.services.support.training import Need, State
from forums.tests import factories
from people.tests import factories as people

Status = TrainingRecord.Status
pytestmark = pytest.mark.django_db


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def session(title: str = "Induction", **fields) -> Training:
    return Training.objects.create(title=title, **fields)


def record(of: Training, person=None, **fields) -> TrainingRecord:
    return TrainingRecord.objects.create(training=of, person=person or people.person(), **fields)


def done(of: Training, person=None, days: int = -1) -> TrainingRecord:
    return record(of, person, status=Status.DONE, done_on=today(days))


# Book and cancel ---------------------------------------------------------------------------------


def test_booking_twice_takes_one_place():
    person, chosen = people.member(), session(places=1)
    first = training.book(chosen, person, by=person.user)
    assert training.book(chosen, person, by=person.user) == first
    assert chosen.records.count() == 1
    assert AuditEvent.objects.filter(verb="booked training").count() == 1


def test_there_is_no_more_than_the_last_place():
    chosen = session(places=2)
    record(chosen, status=Status.CANCELLED)
    done(chosen)
    record(chosen)
    person = people.member()
    with pytest.raises(ValidationError) as caught:
        training.book(chosen, person, by=person.user)
    assert caught.value.code == "full"
    assert "All places are taken" in caught.value.messages[0]


def test_a_place_given_back_can_be_taken_by_another():
    chosen, person, other = session(places=1), people.member(), people.member()
    training.book(chosen, person, by=person.user)
    for _time in range(2):
        assert training.cancel(chosen, person, by=person.user).status == Status.CANCELLED
    assert training.book(chosen, other, by=other.user).status == Status.BOOKED
    with pytest.raises(ValidationError, match="All places are taken"):
        training.book(chosen, person, by=person.user)
    assert training.cancel(chosen, people.person(), by=person.user) is None


@pytest.mark.parametrize("values", [{"is_open": False}, {"starts_at": factories.in_days(-1)}])
def test_what_is_closed_or_has_begun_is_not_booked(values):
    person = people.member()
    with pytest.raises(ValidationError):
        training.book(session(**values), person, by=person.user)
    assert not training.open_to_book().exists()


def test_people_under_18_need_their_consents_first():
    chosen = session()
    this_year = today().year
    unsure = people.member(birth_year=this_year - 18)
    waiting = people.member(adult_from=today(400), safeguards="waiting")
    for person in (unsure, waiting):
        with pytest.raises(ValidationError, match="your age"):
            training.book(chosen, person, by=person.user)
    cleared = people.member(adult_from=today(400), safeguards="cleared")
    assert training.book(chosen, cleared, by=cleared.user).status == Status.BOOKED


def test_somebody_who_was_erased_books_nothing():
    with pytest.raises(ValidationError, match="no longer in use"):
        training.book(session(), people.person(erased_at=timezone.now()), by=people.user("lead"))


def test_what_is_done_and_lasts_is_not_booked_again():
    person, chosen = people.member(), session()
    first = done(chosen, person)
    assert training.book(chosen, person, by=person.user).status == Status.DONE
    training.cancel(chosen, person, by=person.user)
    first.refresh_from_db()
    assert first.status == Status.DONE


def test_what_is_due_again_is_booked_and_the_day_it_was_done_stays():
    person, chosen = people.member(), session(refresh_months=12)
    done(chosen, person, days=-400)
    again = training.book(chosen, person, by=person.user)
    assert (again.status, again.done_on) == (Status.BOOKED, today(-400))
    assert training.cancel(chosen, person, by=person.user).status == Status.DONE


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_take_the_last_place(tmp_path):
    chosen = session(places=1)
    members = [people.member(), people.member()]
    calls = [lambda person=person: training.book(chosen, person, by=person.user).status for person in members]
    assert sorted(race(tmp_path, *calls)) == ["booked", "full"]


def test_the_row_of_the_training_is_locked_for_a_booking():
    person, chosen = people.member(), session(places=1)
    with CaptureQueriesContext(connection) as queries:
        training.book(chosen, person, by=person.user)
    first = next(query["sql"] for query in queries if '"forums_training"' in query["sql"])
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


# What a seat needs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (datetime.date(2025, 1, 31), 1, datetime.date(2025, 2, 28)),
        (datetime.date(2024, 2, 29), 12, datetime.date(2025, 2, 28)),
        (datetime.date(2025, 11, 15), 14, datetime.date(2027, 1, 15)),
        (datetime.date(2025, 11, 15), 0, datetime.date(2025, 11, 15)),
    ],
)
def test_months_are_added_by_the_calendar(day, months, later):
    assert training.add_months(day, months) == later


@pytest.fixture
def seat():
    """A seat whose role needs the induction."""
    factories.seat_role("reader", training_required="Induction")
    return factories.membership(factories.forum(), role="reader")


def test_a_role_that_needs_nothing_asks_for_nothing():
    assert training.needed(factories.membership(factories.forum())) is None


def test_a_needed_training_is_missing_then_done_then_due_again(seat):
    assert training.needed(seat) == Need("Induction", State.MISSING)
    first = session("  INDUCTION ", refresh_months=12)
    booked = record(first, seat.person)
    assert training.needed(seat).state == State.MISSING
    booked.status, booked.done_on = Status.DONE, today(-400)
    booked.save()
    need = training.needed(seat)
    assert (need.state, need.done_on) == (State.DUE, today(-400))
    assert need.due_on == training.add_months(today(-400), 12)
    done(session(refresh_months=12), seat.person, days=-3)
    assert training.needed(seat).state == State.DONE


def test_another_training_or_another_person_or_a_day_to_come_does_not_count(seat):
    done(session("Induction for chairs"), seat.person)
    done(session())
    done(session(), seat.person, days=1)
    record(session(), seat.person, status=Status.CANCELLED, done_on=today(-1))
    assert training.needed(seat).state == State.MISSING


def test_the_day_of_the_refresh_itself_is_due(seat):
    first = session(refresh_months=1)
    row = done(first, seat.person, days=-40)
    row.done_on = training.add_months(today(), -1)
    row.save()
    if training.due_on(row) == today():  # not so at the end of a longer month
        assert training.is_due(row)
    row.done_on = today()
    assert not training.is_due(row)


def test_what_is_needed_waits_on_the_home_page(seat):
    person = seat.person
    factories.membership(factories.forum(), person, role="reader")  # the same training, asked for once
    assert [card.title for card in cards.cards(person)] == ["Do the training “Induction”"]
    row = done(session(refresh_months=12), person, days=-400)
    card = next(cards.cards(person))
    assert (card.title, card.due) == ("Refresh the training “Induction”", training.due_on(row))
    done(session(), person)
    assert list(cards.cards(person)) == []


def test_somebody_who_left_needs_nothing(seat):
    seat.ended_on, seat.left_because = today(), "time"
    seat.save()
    assert list(cards.cards(seat.person)) == []


def test_coverage_counts_each_holder_once_and_the_parts_add_up(seat):
    lead = people.user("lead")
    role = seat.role
    factories.membership(factories.forum(), seat.person, role="reader")
    ready = factories.membership(seat.forum, role="reader").person
    old = factories.membership(seat.forum, role="reader").person
    done(session(refresh_months=12), ready)
    done(session(refresh_months=12), old, days=-400)
    factories.seat_role("nobody", training_required="Chairing")
    empty, row = sorted(training.coverage(lead), key=lambda each: each.members)
    assert (row.role, row.members, row.done, row.due, row.missing, row.percent) == (role, 3, 1, 1, 1, 33)
    assert (empty.members, empty.done, empty.due, empty.missing, empty.percent) == (0, 0, 0, 0, None)


def test_coverage_is_of_the_areas_that_somebody_works_for(seat):
    here = people.area()
    mine = factories.membership(factories.forum(area=here), role="reader")
    row = training.coverage(people.user("lead", here))[0]
    assert (row.members, row.missing) == (1, 1)
    done(session(), mine.person)
    assert training.coverage(people.user("lead", here))[0].done == 1


# Pages -------------------------------------------------------------------------------------------


def test_a_member_books_and_gives_back_a_place(client, seat):
    person = seat.person
    chosen = session(
        starts_at=factories.in_days(7), where="https://example.org/room", places=4, description="All of it"
    )
    client.force_login(person.user)
    text = client.get(reverse("members:training_list")).content.decode()
    assert "0 of 4 places are taken" in text
    assert "not done yet" in text
    assert "https://example.org/room" not in text  # only for those who come
    assert client.get(reverse("members:training_book", args=[chosen.pk])).status_code == 405
    text = client.post(reverse("members:training_book", args=[chosen.pk]), follow=True).content.decode()
    assert "You have a place on “Induction”" in text
    assert "https://example.org/room" in text
    assert "Book a place" not in text
    text = client.post(reverse("members:training_cancel", args=[chosen.pk]), follow=True).content.decode()
    assert "You have given back your place" in text
    assert chosen.records.get().status == Status.CANCELLED
    assert "Book a place" in text


def test_the_page_says_why_something_cannot_be_booked(client):
    person, full = people.member(), session(places=1)
    record(full)
    client.force_login(person.user)
    assert "Induction" not in client.get(reverse("members:training_list")).content.decode()
    text = client.post(reverse("members:training_book", args=[full.pk]), follow=True).content.decode()
    assert "All places are taken" in text
    assert client.post(reverse("members:training_book", args=[0])).status_code == 404
    assert client.post(reverse("members:training_cancel", args=[full.pk])).status_code == 404


def test_a_certificate_is_for_the_one_who_did_it(client):
    person = people.member("Ruth Osei")
    mine = done(session("Chairing", refresh_months=12, description="How to chair."), person)
    booked, theirs = record(session(), person), done(session())
    client.force_login(person.user)
    text = client.get(reverse("members:training_certificate", args=[mine.pk])).content.decode()
    assert "Ruth Osei did this training on" in text
    assert "It is to be done again by" in text
    for other in (booked, theirs):
        assert client.get(reverse("members:training_certificate", args=[other.pk])).status_code == 404
    text = client.get(reverse("members:training_list")).content.decode()
    assert reverse("members:training_certificate", args=[mine.pk]) in text


def test_what_is_due_again_is_said_on_the_page(client, seat):
    done(session(refresh_months=12), seat.person, days=-400)
    client.force_login(seat.person.user)
    text = client.get(reverse("members:training_list")).content.decode()
    assert "time to do it again" in text
    assert "It is time to do it again." in text


def test_staff_see_the_coverage(client, seat):
    session(places=5, starts_at=factories.in_days(3))
    session("Always on")
    client.force_login(people.user("officer"))
    page = client.get(reverse("work:training_list"))
    text = page.content.decode()
    assert "0 (0%)" in text
    assert "no limit" in text
    assert [row.missing for row in page.context["coverage"]] == [1]


@pytest.mark.parametrize("role", ["member", "secretary", "safeguarding", "project_lead"])
def test_other_roles_do_not_see_the_coverage(client, role):
    client.force_login(people.user(role))
    assert client.get(reverse("work:training_list")).status_code == 403


def fill(seat, number: int) -> None:
    """More trainings, and more holders of seats who did one."""
    start = Training.objects.count()
    made = Training.objects.bulk_create(Training(title=f"Training {start + i}") for i in range(number))
    persons = type(seat.person).objects.bulk_create(
        type(seat.person)(name=f"Holder {start + i}") for i in range(number)
    )
    type(seat).objects.bulk_create(
        type(seat)(forum=seat.forum, role=seat.role, person=person, started_on=today(-9)) for person in persons
    )
    induction = session()
    TrainingRecord.objects.bulk_create(
        TrainingRecord(training=induction, person=person, status="done", done_on=today(-1)) for person in persons
    )
    TrainingRecord.objects.bulk_create(TrainingRecord(training=each, person=seat.person) for each in made[::2])


@pytest.mark.parametrize("name", ["members:training_list", "work:training_list"])
def test_lists_ask_the_database_as_often_for_a_thousand_as_for_ten(client, seat, name):
    client.force_login(seat.person.user if name.startswith("members") else people.user("lead"))
    client.get(reverse(name))
    counted = []
    for more in (10, 90, 900):
        fill(seat, more)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        counted.append(len(captured))
    assert len(set(counted)) == 1, counted


def test_trainings_are_kept_in_the_admin_with_those_who_did_them(client):
    here, there = people.area(), people.area()
    chosen = session()
    record(chosen, people.person("Here Person", area=here))
    record(chosen, people.person("There Person", area=there))
    client.force_login(people.user("lead", here))
    assert client.get(reverse("admin:forums_training_changelist")).status_code == 200
    text = client.get(reverse("admin:forums_training_change", args=[chosen.pk])).content.decode()
    assert "Here Person" in text
    assert "There Person" not in text
