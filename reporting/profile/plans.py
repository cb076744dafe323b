"""The section of a body's profile that holds its strategies and plans (PLN-001, PLN-002, PLN-004, PLN-006, PLN-008)."""

import calendar
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction

from core.profiles import ProfileError, only
from engagement.models import Period, Principle
from people.models import Organisation
from reporting.models import BudgetLine, Milestone, Phase, Plan, Precision, Priority, Risk

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PLAN_WORDS = ("code", "kind", "title", "summary", "executive_lead", "nonexecutive_lead")
PLAN_PARTS = ("priority", "phase", "budget", "risk")


@transaction.atomic
def load_plans(rows: list[dict]) -> None:
    """[[plan]] with its priority actions and their milestones, its phases, budget lines and risks.

    The principles of an action are those of these numbers in the set that the plan names (CFG-014).
    A plan that is there stays as staff have it; only priority actions whose numbers it lacks are added, with their
    milestones. Phases, budget lines and risks come with a new plan. Loading publishes nothing. Raises ProfileError,
    which says in which row.
    """
    for row in rows:
        with _in_row(f"[plan] {row.get('code') or row.get('title') or 'without a code'}"):
            _load_plan(row)


def _load_plan(row: dict) -> None:
    _refuse_unknown(row, *PLAN_WORDS, "from", "to", "next_review", "principle_set", *PLAN_PARTS)
    plan = Plan.objects.filter(code=row["code"]).first()
    is_new = plan is None
    if is_new:
        first, last, _precision = _between(row)
        review = _day(row, "next_review")
        plan = _add(Plan, **only(row, *PLAN_WORDS), starts_on=first, ends_on=last, next_review_on=review)
    known = set(plan.priorities.values_list("number", flat=True))
    for part in row.get("priority", ()):
        with _in_row(f"priority action {part.get('number', 'without a number')}"):
            _load_priority(plan, part, known, row.get("principle_set", ""))
    if is_new:
        for name, load in (("phase", _load_phase), ("budget", _load_budget_line), ("risk", _load_risk)):
            for place, part in enumerate(row.get(name, ()), 1):
                with _in_row(f"{name} {place}"):
                    load(plan, part)


def _load_priority(plan: Plan, row: dict, known: set[int], principle_set: str) -> None:
    words = ("number", "text", "outcome", "lead_note", "date_note", "owner")
    _refuse_unknown(row, *words, "leads", "principles", "from", "to", "milestone")
    if row["number"] in known:
        return
    first, last, precision = _between(row)
    dates = {"starts_on": first, "ends_on": last, "precision": precision}
    priority = _add(Priority, plan=plan, **only(row, *words), **dates)
    priority.leads.set(_organisations(row.get("leads", ())))
    priority.principles.set(_principles(principle_set, row.get("principles", ())))
    for place, part in enumerate(row.get("milestone", ()), 1):
        with _in_row(f"milestone {place}"):
            _refuse_unknown(part, "text", "due")
            _first, due, precision = _named(part, "due")
            _add(Milestone, priority=priority, text=part["text"], due_on=due, precision=precision)


def _load_phase(plan: Plan, row: dict) -> None:
    _refuse_unknown(row, "name", "from", "to", "aims")
    first, last, _precision = _between(row)
    _add(Phase, plan=plan, name=row["name"], starts_on=first, ends_on=last, aims="\n".join(row.get("aims", ())))


def _load_budget_line(plan: Plan, row: dict) -> None:
    amounts = ("planned", "committed", "spent")
    _refuse_unknown(row, "number", "text", "priority", "year", "funding", *amounts)
    year = Period.objects.filter(code=row["year"], kind=Period.Kind.YEAR).first()
    if year is None:
        raise ValidationError(f"there is no year {row['year']}. Name the code of a year of this profile")
    more = only(row, "number", "funding", *amounts)
    _add(BudgetLine, plan=plan, text=row["text"], year=year, priority=_priority(plan, row), **more)


