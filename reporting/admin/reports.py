"""Reports in the admin: the texts edited for a report, and the paragraphs that stand in every one."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffStackedInline, StaffTabularInline
from reporting.models import AlternativeFormat, Report, ReportItem, StandingText


class ReportItemInline(StaffStackedInline):
    model = ReportItem
    autocomplete_fields = ["activity"]


class AlternativeFormatInline(StaffTabularInline):
    model = AlternativeFormat


@admin.register(Report)
class ReportAdmin(StaffModelAdmin):
    list_display = ["__str__", "period", "kind"]
    list_select_related = ["period"]
    list_filter = ["kind"]
    inlines = [ReportItemInline, AlternativeFormatInline]

    def get_readonly_fields(self, request, obj=None):
        return ["kind", "period"] if obj else []

    def view_on_site(self, report):
        return report.get_absolute_url()


@admin.register(StandingText)
class StandingTextAdmin(StaffModelAdmin):
    list_display = ["__str__", "kind", "slot"]
    list_filter = ["kind"]
    fieldsets = [
        (
            None,
            {
                "fields": ["kind", "slot", "text"],
                "description": _(
                    "Filled in: {body}, {short_name}, {period}, {first_day}, {last_day}, {email} and {formats_contact}."
                ),
            },
        )
    ]
