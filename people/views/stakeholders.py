"""The map of stakeholders, and what was said to them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.documents.stakeholder_grid import grid_picture
from people.forms.stakeholders import ContactForm, StakeholderFilterForm
from people.models import Area, Stakeholder
from people.services import stakeholders as services

may_read = permission_required("people.view_stakeholder", raise_exception=True)
may_write = permission_required("people.add_stakeholdercontact", raise_exception=True)
NAMES_IN_A_CELL = 8
OVERDUE_SHOWN = 50
CONTACTS_SHOWN = 20


@may_read
@require_safe
def stakeholder_map(request):
    form, found = _narrowed(request)
    cells = services.grid(found)
    overdue = services.overdue(found)
    context = {
        "form": form,
        "rows": _rows(cells),
        "scale": services.SCALE,
        "picture": grid_picture({place: len(names) for place, names in cells.items()}),
        "total": found.count(),
        "placed": sum(len(names) for names in cells.values()),
        "overdue": overdue[:OVERDUE_SHOWN],
        "overdue_total": overdue.count(),
        "gaps": services.gaps(Stakeholder.objects.for_user(request.user)),
        "query": request.GET.urlencode(),
    }
    return render(request, "people/stakeholders/stakeholder_map.html", context)


def _narrowed(request):
    form = StakeholderFilterForm(request.GET)
    form.fields["area"].queryset = _areas(request.user)
    return form, form.narrow(Stakeholder.objects.for_user(request.user))


def _areas(user):
    areas = user.only_areas()
    return Area.objects.all() if areas is None else Area.objects.filter(pk__in=areas)


def _rows(cells) -> list[tuple[int, list[tuple[list[Stakeholder], int]]]]:
    """The table from much influence to little: each cell with its first names, and how many more there are."""
    return [
        (
            influence,
            [
                (cells[interest, influence][:NAMES_IN_A_CELL], len(cells[interest, influence][NAMES_IN_A_CELL:]))
                for interest in services.SCALE
            ],
        )
        for influence in reversed(services.SCALE)
    ]


@may_read
@require_safe
def stakeholder_export(request):
    _form, found = _narrowed(request)
    text = services.export_csv(found, by=request.user)
    disposition = {"Content-Disposition": 'attachment; filename="stakeholders.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=disposition)


@may_write
@require_http_methods(["GET", "HEAD", "POST"])
def stakeholder_contact_add(request, pk):
    stakeholder = get_object_or_404(Stakeholder.objects.for_user(request.user), pk=pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _record(request, stakeholder, form):
        return redirect("register:stakeholder_contact_add", stakeholder.pk)
    contacts = stakeholder.contacts.select_related("by", "by_organisation")[:CONTACTS_SHOWN]
    context = {"stakeholder": stakeholder, "form": form, "contacts": contacts}
    status = 422 if form.is_bound else 200
    return render(request, "people/stakeholders/contact_add.html", context, status=status)


def _record(request, stakeholder, form) -> bool:
    """Whether the contact was kept; warnings stand on the next page."""
    try:
        _contact, warnings = services.record_contact(stakeholder, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The contact is recorded"))
    for warning in warnings:
        messages.warning(request, _("%(warning)s. Agree with them who says what next") % {"warning": warning})
    return True
