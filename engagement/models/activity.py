"""The record of what was done: activities, who took part, in honest numbers, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.counts import Count, CountField, Kind
from core.models import TimeStamped
from core.privacy import Personal
from engagement.models.framework import Method, Period, Principle, Rung, Stage, Topic
from forums.models import Forum
from people.models import Area, Level, Organisation, PopulationGroup


class ActivityQuerySet(models.QuerySet):
    def in_period(self, period: Period):
        """Activities with a day in the period, and undated ones that were put into it."""
        first, last = (
            models.functions.Coalesce("starts_on", "ends_on"),
            models.functions.Coalesce("ends_on", "starts_on"),
        )
        dated = self.annotate(first_day=first, last_day=last)
        ongoing = Q(is_ongoing=True, first_day__lte=period.ends_on)
        return dated.filter(
            Q(first_day__lte=period.ends_on, last_day__gte=period.starts_on)
            | ongoing
            | Q(starts_on=None, ends_on=None, period=period)
        )

    def undated(self):
        """Activities without any date that nobody has put into a period: no report shows them."""
        return self.filter(starts_on=None, ends_on=None, period=None)

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

    class Precision(models.TextChoices):
        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        QUARTER = "quarter", _("to the quarter")
        YEAR = "year", _("to the year")

    reference = models.CharField(_("reference"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    nature = models.CharField(_("nature"), max_length=20, choices=Nature.choices, blank=True)
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

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {"owner": Personal("P3", "to know whom to ask", erase="set to nobody")}
    not_personal = (
        "reference",
        "title",
        "report_heading",
        "late_reason",
        "what_we_asked",
        "what_people_told_us",
        "what_changed",
    )

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["reference"]
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
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

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
    not_personal = ()

    class Meta:
        verbose_name = _("partner")
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "organisation"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This partner is named twice"),
            )
        ]

    def __str__(self):
        return str(self.organisation)


class Session(models.Model):
    """One meeting, focus group or webinar of an activity, with its own numbers (ENG-018)."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("both at once")
        WRITING = "writing", _("in writing")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    held_on = models.DateField(_("held on"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, blank=True)
    method = models.ForeignKey(
        Method, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("method")
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    registered = CountField(_("registered"), kind=Kind.REGISTERED, null=True, blank=True)
    attended = CountField(_("attended"), kind=Kind.ATTENDED, null=True, blank=True)
    not_personal = ("venue", "registered", "attended")

    class Meta:
        verbose_name = _("session")
        ordering = ["held_on", "pk"]

    def __str__(self):
        return " ".join(str(part) for part in (self.method or _("session"), self.held_on or "") if part)


class ActivityCount(models.Model):
    """One number of an activity: how many were reached, or how many took part. Never both, never added (ENG-021)."""

    class About(models.TextChoices):
        REACHED = "reached", _("people reached")
        TOOK_PART = "took_part", _("people who took part")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="counts")
    about = models.CharField(_("about"), max_length=10, choices=About.choices)
    figure = CountField(
        _("figure with its words"), help_text=_("As you would say it: “138”, “over 700 in the network”, “around 60”.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind.choices,
        blank=True,
        help_text=_("Left empty, it follows from the words."),
    )
    channel = models.CharField(_("channel or route"), max_length=60, blank=True)
    base = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    as_at = models.DateField(_("as at"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    not_personal = ("figure", "channel", "source")

    class Meta:
        verbose_name = _("number")
        ordering = ["about", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(figure=""), name="%(app_label)s_%(class)s_has_a_figure"),
        ]

    def __str__(self):
        return str(self.count)

    def save(self, *args, **kwargs):
        self.kind = self.kind or self.count.kind
        super().save(*args, **kwargs)

    @property
    def count(self) -> Count:
        """The figure with its kind: the one chosen, else the one its words name, else that of what it is about."""
        default = Kind.REACH if self.about == self.About.REACHED else Kind.TOOK_PART
        return Count(
            self.figure.value,
            self.figure.qualifier,
            self.figure.upper,
            self.figure.note,
            self.kind or self.figure.kind or default,
        )


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


class IssueRaised(models.Model):
    """A matter that somebody raised, followed to its end (ENG-038)."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="issues")
    summary = models.TextField(_("what was raised"))
    route = models.CharField(_("raised through"), max_length=100, blank=True)
    raised_on = models.DateField(_("raised on"), null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("who has to act")
    )
    answer = models.TextField(_("answer"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    person_told_on = models.DateField(_("person told on"), null=True, blank=True)
    not_personal = ("summary", "route", "answer")

    class Meta:
        verbose_name = _("issue raised")
        verbose_name_plural = _("issues raised")
        ordering = ["raised_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(raised_on__isnull=True) | Q(closed_on__gte=F("raised_on")),
                name="%(app_label)s_%(class)s_closes_after_start",
                violation_error_message=_("An issue cannot be closed before it was raised"),
            )
        ]

    def __str__(self):
        return self.summary[:80]


class Evidence(models.Model):
    """A claim that a forum or an activity supports a principle. It grows by review; nobody reviews their own."""

    class Strength(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        EVIDENCED = "evidenced", _("evidenced")
        VERIFIED = "verified", _("verified")
        OUTCOME = "outcome", _("outcome shown")

    principle = models.ForeignKey(Principle, models.PROTECT, related_name="evidence", verbose_name=_("principle"))
    forum = models.ForeignKey(
        Forum, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("forum")
    )
    activity = models.ForeignKey(
        Activity, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("activity")
    )
    strength = models.CharField(_("strength"), max_length=12, choices=Strength.choices, default=Strength.CLAIMED)
    how = models.TextField(_("how it supports the principle"), blank=True)
    not_personal = ("how",)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["principle__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forum__isnull=False, activity__isnull=True) | Q(forum__isnull=True, activity__isnull=False),
                name="%(app_label)s_%(class)s_of_a_forum_or_an_activity",
                violation_error_message=_("Evidence belongs to a forum or to an activity"),
            ),
            models.UniqueConstraint(
                fields=["principle", "forum"],
                condition=Q(forum__isnull=False),
                name="%(app_label)s_%(class)s_once_a_forum",
                violation_error_message=_("This forum already claims that principle"),
            ),
            models.UniqueConstraint(
                fields=["principle", "activity"],
                condition=Q(activity__isnull=False),
                name="%(app_label)s_%(class)s_once_an_activity",
                violation_error_message=_("This activity already claims that principle"),
            ),
        ]

    def __str__(self):
        return f"{self.forum or self.activity}: {self.principle}, {self.get_strength_display()}"
