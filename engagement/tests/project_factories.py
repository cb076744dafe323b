"""Valid projects and what hangs on them, for tests: plain functions, nothing random."""

import datetime

from django.utils import timezone

from engagement.models import (
    Aim,
    Assurance,
    AssuranceAnswer,
    CheckAnswer,
    CheckList,
    CheckQuestion,
    Condition,
    Consultation,
    GlossaryTerm,
    GroupImpact,
    ImpactAssessment,
    KnowledgeCheck,
    Participation,
    Plan,
    PlanQuestion,
    Policy,
    Project,
    Representative,
    Survey,
    SurveyQuestion,
    SurveyResponse,
)
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.models import EqualityOption, PopulationBenchmark, Venue
from people.tests import factories as people
from people.tests.factories import following


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def project(reference: str = "", *, areas=(), groups=(), topics=(), **fields) -> Project:
    """A project that changes a service, at the stage of an idea unless the fields say another."""
    number = following(Project)
    defaults = {
        "reference": reference or f"P-{number:03}",
        "title": f"Project {number}",
        "trigger": Project.Trigger.SERVICE,
        "decision_due_on": in_days(200),
    }
    if fields.get("stage") in {Project.Stage.MOBILISE, Project.Stage.REVIEW}:
        defaults |= {"decided_on": in_days(-1), "decision": "The service moves."}
    row = Project.objects.create(**defaults | fields)
    row.areas.set(areas)
    row.groups.set(groups)
    row.topics.set(topics)
    return row


def policy(**fields) -> Policy:
    return Policy.objects.create(**fields)


def plan_question(code: str = "purpose", **fields) -> PlanQuestion:
    defaults = {
        "section": "The proposal",
        "order": following(PlanQuestion),
        "text": f"What about {code}?",
        "kind": "long",
    }
    return PlanQuestion.objects.create(code=code, **defaults | fields)


def plan(project: Project, *, state: str = "draft", **fields) -> Plan:
    """A version of the plan; a signed one is frozen, as the service would leave it."""
    if state in {"signed", "superseded"}:
        fields = {"as_signed": [], "decided_at": timezone.now()} | fields
    return Plan.objects.create(project=project, state=state, **{"version": project.plans.count() + 1} | fields)


def knowledge_check(project: Project, **fields) -> KnowledgeCheck:
    defaults = {"outcome": KnowledgeCheck.Outcome.NEW, "because": "Nobody asked about the new site."}
    return KnowledgeCheck.objects.create(project=project, **defaults | fields)


def assessment(project: Project, phase: str = "before", *, is_final: bool = True, **fields) -> ImpactAssessment:
    defaults = {"eliminate": "Staff are trained.", "advance": "Longer hours.", "foster": "One waiting room."}
    if is_final:
        defaults["final_at"] = timezone.now()
    return ImpactAssessment.objects.create(project=project, phase=phase, **defaults | fields)


def group_impact(assessment: ImpactAssessment, group=None, **fields) -> GroupImpact:
    defaults = {"effect": "neutral", "evidence": "Nothing changes for them."}
    return GroupImpact.objects.create(
        assessment=assessment, group=group or people.population_group(), **defaults | fields
    )


def check_list(code: str = "gunning", *, questions=("formative",), **fields) -> CheckList:
    """A check list that blocks, with a question for each code."""
    row = CheckList.objects.create(code=code, **{"name": code.capitalize()} | fields)
    for order, each in enumerate(questions, start=1):
        CheckQuestion.objects.create(check_list=row, code=each, order=order, text=f"Is it {each}?")
    return row


def check_answer(project: Project, question: CheckQuestion, point: str, rating: str = "green", **fields) -> CheckAnswer:
    defaults = {"evidence": "Minutes of the steering group."}
    return CheckAnswer.objects.create(
        project=project, question=question, point=point, rating=rating, **defaults | fields
    )


