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
        allow(STAFF, "forums", "view_forum", "view_forumkind", "view_forumalias", "view_forumlink")
        allow_everything(ENGAGEMENT, "forums", "forum", "forumkind", "forumalias", "forumlink")
