"""Questions to the Board in the admin: their words. They move on in the work pages, where the rules are kept."""

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from forums.models import BoardQuestion, FollowUp


class FollowUpInline(StaffTabularInline):
    model = FollowUp

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(BoardQuestion)
class BoardQuestionAdmin(StaffModelAdmin):
    """Who proposed it and where it stands are read here, never changed; a new one comes from a member."""

    list_display = ["question", "topic", "forum", "status", "board_meeting", "number_of_votes"]
    list_filter = ["status", "kind", ("forum", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["forum", "board_meeting"]
    search_fields = ["topic", "text", "forum__name"]
    date_hierarchy = "submitted_at"
    inlines = [FollowUpInline]
    readonly_fields = [
        "forum",
        "kind",
        "proposed_by",
        "status",
        "board_meeting",
        "slot",
        "submitted_at",
        "published_at",
        "work_page",
    ]
    fieldsets = [
        (None, {"fields": ["forum", "kind", "topic", "text", "background", "solution", "proposed_by"]}),
        (_("Where it stands"), {"fields": ["work_page", "status", "board_meeting", "slot", "submitted_at"]}),
        (_("The answer"), {"fields": ["answer", "answered_by", "answered_on", "published_at"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number_of_votes=Count("votes"))

    def get_readonly_fields(self, request, obj=None):
        has_answer = obj is not None and obj.answered_on is not None
        return [*self.readonly_fields, *([] if has_answer else ["answer", "answered_by", "answered_on"])]

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("question"), ordering="text")
    def question(self, question):
        return Truncator(question.text).words(12)

    @admin.display(description=_("votes"), ordering="number_of_votes")
    def number_of_votes(self, question):
        return question.number_of_votes

    @admin.display(description=_("to move it on"))
    def work_page(self, question):
        address = reverse("work:question_detail", args=[question.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Open the work page"))
