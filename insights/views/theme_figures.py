"""Figures of themes: of one collection of comments, as a table to keep, and one theme across all collections."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from tablib import Dataset

from core.exports import csv_file
from insights.documents import theme_figures as documents
from insights.documents import theme_pages, theme_splits
from insights.forms.theme_figures import FrameFilter
from insights.models import Collection, Theme

may_read = permission_required("insights.view_collection", raise_exception=True)
may_read_theme = permission_required("insights.view_theme", raise_exception=True)


def _found(request, pk):
    """The collection, the box above its figures, and the figures by the frame that was chosen; None without any."""
    collection = get_object_or_404(Collection.objects.for_user(request.user).select_related("activity"), pk=pk)
    frames = documents.frames_of([collection])
    filters = FrameFilter(request.GET, frames=frames)
    frame = filters.chosen or next(iter(frames), None)
    return collection, filters, documents.theme_figures([collection], frame) if frame else None


@may_read
@require_safe
def theme_figures(request, pk):
    collection, filters, figures = _found(request, pk)
    context = {"collection": collection, "filters": filters, "figures": figures}
    if figures:
        themes = [row.theme for row in figures.rows if row.comments][: theme_splits.MOST_COMPARED]
        given = (figures.scope, themes, figures.numbers.coded)
        context |= {
            "by_group": theme_splits.by_group(*given),
            "by_place": theme_splits.by_place(*given),
            "over_time": theme_splits.over_time(*given),
        }
    return render(request, "insights/findings/theme_figures.html", context)


@may_read
@require_safe
def theme_figures_csv(request, pk):
    """The table of themes to keep: one theme a row."""
    collection, _filters, figures = _found(request, pk)
    if figures is None:
        raise Http404
    table = Dataset(*documents.tidy(figures), headers=documents.HEADERS)
    return csv_file(table, f"themes-{collection.pk}.csv")


@may_read_theme
@require_safe
def theme_page(request, pk):
    """One theme in all collections that the reader may see: figures beside quotes (INS-009, INS-022)."""
    theme = get_object_or_404(Theme.objects.select_related("frame", "replaced_by"), pk=pk)
    page = theme_pages.theme_page(theme, request.user)
    return render(request, "insights/findings/theme_page.html", {"theme": theme, "page": page})
