"""Projects, surveys and evidence in the world of the matrix: the same things twice or three times.

`near`: of West Essex. `far`: of East Herts. `own`: of West Essex too, and led by whoever looks, where that can be.
"""

from dataclasses import dataclass

from django.core.files.base import ContentFile

from config.tests.world import STAFF, World
from engagement.models import Activity, Channel, GroupPlan, Project, SchoolHoliday, SurveyUpload
from engagement.tests import factories as engagement
from engagement.tests import project_factories as make
from forums.models import Forum
from people.models import EqualityOption, User
from people.tests import factories as people

ALL_AREAS = STAFF - {"officer"}


@dataclass
class Case:
    """A project with everything that hangs on it, an activity of the same place, its survey and its evidence."""

    case: str
    project: Project
    activity: Activity
    forum: Forum
    readers: set[str]

    def secret(self, here: World, what: str, *readers: str) -> str:
        return here.secret(f"{what}-{self.case}", *(readers or self.readers))

    def build(self, here: World, by: User, questions: list) -> None:
        secret = lambda what, *readers: self.secret(here, what, *readers)  # noqa: E731
        Project.objects.filter(pk=self.project.pk).update(summary=secret("Summary", *self.readers, *self.members()))
        make.plan(self.project, state="refused", reason=secret("Refused"), version=1)
        self.plan = make.plan(self.project, state="submitted", version=2, submitted_by=by)
        make.knowledge_check(self.project, because=secret("Because"), by=by)
        before = make.assessment(self.project, information=secret("Considered"))
        make.group_impact(before, self.group, barrier=secret("Barrier"))
        after = make.assessment(self.project, "after", is_final=False, foster=secret("After"))
        make.group_impact(after, self.group)
        make.check_answer(self.project, questions[0], "plan", evidence=secret("CheckEvidence"))
        consultation = make.consultation(self.project, reach_plan=secret("ReachPlan"), activity=self.activity)
        self.document = consultation.documents.create(title=secret("Document"))
        self.representative = make.representative(self.project, influence=secret("Influence"))
        self.scrutiny = self.project.scrutiny.create(committee=secret("Committee"), informed_on=make.in_days(-3))
        self.assurance = make.assurance(
            self.project, self.forum, briefing=secret("Briefing", *self.readers, *self.members())
        )
        self.condition = make.condition(self.assurance, secret("Condition"))
        self.aim = make.aim(project=self.project, measure=secret("Aim"))
        self.survey = make.survey(f"survey-{self.case}", activity=self.activity)
        self.question = make.survey_question(self.survey)
        self.unpublished = make.survey(
            f"draft-{self.case}", activity=self.activity, is_published=False, title=secret("SurveyDraft")
        )
        self.response = make.survey_response(self.survey)
        self.response.answers.create(question=self.question, text=secret("Answered"))
        found = {"fates": [], "errors": [], "rows": 0, "new": 0, "unchanged": 0, "wrong": 0, "error_count": 0}
        self.upload = SurveyUpload.objects.create(
            survey=self.survey, file_name=secret("Upload"), uploaded_by=by, result=found
        )
        self.outreach = self.activity.outreach.create(
            option=self.option, what=secret("Outreach"), owner="Officer", due_on=make.in_days(9)
        )
        self.issue = self.activity.issues.create(summary=secret("Issue"))
        self.activity_aim = make.aim(activity=self.activity)
        self.evidence = engagement.evidence(
            engagement.principle(2), activity=self.activity, how=secret("How"), strength="evidenced", claimed_by=by
        )
        file = ContentFile(secret("Proof").encode(), name="proof.pdf")
        self.proof = self.evidence.proofs.create(title="Minutes", file=file, added_by=by)

    def add(self, here: World, name: str, *args) -> None:
        here.add(f"engagement:{name}", *args, case=self.case)

    def add_pages(self, here: World) -> None:
        project, activity, option = self.project.pk, self.activity.pk, self.option
        rows = [(name, project) for name in OF_PROJECT] + [(name, self.plan.pk) for name in OF_PLAN]
        rows += [(name, self.assurance.pk) for name in OF_ASSURANCE] + [(name, activity) for name in OF_ACTIVITY]
        rows += [(name, self.survey.pk) for name in OF_SURVEY] + [(name, self.evidence.pk) for name in OF_EVIDENCE]
        for name, pk in rows:
            self.add(here, name, pk)
        for name in OF_PHASE:
            self.add(here, name, project, "after")
        self.add(here, "assessment_step", project, "after", "finish")
        self.add(here, "group_impact_edit", project, "after", self.group.pk)
        self.add(here, "group_impact_remove", project, "after", self.group.pk)
        self.add(here, "check_list", project, "plan")
        self.add(here, "project_step", project, "back")
        self.add(here, "consultation_step", project, "midpoint")
        self.add(here, "consultation_document_ready", self.document.pk)
        self.add(here, "consultation_document_remove", self.document.pk)
        self.add(here, "representative_edit", self.representative.pk)
        self.add(here, "scrutiny_edit", self.scrutiny.pk)
        self.add(here, "plan_section", self.plan.pk, 1)
        self.add(here, "plan_aim_edit", self.plan.pk, self.aim.pk)
        self.add(here, "plan_aim_remove", self.plan.pk, self.aim.pk)
        self.add(here, "activity_step", activity, "plan")
        self.add(here, "aim_edit", self.activity_aim.pk)
        self.add(here, "aim_result", self.activity_aim.pk)
        self.add(here, "issue_step", self.issue.pk, "answer")
        self.add(here, "condition_done", self.condition.pk)
        for name in ("survey_question_edit", "survey_question_remove", "survey_question_move"):
            self.add(here, name, self.question.pk)
        for name in ("survey_upload_detail", "survey_upload_confirm"):
            self.add(here, name, self.upload.pk)
        self.add(here, "response_detail", self.response.pk)
        self.add(here, "evidence_claim", "activity", activity)
        for name in ("proof_file", "proof_withdraw"):
            self.add(here, name, self.proof.pk)
        self.add(here, "who_took_part", activity)
        self.add(here, "totals_add", activity, option.question.code)
        self.add(here, "outreach_add", activity)
        self.add(here, "outreach_done", self.outreach.pk)
        self.add(here, "panel_balance", self.forum.pk)
        self.add(here, "issue_detail", self.issue.pk)
        here.add("assurance:answer", self.assurance.pk, case=self.case)
        here.add("surveys:survey_detail", self.survey.slug, case=f"{self.case}, published")
        here.add("surveys:survey_detail", self.unpublished.slug, case=f"{self.case}, not published")
        here.add("surveys:survey_answer", self.survey.slug, case=f"{self.case}, published")
        here.add("surveys:survey_answer", self.unpublished.slug, case=f"{self.case}, not published")

    def members(self) -> tuple[str, ...]:
        """A member reads what their own forum is asked about."""
        return ("member",) if self.case == "near" else ()


