"""Plans, figures, assessments and the way of a report, in the world of the matrix."""

import datetime

from config.tests.world import STAFF, TEAM, World
from engagement.models import Period
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.models import User
from reporting.models import (
    Build,
    Dimension,
    Kpi,
    KpiValue,
    Plan,
    Priority,
    Report,
    RouteStep,
    SectionComment,
    Statement,
    Yardstick,
)
from reporting.tests import assessment_factories as assessments
from reporting.tests import plan_factories as plans

DAY = datetime.date(2026, 3, 2)
OF_PLAN = ("plan_detail", "plan_edit", "priority_add", "risk_add", "budget_add", "phase_add", "review_add")
OF_BUILD = ("build_send", "build_recall", "build_changes", "build_downloads", "comment_add")


def assurance_life(here: World, report: Report, builds: dict[str, Build], other: User) -> dict:
    rows = _plans(here, report.period, other)
    rows |= _figures(here, report.period, other)
    rows |= _assessments(here, report.period, other)
    _life(here, report, builds, other)
    return rows


def _plans(here: World, year: Period, other: User) -> dict:
    """A plan that staff alone read, and a published one with what its public page does not tell."""
    found = {
        "draft": plans.plan(title=here.secret("PlanOfStaff", *STAFF)),
        "published": plans.published_plan(published_by=other),
    }
    shown = found["published"]
    action = plans.priority(shown, starts_on=DAY, owner=here.secret("OwnerOfAction", *STAFF))
    step = plans.milestone(action, DAY, status="at_risk", status_because=here.secret("WhyAtRisk", *STAFF))
    risk = plans.risk(shown, priority=action, mitigation=here.secret("Mitigation", *STAFF))
    money = plans.budget_line(shown, year=year, text=here.secret("MoneyFor", *STAFF))
    phase = shown.phases.create(name="First phase", starts_on=DAY)
    review = plans.plan_review(shown, do_better=here.secret("DoBetter", *STAFF), by=other)
    for name in ("plan_list", "plan_add"):
        here.add(f"plans:{name}")
    here.add("our_plans:plan_list")
    for case, plan in found.items():
        for name in OF_PLAN:
            here.add(f"plans:{name}", plan.pk, case=case)
        here.add("plans:plan_step", plan.pk, "publish", case=case)
        here.add("our_plans:plan_detail", plan.code, case=case)
    parts = {"priority_edit": action, "milestone_add": action, "milestone_edit": step, "risk_edit": risk}
    parts |= {"budget_edit": money, "phase_edit": phase, "review_edit": review}
    for name, row in parts.items():
        here.add(f"plans:{name}", row.pk)
    here.add("plans:milestone_step", step.pk, "finish")
    here.add("plans:risk_step", risk.pk, "close")
    return {Plan: found, Priority: {"": action}}


def _figures(here: World, year: Period, other: User) -> dict:
    kpi = Kpi.objects.create(
        code="complaints",
        name="Complaints answered in time",
        definition="Answered within 40 working days.",
        numerator="answered in time",
        unit="number",
        direction="up",
        owner=here.secret("OwnerOfFigure", *STAFF),
    )
    KpiValue.objects.create(kpi=kpi, period=year, numerator=3, source=here.secret("SourceOfFigure", *STAFF), by=other)
    here.add("kpis:kpi_list")
    here.add("kpis:kpi_detail", kpi.code)
    here.add("kpis:value_edit", kpi.code, year.code)
    return {Kpi: {"": kpi}}


def _assessments(here: World, year: Period, other: User) -> dict:
    stick = assessments.yardstick()
    draft = assessments.assessment(stick, year, by=other)
    assessments.judgement(draft, gap=here.secret("GapOfBody", *STAFF))
    final = assessments.judged(stick, "good", "good", code="2022-23")
    here.add("assessments:yardstick_list")
    here.add("assessments:yardstick_detail", stick.pk)
    here.add("assessments:assessment_add", stick.pk)
    for case, row in {"draft": draft, "final": final}.items():
        here.add("assessments:assessment_detail", row.pk, case=case)
        here.add("assessments:judgement_edit", row.pk, 1, case=case)
        here.add("assessments:assessment_step", row.pk, "final", case=case)
    return {Yardstick: {"": stick}, Dimension: {"": stick.dimensions.first()}}


def _life(here: World, report: Report, builds: dict[str, Build], other: User) -> None:
    board, group = forums.committee("Quality Committee"), forums.forum("Independent Group")
    RouteStep.objects.create(kind=report.kind, order=1, forum=board)
    approval = builds["draft"].approvals.create(order=1, forum=board, task="agrees")
    comment = SectionComment.objects.create(
        build=builds["draft"], section="actions", text=here.secret("CommentOnDraft", *TEAM), by=other
    )
    said = Statement.objects.create(
        report=report, forum=group, result="partly", text=here.secret("StatementOfGroup", *TEAM), said_on=DAY, by=other
    )
    for name in OF_BUILD:
        for case, build in builds.items():
            here.add(f"reporting:{name}", build.pk, case=case)
    here.add("reporting:approval_record", approval.pk)
    here.add("reporting:comment_settle", comment.pk)
    here.add("reporting:statement_edit", said.pk)
    here.add("reporting:statement_add", report.pk)
    here.add("reporting:section_list", report.pk)
    quarter = engagement.period(
        "2023-24-q1", kind="quarter", starts_on=datetime.date(2023, 4, 1), ends_on=datetime.date(2023, 6, 30)
    )
    quarterly = Report.objects.create(kind=Report.Kind.QUARTERLY, period=quarter, prepared_for=board)
    quarterly.section_texts.create(section="activities", text=here.secret("TextOfSection", *TEAM), by=other)
    for name in ("section_edit", "section_clear"):
        here.add(f"reporting:{name}", quarterly.pk, "activities", case="quarterly")
        here.add(f"reporting:{name}", quarterly.pk, "nothing-of-the-kind", case="none")
    for name in ("csv", "easy_read", "nothing-of-the-kind"):
        for case, build in builds.items():
            here.add("reporting:build_file", build.pk, name, case=f"{case}, {name}")
    for case, build in builds.items():
        here.add("reporting:build_json", build.pk, case=case)
        here.add("reporting:public_json", build.pk, case=f"{case}, not published")
        here.add("reporting:public_file", build.pk, "csv", case=f"{case}, not published")
    here.add("reporting:format_slots")
