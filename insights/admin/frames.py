"""The lists by which insight is sorted, in the admin: kinds of source; code frames and their themes, to be read."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin, StaffModelAdmin
from insights.models import Frame, SourceKind, Theme


@admin.register(SourceKind)
class SourceKindAdmin(StaffModelAdmin):
    list_display = ["name", "code", "is_story"]
    search_fields = ["name", "code"]


@admin.register(Frame)
class FrameAdmin(ReadOnlyAdmin):
    """Changed on pages of their own, as their themes are: every change makes a new edition of the frame."""

    list_display = ["name", "code", "edition", "is_default"]
    search_fields = ["name", "code"]


@admin.register(Theme)
class ThemeAdmin(ReadOnlyAdmin):
    list_display = ["name", "frame", "category", "retired_on"]
    list_filter = ["frame"]
    list_select_related = ["frame"]
    search_fields = ["name", "code", "category"]
