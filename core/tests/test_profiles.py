"""A body's profile: loaded whole or not at all, again without a change, and never over what staff have edited."""

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from core import profiles
from core.profiles import ProfileError
from engagement.models import Period, PrincipleMapping, PrincipleSet
from people.models import Area, Organisation
from reporting.models import StandingText

pytestmark = pytest.mark.django_db

HERTFORDSHIRE = Path(__file__).resolve().parents[2] / "profiles" / "hertfordshire-and-west-essex.toml"
BODY = '[body]\nname = "Test ICB"\n'
SETS = """
[[principle_set]]
code = "PS"
name = "Principles"
principles = [{ number = 1, wording = "Listen.", short = "Listen" }]
"""
PERIOD = """
[[period]]
code = "2023-24"
starts_on = 2023-04-01
ends_on = 2024-03-31
principle_set = "PS"
"""
TEXTS = '[report.annual]\nintroduction = ["One.", "Two."]\n'


@pytest.fixture
def load(tmp_path):
    def load(text: str | bytes) -> dict[str, int]:
        path = tmp_path / "body.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return profiles.load(path).sections

    return load


def everything() -> dict[str, list[dict]]:
    """Every row of every table, apart from when it was last looked at."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


def test_sections_are_counted_by_name(load):
    counted = load(BODY + SETS + PERIOD + TEXTS)

    assert {section: count for section, count in counted.items() if count} == {
        "body": 1,
        "principle_set": 1,
        "period": 1,
        "report": 1,
    }
    assert Organisation.objects.body().name == "Test ICB"
    assert Period.objects.get().principle_set.principles.get().wording == "Listen."
    assert StandingText.objects.get().text == "One.\n\nTwo."


def test_the_profile_of_the_demo_loaded_again_changes_not_one_row():
    profiles.load(HERTFORDSHIRE)
    before = everything()
    counted = profiles.load(HERTFORDSHIRE).sections

    assert everything() == before
    assert counted["principle_set"] == 2
    assert min(counted.values()) > 0
    assert PrincipleMapping.objects.count() == 10


def test_a_changed_profile_changes_the_rows_it_names_and_adds_none(load):
    load(BODY + SETS)
    load(BODY + SETS.replace('name = "Principles"', 'name = "Ten principles"'))

    assert PrincipleSet.objects.get().name == "Ten principles"


def test_loading_again_never_unlocks_a_period(load):
    period = PERIOD + 'state = "open"\n'
    load(SETS + period)
    Period.objects.update(state=Period.State.LOCKED)
    load(SETS + period)

    assert Period.objects.get().is_locked


def test_a_period_may_begin_locked(load):
    load(SETS + PERIOD + 'state = "locked"\n')

    assert Period.objects.get().is_locked


def test_loading_again_never_overwrites_an_edited_standing_text(load):
    load(TEXTS)
    StandingText.objects.update(text="In our own words.")
    load(TEXTS)

    assert StandingText.objects.get().text == "In our own words."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[nonsense]\n", "body.toml has a section nobody reads: nonsense"),
        ("[zebra]\n[ape]\n" + BODY, "body.toml has a section nobody reads: ape, zebra"),
        ("[body\n", "body.toml is not a TOML file: Expected ']'"),
        (b"\xff\xfe", "body.toml is not a TOML file: 'utf-8' codec can't decode"),
        ('[body]\nemail = "a@example.org"\n', "[body]: a row lacks 'name'"),
        ('[[area]]\nlevel = "place"\n', "[area]: a row lacks 'name'"),
        (
            '[[area]]\nname = "Harlow"\nlevel = "place"\nparent = "Nowhere"\n',
            "[area]: Area matching query does not exist. Name something that stands in this file or in the database.",
        ),
        (PERIOD, "[period]: PrincipleSet matching query does not exist. Name something that stands in this file"),
        ('[[organisation]]\nname = "A"\nkind = "circus"\n', "[organisation]: A: Value 'circus' is not a valid choice."),
        (
            SETS + PERIOD.replace("2024-03-31", "2022-03-31"),
            "[period]: 2023-24: The last day must be after the first day",
        ),
    ],
)
def test_a_profile_that_is_wrong_says_where_and_loads_nothing(load, text, message):
    with pytest.raises(ProfileError) as error:
        load(text)

    assert str(error.value).startswith(message)
    assert not any(model.objects.exists() for model in (Organisation, Area, PrincipleSet, Period, StandingText))


def test_a_profile_is_loaded_whole_or_not_at_all(load):
    with pytest.raises(ProfileError):
        load(BODY + SETS + '[[area]]\nname = "Harlow"\n')

    assert not Organisation.objects.exists()


def test_what_a_profile_extends_is_loaded_first_and_gives_way_to_it(load, tmp_path):
    (tmp_path / "england.toml").write_text(SETS + '[[area]]\nname = "England"\nlevel = "national"\n')
    sets = SETS.replace('name = "Principles"', 'name = "Our principles"')
    counted = load('extends = "england.toml"\n' + sets + '[[area]]\nname = "A"\nlevel = "system"\nparent = "England"\n')

    assert PrincipleSet.objects.get().name == "Our principles"
    assert Area.objects.get(name="A").parent.name == "England"
    assert (counted["principle_set"], counted["area"]) == (2, 2)


def test_a_profile_may_extend_one_that_extends_another(load, tmp_path):
    (tmp_path / "england.toml").write_text(SETS)
    (tmp_path / "county.toml").write_text('extends = "england.toml"\n' + BODY)
    load('extends = "county.toml"\n' + PERIOD)

    assert Period.objects.get().principle_set.name == "Principles"
    assert Organisation.objects.body().name == "Test ICB"


def test_what_a_profile_extends_is_looked_for_in_its_own_folder_only(load, tmp_path):
    with pytest.raises(ProfileError, match=rf"^There is no file {tmp_path / 'passwd'}$"):
        load('extends = "/etc/passwd"\n' + BODY)

    assert not Organisation.objects.exists()


def test_a_profile_cannot_extend_itself(load):
    with pytest.raises(ProfileError, match=r"^body\.toml cannot extend itself$"):
        load('extends = "body.toml"\n' + BODY)

    assert not Organisation.objects.exists()


def test_two_profiles_cannot_extend_each_other(load, tmp_path):
    (tmp_path / "county.toml").write_text('extends = "body.toml"\n' + SETS)

    with pytest.raises(ProfileError, match=r"^body\.toml cannot extend itself$"):
        load('extends = "county.toml"\n' + BODY)
    assert not PrincipleSet.objects.exists()


def test_a_mistake_in_what_a_profile_extends_loads_nothing_of_either(load, tmp_path):
    (tmp_path / "england.toml").write_text(SETS + "[[colour]]\n")
    with pytest.raises(ProfileError, match=r"^england\.toml has a section nobody reads: colour$"):
        load('extends = "england.toml"\n' + BODY)

    assert not PrincipleSet.objects.exists()


def test_a_mistake_in_a_profile_takes_back_what_it_extends(load, tmp_path):
    (tmp_path / "england.toml").write_text(SETS)
    with pytest.raises(ProfileError, match="Harlow: This field cannot be blank"):
        load('extends = "england.toml"\n[[area]]\nname = "Harlow"\n')

    assert not PrincipleSet.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ProfileError, match=rf"^There is no file {tmp_path / 'none.toml'}$"):
        profiles.load(tmp_path / "none.toml")


def test_the_command_says_what_it_loaded(tmp_path):
    path, printed = tmp_path / "body.toml", io.StringIO()
    path.write_text(BODY + SETS)
    call_command("load_profile", str(path), stdout=printed)

    assert printed.getvalue() == "Loaded body.toml: 1 body, 1 principle_set\n"


def test_the_command_says_what_is_wrong_in_one_line(tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_profile", str(tmp_path / "none.toml"))
