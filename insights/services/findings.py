"""Findings: written, given evidence, agreed by somebody else, published, retired; each step is audited (INS-005).

What was agreed does not change: it goes back to a draft first, and off the public page. The finding's row is locked for
each step, so that nobody agrees to evidence that somebody else takes away.
"""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.work import Line
from engagement.models import Activity, Policy
from forums.documents.cadences import add_months
from insights.documents.findings import quote_fell, refuse_personal, source_fell
from insights.documents.theme_figures import frozen
from insights.models import Collection, Finding, FindingEvidence, Quote, Source, Theme
from people.models import User

State = Finding.State
LINKS = ("topics", "groups", "areas")
CHANGEABLE = ("statement", "confidence", "confidence_because", "review_by")
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no letters that look like figures, and no vowels, so no words


def _new_reference() -> str:
    while True:
        reference = f"finding-{get_random_string(7, ALPHABET)}"
        if not Finding.objects.filter(reference=reference).exists():
            return reference


@transaction.atomic
def add_finding(
    *,
    by: User,
    statement: str,
    confidence: str,
    confidence_because: str,
    review_by: datetime.date | None = None,
    **links,
) -> Finding:
    """A draft of one thing that was learnt. The same form sent twice is one finding. Raises ValidationError.

    `links` are topics, groups and areas.
    """
    # The second of two equal forms of one person waits here, and then finds the finding of the first.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    statement = " ".join(statement.split())
    if found := Finding.objects.filter(statement=statement, written_by=by, state=State.DRAFT).first():
        return found
    finding = Finding(statement=statement, confidence=confidence, confidence_because=confidence_because.strip())
    finding.reference, finding.review_by, finding.written_by = _new_reference(), review_by, by
    _save(finding, by)
    for name in LINKS:
        getattr(finding, name).set(links.get(name, ()))
    audit.record(by, "wrote a finding", finding)
    return finding


@transaction.atomic
def change_finding(finding: Finding, *, by: User, **values) -> Finding:
    """Change a draft. Whoever changes its words wrote it, and cannot agree to it. The same again changes nothing.

    Raises ValidationError for what is agreed or retired.
    """
    finding = _locked(finding)
    links = {name: list(values.pop(name)) for name in LINKS if name in values}
    if "statement" in values:
        values["statement"] = " ".join(values["statement"].split())
    changed = [name for name in CHANGEABLE if name in values and getattr(finding, name) != values[name]]
    moved = [name for name, rows in links.items() if {*getattr(finding, name).all()} != {*rows}]
    if not changed and not moved:
        return finding
    _check_draft(finding)
    for name in changed:
        setattr(finding, name, values[name])
    if {"statement", "confidence", "confidence_because"} & {*changed}:
        finding.written_by = by
    _save(finding, by)
    for name in moved:
        getattr(finding, name).set(links[name])
    audit.record(by, "changed a finding", finding, fields=[*changed, *moved])
    return finding


# Evidence ----------------------------------------------------------------------------------------


@transaction.atomic
def add_evidence(
    finding: Finding,
    *,
    by: User,
    theme: Theme | None = None,
    collection: Collection | None = None,
    source: Source | None = None,
    activity: Activity | None = None,
    quote: Quote | None = None,
    note: str = "",
) -> FindingEvidence:
    """Attach one thing to a draft. The figures of a theme are frozen now. The same again finds the first.

    Raises ValidationError for more than one thing, for what cannot be used, and for a theme that nothing is coded with.
    """
    finding = _locked(finding)
    given = {"theme": theme, "collection": collection, "source": source, "activity": activity, "quote": quote}
    named = {name: row for name, row in given.items() if row is not None}
    if named.keys() not in ({"theme", "collection"}, {"source"}, {"activity"}, {"quote"}):
        raise ValidationError(_("Choose one thing that the finding rests on"), code="one_thing")
    if found := finding.evidence.filter(**named).first():
        return found
    _check_draft(finding)
    if words := (source and source_fell(source)) or (quote and quote_fell(quote)):
        raise ValidationError(words, code="fallen")
    if theme is not None and theme.is_remainder:
        words = _("“%(theme)s” says that there is nothing to code. Choose another theme") % {"theme": theme}
        raise ValidationError({"theme": words}, code="remainder")
    row = FindingEvidence(finding=finding, note=note.strip(), by=by, **named)
    if theme is not None:
        row.figures = frozen(theme, collection)
        if not row.figures["comments"]:
            words = _("Nobody has coded a comment of this collection with “%(theme)s” yet") % {"theme": theme}
            raise ValidationError({"theme": words}, code="no_codes")
    row.full_clean()
    row.save()
    audit.record(by, "attached evidence", finding, kind=next(iter(named)), row=row.pk)
    return row


@transaction.atomic
def remove_evidence(row: FindingEvidence, *, by: User) -> None:
    """Take evidence away from a draft. A second time changes nothing. Raises ValidationError for what is agreed."""
    finding = _locked(row.finding)
    found = finding.evidence.filter(pk=row.pk)
    if not found.exists():
        return
    _check_draft(finding)
    found.delete()
    audit.record(by, "removed evidence", finding, row=row.pk)


# Steps -------------------------------------------------------------------------------------------


