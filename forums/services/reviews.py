"""The reader panel: a document goes to its readers, their answers come in, the result goes back (REV-*, POR-005)."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from forums.documents.reviews import comments_sent
from forums.models import Criterion, Forum, Membership, PageComment, Rating, Review, ReviewAnswer, ReviewVersion
from people.models import ConsentPurpose, Person, User
from people.services import messages

Status = Review.Status
CLOSED = (Status.COMMENTS_IN, Status.REVISED, Status.RETURNED)
REASON_NEEDED = (PageComment.Outcome.PARTLY, PageComment.Outcome.NOT)


def _locked(review: Review) -> Review:
    """The review as it is now. Whoever changes it or what hangs on it waits here for the other."""
    return Review.objects.select_for_update().get(pk=review.pk)


# Asking and opening ------------------------------------------------------------------------------


@transaction.atomic
def request_review(
    *, by: User, panel: Forum, deadline: datetime.date, text: str = "", file: ContentFile | None = None, **values
) -> Review:
    """Ask a panel to read a document; its first version is kept. `values` are further fields of Review.

    Raises ValidationError for a deadline in the past, a panel that does not work, or a document without a word.
    """
    if deadline < timezone.localdate():
        raise ValidationError({"deadline": _("The day by which you want answers must not be in the past")})
    if panel.status not in Forum.WORKING:
        raise ValidationError({"panel": _("%(panel)s does not meet now. Choose another panel") % {"panel": panel}})
    review = Review(panel=panel, deadline=deadline, **values)
    review.full_clean()
    review.save()
    _keep_version(review, text, file, is_final=False)
    audit.record(by, "asked for a review", review, panel=panel.pk)
    return review


@transaction.atomic
def add_version(
    review: Review, *, by: User, text: str = "", file: ContentFile | None = None, is_final: bool = False
) -> ReviewVersion:
    """Keep another version: before the readers have one, or after their comments are in. Raises ValidationError."""
    review = _locked(review)
    if review.status == Status.WITH_PANEL:
        raise ValidationError(_("The readers are at work on the present version. Close the review first"))
    if review.status == Status.RETURNED:
        raise ValidationError(_("The result has been sent to the readers. Nothing can be added"))
    if is_final and review.status == Status.REQUESTED:
        raise ValidationError(_("The readers have not seen the document yet. Send it to them first"))
    if is_final and review.versions.filter(is_final=True).exists():
        raise ValidationError(_("There is a final version already"))
    version = _keep_version(review, text, file, is_final=is_final)
    if is_final:
        review.status = Status.REVISED
        review.save(update_fields=["status", "updated_at"])
    audit.record(by, "added a version", review, version=version.number, is_final=is_final)
    return version


def _keep_version(review: Review, text: str, file: ContentFile | None, *, is_final: bool) -> ReviewVersion:
    if not text.strip() and not file:
        raise ValidationError({"text": _("Paste the words of the document, or choose its file")})
    last = review.versions.order_by("-number").first()
    version = ReviewVersion(review=review, number=last.number + 1 if last else 1, text=text, is_final=is_final)
    if file:
        version.file = file
    version.save()
    return version


@transaction.atomic
def open_review(review: Review, *, by: User) -> Review:
    """Send the document to every current member of the panel. One that is open already stays as it is.

    Raises ValidationError without a version or without readers.
    """
    review = _locked(review)
    if review.status != Status.REQUESTED:
        return review
    if not review.versions.exists():
        raise ValidationError(_("Add the document before you send it to the readers"))
    seats = Membership.objects.current().filter(forum=review.panel)
    readers = list(Person.objects.known().filter(memberships__in=seats).distinct().order_by("pk"))
    if not readers:
        raise ValidationError(_("Nobody sits on %(panel)s today. Appoint readers first") % {"panel": review.panel})
    review.status, review.opened_at = Status.WITH_PANEL, timezone.now()
    review.save(update_fields=["status", "opened_at", "updated_at"])
    audit.record(by, "sent to the readers", review, readers=len(readers))
    subject = _("Please read: %(title)s") % {"title": review.title}
    body = _(
        "%(panel)s is asked to read “%(title)s” before it is published.\n\n"
        "Please say what you think by %(day)s:\n%(address)s\n\n"
        "You may also answer on paper or by phone."
    ) % {
        "panel": review.panel,
        "title": review.title,
        "day": date_format(review.deadline, "j F Y"),
        "address": address_of(review),
    }
    _tell(readers, review, "opened", subject, body, by=by)
    return review


def address_of(review: Review) -> str:
    """Where readers find the review and, later, its result."""
    return settings.SITE_URL + reverse("members:review", args=[review.pk])


def _tell(people: Iterable[Person], review: Review, what: str, subject: str, body: str, *, by: User) -> None:
    for person in people:
        key = f"review-{review.pk}-{what}-{person.pk}"
        messages.write(person, ConsentPurpose.MEMBERSHIP, subject, body, by=by, key=key)


# Answers -----------------------------------------------------------------------------------------


@transaction.atomic
def save_answer(
    review: Review,
    person: Person,
    *,
    by: User,
    scores: dict[Criterion, int],
    comment: str = "",
    page_comments: Iterable[tuple[int | None, str]] = (),
    send: bool,
) -> ReviewAnswer:
    """Keep what a reader says: as a draft that they may change, or with `send` for good.

    An answer that has been sent stays as it is, so that sending twice is harmless. Raises ValidationError when the
    review is closed, when it is not theirs, and for an answer that says nothing.
    """
    review = _locked(review)
    if not Review.objects.for_person(person).filter(pk=review.pk).exists():
        raise ValidationError(_("This document is not with this reader"))
    answer = ReviewAnswer.objects.filter(review=review, person=person).first()
    if answer and answer.sent_at:
        return answer
    if review.status != Status.WITH_PANEL:
        raise ValidationError(_("The review is closed. It takes no more answers"), code="closed")
    page_comments = [(page, text.strip()) for page, text in page_comments if text.strip()]
    if send and not scores and not comment.strip() and not page_comments:
        raise ValidationError(_("Answer a question or write a comment before you send"), code="empty")
    answer = answer or ReviewAnswer(review=review, person=person)
    answer.version = review.versions.order_by("-number").first()
    answer.comment, answer.sent_at = comment.strip(), timezone.now() if send else None
    answer.recorded_by = None if person.user_id and person.user_id == by.pk else by
    answer.full_clean()
    answer.save()
    _keep_words(answer, scores, page_comments)
    audit.record(by, "sent an answer" if send else "saved an answer", answer, review=review.pk)
    return answer


def _keep_words(answer: ReviewAnswer, scores: dict[Criterion, int], page_comments: list[tuple[int | None, str]]):
    """Put ratings and comments by page in the place of those of the draft."""
    ratings = [Rating(answer=answer, criterion=criterion, score=score) for criterion, score in scores.items()]
    comments = [PageComment(answer=answer, page=page, text=text) for page, text in page_comments]
    for row in (*ratings, *comments):
        row.full_clean(exclude=["answer"])
    for row in (answer, *comments):
        _check_length(row)
    answer.ratings.all().delete()
    answer.page_comments.all().delete()
    Rating.objects.bulk_create(ratings)
    PageComment.objects.bulk_create(comments)


def _check_length(row: ReviewAnswer | PageComment) -> None:
    """Raise ValidationError for words that are too long: Django leaves that to forms."""
    name = "comment" if isinstance(row, ReviewAnswer) else "text"
    most = row._meta.get_field(name).max_length
    if len(getattr(row, name)) > most:
        raise ValidationError(_("A comment must be %(most)s characters or fewer") % {"most": most})


@transaction.atomic
def close_review(review: Review, *, by: User) -> Review:
    """Take no more answers. One that is closed already stays as it is. Raises ValidationError before it is open."""
    review = _locked(review)
    if review.status in CLOSED:
        return review
    if review.status == Status.REQUESTED:
        raise ValidationError(_("The readers do not have the document yet"))
    review.status, review.closed_at = Status.COMMENTS_IN, timezone.now()
    review.save(update_fields=["status", "closed_at", "updated_at"])
    audit.record(by, "closed a review", review)
    return review


# Decisions and the result ------------------------------------------------------------------------


@transaction.atomic
def decide(comment: PageComment, outcome: str, reason: str = "", *, by: User) -> PageComment:
    """Say what becomes of a comment that was sent. A reason is needed unless it is taken up. Raises ValidationError."""
    review = _locked(comment.answer.review)
    if review.status == Status.RETURNED:
        raise ValidationError(_("The result has been sent to the readers. The decision stands"))
    comment = PageComment.objects.select_for_update().select_related("answer").get(pk=comment.pk)
    if comment.answer.sent_at is None:
        raise ValidationError(_("The reader has not sent this comment yet"))
    reason = reason.strip()
    if outcome in REASON_NEEDED and not reason:
        raise ValidationError({"reason": _("Say why: the readers will see it")})
    if (comment.outcome, comment.reason) == (outcome, reason):
        return comment
    comment.outcome, comment.reason = outcome, reason
    comment.full_clean(exclude=["answer"])
    comment.save(update_fields=["outcome", "reason"])
    audit.record(by, "decided on a comment", review, comment=comment.pk, outcome=outcome)
    return comment


@transaction.atomic
def return_result(review: Review, result: str, *, by: User) -> Review:
    """Send the result to every reader who answered, once. One that has been sent stays as it is.

    Raises ValidationError without a final version, with a comment undecided, or without words on what changed.
    """
    review = _locked(review)
    if review.status == Status.RETURNED:
        return review
    if review.status not in CLOSED:
        raise ValidationError(_("The review is still open. Close it first"))
    if not review.versions.filter(is_final=True).exists():
        raise ValidationError(_("Add the final version first: readers want to see it"))
    if left := comments_sent().filter(answer__review=review, outcome=PageComment.Outcome.OPEN).count():
        raise ValidationError(_("Decide on every comment first. Still undecided: %(number)s") % {"number": left})
    if not result.strip():
        raise ValidationError({"result": _("Say what changed before you send the result")})
    review.result, review.status, review.returned_at = result.strip(), Status.RETURNED, timezone.now()
    review.full_clean()
    review.save(update_fields=["result", "status", "returned_at", "updated_at"])
    audit.record(by, "sent the result of a review", review)
    sent = review.answers.filter(sent_at__isnull=False)
    readers = Person.objects.filter(review_answers__in=sent).distinct().order_by("pk")
    subject = _("What changed: %(title)s") % {"title": review.title}
    words = {"title": review.title, "result": review.result, "address": address_of(review)}
    body = _(
        "You read “%(title)s” and told us what you think. Thank you. This is what changed:\n\n%(result)s\n\n"
        "See the final version, and what became of every comment:\n%(address)s"
    )
    _tell(readers, review, "returned", subject, body % words, by=by)
    return review
