"""Plans of projects: a version is written, submitted, and signed or refused by somebody else (SVC-001, ENG-050)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import audit
from engagement.documents import plan_form
from engagement.models import GroupImpact, ImpactAssessment, Plan, Policy, Project
from engagement.services.doors import has_reached
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from engagement.services.projects import locked
from engagement.services.stages import ORDER
from people.models import PopulationGroup, User

State, Stage = Plan.State, Project.Stage
IN_WORK = (State.DRAFT, State.SUBMITTED)

# The codes that the rules know, and what each does. A body words these questions as it likes; the codes have to stay.
CODES = {
    "duty": gettext_lazy("whether the duty applies: asks the questions that go with it, and is kept with the project"),
    "consultation": gettext_lazy("whether there is a consultation: decides which stages and checks the project has"),
    "proposal": gettext_lazy("is shown, once signed, to the members of a group that is asked for assurance"),
    "service_users": gettext_lazy("has to be answered, whatever the form says (SVC-003)"),
    "carers": gettext_lazy("has to be answered, whatever the form says (SVC-003)"),
    "representatives": gettext_lazy("has to be answered, whatever the form says (SVC-003)"),
    "considered_groups": gettext_lazy("asks about each group that every plan considers (INC-002)"),
    "groups": gettext_lazy("names every group for which the assessment found a negative effect (ENG-050)"),
    "methods": gettext_lazy("a consultation has at least as many as the policy says (ENG-050)"),
    "without_internet": gettext_lazy("a consultation needs a way to take part without the internet"),
    "forums": gettext_lazy("is compared with what else these forums are asked (ENG-015)"),
    "asked_from": gettext_lazy("first of the days that are compared with what else people are asked (ENG-015)"),
    "asked_to": gettext_lazy("last of those days (ENG-015)"),
}
BEFORE_PLAN = ORDER[: ORDER.index(Stage.OPTIONS)]  # the stages that a project may be at without a signed plan
ANSWERED_ALWAYS = ("duty", "consultation", "service_users", "carers", "representatives")
ANSWERED_FOR_A_CONSULTATION = ("without_internet",)


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a plan from being submitted, and the page where to mend it."""

    words: str
    url: str


# Versions ----------------------------------------------------------------------------------------


def newest(project: Project) -> Plan | None:
    return project.plans.order_by("-version").first()


def signed(project: Project) -> Plan | None:
    """The version that is in force."""
    return project.plans.filter(state=State.SIGNED).first()


@transaction.atomic
def start_version(project: Project, *, by: User) -> Plan:
    """Begin the next version with the answers of the one before; the version in work, where there is one.

    Raises ValidationError for a project that is closed or stopped.
    """
    project = locked(project, by)
    _refuse_ended(project)
    if in_work := project.plans.filter(state__in=IN_WORK).first():
        return in_work
    before = newest(project)
    version = (project.plans.aggregate(last=Max("version"))["last"] or 0) + 1
    answers = before.answers if before else {plan_form.GROUPS: _groups_to_begin_with(project)}
    plan = Plan.objects.create(project=project, version=version, answers=answers)
    audit.record(by, "began", plan)
    return plan


def _groups_to_begin_with(project: Project) -> list[int]:
    """The groups that the project names, and those that every plan considers: ticked before anybody has answered."""
    considered = (group.pk for group in plan_form.always_considered())
    return sorted({*project.groups.values_list("pk", flat=True), *considered})


@transaction.atomic
def save_section(plan: Plan, answers: dict, *, by: User) -> Plan:
    """Keep answers by code. Answers to other questions stay, also to those that are no longer asked.

    Raises ValidationError for a version that is not a draft.
    """
    plan, _project = to_write(plan, by)
    refuse_unless(plan, State.DRAFT)
    before = plan.answers
    changed = {code: answer for code, answer in answers.items() if before.get(code, _none(answer)) != answer}
    if changed:
        plan.answers = before | changed
        plan.save(update_fields=["answers", "updated_at"])
        audit.record(by, "wrote in", plan, codes=sorted(changed))
    return plan


