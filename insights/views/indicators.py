"""Indicators: their values, and two of them side by side (INS-015, INS-016)."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.charts import scatter
from insights.documents import indicators as documents
from insights.forms.indicators import PairForm, ValueFilter
from insights.models import Indicator, IndicatorValue

PAGE_SIZE = 50
may_read = permission_required("insights.view_indicatorvalue", raise_exception=True)


@may_read
@require_safe
def indicator_list(request):
    values = IndicatorValue.objects.all()
    filters = ValueFilter(request.GET, values=values)
    rows = filters.narrow(values).select_related("indicator", "organisation")
    rows = rows.order_by("-ends_on", "indicator__name", "organisation__name", "service", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    indicators = documents.with_reach(Indicator.objects.all())
    context = {"filters": filters, "page": page, "indicators": indicators}
    return render(request, "insights/learning/indicator_list.html", context)


@may_read
@require_safe
def indicator_pair(request):
    filters = PairForm(request.GET)
    context = {"filters": filters, "found": None, "least": documents.LEAST_PAIRS}
    if filters.chosen:
        first, second = filters.chosen
        found = documents.compare(first, second)
        title = _("%(first)s beside %(second)s") % {"first": first, "second": second}
        dots = [pair.dot for pair in found.pairs]
        page = Paginator(found.pairs, PAGE_SIZE).get_page(request.GET.get("page"))
        chart = scatter(title, dots, across=first.name, up=second.name) if dots else ""
        context |= {"first": first, "second": second, "found": found, "page": page, "chart": chart}
    return render(request, "insights/learning/indicator_pair.html", context)
