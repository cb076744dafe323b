"""Strategies and plans: written, kept up to date, published. Whatever belongs to a plan is written under its lock.

What everybody can read holds no personal details: they are refused when a plan is published, and after that with
each change of it.
"""

import datetime
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity
from insights.documents.findings import refuse_personal
from people.models import User
from reporting.documents.plans import last_day
from reporting.models import BudgetLine, Milestone, Phase, Plan, PlanReview, Precision, Priority, Risk

Part = Priority | Milestone | Risk | BudgetLine | Phase | PlanReview

# Days on which something was done, so that cannot lie ahead.
PAST = ("agreed_on", "done_on", "closed_on", "held_on")
DATED = ("precision", "starts_on", "ends_on", "due_on", "forecast_on")


@transaction.atomic
def add_plan(*, by: User, **values) -> Plan:
    """Write down a plan, which nobody but staff reads yet. The same form sent twice is one plan.

    Without a code it takes one from its title. Raises ValidationError.
    """
    # The second of two equal forms of one person waits here, and then finds the plan of the first.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    plain, many = _split(Plan, values)
    if found := Plan.objects.filter(**plain).first():
        return found
    return _write(Plan(**{"code": _new_code(values.get("title", ""))} | plain), by, "added a plan", many)


@transaction.atomic
def change_plan(plan: Plan, *, by: User, **values) -> Plan:
    """Change what a plan says. The same again changes nothing. Raises ValidationError."""
    return _change(_locked(plan), by, "changed a plan", values)


@transaction.atomic
def add_part(kind: type[Part], *, by: User, **values) -> Part:
    """Add an action, a milestone, a risk, a budget line, a phase or a review. Sent twice it is one row.

    `values` name the plan, or for a milestone the priority action. Raises ValidationError, also for a number or a name
    that the plan has already.
    """
    _locked(values["priority"].plan if kind is Milestone else values["plan"])
    if kind is PlanReview:
        values["by"] = by
    plain, many = _split(kind, values)
    plain = _whole_months(kind, plain)
    if found := kind.objects.filter(**plain).first():
        return found
    return _write(kind(**plain), by, f"added a {kind._meta.verbose_name}", many)


@transaction.atomic
def change_part(row: Part, *, by: User, **values) -> Part:
    """Change a row of a plan. The same again changes nothing. Raises ValidationError."""
    row = _locked_part(row)
    return _change(row, by, f"changed a {row._meta.verbose_name}", values)


@transaction.atomic
def finish_milestone(
    milestone: Milestone, *, by: User, done_on: datetime.date, evidence: str, activities: Iterable[Activity] = ()
) -> Milestone:
    """Say that a milestone is reached, when, and what shows it (PLN-001). The same again changes nothing.

    Raises ValidationError without evidence.
    """
    row = _locked_part(milestone)
    values = {"status": Milestone.Status.DONE, "done_on": done_on, "evidence": evidence.strip()}
    linked = [*row.activities.all(), *activities]
    return _change(row, by, "finished a milestone", values | {"activities": linked})


@transaction.atomic
def reopen_milestone(milestone: Milestone, *, by: User) -> Milestone:
    """Take back that a milestone is reached. What was to show it stays."""
    row = _locked_part(milestone)
    if row.status != Milestone.Status.DONE:
        return row
    return _change(row, by, "reopened a milestone", {"status": Milestone.Status.ON_TRACK, "done_on": None})


@transaction.atomic
def close_risk(risk: Risk, *, by: User, closed_on: datetime.date, closed_because: str) -> Risk:
    """Say that a risk is one no longer, and why. The same again changes nothing. Raises ValidationError."""
    values = {"closed_on": closed_on, "closed_because": closed_because.strip()}
    return _change(_locked_part(risk), by, "closed a risk", values)


@transaction.atomic
def reopen_risk(risk: Risk, *, by: User) -> Risk:
    """Count a risk again. A second time changes nothing."""
    return _change(_locked_part(risk), by, "reopened a risk", {"closed_on": None, "closed_because": ""})


@transaction.atomic
def publish_plan(plan: Plan, *, by: User) -> Plan:
    """Let everybody read a plan. A second time changes nothing.

    Raises ValidationError without its words in plain language, without any action, and for personal details.
    """
    plan = _locked(plan)
    if plan.is_published:
        return plan
    if not plan.summary.strip():
        raise ValidationError(_("Write what it says in plain words before you publish it"), code="no_summary")
    if not plan.priorities.exists():
        raise ValidationError(_("Add a priority action before you publish it"), code="empty")
    _refuse_personal_anywhere(plan)
    plan.published_at, plan.published_by = timezone.now(), by
    plan.full_clean()
    plan.save(update_fields=["published_at", "published_by"])
    audit.record(by, "published a plan", plan)
    return plan


