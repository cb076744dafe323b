"""The money of a plan, in pounds: its budget by year (PLN-008), and what it has cost, kind by kind (PLN-020).

What is unknown is said, never 0.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Activity, ActivityPartner, Period
from forums.models import ExpenseClaim, ExpenseItem, IncentiveAward
from reporting.models import BudgetLine, Plan

AMOUNTS = ("planned", "committed", "spent")


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One budget line. `amounts` are in words, in the order planned, committed, spent."""

    line: BudgetLine
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoneyYear:
    """The budget of one year. `totals` are in words: over known amounts alone, saying how many lines are unknown."""

    year: str
    lines: tuple[MoneyLine, ...]
    totals: tuple[str, ...]


def budget(plan: Plan) -> tuple[MoneyYear, ...]:
    """The budget of a plan, the newest year first."""
    rows = plan.budget_lines.select_related("year", "priority")
    rows = rows.order_by("-year__starts_on", "year_id", F("number").asc(nulls_last=True), "text")
    return tuple(_year(str(year), list(lines)) for year, lines in groupby(rows, key=lambda row: row.year))


def pounds(amount: Decimal | None) -> str:
    """An amount in words: "£12,000", "£12,000.50", "not recorded"."""
    if amount is None:
        return _("not recorded")
    return f"£{number_format(amount, decimal_pos=2 if amount % 1 else 0, use_l10n=True, force_grouping=True)}"


def total(amounts: Iterable[Decimal | None]) -> str:
    """The sum of what is known, and of how many it is not."""
    amounts = list(amounts)
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return _("not recorded")
    if not (unknown := len(amounts) - len(known)):
        return pounds(sum(known))
    words = ngettext("%(sum)s, %(number)s line not recorded", "%(sum)s, %(number)s lines not recorded", unknown)
    return words % {"sum": pounds(sum(known)), "number": unknown}


def _year(year: str, rows: list[BudgetLine]) -> MoneyYear:
    return MoneyYear(
        year,
        tuple(MoneyLine(row, tuple(pounds(getattr(row, name)) for name in AMOUNTS)) for row in rows),
        tuple(total(getattr(row, name) for row in rows) for name in AMOUNTS),
    )


# What it has cost --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """One kind of cost: the amount that is known, in words, and what it rests on."""

    kind: str
    amount: str
    basis: str


def costs(plan: Plan, on: datetime.date) -> tuple[Cost, ...]:
    """What a plan has cost up to a day. One kind may hold a part of another, so nobody adds them."""
    linked = Q(priorities__plan=plan) | Q(milestones__priority__plan=plan) | Q(plans_developed=plan)
    activities = Activity.objects.filter(pk__in=Activity.objects.filter(linked).values("pk"))
    commissions = ActivityPartner.objects.filter(part=ActivityPartner.Part.COMMISSIONED, activity__in=activities)
    return (
        _cost(_("Activities that serve it"), activities, "cost"),
        _cost(_("Work that was commissioned in them"), commissions, "fee"),
        *_costs_of_taking_part(plan, on),
    )


def _cost(kind: str, rows: QuerySet, name: str) -> Cost:
    found = rows.aggregate(sum=Sum(name), known=Count(name), number=Count("pk"))
    if not found["number"]:
        return Cost(kind, pounds(None), _("none is linked"))
    return Cost(kind, pounds(found["sum"]), _("known of %(known)s, of %(number)s in all") % found)


def _costs_of_taking_part(plan: Plan, on: datetime.date) -> tuple[Cost, Cost]:
    """Of everybody while the plan ran: nobody notes for which plan an expense or a grant was."""
    expenses, grants = _("Expenses of people who take part"), _("Grants to patient groups")
    if plan.starts_on is None:
        unknown = _("the plan has no first day")
        return Cost(expenses, pounds(None), unknown), Cost(grants, pounds(None), unknown)
    last = min(plan.ends_on or on, on)
    paid = ExpenseItem.objects.filter(
        claim__status=ExpenseClaim.Status.PAID, claim__paid_on__gte=plan.starts_on, claim__paid_on__lte=last
    )
    years = Period.objects.filter(kind=Period.Kind.YEAR, starts_on__lte=last, ends_on__gte=plan.starts_on)
    given = IncentiveAward.objects.filter(year__in=years.values("code"))
    return (
        Cost(expenses, pounds(_sum(paid)), _("all that were paid while the plan ran")),
        Cost(grants, pounds(_sum(given)), _("all of the financial years of the plan")),
    )


def _sum(rows: QuerySet) -> Decimal | None:
    return rows.aggregate(sum=Sum("amount"))["sum"]
