"""URLs of `insights.views.decisions`, by audience."""

from django.urls import path

from insights.views import decisions

STAFF = [
    path("decisions/", decisions.decision_list, name="decision_list"),
    path("decisions/add/", decisions.decision_add, name="decision_add"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path("decisions/<int:pk>/edit/", decisions.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/step/<slug:step>/", decisions.decision_step, name="decision_step"),
    path("decisions/<int:pk>/weighed/add/", decisions.weighed_add, name="weighed_add"),
    path("weighed/<int:pk>/remove/", decisions.weighed_remove, name="weighed_remove"),
]
