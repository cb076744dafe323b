"""“Did we hear you right?”: the staff’s list and what was done about it, and the members’ pages."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.steps import accepted, form_page, sent
from forums.views.access import member_page
from insights.documents import telling, verdicts
from insights.forms.telling import DealForm, EnterVerdictForm, VerdictFilter, VerdictForm
from insights.models import Response, Verdict
from insights.services import verdicts as services
from insights.views.telling import answer_or_404

PAGE_SIZE = 20
may_read = permission_required("insights.view_verdict", raise_exception=True)
may_add = permission_required("insights.add_verdict", raise_exception=True)
may_change = permission_required("insights.change_verdict", raise_exception=True)


# Staff -------------------------------------------------------------------------------------------


@may_read
@require_safe
def verdict_list(request):
    """Disagreement first. The figures count what the filters leave; the delay is that of the answers they leave."""
    mine = verdicts.for_user(request.user)
    filters = VerdictFilter(request.GET, verdicts=mine)
    found = filters.narrow(mine)
    rows = verdicts.disagreement_first(found).select_related("response__topic", "response__activity", "dealt_with_by")
    context = {
        "filters": filters,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "figures": verdicts.figures(found),
        "delay": telling.delay(filters.answers(Response.objects.for_user(request.user))),
    }
    return render(request, "insights/telling/verdict_list.html", context)


@may_add
@form_page
def verdict_enter(request, pk):
    """For somebody who wrote or rang."""
    response = answer_or_404(request, pk)
    form = EnterVerdictForm(sent(request), user=request.user)
    if form.is_valid() and accepted(form, _enter, response, request.user, **form.cleaned_data):
        messages.success(request, _("What they said is kept"))
        return redirect("insight_work:told", response.pk)
    context = {"response": response, "form": form}
    return render(request, "insights/telling/verdict_enter.html", context, status=422 if form.is_bound else 200)


def _enter(response, user, *, person, code, right, words):
    services.say(response, person or code, by=user, right=right, words=words, is_entered=True)


@may_change
@form_page
def verdict_deal(request, pk):
    rows = verdicts.for_user(request.user).select_related("response__activity__project", "response__topic")
    verdict = get_object_or_404(rows, pk=pk)
    activity = verdict.response.activity
    if not activity.may_be_changed_by(request.user):
        raise PermissionDenied
    initial = {"what_was_done": verdict.what_was_done}
    may_reopen = request.user.has_perm("insights.publish_response")
    form = DealForm(sent(request), may_reopen=may_reopen, initial=initial)
    if form.is_valid() and accepted(form, services.deal, verdict, by=request.user, **form.cleaned_data):
        messages.success(request, _("What was done is kept"))
        return redirect("insight_work:verdict_list")
    context = {"verdict": verdict, "form": form}
    return render(request, "insights/telling/verdict_deal.html", context, status=422 if form.is_bound else 200)


# Members -----------------------------------------------------------------------------------------


@require_safe
@member_page
def member_list(request):
    answers = verdicts.with_verdict(verdicts.answers_for(request.person), request.person).select_related("topic")
    rows = answers.order_by("is_judged", "-published_at", "reference")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "members/heard/verdict_list.html", {"page": page})


@form_page
@member_page
def member_verdict(request, pk):
    answers = verdicts.answers_for(request.person).select_related("topic", "activity", "responsible")
    response = get_object_or_404(answers, pk=pk)
    said = Verdict.objects.filter(response=response, person=request.person).first()
    initial = {"right": said.right, "words": said.words} if said else None
    form = VerdictForm(sent(request), initial=initial)
    if form.is_valid() and accepted(form, services.say, response, request.person, by=request.user, **form.cleaned_data):
        messages.success(request, _("Thank you. We read what you said"))
        return redirect("heard:verdict_list")
    may_change = said is None or services.may_change(said)
    context = {"response": response, "said": said, "form": form, "may_change": may_change}
    return render(request, "members/heard/verdict.html", context, status=422 if form.is_bound else 200)
