"""What a forum's page in the admin shows from above it: the principles it supports, its activities."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import audit
from core.admin import StaffTabularInline
from core.formsets import OnceFormSet
from engagement.admin.principles import PrincipleChoices
from engagement.models import Activity, Evidence
from engagement.services import evidence as services
from forums.admin import ForumAdmin
from forums.models import Forum


class EvidenceFormSet(OnceFormSet):
    """Claims that are new or in other words go through the services, so that somebody answers for each of them."""

    by = None

    def save_new(self, form, commit=True):
        evidence = super().save_new(form, commit=False)
        evidence.claimed_by = self.by
        evidence.save()
        audit.record(self.by, "claimed", evidence)
        return evidence

    def save_existing(self, form, obj, commit=True):
        """Only the words can have changed: what was verified is then reviewed again."""
        return services.change(Evidence.objects.get(pk=obj.pk), form.cleaned_data["how"], by=self.by)


class EvidenceForm(forms.ModelForm):
    """A claim in a row. Which principle it is for stays; another principle is another claim."""

    class Meta:
        model = Evidence
        fields = ["principle", "how"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "principle" in self.fields:
            self.fields["principle"].disabled = True

    def clean_how(self):
        how = self.cleaned_data["how"].strip()
        if self.instance.pk and self.instance.how and not how:
            raise ValidationError(gettext("Say how it supports the principle"))
        return how


class EvidenceInline(PrincipleChoices, StaffTabularInline):
    """Claims that what stands above supports a principle."""

    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    fields = ["principle", "how", "strength"]
    readonly_fields = ["strength"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.by = request.user
        return formset


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
