"""What is written to people: one row for each message to each person, whatever the way it goes (GOV-008)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job, JobQuerySet, JobState
from core.privacy import Personal
from people.models.register import Channel, ConsentPurpose, Person

KEEP = "1 year"


class MessageQuerySet(JobQuerySet):
    def lost(self):
        """What the sweeper rings for: e-mail that is due. Post, texts and calls wait for a member of staff."""
        return super().lost().filter(channel=Channel.EMAIL, not_before__lte=timezone.now())

    def by_hand(self):
        """Letters to print, texts to send and calls to make."""
        return self.filter(state=JobState.QUEUED).exclude(channel=Channel.EMAIL)

    def for_user(self, user):
        """Messages to people of the areas that the user works for."""
        areas = user.only_areas()
        return self if areas is None else self.filter(person__area__in=areas)

    def failed(self):
        return self.filter(state=JobState.FAILED)


class Message(Job):
    """One message to one person. The job is its sending: kept, tried again, and shown to staff when it fails.

    `key` makes asking twice harmless: the second request with the same key finds the first message.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    purpose = models.ForeignKey(ConsentPurpose, models.PROTECT, related_name="+", verbose_name=_("purpose"))
    channel = models.CharField(_("by"), max_length=10, choices=Channel.choices)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("message"))
    attachment = models.BinaryField(null=True, blank=True)
    attachment_name = models.CharField(max_length=100, blank=True)
    to_guardian = models.BooleanField(_("goes to the guardian"), default=False)
    large_print = models.BooleanField(_("in large print"), default=False)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    key = models.CharField(max_length=100, unique=True)

    objects = MessageQuerySet.as_manager()

    about = "person"
    on_erasure = "delete"
    personal = {
        **Job.personal,
        "person": Personal("P3", "to know what somebody was told", keep=KEEP, erase="deleted"),
        "subject": Personal("P3", "to know what somebody was told", keep=KEEP, erase="deleted"),
        "body": Personal("P3", "to know what somebody was told", keep=KEEP, erase="deleted"),
        "attachment": Personal("P3", "a calendar file", keep=KEEP, export="left out: a copy", erase="deleted"),
        "error": Personal("P3", "why it could not be sent", keep=KEEP, export="left out: technical", erase="deleted"),
    }
    not_personal = ("step_label", "attachment_name", "key")

    class Meta(Job.Meta):
        verbose_name = _("message")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["state", "channel"])]
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(
                condition=Q(attachment__isnull=True) | ~Q(attachment_name=""),
                name="%(app_label)s_%(class)s_attachment_has_a_name",
            ),
        ]

    def __str__(self):
        return self.subject
