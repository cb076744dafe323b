"""`/reports/figures/`: the figures that boards ask for."""

from django.urls import path

from reporting.views import kpis

app_name = "kpis"
urlpatterns = [
    path("", kpis.kpi_list, name="kpi_list"),
    path("<slug:code>/", kpis.kpi_detail, name="kpi_detail"),
    path("<slug:code>/<slug:period>/value/", kpis.value_edit, name="value_edit"),
]
