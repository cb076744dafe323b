"""The Gunning clock: what can be measured of the four principles, in days and shares (SVC-011, requirements.md 2.11).

A figure that is not known is None and is printed as “not recorded”, never as 0. Every measure comes with words and,
where the figure allows one, a suggested rating. A person rates; the page says where they rate better.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.documents.earliness import earliness_of
from engagement.documents.holidays import Away, bank_holidays, days_between, school_holidays, weekdays
from engagement.models import (
    CheckQuestion,
    Consultation,
    ConsultationDocument,
    Policy,
    Project,
    Rating,
    ResponseCount,
    Survey,
    SurveyResponse,
)
from forums.models.meetings import Format
from people.models import User

Measure = CheckQuestion.Measure
WORST_FIRST = (Rating.RED, Rating.AMBER, Rating.GREEN)


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure in sentences, and the rating that it suggests: "" where it is not enough to suggest one."""

    words: tuple[str, ...]
    suggestion: str = ""

    @property
    def suggested(self) -> str:
        return Rating(self.suggestion).label if self.suggestion else ""


def is_better(rating: str, than: str) -> bool:
    """Whether a person rated better than a figure suggests."""
    return bool(rating and than) and WORST_FIRST.index(rating) > WORST_FIRST.index(than)


# Share of responses read -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """How many responses were read, of how many received. `received` is None where nothing is recorded."""

    read: int
    received: int | None

    @property
    def is_complete(self) -> bool:
        return self.received is not None and self.read == self.received

    @property
    def words(self) -> str:
        if self.received is None:
            return _("Responses: not recorded")
        if not self.received:
            return _("No response was received")
        return _("%(read)s of %(received)s responses read") % {"read": self.read, "received": self.received}


@dataclass(frozen=True, slots=True)
class RouteRead:
    """The same by the way in which responses came, with the names of those who read them."""

    route: str
    received: int
    read: int
    readers: tuple[str, ...] = ()


def read_by_route(project: Project) -> list[RouteRead] | None:
    """The responses to a project by route, typed and counted; None where neither a number nor a survey is there."""
    typed = ResponseCount.objects.filter(activity__project=project).values("route", "read_by")
    typed = list(typed.annotate(received_in_all=Sum("received"), read_in_all=Sum("read")).order_by("route", "read_by"))
    counted = SurveyResponse.objects.sent().filter(survey__activity__project=project).values("route", "read_by")
    counted = counted.annotate(received_in_all=Count("pk"), read_in_all=Count("pk", filter=Q(read_at__isnull=False)))
    counted = list(counted.order_by("route", "read_by"))
    if not typed and not counted and not Survey.objects.filter(activity__project=project).exists():
        return None
    readers = {row["read_by"] for row in (*typed, *counted)} - {None}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=readers)}
    return [*_routes(typed, ResponseCount.Route, names), *_routes(counted, SurveyResponse.Route, names)]


def _routes(rows: list[dict], routes, names: dict[int, str]) -> list[RouteRead]:
    found = []
    for route in routes:
        mine = [row for row in rows if row["route"] == route]
        if mine:
            readers = sorted(names[row["read_by"]] for row in mine if row["read_by"] in names and row["read_in_all"])
            received, read = (sum(row[name] for row in mine) for name in ("received_in_all", "read_in_all"))
            found.append(RouteRead(str(route.label), received, read, tuple(readers)))
    return found


def share_of(routes: list[RouteRead] | None) -> Share:
    """All routes together: each response came by one of them."""
    if routes is None:
        return Share(0, None)
    return Share(sum(row.read for row in routes), sum(row.received for row in routes))


def read_share(project: Project) -> Share:
    """How many of the responses to a project were read (SVC-011: conscientious consideration)."""
    return share_of(read_by_route(project))


