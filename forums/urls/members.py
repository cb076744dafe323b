"""`/members/`: the portal of forum members."""

from forums.urls import meetings, portal, questions, recruitment, reviews, support, visits

app_name = "members"
urlpatterns = [
    *portal.MEMBERS,
    *meetings.MEMBERS,
    *questions.MEMBERS,
    *recruitment.MEMBERS,
    *reviews.MEMBERS,
    *support.MEMBERS,
    *visits.MEMBERS,
]
