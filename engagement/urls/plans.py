"""URLs of `engagement.views.plans` and `engagement.views.knowledge`, by audience."""

from django.urls import path

from engagement.views import knowledge, plans

STAFF = [
    path("projects/<int:pk>/plan/", plans.project_plan, name="project_plan"),
    path("projects/<int:pk>/plan/new/", plans.plan_new, name="plan_new"),
    path("projects/<int:pk>/known/", knowledge.knowledge, name="knowledge"),
    path("projects/<int:pk>/clashes/", knowledge.clashes, name="clashes"),
    path("plans/<int:pk>/<int:number>/", plans.plan_section, name="plan_section"),
    path("plans/<int:pk>/submit/", plans.plan_submit, name="plan_submit"),
    path("plans/<int:pk>/withdraw/", plans.plan_withdraw, name="plan_withdraw"),
    path("plans/<int:pk>/decide/", plans.plan_decide, name="plan_decide"),
    path("plans/<int:pk>/pdf/", plans.plan_pdf, name="plan_pdf"),
    path("plans/<int:pk>/aims/add/", plans.plan_aim_add, name="plan_aim_add"),
    path("plans/<int:pk>/aims/<int:aim>/", plans.plan_aim_edit, name="plan_aim_edit"),
    path("plans/<int:pk>/aims/<int:aim>/remove/", plans.plan_aim_remove, name="plan_aim_remove"),
]
