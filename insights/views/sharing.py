"""Passing on what is public: to the members of a forum, or in a newsletter (INS-008, YSD-008)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.forms import add_errors
from core.steps import accepted, form_page
from insights.documents import sharing as documents
from insights.forms.sharing import TellForm, ThroughForm
from insights.models import Response, Shared, Source
from insights.services import sharing as services

PAGE_SIZE, QUEUE = 20, 20
may_read = permission_required("insights.view_shared", raise_exception=True)
may_add = permission_required("insights.add_shared", raise_exception=True)
PAGES = {"source": "insight_work:source_detail", "response": "insight_work:answer_detail"}


@may_read
@require_safe
def shared_list(request):
    rows = Shared.objects.for_user(request.user).with_names()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = documents.never_passed_on(request.user)
    context = {"page": page, "waiting": waiting[:QUEUE], "waiting_count": waiting.count()}
    return render(request, "insights/learning/shared_list.html", context)


@may_add
@form_page
def share_add(request, kind, pk):
    """Two forms on one page: which of them was sent says the name of its button."""
    row = _row_or_404(request, kind, pk)
    is_tell = "tell" in request.POST
    tell = TellForm(request.POST if is_tell else None, prefix="tell", user=request.user)
    through = ThroughForm(request.POST if request.method == "POST" and not is_tell else None, prefix="through")
    if is_tell and tell.is_valid() and _told(request, tell, row):
        return redirect("insight_work:share_add", kind, pk)
    if _noted(request, through, row):
        return redirect("insight_work:share_add", kind, pk)
    is_public = type(row).objects.public().filter(pk=row.pk).exists()
    context = {"row": row, "kind": kind, "page": PAGES[kind], "is_public": is_public, "tell": tell, "through": through}
    context["form"] = tell if is_tell else through
    return render(request, "insights/learning/share_add.html", context, status=422 if context["form"].is_bound else 200)


def _noted(request, form: ThroughForm, row) -> bool:
    done = form.is_valid() and accepted(form, services.note_passed_on, row, by=request.user, **form.cleaned_data)
    if done:
        messages.success(request, _("It is noted"))
    return done


def _told(request, form: TellForm, row) -> bool:
    """Whether the members were written to; then it is said how many were not."""
    try:
        shared = services.tell_forum(row, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    number = shared.written_to or 0
    words = ngettext("%(number)s member is written to", "%(number)s members are written to", number)
    messages.success(request, words % {"number": number})
    if failed := documents.failed(shared):
        words = ngettext(
            "%(number)s member cannot be written to. The list of messages says why",
            "%(number)s members cannot be written to. The list of messages says why",
            failed,
        )
        messages.warning(request, words % {"number": failed})
    return True


def _row_or_404(request, kind, pk) -> Source | Response:
    if kind == "source":
        return get_object_or_404(Source.objects.for_user(request.user), pk=pk)
    if kind == "response":
        return get_object_or_404(Response.objects.for_user(request.user).select_related("topic"), pk=pk)
    raise Http404
