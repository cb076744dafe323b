"""The rules that a period lays on its activities: the wording of the principles, and late entries once it is locked."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity, Method, Period, Principle
from people.models import Area, Organisation, PopulationGroup, User

CONVERSATION = "informal conversation"


class Framework:
    """Every period and principle, read once: which apply to a day is then answered without the database."""

    def __init__(self):
        self.periods = list(Period.objects.order_by("-kind", "starts_on"))  # years before quarters
        self.principles = {
            (each.principle_set_id, each.number): each for each in Principle.objects.select_related("principle_set")
        }

    def period_of(
        self, starts_on: datetime.date | None, ends_on: datetime.date | None, period: Period | None = None
    ) -> Period | None:
        """The period that contains the last day known; without days the given one, else the newest that has begun."""
        last = ends_on or starts_on
        if last is None:
            begun = [each for each in self.periods if each.starts_on <= timezone.localdate()]
            return period or max(begun or self.periods, key=lambda each: each.starts_on, default=None)
        return next((each for each in self.periods if each.starts_on <= last <= each.ends_on), None)

    def period_at(self, day: datetime.date | None) -> Period | None:
        """The period that contains the day; the first for a day before all of them or none, the last for one after."""
        begun = [each for each in self.periods if day and each.starts_on <= day]
        if not begun:
            return min(self.periods, key=lambda each: each.starts_on, default=None)
        return max(begun, key=lambda each: (each.starts_on, each.kind))

    def principle(
        self,
        number: int,
        *,
        starts_on: datetime.date | None,
        ends_on: datetime.date | None,
        period: Period | None = None,
    ) -> Principle:
        """The principle of that number in the wording then in force. Raises ValidationError: problem, then remedy."""
        found = self.period_of(starts_on, ends_on, period)
        if found is None:
            raise self.no_period(ends_on or starts_on)
        principle = self.principles.get((found.principle_set_id, number))
        if principle is None:
            numbers = sorted(each for set_id, each in self.principles if set_id == found.principle_set_id)
            words = {"number": number, "period": found, "numbers": ", ".join(map(str, numbers))}
            raise ValidationError(
                [
                    _("There is no principle %(number)s in %(period)s") % words,
                    _("Write one of these numbers: %(numbers)s") % words
                    if numbers
                    else _("Ask an administrator to add the principles"),
                ]
            )
        return principle

    def no_period(self, day: datetime.date | None) -> ValidationError:
        """That no period contains the day, and which there are."""
        periods = ", ".join(f"{each} ({_said(each.starts_on)} to {_said(each.ends_on)})" for each in self.periods)
        fix = _("Correct the date, or ask an administrator to add the period. There are: %(periods)s") % {
            "periods": periods
        }
        if not self.periods:
            return ValidationError([_("There is no period yet"), _("Ask an administrator to add the period")])
        return ValidationError([_("No period contains %(day)s") % {"day": _said(day)}, fix])

    def locked(
        self, starts_on: datetime.date | None, ends_on: datetime.date | None, period: Period | None = None
    ) -> Period | None:
        """The locked period that something with these days, or in this period, falls into."""
        first, last = starts_on or ends_on, ends_on or starts_on
        if last is None:
            return period if period and period.is_locked else None
        return next(
            (each for each in self.periods if each.is_locked and each.starts_on <= last and each.ends_on >= first), None
        )


def _said(day: datetime.date) -> str:
    return date_format(day, "j F Y")


def needs_late_reason(
    starts_on: datetime.date | None, ends_on: datetime.date | None, period: Period | None
) -> Period | None:
    """The locked period that an activity falls into, which takes it only with a reason; None when none is needed."""
    return Framework().locked(starts_on, ends_on, period)


def principle_in_force(
    number: int, *, starts_on: datetime.date | None, ends_on: datetime.date | None, period: Period | None = None
) -> Principle:
    """The principle of that number in the wording that the activity's period chose. Raises ValidationError."""
    return Framework().principle(number, starts_on=starts_on, ends_on=ends_on, period=period)


def principles_in_force(
    starts_on: datetime.date | None, ends_on: datetime.date | None, period: Period | None = None
) -> QuerySet[Principle]:
    """The principles in the wording that the activity's period chose; none when no period contains its last day."""
    found = Framework().period_of(starts_on, ends_on, period)
    return Principle.objects.filter(principle_set=found.principle_set_id) if found else Principle.objects.none()


def principles_between(first: datetime.date | None, last: datetime.date | None) -> QuerySet[Principle]:
    """The principles of every wording that periods between two days chose; without a day it has no end on that side."""
    periods = Period.objects.all()
    periods = periods.filter(ends_on__gte=first) if first else periods
    periods = periods.filter(starts_on__lte=last) if last else periods
    return Principle.objects.filter(principle_set__in=periods.values("principle_set"))


def next_reference(letter: str, on: datetime.date) -> str:
    """The next free reference of a year: "C-2026-014" for the fourteenth conversation of 2026."""
    start = f"{letter}-{on.year}-"
    taken = Activity.objects.filter(reference__startswith=start).values_list("reference", flat=True)
    numbers = (int(reference.removeprefix(start)) for reference in taken if reference.removeprefix(start).isdecimal())
    return f"{start}{max(numbers, default=0) + 1:03}"


@transaction.atomic
def record_conversation(
    told_us: str, *, group: PopulationGroup, area: Area, principle: Principle, by: User, late_reason: str = ""
) -> Activity:
    """Record an informal conversation of today. Sent twice, the same words make one record."""
    today = timezone.localdate()
    Method.objects.get_or_create(name=CONVERSATION)
    # Two conversations recorded at once would take the same number: the second waits here for the first.
    method = Method.objects.select_for_update().get(name=CONVERSATION)
    same = Activity.objects.filter(
        owner=by, starts_on=today, methods=method, what_people_told_us=told_us, groups=group, areas=area
    )
    if activity := same.first():
        return activity
    activity = Activity.objects.create(
        reference=next_reference("C", today),
        title=Truncator(Truncator(" ".join(told_us.split())).words(12)).chars(200),
        nature=Activity.Nature.ENGAGEMENT,
        principle=principle,
        starts_on=today,
        ends_on=today,
        late_reason=late_reason,
        level=area.level,
        organisation=Organisation.objects.body(),
        what_people_told_us=told_us,
        owner=by,
    )
    activity.methods.set([method])
    activity.areas.set([area])
    activity.groups.set([group])
    audit.record(by, "recorded conversation", activity)
    return activity
