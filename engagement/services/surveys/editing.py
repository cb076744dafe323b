"""Surveys are written, checked and published. Questions stay as they are once somebody has answered (ENG-027)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from core.spreadsheets import fold
from engagement.models import Activity, Survey, SurveyQuestion
from people.models import User

Kind = SurveyQuestion.Kind
WITH_OPTIONS = (Kind.ONE, Kind.MANY)
LEAST_OPTIONS = 2
LONGEST_OPTION = 200
TAKEN = ("sent", "receipt", "resume", "about-you", "words")  # addresses of pages beside those of surveys


@transaction.atomic
def add_survey(activity: Activity, *, by: User, **values) -> Survey:
    """A survey for an activity, not yet published. The same title twice has two addresses. Raises ValidationError."""
    survey = Survey(activity=activity, slug=_free_slug(values["title"]), **values)
    survey.full_clean()
    survey.save()
    audit.record(by, "added", survey)
    return survey


def _free_slug(title: str) -> str:
    start = slugify(title)[:70].strip("-") or "survey"
    taken = {*TAKEN, *Survey.objects.filter(slug__startswith=start).values_list("slug", flat=True)}
    number, slug = 1, start
    while slug in taken:
        number += 1
        slug = f"{start}-{number}"
    return slug


@transaction.atomic
def change_survey(survey: Survey, *, by: User, **values) -> Survey:
    """Change what a survey says, until it is published. Raises ValidationError."""
    survey = locked(survey)
    if survey.is_published:
        raise ValidationError(_("This survey is published. Only its last day can be changed now"), code="published")
    for name, value in values.items():
        setattr(survey, name, value)
    survey.full_clean()
    survey.save(update_fields=[*values, "updated_at"])
    audit.record(by, "changed", survey)
    return survey


@transaction.atomic
def publish_survey(survey: Survey, *, by: User) -> Survey:
    """Put a survey on the public pages from its first day. A second time changes nothing. Raises ValidationError."""
    survey = locked(survey)
    if survey.is_published:
        return survey
    missing = {
        _("Add at least one question"): not survey.questions.exists(),
        _("Write an introduction"): not survey.introduction.strip(),
        _("Say how people get it on paper or by telephone"): not survey.paper_contact.strip(),
        _("Choose a last day that is not in the past"): survey.closes_on < timezone.localdate(),
    }
    if any(missing.values()):
        raise ValidationError([words for words, is_missing in missing.items() if is_missing], code="missing")
    survey.is_published = True
    survey.save(update_fields=["is_published", "updated_at"])
    audit.record(by, "published", survey)
    return survey


@transaction.atomic
def move_last_day(survey: Survey, *, by: User, closes_on: datetime.date) -> Survey:
    """Close a survey earlier or keep it open for longer. The same day again changes nothing. Raises ValidationError."""
    survey = locked(survey)
    if closes_on == survey.closes_on:
        return survey
    if closes_on < timezone.localdate():
        raise ValidationError({"closes_on": _("The last day must be today or later")})
    before, survey.closes_on = survey.closes_on, closes_on
    survey.full_clean()
    survey.save(update_fields=["closes_on", "updated_at"])
    audit.record(by, "moved the last day", survey, before=before.isoformat(), now=closes_on.isoformat())
    return survey


# Questions ---------------------------------------------------------------------------------------


@transaction.atomic
def add_question(survey: Survey, *, by: User, **values) -> SurveyQuestion:
    """A question at the end. Raises ValidationError, also once somebody has answered."""
    survey = _unanswered(survey)
    last = survey.questions.aggregate(last=Max("order"))["last"] or 0
    question = SurveyQuestion(survey=survey, order=last + 1)
    _put(question, values)
    audit.record(by, "added", question, survey=survey.pk)
    return question


@transaction.atomic
def change_question(question: SurveyQuestion, *, by: User, **values) -> SurveyQuestion:
    """Change the words, the kind or the answers of a question. Raises ValidationError once somebody has answered."""
    _unanswered(question.survey)
    question = SurveyQuestion.objects.select_for_update().get(pk=question.pk)
    _put(question, values)
    audit.record(by, "changed", question, survey=question.survey_id)
    return question


@transaction.atomic
def remove_question(question: SurveyQuestion, *, by: User) -> None:
    """Take a question out. A second time changes nothing. A published survey keeps one. Raises ValidationError."""
    survey = _unanswered(question.survey)
    if not survey.questions.filter(pk=question.pk).exists():
        return
    if survey.is_published and survey.questions.count() == 1:
        raise ValidationError(_("A published survey needs a question. Add another before you take this one out"))
    audit.record(by, "removed", question, survey=survey.pk)
    survey.questions.filter(pk=question.pk).delete()


@transaction.atomic
def move_question(question: SurveyQuestion, *, by: User, is_up: bool) -> None:
    """Let a question change places with the one before or after it. At the end nothing changes."""
    survey = _unanswered(question.survey)
    order = list(survey.questions.order_by("order"))
    place = next(index for index, each in enumerate(order) if each.pk == question.pk)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(order):
        return
    mine, theirs = order[place], order[other]
    first, second = mine.order, theirs.order
    # No two questions of a survey ever have one place, so the second steps aside first.
    for each, number in ((theirs, order[-1].order + 1), (mine, second), (theirs, first)):
        SurveyQuestion.objects.filter(pk=each.pk).update(order=number)
    audit.record(by, "moved", mine, survey=survey.pk)


def _put(question: SurveyQuestion, values: dict) -> None:
    for name, value in values.items():
        setattr(question, name, value)
    question.options = _checked_options(question.kind, question.options)
    question.full_clean()
    question.save()


def _checked_options(kind: str, options: list[str]) -> list[str]:
    if kind not in WITH_OPTIONS:
        if options:
            raise ValidationError({"options": _("Only a choice has answers to choose from. Leave this empty")})
        return []
    if len(options) < LEAST_OPTIONS:
        raise ValidationError({"options": _("Write at least two answers, each on a line of its own")})
    if len({fold(option) for option in options}) < len(options):
        raise ValidationError({"options": _("Two answers are the same. Keep one of them")})
    if any(len(option) > LONGEST_OPTION for option in options):
        raise ValidationError({"options": _("An answer must be 200 characters or fewer")})
    if any(";" in option for option in options):
        raise ValidationError({"options": _("Write the answers without semicolons: these part them in spreadsheets")})
    return options


def locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _unanswered(survey: Survey) -> Survey:
    survey = locked(survey)
    if survey.responses.exists():
        raise ValidationError(
            _("Somebody has begun to answer, so the questions stay as they are. Make a new survey to ask others"),
            code="answered",
        )
    return survey
