"""The facts of a quarterly report and of the evidence for NHS England, of any size, made without a record."""

from dataclasses import replace

from reporting.documents.assessment.facts import (
    AssessmentFacts,
    Cell,
    Change,
    Claim,
    DutyFacts,
    GroupFacts,
    Judged,
    Lines,
    LocalSet,
    People,
    PlaceRow,
    Places,
    PrincipleFacts,
    Question,
    Refused,
)
from reporting.documents.facts import Texts
from reporting.documents.levels import JudgedRow
from reporting.documents.quarter.facts import (
    SECTIONS,
    Column,
    Concern,
    KpiLine,
    Pairs,
    QuarterFacts,
    Row,
    Section,
    Table,
    Word,
)

LONG = "People told us, at some length, what they need from a clinic and from all of those who run it every day. "

# The quarterly report ----------------------------------------------------------------------------

CONCERNS = {
    "overrides": "answers",
    "promises": "answers",
    "milestones": "activities",
    "red": "duties",
    "not_assured": "duties",
    "conditions": "duties",
    "duties": "duties",
}
FIGURES = ("activities-held", "promises-kept", "heard-right", "seats-filled")
# By section: each table, by its key, with the names of its columns.
TABLES = {
    "activities": {
        "activities": ("Activity", "When"),
        "took-part": ("Kind", "Number", "Activities that say it", "Note"),
        "reached": ("Kind", "Number", "Activities that say it", "Note"),
        "late-milestones": ("Milestone", "Plan", "Due", "Days late", "Expected"),
    },
    "findings": {"reports-of-findings": ("Report", "From", "Collected", "Sample", "Headline", "Quality", "Published")},
    "learning": {
        "lessons": ("What happened", "How it went", "Action"),
        "actions-open": ("High-impact action", "Recommendation", "Who sees to it", "Due", "Overdue"),
    },
    "experience": {},
    "equality": {
        "assessments-missing": ("Project", "Missing", "Decision due"),
        "negative-effects": ("Group", "Project", "Phase", "What is done about it", "Who sees to it", "By"),
    },
    "duties": {
        "duties": ("Project", "Duty", "What shows it", "What is missing"),
        "red-answers": ("Project", "Asked at", "Question", "What the answer rests on"),
        "conditions": ("Condition", "Project", "Group", "Needed", "Who sees to it", "By", "Overdue"),
    },
    "feedback": {"themes": ("Theme", "This quarter", "Quarter before", "Change")},
    "answers": {
        "answers": ("You said", "Topic", "We did", "Status", "Published"),
        "promises-overdue": ("Promise", "Activity", "Who sees to it", "Due", "Days late", "Status"),
        "overrides": ("Project", "Step", "On", "What stood in the way", "Who decided", "Why"),
    },
    "review": {"reviews": ("Strategy", "On", "Who took part", "Well", "Better", "Best", "What changes")},
}


def concern(key: str, now: int | None, before: int | None = None) -> Concern:
    asked = "decide what to do" if now else ""
    return Concern(key, f"Kind of {key}", now, before, "more: worse", asked, CONCERNS.get(key, "duties"))


def figure(code: str, text: str = "not recorded", before: str = "not recorded") -> KpiLine:
    url = f"https://icb.example.org/reports/figures/{code}/"
    definition = ("What it means.", "counted", "", "the record")
    return KpiLine(code, f"Figure {code}", text, before, "the same", "", *definition, url)


def row(key: str, columns: tuple[str, ...], number: int) -> Row:
    """A row whose cells say where they stand."""
    return Row([f"{key} {number}.{place}" for place, _name in enumerate(columns)], f"https://icb.example.org/{number}/")


def table(key: str, rows: list[Row] | int) -> Table:
    columns = next(tables[key] for tables in TABLES.values() if key in tables)
    if isinstance(rows, int):
        rows = [row(key, columns, number) for number in range(1, rows + 1)]
    return Table(key, f"Table of {key}", [Column(name) for name in columns], rows, "There is none.")


def section(key: str, *tables: Table, sentences: list[str] | None = None, pairs: list[Pairs] = ()) -> Section:
    number = [each for each, _name in SECTIONS].index(key)
    said = [f"What {key} comes to."] if sentences is None else sentences
    return Section(key, number, str(SECTIONS[number][1]), said, list(tables), list(pairs))


def quarter(rows: int = 3, **fields) -> QuarterFacts:
    """A quarterly report whose tables have so many rows each. A field named after a section is that section."""
    sections = {key: section(key, *(table(each, rows) for each in tables)) for key, tables in TABLES.items()}
    sections |= {key: fields.pop(key) for key in TABLES if key in fields}
    known = {
        "schema": QuarterFacts.SCHEMA,
        "title": "Quarterly assurance report April to June 2023",
        "body": "Hereshire ICB",
        "short_name": "HICB",
        "period": "April to June 2023",
        "first_day": "1 April 2023",
        "last_day": "30 June 2023",
        "as_at": "30 June 2023",
        "is_over": True,
        "before": "January to March 2023",
        "prepared_for": "Quality committee",
        "prepared_on": "19 July 2023",
        "concerns": [concern(key, rows, 1) for key in CONCERNS],
        "figures": [figure(code, "over 700", "over 600") for code in FIGURES],
        "sections": list(sections.values()),
        "words": [],
        "edited": {},
        "texts": Texts(),
    }
    return QuarterFacts(**known | fields)


def empty_quarter() -> QuarterFacts:
    """Nothing was on record."""
    return quarter(0, concerns=[concern(key, None) for key in CONCERNS], figures=[], before="", prepared_for="")


