"""The thread of one activity in words: what is there of each link, how far it carries, what to do next (YSD-009)."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Activity, ResponseCount, SurveyResponse
from insights.documents import telling
from insights.documents.thread import Link, State, Step, Thread, states
from insights.documents.thread_facts import Facts, facts_of
from insights.models import Coding, Comment, Decision, Finding, FindingEvidence, Response, Told, Verdict, Weighed
from people.models import User

SHOWN = 5  # pages that are named of each link


@dataclass(frozen=True, slots=True)
class Carried:
    """How many comments a link carries: of all that may be read, how many are coded, found, weighed, answered.

    `through` carries all of these by one theme.
    """

    comments: int
    themes: int
    findings: int
    decisions: int
    answers: int
    through: int


@dataclass(frozen=True, slots=True)
class Route:
    """One way in which people answered: how many came, and how many of them a person has read."""

    name: str
    received: int
    read: int


@dataclass(frozen=True, slots=True)
class OfActivity:
    """The page of one activity's thread."""

    thread: Thread
    carried: Carried | None
    routes: tuple[Route, ...]


def thread_of_activity(activity: Activity, user: User) -> OfActivity:
    """For a member of staff, who is offered what they may do. A fixed number of queries."""
    facts = facts_of(Activity.objects.filter(pk=activity.pk))[0]
    found, carried = states(facts), carried_by(activity, facts) if facts.comments else None
    told = _Telling(activity, facts, found, carried, user)
    return OfActivity(Thread(tuple(told.steps())), carried, tuple(routes_of(activity)))


def routes_of(activity: Activity) -> Iterable[Route]:
    """By which routes people answered, those without the internet included."""
    for row in activity.response_counts.order_by("route"):
        yield Route(str(ResponseCount.Route(row.route).label), row.received, row.read)
    ours = SurveyResponse.objects.sent().filter(survey__activity=activity).order_by("route").values_list("route")
    for route, received, read in ours.annotate(Count("pk"), Count("read_at")):
        name = _("our survey: %(route)s") % {"route": SurveyResponse.Route(route).label}
        yield Route(name, received, read)


# How far each link carries -----------------------------------------------------------------------


def carried_by(activity: Activity, facts: Facts) -> Carried:
    """By the themes of its comments: which are evidence, whose finding was weighed, which are answered."""
    rows = FindingEvidence.objects.filter(
        theme__isnull=False, collection__activity=activity, finding__agreed_at__isnull=False
    )
    pairs = set(rows.values_list("collection", "theme", "finding"))
    weighed = Weighed.objects.filter(finding__in=facts.findings).values_list("finding", "decision")
    decisions: dict[int, set[int]] = {}
    for finding, decision in weighed:
        decisions.setdefault(finding, set()).add(decision)
    answers = Response.objects.filter(pk__in=facts.answers)
    themes = set(answers.exclude(themes=None).values_list("themes", flat=True))
    findings = set(answers.exclude(findings=None).values_list("findings", flat=True))
    decided = set(answers.exclude(decision=None).values_list("decision", flat=True))

    def is_answered(theme: int, finding: int) -> bool:
        return theme in themes or finding in findings or bool(decisions.get(finding, set()) & decided)

    comments = Comment.objects.filter(collection__activity=activity, is_held=False)
    found = {(where, theme) for where, theme, _finding in pairs}
    chosen = {(where, theme) for where, theme, finding in pairs if finding in decisions}
    through = {(c, t) for c, t, finding in pairs if finding in decisions and is_answered(t, finding)}
    by_finding = {(c, t) for c, t, finding in pairs if is_answered(t, finding)}
    return Carried(
        comments=facts.comments,
        themes=facts.coded,
        findings=_count(comments, found),
        decisions=_count(comments, chosen),
        answers=_count(comments, by_finding, themes),
        through=_count(comments, through),
    )


def _count(comments: QuerySet[Comment], pairs: set[tuple[int, int]], themes: Iterable[int] = ()) -> int:
    """Comments with an accepted code for one of the themes, in the collection that is named with it."""
    wanted = Q(theme__in=list(themes))
    for collection in {collection for collection, _theme in pairs}:
        its = [theme for number, theme in pairs if number == collection]
        wanted |= Q(comment__collection=collection, theme__in=its)
    return comments.filter(Exists(Coding.objects.counted().filter(wanted, comment=OuterRef("pk")))).count()


# In words ----------------------------------------------------------------------------------------


def day_of(moment: datetime.datetime | datetime.date | None) -> datetime.date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime.datetime) else moment


def short(text: str) -> str:
    return Truncator(text).words(14)


