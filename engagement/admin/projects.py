"""Projects in the admin: to find, to correct and to see how they went. Their stage moves on their own pages alone."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin_history import HistoryAdmin
from engagement.models import Project


@admin.register(Project)
class ProjectAdmin(HistoryAdmin):
    list_display = ["reference", "title", "stage", "decision_by", "decision_due_on", "decided_on"]
    list_display_links = ["reference", "title"]
    list_filter = ["stage", "trigger", "legal_risk"]
    list_select_related = ["decision_by"]
    search_fields = ["reference", "title", "summary"]
    date_hierarchy = "decision_due_on"
    autocomplete_fields = ["areas", "topics", "groups", "organisation", "decision_by"]
    fieldsets = [
        (None, {"fields": ["reference", "title", "summary", "trigger", "lead", "organisation"]}),
        (_("Who it is about"), {"fields": ["areas", "topics", "groups"]}),
        (_("Decision"), {"fields": ["starts_on", "options_fixed_on", "decision_by", "decision_due_on"]}),
        (_("Risk of legal challenge"), {"fields": ["legal_risk", "legal_risk_because"]}),
        (_("Numbers"), {"fields": ["took_part_in_all", "overlaps"]}),
        (_("After the change"), {"fields": ["implemented_on", "review_due_on"]}),
        (_("Where it stands"), {"fields": ["stage", "decided_on", "decision", "stopped_on", "closed_on"]}),
    ]
    readonly_fields = ["stage", "decided_on", "decision", "stopped_on", "closed_on"]

    def has_change_permission(self, request, obj=None):
        """A project is changed by those who work on it, here as on its own pages."""
        return super().has_change_permission(request, obj) and (obj is None or obj.may_be_changed_by(request.user))

    def view_on_site(self, project):
        """The project's own page, straight: nobody knows on which site the admin thinks that it stands."""
        return project.get_absolute_url()
