"""The record of a project's consultation: its days, documents, extension, half-time review and results."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.charts import Bar, bars
from core.exports import pdf_page
from core.forms import Form, add_errors
from core.steps import Step, form_page, offered, say_saved, take
from engagement.documents import clock
from engagement.documents import consultation_report as documents
from engagement.forms.consultations import (
    ConsultationForm,
    DocumentForm,
    ExtendForm,
    MidpointForm,
    ReadyForm,
    ResultsForm,
)
from engagement.models import Consultation, ConsultationDocument, Policy, Project
from engagement.services import consultations as services
from engagement.services import stages
from engagement.services.doors import has_reached
from engagement.views.projects import project_or_404, project_to_change

may_read = permission_required("engagement.view_consultation", raise_exception=True)
may_change = permission_required("engagement.change_consultation", raise_exception=True)
CONSULTATIONS = Consultation.objects.select_related("project", "activity", "analyst")


def _informal(row, *, by):
    return services.mark_formal(row, by=by, is_formal=False)


STEPS = {
    "document": Step(
        gettext_lazy("Add a document"), (), DocumentForm, services.add_document, gettext_lazy("The document is added")
    ),
    "extend": Step(
        gettext_lazy("Give people more time"), (), ExtendForm, services.extend, gettext_lazy("The last day is moved")
    ),
    "midpoint": Step(
        gettext_lazy("Record the half-time review"),
        (),
        MidpointForm,
        services.record_midpoint,
        gettext_lazy("The half-time review is recorded"),
    ),
    "results": Step(
        gettext_lazy("Record that the results are published"),
        (),
        ResultsForm,
        services.publish_results,
        gettext_lazy("The publication is recorded"),
    ),
    "formal": Step(
        gettext_lazy("Mark it as formal"),
        (),
        Form,
        services.mark_formal,
        gettext_lazy("It is marked as formal"),
    ),
    "informal": Step(
        gettext_lazy("Take the mark “formal” off"),
        (),
        Form,
        _informal,
        gettext_lazy("It is no longer marked as formal"),
    ),
}


@may_read
@require_safe
def consultation_detail(request, pk):
    return _detail_page(request, project_or_404(request, pk))


@permission_required("engagement.view_participation", raise_exception=True)
@may_read
@require_safe
def consultation_report(request, pk):
    """The report as a PDF. No audit row: numbers of people are made safe and lead to nobody."""
    project = project_or_404(request, pk)
    consultation = get_object_or_404(CONSULTATIONS, project=project)
    label = services.label(consultation, Policy.objects.current())
    report = documents.consultation_report(consultation)
    page = reverse("engagement:consultation_detail", args=[pk])
    return pdf_page(request, lambda: documents.report_pdf(report, label), f"consultation-{pk}.pdf", otherwise=page)


@may_change
@require_POST
def consultation_step(request, pk, step):
    project = project_to_change(request, pk)
    consultation = get_object_or_404(Consultation.objects.select_related("project"), project=project)
    form = take(request, STEPS, step, consultation)
    if form is None:
        return redirect("engagement:consultation_detail", pk)
    return _detail_page(request, project_or_404(request, pk), step, form)


def _detail_page(request, project, sent="", form=None):
    row = CONSULTATIONS.filter(project=project).first()
    may = project.may_be_changed_by(request.user) and request.user.has_perm("engagement.change_consultation")
    ahead = next(iter(stages.next_stages(project)), "")
    routes = clock.read_by_route(project)
    context = {
        "project": project,
        "consultation": row,
        "label": services.label(row, Policy.objects.current()),
        "status": services.status_of(project, row),
        "obstacles": list(services.gate(project, ahead)),
        "routes": routes or [],
        "share": clock.share_of(routes),
        "may_change": may and project.is_open,
        "steps": offered(STEPS, _open_steps(project, row, request.user), sent, form) if may and row else [],
        "form": form,
        **(_of(row) if row else {"length": None}),
    }
    return render(request, "engagement/consultations/consultation_detail.html", context, status=422 if form else 200)


def _open_steps(project, row, user) -> list[str]:
    """The steps that can be taken now."""
    if not project.is_open:
        return []
    today, names = timezone.localdate(), ["document"]
    if project.stage == Project.Stage.CONSULTATION:
        names += ["extend"] if row.opens_on <= today <= row.last_day else []
        names += ["midpoint"] if row.midpoint_on and row.midpoint_on <= today else []
    names += ["results"] if has_reached(project, Project.Stage.ANALYSIS) else []
    if user.has_perm("engagement.mark_formal"):
        names.append("informal" if row.is_formal else "formal")
    return names


def _of(row) -> dict:
    """What is there once a consultation is recorded: its length with a picture, and its documents."""
    found = clock.length(row)
    documents = list(row.documents.all())
    return {
        "length": found,
        "picture": _picture(found) if found else "",
        "documents": [(each, clock.is_ready(row, each)) for each in documents],
        "readiness": clock.readiness(row, documents),
        "is_fixed": services.is_fixed(row.project),
    }


def _picture(length) -> str:
    rows = [
        Bar(_("Days open"), length.days),
        Bar(_("Days outside holidays"), length.days_without_holidays),
        Bar(_("Days asked for by the policy"), length.least_days),
    ]
    return bars(_("Length in days"), rows, ident="length")


@form_page
@may_change
def consultation_edit(request, pk):
    project = project_to_change(request, pk)
    row = Consultation.objects.filter(project=project).first()
    form = ConsultationForm(
        request.POST if request.method == "POST" else None,
        project=project,
        instance=row or Consultation(project=project),
    )
    if form.is_valid():
        try:
            services.save_consultation(project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The record is saved"), form, Consultation)
            return redirect("engagement:consultation_detail", pk)
    label = services.label(row, Policy.objects.current())
    context = {"project": project, "form": form, "label": label, "is_fixed": services.is_fixed(project)}
    status = 422 if form.is_bound else 200
    return render(request, "engagement/consultations/consultation_edit.html", context, status=status)


@form_page
@may_change
def document_ready(request, pk):
    document = _document_to_change(request, pk)
    form = ReadyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.document_ready(document, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The document is ready"))
            return redirect("engagement:consultation_detail", document.consultation.project_id)
    context = {"project": document.consultation.project, "document": document, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "engagement/consultations/document_ready.html", context, status=status)


@may_change
@require_POST
def document_remove(request, pk):
    document = _document_to_change(request, pk)
    try:
        services.remove_document(document, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The document is removed"))
    return redirect("engagement:consultation_detail", document.consultation.project_id)


def _document_to_change(request, pk) -> ConsultationDocument:
    """A document of a project that the user works on: 404 for another area, 403 for somebody else's project."""
    rows = ConsultationDocument.objects.select_related("consultation__project")
    document = get_object_or_404(rows, pk=pk)
    project_to_change(request, document.consultation.project_id)
    return document
