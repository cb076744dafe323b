from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Insights and answers")

    def ready(self):
        from core import portal, tables, work
        from insights import portal as cards
        from insights import resources
        from insights import work as left

        work.register(left.lines)
        portal.came_of_it(cards.came_of_it)
        tables.register("you_said_we_did", _("You said, we did"), resources.ResponseResource)
        allow(STAFF, "insights", "view_response", "view_statuschange")
        allow_everything(ENGAGEMENT, "insights", "response")
        allow(("administrator", "lead"), "insights", "publish_response")
