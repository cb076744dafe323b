"""What the machine learns and suggests, how far coding is, and what people decide on each suggestion."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.charts import Bar, bars
from core.steps import accepted, form_page
from insights.documents import coding as documents
from insights.documents import sampling
from insights.documents.suggesting import learnt
from insights.forms.themes import UNSURE, LearnForm, SuggestionFilter
from insights.models import Coding, Collection, LearningRun
from insights.services import suggesting as services
from insights.views.coding import address, collection_or_404, frame_of, no_frame

PAGE_SIZE = 20
may_see = permission_required(["insights.view_coding", "insights.view_learningrun"], raise_exception=True)
may_decide = permission_required(["insights.view_comment", "insights.change_coding"], raise_exception=True)


@may_see
@form_page
def learn(request, pk):
    collection, frame = collection_or_404(request, pk), frame_of(request)
    if frame is None:
        return no_frame(request, collection)
    if request.method == "POST" and not request.user.has_perm("insights.add_learningrun"):
        raise PermissionDenied
    form = LearnForm(request.POST if request.method == "POST" else None, initial={"frame": frame})
    if form.is_valid() and accepted(form, services.start_learning, collection, by=request.user, **form.cleaned_data):
        run = collection.runs.filter(frame=form.cleaned_data["frame"]).first()
        return redirect("insight_work:learning_run", run.pk)
    return _learn_page(request, collection, frame, form)


def _learn_page(request, collection, frame, form):
    checks = list(documents.finished_checks(collection, frame))
    rows = [
        Bar(f"{check.finished_at:%-d %B %Y} ({check})", round(100 * check.agreement["micro_f1"]))
        for check in checks
        if check.agreement["micro_f1"] is not None
    ]
    context = {
        "collection": collection,
        "frame": frame,
        "form": form,
        "progress": documents.progress(collection, frame),
        "runs": collection.runs.filter(frame=frame).select_related("requested_by")[:10],
        "checks": checks,
        "chart": bars(_("Agreement, of 100"), rows, ident="agreement", is_above=True) if rows else "",
    }
    return render(request, "insights/themes/learn.html", context, status=422 if form.is_bound else 200)


def run_or_404(request, pk) -> LearningRun:
    mine = Collection.objects.for_user(request.user).values("pk")
    rows = LearningRun.objects.filter(collection__in=mine).select_related("collection", "frame", "requested_by")
    return get_object_or_404(rows, pk=pk)


@may_see
@require_safe
def learning_run(request, pk):
    run = run_or_404(request, pk)
    context = {
        "run": run,
        "result": run.result,
        "learnt": learnt(run.result),
        "is_current": run.frame_edition == run.frame.edition,
        "waiting": sampling.machine_coded(run).count(),
        "checks": run.checks.select_related("started_by"),
    }
    return render(request, "insights/themes/learning_run.html", context)


@may_decide
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_list(request, pk):
    collection = collection_or_404(request, pk)
    frame = frame_of(request)
    if frame is None:
        return no_frame(request, collection)
    if request.method == "POST":
        return _decide(request, collection, frame)
    filters = SuggestionFilter(request.GET)
    rows = Coding.objects.suggested().filter(theme__frame=frame, comment__in=collection.comments.usable())
    if theme := filters.cleaned_data.get("theme"):
        rows = rows.filter(theme=theme)
    first = "confidence" if filters.cleaned_data.get("order") == UNSURE else "-confidence"
    rows = rows.select_related("comment", "theme").order_by(first, "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"collection": collection, "frame": frame, "filters": filters, "page": page}
    return render(request, "insights/themes/suggestion_list.html", context)


def _decide(request, collection, frame):
    """One button names one suggestion, or all that the page showed."""
    is_accepted = "accept" in request.POST
    pressed = request.POST.get("accept" if is_accepted else "refuse", "")
    sent = request.POST.getlist("shown")[:PAGE_SIZE] if pressed == "page" else [pressed]
    numbers = [int(text) for text in sent if text.isascii() and text.isdecimal() and len(text) < 19]
    count = services.decide_suggestions(collection, frame, numbers, by=request.user, is_accepted=is_accepted)
    if not count:
        messages.warning(request, _("Somebody has decided on this already"))
    elif is_accepted:
        messages.success(
            request, ngettext("%(n)s suggestion accepted", "%(n)s suggestions accepted", count) % {"n": count}
        )
    else:
        messages.success(
            request, ngettext("%(n)s suggestion refused", "%(n)s suggestions refused", count) % {"n": count}
        )
    order = UNSURE if request.POST.get("order") == UNSURE else ""
    theme = request.POST.get("theme", "")
    theme = theme if theme.isascii() and theme.isdecimal() else ""
    return redirect(f"{address('suggestion_list', collection.pk, frame)}&order={order}&theme={theme}")
