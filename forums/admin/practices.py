"""Patient groups of practices and the standard that they measure themselves by, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from forums.models import IncentiveAward, PracticeGroup, Standard, StandardCriterion


class IncentiveAwardInline(StaffTabularInline):
    model = IncentiveAward


@admin.register(PracticeGroup)
class PracticeGroupAdmin(StaffModelAdmin):
    list_display = ["forum", "practice", "network", "represented", "meets_how", "last_asked_on", "last_reply_on"]
    list_filter = ["represented", "meets_how"]
    list_select_related = ["forum", "practice", "network"]
    search_fields = ["forum__name", "practice__name", "network__name"]
    autocomplete_fields = ["forum", "practice", "network"]
    readonly_fields = ["created_at", "updated_at"]
    inlines = [IncentiveAwardInline]
    fieldsets = [
        (None, {"fields": ["forum", "practice", "network", "represented", "meets_how"]}),
        (_("Contact"), {"fields": ["practice_lead", "contact_email", "last_asked_on", "last_reply_on", "plan"]}),
        (_("Stamps"), {"fields": ["created_at", "updated_at"], "classes": ["collapse"]}),
    ]


class StandardCriterionInline(StaffTabularInline):
    model = StandardCriterion


@admin.register(Standard)
class StandardAdmin(StaffModelAdmin):
    list_display = ["name", "version", "starts_on"]
    search_fields = ["name", "version"]
    inlines = [StandardCriterionInline]
