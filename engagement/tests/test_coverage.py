"""Coverage: what counts where, what is missing, and the same numbers in every output."""

import csv
import datetime
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.exports import neutral
from engagement.documents.coverage import coverage, tidy
from engagement.models import Evidence, Override, Period, PrincipleMapping, Session, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from people.models import Level
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE = reverse("engagement:coverage")


def principle_row(found, number=1, *, of=0):
    return next(row for row in found.sets[of].principles if row.number == number)


def quarter(code="2023-24-q1", **fields) -> Period:
    days = {"starts_on": datetime.date(2023, 4, 1), "ends_on": datetime.date(2023, 6, 30)}
    return engagement.period(code, kind="quarter", **days | fields)


def some_evidence(principle, strength: str, **fields) -> Evidence:
    """Evidence as review leaves it."""
    more = {"how": "So."} if strength != "claimed" else {}
    if strength in {"verified", "outcome"}:
        more["reviewed_at"] = "2023-07-01T09:00Z"
    if strength == "outcome":
        more["impact"] = engagement.impact(fields.get("activity") or engagement.activity(), evidence="Seen.")
    return engagement.evidence(principle, strength=strength, **more | fields)


# Principles --------------------------------------------------------------------------------------


def test_an_activity_counts_once_for_a_principle_by_the_strongest_of_its_claims():
    first, second = engagement.principle(1), engagement.principle(2)
    engagement.activity(principle=first)
    both = engagement.activity(principle=first)
    both.other_principles.set([first, second])
    some_evidence(first, "verified", activity=both)
    some_evidence(second, "outcome", activity=engagement.activity(principle=first))
    some_evidence(first, "evidenced", forum=forums.forum())

    found = coverage(engagement.period())

    one, two = principle_row(found, 1), principle_row(found, 2)
    assert (one.activities.claimed, one.activities.verified, one.activities.total) == (2, 1, 3)
    assert (one.forums.evidenced, one.forums.total, one.strength) == (1, 1, "verified")
    assert (two.activities.claimed, two.activities.outcome, two.strength) == (1, 1, "outcome")
    assert principle_row(found, 3).strength == "none"
    assert "Nothing shows principle 3. Principle 3." in found.gaps


def test_a_reworded_principle_is_followed_and_one_with_another_meaning_is_not():
    old, period = engagement.principle_set("2021"), engagement.period()
    for number, relation in ((1, "reworded"), (2, "changed")):
        PrincipleMapping.objects.create(
            from_principle=engagement.principle(number, of=old),
            to_principle=engagement.principle(number),
            relation=relation,
        )
        engagement.activity(principle=engagement.principle(number, of=old))
    engagement.evidence(engagement.principle(2, of=old), forum=forums.forum())

    found = coverage(period)

    assert [principle_row(found, number).activities.total for number in (1, 2)] == [1, 0]
    assert (found.unplaced_activities, found.unplaced_forums) == (1, 1)
    assert any("whose meaning changed" in gap for gap in found.gaps)


def test_two_old_principles_that_became_one_count_an_activity_once_and_as_its_strongest():
    old, period = engagement.principle_set("2021"), engagement.period()
    activity = engagement.activity(principle=engagement.principle(3))
    for number, strength in ((1, "claimed"), (2, "verified")):
        from_principle = engagement.principle(number, of=old)
        target = engagement.principle(1)
        PrincipleMapping.objects.create(from_principle=from_principle, to_principle=target, relation="reworded")
        some_evidence(from_principle, strength, activity=activity)

    row = principle_row(coverage(period), 1)
    assert (row.activities.claimed, row.activities.verified, row.activities.total) == (0, 1, 1)


def test_local_principles_in_force_stand_beside_the_national_ones():
    engagement.period()
    local = engagement.principle_set("ours", kind="local", principles=2, effective_from="2023-06-01")
    engagement.principle_set("past", kind="local", effective_from="2020-01-01", effective_to="2023-03-31")
    some_evidence(engagement.principle(2, of=local), "claimed", activity=engagement.activity())

    found = coverage(engagement.period())

    assert [(one.name, one.is_local) for one in found.sets] == [
        ("Principles of 2022", False),
        ("Principles of ours", True),
    ]
    assert [row.activities.total for row in found.sets[1].principles] == [0, 1]


def test_what_is_only_planned_counts_nowhere_and_is_said_so():
    engagement.activity(state="planned", groups=[people.population_group("Farmers")])

    found = coverage(engagement.period())

    assert (found.activities, found.planned, principle_row(found).activities.total) == (0, 1, 0)
    assert found.groups[0].last.status == "never"
    assert "1 activity is only planned, so it is not counted." in found.gaps


