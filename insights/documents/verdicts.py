"""What people say of “Did we hear you right?”: figures with their n, what waits for members and for staff (YSD-003).

Disagreement counts, and stands first. In public, shares are shown from 8 verdicts on. They are opinions and no personal
characteristics, so the rule for these does not bind; but of few people one could tell who said no, and a share of
three says nothing.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.disclosure import SMALLEST_SHOWN
from core.portal import Card
from core.work import Line
from insights.models import Contributor, Response, Verdict
from people.models import Person

Right = Verdict.Right
ASKED_FOR = datetime.timedelta(days=90)  # how long the home page of members asks
CARDS = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """How many said yes, in part and no; of these, how many disagree and nobody has dealt with it."""

    yes: int
    partly: int
    no: int
    waiting: int

    @property
    def number(self) -> int:
        """How many said anything: the base of every share."""
        return self.yes + self.partly + self.no

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """Each answer with its number and its share in whole percent; no share where nobody said anything."""
        pairs = ((Right.YES, self.yes), (Right.PARTLY, self.partly), (Right.NO, self.no))
        return [(str(right.label), count, self._share(count)) for right, count in pairs]

    def _share(self, count: int) -> str:
        return f"{100 * count / self.number:.0f}%" if self.number else _("not recorded")


def figures(verdicts: QuerySet[Verdict]) -> Figures:
    """Of some verdicts, in one query."""
    disagrees = ~Q(right=Right.YES)
    found = verdicts.order_by().aggregate(
        yes=Count("pk", filter=Q(right=Right.YES)),
        partly=Count("pk", filter=Q(right=Right.PARTLY)),
        no=Count("pk", filter=Q(right=Right.NO)),
        waiting=Count("pk", filter=disagrees & Q(dealt_with_at=None)),
    )
    return Figures(**found)


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What everybody reads of one answer: shares and their base, or that they are too few for shares."""

    number: int
    rows: tuple[tuple[str, int, str], ...]
    smallest: int = SMALLEST_SHOWN


def public_figures(response: Response) -> PublicFigures | None:
    """None where nobody has said anything yet; no shares and no number under 8."""
    found = figures(response.verdicts.all())
    if not found.number:
        return None
    if found.number < SMALLEST_SHOWN:
        return PublicFigures(0, ())
    return PublicFigures(found.number, tuple(found.rows))


def heard_in_words() -> list[str]:
    """What people said of all answers that are public, as one sentence (PUB-013); nothing while there are too few."""
    found = figures(Verdict.objects.filter(response__in=Response.objects.public().values("pk")))
    if found.number < SMALLEST_SHOWN:
        return []
    words = _("%(number)s people told us whether we heard them right: %(yes)s yes, %(partly)s in part, %(no)s no.")
    return [words % {"number": found.number, "yes": found.yes, "partly": found.partly, "no": found.no}]


# Staff -------------------------------------------------------------------------------------------


def for_user(user) -> QuerySet[Verdict]:
    """Verdicts of answers that a member of staff may see."""
    return Verdict.objects.filter(response__in=Response.objects.for_user(user).values("pk"))


def disagreement_first(verdicts: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """What nobody has dealt with, no before in part, the oldest first; then what needs nothing."""
    weight = Case(
        When(right=Right.NO, dealt_with_at=None, then=Value(0)),
        When(right=Right.PARTLY, dealt_with_at=None, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return verdicts.annotate(weight=weight).order_by("weight", "at", "pk")


def work_lines(user) -> Iterator[Line]:
    """For the front page of staff: how many disagree, and nobody has said what was done about it."""
    waiting = figures(for_user(user)).waiting
    if waiting:
        words = ngettext(
            "%(count)s person says that we did not hear them right",
            "%(count)s people say that we did not hear them right",
            waiting,
        )
        yield Line(words % {"count": waiting}, f"{reverse('insight_work:verdict_list')}?state=waiting")


# Members -----------------------------------------------------------------------------------------


def answers_for(person: Person) -> QuerySet[Response]:
    """Public answers of which somebody may say whether we heard right: to what they took part in themselves, as far as
    we know, or to what a forum took part in on which they sit."""
    took_part = Contributor.objects.filter(person=person).values("activity")
    also = Response.also_answers.through.objects.filter(activity__in=took_part).values("response")
    forums = Response.objects.for_forums_of(person).order_by().values("pk")
    return Response.objects.public().filter(Q(activity__in=took_part) | Q(pk__in=also) | Q(pk__in=forums))


def with_verdict(answers: QuerySet[Response], person: Person) -> QuerySet[Response]:
    """Answers with whether somebody has said anything of each."""
    return answers.annotate(is_judged=Exists(Verdict.objects.filter(response=OuterRef("pk"), person=person)))


def cards(person: Person) -> Iterator[Card]:
    """What waits on the home page of members: answers of the last months, until they say yes, in part or no."""
    since = timezone.now() - ASKED_FOR
    answers = with_verdict(answers_for(person), person).filter(is_judged=False, published_at__gte=since)
    for answer in answers.select_related("topic").order_by("-published_at", "reference")[:CARDS]:
        title = _("We answered what you said: %(topic)s") % {"topic": answer.topic}
        words = Truncator(answer.you_said).words(15)
        text = _("Did we hear you right? You said: %(words)s") % {"words": words}
        yield Card(title, text, reverse("heard:verdict", args=[answer.pk]))
