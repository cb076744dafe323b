"""Decisions, and what was made of the insight that lay before who decided (SVC-032)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Project
from forums.models import Forum, Meeting
from insights.models.findings import Finding
from insights.models.library import DID, Source


class DecisionQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read."""
        return self.filter(published_at__isnull=False)

    def for_user(self, user):
        """Decisions on projects that a member of staff may see, and those on no project."""
        if user.only_areas() is None:
            return self
        mine = Project.objects.for_user(user).values("pk")
        return self.filter(Q(project=None) | Q(project__in=mine))

    def accounting(self):
        """Those that weigh what people said, or say why there was nothing to weigh."""
        return self.filter(Exists(Weighed.objects.filter(decision=OuterRef("pk"))) | ~Q(without_insight_because=""))


class Decision(TimeStamped):
    """Who decided what, when, from which options, and why (SVC-032, YSD-005)."""

    reference = models.SlugField(_("reference"), max_length=40, unique=True, editable=False)
    title = models.CharField(_("what was decided on"), max_length=200)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("project")
    )
    activities = models.ManyToManyField(
        Activity, blank=True, related_name="decisions", verbose_name=_("activities it follows from")
    )
    body = models.ForeignKey(Forum, models.PROTECT, related_name="decisions", verbose_name=_("who decided"))
    decided_on = models.DateField(_("on"))
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name=_("meeting")
    )
    paper = models.CharField(_("paper"), max_length=120, blank=True, help_text=_("Reference of the paper."))
    minute = models.CharField(_("minute"), max_length=120, blank=True, help_text=_("Reference of the minute."))
    options = models.TextField(_("options"), help_text=_("What could have been decided, one on a line."))
    decided = models.TextField(_("what was decided"))
    because = models.TextField(_("why"), help_text=_("Money and other limits too."))
    without_insight_because = models.TextField(
        _("why no insight was weighed"), blank=True, help_text=_("Only where nothing that people said was there.")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DecisionQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {"by": DID, "published_by": Personal("P3", "to know who published it", erase="set to nobody")}
    not_personal = ("title", "paper", "minute", "options", "decided", "because", "without_insight_because")

    class Meta:
        verbose_name = _("decision")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "decided_on", "title"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This decision is there already"),
            ),
            models.CheckConstraint(
                condition=~Q(paper="") | ~Q(minute=""),
                name="%(app_label)s_%(class)s_can_be_found",
                violation_error_message=_("Give the reference of the paper or of the minute"),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Weighed(models.Model):
    """What a decision made of one finding or library item: adopted, in part, or not, and why."""

    class Effect(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        PARTLY = "partly", _("adopted in part")
        NOT = "not", _("not adopted")

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="weighed")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="weighed")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="weighed")
    effect = models.CharField(_("what was made of it"), max_length=10, choices=Effect.choices)
    because = models.TextField(_("why"), blank=True)

    not_personal = ("because",)

    class Meta:
        verbose_name = _("insight that was weighed")
        verbose_name_plural = _("insight that was weighed")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, source__isnull=True) | Q(finding__isnull=True, source__isnull=False),
                name="%(app_label)s_%(class)s_is_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(effect="adopted") | ~Q(because=""),
                name="%(app_label)s_%(class)s_says_why_not",
                violation_error_message=_("Say why it was not adopted in full"),
            ),
            models.UniqueConstraint(
                fields=["decision", "finding"],
                condition=Q(finding__isnull=False),
                name="%(app_label)s_%(class)s_finding_once",
            ),
            models.UniqueConstraint(
                fields=["decision", "source"],
                condition=Q(source__isnull=False),
                name="%(app_label)s_%(class)s_source_once",
            ),
        ]

    def __str__(self):
        return f"{self.finding or self.source}: {self.get_effect_display()}"
