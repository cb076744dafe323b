"""What reviews amount to: who was asked, what readers said, what became of it, how easy the document was and is."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.portal import Card
from core.readability import Readability, measure
from forums.models import Criterion, Membership, PageComment, Rating, Review, ReviewAnswer, ReviewVersion
from people.models import Person

MOST_RESULTS = 5
SCORES = tuple(Rating.Score.values)


# Readers -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Readers:
    """How many were asked and how many sent an answer. `asked` is None before the readers have the document."""

    asked: int | None
    answered: int


def readers_of(reviews: Iterable[Review]) -> dict[int, Readers]:
    """The readers of each review, by its number. Asked are those who sat on the panel on the day it was opened.

    Somebody who joined later and answered was asked too: they found the document in the portal. Two questions to the
    database, however many reviews there are.
    """
    reviews = list(reviews)
    answered = defaultdict(set)
    sent = ReviewAnswer.objects.filter(review__in=reviews, sent_at__isnull=False)
    for review, person in sent.order_by().values_list("review", "person"):
        answered[review].add(person)
    seats = defaultdict(list)
    panels = {review.panel_id for review in reviews if review.opened_at}
    memberships = Membership.objects.filter(forum__in=panels, person__merged_into=None).order_by()
    for panel, *seat in memberships.values_list("forum", "person", "started_on", "ended_on"):
        seats[panel].append(seat)
    found = {}
    for review in reviews:
        asked = None
        if review.opened_at:
            day = timezone.localdate(review.opened_at)
            sat = {who for who, begun, ended in seats[review.panel_id] if begun <= day and (not ended or ended > day)}
            asked = len(sat | answered[review.pk])
        found[review.pk] = Readers(asked, len(answered[review.pk]))
    return found


# What readers said -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spread:
    """How one criterion was rated: how many readers gave 1, 2, 3 and 4."""

    criterion: Criterion
    counts: tuple[int, int, int, int]

    @property
    def base(self) -> int:
        """The readers who rated it."""
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        """From 1 to 4; None when nobody rated it."""
        if not self.base:
            return None
        return sum(score * number for score, number in zip(SCORES, self.counts, strict=True)) / self.base


def spreads_of(reviews: Iterable[Review]) -> dict[int, list[Spread]]:
    """The spread of every criterion that is asked or was rated, by the review’s number, from sent answers alone."""
    reviews = list(reviews)
    sent = Rating.objects.filter(answer__review__in=reviews, answer__sent_at__isnull=False)
    counted = {
        (review, criterion, score): number
        for review, criterion, score, number in sent.order_by()
        .values_list("answer__review", "criterion", "score")
        .annotate(number=Count("pk"))
    }
    criteria = list(Criterion.objects.all())
    rated = {(review, criterion) for review, criterion, _score in counted}
    return {
        review.pk: [
            Spread(criterion, tuple(counted.get((review.pk, criterion.pk, score), 0) for score in SCORES))
            for criterion in criteria
            if criterion.is_asked or (review.pk, criterion.pk) in rated
        ]
        for review in reviews
    }


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the comments by page that were sent."""

    taken_up: int = 0
    partly: int = 0
    not_taken_up: int = 0
    undecided: int = 0

    @property
    def comments(self) -> int:
        return self.taken_up + self.partly + self.not_taken_up + self.undecided

    def __add__(self, other: "Outcomes") -> "Outcomes":
        return Outcomes(
            self.taken_up + other.taken_up,
            self.partly + other.partly,
            self.not_taken_up + other.not_taken_up,
            self.undecided + other.undecided,
        )


def comments_sent():
    """Comments by page of answers that were sent. A draft is its reader's own."""
    return PageComment.objects.filter(answer__sent_at__isnull=False)


def outcomes_of(reviews: Iterable[Review]) -> dict[int, Outcomes]:
    """What became of the comments, by the number of the review."""
    names = {"taken_up": "taken_up", "partly": "partly", "not": "not_taken_up", "": "undecided"}
    reviews = list(reviews)
    found = defaultdict(dict)
    rows = comments_sent().filter(answer__review__in=reviews).order_by().values_list("answer__review", "outcome")
    for review, outcome, number in rows.annotate(number=Count("pk")):
        found[review][names[outcome]] = number
    return {review.pk: Outcomes(**found[review.pk]) for review in reviews}


