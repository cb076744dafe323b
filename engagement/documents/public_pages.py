"""Activities as anybody may read of them: plain data with the fields that are named here, and no others (PUB-004, 018).

Templates are given these shapes and never a row, so that no page can reach an owner, a cost, an internal note or a
person. Counts stand as they were recorded, never by a characteristic.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.documents.public_answers import Answer, Answers
from engagement.models import Activity, ActivityCount, Consultation, Project, Session, Survey, SurveyResponse
from engagement.words import when
from people.models import Area, Level

State = Activity.State
SUMMARY_WORDS = 40


class Standing(TextChoices):
    """Where an activity stands for the public, by its days, its state and whether it is answered."""

    OPEN = "open", gettext_lazy("open now")
    COMING = "coming", gettext_lazy("coming")
    AWAITING = "closed", gettext_lazy("closed, waiting for our answer")
    ANSWERED = "answered", gettext_lazy("answered")


COLOURS = {Standing.OPEN: "green", Standing.COMING: "blue", Standing.AWAITING: "orange", Standing.ANSWERED: "grey"}
OVER = (State.ANALYSIS, State.FEEDBACK_DUE, State.CLOSED)
# The stages of a project at which people are being asked, or have been.
ASKED = [
    *(Project.Stage.CONSULTATION, Project.Stage.ANALYSIS, Project.Stage.DECISION),
    *(Project.Stage.MOBILISE, Project.Stage.REVIEW),
]


def consultations() -> QuerySet[Consultation]:
    """What anybody may read of consultations, the newest first: every public page about them starts from here.

    The activity has a public page, and people are being asked, or have been: nobody reads a draft.
    """
    public = Activity.objects.public().values("pk")
    rows = Consultation.objects.filter(activity__in=public, project__stage__in=ASKED, opens_on__isnull=False)
    return rows.order_by("-opens_on", "-pk")


def asking_now() -> QuerySet[Consultation]:
    """Public consultations that take responses today, those that were given more time included."""
    today = timezone.localdate()
    rows = consultations().filter(opens_on__lte=today, project__stage=Project.Stage.CONSULTATION)
    return (
        rows.filter(project__stopped_on=None)
        .exclude(Q(extended_to=None, closes_on__lt=today))
        .exclude(extended_to__lt=today)
    )


def with_standing(activities: QuerySet[Activity], answered: Q) -> QuerySet[Activity]:
    """Each activity with its `standing`, and the day on which it began as far as known, `began_on`.

    `answered` is true of activities with a published answer. What has an open survey or consultation is open; what was
    only recorded afterwards is over once its day has come.
    """
    today = timezone.localdate()
    asks = Exists(Survey.objects.open().filter(activity=OuterRef("pk")))
    consults = Q(pk__in=asking_now().order_by().values("activity"))
    recorded = Q(state=State.RECORDED, is_ongoing=False, ends_on=None)
    is_over = Q(state__in=OVER) | Q(ends_on__lt=today) | recorded & (Q(starts_on=None) | Q(starts_on__lt=today))
    standing = Case(
        When(asks, then=Value(Standing.OPEN)),
        When(consults, then=Value(Standing.OPEN)),
        When(is_over & answered, then=Value(Standing.ANSWERED)),
        When(is_over, then=Value(Standing.AWAITING)),
        When(Q(state=State.PLANNED) | Q(starts_on__gt=today), then=Value(Standing.COMING)),
        default=Value(Standing.OPEN),
        output_field=CharField(),
    )
    return activities.annotate(standing=standing, began_on=Coalesce("starts_on", "ends_on", "period__starts_on"))


def in_place(area: Area) -> Q:
    """True of activities in a place or in a part of it. Many rows can fit one activity: filter by number."""
    return Q(pk__in=Activity.objects.filter(Q(areas=area) | Q(areas__parent=area)).values("pk"))


# Shapes ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """An activity in a list. `clock` says how long people have waited for an answer, where they wait."""

    title: str
    url: str
    summary: str
    when: str
    where: str
    status: str
    colour: str
    last_day: datetime.date | None
    clock: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """A survey of an activity: its page while it is open or was, and how to have it on paper or by telephone."""

    title: str
    url: str
    closes_on: datetime.date
    is_open: bool
    without_internet: str


@dataclass(frozen=True, slots=True)
class PublicSession:
    """A session: when, how and where, with what somebody has to know to get in. `facts` are pairs in words."""

    activity: str
    url: str
    on: datetime.date | None
    is_coming: bool
    method: str
    mode: str
    host: str
    interpreter: str
    place: str
    address: str
    facts: tuple[tuple[str, str], ...]
    access_notes: str
    checked_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class PublicActivity:
    """The page of one activity, all that it shows."""

    reference: str
    title: str
    summary: str
    status: str
    colour: str
    is_open: bool
    when: str
    places: tuple[Place, ...]
    is_everywhere: bool
    nature: str
    organisers: tuple[str, ...]
    led_by: str
    forums: tuple[tuple[str, str], ...]
    methods: tuple[str, ...]
    topics: tuple[str, ...]
    groups: tuple[str, ...]
    purpose: str
    asked: str
    can_influence: str
    cannot_influence: str
    without_internet: str
    ways_in: tuple[WayIn, ...]
    sessions: tuple[PublicSession, ...]
    took_part: tuple[str, ...]
    responses: str
    told: str
    changed: str
    answers: tuple[Answer, ...]
    clock: str
    published_on: datetime.date
    address: str


# Lists -------------------------------------------------------------------------------------------

SURVEYS = Prefetch("surveys", Survey.objects.filter(is_published=True), to_attr="published_surveys")
FOR_CARDS = ("areas", SURVEYS)
WITH_CARDS = ("period", "consultation__project")


def cards(rows: Iterable[Activity], answers: dict[int, Answers], weeks: int) -> list[Card]:
    """Cards of activities that were read `with_standing`, with FOR_CARDS and WITH_CARDS; no further query.

    Within so many `weeks` people hear what came of it.
    """
    return [_card(row, answers.get(row.pk, Answers()), weeks) for row in rows]


def _card(row: Activity, answers: Answers, weeks: int) -> Card:
    standing = Standing(row.standing)
    return Card(
        title=row.title,
        url=address_of(row),
        summary=Truncator(row.public_summary or row.purpose).words(SUMMARY_WORDS),
        when=when(row),
        where=_where(row),
        status=str(standing.label),
        colour=COLOURS[standing],
        last_day=last_day(row) if standing == Standing.OPEN else None,
        clock=answers.clock(last_day(row), weeks) if standing == Standing.AWAITING else "",
    )


def address_of(activity: Activity) -> str:
    return reverse("taking_part:activity_detail", args=[activity.slug])


def last_day(row: Activity) -> datetime.date | None:
    """The last day on which somebody could take part: of the activity, its surveys or its consultation."""
    if row.is_ongoing:
        return None
    days = [each.closes_on for each in row.published_surveys]
    consultation = getattr(row, "consultation", None)
    if consultation and consultation.project.stage in ASKED:
        days.append(consultation.last_day)
    days.append(row.ends_on or (row.starts_on if row.state == State.RECORDED else None))
    return max((day for day in days if day), default=None)


def _where(row: Activity) -> str:
    names = ", ".join(area.name for area in row.areas.all())
    return names or (_("the whole area") if row.level == Level.SYSTEM else _("not recorded"))


# One page ----------------------------------------------------------------------------------------

TOOK_PART = Prefetch("counts", ActivityCount.objects.filter(about="took_part"), to_attr="took_part")
WITH_PAGE = (*WITH_CARDS, "organisation")
FOR_PAGE = (
    *FOR_CARDS,
    *("topics", "groups", "methods", "forums", "partner_links__organisation", "response_counts", TOOK_PART),
    *("sessions__venue", "sessions__method", "sessions__host"),
)


def activity_page(row: Activity, answers: Answers, weeks: int) -> PublicActivity:
    """The page of an activity that was read `with_standing`, with FOR_PAGE and WITH_PAGE."""
    standing = Standing(row.standing)
    return PublicActivity(
        reference=row.reference,
        title=row.title,
        summary=row.public_summary,
        status=str(standing.label),
        colour=COLOURS[standing],
        is_open=standing in {Standing.OPEN, Standing.COMING},
        when=when(row),
        places=tuple(place_of(area) for area in row.areas.all()),
        is_everywhere=row.level == Level.SYSTEM,
        nature=row.get_nature_display(),
        organisers=_organisers(row),
        led_by=row.get_led_by_display() if row.led_by else "",
        forums=tuple((forum.name, reverse("forums:forum_detail", args=[forum.pk])) for forum in row.forums.all()),
        methods=tuple(each.name for each in row.methods.all()),
        topics=tuple(each.name for each in row.topics.all()),
        groups=tuple(each.name for each in row.groups.all()),
        purpose=row.purpose,
        asked=row.what_we_asked,
        can_influence=row.can_influence,
        cannot_influence=row.cannot_influence,
        without_internet=row.route_without_internet,
        ways_in=tuple(_way_in(survey) for survey in row.published_surveys if survey.state != "coming"),
        sessions=tuple(session_of(each, row) for each in row.sessions.all()),
        took_part=tuple(str(each.count) for each in row.took_part),
        responses=responses_of(row),
        told=row.what_people_told_us,
        changed=row.what_changed,
        answers=answers.published,
        clock=answers.clock(last_day(row), weeks) if standing == Standing.AWAITING else "",
        published_on=timezone.localdate(row.published_at),
        address=settings.SITE_URL + address_of(row),
    )


def place_of(area: Area) -> Place:
    return Place(area.name, reverse("taking_part:place", args=[area.slug]))


def _organisers(row: Activity) -> tuple[str, ...]:
    """Organisations alone: who it was recorded for, then its partners, each with its part in words."""
    first = [row.organisation.name] if row.organisation else []
    return (*first, *(f"{link.organisation.name} ({link.get_part_display()})" for link in row.partner_links.all()))


def _way_in(survey: Survey) -> WayIn:
    return WayIn(survey.title, survey.get_absolute_url(), survey.closes_on, survey.is_open, survey.paper_contact)


def session_of(session: Session, activity: Activity) -> PublicSession:
    venue = session.venue
    return PublicSession(
        activity=activity.title,
        url=address_of(activity),
        on=session.held_on,
        is_coming=session.held_on is not None and session.held_on >= timezone.localdate(),
        method=session.method.name if session.method else "",
        mode=session.get_mode_display(),
        host=session.host.name if session.host else "",
        interpreter=session.interpreter,
        place=venue.name if venue else session.where,
        address=venue.address if venue else "",
        facts=tuple((str(label), str(known)) for label, known in venue.facts) if venue else (),
        access_notes=venue.access_notes if venue else "",
        checked_on=venue.checked_on if venue else None,
    )


def responses_of(row: Activity) -> str:
    """How many responses came, and how many of them a person has read: one sentence, of all routes together.

    Answers to our surveys are counted from their rows. Where neither a number nor a survey is there it is not recorded.
    """
    typed = list(row.response_counts.all())
    if not typed and not row.published_surveys:
        return _("not recorded")
    ours = SurveyResponse.objects.sent().filter(survey__activity=row)
    found = ours.aggregate(received=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
    received = found["received"] + sum(each.received for each in typed)
    read = found["read"] + sum(each.read for each in typed)
    if not received:
        return _("No response has come yet.")
    words = ngettext(
        "%(received)s response came. People here have read %(read)s of it (%(percent)s%%).",
        "%(received)s responses came. People here have read %(read)s of them (%(percent)s%%).",
        received,
    )
    return words % {"received": received, "read": read, "percent": 100 * read // received}
