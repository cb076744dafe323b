"""“You said, we did”, as anybody may read it. Nothing here starts from anything but published answers."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagement.models import Activity, ActivityCount
from insights.documents import late as clocks
from insights.documents import responses as documents
from insights.filters import ResponseFilter
from insights.models import Decision, Finding, Response

PAGE_SIZE = 20
PRINT_SIZE = 500  # on one page, for paper
WAITING = 5


@login_not_required
@require_safe
def response_list(request):
    """The list, or with `print` in the address all that the filters leave on one page, for paper."""
    responses = Response.objects.public().select_related("topic", "activity__principle", "responsible")
    filters = ResponseFilter(request.GET, responses.prefetch_related("activity__areas"), request)
    for_paper = "print" in request.GET
    found = filters.qs.order_by("-published_at", "reference")
    page = Paginator(found, PRINT_SIZE if for_paper else PAGE_SIZE).get_page(request.GET.get("page"))
    is_narrowed = any(filters.form.cleaned_data.values())
    context = {
        "filters": filters,
        "is_narrowed": is_narrowed,
        "page": page,
        "rows": [(row, documents.late_words(row)) for row in page],
        "waiting": [] if is_narrowed or for_paper else clocks.waiting(WAITING),
        "canonical": settings.SITE_URL + reverse("insights:response_list"),
    }
    return render(request, f"insights/response_{'print' if for_paper else 'list'}.html", context)


@login_not_required
@require_safe
def response_detail(request, reference):
    response = get_object_or_404(_with_everything(Response.objects.public()), reference=reference)
    others = Response.objects.public().to(response.activity_id).exclude(pk=response.pk)
    context = {
        "response": response,
        "said_by": documents.said_by(response),
        "late": documents.late_words(response),
        "others": others.select_related("topic"),
        "heard": documents.heard(response),
        "canonical": settings.SITE_URL + response.get_absolute_url(),
    }
    return render(request, "insights/response_detail.html", context)


def _with_everything(responses):
    """Answers with what their page shows, each kind read once; of findings and decisions, the public ones alone."""
    took_part = ActivityCount.objects.filter(about=ActivityCount.About.TOOK_PART)
    return responses.select_related("topic", "activity__principle__principle_set", "responsible").prefetch_related(
        "status_changes",
        "formats",
        "groups",
        "themes",
        "activity__areas",
        "activity__forums",
        "activity__groups",
        Prefetch("activity__counts", took_part, to_attr="took_part"),
        Prefetch("also_answers", Activity.objects.order_by("reference")),
        Prefetch("findings", Finding.objects.public(), to_attr="public_findings"),
        Prefetch("decision", Decision.objects.public().select_related("body")),
    )