def _none(answer):
    """What stands for no answer yet: an empty answer to a question that had none changes nothing."""
    return answer if answer in ("", None, []) else None


@transaction.atomic
def submit(plan: Plan, *, by: User) -> Plan:
    """Ask for a decision. A second time changes nothing. Raises ValidationError with all that is missing."""
    plan, project = to_write(plan, by)
    if plan.state == State.SUBMITTED:
        return plan
    refuse_unless(plan, State.DRAFT)
    _refuse_ended(project)
    _refuse_incomplete(plan, project)
    plan.state, plan.submitted_by, plan.submitted_at = State.SUBMITTED, by, timezone.now()
    plan.save(update_fields=["state", "submitted_by", "submitted_at", "updated_at"])
    audit.record(by, "submitted", plan)
    return plan


@transaction.atomic
def withdraw(plan: Plan, *, by: User) -> Plan:
    """Take a submitted plan back, to go on writing. Only who submitted it can. Raises ValidationError."""
    plan, _project = to_write(plan, by)
    if plan.state == State.DRAFT:
        return plan
    refuse_unless(plan, State.SUBMITTED)
    if plan.submitted_by_id != by.pk:
        raise ValidationError(_("Only whoever submitted the plan can take it back"), code="not_theirs")
    plan.state, plan.submitted_by, plan.submitted_at = State.DRAFT, None, None
    plan.save(update_fields=["state", "submitted_by", "submitted_at", "updated_at"])
    audit.record(by, "took back", plan)
    return plan


# The decision ------------------------------------------------------------------------------------


def may_decide(plan: Plan, user: User) -> bool:
    """Whether somebody may sign or refuse a plan: not who submitted it, nor who leads the project or once led it."""
    if not user.has_perm("engagement.sign_plan") or user.pk in (plan.submitted_by_id, plan.project.lead_id):
        return False
    return not plan.project.history.filter(lead=user.pk).exists()


@transaction.atomic
def sign(plan: Plan, *, by: User) -> Plan:
    """Sign a submitted plan: its words are frozen, and it takes the place of the version signed before.

    A second time changes nothing. Raises ValidationError for whoever may not decide, or when something is missing now.
    """
    plan, project = _to_decide(plan)
    if plan.state == State.SIGNED:
        return plan
    _refuse_decision(plan, by)
    _refuse_ended(project)
    _refuse_incomplete(plan, project)
    for earlier in project.plans.filter(state=State.SIGNED):
        earlier.state = State.SUPERSEDED
        earlier.save(update_fields=["state", "updated_at"])
    plan.as_signed = plan_form.frozen(plan, project)
    plan.state, plan.decided_by, plan.decided_at = State.SIGNED, by, timezone.now()
    plan.save(update_fields=["as_signed", "state", "decided_by", "decided_at", "updated_at"])
    project.duty_applies = plan.answers.get(plan_form.DUTY) == plan_form.YES
    project.is_consulted_on = plan.answers.get(plan_form.CONSULTATION) == plan_form.YES
    project.save(update_fields=["duty_applies", "is_consulted_on", "updated_at"])
    audit.record(by, "signed", plan)
    return plan


@transaction.atomic
def refuse(plan: Plan, reason: str, *, by: User) -> Plan:
    """Refuse a submitted plan and say why. A second time changes nothing. Raises ValidationError."""
    plan, _project = _to_decide(plan)
    if plan.state == State.REFUSED:
        return plan
    _refuse_decision(plan, by)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the plan is refused")})
    plan.state, plan.reason = State.REFUSED, reason.strip()
    plan.decided_by, plan.decided_at = by, timezone.now()
    plan.save(update_fields=["state", "reason", "decided_by", "decided_at", "updated_at"])
    audit.record(by, "refused", plan)
    return plan


def _refuse_decision(plan: Plan, by: User) -> None:
    refuse_unless(plan, State.SUBMITTED)
    if not may_decide(plan, by):
        raise ValidationError(_("Somebody else has to decide on this plan"), code="own_plan")


