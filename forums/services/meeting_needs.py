"""The meeting list: what the people who come need, counted for the organiser (MEM-007, MTG-009)."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from core import audit
from forums.models import Attendance, Format, Meeting
from people.models import NeedKind, User
from people.services import needs

# In which form of a paper a need is met. Papers by post are printed: any paper will do.
FORMAT_OF = {
    NeedKind.LARGE_PRINT: Format.LARGE_PRINT,
    NeedKind.EASY_READ: Format.EASY_READ,
    NeedKind.BRAILLE: Format.BRAILLE,
    NeedKind.AUDIO: Format.AUDIO,
    NeedKind.LANGUAGE: Format.LANGUAGE,
}


@dataclass(frozen=True)
class FormatWanted:
    """Who wants papers in another form, and whether there is one in it. `is_ready` is None for post."""

    label: str
    people: list[str]
    is_ready: bool | None


@dataclass(frozen=True)
class MeetingNeeds:
    """What people need, by the number of the person; totals of those who come; formats; what was not met."""

    by_person: dict[int, list]
    totals: list[tuple[str, int]] = field(default_factory=list)
    formats: list[FormatWanted] = field(default_factory=list)
    unmet: list[Attendance] = field(default_factory=list)


@transaction.atomic
def read(meeting: Meeting, attendances: list[Attendance], *, by: User) -> MeetingNeeds:
    """The needs of everybody on the list who has not sent apologies. The reading is audited, person by person.

    The notes and comments of `attendances` are covered by the same audit rows, so all of them are named there.
    """
    expected = [each for each in attendances if each.reply != Attendance.Reply.APOLOGIES]
    found = needs.needs_of([each.person for each in expected], by=by, purpose=f"meeting {meeting.pk}")
    others = [each for each in attendances if each.reply == Attendance.Reply.APOLOGIES]
    for each in others:
        if each.needs_note or each.needs_comment:
            audit.record(by, "read access needs", each.person, purpose=f"meeting {meeting.pk}")
    coming = [each for each in expected if each.reply in Attendance.COMING]
    totals = Counter(need.kind for each in coming for need in found.get(each.person_id, []))
    return MeetingNeeds(
        by_person=found,
        totals=[(NeedKind(kind).label, count) for kind, count in sorted(totals.items(), key=lambda row: -row[1])],
        formats=_formats(meeting, expected, found),
        unmet=[each for each in attendances if _is_open(each)],
    )


def _is_open(attendance: Attendance) -> bool:
    is_unmet = attendance.needs_met in {Attendance.Met.PARTLY, Attendance.Met.NO}
    return is_unmet and attendance.needs_followed_up_on is None


def _formats(meeting: Meeting, expected: list[Attendance], found: dict) -> list[FormatWanted]:
    ready = set(meeting.papers.values_list("format", flat=True))
    rows = []
    for kind in (NeedKind.PAPER, *FORMAT_OF):
        names = [
            f"{each.person} ({need.detail})" if need.detail else str(each.person)
            for each in expected
            for need in found.get(each.person_id, [])
            if need.kind == kind
        ]
        if names:
            rows.append(FormatWanted(str(kind.label), names, FORMAT_OF[kind] in ready if kind in FORMAT_OF else None))
    return rows
