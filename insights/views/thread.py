"""The thread, from what somebody said to the person who is told: of a comment, an activity, a forum, a period."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.charts import Bar, bars
from engagement.models import Activity
from forums.models import Forum
from insights.documents import thread as documents
from insights.documents.thread_activity import thread_of_activity as of_activity
from insights.documents.thread_comment import thread_of_comment as of_comment
from insights.forms.thread import PeriodThreadFilter, ThreadFilter
from insights.models import Comment

PAGE_SIZE = 20
may_read = permission_required("insights.view_response", raise_exception=True)
may_read_comment = permission_required("insights.view_comment", raise_exception=True)


@may_read_comment
@require_safe
def thread_of_comment(request, pk):
    rows = Comment.objects.for_user(request.user).select_related(
        "collection__activity__project", "survey_answer__response"
    )
    comment = get_object_or_404(rows, pk=pk)
    context = {"comment": comment, "thread": of_comment(comment, request.user)}
    return render(request, "insights/thread/thread_of_comment.html", context)


@may_read
@require_safe
def thread_of_activity(request, pk):
    activity = get_object_or_404(Activity.objects.for_user(request.user).select_related("project"), pk=pk)
    page = of_activity(activity, request.user)
    return render(request, "insights/thread/thread_of_activity.html", {"activity": activity, "page": page})


@may_read
@require_safe
def thread_of_forum(request, pk):
    """Of the activities in which a forum took part, as far as the reader may see them."""
    forum = get_object_or_404(Forum, pk=pk)
    threads = documents.threads_of(Activity.objects.for_user(request.user).filter(forums=forum))
    return _many(request, "thread_of_forum", threads, ThreadFilter(request.GET), forum=forum)


@may_read
@require_safe
def thread_of_period(request):
    filters = PeriodThreadFilter(request.GET)
    period = filters.chosen
    mine = Activity.objects.for_user(request.user)
    mine = mine.in_period(period) if period else mine.none()
    heard = Forum.objects.filter(activities__in=mine.order_by().values("pk")).distinct().order_by("name")
    return _many(request, "thread_of_period", documents.threads_of(mine), filters, period=period, forums=heard)


def _many(request, name, threads, filters, **context):
    measured = [share for share in threads.shares if share.percent is not None]
    title = _("Activities that have each link, in percent")
    context |= {
        "threads": threads,
        "filters": filters,
        "page": Paginator(filters.narrow(threads), PAGE_SIZE).get_page(request.GET.get("page")),
        "chart": bars(title, [Bar(share.title, share.percent) for share in measured], ident="links", is_above=True)
        if measured
        else "",
    }
    return render(request, f"insights/thread/{name}.html", context)
