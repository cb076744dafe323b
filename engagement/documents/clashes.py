"""Who else asks the same people at about the same time, and how often they were asked in the last year (ENG-015)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.documents import plan_form
from engagement.models import Activity, Consultation, Plan, Policy, Project, Session, Survey
from forums.models import Forum
from people.models import PopulationGroup, User

MOST = 100
YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a project asks, about what and when. Without days nobody can say what lies near them."""

    project: Project
    first: datetime.date | None
    last: datetime.date | None
    groups: set[int]
    areas: set[int]
    topics: set[int]
    forums: set[int]


@dataclass(frozen=True, slots=True)
class Clash:
    """Something else that asks the same people: what it is, when, and what it has in common with the project."""

    kind: str
    title: str
    url: str
    when: list[str]
    shares: tuple[str, ...]
    number_shared: int


@dataclass(frozen=True, slots=True)
class Burden:
    """How often a group or a forum was asked in the last 12 months."""

    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Clashes:
    """What lies within so many weeks of the days of a project, and how often its groups and forums were asked.

    `hidden` are clashes in areas that the user does not see: they are counted and not named.
    """

    subject: Subject
    weeks: int
    found: list[Clash]
    hidden: int
    groups: list[Burden]
    forums: list[Burden]


def clashes(project: Project, user: User) -> Clashes:
    """The whole page about a project. The number of queries does not grow with the rows."""
    subject, weeks = subject_of(project), Policy.objects.current().clash_weeks
    found, hidden = [], 0
    if subject.first and subject.last:
        margin = datetime.timedelta(weeks=weeks)
        first, last = subject.first - margin, subject.last + margin
        activities, projects = _activities(subject, first, last), _projects(subject, first, last)
        seen = activities.filter(pk__in=Activity.objects.for_user(user).values("pk"))
        seen_projects = projects.filter(pk__in=Project.objects.for_user(user).values("pk"))
        hidden = activities.count() - seen.count() + projects.count() - seen_projects.count()
        found = [*_in_words(seen, subject, first, last), *_consultations(seen_projects, subject)]
        found.sort(key=lambda each: (-each.number_shared, each.title))
    return Clashes(subject, weeks, found[:MOST], hidden, _asked_groups(subject), _asked_forums(subject))


# Whom a project asks, and when -------------------------------------------------------------------


def subject_of(project: Project) -> Subject:
    """What the project and the newest version of its plan say."""
    plan = project.plans.order_by("-version").first() or Plan()
    first, last = planned_days(project, plan)
    return Subject(
        project,
        first,
        last,
        groups={*project.groups.values_list("pk", flat=True), *plan_form.numbers(plan.answers.get(plan_form.GROUPS))},
        areas=set(project.areas.values_list("pk", flat=True)),
        topics=set(project.topics.values_list("pk", flat=True)),
        forums=set(plan_form.numbers(plan.answers.get("forums"))),
    )


def planned_days(project: Project, plan: Plan) -> tuple[datetime.date | None, datetime.date | None]:
    """From when to when people are asked: by the consultation, else by the plan, else by the project's own days."""
    consultation = Consultation.objects.filter(project=project).first()
    if consultation and consultation.opens_on and consultation.last_day:
        return consultation.opens_on, consultation.last_day
    said = [plan.answers.get(code) for code in ("asked_from", "asked_to")]
    if all(said):
        first, last = map(datetime.date.fromisoformat, said)
        return min(first, last), max(first, last)
    last = project.options_fixed_on or project.decision_due_on
    if project.starts_on and last and project.starts_on <= last:
        return project.starts_on, last
    return None, None


# What else is going on ---------------------------------------------------------------------------


def _shares(model: type[models.Model], subject: Subject, *names: str) -> Q:
    """Rows with one of the same groups, places, topics or forums: a subquery each, so that nothing multiplies."""
    same = Q()
    for name in names:
        field = model._meta.get_field(name)
        links = field.remote_field.through.objects.filter(
            **{f"{field.m2m_reverse_field_name()}__in": getattr(subject, name)}
        )
        same |= Q(pk__in=links.values(field.m2m_field_name()))
    return same


def _overlap(first_field: str, last_field: str, first: datetime.date, last: datetime.date) -> Q:
    return Q(**{f"{first_field}__lte": last, f"{last_field}__gte": first})


