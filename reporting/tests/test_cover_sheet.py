"""The cover sheet that a committee reads before a report: what it says, how long it is, and who gets it (REP-036)."""

import datetime
import json
import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.documents import builder
from reporting.documents.annual import gather as gather_annual
from reporting.documents.facts import AnnualFacts, Asked, Voices
from reporting.documents.formats import FORMATS, cover_sheet
from reporting.documents.frozen import freeze, thaw
from reporting.documents.quarter import QuarterFacts
from reporting.documents.quarter.facts import Concern, Row, Section, Table
from reporting.documents.shapes import SHAPES
from reporting.models import BuildFile, Report, RouteStep
from reporting.models.reports import BuildFileQuerySet
from reporting.tests import annual_facts as known
from reporting.tests import factories, packs
from reporting.tests import quarter_factories as quarters
from reporting.tests.open_register import published_build
from reporting.tests.pdf_checks import problems_of
from reporting.tests.reading import words
from reporting.tests.test_formats_files import with_files

MEETING = datetime.date(2023, 7, 11)


def sheet(facts, most: int = 12, **shared) -> str:
    """The words of the sheet."""
    return words(cover_sheet.sheet_page(facts, most=most, **known.SHARED | shared))


def part(facts, heading: str, most: int = 12) -> list[str]:
    """The lines below one heading."""
    html = cover_sheet.sheet_page(facts, most=most, **known.SHARED)
    found = re.search(rf"<h2>{heading}</h2>(.*?)</section>", html, re.DOTALL)[1]
    return [words(line) for line in re.findall(r"<li>(.*?)</li>", found)] or [words(found)]


def concern(key: str = "promises", now: int | None = 2, **fields) -> Concern:
    said = {"name": f"Exception {key}", "before": 1, "change": "more: worse", "asked": f"decide on {key}"}
    return Concern(**{"key": key, "now": now, "section": "answers", "is_to_decide": True} | said | fields)


def quarter(**fields) -> QuarterFacts:
    """A quarter that is over, with two exceptions of which one asks for a decision."""
    risk = Table("risks", "Risks", [], [Row(["The hall is shut.", "16", "Book another.", "Head", "Plan"])], "None.")
    values = {
        **{"schema": 1, "title": "Quarterly assurance report April to June 2023", "body": "Hereshire ICB"},
        **{"short_name": "HICB", "period": "April to June 2023", "first_day": "1 April 2023"},
        **{"last_day": "30 June 2023", "as_at": "30 June 2023", "is_over": True, "before": "", "words": []},
        **{"prepared_for": "Quality Committee", "prepared_on": "11 July 2023", "figures": [], "edited": {}},
        "concerns": [concern("red", asked="note red", is_to_decide=False), concern(), concern("overrides", 0)],
        "sections": [
            Section("activities", 1, "Activities", ["Two."], [risk]),
            Section("equality", 5, "Equality assessments", ["Assessments due: 3.", "Negative effects: 1."]),
            Section("duties", 6, "Duties by case", ["Something is missing in 1 case."]),
        ],
        "texts": known.facts().texts,
    }
    return QuarterFacts(**values | fields)


def gap_of(duty):
    return replace(duty, code="gap", name="Gap", law="Law", state="gap", state_words="not shown")


# What it says ------------------------------------------------------------------------------------


def test_the_quarterly_sheet_asks_what_the_first_page_asks_and_decisions_come_first():
    facts = quarter(tasks=["notes"])

    assert part(facts, "What the committee is asked") == [
        "take note of the report",
        "decide on promises: Exception promises (2; more: worse)",
        "note red: Exception red (2; more: worse)",
    ]
    assert part(facts, "Equality impact") == ["Assessments due: 3.", "Negative effects: 1."]
    assert part(facts, "Legal duties") == ["Something is missing in 1 case."]
    assert part(facts, "Risks") == ["The hall is shut. (score 16 of 25)"]
    assert "Purpose To note, for decision and for assurance" in sheet(facts)
    assert "Prepared for Quality Committee Meeting 11 July 2023" in sheet(facts)


def test_a_quarter_without_exceptions_says_so_and_names_what_nothing_is_on_record_of():
    none = quarter(concerns=[concern(now=0)])
    unknown = quarter(concerns=[concern(now=None), concern("overrides", 0)])

    assert part(none, "What the committee is asked") == ["note the first page: there is no exception"]
    assert part(unknown, "What the committee is asked") == [
        "note that 1 of 2 kinds of exception have nothing on record"
    ]
    assert "Purpose For assurance" in sheet(none)


