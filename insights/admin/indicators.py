"""Indicators and their values in the admin: the list of indicators is kept here, values come in as a sheet."""

from django.contrib import admin

from core.admin import StaffModelAdmin
from insights.models import Indicator, IndicatorValue


@admin.register(Indicator)
class IndicatorAdmin(StaffModelAdmin):
    list_display = ["name", "code", "kind", "source"]
    list_filter = ["kind"]
    search_fields = ["name", "code"]


@admin.register(IndicatorValue)
class IndicatorValueAdmin(StaffModelAdmin):
    list_display = ["indicator", "organisation", "service", "starts_on", "ends_on", "percent", "base"]
    list_filter = ["indicator"]
    list_select_related = ["indicator", "organisation"]
    search_fields = ["organisation__name", "service"]
    autocomplete_fields = ["organisation"]
