"""Who took part, outreach where somebody is missing, and panels beside the people they are drawn from."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.charts import Bar, bars
from core.disclosure import HIDDEN
from core.steps import accepted, form_page
from engagement.documents.panel_balance import panel_balance as balance_of
from engagement.documents.who_took_part import picture_of, taking_part_in
from engagement.documents.who_took_part import who_took_part as all_of
from engagement.forms.participation import OutreachDoneForm, OutreachForm, PanelFilter, PeriodFilter, TotalsForm
from engagement.models import Activity, OutreachAction, Period
from engagement.services import participation as services
from forums.models import Forum, Membership
from people.models import EqualityOption, EqualityQuestion, Person
from people.services import needs

PAGE_SIZE = 50
may_read = permission_required("engagement.view_participation", raise_exception=True)


def _activity_or_404(request, pk: int) -> Activity:
    return get_object_or_404(Activity.objects.for_user(request.user).select_related("project"), pk=pk)


def _activity_to_change(request, pk: int) -> Activity:
    activity = _activity_or_404(request, pk)
    if not services.may_record(request.user, activity):
        raise PermissionDenied
    return activity


# Who took part -------------------------------------------------------------------------------------


@may_read
@require_safe
def who_took_part(request, pk):
    """No audit row for the reading: these are totals made safe, that lead to nobody."""
    activity = _activity_or_404(request, pk)
    found = all_of(activity)
    context = {
        "activity": activity,
        "found": found,
        "sections": [_section(each, found.trends[each.question.pk]) for each in found.picture.comparisons],
        "questions": [*(each.question for each in found.picture.comparisons), *found.picture.unanswered],
        "may_record": services.may_record(request.user, activity),
    }
    return render(request, "engagement/participation/who_took_part.html", context)


def _section(comparison, trend):
    caption, chart = _chart(comparison, trend)
    return {"comparison": comparison, "trend": trend, "caption": caption, "chart": chart}


def _chart(comparison, trend):
    """The share of the group that is missing most, step by step. A share that is hidden has no bar."""
    if not comparison.gaps:
        return "", ""
    gap = comparison.gaps[0]
    place = comparison.groups.index(gap)
    shown = [(point.until, point.shares[place]) for point in trend.points if point.shares]
    steps = [Bar(f"{day:%-d %B %Y}", int(share.rstrip("%"))) for day, share in shown if share != HIDDEN]
    words = {"group": gap.label, "residents": gap.residents}
    caption = _("%(group)s, per cent of those who took part; residents: %(residents)s") % words
    return caption, bars(caption, steps, ident=f"trend-{comparison.question.pk}") if len(steps) > 1 else ""


@form_page
@may_read
def totals_add(request, pk, code):
    """Type in what a meeting or a sheet counted, question by question."""
    activity = _activity_to_change(request, pk)
    question = get_object_or_404(EqualityQuestion.objects.prefetch_related("options"), code=code)
    form = TotalsForm(request.POST if request.method == "POST" else None, question=question)
    if form.is_valid():
        given = {"on": form.cleaned_data["on"], "source": form.cleaned_data["source"]}
        if accepted(form, services.record_totals, activity, question, form.numbers, by=request.user, **given):
            messages.success(request, _("The numbers are recorded"))
            return redirect("engagement:who_took_part", activity.pk)
    context = {"activity": activity, "question": question, "form": form}
    return _form_page(request, "engagement/participation/totals_add.html", context)


def _form_page(request, template: str, context: dict):
    return render(request, template, context, status=422 if context["form"].errors else 200)


# Outreach ------------------------------------------------------------------------------------------


@form_page
@may_read
def outreach_add(request, pk):
    """Begin to do something about a gap. `?option=` names the answer that is missing."""
    activity = _activity_to_change(request, pk)
    options = _missing(activity)
    answers = request.POST if request.method == "POST" else None
    form = OutreachForm(answers, options=options, initial={"option": request.GET.get("option")})
    if form.is_valid() and accepted(form, services.begin_outreach, activity, by=request.user, **form.cleaned_data):
        messages.success(request, _("The outreach is recorded, with the share of today"))
        return redirect("engagement:who_took_part", activity.pk)
    return _form_page(request, "engagement/participation/outreach_add.html", {"activity": activity, "form": form})


def _missing(activity: Activity):
    """The answers of people who may be missing, in the order of the questions."""
    shown = picture_of(activity)
    options = EqualityOption.objects.select_related("question")
    missing = [option.pk for option in options if services.may_be_missing(shown, option)]
    return options.filter(pk__in=missing).order_by("question__order", "question__code", "order")


@form_page
@may_read
def outreach_done(request, pk):
    mine = OutreachAction.objects.filter(activity__in=Activity.objects.for_user(request.user).values("pk"))
    action = get_object_or_404(mine.select_related("option__question"), pk=pk)
    activity = _activity_to_change(request, action.activity_id)
    form = OutreachDoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and accepted(form, services.finish_outreach, action, by=request.user, **form.cleaned_data):
        messages.success(request, _("What came of the outreach is recorded"))
        return redirect("engagement:who_took_part", activity.pk)
    context = {"activity": activity, "action": action, "form": form}
    return _form_page(request, "engagement/participation/outreach_done.html", context)


@may_read
@require_safe
def outreach_list(request):
    """What is still to be done, the earliest day first."""
    page = Paginator(services.open_outreach(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "today": timezone.localdate()}
    return render(request, "engagement/participation/outreach_list.html", context)


# A period, and a panel -----------------------------------------------------------------------------


@may_read
@require_safe
def participation_of_period(request):
    """Who took part in everything that happened in a period, and who was not heard at all."""
    periods = Period.objects.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on", "ends_on")
    filters = PeriodFilter(request.GET, periods=periods)
    period = filters.cleaned_data.get("period") or periods.first()
    found = taking_part_in(period, request.user) if period else None
    return render(request, "engagement/participation/period.html", {"filters": filters, "found": found})


@permission_required("people.view_accessneed", raise_exception=True)
@require_safe
def panel_balance(request, pk):
    """A panel beside its residents. Reading what members told about themselves is audited, person by person."""
    forum = get_object_or_404(_forums_of(request.user), pk=pk)
    filters = PanelFilter(request.GET)
    members = Person.objects.filter(pk__in=_seats(forum).values("person"))
    answers = needs.panel_answers(members, by=request.user, purpose=f"to balance the forum {forum.pk}")
    asked = filters.cleaned_data
    found = balance_of(
        forum, answers, size=asked.get("size"), targets=asked.get("group") or (), share=asked.get("share")
    )
    context = {"forum": forum, "filters": filters, "found": found, "members": members.count()}
    return render(request, "engagement/participation/panel_balance.html", context)


def _forums_of(user):
    """Forums of the areas that somebody works for: as `Membership.for_user` has it."""
    areas = user.only_areas()
    forums = Forum.objects.forums().select_related("area")
    return forums if areas is None else forums.filter(area__in=areas)


def _seats(forum: Forum):
    return Membership.objects.current().filter(forum=forum, is_observer=False)
