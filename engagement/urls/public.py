"""`/have-your-say/`: surveys that everybody may answer, without an account."""

from engagement.urls import surveys

app_name = "surveys"
urlpatterns = [*surveys.PUBLIC]
