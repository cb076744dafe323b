"""What we heard and what came of it: library, comments and themes, findings, decisions, answers, the loop back."""

from insights.models.comments import Campaign, Collection, Comment, CommentUpload, Quote
from insights.models.decisions import Decision, Weighed
from insights.models.findings import Finding, FindingEvidence, Use
from insights.models.learning import (
    Indicator,
    IndicatorValue,
    Lesson,
    Recommendation,
    Shared,
    Subscription,
)
from insights.models.library import (
    QualityRating,
    Source,
    SourceFile,
    SourceKind,
    SourceRemark,
)
from insights.models.loop import Contributor, Receipt, Slips, Telling, Told, Verdict
from insights.models.responses import Reason, Reminder, Response, ResponseFormat, Status, StatusChange
from insights.models.stories import Story, StoryHearing
from insights.models.themes import (
    Coding,
    CodingChange,
    Frame,
    LearningRun,
    SampleCheck,
    SampledComment,
    Theme,
)

__all__ = [
    "Campaign",
    "Coding",
    "CodingChange",
    "Collection",
    "Comment",
    "CommentUpload",
    "Contributor",
    "Decision",
    "Finding",
    "FindingEvidence",
    "Frame",
    "Indicator",
    "IndicatorValue",
    "LearningRun",
    "Lesson",
    "QualityRating",
    "Quote",
    "Reason",
    "Receipt",
    "Recommendation",
    "Reminder",
    "Response",
    "ResponseFormat",
    "SampleCheck",
    "SampledComment",
    "Shared",
    "Slips",
    "Source",
    "SourceFile",
    "SourceKind",
    "SourceRemark",
    "Status",
    "StatusChange",
    "Story",
    "StoryHearing",
    "Subscription",
    "Telling",
    "Theme",
    "Told",
    "Use",
    "Verdict",
    "Weighed",
]
