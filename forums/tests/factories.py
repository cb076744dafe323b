"""Valid forums for tests: plain functions, nothing random."""

import datetime

from django.utils import timezone

from forums.models import (
    Attendance,
    BoardQuestion,
    Cadence,
    Forum,
    ForumKind,
    ForumLink,
    Meeting,
    Membership,
    Opportunity,
    SeatRole,
    SeatRule,
)
from people.models import Level, Person
from people.tests import factories as people
from people.tests.factories import following


def forum_kind(code: str = "patient_forum", **fields) -> ForumKind:
    """The kind with the code; made when it is not there yet."""
    defaults = {"name": code.replace("_", " ").capitalize()} | fields
    return ForumKind.objects.get_or_create(code=code, defaults=defaults)[0]


def forum(name: str = "", **fields) -> Forum:
    fields["kind"] = fields.get("kind") or forum_kind()
    return Forum.objects.create(name=name or f"Forum {following(Forum)}", **{"level": Level.SYSTEM} | fields)


def forum_link(forum: Forum, **fields) -> ForumLink:
    return ForumLink.objects.create(forum=forum, **{"to_name": "ICB Board"} | fields)


def committee(name: str = "ICB Board", **fields) -> Forum:
    """A board or committee: it decides."""
    return forum(name, kind=forum_kind("board", is_committee=True), **fields)


def cadence(forum: Forum, unit: str = "months", number: int | None = 2, starts_on=datetime.date(2023, 4, 1)) -> Cadence:
    return Cadence.objects.create(forum=forum, unit=unit, number=number, starts_on=starts_on)


def seat_role(code: str = "citizen", **fields) -> SeatRole:
    """The role with the code; made when it is not there yet."""
    defaults = {"name": code.replace("_", " ").capitalize()} | fields
    return SeatRole.objects.get_or_create(code=code, defaults=defaults)[0]


def seat_rule(forum: Forum, role: str = "citizen", **fields) -> SeatRule:
    return SeatRule.objects.create(forum=forum, role=seat_role(role), **fields)


def membership(forum: Forum, person: Person | None = None, role: str = "citizen", **fields) -> Membership:
    """A seat since 2023, without the checks of `services.seats.appoint`."""
    defaults = {"started_on": datetime.date(2023, 6, 1)} | fields
    return Membership.objects.create(forum=forum, person=person or people.member(), role=seat_role(role), **defaults)


def in_days(days: int, hour: int = 10) -> datetime.datetime:
    """So many days from today, at the hour, local time."""
    return timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)


def meeting(forum: Forum, days: int = 14, **fields) -> Meeting:
    """A meeting so many days from today; before today it is held."""
    starts_at = fields.pop("starts_at", None) or in_days(days)
    defaults = {
        "title": f"Meeting of {forum}"[:200],
        "ends_at": starts_at + datetime.timedelta(hours=2),
        "mode": "hybrid",
        "venue": "The Forum, Hemel Hempstead",
        "status": "planned" if starts_at > timezone.now() else "held",
    }
    return Meeting.objects.create(forum=forum, starts_at=starts_at, **defaults | fields)


def attendance(meeting: Meeting, person: Person, **fields) -> Attendance:
    """An invitation; with a reply it also says when that came."""
    if fields.get("reply"):
        fields = {"replied_at": timezone.now()} | fields
    return Attendance.objects.create(meeting=meeting, person=person, **fields)


def board_question(forum: Forum, person: Person | None = None, **fields) -> BoardQuestion:
    defaults = {"topic": "Primary care", "text": f"Question {following(BoardQuestion)}?"}
    return BoardQuestion.objects.create(forum=forum, proposed_by=person, **defaults | fields)


def opportunity(forum: Forum | None = None, **fields) -> Opportunity:
    """A published way to take part, open for a month."""
    today = timezone.localdate()
    defaults = {
        "title": "Join the forum",
        "summary": "Help to shape services.",
        "commitment": "Two hours every two months",
        "payment": "Expenses",
        "role": seat_role() if forum else None,
        "closes_on": today + datetime.timedelta(days=30),
        "published_at": timezone.now(),
    }
    return Opportunity.objects.create(forum=forum, **defaults | fields)
