"""Quality visits: patients look at a service with those who buy it, and the provider answers (QPE-002)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from people.models import Area, Organisation, Person, User

KEEP = "6 years after the visit"


class QualityVisitQuerySet(models.QuerySet):
    def for_user(self, user):
        """Visits in the areas that the user works for. One without an area is dealt with centrally."""
        areas = user.only_areas()
        return self if areas is None else self.filter(area__in=areas)

    def left_to_do(self):
        """Visits whose day has passed and that nobody noted as made, and findings that wait too long for an answer."""
        today = timezone.localdate()
        Status = QualityVisit.Status
        passed = Q(status=Status.PLANNED, visited_on__lt=today)
        return self.filter(passed | Q(status=Status.SENT, response_due_on__lt=today))


class QualityVisit(TimeStamped):
    """One visit to a service of a provider: planned, made, its findings sent, answered by the provider."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        MADE = "made", _("made")
        SENT = "sent", _("findings sent to the provider")
        ANSWERED = "answered", _("answered by the provider")
        CANCELLED = "cancelled", _("cancelled")

    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="quality_visits", verbose_name=_("provider")
    )
    service = models.CharField(_("service"), max_length=200)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="quality_visits", verbose_name=_("place")
    )
    visited_on = models.DateField(_("day of the visit"))
    purpose = models.TextField(_("what the visit is to find out"), max_length=2000, blank=True)
    training_required = models.CharField(
        _("training that a visitor needs"),
        max_length=200,
        blank=True,
        help_text=_("The title of the training. Every session with that title counts."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    findings = models.TextField(_("findings"), max_length=10_000, blank=True)
    sent_on = models.DateField(_("findings sent on"), null=True, blank=True)
    response_due_on = models.DateField(_("answer due by"), null=True, blank=True)
    response = models.TextField(_("answer of the provider"), max_length=10_000, blank=True)
    responded_on = models.DateField(_("answered on"), null=True, blank=True)
    cancelled_because = models.CharField(_("cancelled because"), max_length=300, blank=True)

    objects = QualityVisitQuerySet.as_manager()

    not_personal = (
        "service",
        "purpose",
        "training_required",
        "findings",
        "response",
        "cancelled_because",
    )

    class Meta:
        verbose_name = _("quality visit")
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "service", "visited_on"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This visit is on the list already"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "made", "cancelled"], sent_on__isnull=True)
                | Q(status__in=["sent", "answered"], sent_on__isnull=False, response_due_on__isnull=False)
                & ~Q(findings=""),
                name="%(app_label)s_%(class)s_sent_has_findings_and_days",
                violation_error_message=_("Write the findings, and say when they were sent"),
            ),
            models.CheckConstraint(
                condition=Q(status="answered", responded_on__isnull=False) & ~Q(response="")
                | ~Q(status="answered") & Q(responded_on__isnull=True, response=""),
                name="%(app_label)s_%(class)s_answered_says_what_and_when",
                violation_error_message=_("Write the answer of the provider, and the day on which it came"),
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancelled_because=""),
                name="%(app_label)s_%(class)s_cancelled_says_why",
                violation_error_message=_("Say why it is cancelled"),
            ),
        ]

    def __str__(self):
        return f"{self.provider}: {self.service}, {self.visited_on:%-d %B %Y}"

    @property
    def is_late(self) -> bool:
        """Whether the provider's answer is past its day."""
        return self.status == self.Status.SENT and self.response_due_on < timezone.localdate()


class VisitorQuerySet(models.QuerySet):
    def of(self, person: Person):
        """The visits of somebody, those that were called off left out."""
        return self.filter(person=person).exclude(visit__status=QualityVisit.Status.CANCELLED)


class Visitor(TimeStamped):
    """A patient on a visit: the training it needed, checked when they were chosen, and what they observed.

    Whoever has not done the training comes along only where a member of staff says why not.
    """

    visit = models.ForeignKey(QualityVisit, models.CASCADE, related_name="visitors", verbose_name=_("visit"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="quality_visits", verbose_name=_("visitor"))
    training = models.CharField(_("training needed"), max_length=200, blank=True, editable=False)
    training_done_on = models.DateField(_("training done on"), null=True, blank=True, editable=False)
    waived_because = models.CharField(_("why without the training"), max_length=500, blank=True)
    waived_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    observations = models.TextField(_("what they observed"), max_length=10_000, blank=True)
    observed_at = models.DateTimeField(_("written"), null=True, blank=True)
    observed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written down by")
    )

    objects = VisitorQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal(
            "P3", "to know who went along", keep=KEEP, erase="kept: how many patients went, without a name"
        ),
        "waived_because": Personal("P3", "to say why the training was not needed", keep=KEEP, erase="deleted"),
        "observations": Personal("P3", "to learn from what patients see", keep=KEEP, erase="deleted"),
        "waived_by": ACTOR,
        "observed_by": ACTOR,
    }
    not_personal = ("training",)

    class Meta:
        verbose_name = _("visitor")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "person"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("They are on this visit already"),
            ),
            models.CheckConstraint(
                condition=Q(training="") | Q(training_done_on__isnull=False) | ~Q(waived_because=""),
                name="%(app_label)s_%(class)s_trained_or_says_why_not",
                violation_error_message=_("They have not done the training. Say why they come along all the same"),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.visit}"

    @property
    def may_be_written(self) -> bool:
        """Whether the visitor can still write what they observed: from its day on, until the findings are sent."""
        open_to_them = {QualityVisit.Status.PLANNED, QualityVisit.Status.MADE}
        return self.visit.status in open_to_them and self.visit.visited_on <= timezone.localdate()
