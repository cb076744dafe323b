"""Figures of answers: how often and how soon people hear what came of it, and whether promises are kept (YSD)."""

import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.disclosure import SMALLEST_SHOWN
from engagement.documents.public_pages import Standing, with_standing
from engagement.models import Activity
from insights.documents import telling, verdicts
from insights.documents.thread import State
from insights.models import Contributor, Response, Status, Told, Verdict
from reporting.documents.kpis.activities import links_to
from reporting.documents.kpis.record import Asked
from reporting.documents.kpis.shape import (
    MOST_RECORDS,
    UNKNOWN,
    Direction,
    Found,
    Group,
    Record,
    Unit,
    measure,
    part_of,
)
from reporting.documents.promises import public_on


def _links(answers) -> list[Record]:
    return [_link(row) for row in answers.select_related("topic").order_by("reference")[:MOST_RECORDS]]


def _link(answer: Response) -> Record:
    return str(answer), reverse("insight_work:answer_detail", args=[answer.pk])


@measure(
    "activities-answered",
    Group.ANSWERS,
    Unit.SHARE,
    Direction.UP,
    name=_("Activities with a public answer"),
    definition=_(
        "Activities of the period that are over and have a published “you said, we did”, as it stands today. An answer "
        "that was written for another activity and cites this one counts."
    ),
    numerator=_("activities that are over and have a public answer"),
    denominator=_("activities of the period that are over"),
    source=_("Activities and published answers"),
)
def activities_answered(asked: Asked) -> Found:
    found = asked.timeliness
    public = Response.objects.public().answered()
    answered = with_standing(Activity.objects.in_period(asked.period), public).filter(standing=Standing.ANSWERED)
    return Found(found.answered, found.over, links_to(answered))


@measure(
    "days-to-answer",
    Group.ANSWERS,
    Unit.DAYS,
    Direction.DOWN,
    name=_("Days until people hear what came of it"),
    definition=_(
        "From the last day of an activity of the period to its first public answer, in the middle of all that have "
        "one. Activities whose last day is not recorded are left out, and so are those without an answer."
    ),
    numerator=_("the median of the days from the last day to the first public answer"),
    denominator=_("activities with a public answer whose last day is recorded"),
    source=_("Activities and published answers"),
)
def days_to_answer(asked: Asked) -> Found:
    found = asked.timeliness
    return Found(found.median_days, found.measured) if found.measured else UNKNOWN


@measure(
    "promises-overdue",
    Group.ANSWERS,
    Unit.NUMBER,
    Direction.DOWN,
    name=_("Promises that are overdue"),
    definition=_(
        "Public promises whose day, or whose day for the next update, had passed by the last day of the period without "
        "the thing being done or refused with a reason. The days are those that stand today."
    ),
    numerator=_("promises that were overdue on the last day of the period"),
    source=_("Published answers and the history of their status"),
)
def promises_overdue(asked: Asked) -> Found:
    known = public_on(asked.as_at)
    passed = Q(promised_for__lt=asked.as_at) | Q(next_update_on__lt=asked.as_at)
    late = known.filter(passed, was_open=True)
    records = _links(late)
    return Found(late.count(), None, records) if known.exists() else UNKNOWN


@measure(
    "promises-kept",
    Group.ANSWERS,
    Unit.SHARE,
    Direction.UP,
    name=_("Promises kept"),
    definition=_(
        "Public promises whose day came in the period, and that were done by the last day of it. What could not be "
        "done counts as not kept."
    ),
    numerator=_("promises that were done by the last day of the period"),
    denominator=_("public promises whose day came in the period"),
    source=_("Published answers and the history of their status"),
)
def promises_kept(asked: Asked) -> Found:
    due = public_on(asked.as_at).filter(promised_for__range=(asked.period.starts_on, asked.passed))
    due = list(due.select_related("topic").order_by("reference"))
    return part_of(due, lambda row: row.is_done and _done_on(row) <= asked.as_at, _link)


def _done_on(answer: Response) -> datetime.date:
    """The day that was noted; else the day on which somebody said that it was done."""
    noted = timezone.localdate(answer.settled) if answer.settled else datetime.date.max
    return answer.done_on or noted


@measure(
    "answers-could-not",
    Group.ANSWERS,
    Unit.SHARE,
    Direction.NEITHER,
    name=_("Answers that say “we could not”, with the reason"),
    definition=_(
        "Answers published in the period that say openly that something could not be done, and why, as they stand "
        "today."
    ),
    numerator=_("answers that say what could not be done, and why"),
    denominator=_("answers published in the period"),
    source=_("Published answers"),
)
def answers_could_not(asked: Asked) -> Found:
    published = list(asked.answers.select_related("topic").order_by("reference"))
    return part_of(published, lambda row: row.status == Status.COULD_NOT, _link)


@measure(
    "people-told",
    Group.ANSWERS,
    Unit.SHARE,
    Direction.UP,
    name=_("People who were told what came of it"),
    definition=_(
        "Of those on the register who took part in an activity that was answered in the period, can be told and want "
        "to be: those who were told by today. Somebody who took part in two such activities counts twice. Who looked "
        "with a code is not counted, because nobody knows who they are."
    ),
    numerator=_("people who were told"),
    denominator=_("people who were told, or could be told"),
    source=_("People who took part, and who was told of which answer"),
)
def people_told(asked: Asked) -> Found:
    answers = asked.answers.order_by()
    also = Response.also_answers.through.objects.filter(response__in=answers.values("pk"))
    to = Q(activity__in=answers.values("activity")) | Q(activity__in=also.values("activity"))
    told = Told.objects.filter(response__in=answers.values("pk"), person=OuterRef("person"))
    heard = Exists(told.filter(response__activity=OuterRef("activity")))
    heard |= Exists(told.filter(response__also_answers=OuterRef("activity")))
    people = Contributor.objects.filter(to).alias(heard=heard).order_by()
    reached = people.filter(heard=True).count()
    left = telling.with_people(people.filter(heard=False, wants_no_news=False))
    could = sum(row.can for row in telling.rows(left))
    return Found(reached, reached + could) if reached + could else UNKNOWN


@measure(
    "heard-right",
    Group.ANSWERS,
    Unit.SHARE,
    Direction.UP,
    name=_("“Did we hear you right?”: yes"),
    definition=_(
        "Of the people who told us in the period whether we heard them right, those who said yes. "
        "It is not shown where only a few said anything."
    ),
    numerator=_("people who said yes"),
    denominator=_("people who said yes, in part or no"),
    source=_("What people say to “Did we hear you right?”"),
)
def heard_right(asked: Asked) -> Found:
    found = verdicts.figures(Verdict.objects.filter(at__date__range=asked.days))
    if not found.number:
        return UNKNOWN
    if found.number < SMALLEST_SHOWN:
        return Found(missing=_now("too few to show"))
    return Found(found.yes, found.number)


@measure(
    "threads-whole",
    Group.ANSWERS,
    Unit.SHARE,
    Direction.UP,
    name=_("Activities whose thread is whole"),
    definition=_(
        "Activities of the period that have every link from what people said to the people told, of those that are due "
        "by now, as it stands today. Who still waits in time is left out."
    ),
    numerator=_("activities with every link, from what people said to the people told"),
    denominator=_("activities of the period that are due"),
    source=_("The thread of each activity"),
)
def threads_whole(asked: Asked) -> Found:
    whole = [line for line in asked.threads.lines if line.standing == State.WHOLE]
    records = [
        (f"{line.reference} {line.title}", reverse("insight_work:thread_of_activity", args=[line.pk])) for line in whole
    ]
    return Found(asked.threads.whole, asked.threads.of, records)
