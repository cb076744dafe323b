"""The body's policy on expenses, and its training, in the admin. Claims, thanks and buddies live on the work pages."""

from django.contrib import admin

from core.admin import StaffModelAdmin, StaffTabularInline
from forums.models import ExpenseCategory, Training, TrainingRecord
from people.models import Person


@admin.register(ExpenseCategory)
class ExpenseCategoryAdmin(StaffModelAdmin):
    list_display = ["name", "unit", "most", "needs_receipt", "policy", "starts_on", "ends_on"]
    list_filter = ["needs_receipt"]
    search_fields = ["name", "code", "policy"]
    date_hierarchy = "starts_on"
    fields = ["name", "code", "unit", "most", "needs_receipt", "policy", "starts_on", "ends_on"]


class TrainingRecordInline(StaffTabularInline):
    """Who booked it and who did it: only people of the areas that the user works for are shown and offered."""

    model = TrainingRecord
    fields = ["person", "status", "done_on", "feedback"]
    readonly_fields = ["feedback"]
    autocomplete_fields = ["person"]

    def get_queryset(self, request):
        people = Person.objects.for_user(request.user)
        return super().get_queryset(request).filter(person__in=people).select_related("person")


@admin.register(Training)
class TrainingAdmin(StaffModelAdmin):
    list_display = ["title", "starts_at", "mode", "places", "refresh_months", "is_open"]
    list_filter = ["mode", "is_open"]
    search_fields = ["title", "description"]
    date_hierarchy = "starts_at"
    inlines = [TrainingRecordInline]
    readonly_fields = ["created_at", "updated_at"]
    fields = [
        "title",
        "description",
        "starts_at",
        "mode",
        "where",
        "places",
        "refresh_months",
        "is_open",
        "created_at",
        "updated_at",
    ]
