"""The thread from what somebody said to the person who is told what came of it (YSD-009): which links stand.

Six links are asked of an activity: heard, sorted by theme, found, weighed in a decision, answered in public, told. The
verdict is asked for and not demanded. A link stands as soon as one thing makes it; how far it carries is a number
beside it. Where nothing was typed in comment by comment, there is nothing to sort, and the link is not asked.

While people still take part, and until the day by which they were to hear, a link that is missing waits. After that it
is broken. What nobody recorded is neither: it is not recorded, and it does not count as standing.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.models import Activity, Period
from insights.documents.thread_facts import Facts, facts_of
from people.models import User


class State(TextChoices):
    WHOLE = "whole", gettext_lazy("whole")
    BROKEN = "broken", gettext_lazy("broken")
    WAITING = "waiting", gettext_lazy("waiting")
    NONE = "none", gettext_lazy("not recorded")


class Link(TextChoices):
    """The links in the order in which they follow."""

    HEARD = "heard", gettext_lazy("What people told us")
    THEME = "theme", gettext_lazy("Sorted by theme")
    FINDING = "finding", gettext_lazy("Finding")
    DECISION = "decision", gettext_lazy("Decision that weighed it")
    ANSWER = "answer", gettext_lazy("Answer published")
    TOLD = "told", gettext_lazy("People told")
    VERDICT = "verdict", gettext_lazy("Did we hear you right?")


DEMANDED = tuple(link for link in Link if link != Link.VERDICT)
COLOURS = {State.WHOLE: "green", State.BROKEN: "red", State.WAITING: "yellow", State.NONE: "grey"}


def states(facts: Facts) -> dict[Link, State]:
    """The state of each link of an activity. A link that is not asked of it is left out."""
    missing = State.BROKEN if facts.is_due else State.WAITING

    def stands(is_there) -> State:
        return State.WHOLE if is_there else missing

    found = {Link.HEARD: stands(facts.is_heard)}
    if facts.comments:
        found[Link.THEME] = stands(facts.coded)
    found[Link.FINDING] = stands(facts.findings)
    found[Link.DECISION] = stands(facts.decisions)
    found[Link.ANSWER] = stands(facts.answers)
    if told := _told(facts):
        found[Link.TOLD] = told
    found[Link.VERDICT] = _verdict(facts, told)
    return found


def _told(facts: Facts) -> State | None:
    """Broken where somebody who can be told has not been. None where all who took part want no news."""
    if not facts.answers:
        return State.WAITING
    if facts.untold:
        return State.BROKEN
    if facts.reached or facts.by_code:
        return State.WHOLE
    if facts.written:
        return State.WAITING
    if facts.contributors and facts.contributors == facts.no_news and not facts.codes:
        return None
    return State.NONE


def _verdict(facts: Facts, told: State | None) -> State:
    if facts.disagreements:
        return State.BROKEN
    if facts.verdicts:
        return State.WHOLE
    return State.NONE if told == State.WHOLE else State.WAITING


def percent_of(found: dict[Link, State]) -> int | None:
    """How many of the links that are asked by now stand, rounded down; None where all of them may still wait."""
    asked = [state for link, state in found.items() if link in DEMANDED and state != State.WAITING]
    return 100 * asked.count(State.WHOLE) // len(asked) if asked else None


def standing(found: dict[Link, State], *, is_due: bool) -> State:
    """Of a whole thread, up to the people told. NONE is one that is due, and neither whole nor broken."""
    asked = [found[link] for link in DEMANDED if link in found]
    if all(state == State.WHOLE for state in asked):
        return State.WHOLE
    if State.BROKEN in asked:
        return State.BROKEN
    return State.NONE if is_due else State.WAITING


# One thread --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One link in words: what is there, or what is missing since when, and what to do next.

    `count` of `of` comments or people have it; both None where that cannot be said. `places` are pages that show what
    is there. `action` and `url` are empty for who may not do it. What is not asked does not count.
    """

    name: Link
    state: State
    words: str
    count: int | None = None
    of: int | None = None
    url: str = ""
    action: str = ""
    since: object = None
    places: tuple[tuple[str, str], ...] = ()
    is_asked: bool = True

    @property
    def title(self) -> str:
        return str(self.name.label)

    @property
    def status(self) -> str:
        return str(self.state.label) if self.is_asked else _("not asked")

    @property
    def colour(self) -> str:
        return COLOURS[self.state] if self.is_asked else "grey"


