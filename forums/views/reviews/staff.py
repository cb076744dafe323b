"""Reviews as staff work on them: ask a panel, follow the answers, decide on comments, send the result (REV-*)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.charts import Bar, bars
from core.forms import add_errors
from core.steps import form_page
from forums.documents import reviews as facts
from forums.forms.reviews import (
    DecisionForm,
    RecordedAnswerForm,
    ResultForm,
    ReviewFilter,
    ReviewForm,
    VersionForm,
)
from forums.models import Criterion, Forum, Membership, PageComment, Rating, Review, ReviewAnswer, ReviewVersion
from forums.services import reviews
from forums.views.downloads import download
from people.models import Person

PAGE_SIZE = 20
COMMENTS_ON_A_PAGE = ANSWERS_ON_A_PAGE = 50
BOXES_ON_PAPER = 6
Status = Review.Status
may_read = permission_required("forums.view_review", raise_exception=True)
may_ask = permission_required("forums.add_review", raise_exception=True)
may_decide = permission_required("forums.change_review", raise_exception=True)
may_record = permission_required(["forums.change_review", "people.view_person"], raise_exception=True)


def _review(request, pk) -> Review:
    return get_object_or_404(Review.objects.for_user(request.user).select_related("panel", "organisation"), pk=pk)


def _data(request):
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


# The list, and asking ----------------------------------------------------------------------------


@may_read
@require_safe
def review_list(request):
    mine = Review.objects.for_user(request.user)
    filters = ReviewFilter(request.GET, reviews=mine)
    today = timezone.localdate()
    found = _filtered(mine.select_related("panel", "organisation"), filters.cleaned_data, today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    readers = facts.readers_of(page.object_list)
    rows = [{"review": each, "readers": readers[each.pk], "is_late": _is_late(each, today)} for each in page]
    return render(request, "work/reviews/review_list.html", {"filters": filters, "page": page, "rows": rows})


def _filtered(found, chosen: dict, today):
    if chosen.get("panel"):
        found = found.filter(panel=chosen["panel"])
    if chosen.get("status") == "late":
        return found.filter(status=Status.WITH_PANEL, deadline__lt=today)
    return found.filter(status=chosen["status"]) if chosen.get("status") else found


def _is_late(review: Review, today) -> bool:
    """Whether the day for answers has passed and the review still waits for somebody to close it."""
    return review.status == Status.WITH_PANEL and review.deadline < today


@may_ask
@form_page
def review_add(request):
    areas = request.user.only_areas()
    panels = Forum.objects.all() if areas is None else Forum.objects.filter(area__in=areas)
    form = ReviewForm(*_data(request), panels=panels)
    if form.is_valid():
        review = _done(form, reviews.request_review, by=request.user, **form.cleaned_data)
        if review:
            messages.success(request, _("Saved. Send it to the readers when it is ready."))
            return redirect("work:review_detail", review.pk)
    return _form_page(request, "review_form", form, heading=_("Ask readers to review a document"))


def _done(form, service, *args, **kwargs):
    """What the service returns; None when it refuses, with its words on the form."""
    try:
        return service(*args, **kwargs)
    except ValidationError as error:
        add_errors(form, error)
        return None


def _form_page(request, template: str, form, **context):
    status = 422 if form.errors else 200
    return render(request, f"work/reviews/{template}.html", context | {"form": form}, status=status)


# One review --------------------------------------------------------------------------------------


@may_read
@require_safe
def review_detail(request, pk):
    return _detail_page(request, _review(request, pk))


def _detail_page(request, review: Review, bound: dict | None = None, *, status: int = 200):
    """The page of a review. `bound` holds the form of the comment that was decided on wrongly, by its number."""
    comments = facts.comments_sent().filter(answer__review=review).select_related("answer__person")
    ordered = comments.order_by(F("page").asc(nulls_last=True), "pk")
    page = Paginator(ordered, COMMENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    versions = list(review.versions.all())
    may_change = request.user.has_perm("forums.change_review") and review.status != Status.RETURNED
    context = {
        "review": review,
        "versions": versions,
        "readers": facts.readers_of([review])[review.pk],
        "spreads": [(each, _chart(each)) for each in facts.spreads_of([review])[review.pk]],
        "outcomes": facts.outcomes_of([review])[review.pk],
        "readability": facts.before_and_after(versions),
        "page": page,
        "comments": [(each, (bound or {}).get(each.pk) or _decision(each)) for each in page],
        "is_late": _is_late(review, timezone.localdate()),
        "may_change": may_change,
        "shows_names": request.user.has_perm("people.view_person"),
        "form": next(iter((bound or {}).values()), None),
    }
    return render(request, "work/reviews/review_detail.html", context, status=status)


def _chart(spread: facts.Spread):
    labels = [str(label) for label in Rating.Score.labels]
    rows = [Bar(label, number) for label, number in zip(labels, spread.counts, strict=True)]
    return bars(str(spread.criterion), rows, ident=f"criterion-{spread.criterion.pk}")


def _decision(comment: PageComment, data=None) -> DecisionForm:
    initial = {"outcome": comment.outcome, "reason": comment.reason}
    return DecisionForm(data, prefix=f"comment-{comment.pk}", initial=initial)


@may_decide
@require_POST
def review_decide(request, pk):
    mine = facts.comments_sent().filter(answer__review__in=Review.objects.for_user(request.user))
    comment = get_object_or_404(mine.select_related("answer__review__panel", "answer__review__organisation"), pk=pk)
    form, review = _decision(comment, request.POST), comment.answer.review
    if form.is_valid() and _done(form, reviews.decide, comment, by=request.user, **form.cleaned_data):
        messages.success(request, _("The decision is saved."))
        address = reverse("work:review_detail", args=[review.pk])
        number = request.GET.get("page", "")
        return redirect(f"{address}?page={number if number.isdecimal() else 1}#comment-{comment.pk}")
    return _detail_page(request, review, {comment.pk: form}, status=422)


@may_read
@require_safe
def review_answers(request, pk):
    """What each reader says about the whole. Who wrote what is for those who may read the register."""
    review = _review(request, pk)
    sent = review.answers.filter(sent_at__isnull=False).select_related("person", "recorded_by")
    page = Paginator(sent.prefetch_related("ratings__criterion"), ANSWERS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"review": review, "page": page, "shows_names": request.user.has_perm("people.view_person")}
    return render(request, "work/reviews/review_answers.html", context)


@may_read
@require_safe
def review_file(request, pk, number):
    mine = ReviewVersion.objects.filter(review__in=Review.objects.for_user(request.user)).exclude(file="")
    version = get_object_or_404(mine.select_related("review"), review=pk, number=number)
    return download(version.file, str(version))


# Steps -------------------------------------------------------------------------------------------


def _step(request, pk, service, said: str):
    review = _review(request, pk)
    try:
        service(review, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("work:review_detail", review.pk)


@may_decide
@require_POST
def review_open(request, pk):
    return _step(request, pk, reviews.open_review, _("The document is with the readers."))


@may_decide
@require_POST
def review_close(request, pk):
    return _step(request, pk, reviews.close_review, _("The review is closed. Decide on the comments now."))


@may_decide
@form_page
def review_version(request, pk):
    review = _review(request, pk)
    form = VersionForm(*_data(request), may_be_final=review.status == Status.COMMENTS_IN)
    if form.is_valid() and _done(form, reviews.add_version, review, by=request.user, **form.cleaned_data):
        messages.success(request, _("The version is saved."))
        return redirect("work:review_detail", review.pk)
    return _form_page(request, "review_form", form, review=review, heading=_("Add a version"))


@may_decide
@form_page
def review_return(request, pk):
    review = _review(request, pk)
    form = ResultForm(request.POST if request.method == "POST" else None, initial={"result": review.result})
    if form.is_valid() and _done(form, reviews.return_result, review, by=request.user, **form.cleaned_data):
        messages.success(request, _("The result is sent to every reader who answered."))
        return redirect("work:review_detail", review.pk)
    return _form_page(request, "review_form", form, review=review, heading=_("Send the result to the readers"))


@may_record
@form_page
def review_record(request, pk):
    """Enter what a reader said on paper or by phone. `boxes` in the address asks for more boxes."""
    review = _review(request, pk)
    seats = Membership.objects.current().filter(forum=review.panel)
    sent = ReviewAnswer.objects.filter(review=review, sent_at__isnull=False)
    readers = Person.objects.known().filter(memberships__in=seats).exclude(review_answers__in=sent).distinct()
    asked = request.GET.get("boxes", "")
    spare = int(asked) if asked.isdecimal() and len(asked) < 3 else BOXES_ON_PAPER
    criteria = Criterion.objects.filter(is_asked=True)
    data = request.POST if request.method == "POST" else None
    form = RecordedAnswerForm(data, criteria=criteria, spare=spare, readers=readers)
    if form.is_valid() and _recorded(form, review, request.user):
        messages.success(request, _("The answer is recorded."))
        return redirect("work:review_detail", review.pk)
    return _form_page(request, "review_record", form, review=review)


def _recorded(form: RecordedAnswerForm, review: Review, user):
    person = form.cleaned_data["person"]
    return _done(form, reviews.save_answer, review, person, by=user, send=True, **form.answer)
