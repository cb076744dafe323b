"""Meetings in the admin. Who comes, and with what needs, is on the meeting list under `/work/`, never here."""

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from forums.forms.meetings import PaperAdminForm
from forums.models import Action, AgendaItem, Meeting, Paper
from forums.services import meetings


class AgendaInline(StaffTabularInline):
    model = AgendaItem
    fields = ["number", "title", "topic", "led_by", "summary"]


class PaperInline(StaffTabularInline):
    model = Paper
    form = PaperAdminForm
    fields = ["title", "format", "language", "item", "file", "shared_at", "published_at"]
    readonly_fields = ["shared_at", "published_at"]

    def get_field_queryset(self, db, db_field, request):
        """Only points of this meeting's own agenda: the only field of the row that leads elsewhere."""
        return AgendaItem.objects.filter(meeting=request.resolver_match.kwargs.get("object_id"))


class ActionInline(StaffTabularInline):
    model = Action
    fields = ["text", "owner", "person", "due_on", "done_on", "outcome"]
    autocomplete_fields = ["person"]


@admin.register(Meeting)
class MeetingAdmin(StaffModelAdmin):
    list_display = ["title", "forum", "starts_at", "mode", "status", "is_public"]
    list_filter = ["status", "mode", "is_public", "forum"]
    list_select_related = ["forum"]
    search_fields = ["title", "forum__name", "agenda__topic"]
    autocomplete_fields = ["forum", "joint_with"]
    date_hierarchy = "starts_at"
    readonly_fields = ["meeting_list", "minutes_published_at", "sequence", "created_at", "updated_at"]
    inlines = [AgendaInline, PaperInline, ActionInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["title", "forum", "joint_with", "status", "meeting_list"]}),
        (_("When"), {"fields": ["starts_at", "ends_at", "reply_by"]}),
        (_("Where and how"), {"fields": ["mode", "venue", "access", "join_link", "places", "quorum"]}),
        (_("For the public"), {"fields": ["is_public", "public_information"]}),
        (_("Afterwards"), {"fields": ["notes", "minutes_due_on", "minutes_published_at"]}),
        (_("Stamps"), {"fields": ["sequence", "created_at", "updated_at"], "classes": ["collapse"]}),
    ]

    def save_model(self, request, meeting, form, change):
        """A change of time, place, link or status is a new version for calendars, and people are told."""
        super().save_model(request, meeting, form, change)
        if change:
            meetings.meeting_changed(meeting, form.changed_data, by=request.user)

    @admin.display(description=_("people and papers"))
    def meeting_list(self, meeting):
        if meeting.pk is None:
            return gettext("Save the meeting first. Then invite people there.")
        address = reverse("work:meeting_sheet", args=[meeting.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Open the meeting list"))
