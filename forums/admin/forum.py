"""Forums in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from core.admin_history import HistoryAdmin
from core.formsets import OnceFormSet
from forums.models import Forum, ForumAlias, ForumKind, ForumLink


@admin.register(ForumKind)
class ForumKindAdmin(StaffModelAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}


class ForumAliasInline(StaffTabularInline):
    model = ForumAlias


class ForumLinkInline(StaffTabularInline):
    model = ForumLink
    formset = OnceFormSet
    fk_name = "forum"
    autocomplete_fields = ["to_forum"]
    verbose_name_plural = _("ties to other forums, boards and committees")


@admin.register(Forum)
class ForumAdmin(HistoryAdmin):
    list_display = ["name", "kind", "level", "area", "size", "established_on", "closed_on"]
    list_filter = ["kind", "level", "area"]
    list_select_related = ["kind", "area"]
    search_fields = ["name", "aliases__name", "purpose"]
    autocomplete_fields = ["kind", "area", "organisation"]
    date_hierarchy = "established_on"
    readonly_fields = ["created_at", "updated_at"]
    inlines = [ForumAliasInline, ForumLinkInline]
    fieldsets = [
        (None, {"fields": ["name", "kind", "purpose"]}),
        (_("Where it stands"), {"fields": ["level", "area", "organisation"]}),
        (_("Who belongs to it"), {"fields": ["chair", "size", "minimum_age", "maximum_age"]}),
        (_("When it meets"), {"fields": ["meets", "established_on", "closed_on"]}),
        (_("Stamps"), {"fields": ["created_at", "updated_at"], "classes": ["collapse"]}),
    ]
