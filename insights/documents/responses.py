"""What an answer lacks before everybody may read it, how it reads, and which answers an activity has in public."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import terminology
from core.disclosure import SMALLEST_SHOWN
from core.readability import Readability, measure
from engagement.documents import public_answers
from engagement.documents.public_answers import Answer, Answers
from engagement.models import Activity
from insights.documents import wording
from insights.documents.wording import Remark
from insights.models import Response, Status

TEXTS = ("we_did", "reason", "evidence", "review_found")
# Of the tag of each status, as `insights/status_tag.html` has them.
COLOURS = {
    Status.PROMISED: "yellow",
    Status.UNDER_WAY: "blue",
    Status.DONE: "green",
    Status.REVIEWED: "green",
    Status.COULD_NOT: "grey",
}
MOST_COMPARED = 200  # other answers that one is compared with: those of its topic, the newest first


# Before publishing -------------------------------------------------------------------------------


def remarks(response: Response) -> list[Remark]:
    """Everything to think about before publishing; what keeps it back comes first."""
    others = Response.objects.filter(topic=response.topic_id).exclude(pk=response.pk).order_by("-created_at", "-pk")
    texts = {each.reference: f"{each.we_did}\n{each.reason}" for each in others[:MOST_COMPARED]}
    found = [*wording.check(_words(response, texts)), *_shown(response)]
    return sorted(found, key=lambda remark: not remark.is_blocking)


def blocking(response: Response) -> list[Remark]:
    """What keeps an answer back: nobody responsible, a promise without a day, no reason, nothing that shows it."""
    found = [*wording.check(_words(response, {})), *_shown(response)]
    return [remark for remark in found if remark.is_blocking]


def refuse(found: Iterable[Remark]) -> None:
    """Raise ValidationError, by field, with the remarks that are given."""
    by_field: dict[str, list[ValidationError]] = {}
    for remark in found:
        by_field.setdefault(remark.field, []).append(ValidationError(remark.words, code=remark.code))
    if by_field:
        raise ValidationError(by_field)


def _words(response: Response, others: dict[str, str]) -> wording.Words:
    activity = response.activity
    names = [response.topic.name, *activity.areas.values_list("name", flat=True)]
    names += [*activity.forums.values_list("name", flat=True), *activity.partners.values_list("name", flat=True)]
    return wording.Words(
        you_said=response.you_said,
        we_did=response.we_did,
        status=response.status,
        reason=response.reason,
        responsible=response.who,
        promised_for=response.promised_for or response.next_update_on,
        names=names,
        others=others,
    )


def _shown(response: Response) -> Iterable[Remark]:
    """What the facts beside the words must say (YSD-001, YSD-005, YSD-006)."""
    if response.is_done and not (response.evidence.strip() or response.evidence_link):
        words = _("Say what shows that it was done, in words or with a link. Else call it under way")
        yield Remark("no_evidence", words, True, "evidence")
    if response.status == Status.COULD_NOT and not response.reason_code:
        yield Remark("no_reason_code", _("Select the kind of reason"), True, "reason_code")
    if response.status == Status.UNDER_WAY and response.due_on is None:
        yield Remark("no_update", _("Say by when people will hear more"), False, "next_update_on")
    if response.people is None:
        yield Remark("no_people", _("Say how many people said it, if you know"), False, "people")


# How it reads ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text of an answer reads: which text, and what was measured."""

    label: str
    measured: Readability


def readings(response: Response) -> list[Reading]:
    """How each of our own texts reads; those that are empty are left out."""
    texts = [(name, getattr(response, name)) for name in TEXTS]
    return [Reading(_label(response, name), measure(text)) for name, text in texts if text.strip()]


def terms(response: Response) -> list[str]:
    """Which of our own words to think about, a sentence each (TRM-001). What people said is left as they said it."""
    checker = terminology.Checker(response)
    found = [
        terminology.sentence(finding, _label(response, name))
        for name in TEXTS
        for finding in checker.check(getattr(response, name))
    ]
    return list(dict.fromkeys(found))


def _label(response: Response, name: str) -> str:
    label = str(response._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


# For everybody -----------------------------------------------------------------------------------


def said_by(response: Response) -> str:
    """How many people said it, in words; empty where nobody knows. Few people of a named group are not counted out."""
    count = response.people
    if count is None:
        return ""
    most = count.upper or count.value
    if most is not None and most < SMALLEST_SHOWN and (response.groups.all() or response.activity.groups.all()):
        return _("fewer than %(number)s people") % {"number": SMALLEST_SHOWN}
    return str(count)


def late_words(response: Response) -> str:
    """That a promise is late, and since when, in words for everybody; empty where it is not."""
    late = public_answers.late_words(response.due_on)
    if not late:
        return ""
    day = public_answers.in_words(response.due_on)
    if response.due_on == response.promised_for:
        return _("We said that we would do this by %(day)s. %(late)s") % {"day": day, "late": late}
    return _("We said that you would hear more by %(day)s. %(late)s") % {"day": day, "late": late}


# For the public pages of activities --------------------------------------------------------------


def answers_of(numbers: list[int]) -> dict[int, Answers]:
    """The published answers of each of some activities, the newest first, those that cite it included."""
    public = Response.objects.public().select_related("topic")
    cites = Response.also_answers.through.objects.filter(activity__in=numbers).values_list("activity", "response")
    wanted = {number: set() for number in numbers}
    for activity, response in cites:
        wanted[activity].add(response)
    cited = set().union(*wanted.values()) if wanted else set()
    rows = {row.pk: row for row in public.filter(pk__in=cited) | public.filter(activity__in=numbers)}
    found: dict[int, tuple[Answer, ...]] = {}
    for row in sorted(rows.values(), key=lambda row: (-row.published_at.timestamp(), row.reference)):
        for number in numbers:
            if row.activity_id == number or row.pk in wanted[number]:
                found[number] = (*found.get(number, ()), _answer(row))
    return {number: Answers(published=answers) for number, answers in found.items()}


def answered() -> QuerySet:
    """The numbers of all activities with a published answer, their own or one that cites them."""
    return Activity.objects.filter(Response.objects.public().answered()).values("pk")


def _answer(row: Response) -> Answer:
    return Answer(
        said=row.you_said,
        came=row.reason if row.status == Status.COULD_NOT else row.we_did,
        status=str(row.get_status_display()),
        url=row.get_absolute_url(),
        promised_for=row.promised_for if row.due_on else None,
        colour=COLOURS[row.status],
    )


# “Did we hear you right?” ------------------------------------------------------------------------

_hearing: list[Callable[[Response], object | None]] = []


def register_heard(source: Callable[[Response], object | None]) -> None:
    """Have a source asked for the figures of “Did we hear you right?”; it gives None while they are too few."""
    _hearing.append(source)


def heard(response: Response) -> object | None:
    """What the template `insights/telling/public_figures.html` shows as `figures`; None where there is nothing."""
    return next((found for source in _hearing if (found := source(response)) is not None), None)
