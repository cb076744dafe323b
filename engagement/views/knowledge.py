"""Before people are asked: what is known already, and who else asks them."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import search
from core.forms import add_errors
from core.steps import form_page, say_saved
from engagement.documents import clashes as document
from engagement.documents import known
from engagement.forms.plans import KnowledgeForm
from engagement.models import KnowledgeCheck
from engagement.services import knowledge as services
from engagement.views.projects import project_or_404

ALIKE = 5


@form_page
@permission_required("engagement.view_knowledgecheck", raise_exception=True)
def knowledge(request, pk):
    """What is known already. Those who work on the project say what follows; others read."""
    project = project_or_404(request, pk)
    may_change = project.may_be_changed_by(request.user) and request.user.has_perm("engagement.add_knowledgecheck")
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = KnowledgeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.record_check(project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("What follows is recorded, with what was found"), form, KnowledgeCheck)
            return redirect("engagement:knowledge", project.pk)
    context = {
        "project": project,
        "form": form if may_change and project.is_open else None,
        "found": known.find(project, request.user),
        "most": known.MOST,
        "alike": search.more_like(text=f"{project.title}\n{project.summary}", user=request.user, size=ALIKE),
        "checks": _checks(project, request.user),
    }
    return render(request, "engagement/plans/knowledge.html", context, status=422 if form.is_bound else 200)


def _checks(project, user) -> list[tuple]:
    """Each check, and what was found where the user sees all places or found it: titles of other places stay there."""
    sees_all = user.only_areas() is None
    rows = project.knowledge_checks.select_related("by")
    return [(check, check.found if sees_all or check.by_id == user.pk else []) for check in rows]


@permission_required("engagement.view_project", raise_exception=True)
@require_safe
def clashes(request, pk):
    project = project_or_404(request, pk)
    context = {"project": project, "clashes": document.clashes(project, request.user)}
    return render(request, "engagement/plans/clashes.html", context)
