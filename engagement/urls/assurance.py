"""URLs of `engagement.views.assurance`, by audience."""

from django.urls import path

from engagement.views import assurance

STAFF = [
    path("projects/<int:pk>/assurance/", assurance.assurance_list, name="assurance_list"),
    path("projects/<int:pk>/assurance/ask/", assurance.assurance_ask, name="assurance_ask"),
    path("assurance/<int:pk>/", assurance.assurance_detail, name="assurance_detail"),
    path("assurance/<int:pk>/answer/", assurance.assurance_answer_for, name="assurance_answer_for"),
    path("assurance/<int:pk>/conclude/", assurance.assurance_conclude, name="assurance_conclude"),
    path("conditions/", assurance.condition_list, name="condition_list"),
    path("conditions/<int:pk>/done/", assurance.condition_done, name="condition_done"),
]
MEMBERS = [
    path("", assurance.answer_list, name="answer_list"),
    path("<int:pk>/", assurance.answer, name="answer"),
]
