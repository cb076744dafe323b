"""Figures of forums and of what people need: questions, seats, terms, access, other formats, documents (MTG, FOR, REV).

Who needs what is told in numbers alone, and through `core.disclosure`: these figures list no records.
"""

import datetime

from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import disclosure
from engagement.models import Period
from forums.documents.reviews import facts_between
from forums.models import Attendance, BoardQuestion, Meeting, Membership, Review
from people.documents.response_times import times_of
from people.models import FormatRequest
from reporting.documents.kpis.record import Asked
from reporting.documents.kpis.shape import UNKNOWN, Direction, Found, Group, Record, Unit, measure, part_of

Met = Attendance.Met
Answer = tuple[datetime.date, str]  # the day of a meeting, and whether needs were met


@measure(
    "board-questions-answered",
    Group.FORUMS,
    Unit.SHARE,
    Direction.UP,
    name=_("Questions to the Board answered in time"),
    definition=_(
        "Questions of forums that were put to a meeting of the Board in the period, and answered on the day of that "
        "meeting or before."
    ),
    numerator=_("questions answered by the day of the meeting"),
    denominator=_("questions put to a meeting of the period that has passed"),
    source=_("Questions to the Board and their answers"),
)
def board_questions_answered(asked: Asked) -> Found:
    put = BoardQuestion.objects.annotate(day=TruncDate("board_meeting__starts_at"))
    put = put.filter(kind=BoardQuestion.Kind.QUESTION, day__range=(asked.period.starts_on, asked.passed))
    put = put.exclude(status__in=[BoardQuestion.Status.PROPOSED, BoardQuestion.Status.DECLINED])
    put = put.exclude(board_meeting__status=Meeting.Status.CANCELLED)
    rows = list(put.order_by("day", "pk"))
    return part_of(rows, lambda row: row.answered_on is not None and row.answered_on <= row.day, _question)


def _question(row: BoardQuestion) -> Record:
    return str(row), reverse("work:question_detail", args=[row.pk])


@measure(
    "terms-overdue",
    Group.FORUMS,
    Unit.SHARE,
    Direction.DOWN,
    name=_("Forums whose terms of reference are overdue for review"),
    definition=_(
        "Forums at work whose newest agreed terms of reference were to be reviewed before the last day of the period. "
        "Forums without agreed terms, or without such a day, are left out."
    ),
    numerator=_("forums whose terms were to be reviewed before the last day of the period"),
    denominator=_("forums at work whose agreed terms have a day for their review"),
    source=_("Terms of reference of forums"),
)
def terms_overdue(asked: Asked) -> Found:
    known = [clock for clock in asked.clocks if clock.terms.review_on]
    overdue = [clock.forum for clock in known if clock.terms.is_overdue]
    return Found(len(overdue), len(known), [(row.name, _forum(row.pk)) for row in overdue]) if known else UNKNOWN


def _forum(number: int) -> str:
    return reverse("work:forum_clock", args=[number])


@measure(
    "seats-filled",
    Group.FORUMS,
    Unit.SHARE,
    Direction.UP,
    name=_("Seats that are filled"),
    definition=_(
        "Seats that forums at work have to fill by their own rules, and that somebody held on the last day of the "
        "period. People beyond the fewest that a rule asks for fill no further seat. Observers hold none."
    ),
    numerator=_("seats that are filled"),
    denominator=_("seats that the rules of forums ask for at least"),
    source=_("Rules of seats and memberships of forums"),
)
def seats_filled(asked: Asked) -> Found:
    if not Membership.objects.filter(started_on__lte=asked.as_at).exists():
        return UNKNOWN
    filled, seats, records = 0, 0, []
    for clock in asked.clocks:
        wanted = sum(seat.minimum for seat in clock.seats)
        sitting = sum(min(seat.sitting, seat.minimum) for seat in clock.seats)
        filled, seats = filled + sitting, seats + wanted
        if sitting:
            records.append((f"{clock.forum.name}: {sitting} / {wanted}", _forum(clock.forum.pk)))
    return Found(filled, seats, records) if seats else UNKNOWN


