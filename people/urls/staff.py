"""`/register/`: the register of people, for staff."""

app_name = "register"
urlpatterns = []
