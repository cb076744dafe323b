"""Issues that somebody raised in an activity, from the first word to the answer that the person was told."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.steps import Step, form_page, offered, take
from engagement.forms.issues import ActedForm, AssignForm, IssueAnswerForm, IssueFilter, IssueForm, ToldForm
from engagement.models import Activity, IssueRaised
from engagement.services import issues as services

PAGE_SIZE = 20
may_read = permission_required("engagement.view_issueraised", raise_exception=True)
may_add = permission_required("engagement.add_issueraised", raise_exception=True)
may_change = permission_required("engagement.change_issueraised", raise_exception=True)
OPEN, CLOSED = "open", "closed"

STEPS = {
    "assign": Step(
        gettext_lazy("Say who has to act"),
        (OPEN,),
        AssignForm,
        services.assign_issue,
        gettext_lazy("The issue is assigned"),
    ),
    "answer": Step(
        gettext_lazy("Write the answer"),
        (OPEN,),
        IssueAnswerForm,
        services.answer_issue,
        gettext_lazy("The answer is kept"),
    ),
    "acted": Step(
        gettext_lazy("Note what was done"), (OPEN,), ActedForm, services.act_on_issue, gettext_lazy("The day is kept")
    ),
    "close": Step(
        gettext_lazy("Close the issue"), (OPEN,), Form, services.close_issue, gettext_lazy("The issue is closed")
    ),
    "tell": Step(
        gettext_lazy("Note that the person was told"),
        (OPEN, CLOSED),
        ToldForm,
        services.person_told,
        gettext_lazy("It is noted that the person was told"),
    ),
    "reopen": Step(
        gettext_lazy("Open it again"), (CLOSED,), Form, services.reopen_issue, gettext_lazy("The issue is open again")
    ),
}


@may_read
@require_safe
def issue_list(request):
    mine = IssueRaised.objects.for_user(request.user)
    filters = IssueFilter(request.GET, issues=mine)
    rows = filters.narrow(mine).select_related("activity", "organisation", "topic")
    rows = rows.order_by(F("closed_on").desc(nulls_first=True), F("raised_on").asc(nulls_last=True), "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "engagement/issues/issue_list.html", {"filters": filters, "page": page})


@may_add
@form_page
def issue_add(request, pk):
    activity = get_object_or_404(Activity.objects.for_user(request.user), pk=pk)
    form = IssueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            issue = services.raise_issue(activity, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The issue is noted"))
            return redirect("engagement:issue_detail", issue.pk)
    context = {"activity": activity, "form": form}
    return render(request, "engagement/issues/issue_add.html", context, status=422 if form.is_bound else 200)


@may_read
@require_safe
def issue_detail(request, pk):
    return _page(request, _issue_or_404(request, pk))


@may_change
@require_POST
def issue_step(request, pk, step):
    issue = _issue_or_404(request, pk)
    form = take(request, STEPS, step, issue)
    if form is None:
        return redirect("engagement:issue_detail", issue.pk)
    return _page(request, issue, step, form)


def _issue_or_404(request, pk):
    mine = IssueRaised.objects.for_user(request.user)
    return get_object_or_404(mine.select_related("activity", "organisation", "topic", "group"), pk=pk)


def _page(request, issue, sent="", form=None):
    state = CLOSED if issue.closed_on else OPEN
    names = [name for name, step in STEPS.items() if state in step.statuses or name == sent]
    may = request.user.has_perm("engagement.change_issueraised")
    known = {"organisation": issue.organisation_id, "answer": issue.answer}
    # A day that was not noted yet is offered as today.
    known |= {name: day for name in ("acted_on", "person_told_on") if (day := getattr(issue, name))}
    steps = offered(STEPS, names, sent, form, **known) if may else []
    context = {"issue": issue, "steps": steps, "form": form}
    return render(request, "engagement/issues/issue_detail.html", context, status=422 if form else 200)
