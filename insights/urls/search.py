"""`/search/`: the search of staff."""

from django.urls import path

from insights.views import search as views

app_name = "search"
urlpatterns = [
    path("", views.search_page, name="search"),
    path("like/<slug:kind>/<int:pk>/", views.more_like, name="more_like"),
]
