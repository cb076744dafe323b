"""People's rights over their data, for staff: give a copy, note a request to be erased, decide it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.forms.register import ErasureAskForm, RefusalForm
from people.services import privacy
from people.views.register import may_change, person_or_404

may_decide = permission_required("people.decide_erasure", raise_exception=True)
PAGE_SIZE = 50


@may_change
@require_POST
def person_export(request, pk):
    content = privacy.export(person_or_404(request, pk), by=request.user)
    headers = {"Content-Disposition": f'attachment; filename="person-{pk}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@may_change
@require_POST
def erasure_ask(request, pk):
    person = person_or_404(request, pk)
    form = ErasureAskForm(request.POST)
    if form.is_valid():
        privacy.ask_for_erasure(person, how=form.cleaned_data["how"], by=request.user)
        messages.success(request, _("The request is noted. A second person decides within a month"))
    else:
        messages.error(request, _("Select how they asked"))
    return redirect("register:person_detail", pk)


@may_decide
@require_safe
def erasure_list(request):
    page = Paginator(privacy.open_requests(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [(each, (today - timezone.localdate(each.asked_at)).days, privacy.due_on(each)) for each in page]
    context = {"page": page, "rows": rows, "today": today}
    return render(request, "people/register/erasure_list.html", context)


@may_decide
@require_http_methods(["GET", "HEAD", "POST"])
def erasure_detail(request, pk):
    """One request: what an erasure would do, and two buttons. A decided one shows what was done."""
    asked = get_object_or_404(privacy.requests_for(request.user), pk=pk)
    form = RefusalForm(request.POST if request.POST.get("decision") == "refuse" else None)
    is_sent = request.method == "POST"
    if is_sent and (request.POST.get("decision") == "erase" or form.is_valid()):
        return _decided(request, asked, form)
    context = {
        "asked": asked,
        "due": privacy.due_on(asked),
        "parts": privacy.certificate_of(asked)
        if asked.decided_at
        else privacy.preview_erasure(asked.person, by=request.user),
        "waits": [] if asked.decided_at else privacy.reasons_to_wait(asked.person),
        "may_decide": privacy.may_decide(asked, request.user),
        "form": form,
    }
    return render(request, "people/register/erasure_detail.html", context, status=422 if is_sent else 200)


def _decided(request, asked, form):
    try:
        if form.is_bound:
            privacy.refuse(asked, form.cleaned_data["reason"], by=request.user)
        else:
            privacy.erase(asked, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The request is decided"))
    return redirect("register:erasure_detail", asked.pk)
