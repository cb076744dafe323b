"""What is known of each link of the thread, for many activities at once: a fixed number of queries (YSD-009).

Words are not read here, and nobody's name. Numbers of unlike kinds stand side by side and are not added.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from engagement.documents.public_pages import ASKED, Standing, last_day, with_standing
from engagement.models import Activity, Consultation, Policy, ResponseCount, Survey, SurveyResponse
from insights.documents import telling
from insights.models import (
    Coding,
    Collection,
    Comment,
    Contributor,
    Decision,
    FindingEvidence,
    Response,
    Slips,
    Source,
    Told,
    Verdict,
    Weighed,
)

OVER = (Standing.AWAITING, Standing.ANSWERED)
COLUMNS = ("pk", "reference", "title", "starts_on", "ends_on", "state", "is_ongoing", "standing", "period__ends_on")


@dataclass(slots=True)
class Days:
    """What `last_day` asks of an activity."""

    starts_on: datetime.date | None
    ends_on: datetime.date | None
    state: str
    is_ongoing: bool
    published_surveys: list[Survey] = field(default_factory=list)
    consultation: Consultation | None = None


@dataclass(slots=True)
class Facts:
    """What is there of one activity.

    `due_on` is the day by which people were to hear what came of it; None where the last day is not recorded. `is_due`
    says that it is over, and that this time is up: a last day that nobody recorded gives no more time.
    `decisions` weighed something that was heard here; `unweighed` only name the activity. `untold` can be told, want
    to be, and have not been. `codes` were given out, `by_code` were used to look. Nobody has dealt with the
    `disagreements`.
    """

    pk: int
    reference: str
    title: str
    due_on: datetime.date | None
    is_due: bool
    has_words: bool
    received: int = 0
    comments: int = 0
    coded: int = 0
    findings: set[int] = field(default_factory=set)
    decisions: set[int] = field(default_factory=set)
    unweighed: set[int] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)
    contributors: int = 0
    no_news: int = 0
    written: int = 0
    reached: int = 0
    by_code: int = 0
    untold: int = 0
    codes: int = 0
    verdicts: Counter = field(default_factory=Counter)
    disagreements: int = 0

    @property
    def is_heard(self) -> bool:
        return self.has_words or self.received > 0 or self.comments > 0


def facts_of(activities: QuerySet[Activity]) -> list[Facts]:
    """The facts of activities, by reference."""
    scope = Activity.objects.filter(pk__in=activities.order_by().values("pk"))
    found = _activities(scope)
    _heard(scope, found)
    _comments(scope, found)
    _findings(scope, found)
    _decisions(scope, found)
    _answers(scope, found)
    return list(found.values())


def _activities(scope: QuerySet[Activity]) -> dict[int, Facts]:
    surveys, consultations = defaultdict(list), {}
    for survey in Survey.objects.filter(is_published=True, activity__in=scope.values("pk")).only(
        "activity", "closes_on"
    ):
        surveys[survey.activity_id].append(survey)
    for row in Consultation.objects.filter(activity__in=scope.values("pk"), project__stage__in=ASKED).select_related(
        "project"
    ):
        consultations[row.activity_id] = row
    today, weeks = timezone.localdate(), datetime.timedelta(weeks=Policy.objects.current().answer_weeks)
    answered = Q(pk__in=[])  # over and answered, or over and waiting: here both are over
    says = ExpressionWrapper(~Q(what_people_told_us=""), output_field=BooleanField())
    rows = with_standing(scope, answered).annotate(says=says).order_by("reference")
    found = {}
    for pk, reference, title, first, last, state, is_ongoing, standing, period_end, has_words in rows.values_list(
        *COLUMNS, "says"
    ):
        days = Days(first, last, state, is_ongoing, surveys[pk], consultations.get(pk))
        ended = last_day(days) or (None if is_ongoing else period_end)
        due_on = ended + weeks if ended else None
        is_due = standing in OVER and (due_on is None or due_on < today)
        found[pk] = Facts(pk, reference, title, due_on, is_due, has_words)
    return found


def _heard(scope: QuerySet[Activity], found: dict[int, Facts]) -> None:
    typed = ResponseCount.objects.filter(activity__in=scope.values("pk")).order_by()
    for number, received in typed.values_list("activity").annotate(Sum("received")):
        found[number].received += received
    ours = SurveyResponse.objects.sent().filter(survey__activity__in=scope.values("pk")).order_by()
    codes = Count("pk", filter=~Q(route=SurveyResponse.Route.FILE))
    for number, sent, held in ours.values_list("survey__activity").annotate(sent=Count("pk"), codes=codes):
        found[number].received += sent
        found[number].codes += held


def _comments(scope: QuerySet[Activity], found: dict[int, Facts]) -> None:
    """How many comments, held ones left out: nobody may read those. Erased ones stay, as their codes do."""
    comments = Comment.objects.filter(collection__activity__in=scope.values("pk"), is_held=False).order_by()
    for number, count in comments.values_list("collection__activity").annotate(Count("pk")):
        found[number].comments = count
    codings = Coding.objects.counted().filter(
        comment__collection__activity__in=scope.values("pk"), comment__is_held=False
    )
    grouped = codings.order_by().values_list("comment__collection__activity")
    for number, count in grouped.annotate(Count("comment", distinct=True)):
        found[number].coded = count


def _findings(scope: QuerySet[Activity], found: dict[int, Facts]) -> None:
    """Findings that were agreed and rest on what was heard here, those that are out of date by now included."""
    ways = (
        "collection__activity",
        "activity",
        "quote__comment__collection__activity",
        "source__activities",
        "source__collections__activity",
    )
    agreed = FindingEvidence.objects.filter(finding__agreed_at__isnull=False).order_by()
    for way in ways:
        rows = agreed.filter(**{f"{way}__in": scope.values("pk")})
        for number, finding in rows.values_list(way, "finding").distinct():
            found[number].findings.add(finding)


def _decisions(scope: QuerySet[Activity], found: dict[int, Facts]) -> None:
    by_finding, by_source = defaultdict(set), defaultdict(set)
    for decision, finding, source in Weighed.objects.order_by().values_list("decision", "finding", "source"):
        (by_finding[finding] if finding else by_source[source]).add(decision)
    for facts in found.values():
        for finding in facts.findings:
            facts.decisions |= by_finding[finding]
    for number, source in _sources(scope):
        found[number].decisions |= by_source[source]
    named = Decision.activities.through.objects.filter(activity__in=scope.values("pk"))
    for number, decision in named.values_list("activity", "decision"):
        if decision not in found[number].decisions:
            found[number].unweighed.add(decision)


def _sources(scope: QuerySet[Activity]) -> Iterable[tuple[int, int]]:
    """Library items that tell of activities, with the number of the activity."""
    yield from Source.activities.through.objects.filter(activity__in=scope.values("pk")).values_list(
        "activity", "source"
    )
    rows = Collection.objects.filter(activity__in=scope.values("pk"), source__isnull=False).order_by()
    yield from rows.values_list("activity", "source")


# Answers, and who heard of them ------------------------------------------------------------------


def _answers(scope: QuerySet[Activity], found: dict[int, Facts]) -> None:
    also = Response.also_answers.through.objects.filter(
        activity__in=scope.values("pk"), response__published_at__isnull=False
    )
    own = Response.objects.public().filter(activity__in=scope.values("pk")).order_by()
    to: dict[int, set[int]] = defaultdict(set)
    for number, answer in (*own.values_list("activity", "pk"), *also.values_list("activity", "response")):
        found[number].answers.add(answer)
        to[answer].add(number)
    answers = Response.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=also.values("response"))).order_by()
    _told(answers, to, found)
    _untold(scope, Q(activity__in=own.values("activity")) | Q(activity__in=also.values("activity")), found)
    _verdicts(answers, to, found)


def _told(answers: QuerySet[Response], to: dict[int, set[int]], found: dict[int, Facts]) -> None:
    """Of each answer that most people were told of: who heard of two answers is one person."""
    told = telling.with_reached(Told.objects.filter(response__in=answers.values("pk"))).order_by()
    is_code = Q(way=Told.Way.CODE)
    counts = told.values_list("response").annotate(
        written=Count("pk", filter=~is_code), got=Count("reached", filter=~is_code), codes=Count("pk", filter=is_code)
    )
    for answer, written, reached, codes in counts:
        for number in to[answer]:
            facts = found[number]
            facts.written = max(facts.written, written)
            facts.reached = max(facts.reached, reached)
            facts.by_code = max(facts.by_code, codes)


def _untold(scope: QuerySet[Activity], has_answer: Q, found: dict[int, Facts]) -> None:
    """Who could be told of a public answer and has not been. Only of these each person is looked at."""
    people = Contributor.objects.filter(activity__in=scope.values("pk")).order_by()
    counts = people.values_list("activity").annotate(
        people=Count("pk"), no_news=Count("pk", filter=Q(wants_no_news=True))
    )
    for number, count, no_news in counts:
        found[number].contributors, found[number].no_news = count, no_news
    slips = Slips.objects.filter(activity__in=scope.values("pk")).order_by()
    for number, codes in slips.values_list("activity").annotate(Sum("number")):
        found[number].codes += codes
    public = Told.objects.filter(response__published_at__isnull=False, person=OuterRef("person"))
    heard = Exists(public.filter(response__activity=OuterRef("activity")))
    heard_elsewhere = Exists(public.filter(response__also_answers=OuterRef("activity")))
    left = people.filter(has_answer, ~heard, ~heard_elsewhere, wants_no_news=False)
    for row in telling.rows(telling.with_people(left)):
        if row.can:
            found[row.contributor.activity_id].untold += 1


def _verdicts(answers: QuerySet[Response], to: dict[int, set[int]], found: dict[int, Facts]) -> None:
    rows = Verdict.objects.filter(response__in=answers.values("pk")).order_by()
    is_open = ~Q(right=Verdict.Right.YES) & Q(dealt_with_at=None)
    for answer, right, count, unsettled in rows.values_list("response", "right").annotate(
        count=Count("pk"), unsettled=Count("pk", filter=is_open)
    ):
        for number in to[answer]:
            found[number].verdicts[right] += count
            found[number].disagreements += unsettled
