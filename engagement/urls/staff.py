"""`/record/`: what staff do with projects and activities besides keeping the record in the admin."""

from django.urls import path

from engagement.urls import (
    activities,
    assessments,
    assurance,
    checks,
    coverage,
    evidence,
    participation,
    plans,
    projects,
    surveys,
)
from engagement.views import conversation

app_name = "engagement"
urlpatterns = [
    path("", conversation.conversation_add, name="conversation_add"),
    *projects.STAFF,
    *plans.STAFF,
    *assessments.STAFF,
    *checks.STAFF,
    *assurance.STAFF,
    *activities.STAFF,
    *surveys.STAFF,
    *participation.STAFF,
    *evidence.STAFF,
    *coverage.STAFF,
]
