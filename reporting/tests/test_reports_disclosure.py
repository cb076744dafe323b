"""Who has every report of a year, its figures and a solver is never left with one possible number of people."""

import datetime
import random
import re
from collections.abc import Iterable

import pytest
from django.db.models import F

from core.disclosure import WOULD_TELL, Sum, solved
from engagement.models import Participation
from engagement.tests import factories as engagement
from forums.models import Attendance
from forums.tests import factories as forums
from insights.models import Coding, Comment, Theme
from insights.tests import insight_factories as insight
from people.models import PopulationGroup
from people.tests import factories as people
from reporting.documents import kpis
from reporting.documents.frozen import freeze
from reporting.documents.register import TABLES
from reporting.documents.shapes import SHAPES
from reporting.models import Report
from reporting.tests import factories
from reporting.tests.kpis import noon, quarter
from reporting.tests.published_people import NEEDS, Attack, attack_on, base_of, of_share, same_after

pytestmark = pytest.mark.django_db
PAGES = ("", "activities/", "activities/a-1/", "how-your-views-are-used/", "still-to-hear-from/")  # of engagement
MONTHS = {1: 5, 2: 8, 3: 11, 4: 2}  # one in each quarter
QUESTIONS = {"sex": ("female", "male", "prefer-not-to-say"), "age": ("16-24", "25-64", "65-and-over", "not-said")}
Met = Attendance.Met


def day_of(number: int) -> datetime.date:
    return noon(MONTHS[number]).date()


@pytest.fixture(autouse=True)
def quarters() -> None:
    factories.body()
    for number in MONTHS:
        quarter(number)


# A record ----------------------------------------------------------------------------------------


def spoken(number: int, groups: Iterable[tuple[PopulationGroup | None, int, dict[Theme, int]]]) -> None:
    """Comments of a quarter: so many of a group, of which so many speak of each theme; the rest of the last one."""
    collection, on = insight.collection(), day_of(number)
    for group, size, themes in groups:
        rows = [
            Comment(
                collection=collection,
                reference=f"{group}-{each}",
                text=f"{number} {group} {each}",
                said_on=on,
                text_key=f"{group}-{each}",
            )
            for each in range(size)
        ]
        rows = Comment.objects.bulk_create(rows)
        if group:
            links = [Comment.groups.through(comment=row, populationgroup=group) for row in rows]
            Comment.groups.through.objects.bulk_create(links)
        *some, last = themes
        speaks = [(row, theme) for theme in some for row in rows[: themes[theme]]]
        speaks += [(row, last) for row in rows]
        Coding.objects.bulk_create(
            Coding(comment=row, theme=theme, origin="person", state="accepted", by_name="Ana Lyst")
            for row, theme in speaks
        )


def met(number: int, **answers: int) -> None:
    """What so many people said after a meeting of a quarter."""
    meeting = forums.meeting(forums.forum(), starts_at=noon(MONTHS[number]))
    for answer, times in answers.items():
        for _each in range(times):
            forums.attendance(meeting, people.person(), needs_met=answer)


def took_part(number: int, numbers: dict[str, list[int]]) -> None:
    fields = {"starts_on": day_of(number), "ends_on": day_of(number), "published_at": noon(MONTHS[number])}
    fields |= {"purpose": "To hear.", "can_influence": "The hours.", "cannot_influence": "The law."}
    activity = engagement.activity(f"A-{number}", slug=f"a-{number}", **fields)
    for code, counts in numbers.items():
        options = people.equality_question(code, QUESTIONS[code]).options.all()
        for option, count in zip(options, counts, strict=True):
            Participation.objects.create(
                activity=activity, option=option, on=day_of(number), source="form", number=count
            )


