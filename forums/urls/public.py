"""Public pages: forums, their meetings, ways to take part."""

from forums.urls import forum, meetings, questions, recruitment

app_name = "forums"
urlpatterns = [*forum.PUBLIC, *meetings.PUBLIC, *questions.PUBLIC, *recruitment.PUBLIC]
