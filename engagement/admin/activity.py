"""Activities in the admin: one record from what was asked to what changed, with what the record still lacks."""

from django.contrib import admin, messages
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffStackedInline, StaffTabularInline
from core.admin_history import HistoryAdmin
from engagement.admin.forum import EvidenceInline
from engagement.admin.principles import PrincipleChoices
from engagement.forms import ActivityForm
from engagement.models import (
    Activity,
    ActivityCount,
    ActivityPartner,
    Impact,
    IssueRaised,
    OtherPrinciple,
    Output,
    Period,
    Session,
)
from engagement.services import needs_late_reason, next_reference, principles_in_force
from engagement.words import when
from people.models import Area


class OtherPrincipleInline(PrincipleChoices, StaffTabularInline):
    model = OtherPrinciple


class ActivityCountInline(StaffStackedInline):
    model = ActivityCount
    fields = [("about", "figure", "kind"), ("channel", "base"), ("as_at", "source")]


class SessionInline(StaffStackedInline):
    model = Session
    fields = [
        ("held_on", "mode", "method"),
        ("venue", "where", "host"),
        ("delivered_by", "interpreter"),
        ("registered", "attended", "unique", "joined_a_forum"),
    ]
    autocomplete_fields = ["method", "venue", "host"]


class ActivityPartnerInline(StaffTabularInline):
    model = ActivityPartner
    autocomplete_fields = ["organisation"]


class OutputInline(StaffStackedInline):
    model = Output
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class ImpactInline(StaffStackedInline):
    model = Impact
    fields = ["kind", "statement", "evidence", "on", "verified_by"]
    readonly_fields = ["verified_by"]


class IssueRaisedInline(StaffStackedInline):
    model = IssueRaised
    autocomplete_fields = ["organisation"]


class ActivityEvidenceInline(EvidenceInline):
    verbose_name_plural = _("evidence that the activity supports a principle")


class PeriodFilter(admin.SimpleListFilter):
    """Activities with a day in a period, or put into it."""

    title = _("period")
    parameter_name = "in_period"

    def lookups(self, request, model_admin):
        return [(period.code, str(period)) for period in Period.objects.years()]

    def queryset(self, request, queryset):
        period = Period.objects.filter(code=self.value()).first() if self.value() else None
        return queryset.in_period(period) if period else queryset


class LackFilter(admin.SimpleListFilter):
    """Activities whose record lacks something that reports need."""

    title = _("what is missing")
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        return [
            ("number", _("a number")),
            ("place", _("a place")),
            ("change", _("what changed")),
        ]

    def queryset(self, request, queryset):
        lacks = {
            "number": ~Exists(ActivityCount.objects.filter(activity=OuterRef("pk"))),
            "change": Q(what_changed=""),
            "place": Q(areas=None),
        }
        return queryset.filter(lacks[self.value()]) if self.value() in lacks else queryset


SHORT = {ActivityCount.About.REACHED: _("reached"), ActivityCount.About.TOOK_PART: _("took part")}
FACTS = (_("What the record shows"), {"fields": ["periods", "numbers", "what_changed_is_said"]})
STAMPS = (_("Stamps"), {"fields": ["created_at", "updated_at"], "classes": ["collapse"]})


