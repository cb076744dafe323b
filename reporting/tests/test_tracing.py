"""One figure is the same in the PDF, in the CSV, in the frozen facts and in the record behind its address (REP-002)."""

import csv
import datetime
import io
import json
import re
import subprocess
import zipfile

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from core.pdf import render_pdf
from engagement.models import Activity, Evidence
from engagement.tests import factories as engagement
from forums.models import Forum
from forums.tests import factories as forums
from insights.models import Response
from insights.tests import factories as answers
from reporting.documents import kpis
from reporting.documents.formats import tables
from reporting.documents.frozen import freeze, thaw
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import shape_of
from reporting.models import Report
from reporting.tests import factories, packs
from reporting.tests import plan_factories as plans
from reporting.tests import quarter_factories as quarterly

pytestmark = pytest.mark.django_db


class Printed:
    """A report as its readers have it: its frozen facts, the words of its PDF, its CSV files."""

    def __init__(self, report: Report):
        shape = shape_of(report)
        data, fingerprint = freeze(shape.gather(report))
        shared = {"fingerprint": fingerprint, "is_draft": False}
        self.json = json.loads(data)
        facts = thaw(shape.facts, data)
        drawn = page(shape, facts, medium=Medium.PAPER, **shared)
        read = ["pdftotext", "-layout", "-", "-"]
        text = subprocess.run(read, input=render_pdf(drawn).content, capture_output=True, check=True).stdout.decode()
        self.lines = [" ".join(line.split()) for line in text.splitlines()]
        content, _pages = tables.csv_zip(facts, **shared)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.csv = {name.removesuffix(".csv"): _rows(archive.read(name)) for name in archive.namelist()}

    def says(self, words: str) -> bool:
        """Whether a line of the PDF begins with these words."""
        return any(line.startswith(words) for line in self.lines)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def behind(address: str) -> dict:
    """What an address of a report leads to: the arguments of its page, which must be there."""
    assert address.startswith(settings.SITE_URL)
    try:
        return resolve(address.removeprefix(settings.SITE_URL)).kwargs
    except Resolver404:
        pytest.fail(f"{address} leads nowhere")


# The quarterly report ----------------------------------------------------------------------------


@pytest.fixture
def quarter() -> Printed:
    """Two activities with numbers, a late milestone and two promises of which one is overdue."""
    period = quarterly.quarter()
    days = {"period": None, "starts_on": quarterly.DAY, "ends_on": quarterly.DAY}
    for number, people in ((1, 12), (2, 30)):
        row = engagement.activity(f"A-{number}", title=f"Listening {number}", **days)
        engagement.activity_count(row, str(people))
    plans.milestone(due_on=datetime.date(2023, 5, 1), text="Open the panel")
    for reference, due in (("late", datetime.date(2023, 6, 1)), ("not-yet", datetime.date(2023, 9, 1))):
        words = {"status": "promised", "promised_for": due, "published_at": quarterly.NOON}
        answers.published_response(reference, activity=Activity.objects.get(reference="A-1"), **words)
    return Printed(quarterly.report(period))


def test_each_exception_of_the_quarter_is_the_same_everywhere(quarter):
    told = {row["key"]: row for row in quarter.json["concerns"]}
    cells = {row["concern"]: row["now"] for row in quarter.csv["first-page"]}
    for key, counted in (("milestones", 1), ("promises", 1)):
        name = told[key]["name"]
        assert told[key]["now"] == counted
        assert cells[name] == str(counted)
        assert quarter.says(f"{name} {counted}")
    (late,) = quarter.csv["promises-overdue"]
    assert late["Days late"] == "29"
    row = Response.objects.get(**behind(late["Record"]))
    assert row.reference == "late"
    assert (datetime.date(2023, 6, 30) - row.promised_for).days == 29


def test_each_figure_of_performance_is_the_same_everywhere_and_as_its_page_counts_it(quarter):
    period = Report.objects.get(kind=Report.Kind.QUARTERLY).period
    recorded = {figure.name: figure for figure in kpis.figures(period)}
    cells = {row["figure"]: row for row in quarter.csv["figures"]}
    assert len(quarter.json["figures"]) == len(cells) == len(recorded)
    for told in quarter.json["figures"]:
        figure = recorded[told["name"]]
        assert told["text"] == cells[told["name"]]["value"] == figure.text
        assert quarter.says(f"Now: {told['text']}. Before: {told['before']}.")
        assert behind(told["url"]) == {"code": figure.code}
        assert told["url"] == cells[told["name"]]["address"]
    assert recorded["Activities that took place"].value == Activity.objects.count() == 2
    assert quarter.says("Activities that took place 2")


