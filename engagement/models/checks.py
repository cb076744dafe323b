"""Check lists that a project is held against at four points, and the record of its consultation (SVC-011, SVC-013)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from engagement.models.activity import Activity
from engagement.models.projects import DID, Project
from forums.models.meetings import Format
from people.models import Organisation


class Point(models.TextChoices):
    """When a project is checked: with its plan, before a consultation opens, when it closes, before the decision."""

    PLAN = "plan", _("plan")
    OPEN = "open", _("opening")
    CLOSE = "close", _("closing")
    DECISION = "decision", _("decision")


class CheckList(models.Model):
    """A list of questions from law or good practice: the Gunning principles, say (SVC-010 to 012)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    blocks = models.BooleanField(
        _("blocks"), default=True, help_text=_("A red answer, or none, keeps a project from its next stage.")
    )

    not_personal = ("name", "source")

    class Meta:
        verbose_name = _("check list")
        ordering = ["name"]

    def __str__(self):
        return self.name


class CheckQuestion(models.Model):
    """One question of a check list. `measure` names a figure that the system works out and shows beside it."""

    class Measure(models.TextChoices):
        NONE = "", _("none")
        EARLINESS = "earliness", _("days between first involvement and decision")
        INFORMATION = "information", _("formats and languages ready before opening")
        TIME = "time", _("days open, without holidays")
        READ = "read", _("share of responses read")

    check_list = models.ForeignKey(CheckList, models.CASCADE, related_name="questions")
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("question"), max_length=300)
    guidance = models.TextField(_("guidance"), blank=True)
    measure = models.CharField(_("figure beside it"), max_length=12, choices=Measure.choices, blank=True)
    at_points = models.JSONField(_("asked at"), default=list, blank=True, help_text=_("Empty: at every point."))

    not_personal = ("text", "guidance", "at_points")

    class Meta:
        verbose_name = _("question")
        ordering = ["check_list", "order"]
        constraints = [
            models.UniqueConstraint(fields=["check_list", "code"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self):
        return self.text


class Rating(models.TextChoices):
    GREEN = "green", _("green: met")
    AMBER = "amber", _("amber: met in part")
    RED = "red", _("red: not met")


class CheckAnswer(models.Model):
    """How a project stands with one question at one point, with the evidence. Every earlier answer is kept."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="check_answers")
    question = models.ForeignKey(CheckQuestion, models.PROTECT, related_name="answers")
    point = models.CharField(_("point"), max_length=10, choices=Point.choices)
    rating = models.CharField(_("rating"), max_length=6, choices=Rating.choices)
    evidence = models.TextField(_("evidence"))
    link = models.URLField(_("where it can be seen"), blank=True)
    at = models.DateTimeField(_("answered"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    history = HistoricalRecords(related_name="versions")

    personal = {"by": DID}
    not_personal = ("evidence", "link")

    class Meta:
        verbose_name = _("answer of a check list")
        verbose_name_plural = _("answers of check lists")
        ordering = ["point", "question"]
        constraints = [
            models.UniqueConstraint(fields=["project", "question", "point"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=~Q(evidence=""),
                name="%(app_label)s_%(class)s_has_evidence",
                violation_error_message=_("Say what the answer rests on"),
            ),
        ]

    def __str__(self):
        return f"{self.question}: {self.get_rating_display()}"


class Consultation(TimeStamped):
    """How a project puts its proposal to people: what is proposed, from when to when, in which formats (SVC-013)."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="consultation")
    activity = models.OneToOneField(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultation",
        verbose_name=_("activity that holds its surveys, sessions and numbers"),
    )
    is_formal = models.BooleanField(
        _("formal consultation"), default=False, editable=False, help_text=_("Set by somebody who may (SVC-014).")
    )
    proposal = models.TextField(_("proposal"))
    options = models.TextField(_("options"), blank=True)
    preferred = models.TextField(_("preferred option"), blank=True)
    says_not_a_vote = models.BooleanField(_("says that it is not a vote"), default=False)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    extended_because = models.CharField(_("extended because"), max_length=300, blank=True)
    midpoint_on = models.DateField(_("half-time review on"), null=True, blank=True)
    midpoint_found = models.TextField(_("what the half-time review found and changed"), blank=True)
    analyst = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("independent analysis by"),
    )
    reach_plan = models.TextField(_("how people are to be reached"), blank=True)
    results_published_on = models.DateField(_("results published on"), null=True, blank=True)
    results_link = models.URLField(_("report"), blank=True)

    not_personal = (
        *("proposal", "options", "preferred", "extended_because", "midpoint_found", "reach_plan", "results_link"),
    )

    class Meta:
        verbose_name = _("consultation")
        ordering = ["-opens_on", "-pk"]
        permissions = [("mark_formal", _("Can call a consultation formal"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(opens_on__isnull=True) | Q(closes_on__gt=F("opens_on")),
                name="%(app_label)s_%(class)s_closes_after_it_opens",
                violation_error_message=_("The last day must be after the first day"),
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True)
                | Q(closes_on__isnull=False, extended_to__gt=F("closes_on")) & ~Q(extended_because=""),
                name="%(app_label)s_%(class)s_is_extended_to_later",
                violation_error_message=_("An extension ends later, and says why"),
            ),
            models.CheckConstraint(
                condition=Q(midpoint_on__isnull=True)
                | Q(midpoint_on__gt=F("opens_on"), midpoint_on__lt=F("closes_on")),
                name="%(app_label)s_%(class)s_midpoint_lies_between",
                violation_error_message=_("The half-time review lies between the first and the last day"),
            ),
        ]

    def __str__(self):
        return f"{self.project.reference}: {self._meta.verbose_name}"

    @property
    def last_day(self):
        """The last day on which people can respond, an extension included."""
        return self.extended_to or self.closes_on


class ConsultationDocument(models.Model):
    """A document of a consultation in one format and language, and since when it is ready."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    file_format = models.CharField(_("format"), max_length=20, choices=Format.choices, default=Format.STANDARD)
    language = models.CharField(_("language"), max_length=60, default="English")
    ready_on = models.DateField(_("ready on"), null=True, blank=True)
    link = models.URLField(_("address"), blank=True)

    not_personal = ("title", "language", "link")

    class Meta:
        verbose_name = _("document")
        ordering = ["title", "file_format", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "title", "file_format", "language"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This document is there already in that format and language"),
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.get_file_format_display()}, {self.language})"
