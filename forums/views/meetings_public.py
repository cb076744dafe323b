"""Meetings held in public, as anybody reads about them, and the way into an open meeting (MTG-008, MTG-016)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.limits import TOO_OFTEN, sent_too_often
from forums.documents import calendar
from forums.forms.meetings import SignUpForm
from forums.models import Meeting
from forums.services import meetings, papers, replies
from forums.views.downloads import download
from forums.views.meetings_members import ics
from people.models import ConsentPurpose
from people.services import consents

PAGE_SIZE = 20
MOST_AN_HOUR = 60  # from one address: a whole forum may sit behind one Wi-Fi


@login_not_required
@require_safe
def meeting_list(request):
    rows = meetings.ahead_first(Meeting.objects.public().select_related("forum"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    canonical = settings.SITE_URL + reverse("forums:meeting_list")
    return render(request, "forums/meetings/meeting_list.html", {"page": page, "canonical": canonical})


@login_not_required
@require_safe
def meeting_detail(request, pk):
    meeting = get_object_or_404(Meeting.objects.public().select_related("forum"), pk=pk)
    context = {
        "meeting": meeting,
        "joint_with": list(meeting.joint_with.all()),
        "agenda": meeting.agenda.all(),
        "papers": papers.for_everybody().filter(meeting=meeting),
        "can_join": meetings.open_to_anybody().filter(pk=pk).exists() and bool(replies.answers(meeting)),
        "is_ahead": meeting.ends_at > timezone.now(),
        "canonical": settings.SITE_URL + meeting.get_absolute_url(),
    }
    return render(request, "forums/meetings/meeting_detail.html", context)


@login_not_required
@require_safe
def meeting_calendar(request, pk):
    meeting = get_object_or_404(Meeting.objects.public().select_related("forum"), pk=pk)
    return ics(calendar.public_file(meeting), pk)


@login_not_required
@require_safe
def paper_file(request, pk):
    paper = get_object_or_404(papers.for_everybody(), pk=pk)
    return download(paper.file, str(paper))


@login_not_required
@require_safe
def meeting_minutes(request, pk):
    meeting = get_object_or_404(Meeting.objects.public().exclude(minutes_published_at=None), pk=pk)
    return download(meeting.minutes, f"{_('Minutes')} {meeting}")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_join(request, pk):
    """Come without an account. The page after it says the same to everybody, known to us or not."""
    meeting = get_object_or_404(meetings.open_to_anybody().exclude(mode="correspondence"), pk=pk)
    wording = next((each for each in consents.current_wordings() if _is_news(each)), None)
    is_sent = request.method == "POST"
    form = SignUpForm(request.POST if is_sent else None, meeting=meeting, wording=wording)
    if is_sent and form.is_valid() and sent_too_often(request, "sign-ups", most=MOST_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
    if is_sent and form.is_valid() and _signed_up(form, meeting, wording):
        return redirect("forums:meeting_joined", pk)
    context = {"meeting": meeting, "form": form, "places_left": replies.places_left(meeting)}
    return render(request, "forums/meetings/meeting_join.html", context, status=422 if is_sent else 200)


def _is_news(wording) -> bool:
    return wording.purpose.code == ConsentPurpose.OPPORTUNITIES


def _signed_up(form, meeting, wording) -> bool:
    """Whether the reply is kept. If not, the form says why."""
    data = form.cleaned_data
    who = {name: data[name] for name in ("name", "email", "phone")}
    agreed = wording if data.get("agrees") else None
    try:
        replies.sign_up(meeting, data["reply"], **who, asked_for=form.by_kind, wording=agreed)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@login_not_required
@require_safe
def meeting_joined(request, pk):
    meeting = get_object_or_404(meetings.open_to_anybody(), pk=pk)
    return render(request, "forums/meetings/meeting_joined.html", {"meeting": meeting})