def test_each_row_of_the_quarter_leads_to_the_record_that_it_tells_of(quarter):
    for told in quarter.csv["activities"]:
        row = Activity.objects.get(**behind(told["Record"]))
        assert told["Activity"] == f"{row.reference} {row.title}"
        assert told["Took part"] == "; ".join(str(count) for count in row.counts.all())
    (took_part,) = quarter.csv["took-part"]
    assert (took_part["Number"], took_part["Activities that say it"]) == ("42", "2")
    assert quarter.says("took part 42 2")


# The assessment pack -----------------------------------------------------------------------------


@pytest.fixture
def pack() -> Printed:
    packs.everything()
    return Printed(factories.report(kind=Report.Kind.ASSESSMENT))


def test_each_number_of_the_pack_is_the_same_in_json_and_csv_and_counts_its_references(pack):
    told = pack.json["numbers"]
    assert len(told) == len(pack.csv["numbers"]) > 30
    for number, row in zip(told, pack.csv["numbers"], strict=True):
        assert (number["section"], number["label"], str(number["value"])) == (
            row["section"],
            row["label"],
            row["number"],
        )
        assert number["value"] == len(number["references"])
        assert row["records"] == "; ".join(number["references"])


def test_each_reference_of_a_number_stands_in_the_index_with_an_address_that_is_there(pack):
    index = {row["record"]: row for row in pack.csv["index"]}
    cited = {reference for number in pack.json["numbers"] for reference in number["references"]}
    assert cited
    assert cited <= set(index)
    for row in index.values():
        behind(row["address"])


def test_the_numbers_of_the_pack_are_printed_and_are_those_of_the_record(pack):
    numbers = {(number["section"], number["label"]): number for number in pack.json["numbers"]}
    heard = numbers["questions", "Activities of the year"]
    assert set(heard["references"]) == set(Activity.objects.values_list("reference", flat=True))
    sat = numbers["questions", "Forums of the year"]
    found = {reference.removeprefix("forum-") for reference in sat["references"]}
    assert Forum.objects.filter(pk__in=found).count() == sat["value"] == 3
    assert pack.says(f"{heard['value']} {sat['value']}")  # the tiles “What the year held”
    answered = [line for line in pack.json["promises"] if line["references"]]
    assert answered
    for line in answered:
        assert any(
            one.startswith(line["label"].split()[0]) and f" {len(line['references'])} {line['references'][0]}" in one
            for one in pack.lines
        )
    for principle in pack.json["principles"]:
        label = f"{principle['number']}. {principle['short']}"
        shown = Evidence.objects.filter(principle__number=principle["number"], activity=None).count()
        assert sum(claim["is_forum"] for claim in principle["claims"]) == shown
        assert pack.says(label)


# The annual report -------------------------------------------------------------------------------


@pytest.fixture
def annual() -> Printed:
    first, second = engagement.principle(1), engagement.principle(2)
    for number, principle in ((1, first), (2, second), (3, second)):
        row = engagement.activity(f"A-{number}", principle=principle, title=f"Listening {number}")
        engagement.activity_count(row, str(number * 10))
    answers.published_response("answer-1", activity=Activity.objects.get(reference="A-1"))
    forums.forum()
    return Printed(factories.report())


def test_each_figure_of_the_annual_report_is_the_same_everywhere(annual):
    year = {row["what"]: row["number"] for row in annual.csv["year"]}
    assert annual.json["activities"] == Activity.objects.count() == int(year["activities"]) == 3
    for told, row in zip(annual.json["by_principle"], annual.csv["by-principle"], strict=True):
        number = int(told["label"].partition(".")[0])
        assert told["value"] == int(row["printed_here"]) == Activity.objects.filter(principle__number=number).count()
        assert annual.says(f"{told['label']} {told['value']} {told['second']}")
    (people,) = annual.json["took_part"]
    (row,) = annual.csv["people"]
    assert people["text"] == row["number"] == "60"
    assert people["from_activities"] == int(row["from_activities"]) == 3
    assert annual.says(f"took part {people['text']}")


def test_each_answer_of_the_annual_report_leads_to_its_record(annual):
    (told,) = annual.csv["you-said-we-did"]
    row = Response.objects.get(**behind(told["address"]))
    assert (told["we_did"], told["activity"]) == (row.we_did, row.activity.reference)
    assert any(re.fullmatch(rf".*{re.escape(row.get_absolute_url())}", line) for line in annual.lines)
