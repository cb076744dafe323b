"""Who took part and can be told, who was told, who was reached, and who cannot be told and why (YSD-003).

Nobody is left out silently: who cannot be told is counted, with the reason. Somebody who left the register after they
were told stays counted as told.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from statistics import median

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import JobState
from engagement.documents.public_pages import SURVEYS, WITH_CARDS, last_day
from engagement.models import Activity, SurveyResponse
from insights.models import Contributor, Receipt, Response, Told
from people import notifications
from people.models import Consent, ConsentPurpose, Message

Way = Told.Way
BY_MESSAGE = (Way.MESSAGE, Way.PORTAL)


# Whether and how somebody can be told ------------------------------------------------------------


def purpose_of(contributor: Contributor) -> str:
    """For what somebody is written to. The consent of members names the news of what came of the work of their forum;
    everybody else hears the answer to what they themselves told us, which needs none."""
    return ConsentPurpose.MEMBERSHIP if contributor.how == Contributor.How.FORUM else ConsentPurpose.SERVICE


def with_people(contributors: QuerySet[Contributor]) -> QuerySet[Contributor]:
    """Contributors with their person and whether each agreed to hear from their forums, in one query."""
    consents = Consent.objects.filter(
        person=OuterRef("person"), purpose__code=ConsentPurpose.MEMBERSHIP, withdrawn_at=None
    )
    return contributors.select_related("person").annotate(agreed=Exists(consents))


def purposes() -> dict[str, ConsentPurpose]:
    """The purposes for which people are told; one that the body has not worded yet is there all the same."""
    codes = (ConsentPurpose.MEMBERSHIP, ConsentPurpose.SERVICE)
    found = ConsentPurpose.objects.in_bulk(codes, field_name="code")
    return {
        code: found.get(code) or ConsentPurpose(code=code, name=code, is_service=code == ConsentPurpose.SERVICE)
        for code in codes
    }


def obstacle(contributor: Contributor, known: dict[str, ConsentPurpose]) -> str:
    """Why somebody cannot be told, without their name, so that like reasons can be counted; empty where they can.

    The contributor was read `with_people`. Nothing more is read, and no guardian is looked up.
    """
    person = copy(contributor.person)
    person.name = _("This person")
    purpose = known[purpose_of(contributor)]
    return notifications.obstacle(person, purpose, person.channel, agreed=contributor.agreed)


@dataclass(frozen=True, slots=True)
class Row:
    """One contributor on the list: by which way they are told, or why they cannot be."""

    contributor: Contributor
    way: str
    obstacle: str

    @property
    def can(self) -> bool:
        """Whether they can be told, and want to be."""
        return not (self.obstacle or self.contributor.wants_no_news)


def rows(contributors: Iterable[Contributor]) -> list[Row]:
    """Contributors read `with_people`, each with the way in which they are told."""
    known = purposes()
    return [
        Row(each, str(each.person.get_channel_display()), "" if each.wants_no_news else obstacle(each, known))
        for each in contributors
    ]


@dataclass(frozen=True, slots=True)
class Reachable:
    """How many people took part as far as we know them, how many can be told, by which way, and why not the others."""

    people: int
    can: int
    no_news: int
    ways: tuple[tuple[str, int], ...]
    cannot: tuple[tuple[str, int], ...]


def reachable(contributors: QuerySet[Contributor]) -> Reachable:
    """Of all contributors that are given, each person once."""
    return _summed(rows(_each_once(contributors)))


def _summed(found: list[Row]) -> Reachable:
    told = [row for row in found if row.can]
    return Reachable(
        people=len(found),
        can=len(told),
        no_news=sum(row.contributor.wants_no_news for row in found),
        ways=_counted(row.way for row in told),
        cannot=_counted(row.obstacle for row in found if row.obstacle),
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def of_answer(response: Response) -> QuerySet[Contributor]:
    """Contributors of the activity that an answer is to, and of the others that it also answers."""
    also = response.also_answers.through.objects.filter(response=response).values("activity")
    return Contributor.objects.filter(Q(activity=response.activity_id) | Q(activity__in=also))


def _each_once(contributors: QuerySet[Contributor]) -> list[Contributor]:
    """Each person once. Who wants no news of one activity gets none of an answer to it and another."""
    found: dict[int, Contributor] = {}
    for row in with_people(contributors).order_by("pk"):
        before = found.setdefault(row.person_id, row)
        before.wants_no_news = before.wants_no_news or row.wants_no_news
    return list(found.values())


def to_tell(response: Response, occasion: str) -> list[Contributor]:
    """Who is to be told of an answer on an occasion: those who can be, and have not been."""
    told = people_told(response, occasion)
    found = [row.contributor for row in rows(_each_once(of_answer(response))) if row.can]
    return [each for each in found if each.person_id not in told]


def key_of(response: Response, occasion: str, person: int | str = "") -> str:
    """The key of a message: the same person is told once on each occasion."""
    return f"told-{response.pk}-{occasion}-{person}"


def people_told(response: Response, occasion: str) -> set[int]:
    """The numbers of those who have been written to on an occasion. Messages follow people who are merged."""
    messages = Message.objects.filter(key__startswith=key_of(response, occasion))
    return set(messages.values_list("person", flat=True))


# Who was told ------------------------------------------------------------------------------------


def with_reached(told: QuerySet[Told]) -> QuerySet[Told]:
    """Each row with `reached`: when it was sent, posted or read. A message that has just gone counts at once."""
    sent = Case(When(message__state=JobState.DONE, then=F("message__finished_at")))
    return told.annotate(reached=Coalesce("reached_at", sent))


@dataclass(frozen=True, slots=True)
class Picture:
    """Who was told of one answer. `told` people by message or on the members' pages: of these `reached`, `waiting` for
    the post or the telephone, or `failed`. `by_code` looked with a code, of `codes` that were given out. Codes and
    people are not added: somebody may be both. `gone` were told and are no longer on the list.
    """

    reachable: Reachable
    told: int
    reached: int
    waiting: int
    failed: int
    untold: int
    gone: int
    by_code: int
    codes: int
    days: float | None
    measured: int
    last_day: datetime.date | None


def picture(response: Response) -> Picture:
    """A fixed number of queries, whatever the number of people."""
    told = with_reached(response.told.filter(way__in=BY_MESSAGE))
    found = list(told.values_list("person", "reached", "message__state"))
    reached = [at for _person, at, _state in found if at]
    failed = sum(state == JobState.FAILED and not at for _person, at, state in found)
    people, listed = {person for person, _at, _state in found if person}, rows(_each_once(of_answer(response)))
    day = last_day_of(response)
    days = [(timezone.localdate(at) - day).days for at in reached] if day else []
    return Picture(
        reachable=_summed(listed),
        told=len(found),
        reached=len(reached),
        waiting=len(found) - len(reached) - failed,
        failed=failed,
        untold=sum(row.can and row.contributor.person_id not in people for row in listed),
        gone=len(found) - len(people & {row.contributor.person_id for row in listed}),
        by_code=response.told.filter(way=Way.CODE).count(),
        codes=codes_given(response),
        days=median(days) if days else None,
        measured=len(days),
        last_day=day,
    )


def codes_given(response: Response) -> int:
    """How many codes were given out for what an answer is to: on slips, and to those who answered a survey."""
    also = response.also_answers.through.objects.filter(response=response).values("activity")
    slips = Receipt.objects.filter(Q(slips__activity=response.activity_id) | Q(slips__activity__in=also))
    surveys = SurveyResponse.objects.sent().exclude(route=SurveyResponse.Route.FILE)
    sent = surveys.filter(Q(survey__activity=response.activity_id) | Q(survey__activity__in=also))
    return slips.count() + sent.count()


def last_day_of(response: Response) -> datetime.date | None:
    """The last day on which somebody could take part in the activity that an answer is to."""
    return _last_days([response.activity_id])[response.activity_id]


def _last_days(numbers: Iterable[int]) -> dict[int, datetime.date | None]:
    found = Activity.objects.filter(pk__in=numbers).select_related(*WITH_CARDS).prefetch_related(SURVEYS)
    return {row.pk: last_day(row) for row in found}


@dataclass(frozen=True, slots=True)
class Delay:
    """After how many days, in the middle, the first person was reached: over `measured` of so many public `answers`.

    `untold` reached nobody yet, `undated` have no last day on record: nobody can say how soon.
    """

    answers: int
    measured: int
    untold: int
    undated: int
    days: float | None


def delay(responses: QuerySet[Response]) -> Delay:
    """From the last day of the activity to the first person who was reached (YSD-003).

    An answer counts once, however many heard of it. A fixed number of queries.
    """
    answers = dict(responses.public().values_list("pk", "activity"))
    first: dict[int, datetime.datetime] = {}
    for number, at in with_reached(Told.objects.filter(response__in=answers)).values_list("response", "reached"):
        if at:
            first[number] = min(at, first.get(number, at))
    ended = _last_days({answers[number] for number in first})
    days = [(timezone.localdate(at) - day).days for number, at in first.items() if (day := ended.get(answers[number]))]
    return Delay(
        answers=len(answers),
        measured=len(days),
        untold=len(answers) - len(first),
        undated=len(first) - len(days),
        days=median(days) if days else None,
    )
