"""The part of the library that everybody may read: every view starts from `Source.objects.public()` (INS-007)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.limits import TOO_OFTEN, sent_too_often
from core.steps import accepted
from forums.views.downloads import download
from insights.documents import library as documents
from insights.documents import library_files
from insights.documents.quality import quality
from insights.forms.library_public import LibraryFilter, RemarkForm
from insights.models import Source
from insights.services import remarks

PAGE_SIZE = 20
MOST_REMARKS_AN_HOUR = 30


@login_not_required
@require_safe
def source_list(request):
    public = Source.objects.public()
    filters = LibraryFilter(request.GET, sources=public)
    rows = documents.found(public, filters.cleaned_data).select_related("kind", "organisation")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "canonical": settings.SITE_URL + reverse("library:source_list"),
    }
    return render(request, "library/source_list.html", context)


@login_not_required
@require_safe
def source_detail(request, reference):
    return _page(request, _source_or_404(reference), RemarkForm())


@login_not_required
@require_safe
def source_file(request, pk):
    row = get_object_or_404(library_files.for_everybody(), pk=pk)
    return download(row.file, row.title)


@login_not_required
@require_POST
def remark(request, reference):
    source = _source_or_404(reference)
    form = RemarkForm(request.POST)
    if form.is_valid() and sent_too_often(request, "library-remarks", most=MOST_REMARKS_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
    if form.is_valid() and accepted(form, remarks.send_remark, source, **form.cleaned_data):
        messages.success(request, _("Thank you. We read every remark"))
        return redirect("library:source_detail", reference)
    return _page(request, source, form)


def _source_or_404(reference) -> Source:
    rows = Source.objects.public().select_related("kind", "organisation", "rating", "story")
    return get_object_or_404(rows.prefetch_related("methods", "areas", "groups", "topics"), reference=reference)


def _page(request, source, form):
    context = {
        "source": source,
        "quality": quality(source),
        "files": source.files.free(),
        "led_to": documents.led_to(source),
        "form": form,
        "canonical": settings.SITE_URL + reverse("library:source_detail", args=[source.reference]),
    }
    return render(request, "library/source_detail.html", context, status=422 if form.is_bound else 200)
