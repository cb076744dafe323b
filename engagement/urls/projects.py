"""URLs of `engagement.views.projects` and `engagement.views.representatives`, by audience."""

from django.urls import path

from engagement.views import projects, representatives

STAFF = [
    path("projects/", projects.project_list, name="project_list"),
    path("projects/add/", projects.project_add, name="project_add"),
    path("projects/<int:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<int:pk>/step/<slug:step>/", projects.project_step, name="project_step"),
    path("projects/<int:pk>/representatives/add/", representatives.representative_add, name="representative_add"),
    path("representatives/<int:pk>/", representatives.representative_edit, name="representative_edit"),
    path("projects/<int:pk>/scrutiny/add/", representatives.scrutiny_add, name="scrutiny_add"),
    path("scrutiny/<int:pk>/", representatives.scrutiny_edit, name="scrutiny_edit"),
    path("forward-plan/", projects.forward_plan, name="forward_plan"),
    path("forward-plan.csv", projects.forward_plan_csv, name="forward_plan_csv"),
]
