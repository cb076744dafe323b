"""What came of what people told us: “you said, we did”."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Topic
from forums.models import Membership


class Status(models.TextChoices):
    """A promise is a promise until it is done (requirements.md 2.27)."""

    PROMISED = "promised", _("Promised")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    COULD_NOT = "could_not", _("Could not, because")


class ResponseQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read. Every public page starts from here."""
        return self.filter(published_at__isnull=False)

    def for_forums_of(self, person):
        """Answers to activities in which a forum took part on which somebody sits today."""
        seats = Membership.objects.current().filter(person=person)
        return self.filter(activity__forums__in=seats.values("forum")).distinct()

    def in_period(self, period):
        """Answers to activities of a period."""
        return self.filter(activity__in=Activity.objects.in_period(period).values("pk"))


class Response(TimeStamped):
    """One “you said, we did”: what people told us in an activity, and what was done, is promised, or could not be."""

    reference = models.SlugField(_("reference"), max_length=60, unique=True, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="responses", verbose_name=_("activity"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="responses", verbose_name=_("topic"))
    you_said = models.TextField(_("you said"))
    we_did = models.TextField(_("we did, are doing or have promised"), blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    reason = models.TextField(_("why we could not"), blank=True)
    promised_for = models.DateField(_("promised for"), null=True, blank=True)
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

    objects = ResponseQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {"published_by": Personal("P3", "to know who published it", erase="set to nobody")}
    not_personal = ("you_said", "we_did", "reason")
    own_words = ("you_said",)

    class Meta:
        verbose_name = _("“you said, we did”")
        verbose_name_plural = _("“you said, we did”")
        ordering = ["-published_at", "reference"]
        permissions = [("publish_response", _("Can publish “you said, we did”"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="could_not") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_could_not_says_why",
                violation_error_message=_("Say why it could not be done"),
            ),
            models.CheckConstraint(
                condition=Q(status="could_not") | ~Q(we_did=""),
                name="%(app_label)s_%(class)s_says_what_we_did",
                violation_error_message=_("Say what was done, is under way or is promised"),
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_publisher_has_a_date",
            ),
            models.UniqueConstraint(
                fields=["activity", "you_said"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This activity already has an answer to those words"),
            ),
        ]

    def __str__(self):
        return f"{self.topic}: {Truncator(self.you_said).chars(80)}"

    def get_absolute_url(self):
        return reverse("insights:response_detail", args=[self.reference])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class StatusChange(models.Model):
    """One step in the history of a response's status: from what, to what, when, by whom."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="status_changes")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    personal = {"by": Personal("P3", "to know who changed it", erase="set to nobody")}

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_status_display()}, {self.at:%d %B %Y}"
