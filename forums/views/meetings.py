"""Meetings for staff: the lists, the meeting list with its needs, and what is done there."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forums.forms.meetings import ActionDoneForm, InviteForm, MinutesForm, NeedsMetForm, PresenceForm, ReplyForForm
from forums.models import Action, Attendance, Meeting, Paper
from forums.services import meeting_needs, meetings, papers, replies
from forums.views.downloads import download

PAGE_SIZE = 50
LIST_SIZE = 200  # the meeting list is printed and handed round: one page of paper after the other, not of the web
SEES_NEEDS = "people.view_accessneed"

may_see = permission_required("forums.view_meeting", raise_exception=True)
may_work = permission_required("forums.change_meeting", raise_exception=True)
may_invite = permission_required("forums.add_attendance", raise_exception=True)
may_note = permission_required("forums.change_attendance", raise_exception=True)
may_follow_up = permission_required(["forums.change_attendance", SEES_NEEDS], raise_exception=True)
may_see_actions = permission_required("forums.view_action", raise_exception=True)
may_do_actions = permission_required("forums.change_action", raise_exception=True)


def _meeting(request, pk) -> Meeting:
    return get_object_or_404(Meeting.objects.for_user(request.user).select_related("forum"), pk=pk)


def _attendance(request, pk) -> Attendance:
    found = Attendance.objects.filter(meeting__in=Meeting.objects.for_user(request.user))
    return get_object_or_404(found.select_related("meeting__forum", "person"), pk=pk)


def _tried(request, change, done) -> bool:
    """Whether the change was made. Says what came of it, or why it was refused, at the top of the next page."""
    try:
        messages.success(request, done(change()))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True


# Pages -------------------------------------------------------------------------------------------


@may_see
@require_safe
def meeting_list(request):
    coming = Q(attendances__reply__in=Attendance.COMING)
    rows = meetings.ahead_first(Meeting.objects.for_user(request.user).select_related("forum"))
    rows = rows.annotate(
        invited=Count("attendances"),
        coming=Count("attendances", filter=coming),
        waiting=Count("attendances", filter=Q(attendances__reply=Attendance.Reply.WAITING)),
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "work/meetings/meeting_list.html", {"page": page})


@may_see
@require_safe
def meeting_sheet(request, pk):
    return _sheet(request, _meeting(request, pk), InviteForm(user=request.user))


def _sheet(request, meeting, form, *, status=200):
    sees_needs = request.user.has_perm(SEES_NEEDS)
    rows = meeting.attendances.select_related("person")
    rows = list(rows if sees_needs else rows.defer("needs_note", "needs_comment"))
    needs = meeting_needs.read(meeting, rows, by=request.user) if sees_needs else None
    due_on, own_papers = papers.due_on(meeting), list(meeting.papers.all())
    for paper in own_papers:
        paper.is_late = papers.is_late(paper, due_on)
    for row in rows:
        row.needs = needs.by_person.get(row.person_id, []) if needs else []
    context = {
        "meeting": meeting,
        "joint_with": list(meeting.joint_with.all()),
        "form": form,
        "needs": needs,
        "page": Paginator(rows, LIST_SIZE).get_page(request.GET.get("page")),
        "counts": _counts(rows),
        "waiting": [row for row in _by_time(rows) if row.reply == Attendance.Reply.WAITING],
        "places_left": replies.places_left(meeting),
        "papers": own_papers,
        "papers_due_on": due_on,
        "has_started": meeting.starts_at <= timezone.now(),
        "closed_because": replies.closed_because(meeting),
    }
    return render(request, "work/meetings/meeting_sheet.html", context, status=status)


def _by_time(rows):
    return sorted((row for row in rows if row.replied_at), key=lambda row: (row.replied_at, row.pk))


def _counts(rows) -> list[tuple[str, int]]:
    """How many gave each reply, in the order of the replies."""
    return [(reply.label, sum(row.reply == reply for row in rows)) for reply in Attendance.Reply]


# What is done there ------------------------------------------------------------------------------


@may_invite
@require_POST
def meeting_invite(request, pk):
    """Invite all members, or with a name one more person."""
    meeting = _meeting(request, pk)
    if "all" in request.POST:
        _tried(request, lambda: meetings.invite_members(meeting, by=request.user), _invited)
        return redirect("work:meeting_sheet", pk)
    form = InviteForm(request.POST, user=request.user)
    if not form.is_valid():
        return _sheet(request, meeting, form, status=422)
    part = form.cleaned_data["part"]
    _tried(request, lambda: meetings.invite(meeting, form.person, part, by=request.user), lambda _row: _("Added."))
    return redirect("work:meeting_sheet", pk)


def _invited(count: int) -> str:
    return ngettext("%(count)s person was invited.", "%(count)s people were invited.", count) % {"count": count}


@may_note
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_reply_for(request, pk):
    """Keep what somebody said by phone or on paper. The note on needs is not shown here: it can be added to."""
    attendance = _attendance(request, pk)
    is_sent = request.method == "POST"
    form = ReplyForForm(request.POST if is_sent else None, meeting=attendance.meeting)
    if is_sent and form.is_valid():
        note = form.cleaned_data["needs_note"] or None
        answer = form.cleaned_data["reply"]
        _tried(
            request,
            lambda: replies.reply(attendance, answer, by=request.user, needs_note=note),
            lambda row: _("Recorded: %(reply)s.") % {"reply": row.get_reply_display()},
        )
        return redirect("work:meeting_sheet", attendance.meeting_id)
    meeting = attendance.meeting
    closed_because = replies.closed_because(meeting)
    context = {"attendance": attendance, "meeting": meeting, "form": form, "closed_because": closed_because}
    return render(request, "work/meetings/meeting_reply_for.html", context, status=422 if is_sent else 200)


@may_note
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_needs_for(request, pk):
    """Keep whether the needs of somebody were met, as they said it by phone or on paper."""
    attendance = _attendance(request, pk)
    form = NeedsMetForm(request.POST if request.method == "POST" else None, name=attendance.person.called)
    if form.is_valid():
        met, comment = form.cleaned_data["met"], form.cleaned_data["comment"]
        _tried(
            request,
            lambda: replies.needs_met(attendance, met, comment, by=request.user),
            lambda row: _("Recorded: %(met)s.") % {"met": row.get_needs_met_display()},
        )
        return redirect("work:meeting_sheet", attendance.meeting_id)
    context = {"attendance": attendance, "meeting": attendance.meeting, "form": form}
    return render(request, "work/meetings/meeting_needs_for.html", context, status=422 if form.is_bound else 200)


@may_work
@require_POST
def meeting_papers(request, pk):
    """Share papers with members, or publish them for everybody."""
    meeting = _meeting(request, pk)
    is_publishing = request.POST.get("do") == "publish"
    change = papers.publish if is_publishing else papers.share
    _tried(request, lambda: change(meeting, by=request.user), _published if is_publishing else _shared)
    return redirect("work:meeting_sheet", pk)


def _shared(count: int) -> str:
    if not count:
        return _("There was no new paper to share.")
    return ngettext("%(count)s paper was shared.", "%(count)s papers were shared.", count) % {"count": count}


def _published(count: int) -> str:
    if not count:
        return _("There was no new paper to publish. Share papers with members first.")
    return ngettext("%(count)s paper was published.", "%(count)s papers were published.", count) % {"count": count}


@may_note
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_attendance(request, pk):
    meeting = _meeting(request, pk)
    page = Paginator(meeting.attendances.select_related("person"), LIST_SIZE).get_page(request.GET.get("page"))
    is_sent = request.method == "POST"
    form = PresenceForm(request.POST if is_sent else None, attendances=list(page))
    if is_sent and form.is_valid():
        change = form.by_number
        _tried(
            request,
            lambda: meetings.record_presence(meeting, change, by=request.user),
            lambda _count: _("Attendance is recorded."),
        )
        return redirect("work:meeting_sheet", pk)
    context = {"meeting": meeting, "form": form, "page": page, "has_started": meeting.starts_at <= timezone.now()}
    return render(request, "work/meetings/meeting_attendance.html", context, status=422 if is_sent else 200)


@may_work
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_minutes(request, pk):
    meeting = _meeting(request, pk)
    is_sent = request.method == "POST"
    form = MinutesForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid():
        file = form.cleaned_data["minutes"]
        _tried(
            request,
            lambda: meetings.publish_minutes(meeting, file, by=request.user),
            lambda _meeting: _("The minutes are published."),
        )
        return redirect("work:meeting_sheet", pk)
    context = {"meeting": meeting, "form": form}
    return render(request, "work/meetings/meeting_minutes.html", context, status=422 if is_sent else 200)


@may_work
@require_POST
def meeting_status(request, pk):
    meeting = _meeting(request, pk)
    _tried(
        request,
        lambda: meetings.set_status(meeting, request.POST.get("status", ""), by=request.user),
        lambda row: _("The meeting is marked: %(status)s.") % {"status": row.get_status_display()},
    )
    return redirect("work:meeting_sheet", pk)


@may_follow_up
@require_POST
def needs_followed_up(request, pk):
    attendance = _attendance(request, pk)
    _tried(request, lambda: replies.follow_up(attendance, by=request.user), lambda _row: _("Marked as followed up."))
    return redirect("work:meeting_sheet", attendance.meeting_id)


@may_see
@require_safe
def paper_file(request, pk):
    """A paper as staff see it, shared or not."""
    paper = get_object_or_404(Paper.objects.filter(meeting__in=Meeting.objects.for_user(request.user)), pk=pk)
    return download(paper.file, str(paper))


@may_see
@require_safe
def minutes_file(request, pk):
    meeting = get_object_or_404(Meeting.objects.for_user(request.user).exclude(minutes=""), pk=pk)
    return download(meeting.minutes, f"{_('Minutes')} {meeting}")


# Actions -----------------------------------------------------------------------------------------


def _actions(user):
    return Action.objects.filter(meeting__in=Meeting.objects.for_user(user)).select_related("meeting", "person")


@may_see_actions
@require_safe
def action_list(request):
    rows = _actions(request.user).filter(done_on=None).order_by(F("due_on").asc(nulls_last=True), "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "work/meetings/action_list.html", {"page": page, "today": timezone.localdate()})


@may_do_actions
@require_http_methods(["GET", "HEAD", "POST"])
def action_done(request, pk):
    action = get_object_or_404(_actions(request.user), pk=pk)
    is_sent = request.method == "POST"
    form = ActionDoneForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        outcome = form.cleaned_data["outcome"]
        _tried(
            request,
            lambda: meetings.finish_action(action, outcome, by=request.user),
            lambda _row: _("The action is done."),
        )
        return redirect("work:action_list")
    context = {"action": action, "meeting": action.meeting, "form": form}
    return render(request, "work/meetings/action_done.html", context, status=422 if is_sent else 200)
