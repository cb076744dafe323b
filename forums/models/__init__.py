"""Where people meet. `forum`: forums, cadences, seats. `meetings`. `questions` to the Board. `recruitment`.
`support` of members. `reviews` of documents. `practices` and their patient groups. Quality `visits`."""

from forums.models.forum import (
    Cadence,
    Forum,
    ForumAlias,
    ForumKind,
    ForumLink,
    Membership,
    Mode,
    SeatRole,
    SeatRule,
    TermsOfReference,
)
from forums.models.meetings import Action, AgendaItem, Attendance, Feedback, Format, Meeting, Paper, PaperRead
from forums.models.practices import (
    CriterionAnswer,
    IncentiveAward,
    PracticeGroup,
    SelfAssessment,
    Standard,
    StandardCriterion,
)
from forums.models.questions import BoardQuestion, FollowUp, Vote
from forums.models.recruitment import Application, Opportunity
from forums.models.reviews import Criterion, PageComment, Rating, Review, ReviewAnswer, ReviewVersion
from forums.models.support import Buddy, ExpenseCategory, ExpenseClaim, ExpenseItem, Thanks, Training, TrainingRecord
from forums.models.visits import QualityVisit, Visitor

__all__ = [
    "Action",
    "AgendaItem",
    "Application",
    "Attendance",
    "BoardQuestion",
    "Buddy",
    "Cadence",
    "Criterion",
    "CriterionAnswer",
    "ExpenseCategory",
    "ExpenseClaim",
    "ExpenseItem",
    "Feedback",
    "FollowUp",
    "Format",
    "Forum",
    "ForumAlias",
    "ForumKind",
    "ForumLink",
    "IncentiveAward",
    "Meeting",
    "Membership",
    "Mode",
    "Opportunity",
    "PageComment",
    "Paper",
    "PaperRead",
    "PracticeGroup",
    "QualityVisit",
    "Rating",
    "Review",
    "ReviewAnswer",
    "ReviewVersion",
    "SeatRole",
    "SeatRule",
    "SelfAssessment",
    "Standard",
    "StandardCriterion",
    "TermsOfReference",
    "Thanks",
    "Training",
    "TrainingRecord",
    "Visitor",
    "Vote",
]
