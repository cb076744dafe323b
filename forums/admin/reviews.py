"""What readers are asked about every document, in the admin. Reviews themselves have pages of their own."""

from django.contrib import admin

from core.admin import StaffModelAdmin
from forums.models import Criterion


@admin.register(Criterion)
class CriterionAdmin(StaffModelAdmin):
    list_display = ["name", "question", "order", "is_asked"]
    list_filter = ["is_asked"]
    search_fields = ["name", "question", "code"]
    prepopulated_fields = {"code": ["name"]}
    fields = ["name", "code", "question", "order", "is_asked"]
