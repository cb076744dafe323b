"""Who took part in an activity and may be told what came of it: added by hand, from forums, from comments (YSD-003)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity
from forums.models import Membership
from insights.models import Comment, Contributor
from people.models import Person, User

How = Contributor.How
BATCH = 1000


@transaction.atomic
def add_contributor(
    activity: Activity, person: Person, *, by: User, how: str = How.OTHER, wants_no_news: bool = False
) -> Contributor:
    """Put somebody on the list. Who is on it already stays as they are. Raises ValidationError."""
    if person.merged_into_id or person.erased_at:
        raise ValidationError({"person": _("This entry is no longer in use. Choose somebody on the register")})
    values = {"how": how, "wants_no_news": wants_no_news, "noted_by": by}
    row, is_new = Contributor.objects.get_or_create(activity=activity, person=person, defaults=values)
    if is_new:
        audit.record(by, "noted who took part", row)
    return row


@transaction.atomic
def set_news(row: Contributor, *, by: User, wants_no_news: bool) -> Contributor:
    """Note that somebody does not want to be told, or does after all. The same again changes nothing."""
    row = Contributor.objects.select_for_update().get(pk=row.pk)
    if row.wants_no_news != wants_no_news:
        row.wants_no_news = wants_no_news
        row.save(update_fields=["wants_no_news"])
        audit.record(by, "wants no news" if wants_no_news else "wants news again", row)
    return row


@transaction.atomic
def remove_contributor(row: Contributor, *, by: User) -> None:
    """Take somebody off who was put on the list by mistake. What they were told stays counted."""
    if held := Contributor.objects.select_for_update().filter(pk=row.pk).first():
        audit.record(by, "took off the list", held)
        held.delete()


@transaction.atomic
def add_from_forums(activity: Activity, *, by: User) -> int:
    """Put everybody on the list who sat on a forum that took part, while it took part. How many are new.

    Raises ValidationError where no forum is named, or no day says who sat on it then.
    """
    forums = activity.forums.all()
    if not forums:
        raise ValidationError(_("No forum took part in this activity. Name the forums first"))
    first, last = _days(activity)
    seats = Membership.objects.filter(Q(ended_on=None) | Q(ended_on__gt=first), forum__in=forums, started_on__lte=last)
    return _add(activity, Person.objects.known().filter(pk__in=seats.values("person")), How.FORUM, by)


def _days(activity: Activity) -> tuple[datetime.date, datetime.date]:
    """From when to when an activity took place, as far as it is over: for one without a date, its period."""
    today = timezone.localdate()
    first = activity.starts_on or activity.ends_on or activity.period.starts_on
    last = today if activity.is_ongoing else activity.ends_on or activity.starts_on or activity.period.ends_on
    if first > today:
        raise ValidationError(_("This activity has not begun. Nobody has taken part yet"))
    return first, min(last, today)


@transaction.atomic
def add_from_comments(activity: Activity, *, by: User) -> int:
    """Put everybody on the list who sent a comment that we know to be theirs. How many are new."""
    comments = Comment.objects.filter(collection__activity=activity, said_by__isnull=False)
    return _add(activity, Person.objects.known().filter(pk__in=comments.values("said_by")), How.COMMENT, by)


def _add(activity: Activity, people: QuerySet[Person], how: str, by: User) -> int:
    """Those who are not on the list yet, in one go. The activity is locked, so that two who do it add nobody twice."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    new = people.exclude(pk__in=activity.contributors.values("person")).order_by("pk").values_list("pk", flat=True)
    rows = [Contributor(activity=activity, person_id=number, how=how, noted_by=by) for number in new]
    Contributor.objects.bulk_create(rows, batch_size=BATCH)
    if rows:
        audit.record(by, "noted who took part", activity, how=how, people=len(rows))
    return len(rows)