# Places, quarters and groups ---------------------------------------------------------------------


def test_a_place_counts_what_lies_in_it_once_and_each_quarter_that_an_activity_touches():
    north, south = people.area("North"), people.area("South")
    inside = [people.area(level=Level.DISTRICT, parent=north) for _each in range(2)]
    days = {"starts_on": datetime.date(2023, 6, 1), "ends_on": datetime.date(2023, 7, 31)}
    engagement.activity(areas=[*inside, north], **days)
    engagement.activity(areas=[north], date_precision="year")
    engagement.activity(level="system")

    found = coverage(engagement.period())

    rows = {row.name: (row.quarters, row.unknown, row.total) for row in found.by_place}
    assert rows["North"] == ([1, 1, 0, 0], 1, 2)
    assert rows["South"] == ([0, 0, 0, 0], 0, 0)
    assert rows["Whole area"] == ([1, 0, 0, 0], 0, 1)
    assert found.places == ["North", "South", "Whole area"]
    cells = dict(zip(found.places, principle_row(found).places, strict=True))
    assert [cells[name].activities for name in found.places] == [2, 0, 1]
    assert "No activity names South." in found.gaps
    assert "Nothing took place in North in October to December 2023 and January to March 2024." in found.gaps
    assert south.name in found.places


def test_a_group_is_heard_due_or_never_by_the_months_of_the_policy():
    projects.policy(heard_months=6)
    heard, due, never = (people.population_group(name) for name in ("Carers", "Farmers", "Students"))
    place = people.area("North")
    engagement.activity(groups=[heard], areas=[place], starts_on=datetime.date(2023, 9, 30), ends_on=None)
    engagement.activity(groups=[due], starts_on=datetime.date(2023, 9, 29), ends_on=None)
    engagement.activity(groups=[never], starts_on=datetime.date(2024, 4, 1), ends_on=None)

    found = coverage(engagement.period())

    assert [(row.name, row.last.status) for row in found.groups] == [
        ("Students", "never"),
        ("Farmers", "due"),
        ("Carers", "heard"),
    ]
    assert (found.groups[2].where, found.groups[2].last.on) == (["North"], datetime.date(2023, 9, 30))
    assert "1 group was never heard: Students." in found.gaps
    assert "1 group was not heard for over 6 months: Farmers." in found.gaps


def test_the_present_period_names_decisions_to_come_without_involvement():
    today = projects.in_days(0)
    year = today.year if today.month > 3 else today.year - 1
    period = engagement.period(f"{year}-{(year + 1) % 100:02}")
    project = projects.project("P-007", title="Move the clinic", decision_due_on=projects.in_days(30))

    found = coverage(period)
    assert [(row.reference, row.has_involvement) for row in found.decisions] == [("P-007", False)]
    assert found.gaps[0].startswith("P-007 Move the clinic is decided on ")

    engagement.activity(project=project, starts_on=today, ends_on=today)
    assert coverage(period).decisions[0].has_involvement


def test_overrides_and_days_of_involvement_belong_to_the_period_in_which_they_fell():
    project = projects.project(stage="mobilise", decided_on=datetime.date(2023, 6, 20), decision="Yes.")
    engagement.activity(project=project, starts_on=datetime.date(2023, 6, 10), ends_on=None)
    change = StageChange.objects.create(project=project, from_stage="analysis", to_stage="decision")
    at = {"at": datetime.datetime(2023, 6, 19, 12, tzinfo=datetime.UTC)}
    Override.objects.create(
        project=project, change=change, obstacles=["Red."], senior="A Chief", reason="Safety", by=people.user(), **at
    )

    found = coverage(quarter())
    assert [(row.project, row.senior, row.obstacles, row.on) for row in found.overrides] == [
        (project.reference, "A Chief", ["Red."], datetime.date(2023, 6, 19))
    ]
    assert [row.days for row in found.involvement] == [10]
    later = quarter("q2", starts_on=datetime.date(2023, 7, 1), ends_on=datetime.date(2023, 9, 30))
    assert (coverage(later).overrides, coverage(later).involvement) == ([], [])


def test_an_undated_activity_of_a_quarter_counts_in_its_year():
    engagement.activity(starts_on=None, ends_on=None, period=quarter())
    assert [coverage(each).activities for each in (quarter(), engagement.period())] == [1, 1]


