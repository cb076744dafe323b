"""How far the demo's plan is, from a file of invented progress. Days are counted from the day of loading."""

import datetime
import tomllib
from pathlib import Path

from django.utils import timezone

from engagement.models import Activity, Period, Principle
from people.models import User
from reporting.documents.plans import last_day
from reporting.models import BudgetLine, Milestone, Phase, Plan, Precision, Priority, Risk
from reporting.services import plans


def load_plans_demo(folder: Path, *, by: User) -> int:
    """Fill and publish the plan that the profile has brought, from `plans.toml` of the folder. Returns its milestones.

    All of it goes through the services, with every gate. A plan that is published already stays as it is. Raises
    Plan.DoesNotExist before the profile is loaded.
    """
    demo = _PlanOfTheDemo(tomllib.loads((folder / "plans.toml").read_text(encoding="utf-8")), by)
    if not demo.plan.is_published:
        demo.load()
    return Milestone.objects.filter(priority__plan=demo.plan).count()


class _PlanOfTheDemo:
    def __init__(self, data: dict, by: User):
        self.data, self.by = data, by
        self.plan = Plan.objects.get(code=data["code"])
        self.today = timezone.localdate()

    def load(self) -> None:
        data = self.data
        plans.change_plan(
            self.plan,
            by=self.by,
            **self.months(data),
            **self.days(data, next_review_on="next_review"),
            executive_lead=data["executive_lead"],
            nonexecutive_lead=data["nonexecutive_lead"],
            developed_in=self.activities(data, "developed_in"),
        )
        for row in data["phase"]:
            words = {"name": row["name"], "aims": "\n".join(row["aims"])}
            plans.add_part(Phase, by=self.by, plan=self.plan, **words, **self.months(row))
        for row in data["action"]:
            self.action(row)
        for row in data["risk"]:
            self.risk(row)
        for row in data["budget"]:
            self.budget_line(row)
        plans.publish_plan(self.plan, by=self.by)

    def action(self, row: dict) -> None:
        action = plans.change_part(
            self.plan.priorities.get(number=row["number"]),
            by=self.by,
            **self.months(row),
            **self.days(row, done_on="done"),
            date_note="",  # of the framework: the days are invented
            owner=row["owner"],
            evidence=row.get("evidence", ""),
            activities=self.activities(row),
            principles=self.principles(row),
        )
        for part in row["milestone"]:
            self.milestone(action, part)

    def milestone(self, action: Priority, row: dict) -> None:
        milestone = plans.add_part(
            Milestone,
            by=self.by,
            priority=action,
            text=row["text"],
            **self.days(row, due_on="due", forecast_on="forecast"),
            status=row.get("status", Milestone.Status.NOT_STARTED),
            status_because=row.get("because", ""),
        )
        if "done" in row:
            done_on = self.day(row["done"])
            shown = {"evidence": row["evidence"], "activities": self.activities(row)}
            plans.finish_milestone(milestone, by=self.by, done_on=done_on, **shown)

    def risk(self, row: dict) -> None:
        words = {name: row[name] for name in ("text", "likelihood", "impact", "mitigation", "owner")}
        days = self.days(row, review_on="review")
        risk = plans.add_part(Risk, by=self.by, plan=self.plan, priority=self.priority(row), **words, **days)
        if "closed" in row:
            plans.close_risk(risk, by=self.by, closed_on=self.day(row["closed"]), closed_because=row["closed_because"])

    def budget_line(self, row: dict) -> None:
        """A line of the year that goes on when the demo is loaded, or of the last one before."""
        years = Period.objects.filter(kind=Period.Kind.YEAR, starts_on__lte=self.today)
        more = {name: row[name] for name in ("planned", "committed", "spent", "funding") if name in row}
        words = {"number": row["number"], "text": row["text"], "priority": self.priority(row)}
        plans.add_part(BudgetLine, by=self.by, plan=self.plan, year=years.latest("starts_on"), **words, **more)

    def day(self, days: int) -> datetime.date:
        return self.today + datetime.timedelta(days=days)

    def days(self, row: dict, **names: str) -> dict[str, datetime.date]:
        """The days of a row by the name of their field, for those that it has."""
        return {field: self.day(row[name]) for field, name in names.items() if name in row}

    def months(self, row: dict) -> dict[str, datetime.date]:
        """From the first of a month to the last of another."""
        found = {"starts_on": self.day(row["starts"]).replace(day=1)} if "starts" in row else {}
        return found | ({"ends_on": last_day(self.day(row["ends"]), Precision.MONTH)} if "ends" in row else {})

    def priority(self, row: dict) -> Priority | None:
        return self.plan.priorities.get(number=row["priority"]) if "priority" in row else None

    def principles(self, row: dict) -> list[Principle]:
        named = {"principle_set__code": self.data["principle_set"], "number__in": row.get("principles", ())}
        return list(Principle.objects.filter(**named))

    def activities(self, row: dict, name: str = "activities") -> list[Activity]:
        return list(Activity.objects.filter(reference__in=row.get(name, ())))
