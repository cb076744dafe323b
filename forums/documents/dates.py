"""Days to meet on: by a forum's cadence, and before each meeting of its Board (FOR-005, FOR-006)."""

import datetime
from dataclasses import dataclass
from itertools import count

from django.utils.translation import gettext as _

from forums.documents.cadences import DAY, add_months, step
from forums.documents.rules import PAPERS_DAYS, day_of, words_for
from forums.models import Cadence, Forum, Meeting

AHEAD = 12  # months
TIME_FOR_ANSWERS = 14  # days between the forum's meeting and the papers of the committee
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day on which a forum might meet, and why then."""

    on: datetime.date
    why: str


def proposals(forum: Forum, today: datetime.date) -> list[Proposal]:
    """Days for the next 12 months on which nothing is planned yet, the soonest first.

    First those before each planned meeting of the committee that no meeting of the forum comes before; then those of
    the cadence that are not close to one of these, or to a meeting that is planned or drafted.
    """
    meetings = forum.meetings.exclude(status=Meeting.Status.CANCELLED).order_by("starts_at")
    taken = [day_of(meeting) for meeting in meetings]
    end = add_months(today, AHEAD)
    found = _before_the_committee(forum, taken, today, end)
    cadence = forum.cadences.filter(starts_on__lte=end).order_by("-starts_on").first()
    if cadence and cadence.unit != Cadence.Unit.AS_NEEDED:
        found += _by_cadence(cadence, [*taken, *(each.on for each in found)], today, end)
    return sorted(found, key=lambda each: each.on)


def _before_the_committee(
    forum: Forum, taken: list[datetime.date], today: datetime.date, end: datetime.date
) -> list[Proposal]:
    if forum.meets_before is None:
        return []
    found, previous = [], None
    statuses = [Meeting.Status.HELD, Meeting.Status.PLANNED]
    for board in forum.meets_before.meetings.filter(status__in=statuses).order_by("starts_at"):
        on = day_of(board)
        after = max(previous or today, today)
        if today < on <= end and not any((previous or today) <= day < on for day in taken):
            days = TIME_FOR_ANSWERS + (PAPERS_DAYS if forum.papers_days is None else forum.papers_days)
            best = _working_day(on - datetime.timedelta(days=days))
            if best <= after:
                best = _working_day(after + (on - after) / 2)
            if after < best < on:
                words = {"committee": forum.meets_before, "on": words_for(on)}
                found.append(Proposal(best, _("before the %(committee)s of %(on)s") % words))
        previous = on
    return found


def _by_cadence(
    cadence: Cadence, taken: list[datetime.date], today: datetime.date, end: datetime.date
) -> list[Proposal]:
    """From the last meeting before today on; from today where there was none."""
    anchor = max((day for day in taken if day <= today), default=max(today, cadence.starts_on - DAY))
    found = []
    for number in count(1):
        if cadence.unit == Cadence.Unit.PER_YEAR:
            ideal = anchor + datetime.timedelta(days=365 * number // cadence.number)
            half = datetime.timedelta(days=365 / cadence.number / 2)
        else:
            ideal = step(cadence, anchor, number)
            half = (ideal - step(cadence, anchor, number - 1)) / 2
        if ideal > end:
            return found
        day = _working_day(ideal)
        if today < day <= end and not any(abs(day - other) < half for other in taken):
            found.append(Proposal(day, _("by how often it meets: %(cadence)s") % {"cadence": cadence}))


def _working_day(day: datetime.date) -> datetime.date:
    """The day itself; the Monday after a weekend."""
    return day + datetime.timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day
