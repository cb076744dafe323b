"""URLs of `forums.views.questions`, by audience."""

from django.urls import path

from forums.views import questions, questions_for

PUBLIC = [
    path("forums/<int:pk>/questions/", questions.question_list, name="question_list"),
]
MEMBERS = [
    path("forums/<int:pk>/questions/", questions.member_list, name="question_list"),
    path("forums/<int:pk>/questions/new/", questions.question_add, name="question_add"),
    path("questions/<int:pk>/vote/", questions.question_vote, name="question_vote"),
]
STAFF = [
    path("questions/", questions.work_list, name="question_list"),
    path("questions/fill/", questions.question_fill, name="question_fill"),
    path("questions/for/<int:pk>/", questions_for.question_for, name="question_for"),
    path("questions/for/<int:pk>/<int:number>/vote/", questions_for.question_vote_for, name="question_vote_for"),
    path("questions/<int:pk>/", questions.question_detail, name="question_detail"),
    path("questions/<int:pk>/<slug:step>/", questions.question_step, name="question_step"),
]
