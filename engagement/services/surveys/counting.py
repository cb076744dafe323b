"""Equality answers raise totals and are kept nowhere else (ENG-025): not with a response, not with a person."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from engagement.models import Activity, Participation, Survey, SurveyResponse
from people.models import EqualityOption


@transaction.atomic
def count_answers(activity: Activity, options: Iterable[EqualityOption], *, on: datetime.date, source: str) -> None:
    """Count one person under each of the options, at most one of each question, on a day and from a source.

    The activity's row is locked, so that two people at once are two.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    for option in options:
        row = {"activity": activity, "option": option, "on": on, "source": source}
        total, _is_new = Participation.objects.get_or_create(**row, defaults={"number": 0})
        Participation.objects.filter(pk=total.pk).update(number=F("number") + 1)


@transaction.atomic
def count_person(response: SurveyResponse, options: Iterable[EqualityOption]) -> bool:
    """Count who sent a response, once: a second time changes nothing. Returns whether they were counted now.

    They count on the first of the month, as members do: a day with one response would say whose answers these are.
    """
    response = SurveyResponse.objects.select_for_update(of=("self",)).select_related("survey").get(pk=response.pk)
    options = list(options)
    if response.is_counted or not options or response.sent_at is None:
        return False
    response.is_counted = True
    response.save(update_fields=["is_counted"])
    month = timezone.localdate(response.sent_at).replace(day=1)
    count_answers(response.survey.activity, options, on=month, source=source_of(response.survey))
    return True


def source_of(survey: Survey) -> str:
    """How the totals name a survey."""
    return f"survey: {survey.slug}"
