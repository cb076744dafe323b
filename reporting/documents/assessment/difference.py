"""The difference made in the year: changes by kind, decisions, promises, and plans that people helped to write."""

from collections import defaultdict

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from engagement.models import Activity, Impact
from insights.models import Decision, Response, Status, Weighed
from reporting.documents.assessment.facts import Change, Lines
from reporting.documents.assessment.index import Index
from reporting.documents.assessment.record import Year
from reporting.documents.words import day_in_words
from reporting.models import Plan


def kinds_of_change(year: Year, index: Index) -> list[Lines]:
    """Activities by the kinds of change that are recorded for them; one with two kinds counts in both."""
    found: dict[str, list[Activity]] = defaultdict(list)
    for activity in year.activities:
        for impact in activity.impacts.all():
            found[impact.kind].append(activity)
    rows = [index.lines(capfirst(kind.label), found[kind]) for kind in Impact.Kind if found[kind]]
    said = [row for row in year.activities if not row.impacts.all() and row.has_impact]
    nothing = [row for row in year.activities if not row.impacts.all() and not row.has_impact]
    rest = ((_("Described in words alone"), said), (_("Nothing is recorded as changed"), nothing))
    return rows + [index.lines(label, lacking) for label, lacking in rest if lacking]


def decisions(year: Year, index: Index) -> list[Change]:
    """Decisions taken in the year, each with what it made of what people said."""
    return [
        Change(_made_of(row), f"{row.title}: {row.decided}", day_in_words(row.decided_on), _behind(row, index))
        for row in year.decisions
    ]


def _behind(row: Decision, index: Index) -> list[str]:
    found = [index.cite(row, _("decision of the year"))]
    return [*found, index.cite(row.project)] if row.project else found


def _made_of(row: Decision) -> str:
    """How many pieces of insight it adopted, adopted in part, and did not adopt; or why there was none."""
    effects = [each.effect for each in row.weighed.all()]
    if effects:
        counted = [f"{effect.label}: {effects.count(effect)}" for effect in Weighed.Effect if effect in effects]
        return get_text_list(counted, _("and"))
    if row.without_insight_because:
        return _("no insight, because: %(reason)s") % {"reason": row.without_insight_because}
    return _("does not say")


def promises(year: Year, index: Index) -> list[Lines]:
    """Answers to the year’s activities by how far they are, and activities without one."""
    rows = _answers(year)
    found = [
        index.lines(str(status.label), [row for row in rows if row.status == status], _("answer")) for status in Status
    ]
    silent = [row for row in year.activities if not year.answers[row.pk]]
    return [*found, index.lines(_("Activities without an answer"), silent)]


def late_promises(year: Year) -> list[Response]:
    """Answers that are promised or under way though their day has passed: in the year, or by now while it goes on."""
    as_at = min(year.period.ends_on, timezone.localdate())
    return [row for row in _answers(year) if row.due_on is not None and row.due_on < as_at]


def _answers(year: Year) -> list[Response]:
    return list({row.pk: row for rows in year.answers.values() for row in rows}.values())


def plans(year: Year, index: Index) -> list[Change]:
    """Strategies and plans agreed in the year or written with people in it, and the activities in which that was
    (REP-033)."""
    mine = Q(agreed_on__range=year.days) | Q(developed_in__in=[row.pk for row in year.activities])
    wanted = Plan.objects.filter(pk__in=Plan.objects.filter(mine).values("pk"))
    helped = Prefetch("developed_in", Activity.objects.order_by("reference"))
    return [_plan(row, index) for row in wanted.prefetch_related(helped).order_by("title", "pk")]


def _plan(row: Plan, index: Index) -> Change:
    claim = _("people helped to write %(plan)s") % {"plan": row.title}
    activities = [index.cite(activity, claim) for activity in row.developed_in.all()]
    words = row.title if activities else _("%(plan)s: no activity is recorded in which people helped to write it.")
    when = day_in_words(row.agreed_on)
    said = words if activities else words % {"plan": row.title}
    return Change(str(row.get_kind_display()), said, when, [index.cite(row, _("plan")), *activities])
