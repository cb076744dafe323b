"""How the body judges itself, and is judged: yardsticks, their results over the years, single assessments."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.steps import Step, form_page, offered, say_saved, sent, take
from reporting.documents import assessments as documents
from reporting.documents.assessment_charts import trend_picture
from reporting.forms.assessments import BeginForm, JudgementForm, TakeBackForm
from reporting.models import Assessment, Judgement, Yardstick
from reporting.services import assessments as services

may_read_yardsticks = permission_required("reporting.view_yardstick", raise_exception=True)
may_read = permission_required("reporting.view_assessment", raise_exception=True)
may_begin = permission_required("reporting.add_assessment", raise_exception=True)
may_judge = permission_required("reporting.change_judgement", raise_exception=True)
may_change = permission_required("reporting.change_assessment", raise_exception=True)
DRAFT, FINAL, EMPTY = "draft", "final", "empty"

STEPS = {
    "final": Step(
        gettext_lazy("Make it final"),
        (DRAFT,),
        Form,
        services.make_final,
        gettext_lazy("The assessment is final. It does not change any more"),
    ),
    "back": Step(
        gettext_lazy("Take it back to a draft"),
        (FINAL,),
        TakeBackForm,
        services.take_back,
        gettext_lazy("The assessment is a draft again"),
    ),
    "discard": Step(
        gettext_lazy("Discard it"), (EMPTY,), Form, services.discard, gettext_lazy("The assessment is discarded")
    ),
}
NEEDED = {"back": "reporting.publish_report", "discard": "reporting.delete_assessment"}


@may_read_yardsticks
@require_safe
def yardstick_list(request):
    found = [
        (
            row,
            [(result, documents.levels_in_words(result), documents.target_in_words(result)) for result in row.results],
        )
        for row in documents.overview()
    ]
    return render(request, "reporting/assessments/yardstick_list.html", {"found": found})


@may_read_yardsticks
@require_safe
def yardstick_detail(request, pk):
    rows = Yardstick.objects.select_related("target_level")
    yardstick = get_object_or_404(rows.prefetch_related("levels", "dimensions__descriptors__level"), pk=pk)
    context = {
        "yardstick": yardstick,
        "aim": documents.aim_in_words(yardstick),
        "has_descriptors": any(dimension.descriptors.all() for dimension in yardstick.dimensions.all()),
        "results": [_result(yardstick, *assessor) for assessor in Assessment.Assessor.choices],
        "assessments": yardstick.assessments.select_related("period", "forum"),
    }
    return render(request, "reporting/assessments/yardstick_detail.html", context)


def _result(yardstick, assessor, name):
    """The years of one assessor: picture, table and the last of them with its target."""
    found = documents.trend(yardstick, assessor)
    last = documents.final(assessor).filter(yardstick=yardstick).first()
    return {
        "assessor": assessor,
        "name": name,
        "trend": found,
        "chart": trend_picture(found, f"{yardstick}: {name}"),
        "last": last,
        "target": documents.target_in_words(last) if last else "",
    }


@may_begin
@form_page
def assessment_add(request, pk):
    yardstick = get_object_or_404(Yardstick, pk=pk)
    form = BeginForm(sent(request))
    if form.is_valid():
        try:
            row = services.begin_assessment(yardstick, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The assessment is begun. Judge one dimension after the other"))
            return redirect("assessments:assessment_detail", row.pk)
    return _form(request, "assessment_add", form, yardstick=yardstick)


@may_read
@require_safe
def assessment_detail(request, pk):
    return _page(request, _assessment_or_404(pk))


@may_judge
@form_page
def judgement_edit(request, pk, number, perspective=""):
    row = _assessment_or_404(pk)
    dimension = get_object_or_404(row.yardstick.dimensions, number=number)
    if perspective not in documents.sides(row.yardstick):
        raise Http404
    if row.is_final and request.method != "POST":
        messages.info(request, _("This assessment is final. Its judgements can only be read"))
        return redirect("assessments:assessment_detail", pk)
    said = row.judgements.filter(dimension=dimension, perspective=perspective).first()
    form = JudgementForm(sent(request), user=request.user, assessment=row, dimension=dimension, judgement=said)
    if form.is_valid():
        try:
            services.judge(row, dimension, by=request.user, perspective=perspective, **form.given())
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The judgement is kept"), form, Judgement)
            return redirect("assessments:assessment_detail", pk)
    side = dict(Judgement.Perspective.choices).get(perspective, "")
    return _form(request, "judgement_edit", form, assessment=row, dimension=dimension, side=side)


@may_change
@require_POST
def assessment_step(request, pk, step):
    if not _may_take(request.user, step):
        raise PermissionDenied
    row = _assessment_or_404(pk)
    form = take(request, STEPS, step, row)
    if form is not None:
        return _page(request, row, step, form)
    if step == "discard":
        return redirect("assessments:yardstick_detail", row.yardstick_id)
    return redirect("assessments:assessment_detail", pk)


def _may_take(user, step: str) -> bool:
    return step not in NEEDED or user.has_perm(NEEDED[step])


def _assessment_or_404(pk) -> Assessment:
    return get_object_or_404(documents.with_everything(Assessment.objects.all()), pk=pk)


def _form(request, name, form, **context):
    """The page of a form; one with errors keeps what was typed."""
    status = 422 if form.is_bound else 200
    return render(request, f"reporting/assessments/{name}.html", context | {"form": form}, status=status)


def _page(request, row, sent="", form=None):
    states = {FINAL} if row.is_final else {DRAFT} if row.judgements.all() else {DRAFT, EMPTY}
    user = request.user
    names = [
        name
        for name, step in STEPS.items()
        if name == sent or (states.intersection(step.statuses) and _may_take(user, name))
    ]
    may_change = user.has_perm("reporting.change_assessment")
    context = {
        "assessment": row,
        "standing": documents.standing(row, on=timezone.localdate(), user=user),
        "steps": offered(STEPS, names, sent, form) if may_change else [],
        "may_judge": not row.is_final and user.has_perm("reporting.change_judgement"),
        "form": form,
    }
    return render(request, "reporting/assessments/assessment_detail.html", context, status=422 if form else 200)
