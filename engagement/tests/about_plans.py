"""A form with a question of every kind, and plans that answer it, for the tests of plans."""

from engagement.models import Plan, PlanQuestion, Project
from engagement.services import aims
from engagement.services import plans as services
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from people.models import PopulationGroup, User

FORM = [
    ("proposal", "The proposal", "long", {}),
    ("programme", "The proposal", "text", {"is_required": False}),
    ("duty", "The duty", "yes_no", {}),
    ("service_users", "Who is affected", "long", {}),
    ("carers", "Who is affected", "long", {}),
    ("representatives", "Who is affected", "long", {}),
    ("considered_groups", "Who is affected", "long", {}),
    ("groups", "Who is affected", "groups", {}),
    ("social_value", "Wider effects", "long", {"asked": "procurement"}),
    ("consultation", "Taking part", "yes_no", {}),
    ("rung", "Taking part", "rung", {"asked": "duty"}),
    ("methods", "Taking part", "methods", {"asked": "duty"}),
    ("inclusive", "Taking part", "many", {"asked": "duty", "options": ["More than one meeting", "We go to people"]}),
    ("without_internet", "Taking part", "long", {"asked": "duty"}),
    ("forums", "Taking part", "forums", {"is_required": False}),
    ("asked_from", "Time", "date", {"asked": "duty"}),
    ("asked_to", "Time", "date", {"asked": "duty"}),
    ("enough_time", "Time", "long", {"asked": "consultation"}),
    ("budget", "Time", "number", {}),
    ("scale", "Time", "choice", {"options": ["Small", "Large"]}),
]


def form() -> list[PlanQuestion]:
    """The questions of a small form, one of every kind, with guidance and a source."""
    return [
        projects.plan_question(
            code, section=section, kind=kind, guidance=f"About {code}.", source=f"Law on {code}", **rest
        )
        for code, section, kind, rest in FORM
    ]


def answers(**changed) -> dict:
    """Answers to every question of the form, for a consultation with two methods."""
    considered, _is_new = PopulationGroup.objects.get_or_create(name="people in poverty", is_always_considered=True)
    values = {
        "proposal": "The clinic moves to one site.",
        "duty": "yes",
        "service_users": "All who come to the clinic.",
        "carers": "Carers who drive people there.",
        "representatives": "Advocates of people with dementia.",
        "considered_groups": {str(considered.pk): "The bus costs more."},
        "groups": [considered.pk],
        "consultation": "yes",
        "rung": engagement.rung(meaning="We ask and answer.").pk,
        "methods": [engagement.method("survey").pk, engagement.method("focus group").pk],
        "inclusive": ["We go to people"],
        "without_internet": "A paper form in each surgery.",
        "asked_from": "2026-03-02",
        "asked_to": "2026-05-08",
        "enough_time": "Eight weeks, without Easter.",
        "budget": 12000,
        "scale": "Large",
    }
    return values | changed


def complete(project: Project, *, state: str = "draft", **changed) -> Plan:
    """A plan that lacks nothing: its form, its answers, an aim, and a look at what is known."""
    if not PlanQuestion.objects.exists():
        form()
    if not project.knowledge_checks.exists():
        projects.knowledge_check(project)
    if not project.aims.exists():
        projects.aim(project=project)
    reason = "Carers are missing." if state == "refused" else ""
    return projects.plan(project, state=state, reason=reason, answers=answers(**changed))


def submitted(project: Project, by: User, **changed) -> Plan:
    return services.submit(complete(project, **changed), by=by)


def an_aim(plan: Plan, by: User, **changed):
    values = {"measure": "people who answer", "target": 300, "baseline": None} | changed
    return aims.save_aim(plan, None, by=by, **values)
