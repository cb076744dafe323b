"""What people said, on its way in by hand or from a survey; who read it; and how it is forgotten (INS, SVC-011)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import pre_delete
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core import audit, search
from core.batches import batches
from engagement.models import Activity, Survey, SurveyAnswer, SurveyQuestion
from insights.documents.held import screen
from insights.jobs.grouping import index, regroup
from insights.models import Collection, Comment, Quote, Receipt
from people.models import Person, PopulationGroup, User

OPEN_KINDS = (SurveyQuestion.Kind.TEXT, SurveyQuestion.Kind.LINE)
BATCH = 1000


@transaction.atomic
def add_collection(*, by: User, title: str, activity: Activity | None = None, **values) -> Collection:
    """A place for comments that came together. Raises ValidationError."""
    row = Collection(title=" ".join(title.split()), activity=activity, **values)
    row.full_clean()
    row.save()
    audit.record(by, "added", row, activity=activity.pk if activity else None)
    return row


@transaction.atomic
def add_comment(
    collection: Collection,
    *,
    by: User,
    text: str,
    said_by: Person | None = None,
    receipt: Receipt | None = None,
    groups: Iterable[PopulationGroup] = (),
    **values,
) -> Comment:
    """Type in what somebody said: at a stall, on a card, on the telephone. Raises ValidationError.

    The same words, said by the same person on the same day, are there once.
    """
    collection = Collection.objects.select_for_update().get(pk=collection.pk)
    text = text.replace("\r\n", "\n").strip()
    row = Comment(collection=collection, text=text, said_by=said_by, receipt=receipt, **values)
    _check_words(text)
    _check_who(row)
    if row.said_on and row.said_on > timezone.localdate():
        raise ValidationError({"said_on": _("The day must not be in the future")})
    names = [name for name in (said_by.name, said_by.known_as) if name] if said_by else []
    for name, value in screen(text, names).items():
        setattr(row, name, value)
    if (said_by or receipt) and (found := _same(row)):
        return found
    row.reference = _next_reference(collection)
    row.full_clean()
    row.save()
    row.groups.set(groups)
    audit.record(by, "added", row)
    return row


def _check_words(text: str) -> None:
    if "\0" in text:
        raise ValidationError({"text": _("There is a NUL character in the comment. Type it again")})
    if len(text) > Comment.LONGEST:
        words = {"count": f"{len(text):,}", "most": f"{Comment.LONGEST:,}"}
        raise ValidationError(
            {"text": _("The comment has %(count)s characters. It may have %(most)s: shorten it") % words}
        )


def _check_who(row: Comment) -> None:
    """Somebody on the register or who holds a slip of this activity, so that they hear what came of it once."""
    if row.said_by and row.receipt:
        raise ValidationError({"receipt": _("Enter either a name or a code")})
    if row.receipt and row.receipt.slips.activity_id != row.collection.activity_id:
        raise ValidationError({"receipt": _("This slip was given out at another activity. Check each letter")})


def _same(row: Comment) -> Comment | None:
    rows = Comment.objects.filter(collection=row.collection, text_key=row.text_key, said_on=row.said_on)
    return rows.filter(said_by=row.said_by, receipt=row.receipt).first()


def _next_reference(collection: Collection) -> str:
    number = collection.comments.filter(reference__startswith="typed-").count() + 1
    while collection.comments.filter(reference=f"typed-{number}").exists():
        number += 1
    return f"typed-{number}"


# Surveys -----------------------------------------------------------------------------------------


@transaction.atomic
def gather_survey(survey: Survey, *, by: User) -> tuple[Collection, int]:
    """Make a comment of every answer in own words of the responses that were sent. Again adds only what is new.

    Returns the collection, and how many comments were added.
    """
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    collection = Collection.objects.filter(survey=survey).first() or add_collection(
        by=by, title=_free_title(survey), activity=survey.activity, survey=survey
    )
    before = collection.comments.order_by("-pk").values_list("pk", flat=True).first() or 0
    answers = SurveyAnswer.objects.filter(response__survey=survey, response__sent_at__isnull=False, comment=None)
    answers = answers.filter(question__kind__in=OPEN_KINDS).exclude(text="").select_related("response", "question")
    added = 0
    for rows in batches(answers.order_by("pk").iterator(BATCH), BATCH):
        added += len(Comment.objects.bulk_create(_of_answer(collection, answer) for answer in rows))
    if added:
        regroup(collection)
        index(collection, after=before)
        audit.record(by, "gathered answers", collection, survey=survey.pk, added=added)
    return collection, added


def _of_answer(collection: Collection, answer: SurveyAnswer) -> Comment:
    return Comment(
        collection=collection,
        reference=f"answer-{answer.pk}",
        text=answer.text.strip(),
        said_on=timezone.localdate(answer.response.sent_at),
        question=answer.question.text,
        survey_answer=answer,
        **screen(answer.text.strip()),
    )


def _free_title(survey: Survey) -> str:
    title = Truncator(survey.title).chars(180)
    return title if not Collection.objects.filter(title=title).exists() else f"{title} ({survey.slug[:15]})"


# Reading -----------------------------------------------------------------------------------------


@transaction.atomic
def mark_read(collection: Collection, numbers: Iterable[int], *, by: User) -> int:
    """Say that somebody has read comments, by their numbers. What was read before stays as it was. Returns how many.

    Comments that are held are left out: nobody may read them yet.
    """
    unread = collection.comments.unread().filter(pk__in=list(numbers)).select_for_update().order_by("pk")
    rows = list(unread.values_list("pk", flat=True))
    if rows:
        Comment.objects.filter(pk__in=rows).update(read_at=timezone.now(), read_by=by)
        audit.record(by, "read comments", collection, comments=len(rows))
    return len(rows)


# Forgetting --------------------------------------------------------------------------------------


def forget(comments: models.QuerySet) -> None:
    """Empty comments for good: words, quotes and who said them go; how they were coded stays for the figures.

    Told by `people.services.erasing` when a person is erased, and by each answer of a survey that is deleted.
    """
    rows = list(comments.values_list("pk", flat=True))
    Quote.objects.filter(comment__in=rows).delete()
    Comment.objects.filter(pk__in=rows).update(**emptied(timezone.localdate()))
    if "comment" in search.kinds():
        search.forget("comment", rows)


def emptied(day: datetime.date) -> dict:
    """The fields of a comment that nothing is left of but its codes."""
    return {
        "text": "",
        "text_key": "",
        "found": {},
        "is_held": False,
        "said_by": None,
        "receipt": None,
        "may_be_quoted": None,
        "erased_on": day,
    }


def forget_answer(sender, instance: SurveyAnswer, **signal) -> None:
    """The comment that was made of an answer goes with it: people ask for that with the code of their response."""
    forget(Comment.objects.filter(survey_answer=instance))


def follow_answers() -> None:
    """Have the deletion of an answer take its comment's words with it from now on. Twice is harmless."""
    pre_delete.connect(forget_answer, sender=SurveyAnswer, dispatch_uid="insights.comments")
