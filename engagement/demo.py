"""Projects, surveys and evidence of the demo, from a file of invented ones. Days are counted from the day of loading.

What is done today goes through the services, with every gate. Then the days are moved back, because no service lets
anybody act in the past.
"""

import datetime
import tomllib
import uuid
from pathlib import Path

from django.utils import timezone

from core.counts import parse_count
from engagement.models import (
    Activity,
    Channel,
    CheckAnswer,
    Consultation,
    Evidence,
    Impact,
    Method,
    Plan,
    Principle,
    Project,
    Rung,
    Stage,
    StageChange,
    Survey,
    Topic,
)
from engagement.services import (
    aims,
    assessments,
    assurance,
    checks,
    consultations,
    evidence,
    issues,
    knowledge,
    participation,
    plans,
    projects,
    representatives,
    stages,
)
from engagement.services.framework import next_reference, principles_in_force
from engagement.services.surveys import editing, responses
from forums.models import Forum
from people.models import Area, EqualityOption, EqualityQuestion, Organisation, Person, PopulationGroup, User

ORDER = list(Project.Stage)
KNOWN_OF_AN_IMPACT = ("effect", "evidence", "barrier", "mitigation", "owner")
AIMS_OF_THE_DUTY = ("eliminate", "advance", "foster")


class DemoProjects:
    """Loads the file once, after the register: representatives and forums are those of the register."""

    def __init__(self, path: Path, *, by: User, senior: User):
        """`by` enters things; `senior` is another lead, because nobody signs or reviews their own."""
        self.data = tomllib.loads(path.read_text(encoding="utf-8"))
        self.by, self.senior = by, senior
        self.today = timezone.localdate()
        self.projects: dict[str, Project] = {}
        self.activities: dict[str, Activity] = {}

    def load(self) -> int:
        """Everything, in the order in which it hangs together. Returns how many projects."""
        for row in self.data["project"]:
            self.begin(**row)
        for row in self.data["activity"]:
            self.activity(**row)
        for row in self.data["project"]:
            self.go_on(self.projects[row["key"]], row)
        for row in self.data["survey"]:
            self.survey(**row)
        return len(self.projects)

    def day(self, days: int) -> datetime.date:
        return self.today + datetime.timedelta(days=days)

    # Projects ------------------------------------------------------------------------------------

    def begin(self, key, title, summary, trigger, lead, areas=(), topics=(), groups=(), **more):
        level, because = more.get("risk", ("", ""))
        project = self.projects[key] = projects.add_project(
            by=self.by,
            title=title,
            summary=summary,
            trigger=trigger,
            lead=User.objects.get(email=lead),
            areas=Area.objects.filter(name__in=areas),
            topics=Topic.objects.filter(name__in=topics),
            groups=PopulationGroup.objects.filter(name__in=groups),
            organisation=Organisation.objects.body(),
            starts_on=self.day(more["began"]) if "began" in more else None,
            options_fixed_on=self.day(more["options_fixed"]) if "options_fixed" in more else None,
            decision_by=Forum.objects.get(name=self.data["board"]) if "decision" in more else None,
            decision_due_on=self.day(more["decision"]) if "decision" in more else None,
            legal_risk=level,
            legal_risk_because=because,
        )
        for name in more.get("representatives", ()):
            person = Person.objects.get(name=name)
            representatives.add_representative(project, person, by=self.by, joined_on=self.day(more["began"] + 30))
        if "scrutiny" in more:
            committee, days = more["scrutiny"]
            representatives.add_scrutiny(
                project, by=self.by, committee=committee, informed_on=self.day(days), has_timetable=True
            )
        if "knowledge" in more:
            outcome, because = more["knowledge"]
            knowledge.record_check(project, by=self.by, outcome=outcome, because=because)

    def go_on(self, project: Project, row: dict) -> None:
        """From the plan to the stage that the file names."""
        if "knowledge" not in row:
            return
        self.assess(project, row)
        self.plan(project, row)
        reached = ORDER.index(row["to"])
        for stage in ORDER[1 : reached + 1]:
            self.step(project, stage, row)
        if "assured_by" in row:
            forum = Forum.objects.get(name=row["assured_by"])
            assurance.ask(project, forum, answers_due_on=self.day(14), briefing=row["briefing"], by=self.by)

    def plan(self, project: Project, row: dict) -> None:
        plan = plans.start_version(project, by=self.by)
        plans.save_section(plan, self.answers(project, row), by=self.by)
        for measure, target, groups in row["aims"]:
            found = PopulationGroup.objects.filter(name__in=groups)
            aims.save_aim(plan, None, by=self.by, measure=measure, target=target, groups=found)
        if row["to"] == "formative":
            Plan.objects.filter(pk=plan.pk).update(state=Plan.State.SUBMITTED, submitted_by=self.by)
            plans.refuse(plan, row["refused"], by=self.senior)
            return
        plans.submit(plan, by=self.by)
        plans.sign(plan, by=self.senior)

    def answers(self, project: Project, row: dict) -> dict:
        """What the form holds: the words of the file, and the numbers of the rows that they name."""
        said = dict(self.data["answers"])
        negative = [each["group"] for each in row.get("impact", ()) if each["effect"] == "negative"]
        groups = PopulationGroup.objects.filter(name__in=[*row.get("groups", ()), *negative])
        always = PopulationGroup.objects.filter(is_always_considered=True)
        said |= {
            "proposal": row["summary"],
            "still_open": "Everything but the money, until the options are fixed.",
            "considered_groups": {str(group.pk): self.data["considered"][group.name] for group in always},
            "groups": [group.pk for group in groups],
            "methods": [Method.objects.get(name=name).pk for name in said["methods"]],
            "rung": Rung.objects.get(code=said["rung"]).pk,
            "consultation": "yes",
            "asked_from": self.day(row.get("consultation_opened", 30)).isoformat(),
            "asked_to": self.day(row.get("consultation_opened", 30) + row.get("days", 70)).isoformat(),
        }
        return said

    def assess(self, project: Project, row: dict) -> None:
        if "impact" not in row:
            return
        texts = {name: self.data["answers"][f"equality_{name}"] for name in AIMS_OF_THE_DUTY}
        assessments.start(project, "before", by=self.by)
        assessments.save_assessment(
            project, "before", by=self.by, **texts, inequalities=self.data["answers"]["inequalities"]
        )
        for impact in row["impact"]:
            known = {
                name: impact[name]
                for name in ("effect", "evidence", "barrier", "mitigation", "owner")
                if name in impact
            }
            if "due" in impact:
                known["due_on"] = self.day(impact["due"])
            group = PopulationGroup.objects.get(name=impact["group"])
            assessments.set_group_impact(project, "before", group, by=self.by, **known)
        assessments.finish(project.assessments.get(phase="before"), by=self.by)

    def step(self, project: Project, stage: str, row: dict) -> None:
        """One stage on, with what its gate asks for."""
        override = None
        if stage == Project.Stage.OPTIONS:
            self.check(project, "plan", row)
        if stage == Project.Stage.CONSULTATION:
            self.consult(project, row)
            self.check(project, "open", row)
            if "overridden" in row:
                override = dict(zip(("senior", "reason"), row["overridden"], strict=True))
        if stage == Project.Stage.ANALYSIS:
            consultations.record_midpoint(
                project.consultation, by=self.by, found="Few carers so far. Two more afternoons in the waiting room."
            )
            self.move_back(project, row)
            self.check(project, "close", row)
        stages.move(project, stage, by=self.senior if override else self.by, override=override)
        project.refresh_from_db()
        if stage == Project.Stage.CONSULTATION:
            self.move_back(project, row)

    def check(self, project: Project, point: str, row: dict) -> None:
        ratings = row["checks"][point]
        given = [
            checks.Given(question, rating, "Minutes of the project group, and the papers on the page of the project.")
            for question, rating in zip(checks.questions_at(point), ratings, strict=True)
        ]
        checks.answer_all(project, point, given, by=self.by)

    def consult(self, project: Project, row: dict) -> None:
        """A consultation that opens tomorrow; `move_back` puts it where the file has it."""
        first = self.day(1)
        consultation = consultations.save_consultation(
            project,
            by=self.by,
            activity=Activity.objects.filter(project=project).first(),
            proposal=row["summary"],
            says_not_a_vote=True,
            opens_on=first,
            closes_on=first + datetime.timedelta(days=row["days"]),
            midpoint_on=first + datetime.timedelta(days=row["days"] // 2),
        )
        for file_format in ("standard", "large_print", "easy_read"):
            consultations.add_document(
                consultation, by=self.by, title="What may change", file_format=file_format, ready_on=self.today
            )

    def move_back(self, project: Project, row: dict) -> None:
        first = self.day(row["consultation_opened"])
        Consultation.objects.filter(project=project).update(
            opens_on=first,
            closes_on=first + datetime.timedelta(days=row["days"]),
            midpoint_on=first + datetime.timedelta(days=row["days"] // 2),
        )
        project.consultation.documents.update(ready_on=first - datetime.timedelta(days=7))
        then = timezone.now() + datetime.timedelta(days=row["consultation_opened"])
        StageChange.objects.filter(project=project, at__gt=then).update(at=then)
        CheckAnswer.objects.filter(project=project, at__gt=then).update(at=then)
        project.refresh_from_db()

    # Activities ----------------------------------------------------------------------------------

    def activity(self, project, title, starts, principle, rung, stage, state, told, areas, methods, groups, **more):
        first = self.day(starts)
        last = self.day(more["ends"]) if "ends" in more else None
        words = ("nature", "purpose", "can_influence", "cannot_influence", "route_without_internet", "budget", "cost")
        activity = self.activities[title] = Activity.objects.create(
            reference=next_reference("A", self.today),
            title=title,
            project=self.projects[project],
            principle=principles_in_force(first, last).get(number=principle),
            starts_on=first,
            ends_on=last,
            is_ongoing=last is None,
            state=state,
            level="place",
            rung=Rung.objects.get(code=rung),
            stage=Stage.objects.get(code=stage),
            organisation=Organisation.objects.body(),
            what_people_told_us=told,
            owner=self.by,
            **{name: more[name] for name in words if name in more},
        )
        activity.areas.set(Area.objects.filter(name__in=areas))
        activity.methods.set(Method.objects.filter(name__in=methods))
        activity.groups.set(PopulationGroup.objects.filter(name__in=groups))
        activity.counts.create(about="took_part", figure=parse_count(more["took_part"]))
        for channel, figure in more.get("reach", ()):
            channel = Channel.objects.get(name=channel)
            activity.counts.create(about="reached", figure=parse_count(figure), channel=channel)
        for route, received, read in more["responses"]:
            activity.response_counts.create(
                route=route, received=received, read=read, read_by=self.by if read else None
            )
        for mode, where, days, registered, attended, delivered_by in more.get("sessions", ()):
            activity.sessions.create(
                mode=mode,
                where=where,
                held_on=self.day(days),
                registered=registered,
                attended=attended,
                delivered_by=delivered_by,
            )
        for measure, target, result in more["aims"]:
            activity.aims.create(measure=measure, target=target, result=result)
        for output, kind in more["outputs"]:
            activity.outputs.create(title=output, kind=kind)
        for summary in more.get("issues", ()):
            issues.raise_issue(activity, by=self.by, summary=summary, raised_on=self.day(-45), route="focus group")
        self.claim(activity, *more["claim"], impact=more.get("impact"))

    def claim(self, activity: Activity, how: str, link: str, impact=None) -> None:
        """A claim with its proof: reviewed where it led to something, waiting for review where it did not yet."""
        row: Evidence = evidence.claim(activity, Principle.objects.get(pk=activity.principle_id), how, by=self.by)
        evidence.attach_proof(row, "What we heard", by=self.by, link=link)
        if impact:
            kind, statement, known_by = impact
            shown = Impact.objects.create(activity=activity, kind=kind, statement=statement, evidence=known_by)
            evidence.accept(row, by=self.senior, impact=shown)

    # Surveys -------------------------------------------------------------------------------------

    def survey(self, activity, question, opens, closes, totals, outreach, answers, paper, **words):
        activity = self.activities[activity]
        survey = editing.add_survey(activity, by=self.by, opens_on=self.today, closes_on=self.day(closes), **words)
        questions = [editing.add_question(survey, by=self.by, **each) for each in question]
        editing.publish_survey(survey, by=self.by)
        for given in answers:
            responses.send(survey, self.given(questions, given), form_token=uuid.uuid4())
        for given in paper:
            responses.enter(
                survey,
                self.given(questions, given),
                by=self.by,
                form_token=uuid.uuid4(),
                route="paper",
                on=self.today,
            )
        Survey.objects.filter(pk=survey.pk).update(opens_on=self.day(opens))
        self.take_part(activity, totals)
        code, option, what, owner, due = outreach
        option = EqualityOption.objects.get(question__code=code, code=option)
        participation.begin_outreach(activity, option, by=self.by, what=what, owner=owner, due_on=self.day(due))

    def given(self, questions: list, answers: list) -> dict:
        return {question.pk: answer for question, answer in zip(questions, answers, strict=True) if answer}

    def take_part(self, activity: Activity, totals: list) -> None:
        for days, code, numbers in totals:
            participation.record_totals(
                activity,
                EqualityQuestion.objects.get(code=code),
                numbers,
                by=self.by,
                on=self.day(days),
                source="forms handed out in waiting rooms",
            )
