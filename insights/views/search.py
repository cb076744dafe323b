"""The search of staff: everything that the user may see, in one place."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import search
from insights.forms.search import SearchForm


@permission_required("insights.view_response", raise_exception=True)
@require_safe
def search_page(request):
    form = SearchForm(request.GET)
    number = request.GET.get("page", "")
    results = search.find(
        form.cleaned_data.get("q", ""),
        user=request.user,
        kinds=form.kinds(),
        tags=form.tags(),
        page=int(number) if number.isdecimal() and len(number) < 9 else 1,
        exact="exact" in request.GET,
    )
    page = Paginator(range(results.ranked), search.PAGE_SIZE).get_page(results.page)
    counts = [(kind, results.counts[code]) for code, kind in search.kinds().items() if code in (results.counts or {})]
    context = {"form": form, "results": results, "page": page, "counts": counts, "ranked": search.RANKED}
    return render(request, "insights/search.html", context)


@permission_required("insights.view_response", raise_exception=True)
@require_safe
def more_like(request, kind, pk):
    """What says nearly the same as one record: look here before anybody is asked again."""
    found = search.kinds().get(kind)
    if found is None:
        raise Http404
    rows = found.for_user(request.user)
    row = get_object_or_404(found.model.objects.all() if rows is None else rows, pk=pk)
    hits = search.more_like(kind=kind, pk=row.pk, user=request.user)
    context = {"row": row, "kind": found, "url": found.url(row), "hits": hits}
    return render(request, "insights/more_like.html", context)
