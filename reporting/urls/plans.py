"""`/reports/plans/`: strategies and plans, for staff."""

from django.urls import path

from reporting.views import plan_parts as parts
from reporting.views import plans

app_name = "plans"
urlpatterns = [
    path("", plans.plan_list, name="plan_list"),
    path("add/", plans.plan_add, name="plan_add"),
    path("<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("<int:pk>/step/<slug:step>/", plans.plan_step, name="plan_step"),
    path("<int:pk>/actions/add/", parts.priority_add, name="priority_add"),
    path("actions/<int:pk>/edit/", parts.priority_edit, name="priority_edit"),
    path("actions/<int:pk>/milestones/add/", parts.milestone_add, name="milestone_add"),
    path("milestones/<int:pk>/edit/", parts.milestone_edit, name="milestone_edit"),
    path("milestones/<int:pk>/step/<slug:step>/", parts.milestone_step, name="milestone_step"),
    path("<int:pk>/risks/add/", parts.risk_add, name="risk_add"),
    path("risks/<int:pk>/edit/", parts.risk_edit, name="risk_edit"),
    path("risks/<int:pk>/step/<slug:step>/", parts.risk_step, name="risk_step"),
    path("<int:pk>/money/add/", parts.budget_add, name="budget_add"),
    path("money/<int:pk>/edit/", parts.budget_edit, name="budget_edit"),
    path("<int:pk>/phases/add/", parts.phase_add, name="phase_add"),
    path("phases/<int:pk>/edit/", parts.phase_edit, name="phase_edit"),
    path("<int:pk>/reviews/add/", parts.review_add, name="review_add"),
    path("reviews/<int:pk>/edit/", parts.review_edit, name="review_edit"),
]
