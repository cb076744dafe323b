"""The record of one period, read once for all the figures that ask for the same."""

import datetime
from functools import cached_property

from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from engagement.documents.coverage import Coverage, coverage
from engagement.models import Activity, Period
from forums.documents.clockwork import ForumClock, clockwork
from forums.models import Forum
from insights.documents.late import Timeliness, timeliness
from insights.documents.thread import Threads, thread_of_period
from insights.models import Response


class Asked:
    """A period, and the day as at which it is looked at: its last one, or today while it goes on.

    `passed` is the last day that is quite over by then: only by then can something be late.
    """

    def __init__(self, period: Period):
        today = timezone.localdate()
        self.period, self.today = period, today
        self.as_at = min(period.ends_on, today)
        self.passed = min(period.ends_on, today - datetime.timedelta(days=1))

    @property
    def has_begun(self) -> bool:
        return self.period.starts_on <= self.today

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """From the first day to the day as at which it is looked at."""
        return self.period.starts_on, self.as_at

    @property
    def moment(self) -> datetime.datetime:
        """The end of the day as at which it is looked at, for what is read from versions."""
        last = datetime.datetime.combine(self.as_at, datetime.time.max)
        return min(timezone.make_aware(last), timezone.now())

    @property
    def activities(self) -> QuerySet[Activity]:
        """Those of the period that took place. What is only planned counts nowhere."""
        return Activity.objects.exclude(state=Activity.State.PLANNED).in_period(self.period)

    @property
    def answers(self) -> QuerySet[Response]:
        """Public answers that were published in the period."""
        return Response.objects.public().filter(published_at__date__range=self.days)

    # Read once -----------------------------------------------------------------------------------

    @cached_property
    def first_day_on_record(self) -> datetime.date | None:
        """The first day of which an activity is recorded: a figure of an earlier time would be a guess."""
        rows = Activity.objects.exclude(state=Activity.State.PLANNED)
        return rows.aggregate(first=Min(Coalesce("starts_on", "ends_on", "period__starts_on")))["first"]

    @property
    def is_on_record(self) -> bool:
        """Whether the record of activities reaches into the period."""
        return self.first_day_on_record is not None and self.first_day_on_record <= self.as_at

    @property
    def has_a_past(self) -> bool:
        """Whether the record reaches back beyond the period, so that one can tell what is new."""
        return self.first_day_on_record is not None and self.first_day_on_record < self.period.starts_on

    @cached_property
    def coverage(self) -> Coverage:
        return coverage(self.period)

    @cached_property
    def threads(self) -> Threads:
        return thread_of_period(self.period)

    @cached_property
    def timeliness(self) -> Timeliness:
        return timeliness(self.period)

    @cached_property
    def clocks(self) -> list[ForumClock]:
        """The forums of which something is asked, each with its rules."""
        found = clockwork(Forum.objects.order_by("name", "pk"), *self.days)
        return [clock for clock in found if clock.is_working]
