"""The library for staff: what is in it, an item, its steps, its quality (INS-001 to 010)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.charts import Bar, bars
from core.forms import Form, add_errors
from core.steps import Step, accepted, form_page, offered, say_saved, take
from engagement.models import Activity, Policy
from insights.documents import library as documents
from insights.documents.quality import most_recency, quality
from insights.forms.library import BecauseForm, RatingForm, SourceFilter, SourceForm
from insights.models import QualityRating, Source
from insights.services import contributions
from insights.services import library as services

PAGE_SIZE, PEOPLE_SIZE = 20, 50
may_read = permission_required("insights.view_source", raise_exception=True)
may_add = permission_required("insights.add_source", raise_exception=True)
may_change = permission_required("insights.change_source", raise_exception=True)
may_rate = permission_required("insights.change_qualityrating", raise_exception=True)
PUBLIC = "public"  # in use, and everybody reads it
State = Source.State

STEPS = {
    "accept": Step(
        gettext_lazy("Take it into the library"),
        (State.OFFERED,),
        Form,
        contributions.accept_contribution,
        gettext_lazy("It is in the library now"),
    ),
    "return": Step(
        gettext_lazy("Do not take it in"),
        (State.OFFERED,),
        BecauseForm,
        contributions.return_contribution,
        gettext_lazy("It is not taken in. The person who sent it reads why"),
    ),
    "publish": Step(
        gettext_lazy("Publish"),
        (State.IN_USE,),
        Form,
        services.publish_source,
        gettext_lazy("Everybody may read it now, or from the end of its embargo"),
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw from the public pages"),
        (PUBLIC,),
        Form,
        services.withdraw_source,
        gettext_lazy("It is no longer public"),
    ),
    "retire": Step(
        gettext_lazy("Say that it is out of date"),
        (State.IN_USE, PUBLIC),
        BecauseForm,
        services.retire_source,
        gettext_lazy("It counts as out of date now"),
    ),
    "bring_back": Step(
        gettext_lazy("Use it again"),
        (State.RETIRED,),
        Form,
        services.bring_back_source,
        gettext_lazy("It is in use again"),
    ),
}
NEEDS_PUBLISHING = {"publish", "withdraw"}


@may_read
@require_safe
def source_list(request):
    filters = SourceFilter(request.GET, sources=Source.objects.for_user(request.user).in_use())
    rows = documents.found(documents.shown(request.user, filters.cleaned_data.get("show", "")), filters.cleaned_data)
    rows = rows.select_related("kind", "organisation", "rating")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    policy = Policy.objects.current()
    context = {"filters": filters, "page": page, "rows": [(row, quality(row, policy)) for row in page]}
    return render(request, "insights/library/source_list.html", context)


@may_read
@require_safe
def library_figures(request):
    figures = documents.figures(request.user)
    chart = bars(
        _("Items in use by kind"), [Bar(name, number) for name, number in figures.by_kind], ident="kinds", is_above=True
    )
    people = Paginator(documents.people_behind(request.user).select_related("kind"), PEOPLE_SIZE)
    context = {
        "figures": figures,
        "chart": chart if figures.by_kind else "",
        "page": people.get_page(request.GET.get("page")),
        "months": documents.RECENT_MONTHS,
    }
    return render(request, "insights/library/library_figures.html", context)


@may_add
@form_page
def source_add(request):
    form = SourceForm(sent(request), user=request.user)
    if form.is_valid():
        try:
            source = services.add_source(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("It is in the library"), form, source)
            return redirect("insight_work:source_detail", source.pk)
    return show_form(request, "source_add", form)


@may_read
@require_safe
def source_detail(request, pk):
    return _page(request, source_or_404(request, pk))


@may_change
@form_page
def source_edit(request, pk):
    source = source_or_404(request, pk)
    _check_may_write(request.user, source)
    form = SourceForm(sent(request), instance=source, user=request.user)
    held = Source.objects.get(pk=pk)  # the form writes what was typed into its own
    if form.is_valid() and accepted(form, services.change_source, held, by=request.user, **form.cleaned_data):
        say_saved(request, _("The item is kept"), form, held)
        return redirect("insight_work:source_detail", pk)
    return show_form(request, "source_edit", form, source=held)


@may_change
@require_POST
def source_step(request, pk, step):
    source = source_or_404(request, pk)
    if step not in STEPS:
        raise Http404
    if not _may_take(request.user, step):
        raise PermissionDenied
    form = take(request, STEPS, step, source)
    if form is None:
        return redirect("insight_work:contribution_list" if step == "return" else source_address(source))
    return _page(request, source, step, form)


@may_rate
@form_page
def source_rate(request, pk):
    source = source_or_404(request, pk)
    rating = QualityRating.objects.filter(source=source).first()
    most = most_recency(source)
    known = {name: getattr(rating, name) for name in (*QualityRating.QUESTIONS, "because")} if rating else {}
    form = RatingForm(sent(request), initial=known, most_recency=most)
    if form.is_valid() and accepted(form, services.rate_source, source, by=request.user, **form.cleaned_data):
        messages.success(request, _("The rating is kept"))
        return redirect(source_address(source))
    return show_form(request, "source_rate", form, source=source)


# Shared by the views of the library --------------------------------------------------------------


def sent(request):
    return request.POST if request.method == "POST" else None


def source_address(source: Source) -> str:
    return reverse("insight_work:source_detail", args=[source.pk])


def source_or_404(request, pk) -> Source:
    """An item as staff may see it. That somebody looks at raw data is noted, whatever for."""
    rows = Source.objects.kept_by(request.user).select_related(
        "kind", "organisation", "contributed_by", "published_by", "rating__rated_by", "story__person"
    )
    source = get_object_or_404(rows, pk=pk)
    services.note_reading(source, by=request.user)
    return source


def show_form(request, name, form, **context):
    """The page of a form; one with errors keeps what was typed."""
    status = 422 if form.is_bound else 200
    return render(request, f"insights/library/{name}.html", context | {"form": form}, status=status)


def _may_take(user, step: str) -> bool:
    return step not in NEEDS_PUBLISHING or user.has_perm("insights.publish_source")


def _may_write(user, source: Source) -> bool:
    """Whether somebody may change an item: what everybody reads, only who may publish; no story without consent."""
    may = user.has_perm("insights.change_source") and not _is_lapsed(source)
    return may and (not source.is_published or user.has_perm("insights.publish_source"))


def _is_lapsed(source: Source) -> bool:
    story = getattr(source, "story", None)
    return story is not None and not story.has_consent


def _check_may_write(user, source: Source) -> None:
    if not _may_write(user, source):
        raise PermissionDenied


def _page(request, source, name="", form=None):
    state = PUBLIC if source.is_published else source.state
    may = request.user.has_perm("insights.change_source")
    names = [each for each, step in STEPS.items() if may and _may_take(request.user, each) and state in step.statuses]
    if source.layer == Source.Layer.RAW and "publish" in names:
        names.remove("publish")
    story = getattr(source, "story", None)
    mine = Source.objects.for_user(request.user)
    context = {
        "source": source,
        "story": story,
        "is_lapsed": _is_lapsed(source),
        "hearings": story.hearings.select_related("forum") if story else [],
        "quality": quality(source),
        "rating": getattr(source, "rating", None),
        "may_go_to_board": services.may_go_to_board(source),
        "files": source.files.select_related("uploaded_by", "released_by"),
        "activities": source.activities.filter(pk__in=Activity.objects.for_user(request.user).values("pk")),
        "datasets": mine.filter(reports=source),
        "reports": mine.filter(datasets=source),
        "may_release": request.user.has_perm("insights.publish_source"),
        "may_write": _may_write(request.user, source),
        "uses": source.uses.select_related("project"),
        "evidence": source.finding_evidence.select_related("finding"),
        "remarks": source.remarks.waiting().count(),
        "steps": offered(STEPS, names, name, form),
        "form": form,
    }
    return render(request, "insights/library/source_detail.html", context, status=422 if form else 200)
