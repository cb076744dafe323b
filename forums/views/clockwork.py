"""For staff: what forums were to do and did, which board they reach, on which days they meet, who sits where."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from core.exports import csv_file
from core.forms import add_errors
from forums.documents import boards as board_matrix
from forums.documents import dates
from forums.documents.clockwork import clockwork as clocks_of
from forums.documents.rules import day_of
from forums.forms.forum import ClockFilter
from forums.forms.seats import (
    AppointForm,
    LeaveForm,
    MeetingDaysForm,
    SearchForm,
    SeatDatesForm,
    people_called,
)
from forums.models import Forum, Meeting, Membership
from forums.services import seats
from forums.services.dates import plan_meetings

PAGE_SIZE = 50
WORST = 3  # what is missing at a forum, at most, on the page of all; its own page says the rest
read_and_write = require_http_methods(["GET", "HEAD", "POST"])
may_see_clockwork = permission_required("forums.view_clockwork", raise_exception=True)
may_appoint = permission_required(["forums.view_membership", "forums.add_membership"], raise_exception=True)
may_change_seats = permission_required("forums.change_membership", raise_exception=True)
may_plan = permission_required("forums.add_meeting", raise_exception=True)


# The clockwork -----------------------------------------------------------------------------------


@may_see_clockwork
@require_safe
def clockwork(request):
    forums = Forum.objects.forums().exclude(status=Forum.Status.CLOSED).order_by("name")
    filters = ClockFilter(request.GET, forums, request)
    span = filters.span
    clocks = clocks_of(filters.qs, span.first, span.last)
    asked = filters.form.cleaned_data
    rows = [_row(each) for each in clocks if each.is_working or asked["also_resting"]]
    rows = [row for row in rows if row["gaps"] or not asked["only_problems"]]
    rows.sort(key=lambda row: (not row["clock"].is_working, -len(row["worst"]) - row["more"], -len(row["gaps"])))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "span": span, "page": page, "totals": _totals(clocks), "kinds": _kinds(clocks)}
    context["resting"] = sum(not each.is_working for each in clocks) if not asked["also_resting"] else 0
    return render(request, "forums/clockwork.html", context)


def _row(clock) -> dict:
    """One forum in the table: the worst that is missing, how much more there is, and what nobody wrote down."""
    gaps = clock.gaps
    work = [gap.words for gap in gaps if not gap.is_of_record]
    record = [gap.kind for gap in gaps if gap.is_of_record]
    return {"clock": clock, "gaps": gaps, "worst": work[:WORST], "more": len(work[WORST:]), "record": record}


def _totals(clocks) -> list[tuple[str, int, str]]:
    """The numbers at the top of the page, each with its words. What is not recorded is counted as such."""
    working = [each for each in clocks if each.is_working]
    resting, unknown = len(clocks) - len(working), sum(each.rhythm.expected is None for each in clocks)
    expected = _("%(number)s expected") % {"number": sum(each.rhythm.expected or 0 for each in clocks)}
    not_recorded = ngettext(
        "not recorded how often %(number)s forum meets", "not recorded how often %(number)s forums meet", unknown
    ) % {"number": unknown}
    not_at_work = ngettext("%(number)s more is not at work", "%(number)s more are not at work", resting)
    seats = sum(seat.vacant for each in working for seat in each.seats if seat.is_required)
    return [
        (_("Forums at work"), len(working), not_at_work % {"number": resting} if resting else ""),
        (_("Forums with gaps"), sum(bool(each.gaps) for each in working), ""),
        (
            _("Meetings held"),
            sum(c.rhythm.held for c in clocks),
            f"{expected}; {not_recorded}" if unknown else expected,
        ),
        (_("Vacant seats"), seats, ""),
        (_("Meetings with late or missing papers"), sum(bool(p.problem) for c in clocks for p in c.papers), ""),
    ]


def _kinds(clocks) -> list[tuple[str, int]]:
    """What is missing, and at how many forums: the commonest first."""
    return Counter(kind for each in clocks for kind in dict.fromkeys(gap.kind for gap in each.gaps)).most_common()


@may_see_clockwork
@require_safe
def forum_clock(request, pk):
    forums = Forum.objects.filter(pk=pk)
    filters = ClockFilter(request.GET, forums, request)
    span = filters.span
    clock = next(iter(clocks_of(forums, span.first, span.last)), None)
    if clock is None:
        raise Http404
    context = {"clock": clock, "forum": clock.forum, "span": span, "period": filters.form["period"]}
    return render(request, "forums/forum_clock.html", context)


@may_see_clockwork
@require_safe
def boards(request):
    matrix = board_matrix.matrix()
    if request.GET.get("format") == "csv":
        table = Dataset(headers=[_("Forum"), *matrix.boards])
        table.extend([row.forum.name, *row.cells] for row in matrix.rows)
        return csv_file(table, "forums-and-boards.csv")
    page = Paginator(matrix.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    reached = [number for number in range(len(matrix.boards)) if any(row.cells[number] for row in matrix.rows)]
    rows = [(row.forum, [row.cells[number] for number in reached]) for row in page]
    context = {"matrix": matrix, "page": page, "rows": rows, "boards": [matrix.boards[number] for number in reached]}
    return render(request, "forums/boards.html", context)


@may_plan
@read_and_write
def forum_dates(request, pk):
    forum = get_object_or_404(_forums_of(request.user).select_related("meets_before"), pk=pk)
    proposed = dates.proposals(forum, timezone.localdate())
    drafts = forum.meetings.filter(status=Meeting.Status.DRAFT).order_by("starts_at")
    drafted = [day_of(meeting) for meeting in drafts]
    answers = request.POST if request.method == "POST" else None
    form = MeetingDaysForm(answers, proposed=proposed, drafted=drafted)
    if form.is_valid():
        try:
            made = len(plan_meetings(forum, form.cleaned_data["days"], by=request.user))
        except ValidationError as error:
            add_errors(form, error)
        else:
            words = ngettext("%(made)s meeting is drafted.", "%(made)s meetings are drafted.", made) % {"made": made}
            messages.success(request, words)
            return redirect("work:forum_dates", forum.pk)
    context = {"forum": forum, "form": form, "proposed": proposed, "drafts": drafts}
    return render(request, "forums/forum_dates.html", context, status=_status(form))


def _forums_of(user):
    """Forums of the areas that the user works for."""
    areas = user.only_areas()
    return Forum.objects.all() if areas is None else Forum.objects.filter(area__in=areas)


def _status(form) -> int:
    return 422 if form.errors else 200


# Who sits where ----------------------------------------------------------------------------------


@may_appoint
@read_and_write
def forum_members(request, pk):
    forum = get_object_or_404(_forums_of(request.user), pk=pk)
    q = request.GET.get("q", "")[:100]
    found = people_called(q, request.user)
    answers = request.POST if request.method == "POST" else None
    form = AppointForm(answers, forum=forum, user=request.user, found=found)
    if form.is_valid():
        try:
            seats.appoint(forum=forum, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("%(name)s has a seat now.") % {"name": form.cleaned_data["person"]})
            return redirect("work:forum_members", forum.pk)
    people = forum.memberships.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))
    people = people.filter(person__erased_at=None).select_related("person", "role", "represents", "organisation")
    page = Paginator(people.order_by("role__name", "person__name", "pk"), PAGE_SIZE)
    context = {"forum": forum, "form": form, "q": q, "found": found, "search": SearchForm(initial={"q": q})}
    context["page"] = page.get_page(request.GET.get("page"))
    return render(request, "forums/forum_members.html", context, status=_status(form))


@may_change_seats
@read_and_write
def membership_detail(request, pk):
    membership = _membership_or_404(request, pk)
    days = {"accepted_on": membership.accepted_on, "inducted_on": membership.inducted_on}
    form = SeatDatesForm(request.POST if request.method == "POST" else None, initial=days)
    if form.is_valid():
        try:
            seats.set_dates(membership, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The dates of %(name)s are saved.") % {"name": membership.person})
            return redirect("work:forum_members", membership.forum_id)
    return _membership_page(request, membership, form, LeaveForm(prefix="leave"))


@may_change_seats
@require_POST
def membership_leave(request, pk):
    membership = _membership_or_404(request, pk)
    form = LeaveForm(request.POST, prefix="leave")
    if form.is_valid():
        answers = form.cleaned_data
        try:
            seats.leave(membership, answers["left_because"], by=request.user, on=answers["ended_on"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The membership of %(name)s is ended.") % {"name": membership.person})
            return redirect("work:forum_members", membership.forum_id)
    days = {"accepted_on": membership.accepted_on, "inducted_on": membership.inducted_on}
    return _membership_page(request, membership, SeatDatesForm(initial=days), form)


def _membership_or_404(request, pk) -> Membership:
    memberships = Membership.objects.for_user(request.user).filter(person__merged_into=None, person__erased_at=None)
    return get_object_or_404(memberships.select_related("person", "forum", "role"), pk=pk)


def _membership_page(request, membership, form, leave_form):
    wrong = leave_form if leave_form.errors else form
    context = {"membership": membership, "form": form, "leave_form": leave_form, "wrong": wrong}
    return render(request, "forums/membership_detail.html", context, status=_status(wrong))