def _reading_of_read(routes: list[RouteRead] | None) -> Reading:
    share = share_of(routes)
    if not share.received:
        return Reading((share.words,))
    unnamed = [row.route for row in routes if row.read and not row.readers]
    words = [share.words]
    if unnamed:
        words.append(_("Who read them is not recorded for: %(routes)s") % {"routes": ", ".join(unnamed)})
    suggestion = Rating.GREEN if share.is_complete else Rating.AMBER if share.read else Rating.RED
    return Reading(tuple(words), suggestion)


# Earliness ---------------------------------------------------------------------------------------


def _reading_of_earliness(project: Project) -> Reading:
    found = earliness_of(project)
    decision_on, fixed_on = project.decided_on or project.decision_due_on, project.options_fixed_on
    decision = _("Decision: %(day)s") if found.is_decided else _("Decision due: %(day)s")
    words = [
        _("First involvement: %(day)s") % {"day": _day(found.first_involved_on)},
        _("Options are fixed from: %(day)s") % {"day": _day(fixed_on)},
        decision % {"day": _day(decision_on)},
    ]
    if found.is_too_late or (found.days is not None and found.days <= 0):
        words.append(_("The options or the decision were fixed before anybody was involved"))
        return Reading(tuple(words), Rating.RED)
    if found.days is None:
        return Reading(tuple(words))
    words.append(_("From the first involvement to the decision: %(days)s") % {"days": _days(found.days)})
    return Reading(tuple(words), Rating.GREEN if fixed_on else Rating.AMBER)