def grow(number: int) -> None:
    place = people.area()
    for _each in range(number):
        group = people.population_group()
        row = engagement.activity(areas=[place], groups=[group], forums=[forums.forum()])
        row.other_principles.set([engagement.principle(2)])
        some_evidence(engagement.principle(3), "outcome", activity=row)
        engagement.evidence(engagement.principle(1), forum=forums.forum())
        engagement.session(row, mode=Session.Mode.ONLINE)
        projects.project(stage="mobilise", decided_on=datetime.date(2023, 6, 20), decision="Yes.")


def test_the_number_of_queries_does_not_grow():
    period = engagement.period()
    counted = []
    for more in (1, 9, 90):
        grow(more)
        with CaptureQueriesContext(connection) as queries:
            coverage(period)
        counted.append(len(queries))
    assert counted == [counted[0]] * 3
    assert counted[0] <= 40


# The outputs -------------------------------------------------------------------------------------


@pytest.fixture
def record() -> Period:
    grow(2)
    return engagement.period()


def test_csv_json_and_the_dashboard_show_the_same_numbers(record, client, capsys):
    found = coverage(record)
    client.force_login(people.user("officer"))
    sheet = client.get(reverse("engagement:coverage_csv"), {"period": "2023-24"}).content.decode("utf-8-sig")
    call_command("coverage", period="2023-24")
    data = json.loads(capsys.readouterr().out)
    call_command("coverage", period="2023-24", format="csv")
    printed = capsys.readouterr().out

    rows = [tuple(row) for row in csv.reader(io.StringIO(sheet))]
    assert rows[1:] == [tuple(neutral(cell) for cell in row) for row in tidy(found)]
    assert list(csv.reader(io.StringIO(printed.removeprefix("\ufeff")))) == [list(row) for row in rows]
    assert (data["activities"], data["gaps"]) == (found.activities, found.gaps)
    assert data["sets"][0]["principles"][2]["activities"]["outcome"] == 2
    page = client.get(PAGE, {"period": "2023-24"}).content.decode()
    row = re.search(r'scope="row">3\. Principle 3</th>(.*?)</tr>', page, re.DOTALL)[1]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    assert cells == ["Outcome shown", "none", "none", "none", "2", "none", "none", "none", "none"]


def test_the_dashboard_puts_the_gaps_first_and_says_which_periods_there_are(record, client):
    client.force_login(people.user("officer"))
    page = client.get(PAGE, {"period": "1999-00"})
    assert page.status_code == 200
    text = client.get(PAGE, {"period": "2023-24"}).content.decode()
    assert text.index("What is missing") < text.index("groups-caption")
    assert "We do not know the period in the address. There are: 2023–24." in page.content.decode()
    assert client.get(reverse("engagement:coverage_csv"), {"period": "1999-00"}).status_code == 404


def test_the_command_says_which_periods_there_are_and_writes_a_file(record, tmp_path):
    with pytest.raises(CommandError, match=r"There is no period 1999-00\. There are: 2023-24"):
        call_command("coverage", period="1999-00")
    call_command("coverage", period="2023-24", out=tmp_path / "c.json", verbosity=0)
    assert json.loads((tmp_path / "c.json").read_text())["code"] == "2023-24"
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("coverage", period="2023-24", out=tmp_path / "none" / "c.json")


def test_somebody_of_one_area_counts_only_what_touches_it(client):
    north, south = people.area("North"), people.area("South")
    engagement.activity(areas=[south])
    engagement.activity(areas=[north])
    officer = people.user("officer", area=north)

    found = coverage(engagement.period(), user=officer)
    assert (found.activities, found.is_limited, found.places) == (1, True, ["North"])


@pytest.mark.parametrize("name", ["coverage", "coverage_csv"])
def test_members_and_strangers_do_not_see_coverage(client, name):
    engagement.period()
    address = reverse(f"engagement:{name}")
    assert client.get(address).status_code == 302
    client.force_login(people.user())
    assert client.get(address).status_code == 403


def test_the_map_of_places_says_how_much_there_is_in_each(client):
    east = people.area("East")
    people.area("West")
    for number in range(5):
        engagement.activity(f"A-{number}", principle=engagement.principle(1), areas=[east])
    engagement.activity("B-1", principle=engagement.principle(2), areas=[east])
    some_evidence(engagement.principle(3), "evidenced", forum=forums.forum("Forum of the east", area=east))
    engagement.period()
    client.force_login(people.user("lead"))
    page = client.get(PAGE, {"period": "2023-24"}).content.decode()

    said = (
        "1. Principle 1: East 5 or more activities, West nothing; 2. Principle 2: East 1 activity, West nothing; "
        "3. Principle 3: East forums alone, West nothing."
    )
    assert f"<title>Where each principle is shown: Principles of 2022. {said}</title>" in page
