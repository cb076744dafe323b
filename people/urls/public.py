"""Public pages about people: somebody is worried about something."""

from django.urls import path

from people.views import safeguarding

app_name = "people"
urlpatterns = [
    path("worried/", safeguarding.concern_add, name="concern_add"),
    path("worried/thank-you/", safeguarding.concern_sent, name="concern_sent"),
]
