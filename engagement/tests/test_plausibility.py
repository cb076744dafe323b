"""What looks wrong in numbers, and what does not (ENG-020, ENG-021, ENG-025, ENG-035, CON-11)."""

from decimal import Decimal

import pytest

from core.counts import Kind, parse_count
from engagement.documents.plausibility import agree, warnings_about, warnings_about_project
from engagement.documents.shares import nearest
from engagement.models import Activity, Measure, Project, PublishedShare, ResponseCount
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db


def said(activity: Activity) -> list[str]:
    return [str(doubt) for doubt in warnings_about(activity)]


def test_an_activity_without_numbers_is_not_doubted():
    assert said(factories.activity()) == []


# Population


def populated(name: str, population: int | None, **fields):
    return people.area(name, population=population, population_source="Census 2021" if population else "", **fields)


def test_reach_above_the_population_is_doubted_and_so_are_people_who_took_part():
    activity = factories.activity(areas=[populated("West", 900), populated("East", 100)])
    factories.activity_count(activity, "1,001 households", about="reached")
    factories.activity_count(activity, "over 1,000")
    factories.activity_count(activity, "1,000 residents")

    doubts = warnings_about(activity)
    assert [doubt.what for doubt in doubts] == [
        "“1,001 households” is more than the 1,000 people who live there.",
        "“over 1,000 took part” is more than the 1,000 people who live there.",
    ]
    assert [doubt.where for doubt in doubts] == ["people reached", "people who took part"]
    assert all(doubt.right for doubt in doubts)


@pytest.mark.parametrize("figure", ["5,000 impressions", "3,000 copies", "2,000 clicks", "up to 1,200", "around 1,050"])
def test_what_counts_no_people_or_need_not_be_more_is_not_doubted(figure):
    activity = factories.activity(areas=[populated("West", 1000)])
    factories.activity_count(activity, figure, about="reached")

    assert said(activity) == []


def test_a_place_inside_another_is_counted_once():
    west = populated("West", 1000)
    activity = factories.activity(areas=[west, populated("Town", 600, parent=west)])
    factories.activity_count(activity, "1,300")

    assert len(said(activity)) == 1


def test_without_a_place_the_population_is_that_of_the_whole_body():
    populated("The system", 1000, level="system")
    here, everywhere = factories.activity(), factories.activity(level="national")
    for activity in (here, everywhere):
        factories.activity_count(activity, "1,200", about="reached")

    assert (len(said(here)), said(everywhere)) == (1, [])


# Sessions


def test_more_attended_than_registered_and_more_different_people_than_attended_are_doubted():
    activity = factories.activity()
    factories.session(activity, registered="20", attended="25", unique="30")

    assert [doubt.what for doubt in warnings_about(activity)] == [
        "More people attended than registered: 25, and 20.",
        "There are more different people than attended: 30, and 25.",
    ]


@pytest.mark.parametrize(
    ("registered", "attended"), [("over 20", "25"), ("around 25", "26"), (None, "25"), ("25", "25"), ("30", None)]
)
def test_a_session_whose_numbers_may_be_right_is_not_doubted(registered, attended):
    activity = factories.activity()
    factories.session(activity, registered=registered, attended=attended)

    assert said(activity) == []


@pytest.mark.parametrize(
    ("stated", "is_doubted"),
    [
        ("30 attended", False),
        ("nearly 31 attended", False),
        ("over 29 attended", False),
        ("over 30 attended", True),
        ("31 attended", True),
        ("31 responses", False),
        ("31 different people", False),
    ],
)
def test_the_sessions_are_added_up_and_compared_with_what_is_stated(stated, is_doubted):
    activity = factories.activity()
    factories.activity_count(activity, stated)
    factories.session(activity, attended="18")
    factories.session(activity, attended="12")

    found = said(activity)
    assert bool(found) == is_doubted
    assert not found or found[0].startswith(f"“{stated}” is stated, and the sessions add up to 30.")


def test_sessions_are_not_compared_while_one_has_no_number_or_counts_something_else():
    activity = factories.activity()
    factories.activity_count(activity, "31 attended")
    factories.session(activity, attended="18")
    other = factories.session(activity)
    assert said(activity) == []

    other.attended = "12 different people"
    other.save()
    assert said(Activity.objects.get()) == []


# Percentages


def test_no_number_out_of_138_is_seven_and_a_half_per_cent():
    low, high = nearest(Decimal("7.5"), 138, 1)

    assert (low.number, round(low.percent, 1), high.number, round(high.percent, 1)) == (10, 7.2, 11, 8.0)


@pytest.mark.parametrize(
    ("percent", "base", "decimals"),
    [("7.2", 138, 1), ("8", 138, 0), ("0.7", 138, 1), ("0", 7, 0), ("100", 7, 1), ("12.5", 8, 1), ("12", 8, 0)],
)
def test_a_percentage_that_some_number_gives_is_not_doubted(percent, base, decimals):
    assert nearest(Decimal(percent), base, decimals) is None


def test_a_published_percentage_is_held_against_its_base():
    activity = factories.activity()
    PublishedShare.objects.create(activity=activity, what="Other than straight", percent=Decimal("7.5"), base=138)
    PublishedShare.objects.create(activity=activity, what="No base", percent=Decimal("7.5"))
    PublishedShare.objects.create(activity=activity, what="Nobody", percent=Decimal("7.5"), base=0)

    first, nobody = warnings_about(Activity.objects.get())
    assert first.what == "No whole number out of 138 is 7.5%."
    assert first.right == "Check the percentage and what it is out of. The nearest are 7.2% = 10 and 8.0% = 11."
    assert (first.where, nobody.what) == ("Other than straight", "7.5% of 0 is no percentage.")


