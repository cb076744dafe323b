"""URLs of `insights.views.answers` and `late`, by audience."""

from django.urls import path

from insights.views import answers, late

STAFF = [
    path("answers/", answers.answer_list, name="answer_list"),
    path("answers/late/", late.late_list, name="late_list"),
    path("activities/<int:pk>/answers/add/", answers.answer_add, name="answer_add"),
    path("answers/<int:pk>/", answers.answer_detail, name="answer_detail"),
    path("answers/<int:pk>/edit/", answers.answer_edit, name="answer_edit"),
    path("answers/<int:pk>/step/<slug:step>/", answers.answer_step, name="answer_step"),
    path("answers/<int:pk>/status/", answers.answer_status, name="answer_status"),
    path("answers/<int:pk>/formats/add/", answers.answer_format_add, name="answer_format_add"),
    path("answer-formats/<int:pk>/remove/", answers.answer_format_remove, name="answer_format_remove"),
]
