"""Activities in the admin: one record from what was asked to what changed, with what the record still lacks."""

from django.contrib import admin, messages
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffStackedInline, StaffTabularInline
from core.admin_history import HistoryAdmin
from core.exports import csv_file, xlsx_file
from engagement.admin.forum import EvidenceInline
from engagement.admin.principles import PrincipleChoices
from engagement.forms import ActivityForm
from engagement.models import (
    Activity,
    ActivityCount,
    ActivityPartner,
    Aim,
    Evaluation,
    Impact,
    IssueRaised,
    Measure,
    OtherPrinciple,
    Output,
    Period,
    PublishedShare,
    ResponseCount,
    Session,
)
from engagement.resources import ActivityResource
from engagement.services import needs_late_reason, next_reference
from engagement.services.activities import doubts_about
from engagement.words import when


class OtherPrincipleInline(PrincipleChoices, StaffTabularInline):
    model = OtherPrinciple


class ActivityCountInline(StaffStackedInline):
    model = ActivityCount
    fields = [("about", "figure", "kind"), ("channel", "base"), ("as_at", "source")]


class ResponseCountInline(StaffTabularInline):
    """Responses that came by other ways than our surveys. Who says that some were read answers for it."""

    model = ResponseCount
    fields = ["route", "received", "read", "read_by", "note"]
    readonly_fields = ["read_by"]


class MeasureInline(StaffStackedInline):
    model = Measure
    fields = [
        "question",
        ("before_qualifier", "before", "before_base"),
        ("after_qualifier", "after", "after_base"),
        "source",
    ]


class PublishedShareInline(StaffTabularInline):
    model = PublishedShare


class AimInline(StaffStackedInline):
    """Aims stand once the activity is live; what they reached is entered on the activity's own page."""

    model = Aim
    fields = ["measure", ("target", "baseline"), "groups", ("result", "result_note")]
    autocomplete_fields = ["groups"]
    readonly_fields = ["result", "result_note"]

    def may_be_set(self, activity) -> bool:
        return activity is None or activity.state in {Activity.State.RECORDED, Activity.State.PLANNED}

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and (obj is None or obj.state != Activity.State.CLOSED)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may_be_set(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may_be_set(obj)


class EvaluationInline(StaffStackedInline):
    """What the team learnt, to read: it is written on the activity's own page, which keeps who wrote it."""

    model = Evaluation
    fields = ["aims_met", "who_was_missing", "what_worked", "what_to_change", "by"]
    readonly_fields = fields
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


class SessionInline(StaffStackedInline):
    model = Session
    fields = [
        ("held_on", "mode", "method"),
        ("venue", "where", "host"),
        ("delivered_by", "interpreter"),
        ("registered", "attended", "unique", "joined_a_forum"),
    ]
    autocomplete_fields = ["method", "venue", "host"]


class ActivityPartnerInline(StaffStackedInline):
    model = ActivityPartner
    fields = [("organisation", "part"), "brief", "groups", ("fee", "report_due_on", "report_received_on")]
    autocomplete_fields = ["organisation", "groups"]


class OutputInline(StaffStackedInline):
    model = Output
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class ImpactInline(StaffStackedInline):
    model = Impact
    fields = ["kind", "statement", "evidence", "on", "verified_by"]
    readonly_fields = ["verified_by"]


class IssueRaisedInline(StaffStackedInline):
    """Issues are closed on their own pages, where nothing closes before people know what came of it."""

    model = IssueRaised
    autocomplete_fields = ["organisation"]
    readonly_fields = ["closed_on", "person_told_on"]


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
    actions = ["download_csv", "download_xlsx"]  # of what the filters leave (REP-034)
    autocomplete_fields = ["project", "topics", "areas", "forums", "organisation", "methods", "groups"]
    readonly_fields = ["state", "periods", "numbers", "what_changed_is_said", "created_at", "updated_at"]
    inlines = [
        ActivityCountInline,
        ResponseCountInline,
        MeasureInline,
        PublishedShareInline,
        SessionInline,
        AimInline,
        ActivityPartnerInline,
        OtherPrincipleInline,
        ImpactInline,
        OutputInline,
        IssueRaisedInline,
        EvaluationInline,
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

    def has_change_permission(self, request, obj=None):
        """An activity of a project is changed by those who work on it, here as on its own page."""
        return super().has_change_permission(request, obj) and (obj is None or obj.may_be_changed_by(request.user))

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or locked_period_of(obj) is None)

    def view_on_site(self, activity):
        return activity.get_absolute_url()

    def save_formset(self, request, form, formset, change):
        """Whoever enters that responses were read is named with them."""
        if formset.model is ResponseCount:
            for row in formset.forms:
                if {"read", "received"} & set(row.changed_data):
                    row.instance.read_by = request.user if row.instance.read else None
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for doubt in doubts_about(form.instance):
            messages.warning(request, str(doubt))

    @admin.action(description=_("Download as CSV"), permissions=["view"])
    def download_csv(self, request, queryset):
        return csv_file(ActivityResource().export(queryset), "activities.csv")

    @admin.action(description=_("Download as an Excel sheet"), permissions=["view"])
    def download_xlsx(self, request, queryset):
        return xlsx_file(ActivityResource().export(queryset), "activities.xlsx")

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
