"""All that the page of a plan shows to staff, gathered once: as many queries for a hundred actions as for one."""

import datetime
from collections import defaultdict
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Bar, Span, bars, time_in_words, timeline
from engagement.models import Activity, Project
from people.models import User
from reporting.documents.plan_budget import Cost, MoneyYear, budget, costs
from reporting.documents.plans import PriorityLine, Progress, progress, span
from reporting.models import Plan, Priority, Risk

TOP = 5


class PlanPage:
    """A plan on a day, for somebody who may read plans. Linked activities and projects are those that they may see."""

    def __init__(self, plan: Plan, on: datetime.date, user: User):
        self.plan, self.on, self.user = plan, on, user

    @cached_property
    def progress(self) -> Progress:
        return progress(self.plan, self.on)

    @property
    def dates(self) -> str:
        return span(self.plan.starts_on, self.plan.ends_on) or _("not recorded")

    @property
    def review_is_late(self) -> bool:
        return bool(self.plan.next_review_on and self.plan.next_review_on < self.on)

    @property
    def chart(self) -> SafeString | str:
        """How many actions are in each state."""
        rows = [Bar(words.capitalize(), number) for _state, words, number in self.progress.count_words]
        return bars(_("Priority actions by state"), rows, ident="states", is_above=True) if rows else ""

    @cached_property
    def actions(self) -> list[tuple[PriorityLine, list[Activity]]]:
        """Each action, and the activities that serve it."""
        seen = Activity.objects.for_user(self.user).values("pk")
        rows = Priority.activities.through.objects.filter(priority__plan=self.plan, activity__in=seen)
        serving = defaultdict(list)
        for row in rows.select_related("activity").order_by("activity__reference"):
            serving[row.priority_id].append(row.activity)
        return [(line, serving[line.priority.pk]) for line in self.progress.lines]

    @property
    def has_milestones(self) -> bool:
        return any(line.milestones for line in self.progress.lines)

    # The roadmap ---------------------------------------------------------------------------------

    @cached_property
    def phases(self) -> list[tuple]:
        """Phases of the roadmap with their time in words and their aims."""
        return [
            (row, time_in_words(_span(row)), [line.strip() for line in row.aims.splitlines() if line.strip()])
            for row in self.plan.phases.all()
        ]

    @property
    def roadmap(self) -> SafeString | str:
        spans = [_span(row) for row, _words, _aims in self.phases]
        return timeline(_("Roadmap"), spans, today=self.on) if spans else ""

    # Risks, money, reviews -----------------------------------------------------------------------

    @cached_property
    def risks(self) -> list[Risk]:
        """Open risks, the greatest first."""
        return list(self.plan.risks.open_on(self.on).select_related("priority", "project"))

    @property
    def top_risks(self) -> list[Risk]:
        return self.risks[:TOP]

    @property
    def other_risks(self) -> list[Risk]:
        return self.risks[TOP:]

    @cached_property
    def closed_risks(self) -> list[Risk]:
        return list(self.plan.risks.filter(closed_on__lte=self.on).order_by("-closed_on", "pk"))

    @cached_property
    def budget(self) -> tuple[MoneyYear, ...]:
        return budget(self.plan)

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        return costs(self.plan, self.on)

    @cached_property
    def reviews(self) -> list:
        return list(self.plan.reviews.prefetch_related("forums"))

    # What is linked ------------------------------------------------------------------------------

    @cached_property
    def developed_in(self) -> list[Activity]:
        return list(Activity.objects.for_user(self.user).filter(plans_developed=self.plan).order_by("reference"))

    @cached_property
    def seen_activities(self) -> set[int]:
        """Activities of milestones that the user may open."""
        linked = Activity.objects.filter(milestones__priority__plan=self.plan).values("pk")
        return set(Activity.objects.for_user(self.user).filter(pk__in=linked).values_list("pk", flat=True))

    @cached_property
    def seen_projects(self) -> set[int]:
        linked = [row.project_id for row in [*self.risks, *self.closed_risks] if row.project_id]
        return set(Project.objects.for_user(self.user).filter(pk__in=linked).values_list("pk", flat=True))


def _span(row) -> Span:
    return Span(row.name, row.starts_on, row.ends_on)
