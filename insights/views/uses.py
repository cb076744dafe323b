"""Where insight was used, what most, what never, and how often before the options were set."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.steps import accepted, form_page
from engagement.models import Project
from insights.documents import uses as documents
from insights.forms.uses import UseFilter, UseForm
from insights.models import Finding, Source
from insights.services import uses as services

PAGE_SIZE = 20
may_read = permission_required("insights.view_use", raise_exception=True)
may_add = permission_required("insights.add_use", raise_exception=True)


@may_read
@require_safe
def use_list(request):
    """All uses, or those of the project in the address; beside all, what is used most and what never."""
    projects = Project.objects.for_user(request.user)
    uses = documents.of_user(request.user)
    filters = UseFilter(request.GET, projects=projects, uses=uses)
    rows = filters.narrow(uses).select_related("finding", "source", "project", "by")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "project": filters.chosen}
    if filters.chosen is None:
        context |= {
            "most": documents.most_used(request.user),
            "never": documents.never_used(request.user),
            "early": documents.cited_before_options(projects),
        }
    return render(request, "insights/findings/use_list.html", context)


@may_add
@form_page
def use_add(request, kind, pk):
    row, page = _used_or_404(request, kind, pk)
    form = UseForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid() and accepted(form, services.add_use, row, by=request.user, **form.cleaned_data):
        messages.success(request, _("The use is noted"))
        return redirect(page, row.pk)
    status = 422 if form.is_bound else 200
    context = {"row": row, "page": page, "form": form}
    return render(request, "insights/findings/use_add.html", context, status=status)


def _used_or_404(request, kind, pk) -> tuple[Finding | Source, str]:
    """What was used, and the name of its page. Only what can be used is found."""
    if kind == "finding":
        return get_object_or_404(Finding.objects.for_user(request.user).agreed(), pk=pk), "insight_work:finding_detail"
    if kind == "source":
        return get_object_or_404(Source.objects.for_user(request.user).in_use(), pk=pk), "insight_work:source_detail"
    raise Http404
