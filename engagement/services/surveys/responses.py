"""What people answer: kept until they come back, sent, typed in by staff, found by its code, forgotten (ENG-027)."""

import datetime
import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from engagement.models import Project, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from engagement.services.surveys import codes
from engagement.services.surveys.counting import count_person
from engagement.services.surveys.editing import locked
from people.models import EqualityOption, User

Kind = SurveyQuestion.Kind
Value = str | int | list[str] | None
LONGEST_LINE = 200
LONGEST_TEXT = 4000
LARGEST_NUMBER = 1_000_000_000
CHUNK = 1000
SCALE = (1, 2, 3, 4, 5)
KEPT_FROM_THE_START = datetime.timedelta(days=30)
KEPT_AFTER_CLOSING = datetime.timedelta(days=3)
PAPER_AFTER_CLOSING = datetime.timedelta(days=14)  # paper is in the post
REASONS = {
    "asked": gettext_lazy("the person asked for it"),
    "personal": gettext_lazy("it holds personal details of others"),
    "mistake": gettext_lazy("it was entered by mistake"),
}


# People ------------------------------------------------------------------------------------------


@transaction.atomic
def keep_draft(survey: Survey, answers: dict[int, Value], *, form_token: uuid.UUID) -> SurveyResponse:
    """Keep answers that are not sent yet, for who has the code. What was sent already stays as it was sent.

    `answers` has the number of a question and what was answered. For three days after the last day they are kept too,
    so that who was still writing loses nothing. Raises ValidationError.
    """
    survey = locked(survey)
    found = _of_form(survey, form_token)
    if found is not None and found.sent_at is not None:
        return found
    today = timezone.localdate()
    if not survey.is_published or not survey.opens_on <= today <= survey.closes_on + KEPT_AFTER_CLOSING:
        raise _closed(survey)
    response = found or SurveyResponse.objects.create(
        survey=survey, form_token=form_token, code_hash=codes.new_hash(form_token)
    )
    _write(response, answers, needs_all=False)
    return response


@transaction.atomic
def send(survey: Survey, answers: dict[int, Value], *, form_token: uuid.UUID) -> SurveyResponse:
    """Take answers from the public page. The same form twice is one response. Raises ValidationError.

    Errors name the field of a question as `q` and its number; the code of a closed survey is `closed`.
    """
    survey = locked_with_project(survey)
    found = _of_form(survey, form_token)
    if found is not None and found.sent_at is not None:
        return found
    if not survey.is_open:
        raise _closed(survey)
    response = found or SurveyResponse(survey=survey, form_token=form_token, code_hash=codes.new_hash(form_token))
    response.sent_at = timezone.now()
    response.save()
    _write(response, answers, needs_all=True)
    audit.record(None, "received", response, survey=survey.pk)
    return response


def find(code: str) -> SurveyResponse | None:
    """The response with a code, with its survey and activity; None says nothing about why there is none."""
    rows = SurveyResponse.objects.select_related("survey__activity")
    return rows.filter(code_hash=codes.hashed(code)).first()


def answers_of(response: SurveyResponse) -> dict[int, Value]:
    """What a response says: the number of each question that was answered, and the answer."""
    return {row.question_id: row.value for row in response.answers.select_related("question")}


# Staff -------------------------------------------------------------------------------------------


@transaction.atomic
def enter(
    survey: Survey,
    answers: dict[int, Value],
    *,
    by: User,
    form_token: uuid.UUID,
    route: str,
    on: datetime.date,
    options: list[EqualityOption] = (),
) -> SurveyResponse:
    """Type in what somebody answered on paper, by telephone or in person, on a day. The same form twice is one.

    Nothing has to be answered: paper comes as it comes. Possible until 14 days after the last day. Equality answers
    only raise totals. Raises ValidationError.
    """
    survey = locked_with_project(survey)
    found = _of_form(survey, form_token)
    if found is not None:
        return found
    today = timezone.localdate()
    if not survey.is_published or not survey.opens_on <= today <= survey.closes_on + PAPER_AFTER_CLOSING:
        raise ValidationError(
            _("Answers can be entered from the first day until 14 days after the last day"), code="closed"
        )
    if not survey.opens_on <= on <= today:
        raise ValidationError({"on": _("The day must be from the first day of the survey until today")})
    response = SurveyResponse.objects.create(
        survey=survey,
        form_token=form_token,
        code_hash=codes.new_hash(form_token),
        route=route,
        sent_at=moment(on),
        entered_by=by,
    )
    _write(response, answers, needs_all=False)
    count_person(response, options)
    audit.record(by, "entered", response, survey=survey.pk, route=route)
    return response


