"""Valid plans and what belongs to them, for tests: plain functions, nothing random."""

import datetime
from decimal import Decimal

from django.utils import timezone

from engagement.models import Period
from engagement.tests.factories import period
from people.tests.factories import following
from reporting.models import BudgetLine, Milestone, Phase, Plan, PlanReview, Precision, Priority, Risk


def plan(kind: str = "strategy", *, developed_in=(), **fields) -> Plan:
    """A strategy that nobody but staff reads, or what the fields say."""
    number = following(Plan)
    defaults = {"code": f"plan-{number}", "title": f"Plan {number}", "summary": "How we will work with people."}
    row = Plan.objects.create(kind=kind, **defaults | fields)
    row.developed_in.set(developed_in)
    return row


def published_plan(kind: str = "strategy", **fields) -> Plan:
    return plan(kind, published_at=timezone.now(), **fields)


def own_plan(of: Priority, **fields) -> Plan:
    """The plan of one priority action."""
    return plan("action", delivers=of, **fields)


def priority(of: Plan | None = None, *, leads=(), activities=(), principles=(), **fields) -> Priority:
    """The next action of a plan, without any date."""
    of = of or plan()
    number = of.priorities.count() + 1
    row = Priority.objects.create(plan=of, **{"number": number, "text": f"Do thing {number}."} | fields)
    row.leads.set(leads)
    row.activities.set(activities)
    row.principles.set(principles)
    return row


def milestone(
    of: Priority | None = None, due_on: datetime.date | None = None, *, status: str = "", activities=(), **fields
) -> Milestone:
    """A milestone due on a day, not started unless the status says else; what is done or at risk says what it must."""
    defaults = {"text": f"Milestone {following(Milestone)}", "precision": Precision.DAY}
    if status == Milestone.Status.DONE:
        defaults |= {"done_on": due_on or datetime.date(2023, 6, 1), "evidence": "Minutes of the meeting."}
    if status == Milestone.Status.AT_RISK:
        defaults |= {"status_because": "Nobody is free."}
    fields = defaults | fields | {"status": status or Milestone.Status.NOT_STARTED, "due_on": due_on}
    row = Milestone.objects.create(priority=of or priority(), **fields)
    row.activities.set(activities)
    return row


def risk(of: Plan | None = None, likelihood: int = 3, impact: int = 4, **fields) -> Risk:
    defaults = {"text": f"Risk {following(Risk)}", "mitigation": "We ask early.", "owner": "Head of engagement"}
    return Risk.objects.create(plan=of or plan(), likelihood=likelihood, impact=impact, **defaults | fields)


def closed_risk(of: Plan | None = None, **fields) -> Risk:
    return risk(of, **{"closed_on": datetime.date(2023, 6, 1), "closed_because": "It did not happen."} | fields)


def budget_line(of: Plan | None = None, planned: int | None = 1000, *, year: Period | None = None, **fields):
    """A line of 2023–24 unless a year is named; committed and spent are not known unless they are given."""
    amount = None if planned is None else Decimal(planned)
    defaults = {"text": f"Line {following(BudgetLine)}", "planned": amount, "year": year or period()}
    return BudgetLine.objects.create(plan=of or plan(), **defaults | fields)


def phase(of: Plan | None = None, **fields) -> Phase:
    defaults = {"name": f"Phase {following(Phase)}", "starts_on": datetime.date(2022, 7, 1)}
    return Phase.objects.create(plan=of or plan(), **defaults | fields)


def plan_review(of: Plan | None = None, **fields) -> PlanReview:
    defaults = {"held_on": datetime.date(2023, 9, 14), "contributors": "Healthwatch and two forums"}
    said = {"doing_well": "People are asked early.", "do_better": "Tell them what came of it."}
    return PlanReview.objects.create(plan=of or plan(), **defaults | said | fields)


def full_plan(**fields) -> Plan:
    """A plan with a row of everything; its milestone is due in five days."""
    of = plan(executive_lead="Chief nurse", nonexecutive_lead="Chair of the committee", **fields)
    milestone(priority(of), timezone.localdate() + datetime.timedelta(days=5))
    for make in (risk, budget_line, phase, plan_review):
        make(of)
    return of
