"""Reports, plans and assessments in the admin."""

from reporting.admin import assessments, kpis, plans, reports

__all__ = ["assessments", "kpis", "plans", "reports"]
