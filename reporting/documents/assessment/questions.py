"""What a critical reader at NHS England would ask first: gaps and exceptions, each with what the record answers."""

from collections.abc import Iterable, Iterator

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.documents.coverage import NEVER, NONE
from reporting.documents import assessments
from reporting.documents.assessment.difference import late_promises
from reporting.documents.assessment.duties import GAP, NO_CASE, PARTLY
from reporting.documents.assessment.facts import DutyFacts, People, Places, PrincipleFacts, Question, Refused
from reporting.documents.assessment.index import Index, in_order
from reporting.documents.assessment.record import Year, accounts
from reporting.models import Yardstick

CLAIMED = "claimed"
MOST_NAMES = 8


def questions(
    year: Year,
    index: Index,
    *,
    principles: list[PrincipleFacts],
    places: Places,
    people: People,
    duties: list[DutyFacts],
    refused: list[Refused],
) -> list[Question]:
    """Questions that the record does not answer well. What needs no asking is left out."""
    return [
        *_principles(principles),
        *_duties(duties),
        *_decisions(year, index),
        *_refused(refused),
        *_places(places),
        *_people(people),
        *_answers(year, index),
        *_assessments(year),
    ]


def _principles(rows: list[PrincipleFacts]) -> Iterator[Question]:
    nothing = [row.label for row in rows if row.strength == NONE]
    if nothing:
        words = _("Nothing in the record shows %(names)s.") % {"names": listed(nothing)}
        yield Question(_("Which principles are not shown at all?"), words, "principles", [])
    bare = [row for row in rows if row.strength == CLAIMED]
    if bare:
        words = _("Nobody has proved any of the principles.")
        if len(bare) < len(rows):
            words = _("Nobody has proved %(names)s.") % {"names": listed(row.label for row in bare)}
        found = in_order({claim.reference for row in bare for claim in row.claims})
        yield Question(_("Which are claimed and not proved?"), words, "principles", found)
    idle = [row for row in rows if row.strength != NONE and not row.changes]
    if idle:
        words = _("No difference made is recorded for %(names)s.") % {"names": listed(row.label for row in idle)}
        found = in_order({claim.reference for row in idle for claim in row.claims})
        yield Question(_("Where is no difference recorded?"), words, "principles", found)


def _duties(rows: list[DutyFacts]) -> Iterator[Question]:
    for state, question in (
        (GAP, _("Which duties does the record not show?")),
        (PARTLY, _("Which duties are shown with gaps?")),
        (NO_CASE, _("Which duties had no case?")),
    ):
        found = [row for row in rows if row.state == state]
        if found:
            words = _("%(names)s.") % {"names": listed(f"{row.name} ({row.law})" for row in found)}
            references = in_order({each for row in found for gap in row.gaps for each in gap.references})
            yield Question(question, words, "duties", references)


def _decisions(year: Year, index: Index) -> Iterator[Question]:
    silent = [row for row in year.decisions if not accounts(row)]
    if silent:
        words = ngettext(
            "%(number)s of %(of)s decisions does not say what it made of what people said.",
            "%(number)s of %(of)s decisions do not say what they made of what people said.",
            len(silent),
        ) % {"number": len(silent), "of": len(year.decisions)}
        found = index.lines("", silent).references
        yield Question(_("Was what people said weighed in every decision?"), words, "difference", found)


def _refused(rows: list[Refused]) -> Iterator[Question]:
    overridden = [row for row in rows if row.passed]
    if overridden:
        words = ngettext(
            "%(number)s check refused a project, and a senior let it go on.",
            "%(number)s checks refused a project, and a senior let it go on.",
            len(overridden),
        ) % {"number": len(overridden)}
        found = in_order({each for row in overridden for each in row.references})
        yield Question(_("Where did a project go on against a refusal?"), words, "refused", found)


def _places(places: Places) -> Iterator[Question]:
    base = [row for row, counts in zip(places.by_place, places.is_place, strict=True) if counts]
    empty = [row.label for row in base if not row.references]
    if empty:
        words = _("No activity names %(names)s.") % {"names": listed(empty)}
        yield Question(_("Which places were left out?"), words, "places", [])
    if places.holes:
        holes = sum(len(names) for _place, names in places.holes)
        words = _("In %(holes)s of %(of)s pairs of place and principle nothing is shown.") % {
            "holes": holes,
            "of": len(base) * len(places.rows),
        }
        yield Question(_("Are the principles shown everywhere alike?"), words, "places", [])
    if places.unheard:
        number = len(places.unheard)
        words = ngettext(
            "No activity names %(number)s neighbourhood.", "No activity names %(number)s neighbourhoods.", number
        ) % {"number": number}
        yield Question(_("Which neighbourhoods were left out?"), words, "places", [])


def _people(people: People) -> Iterator[Question]:
    never = [group for group in people.groups if group.status == NEVER]
    if never:
        words = ngettext(
            "%(number)s group was never heard: %(names)s.", "%(number)s groups were never heard: %(names)s.", len(never)
        ) % {"number": len(never), "names": listed(group.name for group in never)}
        yield Question(_("Whom has the body never heard?"), words, "people", [])
    if not people.characteristics:
        words = _("No activity of the year counted people by what they told about themselves.")
        yield Question(_("Were those who took part like those who live here?"), words, "people", [])


def _answers(year: Year, index: Index) -> Iterator[Question]:
    silent = [row for row in year.activities if not year.answers[row.pk]]
    if silent:
        words = ngettext(
            "%(number)s of %(of)s activities has no answer to those who spoke.",
            "%(number)s of %(of)s activities have no answer to those who spoke.",
            len(silent),
        ) % {"number": len(silent), "of": len(year.activities)}
        found = index.lines("", silent, _("no answer")).references
        yield Question(_("Were people told what came of it?"), words, "difference", found)
    late = late_promises(year)
    if late:
        words = ngettext(
            "%(number)s promise is not kept, and its day has passed.",
            "%(number)s promises are not kept, and their day has passed.",
            len(late),
        ) % {"number": len(late)}
        yield Question(_("Are promises kept?"), words, "difference", index.lines("", late, _("late")).references)


def _assessments(year: Year) -> Iterator[Question]:
    for kind in Yardstick.Kind:
        last = assessments.latest(kind, year.period)
        if last is None or last.period_id != year.period.pk:
            words = _("No final assessment of the year is on record.")
            if last is not None:
                words += " " + _("The last one is of %(period)s.") % {"period": last.period}
            question = _("How does the body judge itself (%(kind)s)?") % {"kind": kind.label}
            yield Question(question, words, "judged", [])


def listed(names: Iterable[str]) -> str:
    """Names in one sentence, not more than a reader takes in: the section names them all."""
    names = list(names)
    rest = len(names) - MOST_NAMES
    shown = names if rest <= 1 else [*names[:MOST_NAMES], _("%(number)s others") % {"number": rest}]
    return get_text_list(shown, _("and"))
