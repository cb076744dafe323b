"""The evidence for NHS England's assessment in tests: gathered, drawn, and made of one of each kind of record."""

import datetime

from engagement.models import Assurance, Evidence, Project
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.tests import factories as answers
from insights.tests import insight_factories as insights
from reporting.documents.assessment import AssessmentFacts, gather
from reporting.documents.assessment.facts import DutyFacts, Question
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import SHAPES
from reporting.models import Plan, Report
from reporting.tests import assessment_factories as assessments
from reporting.tests import factories

INSIDE, AFTER = datetime.date(2023, 9, 1), datetime.date(2024, 9, 1)


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, 12, tzinfo=datetime.UTC)


def pack() -> AssessmentFacts:
    """The facts of 2023–24 as the record stands now."""
    return gather(factories.report(kind=Report.Kind.ASSESSMENT))


def drawn(facts: AssessmentFacts, medium: Medium = Medium.SCREEN) -> str:
    shape = SHAPES[Report.Kind.ASSESSMENT]
    return page(shape, facts, fingerprint="f" * 64, is_draft=False, medium=medium)


def question_of(facts: AssessmentFacts, words: str) -> Question:
    return next(row for row in facts.questions if row.question == words)


def duty_of(facts: AssessmentFacts, code: str) -> DutyFacts:
    return next(row for row in facts.duties if row.code == code)


def concluded(project: Project, result: str = "assured", on: datetime.date = INSIDE) -> Assurance:
    return projects.assurance(project, result=result, statement="It saw enough.", concluded_at=at(on))


def proof_of(principle, strength: str, **fields) -> Evidence:
    """Evidence as review leaves it."""
    more = {"how": "Minutes show it."} if strength != "claimed" else {}
    if strength in {"verified", "outcome"}:
        more["reviewed_at"] = at(INSIDE)
    if strength == "outcome":
        more["impact"] = engagement.impact(fields["activity"], "The clinic opens on Saturdays.", evidence="Seen.")
    return engagement.evidence(principle, strength=strength, **more | fields)


def everything() -> None:
    """One of each kind of record that the pack cites."""
    for code in ("14Z45", "14Z59", "s149", "14Z35"):
        engagement.duty(code, name=f"Duty {code}", reference=code)
    project = projects.project("P-1", stage=Project.Stage.DECISION, decided_on=INSIDE, decision="It moves.")
    projects.plan(project, state="signed", answers={"inequalities": "Said."}, decided_at=at(INSIDE))
    projects.assessment(project, final_at=at(INSIDE))
    concluded(project)
    words = {"purpose": "To hear.", "can_influence": "The hours.", "cannot_influence": "The law."}
    shown = engagement.activity("A-1", project=project, slug="the-clinic", published_at=at(INSIDE), **words)
    hidden = engagement.activity("A-2")
    proof_of(engagement.principle(1), "outcome", activity=hidden)
    proof_of(engagement.principle(2), "verified", forum=forums.forum())
    answers.published_response("r-1", activity=shown)
    answers.response("r-2", activity=hidden)
    insights.decision(reference="d-1", decided_on=INSIDE, project=project)
    assessments.judged(assessments.yardstick(), "good")
    plan = {"kind": "strategy", "summary": "We listen.", "agreed_by": forums.committee(), "agreed_on": INSIDE}
    Plan.objects.create(code="strategy", title="Strategy", published_at=at(INSIDE), **plan).developed_in.set([hidden])
    Plan.objects.create(code="delivery", title="Delivery", **plan | {"kind": "delivery"})
