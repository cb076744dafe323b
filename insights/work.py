"""What is left to do in the record, for the front page of the admin."""

from django import template
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from engagement.models import Activity, ActivityCount
from insights.models import Response, Status

register = template.Library()


@register.simple_tag
def work_list(user):
    """For staff, who all may read the record: how many of what is unfinished, and the list that shows it."""
    mine = Activity.objects.for_user(user)
    answered = Exists(Response.objects.public().filter(activity=OuterRef("pk")))
    counted = Exists(ActivityCount.objects.filter(activity=OuterRef("pk")))
    responses = Response.objects.filter(activity__in=mine.values("pk"))
    late = responses.filter(status=Status.PROMISED, promised_for__lt=timezone.localdate())
    lines = [
        (late, promises, "insights_response", "promise=late"),
        (responses.filter(published_at=None), drafts, "insights_response", "published=no"),
        (mine.exclude(answered), unanswered, "engagement_activity", "lacks=answer"),
        (mine.filter(what_changed=""), unchanged, "engagement_activity", "lacks=change"),
        (mine.exclude(counted), uncounted, "engagement_activity", "lacks=number"),
        (mine.undated(), undated, "engagement_activity", "lacks=dates"),
    ]
    found = [(rows.count(), words, model, query) for rows, words, model, query in lines]
    return [
        {"words": words(count) % {"count": count}, "url": f"{reverse(f'admin:{model}_changelist')}?{query}"}
        for count, words, model, query in found
        if count
    ]


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


def undated(count):
    return ngettext("%(count)s activity without dates", "%(count)s activities without dates", count)
