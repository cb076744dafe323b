"""`/members/assurance/`: what members of an independent group are asked about a project."""

from engagement.urls import assurance

app_name = "assurance"
urlpatterns = [*assurance.MEMBERS]
