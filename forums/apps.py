from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class ForumsConfig(AppConfig):
    name = "forums"
    verbose_name = _("Forums")

    def ready(self):
        from core import profiles, tables
        from forums import profile, resources

        profiles.register("forum_kind", profile.load_forum_kinds)
        tables.register("forums", _("Forums"), resources.ForumResource)
        allow(STAFF, "forums", "view_forum", "view_forumkind", "view_forumalias", "view_forumlink", "view_clockwork")
        allow(STAFF, "forums", "view_cadence", "view_termsofreference", "view_seatrule", "view_seatrole")
        allow(STAFF, "forums", "view_review", "add_review")
        allow_everything(ENGAGEMENT, "forums", "forum", "forumkind", "forumalias", "forumlink", "cadence", "seatrule")
        allow_everything(ENGAGEMENT, "forums", "seatrole", "termsofreference", "membership")
        allow_everything(ENGAGEMENT, "forums", "meeting", "agendaitem", "paper", "attendance", "action")
        allow_everything(ENGAGEMENT, "forums", "boardquestion", "followup", "opportunity", "application")
        allow_everything(ENGAGEMENT, "forums", "training", "trainingrecord", "thanks", "buddy")
        allow_everything(ENGAGEMENT, "forums", "review", "reviewversion", "criterion", "practicegroup", "standard")
        allow_everything(
            ENGAGEMENT, "forums", "standardcriterion", "selfassessment", "criterionanswer", "incentiveaward"
        )
        allow(ENGAGEMENT, "forums", "view_expenseclaim", "change_expenseclaim", "view_expensecategory")
        allow(("administrator", "lead"), "forums", "approve_expenseclaim")
        allow_everything(("administrator", "lead"), "forums", "expensecategory")
