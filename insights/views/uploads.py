"""Files of comments: chosen, checked by a worker, looked at, taken in."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.forms import add_errors
from core.steps import form_page
from insights.documents.comment_files import NAMES
from insights.documents.held import found_words
from insights.forms.comments import UploadForm
from insights.models import Collection, CommentUpload, Frame
from insights.services import uploads as services
from insights.views.comments import collection_or_404

may_add = permission_required("insights.add_commentupload", raise_exception=True)
may_read = permission_required("insights.view_commentupload", raise_exception=True)


@may_add
@form_page
def comment_upload(request, pk):
    collection = collection_or_404(request, pk)
    is_sent = request.method == "POST"
    frame = Frame.objects.filter(is_default=True).first()
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial={"frame": frame})
    if form.is_valid():
        try:
            upload = services.add_upload(collection, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("insight_work:comment_upload_detail", upload.pk)
    columns = [(names[0], names[1:]) for names in NAMES.values()]
    context = {"collection": collection, "form": form, "columns": columns}
    return render(request, "insights/comments/comment_upload.html", context, status=422 if is_sent else 200)


@may_read
@require_safe
def comment_upload_detail(request, pk):
    upload = _upload_or_404(request, pk)
    context = {
        "upload": upload,
        "result": upload.result,
        "is_ready": services.is_ready(upload),
        "found": found_words(upload.result.get("found", {})),
        "days": upload.result.get("days", {}),
    }
    return render(request, "insights/comments/comment_upload_detail.html", context)


@may_add
@require_POST
def comment_upload_confirm(request, pk):
    upload = _upload_or_404(request, pk)
    if not services.confirm_upload(upload, by=request.user):
        messages.warning(request, _("This file is not waiting to be taken in"))
    return redirect("insight_work:comment_upload_detail", upload.pk)


def _upload_or_404(request, pk) -> CommentUpload:
    mine = Collection.objects.for_user(request.user).values("pk")
    rows = CommentUpload.objects.filter(collection__in=mine).select_related("collection", "frame", "requested_by")
    return get_object_or_404(rows, pk=pk)
