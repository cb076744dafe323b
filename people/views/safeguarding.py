"""People under 18 and concerns, for the safeguarding lead; and the page for anybody who is worried."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.limits import sent_too_often
from people.forms.safeguarding import CloseConcernForm, ConcernForm, YoungPersonForm
from people.models import Concern, Person
from people.services import safeguarding

may_read_young = permission_required("people.view_youngperson", raise_exception=True)
may_change_young = permission_required("people.change_youngperson", raise_exception=True)
may_read_concerns = permission_required("people.view_concern", raise_exception=True)
PAGE_SIZE = 50
MOST_AN_HOUR = 20
TOO_MANY = gettext_lazy(
    "We have had many messages from where you are, so this one is not sent yet. Your words are still below. "
    "Try again in an hour, or phone one of the numbers on this page"
)

# People under 18 ---------------------------------------------------------------------------------


@may_read_young
@require_safe
def young_list(request):
    page = Paginator(_under_18(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = safeguarding.young_people(page.object_list, by=request.user)
    return render(request, "people/safeguarding/young_list.html", {"page": page, "rows": rows})


def _under_18(user):
    """Everybody who is under 18, or may be by the year of birth; the youngest last, those in doubt first."""
    today = timezone.localdate()
    in_doubt = Q(adult_from=None, birth_year__gte=today.year - safeguarding.ADULT)
    people = Person.objects.known().for_user(user).filter(in_doubt | Q(adult_from__gt=today))
    return people.order_by("safeguards", "adult_from", "name", "pk")


@may_change_young
@require_http_methods(["GET", "HEAD", "POST"])
def young_detail(request, pk):
    person = get_object_or_404(Person.objects.known().for_user(request.user), pk=pk)
    if request.method == "POST":
        form = YoungPersonForm(request.POST)
        if form.is_valid() and _record_young(request, person, form):
            return redirect("register:young_list")
        return _young_page(request, person, form, status=422)
    young = safeguarding.young_person(person, by=request.user, purpose="to check the safeguards")
    kept = {name: getattr(young, name) for name in YoungPersonForm.base_fields} if young else None
    return _young_page(request, person, YoungPersonForm(initial=kept), status=200)


def _young_page(request, person, form, *, status: int):
    context = {"person": person, "form": form}
    return render(request, "people/safeguarding/young_detail.html", context, status=status)


def _record_young(request, person, form) -> bool:
    try:
        young = safeguarding.record_young_person(person, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    if young is None:
        messages.success(request, _("%(name)s is an adult. Only the year of birth is kept") % {"name": person})
    else:
        messages.success(request, _("The record of %(name)s is saved") % {"name": person})
    return True


# Concerns, for the safeguarding lead -------------------------------------------------------------


@may_read_concerns
@require_safe
def concern_list(request):
    page = Paginator(safeguarding.list_concerns(by=request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "people/safeguarding/concern_list.html", {"page": page})


@may_read_concerns
@require_http_methods(["GET", "HEAD", "POST"])
def concern_detail(request, pk):
    concern = get_object_or_404(Concern.objects.select_related("read_by"), pk=pk)
    form = CloseConcernForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _close(request, concern, form):
        return redirect("register:concern_list")
    safeguarding.read_concern(concern, by=request.user)
    context = {"concern": concern, "form": form}
    return render(request, "people/safeguarding/concern_detail.html", context, status=422 if form.is_bound else 200)


def _close(request, concern, form) -> bool:
    try:
        safeguarding.close_concern(concern, form.cleaned_data["what_was_done"], by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The concern is closed"))
    return True


# “I am worried about something” ------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def concern_add(request):
    form = ConcernForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _worried_page(request, form, status=422 if form.is_bound else 200)
    if sent_too_often(request, "concerns", most=MOST_AN_HOUR):
        form.add_error(None, TOO_MANY)
        return _worried_page(request, form, status=429)
    safeguarding.raise_concern(form.cleaned_data["text"], form.cleaned_data["contact"])
    return redirect("people:concern_sent")


def _worried_page(request, form, *, status: int):
    return render(request, "people/safeguarding/concern_add.html", {"form": form}, status=status)


@login_not_required
@require_safe
def concern_sent(request):
    return render(request, "people/safeguarding/concern_sent.html")
