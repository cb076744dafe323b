"""Documents to review, as a reader finds them: read, answer now or later, see what came of it (POR-005)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import add_errors
from forums.documents.reviews import before_and_after, comments_sent, outcomes_of
from forums.forms.reviews import AnswerForm
from forums.models import Criterion, Review, ReviewAnswer, ReviewVersion
from forums.services import reviews
from forums.views.access import member_page
from forums.views.downloads import download

PAGE_SIZE = 20
COMMENTS_ON_A_PAGE = 50
SAID = {
    "send": _("Your answer is sent. Thank you."),
    "save": _("Your answer is saved. Come back and send it when you are ready."),
    "more": _("Your answer is saved. There is room for another comment."),
}


@require_safe
@member_page
def review_list(request):
    sent = ReviewAnswer.objects.filter(review=OuterRef("pk"), person=request.person, sent_at__isnull=False)
    mine = Review.objects.for_person(request.person).annotate(is_sent=Exists(sent))
    newest = mine.select_related("panel", "organisation").order_by(F("opened_at").desc(), "-pk")
    page = Paginator(newest, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "members/reviews/review_list.html", {"page": page, "today": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def review(request, pk):
    found = get_object_or_404(Review.objects.for_person(request.person).select_related("panel", "organisation"), pk=pk)
    answers = ReviewAnswer.objects.filter(review=found, person=request.person)
    answer = answers.prefetch_related("ratings__criterion", "page_comments").first()
    if request.method == "POST":
        return _answer(request, found, answer)
    form = _form(None, answer) if _takes_answers(found, answer) else None
    return _page(request, found, answer, form)


def _takes_answers(review: Review, answer: ReviewAnswer | None) -> bool:
    return review.status == Review.Status.WITH_PANEL and not (answer and answer.sent_at)


def _form(data, answer: ReviewAnswer | None) -> AnswerForm:
    return AnswerForm(data, criteria=Criterion.objects.filter(is_asked=True), draft=answer)


def _answer(request, review: Review, answer: ReviewAnswer | None):
    """Save or send. Sent twice, the page says the same twice; what came too late is said on the page."""
    do = request.POST.get("do") if request.POST.get("do") in SAID else "save"
    form = _form(request.POST, answer)
    if form.is_valid():
        try:
            reviews.save_answer(review, request.person, by=request.user, send=do == "send", **form.answer)
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _page(request, review, answer, form, status=422)
    messages.success(request, SAID[do])
    address = reverse("members:review", args=[review.pk])
    return redirect(f"{address}#comments" if do == "more" else address)


def _page(request, review: Review, answer: ReviewAnswer | None, form: AnswerForm | None, *, status: int = 200):
    versions = list(review.versions.order_by("number"))
    context = {"review": review, "answer": answer, "form": form, "today": timezone.localdate()}
    context["version"] = next((each for each in reversed(versions) if not each.is_final), None)
    if review.status == Review.Status.RETURNED:
        comments = comments_sent().filter(answer__review=review).order_by(F("page").asc(nulls_last=True), "pk")
        context["final"] = next((each for each in versions if each.is_final), None)
        context["readability"] = before_and_after(versions)
        context["outcomes"] = outcomes_of([review])[review.pk]
        context["comments"] = Paginator(comments, COMMENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "members/reviews/review.html", context, status=status)


@require_safe
@member_page
def review_file(request, pk, number):
    """A version as a file. The final one is there when the result is."""
    mine = Review.objects.for_person(request.person)
    versions = ReviewVersion.objects.filter(review__in=mine, review=pk, number=number).exclude(file="")
    returned = versions.filter(review__status=Review.Status.RETURNED)
    version = get_object_or_404(versions.filter(is_final=False) | returned)
    return download(version.file, str(version))
