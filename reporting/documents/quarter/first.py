"""The first page: exceptions before anything else, each beside the quarter before, then the figures of performance."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.documents.coverage import overrides_in
from engagement.models import Assurance, Period
from reporting.documents import kpis, plans
from reporting.documents.quarter import answers, checks, duties
from reporting.documents.quarter.cases import Case
from reporting.documents.quarter.facts import Concern, KpiLine
from reporting.documents.quarter.span import Span
from reporting.models import Milestone


@dataclass(frozen=True, slots=True)
class Asked:
    """One exception: what it is, what is asked of the committee where there is one, and the section that lists it.

    `is_to_decide`: the committee is asked to decide, not only to note.
    """

    name: str
    asked: str
    section: str
    is_to_decide: bool = True


EXCEPTIONS = {
    "overrides": Asked(
        gettext_lazy("Gates that were overridden"), gettext_lazy("decide whether each was right"), "answers"
    ),
    "promises": Asked(
        gettext_lazy("Promises that are overdue"), gettext_lazy("decide who keeps them, and by when"), "answers"
    ),
    "milestones": Asked(
        gettext_lazy("Milestones that are late"), gettext_lazy("decide on new days or more help"), "activities"
    ),
    "red": Asked(
        gettext_lazy("Check-list answers that are red"), gettext_lazy("note what stands in the way"), "duties", False
    ),
    "not_assured": Asked(
        gettext_lazy("Cases that a group is not assured of"), gettext_lazy("decide whether they go on"), "duties"
    ),
    "conditions": Asked(
        gettext_lazy("Conditions of groups, overdue"), gettext_lazy("decide who meets them, by when"), "duties"
    ),
    "duties": Asked(
        gettext_lazy("Duties not fully shown in a case"), gettext_lazy("note what is missing"), "duties", False
    ),
}


def concerns(span: Span, found: list[Case], before: Span | None, then: list[Case]) -> list[Concern]:
    """Every exception, those that there are before those that there are not, each beside the quarter before."""
    now = counted(span, found)
    earlier = counted(before, then) if before else dict.fromkeys(EXCEPTIONS)
    rows = [
        Concern(
            key=key,
            name=str(each.name),
            now=now[key],
            before=earlier[key],
            change=_change(now[key], earlier[key]),
            asked=str(each.asked) if now[key] else "",
            section=each.section,
            is_to_decide=each.is_to_decide,
        )
        for key, each in EXCEPTIONS.items()
    ]
    return sorted(rows, key=lambda each: not each.now)


def counted(span: Span, found: list[Case]) -> dict[str, int | None]:
    """How many exceptions of each kind there were, as of the last day of a quarter.

    None, not 0, where nothing could be one: no public answer, no milestone, no project was on record by then.
    """
    public = answers.as_it_stood(span)
    of_projects = _of_projects(span, found) if found else dict.fromkeys(EXCEPTIONS)
    return of_projects | {
        "promises": len(answers.overdue(public, span)) if public else None,
        "milestones": len(plans.late_milestones(span.as_at)) if _has_milestones(span) else None,
    }


def _has_milestones(span: Span) -> bool:
    """Whether a plan that had begun by then has one. A plan without a day counts as begun."""
    began = Q(priority__plan__starts_on=None) | Q(priority__plan__starts_on__lte=span.as_at)
    return Milestone.objects.filter(began).exists()


def _of_projects(span: Span, found: list[Case]) -> dict[str, int]:
    concluded = duties.concluded_in(span, found)
    return {
        "overrides": len(overrides_in(span.period)),
        "red": len(checks.red_answers(span)),
        "not_assured": sum(each.result == Assurance.Result.NOT for _case, each in concluded),
        "conditions": sum(each.due_on < span.as_at for each in duties.conditions_open(span)),
        "duties": duties.gaps(duties.duties_in_force(span), found),
    }


def _change(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return _("cannot be compared")
    if now == before:
        return _("the same")
    return _("more: worse") if now > before else _("fewer: better")


# Figures of performance --------------------------------------------------------------------------


def figures(period: Period) -> list[KpiLine]:
    """The figures of the quarter: what got worse or missed its aim first, then what is known, then what is not."""
    return [_line(each) for each in sorted(kpis.figures(period), key=_rank)]


def _rank(figure: kpis.Figure) -> tuple[bool, bool, bool]:
    return figure.value is None, figure.better is not False, figure.reached is not False


def _line(figure: kpis.Figure) -> KpiLine:
    return KpiLine(
        code=figure.code,
        name=figure.name,
        text=figure.text,
        before=figure.before,
        way=figure.change,
        target=figure.target_words,
        definition=figure.definition,
        numerator=figure.numerator,
        denominator=figure.denominator,
        source=figure.source,
        url=f"{settings.SITE_URL}{reverse('kpis:kpi_detail', args=[figure.code])}",
    )
