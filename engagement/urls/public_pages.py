"""`/taking-part/`: what is going on and how to take part. Addresses of activities stay for good."""

from django.urls import path

from engagement.views import public_pages as views

app_name = "taking_part"
urlpatterns = [
    path("", views.home, name="home"),
    path("activities/", views.activity_list, name="activity_list"),
    path("activities/<slug:slug>/", views.activity_detail, name="activity_detail"),
    path("consultations/", views.consultation_list, name="consultation_list"),
    path("consultations/<slug:slug>/", views.consultation_detail, name="consultation_detail"),
    path("places/<slug:slug>/", views.place, name="place"),
    path("how-your-views-are-used/", views.how_views_are_used, name="how_views_are_used"),
    path("still-to-hear-from/", views.still_to_hear_from, name="still_to_hear_from"),
]
