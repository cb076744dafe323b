"""The answers on an activity's page in the admin, which the engagement app itself does not know."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffTabularInline
from engagement.admin.activity import FACTS, ActivityAdmin, LackFilter
from engagement.models import Activity
from insights.models import Response


class ActivityLackFilter(LackFilter):
    """Also activities that nobody has answered yet, in public or at all."""

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("answer", _("a published answer"))]

    def queryset(self, request, queryset):
        if self.value() == "answer":
            return queryset.exclude(Response.objects.public().answered())
        return super().queryset(request, queryset)


class ResponseInline(StaffTabularInline):
    """The answers to an activity, each with a link to its own page, where it is changed."""

    model = Response
    fields = readonly_fields = ["topic", "you_said", "status", "published_at"]
    show_change_link = True
    view_on_site = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.unregister(Activity)


@admin.register(Activity)
class AnsweredActivityAdmin(ActivityAdmin):
    """An activity with its “you said, we did”, which the engagement app itself does not know."""

    list_filter = [ActivityLackFilter if entry is LackFilter else entry for entry in ActivityAdmin.list_filter]
    inlines = [ResponseInline, *ActivityAdmin.inlines]
    readonly_fields = [*ActivityAdmin.readonly_fields, "answers"]
    fieldsets = [
        (title, options | {"fields": [*options["fields"], "answers"]} if title == FACTS[0] else options)
        for title, options in ActivityAdmin.fieldsets
    ]

    def get_inlines(self, request, obj):
        return self.inlines if obj else ActivityAdmin.inlines

    @admin.display(description=_("answers"))
    def answers(self, activity):
        responses = list(activity.responses.all())
        public = sum(response.is_published for response in responses)
        words = ngettext("%(count)s answer", "%(count)s answers", len(responses)) % {"count": len(responses)}
        said = gettext("%(answers)s, %(public)s of them public.") % {"answers": words, "public": public}
        address, write = reverse("insight_work:answer_add", args=[activity.pk]), gettext("Write an answer")
        return format_html('<p>{}</p><p><a href="{}">{}</a></p>', said, address, write)
