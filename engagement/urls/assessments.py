"""URLs of `engagement.views.assessments`, by audience."""

from django.urls import path

from engagement.views import assessments as views

OF_A_PHASE = "projects/<int:pk>/assessment/<slug:phase>/"

STAFF = [
    path("projects/<int:pk>/assessment/difference/", views.assessment_difference, name="assessment_difference"),
    path(OF_A_PHASE, views.assessment_detail, name="assessment_detail"),
    path(f"{OF_A_PHASE}edit/", views.assessment_edit, name="assessment_edit"),
    path(f"{OF_A_PHASE}step/<slug:step>/", views.assessment_step, name="assessment_step"),
    path(f"{OF_A_PHASE}groups/add/", views.group_impact_add, name="group_impact_add"),
    path(f"{OF_A_PHASE}groups/<int:group>/", views.group_impact_edit, name="group_impact_edit"),
    path(f"{OF_A_PHASE}groups/<int:group>/remove/", views.group_impact_remove, name="group_impact_remove"),
]
