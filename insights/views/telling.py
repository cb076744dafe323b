"""Who took part, who was told of an answer, and the slips with codes: for staff."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.charts import Bar, bars
from core.pdf import PDFUnavailable
from core.steps import accepted, form_page, sent
from engagement.models import Activity
from insights.documents import telling as documents
from insights.documents import verdicts
from insights.forms.telling import ContributorForm, SlipsForm
from insights.models import Contributor, Response, Slips
from insights.services import contributors, receipts
from insights.services import telling as services

PAGE_SIZE = 50
may_see_people = permission_required("insights.view_contributor", raise_exception=True)
may_add_people = permission_required("insights.add_contributor", raise_exception=True)
may_change_people = permission_required("insights.change_contributor", raise_exception=True)
may_read_told = permission_required("insights.view_told", raise_exception=True)
may_tell = permission_required("insights.add_told", raise_exception=True)
may_make_slips = permission_required("insights.add_slips", raise_exception=True)

GATHER = {"forums": contributors.add_from_forums, "comments": contributors.add_from_comments}


def activity_or_404(request, pk) -> Activity:
    return get_object_or_404(Activity.objects.for_user(request.user).select_related("project", "period"), pk=pk)


def activity_to_change(request, pk) -> Activity:
    activity = activity_or_404(request, pk)
    if not activity.may_be_changed_by(request.user):
        raise PermissionDenied
    return activity


def answer_or_404(request, pk) -> Response:
    rows = Response.objects.for_user(request.user).select_related("activity__project", "topic")
    return get_object_or_404(rows, pk=pk)


# Who took part -----------------------------------------------------------------------------------


@may_see_people
@require_safe
def contributor_list(request, pk):
    activity = activity_or_404(request, pk)
    rows = documents.with_people(activity.contributors.order_by("person__name", "pk"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "activity": activity,
        "page": page,
        "rows": documents.rows(page),
        "reachable": documents.reachable(activity.contributors.all()),
        "may_change": request.user.has_perm("insights.add_contributor") and activity.may_be_changed_by(request.user),
    }
    return render(request, "insights/telling/contributor_list.html", context)


@may_add_people
@form_page
def contributor_add(request, pk):
    activity = activity_to_change(request, pk)
    form = ContributorForm(sent(request), user=request.user, initial={"how": Contributor.How.SESSION})
    if form.is_valid() and accepted(form, _add, activity, request.user, **form.cleaned_data):
        messages.success(request, _("They are on the list"))
        return redirect("insight_work:contributor_list", activity.pk)
    context = {"activity": activity, "form": form}
    return render(request, "insights/telling/contributor_add.html", context, status=422 if form.is_bound else 200)


def _add(activity, user, *, person, **fields):
    contributors.add_contributor(activity, person, by=user, **fields)


@may_add_people
@require_POST
def contributor_gather(request, pk):
    """Everybody of the forums that took part, or who sent comments, in one go."""
    activity, gather = activity_to_change(request, pk), GATHER.get(request.POST.get("source"))
    if gather is None:
        raise Http404
    try:
        number = gather(activity, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = ngettext("%(count)s person is new on the list", "%(count)s people are new on the list", number)
        messages.success(request, words % {"count": number})
    return redirect("insight_work:contributor_list", activity.pk)


@may_change_people
@require_POST
def contributor_news(request, pk):
    row = _contributor_to_change(request, pk)
    contributors.set_news(row, by=request.user, wants_no_news=request.POST.get("news") == "no")
    messages.success(request, _("This is noted"))
    return redirect("insight_work:contributor_list", row.activity_id)


@may_change_people
@require_POST
def contributor_remove(request, pk):
    row = _contributor_to_change(request, pk)
    contributors.remove_contributor(row, by=request.user)
    messages.success(request, _("They are no longer on the list"))
    return redirect("insight_work:contributor_list", row.activity_id)


def _contributor_to_change(request, pk) -> Contributor:
    mine = Activity.objects.for_user(request.user).values("pk")
    row = get_object_or_404(Contributor.objects.select_related("activity__project"), pk=pk, activity__in=mine)
    if not row.activity.may_be_changed_by(request.user):
        raise PermissionDenied
    return row


# Who was told ------------------------------------------------------------------------------------


@may_read_told
@require_safe
def told(request, pk):
    response = answer_or_404(request, pk)
    picture = documents.picture(response)
    drawn = [
        Bar(_("Can be told"), picture.reachable.can),
        Bar(_("Told"), picture.told),
        Bar(_("Reached"), picture.reached),
    ]
    heard = verdicts.figures(response.verdicts.all())
    context = {
        "response": response,
        "picture": picture,
        "chart": bars(_("How many people were told and reached"), drawn, ident="told", is_above=True),
        "drawn": [(bar.label, bar.value) for bar in drawn],
        "heard": heard,
        "job": response.tellings.order_by("-pk").first(),
        "may_tell": request.user.has_perm("insights.add_told") and response.activity.may_be_changed_by(request.user),
        "may_enter": request.user.has_perm("insights.add_verdict"),
    }
    return render(request, "insights/telling/told.html", context)


@may_tell
@require_POST
def tell(request, pk):
    response = answer_or_404(request, pk)
    if not response.activity.may_be_changed_by(request.user):
        raise PermissionDenied
    try:
        services.tell(response, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("People are being told. Nobody is told twice"))
    return redirect("insight_work:told", response.pk)


# Slips -------------------------------------------------------------------------------------------


@may_make_slips
@form_page
def slips_add(request, pk):
    activity = activity_to_change(request, pk)
    form = SlipsForm(sent(request))
    if form.is_valid() and accepted(form, receipts.add_slips, activity, by=request.user, **form.cleaned_data):
        messages.success(request, _("The slips are made. Print them below"))
        return redirect("insight_work:slips_add", activity.pk)
    context = {"activity": activity, "form": form, "made": activity.slips.select_related("made_by")}
    return render(request, "insights/telling/slips_add.html", context, status=422 if form.is_bound else 200)


@may_make_slips
@require_safe
def slips_pdf(request, pk):
    slips = get_object_or_404(Slips.objects.select_related("activity"), pk=pk)
    activity_to_change(request, slips.activity_id)
    try:
        pdf = receipts.print_slips(slips, by=request.user)
    except PDFUnavailable:
        messages.error(request, _("No PDF can be made on this machine. Ask the person who runs the system"))
        return redirect("insight_work:slips_add", slips.activity_id)
    headers = {"Content-Disposition": f'attachment; filename="slips-{slips.pk}.pdf"'}
    return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)
