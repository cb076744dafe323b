"""Final reports that were published, as anybody may read and keep them (PUB-007)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reporting.models import AlternativeFormat, Build, BuildFile
from reporting.views import files

PAGE_SIZE = 20


@login_not_required
@require_safe
def public_reports(request):
    builds = (
        Build.objects.public()
        .select_related("report__period")
        .prefetch_related(
            Prefetch("report__alternatives", AlternativeFormat.objects.public(), to_attr="public_alternatives"),
            Prefetch("files", BuildFile.objects.public(), to_attr="public_files"),
        )
    )
    newest = builds.order_by("-report__period__starts_on", "report__kind", "-version", "-pk")
    page = Paginator(newest, PAGE_SIZE).get_page(request.GET.get("page"))
    canonical = settings.SITE_URL + reverse("reporting:public_reports")
    return render(request, "reporting/public_reports.html", {"page": page, "canonical": canonical})


@login_not_required
@require_safe
def public_html(request, pk):
    return files.page(request, _public(pk))


@login_not_required
@require_safe
def public_pdf(request, pk):
    return files.pdf(request, _public(pk), "pdf", "")


@login_not_required
@require_safe
def public_large_print(request, pk):
    return files.pdf(request, _public(pk), "large_print", " large print")


@login_not_required
@require_safe
def public_file(request, pk, kind):
    """A further format of a published version; the Easy Read draft is not among them."""
    found = BuildFile.objects.public().select_related("build__report__period")
    return files.made(request, get_object_or_404(found, build=pk, kind=kind))


@login_not_required
@require_safe
def public_json(request, pk):
    return files.facts(request, _public(pk))


@login_not_required
@require_safe
def public_alternative(request, pk):
    """A format that people made, once a final version of its report is published, and no Easy Read unchecked."""
    published = Build.objects.public().values("report")
    alternatives = AlternativeFormat.objects.public().filter(report__in=published).select_related("report__period")
    return files.alternative(get_object_or_404(alternatives, pk=pk))


def _public(pk) -> Build:
    return get_object_or_404(Build.objects.public().select_related("report__period", "snapshot"), pk=pk)
