"""URLs of `insights.views.thread`, by audience."""

from django.urls import path

from insights.views import thread

STAFF = [
    path("thread/", thread.thread_of_period, name="thread_of_period"),
    path("thread/activities/<int:pk>/", thread.thread_of_activity, name="thread_of_activity"),
    path("thread/forums/<int:pk>/", thread.thread_of_forum, name="thread_of_forum"),
    path("thread/comments/<int:pk>/", thread.thread_of_comment, name="thread_of_comment"),
]
