"""What is left to do in the record of engagement."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import ngettext

from core.work import Line
from engagement.models import Activity, ActivityCount
from insights.documents import late as documents
from insights.models import Response


def lines(user) -> Iterator[Line]:
    """For staff, who all may read the record: how many of what is unfinished, and the list that shows it."""
    mine = Activity.objects.for_user(user)
    answered = Response.objects.public().answered()
    counted = Exists(ActivityCount.objects.filter(activity=OuterRef("pk")))
    drafts_of_mine = Response.objects.for_user(user).filter(published_at=None)
    late = documents.late(user=user)
    admin = reverse("admin:engagement_activity_changelist")
    unfinished = [
        (_number(late, documents.ANSWER), waiting, f"{reverse('insight_work:late_list')}?kind=answer"),
        (_number(late, documents.PROMISE), promises, f"{reverse('insight_work:late_list')}?kind=promise"),
        (drafts_of_mine.count(), drafts, f"{reverse('insight_work:answer_list')}?published=no"),
        (mine.exclude(answered).count(), unanswered, f"{admin}?lacks=answer"),
        (mine.filter(what_changed="").count(), unchanged, f"{admin}?lacks=change"),
        (mine.exclude(counted).count(), uncounted, f"{admin}?lacks=number"),
    ]
    for count, words, url in unfinished:
        if count:
            yield Line(words(count) % {"count": count}, url)


def _number(late: list[documents.Late], kind: str) -> int:
    return sum(row.kind == kind for row in late)


def waiting(count):
    return ngettext(
        "%(count)s answer that people wait for is late", "%(count)s answers that people wait for are late", count
    )


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
