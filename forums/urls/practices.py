"""URLs of `forums.views.practices`, by audience."""

from django.urls import path

from forums.views import practices

PUBLIC = []
MEMBERS = []
STAFF = [
    path("practices/", practices.practice_list, name="practice_list"),
    path("practices/<int:pk>/", practices.practice_detail, name="practice_detail"),
    path("practices/<int:pk>/assess/", practices.practice_assess, name="practice_assess"),
    path("practices/<int:pk>/asked/", practices.practice_asked, name="practice_asked"),
    path("practices/<int:pk>/replied/", practices.practice_replied, name="practice_replied"),
    path("practices/<int:pk>/plan/", practices.practice_plan, name="practice_plan"),
]
