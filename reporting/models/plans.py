"""What the body has planned to do about involving people, and how far it is: strategies, actions, milestones, risks."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Period, Principle, Project
from forums.models import Forum
from people.models import Organisation

DID = Personal("P3", "to know whom to ask", erase="set to nobody")


class Precision(models.TextChoices):
    """How exactly a date is known: plans mostly say a month (PLN-001)."""

    DAY = "day", _("a day")
    MONTH = "month", _("a month")


class PlanQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read."""
        return self.filter(published_at__isnull=False)

    def in_force(self, first, last):
        """Those that had begun by the last of two days and were not over before the first. No day is no limit."""
        began = Q(starts_on=None) | Q(starts_on__lte=last)
        return self.filter(began, Q(ends_on=None) | Q(ends_on__gte=first))


class Plan(TimeStamped):
    """A strategy, a delivery plan, or the plan of one priority action (PLN-001 to PLN-005, PLN-014, PLN-016)."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", _("strategy")
        DELIVERY = "delivery", _("delivery plan")
        ACTION = "action", _("plan of one priority action")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("in plain words"), blank=True, help_text=_("What stands first on the public page."))
    delivers = models.OneToOneField(
        "Priority",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_plan",
        verbose_name=_("priority action that it delivers"),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Empty where it has no end."))
    executive_lead = models.CharField(_("executive lead (a post)"), max_length=120, blank=True)
    nonexecutive_lead = models.CharField(_("non-executive lead (a post)"), max_length=120, blank=True)
    agreed_by = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="plans_agreed", verbose_name=_("agreed by")
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    next_review_on = models.DateField(_("next looked at again on"), null=True, blank=True)
    developed_in = models.ManyToManyField(
        Activity, blank=True, related_name="plans_developed", verbose_name=_("activities in which it was developed")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PlanQuerySet.as_manager()

    personal = {"published_by": Personal("P3", "to know who published it", erase="set to nobody")}
    not_personal = ("title", "summary", "executive_lead", "nonexecutive_lead")

    class Meta:
        verbose_name = _("strategy or plan")
        verbose_name_plural = _("strategies and plans")
        ordering = ["-starts_on", "title"]
        permissions = [("publish_plan", _("Can publish a plan"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(agreed_by__isnull=False),
                name="%(app_label)s_%(class)s_agreed_by_somebody",
                violation_error_message=_("Say which board or committee agreed it"),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(summary=""),
                name="%(app_label)s_%(class)s_public_has_a_summary",
                violation_error_message=_("Write what it says in plain words before you publish it"),
            ),
            models.CheckConstraint(
                condition=Q(kind="action", delivers__isnull=False) | ~Q(kind="action") & Q(delivers__isnull=True),
                name="%(app_label)s_%(class)s_of_one_action_names_it",
                violation_error_message=_("Choose the priority action, for the plan of one priority action alone"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("plans:plan_detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Priority(TimeStamped):
    """One thing that a plan sets out to do, with who leads it and from when to when (PLN-001, PLN-002, CFG-014).

    It may be open-ended, or have no date at all: `date_note` says what the plan says instead.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="priorities", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("priority action"))
    outcome = models.TextField(_("outcome"), blank=True, help_text=_("What will be different."))
    leads = models.ManyToManyField(Organisation, blank=True, related_name="priorities", verbose_name=_("led by"))
    lead_note = models.CharField(_("who leads, in words"), max_length=200, blank=True)
    owner = models.CharField(_("who sees to it (a post)"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    precision = models.CharField(_("dates name"), max_length=5, choices=Precision.choices, default=Precision.MONTH)
    date_note = models.CharField(_("what the plan says of the time"), max_length=200, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)
    activities = models.ManyToManyField(
        Activity, blank=True, related_name="priorities", verbose_name=_("activities that serve it")
    )
    principles = models.ManyToManyField(
        Principle, blank=True, related_name="priorities", verbose_name=_("principles that it puts into practice")
    )

    not_personal = ("text", "outcome", "lead_note", "owner", "date_note", "evidence")

    class Meta:
        verbose_name = _("priority action")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This plan has an action with that number already"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(evidence=""),
                name="%(app_label)s_%(class)s_done_is_shown",
                violation_error_message=_("Say what shows that it was done"),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.text[:100]}"


class MilestoneQuerySet(models.QuerySet):
    def overdue(self, on=None):
        """Not done by the day that was set."""
        on = on or timezone.localdate()
        return self.filter(due_on__lt=on).exclude(done_on__lte=on)


class Milestone(TimeStamped):
    """A step of a priority action, and what shows that it is done (PLN-001). Late is never typed: the days say it."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        ON_TRACK = "on_track", _("on track")
        AT_RISK = "at_risk", _("at risk")
        DONE = "done", _("done")

    priority = models.ForeignKey(Priority, models.PROTECT, related_name="milestones", verbose_name=_("priority action"))
    text = models.TextField(_("milestone"))
    due_on = models.DateField(_("due"), null=True, blank=True, help_text=_("For a month: its last day."))
    precision = models.CharField(_("the date names"), max_length=5, choices=Precision.choices, default=Precision.MONTH)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    status_because = models.TextField(_("why it is at risk"), blank=True)
    forecast_on = models.DateField(_("expected on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)
    activities = models.ManyToManyField(
        Activity, blank=True, related_name="milestones", verbose_name=_("activities that show it")
    )

    objects = MilestoneQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    not_personal = ("text", "status_because", "evidence")

    class Meta:
        verbose_name = _("milestone")
        ordering = ["priority", F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False) & ~Q(evidence="")
                | ~Q(status="done") & Q(done_on__isnull=True),
                name="%(app_label)s_%(class)s_done_is_dated_and_shown",
                violation_error_message=_("Say when it was done and what shows it, for what is done alone"),
            ),
            models.CheckConstraint(
                condition=~Q(status="at_risk") | ~Q(status_because=""),
                name="%(app_label)s_%(class)s_at_risk_says_why",
                violation_error_message=_("Say why it is at risk"),
            ),
        ]

    def __str__(self):
        return self.text[:100]


class RiskQuerySet(models.QuerySet):
    def open_on(self, day=None):
        """Not closed by that day; the greatest first."""
        rows = self.exclude(closed_on__lte=day or timezone.localdate())
        return rows.order_by(-(F("likelihood") * F("impact")), "pk")


class Risk(TimeStamped):
    """What may go wrong, how likely, how badly, and what is done about it (PLN-007)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="risks", verbose_name=_("plan"))
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name=_("priority action")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="risks", verbose_name=_("project")
    )
    text = models.TextField(_("what may happen"))
    likelihood = models.PositiveSmallIntegerField(
        _("how likely, 1 to 5"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    impact = models.PositiveSmallIntegerField(
        _("how bad, 1 to 5"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    mitigation = models.TextField(_("what is done about it"))
    owner = models.CharField(_("who sees to it (a post)"), max_length=120)
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_because = models.TextField(_("why it is closed"), blank=True)

    objects = RiskQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    not_personal = ("text", "mitigation", "owner", "closed_because")

    class Meta:
        verbose_name = _("risk")
        ordering = ["plan", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)),
                name="%(app_label)s_%(class)s_scored_from_1_to_5",
                violation_error_message=_("Score it from 1 to 5"),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_because=""),
                name="%(app_label)s_%(class)s_closed_says_why",
                violation_error_message=_("Say why it is closed"),
            ),
        ]

    def __str__(self):
        return self.text[:100]

    @property
    def score(self) -> int:
        """From 1 to 25."""
        return self.likelihood * self.impact


