"""A briefing for a decision: what is known of a topic, place or group, each statement with its source (INS-024).

Everything is as somebody on the staff may see it, and fit for a paper: reports but no raw data, findings that are
agreed, answers that are public, quotes whose consent holds. Where two of topic, place and group are chosen, both hold.
Counts stand each with its own base; none are added, as the same people may stand behind two of them.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core.pdf import render_pdf
from engagement.models import Activity, ActivityCount, Policy, Topic
from insights.documents.findings import figures_in_words
from insights.documents.quality import Quality, is_old, quality
from insights.models import Comment, Decision, Finding, FindingEvidence, Quote, Response, Source
from people.models import Area, Organisation, PopulationGroup

MOST = 40  # of each kind; what is left out is said


@dataclass(frozen=True, slots=True)
class Subject:
    """What a briefing is about, and for which decision."""

    title: str
    day: datetime.date | None
    topic: Topic | None = None
    place: Area | None = None
    group: PopulationGroup | None = None

    @property
    def words(self) -> str:
        return ", ".join(str(each) for each in (self.topic, self.place, self.group) if each)

    def on(self, *, topics: str = "", areas: str = "", groups: str = "") -> Q:
        """The condition on a model, given the names of its links; one that it does not have is left out."""
        found = Q()
        if self.topic and topics:
            found &= Q(**{topics: self.topic})
        if self.place and areas:
            found &= Q(**{areas: self.place}) | Q(**{f"{areas}__parent": self.place})
        if self.group and groups:
            found &= Q(**{groups: self.group})
        return found


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind, and how many there are in all."""

    rows: tuple
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Statement:
    """A finding, what it rests on in words with figures and their base, and why it may not be leant on."""

    finding: Finding
    rests_on: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A library item with its quality today (None: nobody has rated it) and whether it is older than we want."""

    source: Source
    quality: Quality | None
    is_old: bool


@dataclass(frozen=True, slots=True)
class Work:
    """An activity with the numbers of people who took part, each as it was recorded; none: not recorded."""

    activity: Activity
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that is known, and what is not. `quotes` is None for somebody who may not read what people said."""

    subject: Subject
    as_at: datetime.date
    findings: Section
    sources: Section
    activities: Section
    quotes: Section | None
    answers: Section
    decisions: Section
    gaps: tuple[str, ...]


def briefing(subject: Subject, user) -> Briefing:
    """Gather a briefing, in a fixed number of queries."""
    sources, activities = _sources(subject, user), _activities(subject, user)
    findings = _section(_findings(subject, user))
    found = {
        "findings": Section(tuple(_statements(findings.rows, user)), findings.total),
        "sources": _reports(sources),
        "activities": _works(activities),
        "quotes": _section(_quotes(subject, user)) if user.has_perm("insights.view_quote") else None,
        "answers": _section(_answers(subject, user)),
        "decisions": _section(_decisions(subject, user)),
    }
    gaps = tuple(_gaps(subject, sources, activities, found))
    return Briefing(subject, timezone.localdate(), gaps=gaps, **found)


def _section(rows: QuerySet) -> Section:
    return Section(tuple(rows[:MOST]), rows.count())


def _about(model, condition: Q) -> Q:
    """The rows of a model that meet a condition on its links, each once."""
    return Q(pk__in=model.objects.filter(condition).values("pk"))


# What is known -----------------------------------------------------------------------------------


def _findings(subject: Subject, user) -> QuerySet[Finding]:
    condition = _about(Finding, subject.on(topics="topics", areas="areas", groups="groups"))
    evidence = FindingEvidence.objects.select_related("theme", "collection", "source", "activity")
    fallen = FindingEvidence.objects.fallen()
    rows = Finding.objects.for_user(user).agreed().filter(condition).order_by("-agreed_at", "-pk")
    return rows.prefetch_related(
        Prefetch("evidence", evidence, to_attr="all_evidence"), Prefetch("evidence", fallen, to_attr="fallen_evidence")
    )


def _statements(findings: tuple[Finding, ...], user) -> list[Statement]:
    cited = [row.source_id for finding in findings for row in finding.all_evidence if row.source_id]
    reports = Source.objects.for_user(user).filter(pk__in=cited, layer=Source.Layer.REPORT)
    named = set(reports.with_consent().values_list("pk", flat=True))
    return [Statement(finding, tuple(_rests_on(finding, named)), tuple(_doubts(finding))) for finding in findings]


def _rests_on(finding: Finding, named: set[int]):
    """What still stands of the evidence. Quotes have a part of their own; raw data are not named."""
    fallen = {row.pk for row in finding.fallen_evidence}
    for row in finding.all_evidence:
        if row.pk in fallen or row.quote_id:
            continue
        if row.theme_id:
            words = {"theme": row.theme, "collection": row.collection, "figures": figures_in_words(row.figures)}
            yield _("Comments about “%(theme)s” in “%(collection)s”: %(figures)s") % words
        elif row.source_id:
            yield (
                row.source.title if row.source_id in named else _("something in the library that is not for this paper")
            )
        else:
            yield str(row.activity)


def _doubts(finding: Finding):
    if finding.fallen_evidence:
        yield _("A part of what it rests on cannot be shown any more.")
    elif not finding.all_evidence:
        yield _("Nothing is left that it rests on.")
    if finding.is_past_review:
        yield _("It should have been looked at again by now.")


def _sources(subject: Subject, user) -> QuerySet[Source]:
    condition = _about(Source, subject.on(topics="topics", areas="areas", groups="groups"))
    reports = Source.objects.for_user(user).in_use().past_embargo().with_consent()
    return reports.filter(condition, layer=Source.Layer.REPORT).order_by("-collected_to", "-pk")


