"""Public pages about people: somebody is worried, wants another format or language, wants our news."""

from django.urls import path

from people.views import newsletter, requests, safeguarding

app_name = "people"
urlpatterns = [
    path("worried/", safeguarding.concern_add, name="concern_add"),
    path("worried/thank-you/", safeguarding.concern_sent, name="concern_sent"),
    path("another-format/", requests.format_ask, name="format_ask"),
    path("another-format/thank-you/", requests.format_asked, name="format_asked"),
    path("newsletter/", newsletter.newsletter_join, name="newsletter_join"),
    path("newsletter/stop/", newsletter.newsletter_stop, name="newsletter_stop"),
    path("newsletter/look-in-your-mail/", newsletter.newsletter_mailed, name="newsletter_mailed"),
    path("newsletter/links/<str:token>/", newsletter.newsletter_link, name="newsletter_link"),
    path("newsletter/thank-you/", newsletter.newsletter_joined, name="newsletter_joined"),
    path("newsletter/stopped/", newsletter.newsletter_stopped, name="newsletter_stopped"),
]