@transaction.atomic
def agree_finding(finding: Finding, *, by: User) -> Finding:
    """Agree to what somebody else wrote. It is looked at again after the months of the policy, unless a day was set.

    A second time changes nothing. Raises ValidationError for one's own words, and without evidence that stands.
    """
    finding = _locked(finding)
    if finding.state == State.AGREED:
        return finding
    _check_draft(finding)
    if finding.written_by_id == by.pk:
        raise ValidationError(_("Somebody else has to agree to what you wrote"), code="own_words")
    if not finding.evidence.standing().exists():
        raise ValidationError(_("Attach at least one piece of evidence first"), code="no_evidence")
    if finding.evidence.fallen().exists():
        raise ValidationError(_("Take away the evidence that cannot be used any more first"), code="fallen")
    today = timezone.localdate()
    finding.state, finding.agreed_by, finding.agreed_at = State.AGREED, by, timezone.now()
    if finding.review_by is None or finding.review_by <= today:
        finding.review_by = add_months(today, Policy.objects.current().insight_months)
    _save(finding, by)
    audit.record(by, "agreed to a finding", finding)
    return finding


@transaction.atomic
def reopen_finding(finding: Finding, *, by: User) -> Finding:
    """Make it a draft again, to be changed and agreed anew. Nobody else can read it then. Twice changes nothing."""
    finding = _locked(finding)
    if finding.state == State.DRAFT:
        return finding
    finding.state, finding.state_because, finding.agreed_by, finding.agreed_at = State.DRAFT, "", None, None
    finding.published_at = finding.published_by = None
    _save(finding, by)
    audit.record(by, "opened a finding again", finding)
    return finding


@transaction.atomic
def publish_finding(finding: Finding, *, by: User) -> Finding:
    """Let everybody read an agreed finding. A second time changes nothing. Raises ValidationError.

    Personal details keep it back, and so does evidence that fell away since it was agreed.
    """
    finding = _locked(finding)
    if finding.is_published:
        return finding
    if finding.state != State.AGREED:
        raise ValidationError(_("Only a finding that is agreed can be published"), code="not_agreed")
    if Finding.objects.weakened().filter(pk=finding.pk).exists():
        words = _("Something that it rests on cannot be used any more. Open it again and replace that first")
        raise ValidationError(words, code="fallen")
    refuse_personal(finding, "statement", "confidence_because")
    finding.published_at, finding.published_by = timezone.now(), by
    _save(finding, by)
    audit.record(by, "published a finding", finding)
    return finding


@transaction.atomic
def withdraw_finding(finding: Finding, *, by: User) -> Finding:
    """Take it off the public pages. It stays agreed. A second time changes nothing."""
    finding = _locked(finding)
    if finding.is_published:
        finding.published_at = finding.published_by = None
        _save(finding, by)
        audit.record(by, "withdrew a finding", finding)
    return finding


@transaction.atomic
def look_again(finding: Finding, *, by: User, review_by: datetime.date) -> Finding:
    """Somebody looked: it still holds, and is looked at again by another day. Raises ValidationError."""
    finding = _locked(finding)
    if finding.review_by == review_by:
        return finding
    if finding.state != State.AGREED:
        raise ValidationError(_("Only a finding that is agreed is looked at again"), code="not_agreed")
    if review_by <= timezone.localdate():
        raise ValidationError({"review_by": _("Choose a day after today")})
    finding.review_by = review_by
    _save(finding, by)
    audit.record(by, "looked at a finding again", finding, review_by=review_by.isoformat())
    return finding


@transaction.atomic
def retire_finding(finding: Finding, *, by: User, because: str) -> Finding:
    """Say that it does not hold any more, and why. Nobody else can read it then. A second time changes nothing."""
    finding = _locked(finding)
    if finding.state == State.RETIRED:
        return finding
    if not because.strip():
        raise ValidationError({"because": _("Say why it is out of date")})
    finding.state, finding.state_because = State.RETIRED, because.strip()
    finding.published_at = finding.published_by = None
    _save(finding, by)
    audit.record(by, "retired a finding", finding)
    return finding


def _locked(finding: Finding) -> Finding:
    return Finding.objects.select_for_update().get(pk=finding.pk)


def _check_draft(finding: Finding) -> None:
    if finding.state != State.DRAFT:
        raise ValidationError(_("This finding is not a draft. Open it again first"), code="not_draft")


def _save(finding: Finding, by: User) -> None:
    finding.full_clean(exclude=["written_by"])  # who wrote it may have left since
    finding._history_user = by
    finding.save()


def left(user: User) -> Iterator[Line]:
    """What is left to do: findings to agree, to look at again, and those whose evidence fell away."""
    if not user.has_perm("insights.change_finding"):
        return
    mine, listed = Finding.objects.for_user(user), reverse("insight_work:finding_list")
    if user.has_perm("insights.agree_finding"):
        drafts = mine.filter(state=State.DRAFT, evidence__isnull=False).exclude(written_by=user).distinct().count()
        if drafts:
            words = ngettext("%(count)s finding to agree", "%(count)s findings to agree", drafts)
            yield Line(words % {"count": drafts}, f"{listed}?show=draft")
    if count := mine.weakened().count():
        words = ngettext(
            "%(count)s finding whose evidence fell away", "%(count)s findings whose evidence fell away", count
        )
        yield Line(words % {"count": count}, f"{listed}?show=weakened")
    if count := mine.to_review().count():
        words = ngettext("%(count)s finding to look at again", "%(count)s findings to look at again", count)
        yield Line(words % {"count": count}, f"{listed}?show=review")
