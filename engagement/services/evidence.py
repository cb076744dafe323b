"""Evidence: somebody claims that a forum or an activity supports a principle, and a second person reviews it.

A claim grows by what is done with it: it is evidenced once it says how and has a proof, verified once a second person
accepted it, and its outcome is shown once an impact is named that a record backs.
"""

import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEvent
from engagement.documents.placing import local_sets
from engagement.models import Activity, Evidence, Impact, Principle, PrincipleSet, Proof
from engagement.services.framework import principles_in_force
from forums.models import Forum
from people.models import User

Strength = Evidence.Strength
ACCEPTED = (Strength.VERIFIED, Strength.OUTCOME)
THEIR_OWN = ("claimed", "changed claim", "attached proof")  # whoever did one of these does not review it

# What may be claimed -----------------------------------------------------------------------------


def principles_for(thing: Activity | Forum) -> QuerySet[Principle]:
    """The principles that something can support: national ones in the wording in force for it, and local ones.

    A forum works on through several wordings: it may support a principle of any that a period uses.
    """
    if isinstance(thing, Forum):
        sets = PrincipleSet.objects.filter(Q(periods__isnull=False) | Q(kind=PrincipleSet.Kind.LOCAL)).distinct()
        return Principle.objects.filter(principle_set__in=sets)
    first, last = _days(thing)
    national = principles_in_force(thing.starts_on, thing.ends_on, thing.period)
    return Principle.objects.filter(Q(pk__in=national.values("pk")) | Q(principle_set__in=local_sets(first, last)))


def _days(activity: Activity) -> tuple[datetime.date, datetime.date]:
    first, last = activity.starts_on or activity.ends_on, activity.ends_on or activity.starts_on
    if first is None:
        return activity.period.starts_on, activity.period.ends_on
    return first, max(last, timezone.localdate()) if activity.is_ongoing else last


# Claiming ----------------------------------------------------------------------------------------


@transaction.atomic
def claim(thing: Activity | Forum, principle: Principle, how: str, *, by: User) -> Evidence:
    """Claim that an activity or a forum supports a principle, and how. The same claim sent twice is one.

    Raises ValidationError without words, for a principle that is not in force for it, and for one claimed already.
    """
    type(thing).objects.select_for_update().get(pk=thing.pk)  # two who claim at once: the second finds the first's
    side = "forum" if isinstance(thing, Forum) else "activity"
    how = _how(how)
    if found := Evidence.objects.filter(principle=principle, **{side: thing}).first():
        if found.claimed_by_id == by.pk and found.how == how:
            return found
        raise ValidationError({"principle": _("This principle is claimed already. Choose another")}, code="claimed")
    if not principles_for(thing).filter(pk=principle.pk).exists():
        words = _("This principle was not in force then. Choose one of another wording")
        raise ValidationError({"principle": words}, code="not_in_force")
    evidence = Evidence.objects.create(principle=principle, how=how, claimed_by=by, **{side: thing})
    audit.record(by, "claimed", evidence)
    return evidence


@transaction.atomic
def change(evidence: Evidence, how: str, *, by: User) -> Evidence:
    """Say in other words how it supports the principle. What was verified has to be reviewed again.

    Whoever changes it claims it from then on. The same words again change nothing, except that a claim that was sent
    back waits for review once more only after a change. Raises ValidationError without words.
    """
    evidence, how = _locked(evidence), _how(how)
    if evidence.how == how:
        return evidence
    evidence.how, evidence.claimed_by = how, by
    _review_again(evidence)
    audit.record(by, "changed claim", evidence)
    return evidence


def _how(how: str) -> str:
    if not how.strip():
        raise ValidationError({"how": _("Say how it supports the principle")})
    return how.strip()


@transaction.atomic
def attach_proof(evidence: Evidence, title: str, *, by: User, file: ContentFile | None = None, link: str = "") -> Proof:
    """Attach a file that passed `core.files.checked`, or an address. The same proof again is found, not added.

    Raises ValidationError without title, and unless there is exactly one of file and address.
    """
    evidence, title, link = _locked(evidence), title.strip(), link.strip()
    if not title:
        raise ValidationError({"title": _("Enter a title for the proof")})
    if bool(file) == bool(link):
        raise ValidationError(_("Choose a file or write an address, one of the two"), code="one_of_two")
    if found := _same_proof(evidence, title, file, link):
        return found
    proof = Proof(evidence=evidence, title=title, link=link, added_by=by)
    proof.full_clean(exclude=["file"], validate_constraints=False)
    if file:
        proof.file.save(file.name, file, save=False)
    proof.save()
    _review_again(evidence)
    audit.record(by, "attached proof", evidence, proof=proof.pk)
    return proof


def _same_proof(evidence: Evidence, title: str, file: ContentFile | None, link: str) -> Proof | None:
    for proof in evidence.proofs.filter(title=title, link=link):
        if not file:
            return proof
        if proof.file and proof.file.size == file.size:
            with proof.file.open() as kept:
                if kept.read() == file.read():
                    return proof
            file.seek(0)
    return None


@transaction.atomic
def withdraw_proof(proof: Proof, *, by: User) -> Evidence:
    """Take a proof away, with its file. What was verified has to be reviewed again. A second time changes nothing."""
    evidence = _locked(proof.evidence)
    proof = evidence.proofs.filter(pk=proof.pk).first()
    if proof is None:
        return evidence
    name, storage, number = proof.file.name, proof.file.storage, proof.pk
    proof.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    _review_again(evidence)
    audit.record(by, "withdrew proof", evidence, proof=number)
    return evidence


