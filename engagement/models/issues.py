"""Issues that somebody raised, followed to their end."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.activity import Activity
from engagement.models.framework import Topic
from people.models import Organisation, PopulationGroup


class IssueQuerySet(models.QuerySet):
    def for_user(self, user):
        """Issues of the activities that a member of staff may see."""
        if user.only_areas() is None:
            return self
        return self.filter(activity__in=Activity.objects.for_user(user).values("pk"))

    def open(self):
        return self.filter(closed_on=None)

    def overdue(self):
        """Open for more days than anybody should wait. Where nobody noted the day, that is not known."""
        return self.open().filter(raised_on__lt=timezone.localdate() - datetime.timedelta(days=IssueRaised.DAYS))

    def untold(self):
        """Closed, and the person who raised it does not know."""
        return self.filter(closed_on__isnull=False, person_told_on=None)


class IssueRaised(models.Model):
    """A matter that somebody raised, followed to its end (ENG-038)."""

    DAYS = 30

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="issues")
    summary = models.TextField(_("what was raised"))
    route = models.CharField(_("raised through"), max_length=100, blank=True)
    raised_on = models.DateField(_("raised on"), null=True, blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("topic")
    )
    group = models.ForeignKey(
        PopulationGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("group affected")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("who has to act")
    )
    answer = models.TextField(_("answer"), blank=True)
    acted_on = models.DateField(_("acted on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    person_told_on = models.DateField(_("person told on"), null=True, blank=True)
    objects = IssueQuerySet.as_manager()

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
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(answer=""),
                name="%(app_label)s_%(class)s_closes_with_an_answer",
                violation_error_message=_("Write the answer before you close the issue"),
            ),
        ]

    def __str__(self):
        return self.summary[:80]

    @property
    def days_open(self) -> int | None:
        """For how many days it has been open; None when it is closed or nobody noted the day."""
        if self.closed_on or not self.raised_on:
            return None
        return (timezone.localdate() - self.raised_on).days

    @property
    def is_overdue(self) -> bool:
        return (self.days_open or 0) > self.DAYS