# Information -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Readiness:
    """One document: in which forms it was ready before the first day, and in which it was not."""

    title: str
    ready: tuple[str, ...]
    late: tuple[str, ...]
    has_standard: bool
    has_another: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be ready before the first day: the standard form and at least one other."""
        standard = () if self.has_standard else (_("the standard format in English"),)
        return standard if self.has_another else (*standard, _("another format or language"))


STANDARD = (Format.STANDARD, "english")


def readiness(consultation: Consultation, documents: list[ConsultationDocument] | None = None) -> list[Readiness]:
    """What was ready before the consultation opened, or is so far, one row for each document."""
    rows = list(consultation.documents.all()) if documents is None else documents
    return [_readiness(consultation, title, rows) for title in sorted({row.title for row in rows})]


def is_ready(consultation: Consultation, row: ConsultationDocument) -> bool:
    """Ready before the first day. Before there is one, and before it has come: ready today."""
    before_today = row.ready_on is not None and row.ready_on <= timezone.localdate()
    return before_today and (consultation.opens_on is None or row.ready_on < consultation.opens_on)


def _readiness(consultation: Consultation, title: str, rows: list[ConsultationDocument]) -> Readiness:
    mine = [row for row in rows if row.title == title]
    ready = [row for row in mine if is_ready(consultation, row)]
    are_standard = [(row.file_format, row.language.strip().lower()) == STANDARD for row in ready]
    return Readiness(
        title,
        tuple(_form(row) for row in ready),
        tuple(_form(row) for row in mine if row not in ready),
        any(are_standard),
        not all(are_standard),
    )


def _form(row: ConsultationDocument) -> str:
    return f"{row.get_file_format_display()}, {row.language}"


def _reading_of_information(consultation: Consultation | None) -> Reading:
    if consultation is None:
        return Reading((_("The proposal and its documents are not recorded"),))
    rows = readiness(consultation)
    if not rows:
        return Reading((_("No document is recorded"),), Rating.RED)
    words = tuple(_sentence(row) for row in rows)
    if not all(row.has_standard for row in rows):
        return Reading(words, Rating.RED)
    return Reading(words, Rating.AMBER if any(row.missing for row in rows) else Rating.GREEN)


def _sentence(row: Readiness) -> str:
    ready = "; ".join(row.ready) or _("nothing")
    words = _("%(title)s: ready before the first day: %(ready)s") % {"title": row.title, "ready": ready}
    return words + (_(". Missing: %(what)s") % {"what": ", ".join(row.missing)} if row.missing else "")


# Time --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Length:
    """How long people have to respond, and how many of those days are holidays. Both end days are included."""

    first: datetime.date
    last: datetime.date
    least_days: int
    is_extended: bool = False
    bank: tuple[Away, ...] = ()
    school: tuple[Away, ...] = ()
    days: int = field(init=False)
    away: frozenset = field(init=False)

    def __post_init__(self):
        spans = (*self.bank, *self.school)
        away = frozenset(day for each in spans for day in days_between(each.first, each.last))
        object.__setattr__(self, "days", (self.last - self.first).days + 1)
        object.__setattr__(self, "away", away)

    @property
    def weekdays(self) -> int:
        return weekdays(days_between(self.first, self.last))

    @property
    def days_without_holidays(self) -> int:
        return self.days - len(self.away)

    @property
    def weekdays_without_holidays(self) -> int:
        return self.weekdays - weekdays(self.away)

    @property
    def bank_days(self) -> int:
        return sum(each.days for each in self.bank)

    @property
    def school_days(self) -> int:
        """Days in a school holiday somewhere, a day in two of them counted once."""
        return len({day for each in self.school for day in days_between(each.first, each.last)})

    @property
    def is_too_short(self) -> bool:
        return self.days < self.least_days

    @property
    def is_eaten_by_holidays(self) -> bool:
        return not self.is_too_short and self.days_without_holidays < self.least_days


def length(consultation: Consultation) -> Length | None:
    """The length of a consultation, its extension included; None before both days are there."""
    if consultation.opens_on is None or consultation.last_day is None:
        return None
    first, last = consultation.opens_on, consultation.last_day
    return Length(
        first,
        last,
        Policy.objects.current().least_days,
        consultation.extended_to is not None,
        tuple(bank_holidays(first, last)),
        tuple(school_holidays(consultation.project, first, last)),
    )


def _reading_of_time(found: Length | None) -> Reading:
    if found is None:
        return Reading((_("First and last day: not recorded"),))
    words = [
        _("From %(first)s to %(last)s: %(days)s")
        % {"first": _day(found.first), "last": _day(found.last), "days": _days(found.days)},
        _("Weekdays: %(weekdays)s, %(free)s of them outside holidays")
        % {"weekdays": found.weekdays, "free": found.weekdays_without_holidays},
        _("Bank holidays: %(names)s") % {"names": _names(found.bank)},
        _("School holidays: %(names)s") % {"names": _names(found.school)},
    ]
    if found.is_too_short:
        words.append(_("The policy asks for at least %(days)s") % {"days": _days(found.least_days)})
        return Reading(tuple(words), Rating.RED)
    if found.is_eaten_by_holidays:
        free, least = _days(found.days_without_holidays), _days(found.least_days)
        words.append(
            _("Without holidays %(free)s are left of the %(least)s asked for") % {"free": free, "least": least}
        )
        return Reading(tuple(words), Rating.AMBER)
    return Reading(tuple(words), Rating.GREEN)


# All four ----------------------------------------------------------------------------------------


def measures(project: Project) -> dict[str, Reading]:
    """What can be measured of a project, by `CheckQuestion.Measure`. The number of queries does not grow with rows."""
    consultation = Consultation.objects.filter(project=project).select_related("project").first()
    return {
        Measure.EARLINESS.value: _reading_of_earliness(project),
        Measure.INFORMATION.value: _reading_of_information(consultation),
        Measure.TIME.value: _reading_of_time(length(consultation) if consultation else None),
        Measure.READ.value: _reading_of_read(read_by_route(project)),
    }


def _day(day: datetime.date | None) -> str:
    return date_format(day, "j F Y") if day else _("not recorded")


def _days(number: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}


def _names(found: tuple[Away, ...]) -> str:
    each = [
        f"{away.name} ({_day(away.first)}" + (f" – {_day(away.last)})" if away.last != away.first else ")")
        for away in found
    ]
    return "; ".join(each) or _("none")
