"""`/library/`: the part of the library that everybody may read."""

from insights.urls import findings, library

app_name = "library"
urlpatterns = [*library.PUBLIC, *findings.PUBLIC]
