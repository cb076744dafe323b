"""(6) Duties by case: what the record shows for each duty and each project, and what is missing (REP-016).

A duty that nothing here is evidence for is named as such: the record does not follow it case by case.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.models import Assurance, Condition, Duty, Project
from reporting.documents.duties import AIMS, INEQUALITIES, SOCIAL_VALUE, code_of, in_force, says
from reporting.documents.quarter.cases import AFTER, BEFORE, Case
from reporting.documents.quarter.checks import red_answers, red_table
from reporting.documents.quarter.facts import Row, Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows that a duty was met in a case, and what is missing, in words."""

    there: list[str]
    missing: list[str]


Part = tuple[str, bool]  # what it is, and whether it is there


def _involvement(case: Case) -> list[Part]:
    """The duty to involve: planned, done, consulted on where it has to be, assured, and written up."""
    parts = [
        (_("signed plan"), case.plan is not None),
        (_("people were involved"), case.is_involved),
        (_("word of an assurance group"), _is_assured(case)),
        (_("report of findings"), bool(case.reports)),
    ]
    if case.project.is_consulted_on:
        parts.insert(2, (_("consultation"), case.consultation is not None))
    return parts


def _is_assured(case: Case) -> bool:
    last_words = {each.forum_id: each.result for each in _in_order(case)}
    return bool(last_words) and Assurance.Result.NOT not in last_words.values()


def _in_order(case: Case) -> list[Assurance]:
    return sorted(case.assurances, key=lambda each: (each.concluded_at, each.pk))


def _equality(case: Case) -> list[Part]:
    names = {BEFORE: _("equality assessment before"), AFTER: _("equality assessment after")}
    return [(names[phase], phase in case.final) for phase in case.due]


def _inequalities(case: Case) -> list[Part]:
    said = any(each.inequalities.strip() for each in case.final.values())
    return [(_("effect on inequalities weighed"), said or says(case.plan, INEQUALITIES))]


def _triple_aim(case: Case) -> list[Part]:
    return [(_("weighed in the plan: %(aim)s") % {"aim": name}, says(case.plan, code)) for code, name in AIMS.items()]


def _social_value(case: Case) -> list[Part]:
    if case.project.trigger != Project.Trigger.PROCUREMENT:
        return []
    return [(_("social value weighed in the plan"), says(case.plan, SOCIAL_VALUE))]


# By `code_of` the duty. An empty list of parts: nothing is due in this case.
EVIDENCE: dict[str, Callable[[Case], list[Part]]] = {
    "14z45": _involvement,
    "149": _equality,
    "14z35": _inequalities,
    "14z43": _triple_aim,
    "sva-2012": _social_value,
}
INVOLVEMENT = "14z45"


def shown(duty: Duty, case: Case) -> Shown | None:
    """What a case shows for a duty; None where the duty asks nothing of it, or is not followed case by case."""
    parts_of = EVIDENCE.get(code_of(duty))
    if parts_of is None or (code_of(duty) == INVOLVEMENT and case.project.duty_applies is False):
        return None
    parts = parts_of(case)
    if not parts:
        return None
    return Shown([name for name, is_there in parts if is_there], [name for name, is_there in parts if not is_there])


def duties_in_force(span: Span) -> list[Duty]:
    return list(in_force(span.first, span.last).order_by("reference"))


def gaps(duties: list[Duty], found: list[Case]) -> int:
    """In how many cases something is missing for a duty, counted once for each duty."""
    return sum(bool(each.missing) for duty in duties for case in found if (each := shown(duty, case)))


def section(span: Span, found: list[Case]) -> Section:
    duties = duties_in_force(span)
    tables = [
        _duty_table(duties, found),
        _report_table(found),
        _assurance_table(found, span),
        _condition_table(span),
        red_table(red_answers(span)),
    ]
    return evidence("duties", _sentences(duties, found), tables)


