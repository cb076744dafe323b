"""URLs of `forums.views.recruitment`, by audience."""

from django.urls import path

from forums.views import recruitment

PUBLIC = [
    path("get-involved/", recruitment.opportunity_list, name="opportunity_list"),
    path("get-involved/<int:pk>/", recruitment.opportunity_detail, name="opportunity_detail"),
    path("get-involved/<int:pk>/apply/", recruitment.opportunity_apply, name="opportunity_apply"),
    path("get-involved/<int:pk>/applied/", recruitment.opportunity_applied, name="opportunity_applied"),
    path(
        "get-involved/<int:pk>/applied/under-18/",
        recruitment.opportunity_applied_young,
        name="opportunity_applied_young",
    ),
]
MEMBERS = [
    path("opportunities/", recruitment.member_list, name="opportunity_list"),
    path("opportunities/<int:pk>/apply/", recruitment.member_apply, name="opportunity_apply"),
    path("applications/<int:pk>/withdraw/", recruitment.application_withdraw, name="application_withdraw"),
    path("memberships/<int:pk>/accept/", recruitment.role_accept, name="role_accept"),
]
STAFF = [
    path("applications/", recruitment.application_list, name="application_list"),
    path("applications/<int:pk>/", recruitment.application_detail, name="application_detail"),
    path("applications/<int:pk>/<slug:step>/", recruitment.application_step, name="application_step"),
    path("opportunities/<int:pk>/application/new/", recruitment.application_add, name="application_add"),
]
