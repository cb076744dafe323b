"""Counts keep their qualifier, their kind and their words, on the way in and on the way out."""

import csv
import itertools
import signal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from core.counts import NOT_PEOPLE, Count, CountFormField, Kind, Qualifier, UnlikeCounts, kind_of, parse_count, total

DEMO = settings.BASE_DIR / "profiles" / "demo" / "hertfordshire-and-west-essex-2023-24"
SECONDS_OF_WORK = 20

MEANT = {
    "138": Count(138),
    "138.0": Count(138),
    "007": Count(7),
    "0": Count(0),
    "12.": Count(12),
    "over 700": Count(700, Qualifier.OVER),
    "Over 700 in the network": Count(700, Qualifier.OVER, note="in the network", kind=Kind.SIZE),
    "more than 700": Count(700, Qualifier.OVER),
    "> 30": Count(30, Qualifier.OVER),
    "at least 50": Count(50, Qualifier.AT_LEAST),
    "≥30": Count(30, Qualifier.AT_LEAST),
    "50+": Count(50, Qualifier.AT_LEAST),
    "50 +": Count(50, Qualifier.AT_LEAST),
    "over 50+": Count(50, Qualifier.OVER),
    "around 60": Count(60, Qualifier.AROUND),
    "c. 40": Count(40, Qualifier.AROUND),
    "approx 5": Count(5, Qualifier.AROUND),
    "~40": Count(40, Qualifier.AROUND),
    "nearly 100": Count(100, Qualifier.NEARLY),
    "up to 4": Count(4, Qualifier.UP_TO),
    "fewer than 10 people": Count(10, Qualifier.FEWER_THAN, note="people"),
    "<5": Count(5, Qualifier.FEWER_THAN),
    "exactly 30": Count(30),
    "nearly all": Count(None, Qualifier.NEARLY_ALL),
    "almost everyone": Count(None, Qualifier.NEARLY_ALL),
    "nearly all of the members": Count(None, Qualifier.NEARLY_ALL, note="of the members", kind=Kind.SIZE),
    "10 to 12": Count(10, upper=12),
    "10-12": Count(10, upper=12),
    "10–12 people": Count(10, upper=12, note="people"),
    "between 10 and 12": Count(10, upper=12),
    "2 to 3k": Count(2000, upper=3000),
    "2k to 3k": Count(2000, upper=3000),
    "500 to 1k": Count(500, upper=1000),
    "1.8m": Count(1_800_000),
    "1.8 million people": Count(1_800_000, note="people"),
    "about 5k": Count(5000, Qualifier.AROUND),
    "1,234,567": Count(1_234_567),
    "1 234": Count(1234),
    "12\u00a0000": Count(12_000),
    "10 minutes": Count(10, note="minutes"),
    "5 of 30": Count(5, note="of 30"),
    "30 (15 online)": Count(30, note="(15 online)"),
    "30, of them 5 carers": Count(30, note="of them 5 carers"),
    "30 16-year-olds": Count(30, note="16-year-olds"),
    "2147483647": Count(2_147_483_647),
}


@pytest.mark.parametrize("text", MEANT)
def test_a_count_is_read_as_it_is_meant(text):
    assert parse_count(text) == MEANT[text]


@pytest.mark.parametrize("text", MEANT)
def test_a_count_is_stored_as_text_that_means_the_same(text):
    count = parse_count(text)

    assert parse_count(count.text) == count


def test_every_qualifier_figure_and_note_comes_back_from_its_text():
    qualifiers = [each for each in Qualifier if each != Qualifier.NEARLY_ALL]
    values = [0, 1, 7, 8, 999, 1000, 1001, 54_321, 2_147_483_647]
    notes = ["", "people", "in the network", "(15 online)", "registered for a recent session", "of 30", "k9 owners"]

    counts = [
        Count(value, qualifier, upper, note, kind_of(note))
        for qualifier, value, note in itertools.product(qualifiers, values, notes)
        for upper in (None, 2_147_483_647)
    ]

    assert [parse_count(count.text) for count in counts] == counts


@pytest.mark.parametrize("text", ["", "  ", "not recorded", "Unknown", "-", "–", "n/a", "tbc", "?"])
def test_unknown_is_no_count(text):
    assert parse_count(text) is None


BAD = [
    "lots",
    "many",
    "a dozen",
    "none",
    "-5",
    "over -5",
    "12.5",
    "1,00",
    "1,2345",
    "12 345 678901",
    "1" + "0" * 30,
    "2147483648",
    "999,999,999,999",
    "٣",
    "１２",
    "½",
    "³",
    "12%",
    "12 %",
    "12 per cent",
    "£12",
    "20/30",
    "12-10",
    "2023-24",
    "1 to 2 to 3",
    "between 5",
    "5 million-odd",
    "2 dozen",
    "3 hundred",
    "2 billion",
    "5 and a half",
    "20, to 30 people",
    "5, k people",
    "1.8mm",
    "1.0000000001m",
    "9" * 5000,
    "1" + ",111" * 2000,
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:20])
def test_what_is_no_count_is_refused_with_an_example_or_a_remedy(text):
    with pytest.raises(ValidationError) as error:
        parse_count(text)

    problem, fix = error.value.messages[0].rsplit(". ", 1)
    assert text[:59] in problem
    assert fix


ENDLESS = [
    "1,",
    "1 to ",
    "over ",
    "1 ",
    " ,",
    "9",
    "1 111 ",
    "nearly all ",
    "between ",
    "1.0",
    "members ",
    "1-",
    "(",
    "in the ",
]