def _load_risk(plan: Plan, row: dict) -> None:
    words = ("text", "likelihood", "impact", "mitigation", "owner")
    _refuse_unknown(row, *words, "priority", "review")
    given = {name: row[name] for name in words}
    _add(Risk, plan=plan, priority=_priority(plan, row), review_on=_day(row, "review"), **given)


def _priority(plan: Plan, row: dict) -> Priority | None:
    """The priority action of the plan that a row names by its number, if it names one."""
    if "priority" not in row:
        return None
    found = plan.priorities.filter(number=row["priority"]).first()
    if found is None:
        raise ValidationError(f"the plan has no priority action {row['priority']}")
    return found


def _organisations(names: Sequence[str]) -> list[Organisation]:
    """Organisations by their names or aliases."""
    known = Organisation.objects.by_name() if names else {}
    if missing := [name for name in names if name.casefold() not in known]:
        raise ValidationError(f"there is no organisation {', '.join(missing)}. Name those of this profile")
    return [known[name.casefold()] for name in names]


def _principles(code: str, numbers: Sequence[int]) -> list[Principle]:
    """Principles by their numbers in the set of a code."""
    known = {row.number: row for row in Principle.objects.filter(principle_set__code=code)} if numbers else {}
    if missing := [str(number) for number in numbers if number not in known]:
        words = f"there is no principle {', '.join(missing)} in the set {code or 'of the plan, which names none'}"
        raise ValidationError(f"{words}. Name the plan’s principle_set, and numbers of it")
    return [known[number] for number in numbers]


# Days --------------------------------------------------------------------------------------------


def _between(row: dict) -> tuple[date | None, date | None, str]:
    """From when to when, and how exactly: in days as soon as one of the two names a day."""
    first, _end, from_precision = _named(row, "from")
    _start, last, to_precision = _named(row, "to")
    is_exact = Precision.DAY in (from_precision, to_precision)
    return first, last, Precision.DAY if is_exact else Precision.MONTH


def _day(row: dict, name: str) -> date | None:
    """The last day that a row means."""
    return _named(row, name)[1]


def _named(row: dict, name: str) -> tuple[date | None, date | None, str]:
    """The first and the last day of "2022-07", or twice the day of 2022-07-15. Nothing where the row is silent."""
    value = row.get(name)
    if value is None:
        return None, None, Precision.MONTH
    if type(value) is date:
        return value, value, Precision.DAY
    if not MONTH.fullmatch(str(value)):
        raise ValidationError(f'{name}: {value} is no month and no day. Write it as "2022-07" or 2022-07-15')
    year, month = (int(part) for part in value.split("-"))
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), Precision.MONTH


# Rows --------------------------------------------------------------------------------------------


def _add(model: type[models.Model], **values) -> models.Model:
    """A new row, checked as a form would check it. Raises ValidationError that names the fields."""
    row = model(**values)
    try:
        row.full_clean()
    except ValidationError as error:
        said = [f"{name}: {' '.join(found)}" for name, found in error.message_dict.items()]
        raise ValidationError([words.removeprefix("__all__: ") for words in said]) from None
    row.save()
    return row


def _refuse_unknown(row: dict, *names: str) -> None:
    """As core.profiles does it; these rows have no names of their own, so the place is said around it."""
    if unknown := sorted(row.keys() - set(names)):
        raise ValidationError(f"nobody reads {', '.join(unknown)}. Write one of: {', '.join(sorted(names))}")


@contextmanager
def _in_row(place: str) -> Iterator[None]:
    """Whatever is wrong inside is said with the place of the row before it."""
    try:
        yield
    except ProfileError as error:
        raise ProfileError(f"{place}, {error}") from None
    except KeyError as error:
        raise ProfileError(f"{place}: the row lacks {error.args[0]!r}") from None
    except ValidationError as error:
        raise ProfileError(f"{place}: {' '.join(error.messages)}") from None
