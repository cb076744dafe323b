"""Forums and their work in the admin, one module for each module of `forums.models`."""

from forums.admin.forum import ForumAdmin
from forums.admin.meetings import MeetingAdmin
from forums.admin.practices import PracticeGroupAdmin, StandardAdmin
from forums.admin.questions import BoardQuestionAdmin
from forums.admin.recruitment import OpportunityAdmin
from forums.admin.reviews import CriterionAdmin
from forums.admin.support import ExpenseCategoryAdmin, TrainingAdmin

__all__ = [
    "BoardQuestionAdmin",
    "CriterionAdmin",
    "ExpenseCategoryAdmin",
    "ForumAdmin",
    "MeetingAdmin",
    "OpportunityAdmin",
    "PracticeGroupAdmin",
    "StandardAdmin",
    "TrainingAdmin",
]
