"""Thanks: given by staff to one or several, read by members with all that they gave."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.pdf import PDFUnavailable
from forums.documents.thanks import contribution, contribution_pdf
from forums.forms.support import ThanksForm
from forums.services.support import thanks
from forums.views.access import member_page
from people.models import Person

PAGE_SIZE = 50


@require_safe
@member_page
def thanks_list(request):
    return render(request, "members/support/thanks_list.html", {"contribution": contribution(request.person)})


@require_safe
@member_page
def thanks_pdf(request):
    try:
        content = contribution_pdf(request.person)
    except PDFUnavailable:
        messages.error(request, _("We cannot make the PDF at the moment. Print this page instead"))
        return redirect("members:thanks_list")
    headers = {"Content-Disposition": 'attachment; filename="contribution.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("forums.add_thanks", raise_exception=True)
def work_list(request):
    latest = Greatest(Coalesce("left", "met"), Coalesce("met", "left"))
    page = Paginator(thanks.to_thank(request.user).order_by(latest.desc(), "name", "pk"), PAGE_SIZE)
    page = page.get_page(request.GET.get("page"))
    form = ThanksForm(
        request.POST if request.method == "POST" else None,
        people=Person.objects.known().for_user(request.user),
        labels={person.pk: _why(person) for person in page},
    )
    if form.is_valid() and _thanked(request, form):
        return redirect("work:thanks_list")
    status = 422 if form.errors else 200
    return render(request, "work/support/thanks_list.html", {"page": page, "form": form}, status=status)


def _thanked(request, form) -> bool:
    """Whether everybody chosen is thanked: all of them or nobody."""
    answers = form.cleaned_data
    people = answers.pop("people")
    try:
        with transaction.atomic():
            for person in people:
                thanks.thank(person, by=request.user, **answers)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    words = ngettext("%(count)s person is thanked", "%(count)s people are thanked", len(people))
    messages.success(request, words % {"count": len(people)})
    return True


def _why(person: Person) -> str:
    """The name, and what there is to thank for."""
    left, met = (day and date_format(day, "j F Y") for day in (person.left, person.met))
    words = {"name": person.name, "left": left, "met": met}
    if left and met:
        return _("%(name)s: left on %(left)s, was at a meeting on %(met)s") % words
    return (_("%(name)s: left on %(left)s") if left else _("%(name)s: was at a meeting on %(met)s")) % words