def _sentences(duties: list[Duty], found: list[Case]) -> list[str]:
    if not duties:
        return [_("No duty is recorded. That is a finding.")]
    if not found:
        return [_("No project went on in this quarter, so no duty was met or missed in a case. That is a finding.")]
    said = ngettext(
        "%(number)s project went on in this quarter.", "%(number)s projects went on in this quarter.", len(found)
    ) % {"number": len(found)}
    number = gaps(duties, found)
    lacking = ngettext(
        "Something is missing for a duty in %(number)s case.",
        "Something is missing for a duty %(number)s times, a project counting once for each duty.",
        number,
    ) % {"number": number}
    lacking = lacking if number else _("For every duty that is followed, every case shows what it should.")
    unfollowed = [str(duty) for duty in duties if code_of(duty) not in EVIDENCE]
    if not unfollowed:
        return [said, lacking]
    return [said, lacking, _("Not followed case by case: %(duties)s.") % {"duties": "; ".join(unfollowed)}]


def _duty_table(duties: list[Duty], found: list[Case]) -> Table:
    columns = (
        _("Project"),
        _("Duty"),
        (_("What shows it"), _("What the record held on the last day of the quarter.")),
        _("What is missing"),
    )
    rows = [_duty_row(case, duty, each) for case in found for duty in duties if (each := shown(duty, case))]
    return table("duties", _("Duties by case"), columns, rows, _("No duty asked anything of a project."))


def _duty_row(case: Case, duty: Duty, found: Shown) -> Row:
    nothing = _("nothing")
    there, missing = "; ".join(found.there) or nothing, "; ".join(found.missing) or nothing
    return row(case.project, duty, there, missing, url=case.url)


def _report_table(found: list[Case]) -> Table:
    columns = (_("Report of findings"), _("Project"))
    rows = [
        row(f"{each.reference} {each.title}", case.project, url=address("insight_work:source_detail", each.pk))
        for case in found
        for each in case.reports
    ]
    nothing = _("No report of findings belongs to a project of this quarter.")
    return table("reports-by-case", _("Reports of findings by case"), columns, rows, nothing)


def _assurance_table(found: list[Case], span: Span) -> Table:
    columns = (_("Project"), _("Group"), _("Result"), _("Statement"), _("On"))
    rows = [
        row(
            case.project,
            each.forum,
            each.get_result_display(),
            each.statement,
            day_in_words(each.concluded_at),
            url=address("engagement:assurance_detail", each.pk),
        )
        for case, each in concluded_in(span, found)
    ]
    nothing = _("No group concluded on a project in this quarter.")
    return table("assurance", _("What groups concluded"), columns, rows, nothing)


def concluded_in(span: Span, found: list[Case]) -> list[tuple[Case, Assurance]]:
    """What groups concluded in the quarter, in the order of time."""
    pairs = [(case, each) for case in found for each in _in_order(case)]
    pairs = [pair for pair in pairs if timezone.localdate(pair[1].concluded_at) >= span.first]
    return sorted(pairs, key=lambda pair: (pair[1].concluded_at, pair[1].pk))


def conditions_open(span: Span) -> list[Condition]:
    """Set by the last day and still open on it, the one due first at the top; of projects that had not ended."""
    rows = Condition.objects.filter(assurance__concluded_at__date__lte=span.as_at).exclude(done_on__lte=span.as_at)
    ended = Q(assurance__project__closed_on__lte=span.as_at) | Q(assurance__project__stopped_on__lte=span.as_at)
    rows = rows.exclude(ended).select_related("assurance__project", "assurance__forum")
    return list(rows.order_by("due_on", "pk"))


def _condition_table(span: Span) -> Table:
    columns = (_("Condition"), _("Project"), _("Group"), _("Needed"), _("Who sees to it"), _("By"), _("Overdue"))
    rows = [
        row(
            each.text,
            each.assurance.project,
            each.assurance.forum,
            each.get_before_display(),
            each.owner,
            day_in_words(each.due_on),
            _("yes") if each.due_on < span.as_at else _("no"),
            url=address("engagement:assurance_detail", each.assurance_id),
        )
        for each in conditions_open(span)
    ]
    nothing = _("No condition of a group was open on the last day.")
    return table("conditions", _("Conditions of groups that were open"), columns, rows, nothing)
