"""Each rule of a forum by itself: pure functions from rows to what is kept and what is not. Days are local days."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.documents.cadences import DAY, Span, add_months
from forums.models import ForumLink, Meeting, Membership, Paper, SeatRule, TermsOfReference

PAPERS_DAYS = 5  # where a forum has not said how many days before a meeting its papers go out (MTG-005)
REVIEW_SOON = datetime.timedelta(days=60)


def day_of(meeting: Meeting) -> datetime.date:
    return timezone.localdate(meeting.starts_at)


def words_for(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"


# Seats -------------------------------------------------------------------------------------------


def rule_of(seat: Membership, rules: Iterable[SeatRule]) -> SeatRule | None:
    """The rule under which somebody sits: of those that fit, the one that says most. A seat counts under one rule."""
    fitting = [
        rule
        for rule in rules
        if rule.role_id == seat.role_id
        and rule.from_forum_id in {None, seat.represents_id}
        and rule.nominated_by_id in {None, seat.organisation_id}
    ]
    return max(
        fitting, key=lambda rule: (rule.nominated_by_id is not None, rule.from_forum_id is not None), default=None
    )


@dataclass(frozen=True, slots=True)
class Seats:
    """How many sit under a rule (FOR-010)."""

    name: str
    minimum: int
    maximum: int | None
    sitting: int
    is_required: bool

    @property
    def vacant(self) -> int:
        return max(self.minimum - self.sitting, 0)

    @property
    def over(self) -> int:
        return 0 if self.maximum is None else max(self.sitting - self.maximum, 0)

    @property
    def state(self) -> str:
        if self.over:
            return _("%(number)s over") % {"number": self.over}
        if self.vacant:
            return _("%(number)s vacant") % {"number": self.vacant}
        return _("filled") if self.is_required or self.minimum else _("as needed")

    @property
    def problem(self) -> str:
        words = {"number": self.vacant or self.over, "name": self.name}
        if self.over:
            return _("Too many people sit as “%(name)s”: %(number)s over.") % words
        if self.vacant and self.is_required:
            return _("Vacant seats for “%(name)s”: %(number)s.") % words
        return ""


def seats(rules: list[SeatRule], memberships: Iterable[Membership], on: datetime.date) -> list[Seats]:
    """Each rule with those who sit on the day. Observers hold no seat."""
    taken = [rule_of(seat, rules) for seat in memberships if not seat.is_observer and sits_on(seat, on)]
    return [
        Seats(_name_of(rule), rule.minimum, rule.maximum, sum(each is rule for each in taken), rule.is_required)
        for rule in rules
    ]


def sits_on(seat: Membership, day: datetime.date) -> bool:
    return seat.started_on <= day and (seat.ended_on is None or seat.ended_on > day)


def _name_of(rule: SeatRule) -> str:
    name = str(rule.role)
    if rule.nominated_by:
        name = _("%(name)s, nominated by %(by)s") % {"name": name, "by": rule.nominated_by}
    if rule.from_forum:
        name = _("%(name)s, from %(forum)s") % {"name": name, "forum": rule.from_forum}
    return name


# Representatives ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Representation:
    """Representatives that a forum has to have on another (FOR-011)."""

    target: str
    minimum: int
    sitting: int

    @property
    def missing(self) -> int:
        return max(self.minimum - self.sitting, 0)

    @property
    def problem(self) -> str:
        if not self.missing:
            return ""
        words = {"number": self.missing, "target": self.target}
        return (
            ngettext(
                "%(number)s representative on %(target)s is missing.",
                "%(number)s representatives on %(target)s are missing.",
                self.missing,
            )
            % words
        )


def representations(
    links: Iterable[ForumLink], seats_elsewhere: Iterable[Membership], on: datetime.date
) -> list[Representation]:
    """Each tie that asks for representatives. Of a body that is only named nothing is known."""
    present = [seat.forum_id for seat in seats_elsewhere if not seat.is_observer and sits_on(seat, on)]
    return [
        Representation(link.to_forum.name, link.seats, present.count(link.to_forum_id))
        for link in links
        if link.kind == ForumLink.Kind.REPRESENTED_ON and link.to_forum_id
    ]


# Before the Board --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BeforeBoard:
    """A meeting of the committee before which a forum meets, and the meeting of the forum that came before it."""

    committee: str
    on: datetime.date
    before: datetime.date | None
    is_ahead: bool

    @property
    def problem(self) -> str:
        if self.before:
            return ""
        words = {"committee": self.committee, "on": words_for(self.on)}
        if self.is_ahead:
            return _("No meeting is planned before the %(committee)s of %(on)s.") % words
        return _("It did not meet before the %(committee)s of %(on)s.") % words


def before_board(
    own: Iterable[Meeting], boards: Iterable[Meeting], name: str, span: Span | None, today: datetime.date, ahead: bool
) -> list[BeforeBoard]:
    """Each meeting of the committee in the span, and those planned in the year to come, with the forum's own before it.

    It counts from the committee's meeting before, or from the first day of the span when there is none. Before a
    meeting that has passed the forum must have met; before one to come a planned meeting is enough.
    """
    found, previous = [], None
    year_on = add_months(today, 12)
    for board in sorted(boards, key=lambda meeting: meeting.starts_at):
        day = day_of(board)
        if span and (day in span or (ahead and today < day <= year_on)):
            is_ahead = day > today
            good = {Meeting.Status.HELD, Meeting.Status.PLANNED} if is_ahead else {Meeting.Status.HELD}
            days = [
                day_of(meeting)
                for meeting in own
                if meeting.status in good
                and meeting.starts_at < board.starts_at
                and (meeting.starts_at >= previous if previous else day_of(meeting) >= span.first)
            ]
            found.append(BeforeBoard(name, day, max(days, default=None), is_ahead))
        previous = board.starts_at
    return found


# Papers ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Papers:
    """When the papers of a meeting were due, and when the first of them went out. None: none did."""

    title: str
    on: datetime.date
    due_on: datetime.date
    first_on: datetime.date | None
    is_due: bool

    @property
    def days_late(self) -> int:
        return max((self.first_on - self.due_on).days, 0) if self.first_on else 0

    @property
    def state(self) -> str:
        if self.first_on is None:
            return _("none went out") if self.is_due else _("not due yet")
        if not self.days_late:
            return _("on time")
        return ngettext("%(days)s day late", "%(days)s days late", self.days_late) % {"days": self.days_late}

    @property
    def problem(self) -> str:
        words = {"on": words_for(self.on), "state": self.state}
        if self.first_on is None:
            return _("No papers went out for the meeting of %(on)s.") % words if self.is_due else ""
        return _("Papers for the meeting of %(on)s: %(state)s.") % words if self.days_late else ""


def papers(meeting: Meeting, found: Iterable[Paper], days: int | None, today: datetime.date) -> Papers:
    """Papers of a meeting in public count from the day they were published, others from the day members got them."""
    on = day_of(meeting)
    due_on = on - datetime.timedelta(days=PAPERS_DAYS if days is None else days)
    sent = [paper.published_at if meeting.is_public else paper.shared_at for paper in found]
    first_on = min((timezone.localdate(at) for at in sent if at and at <= timezone.now()), default=None)
    return Papers(meeting.title, on, due_on, first_on, due_on < today)


# Terms of reference ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """The newest terms of reference that were agreed (FOR-003)."""

    version: str = ""
    review_on: datetime.date | None = None
    on: datetime.date | None = None

    @property
    def is_overdue(self) -> bool:
        return self.review_on is not None and self.review_on < self.on

    @property
    def is_due_soon(self) -> bool:
        return self.review_on is not None and not self.is_overdue and self.review_on <= self.on + REVIEW_SOON

    @property
    def problem(self) -> str:
        if not self.version:
            return _("No agreed terms of reference are recorded.")
        words = {"on": words_for(self.review_on)} if self.review_on else {}
        if self.is_overdue:
            return _("The review of the terms of reference was due on %(on)s.") % words
        return _("The terms of reference are to be reviewed by %(on)s.") % words if self.is_due_soon else ""


def terms(versions: Iterable[TermsOfReference], on: datetime.date) -> Terms:
    agreed = [each for each in versions if each.agreed_on and each.agreed_on <= on]
    newest = max(agreed, key=lambda each: (each.agreed_on, each.pk), default=None)
    return Terms(newest.version, newest.review_on, on) if newest else Terms(on=on)


# Who has to be there -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attends:
    """Whether somebody in a role was there at least once in every so many months (MTG-006)."""

    name: str
    months: int
    spans: tuple[Span, ...] = ()
    missed: tuple[Span, ...] = ()

    @property
    def problem(self) -> str:
        if not self.missed:
            return ""
        when = "; ".join(
            _("%(first)s to %(last)s") % {"first": words_for(span.first), "last": words_for(span.last)}
            for span in self.missed
        )
        return _("“%(name)s” was at no meeting from %(when)s.") % {"name": self.name, "when": when}


def attends(rule: SeatRule, present_on: Iterable[datetime.date], span: Span | None) -> Attends:
    """Every full run of so many months in the span, from its first day on."""
    days, runs, number = set(present_on), [], 0
    while span and (last := add_months(span.first, (number + 1) * rule.attends_every) - DAY) <= span.last:
        runs.append(Span(add_months(span.first, number * rule.attends_every), last))
        number += 1
    missed = tuple(run for run in runs if not any(day in run for day in days))
    return Attends(str(rule.role), rule.attends_every, tuple(runs), missed)
