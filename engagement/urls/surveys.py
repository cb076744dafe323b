"""URLs of `engagement.views.surveys`, `survey_responses` and `surveys_public`, by audience."""

from django.urls import path

from engagement.views import survey_responses, surveys, surveys_public

STAFF = [
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("activities/<int:pk>/surveys/add/", surveys.survey_add, name="survey_add"),
    path("surveys/<int:pk>/", surveys.survey_work, name="survey_work"),
    path("surveys/<int:pk>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<int:pk>/preview/", surveys.survey_preview, name="survey_preview"),
    path("surveys/<int:pk>/paper.pdf", surveys.survey_paper, name="survey_paper"),
    path("surveys/<int:pk>/publish/", surveys.survey_publish, name="survey_publish"),
    path("surveys/<int:pk>/last-day/", surveys.survey_last_day, name="survey_last_day"),
    path("surveys/<int:pk>/questions/add/", surveys.survey_question_add, name="survey_question_add"),
    path("survey-questions/<int:pk>/", surveys.survey_question_edit, name="survey_question_edit"),
    path("survey-questions/<int:pk>/remove/", surveys.survey_question_remove, name="survey_question_remove"),
    path("survey-questions/<int:pk>/move/", surveys.survey_question_move, name="survey_question_move"),
    path("surveys/<int:pk>/enter/", survey_responses.survey_enter, name="survey_enter"),
    path("surveys/<int:pk>/upload/", survey_responses.survey_upload, name="survey_upload"),
    path("survey-uploads/<int:pk>/", survey_responses.survey_upload_detail, name="survey_upload_detail"),
    path("survey-uploads/<int:pk>/confirm/", survey_responses.survey_upload_confirm, name="survey_upload_confirm"),
    path("surveys/<int:pk>/responses/", survey_responses.response_list, name="response_list"),
    path("surveys/<int:pk>/responses/read/", survey_responses.response_read, name="response_read"),
    path("surveys/<int:pk>/responses/remove/", survey_responses.response_remove, name="response_remove"),
    path("survey-responses/<int:pk>/", survey_responses.response_detail, name="response_detail"),
]
PUBLIC = [
    path("", surveys_public.survey_list, name="survey_list"),
    path("resume/", surveys_public.survey_resume, name="survey_resume"),
    path("sent/", surveys_public.survey_sent, name="survey_sent"),
    path("about-you/", surveys_public.about_you, name="about_you"),
    path("receipt/", surveys_public.receipt, name="receipt"),
    path("<slug:slug>/", surveys_public.survey_detail, name="survey_detail"),
    path("<slug:slug>/answer/", surveys_public.survey_answer, name="survey_answer"),
]
