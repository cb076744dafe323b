"""What members read on their home page: what came of what their forums said."""

from collections.abc import Iterator

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.portal import Card
from insights.models import Response, Status
from people.models import Person

CARDS = 6
WORDS = 30


def came_of_it(person: Person) -> Iterator[Card]:
    """Published answers to activities of somebody's forums, the newest first, not done and why included (POR-013)."""
    answers = Response.objects.public().for_forums_of(person).select_related("topic")
    for answer in answers.order_by("-published_at", "reference")[:CARDS]:
        title = _("You said, we did: %(topic)s") % {"topic": answer.topic}
        words = answer.reason if answer.status == Status.COULD_NOT else answer.we_did
        text = f"{answer.get_status_display().capitalize()}. {Truncator(words).words(WORDS)}"
        yield Card(title, text, answer.get_absolute_url())