@transaction.atomic
def withdraw_plan(plan: Plan, *, by: User) -> Plan:
    """Take a plan off the public pages. A second time changes nothing."""
    plan = _locked(plan)
    if plan.is_published:
        plan.published_at = plan.published_by = None
        plan.save(update_fields=["published_at", "published_by"])
        audit.record(by, "withdrew a plan", plan)
    return plan


# Locks -------------------------------------------------------------------------------------------


def _locked(plan: Plan) -> Plan:
    return Plan.objects.select_for_update().get(pk=plan.pk)


def _locked_part(row: Part) -> Part:
    _locked(_plan_of(row))
    return type(row).objects.get(pk=row.pk)


def _plan_of(row: Plan | Part) -> Plan:
    if isinstance(row, Plan):
        return row
    return row.priority.plan if isinstance(row, Milestone) else row.plan


def _new_code(title: str) -> str:
    """A code that no plan has, from a title."""
    stem = slugify(title)[:50] or "plan"
    taken = set(Plan.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for number in count(1) if (code := stem if number == 1 else f"{stem}-{number}") not in taken)


def _refuse_personal_anywhere(plan: Plan) -> None:
    """Raise ValidationError with every personal detail in a plan, and in which of its rows it stands."""
    rows = [plan, *plan.priorities.all(), *Milestone.objects.filter(priority__plan=plan)]
    for more in (plan.risks, plan.budget_lines, plan.phases, plan.reviews):
        rows += more.all()
    found = []
    for row in rows:
        try:
            refuse_personal(row, *row.not_personal)
        except ValidationError as error:
            named = {"kind": capfirst(row._meta.verbose_name), "row": row}
            found += [_("%(kind)s “%(row)s”: %(problem)s") % (named | {"problem": each}) for each in error.messages]
    if found:
        raise ValidationError([ValidationError(words, code="personal") for words in found])


# Writing -----------------------------------------------------------------------------------------


def _split(model: type[models.Model], values: dict[str, Any]) -> tuple[dict, dict]:
    """What stands in the row, and what is linked to it."""
    linked = {field.name for field in model._meta.many_to_many}
    plain = {name: value for name, value in values.items() if name not in linked}
    return plain, {name: value for name, value in values.items() if name in linked}


def _change(row: Plan | Part, by: User, verb: str, values: dict[str, Any]) -> Plan | Part:
    plain, many = _split(type(row), values)
    names = {name: getattr(row, name) for name in DATED if hasattr(row, name)}
    plain = _whole_months(type(row), names | plain)
    changed = [name for name, value in plain.items() if getattr(row, name) != value]
    many = {name: rows for name, rows in many.items() if set(getattr(row, name).all()) != set(rows)}
    if not changed and not many:
        return row
    for name in changed:
        setattr(row, name, plain[name])
    return _write(row, by, verb, many, fields=[*changed, *many])


def _write(row: Plan | Part, by: User, verb: str, many: dict[str, Iterable], **detail) -> Plan | Part:
    _check(row)
    row.full_clean()
    plan = _plan_of(row)
    if plan.is_published:
        refuse_personal(row, *row.not_personal)
    row.save()
    for name, rows in many.items():
        getattr(row, name).set(rows)
    audit.record(by, verb, row, plan=plan.pk, **detail)
    return row


def _whole_months(kind: type[models.Model], plain: dict[str, Any]) -> dict[str, Any]:
    """Where dates name a month, its first day is where something starts, and its last where something is due."""
    if not hasattr(kind, "precision") or plain.get("precision", Precision.MONTH) != Precision.MONTH:
        return plain
    first = {name: day.replace(day=1) for name in ("starts_on",) if (day := plain.get(name))}
    ends = [(name, day) for name in ("ends_on", "due_on", "forecast_on") if (day := plain.get(name))]
    return plain | first | {name: last_day(day, Precision.MONTH) for name, day in ends}


# Rules over more than one row, and over the day ----------------------------------------------------


def _check(row: Plan | Part) -> None:
    """Raise ValidationError, by field, for what a constraint of one row cannot say."""
    wrong = {}
    today = timezone.localdate()
    for name in PAST:
        day = getattr(row, name, None)
        if day and day > today:
            wrong[name] = _("The day must not be in the future")
    if isinstance(row, Plan) and row.pk and row.delivers and row.delivers.plan_id == row.pk:
        wrong["delivers"] = _("Choose an action of another plan")
    if isinstance(row, (Risk, BudgetLine)) and row.priority and row.priority.plan_id != row.plan_id:
        wrong["priority"] = _("Choose an action of this plan")
    if isinstance(row, Milestone) and _slips(row):
        wrong["status"] = _("It is expected after it is due. Choose “at risk” and say why")
    if wrong:
        raise ValidationError(wrong)


def _slips(row: Milestone) -> bool:
    is_later = bool(row.forecast_on and row.due_on and row.forecast_on > row.due_on)
    return is_later and row.status in (Milestone.Status.NOT_STARTED, Milestone.Status.ON_TRACK)
