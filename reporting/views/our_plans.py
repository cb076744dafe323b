"""`/our-plans/`: what we plan to do about involving people, and how far we are, for everybody (PLN-006, PLN-014)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.charts import timeline
from reporting.documents import our_plans as documents
from reporting.documents.plans import progress_of
from reporting.models import Plan

PAGE_SIZE = 20


@login_not_required
@require_safe
def plan_list(request):
    page = Paginator(Plan.objects.public(), PAGE_SIZE).get_page(request.GET.get("page"))
    found = progress_of(page.object_list, timezone.localdate())
    context = {
        "page": page,
        "rows": [(each.plan, documents.counts(each)) for each in found],
        "canonical": settings.SITE_URL + reverse("our_plans:plan_list"),
    }
    return render(request, "reporting/our_plans/plan_list.html", context)


@login_not_required
@require_safe
def plan_detail(request, code):
    plan = get_object_or_404(Plan.objects.public().select_related("delivers__plan", "agreed_by"), code=code)
    today = timezone.localdate()
    page = documents.public_plan(plan, today)
    context = {
        "page": page,
        "today": today,
        "picture": timeline(_("Roadmap"), [row.span for row in page.roadmap], today=today),
        "columns": [_("What"), _("When"), page.roadmap_column],
        "rows": [(row.span.label, row.time, row.words) for row in page.roadmap],
        "canonical": settings.SITE_URL + reverse("our_plans:plan_detail", args=[code]),
    }
    return render(request, "reporting/our_plans/plan_detail.html", context)
