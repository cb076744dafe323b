"""The record of what was done: activities, who took part, in honest numbers, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models.framework import Method, Period, Principle, Rung, Stage, Topic
from engagement.models.projects import Project
from forums.models import Forum
from people.models import Area, Level, Organisation, PopulationGroup

PUBLISHED_SAYS = _(
    "Everybody can read this activity. Say what it is for, what people can influence and what they cannot"
)

PUBLISHED_FIELDS = {"published_at", "purpose", "can_influence", "cannot_influence"}


class ActivityQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read on the public pages. Every public page about activities starts from here (PUB-004)."""
        return self.filter(published_at__isnull=False)

    def in_period(self, period: Period):
        """Activities with a day in the period, and undated ones that were put into it or into a quarter of it."""
        first, last = (
            models.functions.Coalesce("starts_on", "ends_on"),
            models.functions.Coalesce("ends_on", "starts_on"),
        )
        dated = self.annotate(first_day=first, last_day=last)
        ongoing = Q(is_ongoing=True, first_day__lte=period.ends_on)
        return dated.filter(
            Q(first_day__lte=period.ends_on, last_day__gte=period.starts_on)
            | ongoing
            | Q(
                starts_on=None,
                ends_on=None,
                period__starts_on__gte=period.starts_on,
                period__ends_on__lte=period.ends_on,
            )
        )

    def for_user(self, user):
        """What a member of staff may see: all of it, or what touches the areas that their roles are for."""
        areas = user.only_areas()
        if areas is None:
            return self
        mine = Q(areas__in=areas) | Q(areas__parent__in=areas) | Q(owner=user)
        return self.filter(pk__in=self.model.objects.filter(mine).values("pk"))


