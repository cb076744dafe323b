"""The sheets of activities and of forums with their principles, on the demo's own files and on every kind of slip."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.conf import settings
from django.db import connection

from core import profiles
from core.imports import take_in
from core.tables import kinds
from engagement.models import Activity, ActivityCount, Channel, Evidence, Method, Period, Topic
from engagement.tests import factories
from forums.models import Forum, ForumLink
from forums.tests import factories as forums
from insights.models import Response
from people.models import Organisation, PopulationGroup
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PROFILE = settings.BASE_DIR / "profiles" / "hertfordshire-and-west-essex.toml"
DEMO = settings.BASE_DIR / "profiles" / "demo" / "hertfordshire-and-west-essex-2023-24"
SHEETS = {"forums": 18, "activities": 28, "you_said_we_did": 12}
HEADER = "reference,title,principle"
NOON = datetime.datetime(2024, 4, 2, 12, tzinfo=datetime.UTC)


def load(*rows: str, header: str = HEADER, kind: str = "activities", by=None, dry_run: bool = False, **options) -> dict:
    """What became of the sheet. Activities whose sheet says nothing of when are put into the year 2023–24."""
    if kind == "activities" and not {"start", "end", "period"} & set(header.split(",")):
        header, rows = f"{header},period", [f"{row},2023-24" for row in rows]
    content = "\n".join([header, *rows]).encode()
    return take_in(kinds()[kind], content, f"{kind}.csv", by=by, dry_run=dry_run, **options)


def errors(*rows: str, **options) -> list[tuple]:
    found = load(*rows, **options)
    assert not found["accepted"]
    assert all(error["fix"] for error in found["errors"])
    return [(error["row"], error["column"], error["problem"]) for error in found["errors"]]


@pytest.fixture
def framework():
    """Two years with the set of 2022, of which the first is locked."""
    factories.period("2023-24")
    return factories.locked_period("2022-23")


# The demo


def as_workbook() -> bytes:
    """The three files as the sheets of one workbook, with real dates and numbers."""
    book = openpyxl.Workbook()
    for name in SHEETS:
        sheet = book.create_sheet(name)
        with (DEMO / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                sheet.append([typed(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def typed(cell: str):
    try:
        return datetime.date.fromisoformat(cell)
    except ValueError:
        return int(cell) if cell.isdecimal() else cell


def load_demo(as_xlsx: bool) -> list[dict]:
    workbook = as_workbook() if as_xlsx else b""
    return [
        take_in(
            kinds()[name],
            workbook or (DEMO / f"{name}.csv").read_bytes(),
            "demo.xlsx" if as_xlsx else f"{name}.csv",
            by=None,
            dry_run=False,
        )
        for name in SHEETS
    ]


def everything() -> dict[str, list]:
    """Every row of every table that an import may write, history included."""
    models = [
        Activity,
        ActivityCount,
        Evidence,
        Forum,
        ForumLink,
        Method,
        Organisation,
        PopulationGroup,
        Response,
        Topic,
    ]
    models += [Activity.history.model, Forum.history.model, Response.history.model]
    models += [each.through for each in (Activity.methods, Activity.partners, Activity.groups, Activity.forums)]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("as_xlsx", [False, True], ids=["csv", "xlsx"])
def test_the_demo_is_taken_in_and_a_second_time_changes_nothing(as_xlsx):
    profiles.load(PROFILE)

    first = load_demo(as_xlsx)
    before = everything()
    second = load_demo(as_xlsx)

    assert [(each["rows"], each["created"], each["errors"]) for each in first] == [(n, n, []) for n in SHEETS.values()]
    assert [(each["created"], each["changed"], each["unchanged"]) for each in second] == [
        (0, 0, n) for n in SHEETS.values()
    ]
    assert everything() == before


def test_both_formats_of_the_demo_say_the_same():
    profiles.load(PROFILE)
    load_demo(as_xlsx=False)

    assert [(each["created"], each["changed"]) for each in load_demo(as_xlsx=True)] == [(0, 0)] * 3


def test_no_figure_of_the_demo_loses_its_words():
    profiles.load(PROFILE)
    load_demo(as_xlsx=False)

    with (DEMO / "activities.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    typed_in = {(row["reference"], row["people_reached"], row["people_took_part"]) for row in rows}
    recorded = {
        (
            activity.reference,
            "; ".join(count.figure.text for count in activity.counts.filter(about="reached")),
            "; ".join(count.figure.text for count in activity.counts.filter(about="took_part")),
        )
        for activity in Activity.objects.all()
    }
    assert recorded == typed_in


def test_the_demo_reads_principles_in_the_wording_of_its_year():
    profiles.load(PROFILE)
    load_demo(as_xlsx=False)

    assert {activity.principle.principle_set.code for activity in Activity.objects.all()} == {"PS-2021"}
    assert {row.principle.principle_set.code for row in Evidence.objects.all()} == {"PS-2021"}
    assert Evidence.objects.filter(strength="claimed", forum__isnull=False).count() == 18


# One activity


def test_an_activity_is_taken_in_with_everything_that_its_row_says(framework):
    people.area("West Essex")
    panel = forums.forum("Reader Panel")
    factories.rung("consulting")
    factories.stage("design")
    header = (
        "reference,title,principle,other_principles,forum,level,place,start,end,methods,partners,groups_heard,"
        "people_reached,people_took_part,ladder_rung,cycle_stage,what_we_asked,topics,nature,report_heading"
    )
    row = (
        "HWE-1,A title,1,2; 3;1,reader panel,Place,west essex,01/06/2023,30 June 2023,focus group; survey,New Ltd,"
        "carers;young people,over 700,138 responses; around 30 attended,"
        "Consulting,design,Why?,Pharmacy,Engagement,Videos"
    )

    found = load(row, header=header)

    activity = Activity.objects.get()
    assert found["created"] == 1
    assert (activity.reference, activity.title, activity.principle.number) == ("HWE-1", "A title", 1)
    assert [each.number for each in activity.other_principles.order_by("number")] == [2, 3]
    assert list(activity.forums.all()) == [panel]
    assert (activity.level, [area.name for area in activity.areas.all()]) == ("place", ["West Essex"])
    assert (str(activity.starts_on), str(activity.ends_on), activity.date_precision) == (
        "2023-06-01",
        "2023-06-30",
        "day",
    )
    assert [method.name for method in activity.methods.all()] == ["focus group", "survey"]
    assert [(link.organisation.name, link.part) for link in activity.partner_links.all()] == [("New Ltd", "partner")]
    assert [group.name for group in activity.groups.all()] == ["carers", "young people"]
    assert [(count.about, count.figure.text, count.kind) for count in activity.counts.all()] == [
        ("reached", "over 700", "reach"),
        ("took_part", "138 responses", "responses"),
        ("took_part", "around 30 attended", "attended"),
    ]
    assert (activity.rung.code, activity.stage.code) == ("consulting", "design")
    assert (activity.nature, activity.report_heading, activity.what_we_asked) == ("engagement", "Videos", "Why?")
    assert [topic.slug for topic in activity.topics.all()] == ["pharmacy"]
    assert found["new_names"] == {
        "topic": ["Pharmacy"],
        "method": ["focus group", "survey"],
        "organisation": ["New Ltd"],
        "population group": ["carers", "young people"],
    }


@pytest.mark.parametrize(
    ("start", "end", "known"),
    [
        ("2023-06-01", "2023-06-30", ("2023-06-01", "2023-06-30", "day")),
        ("01/06/2023", "30/06/2023", ("2023-06-01", "2023-06-30", "day")),
        ("1 June 2023", "30-Jun-23", ("2023-06-01", "2023-06-30", "day")),
        ("Thursday 1st June 2023", "30.6.2023", ("2023-06-01", "2023-06-30", "day")),
        ("June 2023", "", ("2023-06-01", "2023-06-30", "month")),
        ("June 2023", "Sept 2023", ("2023-06-01", "2023-09-30", "month")),
        ("", "February 2024", ("None", "2024-02-29", "month")),
        ("2023-06-01", "", ("2023-06-01", "None", "day")),
    ],
)
def test_dates_are_read_as_people_write_them(framework, start, end, known):
    load(f"A,T,1,{start},{end}", header="reference,title,principle,start,end")

    activity = Activity.objects.get()
    assert (str(activity.starts_on), str(activity.ends_on), activity.date_precision) == known


@pytest.mark.parametrize("row", ["A,T,1,June 2023,,", "A,T,1,,,2023-24", "A,T,1,2023-06-01,,"])
def test_what_dates_say_is_the_same_the_second_time(framework, row):
    load(row, header="reference,title,principle,start,end,period")

    assert load(row, header="reference,title,principle,start,end,period")["unchanged"] == 1


def test_an_exactness_that_somebody_chose_stays_while_the_dates_do(framework):
    row, header = "A,T,1,2023-04-01,2024-03-31", "reference,title,principle,start,end"
    load(row, header=header)
    Activity.objects.update(date_precision="year")

    assert load(row, header=header)["unchanged"] == 1
    load("A,T,1,2023-05-01,2024-03-31", header=header)
    assert Activity.objects.get().date_precision == "day"


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ("31/02/2024,", ("start", "“31/02/2024” is a day that does not exist")),
        ("2024-13-01,", ("start", "“2024-13-01” has no month that exists")),
        ("soon,", ("start", "“soon” is not a date")),
        ("٣١/03/2024,", ("start", "“٣١/03/2024” is not a date")),
        ("1 Juno 2023,", ("start", "“1 Juno 2023” has no month that exists")),
        ("01/06/0023,", ("start", "“01/06/0023” cannot be the right year")),
        ("2023-06-30,2023-06-01", ("end", "It ends on 1 June 2023, before it starts on 30 June 2023")),
        ("2019-06-30,", ("start", "No period contains 30 June 2019")),
        ("2019-06-30,2019-07-01", ("end", "No period contains 1 July 2019")),
    ],
)
def test_a_wrong_date_is_named(framework, cells, error):
    found = errors(f"A,T,1,{cells}", header="reference,title,principle,start,end")

    assert found == [(2, *error)]


def test_a_date_out_of_every_period_is_told_which_there_are(framework):
    found = load("A,T,1,2019-06-30", header="reference,title,principle,start")

    assert found["errors"][0]["fix"].endswith(
        "There are: 2022–23 (1 April 2022 to 31 March 2023), 2023–24 (1 April 2023 to 31 March 2024)"
    )


def test_the_principle_has_the_wording_of_the_last_day(framework):
    old = factories.principle_set("2021")
    Period.objects.filter(code="2022-23").update(principle_set=old, state="open")

    header = "reference,title,principle,other_principles,start,end,period"
    load("A,T,1,2,2022-06-01,2023-03-31,", "B,T,1,2,2022-06-01,2023-06-01,", "C,T,1,2,,,2023-24", header=header)

    assert [
        (activity.reference, activity.principle.principle_set.code, activity.other_principles.get().principle_set.code)
        for activity in Activity.objects.all()
    ] == [("A", "2021", "2021"), ("B", "2022", "2022"), ("C", "2022", "2022")]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("11", "There is no principle 11 in 2023–24"),
        ("one", "“one” is not the number of a principle"),
        ("1;2", "“1;2” names several principles"),
        ("", "The cell is empty"),
    ],
)
def test_a_principle_that_is_not_one_is_named(framework, cell, problem):
    assert errors(f"A,T,{cell},2023-06-01", header="reference,title,principle,start") == [(2, "principle", problem)]


def test_an_undated_activity_may_be_put_into_a_period(framework):
    load("A,T,1,2023-24,", header="reference,title,principle,period,start")

    activity = Activity.objects.get()
    assert activity.period.code == "2023-24"
    assert (activity.starts_on, activity.ends_on, activity.date_precision) == (None, None, "day")


def test_a_row_with_neither_a_date_nor_a_period_is_named_with_what_to_write(framework):
    found = load("A,T,1,2023-06-01,", "B,T,1,,", header="reference,title,principle,start,period")

    assert found["errors"] == [
        {
            "sheet": "activities.csv",
            "row": 3,
            "column": "start",
            "value": "",
            "problem": "The row gives no date and no period, so no report would show it",
            "fix": "Write its first day, or the period it belongs to in the column “period”, for example 2023-24",
        }
    ]
    assert not Activity.objects.exists()


@pytest.mark.parametrize(("row", "fate"), [("A,T2,1,,", "wrong"), ("A,T2,1,,2023-24", "changed")])
def test_a_change_that_takes_the_only_date_away_needs_a_period(framework, row, fate):
    header = "reference,title,principle,start,period"
    load("A,T,1,2023-06-01,", header=header)

    assert load(row, header=header)[fate] == 1
    assert Activity.objects.get().title == ("T2" if fate == "changed" else "T")


def test_dates_and_a_period_exclude_each_other_and_what_goes_on_has_no_end(framework):
    header = "reference,title,principle,period,start,end,ongoing"

    found = errors(
        "A,T,1,2023-24,2023-06-01,,",
        "B,T,1,,2023-06-01,2023-07-01,yes",
        "C,T,1,2023-24,,,x",
        "D,T,1,2023-24,,,maybe",
        header=header,
    )

    assert found == [
        (2, "period", "The row gives dates and a period"),
        (3, "ongoing", "An activity that is still going on has a first day and no last day"),
        (4, "ongoing", "An activity that is still going on has a first day and no last day"),
        (5, "ongoing", "“maybe” is neither yes nor no"),
    ]


def test_an_ongoing_activity_of_a_month_has_no_last_day(framework):
    load("A,T,1,June 2023,yes", header="reference,title,principle,start,ongoing")

    assert (Activity.objects.get().ends_on, Activity.objects.get().is_ongoing) == (None, True)


def test_names_that_are_not_recorded_are_named_with_what_is_alike(framework):
    forums.forum("Reader Panel")
    people.area("West Essex")
    people.organisation("Healthwatch Essex")
    factories.rung("consulting")
    header = "reference,title,principle,forum,place,partners,ladder_rung,methods"

    found = load("A,T,1,Reader Pannel; Nothing alike,West Esex,Healthwatch Esex,consultng,new method", header=header)

    assert [(error["column"], error["value"], error["problem"], error["fix"]) for error in found["errors"]] == [
        ("forum", "Reader Pannel", "There is no forum called “Reader Pannel”", "Did you mean “Reader Panel”?"),
        (
            "forum",
            "Nothing alike",
            "There is no forum called “Nothing alike”",
            "Write a name that is recorded, or add it in the admin first",
        ),
        ("place", "West Esex", "There is no area called “West Esex”", "Did you mean “West Essex”?"),
        (
            "partners",
            "Healthwatch Esex",
            "There is no organisation called “Healthwatch Esex”",
            "Did you mean “Healthwatch Essex”? If not, add the new one in the admin first",
        ),
        (
            "ladder_rung",
            "consultng",
            "There is no ladder rung called “consultng”",
            "Did you mean “consulting”? Write one of: consulting",
        ),
    ]
    assert not Method.objects.exists()


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("lots", "“lots” is not a count"),
        ("12; lots", "“lots” is not a count"),
        ("-5", "“-5” is not a count"),
        (f"12 {'x' * 250}", "The count has 253 characters"),
    ],
)
def test_what_is_no_count_is_named(framework, cell, problem):
    found = errors(f"A,T,1,{cell}", header="reference,title,principle,people_took_part")

    assert found == [(2, "people_took_part", problem)]


def test_a_count_that_the_spreadsheet_program_made_a_date_is_named(framework):
    book = openpyxl.Workbook()
    book.active.append(["reference", "title", "principle", "people_reached"])
    book.active.append(["A", "T", 1, datetime.date(2024, 12, 10)])
    content = io.BytesIO()
    book.save(content)

    found = take_in(kinds()["activities"], content.getvalue(), "a.xlsx", by=None, dry_run=False)

    assert found["errors"][0]["problem"] == "The spreadsheet program took this for a date: 2024-12-10"


def test_a_text_that_is_too_long_for_its_column_is_named(framework):
    assert errors(f"{'A' * 41},{'T' * 201},1") == [
        (2, "reference", "The text has 41 characters"),
        (2, "title", "The text has 201 characters"),
    ]


# Changes


FULL = "reference,title,principle,methods,partners,people_took_part"


def test_a_change_is_told_with_the_old_and_the_new(framework):
    load("A,T,1,survey;workshop,New Ltd,12", header=FULL)

    found = load("A,T2,1,survey;interview,New Ltd,12; over 30 replies", header=FULL)

    assert found["changed"] == 1
    assert found["fates"][0]["changes"] == [
        {"column": "title", "old": "T", "new": "T2"},
        {"column": "methods", "old": "survey; workshop", "new": "survey; interview"},
        {"column": "people_took_part", "old": "12", "new": "12; over 30 replies"},
    ]
    assert found["fates"][0]["notes"] == ["new method “interview”"]
    activity = Activity.objects.get()
    assert sorted(method.name for method in activity.methods.all()) == ["interview", "survey"]
    assert [version.history_type for version in activity.versions.all()] == ["~", "+"]


def test_a_change_in_a_list_alone_is_a_change_of_the_record(framework):
    load("A,T,1,survey,,", header=FULL)
    before = Activity.objects.get().updated_at

    load("A,T,1,workshop,,", header=FULL)

    assert Activity.objects.get().updated_at > before
    assert Activity.objects.get().versions.count() == 2


def test_the_part_that_a_partner_took_and_the_numbers_with_a_source_stay(framework):
    load("A,T,1,,New Ltd,12", header=FULL)
    activity = Activity.objects.get()
    activity.partner_links.update(part="host")
    newsletter = Channel.objects.create(name="newsletter", belongs="owned")
    factories.activity_count(activity, "over 30", source="a survey")
    factories.activity_count(activity, "40", about="reached", channel=newsletter)

    load("A,T,1,,New Ltd; Other Ltd,13", header=FULL)

    assert [(link.organisation.name, link.part) for link in activity.partner_links.all()] == [
        ("New Ltd", "host"),
        ("Other Ltd", "partner"),
    ]
    assert sorted(count.figure.text for count in activity.counts.all()) == ["13", "40", "over 30"]


def test_a_reference_is_found_in_any_case_and_stays_as_it_is(framework):
    load("HWE-1,T,1")

    assert load("hwe-1,T,1")["unchanged"] == 1
    assert errors("HWE-2,T,1", "hwe-2,T,1") == [(3, "reference", "“hwe-2” stands in row 2 already")]


def test_one_wrong_row_keeps_every_row_out(framework):
    found = load("A,T,1,survey", "B,T,99,", header="reference,title,principle,methods")

    assert (found["created"], found["wrong"], found["accepted"]) == (0, 1, False)
    assert not Activity.objects.exists()
    assert not Method.objects.exists()


def test_a_rule_that_only_the_database_knows_keeps_every_row_out(framework):
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX one_title ON engagement_activity (title)")

    found = load("A,T,1", "B,T,1", dry_run=True)

    assert [error["problem"] for error in found["errors"]] == ["The database does not take these rows"]
    assert not Activity.objects.exists()


# Locked periods


DATED = "reference,title,principle,start,end,late_reason"


def test_a_locked_period_takes_nothing_without_a_reason(framework):
    found = load("A,T,1,2022-06-01,2022-06-02,", header=DATED)

    assert [(error["column"], error["problem"]) for error in found["errors"]] == [
        ("start", "The period 2022–23 is locked, and takes late entries only with a reason")
    ]
    assert found["errors"][0]["fix"] == "Give the reason on the import page, or in a column called late_reason"
    assert not Activity.objects.exists()


def test_a_locked_period_takes_a_row_with_its_own_reason_or_that_of_the_import(framework):
    load("A,T,1,2022-06-01,,Found in a drawer", "B,T,1,2022-06-01,,", header=DATED, late_reason="The notes came late")

    assert [activity.late_reason for activity in Activity.objects.all()] == ["Found in a drawer", "The notes came late"]


def test_rows_of_an_open_period_get_no_reason(framework):
    load("A,T,1,2023-06-01,,", header=DATED, late_reason="The notes came late")

    assert Activity.objects.get().late_reason == ""


def test_a_row_that_changes_nothing_in_a_locked_period_needs_no_reason(framework):
    header = "reference,title,principle,start"
    load("A,T,1,2022-06-01", header=header, late_reason="Late")
    Activity.objects.update(late_reason="")

    assert load("A,T,1,2022-06-01", header=header)["unchanged"] == 1
    assert [error[1] for error in errors("A,T2,1,2022-06-01", header=header)] == ["start"]


def test_taking_a_row_out_of_a_locked_period_needs_a_reason_too(framework):
    header = "reference,title,principle,start"
    load("A,T,1,2022-06-01", header=header, late_reason="Late")
    Activity.objects.update(late_reason="")

    assert [error[1] for error in errors("A,T,1,2023-06-01", header=header)] == ["start"]


# Scope


def test_somebody_who_works_for_a_place_imports_for_that_place_alone(framework):
    mine, other = people.area("West Essex"), people.area("Elsewhere")
    officer = people.user("officer", area=mine)
    factories.activity("OTHER-1", areas=[other])
    header = "reference,title,principle,place,start"

    assert load("A,T,1,West Essex,2023-06-01", header=header, by=officer)["created"] == 1
    assert errors("B,T,1,Elsewhere,2023-06-01", header=header, by=officer) == [
        (2, "", "“B” would belong to a part that you do not work for")
    ]
    assert errors("OTHER-1,T,1,West Essex,2023-06-01", header=header, by=officer) == [
        (2, "reference", "This record belongs to a part that you do not work for")
    ]
    assert Activity.objects.count() == 2


# Forums


def test_a_forum_claims_principles_in_the_wording_of_the_time_it_was_set_up(framework):
    Period.objects.filter(code="2022-23").update(principle_set=factories.principle_set("2021"))
    forums.forum_kind("network")
    header = "name,kind,level,established,principle"

    load(
        "A,network,system,2022-06-01,1;2",
        "B,network,system,2023-06-01,1",
        "C,network,system,,1",
        header=header,
        kind="forums",
    )

    claims = {
        (row.forum.name, row.principle.number, row.principle.principle_set.code) for row in Evidence.objects.all()
    }
    assert claims == {("A", 1, "2021"), ("A", 2, "2021"), ("B", 1, "2022"), ("C", 1, "2021")}


def test_a_sheet_adds_claims_and_takes_none_away(framework):
    forums.forum_kind("network")
    header = "name,kind,level,established,principle"
    load("A,network,system,2023-06-01,1", header=header, kind="forums")
    Evidence.objects.update(strength="verified", how="Minutes", reviewed_by=people.user("lead"), reviewed_at=NOON)

    found = load("A,network,system,2023-06-01,2", header=header, kind="forums")
    again = load("A,network,system,2023-06-01,2", header=header, kind="forums")

    assert (found["changed"], again["unchanged"]) == (1, 1)
    assert [(row.principle.number, row.strength) for row in Evidence.objects.all()] == [(1, "verified"), (2, "claimed")]


def test_a_number_that_is_no_principle_is_named_on_a_forum_too(framework):
    forums.forum_kind("network")

    found = errors("A,network,system,99", header="name,kind,level,principle", kind="forums")

    assert found == [(2, "principle", "There is no principle 99 in 2022–23")]


# Speed and export


@pytest.mark.parametrize("rows", [1, 40])
def test_the_number_of_queries_does_not_grow_with_the_rows(framework, rows, django_assert_max_num_queries):
    forums.forum("Reader Panel")
    people.area("West Essex")
    factories.rung("consulting")
    header = "reference,title,principle,other_principles,forum,place,start,methods,partners,people_reached,ladder_rung"
    lines = [f"A{n},T,1,2,Reader Panel,West Essex,2023-06-01,survey,New Ltd,12,consulting" for n in range(rows)]

    with django_assert_max_num_queries(45):
        load(*lines, header=header)
    with django_assert_max_num_queries(45):
        load(*lines, header=header)


def test_what_is_exported_can_be_imported_again_and_changes_nothing():
    profiles.load(PROFILE)
    load_demo(as_xlsx=False)

    for name in SHEETS:
        exported = kinds()[name].resource().export().export("csv").encode()
        found = take_in(kinds()[name], exported, "again.csv", by=None, dry_run=False)
        assert (found["errors"], found["created"], found["changed"]) == ([], 0, 0)
