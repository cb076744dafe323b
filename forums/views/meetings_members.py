"""Meetings in the members' portal: reply, read, and say how it was. No page names who else comes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forums.documents import calendar
from forums.forms.meetings import NeedsMetForm, ReplyForm
from forums.models import Attendance, Meeting, PaperRead
from forums.services import meetings, papers, replies
from forums.views.access import member_page
from forums.views.downloads import download
from people.services import needs


def _meeting(request, pk) -> Meeting:
    return get_object_or_404(Meeting.objects.for_person(request.person).select_related("forum"), pk=pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request, pk):
    meeting = _meeting(request, pk)
    attendance = meeting.attendances.filter(person=request.person).first()
    if request.method != "POST":
        return _page(request, meeting, attendance)
    form = ReplyForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _page(request, meeting, attendance, form=form, status=422)
    answer, note = form.cleaned_data["reply"], form.cleaned_data["needs_note"]
    try:
        attendance = replies.reply_as_member(meeting, request.person, answer, by=request.user, needs_note=note)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, meeting, attendance, form=form, status=422)
    messages.success(request, _("We have your reply: %(reply)s.") % {"reply": attendance.get_reply_display()})
    return redirect("members:meeting", pk)


def _page(request, meeting, attendance, *, form=None, needs_form=None, status=200):
    """The page, as the person sees it: their own needs and reply, and of the others only how many come."""
    person = request.person
    given = needs.needs_of([person], by=request.user, purpose=f"own page of meeting {meeting.pk}")
    is_over = meeting.ends_at <= timezone.now() and meeting.status != Meeting.Status.CANCELLED
    closed_because = replies.closed_because(meeting)
    is_inside = meetings.inside(person).filter(pk=meeting.pk).exists()
    read = Exists(PaperRead.objects.filter(paper=OuterRef("pk"), person=person))
    context = {
        "meeting": meeting,
        "attendance": attendance,
        "form": form or (None if closed_because else _reply_form(meeting, attendance)),
        "closed_because": closed_because,
        "needs_form": needs_form or (_needs_form(attendance) if is_over and attendance else None),
        "my_needs": given.get(person.pk, []),
        "agenda": meeting.agenda.all(),
        "papers": papers.for_member(person).filter(meeting=meeting).annotate(is_read=read),
        "coming": meeting.attendances.taking_a_place().count(),
        "places_left": replies.places_left(meeting),
        "place_in_line": _place_in_line(meeting, attendance),
        "can_read_minutes": bool(meeting.minutes_published_at) and (is_inside or meeting.is_public),
        "is_inside": is_inside,
        "is_over": is_over,
        "my_actions": meeting.actions.filter(person=person),
    }
    return render(request, "members/meetings/meeting.html", context, status=status)


def _reply_form(meeting, attendance) -> ReplyForm | None:
    if not replies.answers(meeting):
        return None
    initial = {}
    if attendance:
        wanted = replies.limited(meeting) if attendance.reply == Attendance.Reply.WAITING else attendance.reply
        initial = {"reply": wanted, "needs_note": attendance.needs_note}
    return ReplyForm(initial=initial, meeting=meeting)


def _needs_form(attendance) -> NeedsMetForm:
    return NeedsMetForm(initial={"met": attendance.needs_met, "comment": attendance.needs_comment})


def _place_in_line(meeting, attendance) -> int | None:
    """The place on the waiting list, from 1; None for somebody who is not on it."""
    if attendance is None or attendance.reply != Attendance.Reply.WAITING:
        return None
    return list(meeting.attendances.waiting_list().values_list("pk", flat=True)).index(attendance.pk) + 1


@member_page
@require_POST
def meeting_needs_met(request, pk):
    meeting = _meeting(request, pk)
    attendance = get_object_or_404(meeting.attendances, person=request.person)
    form = NeedsMetForm(request.POST)
    if form.is_valid():
        try:
            replies.needs_met(attendance, form.cleaned_data["met"], form.cleaned_data["comment"], by=request.user)
            messages.success(request, _("Thank you. We have your answer."))
            return redirect("members:meeting", pk)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, meeting, attendance, needs_form=form, status=422)


@member_page
@require_safe
def meeting_calendar(request, pk):
    return ics(calendar.member_file(_meeting(request, pk)), pk)


def ics(content: bytes, pk: int) -> HttpResponse:
    """A calendar file to save or open."""
    name = f'attachment; filename="meeting-{pk}.ics"'
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})


@member_page
@require_safe
def meeting_minutes(request, pk):
    seen = Meeting.objects.for_person(request.person).exclude(minutes_published_at=None)
    meeting = get_object_or_404(seen, pk=pk)
    if not meeting.is_public:
        get_object_or_404(meetings.inside(request.person), pk=pk)
    return download(meeting.minutes, f"{_('Minutes')} {meeting}")


@member_page
@require_safe
def paper(request, pk):
    found = get_object_or_404(papers.for_member(request.person), pk=pk)
    papers.note_read(found, request.person)
    return download(found.file, str(found))
