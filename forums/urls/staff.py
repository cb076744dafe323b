"""`/work/`: what staff do with forums besides keeping the record in the admin."""

from forums.urls import forum, meetings, portal, practices, questions, recruitment, reviews, support, visits

app_name = "work"
urlpatterns = [
    *forum.STAFF,
    *meetings.STAFF,
    *questions.STAFF,
    *recruitment.STAFF,
    *reviews.STAFF,
    *support.STAFF,
    *practices.STAFF,
    *portal.STAFF,
    *visits.STAFF,
]