@dataclass(frozen=True, slots=True)
class Thread:
    """The links of one comment or one activity, and how many of those that are asked by now stand, in percent."""

    steps: tuple[Step, ...]

    @property
    def found(self) -> dict[Link, State]:
        return {step.name: step.state for step in self.steps if step.is_asked}

    @property
    def percent(self) -> int | None:
        return percent_of(self.found)

    @property
    def asked(self) -> int:
        return sum(link in DEMANDED and state != State.WAITING for link, state in self.found.items())

    @property
    def whole(self) -> int:
        return sum(link in DEMANDED and state == State.WHOLE for link, state in self.found.items())

    @property
    def broken(self) -> tuple[Step, ...]:
        """Without the verdict, which is not demanded: a disagreement is red where it stands."""
        return tuple(step for step in self.steps if self._is_broken(step))

    def _is_broken(self, step: Step) -> bool:
        return step.name in DEMANDED and step.is_asked and step.state == State.BROKEN


# Many threads ------------------------------------------------------------------------------------


class Tally:
    """How many of several stand where, by `counts`. Who still waits in time is left out of the share."""

    __slots__ = ()
    counts: Counter

    @property
    def whole(self) -> int:
        return self.counts[State.WHOLE]

    @property
    def broken(self) -> int:
        return self.counts[State.BROKEN]

    @property
    def unknown(self) -> int:
        return self.counts[State.NONE]

    @property
    def waiting(self) -> int:
        return self.counts[State.WAITING]

    @property
    def of(self) -> int:
        return self.whole + self.broken + self.unknown

    @property
    def percent(self) -> int | None:
        """Rounded down; None where nothing is due by now."""
        return 100 * self.whole // self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Share(Tally):
    """One link over many activities: how many have it, of all that are asked for it by now."""

    name: Link
    counts: Counter

    @property
    def title(self) -> str:
        return str(self.name.label)


@dataclass(frozen=True, slots=True)
class Line:
    """One activity among many: where its thread stands, and the first link that broke."""

    pk: int
    reference: str
    title: str
    standing: State
    percent: int | None
    first_break: Link | None
    due_on: object

    @property
    def colour(self) -> str:
        return COLOURS[self.standing]

    @property
    def breaks_at(self) -> str:
        return str(self.first_break.label) if self.first_break else ""


@dataclass(frozen=True, slots=True)
class Threads(Tally):
    """Many activities: each link with its share, the worst first, and how many threads are whole.

    `percent` is the share of whole threads among those that are due or whole: who still waits in time is left out.
    """

    shares: tuple[Share, ...]
    lines: tuple[Line, ...]
    counts: Counter = field(default_factory=Counter)


def threads_of(activities: QuerySet[Activity]) -> Threads:
    """The threads of some activities. A fixed number of queries, whatever the number of activities."""
    counts: dict[Link, Counter] = {link: Counter() for link in Link}
    lines = []
    for facts in facts_of(activities):
        found = states(facts)
        for link, state in found.items():
            counts[link][state] += 1
        lines.append(_line(facts, found))
    shares = [Share(link, counts[link]) for link in Link]
    shares.sort(key=lambda share: (share.percent is None, share.percent))
    return Threads(tuple(shares), tuple(lines), Counter(line.standing for line in lines))


def _line(facts: Facts, found: dict[Link, State]) -> Line:
    first = next((link for link in DEMANDED if found.get(link) == State.BROKEN), None)
    whole = standing(found, is_due=facts.is_due)
    return Line(facts.pk, facts.reference, facts.title, whole, percent_of(found), first, facts.due_on)


def thread_of_period(period: Period, *, user: User | None = None) -> Threads:
    """The threads of the activities of a period: all of them, or those that somebody may see (YSD-009)."""
    return threads_of((Activity.objects.for_user(user) if user else Activity.objects.all()).in_period(period))


def figures() -> list[str]:
    """For everybody: of how many activities of this year the thread is whole, as one sentence (PUB-013).

    Registered with `engagement.services.publication`. Nothing is said while no thread is due.
    """
    period = Period.objects.present()
    found = thread_of_period(period) if period else None
    if not found or not found.of:
        return []
    words = ngettext(
        "Of %(of)s activity of this year that is due an answer, %(whole)s has every step up to people told.",
        "Of %(of)s activities of this year that are due an answer, %(whole)s have every step up to people told.",
        found.of,
    )
    return [words % {"of": found.of, "whole": found.whole}]
