"""Telling everybody who took part what came of it: once an answer is public, and again once it is settled (YSD-003)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import JobState
from insights import tasks  # noqa: F401  says which task tells
from insights.documents import telling as documents
from insights.models import Response, Status, StatusChange, Telling, Told
from people.models import Message, User

Occasion = Telling.Occasion
SETTLED = {Status.DONE: Occasion.DONE, Status.REVIEWED: Occasion.DONE, Status.COULD_NOT: Occasion.COULD_NOT}
BY_ITSELF_FOR = datetime.timedelta(days=28)  # older news is told only where somebody asks for it


def occasion_of(response: Response) -> tuple[Occasion, datetime.datetime]:
    """What is the newest to tell of a public answer, and since when: that it is public, or settled since."""
    newest, before = (Occasion.PUBLISHED, response.published_at), None
    for change in response.status_changes.all():
        settled = SETTLED.get(change.status)
        if before and settled and settled != SETTLED.get(before.status) and change.at > response.published_at:
            newest = (settled, change.at)
        before = change
    return newest


@transaction.atomic
def tell(response: Response, *, by: User | None) -> Telling:
    """Have everybody told who can be and has not been. Asking again is harmless, and finds those who came later.

    Raises ValidationError while the answer is not public.
    """
    response = Response.objects.select_for_update().get(pk=response.pk)
    if not response.is_published:
        raise ValidationError(_("Publish the answer first. Then everybody who took part can be told"))
    occasion, _since = occasion_of(response)
    job, is_new = Telling.objects.get_or_create(response=response, occasion=occasion, defaults={"requested_by": by})
    if not is_new and not job.is_finished:
        return job
    if not is_new:
        job.state, job.error, job.finished_at, job.requested_by = JobState.QUEUED, "", None, by
        job.requested_at, job.attempts, job.step, job.steps = timezone.now(), 0, 0, 0
        job.save()
    jobs.ring(job)
    audit.record(by, "had people told", response, occasion=str(occasion))
    return job


def tell_due() -> int:
    """Have people told of what became public or was settled in the last weeks, where somebody waits for it. How many
    answers. Called several times a day: an answer that was published by mistake can be withdrawn before."""
    since = timezone.now() - BY_ITSELF_FOR
    recent = Response.objects.public().filter(published_at__gte=since) | Response.objects.public().filter(
        pk__in=StatusChange.objects.filter(at__gte=since, status__in=SETTLED).values("response")
    )
    return sum(_tell_of(response, since) for response in recent.order_by("pk"))


def _tell_of(response: Response, since: datetime.datetime) -> bool:
    occasion, at = occasion_of(response)
    if at < since or response.tellings.unfinished().exists() or not documents.to_tell(response, occasion):
        return False
    tell(response, by=None)
    return True


def note_reached() -> int:
    """Keep when messages were sent or posted: a message is forgotten after a year, that it reached somebody is not."""
    sent = Message.objects.filter(pk=OuterRef("message"), state=JobState.DONE).values("finished_at")
    waiting = Told.objects.filter(reached_at=None, message__state=JobState.DONE)
    return waiting.update(reached_at=Subquery(sent))


def forget(told: QuerySet[Told]) -> None:
    """Somebody is erased: that one person was told stays, who it was goes."""
    told.update(person=None)