def full_quarter(rows: int = 300) -> QuarterFacts:
    """More than four pages hold: long texts, many rows, words of many groups."""
    sections = [
        section(
            key,
            *(Table(each, f"Table of {each}", *_long_rows(names, rows), "") for each, names in tables.items()),
            sentences=[LONG.strip()] * 12,
        )
        for key, tables in TABLES.items()
    ]
    words = [Word(f"Group {number}", "", "not", "not assured", [LONG * 9], "1 July 2023") for number in range(20)]
    edited = dict.fromkeys([key for key, _name in SECTIONS], LONG * 9)
    figures = [figure(f"own-{number}") for number in range(60)]
    found = quarter(rows, words=words, edited=edited)
    return replace(found, sections=sections, figures=[*found.figures, *figures])


def _long_rows(names: tuple[str, ...], rows: int) -> tuple[list[Column], list[Row]]:
    cells = [LONG.strip() if place % 2 else f"Some words {place}" for place, _name in enumerate(names)]
    return [Column(name) for name in names], [Row(cells) for _number in range(rows)]


# The evidence for NHS England --------------------------------------------------------------------

PLACES = ("Harlow", "Epping")


def claim(number: int, strength: str = "claimed", *, is_forum: bool = False) -> Claim:
    return Claim(f"A-{number}", f"Listening {number}", is_forum, strength, strength, "", [], "")


def change(words: str = "The label moved.", kind: str = "service changed") -> Change:
    return Change(kind, words, "1 June 2023", ["A-1"])


def principle(
    number: int, claims: list[Claim], changes: list[Change] = (), strength: str = "claimed"
) -> PrincipleFacts:
    strength = strength if claims else "none"
    short = f"Principle in a few words {number}"
    return PrincipleFacts(number, f"Wording {number}.", short, strength, strength, claims, list(changes))


def duty(code: str, state: str, *gaps: Lines) -> DutyFacts:
    return DutyFacts(code, f"Duty {code}", f"Act 2006, {code}", "", "", state, f"state {state}", [], list(gaps))


def pack(activities: int = 28, of_principles: int = 10, **fields) -> AssessmentFacts:
    """The evidence of a year with so many activities, each under every principle but the last."""
    references = [f"A-{number}" for number in range(1, activities + 1)]
    claims = [claim(number) for number in range(1, activities + 1)]
    rows = [principle(number, claims, [change()] * min(3, activities)) for number in range(1, of_principles)]
    rows.append(principle(of_principles, []))
    shown = Cell("claimed", "claimed: 1 activity", references[:1])
    hidden = Cell("none", "none", [])
    places = Places(
        columns=list(PLACES),
        is_place=[True, True],
        rows=[PlaceRow(row.label, [shown if row.claims else hidden, hidden]) for row in rows],
        holes=[("Harlow", [rows[-1].label]), ("Epping", [row.label for row in rows])],
        by_place=[Lines("Harlow", references), Lines("Epping", [])],
        unheard=["Hill"],
    )
    people = People(
        groups=[
            GroupFacts("veterans", "never", "never", "", [], []),
            GroupFacts("carers", "heard", "heard", "1 June 2023", ["Harlow"], references[:1]),
        ]
    )
    known = {
        "schema": AssessmentFacts.SCHEMA,
        "title": "Evidence for NHS England’s assessment 2023–24",
        "body": "Hereshire ICB",
        "short_name": "HICB",
        "period": "2023–24",
        "first_day": "1 April 2023",
        "last_day": "31 March 2024",
        "as_at": "31 March 2024",
        "wording": "Ten principles (2022)",
        "edited": {},
        "activities": Lines("Activities of the year", references),
        "forums": Lines("Forums of the year", ["F-1", "F-2"]),
        "planned": 0,
        "questions": [Question("Which principles are not shown?", "The last one.", "principles", [])],
        "principles": [rows[-1], *rows[:-1]],
        "local_sets": [LocalSet("Our own", [("1. Ask", "none"), ("2. Tell", "claimed"), ("3. Act", "none")])],
        "kinds_of_change": [],
        "decisions": [],
        "promises": [Lines("Done", ["a-1"]), Lines("Activities without an answer", references[1:])],
        "plans": [],
        "places": places,
        "people": people,
        "duties": [duty("s149", "gap", Lines("Nothing shows it", [])), duty("14Z45", "met"), duty("13Q", "none")],
        "route": [],
        "judged": [],
        "refused": [],
        "texts": Texts(),
        "index": [],
        "numbers": [],
    }
    return AssessmentFacts(**known | fields)


def empty_pack() -> AssessmentFacts:
    """Nothing was on record, not even a principle."""
    nothing = {"questions": [], "principles": [], "local_sets": [], "places": Places(), "people": People()}
    return pack(0, forums=Lines("Forums", []), duties=[], promises=[], **nothing)


def full_pack(activities: int = 300) -> AssessmentFacts:
    """More than four pages hold: long texts, many duties, places, refusals and judgements."""
    judged_row = JudgedRow("Practice", "", "good", LONG, LONG, LONG, [])
    found = pack(
        activities,
        of_principles=12,
        questions=[Question("What is missing?", LONG, "principles", [])] * 20,
        duties=[duty(f"d-{number}", "gap", Lines(LONG.strip(), ["A-1"])) for number in range(30)],
        refused=[Refused("plan refused", LONG * 3, "1 June 2023", [], "A senior")] * 40,
        judged=[Judged("Domains", "the body itself", "1 May 2024", False, "assessment-1", [judged_row] * 5)] * 12,
        edited=dict.fromkeys(("questions", "principles", "duties", "places"), LONG * 9),
    )
    changes = [change(LONG * 2)] * 30 + [change()] * 30
    return replace(found, principles=[replace(row, changes=changes) for row in found.principles])
