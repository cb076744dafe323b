"""What waits in the library for staff: what was sent in, and what readers remarked (INS-006, INS-011)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.steps import accepted, form_page
from insights.forms.library import ContributionFilter, RemarkDoneForm
from insights.models import Source, SourceRemark
from insights.services import remarks as services
from insights.views.library import PAGE_SIZE, may_change, sent, show_form

may_read_remarks = permission_required("insights.change_sourceremark", raise_exception=True)


@may_change
@require_safe
def contribution_list(request):
    mine = Source.objects.for_user(request.user)
    filters = ContributionFilter(request.GET, sources=mine.exclude(contributed_by=None))
    rows = filters.narrow(mine.filter(Q(contributed_by__isnull=False) | Q(state=Source.State.OFFERED)))
    rows = rows.select_related("kind", "organisation", "contributed_by").prefetch_related("areas", "groups")
    page = Paginator(rows.order_by("created_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "insights/library/contribution_list.html", {"filters": filters, "page": page})


@may_read_remarks
@require_safe
def remark_list(request):
    """Those that wait come first."""
    rows = _remarks(request).select_related("source", "dealt_with_by")
    waiting = rows.waiting().order_by("sent_at", "pk")
    done = rows.filter(dealt_with_at__isnull=False).order_by("-dealt_with_at", "-pk")
    context = {
        "waiting": Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page")),
        "done": done[:PAGE_SIZE],
    }
    return render(request, "insights/library/remark_list.html", context)


@may_read_remarks
@form_page
def remark_done(request, pk):
    remark = get_object_or_404(_remarks(request).select_related("source"), pk=pk)
    form = RemarkDoneForm(sent(request), initial={"what_was_done": remark.what_was_done})
    if form.is_valid() and accepted(form, services.deal_with_remark, remark, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is noted what was done"))
        return redirect("insight_work:remark_list")
    return show_form(request, "remark_done", form, remark=remark)


def _remarks(request):
    return SourceRemark.objects.filter(source__in=Source.objects.for_user(request.user).values("pk"))