class BudgetLine(TimeStamped):
    """Money for something in a plan in one year, in pounds. What is not known stays empty: it is not 0 (PLN-008)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="budget_lines", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(
        _("number in the budget"), null=True, blank=True, help_text=_("It may differ from that of the action.")
    )
    text = models.CharField(_("what for"), max_length=200)
    priority = models.ForeignKey(
        Priority, models.PROTECT, null=True, blank=True, related_name="budget_lines", verbose_name=_("priority action")
    )
    year = models.ForeignKey(Period, models.PROTECT, related_name="budget_lines", verbose_name=_("year"))
    planned = models.DecimalField(_("planned (£)"), max_digits=12, decimal_places=2, null=True, blank=True)
    committed = models.DecimalField(_("committed (£)"), max_digits=12, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField(_("spent (£)"), max_digits=12, decimal_places=2, null=True, blank=True)
    funding = models.CharField(_("where the money comes from"), max_length=200, blank=True)

    not_personal = ("text", "funding")

    class Meta:
        verbose_name = _("budget line")
        ordering = ["plan", "year", F("number").asc(nulls_last=True), "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "text"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This line is there already for that year"),
            ),
            models.CheckConstraint(
                condition=~Q(planned__lt=0) & ~Q(committed__lt=0) & ~Q(spent__lt=0),
                name="%(app_label)s_%(class)s_is_not_negative",
                violation_error_message=_("Write an amount of 0 or more"),
            ),
        ]

    def __str__(self):
        return f"{self.text}, {self.year}"


class Phase(models.Model):
    """A stretch of a plan's roadmap (PLN-006)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="phases", verbose_name=_("plan"))
    name = models.CharField(_("name"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Empty where it goes on."))
    aims = models.TextField(_("aims"), blank=True, help_text=_("One on a line."))

    not_personal = ("name", "aims")

    class Meta:
        verbose_name = _("phase of the roadmap")
        verbose_name_plural = _("phases of the roadmap")
        ordering = ["plan", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
        ]

    def __str__(self):
        return self.name


class PlanReview(TimeStamped):
    """That a plan was looked at again with those it concerns: what goes well, what better, what works (PLN-013)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews", verbose_name=_("plan"))
    held_on = models.DateField(_("held on"))
    contributors = models.TextField(_("who took part"), help_text=_("Groups and organisations, no names."))
    forums = models.ManyToManyField(Forum, blank=True, related_name="plan_reviews", verbose_name=_("forums"))
    doing_well = models.TextField(_("what goes well"))
    do_better = models.TextField(_("what could be better"))
    best_outcomes = models.TextField(_("what has the best outcomes"), blank=True)
    changes = models.TextField(_("what changes because of it"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    personal = {"by": DID}
    not_personal = ("contributors", "doing_well", "do_better", "best_outcomes", "changes")

    class Meta:
        verbose_name = _("review of a plan")
        verbose_name_plural = _("reviews of plans")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "held_on"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This plan has a review of that day already"),
            )
        ]

    def __str__(self):
        return f"{self.plan}, {self.held_on:%-d %B %Y}"