@admin.register(Activity)
class ActivityAdmin(HistoryAdmin):
    form = ActivityForm
    list_display = ["reference", "title", "principle_it_fits", "dates", "places", "numbers", "what_changed_is_said"]
    list_display_links = ["reference", "title"]
    list_filter = [
        PeriodFilter,
        LackFilter,
        "nature",
        ("principle", admin.RelatedOnlyFieldListFilter),
        ("areas", admin.RelatedOnlyFieldListFilter),
        ("forums", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["principle", "period"]
    search_fields = ["reference", "title", "what_people_told_us", "what_changed"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["project", "topics", "areas", "forums", "organisation", "methods", "groups"]
    readonly_fields = ["state", "periods", "numbers", "what_changed_is_said", "created_at", "updated_at"]
    inlines = [
        ActivityCountInline,
        SessionInline,
        ActivityPartnerInline,
        OtherPrincipleInline,
        ImpactInline,
        OutputInline,
        IssueRaisedInline,
        ActivityEvidenceInline,
    ]
    fieldsets = [
        (None, {"fields": ["reference", "title", "nature", "state", "project", "principle", "topics"]}),
        FACTS,
        (_("When"), {"fields": ["starts_on", "ends_on", "is_ongoing", "date_precision", "period", "late_reason"]}),
        (_("Where, and with whom"), {"fields": ["level", "areas", "forums", "groups", "organisation"]}),
        (_("What was said and what changed"), {"fields": ["what_we_asked", "what_people_told_us", "what_changed"]}),
        (_("What it is for"), {"fields": ["purpose", "can_influence", "cannot_influence"]}),
        (
            _("How people were involved"),
            {
                "fields": [
                    *("methods", "route_without_internet", "planned_rung", "rung", "stage"),
                    *("together", "together_because", "led_by", "support_given"),
                ]
            },
        ),
        (_("What it costs"), {"fields": ["budget", "cost", "staff_days"]}),
        (_("In the report"), {"fields": ["report_heading", "owner"]}),
        STAMPS,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("areas", "counts")

    def get_fieldsets(self, request, obj=None):
        """A record that does not exist yet shows nothing and has no stamps."""
        return [each for each in self.fieldsets if obj or each[0] not in (FACTS[0], STAMPS[0])]

    def get_changeform_initial_data(self, request):
        filled = {"owner": request.user.pk, "reference": next_reference("A", timezone.localdate())}
        return filled | super().get_changeform_initial_data(request)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or locked_period_of(obj) is None)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for warning in warnings_about(form.instance):
            messages.warning(request, warning)

    @admin.display(description=_("principle"), ordering=["principle__principle_set", "principle__number"])
    def principle_it_fits(self, activity):
        return str(activity.principle)

    @admin.display(description=_("when"), ordering="starts_on")
    def dates(self, activity):
        return when(activity)

    @admin.display(description=_("places"))
    def places(self, activity):
        return ", ".join(area.name for area in activity.areas.all()) or "–"

    @admin.display(description=_("numbers"))
    def numbers(self, activity):
        counts = [f"{SHORT[count.about]}: {count.count.text}" for count in activity.counts.all()]
        return "; ".join(counts) or gettext("not recorded")

    @admin.display(description=_("says what changed"), boolean=True)
    def what_changed_is_said(self, activity):
        return activity.has_impact

    @admin.display(description=_("periods"))
    def periods(self, activity):
        found = [
            gettext("%(period)s (locked)") % {"period": period} if period.is_locked else str(period)
            for period in periods_of(activity)
        ]
        return ", ".join(found) or gettext("None: no report shows an activity without dates.")


def periods_of(activity: Activity) -> list[Period]:
    """The years that the activity falls in, earliest first."""
    last = timezone.localdate() if activity.is_ongoing else activity.ends_on
    dated = Period.objects.years().overlapping(activity.starts_on, last).order_by("starts_on")
    return [activity.period] if activity.period else list(dated)


def locked_period_of(activity: Activity) -> Period | None:
    return needs_late_reason(activity.starts_on, activity.ends_on, activity.period)


def warnings_about(activity: Activity) -> list[str]:
    """What looks wrong in a record and is allowed all the same."""
    found = []
    residents = residents_of(list(activity.areas.all()))
    for count in activity.counts.all():
        if residents and count.figure.value and count.figure.value > residents:
            words = {"count": str(count), "residents": f"{residents:,}"}
            found.append(gettext("“%(count)s” is more than the %(residents)s people who live there. Check it.") % words)
    offered = principles_in_force(activity.starts_on, activity.ends_on, activity.period)
    if offered.exists() and not offered.filter(pk=activity.principle_id).exists():
        words = {"set": offered.first().principle_set}
        found.append(gettext("The principle is not one of “%(set)s”, the set in force at that time.") % words)
    return found


def residents_of(areas: list[Area]) -> int | None:
    """How many people live in the areas; None when that is not known for each of them."""
    populations = [area.population for area in areas]
    return sum(populations) if populations and all(populations) else None
