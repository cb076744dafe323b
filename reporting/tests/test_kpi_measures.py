"""Figures of a period: how they are printed, aimed at and compared, and that their cost does not grow."""

import datetime
import json
from dataclasses import asdict
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.models import Activity
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.tests import factories as answers
from insights.tests import insight_factories as insight
from people.tests import factories as people
from reporting.documents import kpis
from reporting.documents.kpis import MEASURES, Asked, Direction, Found, Group, Unit
from reporting.documents.kpis.shape import days, is_better, is_reached, number, percent, target_in_words, text_of
from reporting.models import Kpi, KpiValue
from reporting.tests.kpis import day, noon, quarter

SHARE, NUMBER, DAYS = Unit.SHARE, Unit.NUMBER, Unit.DAYS
UP, DOWN, NEITHER = Direction.UP, Direction.DOWN, Direction.NEITHER


def figure(code: str, period) -> kpis.Figure:
    return next(each for each in kpis.figures(period) if each.code == code)


def own_kpi(code: str = "satisfaction", **fields) -> Kpi:
    """A figure that somebody enters."""
    words = {"name": "People who are content", "definition": "From the yearly survey.", "numerator": "content people"}
    return Kpi.objects.create(code=code, **words | {"unit": "share", "direction": "up"} | fields)


# How a figure is printed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "found", "words"),
    [
        (SHARE, Found(9, 12), "75% (9 of 12)"),
        (SHARE, Found(0, 12), "0% (0 of 12)"),
        (SHARE, Found(0, 0), "nothing to count"),
        (SHARE, Found(), "not recorded"),
        (SHARE, Found(3, None), "not recorded"),
        (SHARE, Found(missing="too few to show"), "too few to show"),
        (NUMBER, Found(0), "0"),
        (NUMBER, Found(1234), "1,234"),
        (NUMBER, Found(3, 12), "3 of 12"),
        (NUMBER, Found(), "not recorded"),
        (DAYS, Found(1, 3), "1 day (median of 3)"),
        (DAYS, Found(20.5, 4), "20.5 days (median of 4)"),
        (DAYS, Found(Decimal("7.00")), "7 days"),
        (DAYS, Found(), "not recorded"),
    ],
)
def test_a_figure_is_printed_with_its_base_and_never_0_where_it_is_not_known(unit, found, words):
    assert text_of(unit, found) == words


@pytest.mark.parametrize(
    ("counted", "of", "words"),
    [(1, 300, "under 1%"), (299, 300, "over 99%"), (300, 300, "100%"), (1, 8, "13%"), (2, 3, "67%"), (99, 100, "99%")],
)
def test_a_share_that_is_not_quite_all_is_never_printed_as_all(counted, of, words):
    assert percent(counted, of) == words


def test_numbers_have_decimals_only_where_there_are_any():
    assert [number(each) for each in (2.0, 2.5, Decimal("1000.00"), Decimal("0.25"), None)] == [
        "2",
        "2.5",
        "1,000",
        "0.25",
        "",
    ]
    assert [days(1), days(2), days(Decimal("1.00"))] == ["1 day", "2 days", "1 day"]


# Aims and comparison -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "value", "target", "reached"),
    [
        (UP, 90.0, 90, True),
        (UP, 89.9, 90, False),
        (DOWN, 90.0, 90, True),
        (DOWN, 90.1, 90, False),
        (NEITHER, 90.0, 90, None),
        (UP, None, 90, None),
        (UP, 90.0, None, None),
    ],
)
def test_an_aim_is_reached_by_its_direction(direction, value, target, reached):
    assert is_reached(direction, value, target) is reached


@pytest.mark.parametrize(
    ("direction", "value", "before", "better"),
    [
        (UP, 2.0, 1.0, True),
        (UP, 1.0, 2.0, False),
        (DOWN, 1.0, 2.0, True),
        (DOWN, 2.0, 1.0, False),
        (UP, 1.0, 1.0, None),
        (NEITHER, 2.0, 1.0, None),
        (UP, None, 1.0, None),
        (UP, 1.0, None, None),
    ],
)
def test_better_goes_by_the_direction(direction, value, before, better):
    assert is_better(direction, value, before) is better


