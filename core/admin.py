"""What every page of the admin keeps to: own scope, declared filters only, an audit row for every change."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from core import audit, imports, services, tables, terminology
from core.files import content_of_sheet
from core.forms import Form
from core.models import AuditEvent, ImportRun

# What a list filter or a date hierarchy puts behind the field that it was declared for.
FILTER_ENDINGS = frozenset(
    {"id", "pk", "exact", "in", "isnull", "gt", "gte", "lt", "lte", "year", "month", "day", "isempty"}
)


def scoped(queryset: models.QuerySet, user) -> models.QuerySet:
    """The rows that this user may see, where the model says who may see what."""
    return queryset.for_user(user) if hasattr(queryset, "for_user") else queryset


def without_names(message) -> list[dict]:
    """Which fields of which part were changed, without what the records are called: that may be somebody's name."""
    steps = [(action, step) for entry in message if isinstance(entry, dict) for action, step in entry.items()]
    return [{action: {key: step[key] for key in ("name", "fields") if key in step}} for action, step in steps]


class ScopedChoices:
    """Offers, and accepts, only the rows that the user may see: in boxes, autocompletes and their answers."""

    def get_field_queryset(self, db, db_field, request):
        queryset = super().get_field_queryset(db, db_field, request)
        model = db_field.remote_field.model
        if queryset is None and hasattr(model._default_manager, "for_user"):
            queryset = model._default_manager.using(db)
        return queryset if queryset is None else scoped(queryset, request.user)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Without the cross that empties a searchable list at once: it stands where the page's markup allows none."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.widget.is_required = True
        return field


class StaffTabularInline(ScopedChoices, admin.TabularInline):
    extra = 0


class StaffStackedInline(ScopedChoices, admin.StackedInline):
    extra = 0


