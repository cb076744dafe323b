"""Issues that one person raised, followed to the end: assigned, answered, acted on, closed, told (ENG-038)."""

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.work import Line
from engagement.models import Activity, IssueRaised, Topic
from people.models import Organisation, PopulationGroup, User

Gate = Callable[[IssueRaised], Iterable[str]]
_closing_gates: list[Gate] = []


def register_closing_gate(gate: Gate) -> None:
    """Have a gate asked before an issue closes: from the issue to sentences that say what is still to do."""
    _closing_gates.append(gate)


@transaction.atomic
def raise_issue(
    activity: Activity,
    *,
    by: User,
    summary: str,
    raised_on: datetime.date,
    route: str = "",
    topic: Topic | None = None,
    group: PopulationGroup | None = None,
    organisation: Organisation | None = None,
) -> IssueRaised:
    """Note what somebody raised, without their name. The same words on the same day are one issue."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    summary = summary.strip()
    if found := activity.issues.filter(summary=summary, raised_on=raised_on).first():
        return found
    _refuse_future("raised_on", raised_on)
    issue = IssueRaised(activity=activity, summary=summary, raised_on=raised_on, route=route.strip(), topic=topic)
    issue.group, issue.organisation = group, organisation
    issue.full_clean()
    issue.save()
    audit.record(by, "noted an issue", issue, activity=activity.pk)
    return issue


@transaction.atomic
def assign_issue(issue: IssueRaised, *, by: User, organisation: Organisation) -> IssueRaised:
    """Say who has to act. The same again changes nothing."""
    issue = _locked(issue)
    if issue.organisation_id == organisation.pk:
        return issue
    _check_open(issue)
    issue.organisation = organisation
    return _save(issue, by, "assigned an issue", "organisation")


@transaction.atomic
def answer_issue(issue: IssueRaised, *, by: User, answer: str) -> IssueRaised:
    """Write the answer, or correct it until the issue is closed."""
    issue = _locked(issue)
    answer = answer.strip()
    if issue.answer == answer:
        return issue
    _check_open(issue)
    issue.answer = answer
    return _save(issue, by, "answered an issue", "answer")


@transaction.atomic
def act_on_issue(issue: IssueRaised, *, by: User, acted_on: datetime.date) -> IssueRaised:
    """Note the day on which something was done about it."""
    issue = _locked(issue)
    if issue.acted_on == acted_on:
        return issue
    _check_open(issue)
    _check_day(issue, "acted_on", acted_on)
    issue.acted_on = acted_on
    return _save(issue, by, "acted on an issue", "acted_on")


@transaction.atomic
def close_issue(issue: IssueRaised, *, by: User) -> IssueRaised:
    """Say that nothing more is to be done. A second time changes nothing.

    Raises ValidationError without an answer, and with everything that the gates find (SVC-022).
    """
    issue = _locked(issue)
    if issue.closed_on:
        return issue
    if not issue.answer.strip():
        raise ValidationError(_("Write the answer before you close the issue"), code="no_answer")
    found = [ValidationError(words, code="obstacle") for gate in _closing_gates for words in gate(issue)]
    if found:
        raise ValidationError(found)
    issue.closed_on = timezone.localdate()
    return _save(issue, by, "closed an issue", "closed_on")


@transaction.atomic
def reopen_issue(issue: IssueRaised, *, by: User) -> IssueRaised:
    """Take a closed issue up again: it was not the end, so the person has to be told again."""
    issue = _locked(issue)
    if issue.closed_on is None:
        return issue
    issue.closed_on = issue.person_told_on = None
    return _save(issue, by, "opened an issue again", "closed_on", "person_told_on")


@transaction.atomic
def person_told(issue: IssueRaised, *, by: User, person_told_on: datetime.date) -> IssueRaised:
    """Note the day on which the person who raised it was told the answer. Raises ValidationError without one."""
    issue = _locked(issue)
    if issue.person_told_on == person_told_on:
        return issue
    if not issue.answer.strip():
        raise ValidationError(_("There is no answer yet that the person could be told"), code="no_answer")
    _check_day(issue, "person_told_on", person_told_on)
    issue.person_told_on = person_told_on
    return _save(issue, by, "told the person", "person_told_on")


def _locked(issue: IssueRaised) -> IssueRaised:
    return IssueRaised.objects.select_for_update().get(pk=issue.pk)


def _check_open(issue: IssueRaised) -> None:
    if issue.closed_on:
        raise ValidationError(_("The issue is closed. Open it again first"), code="closed")


def _check_day(issue: IssueRaised, name: str, day: datetime.date) -> None:
    _refuse_future(name, day)
    if issue.raised_on and day < issue.raised_on:
        raise ValidationError({name: _("The day must not be before the issue was raised")})


def _refuse_future(name: str, day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError({name: _("The day must not be in the future")})


def _save(issue: IssueRaised, by: User, verb: str, *names: str) -> IssueRaised:
    issue.full_clean()
    issue.save(update_fields=names)
    audit.record(by, verb, issue)
    return issue


def left(user: User) -> Iterator[Line]:
    """What is left to do: issues that wait for too long, and people who were not told."""
    if not user.has_perm("engagement.change_issueraised"):
        return
    mine = IssueRaised.objects.for_user(user)
    if count := mine.overdue().count():
        words = ngettext(
            "%(count)s issue open for more than %(days)s days",
            "%(count)s issues open for more than %(days)s days",
            count,
        )
        yield Line(words % {"count": count, "days": IssueRaised.DAYS}, f"{reverse('engagement:issue_list')}?state=late")
    if count := mine.untold().count():
        words = ngettext(
            "%(count)s issue whose person was not told", "%(count)s issues whose person was not told", count
        )
        yield Line(words % {"count": count}, f"{reverse('engagement:issue_list')}?state=untold")
