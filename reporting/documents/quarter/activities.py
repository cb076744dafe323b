"""(1) Activities and outputs, and how far priority actions and plans are (REP-011, PLN-001, PLN-007)."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Activity, ActivityCount
from engagement.words import when, where
from reporting.documents import plans
from reporting.documents.annual import figures
from reporting.documents.quarter.facts import Row, Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.models import Plan

MOST_RISKS = 5
ABOUT = ActivityCount.About


def section(span: Span, in_force: list[Plan]) -> Section:
    rows = activities(span)
    found = plans.progress_of(in_force, span.as_at)
    return evidence(
        "activities",
        [*_sentences(rows), *_plan_sentences(found)],
        [
            _activity_table(rows),
            _figure_table("took-part", _("People who took part"), rows, ABOUT.TOOK_PART),
            _figure_table("reached", _("People reached"), rows, ABOUT.REACHED),
            *[_plan_table(each) for each in found],
            _late_table(span),
            _risk_table(span),
        ],
    )


def activities(span: Span) -> list[Activity]:
    """What took place with a day in the quarter; what is only planned is left out."""
    rows = Activity.objects.in_period(span.period).exclude(state=Activity.State.PLANNED)
    counts = Prefetch("counts", ActivityCount.objects.order_by("about", "pk"))
    rows = rows.select_related("period").prefetch_related("areas", counts, "response_counts", "outputs")
    return list(rows.order_by("reference"))


# Activities --------------------------------------------------------------------------------------


def _sentences(rows: list[Activity]) -> list[str]:
    if not rows:
        return [_("No activity is recorded for this quarter. That is a finding.")]
    said = ngettext(
        "%(number)s activity has a day in this quarter.", "%(number)s activities have a day in this quarter.", len(rows)
    ) % {"number": len(rows)}
    unknown = sum(not any(each.about == ABOUT.TOOK_PART for each in row.counts.all()) for row in rows)
    if not unknown:
        return [said]
    lacking = _("For %(number)s of them the record does not say how many people took part.") % {"number": unknown}
    return [said, lacking]


def _activity_table(rows: list[Activity]) -> Table:
    columns = (
        _("Activity"),
        _("When"),
        _("Where"),
        (_("Took part"), _("People who took part, each number with its kind and its words.")),
        (_("Reached"), _("How many a message may have met. It is never added to people who took part.")),
        (_("Responses"), _("Responses by the way in which they came.")),
        (_("Outputs"), _("What was made.")),
    )
    nothing = _("No activity is recorded for this quarter.")
    return table("activities", _("Activities"), columns, [_activity_row(each) for each in rows], nothing)


def _activity_row(activity: Activity) -> Row:
    counts = {about: "; ".join(str(each) for each in activity.counts.all() if each.about == about) for about in ABOUT}
    routes = [f"{each.get_route_display()}: {each.received}" for each in activity.response_counts.all()]
    outputs = "; ".join(str(each.title) for each in activity.outputs.all())
    return row(
        f"{activity.reference} {activity.title}",
        when(activity),
        where(activity),
        counts[ABOUT.TOOK_PART],
        counts[ABOUT.REACHED],
        "; ".join(routes),
        outputs,
        url=address("engagement:activity_detail", activity.pk),
    )


def _figure_table(key: str, caption: str, rows: list[Activity], about: str) -> Table:
    """Numbers of one kind together where a sum is honest, each by itself where people would count twice."""
    found = [row(each.label, each.text, each.from_activities, each.note or "–") for each in figures(rows, about)]
    columns = (_("Kind"), _("Number"), _("Activities that say it"), _("Note"))
    nothing = _("%(what)s: not recorded for any activity.") % {"what": caption}
    note = _("Numbers of different kinds are not added.")
    return table(key, caption, columns, found, nothing, note)


# Plans -------------------------------------------------------------------------------------------


def _plan_sentences(in_force: list[plans.Progress]) -> list[str]:
    if not in_force:
        return [_("No strategy or plan is recorded for this quarter. That is a finding.")]
    said = []
    for each in in_force:
        states = ", ".join(f"{words} {number}" for _state, words, number in each.count_words)
        if states:
            said.append(_("%(plan)s, actions by state: %(states)s.") % {"plan": each.plan, "states": states})
        if each.missing:
            said.append(_("%(plan)s lacks: %(what)s.") % {"plan": each.plan, "what": "; ".join(each.missing)})
    return said


def _plan_table(found: plans.Progress) -> Table:
    columns = (
        _("Priority action"),
        (_("State"), _("Worked out from the days and from its milestones, as of the last day of the quarter.")),
        _("Time"),
        _("Led by"),
        (_("Milestones"), _("How many are done, and which are late.")),
    )
    rows = [_priority_row(found, line) for line in found.lines]
    caption = _("Priority actions: %(plan)s") % {"plan": found.plan}
    return table(f"plan-{found.plan.code}", caption, columns, rows, _("No priority action is recorded."))


def _priority_row(found: plans.Progress, line: plans.PriorityLine) -> Row:
    return row(
        f"{line.priority.number}. {line.priority.text}",
        line.state_words,
        line.dates,
        line.leads,
        line.milestone_words or _("none recorded"),
        url=address("plans:plan_detail", found.plan.pk),
    )


def _late_table(span: Span) -> Table:
    columns = (_("Milestone"), _("Plan"), _("Due"), _("Days late"), _("Expected"))
    rows = [
        row(
            each.milestone.text,
            each.milestone.priority.plan,
            each.due,
            each.days_late,
            each.forecast,
            url=address("plans:plan_detail", each.milestone.priority.plan_id),
        )
        for each in plans.late_milestones(span.as_at)
    ]
    return table("late-milestones", _("Milestones that are late"), columns, rows, _("No milestone is late."))


def _risk_table(span: Span) -> Table:
    columns = (
        _("What may happen"),
        (_("Score"), _("How likely times how bad, from 1 to 25.")),
        _("What is done about it"),
        _("Who sees to it"),
        _("Plan"),
    )
    rows = [
        row(
            each.text,
            each.score,
            each.mitigation,
            each.owner,
            each.plan,
            url=address("plans:plan_detail", each.plan_id),
        )
        for each in plans.top_risks(span.as_at, MOST_RISKS)
    ]
    return table("risks", _("The greatest risks"), columns, rows, _("No open risk is recorded."))