@pytest.fixture
def not_for_ever():
    """Ends a test that keeps the processor busy without end. How fast the machine is does not matter."""

    def give_up(*signal_and_frame):
        pytest.fail("it does not end")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_OF_WORK)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("text", ENDLESS)
def test_a_very_long_text_does_not_take_for_ever(text, not_for_ever):
    for start in ("", "12 ", "over 12, "):
        with pytest.raises(ValidationError):
            parse_count(start + text * 100_000 + "x")


@pytest.mark.parametrize("text", ENDLESS)
def test_a_text_of_the_longest_length_does_not_take_for_ever(text, not_for_ever):
    for _repeat in range(100):
        try:
            parse_count(("12 " + text * 500)[:500])
        except ValidationError:
            continue


def cells(name: str, *columns: str) -> list[str]:
    with Path(DEMO / name).open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file) for column in columns if row[column]]


def test_every_count_of_the_demo_is_read_with_its_words():
    typed = cells("activities.csv", "people_reached", "people_took_part") + cells("forums.csv", "members")

    assert typed
    assert [parse_count(text).text for text in typed] == typed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("over 25 registered for a recent session", Kind.REGISTERED),
        ("over 1,500 at one webinar or more since March 2022", Kind.CUMULATIVE),
        ("around 60 on the panel", Kind.SIZE),
        ("over 5,000 subscribers", Kind.SIZE),
        ("138 responses", Kind.RESPONSES),
        ("30 attended", Kind.ATTENDED),
        ("30 different people", Kind.UNIQUE),
        ("290,000 households", Kind.REACH),
        ("4,200 views of the video", Kind.REACH),
        ("853,048 impressions", Kind.IMPRESSIONS),
        ("3,000 copies", Kind.COPIES),
        ("500 leaflets handed out", Kind.COPIES),
        ("1,200 clicks and likes", Kind.INTERACTIONS),
        ("9", Kind.TOOK_PART),
    ],
)
def test_the_words_name_the_kind_and_the_column_does_where_they_do_not(text, kind):
    assert parse_count(text, kind=Kind.TOOK_PART).kind == kind


def test_counts_of_one_addable_kind_add_up_as_exactly_as_the_least_exact():
    ten, over_ten, around_ten = (Count(10, each, kind=Kind.ATTENDED) for each in ("", "over", "around"))
    span = Count(10, upper=20, kind=Kind.ATTENDED)

    assert str(ten + ten) == "20 attended"
    assert (ten + over_ten).figure == "over 20"
    assert (ten + around_ten).figure == "around 20"
    assert (over_ten + around_ten).figure == "around 20"
    assert (ten + span).figure == "at least 20"
    assert (over_ten + span).figure == "at least 20"


@pytest.mark.parametrize(
    "other",
    [Count(5, kind=Kind.REGISTERED), Count(None, Qualifier.NEARLY_ALL, kind=Kind.ATTENDED), Count(5, kind=Kind.SIZE)],
)
def test_unlike_counts_refuse_to_add(other):
    with pytest.raises(UnlikeCounts):
        Count(5, kind=Kind.ATTENDED) + other


def test_sizes_refuse_to_add_because_they_overlap():
    with pytest.raises(UnlikeCounts):
        Count(5, kind=Kind.SIZE) + Count(5, kind=Kind.SIZE)


@pytest.mark.parametrize("kind", sorted(NOT_PEOPLE))
def test_what_does_not_count_people_refuses_to_add_even_to_itself(kind):
    with pytest.raises(UnlikeCounts):
        Count(5, kind=kind) + Count(5, kind=kind)
    with pytest.raises(UnlikeCounts):
        Count(5, kind=kind) + Count(5, kind=Kind.TOOK_PART)


def test_a_chosen_kind_is_printed_where_there_are_no_words():
    assert str(Count(4200, kind=Kind.VIEWS)) == "4,200 views"
    assert str(Count(3000, Qualifier.OVER, kind=Kind.COPIES)) == "over 3,000 copies handed out"


def test_a_count_adds_to_nothing_but_a_count():
    with pytest.raises(TypeError):
        Count(5, kind=Kind.ATTENDED) + 5


def test_a_total_leaves_out_what_has_no_number_and_says_so():
    known, unknown = Count(5, kind=Kind.ATTENDED), Count(None, Qualifier.NEARLY_ALL, kind=Kind.ATTENDED)

    assert total([unknown]) is None
    assert total([]) is None
    assert total([known, known]).figure == "10"
    assert total([known, unknown]).figure == "at least 5"
    assert total([Count(5, Qualifier.OVER, kind=Kind.ATTENDED), unknown]).figure == "over 5"


def test_people_read_the_words_or_else_the_kind():
    assert str(Count(700, Qualifier.OVER, note="in the network", kind=Kind.SIZE)) == "over 700 in the network"
    assert str(Count(9, kind=Kind.TOOK_PART)) == "9 took part"
    assert str(Count(9)) == "9"
    assert str(Count(None, Qualifier.NEARLY_ALL)) == "nearly all (number not recorded)"


def test_a_form_field_shows_what_was_typed_and_cleans_to_the_count():
    field = CountFormField(required=False, count_kind=Kind.SIZE, empty_value=None)
    count = field.clean("over 700")

    assert count == Count(700, Qualifier.OVER, kind=Kind.SIZE)
    assert field.prepare_value(count) == "over 700"
    assert field.clean("") is None
    assert not field.has_changed(count, "over 700")
    assert field.has_changed(count, "over 800")