def consultation(project: Project, *, opens: int = 1, days: int = 70, **fields) -> Consultation:
    """A consultation that opens in so many days and lasts so many."""
    first = in_days(opens)
    defaults = {
        "proposal": "To move the clinic to one site.",
        "opens_on": first,
        "closes_on": first + datetime.timedelta(days=days),
        "midpoint_on": first + datetime.timedelta(days=days // 2),
        "says_not_a_vote": True,
    }
    return Consultation.objects.create(project=project, **defaults | fields)


def assurance(project: Project, forum=None, **fields) -> Assurance:
    return Assurance.objects.create(
        project=project, forum=forum or forums.forum(), **{"answers_due_on": in_days(14)} | fields
    )


def concluded_assurance(project: Project, result: str = "assured", **fields) -> Assurance:
    return assurance(
        project, result=result, statement="The group has seen enough.", concluded_at=timezone.now(), **fields
    )


def assurance_answer(assurance: Assurance, person=None, **fields) -> AssuranceAnswer:
    defaults = {"sufficient": "yes", "influential": "yes"}
    return AssuranceAnswer.objects.create(assurance=assurance, person=person or people.person(), **defaults | fields)


def condition(assurance: Assurance, text: str = "Ask carers of young children.", **fields) -> Condition:
    return Condition.objects.create(
        assurance=assurance, text=text, **{"owner": "Engagement lead", "due_on": in_days(30)} | fields
    )


def representative(project: Project, person=None, **fields) -> Representative:
    defaults = {"joined_on": in_days(-10), "joined_at_stage": project.stage}
    return Representative.objects.create(project=project, person=person or people.person(), **defaults | fields)


def aim(*, measure: str = "people who answer", target: int = 100, groups=(), **fields) -> Aim:
    """An aim of the project or the activity that the fields name."""
    row = Aim.objects.create(measure=measure, target=target, **fields)
    row.groups.set(groups)
    return row


def survey(slug: str = "clinic", *, activity=None, **fields) -> Survey:
    """A published survey that is open today."""
    defaults = {
        "title": "Moving the clinic",
        "introduction": "We want to know what matters to you.",
        "paper_contact": "Telephone 01234 567890 for a paper form.",
        "opens_on": in_days(-1),
        "closes_on": in_days(30),
        "is_published": True,
    }
    return Survey.objects.create(activity=activity or engagement.activity(), slug=slug, **defaults | fields)


def survey_question(survey: Survey, text: str = "What matters to you?", kind: str = "text", **fields) -> SurveyQuestion:
    return SurveyQuestion.objects.create(
        survey=survey, text=text, kind=kind, **{"order": survey.questions.count() + 1} | fields
    )


def survey_response(survey: Survey, *, is_sent: bool = True, **fields) -> SurveyResponse:
    defaults = {"code_hash": f"hash-{following(SurveyResponse)}", "sent_at": timezone.now() if is_sent else None}
    return SurveyResponse.objects.create(survey=survey, **defaults | fields)


def participation(activity, option: EqualityOption, number: int = 40, **fields) -> Participation:
    defaults = {"on": timezone.localdate(), "source": "sheet"}
    return Participation.objects.create(activity=activity, option=option, number=number, **defaults | fields)


def benchmark(area, category: str, residents: int, *, characteristic: str = "sex", **fields) -> PopulationBenchmark:
    return PopulationBenchmark.objects.create(
        area=area,
        category=category,
        residents=residents,
        characteristic=characteristic,
        **{"source": "Census 2021"} | fields,
    )


def venue(name: str = "Harlow library", **fields) -> Venue:
    return Venue.objects.create(name=name, **{"checked_on": in_days(-30), "step_free": "yes"} | fields)


def term(term: str = "hard to reach", *, use: str = "avoid", instead: str = "seldom heard", **fields) -> GlossaryTerm:
    return GlossaryTerm.objects.create(term=term, use=use, instead=instead, **fields)