def test_a_quarter_that_goes_on_says_as_of_which_day():
    assert "1 April 2023 to 30 June 2023; as it stood on 2 May 2023" in sheet(
        quarter(is_over=False, as_at="2 May 2023")
    )
    assert "as it stood" not in sheet(quarter())


def test_the_annual_sheet_counts_gaps_promises_overrides_and_questions_that_wait():
    waiting = Asked("Patient Forum", "Hours", "When?", "1 May 2023", "", "", "")
    facts = replace(known.facts(4), tasks=["agrees"], voices=Voices([waiting, replace(waiting, answer="Soon.")]))

    assert part(facts, "What the committee is asked") == [
        "decide whether it agrees the report",
        "note 2 kinds of gap in the record",
        "note 1 promise that is still open",
        "note 1 check that was overridden",
        "note 1 public question to the Board without an answer",
    ]
    assert part(facts, "Legal duties") == ["Public involvement (NHS Act 2006, section 14Z45)"]
    assert part(facts, "Equality impact") == [
        "Groups of people that were ever heard from, up to 31 March 2024: 1 of 2.",
        "Never heard from: veterans.",
        "Equality assessments stand in the quarterly reports, not in this one.",
    ]
    assert "<h2>Risks" not in cover_sheet.sheet_page(facts, most=12, **known.SHARED)


@pytest.mark.django_db
def test_the_packs_sheet_has_each_duty_those_that_are_not_shown_first():
    engagement.duty("s149", name="Equality", reference="Equality Act 2010, section 149")
    packs.everything()
    facts = packs.pack()
    first, *rest = facts.duties
    facts = replace(
        facts, duties=[*rest, replace(first, state="partly", state_words="shown, with gaps"), gap_of(first)]
    )
    lines = part(facts, "Legal duties", most=99)

    assert len(lines) == len(facts.duties) > 3
    assert lines[0] == "Gap (Law): not shown."
    assert lines[1].endswith(": shown, with gaps.")
    assert part(facts, "Equality impact")[0] == "Equality (Equality Act 2010, section 149): shown."
    assert f"consider {len(facts.questions)} questions that a critical reader would ask" in sheet(facts)


@pytest.mark.parametrize(
    "facts", [known.facts(), quarter(prepared_for="", prepared_on="")], ids=["annual", "quarterly"]
)
def test_a_report_that_is_prepared_for_nobody_says_so(facts):
    assert "Prepared for not recorded Meeting not recorded" in sheet(facts)


def test_what_the_facts_do_not_hold_is_said_to_be_missing():
    bare = replace(
        known.facts(0), duty="", gaps=[], coverage=AnnualFacts.__dataclass_fields__["coverage"].default_factory()
    )

    assert "Purpose not recorded" in sheet(bare)
    assert part(bare, "What the committee is asked") == ["What is asked of the committee is not recorded."]
    assert part(bare, "Equality impact") == ["The facts of this report hold nothing on equality impact."]
    assert part(bare, "Legal duties") == ["Which legal duty it concerns is not recorded."]


def test_it_says_where_the_report_is_which_version_it_is_and_where_its_way_stands():
    said = sheet(known.facts())

    assert f"Sign in to read it, in every format: {settings.SITE_URL}/reports/" in said
    assert "f" * 64 in said
    assert "Its page shows which bodies have passed it so far. This sheet belongs to a final version." in said


def test_a_draft_says_so():
    draft = sheet(known.facts(), is_draft=True)

    assert "Draft for checking, not for publication" in draft
    assert "This sheet belongs to a draft." in draft
    assert "Draft" not in sheet(known.facts())


# How long it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [known.facts(), quarter()], ids=["annual", "quarterly"])
def test_it_is_one_accessible_page_and_the_same_bytes_twice(facts):
    first, pages = cover_sheet.cover_sheet(facts, **known.SHARED)

    assert pages == 1
    assert problems_of(first, bookmarks=3) == []
    assert cover_sheet.cover_sheet(facts, **known.SHARED)[0] == first
    assert cover_sheet.cover_sheet(facts, **known.DRAFT)[0] != first


def test_much_is_cut_to_two_pages_and_says_how_much_more_there_is():
    long = "A sentence about a risk that says what may happen to whom in so many words that it fills two lines. " * 3
    risks = Table("risks", "Risks", [], [Row([long, "20"])] * 40, "None.")
    sections = [Section(key, 1, key, [long] * 40, [risks]) for key in ("activities", "equality", "duties")]
    facts = quarter(concerns=[concern(f"of-{number}", asked=long) for number in range(40)], sections=sections)
    content, pages = cover_sheet.cover_sheet(facts, **known.SHARED)

    assert pages <= cover_sheet.MOST_PAGES
    assert problems_of(content) == []
    assert "37 more stand in the report." in sheet(facts, most=3)


