"""Checks of what the machine coded: a sample drawn, coded blind by a person, and the rest accepted by a named one."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.models import JobState
from insights.documents import sampling as documents
from insights.models import Coding, Comment, Frame, LearningRun, SampleCheck, SampledComment, Theme
from insights.services.coding import check_codable, check_themes, recode
from insights.services.frames import held_frame
from insights.services.suggesting import settle
from people.models import User


@transaction.atomic
def start_check(run: LearningRun, *, by: User, size: int) -> SampleCheck:
    """Draw a sample of what the machine coded in a round, by the rule of `documents.sampling`.

    What the machine said is kept with it. While a check of the round is unfinished, it is the one that is returned.
    """
    frame = held_frame(run.frame)
    run = LearningRun.objects.select_for_update().get(pk=run.pk)
    if found := run.checks.filter(finished_at=None).first():
        return found
    if run.state != JobState.DONE:
        raise ValidationError(_("The machine is not done. Wait until the round is finished"))
    check_edition(run, frame)
    coded = documents.machine_coded(run).order_by("pk").values_list("pk", flat=True)
    of = coded.count()
    least = min(documents.LEAST_SIZE, of)
    if not of:
        raise ValidationError(_("Somebody has decided on all that the machine coded in this round. Start another one"))
    if not least <= size <= of:
        words = {"least": least, "of": of}
        raise ValidationError({"size": _("Enter a number from %(least)s to %(of)s") % words})
    check = SampleCheck.objects.create(run=run, size=size, of=of, started_by=by)
    numbers = documents.drawn(check.pk, coded.iterator(2000), size)
    machine = _machine_themes(run, numbers)
    SampledComment.objects.bulk_create(
        (SampledComment(check_of=check, comment_id=number, machine=machine[number]) for number in numbers),
        batch_size=500,
    )
    audit.record(by, "drew a sample", check, run=run.pk, size=size, of=of)
    return check


def check_edition(run: LearningRun, frame: Frame) -> None:
    """Raise ValidationError for a round that rests on an older edition of the frame."""
    if run.frame_edition != frame.edition:
        raise ValidationError(_("The frame has changed since this round. Start another round of learning"))


def _machine_themes(run: LearningRun, numbers: list[int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    for start in range(0, len(numbers), 500):
        rows = Coding.objects.suggested().filter(run=run, comment__in=numbers[start : start + 500])
        for comment, theme in rows.order_by("theme").values_list("comment", "theme"):
            found[comment].append(theme)
    return found


@transaction.atomic
def judge(
    check: SampleCheck, comment: Comment, *, by: User, themes: Iterable[Theme], frame_edition: int
) -> SampledComment:
    """Say what a person finds in a comment of the sample. It is also how the comment is coded, unless somebody has.

    The last one works out the agreement. A comment that is judged already stays as it is. Raises ValidationError.
    """
    frame = held_frame(check.run.frame)
    check = SampleCheck.objects.select_for_update().get(pk=check.pk)
    sampled = check.sampled.filter(comment=comment).first()
    if sampled is None:
        raise ValidationError(_("This comment is not in the sample. Go on with the next one"))
    if sampled.judged_at:
        return sampled
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    check_codable(comment)
    chosen = check_themes(frame, themes, frame_edition)
    sampled.person, sampled.judged_at, sampled.judged_by = sorted(chosen), timezone.now(), by
    sampled.save(update_fields=["person", "judged_at", "judged_by"])
    if not comment.codings.counted().filter(theme__frame=frame).exists():
        recode(frame, [comment.pk], chosen, by=by)
    audit.record(by, "coded for a check", comment, check=check.pk)
    if not documents.to_judge(check).exists():
        _finish(check, by)
    return sampled


@transaction.atomic
def finish_check(check: SampleCheck, *, by: User) -> SampleCheck:
    """Work out the agreement of a sample whose last comments can no longer be read. Finished already: as it is."""
    check = SampleCheck.objects.select_for_update().get(pk=check.pk)
    if check.finished_at:
        return check
    if documents.to_judge(check).exists():
        raise ValidationError(_("There are comments of the sample to code first"))
    _finish(check, by)
    return check


def _finish(check: SampleCheck, by: User) -> None:
    judged = list(check.sampled.filter(judged_at__isnull=False))
    if not judged:
        raise ValidationError(_("Nobody has coded a comment of this sample. Start another check"))
    check.agreement = documents.agreement_of(judged)
    check.finished_at = timezone.now()
    check.save(update_fields=["agreement", "finished_at", "updated_at"])
    audit.record(by, "finished a check", check, comments=len(judged))


@transaction.atomic
def accept_rest(check: SampleCheck, *, by: User, themes: Iterable[Theme], because: str) -> int:
    """Accept what the machine coded beyond the sample, for themes whose agreement passes, in the name of `by`.

    Returns how many codes; 0 when it was done before. Raises ValidationError: for a check that is not finished, for
    an older edition of the frame, for a theme that does not pass, and without a reason.
    """
    frame = held_frame(check.run.frame)
    check = SampleCheck.objects.select_for_update().get(pk=check.pk)
    if check.accepted_at:
        return 0
    if check.finished_at is None:
        raise ValidationError(_("Code the sample to the end first"))
    check_edition(check.run, frame)
    numbers = {theme.pk for theme in themes}
    if not numbers:
        raise ValidationError({"themes": _("Select at least one theme")})
    if not numbers <= {theme.pk for theme in documents.passing(check)}:
        raise ValidationError({"themes": _("Select only themes whose agreement reaches the bar")})
    if not because.strip():
        raise ValidationError({"because": _("Say why the rest can be accepted")})
    check.accepted_at, check.accepted_by, check.accepted_because = timezone.now(), by, because.strip()
    check.full_clean()
    check.save()
    rows = documents.rest(check).filter(theme__in=numbers)
    count = len(settle(rows, by=by, is_accepted=True, check_of=check))
    audit.record(by, "accepted the rest", check, themes=sorted(numbers), codes=count)
    return count
