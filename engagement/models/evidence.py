"""Evidence that an activity or a forum supports a principle: claimed, proved, reviewed by a second person."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.files import private_files
from core.privacy import Personal
from engagement.models.activity import Activity, Impact
from engagement.models.framework import Period, Principle
from forums.models import Forum


class EvidenceQuerySet(models.QuerySet):
    def for_user(self, user):
        """Evidence of what the user may see. Everybody on the staff sees every forum."""
        if user.only_areas() is None:
            return self
        return self.filter(Q(activity=None) | Q(activity__in=Activity.objects.for_user(user).values("pk")))

    def waiting(self):
        """What a second person can review now: it has proof, and nobody has decided since it was last changed."""
        return self.filter(strength="evidenced", returned_because="")

    def returned_to(self, user):
        """What somebody claimed and a second person sent back."""
        return self.filter(claimed_by=user).exclude(returned_because="")

    def in_period(self, period: Period):
        """Evidence of what took place in a period: its activities, and the forums that met in it."""
        activities = Activity.objects.in_period(period).values("pk")
        forums = Forum.objects.meeting_between(period.starts_on, period.ends_on).values("pk")
        return self.filter(Q(activity__in=activities) | Q(forum__in=forums))


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
    strength = models.CharField(
        _("strength"), max_length=12, choices=Strength.choices, default=Strength.CLAIMED, editable=False
    )
    how = models.TextField(_("how it supports the principle"), blank=True)
    impact = models.ForeignKey(
        Impact, models.RESTRICT, null=True, blank=True, related_name="shown_by", verbose_name=_("outcome it led to")
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    claimed_at = models.DateTimeField(_("claimed"), default=timezone.now, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True, editable=False)
    returned_because = models.TextField(_("returned because"), blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    personal = {
        "claimed_by": Personal("P3", "nobody reviews their own", erase="set to nobody"),
        "reviewed_by": Personal("P3", "to know who checked it", erase="set to nobody"),
    }
    not_personal = ("how", "returned_because")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["principle__number", "pk"]
        permissions = [("review_evidence", _("Can accept or return evidence"))]
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
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | Q(claimed_by__isnull=True) | ~Q(reviewed_by=F("claimed_by")),
                name="%(app_label)s_%(class)s_nobody_reviews_their_own",
                violation_error_message=_("Somebody else has to review this"),
            ),
            models.CheckConstraint(
                condition=Q(strength__in=["claimed", "evidenced"]) | Q(reviewed_at__isnull=False, returned_because=""),
                name="%(app_label)s_%(class)s_verified_is_reviewed",
                violation_error_message=_("Nothing counts as verified before a second person accepted it"),
            ),
            models.CheckConstraint(
                condition=Q(strength="claimed") | ~Q(how=""),
                name="%(app_label)s_%(class)s_evidenced_says_how",
                violation_error_message=_("Say how it supports the principle"),
            ),
            models.CheckConstraint(
                condition=Q(strength="outcome", impact__isnull=False) | ~Q(strength="outcome") & Q(impact__isnull=True),
                name="%(app_label)s_%(class)s_outcome_is_named",
                violation_error_message=_("Name the outcome that it led to"),
            ),
        ]

    def __str__(self):
        return f"{self.thing}: {self.principle}, {self.get_strength_display()}"

    @property
    def thing(self) -> Forum | Activity:
        """What supports the principle."""
        return self.forum or self.activity

    @property
    def is_waiting(self) -> bool:
        """Whether a second person can review it now: see `EvidenceQuerySet.waiting`."""
        return self.strength == self.Strength.EVIDENCED and not self.returned_because


def path_of_proof(proof: "Proof", file_name: str) -> str:
    """Where an uploaded file is kept: under a name of our own, with only its ending taken from the upload."""
    return f"evidence/{uuid.uuid4()}{PurePath(file_name).suffix.lower()}"


class Proof(models.Model):
    """A file or an address that proves a claim."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="proofs")
    title = models.CharField(_("title"), max_length=200)
    link = models.URLField(_("address"), blank=True)
    file = models.FileField(_("file"), upload_to=path_of_proof, storage=private_files, blank=True, max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    personal = {"added_by": Personal("P3", "nobody reviews their own", erase="set to nobody")}
    not_personal = ("title", "link", "file")

    class Meta:
        verbose_name = _("proof")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(link="") | ~Q(file=""),
                name="%(app_label)s_%(class)s_is_a_file_or_an_address",
                violation_error_message=_("Choose a file or write an address"),
            )
        ]

    def __str__(self):
        return self.title