def made_up(seed: int) -> None:
    """A year of small groups: the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    frame = insight.frame(is_default=True)
    themes = [insight.theme(name, frame=frame) for name in ("Waiting", "Parking", "Kindness")]
    groups = [people.population_group(f"Group {letter}") for letter in "ABCD"]
    for number in MONTHS:
        sizes = [chance.choice((chance.randint(3, 29), chance.randint(30, 60))) for _group in groups]
        unknown = chance.choice((0, 0, 4))
        of = [(group, size) for group, size in zip(groups, sizes, strict=True)] + [(None, unknown)]
        spoken(
            number,
            [(group, size, {theme: chance.choice((0, size // 5, size)) for theme in themes}) for group, size in of],
        )
        met(number, yes=chance.randint(8, 40), partly=chance.randint(0, 12), no=chance.randint(0, 9))
        took_part(number, {code: [chance.randint(0, 14) for _ in options] for code, options in QUESTIONS.items()})


# What is published -------------------------------------------------------------------------------


def snapshot(kind: str, period) -> str:
    return freeze(SHAPES[kind].gather(factories.report(period, kind=kind)))[0]


def quarterlies() -> list[str]:
    return [snapshot(Report.Kind.QUARTERLY, quarter(number)) for number in MONTHS]


def pack() -> str:
    return snapshot(Report.Kind.ASSESSMENT, engagement.period())


def told() -> list:
    """What the reports of the year and its figures tell together."""
    return attack_on(quarterlies(), pack(), engagement.period()).finds()


def needs_of_the_year() -> str:
    return next(each.text for each in kpis.figures(engagement.period()) if each.name == NEEDS)


# The attack --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_the_reports_of_a_year_together_tell_no_number_of_people(seed):
    made_up(seed)
    attack = attack_on(quarterlies(), pack(), engagement.period())

    assert attack.finds() == []
    subjects = {count[1] for count in attack.ranges}
    assert {NEEDS, "Sex", "Age"} < subjects  # it had something to attack
    assert any(subject.startswith("Group ") for subject in subjects)


def test_the_attack_finds_groups_that_fill_all_that_was_said():
    attack = Attack()
    groups = [attack.count("quarter", name, between=base_of("30")) for name in ("Carers", "Farmers")]
    attack.knows(dict.fromkeys(groups, 1), 0, 60)

    assert attack.finds() == groups
    attack.knows(dict.fromkeys(groups, 1), 0, 61)
    assert Attack().finds() == []
    assert of_share("70", "50") == (33, 37)


def test_groups_that_would_tell_how_many_they_are_are_not_shown_and_the_report_says_why():
    frame = insight.frame(is_default=True)
    waiting, kindness = (insight.theme(name, frame=frame) for name in ("Waiting", "Kindness"))
    carers, farmers = people.population_group("Carers"), people.population_group("Farmers")
    spoken(1, [(carers, 30, {waiting: 30, kindness: 0}), (farmers, 30, {waiting: 3, kindness: 0})])
    spoken(2, [(carers, 31, {waiting: 31, kindness: 0}), (farmers, 31, {waiting: 3, kindness: 0})])
    for number in MONTHS:
        met(number, yes=1)
    withheld, shown = (
        SHAPES[Report.Kind.QUARTERLY].gather(factories.report(quarter(number), kind="quarterly")) for number in (1, 2)
    )
    (first, words), (second, _words) = (_groups(each) for each in (withheld, shown))

    assert (first.rows, first.nothing, first.note) == ([], WOULD_TELL, "")
    assert not [sentence for sentence in words if "more often" in sentence]
    assert [row.cells[:2] for row in second.rows] == [["Carers", "30"], ["Farmers", "30"]]
    assert told() == []


def _groups(facts) -> tuple:
    section = next(each for each in facts.sections if each.key == "feedback")
    return next(each for each in section.tables if each.key == "groups"), section.sentences


def test_a_year_that_would_tell_beside_its_quarters_has_no_figure_of_needs_and_the_quarters_keep_theirs():
    for number, (yes, partly, no) in enumerate([(22, 18, 3), (22, 14, 9), (37, 24, 2), (12, 18, 2)], start=1):
        met(number, yes=yes, partly=partly, no=no)

    assert needs_of_the_year() == WOULD_TELL
    assert kpis.MEASURES["needs-met"].compute(kpis.Asked(quarter(1))).counted == 20
    assert told() == []


def test_a_year_that_tells_nothing_beside_its_quarters_keeps_its_figure_of_needs():
    for number in MONTHS:
        met(number, yes=25, partly=10)

    assert needs_of_the_year() == "71% (100 of 140)"


# Never the same people ---------------------------------------------------------------------------


def open_data() -> list:
    return [list(table.csv_rows()) for table in TABLES]


def test_who_took_part_is_published_for_a_year_alone(client):
    """The pack's people by characteristic stand in no quarterly report, annual report, open table or public page."""
    made_up(1)
    year = engagement.period()

    def read(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())

    def elsewhere():
        pages = [read(f"/taking-part/{page}") for page in PAGES] + [read("/you-said-we-did/"), read("/our-plans/")]
        return [*quarterlies(), snapshot(Report.Kind.ANNUAL, year), *open_data(), *pages]

    more = Participation.objects.update
    assert same_after(lambda: more(number=F("number") + 50), elsewhere)
    assert not same_after(lambda: more(number=F("number") + 50), pack)


def test_groups_in_comments_and_needs_stand_in_quarterly_reports_alone():
    """So no report of a year is the sum of what quarterly reports publish of the same people."""
    made_up(1)
    year = engagement.period()

    def of_years():
        return pack(), snapshot(Report.Kind.ANNUAL, year), open_data()

    def change():
        Comment.groups.through.objects.all().delete()
        Attendance.objects.update(needs_met=Met.NO)

    before = quarterlies()
    assert same_after(change, of_years)
    assert quarterlies() != before


# The rule ----------------------------------------------------------------------------------------


def test_what_a_whole_and_its_parts_tell_is_solved_by_place():
    parts, whole = [(8, 12), (8, 12)], (18, 22)
    adds_up = {0: 1, 1: 1, 2: -1}

    assert solved([*parts, whole], [Sum(adds_up, 0, 0)]) == []
    assert solved([*parts, (24, 28)], [Sum(adds_up, 0, 0)]) == [0, 1, 2]
    assert solved([(5, 5), (1, 7)], []) == []
    with pytest.raises(ValueError, match="cannot all be true"):
        solved([*parts, (30, 34)], [Sum(adds_up, 0, 0)])
