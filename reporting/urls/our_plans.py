"""`/our-plans/`: what we plan to do about involving people, for everybody."""

from django.urls import path

from reporting.views import our_plans as views

app_name = "our_plans"
urlpatterns = [
    path("", views.plan_list, name="plan_list"),
    path("<slug:code>/", views.plan_detail, name="plan_detail"),
]
