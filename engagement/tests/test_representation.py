"""Who took part beside who lives there: what is compared with what, and what nobody can say (ENG-023, ENG-025)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.documents.representation import Closing, Ends, Verdict, compare, since
from engagement.documents.residents import Residents, population
from engagement.documents.who_took_part import taking_part_in, who_took_part
from engagement.models import Activity
from engagement.tests import factories
from engagement.tests.project_factories import benchmark, participation
from forums.tests import factories as forums
from people.models import EqualityOption, EqualityQuestion
from people.tests import factories as people

pytestmark = pytest.mark.django_db
MONDAY = datetime.date(2023, 6, 5)


def question(code="age", characteristic="age_band", **benchmarks) -> EqualityQuestion:
    """A question whose answers fall into these categories of residents."""
    row = people.equality_question(code, (*benchmarks, "prefer-not-to-say"))
    EqualityQuestion.objects.filter(pk=row.pk).update(characteristic=characteristic)
    for option in row.options.all():
        EqualityOption.objects.filter(pk=option.pk).update(benchmark=benchmarks.get(option.code, ""))
    return EqualityQuestion.objects.prefetch_related("options").get(pk=row.pk)


@pytest.fixture
def age():
    return question(child="", young="16-24", middle="25-64", old="65+")


@pytest.fixture
def sex():
    return question("sex", "sex", female="Female", male="Male")


def given(row: EqualityQuestion, **numbers) -> dict[int, int]:
    return {option.pk: numbers.get(option.code, 0) for option in row.options.all()}


AGES = Residents({"0-15": 500, "16-24": 200, "25-64": 600, "65+": 200}, ["Census 2021"])


# The table -----------------------------------------------------------------------------------------


def test_a_question_is_compared_group_by_group_from_figures_that_may_be_shown(age):
    found = compare(age, given(age, young=3, middle=52, old=43), AGES)

    lines = [(each.label, each.people, each.share, each.residents, each.index) for each in found.groups]
    assert lines == [
        ("Young", "*", "*", "20.0%", "*"),
        ("Middle", "50", "50%", "60.0%", "83"),
        ("Old", "45", "45%", "20.0%", "225"),
    ]
    assert [each.verdict for each in found.groups] == [Verdict.UNDER, Verdict.UNDER, Verdict.OVER]
    assert found.base == 100
    assert [each.interval for each in found.groups][1:] == ["40.4% to 59.6%", "35.6% to 54.8%"]


def test_the_verdict_is_that_of_the_whole_interval(age):
    found = compare(age, given(age, young=10, middle=60, old=30), AGES)

    assert [(each.label, each.verdict.label) for each in found.groups] == [
        ("Young", "under-represented"),
        ("Middle", "as expected"),
        ("Old", "over-represented"),
    ]
    assert [each.label for each in found.gaps] == ["Young"]


def test_what_cannot_be_compared_stands_apart_and_is_left_out_of_both_bases(age):
    found = compare(age, given(age, child=40, young=20, middle=60, old=20, **{"prefer-not-to-say": 5}), AGES)

    assert found.base == 100
    assert found.apart == (("Child", "40"), ("Prefer not to say", "*"))
    assert found.unasked == ("0-15",)
    assert [each.residents for each in found.groups] == ["20.0%", "60.0%", "20.0%"]


def test_a_hidden_count_gets_a_verdict_only_when_one_and_seven_agree(age):
    for small in range(1, 8):
        found = compare(age, given(age, young=small, middle=60, old=40), AGES)
        assert found.groups[0].verdict is Verdict.UNDER
    rare = Residents({"16-24": 60, "25-64": 600, "65+": 340}, ["Census 2021"])
    verdicts = {
        compare(age, given(age, young=small, middle=60, old=34), rare).groups[0].verdict for small in range(1, 8)
    }
    assert verdicts == {Verdict.UNKNOWN}


@pytest.mark.parametrize(
    ("ends", "expected", "verdict"),
    [
        (Ends(1, 7), 0.20, Verdict.UNDER),
        (Ends(1, 7), 0.10, Verdict.UNKNOWN),
        (Ends(1, 7), 0.04, Verdict.EXPECTED),
        (Ends(1, 7), 0.001, Verdict.OVER),
        (Ends(0, 0), 0.20, Verdict.UNDER),
        (Ends(0, 0), 0.02, Verdict.EXPECTED),
        (Ends(100, 100), 0.5, Verdict.OVER),
    ],
)
def test_both_ends_of_a_count_have_to_say_the_same(ends, expected, verdict):
    assert ends.verdict(100, expected) is verdict


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"young": 10, "middle": 19}, "Not shown: fewer than 30 people."),
        ({"middle": 60}, "Not shown: everybody is in one category."),
    ],
)
def test_a_base_too_small_is_withheld_with_what_stands_apart(age, numbers, words):
    found = compare(age, given(age, child=50, **numbers), AGES)

    assert (found.groups, found.apart, found.gaps, found.withheld) == ((), (), [], words)
    assert found.base == 0


def test_without_figures_of_residents_the_shares_are_shown_and_nobody_can_say(sex):
    found = compare(sex, given(sex, female=30, male=20), Residents(missing=["Harlow"]))

    lines = [(each.label, each.share, each.residents, each.index, each.verdict) for each in found.groups]
    assert lines == [
        ("Female", "60%", "not known", "–", Verdict.UNKNOWN),
        ("Male", "40%", "not known", "–", Verdict.UNKNOWN),
    ]


def test_a_question_without_categories_of_residents_is_counted_under_the_wider_ones():
    row = question("ethnicity", "", a="", b="", c="")
    EqualityOption.objects.filter(question=row, code__in="bc").update(group="Other groups")
    row = EqualityQuestion.objects.prefetch_related("options").get(pk=row.pk)
    found = compare(row, given(row, a=30, b=5, c=5), Residents())

    assert [(each.label, each.people) for each in found.groups] == [("A", "30"), ("Other groups", "10")]


def test_a_category_that_the_source_does_not_have_stands_apart(age):
    older = Residents({"16-24": 10, "25-64": 30, "65-74": 5}, ["x"])
    found = compare(age, given(age, young=20, middle=40, old=40), older)

    assert [label for label, _people in found.apart] == ["Child", "Old", "Prefer not to say"]
    assert (found.base, found.unasked, found.groups[0].residents) == (60, ("65-74",), "25.0%")


# Residents -----------------------------------------------------------------------------------------


@pytest.fixture
def places():
    """A system with two places; one has two districts, the other one."""
    system = people.area("System", level="system")
    west, east = (people.area(name, parent=system) for name in ("West", "East"))
    people.area("Theme", level="partnership", parent=system)
    rows = {name: people.area(name, level="district", parent=west) for name in ("Harlow", "Uttlesford")}
    return rows | {"System": system, "West": west, "East": east, "Broxbourne": people.area(
        "Broxbourne", level="district", parent=east)}  # fmt: skip


def sexes(area, female, male):
    benchmark(area, "Female", female)
    benchmark(area, "Male", male, source=f"Census of {area}")


def of(*areas) -> Residents:
    return population([area.pk for area in areas], ["sex"]).of("sex")


def test_a_place_is_the_sum_of_its_districts_where_every_one_has_figures(places):
    sexes(places["Harlow"], 10, 20)
    assert (of(places["West"]).is_known, of(places["West"]).missing) == (False, ["Uttlesford"])
    sexes(places["Uttlesford"], 1, 2)

    assert dict(of(places["West"]).numbers) == {"Female": 11, "Male": 22}
    assert of(places["West"]).sources == ["Census 2021", "Census of Harlow", "Census of Uttlesford"]
    assert of(places["East"]).missing == ["Broxbourne"]


def test_the_whole_body_stands_in_where_no_place_is_named(places):
    for name in ("Harlow", "Uttlesford", "Broxbourne"):
        sexes(places[name], 1, 1)

    assert population([], ["sex"]).where == ("System",)
    assert dict(of().numbers) == {"Female": 3, "Male": 3}


def test_figures_of_its_own_go_before_the_sum(places):
    sexes(places["Harlow"], 10, 20)
    sexes(places["West"], 100, 100)
    assert dict(of(places["West"]).numbers) == {"Female": 100, "Male": 100}


def test_a_place_inside_another_is_counted_once(places):
    sexes(places["Harlow"], 10, 20)
    sexes(places["Uttlesford"], 1, 2)
    assert dict(of(places["West"], places["Harlow"]).numbers) == {"Female": 11, "Male": 22}


def test_a_category_that_one_district_lacks_counts_there_as_nobody(places):
    sexes(places["Harlow"], 10, 20)
    benchmark(places["Uttlesford"], "Female", 5)
    assert dict(of(places["West"]).numbers) == {"Female": 15, "Male": 20}


def test_a_theme_and_a_body_without_places_are_not_known(places):
    theme = places["System"].children.get(name="Theme")
    assert (of(theme).is_known, of(theme).missing) == (False, ["Theme"])


def test_no_area_at_all_is_not_known():
    assert (of().is_known, population([], ["sex"]).where) == (False, ())


# An activity ---------------------------------------------------------------------------------------


@pytest.fixture
def activity(places):
    row = factories.activity(areas=[places["Harlow"]])
    sexes(places["Harlow"], 500, 500)
    return row


def chosen(row, code):
    return row.options.get(code=code)


def test_an_activity_is_compared_with_its_places_gaps_first(activity, age, sex):
    participation(activity, chosen(sex, "female"), 80)
    participation(activity, chosen(sex, "male"), 20)
    participation(activity, chosen(age, "young"), 40)
    question("faith", "faith", any="Any")
    found = who_took_part(activity)

    assert found.picture.where == ("Harlow",)
    assert [each.question.code for each in found.picture.comparisons] == ["sex", "age"]
    assert [(group.label, group.index) for _comparison, group in found.picture.gaps] == [("Male", "40")]
    assert [each.code for each in found.picture.unanswered] == ["faith"]
    assert found.sources == ("sheet",)


def test_the_queries_do_not_grow_with_the_answers(activity, age, sex):
    asked = []
    for rows in (1, 10, 100):
        for number in range(rows):
            on = MONDAY + datetime.timedelta(days=number)
            participation(activity, chosen(sex, "female"), 5, on=on, source=f"{rows} rows")
        with CaptureQueriesContext(connection) as queries:
            who_took_part(activity)
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2] <= 7


# Over time -----------------------------------------------------------------------------------------


def points(activity, row):
    return [
        (f"{point.until:%d %b}", point.base, point.shares) for point in who_took_part(activity).trends[row.pk].points
    ]


def count(activity, row, days, **numbers):
    for code, number in numbers.items():
        participation(activity, chosen(row, code), number, on=MONDAY + datetime.timedelta(days=days))


def test_shares_add_up_week_by_week_and_a_base_too_small_shows_nothing(activity, sex):
    count(activity, sex, 0, female=20, male=4)
    count(activity, sex, 8, female=20, male=2)
    count(activity, sex, 14, male=34)

    assert points(activity, sex) == [
        ("11 Jun", "", ()),
        ("18 Jun", "45", ("89%", "*")),
        ("25 Jun", "80", ("50%", "50%")),
    ]


def test_after_a_quarter_the_steps_are_months(activity, sex):
    count(activity, sex, 0, female=20, male=20)
    count(activity, sex, 120, female=20, male=40)
    assert [until for until, _base, _shares in points(activity, sex)] == ["30 Jun", "31 Oct"]


def test_a_step_of_fewer_than_eight_people_waits_for_the_next(activity, sex):
    count(activity, sex, 0, female=20, male=20)
    count(activity, sex, 7, male=3)
    count(activity, sex, 14, male=30)
    assert [(until, base) for until, base, _shares in points(activity, sex)] == [("11 Jun", "40"), ("25 Jun", "75")]


def test_a_last_step_of_fewer_than_eight_takes_the_place_of_the_one_before(activity, sex):
    count(activity, sex, 0, female=20, male=20)
    count(activity, sex, 7, male=3)
    assert [(until, base) for until, base, _shares in points(activity, sex)] == [("18 Jun", "45")]


# A gap, then and now -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "closing"),
    [
        ((100, Ends(20, 20)), (200, Ends(100, 100)), Closing.CLOSED),
        ((100, Ends(20, 20)), (200, Ends(60, 60)), Closing.NARROWED),
        ((100, Ends(20, 20)), (200, Ends(40, 40)), Closing.NOT),
        ((100, Ends(20, 20)), (200, Ends(30, 30)), Closing.NOT),
        ((100, Ends(1, 7)), (100, Ends(10, 10)), Closing.NARROWED),
        ((100, Ends(1, 7)), (100, Ends(1, 7)), Closing.UNKNOWN),
        ((100, Ends(20, 20)), (0, None), Closing.UNKNOWN),
        ((0, None), (200, Ends(100, 100)), Closing.NONE),
        ((0, None), (200, Ends(20, 20)), Closing.NOT),
    ],
)
def test_what_became_of_a_gap(then, now, closing):
    assert since(then, now, 0.5).closing is closing


def test_without_residents_nobody_can_say_what_became_of_a_gap():
    found = since((100, Ends(20, 20)), (100, Ends(50, 50)), None)
    assert (found.then, found.now, found.closing) == (Verdict.UNKNOWN, Verdict.UNKNOWN, Closing.UNKNOWN)
    assert (found.share_then, found.share_now) == ("20%", "50%")


# A period ------------------------------------------------------------------------------------------


def test_a_period_adds_up_its_activities_and_lists_the_groups_without_contact_first(places, sex):
    sexes(places["System"], 500, 500)
    carers, youth = people.population_group("carers"), people.population_group("young people")
    unheard = people.population_group("asylum seekers")
    year = factories.period("2023-24")
    group = forums.forum("Carers' forum")
    first = factories.activity(groups=[carers], forums=[group, forums.committee()], areas=[places["Harlow"]])
    second = factories.activity(groups=[carers], forums=[group], areas=[places["East"]])
    factories.activity(groups=[youth], starts_on=MONDAY.replace(year=2021), ends_on=MONDAY.replace(year=2021))
    factories.activity(groups=[unheard], state=Activity.State.PLANNED)
    participation(first, chosen(sex, "female"), 40, on=MONDAY)
    participation(second, chosen(sex, "male"), 20, on=MONDAY)
    participation(second, chosen(sex, "male"), 99, on=MONDAY.replace(year=2022), source="the year before")
    found = taking_part_in(year, people.user("lead"))

    assert (found.activities, found.activities_with_numbers) == (2, 2)
    assert [(each.label, each.people) for each in found.picture.comparisons[0].groups] == [
        ("Female", "40"),
        ("Male", "20"),
    ]
    assert [(each.group.name, each.activities, each.forums, each.last_heard_on) for each in found.groups] == [
        ("asylum seekers", 0, 0, None),
        ("young people", 0, 0, datetime.date(2021, 6, 5)),
        ("carers", 2, 1, datetime.date(2023, 6, 30)),
    ]
    assert [each.group for each in found.unheard] == [unheard, youth]


def test_somebody_who_works_for_one_place_sees_that_place_alone(places, sex):
    sexes(places["Harlow"], 500, 500)
    year = factories.period("2023-24")
    for name in ("Harlow", "Broxbourne"):
        participation(factories.activity(areas=[places[name]]), chosen(sex, "female"), 40, on=MONDAY)
    found = taking_part_in(year, people.user("officer", area=places["Harlow"]))

    assert (found.activities, found.activities_with_numbers, found.picture.where) == (1, 1, ("Harlow",))