def test_an_aim_is_said_in_words():
    by = datetime.date(2027, 3, 31)

    assert target_in_words(SHARE, UP, Decimal("90.00"), by) == "at least 90% by 31 March 2027"
    assert target_in_words(DAYS, DOWN, Decimal("28"), None) == "at most 28 days"
    assert target_in_words(NUMBER, NEITHER, Decimal("12.5"), None) == "12.5"
    assert target_in_words(SHARE, UP, None, by) == ""


# The figures of a period -------------------------------------------------------------------------


def test_at_least_eighteen_figures_say_in_words_what_they_mean():
    assert len(MEASURES) == 34
    for code, each in MEASURES.items():
        assert each.code == code
        words = (each.name, each.definition, each.numerator, each.source)
        assert all(str(word).strip() for word in words), code
        assert each.denominator or each.unit == NUMBER, code
    assert len({str(each.name) for each in MEASURES.values()}) == 34


@pytest.mark.django_db
def test_every_figure_is_there_group_by_group():
    found = kpis.figures(quarter(1))

    assert len(found) == 34
    groups = list(dict.fromkeys(each.group for each in found))
    assert groups == [Group.ACTIVITIES, Group.ANSWERS, Group.INSIGHT, Group.PROJECTS, Group.FORUMS]


@pytest.mark.django_db
def test_on_an_empty_record_nothing_is_counted_as_0():
    found = kpis.figures(quarter(1))

    assert {each.text for each in found} == {"not recorded", "nothing to count"}
    assert [each.value for each in found] == [None] * 34


@pytest.mark.django_db
def test_a_figure_is_compared_with_the_period_that_ends_the_day_before():
    engagement.activity(starts_on=day(5), ends_on=day(6))
    for _number in range(2):
        engagement.activity(starts_on=day(8), ends_on=day(9))
    quarter(1)

    engagement.activity(starts_on=day(11), ends_on=day(12))
    now, first = figure("activities-held", quarter(2)), figure("activities-held", quarter(1))
    assert figure("activities-held", quarter(3)).change == "fewer"
    assert (now.text, now.before, now.better, now.change) == ("2", "1", None, "more")
    assert (first.text, first.before, first.better, first.change) == ("1", "not recorded", None, "cannot be compared")


@pytest.mark.django_db
def test_a_year_has_figures_like_a_quarter_and_is_compared_with_a_year():
    engagement.activity(starts_on=day(5), ends_on=day(6))
    engagement.activity(starts_on=datetime.date(2024, 5, 1), ends_on=datetime.date(2024, 5, 2))
    engagement.period("2023-24")

    found = figure("activities-held", engagement.period("2024-25"))

    assert (found.text, found.before) == ("1", "1")
    assert found.change == "the same"


@pytest.mark.django_db
def test_a_period_that_has_not_begun_has_no_figures():
    later = engagement.period("later", starts_on=projects.in_days(1), ends_on=projects.in_days(90))

    assert {each.text for each in kpis.figures(later)} == {"not begun"}


@pytest.mark.django_db
def test_the_body_sets_aim_post_and_order_of_a_computed_figure():
    engagement.activity(starts_on=day(5), ends_on=day(6))
    Kpi.objects.create(code="answered", measure="activities-answered", target=90, owner="Head of engagement", order=1)

    found = figure("answered", quarter(1))

    assert (found.target_words, found.reached, found.reached_words) == ("at least 90%", False, "not reached")
    assert (found.owner, found.is_computed, found.text) == ("Head of engagement", True, "0% (0 of 1)")
    assert next(each.code for each in kpis.figures(quarter(1)) if each.group == "answers") == "answered"


@pytest.mark.django_db
def test_a_figure_that_somebody_enters_stands_with_the_others():
    kpi = own_kpi(target=80)
    for number_, counted in ((1, 60), (2, 45)):
        KpiValue.objects.create(kpi=kpi, period=quarter(number_), numerator=counted, denominator=60, source="Survey")

    found = figure("satisfaction", quarter(2))

    assert (found.text, found.before, found.better, found.reached) == (
        "75% (45 of 60)",
        "100% (60 of 60)",
        False,
        False,
    )
    assert (found.change, found.is_computed, found.group_name) == ("worse", False, "Figures that somebody enters")
    assert figure("satisfaction", quarter(3)).text == "not recorded"


@pytest.mark.django_db
def test_a_yearly_figure_is_not_asked_of_a_quarter():
    own_kpi(frequency=Kpi.Frequency.YEAR)

    assert "satisfaction" not in {each.code for each in kpis.figures(quarter(1))}
    assert "satisfaction" in {each.code for each in kpis.figures(engagement.period())}


