"""What activities are judged by, in the admin: principles, duties, periods, ladders, cycles, methods, topics."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from engagement.admin.principles import PrincipleChoices
from engagement.forms.framework import PeriodForm
from engagement.models import (
    Cycle,
    Duty,
    Ladder,
    Method,
    Period,
    Principle,
    PrincipleMapping,
    PrincipleSet,
    Rung,
    Stage,
    Topic,
)


class PrincipleInline(StaffTabularInline):
    """Principles in their exact words. Once a period uses the set, only a superuser can put a slip right."""

    model = Principle

    def is_frozen(self, request, principle_set):
        return principle_set is not None and not request.user.is_superuser and principle_set.periods.exists()

    def get_readonly_fields(self, request, obj=None):
        return ["number", "wording", "short"] if self.is_frozen(request, obj) else []

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not self.is_frozen(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_frozen(request, obj)


@admin.register(PrincipleSet)
class PrincipleSetAdmin(StaffModelAdmin):
    list_display = ["name", "principles_in_it", "effective_from", "effective_to", "used_by"]
    search_fields = ["name", "code", "principles__wording"]
    prepopulated_fields = {"code": ["name"]}
    inlines = [PrincipleInline]
    fieldsets = [
        (None, {"fields": ["name", "code", "source"]}),
        (_("In force"), {"fields": ["effective_from", "effective_to"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("principles")).prefetch_related("periods")

    @admin.display(description=_("principles"), ordering="count")
    def principles_in_it(self, principle_set):
        return principle_set.count

    @admin.display(description=_("used by"))
    def used_by(self, principle_set):
        return ", ".join(str(period) for period in principle_set.periods.all()) or "–"


@admin.register(PrincipleMapping)
class PrincipleMappingAdmin(PrincipleChoices, StaffModelAdmin):
    list_display = ["__str__", "from_set", "to_set", "relation"]
    list_filter = ["relation"]
    list_select_related = ["from_principle__principle_set", "to_principle__principle_set"]
    search_fields = ["from_principle__short", "to_principle__short"]
    fields = ["from_principle", "to_principle", "relation"]

    @admin.display(description=_("from the set"), ordering="from_principle__principle_set")
    def from_set(self, mapping):
        return mapping.from_principle.principle_set

    @admin.display(description=_("to the set"), ordering="to_principle__principle_set")
    def to_set(self, mapping):
        return mapping.to_principle.principle_set


@admin.register(Duty)
class DutyAdmin(StaffModelAdmin):
    list_display = ["name", "reference", "in_force_from", "in_force_to"]
    search_fields = ["name", "reference", "cited_as"]
    prepopulated_fields = {"code": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "code", "summary"]}),
        (_("Where it stands"), {"fields": ["reference", "cited_as", "in_force_from", "in_force_to"]}),
    ]


@admin.register(Period)
class PeriodAdmin(StaffModelAdmin):
    """Periods. Of a closed or locked one only the state can be changed: the form says so, field by field."""

    form = PeriodForm
    list_display = ["__str__", "kind", "starts_on", "ends_on", "principle_set", "state"]
    list_filter = ["kind", "state"]
    list_select_related = ["principle_set"]
    search_fields = ["code"]
    date_hierarchy = "starts_on"
    fieldsets = [
        (None, {"fields": ["code", "kind", "starts_on", "ends_on"]}),
        (_("How it is judged"), {"fields": ["principle_set", "state"]}),
    ]

    def has_delete_permission(self, request, obj=None):
        is_open = obj is None or obj.state == Period.State.OPEN
        return super().has_delete_permission(request, obj) and is_open


class RungInline(StaffTabularInline):
    model = Rung
    prepopulated_fields = {"code": ["name"]}
    fields = ["order", "name", "code", "meaning"]


@admin.register(Ladder)
class LadderAdmin(StaffModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    inlines = [RungInline]


class StageInline(StaffTabularInline):
    model = Stage
    prepopulated_fields = {"code": ["name"]}
    fields = ["order", "name", "code"]


@admin.register(Cycle)
class CycleAdmin(StaffModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]
    inlines = [StageInline]


@admin.register(Method)
class MethodAdmin(StaffModelAdmin):
    list_display = ["name", "family"]
    list_filter = ["family"]
    search_fields = ["name", "family"]


@admin.register(Topic)
class TopicAdmin(StaffModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
