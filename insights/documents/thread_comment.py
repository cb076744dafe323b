"""The thread of one comment, from its words to the verdict of who said it (YSD-009).

It follows the themes that a named person gave or accepted, in the collection of the comment. A comment in which there
is nothing to code ends there, and is whole.
"""

import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Activity, Policy
from insights.documents import telling
from insights.documents.thread import Link, State, Step, Thread
from insights.documents.thread_activity import SHOWN, day_of, short
from insights.documents.thread_facts import facts_of
from insights.models import Coding, Comment, Contributor, Decision, Finding, FindingEvidence, Response, Told, Verdict
from people.models import User


def thread_of_comment(comment: Comment, user: User) -> Thread:
    """For a member of staff, who is offered what they may do. A fixed number of queries."""
    return Thread(tuple(_OfComment(comment, user).steps()))


class _OfComment:
    """The links of one comment for one reader."""

    def __init__(self, comment: Comment, user: User):
        self.comment, self.user = comment, user
        self.activity = comment.collection.activity
        self.due_on, self.is_due = self._clock()

    def _clock(self) -> tuple[datetime.date, bool]:
        """The clock of the activity; without one the answer is due so many weeks after it was said, or came in."""
        if self.activity:
            facts = facts_of(Activity.objects.filter(pk=self.activity.pk))[0]
            return facts.due_on, facts.is_due
        said = self.comment.said_on or timezone.localdate(self.comment.collection.created_at)
        due_on = said + datetime.timedelta(weeks=Policy.objects.current().answer_weeks)
        return due_on, due_on < timezone.localdate()

    def steps(self):
        yield self._heard()
        codings = list(self.comment.codings.counted().select_related("theme").order_by("at", "pk"))
        yield self._theme(codings)
        self.themes = {row.theme_id for row in codings if not row.theme.is_remainder}
        if codings and not self.themes:
            return
        yield self._finding()
        yield self._decision()
        yield self._answer()
        told = self._told()
        yield told
        yield self._verdict(told)

    def _step(self, link: Link, is_there, words: str, *, action="", url="", may=False, **more) -> Step:
        """A link that stands, or is missing and then waits or is broken, with what to do about it."""
        state = State.WHOLE if is_there else State.BROKEN if self.is_due else State.WAITING
        if state == State.WHOLE or not may:
            action = url = ""
        if state == State.BROKEN:
            more["since"] = self.due_on
        return Step(link, state, words, action=action, url=url, **more)

    def _heard(self) -> Step:
        words = _("It was said, and is in “%(collection)s”.") % {"collection": self.comment.collection}
        places = ((_("The comment"), reverse("insight_work:comment_detail", args=[self.comment.pk])),)
        if self.activity:
            places += ((str(self.activity), self.activity.get_absolute_url()),)
        return Step(Link.HEARD, State.WHOLE, f"{words} {self._way()}", since=self.comment.said_on, places=places)

    def _way(self) -> str:
        """How it came, those without the internet included."""
        if answer := self.comment.survey_answer:
            return _("It came with our survey: %(route)s.") % {"route": answer.response.get_route_display()}
        if self.comment.receipt_id:
            return _("It came on a paper slip or by telephone, with a code.")
        return _("How it came is not recorded.")

    def _theme(self, codings: list[Coding]) -> Step:
        words, url = (
            _("Nobody has given or accepted a theme."),
            reverse("insight_work:collection_detail", args=[self.comment.collection_id]),
        )
        action, may = _("Code the comments"), self.user.has_perms(["insights.view_collection", "insights.add_coding"])
        if codings and all(row.theme.is_remainder for row in codings):
            words = _("A person found nothing in it to code. Its thread ends here.")
        elif codings:
            words = ", ".join(str(row.theme) for row in codings)
        elif self.comment.is_held:
            words = _("It is held because of personal data. Nobody may read it before somebody has decided.")
            action, url = _("Decide on it"), reverse("insight_work:held_decide", args=[self.comment.pk])
            may = self.user.has_perm("insights.read_held_comment")
        elif self.comment.codings.suggested().exists():
            words = _("The machine suggested themes. Nobody has accepted them.")
        seen = [row for row in codings if self.user.has_perm("insights.view_theme")][:SHOWN]
        places = tuple((str(row.theme), reverse("insight_work:theme_page", args=[row.theme_id])) for row in seen)
        since = day_of(codings[0].at) if codings else None
        return self._step(Link.THEME, codings, words, action=action, url=url, may=may, places=places, since=since)

    def _finding(self) -> Step:
        by_theme = Q(collection=self.comment.collection_id, theme__in=self.themes)
        evidence = FindingEvidence.objects.filter(by_theme | Q(quote__comment=self.comment))
        agreed = evidence.filter(finding__agreed_at__isnull=False)
        self.findings = set(agreed.values_list("finding", flat=True))
        seen = list(Finding.objects.for_user(self.user).filter(pk__in=self.findings).order_by("agreed_at")[:SHOWN])
        seen = seen if self.user.has_perm("insights.view_finding") else []
        places = tuple((short(row.statement), reverse("insight_work:finding_detail", args=[row.pk])) for row in seen)
        words = _("No agreed finding rests on what it says.")
        if count := len(self.findings):
            words = ngettext("%(n)s agreed finding rests on it.", "%(n)s agreed findings rest on it.", count) % {
                "n": count
            }
        return self._step(
            Link.FINDING,
            self.findings,
            words,
            action=_("Write a finding, and attach its theme as evidence"),
            url=reverse("insight_work:finding_add"),
            may=self.user.has_perm("insights.add_finding"),
            places=places,
            since=day_of(seen[0].agreed_at) if seen else None,
        )

    def _decision(self) -> Step:
        weighed = Q(weighed__finding__in=self.findings)
        if self.comment.collection.source_id:
            weighed |= Q(weighed__source=self.comment.collection.source_id)
        self.decisions = set(Decision.objects.filter(weighed).values_list("pk", flat=True))
        mine = Decision.objects.for_user(self.user).filter(pk__in=self.decisions).order_by("decided_on")
        seen = list(mine[:SHOWN]) if self.user.has_perm("insights.view_decision") else []
        places = tuple((row.title, reverse("insight_work:decision_detail", args=[row.pk])) for row in seen)
        words = _("No decision says what it made of it.")
        if count := len(self.decisions):
            words = ngettext("%(n)s decision weighed it.", "%(n)s decisions weighed it.", count) % {"n": count}
        return self._step(
            Link.DECISION,
            self.decisions,
            words,
            action=_("Record the decision, and what it made of this"),
            url=reverse("insight_work:decision_add"),
            may=self.user.has_perm("insights.add_decision"),
            places=places,
            since=seen[0].decided_on if seen else None,
        )

    def _answer(self) -> Step:
        to = Response.objects.public().to(self.activity) if self.activity else Response.objects.none()
        numbers = set(to.values_list("pk", flat=True))
        by_theme = Q(pk__in=numbers, themes__in=self.themes)
        rests = Q(findings__in=self.findings) | Q(decision__in=self.decisions)
        rows = Response.objects.public().filter(by_theme | rests).distinct().order_by("published_at")
        self.answers = list(rows.select_related("topic"))
        mine = Response.objects.for_user(self.user).filter(pk__in=[row.pk for row in self.answers])
        mine = set(mine.values_list("pk", flat=True))
        seen = [row for row in self.answers if row.pk in mine][:SHOWN]
        places = tuple((str(row), reverse("insight_work:answer_detail", args=[row.pk])) for row in seen)
        if not self.answers and to.filter(themes=None, findings=None, decision=None).exists():
            words = _("An answer to the activity is public. Which themes it answers is not recorded.")
            return Step(Link.ANSWER, State.NONE, words)
        words = _("No public answer is to what it says.")
        if count := len(self.answers):
            words = ngettext("%(n)s public answer is to it.", "%(n)s public answers are to it.", count) % {"n": count}
        may = self.user.has_perm("insights.add_response")
        may = bool(self.activity) and may and self.activity.may_be_changed_by(self.user)
        return self._step(
            Link.ANSWER,
            self.answers,
            words,
            action=_("Write the answer"),
            url=reverse("insight_work:answer_add", args=[self.activity.pk]) if self.activity else "",
            may=may,
            places=places,
            since=day_of(self.answers[0].published_at) if self.answers else None,
        )

    # Who said it -----------------------------------------------------------------------------------

    @property
    def _who(self) -> Q | None:
        """Who said it, as told and verdicts know them; None where that is not recorded."""
        if self.comment.said_by_id:
            return Q(person=self.comment.said_by_id)
        if self.comment.receipt_id:
            return Q(receipt=self.comment.receipt_id)
        if self.comment.survey_answer:
            return Q(survey_response=self.comment.survey_answer.response_id)
        return None

    def _told(self) -> Step:
        if not self.answers:
            return Step(Link.TOLD, State.WAITING, _("Who said it can be told once there is an answer."))
        if self._who is None:
            words = _("Who said it is not recorded, so nobody can be told of it. The answer is public.")
            return Step(Link.TOLD, State.NONE, words)
        told = telling.with_reached(Told.objects.filter(self._who, response__in=self.answers))
        rows = list(told.values_list("reached", flat=True))
        reached = [at for at in rows if at]
        if reached:
            return Step(Link.TOLD, State.WHOLE, _("Who said it was told."), since=day_of(min(reached)))
        if rows:
            return Step(Link.TOLD, State.WAITING, _("Who said it was written to. The message is on its way."))
        return self._untold()

    def _untold(self) -> Step:
        if not self.comment.said_by_id:
            return Step(Link.TOLD, State.NONE, _("Who said it holds a code, and has not looked yet."))
        if Contributor.objects.filter(
            person=self.comment.said_by_id, activity=self.activity, wants_no_news=True
        ).exists():
            words = _("Who said it does not want to be told.")
            return Step(Link.TOLD, State.NONE, words, is_asked=False)
        may = self.user.has_perm("insights.view_told")
        url = reverse("insight_work:told", args=[self.answers[0].pk]) if may else ""
        words = _("Who said it has not been told.")
        return Step(Link.TOLD, State.BROKEN, words, url=url, action=_("Tell them") if may else "")

    def _verdict(self, told: Step) -> Step:
        verdict = None
        if self._who is not None and self.answers:
            rows = Verdict.objects.filter(self._who, response__in=self.answers)
            verdict = rows.order_by("right").first()  # no, then in part, then yes: disagreement comes first
        if verdict is None:
            state = State.NONE if told.state == State.WHOLE else State.WAITING
            return Step(Link.VERDICT, state, _("They have not said it yet."))
        words = _("They said: %(said)s.") % {"said": verdict.get_right_display()}
        is_open = verdict.right != Verdict.Right.YES and verdict.dealt_with_at is None
        may = is_open and self.user.has_perm("insights.change_verdict")
        return Step(
            Link.VERDICT,
            State.BROKEN if is_open else State.WHOLE,
            f"{words} {_('Nobody has dealt with it.')}" if is_open else words,
            url=reverse("insight_work:verdict_deal", args=[verdict.pk]) if may else "",
            action=_("Deal with it") if may else "",
            since=day_of(verdict.at),
        )
