"""How everybody who took part is told of an answer: in batches, each kept before the next one is begun.

A worker that is lost costs nothing: the one after it writes to those who have not been written to.
"""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import JobState
from insights.documents import telling as documents
from insights.models import Contributor, Response, Status, Telling, Told
from people.models import Message, Organisation
from people.services import messages

BATCH = 100


def carry_out(job: Telling) -> None:
    """Tell everybody of whom the job is, and end it. Raises LostJob when another worker has taken over."""
    people = documents.to_tell(job.response, job.occasion)
    batches = [people[start : start + BATCH] for start in range(0, len(people), BATCH)]
    for number, batch in enumerate(batches):
        words = _("%(done)s of %(all)s people") % {"done": number * BATCH, "all": len(people)}
        job.advance(number, len(batches), words)
        if not _tell_all(job, batch):
            break
    job.finish()


@transaction.atomic
def _tell_all(job: Telling, contributors: list[Contributor]) -> bool:
    """Write to some people. Not of an answer that was withdrawn meanwhile."""
    public = Response.objects.public().select_for_update(of=("self",))
    response = public.select_related("topic", "activity").filter(pk=job.response_id).first()
    if response is None:
        return False
    body = Organisation.objects.body()
    for contributor in contributors:
        _tell(response, contributor, job, body)
    return True


def _tell(response: Response, contributor: Contributor, job: Telling, body: Organisation | None) -> None:
    person = contributor.person
    subject, text = words_for(response, contributor, job.occasion, body)
    key = documents.key_of(response, job.occasion, person.pk)
    message = messages.write(person, documents.purpose_of(contributor), subject, text, by=job.requested_by, key=key)
    note(response, message)


def note(response: Response, message: Message) -> None:
    """Keep that somebody was told. What reached them first stays; what did not is replaced by the next attempt."""
    told, is_new = Told.objects.get_or_create(
        response=response, person=message.person, defaults={"way": Told.Way.MESSAGE, "message": message}
    )
    if not is_new:
        unsent = Told.objects.filter(pk=told.pk, reached_at=None).exclude(message__state=JobState.DONE)
        unsent.update(message=message)


def words_for(response: Response, contributor: Contributor, occasion: str, body: Organisation | None):
    """The subject and the text of what one person is told: what was said, what came of it, where to disagree.

    It holds no code and no name of anybody else.
    """
    subjects = {
        Telling.Occasion.PUBLISHED: _("What came of what you told us: %(topic)s"),
        Telling.Occasion.DONE: _("It is done: %(topic)s"),
        Telling.Occasion.COULD_NOT: _("It could not be done: %(topic)s"),
    }
    has_account = bool(contributor.person.user_id)
    context = {
        "response": response,
        "occasion": occasion,
        "could_not": response.status == Status.COULD_NOT,
        "address": settings.SITE_URL + response.get_absolute_url(),
        "heard": settings.SITE_URL + reverse("heard:verdict", args=[response.pk]) if has_account else "",
        "body": body,
    }
    text = render_to_string("insights/mail/told.txt", context).strip()
    return subjects[Telling.Occasion(occasion)] % {"topic": response.topic}, text
