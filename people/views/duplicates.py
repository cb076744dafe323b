"""Entries that look like the same person: decide that they are two, or make them one."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.models import Person
from people.services import duplicates, merging
from people.views.register import people_of, person_or_404

may_merge = permission_required("people.merge_person", raise_exception=True)
PAGE_SIZE = 20
COMPARED = ("name", "known_as", "email", "phone", "address", "postcode", "birth_year", "area", "channel", "connections")


@may_merge
@require_safe
def duplicate_list(request):
    page = Paginator(duplicates.pairs(people_of(request.user)), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = [number for likeness in page for number in (likeness.first, likeness.second)]
    people = Person.objects.select_related("area").in_bulk(numbers)
    rows = [(likeness, people[likeness.first], people[likeness.second]) for likeness in page]
    return render(request, "people/register/duplicate_list.html", {"page": page, "rows": rows})


@may_merge
@require_POST
def two_people(request, first, second):
    one, other = _pair_or_404(request, first, second)
    duplicates.are_two_people(one, other, by=request.user)
    messages.success(request, _("We will not ask about these two again"))
    return redirect("register:duplicate_list")


@may_merge
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, first, second):
    """Two entries side by side. The button under one keeps it, and moves everything of the other there."""
    one, other = _pair_or_404(request, first, second)
    if request.method == "POST":
        keep, gone = (one, other) if request.POST.get("keep") == str(one.pk) else (other, one)
        if request.POST.get("keep") == str(keep.pk):
            return _merged(request, keep, gone)
        messages.error(request, _("Choose the entry that stays"))
    names = [Person._meta.get_field(name) for name in COMPARED]
    rows = [(field.verbose_name, _shown(one, field), _shown(other, field)) for field in names]
    return render(request, "people/register/merge.html", {"one": one, "other": other, "rows": rows})


def _merged(request, keep, gone):
    try:
        merging.merge(keep, gone, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("register:merge", *sorted((keep.pk, gone.pk)))
    messages.success(request, _("The two entries are one now"))
    return redirect("register:person_detail", keep.pk)


def _pair_or_404(request, first, second):
    if first == second:
        raise Http404
    return person_or_404(request, first), person_or_404(request, second)


def _shown(person, field):
    value = getattr(person, f"get_{field.name}_display")() if field.choices else getattr(person, field.name)
    return value or "–"
