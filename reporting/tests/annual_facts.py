"""The facts of an annual report of any size, made without a record: plain data, nothing random."""

from dataclasses import replace

from reporting.documents.facts import (
    AnnualFacts,
    Answer,
    Commitment,
    Commitments,
    CoverageFacts,
    Figure,
    ForumFacts,
    Gap,
    Item,
    LastHeard,
    Line,
    Overridden,
    PlaceQuarters,
    Pointer,
    Section,
    Shown,
    ShownSet,
    Texts,
)
from reporting.documents.levels import JudgedRow, Mark, Maturity, SelfAssessed, Trend, TrendLine

SHARED = {"fingerprint": "f" * 64, "is_draft": False}
DRAFT = SHARED | {"is_draft": True}
STATUSES = (("done", "Done"), ("could_not", "Could not, because"), ("under_way", "Under way"), ("promised", "Promised"))


def answer(number: int, **fields) -> Answer:
    status, label = STATUSES[number % 4]
    known = {
        "reference": f"a-{number}-1",
        "topic": "Pharmacy",
        "you_said": f"You told us that label {number} hides the Braille.",
        "we_did": f"Every pharmacy was told about label {number}.",
        "status": status,
        "status_label": label,
        "reason": "The law does not allow it." if status == "could_not" else "",
        "url": f"https://example.org/you-said-we-did/a-{number}-1/",
    }
    return Answer(**known | fields)


def item(number: int, principle: int, **fields) -> Item:
    known = {
        "reference": f"A-{number}",
        "title": f"Listening number {number} about the labels on the boxes",
        "heading": "",
        "principle": principle,
        "also": [],
        "when": "June 2023",
        "where": ["Harlow"],
        "level": "place",
        "forums": ["Readers’ panel"],
        "partners": ["Healthwatch (co-lead)"],
        "groups": ["carers", "patients"],
        "methods": ["survey"],
        "rung": "Consulting",
        "stage": "Planning",
        "reached": [],
        "took_part": [f"over {number + 100}"],
        "sessions": [],
        "outputs": [],
        "impacts": [],
        "asked": "What is in the way of reading what stands on the boxes?",
        "told": "People find that the label hides the Braille. It takes two people to read one box. " * 3,
        "changed": "The label moved to the side of the box. Every pharmacy has been told of it, in writing. " * 3,
        "paragraphs": [],
        "answers": [answer(number)] if number % 2 == 0 else [],
    }
    return Item(**known | fields)


def forum(**fields) -> ForumFacts:
    known = {"name": "Readers’ panel", "kind": "Panel", "purpose": "", "organisation": "", "place": "", "size": "12"}
    known |= {"meets": "", "chair": "", "established": "", "ages": "", "ties": [], "former_names": []}
    return ForumFacts(**known | fields)


def self_assessed(name: str = "Five domains", years: int = 2, dimensions: int = 2) -> SelfAssessed:
    """The words of the first dimension alone are there; the last year's level is one higher than the one before."""
    names = [f"Domain {number}" for number in range(1, dimensions + 1)]
    marks = [*[Mark(2, "fair")] * (years - 1), Mark(3, "good")]
    said = JudgedRow(names[0], "", "good", "The board listens.", "No Easy Read.", "Make one.", ["A-1"], "It is done.")
    bare = [
        replace(said, dimension=each, text="", gap="", next_step="", references=[], looks_like="") for each in names
    ]
    return SelfAssessed(
        name=name,
        period="2023–24",
        made_on="14 May 2024",
        forum="",
        target="Target reached.",
        rows=[said, *bare[1:]],
        levels=Trend(
            name,
            ["poor", "fair", "good"],
            [f"{2024 - ago}–{25 - ago}" for ago in range(years, 0, -1)],
            [TrendLine(each, marks, "rose", "rose from “fair” to “good”") for each in names],
        ),
    )


def facts(activities: int = 28, principles: int = 10, items: list[Item] | None = None) -> AnnualFacts:
    """A report with so many activities under so many principles, or with these items."""
    if items is None:
        items = [item(number, number % principles + 1) for number in range(1, activities + 1)]
    answers = [each for one in items for each in one.answers]
    sections = [
        Section(
            number,
            f"Wording of principle {number}.",
            f"Principle in a few words {number}",
            [one for one in items if one.principle == number],
            [Pointer("A-1", items[0].title, items[0].principle)] if number == 2 and items else [],
            [forum()] if number == 1 else [],
        )
        for number in range(1, principles + 1)
    ]
    return AnnualFacts(
        schema=AnnualFacts.SCHEMA,
        title="Annual engagement report 2023–24",
        body="Hereshire ICB",
        short_name="HICB",
        period="2023–24",
        first_day="1 April 2023",
        last_day="31 March 2024",
        duty="Public involvement (NHS Act 2006, section 14Z45)",
        wording="Ten principles (2022)",
        texts=Texts(duty=["The law asks for it."]),
        sections=sections,
        unplaced=[],
        activities=len(items),
        forums=2,
        answers=[Line(label, sum(each.status == status for each in answers)) for status, label in STATUSES],
        took_part=[Figure("took part", "over 187", 5, "Somebody who took part twice is counted twice.")],
        reached=[Figure("reached", f"around {number},290", 1, "") for number in range(1, 8)],
        by_principle=[Line(f"{one.number}. {one.short}", len(one.items), len(one.pointers)) for one in sections],
        by_place=[Line("Harlow", len(items)), Line("Whole area", 0)],
        by_rung=[Line("Consulting", len(items))],
        other_forums=[forum(name="Board")],
        gaps=[
            Gap(
                "No feedback",
                "No answer.",
                len(items),
                [(one.reference, one.title) for one in items if not one.answers],
            ),
            Gap("Places with nothing of their own", "No activity names the place.", 2, [("", "Epping")]),
        ],
        coverage=CoverageFacts(
            as_at="31 March 2024",
            sets=[ShownSet("Ten principles", [Shown("1. Listen", "verified", [1, 2, 3, 4], [0, 1, 0, 0])])],
            quarters=["Q1", "Q2"],
            places=[PlaceQuarters("Harlow", [3, 4], 1, 6)],
            groups=[LastHeard("carers", "heard", "1 June 2023", ["Harlow"]), LastHeard("veterans", "never", "", [])],
            overrides=[Overridden("P-1 Move", "2 May 2023", "decide", ["Red.", "Late."], "Chief nurse", "Safety")],
        ),
        maturity=Maturity("31 March 2024", [self_assessed()]),
        commitments=Commitments(
            "31 March 2024", [commitment(1), commitment(1, "2. Say what came of it."), commitment(2)]
        ),
    )


def commitment(principle: int, label: str = "1. Involve people early.", **fields) -> Commitment:
    defaults = {
        "plan": "Our strategy",
        "state_words": "Late",
        "time": "by June 2023",
        "milestones": "",
        "references": [],
    }
    return Commitment(principle=principle, short=f"Principle {principle}", label=label, **defaults | fields)


def with_title(title: str) -> AnnualFacts:
    """One activity with this title."""
    return facts(items=[replace(item(2, 1), title=title)], principles=1)
