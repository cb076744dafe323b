"""People and places in the admin."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import audit
from core.admin import StaffModelAdmin, StaffTabularInline
from core.formsets import OnceFormSet
from people import admin_contacts  # noqa: F401  stakeholders and consent, registered there
from people.models import (
    Area,
    AreaAlias,
    LevelBand,
    Organisation,
    OrganisationAlias,
    Person,
    PersonCapacity,
    PopulationBenchmark,
    PopulationGroup,
    Role,
    User,
    Venue,
)
from people.services import follow_roles, register


class OrganisationAliasInline(StaffTabularInline):
    model = OrganisationAlias


@admin.register(Organisation)
class OrganisationAdmin(StaffModelAdmin):
    list_display = ["name", "short_name", "kind", "is_statutory", "is_body"]
    list_filter = ["kind", "is_statutory"]
    search_fields = ["name", "short_name", "aliases__name"]
    autocomplete_fields = ["predecessors"]
    inlines = [OrganisationAliasInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["name", "short_name", "kind", "is_statutory", "is_body", "ods_code"]}),
        (_("How to reach it"), {"fields": ["email", "phone", "address", "website"]}),
        (_("Other formats and languages"), {"fields": ["formats_contact", "formats_days"]}),
        (_("Its years"), {"fields": ["starts_on", "ends_on", "predecessors"]}),
    ]


@admin.register(LevelBand)
class LevelBandAdmin(StaffModelAdmin):
    list_display = ["level", "name", "smallest", "largest"]


class AreaAliasInline(StaffTabularInline):
    model = AreaAlias


@admin.register(Area)
class AreaAdmin(StaffModelAdmin):
    list_display = ["name", "level", "parent", "population", "population_as_at"]
    list_filter = ["level"]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "aliases__name"]
    autocomplete_fields = ["parent", "partnership", "acute_provider"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AreaAliasInline]
    fieldsets = [
        (None, {"fields": ["name", "level", "parent", "slug", "code"]}),
        (_("Residents"), {"fields": ["population", "population_as_at", "population_source"]}),
        (_("Who plans and provides care there"), {"fields": ["partnership", "acute_provider"]}),
    ]

    def save_model(self, request, area, form, change):
        super().save_model(request, area, form, change)
        band = LevelBand.objects.filter(level=area.level).first()
        if band and area.population is not None and not band.holds(area.population):
            warning = gettext("%(residents)s residents is an unusual number for a %(level)s. Check it: %(area)s")
            words = {"area": area, "residents": f"{area.population:,}", "level": str(band).lower()}
            messages.warning(request, warning % words)


@admin.register(PopulationGroup)
class PopulationGroupAdmin(StaffModelAdmin):
    list_display = ["name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name"]


@admin.register(Venue)
class VenueAdmin(StaffModelAdmin):
    list_display = ["name", "address", "area", *Venue.FACTS, "checked_on"]
    list_filter = ["area", "step_free", "hearing_loop"]
    list_select_related = ["area"]
    search_fields = ["name", "address"]
    autocomplete_fields = ["area", "host"]


@admin.register(PopulationBenchmark)
class PopulationBenchmarkAdmin(StaffModelAdmin):
    list_display = ["area", "characteristic", "category", "residents", "source"]
    list_filter = ["characteristic"]
    list_select_related = ["area"]
    search_fields = ["area__name", "category"]
    autocomplete_fields = ["area"]


class UserCreationForm(AdminUserCreationForm):
    """A new user. Somebody without a password signs in with a code by e-mail."""

    class Meta:
        model = User
        fields = ["name", "email"]


class RoleInline(StaffTabularInline):
    model = Role
    formset = OnceFormSet
    autocomplete_fields = ["area", "organisation"]
    verbose_name_plural = _("roles: they decide what the user may do")


@admin.register(User)
class UserAdmin(StaffModelAdmin, auth_admin.UserAdmin):
    """Users and their roles. Nobody but a superuser touches a superuser, and no page shows a password."""

    add_form = UserCreationForm
    list_display = ["name", "email", "role_names", "is_active", "last_login"]
    list_filter = ["roles__name", "is_active"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal = []
    readonly_fields = ["password_page", "last_login", "date_joined"]
    inlines = [RoleInline]
    fieldsets = [
        (None, {"fields": ["name", "email", "is_active", "password_page"]}),
        (_("Stamps"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["name", "email", "usable_password", "password1", "password2"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("roles__area")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may_touch(request, obj) and obj != request.user

    def may_touch(self, request, obj):
        return obj is None or request.user.is_superuser or not obj.is_superuser

    def save_model(self, request, obj, form, change):
        """Sign-in codes go to the address that is written here, and no longer to an older one."""
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            obj.emailaddress_set.all().delete()
            obj.emailaddress_set.create(email=obj.email, primary=True, verified=True)

    def get_deleted_objects(self, objs, request):
        """An account takes its sign-in address and second factors with it: they need no permission of their own."""
        _found, counts, needed, protected = super().get_deleted_objects(objs, request)
        found = [str(user) for user in objs]
        return found, counts, needed - {EmailAddress._meta.verbose_name, Authenticator._meta.verbose_name}, protected

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        for role in formset.new_objects:
            self.note(request, "granted role", role)
        for role, _fields in formset.changed_objects:
            self.note(request, "changed role", role)
        for role in formset.deleted_objects:
            self.note(request, "revoked role", role)
        follow_roles(form.instance)

    def note(self, request, verb, role):
        audit.record(request.user, verb, role.user, role=role.name, area=str(role.area or ""))

    @admin.display(description=_("password"))
    def password_page(self, user):
        has_one = gettext("There is one.") if user.has_usable_password() else gettext("None: signs in with a code.")
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html(
            '<p>{}</p><p><a href="{}">{}</a></p>', has_one, address, gettext("Set or remove the password")
        )

    @admin.display(description=_("roles"))
    def role_names(self, user):
        names = [role.get_name_display() + (f" ({role.area})" if role.area else "") for role in user.roles.all()]
        return ", ".join(names) or "–"


class PersonForm(forms.ModelForm):
    """Says beside the box what the register does not let anybody change."""

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and not self.errors:
            register.check_change(Person.objects.select_related("user").get(pk=self.instance.pk), cleaned)
        return cleaned


class PersonCapacityInline(StaffTabularInline):
    model = PersonCapacity
    formset = OnceFormSet


@admin.register(Person)
class PersonAdmin(StaffModelAdmin):
    """The register in the admin, for searchable lists elsewhere. Entries are merged and erased on their own pages."""

    form = PersonForm
    list_display = ["name", "area", "channel", "is_minor", "created_at"]
    list_filter = ["area", "channel"]
    list_select_related = ["area"]
    search_fields = ["name", "known_as", "email", "phone", "postcode"]
    autocomplete_fields = ["area"]
    date_hierarchy = "created_at"
    readonly_fields = ["created_at", "updated_at"]
    inlines = [PersonCapacityInline]
    fieldsets = [
        (None, {"fields": ["name", "known_as", "birth_year", "area"]}),
        (_("How to reach them"), {"fields": ["channel", "email", "phone", "address", "postcode"]}),
        (_("Whom they can reach"), {"fields": ["connections"]}),
        (_("Stamps"), {"fields": ["created_at", "updated_at"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).known()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
        elif values := {name: form.cleaned_data[name] for name in form.changed_data}:
            register.update_person(obj, by=request.user, **values)

    @admin.display(description=_("under 18"), boolean=True)
    def is_minor(self, person):
        return person.is_under_18
