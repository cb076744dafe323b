"""Public pages: “you said, we did”."""

from django.urls import path

from insights import views

app_name = "insights"
urlpatterns = [
    path("", views.response_list, name="response_list"),
    path("<slug:reference>/", views.response_detail, name="response_detail"),
]
