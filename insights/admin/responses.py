"""“You said, we did” in the admin."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import StaffModelAdmin, StaffTabularInline
from core.admin_history import HistoryAdmin
from engagement.models import Activity
from insights.forms.responses import ResponseForm
from insights.models import Response, StatusChange
from insights.services import responses as services


class StatusChangeInline(StaffTabularInline):
    model = StatusChange
    fields = readonly_fields = ["status", "at", "by", "note"]
    verbose_name_plural = _("history of its status")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PublishedFilter(admin.SimpleListFilter):
    title = _("published")
    parameter_name = "published"

    def lookups(self, request, model_admin):
        return [("yes", _("published")), ("no", _("not published"))]

    def queryset(self, request, queryset):
        return queryset.filter(published_at__isnull=self.value() == "no") if self.value() in {"yes", "no"} else queryset


class LatePromiseFilter(admin.SimpleListFilter):
    title = _("promise")
    parameter_name = "promise"

    def lookups(self, request, model_admin):
        return [("late", _("its day has passed"))]

    def queryset(self, request, queryset):
        return queryset.late() if self.value() == "late" else queryset


def said_public(count: int) -> str:
    words = ngettext("%(count)s answer is now public.", "%(count)s answers are now public.", count)
    return words % {"count": count}


def said_withdrawn(count: int) -> str:
    words = ngettext("%(count)s answer is no longer public.", "%(count)s answers are no longer public.", count)
    return words % {"count": count}


@admin.register(Response)
class ResponseAdmin(HistoryAdmin):
    """Answers. What was published keeps its words “you said”; only those who may publish can change the rest."""

    form = ResponseForm
    change_form_template = "admin/insights/response_form.html"
    list_display = ["said", "about", "status", "published_on", "of_activity"]
    list_filter = ["status", PublishedFilter, LatePromiseFilter, ("topic", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["topic", "activity"]
    search_fields = ["reference", "you_said", "we_did", "topic__name", "activity__reference", "activity__title"]
    date_hierarchy = "published_at"
    autocomplete_fields = ["activity", "topic", "responsible"]
    filter_horizontal = ["groups"]
    readonly_fields = ["reference", "published_at", "publisher", "created_at", "updated_at"]
    inlines = [StatusChangeInline]
    actions = ["publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["activity", "topic", "you_said", "heard_on", "people", "groups"]}),
        (
            _("What came of it"),
            {
                "fields": [
                    *("status", "we_did", "done_on", "evidence", "evidence_link", "review_found"),
                    *("reason_code", "reason"),
                ]
            },
        ),
        (
            _("Who sees to it, and by when"),
            {"fields": ["responsible", "responsible_post", "promised_for", "next_update_on"]},
        ),
        (_("Publication"), {"fields": ["reference", "published_at", "publisher"]}),
        (_("Stamps"), {"fields": ["created_at", "updated_at"], "classes": ["collapse"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["activity", "topic", "you_said"] if obj is not None and obj.is_published else []
        return [*self.readonly_fields, *fixed]

    def has_publish_permission(self, request):
        return request.user.has_perm("insights.publish_response")

    def has_change_permission(self, request, obj=None):
        is_free = obj is None or not obj.is_published or self.has_publish_permission(request)
        return super().has_change_permission(request, obj) and is_free

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_published)

    def get_changeform_initial_data(self, request):
        """What the activity already says, when its page was where the answer began."""
        filled = super().get_changeform_initial_data(request)
        activity = Activity.objects.for_user(request.user).filter(pk=filled.get("activity")).first()
        if activity is None:
            return filled
        topics = list(activity.topics.all())
        return {"you_said": activity.what_people_told_us, "topic": topics[0].pk if len(topics) == 1 else None} | filled

    def save_model(self, request, obj, form, change):
        """By the services: they keep the history of the status and the audit trail."""
        writable = {*services.CHANGEABLE, *services.LINKS}
        values = {name: form.cleaned_data[name] for name in form.changed_data if name in writable}
        status = form.cleaned_data["status"]
        if change:
            services.update_response(obj, by=request.user, status=status, **values)
            return
        words = {name: value for name, value in form.cleaned_data.items() if name not in {"activity", "status"}}
        saved = services.create_response(form.cleaned_data["activity"], by=request.user, status=status, **words)
        obj.pk, obj.reference, obj._state.adding = saved.pk, saved.reference, False

    def log_addition(self, request, obj, message):
        return super(StaffModelAdmin, self).log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        return super(StaffModelAdmin, self).log_change(request, obj, message)

    def render_change_form(self, request, context, **kwargs):
        context["may_publish"] = self.has_publish_permission(request)
        return super().render_change_form(request, context, **kwargs)

    def response_add(self, request, obj, **kwargs):
        self.publish_as_asked(request, obj)
        return super().response_add(request, obj, **kwargs)

    def response_change(self, request, obj):
        self.publish_as_asked(request, obj)
        return super().response_change(request, obj)

    def publish_as_asked(self, request, response):
        """The buttons “Save and publish” and “Withdraw” below the form."""
        if not self.has_publish_permission(request):
            return
        if "_publish" in request.POST:
            self.take(request, services.publish_response, [response], said_public)
        elif "_withdraw" in request.POST:
            self.take(request, services.withdraw_response, [response], said_withdrawn)

    def take(self, request, service, responses, said) -> None:
        """Take a step with each answer, and say how many took it and why the others did not."""
        count = 0
        for response in responses:
            try:
                service(response, by=request.user)
            except ValidationError as error:
                self.message_user(request, f"{response}: {' '.join(error.messages)}", messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, said(count), messages.SUCCESS)

    def view_on_site(self, response):
        return response.get_absolute_url() if response.is_published else None

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        self.take(request, services.publish_response, queryset.filter(published_at=None), said_public)

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request, queryset):
        public = queryset.filter(published_at__isnull=False)
        self.take(request, services.withdraw_response, public, said_withdrawn)

    @admin.display(description=_("you said"), ordering="you_said")
    def said(self, response):
        return Truncator(response.you_said).words(15)

    @admin.display(description=_("topic"), ordering="topic__name")
    def about(self, response):
        return response.topic.name

    @admin.display(description=_("published by"))
    def publisher(self, response):
        return response.published_by or "–"

    @admin.display(description=_("published"), ordering="published_at")
    def published_on(self, response):
        return date_format(response.published_at, "j M Y") if response.is_published else gettext("not published")

    @admin.display(description=_("activity"), ordering="activity__reference")
    def of_activity(self, response):
        return response.activity.reference
