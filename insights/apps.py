from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights and answers")

    def ready(self):
        from core import portal, tables, work
        from engagement.documents import known as what_is_known
        from engagement.services import activities, gates
        from insights import closing, known, resources
        from insights import portal as cards
        from insights import work as left

        what_is_known.register(known.find)
        work.register(left.lines)
        portal.came_of_it(cards.came_of_it)
        activities.register_closing_gate(closing.activity_gate)
        gates.register(closing.project_gate)
        tables.register("you_said_we_did", _("You said, we did"), resources.ResponseResource)
        allow(STAFF, "insights", "view_response", "view_statuschange")
        allow_everything(ENGAGEMENT, "insights", "response")
        allow(("administrator", "lead"), "insights", "publish_response")
