"""The public pages of activities: published and withdrawn by a named person; who fills in what came of them (PUB-004).

What is kept further up, such as answers, is registered here when the app that keeps it starts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify

from core import audit
from engagement.documents.public_answers import Answers, Weighed
from engagement.documents.public_chain import STEPS
from engagement.models import Activity, Project
from engagement.services.activities import NEEDED_TO_GO_LIVE
from people.models import User

TO_COME = (Activity.State.PLANNED, Activity.State.LIVE)

# Registries --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Where published answers are kept.

    `read` goes from numbers of activities to the answers of each, in a fixed number of queries. `answered` gives the
    numbers of all activities with a published answer, for a subquery.
    """

    read: Callable[[list[int]], dict[int, Answers]]
    answered: Callable[[], QuerySet]


_answer_sources: list[AnswerSource] = []
_weighing_sources: list[Callable[[Project], Iterable[Weighed]]] = []
_panel_sources: list[Callable[[str], str]] = []
_figure_sources: dict[str, list[Callable[[], Iterable[str]]]] = defaultdict(list)


def register_answers(source: AnswerSource) -> None:
    _answer_sources.append(source)


def register_weighing(source: Callable[[Project], Iterable[Weighed]]) -> None:
    """Have a source asked what a decision adopted of what people asked for, and why not the rest."""
    _weighing_sources.append(source)


def register_panel(source: Callable[[str], str]) -> None:
    """Have a source asked for a part of the page of an activity, by its slug: safe HTML, empty where it has nothing."""
    _panel_sources.append(source)


def register_figures(step: str, source: Callable[[], Iterable[str]]) -> None:
    """Have a source asked for sentences, each with one number, of a step of “How your views are used”.

    The steps are the codes of `engagement.documents.public_chain.STEPS`. Raises ValueError for another.
    """
    if step not in {code for code, _title, _text in STEPS}:
        raise ValueError(step)
    _figure_sources[step].append(source)


def answers_of(activities: Iterable[Activity]) -> dict[int, Answers]:
    """The published answers of activities, by the number of the activity; none for one that is left out."""
    numbers = [activity.pk for activity in activities]
    found: dict[int, Answers] = {}
    for source in _answer_sources if numbers else ():
        for number, answers in source.read(numbers).items():
            before = found.get(number, Answers())
            found[number] = Answers(before.published + answers.published, before.promised_for or answers.promised_for)
    return found


def answered() -> Q:
    """True of activities that have a published answer."""
    condition = Q(pk__in=[])
    for source in _answer_sources:
        condition |= Q(pk__in=source.answered())
    return condition


def weighed_in(project: Project) -> list[Weighed]:
    """What the decision of a project adopted and what not, with the reasons."""
    return [each for source in _weighing_sources for each in source(project)]


def panels_of(slug: str) -> list[str]:
    """The registered parts of the public page of an activity."""
    return [panel for source in _panel_sources if (panel := source(slug))]


def figures_of(step: str) -> list[str]:
    """The registered figures of a step of the chain, as sentences."""
    return [words for source in _figure_sources.get(step, ()) for words in source()]


# Publishing --------------------------------------------------------------------------------------


def lacks(activity: Activity) -> list[str]:
    """What a public page still needs, in sentences that say what to do. One that is over needs no way to take part."""
    names = set(NEEDED_TO_GO_LIVE) if activity.state in TO_COME else set(NEEDED_TO_GO_LIVE) - {"route_without_internet"}
    return [str(words) for name, words in NEEDED_TO_GO_LIVE.items() if name in names and not getattr(activity, name)]


@transaction.atomic
def publish_page(activity: Activity, *, by: User, public_summary: str = "") -> Activity:
    """Let everybody read about an activity, or change the summary of a page that they can read.

    Its address is made once and stays, also when the page is withdrawn and published again. The same again changes
    nothing. Raises ValidationError with everything that the page lacks.
    """
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if found := lacks(activity):
        raise ValidationError(found, code="lacks")
    summary = public_summary.strip()
    if activity.is_published and activity.public_summary == summary:
        return activity
    verb = "changed" if activity.is_published else "published"
    if not activity.is_published:
        activity.slug = activity.slug or _new_slug(activity)
        activity.published_at, activity.published_by = timezone.now(), by
    activity.public_summary = summary
    _save(activity, by, "slug", "published_at", "published_by", "public_summary")
    audit.record(by, verb, activity)
    return activity


def _new_slug(activity: Activity) -> str:
    """The reference as an address. Two references that look alike there are told apart by the number of the row."""
    slug = slugify(activity.reference)
    is_taken = Activity.objects.filter(slug=slug).exclude(pk=activity.pk).exists()
    return f"{slug or 'activity'}-{activity.pk}" if is_taken or not slug else slug


@transaction.atomic
def withdraw_page(activity: Activity, *, by: User) -> Activity:
    """Take the page of an activity away from the public. One that is not published stays as it is."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    if activity.is_published:
        activity.published_at = activity.published_by = None
        _save(activity, by, "published_at", "published_by")
        audit.record(by, "withdrew", activity)
    return activity


def _save(activity: Activity, by: User, *names: str) -> None:
    activity._history_user = by
    activity.save(update_fields=[*names, "updated_at"])
