"""What is late, and how often and how soon people hear what came of it (YSD-002 to YSD-004)."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.models import Policy
from insights.documents import late as documents
from insights.forms.responses import LateFilter

PAGE_SIZE = 20


@permission_required("insights.view_response", raise_exception=True)
@require_safe
def late_list(request):
    rows = documents.late(user=request.user)
    filters = LateFilter(request.GET)
    page = Paginator(filters.narrow(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "ages": documents.ages(rows),
        "timeliness": documents.timeliness(user=request.user),
        "policy": Policy.objects.current(),
    }
    return render(request, "insights/answers/late_list.html", context)
