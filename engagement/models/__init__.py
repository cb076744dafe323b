"""What we do: the framework it is judged by, projects and their gates, activities and their numbers, evidence."""

from engagement.models.activity import (
    Activity,
    ActivityPartner,
    Evaluation,
    Impact,
    OtherPrinciple,
    Output,
)
from engagement.models.assessments import GroupImpact, ImpactAssessment
from engagement.models.assurance import Answer, Assurance, AssuranceAnswer, Condition
from engagement.models.checks import (
    CheckAnswer,
    CheckList,
    CheckQuestion,
    Consultation,
    ConsultationDocument,
    Point,
    Rating,
)
from engagement.models.evidence import Evidence, Proof
from engagement.models.framework import (
    Channel,
    Cycle,
    Duty,
    Ladder,
    Method,
    Period,
    Principle,
    PrincipleMapping,
    PrincipleSet,
    Rung,
    Stage,
    Topic,
)
from engagement.models.issues import IssueRaised
from engagement.models.numbers import ActivityCount, Measure, PublishedShare, ResponseCount, Session
from engagement.models.participation import GroupPlan, OutreachAction, Participation
from engagement.models.plans import Aim, KnowledgeCheck, Plan, PlanQuestion
from engagement.models.policy import GlossaryTerm, Policy, SchoolHoliday
from engagement.models.projects import Override, Project, Representative, ScrutinyContact, StageChange
from engagement.models.surveys import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse, SurveyUpload

__all__ = [
    "Activity",
    "ActivityCount",
    "ActivityPartner",
    "Aim",
    "Answer",
    "Assurance",
    "AssuranceAnswer",
    "Channel",
    "CheckAnswer",
    "CheckList",
    "CheckQuestion",
    "Condition",
    "Consultation",
    "ConsultationDocument",
    "Cycle",
    "Duty",
    "Evaluation",
    "Evidence",
    "GlossaryTerm",
    "GroupImpact",
    "GroupPlan",
    "Impact",
    "ImpactAssessment",
    "IssueRaised",
    "KnowledgeCheck",
    "Ladder",
    "Measure",
    "Method",
    "OtherPrinciple",
    "Output",
    "OutreachAction",
    "Override",
    "Participation",
    "Period",
    "Plan",
    "PlanQuestion",
    "Point",
    "Policy",
    "Principle",
    "PrincipleMapping",
    "PrincipleSet",
    "Project",
    "Proof",
    "PublishedShare",
    "Rating",
    "Representative",
    "ResponseCount",
    "Rung",
    "SchoolHoliday",
    "ScrutinyContact",
    "Session",
    "Stage",
    "StageChange",
    "Survey",
    "SurveyAnswer",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyUpload",
    "Topic",
]