# Readability -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """The first version and the final one. None where there is no such version."""

    before: Readability | None
    after: Readability | None

    @property
    def ease_gained(self) -> float | None:
        """By how many points reading ease rose; None where one of the two is unknown."""
        return self._difference("reading_ease")

    @property
    def years_saved(self) -> int | None:
        """By how many years the reading age fell; None where one of the two is unknown."""
        difference = self._difference("reading_age")
        return None if difference is None else -difference

    def _difference(self, name: str):
        before, after = getattr(self.before, name, None), getattr(self.after, name, None)
        return None if before is None or after is None else after - before


def before_and_after(versions: list[ReviewVersion]) -> BeforeAndAfter:
    """Measure a review's versions, given in the order of their numbers."""
    final = next((version for version in versions if version.is_final), None)
    first = next((version for version in versions if not version.is_final), None)
    return BeforeAndAfter(measure(first.text) if first else None, measure(final.text) if final else None)


# Facts for reports -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One document that was reviewed (REV-005). Days are None while what they lead to has not happened."""

    review: Review
    days_to_close: int | None
    days_to_return: int | None
    readers: Readers
    outcomes: Outcomes
    readability: BeforeAndAfter
    spreads: list[Spread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Totals:
    """A period in sums. Readers are not added: the same people read many documents."""

    documents: int
    returned: int
    answers: int
    outcomes: Outcomes
    easier: int
    measured_twice: int


def review_facts(reviews: Iterable[Review]) -> list[ReviewFacts]:
    """The facts of each review, in the order given. The number of questions to the database does not grow."""
    reviews = list(reviews)
    versions = defaultdict(list)
    for version in ReviewVersion.objects.filter(review__in=reviews).order_by("review", "number"):
        versions[version.review_id].append(version)
    readers, outcomes, spreads = readers_of(reviews), outcomes_of(reviews), spreads_of(reviews)
    return [
        ReviewFacts(
            review=review,
            days_to_close=_days(review.opened_at, review.closed_at),
            days_to_return=_days(review.opened_at, review.returned_at),
            readers=readers[review.pk],
            outcomes=outcomes[review.pk],
            readability=before_and_after(versions[review.pk]),
            spreads=spreads[review.pk],
        )
        for review in reviews
    ]


def facts_between(reviews, start: datetime.date, end: datetime.date) -> list[ReviewFacts]:
    """The facts of reviews that went to their readers from `start` to `end`, both included, the oldest first."""
    opened = reviews.filter(opened_at__date__gte=start, opened_at__date__lte=end)
    return review_facts(opened.select_related("organisation", "panel").order_by("opened_at", "pk"))


def totals_of(facts: list[ReviewFacts]) -> Totals:
    gains = [each.readability.years_saved for each in facts]
    return Totals(
        documents=len(facts),
        returned=sum(each.review.returned_at is not None for each in facts),
        answers=sum(each.readers.answered for each in facts),
        outcomes=sum((each.outcomes for each in facts), Outcomes()),
        easier=sum(gain is not None and gain > 0 for gain in gains),
        measured_twice=sum(gain is not None for gain in gains),
    )


def _days(start: datetime.datetime | None, end: datetime.datetime | None) -> int | None:
    return None if start is None or end is None else (timezone.localdate(end) - timezone.localdate(start)).days


# Cards of the portal -----------------------------------------------------------------------------


def waiting_cards(person: Person) -> list[Card]:
    """Documents that wait for somebody to read them."""
    sent = ReviewAnswer.objects.filter(person=person, sent_at__isnull=False)
    waiting = Review.objects.for_person(person).filter(status=Review.Status.WITH_PANEL)
    return [
        Card(
            title=review.title,
            text=_("Read it and say what you think."),
            url=reverse("members:review", args=[review.pk]),
            due=review.deadline,
        )
        for review in waiting.exclude(pk__in=sent.values("review"))
    ]


def result_cards(person: Person) -> list[Card]:
    """What came of the documents that somebody commented on, the newest first."""
    sent = ReviewAnswer.objects.filter(person=person, sent_at__isnull=False)
    returned = Review.objects.filter(status=Review.Status.RETURNED, pk__in=sent.values("review"))
    return [
        Card(
            title=review.title,
            text=_("See what changed because of you and other readers."),
            url=reverse("members:review", args=[review.pk]),
        )
        for review in returned.order_by("-returned_at")[:MOST_RESULTS]
    ]
