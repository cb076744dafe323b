"""“You said, we did”, as anybody may read it. Nothing here starts from anything but published answers."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from engagement.models import ActivityCount
from insights.filters import ResponseFilter
from insights.models import Response

PAGE_SIZE = 20


@login_not_required
@require_safe
def response_list(request):
    responses = Response.objects.public().select_related("topic", "activity__principle")
    filters = ResponseFilter(request.GET, responses.prefetch_related("activity__areas"), request)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "is_narrowed": any(filters.form.cleaned_data.values()),
        "page": page,
        "canonical": settings.SITE_URL + reverse("insights:response_list"),
    }
    return render(request, "insights/response_list.html", context)


@login_not_required
@require_safe
def response_detail(request, reference):
    took_part = ActivityCount.objects.filter(about=ActivityCount.About.TOOK_PART)
    responses = Response.objects.public().select_related("topic", "activity__principle__principle_set")
    response = get_object_or_404(
        responses.prefetch_related(
            "status_changes",
            "activity__areas",
            "activity__forums",
            "activity__groups",
            Prefetch("activity__counts", took_part, to_attr="took_part"),
        ),
        reference=reference,
    )
    others = Response.objects.public().filter(activity=response.activity_id).exclude(pk=response.pk)
    context = {
        "response": response,
        "others": others.select_related("topic"),
        "canonical": settings.SITE_URL + response.get_absolute_url(),
    }
    return render(request, "insights/response_detail.html", context)