class _Telling:
    """Words of each link of one activity for one reader."""

    def __init__(self, activity: Activity, facts: Facts, found: dict, carried: Carried | None, user: User):
        self.activity, self.facts, self.found, self.carried, self.user = activity, facts, found, carried, user

    def steps(self) -> Iterable[Step]:
        for link in Link:
            build: Callable[[State], Step] = getattr(self, f"_{link}")
            yield build(self.found.get(link))

    def _step(
        self, link: Link, state: State, words: str, *, do: tuple[str, str, bool] = ("", "", False), **more
    ) -> Step:
        """`do` is what to do, where, and whether the reader may. It is offered while the link does not stand."""
        action, url, may = do
        if state == State.WHOLE or not may:
            action = url = ""
        if state == State.BROKEN:
            more.setdefault("since", self.facts.due_on)
        return Step(link, state, words, url=url, action=action, **more)

    def _may(self, *permissions: str) -> bool:
        return self.user.has_perms(permissions)

    def _heard(self, state: State) -> Step:
        facts = self.facts
        parts = []
        if facts.received:
            words = ngettext("%(count)s response came.", "%(count)s responses came.", facts.received)
            parts.append(words % {"count": f"{facts.received:,}"})
        if facts.comments:
            words = ngettext("%(count)s comment can be read.", "%(count)s comments can be read.", facts.comments)
            parts.append(words % {"count": f"{facts.comments:,}"})
        if facts.has_words:
            parts.append(_("What people told us is written down in the record."))
        url = reverse("admin:engagement_activity_change", args=[facts.pk])
        do = (_("Write down what people told us"), url, self.activity.may_be_changed_by(self.user))
        return self._step(Link.HEARD, state, " ".join(parts) or _("Nothing that people said is recorded."), do=do)

    def _theme(self, state: State | None) -> Step:
        if state is None:
            words = _("No comments are held one by one, so there is nothing to sort.")
            return Step(Link.THEME, State.NONE, words, is_asked=False)
        numbers = {"count": self.carried.themes, "of": self.carried.comments}
        collection = self.activity.collections.order_by("pk").first()
        url = reverse("insight_work:collection_detail", args=[collection.pk])
        may = self._may("insights.view_collection", "insights.add_coding")
        words = _("A named person gave or accepted themes.")
        if not self.carried.themes:
            words = _("Nobody has given or accepted a theme yet.")
        since = Coding.objects.counted().filter(comment__collection__activity=self.activity).aggregate(day=Min("at"))
        more = {"since": day_of(since["day"])} if state == State.WHOLE else {}
        return self._step(Link.THEME, state, words, do=(_("Code the comments"), url, may), **numbers, **more)

    def _finding(self, state: State) -> Step:
        rows = Finding.objects.for_user(self.user).filter(pk__in=self.facts.findings).order_by("agreed_at")
        seen = list(rows[:SHOWN]) if self._may("insights.view_finding") else []
        places = tuple((short(row.statement), reverse("insight_work:finding_detail", args=[row.pk])) for row in seen)
        words = _("No agreed finding rests on it.")
        if count := len(self.facts.findings):
            words = ngettext("%(n)s agreed finding rests on it.", "%(n)s agreed findings rest on it.", count) % {
                "n": count
            }
        may = self._may("insights.add_finding")
        do = (_("Write a finding, and attach this as evidence"), reverse("insight_work:finding_add"), may)
        more = {"since": day_of(seen[0].agreed_at)} if seen else {}
        return self._step(Link.FINDING, state, words, do=do, places=places, **self._carried("findings"), **more)

    def _decision(self, state: State) -> Step:
        mine = Decision.objects.for_user(self.user)
        seen = list(mine.filter(pk__in=self.facts.decisions).order_by("decided_on")[:SHOWN])
        seen = seen if self._may("insights.view_decision") else []
        places = tuple((row.title, reverse("insight_work:decision_detail", args=[row.pk])) for row in seen)
        count = len(self.facts.decisions)
        words = ngettext("%(n)s decision weighed it.", "%(n)s decisions weighed it.", count) % {"n": count}
        url, action = reverse("insight_work:decision_add"), _("Record the decision, and what it made of this")
        may = self._may("insights.add_decision")
        if not count:
            words = _("No decision says what it made of it.")
        if not count and self.facts.unweighed:
            words = _("A decision names this activity. It does not say what it made of what people said.")
            other = mine.filter(pk__in=self.facts.unweighed).first()
            url, action = (
                reverse("insight_work:weighed_add", args=[other.pk]) if other else "",
                _("Say what it made of it"),
            )
            may = bool(other) and self._may("insights.change_decision")
        elif self.activity.project_id:
            url += f"?project={self.activity.project_id}"
        more = {"since": seen[0].decided_on} if seen else {}
        do = (action, url, may)
        return self._step(Link.DECISION, state, words, do=do, places=places, **self._carried("decisions"), **more)

    def _answer(self, state: State) -> Step:
        rows = list(Response.objects.filter(pk__in=self.facts.answers).select_related("topic").order_by("published_at"))
        mine = set(Response.objects.for_user(self.user).filter(pk__in=self.facts.answers).values_list("pk", flat=True))
        seen = [row for row in rows if row.pk in mine][:SHOWN]
        places = tuple((str(row), reverse("insight_work:answer_detail", args=[row.pk])) for row in seen)
        may = self.activity.may_be_changed_by(self.user) and self._may("insights.add_response")
        do = (_("Write the answer"), reverse("insight_work:answer_add", args=[self.facts.pk]), may)
        words = _("Nothing is published: people cannot read what came of it.")
        if rows:
            words = ngettext("%(n)s answer is public.", "%(n)s answers are public.", len(rows)) % {"n": len(rows)}
        elif draft := self.activity.responses.order_by("pk").first():
            words = _("An answer is written and not published.")
            url = reverse("insight_work:answer_detail", args=[draft.pk])
            do = (_("Publish the answer"), url, self._may("insights.publish_response"))
        more = {"since": day_of(rows[0].published_at)} if rows else {}
        return self._step(Link.ANSWER, state, words, do=do, places=places, **self._carried("answers"), **more)

    def _carried(self, name: str) -> dict:
        return {"count": getattr(self.carried, name), "of": self.carried.comments} if self.carried else {}

    def _told(self, state: State | None) -> Step:
        facts = self.facts
        if state is None:
            words = _("All who took part, as far as we know them, want no news. Nobody is to be told.")
            return Step(Link.TOLD, State.NONE, words, is_asked=False)
        reached, since = self._reached()
        mine = Response.objects.for_user(self.user).filter(pk__in=facts.answers)
        answer = mine.order_by("published_at").first()
        people = reverse("insight_work:contributor_list", args=[facts.pk])
        told = reverse("insight_work:told", args=[answer.pk]) if answer else ""
        places = ((_("Who was told"), told),) if told and self._may("insights.view_told") else ()
        do = (_("Say who took part"), people, self._may("insights.add_contributor"))
        if state == State.BROKEN:
            do = (_("Tell them"), told, bool(told) and self._may("insights.view_told", "insights.add_told"))
        more = {"count": reached, "of": reached + facts.untold} if reached or facts.untold else {}
        words = self._told_words(state, reached)
        since = since if state == State.WHOLE else None
        return self._step(Link.TOLD, state, words, do=do, places=places, since=since, **more)

    def _reached(self) -> tuple[int, datetime.date | None]:
        """How many people were reached, each once, by message or on their pages; and when the first one was."""
        rows = telling.with_reached(Told.objects.filter(response__in=self.facts.answers)).filter(reached__isnull=False)
        named, gone, first = set(), 0, None
        for way, person, at in rows.values_list("way", "person", "reached"):
            first = min(first or at, at)
            if way != Told.Way.CODE:
                named.add(person)
                gone += person is None
        return len(named - {None}) + gone, day_of(first)

    def _told_words(self, state: State, reached: int) -> str:
        facts, parts = self.facts, []
        if not facts.answers:
            return _("People can be told once there is an answer.")
        if facts.untold:
            words = ngettext(
                "%(n)s person who can be told has not been.",
                "%(n)s people who can be told have not been.",
                facts.untold,
            )
            parts.append(words % {"n": facts.untold})
        if reached:
            words = ngettext("%(n)s person was reached.", "%(n)s people were reached.", reached)
            parts.append(words % {"n": reached})
        if facts.by_code:
            words = ngettext("%(n)s looked with a code.", "%(n)s looked with a code.", facts.by_code)
            parts.append(words % {"n": facts.by_code})
        if state == State.WAITING:
            parts.append(_("Messages and letters are on their way."))
        if state == State.NONE:
            parts.append(self._nobody())
        return " ".join(parts)

    def _nobody(self) -> str:
        if self.facts.codes:
            words = _("%(n)s codes were given out. Nobody has looked with one yet.")
            return words % {"n": self.facts.codes}
        if self.facts.contributors:
            return _("Nobody who took part can be told: see the list for the reasons.")
        return _("Nobody is recorded as having taken part, so it is not recorded who should be told.")

    def _verdict(self, state: State) -> Step:
        facts = self.facts
        labels = dict(Verdict.Right.choices)
        said = ", ".join(f"{labels[right]}: {facts.verdicts[right]}" for right in labels if facts.verdicts[right])
        words = _("They said: %(said)s.") % {"said": said} if said else _("Nobody has said it yet.")
        if facts.disagreements:
            left = ngettext(
                "%(n)s does not feel heard right, and nobody has dealt with it.",
                "%(n)s do not feel heard right, and nobody has dealt with it.",
                facts.disagreements,
            )
            words = f"{words} {left % {'n': facts.disagreements}}"
        do = (_("Deal with it"), reverse("insight_work:verdict_list"), self._may("insights.change_verdict"))
        do = do if facts.disagreements else ("", "", False)
        return self._step(Link.VERDICT, state, words, do=do, since=None)
