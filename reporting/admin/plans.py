"""Plans in the admin: to look up, and to take out what was entered by mistake. They are written on their own pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from reporting.models import BudgetLine, Milestone, Phase, Plan, Priority, Risk


def is_published(obj: Plan | Priority | None) -> bool:
    """Whether everybody reads what belongs to this plan, or to the plan of this action."""
    plan = obj.plan if isinstance(obj, Priority) else obj
    return plan is not None and plan.is_published


class Removable:
    """Rows that nobody types in here, and that go away only while nobody else reads their plan."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not is_published(obj)


class PartInline(Removable, StaffTabularInline):
    def has_change_permission(self, request, obj=None):
        return False


class PriorityInline(PartInline):
    model = Priority
    fields = ["number", "text", "starts_on", "ends_on", "date_note", "done_on"]
    show_change_link = True


class MilestoneInline(PartInline):
    model = Milestone
    fields = ["text", "due_on", "status", "status_because", "forecast_on", "done_on", "evidence"]


class PhaseInline(PartInline):
    model = Phase
    fields = ["name", "starts_on", "ends_on", "aims"]


class BudgetLineInline(PartInline):
    model = BudgetLine
    fields = ["number", "text", "year", "planned", "committed", "spent", "funding"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("year")


class RiskInline(PartInline):
    model = Risk
    fields = ["text", "likelihood", "impact", "mitigation", "owner", "review_on", "closed_on", "closed_because"]


class WrittenElsewhere(Removable, StaffModelAdmin):
    """All of a row is for reading; its rows can be taken out while its plan is not published."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not is_published(obj)

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)


@admin.register(Plan)
class PlanAdmin(WrittenElsewhere):
    list_display = ["title", "kind", "code", "starts_on", "ends_on", "next_review_on", "published_at"]
    list_filter = ["kind"]
    search_fields = ["title", "code", "summary"]
    fields = [
        "title",
        "code",
        "kind",
        "summary",
        "delivers",
        "starts_on",
        "ends_on",
        "executive_lead",
        "nonexecutive_lead",
        "agreed_by",
        "agreed_on",
        "next_review_on",
        "developed_in",
        "published_at",
        "published_by",
    ]
    inlines = [PriorityInline, PhaseInline, BudgetLineInline, RiskInline]

    def view_on_site(self, plan):
        return plan.get_absolute_url()


@admin.register(Priority)
class PriorityAdmin(WrittenElsewhere):
    list_display = ["number", "text", "the_plan", "starts_on", "ends_on", "done_on"]
    list_display_links = ["text"]
    list_select_related = ["plan"]
    search_fields = ["text", "plan__title"]
    fields = [
        "plan",
        "number",
        "text",
        "outcome",
        "leads",
        "lead_note",
        "owner",
        "starts_on",
        "ends_on",
        "precision",
        "date_note",
        "done_on",
        "evidence",
        "activities",
    ]
    inlines = [MilestoneInline]

    @admin.display(description=_("plan"), ordering="plan__title")
    def the_plan(self, priority):
        return priority.plan.title

    def view_on_site(self, priority):
        return priority.plan.get_absolute_url()
