from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything

FRAMEWORK = (
    *("principleset", "principle", "principlemapping", "duty", "period"),
    *("ladder", "rung", "cycle", "stage", "method", "topic"),
)
RECORD = (
    *("activity", "otherprinciple", "activitypartner", "session", "activitycount"),
    *("output", "impact", "issueraised", "evidence"),
)


class EngagementConfig(AppConfig):
    name = "engagement"
    verbose_name = _("Engagement")

    def ready(self):
        from core import profiles, tables
        from engagement import profile, resources

        profiles.register("principle_set", profile.load_principle_sets)
        profiles.register("principle_mapping", profile.load_principle_mappings)
        profiles.register("duty", profile.load_duties)
        profiles.register("ladder", profile.load_ladder)
        profiles.register("cycle", profile.load_cycle)
        profiles.register("method", profile.load_methods)
        profiles.register("topic", profile.load_topics)
        profiles.register("period", profile.load_periods)
        tables.register("forums", _("Forums"), resources.ForumWithPrincipleResource)
        tables.register("activities", _("Activities"), resources.ActivityResource)
        allow(STAFF, "engagement", *(f"view_{model}" for model in (*FRAMEWORK, *RECORD)))
        allow_everything(("administrator", "lead"), "engagement", *FRAMEWORK)
        allow_everything(ENGAGEMENT, "engagement", *RECORD)
        allow(ENGAGEMENT, "engagement", "add_topic")
        allow(("project_lead",), "engagement", "add_activity", "change_activity")
