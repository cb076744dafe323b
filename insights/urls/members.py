"""`/members/heard/`: members say whether we heard them right."""

from insights.urls import telling

app_name = "heard"
urlpatterns = [*telling.MEMBERS]
