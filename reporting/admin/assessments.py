"""Yardsticks in the admin: their levels, their dimensions and what the body says that each level looks like."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from reporting.documents.assessments import was_used
from reporting.forms.assessments import YardstickForm
from reporting.models import Descriptor, Dimension, Level, Yardstick


class KeptOnceUsed:
    """Parts of a yardstick. Once a final assessment rests on it they stay: a changed yardstick gets its own code."""

    def is_kept(self, yardstick):
        return yardstick is not None and was_used(yardstick)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and not self.is_kept(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self.is_kept(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_kept(obj)


class LevelInline(KeptOnceUsed, StaffTabularInline):
    model = Level
    fields = ["order", "name"]


class DimensionInline(KeptOnceUsed, StaffTabularInline):
    """Dimensions, each with a link to its own page, where its levels are described."""

    model = Dimension
    fields = ["number", "name", "meaning"]
    show_change_link = True
    view_on_site = False


@admin.register(Yardstick)
class YardstickAdmin(StaffModelAdmin):
    form = YardstickForm
    list_display = ["name", "kind", "target_level", "target_number"]
    list_filter = ["kind"]
    list_select_related = ["target_level"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}
    inlines = [LevelInline, DimensionInline]
    fieldsets = [
        (None, {"fields": ["name", "code", "kind", "meaning", "source", "most_links"]}),
        (
            _("Target"),
            {
                "fields": ["target_level", "target_number"],
                "description": _("Save the levels first. Without a number the target is meant for every dimension."),
            },
        ),
    ]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        return ["code", "kind"] if obj and was_used(obj) else []


class DescriptorInline(StaffTabularInline):
    model = Descriptor
    fields = ["level", "text"]

    def get_formset(self, request, obj=None, **kwargs):
        """Offers the levels of the dimension's own yardstick."""
        formset = super().get_formset(request, obj, **kwargs)
        own = Level.objects.filter(yardstick=obj.yardstick_id if obj else None)
        formset.form.base_fields["level"].queryset = own
        return formset


@admin.register(Dimension)
class DimensionAdmin(StaffModelAdmin):
    """A dimension with its descriptors. It is added and removed on the page of its yardstick."""

    list_display = ["name", "yardstick", "number"]
    list_filter = ["yardstick"]
    list_select_related = ["yardstick"]
    search_fields = ["name", "yardstick__name"]
    readonly_fields = ["yardstick", "number", "name", "meaning"]
    inlines = [DescriptorInline]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
