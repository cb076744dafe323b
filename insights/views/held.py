"""Comments that hold personal data: one by one, by those who may read them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core import audit
from core.forms import Form
from core.steps import Step, form_page, offered, take
from insights.documents.held import found_words
from insights.forms.comments import MaskForm, ReleaseForm
from insights.models import Comment
from insights.services import held as services

PAGE_SIZE = 50
may_decide = permission_required("insights.read_held_comment", raise_exception=True)

STEPS = {
    "mask": Step(
        gettext_lazy("Mask what is personal"),
        (),
        MaskForm,
        services.mask_comment,
        gettext_lazy("What was personal is masked. The comment can be read now"),
    ),
    "release": Step(
        gettext_lazy("Release it: nothing in it is personal"),
        (),
        ReleaseForm,
        services.release_comment,
        gettext_lazy("The comment can be read now"),
    ),
    "delete": Step(
        gettext_lazy("Delete its words"),
        (),
        Form,
        services.delete_words,
        gettext_lazy("The words are gone"),
    ),
}


@may_decide
@require_safe
def held_list(request):
    rows = Comment.objects.for_user(request.user).held().select_related("collection").order_by("pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [(row, found_words(row.found)) for row in page]
    return render(request, "insights/comments/held_list.html", {"page": page, "rows": shown})


@may_decide
@form_page
def held_decide(request, pk):
    """Who opens a held comment reads personal data: that is noted each time."""
    mine = Comment.objects.for_user(request.user).select_related("collection", "said_by")
    comment = get_object_or_404(mine, pk=pk)
    if not comment.is_held:
        messages.info(request, _("Somebody has decided on this comment already"))
        return redirect("insight_work:held_list")
    sent, form = request.POST.get("step", ""), None
    if request.method == "POST":
        form = take(request, STEPS, sent, comment)
        if form is None:
            return redirect("insight_work:held_list")
    audit.record(request.user, "opened a held comment", comment)
    context = {"comment": comment, "found": found_words(comment.found), "form": form}
    context["steps"] = offered(STEPS, STEPS, sent, form)
    return render(request, "insights/comments/held_decide.html", context, status=422 if form else 200)
