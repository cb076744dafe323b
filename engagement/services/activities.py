"""The life of an activity: planned, live, analysed, told back, closed; its aims, its evaluation (ENG-008, ENG-046)."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from engagement.documents.plausibility import Doubt, warnings_about
from engagement.models import Activity, Aim, Evaluation
from engagement.services.framework import needs_late_reason, principles_in_force
from people.models import User

State = Activity.State
# From a state to those that can follow. What was recorded afterwards is either planned anew or closed at once.
NEXT = {
    State.RECORDED: (State.PLANNED, State.CLOSED),
    State.PLANNED: (State.LIVE,),
    State.LIVE: (State.ANALYSIS,),
    State.ANALYSIS: (State.FEEDBACK_DUE,),
    State.FEEDBACK_DUE: (State.CLOSED,),
    State.CLOSED: (),
}
NEEDED_TO_GO_LIVE = {
    "purpose": gettext_lazy("Say what the activity is for"),
    "can_influence": gettext_lazy("Say what people can influence"),
    "cannot_influence": gettext_lazy("Say what people cannot influence, and why"),
    "route_without_internet": gettext_lazy("Say how people can take part without the internet"),
}

# Gates -------------------------------------------------------------------------------------------

Gate = Callable[[Activity], Iterable[str]]
_closing_gates: list[Gate] = []


def register_closing_gate(gate: Gate) -> None:
    """Have a gate asked before an activity closes: from the activity to sentences that say what is still to do."""
    _closing_gates.append(gate)


def obstacles(activity: Activity, to: str) -> list[str]:
    """Everything that stands between an activity and a state, in sentences that say what to do."""
    if to == State.LIVE:
        found = [str(words) for name, words in NEEDED_TO_GO_LIVE.items() if not getattr(activity, name).strip()]
        return found if activity.aims.exists() else [_("Add at least one aim, as a number"), *found]
    if to == State.CLOSED:
        found = [words for gate in _closing_gates for words in gate(activity)]
        return found if _is_evaluated(activity) else [_("Evaluate the activity first"), *found]
    return []


def _is_evaluated(activity: Activity) -> bool:
    return Evaluation.objects.filter(activity=activity).exists()


# Steps -------------------------------------------------------------------------------------------


def start(activity: Activity, *, by: User, late_reason: str = "") -> Activity:
    """Put an activity that was only recorded into the life of a planned one."""
    return move(activity, State.PLANNED, by=by, late_reason=late_reason)


@transaction.atomic
def move(activity: Activity, to: str, *, by: User, late_reason: str = "") -> Activity:
    """Move an activity on. The state that it has already changes nothing.

    Raises ValidationError for a step that does not follow, for everything that stands in the way of it, and in a
    locked period without a reason.
    """
    activity = _locked(activity)
    if activity.state == to:
        return activity
    if to not in NEXT[activity.state]:
        words = {"state": activity.get_state_display()}
        raise ValidationError(_("This cannot be done now. The activity is: %(state)s") % words, code="state")
    _take_late_reason(activity, late_reason)
    if found := obstacles(activity, to):
        raise ValidationError(found, code="obstacle")
    before, activity.state = activity.state, to
    _save(activity, by, "state", "late_reason")
    audit.record(by, "moved", activity, **{"from": before, "to": to})
    return activity


@transaction.atomic
def evaluate(
    activity: Activity,
    *,
    by: User,
    aims_met: str,
    who_was_missing: str,
    what_worked: str,
    what_to_change: str,
    late_reason: str = "",
) -> Evaluation:
    """Keep what the team learnt. Until the activity is closed it can be corrected; the same again changes nothing."""
    activity = _open(activity, by, late_reason)
    values = {"aims_met": aims_met, "who_was_missing": who_was_missing.strip()}
    values |= {"what_worked": what_worked.strip(), "what_to_change": what_to_change.strip()}
    row = Evaluation.objects.filter(activity=activity).first() or Evaluation(activity=activity)
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.by = by
    row.full_clean(exclude=["activity", "by"])
    row.save()
    audit.record(by, "evaluated", activity)
    return row


@transaction.atomic
def explain(activity: Activity, *, by: User, late_reason: str = "", **words: str) -> Activity:
    """Say what an activity is for, what people can and cannot influence, and how to take part without the internet."""
    unknown = set(words) - set(NEEDED_TO_GO_LIVE)
    if unknown:
        raise TypeError(f"explain() cannot change {', '.join(sorted(unknown))}")
    activity = _open(activity, by, late_reason)
    changed = [name for name, value in words.items() if getattr(activity, name) != value.strip()]
    for name in changed:
        setattr(activity, name, words[name].strip())
    if changed:
        activity.full_clean()
        if activity.state != State.PLANNED and (found := _no_longer_said(activity)):
            raise ValidationError(found)
        _save(activity, by, *changed)
        audit.record(by, "changed", activity, fields=changed)
    return activity


def _no_longer_said(activity: Activity) -> dict[str, str]:
    """What an activity that has gone live must go on saying."""
    if activity.state == State.RECORDED:
        return {}
    return {name: str(words) for name, words in NEEDED_TO_GO_LIVE.items() if not getattr(activity, name)}


# Aims --------------------------------------------------------------------------------------------


@transaction.atomic
def add_aim(
    activity: Activity, *, by: User, measure: str, target: int, groups=(), baseline: int | None = None, late_reason=""
) -> Aim:
    """An aim, as a number of something. The same measure again finds the first. Raises ValidationError."""
    activity = _open(activity, by, late_reason)
    measure = measure.strip()
    if found := activity.aims.filter(measure=measure, target=target).first():
        return found
    aim = Aim(activity=activity, measure=measure, target=target, baseline=baseline)
    aim.full_clean()
    aim.save()
    aim.groups.set(groups)
    audit.record(by, "added an aim", activity, aim=aim.pk)
    return aim


@transaction.atomic
def change_aim(aim: Aim, *, by: User, measure: str, target: int, groups, baseline: int | None, late_reason="") -> Aim:
    """Change what is aimed at. Once the activity is live its aims stand, or they would follow the results."""
    activity = _open(aim.activity, by, late_reason)
    if activity.state not in {State.RECORDED, State.PLANNED}:
        raise ValidationError(_("The activity has begun, so its aims stand. Say in the result what was different"))
    aim = Aim.objects.select_for_update().get(pk=aim.pk)
    aim.measure, aim.target, aim.baseline = measure.strip(), target, baseline
    aim.full_clean()
    aim.save()
    aim.groups.set(groups)
    audit.record(by, "changed an aim", activity, aim=aim.pk)
    return aim


@transaction.atomic
def record_result(aim: Aim, *, by: User, result: int, result_note: str = "", late_reason: str = "") -> Aim:
    """What an aim reached. It can be corrected until the activity is closed. Raises ValidationError before it began."""
    activity = _open(aim.activity, by, late_reason)
    if activity.state == State.PLANNED:
        raise ValidationError(_("The activity has not begun yet"))
    aim = Aim.objects.select_for_update().get(pk=aim.pk)
    aim.result, aim.result_note = result, result_note.strip()
    aim.full_clean()
    aim.save(update_fields=["result", "result_note"])
    audit.record(by, "recorded a result", activity, aim=aim.pk)
    return aim


# Locks -------------------------------------------------------------------------------------------


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update().get(pk=activity.pk)


def _open(activity: Activity, by: User, late_reason: str) -> Activity:
    """The activity, locked, that something is written to. Raises ValidationError where nothing may be."""
    activity = _locked(activity)
    if activity.state == State.CLOSED:
        raise ValidationError(_("The activity is closed, and its record stands"), code="closed")
    if _take_late_reason(activity, late_reason):
        _save(activity, by, "late_reason")
    return activity


def _take_late_reason(activity: Activity, late_reason: str) -> bool:
    """Whether a new reason was taken. Raises ValidationError where a locked period asks for one and has none."""
    period = needs_late_reason(activity.starts_on, activity.ends_on, activity.period)
    late_reason = late_reason.strip()
    if period and not (late_reason or activity.late_reason):
        words = {"period": period}
        raise ValidationError({"late_reason": _("The period %(period)s is locked. Say why this comes late") % words})
    if period is None or not late_reason or late_reason == activity.late_reason:
        return False
    activity.late_reason = late_reason
    activity.full_clean()
    return True


def _save(activity: Activity, by: User, *names: str) -> None:
    activity._history_user = by
    activity.save(update_fields=[*names, "updated_at"])


# What looks wrong --------------------------------------------------------------------------------


def doubts_about(activity: Activity) -> list[Doubt]:
    """Everything that looks wrong in a record and is allowed all the same, the wording of its principle included."""
    offered = principles_in_force(activity.starts_on, activity.ends_on, activity.period).select_related("principle_set")
    principles = list(offered)
    if not principles or activity.principle_id in {each.pk for each in principles}:
        return warnings_about(activity)
    words = {"set": principles[0].principle_set}
    doubt = Doubt(
        _("The principle is not one of “%(set)s”, the set in force at that time.") % words,
        str(Activity._meta.get_field("principle").verbose_name),
        _("Choose one of that set."),
    )
    return [*warnings_about(activity), doubt]
