"""Compliance: each duty in force in the year, which records show it, and what is missing (REP-006, LEG-019).

A duty is known by its code; `CHECKS` says which records show it. A duty whose code nobody has described here is a gap:
the pack says so, and somebody writes into the section how it was met.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import F, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.models import Activity, Assurance, Duty, Project
from engagement.models import Plan as ProjectPlan
from people.models import PopulationGroup
from reporting.documents.assessment.facts import DutyFacts, Lines, Stop
from reporting.documents.assessment.index import Index
from reporting.documents.assessment.record import Year, accounts
from reporting.documents.duties import AIMS, INEQUALITIES, SIGNED, SOCIAL_VALUE, code_of, in_force, says
from reporting.documents.words import day_in_words
from reporting.models import Approval, Assessment, Report, RouteStep

MET, PARTLY, GAP, NO_CASE = "met", "partly", "gap", "none"
WORDS = {
    MET: gettext_lazy("shown"),
    PARTLY: gettext_lazy("shown, with gaps"),
    GAP: gettext_lazy("not shown"),
    NO_CASE: gettext_lazy("no case in the year"),
}
INEQUALITY = {PopulationGroup.Kind.INCLUSION, PopulationGroup.Kind.CORE20, PopulationGroup.Kind.PLUS}
Result = Assurance.Result


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the record says of a duty: that it was met, or that something is missing, and where."""

    words: str
    rows: list
    is_gap: bool = False


Check = Callable[[Year], Iterable[Said]]


def duties(year: Year, index: Index) -> list[DutyFacts]:
    """The duties in force on a day of the year, those that nothing shows first."""
    rows = [_duty(row, year, index) for row in in_force(*year.days)]
    return sorted(rows, key=lambda row: ((GAP, PARTLY, MET, NO_CASE).index(row.state), row.law))


def _duty(row: Duty, year: Year, index: Index) -> DutyFacts:
    check, depends_on_a_case = CHECKS.get(code_of(row), (_unknown, False))
    said = [each for each in check(year) if each.rows or each.is_gap]
    met = [_lines(each, row, index) for each in said if not each.is_gap]
    gaps = [_lines(each, row, index) for each in said if each.is_gap]
    if not met and not gaps and not depends_on_a_case:
        gaps = [Lines(_("Nothing in the record shows how this duty was met."), [])]
    state = (PARTLY if gaps else MET) if met else GAP if gaps else NO_CASE
    return DutyFacts(
        code=row.code,
        name=row.name,
        law=row.reference,
        cited_as=row.cited_as,
        summary=row.summary,
        state=state,
        state_words=str(WORDS[state]),
        met=met,
        gaps=gaps,
    )


def _lines(said: Said, duty: Duty, index: Index) -> Lines:
    words = _("%(duty)s: gap") if said.is_gap else _("%(duty)s: met")
    return index.lines(said.words, said.rows, words % {"duty": duty.name})


# What shows each duty ----------------------------------------------------------------------------


def _unknown(year: Year) -> Iterable[Said]:
    yield Said(_("The system does not know which records show this duty. Write here how it was met."), [], True)


def _involvement(year: Year) -> Iterable[Said]:
    """NHS Act 2006, section 14Z45: planning, proposals and decisions."""
    informing = Activity.Nature.INFORMATION
    yield Said(_("Activities in which people were involved"), [a for a in year.activities if a.nature != informing])
    yield Said(_("Signed plans, which say whether the duty applies"), list(_signed(year)))
    yield Said(_("Independent groups that were assured"), [a for a in year.assurances if a.result == Result.ASSURED])
    decided = [row for row in year.projects if _is_decided(row, year) and row.duty_applies is not False]
    involved = _involved(year)
    yield from _gap(_("Decided before anybody was involved"), [row for row in decided if row.pk not in involved])
    yield from _gap(
        _("Decided, and nobody has settled whether the duty applies"),
        [row for row in decided if row.duty_applies is None],
    )
    yield from _gap(
        _("Independent groups that were assured in part, or not"),
        [row for row in year.assurances if row.result != Result.ASSURED],
    )
    yield from _gap(
        _("Decisions that do not say what they made of what people said"),
        [row for row in year.decisions if not accounts(row)],
    )


def _assessed(year: Year) -> Iterable[Said]:
    """NHS Act 2006, section 14Z59: NHS England assesses the body every year."""
    rows = list(Assessment.objects.filter(period=year.period).select_related("yardstick", "period"))
    final = [row for row in rows if row.is_final]
    own = [row for row in final if row.assessor == Assessment.Assessor.SELF]
    yield Said(_("The body’s assessments of itself"), own)
    yield Said(_("Results of NHS England’s assessment"), [row for row in final if row not in own])
    yield from _gap(_("Assessments that are not final"), [row for row in rows if not row.is_final])
    if not own:
        yield Said(_("The body has not finished any assessment of itself for the year."), [], True)