class Activity(TimeStamped):
    """One piece of engagement, from a formal consultation to a conversation in a corridor (ENG-001)."""

    class Nature(models.TextChoices):
        ENGAGEMENT = "engagement", _("engagement")
        INVOLVEMENT = "involvement", _("involvement")
        CONSULTATION = "consultation", _("formal consultation")
        INFORMATION = "information", _("information giving")

    class State(models.TextChoices):
        """Where an activity stands. What was entered after it took place is only recorded (requirements.md 2.27)."""

        RECORDED = "recorded", _("recorded afterwards")
        PLANNED = "planned", _("planned")
        LIVE = "live", _("live")
        ANALYSIS = "analysis", _("being analysed")
        FEEDBACK_DUE = "feedback_due", _("feedback is due")
        CLOSED = "closed", _("closed")

    class Together(models.TextChoices):
        """Three things that must not be confused (TRM-004, requirements.md 2.8)."""

        NONE = "", _("none of these")
        CO_DESIGN = "co_design", _("co-design: people help to shape a decision or a service")
        CO_PRODUCTION = "co_production", _("co-production: equal partners from the start, through design to review")
        CO_DELIVERY = "co_delivery", _("co-delivery: people with lived experience help to run it")

    class LedBy(models.TextChoices):
        UNKNOWN = "", _("not recorded")
        BODY = "body", _("the body itself")
        PARTNER = "partner", _("a partner organisation")
        PATIENTS = "patients", _("patients or residents")

    class Precision(models.TextChoices):
        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        QUARTER = "quarter", _("to the quarter")
        YEAR = "year", _("to the year")

    reference = models.CharField(_("reference"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    nature = models.CharField(_("nature"), max_length=20, choices=Nature.choices, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.RECORDED, editable=False)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("project")
    )
    principle = models.ForeignKey(
        Principle, models.PROTECT, related_name="activities", verbose_name=_("principle it fits most")
    )
    other_principles = models.ManyToManyField(
        Principle,
        through="OtherPrinciple",
        blank=True,
        related_name="also_supported_by",
        verbose_name=_("other principles"),
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="activities", verbose_name=_("topics"))
    report_heading = models.CharField(
        _("heading in the report"),
        max_length=120,
        blank=True,
        help_text=_("Short items with the same heading are printed together."),
    )

    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    is_ongoing = models.BooleanField(_("still going on"), default=False)
    date_precision = models.CharField(
        _("dates are known"), max_length=10, choices=Precision.choices, default=Precision.DAY
    )
    period = models.ForeignKey(
        Period,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undated_activities",
        verbose_name=_("period, where no date is known"),
    )
    late_reason = models.CharField(
        _("reason for a late entry"), max_length=300, blank=True, help_text=_("Needed when the period is locked.")
    )

    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="activities", verbose_name=_("places"))
    forums = models.ManyToManyField(Forum, blank=True, related_name="activities", verbose_name=_("forums"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_activities",
        verbose_name=_("recorded for"),
    )
    partners = models.ManyToManyField(
        Organisation,
        through="ActivityPartner",
        blank=True,
        related_name="partnered_activities",
        verbose_name=_("partners"),
    )
    methods = models.ManyToManyField(Method, blank=True, related_name="activities", verbose_name=_("methods"))
    groups = models.ManyToManyField(
        PopulationGroup, blank=True, related_name="activities", verbose_name=_("groups heard")
    )
    rung = models.ForeignKey(
        Rung, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("rung of the ladder")
    )
    planned_rung = models.ForeignKey(
        Rung,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_activities",
        verbose_name=_("rung that was planned"),
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("stage of the cycle")
    )

    together = models.CharField(
        _("worked together as"), max_length=20, choices=Together.choices, blank=True, default=Together.NONE
    )
    together_because = models.TextField(
        _("what shows it"), blank=True, help_text=_("Who had which say, from when. Or why it was not co-produced.")
    )
    led_by = models.CharField(_("led by"), max_length=10, choices=LedBy.choices, blank=True, default=LedBy.UNKNOWN)
    support_given = models.CharField(
        _("support by the body"), max_length=300, blank=True, help_text=_("Money, promotion, clinical advice.")
    )
    route_without_internet = models.CharField(
        _("way to take part without the internet"),
        max_length=300,
        blank=True,
        help_text=_("Paper, telephone, in person."),
    )

    purpose = models.TextField(_("purpose"), blank=True)
    can_influence = models.TextField(_("what people can influence"), blank=True)
    cannot_influence = models.TextField(_("what they cannot, and why"), blank=True)
    budget = models.DecimalField(_("budget (£)"), max_digits=10, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("cost (£)"), max_digits=10, decimal_places=2, null=True, blank=True)
    staff_days = models.DecimalField(_("days of staff time"), max_digits=6, decimal_places=1, null=True, blank=True)

    what_we_asked = models.TextField(_("what we asked"), blank=True)
    what_people_told_us = models.TextField(_("what people told us"), blank=True)
    what_changed = models.TextField(_("what changed"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("owner"),
    )

    public_summary = models.TextField(
        _("summary for the public page"),
        blank=True,
        help_text=_("Two or three sentences in plain words: what it is, who it is for, what comes of it."),
    )
    slug = models.SlugField(_("name in addresses"), max_length=60, null=True, blank=True, unique=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {
        "owner": Personal("P3", "to know whom to ask", erase="set to nobody"),
        "published_by": Personal("P3", "to know who published it", erase="set to nobody"),
    }
    not_personal = (
        "reference",
        "slug",
        "title",
        "report_heading",
        "late_reason",
        *("what_we_asked", "what_people_told_us", "what_changed", "together_because", "support_given"),
        *("route_without_internet", "purpose", "can_influence", "cannot_influence", "public_summary"),
    )
    own_words = ("what_people_told_us",)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["reference"]
        permissions = [("publish_activity", _("Can publish the public page of an activity"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=True) | Q(starts_on__isnull=True, ends_on__isnull=True),
                name="%(app_label)s_%(class)s_dates_or_period",
                violation_error_message=_("Give dates or a period, not both: the dates decide the period"),
            ),
            models.CheckConstraint(
                condition=Q(is_ongoing=False) | Q(starts_on__isnull=False, ends_on__isnull=True),
                name="%(app_label)s_%(class)s_ongoing_has_no_end",
                violation_error_message=_("An activity that is still going on has a first day and no last day"),
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="%(app_label)s_%(class)s_has_a_reference"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False) | Q(ends_on__isnull=False) | Q(period__isnull=False),
                name="%(app_label)s_%(class)s_has_a_date_or_a_period",
                violation_error_message=_("Give a date, or the period it belongs to: else no report shows it"),
            ),
            models.CheckConstraint(
                condition=Q(together="") | ~Q(together_because=""),
                name="%(app_label)s_%(class)s_togetherness_is_shown",
                violation_error_message=_("Say what shows that people worked on it as equal partners or designers"),
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_publisher_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(slug__isnull=False) & ~Q(slug=""),
                name="%(app_label)s_%(class)s_published_has_an_address",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | ~Q(purpose="") & ~Q(can_influence="") & ~Q(cannot_influence=""),
                name="%(app_label)s_%(class)s_published_says_what_for",
                violation_error_message=PUBLISHED_SAYS,
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("engagement:activity_detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def validate_constraints(self, exclude=None):
        """Forms that show some of the fields are held, too, to what has to be said of an activity that is published."""
        super().validate_constraints(exclude=set(exclude or ()) - PUBLISHED_FIELDS)

    def may_be_changed_by(self, user) -> bool:
        """Whether somebody works on this activity: on its project where it has one, as its owner, or on all."""
        if not user.has_perm("engagement.change_activity"):
            return False
        return self.owner_id == user.pk or self.project is None or self.project.may_be_changed_by(user)

    @property
    def has_impact(self) -> bool:
        """Whether the record says that something changed, in words."""
        return bool(self.what_changed.strip())


class OtherPrinciple(models.Model):
    """A principle that an activity supports besides the one it fits most (ENG-002)."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="other_principle_links")
    principle = models.ForeignKey(
        Principle, models.PROTECT, related_name="other_activity_links", verbose_name=_("principle")
    )
    not_personal = ()

    class Meta:
        verbose_name = _("other principle")
        verbose_name_plural = _("other principles")
        ordering = ["principle__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "principle"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This principle is named twice"),
            )
        ]

    def __str__(self):
        return str(self.principle)


class ActivityPartner(models.Model):
    """An organisation that took a part in an activity, and which (ENG-017)."""

    class Part(models.TextChoices):
        PARTNER = "partner", _("partner")
        LEAD = "lead", _("lead")
        CO_LEAD = "co_lead", _("joint lead")
        COMMISSIONED = "commissioned", _("commissioned")
        HOST = "host", _("host")
        SUPPORTER = "supporter", _("supporter")
        DISTRIBUTOR = "distributor", _("passed it on")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="partner_links")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="activity_links", verbose_name=_("organisation")
    )
    part = models.CharField(_("part"), max_length=20, choices=Part.choices, default=Part.PARTNER)
    brief = models.TextField(_("what it was asked to do"), blank=True)
    fee = models.DecimalField(_("fee (£)"), max_digits=10, decimal_places=2, null=True, blank=True)
    groups = models.ManyToManyField(
        PopulationGroup, blank=True, related_name="commissions", verbose_name=_("groups to reach")
    )
    report_due_on = models.DateField(_("report due on"), null=True, blank=True)
    report_received_on = models.DateField(_("report received on"), null=True, blank=True)
    not_personal = ("brief",)

    class Meta:
        verbose_name = _("partner")
        ordering = ["organisation__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part="commissioned") | Q(fee__isnull=True, report_due_on__isnull=True),
                name="%(app_label)s_%(class)s_only_a_commission_has_a_fee",
                violation_error_message=_("A fee and a due date belong to commissioned work"),
            ),
            models.UniqueConstraint(
                fields=["activity", "organisation"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This partner is named twice"),
            ),
        ]

    def __str__(self):
        return str(self.organisation)


class Output(models.Model):
    """Something made in an activity: videos, web pages, a toolkit (ENG-036)."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="outputs")
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=60, blank=True, help_text=_("Video, web page, toolkit, report, guide…")
    )
    number = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    url = models.URLField(_("address"), blank=True)
    distributed_to = models.CharField(_("given to"), max_length=300, blank=True)
    co_produced_with = models.CharField(_("made together with"), max_length=300, blank=True)
    not_personal = ("title", "kind", "url", "distributed_to", "co_produced_with")

    class Meta:
        verbose_name = _("output")
        ordering = ["title"]

    def __str__(self):
        return self.title


class Impact(models.Model):
    """What an activity changed, with the evidence for it (ENG-037)."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("service changed")
        POLICY = "policy", _("policy changed")
        INFORMATION = "information", _("information changed")
        DECISION = "decision", _("decision influenced")
        RELATIONSHIP = "relationship", _("relationship built")
        CAPABILITY = "capability", _("skills or means built")
        NONE_YET = "none_yet", _("none yet")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="impacts")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    statement = models.TextField(_("what changed"))
    evidence = models.TextField(_("how we know"), blank=True)
    on = models.DateField(_("date"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    personal = {"verified_by": Personal("P3", "to know who checked it", erase="set to nobody")}
    not_personal = ("statement", "evidence")

    class Meta:
        verbose_name = _("impact")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.statement[:80]}"


class Evaluation(TimeStamped):
    """What the team learnt from an activity: without it nothing closes (ENG-046)."""

    class Met(models.TextChoices):
        YES = "yes", _("yes")
        PARTLY = "partly", _("in part")
        NO = "no", _("no")

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="evaluation")
    aims_met = models.CharField(_("were the aims met?"), max_length=6, choices=Met.choices)
    who_was_missing = models.TextField(_("who was missing"))
    what_worked = models.TextField(_("what worked"))
    what_to_change = models.TextField(_("what to change next time"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    personal = {"by": Personal("P3", "to know whom to ask", erase="set to nobody")}
    not_personal = ("who_was_missing", "what_worked", "what_to_change")

    class Meta:
        verbose_name = _("evaluation")

    def __str__(self):
        return f"{self.activity}: {self.get_aims_met_display()}"