def _reports(sources: QuerySet[Source]) -> Section:
    policy = Policy.objects.current()
    rows = _section(sources.select_related("kind", "organisation", "rating").prefetch_related("groups", "methods"))
    reports = tuple(Report(row, quality(row, policy), is_old(row, policy)) for row in rows.rows)
    return Section(reports, rows.total)


def _activities(subject: Subject, user) -> QuerySet[Activity]:
    condition = _about(Activity, subject.on(topics="topics", areas="areas", groups="groups"))
    return Activity.objects.for_user(user).filter(condition).order_by("-ends_on", "-pk")


def _works(activities: QuerySet[Activity]) -> Section:
    took_part = ActivityCount.objects.filter(about=ActivityCount.About.TOOK_PART)
    rows = _section(activities.prefetch_related(Prefetch("counts", took_part, to_attr="took_part")))
    works = tuple(Work(row, tuple(_with_base(count) for count in row.took_part)) for row in rows.rows)
    return Section(works, rows.total)


def _with_base(count: ActivityCount) -> str:
    return _("%(count)s, out of %(base)s") % {"count": count, "base": count.base} if count.base else str(count)


def _quotes(subject: Subject, user) -> QuerySet[Quote]:
    """Quotes whose consent holds, of comments on the subject: by their collection, or a finding that rests on them."""
    condition = subject.on(areas="comment__area", groups="comment__groups")
    if subject.topic:
        through = ("comment__collection__activity__topics", "comment__collection__source__topics")
        through = (*through, "finding_evidence__finding__topics")
        on_topic = Q()
        for name in through:
            on_topic |= Q(**{name: subject.topic})
        condition &= on_topic
    mine = Comment.objects.for_user(user).values("pk")
    rows = Quote.objects.usable().filter(_about(Quote, condition), comment__in=mine)
    return rows.select_related("comment__collection").order_by("-consent_on", "-pk")


def _answers(subject: Subject, user) -> QuerySet[Response]:
    groups = Q()
    if subject.group:
        groups = Q(groups=subject.group) | Q(activity__groups=subject.group)
    condition = _about(Response, subject.on(topics="topic", areas="activity__areas") & groups)
    rows = Response.objects.for_user(user).public().filter(condition)
    return rows.select_related("topic", "responsible").order_by("-published_at", "-pk")


def _decisions(subject: Subject, user) -> QuerySet[Decision]:
    ways = [
        subject.on(**{name: f"{way}{name}" for name in ("topics", "areas", "groups")})
        for way in ("project__", "activities__", "weighed__finding__", "weighed__source__")
    ]
    condition = Q()
    for way in ways:
        condition |= way
    rows = Decision.objects.for_user(user).filter(_about(Decision, condition))
    return rows.select_related("body").order_by("-decided_on", "-pk")


# What is not known -------------------------------------------------------------------------------


def _gaps(subject: Subject, sources: QuerySet[Source], activities: QuerySet[Activity], found: dict):
    """Who was not heard, and how far what is there can be trusted, one sentence each."""
    if not found["findings"].total:
        yield _("No finding on this is agreed.")
    if not found["sources"].total and not found["activities"].total:
        yield _("No report and no activity on this is recorded. Nobody is recorded as heard.")
        return
    if not subject.group:
        yield from _groups_not_heard(sources, activities)
    if not subject.place:
        yield from _places_not_heard(sources, activities)
    yield from _weak_reports(found["sources"].rows)


def _groups_not_heard(sources, activities):
    heard = Q(sources__in=sources.order_by().values("pk")) | Q(activities__in=activities.order_by().values("pk"))
    known = PopulationGroup.objects.filter(heard).values("pk")
    missing = list(PopulationGroup.objects.exclude(pk__in=known).values_list("name", flat=True))
    if missing:
        yield _("Not recorded as heard: %(groups)s.") % {"groups": ", ".join(missing)}
    if not known.exists():
        yield _("No report and no activity here says which groups were heard.")


def _places_not_heard(sources, activities):
    ids = {"sources": sources.order_by().values("pk"), "activities": activities.order_by().values("pk")}
    heard = Q()
    for name, rows in ids.items():
        heard |= Q(**{f"{name}__in": rows}) | Q(**{f"children__{name}__in": rows})
    places = Area.objects.filter(level="place")
    missing = list(places.exclude(pk__in=Area.objects.filter(heard).values("pk")).values_list("name", flat=True))
    if missing:
        yield _("Nothing is recorded from these places: %(places)s.") % {"places": ", ".join(missing)}


def _weak_reports(reports: tuple[Report, ...]):
    of = len(reports)
    sentences = (
        (sum(row.quality is None for row in reports), _("Nobody has rated %(number)s of the %(of)s reports above.")),
        (
            sum(row.quality is not None and not row.quality.is_enough for row in reports),
            _("Rated too low for Board papers: %(number)s of the %(of)s reports above."),
        ),
        (sum(row.is_old for row in reports), _("Older than we want: %(number)s of the %(of)s reports above.")),
        (
            sum(row.source.people is None for row in reports),
            _("For %(number)s of the %(of)s reports above it is not recorded how many people were heard."),
        ),
    )
    yield from (words % {"number": number, "of": of} for number, words in sentences if number)


def briefing_pdf(found: Briefing) -> bytes:
    """The briefing as a tagged PDF. Raises core.pdf.PDFUnavailable where the machine cannot make one."""
    context = {"briefing": found, "body": Organisation.objects.body(), "is_printed": True}
    page = render_to_string("insights/learning/briefing_pdf.html", context)
    return render_pdf(page, stylesheets=("letter.css", "briefing.css")).content
