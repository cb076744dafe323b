"""What a body sets for itself, in the admin: policy, words, check lists, questions of the plan, plans for groups."""

from django import forms
from django.contrib import admin

from core.admin import StaffModelAdmin, StaffStackedInline
from engagement.models import (
    Channel,
    CheckList,
    CheckQuestion,
    GlossaryTerm,
    GroupPlan,
    PlanQuestion,
    Policy,
    SchoolHoliday,
)


@admin.register(Policy)
class PolicyAdmin(StaffModelAdmin):
    list_display = ["__str__", "has_strict_terms", "clash_weeks", "least_days", "least_methods"]

    def has_add_permission(self, request):
        """There is one policy."""
        return super().has_add_permission(request) and not Policy.objects.exists()


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(StaffModelAdmin):
    list_display = ["term", "use", "instead", "source"]
    list_filter = ["use"]
    search_fields = ["term", "also_spelt", "instead", "meaning"]


@admin.register(Channel)
class ChannelAdmin(StaffModelAdmin):
    list_display = ["name", "belongs"]
    list_filter = ["belongs"]
    search_fields = ["name"]


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(StaffModelAdmin):
    list_display = ["name", "starts_on", "ends_on", "area"]
    list_select_related = ["area"]
    search_fields = ["name"]
    autocomplete_fields = ["area"]


class CheckQuestionInline(StaffStackedInline):
    model = CheckQuestion
    fields = [("code", "order"), "text", "guidance", ("measure", "at_points")]


@admin.register(CheckList)
class CheckListAdmin(StaffModelAdmin):
    list_display = ["name", "is_active", "blocks", "source"]
    search_fields = ["name"]
    inlines = [CheckQuestionInline]


@admin.register(PlanQuestion)
class PlanQuestionAdmin(StaffModelAdmin):
    list_display = ["text", "section", "kind", "asked", "is_required", "is_active", "order"]
    list_filter = ["asked", "is_active"]
    search_fields = ["text", "section", "code"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "guidance":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(GroupPlan)
class GroupPlanAdmin(StaffModelAdmin):
    list_display = ["group", "area", "agreed_with", "agreed_on", "review_on"]
    list_select_related = ["group", "area", "agreed_with"]
    search_fields = ["group__name", "area__name", "what"]
    autocomplete_fields = ["group", "area", "methods", "partners", "agreed_with"]
