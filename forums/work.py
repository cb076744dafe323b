"""What is left to do with forums and their members."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core.work import Line
from forums.models import Action, Application, Attendance, BoardQuestion, ExpenseClaim, Meeting, QualityVisit, Review


def lines(user) -> Iterator[Line]:
    """How many of what waits for staff, and the page that shows it, of the forums that the user works for."""
    mine = Meeting.objects.for_user(user)
    today = timezone.localdate()
    unmet = Attendance.objects.filter(meeting__in=mine, needs_met__in=["no", "partly"], needs_followed_up_on=None)
    overdue = Action.objects.filter(meeting__in=mine, done_on=None, due_on__lt=today)
    rows = [
        ("view_application", Application.objects.for_user(user).open(), applications, "work:application_list"),
        (
            "view_expenseclaim",
            ExpenseClaim.objects.for_user(user).filter(status="submitted"),
            claims,
            "work:expense_list",
        ),
        ("view_boardquestion", BoardQuestion.objects.for_user(user).unanswered(), questions, "work:question_list"),
        ("view_attendance", unmet, needs, "work:meeting_list"),
        ("view_action", overdue, actions, "work:action_list"),
        ("view_review", Review.objects.filter(status="with_panel", deadline__lt=today), reviews, "work:review_list"),
        ("view_qualityvisit", QualityVisit.objects.for_user(user).left_to_do(), visits, "work:visit_list"),
    ]
    for permission, found, words, page in rows:
        if user.has_perm(f"forums.{permission}") and (count := found.count()):
            yield Line(words(count) % {"count": count}, reverse(page))


def applications(count):
    return ngettext("%(count)s application to decide", "%(count)s applications to decide", count)


def claims(count):
    return ngettext("%(count)s claim for expenses to decide", "%(count)s claims for expenses to decide", count)


def questions(count):
    return ngettext("%(count)s Board question without an answer", "%(count)s Board questions without an answer", count)


def needs(count):
    return ngettext("%(count)s member whose needs were not met", "%(count)s members whose needs were not met", count)


def actions(count):
    return ngettext("%(count)s action that is overdue", "%(count)s actions that are overdue", count)


def reviews(count):
    return ngettext("%(count)s review past its deadline", "%(count)s reviews past their deadline", count)


def visits(count):
    return ngettext("%(count)s quality visit to go on with", "%(count)s quality visits to go on with", count)
