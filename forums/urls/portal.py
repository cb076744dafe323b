"""URLs of `forums.views.portal`: what members keep about themselves; and what staff read of their feedback."""

from django.urls import path

from forums.views import feedback, portal

MEMBERS = [
    path("", portal.home, name="home"),
    path("forums/<int:pk>/", portal.forum, name="forum"),
    path("forums/<int:pk>/feedback/", portal.feedback, name="feedback"),
    path("memberships/<int:pk>/leave/", portal.leave, name="leave"),
    path("details/", portal.details, name="details"),
    path("needs/", portal.access_needs, name="needs"),
    path("consents/", portal.consent_list, name="consents"),
    path("consents/<int:pk>/", portal.consent_change, name="consent_change"),
    path("panel-profile/", portal.panel_profile, name="panel_profile"),
    path("equality/", portal.equality, name="equality"),
    path("data/", portal.my_data, name="data"),
    path("data/download/", portal.download, name="download"),
    path("data/erasure/", portal.ask_for_erasure, name="ask_for_erasure"),
]

STAFF = [
    path("feedback/", feedback.feedback_list, name="feedback_list"),
]
