"""The Easy Read draft of the quarterly report: what the committee is asked, then the nine kinds of evidence."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from insights.models import Status
from reporting.documents.formats.easy_read.shared import (
    EXAMPLES,
    Draft,
    Idea,
    LeftOut,
    Part,
    about,
    activities,
    answer,
    answers,
    counted,
    fits,
    idea,
    more,
    nothing,
    short_sentences,
    written,
)
from reporting.documents.formats.examples import OUTCOMES, RULE_OF_ANSWERS
from reporting.documents.quarter.facts import Concern, QuarterFacts, Row, Section

HEADINGS = {
    "activities": gettext_lazy("What we did"),
    "findings": gettext_lazy("What we found out"),
    "learning": gettext_lazy("What we learnt"),
    "experience": gettext_lazy("Patients and staff"),
    "equality": gettext_lazy("Being fair to everybody"),
    "duties": gettext_lazy("What the law asks"),
    "feedback": gettext_lazy("What people talked about"),
    "answers": gettext_lazy("What we answered"),
    "review": gettext_lazy("Our plan for listening"),
}
CONCERNS = {
    "overrides": gettext_lazy("A check said no, and we went on: %(number)s."),
    "promises": gettext_lazy("Promises that are late: %(number)s."),
    "milestones": gettext_lazy("Steps of our plans that are late: %(number)s."),
    "red": gettext_lazy("Answers to our checks that show a problem: %(number)s."),
    "not_assured": gettext_lazy("Pieces of work that a group is not sure about: %(number)s."),
    "conditions": gettext_lazy("Late things that groups asked us to do: %(number)s."),
    "duties": gettext_lazy("Times we cannot show all that the law asks: %(number)s."),
}
MOST_THEMES = 3


def draft(facts: QuarterFacts) -> Draft:
    left_out = LeftOut()
    parts = [
        Part(_("About this paper"), list(_about(facts))),
        Part(_("What we ask the committee"), list(_asked(facts, left_out))),
        *(
            Part(_heading(section), [*written(text, section.name, left_out), *_section(section, left_out)])
            for section, text in facts.written
        ),
        Part(_("What a group says about this paper"), list(_words(facts, left_out))),
        Part(_("Find out more"), list(more())),
    ]
    left_out.rest = _("%(rule)s Most of the report is left out: its figures, and most rows of its tables.") % {
        "rule": RULE_OF_ANSWERS
    }
    return Draft(parts, left_out)


def _about(facts: QuarterFacts) -> Iterator[Idea]:
    yield from about(facts.body, facts.first_day, facts.last_day)
    if not facts.is_over:
        yield from idea(_("The time is not over yet."), _("a calendar with days to come"))
        yield from idea(_("It was like this on %(day)s.") % {"day": facts.as_at}, _("a calendar with one day marked"))
    if facts.prepared_for:
        reader = _("We wrote it for this group: %(forum)s.") % {"forum": facts.prepared_for}
        yield from idea(reader, _("a group of people at a table"))


# What the committee is asked ---------------------------------------------------------------------


def _asked(facts: QuarterFacts, left_out: LeftOut) -> Iterator[Idea]:
    yield from written(facts.written_first, _("What the committee is asked"), left_out)
    for concern in facts.asked:
        yield from _concern(concern, left_out)
    none = sum(concern.now == 0 for concern in facts.concerns)
    yield from counted(
        [
            (
                none,
                ngettext(
                    "For %(number)s kind of problem, we found none.",
                    "For %(number)s kinds of problem, we found none.",
                    none,
                ),
                _("a tick"),
            ),
            (
                len(facts.not_on_record),
                ngettext(
                    "For %(number)s kind of problem, nothing was written down.",
                    "For %(number)s kinds of problem, nothing was written down.",
                    len(facts.not_on_record),
                ),
                _("an empty page"),
            ),
        ]
    )


def _concern(concern: Concern, left_out: LeftOut) -> Iterator[Idea]:
    words = CONCERNS.get(concern.key, "") % {"number": concern.now}
    asks = _("We ask the committee to %(asked)s.") % {"asked": concern.asked}
    if not words or not fits(asks):
        left_out.to_shorten.append(f"{concern.name}: {concern.now}; {concern.asked}")
        return
    yield from idea(words, _("a warning sign"))
    if concern.before is None:
        yield from idea(_("We do not know how many there were before."), _("a question mark"))
    else:
        before = _("In the three months before: %(number)s.") % {"number": concern.before}
        yield from idea(before, _("a calendar, a few pages back"))
    yield from idea(asks, _("people at a table who vote"))


def _words(facts: QuarterFacts, left_out: LeftOut) -> Iterator[Idea]:
    for word in facts.words:
        said = _("%(group)s says: %(result)s.") % {"group": word.forum, "result": word.result_label}
        yield from idea(said, _("a group of people who talk"))
        yield from written(" ".join(word.paragraphs), word.forum, left_out)
    if not facts.words:
        yield from idea(_("No group has said yet what it thinks."), _("an empty speech bubble"))


# The nine kinds of evidence ----------------------------------------------------------------------


def _heading(section: Section) -> str:
    return str(HEADINGS.get(section.key, section.name))


def _section(section: Section, left_out: LeftOut) -> Iterator[Idea]:
    rows = {table.key: table.rows for table in section.tables}
    number = {key: len(found) for key, found in rows.items()}
    if section.key == "activities":
        found = number.get("activities", 0)
        yield from activities(found) if found else nothing()
    elif section.key == "answers":
        yield from _answers(rows.get("answers", []), left_out)
    elif section.key == "feedback":
        yield from _themes(rows.get("themes", []), left_out)
    elif section.key == "review":
        yield from _review(section, number, left_out)
    else:
        yield from list(counted(_counts(section, number))) or nothing()


def _counts(section: Section, number: dict[str, int]) -> list[tuple[int, str, str]]:
    """How many of what a section has, with the words and the picture."""
    pairs = sum(len(one.dots) for one in section.pairs)
    found = {
        "findings": [("reports-of-findings", _("Reports of what people said: %(number)s."), _("a report"))],
        "learning": [
            ("lessons", _("Things we learnt: %(number)s."), _("a light bulb")),
            ("actions-open", _("Things we still have to do: %(number)s."), _("a list with open boxes")),
        ],
        "equality": [
            ("assessments-done", _("Checks if our plans are fair: %(number)s."), _("scales that are level")),
            ("assessments-missing", _("Checks that we still have to finish: %(number)s."), _("an open box")),
            ("negative-effects", _("Things that could be bad for a group: %(number)s."), _("a warning sign")),
        ],
        "duties": [
            ("duties", _("Times we looked at what the law asks: %(number)s."), _("a law book")),
            ("assurance", _("Times a group checked our work: %(number)s."), _("people at a table")),
            ("conditions", _("Things that groups want from us: %(number)s."), _("a list with open boxes")),
        ],
    }
    if section.key == "experience":
        return [(pairs, _("Numbers of patients and staff side by side: %(number)s."), _("a patient and a nurse"))]
    return [(number.get(key, 0), words, picture) for key, words, picture in found.get(section.key, [])]


def _themes(rows: list[Row], left_out: LeftOut) -> Iterator[Idea]:
    """What people spoke of most; how often is left out."""
    if not rows:
        yield from nothing()
    for row in rows[:MOST_THEMES]:
        words = _("People talked about this: %(theme)s.") % {"theme": row.cells[0]}
        if fits(words):
            yield from idea(words, _("people who talk about: %(topic)s") % {"topic": row.cells[0]})
        else:
            left_out.to_shorten.append(row.cells[0])


def _answers(rows: list[Row], left_out: LeftOut) -> Iterator[Idea]:
    yield from answers(len(rows)) if rows else nothing()
    for row in sorted(rows, key=_rank)[:EXAMPLES]:
        you_said, topic, did, status, *_rest = row.cells
        yield from answer(topic, (you_said, did), _status(status), you_said, left_out)


def _status(label: str) -> Status:
    """The status that a row prints in words. One that nobody knows counts as promised, not as done."""
    return next((status for status in Status if str(status.label) == label), Status.PROMISED)


def _rank(row: Row) -> int:
    """How early an answer is told: by the rule that is printed."""
    status = _status(row.cells[3])
    return OUTCOMES.index(Status.DONE if status == Status.REVIEWED else status)


def _review(section: Section, number: dict[str, int], left_out: LeftOut) -> Iterator[Idea]:
    if number.get("reviews"):
        yield from idea(_("We looked at our plan again with people."), _("people who read a plan"))
        return
    for sentence in section.sentences:
        if said := short_sentences(sentence):
            yield from (Idea(each, _("a plan, and a calendar")) for each in said)
        else:
            left_out.to_shorten.append(sentence)