def _review_again(evidence: Evidence) -> None:
    """Nobody has decided about what it says now: back to evidenced, or to claimed where a part is missing."""
    has_all = bool(evidence.how) and evidence.proofs.exists()
    evidence.strength = Strength.EVIDENCED if has_all else Strength.CLAIMED
    evidence.reviewed_by = evidence.reviewed_at = evidence.impact = None
    evidence.returned_because = ""
    evidence.save()


# Review ------------------------------------------------------------------------------------------


def why_not(evidence: Evidence, user: User) -> str:
    """Why somebody may not review this: because it is their own. Empty when they may."""
    if evidence.claimed_by_id == user.pk or (evidence.activity_id and evidence.activity.owner_id == user.pk):
        return _("Somebody else has to review this: it is your own work")
    own = AuditEvent.objects.filter(
        actor_id=user.pk, subject_type=Evidence._meta.label_lower, subject_id=str(evidence.pk), verb__in=THEIR_OWN
    )
    if evidence.proofs.filter(added_by=user).exists() or own.exists():
        return _("Somebody else has to review this: you worked on the claim or its proofs")
    return ""


def impacts_for(evidence: Evidence) -> QuerySet[Impact]:
    """What can be named as its outcome: changes that a record backs, of the activity or of those of the forum."""
    if evidence.activity_id:
        impacts = Impact.objects.filter(activity=evidence.activity_id)
    else:
        impacts = Impact.objects.filter(activity__forums=evidence.forum_id)
    return impacts.exclude(kind=Impact.Kind.NONE_YET).exclude(evidence="").select_related("activity")


@transaction.atomic
def accept(evidence: Evidence, *, by: User, impact: Impact | None = None) -> Evidence:
    """Accept a claim: it is verified, and its outcome shown when an impact is named. Twice changes nothing.

    Raises ValidationError: codes "own" for the reviewer's own work, "decided" when somebody else was first,
    "not_waiting" when it has no proof yet, and "impact" for an outcome that is not one of its own.
    """
    evidence = _locked(evidence)
    strength = Strength.OUTCOME if impact else Strength.VERIFIED
    if evidence.reviewed_by_id == by.pk and (evidence.strength, evidence.impact_id) == (strength, impact and impact.pk):
        return evidence
    _check_review(evidence, by)
    _check_impact(evidence, impact)
    evidence.strength, evidence.impact = strength, impact
    evidence.reviewed_by, evidence.reviewed_at = by, timezone.now()
    evidence.save()
    audit.record(by, "accepted", evidence, impact=impact and impact.pk)
    return evidence


@transaction.atomic
def show_outcome(evidence: Evidence, impact: Impact, *, by: User) -> Evidence:
    """Name the outcome of a claim that is verified. The same again changes nothing. Raises ValidationError."""
    evidence = _locked(evidence)
    if evidence.strength == Strength.OUTCOME and evidence.impact_id == impact.pk:
        return evidence
    if evidence.strength not in ACCEPTED:
        raise ValidationError(_("Review the claim first. An outcome is named afterwards"), code="not_verified")
    _check_own(evidence, by)
    _check_impact(evidence, impact)
    evidence.strength, evidence.impact = Strength.OUTCOME, impact
    evidence.reviewed_by, evidence.reviewed_at = by, timezone.now()
    evidence.save()
    audit.record(by, "named outcome", evidence, impact=impact.pk)
    return evidence


@transaction.atomic
def return_(evidence: Evidence, because: str, *, by: User) -> Evidence:
    """Send a claim back with a reason; it waits for review again once it is changed. Twice changes nothing.

    Raises ValidationError without a reason, and as `accept` does.
    """
    evidence, because = _locked(evidence), because.strip()
    if not because:
        raise ValidationError({"because": _("Say what is missing or has to change")})
    if evidence.reviewed_by_id == by.pk and evidence.returned_because == because:
        return evidence
    _check_review(evidence, by)
    evidence.returned_because, evidence.reviewed_by, evidence.reviewed_at = because, by, timezone.now()
    evidence.save()
    audit.record(by, "returned", evidence)
    return evidence


def _check_own(evidence: Evidence, by: User) -> None:
    if words := why_not(evidence, by):
        raise ValidationError(words, code="own")


def _check_review(evidence: Evidence, by: User) -> None:
    _check_own(evidence, by)
    if evidence.is_waiting:
        return
    if evidence.reviewed_at is None:
        raise ValidationError(_("There is no proof yet. Attach a file or an address first"), code="not_waiting")
    words = {
        "who": evidence.reviewed_by or _("Somebody"),
        "day": date_format(timezone.localtime(evidence.reviewed_at), "j F Y, H:i"),
    }
    if evidence.returned_because:
        raise ValidationError(_("%(who)s has returned this already, on %(day)s") % words, code="decided")
    raise ValidationError(_("%(who)s has accepted this already, on %(day)s") % words, code="decided")


def _check_impact(evidence: Evidence, impact: Impact | None) -> None:
    if impact is None or impacts_for(evidence).filter(pk=impact.pk).exists():
        return
    words = _("Choose a change that came of this activity or forum, and that the record backs")
    raise ValidationError({"impact": words}, code="impact")


def _locked(evidence: Evidence) -> Evidence:
    return Evidence.objects.select_for_update().get(pk=evidence.pk)
