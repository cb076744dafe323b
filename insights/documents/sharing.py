"""What the members of a forum read of what is passed on, who they are, and what waits for it (INS-008, YSD-008)."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.models import JobState
from forums.models import Forum, Membership
from insights.models import Response, Shared, Source
from people.models import Message, Person


def members(forum: Forum) -> QuerySet[Person]:
    """Everybody who sits on a forum today, each once however many seats they have."""
    seats = Membership.objects.current().filter(forum=forum)
    return Person.objects.filter(pk__in=seats.values("person")).order_by("pk")


def key(shared: Shared, person: Person) -> str:
    """What makes writing twice harmless."""
    return f"shared-{shared.pk}-{person.pk}"


def failed(shared: Shared) -> int:
    """How many could not be written to: they have not agreed, or there is no way to reach them. Staff see why."""
    return Message.objects.filter(key__startswith=f"shared-{shared.pk}-", state=JobState.FAILED).count()


def letter(about: Source | Response, forum: Forum, note: str) -> tuple[str, str]:
    """Subject and words of the message to the members of a forum. It holds only what everybody may read."""
    if isinstance(about, Source):
        subject = _("New to read: %(title)s") % {"title": about.title}
        words = about.key_finding or Truncator(about.summary).words(60)
        address = reverse("library:source_detail", args=[about.reference])
    else:
        subject = _("What came of it: %(topic)s") % {"topic": about.topic}
        said = _("You said: %(words)s") % {"words": Truncator(about.you_said).words(60)}
        did = about.we_did or about.reason
        words = f"{said}\n\n{about.get_status_display()}: {Truncator(did).words(60)}"
        address = about.get_absolute_url()
    where = _("Read it here: %(address)s") % {"address": settings.SITE_URL + address}
    why = _("You get this because you belong to %(forum)s.") % {"forum": forum}
    return subject, "\n\n".join(part for part in (note, words, where, why) if part)


def never_passed_on(user) -> QuerySet[Response]:
    """Public answers that somebody may see and that were passed on to nobody, the newest first: the queue."""
    return Response.objects.for_user(user).public().filter(shared=None).select_related("topic")
