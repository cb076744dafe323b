"""Stakeholders, and the purposes and wordings of consent, in the admin."""

from django.contrib import admin
from django.db.models import Exists, F, OuterRef
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffStackedInline, StaffTabularInline
from people.models import Consent, ConsentPurpose, ConsentWording, Stakeholder, StakeholderContact


class StakeholderContactInline(StaffTabularInline):
    model = StakeholderContact
    fields = ["on", "channel", "topic", "summary", "by", "by_organisation"]
    autocomplete_fields = ["by_organisation"]


@admin.register(Stakeholder)
class StakeholderAdmin(StaffModelAdmin):
    """MPs, councillors, charities, media. The list begins with the next action that is late the longest."""

    list_display = ["name", "kind", "places", "owner", "strength", "next_action", "next_action_on"]
    list_filter = ["kind", "areas", "strength", "owner", "next_action_on"]
    list_select_related = ["owner"]
    search_fields = ["name", "role", "topics", "organisation__name"]
    ordering = [F("next_action_on").asc(nulls_last=True), "name"]
    autocomplete_fields = ["organisation", "areas", "communities", "owner_organisation"]
    inlines = [StakeholderContactInline]
    fieldsets = [
        (None, {"fields": ["name", "kind", "role", "organisation", "size"]}),
        (_("How to reach them"), {"fields": ["email", "phone"]}),
        (_("Whom and what they speak for"), {"fields": ["areas", "communities", "topics"]}),
        (_("Where they stand"), {"fields": ["interest", "influence", "strength"]}),
        (_("Who does what next"), {"fields": ["owner", "owner_organisation", "next_action", "next_action_on"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("areas")

    @admin.display(description=_("places"))
    def places(self, stakeholder):
        return ", ".join(str(area) for area in stakeholder.areas.all()) or "–"


class WordingFormSet(BaseInlineFormSet):
    """Wordings of one purpose. What somebody agreed to stays as it was: it can be neither changed nor deleted."""

    def get_queryset(self):
        agreed = Consent.objects.filter(wording=OuterRef("pk"))
        return super().get_queryset().annotate(is_agreed_to=Exists(agreed))

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if getattr(form.instance, "is_agreed_to", False):
            for name in ("version", "text", "in_force_from", "DELETE"):
                if name in form.fields:
                    form.fields[name].disabled = True


class ConsentWordingInline(StaffStackedInline):
    model = ConsentWording
    formset = WordingFormSet
    fields = ["version", "in_force_from", "text"]
    verbose_name_plural = _("wordings: a changed text is a new version; one that somebody agreed to stays as it is")


@admin.register(ConsentPurpose)
class ConsentPurposeAdmin(StaffModelAdmin):
    list_display = ["name", "code", "is_service", "for_under_18", "order"]
    search_fields = ["name", "code"]
    inlines = [ConsentWordingInline]

    def get_readonly_fields(self, request, obj=None):
        """The code is what the product goes by: it is chosen once."""
        return ["code"] if obj else []
