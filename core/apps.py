from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Record of changes")

    def ready(self):
        from core import checks, search  # noqa: F401  checks: registers the system checks
        from core.roles import STAFF, allow

        allow(STAFF, "core", "add_importrun")
        allow(("administrator",), "core", "view_auditevent", "view_importrun")
        post_migrate.connect(make_cache_table, sender=self)
        post_migrate.connect(search.ensure, sender=self)


class StaffAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "core.admin_site.StaffAdminSite"


def make_cache_table(using="default", **kwargs):
    """The table of the database cache (rate limits), which no migration makes."""
    call_command("createcachetable", database=using, verbosity=0)
