"""How the body was judged in the year, with the levels of the years before; and what was refused in it (REP-021)."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import Activity, Assurance, Evidence, Override, Project
from engagement.models import Plan as ProjectPlan
from reporting.documents import assessments
from reporting.documents.assessment.facts import Judged, Refused
from reporting.documents.assessment.index import Index
from reporting.documents.assessment.record import Year
from reporting.documents.levels import JudgedRow, Trend
from reporting.documents.words import day_in_words
from reporting.models import Assessment, Judgement


def judged(year: Year, index: Index) -> list[Judged]:
    """The assessments of the year, the body’s own and NHS England’s. One more yardstick costs a few queries more."""
    shown = Prefetch("activities", Activity.objects.order_by("reference"))
    judgements = Judgement.objects.select_related("dimension", "level").prefetch_related(shown)
    rows = Assessment.objects.filter(period=year.period).select_related("yardstick", "period")
    rows = rows.prefetch_related(Prefetch("judgements", judgements)).order_by("yardstick__kind", "assessor", "pk")
    return [_judged(row, index) for row in rows]


def _judged(row: Assessment, index: Index) -> Judged:
    claim = _("%(yardstick)s: judged") % {"yardstick": row.yardstick}
    return Judged(
        name=str(row.yardstick),
        assessor=str(row.get_assessor_display()),
        made_on=day_in_words(row.made_on),
        is_final=row.is_final,
        reference=index.cite(row, claim),
        rows=[_row(each, claim, index) for each in row.judgements.all()],
        levels=assessments.trend(row.yardstick, row.assessor, row.period) if row.is_final else Trend(),
    )


def _row(row: Judgement, claim: str, index: Index) -> JudgedRow:
    return JudgedRow(
        dimension=str(row.dimension),
        side=str(row.get_perspective_display()),
        level=str(row.level or ""),
        text=row.text,
        gap=row.gap,
        next_step=row.next_step,
        references=index.lines("", row.activities.all(), claim).references,
    )


# What was refused --------------------------------------------------------------------------------


def refused(year: Year, index: Index) -> list[Refused]:
    """Gates that refused and were passed all the same, plans that were refused, evidence that was sent back, groups
    that were not assured, projects that were stopped."""
    return [
        *_overrides(year, index),
        *_not_assured(year, index),
        *_plans(year, index),
        *_evidence(year, index),
        *_stopped(year, index),
    ]


def _overrides(year: Year, index: Index) -> Iterator[Refused]:
    rows = Override.objects.filter(at__date__range=year.days).select_related("project", "change")
    for row in rows.order_by("at", "pk"):
        words = _("%(step)s: %(obstacles)s") % {"step": row.change, "obstacles": " ".join(row.obstacles)}
        when = day_in_words(timezone.localtime(row.at).date())
        said = _("%(senior)s: %(reason)s") % {"senior": row.senior, "reason": row.reason}
        kind = _("refused, and overridden")
        yield Refused(kind, words, when, [index.cite(row.project, kind)], said)


def _not_assured(year: Year, index: Index) -> Iterator[Refused]:
    for row in year.assurances:
        if row.result != Assurance.Result.ASSURED:
            words = _("%(group)s: %(statement)s") % {"group": row.forum.name, "statement": row.statement}
            kind, when = str(row.get_result_display()), day_in_words(timezone.localtime(row.concluded_at).date())
            yield Refused(kind, words, when, [index.cite(row, kind), index.cite(row.project, kind)])


def _plans(year: Year, index: Index) -> Iterator[Refused]:
    rows = ProjectPlan.objects.filter(state=ProjectPlan.State.REFUSED, decided_at__date__range=year.days)
    for row in rows.select_related("project").order_by("decided_at", "pk"):
        kind, when = _("plan refused"), day_in_words(timezone.localtime(row.decided_at).date())
        yield Refused(kind, row.reason, when, [index.cite(row, kind), index.cite(row.project, kind)])


def _evidence(year: Year, index: Index) -> Iterator[Refused]:
    """Of what took place in the year, and only while nobody has mended it."""
    rows = Evidence.objects.in_period(year.period).exclude(returned_because="")
    for row in rows.exclude(activity__state=Activity.State.PLANNED).select_related("principle", "activity", "forum"):
        kind = _("evidence sent back")
        when = day_in_words(row.reviewed_at)
        words = _("%(principle)s: %(reason)s") % {"principle": row.principle, "reason": row.returned_because}
        yield Refused(kind, words, when, [index.cite(row, kind), index.cite(row.thing, kind)])


def _stopped(year: Year, index: Index) -> Iterator[Refused]:
    for row in Project.objects.filter(stopped_on__range=year.days).order_by("stopped_on", "pk"):
        kind = _("project stopped")
        yield Refused(kind, row.stopped_because, day_in_words(row.stopped_on), [index.cite(row, kind)])
