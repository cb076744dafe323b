"""The figures that boards ask for: all of a period in groups, each with its trend, and values that are entered."""

from itertools import groupby

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from tablib import Dataset

from core.charts import Point, trend
from core.exports import csv_file
from core.steps import accepted, form_page, say_saved, sent
from engagement.forms.coverage import PeriodFilter
from engagement.models import Period
from reporting.documents import kpis as documents
from reporting.documents.kpis import Figure, Meaning, Unit
from reporting.forms.kpis import KpiValueForm
from reporting.models import Kpi, KpiValue
from reporting.services.kpis import set_value

may_read = permission_required("reporting.view_kpi", raise_exception=True)
may_enter = permission_required(["reporting.add_kpivalue", "reporting.change_kpivalue"], raise_exception=True)


@may_read
@require_safe
def kpi_list(request):
    filters, period = _chosen(request, documents.latest_period())
    found = documents.figures(period) if period else []
    if request.GET.get("format") == "csv" and period:
        return csv_file(_table(found, period), f"figures-{period.code}.csv")
    groups = [(name, list(rows)) for name, rows in groupby(found, lambda figure: figure.group_name)]
    context = {"filters": filters, "period": period, "groups": groups, "before": documents.before(period)}
    return render(request, "reporting/kpis/kpi_list.html", context)


@may_read
@require_safe
def kpi_detail(request, code):
    one = next((each for each in documents.meanings() if each.code == code), None)
    if one is None:
        raise Http404
    filters, period = _chosen(request, documents.latest_period(is_year=one.is_yearly))
    context = {"meaning": one, "filters": filters, "period": period}
    if period:
        context |= _shown(request, one, period)
    return render(request, "reporting/kpis/kpi_detail.html", context)


@may_enter
@form_page
def value_edit(request, code, period):
    kpi = get_object_or_404(Kpi, code=code, measure="")
    period = get_object_or_404(Period, code=period)
    row = KpiValue.objects.filter(kpi=kpi, period=period).values("numerator", "denominator", "source").first()
    form = KpiValueForm(sent(request), kpi=kpi, initial=row)
    if form.is_valid() and accepted(form, set_value, kpi, period, by=request.user, **form.cleaned_data):
        say_saved(request, _("The value is kept"), form, KpiValue)
        return redirect(f"{reverse('kpis:kpi_detail', args=[kpi.code])}?period={period.code}")
    context = {"kpi": kpi, "period": period, "form": form}
    return render(request, "reporting/kpis/value_form.html", context, status=422 if form.is_bound else 200)


def _chosen(request, default: Period | None) -> tuple[PeriodFilter, Period | None]:
    """The choice of a period, and the one that is shown: the newest that has begun where none is chosen."""
    filters = PeriodFilter(request.GET)
    period = filters.cleaned_data.get("period") or default
    if period:
        filters.data = {"period": period.code}
    return filters, period


# One figure --------------------------------------------------------------------------------------


def _shown(request, one: Meaning, period: Period) -> dict:
    """What the page shows of a figure in a period. Records stand there for those who may see all of them."""
    found, points = documents.figure(one, period), documents.trend(one, period)
    may_see = request.user.only_areas() is None
    may_change = request.user.has_perms(["reporting.add_kpivalue", "reporting.change_kpivalue"])
    return {
        "figure": found,
        "is_asked": one.is_asked_of(period),
        "chart": _chart(one, found, points),
        "points": [(str(point.period), point.text) for point in points],
        "records": found.records if may_see else (),
        "most_records": documents.MOST_RECORDS,
        "may_see_records": may_see,
        "may_enter": may_change and not one.is_computed and one.is_asked_of(period),
    }


def _chart(one: Meaning, found: Figure, points: list[documents.Point]):
    """The trend as a picture. An aim that is set is drawn as a line."""
    is_share = one.unit == Unit.SHARE
    target = float(one.kpi.target) if one.kpi and one.kpi.target is not None else None
    dots = [Point(str(point.period), point.value, point.text, _short(point.period)) for point in points]
    aim = _("Aim: %(aim)s") % {"aim": found.target_words} if found.target_words else ""
    unit, most = ("%", 100) if is_share else ("", None)
    return trend(one.name, dots, unit=unit, most=most, target=target, target_words=aim)


def _short(period: Period) -> tuple[str, ...]:
    """What fits under a point: the first month of a quarter and its year, or the two years."""
    if period.kind == Period.Kind.QUARTER:
        return date_format(period.starts_on, "M"), date_format(period.starts_on, "Y")
    return (str(period),)


# The list as a table to keep ---------------------------------------------------------------------


def _table(found: list[Figure], period: Period) -> Dataset:
    headers = [
        *(_("Code"), _("Figure"), _("Group"), _("Period"), _("As printed"), _("Value"), _("Unit"), _("Counted")),
        *(_("Out of"), _("Aim"), _("Aim reached"), _("Period before"), _("Change"), _("Direction"), _("What it means")),
        *(_("What is counted"), _("Out of what"), _("Source"), _("How"), _("Who sees to it")),
    ]
    table = Dataset(headers=headers)
    table.extend(_row(figure, period) for figure in found)
    return table


def _row(figure: Figure, period: Period) -> list:
    how = _("computed from the record") if figure.is_computed else _("entered")
    return [
        *(figure.code, figure.name, figure.group_name, str(period), figure.text, figure.value, figure.unit_words),
        *(figure.counted, figure.out_of, figure.target_words, figure.reached_words, figure.before, figure.change),
        *(figure.direction_words, figure.definition, figure.numerator, figure.denominator, figure.source, how),
        figure.owner,
    ]
