"""Patient groups of practices: they are asked, they reply, they measure themselves by a standard (PPG-001 to 004)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from forums.models import CriterionAnswer, PracticeGroup, SelfAssessment, Standard, StandardCriterion
from people.models import User


def newest_standard() -> Standard | None:
    """The standard in force today that began last; None before there is one."""
    return Standard.objects.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on", "-pk").first()


def _locked(group: PracticeGroup) -> PracticeGroup:
    return PracticeGroup.objects.select_for_update().get(pk=group.pk)


@transaction.atomic
def assess(
    group: PracticeGroup,
    standard: Standard,
    *,
    on: datetime.date,
    assessed_by: str,
    answers: dict[StandardCriterion, tuple[str, str]],
    by: User,
) -> SelfAssessment:
    """Keep how a group measures itself: criterion → (met, what shows it). The same again finds the first.

    Raises ValidationError for a day in the future, a criterion left out, one that is met without a proof, and for a
    second, different assessment of the same day.
    """
    group = _locked(group)
    if on > timezone.localdate():
        raise ValidationError({"on": _("The day must not be in the future")})
    missing = [each for each in standard.criteria.all() if each not in answers]
    if missing:
        raise ValidationError(_("Answer every criterion. Missing: %(names)s") % {"names": "; ".join(map(str, missing))})
    given = {each.pk: (met, evidence.strip()) for each, (met, evidence) in answers.items()}
    if found := group.assessments.filter(standard=standard, on=on).first():
        if {each.criterion_id: (each.met, each.evidence) for each in found.answers.all()} == given:
            return found
        raise ValidationError({"on": _("There is an assessment of this day already")})
    assessment = SelfAssessment(group=group, standard=standard, on=on, by=assessed_by.strip(), recorded_by=by)
    assessment.full_clean()
    assessment.save()
    rows = [
        CriterionAnswer(assessment=assessment, criterion=each, met=given[each.pk][0], evidence=given[each.pk][1])
        for each in answers
    ]
    for row in rows:
        row.full_clean(exclude=["assessment"])
    CriterionAnswer.objects.bulk_create(rows)
    audit.record(by, "recorded a self-assessment", group, standard=standard.pk, on=str(on))
    return assessment


@transaction.atomic
def asked_today(group: PracticeGroup, *, by: User) -> PracticeGroup:
    """Note that a group was asked something today. Twice on a day is harmless."""
    return _note(group, "last_asked_on", "asked a patient group", by=by)


@transaction.atomic
def replied_today(group: PracticeGroup, *, by: User) -> PracticeGroup:
    """Note that a group replied today. Twice on a day is harmless."""
    return _note(group, "last_reply_on", "noted the reply of a patient group", by=by)


def _note(group: PracticeGroup, name: str, verb: str, *, by: User) -> PracticeGroup:
    group, today = _locked(group), timezone.localdate()
    if getattr(group, name) != today:
        setattr(group, name, today)
        group.save(update_fields=[name, "updated_at"])
        audit.record(by, verb, group)
    return group


@transaction.atomic
def set_plan(group: PracticeGroup, plan: str, *, by: User) -> PracticeGroup:
    """Keep how a group that has gone quiet is to get going again. The same words again change nothing."""
    group = _locked(group)
    if group.plan != plan.strip():
        group.plan = plan.strip()
        group.save(update_fields=["plan", "updated_at"])
        audit.record(by, "changed the plan of a patient group", group)
    return group
