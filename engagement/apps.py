from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything

FRAMEWORK = (
    *("principleset", "principle", "principlemapping", "duty", "period"),
    *("ladder", "rung", "cycle", "stage", "method", "topic", "channel"),
    *("policy", "schoolholiday", "glossaryterm", "planquestion", "checklist", "checkquestion"),
)
RECORD = (
    *("activity", "otherprinciple", "activitypartner", "session", "activitycount"),
    *("responsecount", "measure", "publishedshare", "evaluation"),
    *("output", "impact", "issueraised", "evidence", "proof", "aim", "groupplan"),
    *("survey", "surveyquestion", "surveyresponse", "participation", "outreachaction"),
)
CASE = (
    *("project", "plan", "knowledgecheck", "impactassessment", "groupimpact", "checkanswer"),
    *("consultation", "consultationdocument", "assurance", "condition", "representative", "scrutinycontact"),
)


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = _("Engagement")

    def ready(self):
        """Fill the registries: see docs/architecture.md."""
        from core import jobs, portal, profiles, tables, terminology, work
        from engagement import profile, resources
        from engagement.documents import words
        from engagement.services import (
            assessments,
            assurance,
            checks,
            consultations,
            gates,
            issues,
            knowledge,
            participation,
            parts,
            plans,
            representatives,
            surveys,
        )

        profiles.register("policy", profile.load_policy)
        profiles.register("glossary", profile.load_glossary)
        profiles.register("principle_set", profile.load_principle_sets)
        profiles.register("principle_mapping", profile.load_principle_mappings)
        profiles.register("duty", profile.load_duties)
        profiles.register("ladder", profile.load_ladder)
        profiles.register("cycle", profile.load_cycle)
        profiles.register("method", profile.load_methods)
        profiles.register("topic", profile.load_topics)
        profiles.register("channel", profile.load_channels)
        profiles.register("school_holiday", profile.load_school_holidays)
        profiles.register("plan_question", profile.load_plan_questions)
        profiles.register("check_list", profile.load_check_lists)
        profiles.register("period", profile.load_periods)
        tables.register("forums", _("Forums"), resources.ForumWithPrincipleResource)
        tables.register("activities", _("Activities"), resources.ActivityResource)
        for each in (knowledge, plans, assessments, checks, consultations, representatives, assurance):
            gates.register(each.gate)
            parts.register(each.part)
        portal.waits(assurance.waiting)
        for each in (assurance, issues, participation):
            work.register(each.left)
        jobs.every_day(surveys.forget_drafts)
        jobs.every_day(surveys.forget_uploads)
        terminology.register(words.vocabulary)
        self.say_who_may()

    def say_who_may(self):
        """Which role may do what with the models of this app."""
        allow(STAFF, "engagement", *(f"view_{model}" for model in (*FRAMEWORK, *RECORD, *CASE)))
        allow_everything(("administrator", "lead"), "engagement", *FRAMEWORK)
        allow_everything(ENGAGEMENT, "engagement", *RECORD, *CASE)
        allow(ENGAGEMENT, "engagement", "add_topic", "change_any_project", "review_evidence", "conclude_assurance")
        allow(ENGAGEMENT, "engagement", "publish_activity")
        allow(("administrator", "lead"), "engagement", "sign_plan", "override_gate", "mark_formal")
        allow(("project_lead",), "engagement", "add_activity", "change_activity")
        # A project lead works on their own projects: `Project.may_be_changed_by` says which those are.
        allow(("project_lead",), "engagement", *(f"{do}_{model}" for do in ("add", "change") for model in CASE))
