"""Figures of activities: small records with known answers, what is not known, and what belongs to another period."""

import pytest
from django.utils import timezone

from engagement.models import Activity
from engagement.tests import factories as engagement
from insights.tests import insight_factories as insight
from people.tests import factories as people
from reporting.tests.kpis import day, found, listed, numbers, quarter

pytestmark = pytest.mark.django_db


def held(month: int, **fields) -> Activity:
    return engagement.activity(**{"starts_on": day(month, 1), "ends_on": day(month, 2)} | fields)


# Activities --------------------------------------------------------------------------------------


def test_activities_count_in_every_period_in_which_they_have_a_day():
    held(4)
    engagement.activity(starts_on=day(6), ends_on=day(7))
    held(8)

    assert numbers("activities-held") == (2, None)
    assert numbers("activities-held", quarter(2)) == (2, None)
    assert numbers("activities-held", quarter(3)) == (0, None)


def test_what_is_only_planned_did_not_take_place():
    talk = held(4, reference="A-1", title="Talk")
    held(4, state=Activity.State.PLANNED)

    assert found("activities-held").records == (("A-1 Talk", f"/record/activities/{talk.pk}/"),)


def test_before_the_record_begins_no_number_is_known():
    held(8)

    assert numbers("activities-held", quarter(1)) == (None, None)
    assert numbers("places-active", quarter(1)) == (None, None)
    assert numbers("groups-due", quarter(1)) == (None, None)
    assert numbers("groups-heard", quarter(1)) == (None, None)
    assert numbers("principles-verified", quarter(1)) == (None, None)


# People and groups -------------------------------------------------------------------------------


def test_each_person_counts_once_however_often_they_took_part():
    person = people.person()
    for month in (4, 5):
        insight.contributor(activity=held(month), person=person)
    insight.contributor(activity=held(4))
    insight.contributor(activity=held(8))

    assert numbers("people-known") == (2, None)
    assert numbers("people-known", quarter(2)) == (1, None)
    assert found("people-known").records == ()


def test_where_nobody_is_noted_it_is_not_known_how_many_took_part():
    held(4)

    assert numbers("people-known") == (None, None)
    assert numbers("people-returning") == (None, None)


def test_somebody_returns_who_took_part_in_something_that_began_before():
    returning, new = people.person(), people.person()
    insight.contributor(activity=held(4), person=returning)
    for person in (returning, new):
        insight.contributor(activity=held(8), person=person)

    assert numbers("people-returning", quarter(2)) == (1, 2)


def test_nobody_is_called_new_where_the_record_has_no_past():
    insight.contributor(activity=held(4))

    assert numbers("people-returning", quarter(1)) == (None, None)


def test_an_activity_that_goes_on_does_not_make_its_own_people_return():
    held(4)
    long = engagement.activity(starts_on=day(6), ends_on=day(7))
    insight.contributor(activity=long)

    assert numbers("people-returning", quarter(2)) == (0, 1)


def test_groups_are_heard_from_when_an_activity_names_them():
    carers, farmers = people.population_group("Carers"), people.population_group("Farmers")
    held(4, groups=[carers])
    held(5, groups=[carers])
    held(8, groups=[carers, farmers])

    assert numbers("groups-heard") == (1, 2)
    assert listed("groups-heard") == ["Carers"]
    assert listed("groups-heard", quarter(2)) == ["Carers", "Farmers"]


def test_a_group_is_new_that_no_earlier_activity_names():
    carers, farmers = people.population_group("Carers"), people.population_group("Farmers")
    held(4, groups=[carers])
    held(8, groups=[carers, farmers])

    assert numbers("groups-new", quarter(1)) == (None, None)
    assert numbers("groups-new", quarter(2)) == (1, 2)
    assert listed("groups-new", quarter(2)) == ["Farmers"]


def test_without_a_list_of_groups_nothing_is_known_of_them():
    held(4)

    assert numbers("groups-heard") == (None, None)


def test_a_group_is_due_when_it_was_not_heard_from_within_the_months_of_the_policy():
    carers = people.population_group("Carers")
    people.population_group("Farmers")
    held(4, groups=[carers])

    assert listed("groups-due", quarter(1)) == ["Farmers"]
    assert numbers("groups-due", quarter(1)) == (1, 2)
    later = engagement.period("2024-25")
    assert numbers("groups-due", later) == (2, 2)


# Places and principles ---------------------------------------------------------------------------


def test_places_count_that_an_activity_of_the_period_names():
    harlow, _ware = people.area("Harlow"), people.area("Ware")
    held(4, areas=[harlow])

    assert numbers("places-active") == (1, 2)
    assert found("places-active").records == (("Harlow", "/record/coverage/?period=2023-24-q1#places"),)
    assert numbers("places-active", quarter(2)) == (0, 2)


def test_a_principle_is_shown_once_a_second_person_accepted_its_evidence():
    for number, strength in ((1, "verified"), (2, "evidenced")):
        row = held(4, principle=engagement.principle(number))
        reviewed = {"reviewed_at": timezone.now()} if strength == "verified" else {}
        engagement.evidence(
            engagement.principle(number), activity=row, strength=strength, how="People said so.", **reviewed
        )
    held(8)

    assert numbers("principles-verified") == (1, 3)
    assert listed("principles-verified") == ["1. Principle 1"]
    assert numbers("principles-verified", quarter(2)) == (0, 3)
