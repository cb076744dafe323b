"""Bank holidays by law and school holidays by council: which days of a consultation people are away."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.documents.holidays import Away, bank_holidays, days_between, school_holidays, weekdays
from engagement.models import SchoolHoliday
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


def day(month, number, year=2026):
    return datetime.date(year, month, number)


def school_holiday(name, first, last, area=None):
    return SchoolHoliday.objects.create(name=name, starts_on=first, ends_on=last, area=area)


def test_the_bank_holidays_of_england_over_new_year():
    found = bank_holidays(day(12, 20), day(1, 1, 2027))
    assert [(each.first, each.name) for each in found] == [
        (day(12, 25), "Christmas Day"),
        (day(12, 26), "Boxing Day"),
        (day(12, 28), "Boxing Day (observed)"),
        (day(1, 1, 2027), "New Year's Day"),
    ]


def test_scotland_and_northern_ireland_have_days_that_england_has_not():
    assert bank_holidays(day(1, 2), day(1, 3)) == []
    assert bank_holidays(day(3, 17), day(3, 17)) == []


def test_both_end_days_count():
    assert len(list(days_between(day(4, 3), day(4, 6)))) == 4
    assert weekdays(days_between(day(4, 3), day(4, 6))) == 2
    assert [each.first for each in bank_holidays(day(4, 3), day(4, 6))] == [day(4, 3), day(4, 6)]


def test_school_holidays_are_those_of_the_places_of_what_they_belong_to_and_of_all():
    county, other = people.area("Essex"), people.area("Kent")
    district = people.area("Harlow", parent=county)
    project = factories.project(areas=[district])
    school_holiday("Summer in Kent", day(7, 20), day(8, 31), other)
    school_holiday("Summer", day(7, 20), day(8, 31), county)
    school_holiday("Inset week", day(7, 1), day(7, 3), district)
    school_holiday("Half-term", day(5, 25), day(5, 29))
    found = school_holidays(project, day(5, 28), day(7, 21))
    assert found == [
        Away("Half-term", day(5, 28), day(5, 29)),
        Away("Inset week", day(7, 1), day(7, 3), "Harlow"),
        Away("Summer", day(7, 20), day(7, 21), "Essex"),
    ]
    assert [each.days for each in found] == [2, 3, 2]


def test_a_project_without_places_has_the_holidays_of_all():
    school_holiday("Summer", day(7, 20), day(8, 31), people.area("Essex"))
    school_holiday("Half-term", day(5, 25), day(5, 29))
    assert [each.name for each in school_holidays(factories.project(), day(5, 1), day(8, 1))] == ["Half-term"]


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_number_of_queries_does_not_grow_with_places_and_holidays(number):
    areas = [people.area() for _each in range(number)]
    project = factories.project(areas=areas)
    for area in areas:
        school_holiday("Half-term", day(5, 25), day(5, 29), area)
    with CaptureQueriesContext(connection) as queries:
        assert len(school_holidays(project, day(5, 1), day(6, 1))) == number
    assert len(queries) == 3
