"""URLs of `engagement.views.participation`, by audience."""

from django.urls import path

from engagement.views import participation as views

STAFF = [
    path("who-took-part/<int:pk>/", views.who_took_part, name="who_took_part"),
    path("who-took-part/<int:pk>/<slug:code>/", views.totals_add, name="totals_add"),
    path("outreach/for/<int:pk>/", views.outreach_add, name="outreach_add"),
    path("outreach/", views.outreach_list, name="outreach_list"),
    path("outreach/<int:pk>/done/", views.outreach_done, name="outreach_done"),
    path("participation/", views.participation_of_period, name="participation_of_period"),
    path("panels/<int:pk>/", views.panel_balance, name="panel_balance"),
]