# What is missing ---------------------------------------------------------------------------------


def missing(plan: Plan, project: Project) -> list[Missing]:
    """Everything that keeps a plan from being submitted, in the order of the form."""
    form = plan_form.sections(plan, project)
    return [*_unanswered(plan, form), *_considered(plan, form), *_by_rule(plan, project, form)]


def _unanswered(plan: Plan, form: list[plan_form.Section]) -> Iterator[Missing]:
    needed = {*ANSWERED_ALWAYS, *(ANSWERED_FOR_A_CONSULTATION if _is_consulted_on(plan) else ())}
    for section in form:
        for line in section.lines:
            is_needed = line.question.code in needed or (line.is_asked and line.question.is_required)
            if is_needed and not line.words:
                words = _("Answer the question “%(question)s”") % {"question": line.question.text}
                yield Missing(words, _section_url(plan, section))
    for code in sorted(needed - {line.question.code for section in form for line in section.lines}):
        words = _("The form lacks its question “%(code)s”. Ask an administrator to put it back into use")
        yield Missing(words % {"code": code}, "")


def _considered(plan: Plan, form: list[plan_form.Section]) -> Iterator[Missing]:
    answer = plan.answers.get(plan_form.CONSIDERED)
    said = answer if isinstance(answer, dict) else {}
    for section in form:
        if any(line.question.code == plan_form.CONSIDERED for line in section.lines):
            for group in plan_form.always_considered():
                if not said.get(str(group.pk), "").strip():
                    words = _("Say what it means for %(group)s") % {"group": group}
                    yield Missing(words, _section_url(plan, section))


def _by_rule(plan: Plan, project: Project, form: list[plan_form.Section]) -> Iterator[Missing]:
    if _is_consulted_on(plan) and (words := _too_few_methods(form)):
        yield Missing(words, _url_of(plan, form, "methods"))
    for group in _negative_without_a_place(plan, project):
        words = _("The assessment found a negative effect for %(group)s. Choose it among the groups to be heard")
        yield Missing(words % {"group": group}, _url_of(plan, form, plan_form.GROUPS))
    if has_reached(project, Stage.CONSULTATION) and project.is_consulted_on not in (None, _is_consulted_on(plan)):
        words = _("Take the project back to options first: past them, nobody changes whether there is a consultation")
        yield Missing(words, _url_of(plan, form, plan_form.CONSULTATION))
    if not project.aims.exists():
        yield Missing(_("Add an aim as a number: what is counted, how many, of which groups"), _aims_url(plan))
    if not project.knowledge_checks.exists():
        url = reverse("engagement:knowledge", args=[project.pk])
        yield Missing(_("Look first whether the answer is known already, and say what follows"), url)


def _too_few_methods(form: list[plan_form.Section]) -> str:
    """What to do when a consultation has too few methods; empty when it has enough."""
    least = Policy.objects.current().least_methods
    chosen = [line.words for section in form for line in section.lines if line.question.code == "methods"]
    if sum(len(words.splitlines()) for words in chosen) >= least:
        return ""
    return ngettext(
        "A consultation needs at least %(least)s method: choose more",
        "A consultation needs at least %(least)s methods: choose more",
        least,
    ) % {"least": least}


def _negative_without_a_place(plan: Plan, project: Project) -> list[PopulationGroup]:
    """Groups that the change is bad for, by the assessment before, and that the plan does not ask (ENG-050)."""
    negative = GroupImpact.objects.filter(
        assessment__project=project,
        assessment__phase=ImpactAssessment.Phase.BEFORE,
        effect=GroupImpact.Effect.NEGATIVE,
    )
    chosen = plan_form.numbers(plan.answers.get(plan_form.GROUPS))
    return list(PopulationGroup.objects.filter(pk__in=negative.values("group")).exclude(pk__in=chosen))


