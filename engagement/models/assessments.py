"""The equality assessment of a project, before people were involved and after (SVC-004 to 008)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from engagement.models.projects import DID, Project
from people.models import PopulationGroup


class ImpactAssessment(TimeStamped):
    """One equality assessment: the three aims of the equality duty, inequalities, and a row for each group."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("before people were involved")
        AFTER = "after", _("after people were involved")

    project = models.ForeignKey(Project, models.CASCADE, related_name="assessments")
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices)
    eliminate = models.TextField(_("how it helps to end discrimination, harassment and victimisation"), blank=True)
    advance = models.TextField(_("how it advances equality of opportunity"), blank=True)
    foster = models.TextField(_("how it fosters good relations"), blank=True)
    inequalities = models.TextField(_("effect on unequal access and outcomes, and on Core20PLUS5 groups"), blank=True)
    information = models.TextField(_("information considered"), blank=True)
    final_at = models.DateTimeField(_("final since"), null=True, blank=True)
    final_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = {"final_by": DID}
    not_personal = ("eliminate", "advance", "foster", "inequalities", "information")

    class Meta:
        verbose_name = _("equality assessment")
        ordering = ["project", "-phase"]
        constraints = [
            models.UniqueConstraint(fields=["project", "phase"], name="%(app_label)s_%(class)s_once_a_phase"),
            models.CheckConstraint(
                condition=Q(final_at__isnull=True) | ~Q(eliminate="") & ~Q(advance="") & ~Q(foster=""),
                name="%(app_label)s_%(class)s_final_answers_the_three_aims",
                violation_error_message=_("Say something about each of the three aims of the equality duty"),
            ),
        ]

    def __str__(self):
        return f"{self.project.reference}: {self.get_phase_display()}"

    @property
    def is_final(self) -> bool:
        return self.final_at is not None


class GroupImpact(models.Model):
    """What a project would do to one group, how that is known, and what is done about it."""

    class Effect(models.TextChoices):
        POSITIVE = "positive", _("positive")
        NEUTRAL = "neutral", _("neutral")
        NEGATIVE = "negative", _("negative")
        UNKNOWN = "unknown", _("not known yet")

    assessment = models.ForeignKey(ImpactAssessment, models.CASCADE, related_name="impacts")
    group = models.ForeignKey(PopulationGroup, models.PROTECT, related_name="+", verbose_name=_("group"))
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices)
    evidence = models.TextField(_("how we know"), blank=True)
    barrier = models.TextField(_("what stands in the way"), blank=True)
    mitigation = models.TextField(_("what is done about it"), blank=True)
    owner = models.CharField(_("who sees to it (a post)"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)

    not_personal = ("evidence", "barrier", "mitigation", "owner")

    class Meta:
        verbose_name = _("impact on a group")
        verbose_name_plural = _("impacts on groups")
        ordering = ["group__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "group"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This group is there already"),
            ),
            models.CheckConstraint(
                condition=~Q(effect="negative") | ~Q(mitigation=""),
                name="%(app_label)s_%(class)s_negative_says_what_is_done",
                violation_error_message=_("Say what is done about a negative effect"),
            ),
            models.CheckConstraint(
                condition=Q(effect="unknown") | ~Q(evidence=""),
                name="%(app_label)s_%(class)s_says_how_it_is_known",
                violation_error_message=_("Say how you know"),
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.get_effect_display()}"
