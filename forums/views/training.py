"""Training: booked by members, looked over by staff."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums.models import Training
from forums.services.support import training
from forums.views.access import member_page

PAGE_SIZE = 20


@require_safe
@member_page
def training_list(request):
    records = list(request.person.training_records.select_related("training"))
    for record in records:
        record.due_on, record.is_due = training.due_on(record), training.is_due(record)
    mine = {record.training_id for record in records if record.status == training.Status.BOOKED}
    offered = training.open_to_book().exclude(pk__in=mine).order_by(F("starts_at").asc(nulls_last=True), "title")
    page = Paginator(offered, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "records": records, "needs": training.needed_by(request.person)}
    return render(request, "members/support/training_list.html", context)


@require_POST
@member_page
def training_book(request, pk):
    chosen = get_object_or_404(Training, pk=pk)
    try:
        training.book(chosen, request.person, by=request.user)
        messages.success(request, _("You have a place on “%(title)s”") % {"title": chosen.title})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("members:training_list")


@require_POST
@member_page
def training_cancel(request, pk):
    record = get_object_or_404(request.person.training_records.select_related("training"), training=pk)
    training.cancel(record.training, request.person, by=request.user)
    messages.success(request, _("You have given back your place on “%(title)s”") % {"title": record.training})
    return redirect("members:training_list")


@require_safe
@member_page
def training_certificate(request, pk):
    done = request.person.training_records.filter(done_on__isnull=False).select_related("training")
    record = get_object_or_404(done, pk=pk)
    context = {"record": record, "due_on": training.due_on(record)}
    return render(request, "members/support/training_certificate.html", context)


@require_safe
@permission_required("forums.view_training", raise_exception=True)
def work_list(request):
    newest = training.with_places().order_by(F("starts_at").desc(nulls_first=True), "title")
    page = Paginator(newest, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "work/support/training_list.html", {"page": page, "coverage": training.coverage(request.user)}
    )
