"""`/have-your-say/`: surveys that everybody may answer, without an account."""

from django.urls import path

from engagement.urls import surveys
from engagement.views import glossary

app_name = "surveys"
urlpatterns = [path("words/", glossary.glossary, name="glossary"), *surveys.PUBLIC]
