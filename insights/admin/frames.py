"""The lists by which insight is sorted, in the admin: kinds of source; code frames and their themes, to be read."""

from django.contrib import admin

from core.admin import StaffModelAdmin
from insights.models import Frame, SourceKind, Theme


@admin.register(SourceKind)
class SourceKindAdmin(StaffModelAdmin):
    list_display = ["name", "code", "is_story"]
    search_fields = ["name", "code"]


class ForReading(StaffModelAdmin):
    """Changed on pages of their own, where every change of a frame makes a new edition of it."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Frame)
class FrameAdmin(ForReading):
    list_display = ["name", "code", "edition", "is_default"]
    search_fields = ["name", "code"]


@admin.register(Theme)
class ThemeAdmin(ForReading):
    list_display = ["name", "frame", "category", "retired_on"]
    list_filter = ["frame"]
    list_select_related = ["frame"]
    search_fields = ["name", "code", "category"]
