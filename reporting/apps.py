from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Reports")

    def ready(self):
        from core import jobs, profiles
        from reporting import notifications, profile, services
        from reporting.models import Build
        from reporting.tasks import build_report

        jobs.register(Build, build_report, on_giving_up=notifications.tell_of_failure)
        jobs.every_day(services.draft_missing_reports)
        profiles.register("report", profile.load_report_texts)
        allow((*STAFF, "secretary"), "reporting", "view_report", "view_build")
        allow_everything(ENGAGEMENT, "reporting", "report", "reportitem", "standingtext", "alternativeformat")
        allow(ENGAGEMENT, "reporting", "add_build")
        allow(("administrator", "lead"), "reporting", "finalise_report", "publish_report")
