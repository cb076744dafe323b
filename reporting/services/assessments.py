"""What may be done with an assessment: begun, judged dimension by dimension, made final, taken back with a reason."""

import datetime
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity, Period
from forums.models import Forum
from people.models import User
from reporting.documents.assessments import SELF, sides, unjudged
from reporting.models import Assessment, Dimension, Judgement, Level, Yardstick


@transaction.atomic
def begin_assessment(
    yardstick: Yardstick,
    *,
    by: User | None,
    period: Period,
    made_on: datetime.date,
    assessor: str = SELF,
    forum: Forum | None = None,
) -> Assessment:
    """Begin to judge a year by a yardstick. The same again returns the one that was begun.

    Raises ValidationError for a year that such an assessment judges already.
    """
    yardstick = Yardstick.objects.select_for_update().get(pk=yardstick.pk)
    row = Assessment(yardstick=yardstick, period=period, assessor=assessor, forum=forum, made_on=made_on, by=by)
    found = Assessment.objects.filter(yardstick=yardstick, period=period, assessor=assessor).first()
    if found and not found.is_final and (found.forum_id, found.made_on) == (row.forum_id, made_on):
        return found
    _check_beginning(row)
    row.full_clean()
    row.save()
    audit.record(by, "began", row)
    return row


def _check_beginning(row: Assessment) -> None:
    if not row.yardstick.dimensions.exists():
        raise ValidationError(_("The yardstick has nothing to judge yet. Add its dimensions first"), code="empty")
    if row.yardstick.kind != Yardstick.Kind.EVALUATION and not row.yardstick.levels.exists():
        raise ValidationError(_("The yardstick has no levels yet. Add them first"), code="empty")
    if row.period.kind != Period.Kind.YEAR:
        raise ValidationError({"period": _("Select a year. Quarters are not judged")})
    if row.made_on > timezone.localdate():
        raise ValidationError({"made_on": _("The day must not be in the future")})
    if row.forum and row.assessor != SELF:
        raise ValidationError({"forum": _("Choose no group where NHS England judges")})


@transaction.atomic
def judge(
    assessment: Assessment,
    dimension: Dimension,
    *,
    by: User | None,
    text: str,
    perspective: str = "",
    level: Level | None = None,
    gap: str = "",
    next_step: str = "",
    owner: str = "",
    due_on: datetime.date | None = None,
    activities: Iterable[Activity] = (),
    proofs: Sequence[tuple[str, str]] = (),
) -> Judgement:
    """Say how a dimension stands, or correct it until the assessment is final. The same again changes nothing.

    `proofs` are pairs of words and web address, "" where there is none. Raises ValidationError.
    """
    assessment = _draft(assessment)
    chosen = {each.pk for each in activities}
    _check_judgement(assessment.yardstick, dimension, perspective, level)
    _check_evidence(assessment.yardstick, len(chosen) + len(proofs))
    key = {"assessment": assessment, "dimension": dimension, "perspective": perspective}
    row = Judgement.objects.filter(**key).first() or Judgement(**key)
    said = {"level": level, "text": text.strip(), "gap": gap.strip(), "next_step": next_step.strip()}
    said |= {"owner": owner.strip(), "due_on": due_on}
    is_changed = row._state.adding or any(getattr(row, name) != value for name, value in said.items())
    for name, value in said.items():
        setattr(row, name, value)
    if is_changed:
        row.full_clean()
        row.save()
    if chosen != set(row.activities.values_list("pk", flat=True)):
        row.activities.set(chosen)
        is_changed = True
    if _keep_proofs(row, proofs) or is_changed:
        audit.record(by, "judged", row, assessment=assessment.pk)
    return row


def _check_judgement(yardstick: Yardstick, dimension: Dimension, perspective: str, level: Level | None) -> None:
    if dimension.yardstick_id != yardstick.pk:
        raise ValidationError(_("Choose a dimension of this yardstick"), code="dimension")
    if perspective not in sides(yardstick):
        words = _("Say from whose side it is judged") if sides(yardstick) != [""] else _("Leave out from whose side")
        raise ValidationError(words, code="perspective")
    if yardstick.kind == Yardstick.Kind.EVALUATION:
        if level is not None:
            raise ValidationError({"level": _("An evaluation is judged in words. Choose no level")})
    elif level is None or level.yardstick_id != yardstick.pk:
        raise ValidationError({"level": _("Select a level of this yardstick")})


def _check_evidence(yardstick: Yardstick, pieces: int) -> None:
    if yardstick.most_links is not None and pieces > yardstick.most_links:
        said = {"most": yardstick.most_links, "pieces": pieces}
        words = _("Name at most %(most)s pieces of evidence, activities and others together. You named %(pieces)s")
        raise ValidationError(words % said, code="too_many")


def _keep_proofs(row: Judgement, proofs: Sequence[tuple[str, str]]) -> bool:
    """Make the pieces of evidence those that are given, in their order. Whether anything changed."""
    given = [(text.strip(), url.strip()) for text, url in proofs]
    if given == list(row.proofs.values_list("text", "url")):
        return False
    row.proofs.all().delete()
    for text, url in given:
        proof = row.proofs.model(judgement=row, text=text, url=url)
        proof.full_clean()
        proof.save()
    return True


@transaction.atomic
def make_final(assessment: Assessment, *, by: User | None) -> Assessment:
    """Let a draft stand as it is. Raises ValidationError while something is not judged, with one sentence for each."""
    row = _locked(assessment)
    if row.is_final:
        return row
    if missing := unjudged(row):
        said = [ValidationError(_("Not judged yet: %(what)s") % {"what": what}, code="unjudged") for what in missing]
        raise ValidationError(said)
    row.final_at = timezone.now()
    row.save(update_fields=["final_at", "updated_at"])
    audit.record(by, "made final", row)
    return row


@transaction.atomic
def take_back(assessment: Assessment, *, by: User, because: str) -> Assessment:
    """Make a final assessment a draft again, to put right what is wrong in it. Reports that printed it stay.

    Raises ValidationError without a reason.
    """
    row = _locked(assessment)
    if not row.is_final:
        return row
    if not because.strip():
        raise ValidationError({"because": _("Say why it is taken back")})
    row.final_at = None
    row.save(update_fields=["final_at", "updated_at"])
    audit.record(by, "took back to draft", row, because=because.strip())
    return row


@transaction.atomic
def discard(assessment: Assessment, *, by: User) -> None:
    """Remove an assessment that was begun by mistake: nothing is judged in it. Raises ValidationError for another."""
    row = Assessment.objects.select_for_update().filter(pk=assessment.pk).first()
    if row is None:
        return
    if row.is_final or row.judgements.exists():
        raise ValidationError(_("Something is judged in it already, so it stays"), code="judged")
    audit.record(by, "discarded", row)
    row.delete()


def _locked(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_for_update(of=("self",)).select_related("yardstick").get(pk=assessment.pk)


def _draft(assessment: Assessment) -> Assessment:
    row = _locked(assessment)
    if row.is_final:
        words = _("This assessment is final. Nothing in it can be changed")
        raise ValidationError(words, code="final")
    return row
