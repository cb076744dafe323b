"""Who represents patients on a project, and what scrutiny was told: one form each."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.forms import add_errors
from core.steps import form_page, sent
from engagement.forms.projects import RepresentativeChangeForm, RepresentativeForm, ScrutinyForm
from engagement.models import Representative, ScrutinyContact
from engagement.services import representatives as services
from engagement.views.projects import project_to_change


@form_page
@permission_required("engagement.add_representative", raise_exception=True)
def representative_add(request, pk):
    project = project_to_change(request, pk)
    form = RepresentativeForm(sent(request), user=request.user)
    return _page(
        request, form, project, _("Add a patient representative"), lambda **given: _add(project, request.user, **given)
    )


def _add(project, user, *, person, **fields):
    return services.add_representative(project, person, by=user, **fields)


@form_page
@permission_required("engagement.change_representative", raise_exception=True)
def representative_edit(request, pk):
    row = get_object_or_404(Representative.objects.select_related("project", "person"), pk=pk)
    project = project_to_change(request, row.project_id)
    form = RepresentativeChangeForm(sent(request), instance=row)
    title = _("%(person)s on this project") % {"person": row.person}
    return _page(
        request, form, project, title, lambda **given: services.change_representative(row, by=request.user, **given)
    )


@form_page
@permission_required("engagement.add_scrutinycontact", raise_exception=True)
def scrutiny_add(request, pk):
    project = project_to_change(request, pk)
    return _page(
        request,
        ScrutinyForm(sent(request)),
        project,
        _("Record what scrutiny was told"),
        lambda **given: services.add_scrutiny(project, by=request.user, **given),
    )


@form_page
@permission_required("engagement.change_scrutinycontact", raise_exception=True)
def scrutiny_edit(request, pk):
    row = get_object_or_404(ScrutinyContact.objects.select_related("project"), pk=pk)
    project = project_to_change(request, row.project_id)
    form = ScrutinyForm(sent(request), instance=row)
    title = _("What %(committee)s was told") % {"committee": row.committee}
    return _page(request, form, project, title, lambda **given: services.change_scrutiny(row, by=request.user, **given))


def _page(request, form, project, title, save):
    """Show the form, or save what it holds and go back to the project."""
    if form.is_valid():
        try:
            save(**form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect(project)
    context = {"form": form, "project": project, "title": title}
    status = 422 if form.is_bound else 200
    return render(request, "engagement/projects/project_part_form.html", context, status=status)
