"""Collections of comments, their comments page by page, and who has read them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.forms import add_errors
from core.steps import form_page, say_saved
from engagement.models import Survey
from insights.documents import comments as documents
from insights.documents.coding import history
from insights.forms.comments import CollectionForm, CommentFilter, CommentForm
from insights.models import Collection, Comment
from insights.services import comments as services

PAGE_SIZE = 20
LARGEST_NUMBER = 2**63 - 1
may_read = permission_required(["insights.view_collection", "insights.view_comment"], raise_exception=True)
may_add = permission_required("insights.add_collection", raise_exception=True)
may_add_comment = permission_required(["insights.view_collection", "insights.add_comment"], raise_exception=True)
may_change = permission_required("insights.change_comment", raise_exception=True)


def collection_or_404(request, pk) -> Collection:
    mine = Collection.objects.for_user(request.user).select_related("activity", "survey", "organisation")
    return get_object_or_404(mine, pk=pk)


def comment_or_404(request, pk, **fields) -> Comment:
    mine = Comment.objects.for_user(request.user).select_related("collection", "area", "campaign", "read_by")
    return get_object_or_404(mine, pk=pk, **fields)


@may_read
@require_safe
def collection_list(request):
    mine = Collection.objects.for_user(request.user).select_related("activity", "organisation")
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    counted = Comment.objects.filter(collection__in=[row.pk for row in page]).order_by().values("collection")
    sizes = dict(counted.annotate(size=Count("pk")).values_list("collection", "size"))
    rows = [(row, sizes.get(row.pk, 0)) for row in page]
    return render(request, "insights/comments/collection_list.html", {"page": page, "rows": rows})


@may_add
@form_page
def collection_add(request):
    """With `activity` in the address it begins with that activity."""
    initial = {"activity": request.GET.get("activity")}
    form = CollectionForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            row = services.add_collection(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The collection is there. Add comments to it"), form, row)
            return redirect("insight_work:collection_detail", row.pk)
    status = 422 if form.is_bound else 200
    return render(request, "insights/comments/collection_add.html", {"form": form}, status=status)


@may_read
@require_safe
def collection_detail(request, pk):
    collection = collection_or_404(request, pk)
    uploads = collection.uploads.select_related("requested_by")[:10]
    context = {"collection": collection, "summary": documents.summary(collection), "uploads": uploads}
    return render(request, "insights/comments/collection_detail.html", context)


@may_add_comment
@form_page
def comment_add(request, pk):
    collection = collection_or_404(request, pk)
    form = CommentForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            row = services.add_comment(collection, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _after_adding(request, row)
    context = {"collection": collection, "form": form}
    return render(request, "insights/comments/comment_add.html", context, status=422 if form.is_bound else 200)


def _after_adding(request, row):
    if row.is_held:
        messages.warning(request, _("The comment is kept and held: it seems to hold personal data"))
        return redirect("insight_work:collection_detail", row.collection_id)
    messages.success(request, _("The comment is kept"))
    return redirect("insight_work:comment_detail", row.pk)


@permission_required("insights.add_collection", raise_exception=True)
@require_POST
def survey_gather(request, pk):
    survey = get_object_or_404(Survey.objects.for_user(request.user), pk=pk)
    collection, added = services.gather_survey(survey, by=request.user)
    words = ngettext("%(count)s answer added", "%(count)s answers added", added) % {"count": added}
    messages.success(request, words if added else _("Every answer is in the collection already"))
    return redirect("insight_work:collection_detail", collection.pk)


@may_read
@require_safe
def comment_list(request, pk):
    collection = collection_or_404(request, pk)
    filters = CommentFilter(request.GET, collection=collection)
    rows = filters.narrow(collection.comments.usable())
    context = {
        "collection": collection,
        "filters": filters,
        "page": documents.page_of(rows, _number(request.GET.get("after"))),
        "is_first": not _number(request.GET.get("after")),
        "count": documents.count_up_to(rows),
        "most": documents.MOST_COUNTED,
    }
    return render(request, "insights/comments/comment_list.html", context)


def _number(text) -> int:
    """A number from the address; 0 for anything else."""
    return min(int(text), LARGEST_NUMBER) if text and text.isascii() and text.isdecimal() and len(text) < 20 else 0


@may_change
@require_POST
def comment_read(request, pk):
    collection = collection_or_404(request, pk)
    numbers = [number for text in request.POST.getlist("comment") if (number := _number(text))]
    count = services.mark_read(collection, numbers[: documents.PAGE_SIZE], by=request.user)
    words = ngettext("%(count)s comment is marked as read", "%(count)s comments are marked as read", count)
    messages.success(request, words % {"count": count})
    query = request.POST.get("next", "")
    response = redirect("insight_work:comment_list", collection.pk)
    if query:
        response["Location"] += f"?{_query(query)}"
    return response


def _query(text: str) -> str:
    """The query of the list that was read, and nothing else: each name and value is encoded again."""
    return QueryDict(text).urlencode()


@may_read
@require_safe
def comment_detail(request, pk):
    comment = comment_or_404(request, pk)
    context = {
        "comment": comment,
        "codings": comment.codings.select_related("theme__frame").order_by("theme__frame", "theme__order"),
        "quotes": comment.quotes.order_by("pk"),
        "groups": comment.groups.all(),
        "history": history(comment),
    }
    return render(request, "insights/comments/comment_detail.html", context)
