"""Activities whose thread stands link by link, for the tests of the thread: nothing random."""

import datetime

from django.utils import timezone

from engagement.models import Activity
from engagement.tests import factories as engagement
from engagement.tests.project_factories import in_days
from insights.models import Told, Weighed
from insights.tests import factories, insight_factories
from people.tests import factories as people

WEEKS = 12  # the policy of a body that has set none
LINKS = ("heard", "theme", "finding", "decision", "answer", "told")


def over(days_late: int = 10, **fields) -> Activity:
    """An activity that is over, whose answer was due so many days ago, and in which nothing else is recorded."""
    ended = in_days(-days_late - WEEKS * 7)
    return engagement.activity(**{"starts_on": ended, "ends_on": ended} | fields)


def words(activity: Activity) -> None:
    """What people told us, in the words of the record."""
    Activity.objects.filter(pk=activity.pk).update(what_people_told_us="Evenings would help.")


def comment_on(activity: Activity, theme=None, **fields):
    """A comment of the activity, coded by a person where a theme is given."""
    held = activity.collections.first() or insight_factories.collection(activity=activity)
    row = insight_factories.comment(collection=held, **fields)
    if theme:
        insight_factories.coding(row, theme)
    return row


def finding_on(activity: Activity, theme=None, **fields):
    """An agreed finding that rests on the activity, or on a theme of its comments."""
    row = insight_factories.agreed_finding(**fields)
    if theme:
        row.evidence.create(theme=theme, collection=activity.collections.first(), figures={})
    else:
        row.evidence.create(activity=activity)
    return row


def weighed(finding, **fields):
    decision = insight_factories.decision(**fields)
    Weighed.objects.create(decision=decision, finding=finding, effect="adopted")
    return decision


def told(response, person, *, reached: bool = True, **fields):
    at = timezone.now()
    defaults = {"way": Told.Way.MESSAGE, "at": at, "reached_at": at if reached else None}
    return Told.objects.create(response=response, person=person, **defaults | fields)


def reachable(activity: Activity, **fields):
    """Somebody who took part and can be told by e-mail."""
    person = people.person(email=f"one{people.following(people.Person)}@example.org")
    return insight_factories.contributor(activity=activity, person=person, **fields)


def whole(until: str = "told", **fields) -> Activity:
    """An activity with comments whose thread stands up to a link, and has nothing after it."""
    activity, reach = over(**fields), LINKS.index(until)
    theme = insight_factories.theme()
    comment_on(activity, theme if reach >= 1 else None)
    finding = finding_on(activity, theme) if reach >= 2 else None
    if reach >= 3:
        weighed(finding)
    if reach >= 4:
        answer = factories.published_response(activity=activity)
        answer.themes.add(theme)
        if reach >= 5:
            told(answer, reachable(activity).person)
    return activity


def last_year() -> tuple[datetime.date, datetime.date]:
    return in_days(-365), in_days(365)
