"""URLs of `forums.views.visits`, by audience."""

from django.urls import path

from forums.views import visits

MEMBERS = [
    path("visits/<int:pk>/", visits.member_visit, name="visit"),
]
STAFF = [
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit"),
    path("visits/<int:pk>/visitors/", visits.visitor_add, name="visitor_add"),
    path("visits/<int:pk>/steps/<slug:step>/", visits.visit_step, name="visit_step"),
    path("visits/visitors/<int:pk>/remove/", visits.visitor_remove, name="visitor_remove"),
    path("visits/visitors/<int:pk>/observations/", visits.visitor_write, name="visitor_write"),
]
