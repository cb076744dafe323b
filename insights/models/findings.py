"""Findings: what was learnt, one statement each, with what it rests on and where it was used (INS-005, INS-019)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Project, Topic
from insights.models.comments import Collection, Quote
from insights.models.library import DID, Source, lapsed
from insights.models.themes import Theme
from people.models import Area, PopulationGroup


class FindingQuerySet(models.QuerySet):
    def agreed(self):
        return self.filter(state=Finding.State.AGREED)

    def public(self):
        """What anybody may read. Every public page starts from here."""
        return self.agreed().filter(published_at__isnull=False)

    def for_user(self, user):
        """All findings, or those of the areas that somebody works for and of the whole body."""
        areas = user.only_areas()
        if areas is None:
            return self
        return self.filter(pk__in=self.model.objects.filter(Q(areas=None) | Q(areas__in=areas)).values("pk"))

    def never_used(self):
        """Agreed, and no project, decision or answer has made use of it."""
        used = Q(uses__isnull=False) | Q(weighed__isnull=False) | Q(answers__isnull=False)
        return self.agreed().exclude(pk__in=self.model.objects.filter(used).values("pk"))

    def to_review(self):
        return self.agreed().filter(review_by__lt=timezone.localdate())

    def weakened(self):
        """Agreed, and something that it rests on is not there any more, or nothing is left."""
        fallen = FindingEvidence.objects.fallen().filter(finding=OuterRef("pk"))
        return self.agreed().filter(Exists(fallen) | Q(evidence=None))


class Finding(TimeStamped):
    """One thing that was learnt, as one statement that can be true or false."""

    class Confidence(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        AGREED = "agreed", _("agreed")
        RETIRED = "retired", _("out of date")

    reference = models.SlugField(_("reference"), max_length=40, unique=True, editable=False)
    statement = models.TextField(_("finding"), help_text=_("One sentence that says one thing."))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence.choices)
    confidence_because = models.TextField(_("why so sure, or not"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    state_because = models.CharField(_("why it is out of date"), max_length=300, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="findings", verbose_name=_("topics"))
    groups = models.ManyToManyField(PopulationGroup, blank=True, related_name="findings", verbose_name=_("groups"))
    areas = models.ManyToManyField(Area, blank=True, related_name="findings", verbose_name=_("places"))
    review_by = models.DateField(_("look again by"), null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = FindingQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {
        "written_by": DID,
        "agreed_by": DID,
        "published_by": Personal("P3", "to know who published it", erase="set to nobody"),
    }
    not_personal = ("statement", "confidence_because", "state_because")

    class Meta:
        verbose_name = _("finding")
        ordering = ["-created_at", "-pk"]
        permissions = [("agree_finding", _("Can agree and publish findings"))]
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This finding is there already"),
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_at__isnull=False),
                name="%(app_label)s_%(class)s_agreed_says_when",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | Q(written_by__isnull=True) | ~Q(agreed_by=F("written_by")),
                name="%(app_label)s_%(class)s_agreed_by_somebody_else",
                violation_error_message=_("Somebody else has to agree to what you wrote"),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(state="agreed"),
                name="%(app_label)s_%(class)s_only_agreed_is_published",
                violation_error_message=_("Only a finding that is agreed can be published"),
            ),
            models.CheckConstraint(
                condition=~Q(state="retired") | ~Q(state_because=""),
                name="%(app_label)s_%(class)s_retired_says_why",
                violation_error_message=_("Say why it is out of date"),
            ),
        ]

    def __str__(self):
        return self.statement[:100]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_past_review(self) -> bool:
        return self.review_by is not None and self.review_by < timezone.localdate()


class FindingEvidenceQuerySet(models.QuerySet):
    def fallen(self):
        """What cannot be shown any more: an item out of use or without consent, a quote whose consent is over."""
        source = Q(source__isnull=False) & ~Q(source__state=Source.State.IN_USE) | lapsed("source__story__")
        over = Q(quote__withdrawn_on__isnull=False) | Q(quote__consent_until__lt=timezone.localdate())
        gone = Q(quote__comment__is_held=True) | Q(quote__comment__erased_on__isnull=False)
        return self.filter(source | over | gone)

    def standing(self):
        return self.exclude(pk__in=self.model.objects.fallen().values("pk"))


class FindingEvidence(models.Model):
    """What a finding rests on: a theme in a collection, a library item, an activity, or a quote. One thing each.

    The figures of a theme are frozen when it is attached: how many comments, of how many, who accepted the codes.
    """

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="evidence")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="finding_evidence")
    collection = models.ForeignKey(Collection, models.PROTECT, null=True, blank=True, related_name="finding_evidence")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="finding_evidence")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="finding_evidence")
    quote = models.ForeignKey(Quote, models.CASCADE, null=True, blank=True, related_name="finding_evidence")
    figures = models.JSONField(_("figures"), default=dict, editable=False, help_text=_("comments, of, people, as_at."))
    note = models.TextField(_("what it shows"), blank=True)
    at = models.DateTimeField(_("attached"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = FindingEvidenceQuerySet.as_manager()

    personal = {"by": DID}
    not_personal = ("figures", "note")

    class Meta:
        verbose_name = _("evidence for a finding")
        verbose_name_plural = _("evidence for findings")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(theme__isnull=False, collection__isnull=False)
                    & Q(source__isnull=True, activity__isnull=True, quote__isnull=True)
                )
                | (
                    Q(theme__isnull=True, collection__isnull=True)
                    & (
                        Q(source__isnull=False, activity__isnull=True, quote__isnull=True)
                        | Q(source__isnull=True, activity__isnull=False, quote__isnull=True)
                        | Q(source__isnull=True, activity__isnull=True, quote__isnull=False)
                    )
                ),
                name="%(app_label)s_%(class)s_is_one_thing",
                violation_error_message=_("Choose one thing that the finding rests on"),
            ),
            models.UniqueConstraint(
                fields=["finding", "theme", "collection"],
                condition=Q(theme__isnull=False),
                name="%(app_label)s_%(class)s_theme_once",
            ),
            models.UniqueConstraint(
                fields=["finding", "source"],
                condition=Q(source__isnull=False),
                name="%(app_label)s_%(class)s_source_once",
            ),
            models.UniqueConstraint(
                fields=["finding", "activity"],
                condition=Q(activity__isnull=False),
                name="%(app_label)s_%(class)s_activity_once",
            ),
            models.UniqueConstraint(
                fields=["finding", "quote"],
                condition=Q(quote__isnull=False),
                name="%(app_label)s_%(class)s_quote_once",
            ),
        ]

    def __str__(self):
        return str(self.theme or self.source or self.activity or self.quote)


class Use(models.Model):
    """That a finding or a library item was used in a project, at which stage, and to what effect (INS-005, INS-019)."""

    finding = models.ForeignKey(Finding, models.CASCADE, null=True, blank=True, related_name="uses")
    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="uses")
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="insight_uses", verbose_name=_("project")
    )
    stage = models.CharField(_("stage"), max_length=20, choices=Project.Stage.choices, blank=True)
    elsewhere = models.CharField(_("used in"), max_length=200, blank=True, help_text=_("A plan, a paper, a contract."))
    effect = models.TextField(_("to what effect"))
    on = models.DateField(_("on"), default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    personal = {"by": DID}
    not_personal = ("elsewhere", "effect")

    class Meta:
        verbose_name = _("use of insight")
        verbose_name_plural = _("uses of insight")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, source__isnull=True) | Q(finding__isnull=True, source__isnull=False),
                name="%(app_label)s_%(class)s_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=False) & ~Q(stage="") & Q(elsewhere="")
                | Q(project__isnull=True, stage="") & ~Q(elsewhere=""),
                name="%(app_label)s_%(class)s_says_where",
                violation_error_message=_("Choose a project, or say what it was used in"),
            ),
            models.CheckConstraint(
                condition=~Q(effect=""),
                name="%(app_label)s_%(class)s_says_the_effect",
                violation_error_message=_("Say to what effect, even where there was none"),
            ),
        ]

    def __str__(self):
        return f"{self.project or self.elsewhere}: {self.effect[:60]}"
