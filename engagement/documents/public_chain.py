"""“How your views are used”: seven steps from a question to an answer, with what this system can count (PUB-013).

Unlike kinds are never added. A step without a figure says nothing of numbers, which is not the same as none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.models import Activity, Project, ResponseCount, SurveyResponse

# The code under which figures are registered, what happens, and how it can be influenced.
STEPS = (
    (
        "say",
        gettext_lazy("We say what can change"),
        gettext_lazy("Before we ask, we say what you can influence. We also say what you cannot, and why."),
    ),
    (
        "tell",
        gettext_lazy("You tell us what matters to you"),
        gettext_lazy("You can answer on the page, on paper, by telephone or in person. You need no account."),
    ),
    (
        "read",
        gettext_lazy("A person reads what you said"),
        gettext_lazy("A named member of staff answers for the reading. No decision is taken before that."),
    ),
    (
        "themes",
        gettext_lazy("We look for what people say most, and for what few people say"),
        gettext_lazy("We sort what was said by theme. A machine may suggest a theme; a person decides."),
    ),
    (
        "decide",
        gettext_lazy("Somebody decides"),
        gettext_lazy("Those who decide have your views in front of them. What they decided, and why, is written down."),
    ),
    (
        "answer",
        gettext_lazy("We tell you what came of it"),
        gettext_lazy("We publish what we did. Where we could not act, we say why. Nothing closes without an answer."),
    ),
    (
        "check",
        gettext_lazy("You tell us whether we heard you right"),
        gettext_lazy("You can say yes, partly or no, in your own words. If we got it wrong, we look again."),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain, with its figures as sentences."""

    title: str
    text: str
    figures: tuple[str, ...]


def chain(registered: Callable[[str], list[str]]) -> list[Link]:
    """All seven steps: what is counted here first, then what other apps registered for a step."""
    here = _figures()
    return [Link(str(title), str(text), (*here.get(code, ()), *registered(code))) for code, title, text in STEPS]


def _figures() -> dict[str, tuple[str, ...]]:
    activities = Activity.objects.aggregate(
        public=Count("pk", filter=Q(published_at__isnull=False)), closed=Count("pk", filter=Q(state="closed"))
    )
    ours = SurveyResponse.objects.sent().aggregate(
        received=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False))
    )
    typed = ResponseCount.objects.aggregate(received=Sum("received", default=0), read=Sum("read", default=0))
    received, read = ours["received"] + typed["received"], ours["read"] + typed["read"]
    decided = Project.objects.filter(decided_on__isnull=False).count()
    return {
        "say": (_public(activities["public"]),),
        "tell": (_received(received),),
        "read": (_read(read, received),) if received else (),
        "decide": (_decided(decided),) if decided else (),
        "answer": (_closed(activities["closed"]),),
    }


def _public(number: int) -> str:
    words = ngettext("%(number)s activity has a public page.", "%(number)s activities have a public page.", number)
    return words % {"number": number}


def _received(number: int) -> str:
    return ngettext("%(number)s response came.", "%(number)s responses came.", number) % {"number": number}


def _read(read: int, received: int) -> str:
    words = _("%(read)s of %(received)s responses have been read (%(percent)s%%).")
    return words % {"read": read, "received": received, "percent": 100 * read // received}


def _decided(number: int) -> str:
    return ngettext("%(number)s decision is recorded.", "%(number)s decisions are recorded.", number) % {
        "number": number
    }


def _closed(number: int) -> str:
    words = ngettext(
        "%(number)s activity is closed, with an answer.", "%(number)s activities are closed, with an answer.", number
    )
    return words % {"number": number}
