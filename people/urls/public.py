"""Public pages about people: somebody is worried about something."""

app_name = "people"
urlpatterns = []
