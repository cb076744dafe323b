from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from core.roles import ENGAGEMENT, STAFF, allow, allow_everything

PLANS = ("plan", "priority", "milestone", "risk", "budgetline", "phase", "planreview")
FIGURES = ("kpivalue",)
YARDSTICKS = ("yardstick", "dimension", "level", "descriptor")
JUDGED = ("assessment", "judgement", "proof")
LIFE = ("approval", "sectiontext", "sectioncomment", "statement")


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Reports")

    def ready(self):
        from core import jobs, profiles
        from reporting import notifications
        from reporting.models import Build, immutable
        from reporting.profile import kpis, plans, routes, texts, yardsticks
        from reporting.services import reports as services
        from reporting.tasks import build_report

        pre_migrate.connect(immutable.lift, sender=self)
        post_migrate.connect(immutable.ensure, sender=self)
        jobs.register(Build, build_report, on_giving_up=notifications.tell_of_failure)
        jobs.every_day(services.draft_missing_reports)
        profiles.register("report", texts.load_report_texts)
        profiles.register("plan", plans.load_plans)
        profiles.register("kpi", kpis.load_kpis)
        profiles.register("yardstick", yardsticks.load_yardsticks)
        profiles.register("report_route", routes.load_routes)
        allow((*STAFF, "secretary"), "reporting", "view_report", "view_build")
        allow(STAFF, "reporting", *(f"view_{model}" for model in (*PLANS, "kpi", *FIGURES, *YARDSTICKS, *JUDGED)))
        allow_everything(ENGAGEMENT, "reporting", "report", "reportitem", "standingtext", "alternativeformat")
        allow_everything(ENGAGEMENT, "reporting", *PLANS, *FIGURES, *JUDGED, *LIFE)
        allow_everything(("administrator", "lead"), "reporting", *YARDSTICKS, "kpi", "routestep")
        allow(("administrator", "lead"), "reporting", "publish_plan")
        allow(ENGAGEMENT, "reporting", "add_build")
        allow(("administrator", "lead"), "reporting", "finalise_report", "publish_report")
