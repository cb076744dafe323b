"""(5) Equality assessments: due, done, before and after, negative effects and what is done about them (REP-015)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from engagement.models import GroupImpact, ImpactAssessment
from reporting.documents.quarter.cases import AFTER, BEFORE, Case
from reporting.documents.quarter.facts import Row, Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words

Phase = ImpactAssessment.Phase
Done = list[tuple[Case, ImpactAssessment]]


def section(span: Span, found: list[Case]) -> Section:
    done = done_in(span, found)
    tables = [_done_table(done), _missing_table(found), _negative_table(done), _changed_table(done)]
    return evidence("equality", _sentences(found, done), tables)


def done_in(span: Span, found: list[Case]) -> Done:
    """Assessments that became final in the quarter, in the order of time."""
    rows = [(case, each) for case in found for each in case.final.values()]
    rows = [pair for pair in rows if timezone.localdate(pair[1].final_at) >= span.first]
    return sorted(rows, key=lambda pair: (pair[1].final_at, pair[1].pk))


def missing_of(found: list[Case]) -> list[tuple[Case, str]]:
    """Assessments that were due and not final on the last day."""
    return [(case, phase) for case in found for phase in case.due if phase not in case.final]


def _sentences(found: list[Case], done: Done) -> list[str]:
    due = sum(len(case.due) for case in found)
    missing = len(missing_of(found))
    if not due and not done:
        return [_("No equality assessment was due or done in this quarter. That is a finding.")]
    negative = sum(len(_negative(each)) for _case, each in done)
    words = {"due": due, "there": due - missing, "done": len(done), "negative": negative}
    return [
        _("Assessments that were due by the last day: %(due)s. Of these, final: %(there)s.") % words,
        _("Became final in the quarter: %(done)s. Negative effects on a group that they name: %(negative)s.") % words,
    ]


def _of(case: Case, phase: str) -> str:
    return address("engagement:assessment_detail", case.project.pk, phase)


def _done_table(done: Done) -> Table:
    columns = (_("Project"), _("Phase"), _("Final since"), _("Negative effects"), _("Effects not known yet"))
    rows = [
        row(
            case.project,
            each.get_phase_display(),
            day_in_words(each.final_at),
            len(_negative(each)),
            sum(impact.effect == GroupImpact.Effect.UNKNOWN for impact in each.impacts.all()),
            url=_of(case, each.phase),
        )
        for case, each in done
    ]
    nothing = _("No equality assessment became final in this quarter.")
    return table("assessments-done", _("Assessments that became final"), columns, rows, nothing)


def _missing_table(found: list[Case]) -> Table:
    columns = (
        _("Project"),
        (_("Missing"), _("Before people are involved, and once more after a consultation or before a decision.")),
        _("Decision due"),
    )
    rows = [
        row(case.project, Phase(phase).label, day_in_words(case.project.decision_due_on), url=case.url)
        for case, phase in missing_of(found)
    ]
    nothing = _("No equality assessment that was due is missing.")
    return table("assessments-missing", _("Assessments that are due and not final"), columns, rows, nothing)


def _negative(assessment: ImpactAssessment) -> list[GroupImpact]:
    return [each for each in assessment.impacts.all() if each.effect == GroupImpact.Effect.NEGATIVE]


def _negative_table(done: Done) -> Table:
    columns = (_("Group"), _("Project"), _("Phase"), _("What is done about it"), _("Who sees to it"), _("By"))
    rows = [
        row(
            impact.group.name,
            case.project,
            each.get_phase_display(),
            impact.mitigation,
            impact.owner,
            day_in_words(impact.due_on),
            url=_of(case, each.phase),
        )
        for case, each in done
        for impact in _negative(each)
    ]
    nothing = _("No assessment of this quarter names a negative effect.")
    return table("negative-effects", _("Negative effects, and what is done about them"), columns, rows, nothing)


def _changed_table(done: Done) -> Table:
    """What involving people changed: effects that the second assessment sees otherwise than the first."""
    columns = (_("Group"), _("Project"), _("Effect before"), _("Effect after"))
    pairs = [(case, case.final[BEFORE], each) for case, each in done if each.phase == AFTER and BEFORE in case.final]
    rows = [changed for case, before, after in pairs for changed in _changed(case, before, after)]
    nothing = _("No second assessment of this quarter sees an effect otherwise than the first.")
    return table("assessments-changed", _("Effects that involving people changed"), columns, rows, nothing)


def _changed(case: Case, before: ImpactAssessment, after: ImpactAssessment) -> list[Row]:
    old, new = ({each.group.name: each.get_effect_display() for each in one.impacts.all()} for one in (before, after))
    names = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    none = _("not assessed")
    url = address("engagement:assessment_difference", case.project.pk)
    return [row(name, case.project, old.get(name, none), new.get(name, none), url=url) for name in names]
