"""`/receipt/`: what came of what somebody said, for who holds a code."""

from insights.urls import telling

app_name = "receipts"
urlpatterns = [*telling.PUBLIC]
