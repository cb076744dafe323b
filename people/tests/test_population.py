"""manage.py import_table population FILE: residents by characteristic, whole or not at all (ENG-023, INC-020)."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core import imports, tables
from core.models import ImportRun
from people.models import Area, EqualityOption, EqualityQuestion, PopulationBenchmark
from people.tests import factories

pytestmark = pytest.mark.django_db
PROFILES = Path(settings.BASE_DIR) / "profiles"
FILE = PROFILES / "hertfordshire-and-west-essex-population.csv"
HEADER = "area_code,area_name,characteristic,category,residents,source\n"
ROW = "E07000073,Harlow,age_band,16-24,9000,Census 2021\n"


@pytest.fixture
def harlow():
    return factories.area("Harlow", level="district", code="E07000073")


def take_in(rows: str, **options) -> dict:
    content = (HEADER + rows).encode()
    return imports.take_in(
        tables.kinds()["population"], content, "population.csv", by=None, **{"dry_run": False} | options
    )


def told(found: dict) -> list[tuple]:
    return [(each["row"], each["column"], each["problem"], each["fix"]) for each in found["errors"]]


def test_a_row_is_taken_in_and_the_same_again_changes_nothing(harlow):
    assert take_in(ROW)["created"] == 1
    again = take_in(ROW)

    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 1)
    row = PopulationBenchmark.objects.get()
    assert (row.area, row.characteristic, row.category, row.residents) == (harlow, "age_band", "16-24", 9000)
    assert row.source == "Census 2021"


def test_a_new_number_replaces_the_old_one_and_the_preview_says_so(harlow):
    take_in(ROW)
    newer = ROW.replace("9000", "9500").replace("2021", "2031")
    found = take_in(newer, dry_run=True)

    assert [change["new"] for change in found["fates"][0]["changes"]] == ["9500", "Census 2031"]
    assert PopulationBenchmark.objects.get().residents == 9000
    assert take_in(newer)["changed"] == 1
    assert PopulationBenchmark.objects.get().residents == 9500


def test_an_unknown_area_is_named_with_row_and_column_and_nothing_is_written(harlow):
    found = take_in(ROW + ROW.replace("E07000073,Harlow", "E07999999,Nowhere"))

    assert told(found) == [
        (
            3,
            "area_code",
            "No area has the code “E07999999”",
            "Write a code that is recorded, or add it to its area in the admin first",
        )
    ]
    assert not PopulationBenchmark.objects.exists()


def test_a_code_beside_the_name_of_another_area_is_refused(harlow):
    factories.area("Stevenage", level="district", code="E07000243")
    found = take_in(ROW.replace("Harlow", "Stevenage"))

    assert told(found) == [
        (2, "area_name", "The code E07000073 is that of Harlow, not of “Stevenage”", "Correct the code or the name")
    ]


def test_a_sheet_without_the_name_of_the_area_is_taken_in(harlow):
    content = b"area_code,characteristic,category,residents,source\nE07000073,sex,Female,9,Census 2021\n"
    found = imports.take_in(tables.kinds()["population"], content, "population.csv", by=None, dry_run=False)
    assert found["created"] == 1


def test_two_areas_of_one_code_are_refused(harlow):
    factories.area("Harlow town", level="place", code="E07000073")
    assert told(take_in(ROW))[0][2] == "More than one area has the code “E07000073”: Harlow, Harlow town"


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("9000", "-1", "residents", "“-1” is not a whole number from 0 to 99999999"),
        ("9000", "many", "residents", "“many” is not a whole number from 0 to 99999999"),
        ("Census 2021", "", "source", "The cell is empty"),
        ("16-24", "", "category", "The cell is empty"),
        ("age_band", "age band!", "characteristic", "“age band!” is not the name of a characteristic"),
        ("E07000073", "", "area_code", "The cell is empty"),
    ],
)
def test_a_wrong_cell_is_named(harlow, old, new, column, problem):
    (found,) = told(take_in(ROW.replace(old, new)))
    assert found[:3] == (2, column, problem)


def test_the_same_category_twice_is_refused(harlow):
    (found,) = told(take_in(ROW + ROW.replace("9000", "1")))
    assert found[2] == "“E07000073 age_band 16-24” stands in row 2 already"


def test_the_database_refuses_a_second_number_and_one_without_a_source(harlow):
    take_in(ROW)
    for wrong in ({"category": "16-24"}, {"category": "25-34", "source": ""}):
        values = {"area": harlow, "characteristic": "age_band", "residents": 1, "source": "x"} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            PopulationBenchmark.objects.create(**values)


def test_the_command_takes_in_the_file_of_hertfordshire_and_west_essex(capsys):
    call_command("load_profile", str(PROFILES / "hertfordshire-and-west-essex.toml"))
    capsys.readouterr()
    call_command("import_table", "population", str(FILE))

    found = json.loads(capsys.readouterr().out)
    assert (found["created"], found["errors"], found["ignored_columns"]) == (138, [], [])
    assert ImportRun.objects.get().kind == "population"
    districts = set(Area.objects.filter(level="district").values_list("code", flat=True))
    assert set(PopulationBenchmark.objects.values_list("area__code", flat=True)) == districts
    ages = set(PopulationBenchmark.objects.filter(characteristic="age_band").values_list("category", flat=True))
    question = EqualityQuestion.objects.get(code="age")
    asked = set(question.options.exclude(benchmark="").values_list("benchmark", flat=True))
    assert question.characteristic == "age_band"
    assert ages - asked == {"0-15"}
    assert asked <= ages


def test_every_answer_but_two_kinds_falls_into_a_category_of_residents():
    call_command("load_profile", str(PROFILES / "england.toml"))
    without = EqualityOption.objects.filter(benchmark="").exclude(code=EqualityOption.PREFER_NOT_TO_SAY)

    assert [(option.question.code, option.code) for option in without] == [("age", "12-15")]
    assert not EqualityQuestion.objects.filter(characteristic="").exists()


@pytest.mark.parametrize(
    ("role", "may"), [("lead", True), ("officer", True), ("project_lead", False), ("member", False)]
)
def test_who_may_import_it(role, may):
    assert tables.kinds()["population"].may_import(factories.user(role)) is may
