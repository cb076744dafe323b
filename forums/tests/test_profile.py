"""The sections of a profile about forums: rows in any order, known forums enriched, a slip named with its row."""

from datetime import date
from decimal import Decimal

import pytest

from core import profiles
from core.profiles import ProfileError
from forums.models import (
    Criterion,
    ExpenseCategory,
    Forum,
    ForumAlias,
    ForumKind,
    ForumLink,
    SeatRole,
    Standard,
    Training,
)
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db

KINDS = """
[[forum_kind]]
code = "panel"
name = "Panel"

[[forum_kind]]
code = "board"
name = "Board"
is_committee = true

[[seat_role]]
code = "chair"
name = "Chair"
is_chair = true
"""
PANEL = """
[[forum]]
name = "Panel A"
kind = "panel"
level = "system"
"""
BOARD = """
[[forum]]
name = "The Board"
kind = "board"
level = "system"
aliases = ["Governing body"]
"""
FULL = (
    PANEL
    + """
role = "advises"
area = "Harlow"
organisation = "The ICB"
parent = "Panel B"
successor = "panel b"
meets_before = "Governing body"
purpose = "It listens."
remit = "It may ask."
remit_is_agreed = true
chair = "A patient"
contact = "panel@example.org"
website = "https://example.org/panel"
size = "around 60"
minimum_age = 12
maximum_age = 19
is_open = true
meets = "monthly"
default_mode = "online"
papers_days = 7
questions_per_meeting = 2
no_links_from = "neighbourhood"
status = "interim"
interim_on = 2023-01-01
established_on = 2023-04-01
aliases = ["Panel Alpha", "لجنة القراء", "Panel 🙂"]
cadence = [
    { unit = "per_year", number = 4, starts_on = 2023-04-01 },
    { unit = "as_needed", starts_on = 2024-04-01 },
]
terms = [{ version = "1", text = "We meet.", agreed_on = 2023-05-01, agreed_by = "The Board", review_on = 2024-05-01 }]
seats = [
    { role = "chair", minimum = 1, maximum = 1, attends_every = 3 },
    { role = "chair", minimum = 0, required = false, nominated_by = "The ICB", from_forum = "Panel B" },
]
links = [
    { kind = "reports_to", to = "Governing body" },
    { kind = "represented_on", to = "Panel B", seats = 2 },
    { kind = "feeds", to_name = "Somebody else" },
]
"""
    + PANEL.replace("Panel A", "Panel B")
    + BOARD
)


@pytest.fixture
def load(tmp_path):
    people.area("Harlow")
    people.organisation("Integrated Care Board").aliases.create(name="The ICB")

    def load(text: str) -> None:
        path = tmp_path / "body.toml"
        path.write_text(KINDS + text, encoding="utf-8")
        profiles.load(path)

    return load


def test_a_forum_has_every_field_of_its_row_though_it_names_others_further_down(load):
    load(FULL)

    forum = Forum.objects.get(name="Panel A")
    assert (forum.kind.code, forum.area.name, forum.organisation.name) == ("panel", "Harlow", "Integrated Care Board")
    assert (forum.parent.name, forum.successor.name, forum.meets_before.name) == ("Panel B", "Panel B", "The Board")
    assert (forum.role, forum.level, forum.status, forum.default_mode) == ("advises", "system", "interim", "online")
    assert (forum.purpose, forum.remit, forum.remit_is_agreed, forum.chair) == (
        "It listens.",
        "It may ask.",
        True,
        "A patient",
    )
    assert (forum.contact, forum.website) == ("panel@example.org", "https://example.org/panel")
    assert (forum.size.text, forum.size.kind) == ("around 60", "size")
    assert (forum.minimum_age, forum.maximum_age, forum.is_open, forum.meets) == (12, 19, True, "monthly")
    assert (forum.papers_days, forum.questions_per_meeting, forum.no_links_from) == (7, 2, "neighbourhood")
    assert (forum.interim_on, forum.established_on) == (date(2023, 1, 1), date(2023, 4, 1))
    assert {alias.name for alias in forum.aliases.all()} == {"Panel Alpha", "لجنة القراء", "Panel 🙂"}
    assert [(rule.unit, rule.number) for rule in forum.cadences.all()] == [("per_year", 4), ("as_needed", None)]
    assert forum.terms.get().agreed_by == "The Board"
    assert [(r.minimum, r.maximum, r.is_required, r.attends_every) for r in forum.seat_rules.order_by("pk")] == [
        (1, 1, True, 3),
        (0, None, False, None),
    ]
    second = forum.seat_rules.order_by("pk").last()
    assert (second.nominated_by.name, second.from_forum.name) == ("Integrated Care Board", "Panel B")
    assert {(link.kind, link.target, link.seats) for link in forum.links.all()} == {
        ("reports_to", "The Board", 1),
        ("represented_on", "Panel B", 2),
        ("feeds", "Somebody else", 1),
    }