class StaffModelAdmin(ScopedChoices, admin.ModelAdmin):
    """The base of every ModelAdmin. Records out of the user's scope answer 404; undeclared filters are refused."""

    show_full_result_count = False

    def get_queryset(self, request):
        return scoped(super().get_queryset(request), request.user)

    def lookup_allowed(self, lookup, value, request=None):
        return any(
            lookup == declared
            or (
                lookup.startswith(declared + LOOKUP_SEP)
                and FILTER_ENDINGS.issuperset(lookup[len(declared + LOOKUP_SEP) :].split(LOOKUP_SEP))
            )
            for declared in self.declared_lookups(request)
        )

    def declared_lookups(self, request) -> set[str]:
        """The fields and parameters that the list may be narrowed by."""
        declared = {self.date_hierarchy} - {None}
        for entry in self.get_list_filter(request) if request else self.list_filter:
            if isinstance(entry, str):
                declared.add(entry)
            else:
                declared.add(entry[0] if isinstance(entry, (list, tuple)) else entry.parameter_name)
        return declared

    def get_changeform_initial_data(self, request):
        """What the address fills in. A record's number that is none would be an error in a searchable list."""
        initial = super().get_changeform_initial_data(request)
        related = {field.name for field in self.opts.get_fields() if field.is_relation}
        return {name: value for name, value in initial.items() if name not in related or _are_numbers(value)}

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def log_addition(self, request, obj, message):
        audit.record(request.user, "added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        if message:
            message = without_names(message)
            audit.record(request.user, "changed", obj, changes=message)
        return super().log_change(request, obj, message)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        warn_about_words(request, form, formsets, change)

    def get_deleted_objects(self, objs, request):
        """What goes too. Somebody who works for one area is told how many records, not which: some belong to others."""
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        if request.user.only_areas() is None:
            return found, counts, needed, protected
        hidden = [gettext("%(count)s other records") % {"count": len(protected)}] if protected else []
        return [str(obj) for obj in objs], counts, needed, hidden

    @transaction.atomic
    def delete_model(self, request, obj):
        audit.record(request.user, "deleted", obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for obj in queryset:
            audit.record(request.user, "deleted", obj)
        super().delete_queryset(request, queryset)


def warn_about_words(request, form, formsets, change) -> None:
    """Say which words to think about in what was saved (TRM-001). Nothing is refused.

    Words that were there before and are saved again were kept on purpose: that leaves an audit row.
    """
    record, said, kept = form.instance, [], set()
    checker = terminology.Checker(record)
    rows = [row for formset in formsets for row in formset.forms if row not in formset.deleted_forms]
    for each in (form, *(row for row in rows if row.has_changed() or row.instance.pk)):
        findings = terminology.findings_in(each, checker, each.instance)
        said += [terminology.sentence(finding, label) for _name, label, finding in findings]
        kept |= terminology.kept_in(each, checker, each.instance)
    for words in dict.fromkeys(said):
        messages.warning(request, words)
    if change and kept:
        audit.record(request.user, "kept words", record, words=sorted(kept))


def _are_numbers(value: str | list[str]) -> bool:
    return all(number.isdecimal() and len(number) < 19 for number in ([value] if isinstance(value, str) else value))


class ReadOnlyAdmin(StaffModelAdmin):
    """Rows that nobody edits here: the system writes them, or they have pages of their own."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "verb", "subject", "kind_of_record"]
    fields = readonly_fields = ["at", "actor", "verb", "subject", "kind_of_record", "detail"]
    list_filter = ["verb", "subject_type"]
    search_fields = ["actor", "subject", "subject_id"]
    date_hierarchy = "at"

    @admin.display(description=_("kind of record"), ordering="subject_type")
    def kind_of_record(self, event):
        return event.subject_type.partition(".")[2]


# Imports -----------------------------------------------------------------------------------------

FATES = {"new": _("new"), "changed": _("changed"), "unchanged": _("unchanged"), "wrong": _("wrong")}
FATES_ON_A_PAGE = 100


class ImportForm(Form):
    """A spreadsheet and what it holds."""

    kind = forms.ChoiceField(label=_("What does the spreadsheet hold?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An Excel workbook (.xlsx) or a CSV file of at most 5 MB. Its first row names the columns."),
        error_messages={
            "required": _("Choose a spreadsheet"),
            "empty": _("The file is empty. Choose the file that holds your rows"),
        },
    )
    late_reason = forms.CharField(
        label=_("Reason for late entries (optional)"),
        max_length=300,
        required=False,
        help_text=_("Only needed when rows fall into a period that is locked."),
    )

    def __init__(self, *args, kinds: list[tables.Kind], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds]
        self.fields["kind"].initial = kinds[0].code if len(kinds) == 1 else None

    def clean_file(self):
        self.content = content_of_sheet(self.cleaned_data["file"])
        return self.cleaned_data["file"]


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    """Imports: choose a file, see what would become of each row, take it in."""

    list_display = ["requested_at", "kind_of_sheet", "file_name", "became", "requested_by"]
    list_select_related = ["requested_by"]
    list_filter = ["kind"]

    # Who may

    def has_module_permission(self, request):
        return bool(self.kinds_for(request.user))

    def has_view_permission(self, request, obj=None):
        return bool(self.kinds_for(request.user))

    def has_add_permission(self, request):
        return bool(self.kinds_for(request.user))

    def get_queryset(self, request):
        runs = super().get_queryset(request)
        return runs if request.user.has_perm("core.view_importrun") else runs.filter(requested_by=request.user)

    def kinds_for(self, user) -> list[tables.Kind]:
        return [kind for kind in tables.kinds().values() if kind.may_import(user)]

    # Pages

    def page_urls(self) -> list:
        """Under /admin/import/, put there by the admin site."""
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.upload_view), name="import"),
            path("import/<int:pk>/", wrap(self.run_view), name="import_run"),
            path("import/<int:pk>/confirm/", wrap(require_POST(self.confirm_view)), name="import_confirm"),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("admin:import")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, unquote(object_id))
        if run is None:
            raise Http404
        return redirect("admin:import_run", run.pk)

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)

    def upload_view(self, request):
        kinds = self.kinds_for(request.user)
        if not kinds:
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None, kinds=kinds)
        if is_sent and form.is_valid():
            run = services.start_import(
                form.cleaned_data["kind"],
                form.cleaned_data["file"].name,
                form.content,
                by=request.user,
                late_reason=form.cleaned_data["late_reason"],
            )
            return redirect("admin:import_run", run.pk)
        return self._page(request, "upload", _("Import a spreadsheet"), form=form)

    def run_view(self, request, pk):
        run = self._run_or_404(request, pk)
        kind = tables.kinds().get(run.kind)
        title = gettext("Import of %(kind)s") % {"kind": kind.label if kind else run.kind}
        if not run.is_finished:
            return self._page(request, "progress", title, run=run)
        fate = request.GET.get("fate", "")
        fates = [row for row in run.result.get("fates", []) if fate not in FATES or row["fate"] == fate]
        rows = Paginator(fates, FATES_ON_A_PAGE).get_page(request.GET.get("page"))
        for row in rows:
            row["fate_label"] = FATES[row["fate"]]
        words = {"fates": FATES, "fate": fate, "rows": rows, "is_ready": imports.is_ready(run)}
        return self._page(request, "run", title, run=run, kind=kind, **words)

    def confirm_view(self, request, pk):
        run = self._run_or_404(request, pk)
        if not tables.kinds()[run.kind].may_import(request.user):
            raise PermissionDenied
        services.confirm_import(run, by=request.user)
        return redirect("admin:import_run", run.pk)

    def _run_or_404(self, request, pk) -> ImportRun:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).select_related("requested_by"), pk=pk)

    def _page(self, request, name, title, **context) -> TemplateResponse:
        context |= self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/core/importrun/{name}.html", context)

    # The list

    @admin.display(description=_("kind of sheet"), ordering="kind")
    def kind_of_sheet(self, run):
        return tables.kinds()[run.kind].label if run.kind in tables.kinds() else run.kind

    @admin.display(description=_("what became of it"))
    def became(self, run):
        if not run.is_finished:
            return run.get_phase_display()
        if run.error:
            return Truncator(run.error).chars(80)
        if not run.result.get("accepted"):
            return _("refused")
        if run.phase == ImportRun.Phase.APPLY:
            return gettext("taken in: %(created)s new, %(changed)s changed") % run.result
        return _("waiting to be confirmed") if imports.is_ready(run) else _("not confirmed")
