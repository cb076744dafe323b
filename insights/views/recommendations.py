"""What reports recommend: listed by committee, what is overdue first; noted, decided, done (MTG-013, INS-030)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.forms import add_errors
from core.steps import accepted, form_page, say_saved, sent
from insights.forms.recommendations import DoneForm, RecommendationFilter, RecommendationForm
from insights.models import Recommendation, Source
from insights.services import recommendations as services

PAGE_SIZE = 20
may_read = permission_required("insights.view_recommendation", raise_exception=True)
may_add = permission_required("insights.add_recommendation", raise_exception=True)
may_change = permission_required("insights.change_recommendation", raise_exception=True)


@may_read
@require_safe
def recommendation_list(request):
    mine = Recommendation.objects.for_user(request.user)
    filters = RecommendationFilter(request.GET, recommendations=mine)
    rows = filters.narrow(mine).select_related("source", "committee").overdue_first()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "insights/learning/recommendation_list.html", {"filters": filters, "page": page})


@may_add
@form_page
def recommendation_add(request, pk):
    reports = Source.objects.for_user(request.user).in_use().filter(layer=Source.Layer.REPORT)
    source = get_object_or_404(reports, pk=pk)
    form = RecommendationForm(sent(request))
    if form.is_valid():
        try:
            row = services.add_recommendation(source, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The recommendation is noted"), form, row)
            return redirect("insight_work:source_detail", source.pk)
    return _form(request, "recommendation_add", form, source=source)


@may_change
@form_page
def recommendation_edit(request, pk):
    row = _recommendation_or_404(request, pk)
    form = RecommendationForm(sent(request), instance=row)
    held = _recommendation_or_404(request, pk)  # the form writes what was typed into its own
    if form.is_valid() and accepted(form, services.change_recommendation, held, by=request.user, **form.cleaned_data):
        say_saved(request, _("The recommendation is kept"), form, row)
        return redirect("insight_work:recommendation_list")
    return _form(request, "recommendation_edit", form, recommendation=held)


@may_change
@form_page
def recommendation_done(request, pk):
    row = _recommendation_or_404(request, pk)
    form = DoneForm(sent(request))
    if form.is_valid() and accepted(form, services.finish_recommendation, row, by=request.user, **form.cleaned_data):
        messages.success(request, _("It counts as done now"))
        return redirect("insight_work:recommendation_list")
    return _form(request, "recommendation_done", form, recommendation=row)


def _recommendation_or_404(request, pk) -> Recommendation:
    rows = Recommendation.objects.for_user(request.user).select_related("source", "committee")
    return get_object_or_404(rows, pk=pk)


def _form(request, name, form, **context):
    status = 422 if form.is_bound else 200
    return render(request, f"insights/learning/{name}.html", context | {"form": form}, status=status)
