"""How far an item of the library can be trusted: five questions, a rubric in words, and what age takes off (INS-010).

The rubric is our own. It asks about how something was found out, never about whether we like what it says.
"""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.counts import Count
from engagement.models import Policy
from forums.documents.cadences import add_months
from insights.models import QualityRating, Source

MOST_EACH = 3
MOST_WHEN_OLD, MOST_BEFORE_THE_PANDEMIC = 1, 0

# What each number from 0 to 3 means, from the worst to the best.
RUBRIC = {
    "sample": (
        gettext_lazy("How many people were asked"),
        (
            gettext_lazy("It is not recorded how many people were heard"),
            gettext_lazy("A few people, or one group on one occasion"),
            gettext_lazy("Enough people that the same things were said again and again"),
            gettext_lazy("Many people, and it says how many were asked and how many answered"),
        ),
    ),
    "method": (
        gettext_lazy("How they were asked"),
        (
            gettext_lazy("It is not recorded how people were asked"),
            gettext_lazy("Overheard or passed on, without set questions"),
            gettext_lazy("The same open questions for everybody, and notes were taken"),
            gettext_lazy("A method that is described, tested beforehand and could be repeated"),
        ),
    ),
    "recency": (
        gettext_lazy("How recent it is"),
        (
            gettext_lazy("From before the pandemic, or from services that have changed since"),
            gettext_lazy("Older than we want, or nobody knows when"),
            gettext_lazy("Recent, though something has changed since"),
            gettext_lazy("Recent, and about services as they are now"),
        ),
    ),
    "representativeness": (
        gettext_lazy("Whether they stand for those affected"),
        (
            gettext_lazy("It is not recorded who they were"),
            gettext_lazy("Those who happened to be there or who answer most things"),
            gettext_lazy("Chosen so that the groups most affected were heard"),
            gettext_lazy("Like the people affected in age, place and background, and it shows the figures"),
        ),
    ),
    "independence": (
        gettext_lazy("Who asked"),
        (
            gettext_lazy("It is not recorded who asked, or who paid"),
            gettext_lazy("Those whose own service or proposal it was"),
            gettext_lazy("Our staff who had no part in the service"),
            gettext_lazy("Somebody outside, such as Healthwatch or a university"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the five questions, what it was given, and what it counts for now."""

    question: str
    words: str
    given: int
    now: int


@dataclass(frozen=True, slots=True)
class Quality:
    """A rating as it stands today: an item that has aged since counts for less than it did."""

    score: int
    least: int
    answers: tuple[Answer, ...]

    @property
    def is_enough(self) -> bool:
        return self.score >= self.least

    @property
    def verdict(self) -> str:
        words = {"score": self.score, "most": QualityRating.MOST, "least": self.least}
        if self.is_enough:
            return _("%(score)s of %(most)s: may be used in Board papers") % words
        return _("%(score)s of %(most)s: too little for Board papers, which need %(least)s") % words


def most_recency(source: Source, policy: Policy | None = None) -> int:
    """The most that an item may be given for recency today."""
    if source.is_from_before_the_pandemic:
        return MOST_BEFORE_THE_PANDEMIC
    return MOST_WHEN_OLD if source.is_past_review or is_old(source, policy) else MOST_EACH


def is_old(source: Source, policy: Policy | None = None) -> bool:
    """Whether it is older than the policy wants; what has no day may be of any age."""
    if source.collected_to is None:
        return True
    policy = policy or Policy.objects.current()
    return add_months(source.collected_to, policy.insight_months) < timezone.localdate()


def quality(source: Source, policy: Policy | None = None) -> Quality | None:
    """The rating of an item as it counts today, or None where nobody has rated it."""
    rating = getattr(source, "rating", None)
    if rating is None:
        return None
    policy = policy or Policy.objects.current()
    most = {"recency": most_recency(source, policy)}
    answers = tuple(_answer(name, getattr(rating, name), most.get(name, MOST_EACH)) for name in QualityRating.QUESTIONS)
    return Quality(sum(answer.now for answer in answers), policy.least_quality, answers)


def _answer(name: str, given: int, most: int) -> Answer:
    question, meanings = RUBRIC[name]
    now = min(given, most)
    return Answer(str(question), str(meanings[now]), given, now)


# Age ---------------------------------------------------------------------------------------------


def age(source: Source, today: datetime.date | None = None) -> str:
    """How old it is, in words: “collected 6 years ago, before the pandemic”."""
    if source.collected_to is None:
        return _("no day recorded on which it was collected")
    months = _months_since(source.collected_to, today or timezone.localdate())
    if months < 1:
        said = _("collected less than a month ago")
    elif months < 24:
        said = ngettext("collected %(number)s month ago", "collected %(number)s months ago", months)
        said %= {"number": months}
    else:
        said = _("collected %(number)s years ago") % {"number": months // 12}
    return _("%(said)s, before the pandemic") % {"said": said} if source.is_from_before_the_pandemic else said


def _months_since(day: datetime.date, today: datetime.date) -> int:
    """Whole months between two days."""
    return (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)


def sample(count: Count | None) -> str:
    """How many people are behind an item, in words. Unknown is not none."""
    return _("not recorded") if count is None else str(count)
