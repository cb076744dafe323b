"""Files of the library for staff: put in, had, released from quarantine, taken away (INS-023)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.forms import add_errors
from core.steps import accepted, form_page
from forums.views.downloads import download
from insights.documents import library_files as documents
from insights.forms.library import BecauseForm, SourceFileForm
from insights.models import SourceFile
from insights.services import files as services
from insights.views.library import may_read, sent, show_form, source_address, source_or_404

may_add = permission_required("insights.add_sourcefile", raise_exception=True)
may_delete = permission_required("insights.delete_sourcefile", raise_exception=True)
may_release = permission_required("insights.publish_source", raise_exception=True)


@may_add
@form_page
def source_file_add(request, pk):
    source = source_or_404(request, pk)
    form = SourceFileForm(sent(request), request.FILES if request.method == "POST" else None)
    if form.is_valid() and (row := _kept(form, source, request.user)):
        if row.is_held:
            messages.warning(
                request, _("The file is in quarantine: %(found)s") % {"found": documents.held_because(row)}
            )
        else:
            messages.success(request, _("The file is kept. Nothing personal was found in it"))
        return redirect(source_address(source))
    return show_form(request, "source_file_add", form, source=source)


def _kept(form: SourceFileForm, source, by) -> SourceFile | None:
    """The file that the service kept, or None: then the form says why not."""
    try:
        return services.add_file(source, by=by, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return None


@may_read
@require_safe
def source_file(request, pk):
    row = get_object_or_404(documents.for_staff(request.user).select_related("source"), pk=pk)
    return download(services.open_file(row, by=request.user), row.title)


@may_release
@form_page
def source_file_release(request, pk):
    row = get_object_or_404(documents.held_of(request.user).select_related("source"), pk=pk)
    form = BecauseForm(sent(request))
    if form.is_valid() and accepted(form, services.release_file, row, by=request.user, **form.cleaned_data):
        messages.success(request, _("The file may be used"))
        return redirect(source_address(row.source))
    return show_form(request, "source_file_release", form, file=row)


@may_delete
@require_POST
def source_file_remove(request, pk):
    """Also one in quarantine: to take it away is safe for everybody who may change the item."""
    row = get_object_or_404(SourceFile.objects.select_related("source"), pk=pk)
    source = source_or_404(request, row.source_id)
    services.remove_file(row, by=request.user)
    messages.success(request, _("The file is gone"))
    return redirect(source_address(source))
