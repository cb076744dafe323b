"""Comments coded by hand, one after the other."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.steps import accepted, form_page
from insights.documents import coding as documents
from insights.forms.themes import CodingForm, FrameFilter
from insights.models import Collection, Comment, Frame
from insights.services import coding as services

may_code = permission_required(
    ["insights.view_comment", "insights.add_coding", "insights.change_coding"], raise_exception=True
)


def collection_or_404(request, pk) -> Collection:
    return get_object_or_404(Collection.objects.for_user(request.user), pk=pk)


def frame_of(request) -> Frame | None:
    """The frame that the address or the form names, else the default one; None where there is none at all."""
    given = request.POST if request.method == "POST" else request.GET
    form = FrameFilter(given)
    return form.cleaned_data.get("frame") or Frame.objects.first()


def address(name, pk, frame) -> str:
    return f"{reverse(f'insight_work:{name}', args=[pk])}?frame={frame.pk}"


def no_frame(request, collection):
    return render(request, "insights/themes/no_frame.html", {"collection": collection})


@may_code
@require_safe
def code_next(request, pk):
    collection = collection_or_404(request, pk)
    frame = frame_of(request)
    if frame is None:
        return no_frame(request, collection)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    number = documents.next_uncoded(collection, frame, by=request.user, after=after)
    if number is None:
        messages.success(request, _("Every comment that may be read has been coded"))
        return redirect(address("learn", collection.pk, frame))
    return redirect(address("comment_code", number, frame))


@may_code
@form_page
def comment_code(request, pk):
    mine = Comment.objects.for_user(request.user).usable().select_related("collection", "campaign")
    comment, frame = get_object_or_404(mine, pk=pk), frame_of(request)
    if frame is None:
        return no_frame(request, comment.collection)
    present = comment.codings.counted().filter(theme__frame=frame).values_list("theme", flat=True)
    form = CodingForm(request.POST if request.method == "POST" else None, frame=frame, chosen=present)
    if form.is_valid() and accepted(form, services.code_comment, comment, frame, by=request.user, **form.cleaned_data):
        messages.success(request, _("The codes of comment %(number)s are kept") % {"number": comment.reference})
        return redirect(address("code_next", comment.collection_id, frame))
    return _coding_page(request, comment, frame, form)


def _coding_page(request, comment, frame, form):
    comment.refresh_from_db(fields=["edition"])
    frame.refresh_from_db(fields=["edition"])
    alike = documents.same_words(comment, frame).count()
    context = {
        "comment": comment,
        "collection": comment.collection,
        "frame": frame,
        "other_frames": Frame.objects.exclude(pk=frame.pk),
        "form": form,
        "alike": alike,
        "alike_words": ngettext("%(count)s other comment", "%(count)s other comments", alike) % {"count": f"{alike:,}"},
        "suggested": documents.suggested(comment, frame),
        "history": documents.history(comment),
        # Only what the page has shown becomes the edition that the next attempt rests on.
        "clash": documents.side_by_side(comment, frame, form.chosen) if _is_overtaken(form, comment) else None,
        "retired": documents.retired_among(frame, form.chosen) if form.is_bound else [],
    }
    return render(request, "insights/themes/comment_code.html", context, status=422 if form.is_bound else 200)


def _is_overtaken(form, comment) -> bool:
    return form.is_bound and form.sent_edition != comment.edition