def test_a_risk_whose_first_sentence_is_too_long_is_not_cut():
    risks = Table("risks", "Risks", [], [Row(["word " * 60 + "end.", "9"])], "None.")
    facts = quarter(sections=[Section("activities", 1, "Activities", [], [risks])])

    assert part(facts, "Risks") == ["A risk whose words do not fit here. (score 9 of 25)"]


# Where its facts come from -----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Report.Kind.values)
def test_every_kind_of_report_keeps_for_whom_it_is_prepared_and_what_that_body_does_with_it(kind):
    period = quarters.quarter() if kind == "quarterly" else engagement.period()
    board, other = forums.committee("Board"), forums.committee("Quality")
    for order, (forum, task) in enumerate([(other, "comments"), (board, "agrees"), (board, "notes")], start=1):
        RouteStep.objects.create(kind=kind, order=order, forum=forum, task=task)
    report = factories.report(period, kind=kind, prepared_for=other, prepared_on=MEETING)
    facts = SHAPES[kind].gather(report)
    assert (facts.prepared_for, facts.prepared_on, facts.tasks) == ("Quality", "11 July 2023", ["comments"])

    report.prepared_for = board
    facts = SHAPES[kind].gather(report)
    assert (facts.prepared_for, facts.tasks) == ("Board", ["agrees", "notes"])
    assert "For decision" in sheet(facts)


@pytest.mark.django_db
def test_a_report_that_nobody_has_prepared_for_anybody_is_for_the_body_that_agrees_it():
    report = quarters.report()
    assert SHAPES["quarterly"].gather(report).prepared_for == ""

    reads = RouteStep.objects.create(kind="quarterly", order=1, forum=forums.committee("Quality"), task="comments")
    assert SHAPES["quarterly"].gather(report).prepared_for == "Quality"

    RouteStep.objects.create(kind="quarterly", order=2, forum=forums.committee("Board"), task="agrees")
    facts = SHAPES["quarterly"].gather(report)
    assert (facts.prepared_for, facts.tasks) == ("Board", ["agrees"])

    reads.delete()
    RouteStep.objects.create(kind="annual", order=1, forum=forums.committee("Audit"), task="agrees")
    assert SHAPES["quarterly"].gather(report).prepared_for == "Board"


@pytest.mark.django_db
def test_the_first_page_says_which_exceptions_ask_for_a_decision():
    asked = {each.key: each.is_to_decide for each in quarters.facts().concerns}

    assert {key for key, is_to_decide in asked.items() if not is_to_decide} == {"red", "duties"}


@pytest.mark.django_db
def test_facts_from_before_it_was_kept_still_make_a_sheet():
    data = json.loads(freeze(gather_annual(factories.report()))[0])
    for later in ("prepared_for", "prepared_on", "tasks"):
        del data[later]

    assert "Prepared for not recorded" in sheet(thaw(AnnualFacts, json.dumps(data)))


# Who gets it -------------------------------------------------------------------------------------


def address(page: str, build) -> str:
    return reverse(f"reporting:{page}", args=[build.pk, "cover"])


def test_every_kind_of_report_has_it():
    [(ending, kinds)] = [(ending, kinds) for kind, ending, kinds, _maker in FORMATS if kind == BuildFile.Kind.COVER]

    assert (ending, set(kinds)) == ("pdf", set(Report.Kind))


@pytest.mark.django_db
def test_a_build_has_its_sheet_with_its_pages():
    build = factories.claimed_build(quarters.quarter(), kind="quarterly")
    builder.build_files(build)
    row = build.files.get(kind="cover")

    assert row.pages == 1
    assert problems_of(factories.read(row.file)) == []


@pytest.mark.django_db
def test_a_secretary_takes_it_once_the_version_is_final_and_not_before(client):
    final, draft = with_files(factories.final_build()), with_files(factories.finished_build())
    client.force_login(people.user("secretary"))

    assert client.get(address("build_file", draft)).status_code == 404
    answer = client.get(address("build_file", final))
    assert answer.getvalue() == b"cover canary"
    assert "cover sheet.pdf" in answer["Content-Disposition"]


@pytest.mark.django_db
def test_the_public_never_gets_it(client, monkeypatch):
    build = with_files(published_build())

    assert client.get(address("public_file", build)).status_code == 404
    assert address("public_file", build) not in client.get(reverse("reporting:public_reports")).content.decode()
    monkeypatch.setattr(BuildFileQuerySet, "public", lambda self: self.all())
    answer = client.get(address("public_file", build))
    assert (answer.status_code, answer.getvalue()) == (200, b"cover canary")