def test_loading_it_again_writes_no_row_and_no_history(load):
    load(FULL)
    before = list(Forum.objects.values()), list(ForumLink.objects.values()), Forum.history.count()
    load(FULL)

    assert (list(Forum.objects.values()), list(ForumLink.objects.values()), Forum.history.count()) == before
    assert (ForumAlias.objects.count(), Forum.objects.count()) == (4, 3)


def test_a_forum_known_under_an_older_name_is_enriched_and_not_doubled(load):
    known = factories.forum("Readers", chair="Ada", purpose="As staff wrote it.")
    known.aliases.create(name="Panel A")
    load(PANEL.replace('"system"', '"place"') + 'size = "over 700"\n')

    forum = Forum.objects.get()
    assert (forum.pk, forum.name, forum.chair, forum.purpose) == (known.pk, "Readers", "Ada", "As staff wrote it.")
    assert (forum.level, forum.size.text) == ("place", "over 700")


def test_a_forum_that_is_recorded_needs_only_what_is_new(load):
    factories.forum("Panel A")
    load('[[forum]]\nname = "panel a"\nis_open = true\n')

    assert Forum.objects.get().is_open


def test_two_rows_whose_names_differ_in_their_capitals_only_are_one_forum(load):
    load(PANEL + 'aliases = ["The Board"]\n' + BOARD.replace("The Board", "THE BOARD"))

    assert Forum.objects.get().name == "Panel A"


def test_a_forum_that_staff_have_begun_is_not_proposed_again(load):
    load(PANEL + 'status = "proposed"\n')
    Forum.objects.update(status="live")
    load(PANEL + 'status = "proposed"\n')

    assert Forum.objects.get().status == "live"


@pytest.mark.parametrize("words", ["The Board", "governing body"])
def test_a_tie_in_words_leads_to_the_board_once_it_is_recorded(load, words):
    known = factories.forum_link(factories.forum("Panel A"), to_name=words)
    load(PANEL + 'links = [{ kind = "reports_to", to = "The Board" }]\n' + BOARD)

    link = ForumLink.objects.get()
    assert (link.pk, link.to_name, link.to_forum.name) == (known.pk, "", "The Board")


def test_a_forum_that_takes_nobody_straight_from_a_level_is_heeded_in_one_file_too(load):
    row = PANEL.replace("system", "practice") + 'links = [{ kind = "represented_on", to = "The Board" }]\n'

    with pytest.raises(ProfileError, match="takes no representatives straight from this level"):
        load(row + BOARD + 'no_links_from = "practice"\n')


