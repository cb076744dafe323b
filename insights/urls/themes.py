"""URLs of code frames, coding by people and machine, and checks of samples; by audience."""

from django.urls import path

from insights.views import coding, frames, sampling, suggesting

STAFF = [
    path("frames/", frames.frame_list, name="frame_list"),
    path("frames/add/", frames.frame_add, name="frame_add"),
    path("frames/<int:pk>/", frames.frame_detail, name="frame_detail"),
    path("frames/<int:pk>/edit/", frames.frame_edit, name="frame_edit"),
    path("frames/<int:pk>/themes/add/", frames.theme_add, name="theme_add"),
    path("frames/themes/<int:pk>/edit/", frames.theme_edit, name="theme_edit"),
    path("frames/themes/<int:pk>/retire/", frames.theme_retire, name="theme_retire"),
    path("comments/<int:pk>/code/", coding.code_next, name="code_next"),
    path("comments/<int:pk>/learn/", suggesting.learn, name="learn"),
    path("comments/<int:pk>/suggestions/", suggesting.suggestion_list, name="suggestion_list"),
    path("comment/<int:pk>/code/", coding.comment_code, name="comment_code"),
    path("learning/<int:pk>/", suggesting.learning_run, name="learning_run"),
    path("learning/<int:pk>/sample/", sampling.sample_start, name="sample_start"),
    path("samples/<int:pk>/", sampling.sample_check, name="sample_check"),
    path("samples/<int:pk>/code/", sampling.sample_code, name="sample_code"),
    path("samples/<int:pk>/accept/", sampling.sample_accept, name="sample_accept"),
]