def _activities(subject: Subject, first: datetime.date, last: datetime.date) -> models.QuerySet:
    """Activities of others that ask somebody in these days: by their own days, a session or a survey."""
    rows = Activity.objects.annotate(
        first_day=Coalesce("starts_on", "ends_on"), last_day=Coalesce("ends_on", "starts_on")
    )
    then = _overlap("first_day", "last_day", first, last) | Q(is_ongoing=True, starts_on__lte=last)
    then |= Q(pk__in=Session.objects.filter(held_on__range=(first, last)).values("activity"))
    then |= Q(pk__in=Survey.objects.filter(_overlap("opens_on", "closes_on", first, last)).values("activity"))
    rows = rows.filter(then).filter(_shares(Activity, subject, "groups", "areas", "topics", "forums"))
    return rows.exclude(project=subject.project)


def _projects(subject: Subject, first: datetime.date, last: datetime.date) -> models.QuerySet:
    """Other projects with a consultation in these days. One that is an activity too is listed once, as the activity."""
    rows = Project.objects.annotate(closes=Coalesce("consultation__extended_to", "consultation__closes_on"))
    rows = rows.filter(_shares(Project, subject, "groups", "areas", "topics"), stopped_on=None)
    rows = rows.filter(consultation__opens_on__lte=last, closes__gte=first).exclude(pk=subject.project.pk)
    listed = Consultation.objects.filter(activity__in=_activities(subject, first, last).values("pk"))
    return rows.exclude(pk__in=listed.values("project"))


def _in_words(rows: models.QuerySet, subject: Subject, first: datetime.date, last: datetime.date) -> Iterator[Clash]:
    for row in rows.prefetch_related("groups", "areas", "topics", "forums", "sessions", "surveys"):
        when = [_between(row.starts_on or row.ends_on, row.ends_on or row.starts_on, is_ongoing=row.is_ongoing)]
        days = [each.held_on for each in row.sessions.all() if each.held_on and first <= each.held_on <= last]
        when += [_("session on %(day)s") % {"day": _day(day)} for day in days]
        when += [
            _("survey %(days)s") % {"days": _between(each.opens_on, each.closes_on)}
            for each in row.surveys.all()
            if each.opens_on <= last and each.closes_on >= first
        ]
        shares, number = _shared(row, subject, "groups", "areas", "topics", "forums")
        url = reverse("engagement:activity_detail", args=[row.pk])
        yield Clash(_("activity"), str(row), url, [words for words in when if words], shares, number)


def _consultations(rows: models.QuerySet, subject: Subject) -> Iterator[Clash]:
    for row in rows.select_related("consultation").prefetch_related("groups", "areas", "topics"):
        when = [_between(row.consultation.opens_on, row.consultation.last_day)]
        shares, number = _shared(row, subject, "groups", "areas", "topics")
        yield Clash(_("consultation"), str(row), row.get_absolute_url(), when, shares, number)


def _shared(row, subject: Subject, *names: str) -> tuple[tuple[str, ...], int]:
    labels = {
        "groups": _("group: %(names)s"),
        "areas": _("place: %(names)s"),
        "topics": _("topic: %(names)s"),
        "forums": _("forum: %(names)s"),
    }
    same = {
        name: [str(each) for each in getattr(row, name).all() if each.pk in getattr(subject, name)] for name in names
    }
    words = tuple(labels[name] % {"names": ", ".join(rows)} for name, rows in same.items() if rows)
    return words, sum(len(rows) for rows in same.values())


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _between(first: datetime.date | None, last: datetime.date | None, *, is_ongoing: bool = False) -> str:
    if first is None or last is None:
        return ""
    if is_ongoing:
        return _("since %(first)s, still going on") % {"first": _day(first)}
    return _day(first) if first == last else _("%(first)s to %(last)s") % {"first": _day(first), "last": _day(last)}


# How often people were asked ---------------------------------------------------------------------


def _asked(rows: models.QuerySet) -> models.QuerySet:
    """The rows with `times`: activities in which they were asked in the last 12 months, those most asked first."""
    today = timezone.localdate()
    first, last = (
        Coalesce("activities__starts_on", "activities__ends_on"),
        Coalesce("activities__ends_on", "activities__starts_on"),
    )
    rows = rows.alias(first_day=first, last_day=last)
    then = Q(first_day__lte=today, last_day__gt=today - YEAR)
    then |= Q(activities__is_ongoing=True, activities__starts_on__lte=today)
    return (
        rows.values("name").annotate(times=Count("activities", filter=then, distinct=True)).order_by("-times", "name")
    )


def _asked_groups(subject: Subject) -> list[Burden]:
    rows = PopulationGroup.objects.filter(pk__in=subject.groups)
    return [Burden(row["name"], row["times"]) for row in _asked(rows)]


def _asked_forums(subject: Subject) -> list[Burden]:
    rows = Forum.objects.filter(pk__in=subject.forums)
    return [Burden(row["name"], row["times"]) for row in _asked(rows)]
