"""`/partners/`: what partner organisations send in, and what they may read."""

from insights.urls import library

app_name = "partners"
urlpatterns = [*library.PARTNERS]
