"""The members' portal: the home page, my forums, and what I keep about myself."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import portal as registry
from core.steps import form_page
from forums.forms.portal import DetailsForm, FeedbackForm, LeaveForm, PanelProfileForm, QuestionsForm
from forums.models import Forum, Meeting, Membership
from forums.services import portal, seats
from forums.views.access import member_page
from people.forms.needs import NeedsForm
from people.models import ConsentPurpose, ConsentWording, How
from people.services import consents, needs, privacy, register

OWN = "the person’s own page"


@require_safe
@member_page
def home(request):
    cards = {"waiting": registry.waiting_for(request.person), "came_of_it": registry.came_of(request.person)}
    return render(request, "members/home.html", portal.home_of(request.person) | cards)


@require_safe
@member_page
def forum(request, pk):
    membership = _membership(request, forum=pk)
    meetings = Meeting.objects.for_person(request.person).filter(forum=pk).order_by("-starts_at")
    context = {"membership": membership, "forum": membership.forum, "now": timezone.now(), "meetings": meetings[:20]}
    return render(request, "members/forum.html", context | {"terms": membership.forum.terms.first()})


@form_page
@member_page
def leave(request, pk):
    membership = _membership(request, pk=pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        seats.leave(membership, form.cleaned_data["because"], by=request.user)
        messages.success(
            request, _("You have left %(forum)s. Thank you for taking part.") % {"forum": membership.forum}
        )
        return redirect("members:home")
    return _page(request, "members/leave.html", form, membership=membership)


@form_page
@member_page
def feedback(request, pk):
    membership = _membership(request, forum=pk)
    meeting = _meeting_asked_about(request, membership.forum)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            portal.give_feedback(request.person, membership.forum, meeting, by=request.user, **form.cleaned_data)
            messages.success(request, _("Thank you. The team reads what you said."))
            return redirect("members:forum", membership.forum_id)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, "members/feedback.html", form, forum=membership.forum, meeting=meeting)


@form_page
@member_page
def details(request):
    form = DetailsForm(request.POST if request.method == "POST" else None, instance=copy(request.person))
    if form.is_valid():
        register.update_person(request.person, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your details are saved"))
        return redirect("members:details")
    return _page(request, "members/details.html", form)


@form_page
@member_page
def access_needs(request):
    current = needs.needs_of([request.person], by=request.user, purpose=OWN)[request.person.pk]
    form = NeedsForm(request.POST if request.method == "POST" else None, current=current)
    if form.is_valid():
        needs.set_needs(request.person, form.by_kind, by=request.user)
        messages.success(request, _("We have noted what you need"))
        return redirect("members:needs")
    return _page(request, "members/needs.html", form)


@require_safe
@member_page
def consent_list(request):
    given = consents.in_force(request.person)
    rows = [
        {"wording": wording, "given": given.get(wording.purpose_id)}
        for wording in consents.current_wordings()
        if wording.purpose.for_under_18 or not request.person.is_under_18
    ]
    return render(request, "members/consents.html", {"rows": rows})


@require_POST
@member_page
def consent_change(request, pk):
    wording = get_object_or_404(ConsentWording.objects.select_related("purpose"), pk=pk, purpose__is_service=False)
    try:
        if request.POST.get("agree") == "yes":
            consents.give(request.person, wording, how=How.PORTAL, by=request.user)
            messages.success(request, _("Thank you. We have noted that you agree."))
        else:
            consents.withdraw(request.person, wording.purpose, how=How.PORTAL, by=request.user)
            messages.success(request, _("We have noted that you no longer agree. It works from now on."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("members:consents")


@form_page
@member_page
def panel_profile(request):
    """Only with the explicit consent: without it the page says where to give it."""
    if not request.person.consents.filter(purpose__code=ConsentPurpose.PANEL_PROFILE, withdrawn_at=None).exists():
        return render(request, "members/panel_profile.html", {"form": None})
    profile = needs.panel_profile(request.person, by=request.user, purpose=OWN)
    experience = {"experience": profile.experience} if profile else {}
    answers = profile.answers if profile else {}
    form = PanelProfileForm(
        request.POST if request.method == "POST" else None, answers=answers, initial=answers | experience
    )
    if form.is_valid():
        needs.set_panel_profile(request.person, form.answers, form.cleaned_data["experience"], by=request.user)
        messages.success(request, _("Your answers are saved"))
        return redirect("members:panel_profile")
    return _page(request, "members/panel_profile.html", form)


@form_page
@member_page
def equality(request):
    answers = needs.own_equality_answers(request.person, by=request.user)
    form = QuestionsForm(request.POST if request.method == "POST" else None, answers=answers, initial=answers)
    if form.is_valid():
        needs.set_equality_answers(request.person, form.answers, by=request.user)
        messages.success(request, _("Thank you. Your answers are counted, without your name."))
        return redirect("members:equality")
    return _page(request, "members/equality.html", form, has_answered=bool(answers))


@require_safe
@member_page
def my_data(request):
    open_request = request.person.erasure_requests.filter(decided_at=None).first()
    context = {"open_request": open_request, "looked": portal.who_looked(request.person)}
    return render(request, "members/data.html", context)


@require_POST
@member_page
def download(request):
    content = privacy.export(request.person, by=request.user)
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@require_POST
@member_page
def ask_for_erasure(request):
    privacy.ask_for_erasure(request.person, how=How.PORTAL, by=request.user)
    messages.success(request, _("We have your request. We answer within a month."))
    return redirect("members:data")


# -------------------------------------------------------------------------------------------------


def _membership(request, **which) -> Membership:
    """One of the person's own seats, or 404. Of several on one forum the first."""
    mine = Membership.objects.current().filter(person=request.person).select_related("forum__area", "role")
    found = mine.filter(**which).first()
    return found or get_object_or_404(mine, pk=0)


def _meeting_asked_about(request, forum: Forum) -> Meeting | None:
    number = request.GET.get("meeting", "")
    if not number:
        return None
    mine = Meeting.objects.for_person(request.person).filter(forum=forum)
    return get_object_or_404(mine, pk=int(number) if number.isdecimal() and len(number) < 10 else 0)


def _page(request, template: str, form, **context):
    status = 422 if form is not None and form.is_bound and not form.is_valid() else 200
    return render(request, template, context | {"form": form}, status=status)
