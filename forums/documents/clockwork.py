"""The clockwork of forums: what each of them was to do in a time, and whether it did. For pages and for reports.

Everything is worked out as at the last day of the time, or today when that is earlier, so that the same question about
the past has the same answer later. What nobody recorded is None, never 0.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.documents import cadences, rules
from forums.documents.cadences import Expected, Span, expected
from forums.models import Attendance, Cadence, Forum, ForumLink, Meeting, Membership, Paper, SeatRule, TermsOfReference

LOOK_BACK = datetime.timedelta(days=366)  # how far before the time the Board's meeting before may lie
THERE = (Attendance.Presence.PRESENT, Attendance.Presence.OBSERVED)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Meetings held against meetings expected. Both count from the day from which the cadence is known."""

    words: str
    held: int
    expected: int | None
    since: datetime.date | None = None
    as_needed: bool = False
    held_since: int = 0

    @property
    def missing(self) -> int:
        return max(self.expected - self.held_since, 0) if self.expected else 0

    @property
    def most(self) -> int:
        """How long a bar has to be that shows both numbers."""
        return max(self.held_since, self.expected or 0, 1)

    @property
    def state(self) -> str:
        if self.expected is None:
            return _("not recorded")
        if self.as_needed:
            return _("as needed")
        return _("%(number)s too few") % {"number": self.missing} if self.missing else _("kept")

    @property
    def problem(self) -> str:
        if self.expected is None:
            return _("How often it meets is not recorded.")
        words = {"held": self.held_since, "expected": self.expected}
        return _("It held %(held)s of %(expected)s meetings expected.") % words if self.missing else ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: in a sentence, and of which kind it is, so that forums can be counted by it.

    `is_of_record` says that nobody wrote down what the forum is to do, so that nobody can know whether it does.
    """

    kind: str
    words: str
    is_of_record: bool = False


@dataclass(frozen=True, slots=True)
class ForumClock:
    """One forum in one time, rule by rule. `gaps` and `problems`, their sentences, begin with the worst."""

    forum: Forum
    as_at: datetime.date
    rhythm: Rhythm
    seats: list[rules.Seats]
    links: list[rules.Representation]
    board: list[rules.BeforeBoard]
    papers: list[rules.Papers]
    terms: rules.Terms
    attends: list[rules.Attends]
    last_held: datetime.date | None
    is_dormant: bool
    is_working: bool
    minutes_overdue: list[Meeting] = field(default_factory=list)

    @property
    def gaps(self) -> list[Gap]:
        """Nothing is asked of a forum that is proposed, paused or closed."""
        return [gap for gap in self._found() if gap.words] if self.is_working else []

    @property
    def problems(self) -> list[str]:
        return [gap.words for gap in self.gaps]

    def _found(self) -> Iterable[Gap]:
        is_known = self.rhythm.expected is not None
        yield Gap(_("No meeting for a long time, or none recorded"), self._sleep())
        for each in self.board:
            yield Gap(_("No meeting before that of the Board or a committee"), each.problem)
        if is_known:
            yield Gap(_("Fewer meetings than expected"), self.rhythm.problem)
        for kind, part in (
            (_("Seats that are vacant or over"), self.seats),
            (_("Representatives who are missing"), self.links),
            (_("Somebody who has to come did not"), self.attends),
            (_("Papers that were late or missing"), self.papers),
        ):
            for each in part:
                yield Gap(kind, each.problem)
        for meeting in self.minutes_overdue:
            words = _("Minutes of the meeting of %(on)s were due on %(due)s.") % {
                "on": rules.words_for(rules.day_of(meeting)),
                "due": rules.words_for(meeting.minutes_due_on),
            }
            yield Gap(_("Minutes that are overdue"), words)
        if self.terms.version:
            yield Gap(_("Terms of reference to be reviewed"), self.terms.problem)
        else:
            yield Gap(_("No agreed terms of reference"), self.terms.problem, is_of_record=True)
        if not self.forum.remit_is_agreed:
            yield Gap(_("No agreed remit"), _("Its remit is not agreed."), is_of_record=True)
        if not is_known:
            yield Gap(_("Not recorded how often it meets"), self.rhythm.problem, is_of_record=True)

    def _sleep(self) -> str:
        if not self.is_dormant:
            return ""
        if self.last_held is None:
            return _("No meeting that was held is recorded.")
        return _("It last met on %(on)s.") % {"on": rules.words_for(self.last_held)}


def clockwork(
    forums: QuerySet[Forum], start: datetime.date, end: datetime.date, today: datetime.date | None = None
) -> list[ForumClock]:
    """The clockwork of each forum from one day to another, both included, in the order of the queryset.

    As many queries for one forum as for a thousand.
    """
    forums = list(forums.select_related("kind", "area", "meets_before"))
    rows = _Rows(forums, Span(start, end), today or timezone.localdate())
    return [_clock(forum, rows) for forum in forums]


class _Rows:
    """Everything that the rules ask for, read once and sorted by forum."""

    def __init__(self, forums: list[Forum], asked: Span, today: datetime.date):
        ids = [forum.pk for forum in forums]
        self.asked, self.today, self.as_at = asked, today, min(asked.last, today)
        self.cadences = _by(Cadence.objects.filter(forum__in=ids))
        self.rules = _by(SeatRule.objects.filter(forum__in=ids).select_related("role", "nominated_by", "from_forum"))
        self.terms = _by(TermsOfReference.objects.filter(forum__in=ids).defer("text"))
        self.links = _by(ForumLink.objects.filter(forum__in=ids).select_related("to_forum"))
        members = Membership.objects.filter(person__merged_into=None, person__erased_at=None).order_by("pk")
        seats = list(members.filter(Q(forum__in=ids) | Q(represents__in=ids)).defer("selected_because"))
        self.seats, self.seats_elsewhere = _by(seats), _by(seats, lambda seat: seat.represents_id)
        self.paused = _paused([forum.pk for forum in forums if forum.status == Forum.Status.PAUSED])
        self._read_meetings(ids, {forum.meets_before_id for forum in forums} - {None})

    def _read_meetings(self, ids: list[int], committees: set[int]) -> None:
        meetings = Meeting.objects.filter(status__in=[Meeting.Status.HELD, Meeting.Status.PLANNED])
        since = self.asked.first - LOOK_BACK
        own = meetings.filter(starts_at__date__gte=since).order_by("starts_at", "pk")
        self.meetings = _by(own.filter(forum__in={*ids, *committees}).defer("notes"))
        joint = own.filter(joint_with__in={*ids, *committees}).defer("notes").distinct()
        for link in _joint(joint):
            self.meetings[link.forum_id].append(link.meeting)
        before = meetings.filter(status=Meeting.Status.HELD, starts_at__date__lte=self.as_at).order_by()
        self.last_held = dict(before.filter(forum__in=ids).values_list("forum").annotate(Max("starts_at")))
        joined = before.filter(joint_with__in=ids).values_list("joint_with").annotate(Max("starts_at"))
        for forum, at in joined:
            self.last_held[forum] = max(at, self.last_held.get(forum, at))
        in_time = {"starts_at__date__gte": self.asked.first, "starts_at__date__lte": self.asked.last}
        asked = meetings.filter(forum__in=ids, **in_time).values("pk")
        self.papers = _by(Paper.objects.filter(meeting__in=asked), lambda paper: paper.meeting_id)
        roles = {rule.role_id for each in self.rules.values() for rule in each if rule.attends_every}
        there = Attendance.objects.filter(presence__in=THERE, meeting__status=Meeting.Status.HELD)
        there = there.filter(**{f"meeting__{name}": value for name, value in in_time.items()})
        there = there.filter(person__memberships__role__in=roles, person__memberships__forum__in=ids).order_by()
        self.present = defaultdict(set)
        for meeting, person in there.values_list("meeting", "person").distinct() if roles else []:
            self.present[meeting].add(person)


def _by(rows: Iterable, key: Callable = lambda row: row.forum_id) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _joint(meetings: QuerySet[Meeting]) -> list:
    """The rows that tie a meeting to a further forum, each with its meeting."""
    rows = Meeting.joint_with.through.objects.filter(meeting__in=meetings.values("pk"))
    rows = rows.exclude(forum=F("meeting__forum"))
    return list(rows.select_related("meeting").order_by("meeting__starts_at"))


def _paused(ids: list[int]) -> dict[int, datetime.date]:
    """The day on which each forum that is paused now was paused, as its versions tell it."""
    found = {}
    versions = Forum.history.filter(id__in=ids).order_by("id", "history_date", "history_id")
    for pk, status, at in versions.values_list("id", "status", "history_date"):
        if status == Forum.Status.PAUSED:
            found.setdefault(pk, timezone.localdate(at))
        else:
            found.pop(pk, None)
    return found


# One forum ---------------------------------------------------------------------------------------


def _clock(forum: Forum, rows: _Rows) -> ForumClock:
    begun, ended = cadences.life_of(forum, rows.paused.get(forum.pk))
    alive = None if forum.status == Forum.Status.PROPOSED else rows.asked.within(begun, ended)
    passed = alive.within(None, rows.today) if alive else None
    meetings = rows.meetings[forum.pk]
    in_time = [meeting for meeting in meetings if rules.day_of(meeting) in rows.asked]
    held = [meeting for meeting in in_time if meeting.status == Meeting.Status.HELD]
    seat_rules, on = rows.rules[forum.pk], rows.as_at
    last = rows.last_held.get(forum.pk)
    last_held = timezone.localdate(last) if last else None
    cadence = max(
        (row for row in rows.cadences[forum.pk] if row.starts_on <= on), key=lambda row: row.starts_on, default=None
    )
    is_working = forum.status in Forum.WORKING and passed is not None
    return ForumClock(
        forum=forum,
        as_at=on,
        rhythm=_rhythm(forum, cadence, held, passed, begun, rows),
        seats=rules.seats(seat_rules, rows.seats[forum.pk], on),
        links=rules.representations(rows.links[forum.pk], rows.seats_elsewhere[forum.pk], on),
        board=_board(forum, meetings, alive, rows),
        papers=[
            rules.papers(meeting, rows.papers[meeting.pk], forum.papers_days, rows.today)
            for meeting in in_time
            if meeting.forum_id == forum.pk
        ],
        terms=rules.terms(rows.terms[forum.pk], on),
        attends=[
            rules.attends(rule, _days_there(rule, held, rows), passed) for rule in seat_rules if rule.attends_every
        ],
        last_held=last_held,
        is_dormant=is_working and _is_dormant(cadence, last_held, begun, on),
        is_working=is_working,
        minutes_overdue=[meeting for meeting in held if meeting.forum_id == forum.pk and _is_overdue(meeting, on)],
    )


def _rhythm(
    forum: Forum,
    cadence: Cadence | None,
    held: list[Meeting],
    passed: Span | None,
    begun: datetime.date | None,
    rows: _Rows,
) -> Rhythm:
    is_unsure = forum.status == Forum.Status.PAUSED and forum.pk not in rows.paused and not forum.closed_on
    due = Expected(None) if is_unsure else expected(rows.cadences[forum.pk], passed, begun)
    counted = [meeting for meeting in held if due.since is None or rules.day_of(meeting) >= due.since]
    words = str(cadence) if cadence else forum.meets or _("not recorded")
    return Rhythm(words, len(held), due.number, due.since, due.as_needed, len(counted))


def _board(forum: Forum, meetings: list[Meeting], alive: Span | None, rows: _Rows) -> list[rules.BeforeBoard]:
    if forum.meets_before_id is None:
        return []
    is_ahead = rows.asked.last >= rows.today and forum.status in Forum.WORKING
    boards = rows.meetings[forum.meets_before_id]
    return rules.before_board(meetings, boards, forum.meets_before.name, alive, rows.today, is_ahead)


def _days_there(rule: SeatRule, held: list[Meeting], rows: _Rows) -> list[datetime.date]:
    """The days of meetings at which somebody was who held this role here, then or at another time."""
    people = {seat.person_id for seat in rows.seats[rule.forum_id] if seat.role_id == rule.role_id}
    return [rules.day_of(meeting) for meeting in held if people & rows.present[meeting.pk]]


def _is_dormant(
    cadence: Cadence | None, last_held: datetime.date | None, begun: datetime.date | None, on: datetime.date
) -> bool:
    since = last_held or begun
    if since is None:
        return cadence is None or cadence.unit != Cadence.Unit.AS_NEEDED
    by = cadences.sleeps_from(cadence, since)
    return by is not None and on > by


def _is_overdue(meeting: Meeting, on: datetime.date) -> bool:
    if meeting.minutes_due_on is None or meeting.minutes_due_on >= on:
        return False
    return meeting.minutes_published_at is None or timezone.localdate(meeting.minutes_published_at) > on
