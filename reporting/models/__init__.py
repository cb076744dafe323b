"""How we prove it: plans and how far they are, figures, assessments, reports and their way to publication."""

from reporting.models.approvals import Approval, RouteStep, SectionComment, SectionText, Statement
from reporting.models.assessments import Assessment, Descriptor, Dimension, Judgement, Level, Proof, Yardstick
from reporting.models.kpis import Kpi, KpiValue
from reporting.models.plans import BudgetLine, Milestone, Phase, Plan, PlanReview, Precision, Priority, Risk
from reporting.models.reports import (
    AlternativeFormat,
    Build,
    BuildFile,
    Download,
    Report,
    ReportItem,
    Snapshot,
    StandingText,
    path_of_alternative,
)

__all__ = [
    "AlternativeFormat",
    "Approval",
    "Assessment",
    "BudgetLine",
    "Build",
    "BuildFile",
    "Descriptor",
    "Dimension",
    "Download",
    "Judgement",
    "Kpi",
    "KpiValue",
    "Level",
    "Milestone",
    "Phase",
    "Plan",
    "PlanReview",
    "Precision",
    "Priority",
    "Proof",
    "Report",
    "ReportItem",
    "Risk",
    "RouteStep",
    "SectionComment",
    "SectionText",
    "Snapshot",
    "StandingText",
    "Statement",
    "Yardstick",
    "path_of_alternative",
]
