"""What partner organisations do here: send in what they heard, see what became of it, read what is shared (INS-011)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.steps import accepted, form_page
from forums.views.downloads import download
from insights.documents import library as documents
from insights.documents import library_files
from insights.forms.library_public import ContributionForm, LibraryFilter
from insights.models import Source
from insights.services import contributions as services
from people.models import Organisation

PAGE_SIZE = 20
may_contribute = permission_required("insights.contribute", raise_exception=True)


@may_contribute
@require_safe
def home(request):
    rows = Source.objects.sent_in_by(request.user).select_related("kind").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "partners/home.html", {"page": page, "organisations": _organisations(request.user)})


@may_contribute
@form_page
def contribute(request):
    form = ContributionForm(
        request.POST if request.method == "POST" else None, organisations=_organisations(request.user)
    )
    if form.is_valid() and accepted(form, services.contribute, by=request.user, **form.values):
        messages.success(request, _("Thank you. We look at it, and you see here what becomes of it"))
        return redirect("partners:home")
    return render(request, "partners/contribute.html", {"form": form}, status=422 if form.is_bound else 200)


@may_contribute
@require_safe
def contribution_detail(request, pk):
    """What was sent, as it was sent: what staff make of it later is theirs until they share it."""
    source = get_object_or_404(Source.objects.sent_in_by(request.user), pk=pk)
    is_public = Source.objects.public().filter(pk=source.pk).exists()
    context = {
        "source": source,
        "as_sent": source.versions.earliest("history_date", "history_id"),
        "is_public": is_public,
        "is_shared": is_public or Source.objects.for_partners().filter(pk=source.pk).exists(),
        "led_to": documents.led_to(source),
    }
    return render(request, "partners/contribution_detail.html", context)


@may_contribute
@require_safe
def source_list(request):
    shared = Source.objects.for_partners()
    filters = LibraryFilter(request.GET, sources=shared)
    rows = documents.found(shared, filters.cleaned_data).select_related("kind", "organisation")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "partners/source_list.html", {"filters": filters, "page": page})


@may_contribute
@require_safe
def source_detail(request, pk):
    rows = Source.objects.for_partners().select_related("kind", "organisation", "rating")
    source = get_object_or_404(rows.prefetch_related("methods", "areas", "groups", "topics"), pk=pk)
    context = {"source": source, "files": source.files.free(), "led_to": documents.led_to(source)}
    return render(request, "partners/source_detail.html", context)


@may_contribute
@require_safe
def source_file(request, pk):
    row = get_object_or_404(library_files.for_partners(), pk=pk)
    return download(row.file, row.title)


def _organisations(user):
    """The organisations that somebody is a partner for; none for staff, who send in what they heard themselves."""
    return Organisation.objects.filter(pk__in=user.roles.filter(name="partner").values("organisation"))