def _refuse_incomplete(plan: Plan, project: Project) -> None:
    if lacking := missing(plan, project):
        raise ValidationError([each.words for each in lacking], code="incomplete")


def _is_consulted_on(plan: Plan) -> bool:
    return plan.answers.get(plan_form.CONSULTATION) == plan_form.YES


def _section_url(plan: Plan, section: plan_form.Section) -> str:
    return reverse("engagement:plan_section", args=[plan.pk, section.number])


def _url_of(plan: Plan, form: list[plan_form.Section], code: str) -> str:
    """The page of the form with the question; the plan's own page where no section has it."""
    found = (section for section in form if any(line.question.code == code for line in section.lines))
    section = next(found, None)
    return _section_url(plan, section) if section else reverse("engagement:project_plan", args=[plan.project_id])


def _aims_url(plan: Plan) -> str:
    return reverse("engagement:plan_aim_add", args=[plan.pk])


# Locks and refusals ------------------------------------------------------------------------------


def _locked(plan: Plan, project: Project) -> tuple[Plan, Project]:
    """The plan as it is now, behind the lock of its project: all that a gate reads is written there."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    plan.project = project
    return plan, project


def to_write(plan: Plan, by: User) -> tuple[Plan, Project]:
    """Both rows locked, for somebody who works on the project. Raises PermissionDenied for anybody else."""
    return _locked(plan, locked(plan.project, by))


def _to_decide(plan: Plan) -> tuple[Plan, Project]:
    return _locked(plan, Project.objects.select_for_update().get(pk=plan.project_id))


def refuse_unless(plan: Plan, state: str) -> None:
    if plan.state != state:
        words = {"version": plan.version, "state": plan.get_state_display()}
        message = _(
            "This cannot be done now. Version %(version)s of the plan: %(state)s. To change it, begin a new one"
        )
        raise ValidationError(message % words, code="state")


def _refuse_ended(project: Project) -> None:
    if not project.is_open:
        raise ValidationError(_("This project is closed or stopped: its plan stays as it is"), code="ended")


# The gate and the project's page -----------------------------------------------------------------


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """A signed plan before options and all that follows; one that fits a consultation before a consultation."""
    if to in BEFORE_PLAN:
        return
    url = reverse("engagement:project_plan", args=[project.pk])
    plan = signed(project)
    if plan is None:
        yield Obstacle(_("Have the plan signed: no version of it is"), url)
    elif to == Stage.CONSULTATION:
        yield from _not_fit_for_a_consultation(plan, project, url)


def _not_fit_for_a_consultation(plan: Plan, project: Project, url: str) -> Iterator[Obstacle]:
    if not _is_consulted_on(plan):
        yield Obstacle(_("The signed plan says that there is no consultation. Have one signed that has one"), url)
    if words := _too_few_methods(plan_form.sections(plan, project)):
        yield Obstacle(words, url)
    if not str(plan.answers.get("without_internet") or "").strip():
        yield Obstacle(_("Say in the plan how people can take part without the internet"), url)
    if not project.aims.exists():
        yield Obstacle(_("Add an aim to the plan, as a number"), url)


COLOURS = {
    State.DRAFT: "grey",
    State.SUBMITTED: "blue",
    State.SIGNED: "green",
    State.REFUSED: "red",
    State.SUPERSEDED: "grey",
}


def part(project: Project, user: User) -> Part | None:
    """Where the newest version stands."""
    if not user.has_perm("engagement.view_plan"):
        return None
    url, title = reverse("engagement:project_plan", args=[project.pk]), _("Plan")
    plan = newest(project)
    if plan is None:
        return Part(title, _("not begun"), "grey", _("Nobody has begun the assessment and planning form."), url)
    words = _("Version %(version)s.") % {"version": plan.version}
    if plan.state != State.SIGNED and (in_force := signed(project)):
        words = _("%(words)s Version %(version)s is in force.") % {"words": words, "version": in_force.version}
    return Part(title, capfirst(plan.get_state_display()), COLOURS[plan.state], words, url)