def test_a_measure_is_held_against_its_bases_where_it_is_exact():
    activity = factories.activity()
    Measure.objects.create(activity=activity, question="Exact", before=Decimal("36"), before_base=8, after=Decimal(80))
    Measure.objects.create(
        activity=activity, question="Vague", before=36, before_base=8, before_qualifier="about", after=80
    )

    assert [doubt.where for doubt in warnings_about(Activity.objects.get())] == ["Exact"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7.5% of 138 were other than straight.", ["No whole number out of 138 is 7.5%."]),
        ("We heard 7.5 per cent of the 138 who answered.", ["No whole number out of 138 is 7.5%."]),
        ("11 of 138 (7.5%)", ["11 of 138 is not 7.5%."]),
        ("11 out of 138 people (8.0%)", []),
        ("7.2% of 138 and 8% of 138", []),
        ("about 7.5% of 138", []),
        ("37% of 1.6 million", []),
        ("7.5% of 138%", []),
        ("30% of 7, 12% of 8", ["No whole number out of 7 is 30%."]),
    ],
)
def test_percentages_in_the_words_are_read(text, found):
    doubts = warnings_about(factories.activity(what_people_told_us=text))

    assert [doubt.what for doubt in doubts] == found
    assert {doubt.where for doubt in doubts} <= {"what people told us"}


def test_the_words_of_an_impact_are_read_too():
    activity = factories.activity()
    factories.impact(activity, "7.5% of 138 now know the signs.")

    assert [doubt.where for doubt in warnings_about(activity)] == ["what changed"]


# Only online


@pytest.mark.parametrize(
    ("modes", "routes", "way", "is_doubted"),
    [
        (["online"], [], "", True),
        (["online", "online"], ["online", "email"], "", True),
        ([], ["online"], "", True),
        (["online", "in_person"], [], "", False),
        (["online"], ["paper"], "", False),
        (["online"], [], "Paper in the library.", False),
        (["hybrid"], [], "", False),
        ([], [], "", False),
    ],
)
def test_what_is_only_online_is_doubted(modes, routes, way, is_doubted):
    activity = factories.activity(route_without_internet=way)
    for mode in modes:
        factories.session(activity, mode=mode)
    for route in routes:
        ResponseCount.objects.create(activity=activity, route=route, received=5)

    assert any("without the internet" in doubt.where for doubt in warnings_about(activity)) == is_doubted


# Totals of projects


def project_of(took_part_in_all: str | None, **fields) -> Project:
    """A project with a stated total, as the database gives it back."""
    return Project.objects.get(pk=projects.project(took_part_in_all=took_part_in_all, **fields).pk)


@pytest.mark.parametrize(
    ("stated", "fits"),
    [
        ("nearly 22,000", True),
        ("21,902", True),
        ("over 21,900", True),
        ("around 20,000", True),
        ("22,000", False),
        ("over 22,000", False),
        ("up to 21,000", False),
        ("nearly 24,000", False),
    ],
)
def test_a_stated_total_is_held_against_the_sum_of_its_parts(stated, fits):
    project = project_of(stated)
    for figure in ("5,675", "6,650", "4,094", "5,483"):
        factories.activity_count(factories.activity(project=project), figure)

    doubts = warnings_about_project(project)
    assert (doubts == []) == fits
    if not fits:
        assert doubts[0].what == f"“{stated}” is stated, and the activities add up to 21,902."
        assert not doubts[0].is_note


def test_a_declared_overlap_explains_a_total_below_the_sum_and_none_above_it():
    lower = project_of("90", overlaps="Ten came to both.")
    higher = project_of("110", overlaps="Ten came to both.")
    for project in (lower, higher):
        for _time in range(2):
            factories.activity_count(factories.activity(project=project), "50")

    (note,), (doubt,) = warnings_about_project(lower), warnings_about_project(higher)
    assert (note.is_note, note.right) == (True, "Some are counted twice: Ten came to both.")
    assert not doubt.is_note


def test_unlike_kinds_are_said_to_be_unaddable():
    project = project_of("80")
    factories.activity_count(factories.activity(project=project), "50 attended")
    factories.activity_count(factories.activity(project=project), "30 responses")

    (note,) = warnings_about_project(project)
    assert note.is_note
    assert note.what == "The activities count unlike things (attended, responses), so their numbers cannot be added."


def test_reach_is_never_a_part_of_people_who_took_part():
    project = project_of("50")
    activity = factories.activity(project=project)
    factories.activity_count(activity, "50")
    factories.activity_count(activity, "9,000", about="reached")

    assert warnings_about_project(project) == []


def test_activities_without_a_number_make_the_sum_a_least():
    fits, not_enough = project_of("80"), project_of("40")
    for project in (fits, not_enough):
        factories.activity_count(factories.activity(project=project), "50")
        factories.activity(project=project)

    assert warnings_about_project(fits) == []
    assert "1 activity has no number." in warnings_about_project(not_enough)[0].what


@pytest.mark.parametrize("stated", [None, "nearly all"])
def test_a_project_without_a_number_is_not_doubted(stated):
    project = project_of(stated)
    factories.activity_count(factories.activity(project=project), "50")

    assert warnings_about_project(project) == []


@pytest.mark.parametrize(("first", "second"), [("10 to 20", "15"), ("fewer than 10", "9"), ("around 60", "over 65")])
def test_counts_agree_when_some_number_fits_both(first, second):
    assert agree(parse_count(first, kind=Kind.ATTENDED), parse_count(second, kind=Kind.ATTENDED))
