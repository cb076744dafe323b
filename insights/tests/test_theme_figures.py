"""Figures of themes: what is counted, of how many, by whose word; who speaks of what more often; who sees them."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.tests import factories as engagement
from insights.documents import theme_figures as documents
from insights.documents import theme_splits
from insights.models import Campaign, Coding, Comment, LearningRun, Quote, SampleCheck
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def frame():
    return factories.frame(name="Our frame")


@pytest.fixture
def collection():
    return factories.collection(title="Stall in the market")


def coded(collection, *themes, number=1, groups=(), **fields):
    """So many comments, each coded by a person with the themes."""
    rows = [factories.comment(collection=collection, **fields) for _each in range(number)]
    for row in rows:
        row.groups.set(groups)
        for theme in themes:
            factories.coding(row, theme)
    return rows


def figures_of(collection, frame):
    return documents.theme_figures([collection], frame)


def split_of(split, collection, frame, themes):
    figures = figures_of(collection, frame)
    return split(figures.scope, themes, figures.numbers.coded)


# What is counted ---------------------------------------------------------------------------------


def test_only_accepted_codes_of_comments_that_may_be_read_count(collection, frame):
    waiting, parking = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    coded(collection, waiting, number=2)
    coded(collection, waiting, parking)
    suggested, *_rest = coded(collection)
    factories.suggestion(suggested, parking)
    coded(collection, waiting, is_held=True)
    (gone,) = coded(collection, waiting)
    Comment.objects.filter(pk=gone.pk).update(text="")
    coded(factories.collection(), waiting)

    found = figures_of(collection, frame)
    assert [(row.theme.name, row.comments, row.of) for row in found.rows] == [("Waiting", 3, 3), ("Parking", 1, 3)]
    assert [round(row.percent) for row in found.rows] == [100, 33]
    numbers = found.numbers
    assert (numbers.comments, numbers.usable, numbers.held, numbers.gone) == (6, 4, 1, 1)
    assert (numbers.coded, numbers.uncoded, numbers.waiting) == (3, 1, 1)


def test_what_cannot_be_coded_stands_beside_the_shares_and_not_in_them(collection, frame):
    waiting = factories.theme("Waiting", frame=frame)
    nothing = factories.theme("Cannot be coded", frame=frame, is_remainder=True)
    coded(collection, waiting)
    coded(collection, nothing, number=3)

    found = figures_of(collection, frame)
    assert [(row.theme.name, row.comments, row.of) for row in found.rows] == [("Waiting", 1, 1)]
    assert [(row.comments, row.percent) for row in found.remainders] == [(3, None)]
    assert (found.numbers.coded, found.numbers.nothing, found.numbers.uncoded) == (1, 3, 0)


def test_codes_of_another_frame_count_nowhere(collection, frame):
    factories.theme("Waiting", frame=frame)
    coded(collection, factories.theme("Of another frame"))
    found = figures_of(collection, frame)
    assert (found.numbers.coded, [row.comments for row in found.rows]) == (0, [0])
    assert [row.percent for row in found.rows] == [None]


def test_a_letter_that_came_often_is_said_and_counted_once_too(collection, frame):
    waiting, parking = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    letter = Campaign.objects.create(collection=collection, kind="campaign", size=6)
    short = Campaign.objects.create(collection=collection, kind="repeat", size=2)
    coded(collection, waiting, number=6, campaign=letter)
    coded(collection, parking, number=2, campaign=short)
    coded(collection, waiting)

    found = figures_of(collection, frame)
    assert [(row.theme.name, row.comments, row.of, row.once, row.of_once) for row in found.rows] == [
        ("Waiting", 7, 9, 2, 4),
        ("Parking", 2, 9, 2, 4),
    ]
    assert (found.dominance.largest, found.dominance.total, found.dominance.is_dominated) == (6, 9, True)


def test_it_says_who_answers_for_the_codes_and_how_far_the_sample_agreed(collection, frame):
    theme = factories.theme("Waiting", frame=frame)
    run = LearningRun.objects.create(frame=frame, collection=collection, frame_edition=1)
    check = SampleCheck.objects.create(
        run=run,
        size=20,
        of=200,
        finished_at=timezone.now(),
        accepted_at=timezone.now(),
        accepted_because="Good enough",
        agreement={"comments": 20, "same": 18},
    )
    rows = coded(collection, number=5)
    machine = {"origin": "machine", "confidence": 0.9}
    factories.coding(rows[0], theme)
    factories.coding(rows[1], theme, origin="source")
    factories.coding(rows[2], theme, **machine)
    for row in rows[3:]:
        factories.coding(row, theme, check_of=check, **machine)

    found = figures_of(collection, frame)
    assert [number for _words, number in found.accepted] == [1, 1, 1, 2]
    assert [(row.check, row.codes, row.same) for row in found.checks] == [(check, 2, 18)]


def test_sentiment_is_as_the_source_has_it(collection, frame):
    theme = factories.theme(frame=frame)
    coded(collection, theme, number=2, sentiment=1)
    coded(collection, theme, sentiment=5)
    coded(collection, theme)
    assert figures_of(collection, frame).rows[0].sentiments == (2, 0, 0, 0, 1, 1)


def test_several_collections_are_counted_together(collection, frame):
    theme, other = factories.theme(frame=frame), factories.collection()
    coded(collection, theme)
    coded(other, theme, number=2)
    found = documents.theme_figures([collection, other], frame)
    assert (found.rows[0].comments, found.numbers.coded) == (3, 3)


# Who speaks of what ------------------------------------------------------------------------------


def test_a_difference_that_chance_can_make_is_not_named(collection, frame):
    waiting, parking = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    carers, young = people.population_group("Carers"), people.population_group("Young people")
    for group, spoke in ((carers, 24), (young, 16)):
        coded(collection, waiting, number=spoke, groups=[group])
        coded(collection, parking, number=40 - spoke, groups=[group])
    split = split_of(theme_splits.by_group, collection, frame, [waiting, parking])
    assert [[cell.text for cell in cells] for _name, _base, cells in split.rows] == [["62%", "38%"], ["38%", "62%"]]
    assert split.sentences == ()


def test_a_group_speaks_of_a_theme_more_often_only_where_that_holds(collection, frame):
    waiting, parking = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    carers, young = people.population_group("Carers"), people.population_group("Young people")
    coded(collection, waiting, parking, number=30, groups=[carers])
    coded(collection, parking, number=10, groups=[carers])
    coded(collection, waiting, number=10, groups=[young])
    coded(collection, parking, number=30, groups=[young])
    coded(collection, waiting, number=5)

    split = split_of(theme_splits.by_group, collection, frame, [waiting, parking])
    assert split.sentences == (
        "People in the group “Carers” speak of “Waiting” more often: 75% of about 40 people, "
        "against 25% of about 40 others.",
    )
    assert [[(cell.text, cell.way) for cell in cells] for _name, _base, cells in split.rows] == [
        [("75%", "more"), ("not shown", "")],
        [("25%", "less"), ("75%", "")],
    ]
    assert [(name, base) for name, base, _cells in split.rows] == [("Carers", "40"), ("Young people", "40")]
    assert split.unknown == 5


def test_small_groups_are_not_shown_and_small_numbers_are_hidden(collection, frame):
    waiting, parking = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    carers, few = people.population_group("Carers"), people.population_group("Few")
    coded(collection, waiting, number=33, groups=[carers])
    coded(collection, parking, number=7, groups=[carers])
    coded(collection, parking, number=29, groups=[few])
    coded(collection, parking, number=9, groups=[carers], is_held=True)

    split = split_of(theme_splits.by_group, collection, frame, [waiting, parking])
    ((name, base, cells),) = split.rows
    assert (name, base, [cell.text for cell in cells]) == ("Carers", "40", ["88%", "*"])
    assert split.too_few == ("Few",)
    assert split.sentences == ()


def test_a_comment_of_two_groups_is_compared_with_neither_of_them(collection, frame):
    theme, other = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    carers, young = people.population_group("Carers"), people.population_group("Young people")
    coded(collection, theme, number=30, groups=[carers, young])
    coded(collection, other, number=10, groups=[carers, young])
    coded(collection, other, number=40, groups=[carers])

    split = split_of(theme_splits.by_group, collection, frame, [theme])
    assert [(name, base) for name, base, _cells in split.rows] == [("Carers", "40"), ("More than one group", "40")]
    assert split.sentences == ()  # none of the carers speaks of it: that cannot be shown, so no difference is


def test_places_are_compared_as_groups_are(collection, frame):
    theme, other = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    here, there = people.area("Stevenage"), people.area("Harlow")
    coded(collection, theme, number=40, area=here)
    coded(collection, other, number=20, area=here)
    coded(collection, theme, number=10, area=there)
    coded(collection, other, number=50, area=there)
    coded(collection, other)

    split = split_of(theme_splits.by_place, collection, frame, [theme])
    assert [(name, base, cells[0].text, cells[0].way) for name, base, cells in split.rows] == [
        ("Harlow", "60", "17%", "less"),
        ("Stevenage", "60", "67%", "more"),
    ]
    assert split.unknown == 1


def test_quarters_stand_in_order_and_those_without_a_day_are_stated(collection, frame):
    theme, other = factories.theme("Waiting", frame=frame), factories.theme("Parking", frame=frame)
    for day, spoke in ((datetime.date(2024, 2, 1), 10), (datetime.date(2024, 8, 1), 30)):
        coded(collection, theme, number=spoke, said_on=day)
        coded(collection, other, number=40 - spoke, said_on=day)
    coded(collection, theme, said_on=None)

    split = split_of(theme_splits.over_time, collection, frame, [theme])
    assert [(name, cells[0].text) for name, _base, cells in split.rows] == [
        ("January to March 2024", "25%"),
        ("July to September 2024", "75%"),
    ]
    assert split.unknown == 1


# The pages ---------------------------------------------------------------------------------------


def test_the_page_shows_the_base_and_the_csv_the_same_figures(client, officer, collection, frame):
    waiting = factories.theme("=Waiting", frame=frame)
    nothing = factories.theme("Cannot be coded", frame=frame, is_remainder=True)
    coded(collection, waiting, number=2)
    coded(collection, nothing)

    page = client.get(reverse("insight_work:theme_figures", args=[collection.pk])).content.decode()
    assert "2 comments have a theme, of 3 that may be read." in page
    assert "1 comment is coded as “Cannot be coded”. It has no share." in page.replace("Besides, ", "")
    answer = client.get(reverse("insight_work:theme_figures_csv", args=[collection.pk]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["theme"], row["comments"], row["of_coded_comments"], row["percent"]) for row in rows] == [
        ("'=Waiting", "2", "2", "100.0"),
        ("Cannot be coded", "1", "", ""),
    ]


def test_before_anything_is_coded_the_page_says_what_to_do(client, officer, collection):
    page = client.get(reverse("insight_work:theme_figures", args=[collection.pk]))
    assert (page.status_code, "Code some comments first" in page.content.decode()) == (200, True)
    assert client.get(reverse("insight_work:theme_figures_csv", args=[collection.pk])).status_code == 404


@pytest.mark.parametrize("name", ["theme_figures", "theme_figures_csv"])
def test_figures_of_another_area_are_not_found_and_members_are_refused(client, frame, name):
    here, there = people.area(), people.area()
    collection = factories.collection(activity=engagement.activity(areas=[here]))
    coded(collection, factories.theme(frame=frame))
    url = reverse(f"insight_work:{name}", args=[collection.pk])
    expected = [("officer", here, 200), ("officer", there, 404), ("project_lead", here, 403), ("member", None, 403)]
    for role, area, status in expected:
        client.force_login(people.user(role, area=area))
        assert (role, client.get(url).status_code) == (role, status)
    client.logout()
    assert client.get(url).status_code == 302


def test_the_page_of_a_theme_shows_usable_quotes_findings_and_gaps_of_ones_own_area(client, frame):
    here, there = people.area(), people.area()
    theme = factories.theme("Waiting", frame=frame, definition="Any delay.")
    mine = factories.collection(activity=engagement.activity(areas=[here]), title="Mine")
    other = factories.collection(activity=engagement.activity(areas=[there]), title="Xylophone")
    said = {"consent": "form", "consent_on": factories.DAY, "said_by_whom": "A carer"}
    (row,) = coded(mine, theme)
    Quote.objects.create(comment=row, words="I had to wait", **said)
    Quote.objects.create(comment=row, words="weeks", withdrawn_on=factories.DAY, **said)
    (row,) = coded(other, theme)
    Quote.objects.create(comment=row, words="had to wait", **said)
    people.population_group("Carers", is_always_considered=True)
    client.force_login(people.user("officer", area=here))

    page = client.get(reverse("insight_work:theme_page", args=[theme.pk]))
    text = page.content.decode()
    assert [quote.words for quote in page.context["page"].quotes] == ["I had to wait"]
    assert "1 of 1 coded comments speak of it" in text
    assert "Any delay." in text
    assert "Too few comments to say what these groups think: Carers." in text
    assert "No agreed finding rests on it." in text
    assert "Xylophone" not in text
    client.force_login(people.member().user)
    assert client.get(reverse("insight_work:theme_page", args=[theme.pk])).status_code == 403


@pytest.mark.parametrize("name", ["theme_figures", "theme_page"])
def test_pages_ask_the_same_number_of_questions_whatever_there_is(client, officer, collection, frame, name):
    group, place = people.population_group(), people.area()
    theme = factories.theme(frame=frame)
    url = reverse(f"insight_work:{name}", args=[collection.pk if name == "theme_figures" else theme.pk])
    counts = []
    for number in (1, 9, 90):
        more = factories.theme(frame=frame)
        coded(collection, theme, more, number=number, groups=[group], area=place)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert Coding.objects.count() == 200
