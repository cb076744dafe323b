"""What reports recommend, what committees made of it, and whether it was done (MTG-013, INS-030)."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.work import Line
from insights.models import Recommendation, Source
from people.models import User

Outcome = Recommendation.Outcome
CHANGEABLE = ("text", "committee", "considered_on", "outcome", "because", "action", "owner", "due_on")


@transaction.atomic
def add_recommendation(source: Source, *, by: User, text: str, number: int | None = None, **values) -> Recommendation:
    """Note one recommendation of a report. The same words again are one. Raises ValidationError.

    `values` are the names in CHANGEABLE. Without a number it gets the next one.
    """
    source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    text = text.strip()
    if found := source.recommendations.filter(text=text).first():
        return found
    if source.layer != Source.Layer.REPORT or source.state != Source.State.IN_USE:
        raise ValidationError(_("Only a report of findings that is in use can recommend something"), code="no_report")
    if number is None:
        number = (source.recommendations.aggregate(last=Max("number"))["last"] or 0) + 1
    row = Recommendation(source=source, number=number, text=text, **values)
    _save(row)
    audit.record(by, "noted a recommendation", row, source=source.pk)
    return row


@transaction.atomic
def change_recommendation(recommendation: Recommendation, *, by: User, **values) -> Recommendation:
    """Change what it says or what a committee made of it. The same again changes nothing. Raises ValidationError."""
    row = _locked(recommendation)
    changed = [name for name in CHANGEABLE if name in values and getattr(row, name) != values[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    _save(row)
    audit.record(by, "changed a recommendation", row, fields=changed)
    return row


@transaction.atomic
def finish_recommendation(
    recommendation: Recommendation, *, by: User, done_on: datetime.date, evidence: str
) -> Recommendation:
    """Say that it was done, when, and what shows it. A second time changes nothing. Raises ValidationError."""
    row = _locked(recommendation)
    if row.done_on is not None:
        return row
    if row.outcome not in Recommendation.AGREED:
        raise ValidationError(_("Say first which committee accepted it, and what is done"), code="not_accepted")
    row.done_on, row.evidence = done_on, evidence.strip()
    _save(row)
    audit.record(by, "did what was recommended", row)
    return row


def _locked(recommendation: Recommendation) -> Recommendation:
    return (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("committee__kind")
        .get(pk=recommendation.pk)
    )


def _save(row: Recommendation) -> None:
    for name in ("because", "action", "owner"):
        setattr(row, name, getattr(row, name).strip())
    if wrong := dict(_wrong(row)):
        raise ValidationError(wrong)
    row.full_clean()
    row.save()


def _wrong(row: Recommendation) -> Iterator[tuple[str, str]]:
    """What a row lacks, beside the field that lacks it. The same rules are constraints of the database."""
    today = timezone.localdate()
    if row.committee is not None and not row.committee.kind.is_committee:
        yield "committee", _("Choose a board or a committee. Other forums advise, they do not decide")
    if row.considered_on and row.considered_on > today:
        yield "considered_on", _("The day must not be in the future")
    if row.outcome != Outcome.WAITING:
        if row.committee is None:
            yield "committee", _("Select the committee that decided")
        if row.considered_on is None:
            yield "considered_on", _("Enter the day on which the committee decided")
    if row.outcome in {Outcome.PARTLY, Outcome.REJECTED} and not row.because:
        yield "because", _("Say why it was not accepted in full")
    if row.outcome in Recommendation.AGREED:
        if not row.action:
            yield "action", _("Say what is done")
        if not row.owner:
            yield "owner", _("Enter the post that sees to it")
        if row.due_on is None:
            yield "due_on", _("Enter the day by which it is done")
    yield from _wrong_when_done(row, today)


def _wrong_when_done(row: Recommendation, today: datetime.date) -> Iterator[tuple[str, str]]:
    if row.done_on is None:
        return
    if row.outcome not in Recommendation.AGREED:
        yield "outcome", _("It is done already, so it was accepted")
    if not row.evidence:
        yield "evidence", _("Say what shows that it was done")
    if row.done_on > today:
        yield "done_on", _("The day must not be in the future")
    elif row.considered_on and row.done_on < row.considered_on:
        yield "done_on", _("It cannot be done before the committee accepted it")


def left(user: User) -> Iterator[Line]:
    """What waits with recommendations: those that are overdue, and those on which no committee has decided."""
    if not user.has_perm("insights.change_recommendation"):
        return
    mine, page = Recommendation.objects.for_user(user), reverse("insight_work:recommendation_list")
    if late := mine.overdue().count():
        words = ngettext("%(count)s recommendation that is overdue", "%(count)s recommendations that are overdue", late)
        yield Line(words % {"count": late}, f"{page}?show=overdue")
    if waiting := mine.waiting().count():
        words = ngettext(
            "%(count)s recommendation that no committee has decided on",
            "%(count)s recommendations that no committee has decided on",
            waiting,
        )
        yield Line(words % {"count": waiting}, f"{page}?show=waiting")
