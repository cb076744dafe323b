"""What a forum's page in the admin shows from above it: the principles it supports, its activities."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffTabularInline
from core.formsets import OnceFormSet
from engagement.admin.principles import PrincipleChoices
from engagement.models import Activity, Evidence
from forums.admin import ForumAdmin
from forums.models import Forum


class EvidenceInline(PrincipleChoices, StaffTabularInline):
    """Claims that what stands above supports a principle."""

    model = Evidence
    formset = OnceFormSet
    fields = ["principle", "how", "strength"]
    readonly_fields = ["strength"]


class ForumEvidenceInline(EvidenceInline):
    verbose_name_plural = _("principles that the forum supports")


admin.site.unregister(Forum)


@admin.register(Forum)
class ForumRecordAdmin(ForumAdmin):
    inlines = [*ForumAdmin.inlines, ForumEvidenceInline]
    readonly_fields = ["activities_it_took_part_in", *ForumAdmin.readonly_fields]
    fieldsets = [
        *ForumAdmin.fieldsets[:-1],
        (_("What the record shows"), {"fields": ["activities_it_took_part_in"]}),
        ForumAdmin.fieldsets[-1],
    ]

    @admin.display(description=_("activities"))
    def activities_it_took_part_in(self, forum):
        count = Activity.objects.filter(forums=forum).count()
        if not count:
            return gettext("None recorded.")
        address = reverse("admin:engagement_activity_changelist")
        words = ngettext("%(count)s activity", "%(count)s activities", count) % {"count": count}
        return format_html('<p><a href="{}?forums__id__exact={}">{}</a></p>', address, forum.pk, words)

    def get_fieldsets(self, request, obj=None):
        """A forum that does not exist yet has no record and no stamps."""
        return self.fieldsets if obj else ForumAdmin.fieldsets[:-1]
