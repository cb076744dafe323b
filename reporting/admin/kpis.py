"""Figures of performance in the admin: what is aimed at, by when, who sees to it. Values are entered on their pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin
from reporting.forms.kpis import KpiAdminForm
from reporting.models import Kpi


@admin.register(Kpi)
class KpiAdmin(StaffModelAdmin):
    form = KpiAdminForm
    list_display = ["__str__", "measure", "target", "target_by", "owner", "frequency", "order"]
    list_filter = ["frequency"]
    search_fields = ["code", "name"]
    filter_horizontal = ["plans"]
    fieldsets = [
        (None, {"fields": ["code", "measure", "order", "frequency", "owner", "plans"]}),
        (_("Aim"), {"fields": ["target", "target_by"]}),
        (
            _("Words of a figure that somebody enters"),
            {"fields": ["name", "definition", "numerator", "denominator", "unit", "direction", "source"]},
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        return ["code", "measure"] if obj else []