def _aims(year: Year) -> Iterable[Said]:
    """The triple aim, in the plan of each case."""
    signed = list(_signed(year))
    answered = [plan for plan in signed if all(says(plan, code) for code in AIMS)]
    yield Said(_("Signed plans that weigh wellbeing, quality and resources"), answered)
    yield from _gap(_("Signed plans that leave one of the three out"), [row for row in signed if row not in answered])


def _inequalities(year: Year) -> Iterable[Said]:
    heard = [row for row in year.activities if INEQUALITY & {group.kind for group in row.groups.all()}]
    yield Said(_("Activities that heard a group which faces inequalities"), heard)
    signed = list(_signed(year))
    weighed = [plan for plan in signed if says(plan, INEQUALITIES)]
    yield Said(_("Signed plans that say what they do to inequalities"), weighed)
    final = [row for project in year.projects for row in project.assessments.all()]
    yield Said(_("Equality assessments that weigh access and outcomes"), [row for row in final if row.inequalities])
    yield from _gap(_("Signed plans that do not"), [row for row in signed if row not in weighed])
    yield from _gap(_("Equality assessments that do not"), [row for row in final if not row.inequalities])


def _equality(year: Year) -> Iterable[Said]:
    """Equality Act 2010, section 149: an assessment of each case, before it is decided."""
    yield Said(_("Final equality assessments"), [row for project in year.projects for row in project.assessments.all()])
    decided = [row for row in year.projects if _is_decided(row, year) and row.needs_assessment]
    lacking = [row for row in decided if not row.assessments.all()]
    yield from _gap(_("Decided without a final equality assessment"), lacking)


def _social_value(year: Year) -> Iterable[Said]:
    bought = [row for row in year.projects if row.trigger == Project.Trigger.PROCUREMENT]
    plans = [plan for project in bought for plan in project.plans.all() if plan.state in SIGNED]
    asked = [plan for plan in plans if says(plan, SOCIAL_VALUE)]
    yield Said(_("Signed plans that say which social value is sought"), asked)
    settled = {plan.project_id for plan in asked}
    yield from _gap(_("Services bought without it"), [row for row in bought if row.pk not in settled])


def _partners(year: Year) -> Iterable[Said]:
    """Duties of others: they matter where another organisation decides."""
    theirs = [row for row in year.projects if row.organisation and not row.organisation.is_body]
    involved = {row.project_id for row in year.activities}
    yield Said(_("Cases of others in which people were involved"), [row for row in theirs if row.pk in involved])
    yield from _gap(_("Cases of others without any activity"), [row for row in theirs if row.pk not in involved])


# By `code_of` the duty: what shows the duty, and whether a year may have no case for it.
CHECKS: dict[str, tuple[Check, bool]] = {
    "14z45": (_involvement, False),
    "14z59": (_assessed, False),
    "14z43": (_aims, False),
    "14z35": (_inequalities, False),
    "149": (_equality, False),
    "242": (_partners, True),
    "13q": (_partners, True),
    "sva-2012": (_social_value, True),
}


def _gap(words: str, rows: list) -> Iterable[Said]:
    if rows:
        yield Said(words, rows, True)


def _signed(year: Year) -> Iterable[ProjectPlan]:
    """The newest plan that was ever signed, of each case of the year."""
    for project in year.projects:
        if signed := [plan for plan in project.plans.all() if plan.state in SIGNED]:
            yield signed[-1]


def _is_decided(project: Project, year: Year) -> bool:
    return project.decided_on is not None and year.days[0] <= project.decided_on <= year.days[1]


def _involved(year: Year) -> set[int]:
    """Cases in which people were involved before the decision, in whichever year. Telling is not involving."""
    rows = Activity.objects.filter(project__in=year.projects).exclude(nature=Activity.Nature.INFORMATION)
    rows = rows.exclude(state=Activity.State.PLANNED).filter(starts_on__lte=F("project__decided_on"))
    return set(rows.values_list("project", flat=True))


# Where the pack goes -----------------------------------------------------------------------------


def route(report: Report) -> list[Stop]:
    """The bodies that this kind of report goes to, in order, and what each said of the newest version that it had."""
    newest = Approval.objects.filter(build__report=report).aggregate(version=Max("build__version"))["version"]
    rows = Approval.objects.filter(build__report=report, build__version=newest).exclude(decided_on=None)
    said = {(row.forum_id, row.task): row for row in rows.select_related("build")}
    steps = RouteStep.objects.filter(kind=report.kind).select_related("forum").order_by("order")
    return [
        Stop(step.order, step.forum.name, str(step.get_task_display()), _said(said.get((step.forum_id, step.task))))
        for step in steps
    ]


def _said(approval: Approval | None) -> str:
    if approval is None:
        return ""
    words = {
        "version": approval.build.version,
        "result": approval.get_result_display(),
        "day": day_in_words(approval.decided_on),
    }
    said = _("Version %(version)s: %(result)s on %(day)s") % words
    return f"{said}. {approval.note}" if approval.note else said
