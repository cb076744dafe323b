"""Opportunities to take part in the admin. Applications have pages of their own."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin
from forums.models import Opportunity
from forums.services import recruitment as services


class OpenFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("open")), ("closed", _("closed")), ("draft", _("not published"))]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.open()
        if self.value() == "closed":
            return queryset.public().exclude(pk__in=queryset.open().values("pk"))
        return queryset.filter(published_at=None) if self.value() == "draft" else queryset


@admin.register(Opportunity)
class OpportunityAdmin(StaffModelAdmin):
    """What is offered. It becomes public, and is withdrawn, by the actions of the list."""

    list_display = ["title", "forum", "area", "state", "closes_on", "places", "taken", "number_of_applications"]
    list_filter = [OpenFilter, ("forum", admin.RelatedOnlyFieldListFilter), ("area", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["forum", "area"]
    search_fields = ["title", "topic", "forum__name"]
    autocomplete_fields = ["forum", "area", "wanted"]
    readonly_fields = ["published_at", "applications_page"]
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "topic", "forum", "role", "area"]}),
        (
            _("What to expect"),
            {"fields": ["can_influence", "cannot_influence", "commitment", "term", "support", "payment"]},
        ),
        (_("Who and until when"), {"fields": ["wanted", "places", "closes_on"]}),
        (_("Publication"), {"fields": ["published_at", "applications_page"]}),
    ]

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return services.with_places(found).annotate(number_of_applications=Count("applications", distinct=True))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def view_on_site(self, opportunity):
        return opportunity.get_absolute_url() if opportunity.published_at else None

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        count = 0
        for opportunity in queryset.filter(published_at=None):
            try:
                services.publish(opportunity, by=request.user)
                count += 1
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
        words = ngettext("%(count)s opportunity is now public.", "%(count)s opportunities are now public.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request, queryset):
        published = list(queryset.exclude(published_at=None))
        for opportunity in published:
            services.withdraw(opportunity, by=request.user)
        words = ngettext(
            "%(count)s opportunity is no longer public.",
            "%(count)s opportunities are no longer public.",
            len(published),
        )
        self.message_user(request, words % {"count": len(published)}, messages.SUCCESS)

    @admin.display(description=_("state"))
    def state(self, opportunity):
        if opportunity.published_at is None:
            return gettext("not published")
        return gettext("open") if opportunity.is_open else gettext("closed")

    @admin.display(description=_("appointed"), ordering="taken")
    def taken(self, opportunity):
        return opportunity.taken

    @admin.display(description=_("applications"), ordering="number_of_applications")
    def number_of_applications(self, opportunity):
        return opportunity.number_of_applications

    @admin.display(description=_("applications"))
    def applications_page(self, opportunity):
        if opportunity.pk is None:
            return gettext("none yet")
        address = reverse("work:application_list")
        return format_html(
            '<a href="{}?opportunity={}">{}</a>', address, opportunity.pk, gettext("Read the applications")
        )
