"""Public pages: “you said, we did”."""

from django.urls import path

from insights.views import feeds
from insights.views import responses as views

app_name = "insights"
urlpatterns = [
    path("", views.response_list, name="response_list"),
    path("feed/", feeds.response_feed, name="response_feed"),
    path("<slug:reference>/", views.response_detail, name="response_detail"),
]
