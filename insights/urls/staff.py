"""`/insight/`: what staff do with the library, comments, findings, decisions and answers."""

from insights.urls import comments, decisions, findings, learning, library, responses, telling, themes, thread

app_name = "insight_work"
urlpatterns = [
    *library.STAFF,
    *learning.STAFF,
    *comments.STAFF,
    *themes.STAFF,
    *findings.STAFF,
    *decisions.STAFF,
    *responses.STAFF,
    *telling.STAFF,
    *thread.STAFF,
]