def test_a_recorded_board_is_as_its_row_says_under_its_other_name_too(load):
    factories.committee("The Board").aliases.create(name="Governing body")
    row = PANEL.replace("system", "practice") + 'links = [{ kind = "represented_on", to = "Governing body" }]\n'

    with pytest.raises(ProfileError, match="takes no representatives straight from this level"):
        load(row + '[[forum]]\nname = "The Board"\nno_links_from = "practice"\n')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PANEL + 'size = "a lot"\n', "Panel A: size: “a lot” is not a count"),
        (PANEL + 'kind_of = "x"\n', "Panel A: nobody reads kind_of"),
        (PANEL.replace('kind = "panel"', 'kind = "circus"'), "Panel A: there is no kind of forum “circus”"),
        (PANEL.replace('level = "system"', ""), "Panel A: a forum that is not recorded yet needs its level"),
        (PANEL.replace('"system"', '"moon"'), "Panel A: Value 'moon' is not a valid choice"),
        (PANEL + 'area = "Atlantis"\n', "Panel A: there is no area “Atlantis”"),
        (PANEL + 'organisation = "Nobody"\n', "Panel A: there is no organisation “Nobody”"),
        (PANEL + 'parent = "Panel Z"\n', "Panel A: there is no forum “Panel Z”"),
        (PANEL + 'parent = "Panel A"\n', "Panel A: A forum cannot be a working group of itself"),
        (PANEL + 'established_on = "soon"\n', "Panel A: established_on: “soon” value has an invalid date format"),
        (PANEL + "minimum_age = 19\nmaximum_age = 12\n", "Panel A: The oldest age must not be lower"),
        (PANEL + 'status = "closed"\n', "Panel A: Say when it closed"),
        (PANEL + 'aliases = "Panel"\n', "Panel A: aliases must be a list"),
        (BOARD + PANEL + 'aliases = ["governing body"]\n', "Panel A: “governing body” is a name of The Board already"),
        (PANEL + 'cadence = [{ unit = "moons", starts_on = 2023-04-01 }]\n', "Panel A: Value 'moons' is not a valid"),
        (PANEL + 'cadence = [{ unit = "weeks", starts_on = 2023-04-01 }]\n', "Panel A: Say how many"),
        (PANEL + 'seats = [{ role = "jester" }]\n', "Panel A: there is no role of a seat “jester”"),
        (PANEL + 'seats = [{ role = "chair", minimum = 2, maximum = 1 }]\n', "Panel A: The largest number of seats"),
        (PANEL + 'seats = [{ role = "chair", count = 2 }]\n', "Panel A: nobody reads count"),
        (PANEL + 'links = [{ kind = "reports_to", to = "Nowhere" }]\n', "Panel A: there is no forum “Nowhere”"),
        (PANEL + 'links = [{ kind = "reports_to" }]\n', "Panel A: Choose a forum or name another body"),
        (PANEL + 'links = [{ kind = "feeds", to = "Panel A" }]\n', "Panel A: A forum cannot be tied to itself"),
        ('[[forum]]\nkind = "panel"\n', "a row lacks 'name'"),
        ('[[expense_category]]\ncode = "car"\nname = "Car"\nstarts_on = 2023-04-01\n', "car: This field cannot be"),
        ('[[seat_role]]\ncode = "x"\nname = "Chair"\n', "x: Role of a seat with this Name already exists"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_loaded(load, text, message):
    with pytest.raises(ProfileError) as error:
        load(text)

    assert message in str(error.value)
    assert not Forum.objects.exists()
    assert not ForumKind.objects.exists()


# The lists that forums draw on -------------------------------------------------------------------


def test_the_lists_load_and_load_again_without_a_change(load):
    text = """
[[criterion]]
code = "plain"
name = "Plain"
question = "Is it plain?"

[[expense_category]]
code = "mileage"
name = "Own car"
unit = "mile"
most = "0.45"
needs_receipt = false
policy = "Policy 1"
starts_on = 2023-04-01

[[training]]
title = "Welcome"
description = "What we do."
refresh_months = 24

[[standard]]
name = "Standard for groups"
version = "1"
starts_on = 2023-04-01
criteria = ["It meets.", "It answers."]
"""
    Training.objects.create(title="Welcome", starts_at=factories.in_days(3))
    load(text)
    load(text)

    assert (Criterion.objects.get().order, SeatRole.objects.get().is_chair) == (1, True)
    category = ExpenseCategory.objects.get()
    assert (category.most, category.needs_receipt, category.unit) == (Decimal("0.45"), False, "mile")
    assert Training.objects.get(starts_at=None).refresh_months == 24
    assert Training.objects.count() == 2
    assert [str(row) for row in Standard.objects.get().criteria.all()] == ["1. It meets.", "2. It answers."]
    assert set(ForumKind.objects.values_list("code", "is_committee")) == {("panel", False), ("board", True)}