@transaction.atomic
def add_from_file(
    survey: Survey, rows: Iterable[tuple[str, datetime.date | None, dict[int, Value]]], *, by: User | None
) -> int:
    """Rows of a file from another tool: key, day and answers. Nobody has a code for them. Returns how many.

    The caller has locked the survey, has checked the answers with `fault`, and audits the file.
    """
    today = timezone.localdate()
    shared = {"survey": survey, "route": SurveyResponse.Route.FILE, "entered_by": by}
    given = [
        (SurveyResponse(code_hash=codes.no_code(), row_key=key, sent_at=moment(on or today), **shared), answers)
        for key, on, answers in rows
    ]
    SurveyResponse.objects.bulk_create([response for response, _answers in given], batch_size=CHUNK)
    questions = {question.pk: question for question in survey.questions.all()}
    SurveyAnswer.objects.bulk_create(
        (
            _answer(response, questions[number], value)
            for response, answers in given
            for number, value in answers.items()
        ),
        batch_size=CHUNK,
    )
    return len(given)


@transaction.atomic
def remove_response(survey: Survey, code: str, *, reason: str, by: User) -> None:
    """Delete a response that its code finds, with all its words. Totals stay: nobody knows who is in them.

    `reason` is a key of REASONS. Raises ValidationError.
    """
    survey = locked(survey)
    response = survey.responses.filter(code_hash=codes.hashed(code)).first()
    if response is None:
        raise ValidationError({"code": _("There are no answers with that code in this survey")})
    if reason not in REASONS:
        raise ValidationError({"reason": _("Select a reason")})
    audit.record(by, "removed", response, survey=survey.pk, reason=reason)
    response.delete()


def forget_drafts() -> int:
    """Delete drafts 30 days after they were begun, or three days after the survey closed. Returns how many."""
    old = Q(started_at__lt=timezone.now() - KEPT_FROM_THE_START)
    closed = Q(survey__closes_on__lt=timezone.localdate() - KEPT_AFTER_CLOSING)
    drafts = SurveyResponse.objects.filter(old | closed, sent_at=None)
    return drafts.delete()[1].get(SurveyResponse._meta.label, 0)


# What is right -----------------------------------------------------------------------------------


def fault(question: SurveyQuestion, value: Value) -> str:
    """What would be right in place of an answer, or nothing where it is right."""
    match question.kind:
        case Kind.ONE | Kind.MANY:
            chosen = value if isinstance(value, list) else [value]
            names = "; ".join(question.options)
            return "" if set(chosen) <= set(question.options) else _("Choose from: %(names)s") % {"names": names}
        case Kind.SCALE:
            return "" if value in SCALE else _("Write a number from 1 to 5")
        case Kind.NUMBER:
            is_right = isinstance(value, int) and 0 <= value <= LARGEST_NUMBER
            return "" if is_right else _("Write a whole number, like 15")
    most = LONGEST_TEXT if question.kind == Kind.TEXT else LONGEST_LINE
    return "" if len(str(value)) <= most else _("Write at most %(most)s characters") % {"most": most}


def is_answered(value: Value) -> bool:
    return value not in (None, "", [])


def moment(day: datetime.date) -> datetime.datetime:
    """Now, or noon of an earlier day."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _write(response: SurveyResponse, answers: dict[int, Value], *, needs_all: bool) -> None:
    questions = list(response.survey.questions.all())
    given = {each.pk: answers[each.pk] for each in questions if is_answered(answers.get(each.pk))}
    wrong = {f"q{each.pk}": fault(each, given[each.pk]) for each in questions if each.pk in given}
    if needs_all:
        missing = [each for each in questions if each.is_required and each.pk not in given]
        wrong |= {f"q{each.pk}": _("Answer the question “%(question)s”") % {"question": each.text} for each in missing}
    if wrong := {name: words for name, words in wrong.items() if words}:
        raise ValidationError(wrong)
    if needs_all and not given:
        raise ValidationError(_("Answer at least one question"), code="empty")
    response.answers.all().delete()
    SurveyAnswer.objects.bulk_create(_answer(response, each, given[each.pk]) for each in questions if each.pk in given)


def _answer(response: SurveyResponse, question: SurveyQuestion, value: Value) -> SurveyAnswer:
    answer = SurveyAnswer(response=response, question=question)
    match question.kind:
        case Kind.ONE:
            answer.choices = [value]
        case Kind.MANY:
            answer.choices = value
        case Kind.SCALE | Kind.NUMBER:
            answer.number = value
        case _:
            answer.text = value
    return answer


def locked_with_project(survey: Survey) -> Survey:
    """The survey to be written to. The project is locked first: its gate counts the responses that nobody has read."""
    list(Project.objects.select_for_update(of=("self",)).filter(activities=survey.activity_id))
    return locked(survey)


def _of_form(survey: Survey, form_token: uuid.UUID) -> SurveyResponse | None:
    found = SurveyResponse.objects.select_for_update().filter(form_token=form_token).first()
    if found is not None and found.survey_id != survey.pk:
        raise ValidationError(_("This form belongs to another survey. Open the survey again"), code="other")
    return found


def _closed(survey: Survey) -> ValidationError:
    today = timezone.localdate()
    if not survey.is_published or today < survey.opens_on:
        return ValidationError(_("This survey is not open yet"), code="closed")
    day = date_format(survey.closes_on, "j F Y")
    return ValidationError(_("This survey closed on %(day)s") % {"day": day}, code="closed")