@pytest.mark.django_db
def test_a_row_that_nobody_can_compute_is_left_out():
    Kpi.objects.create(code="old", measure="of-another-version")

    assert len(kpis.figures(quarter(1))) == 34


@pytest.mark.django_db
def test_figures_are_plain_values_that_json_knows():
    KpiValue.objects.create(kpi=own_kpi(), period=quarter(1), numerator="4.50", denominator=6, source="Survey")

    found = [asdict(each) for each in kpis.figures(quarter(1))]

    assert json.loads(json.dumps(found))[-1]["counted"] == 4.5


@pytest.mark.django_db
def test_the_trend_has_the_last_eight_periods_that_have_begun_the_oldest_first():
    engagement.activity(starts_on=day(5), ends_on=day(6))
    for number_ in (1, 2, 3):
        quarter(number_)
    meaning = next(each for each in kpis.meanings() if each.code == "activities-held")

    points = kpis.trend(meaning, quarter(3))

    assert [(str(each.period), each.value, each.text) for each in points] == [
        ("April to June 2023", 1.0, "1"),
        ("July to September 2023", 0.0, "0"),
        ("October to December 2023", 0.0, "0"),
    ]


@pytest.mark.django_db
def test_the_trend_begins_after_the_last_gap_and_has_at_most_eight_periods():
    for year in range(2010, 2024):
        if year != 2012:
            engagement.period(f"{year}-{year - 1999}")
    meaning = next(each for each in kpis.meanings() if each.code == "activities-held")

    def years(newest: str) -> list[str]:
        return [each.period.code for each in kpis.trend(meaning, engagement.period(newest))]

    assert years("2014-15") == ["2013-14", "2014-15"]
    assert years("2023-24") == [f"{year}-{year - 1999}" for year in range(2016, 2024)]


@pytest.mark.django_db
def test_no_more_than_200_records_are_listed():
    engagement.activity(starts_on=day(5), ends_on=day(6))
    row = Activity.objects.get()
    Activity.objects.bulk_create(
        Activity(
            reference=f"B-{number_:03}", title="Talk", principle=row.principle, starts_on=day(5), ends_on=day(6)
        )
        for number_ in range(250)
    )  # fmt: skip

    found = figure("activities-held", quarter(1))

    assert (found.counted, len(found.records)) == (251, 200)


# Cost --------------------------------------------------------------------------------------------


def busy(times: int) -> None:
    """One row or more for nearly every figure, so many times."""
    for _number in range(times):
        person, group = people.person(), people.population_group()
        row = engagement.activity(starts_on=day(5), ends_on=day(6), groups=[group], areas=[people.area()])
        answer = answers.published_response(activity=row, published_at=noon(5), promised_for=day(5))
        insight.contributor(activity=row, person=person)
        answer.verdicts.create(right="yes", person=person, at=noon(5))
        insight.comment(collection=insight.collection(activity=row), read_at=noon(5))
        finding = insight.agreed_finding(review_by=day(5), agreed_at=noon(5))
        finding.evidence.create(activity=row)
        project = projects.project(stage="mobilise", decided_on=day(6))
        insight.decision(project=project, decided_on=day(6)).weighed.create(finding=finding, effect="adopted")
        projects.assessment(project)
        consultation = projects.consultation(project, activity=row)
        type(consultation).objects.filter(pk=consultation.pk).update(opens_on=day(5))
        consultation.documents.create(title="Proposal", ready_on=day(4))
        forum = forums.forum()
        forums.seat_rule(forum)
        forums.membership(forum, person=person)
        forums.attendance(forums.meeting(forum, starts_at=noon(5)), person, needs_met="yes")


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_record():
    period, counts = quarter(1), []
    for times in (1, 9, 90):
        busy(times)
        with CaptureQueriesContext(connection) as queries:
            asked = Asked(period)
            for each in MEASURES.values():
                each.compute(asked)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
    assert counts[0] < 120


def test_the_end_of_the_day_is_meant_where_versions_are_read():
    asked = Asked(engagement.Period(starts_on=day(4, 1), ends_on=day(6, 30)))

    assert timezone.localtime(asked.moment).date() == day(6, 30)
    assert asked.as_at == asked.passed == day(6, 30)
