"""A sample of what the machine coded: drawn, coded blind, compared; then the rest is accepted by a named person."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.forms import Form
from core.steps import accepted, form_page
from insights.documents import sampling as documents
from insights.documents.coding import retired_among
from insights.forms.themes import AcceptForm, JudgeForm, SampleForm
from insights.models import Collection, SampleCheck
from insights.services import sampling as services
from insights.views.suggesting import run_or_404

may_see = permission_required(["insights.view_samplecheck", "insights.view_coding"], raise_exception=True)
may_start = permission_required("insights.add_samplecheck", raise_exception=True)
may_judge = permission_required(
    ["insights.view_comment", "insights.change_samplecheck", "insights.add_coding"], raise_exception=True
)
may_accept = permission_required(["insights.view_samplecheck", "insights.agree_finding"], raise_exception=True)


def check_or_404(request, pk) -> SampleCheck:
    mine = Collection.objects.for_user(request.user).values("pk")
    rows = SampleCheck.objects.filter(run__collection__in=mine)
    return get_object_or_404(rows.select_related("run__collection", "run__frame", "started_by", "accepted_by"), pk=pk)


@may_start
@form_page
def sample_start(request, pk):
    run = run_or_404(request, pk)
    of = documents.machine_coded(run).count()
    least = min(documents.LEAST_SIZE, of)
    form = SampleForm(request.POST if request.method == "POST" else None, initial={"size": least})
    if form.is_valid() and accepted(form, services.start_check, run, by=request.user, **form.cleaned_data):
        return redirect("insight_work:sample_check", run.checks.first().pk)
    context = {"run": run, "of": of, "least": least, "form": form}
    return render(request, "insights/themes/sample_start.html", context, status=422 if form.is_bound else 200)


@may_see
@require_safe
def sample_check(request, pk):
    check = check_or_404(request, pk)
    context = {
        "check": check,
        "run": check.run,
        "left": documents.to_judge(check).count(),
        "judged": check.sampled.filter(judged_at__isnull=False).count(),
        "themes": documents.by_theme(check),
        "accepted": check.accepted_codings.filter(state="accepted").count(),
        "is_current": check.run.frame_edition == check.run.frame.edition,
        "least_kappa": documents.LEAST_KAPPA,
        "least_codes": documents.LEAST_CODES,
    }
    return render(request, "insights/themes/sample_check.html", context)


@may_judge
@form_page
def sample_code(request, pk):
    check = check_or_404(request, pk)
    if check.finished_at:
        return redirect("insight_work:sample_check", check.pk)
    sampled = documents.to_judge(check).first()
    if sampled is None:
        return _finish(request, check)
    frame = check.run.frame
    form = JudgeForm(request.POST if request.method == "POST" else None, frame=frame)
    if form.is_valid() and _judged(request, check, form):
        messages.success(request, _("Your codes are kept"))
        return redirect("insight_work:sample_code", check.pk)
    return _judge_page(request, check, sampled, form)


def _judged(request, check, form) -> bool:
    """Whether what was sent is kept. It is about the comment that the page showed, whatever the next one is."""
    values = dict(form.cleaned_data)
    sampled = check.sampled.select_related("comment").filter(comment=values.pop("comment")).first()
    if sampled is None:
        form.add_error(None, _("This comment is not in the sample. Go on with the next one"))
        return False
    return accepted(form, services.judge, check, sampled.comment, by=request.user, **values)


def _judge_page(request, check, sampled, form):
    frame = check.run.frame
    frame.refresh_from_db(fields=["edition"])
    if form.is_bound and hasattr(form, "cleaned_data"):
        of = check.sampled.filter(comment=form.cleaned_data.get("comment"), judged_at=None).select_related("comment")
        sampled = of.first() or sampled
    left = documents.to_judge(check).count()
    context = {
        "check": check,
        "frame": frame,
        "comment": sampled.comment,
        "form": form,
        "left": ngettext("%(count)s comment left", "%(count)s comments left", left) % {"count": left},
        "retired": retired_among(frame, form.chosen) if form.is_bound else [],
    }
    return render(request, "insights/themes/sample_code.html", context, status=422 if form.is_bound else 200)


def _finish(request, check):
    """The comments that were left can no longer be read: a button works out the agreement of the others."""
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and accepted(form, services.finish_check, check, by=request.user):
        return redirect("insight_work:sample_check", check.pk)
    context = {"check": check, "form": form}
    return render(request, "insights/themes/sample_finish.html", context, status=422 if form.is_bound else 200)


@may_accept
@form_page
def sample_accept(request, pk):
    check = check_or_404(request, pk)
    passing = documents.passing(check)
    form = AcceptForm(request.POST if request.method == "POST" else None, passing=passing)
    if form.is_valid() and accepted(form, services.accept_rest, check, by=request.user, **form.cleaned_data):
        messages.success(request, _("The rest is accepted in your name"))
        return redirect("insight_work:sample_check", check.pk)
    context = {
        "check": check,
        "form": form,
        "passing": passing,
        "least_kappa": documents.LEAST_KAPPA,
        "least_codes": documents.LEAST_CODES,
    }
    return render(request, "insights/themes/sample_accept.html", context, status=422 if form.is_bound else 200)
