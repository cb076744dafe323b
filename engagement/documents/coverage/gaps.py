"""What is missing, in plain sentences, the worst first: what can still be put right before harm is done leads."""

import datetime
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.documents.coverage.shape import CLAIMED, DUE, NEVER, NONE, Coverage

SOON = 90  # days: a decision that comes sooner leaves hardly time to involve anybody
MOST_NAMES = 8


def gaps(found: Coverage) -> list[str]:
    """Decisions, principles, places, groups, what was overridden, and what counts nowhere; each in one sentence."""
    return [
        *_decisions(found),
        *_nothing(found),
        *_places(found),
        *_groups(found),
        *_overrides(found),
        *_only_claimed(found),
        *_uncounted(found),
    ]


def _decisions(found: Coverage) -> Iterator[str]:
    limit = found.as_at + datetime.timedelta(days=SOON)
    for row in sorted(found.decisions, key=lambda each: each.due_on):
        if row.due_on <= limit and not row.has_involvement:
            words = {"name": f"{row.reference} {row.title}", "day": date_format(row.due_on, "j F Y")}
            yield _("%(name)s is decided on %(day)s, and nobody has been involved.") % words


def _nothing(found: Coverage) -> Iterator[str]:
    for one in found.sets:
        for row in one.principles:
            if row.strength == NONE:
                name = f"{row.label} ({one.name})" if one.is_local else row.label
                yield _("Nothing shows principle %(name)s.") % {"name": name}


def _only_claimed(found: Coverage) -> Iterator[str]:
    for one in found.sets:
        numbers = [str(row.number) for row in one.principles if row.strength == CLAIMED]
        if numbers:
            words = ngettext(
                "%(number)s of %(of)s principles is only claimed, and nobody has proved it (%(name)s): %(numbers)s.",
                "%(number)s of %(of)s principles are only claimed, and nobody has proved them (%(name)s): %(numbers)s.",
                len(numbers),
            )
            yield words % {
                "number": len(numbers),
                "of": len(one.principles),
                "name": one.name,
                "numbers": _listed(numbers),
            }


def _places(found: Coverage) -> Iterator[str]:
    for row in found.by_place:
        if not row.is_place:
            continue
        pairs = zip(found.quarters, row.quarters, strict=True)
        empty = [quarter.label for quarter, number in pairs if quarter.has_begun and not number]
        if row.total == 0:
            yield _("No activity names %(place)s.") % {"place": row.name}
        elif empty and row.unknown < row.total:
            yield _("Nothing took place in %(place)s in %(when)s.") % {"place": row.name, "when": _listed(empty)}


def _groups(found: Coverage) -> Iterator[str]:
    never = [row.name for row in found.groups if row.last.status == NEVER]
    due = [row.name for row in found.groups if row.last.status == DUE]
    if never:
        words = ngettext("%(number)s group was never heard", "%(number)s groups were never heard", len(never))
        yield words % {"number": len(never)} + f": {_first_ones(never)}."
    if due:
        words = ngettext(
            "%(number)s group was not heard for over %(months)s months",
            "%(number)s groups were not heard for over %(months)s months",
            len(due),
        )
        yield words % {"number": len(due), "months": found.heard_months} + f": {_first_ones(due)}."


def _overrides(found: Coverage) -> Iterator[str]:
    number = len(found.overrides)
    if number:
        words = ngettext(
            "%(number)s refusal was overridden in this period.",
            "%(number)s refusals were overridden in this period.",
            number,
        )
        yield words % {"number": number}


def _uncounted(found: Coverage) -> Iterator[str]:
    activities, forums = found.unplaced_activities, found.unplaced_forums
    what = [
        ngettext("%(number)s activity", "%(number)s activities", activities) % {"number": activities}
        if activities
        else "",
        ngettext("%(number)s forum", "%(number)s forums", forums) % {"number": forums} if forums else "",
    ]
    if any(what):
        words = ngettext(
            "%(what)s stands under a principle whose meaning changed. Somebody has to say where it belongs.",
            "%(what)s stand under a principle whose meaning changed. Somebody has to say where they belong.",
            activities + forums,
        )
        yield words % {"what": _listed([words for words in what if words])}
    if found.planned:
        words = ngettext(
            "%(number)s activity is only planned, so it is not counted.",
            "%(number)s activities are only planned, so they are not counted.",
            found.planned,
        )
        yield words % {"number": found.planned}


def _first_ones(names: list[str]) -> str:
    """Not more than a reader takes in: the table below names them all."""
    rest = len(names) - MOST_NAMES
    return _listed(names if rest <= 1 else [*names[:MOST_NAMES], _("%(number)s others") % {"number": rest}])


def _listed(words: list[str]) -> str:
    return get_text_list(words, _("and"))
