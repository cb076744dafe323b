"""Forums and who sits on them, in the admin."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import files
from core.admin import StaffModelAdmin, StaffStackedInline, StaffTabularInline
from core.admin_history import HistoryAdmin
from core.formsets import OnceFormSet
from forums.models import (
    Cadence,
    Forum,
    ForumAlias,
    ForumKind,
    ForumLink,
    Membership,
    SeatRole,
    SeatRule,
    TermsOfReference,
)
from forums.services import seats
from people.models import Person


@admin.register(ForumKind)
class ForumKindAdmin(StaffModelAdmin):
    list_display = ["name", "code", "is_committee"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}


@admin.register(SeatRole)
class SeatRoleAdmin(StaffModelAdmin):
    list_display = ["name", "code", "is_chair", "training_required"]
    search_fields = ["name", "code"]
    prepopulated_fields = {"code": ["name"]}


# Forums ------------------------------------------------------------------------------------------


class ForumAliasInline(StaffTabularInline):
    model = ForumAlias


class ForumLinkInline(StaffTabularInline):
    model = ForumLink
    formset = OnceFormSet
    fk_name = "forum"
    fields = ["kind", "to_forum", "to_name", "seats"]
    autocomplete_fields = ["to_forum"]
    verbose_name_plural = _("ties to other forums, boards and committees")


class CadenceInline(StaffTabularInline):
    """How often, from a day on. A change is a new row: what was expected before stays as it was."""

    model = Cadence


class TermsForm(forms.ModelForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        return files.checked(file) if "file" in self.changed_data and file else file


class TermsInline(StaffStackedInline):
    model = TermsOfReference
    form = TermsForm
    fields = ["version", "text", "file", "agreed_on", "agreed_by", "review_on"]


class SeatRuleFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """No rule twice in one go: of rows that are new together the database alone would know."""
        super().clean()
        seen = set()
        for form in self.forms:
            if form.errors or not (form.instance.pk or form.has_changed()) or self._should_delete_form(form):
                continue
            rule = form.instance
            key = (rule.role_id, rule.nominated_by_id, rule.from_forum_id)
            if key in seen:
                form.add_error(None, forms.ValidationError(_("There is a rule for these seats already"), code="unique"))
            seen.add(key)


class SeatRuleInline(StaffTabularInline):
    model = SeatRule
    formset = SeatRuleFormSet
    fk_name = "forum"
    autocomplete_fields = ["role", "nominated_by", "from_forum"]


@admin.register(Forum)
class ForumAdmin(HistoryAdmin):
    list_display = ["name", "kind", "level", "area", "status", "size", "established_on", "closed_on"]
    list_filter = ["status", "kind", "level", "area"]
    list_select_related = ["kind", "area"]
    search_fields = ["name", "aliases__name", "purpose"]
    autocomplete_fields = ["kind", "area", "organisation", "parent", "successor", "meets_before"]
    date_hierarchy = "established_on"
    readonly_fields = ["created_at", "updated_at"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [ForumAliasInline, ForumLinkInline, CadenceInline, TermsInline, SeatRuleInline]
    fieldsets = [
        (None, {"fields": ["name", "kind", "role", "purpose"]}),
        (_("Remit"), {"fields": ["remit", "remit_is_agreed"]}),
        (
            _("Where it stands"),
            {"fields": ["level", "area", "organisation", "parent", "no_links_from"]},
        ),
        (_("Who belongs to it"), {"fields": ["chair", "size", "minimum_age", "maximum_age", "is_open"]}),
        (_("When it meets"), {"fields": ["meets", "default_mode", "meets_before", "papers_days"]}),
        (_("What it asks the Board"), {"fields": ["questions_per_meeting"]}),
        (_("How to reach it"), {"fields": ["contact", "website"]}),
        (
            _("From when to when"),
            {"fields": ["status", "interim_on", "established_on", "closed_on", "successor"]},
        ),
        (_("Stamps"), {"fields": ["created_at", "updated_at"], "classes": ["collapse"]}),
    ]


# Seats -------------------------------------------------------------------------------------------


class MembershipForm(forms.ModelForm):
    """A seat is given by the rules of `services.seats`, here too: age, seats left, a forum at work."""

    def clean(self):
        cleaned = super().clean()
        is_new = self.instance._state.adding
        if is_new and not self.errors and {"person", "forum", "role", "started_on"} <= set(cleaned):
            membership = Membership(**{name: cleaned[name] for name in cleaned})
            seats.check_age(membership.person, membership.forum)
            seats.check(membership)
        return cleaned


@admin.register(Membership)
class MembershipAdmin(StaffModelAdmin):
    """Who sits where. Somebody moves to another seat by ending one membership and beginning another."""

    form = MembershipForm
    list_display = ["person", "forum", "role", "started_on", "ended_on"]
    list_filter = ["role", "is_observer", "paid", "left_because", "forum"]
    list_select_related = ["person", "forum", "role"]
    search_fields = ["person__name", "forum__name"]
    autocomplete_fields = ["person", "forum", "role", "represents", "organisation"]
    date_hierarchy = "started_on"
    readonly_fields = ["created_at", "updated_at"]
    fixed = ("person", "forum", "role", "represents", "organisation", "is_observer", "started_on")
    fieldsets = [
        (None, {"fields": ["person", "forum", "role", "is_observer"]}),
        (_("For whom"), {"fields": ["represents", "organisation", "community"]}),
        (_("How it came about"), {"fields": ["selected_because", "paid", "accepted_on", "inducted_on"]}),
        (_("From when to when"), {"fields": ["started_on", "term_ends_on", "ended_on", "left_because"]}),
        (_("Stamps"), {"fields": ["created_at", "updated_at"], "classes": ["collapse"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_readonly_fields(self, request, obj=None):
        """A seat stays the seat that it was, and one that was left stays left: rules are checked when it is given."""
        over = ("ended_on", "left_because") if obj and obj.ended_on else ()
        return [*self.readonly_fields, *(self.fixed if obj else ()), *over]

    def get_field_queryset(self, db, db_field, request):
        queryset = super().get_field_queryset(db, db_field, request)
        areas = request.user.only_areas()
        if db_field.name == "person":
            return (Person.objects.for_user(request.user) if queryset is None else queryset).known()
        if db_field.name == "forum" and areas is not None:
            return (Forum.objects.all() if queryset is None else queryset).filter(area__in=areas)
        return queryset

    def save_model(self, request, obj, form, change):
        """By the services, which keep the rules and write the audit row."""
        ended_on, because = obj.ended_on, obj.left_because
        is_ending = "ended_on" in form.changed_data and ended_on is not None
        if is_ending:
            obj.ended_on, obj.left_because = None, ""
        if change:
            super().save_model(request, obj, form, change)
        else:
            seats.seat(obj, by=request.user)
        if is_ending:
            seats.leave(obj, because, by=request.user, on=ended_on)