def projects_life(here: World, west, east, other: User) -> dict:
    """Builds it all, and returns the rows of the models that the admin lists."""
    near, far = Activity.objects.get(reference="A-1"), Activity.objects.get(reference="A-2")
    group, option = near.groups.first(), EqualityOption.objects.first() or people.equality_question().options.first()
    check_list = make.check_list()
    questions = list(check_list.questions.all())
    member_forum, elsewhere = Forum.objects.get(name="Forum of the West"), Forum.objects.get(name="Forum of the East")
    cases = {}
    for name, area, activity, forum, readers in (
        ("near", west, near, member_forum, set(STAFF)),
        ("far", east, far, elsewhere, ALL_AREAS),
    ):
        lead = here.user if (name == "near" and here.role == "project_lead") else other
        project = make.project(areas=[area], groups=[group], lead=lead, title=f"Project {name}")
        case = cases[name] = Case(name, project, activity, forum, readers)
        case.group, case.option = group, option
        case.build(here, other, questions)
    _pages(here, cases)
    plan_question = make.plan_question()
    holiday = SchoolHoliday.objects.create(name="Half term", starts_on=make.in_days(1), ends_on=make.in_days(5))
    group_plan = GroupPlan.objects.create(group=group, what="With the carers' centre.", owner=other)
    channel = Channel.objects.create(name="newsletter", belongs="owned")
    single = [make.policy(), make.term(), plan_question, holiday, group_plan, channel, make.venue()]
    single += [make.benchmark(west, "female", 1000), check_list]
    return {type(row): {"": row} for row in single} | {
        Project: {"own area": cases["near"].project, "another area": cases["far"].project}
    }


OF_PROJECT = (
    *("project_detail", "project_edit", "representative_add", "scrutiny_add", "project_plan", "plan_new", "knowledge"),
    *("clashes", "assessment_difference", "consultation_detail", "consultation_edit", "assurance_list"),
    *("assurance_ask", "consultation_report"),
)
OF_PHASE = ("assessment_detail", "assessment_edit", "group_impact_add")
OF_PLAN = ("plan_submit", "plan_withdraw", "plan_decide", "plan_pdf", "plan_aim_add")
OF_ASSURANCE = ("assurance_detail", "assurance_answer_for", "assurance_conclude")
OF_ACTIVITY = ("activity_detail", "activity_evaluate", "activity_explain", "aim_add", "issue_add", "survey_add")
OF_SURVEY = (
    *("survey_work", "survey_edit", "survey_preview", "survey_paper", "survey_publish", "survey_last_day"),
    *("survey_question_add", "survey_enter", "survey_upload", "response_list", "response_read", "response_remove"),
)
OF_EVIDENCE = ("evidence_detail", "evidence_change", "evidence_review", "proof_add")
LISTS = (
    *("project_list", "project_add", "forward_plan", "forward_plan_csv", "condition_list", "survey_list"),
    *("evidence_list", "coverage", "coverage_csv", "outreach_list", "participation_of_period", "issue_list"),
)


def _pages(here: World, cases: dict[str, Case]) -> None:
    """Every address of the app, for what is near and what is far."""
    for name in LISTS:
        here.add(f"engagement:{name}")
    for name in ("survey_list", "survey_resume", "survey_sent", "about_you", "receipt"):
        here.add(f"surveys:{name}")
    here.add("surveys:glossary")
    here.add("assurance:answer_list")
    for case in cases.values():
        case.add_pages(here)
