"""Quick entry for staff."""

from django.urls import path

from engagement import views

app_name = "engagement"
urlpatterns = [
    path("", views.conversation_add, name="conversation_add"),
]
