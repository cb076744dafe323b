"""What is left to do in the record of engagement."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core.work import Line
from engagement.models import Activity, ActivityCount
from insights.models import Response, Status


def lines(user) -> Iterator[Line]:
    """For staff, who all may read the record: how many of what is unfinished, and the list that shows it."""
    mine = Activity.objects.for_user(user)
    answered = Exists(Response.objects.public().filter(activity=OuterRef("pk")))
    counted = Exists(ActivityCount.objects.filter(activity=OuterRef("pk")))
    responses = Response.objects.filter(activity__in=mine.values("pk"))
    late = responses.filter(status=Status.PROMISED, promised_for__lt=timezone.localdate())
    unfinished = [
        (late, promises, "insights_response", "promise=late"),
        (responses.filter(published_at=None), drafts, "insights_response", "published=no"),
        (mine.exclude(answered), unanswered, "engagement_activity", "lacks=answer"),
        (mine.filter(what_changed=""), unchanged, "engagement_activity", "lacks=change"),
        (mine.exclude(counted), uncounted, "engagement_activity", "lacks=number"),
    ]
    for rows, words, model, query in unfinished:
        if count := rows.count():
            yield Line(words(count) % {"count": count}, f"{reverse(f'admin:{model}_changelist')}?{query}")


def promises(count):
    return ngettext("%(count)s promise whose day has passed", "%(count)s promises whose day has passed", count)


def drafts(count):
    return ngettext("%(count)s answer to publish", "%(count)s answers to publish", count)


def unanswered(count):
    return ngettext("%(count)s activity without a public answer", "%(count)s activities without a public answer", count)


def unchanged(count):
    return ngettext(
        "%(count)s activity that does not say what changed", "%(count)s activities that do not say what changed", count
    )


def uncounted(count):
    return ngettext("%(count)s activity without a number", "%(count)s activities without a number", count)
