"""Who took part, in totals, and outreach where somebody is missing (ENG-023, ENG-025, SVC-026)."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.work import Line
from engagement.documents.representation import Picture, Verdict
from engagement.documents.who_took_part import frozen, picture_of
from engagement.models import Activity, OutreachAction, Participation, Survey
from engagement.services.framework import needs_late_reason
from engagement.services.surveys.counting import source_of
from people.models import EqualityOption, EqualityQuestion, User


def may_record(user: User, activity: Activity) -> bool:
    """Whether somebody enters totals and outreach: the engagement team, and whoever works on the activity’s project."""
    if user.has_perm("engagement.add_participation"):
        return True
    return activity.project is not None and activity.project.may_be_changed_by(user)


# Totals --------------------------------------------------------------------------------------------


@transaction.atomic
def record_totals(
    activity: Activity,
    question: EqualityQuestion,
    numbers: dict[str, int],
    *,
    by: User,
    on: datetime.date,
    source: str,
) -> None:
    """Keep how many people gave each answer, as a meeting or a sheet counted them: the code of the option → people.

    An answer that was not counted is left out: that is not 0. The same day and source again replace what was there;
    the same numbers again change nothing. The audit says that numbers were entered, not which: they may be small.
    Raises ValidationError for no numbers, a day to come, an unknown answer, a survey's own count and a locked period.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    options = {option.code: option for option in question.options.all()}
    source = " ".join(source.split())
    _check_totals(activity, options, numbers, on, source)
    before = Participation.objects.filter(activity=activity, option__question=question, on=on, source=source)
    if dict(before.values_list("option__code", "number")) == numbers:
        return
    before.delete()
    rows = [Participation(activity=activity, option=options[code], on=on, source=source, number=number)
            for code, number in numbers.items()]  # fmt: skip
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=False)
    Participation.objects.bulk_create(rows)
    audit.record(by, "recorded who took part", activity, question=question.code, on=on.isoformat(), source=source)


def _check_totals(activity: Activity, options: dict, numbers: dict[str, int], on: datetime.date, source: str) -> None:
    if not numbers:
        raise ValidationError(_("Enter at least one number of people"))
    if unknown := [code for code in numbers if code not in options]:
        raise ValidationError(_("There is no such answer: %(names)s") % {"names": ", ".join(unknown)})
    if on > timezone.localdate():
        raise ValidationError({"on": _("The day must not be in the future")})
    if not source:
        raise ValidationError({"source": _("Say from which meeting or sheet the numbers come")})
    if source.casefold() in {source_of(survey).casefold() for survey in Survey.objects.filter(activity=activity)}:
        words = _("That survey counts its own answers. Name the meeting or the sheet that you counted")
        raise ValidationError({"source": words})
    period = needs_late_reason(on, on, None)
    if period is not None and not activity.late_reason:
        words = _("%(period)s is locked. First give the activity a reason for a late entry")
        raise ValidationError({"on": words % {"period": period}})


# Outreach ------------------------------------------------------------------------------------------


def may_be_missing(shown: Picture, option: EqualityOption) -> bool:
    """Whether people with this answer are under-represented, or nobody can say. “Prefer not to say” is no group."""
    if option.code == EqualityOption.PREFER_NOT_TO_SAY:
        return False
    _base, group = shown.group_of(option)
    return group is None or group.verdict in {Verdict.UNDER, Verdict.UNKNOWN}


@transaction.atomic
def begin_outreach(
    activity: Activity, option: EqualityOption, *, by: User, what: str, owner: str, due_on: datetime.date
) -> OutreachAction:
    """Something is to be done because a group is missing. Its share and base are kept as they are shown now.

    The same again finds the first. Raises ValidationError for a group that is not missing and a day in the past.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    words = {"what": what.strip(), "owner": owner.strip(), "due_on": due_on}
    if found := OutreachAction.objects.filter(activity=activity, option=option, **words).first():
        return found
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": _("The day must not be in the past")})
    shown = picture_of(activity)
    if not may_be_missing(shown, option):
        words = _("“%(group)s” is not missing. Choose a group that is under-represented") % {"group": option}
        raise ValidationError({"option": words})
    share, base = frozen(shown, option)
    action = OutreachAction(activity=activity, option=option, share_then=share, base_then=base, **words)
    action.full_clean()
    action.save()
    audit.record(by, "began outreach", action, activity=activity.pk)
    return action


@transaction.atomic
def finish_outreach(action: OutreachAction, *, by: User, result: str, done_on: datetime.date) -> OutreachAction:
    """Say what came of it. The same again changes nothing. Raises ValidationError for a second, different end."""
    action = OutreachAction.objects.select_for_update().get(pk=action.pk)
    result = result.strip()
    if action.done_on is not None:
        if (action.done_on, action.result) == (done_on, result):
            return action
        raise ValidationError(_("Somebody has already said what came of it. Read it on the page of the activity"))
    if not result:
        raise ValidationError({"result": _("Say what came of it")})
    if not action.started_on <= done_on <= timezone.localdate():
        raise ValidationError({"done_on": _("The day must be between the beginning of the outreach and today")})
    action.result, action.done_on = result, done_on
    action.full_clean()
    action.save(update_fields=["result", "done_on", "updated_at"])
    audit.record(by, "finished outreach", action, activity=action.activity_id)
    return action


def open_outreach(user: User):
    """What is still to be done in the activities that somebody may see, the earliest day first."""
    mine = Activity.objects.for_user(user).values("pk")
    rows = OutreachAction.objects.filter(done_on=None, activity__in=mine)
    return rows.select_related("activity", "option", "option__question").order_by("due_on", "pk")


def left(user: User) -> Iterator[Line]:
    """Outreach whose day has passed, for the list of what is left to do."""
    if user.has_perm("engagement.view_outreachaction"):
        count = open_outreach(user).filter(due_on__lt=timezone.localdate()).count()
        if count:
            words = ngettext("%(count)s outreach action is overdue", "%(count)s outreach actions are overdue", count)
            yield Line(words % {"count": count}, reverse("engagement:outreach_list"))
