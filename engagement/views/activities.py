"""The page of an activity for staff: where it stands, what it still needs, its numbers, its aims, its evaluation."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.steps import accepted, form_page, say_saved, sent
from engagement.documents.activity_page import PREFETCH, SELECT, activity_page
from engagement.forms.activities import AimForm, EvaluationForm, ExplainForm, ResultForm, StepForm
from engagement.models import Activity, Aim, Evaluation
from engagement.services import activities as services
from engagement.services import activity_links, needs_late_reason

State = Activity.State
may_read = permission_required("engagement.view_activity", raise_exception=True)
may_change = permission_required("engagement.change_activity", raise_exception=True)
# What a step is called in the address, the state that it leads to, and what its button and its message say.
STEPS = {
    "plan": (State.PLANNED, gettext_lazy("Plan it from here on"), gettext_lazy("The activity is planned")),
    "live": (State.LIVE, gettext_lazy("Go live"), gettext_lazy("The activity is live")),
    "analyse": (State.ANALYSIS, gettext_lazy("Begin the analysis"), gettext_lazy("The activity is being analysed")),
    "feedback": (State.FEEDBACK_DUE, gettext_lazy("Say that feedback is due"), gettext_lazy("Feedback is due")),
    "close": (State.CLOSED, gettext_lazy("Close the activity"), gettext_lazy("The activity is closed")),
}


@may_read
@require_safe
def activity_detail(request, pk):
    return _page(request, _activity_or_404(request, pk))


@may_change
@require_POST
def activity_step(request, pk, step):
    """Take a step, or show everything that stands in its way."""
    activity = _changeable(request, pk)
    if step not in STEPS:
        raise Http404
    to, _label, done = STEPS[step]
    form = StepForm(request.POST, prefix=step, locked_period=_lock(activity))
    if form.is_valid() and accepted(form, services.move, activity, to, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect("engagement:activity_detail", activity.pk)
    return _page(request, activity, step, form)


@may_change
@form_page
def activity_explain(request, pk):
    activity = _changeable(request, pk)
    form = ExplainForm(sent(request), instance=activity, locked_period=_lock(activity))
    return _form_page(request, activity, form, services.explain, activity, title=_("What the activity is for"))


@may_change
@form_page
def activity_evaluate(request, pk):
    activity = _changeable(request, pk)
    held = Evaluation.objects.filter(activity=activity).first() or Evaluation(activity=activity)
    form = EvaluationForm(sent(request), instance=held, locked_period=_lock(activity))
    return _form_page(request, activity, form, services.evaluate, activity, title=_("Evaluate the activity"))


@may_change
@form_page
def aim_add(request, pk):
    activity = _changeable(request, pk)
    form = AimForm(sent(request), locked_period=_lock(activity))
    return _form_page(request, activity, form, services.add_aim, activity, title=_("Add an aim"))


@may_change
@form_page
def aim_edit(request, pk):
    aim, activity = _aim(request, pk)
    held = {"measure": aim.measure, "target": aim.target, "baseline": aim.baseline, "groups": aim.groups.all()}
    form = AimForm(sent(request), initial=held, locked_period=_lock(activity))
    return _form_page(request, activity, form, services.change_aim, aim, title=_("Change the aim"))


@may_change
@form_page
def aim_result(request, pk):
    aim, activity = _aim(request, pk)
    form = ResultForm(sent(request), instance=aim, locked_period=_lock(activity))
    title = _("Result of “%(aim)s”") % {"aim": aim.measure}
    return _form_page(request, activity, form, services.record_result, aim, title=title)


def _activity_or_404(request, pk):
    mine = Activity.objects.for_user(request.user).select_related(*SELECT).prefetch_related(*PREFETCH)
    return get_object_or_404(mine, pk=pk)


def _changeable(request, pk):
    """The activity, for somebody who works on it. Somebody else's area is not found; another's work is refused."""
    activity = _activity_or_404(request, pk)
    if not activity.may_be_changed_by(request.user):
        raise PermissionDenied
    return activity


def _aim(request, pk):
    mine = Activity.objects.for_user(request.user)
    aim = get_object_or_404(Aim.objects.filter(activity__in=mine.values("pk")), pk=pk)
    return aim, _changeable(request, aim.activity_id)


def _lock(activity):
    """The locked period that wants a reason which nobody gave yet."""
    if activity.late_reason:
        return None
    return needs_late_reason(activity.starts_on, activity.ends_on, activity.period)


def _form_page(request, activity, form, do, row, *, title):
    if form.is_valid() and accepted(form, do, row, by=request.user, **form.cleaned_data):
        say_saved(request, _("Saved"), form, activity)
        return redirect("engagement:activity_detail", activity.pk)
    context = {"activity": activity, "form": form, "title": title}
    return render(request, "engagement/activities/activity_form.html", context, status=422 if form.is_bound else 200)


def _page(request, activity, sent="", form=None):
    may = activity.may_be_changed_by(request.user)
    steps = []
    for name, (to, label, _message) in STEPS.items() if may else ():
        if to in services.NEXT[activity.state] or name == sent:
            shown = form if name == sent else StepForm(prefix=name, locked_period=_lock(activity))
            steps.append((name, label, shown, services.obstacles(activity, to)))
    context = {
        "activity": activity,
        "found": activity_page(activity),
        "claims": activity.evidence.select_related("principle"),
        "doubts": services.doubts_about(activity),
        "links": activity_links.links_of(activity, request.user),
        "steps": steps,
        "form": form,
        "may_change": may,
        "may_change_aims": may and activity.state in {State.RECORDED, State.PLANNED},
        "may_evaluate": may and activity.state != State.CLOSED,
    }
    return render(request, "engagement/activities/activity_detail.html", context, status=422 if form else 200)