@measure(
    "needs-met",
    Group.FORUMS,
    Unit.SHARE,
    Direction.UP,
    name=_("Access needs that people confirmed as met"),
    definition=_(
        "Of the people who said after a meeting of the period whether their needs were met, those who said yes. "
        "Numbers are rounded to the nearest 5 and shown from 30 answers on, so that nobody can be recognised."
    ),
    numerator=_("answers that needs were met"),
    denominator=_("answers yes, partly or no"),
    source=_("What people say after meetings"),
)
def needs_met(asked: Asked) -> Found:
    said = Attendance.objects.exclude(needs_met=Met.UNKNOWN).filter(meeting__starts_at__date__range=asked.days)
    given = list(said.annotate(on=TruncDate("meeting__starts_at")).values_list("on", "needs_met"))
    if not given:
        return UNKNOWN
    found = _needs(given)
    if asked.period.kind == Period.Kind.YEAR and found.counted is not None and _tells_with_quarters(asked, given):
        return Found(missing=disclosure.WOULD_TELL)
    return found


def _needs(given: list[Answer]) -> Found:
    """Of those who said anything, about how many said yes: nothing where it may not be shown."""
    answers = [met for _on, met in given]
    table = disclosure.breakdown({value: answers.count(value) for value in (Met.YES, Met.PARTLY, Met.NO)})
    shown = {category: count for category, count, _share in table.rows}
    if shown.get(Met.YES, disclosure.HIDDEN) == disclosure.HIDDEN:
        return Found(missing=table.withheld or _now("Not shown: too few people"))
    return Found(int(shown[Met.YES]), int(table.base))


def _tells_with_quarters(asked: Asked, given: list[Answer]) -> bool:
    """Whether the figure of a year beside those of its quarters would tell an exact number of people.

    Each quarter is shown by itself. What is in none of them, or in one that is not shown, is the rest of the year.
    """
    first, last = asked.period.starts_on, asked.period.ends_on
    quarters = Period.objects.filter(kind=Period.Kind.QUARTER, starts_on__gte=first, ends_on__lte=last)
    parts = [[each for each in given if row.starts_on <= each[0] <= row.ends_on] for row in quarters]
    parts = [part for part in parts if _needs(part).counted is not None]
    ranges = [limits for part in (given, *parts) for limits in _limits(_needs(part))]  # who said yes, and all, in turns
    most = ranges[1][1]
    ranges += [(0, most if sum(map(len, parts)) < len(given) else 0)] * 2
    sums = [disclosure.Sum({first: 1} | dict.fromkeys(range(first + 2, len(ranges), 2), -1), 0, 0) for first in (0, 1)]
    sums += [disclosure.Sum({yes: 1, yes + 1: -1}, -most, 0) for yes in range(0, len(ranges), 2)]
    return any(place < len(ranges) - 2 for place in disclosure.solved(ranges, sums))


def _limits(shown: Found) -> tuple[tuple[int, int], tuple[int, int]]:
    return disclosure.possible(str(shown.counted)), disclosure.possible_base(str(shown.out_of))


@measure(
    "formats-sent",
    Group.FORUMS,
    Unit.SHARE,
    Direction.UP,
    name=_("Other formats sent in time"),
    definition=_(
        "Requests for a page or document in another format or language that were due in the period, and were sent by "
        "their day. What could not be made counts as not sent. What was withdrawn is left out."
    ),
    numerator=_("requests that were sent by their day"),
    denominator=_("requests that were due in the period"),
    source=_("Requests for other formats"),
)
def formats_sent(asked: Asked) -> Found:
    due = FormatRequest.objects.filter(due_on__range=(asked.period.starts_on, asked.period.ends_on))
    found = times_of(due.only("state", "due_on", "asked_at", "settled_on"))
    return Found(found.in_time, found.due)


@measure(
    "documents-easier",
    Group.FORUMS,
    Unit.SHARE,
    Direction.UP,
    name=_("Documents that readers made easier to read"),
    definition=_(
        "Documents that went to a panel of readers in the period, and whose final version has a lower reading age than "
        "the first. Only documents whose two versions could be measured are counted."
    ),
    numerator=_("documents whose final version has a lower reading age"),
    denominator=_("documents of which the first and the final version could be measured"),
    source=_("Reviews of reader panels"),
)
def documents_easier(asked: Asked) -> Found:
    facts = facts_between(Review.objects.all(), *asked.days)
    gains = [(each.review, each.readability.years_saved) for each in facts]
    measured = [(review, gain) for review, gain in gains if gain is not None]
    easier = [(str(row), reverse("work:review_detail", args=[row.pk])) for row, gain in measured if gain > 0]
    return Found(len(easier), len(measured), easier)
