"""URLs of `engagement.views.activities`, `publication` and `issues`, by audience."""

from django.urls import path

from engagement.views import activities, issues, publication

STAFF = [
    path("activities/<int:pk>/", activities.activity_detail, name="activity_detail"),
    path("activities/<int:pk>/step/<slug:step>/", activities.activity_step, name="activity_step"),
    path("activities/<int:pk>/purpose/", activities.activity_explain, name="activity_explain"),
    path("activities/<int:pk>/evaluate/", activities.activity_evaluate, name="activity_evaluate"),
    path("activities/<int:pk>/publish/", publication.activity_publish, name="activity_publish"),
    path("activities/<int:pk>/withdraw/", publication.activity_withdraw, name="activity_withdraw"),
    path("activities/<int:pk>/aims/add/", activities.aim_add, name="aim_add"),
    path("aims/<int:pk>/", activities.aim_edit, name="aim_edit"),
    path("aims/<int:pk>/result/", activities.aim_result, name="aim_result"),
    path("activities/<int:pk>/issues/add/", issues.issue_add, name="issue_add"),
    path("issues/", issues.issue_list, name="issue_list"),
    path("issues/<int:pk>/", issues.issue_detail, name="issue_detail"),
    path("issues/<int:pk>/step/<slug:step>/", issues.issue_step, name="issue_step"),
]
