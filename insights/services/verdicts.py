"""“Did we hear you right?”: said by members, by holders of a code and through staff; dealt with by staff (YSD-003)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from insights.documents import verdicts as documents
from insights.models import Response, Status, Told, Verdict
from insights.services import responses
from insights.services.receipts import Holder
from people.models import Person, User

CHANGEABLE_FOR = datetime.timedelta(days=30)
LONGEST = 4000


@transaction.atomic
def say(
    response: Response, who: Person | Holder, *, by: User | None, right: str, words: str = "", is_entered: bool = False
) -> Verdict:
    """Keep what somebody says of an answer, once each: said again within 30 days it replaces the first.

    What was said before stands in the audit trail, without the words. `is_entered` is true where staff write it down
    for somebody. Raises ValidationError where the answer is not theirs to judge, or not public.
    """
    response = Response.objects.public().select_for_update(of=("self",)).filter(pk=response.pk).first()
    if response is None or not _may_say(response, who):
        raise ValidationError(_("This answer is not public, or is not to what this person took part in"))
    if right not in Verdict.Right.values:
        raise ValidationError({"right": _("Select yes, in part or no")})
    if len(words) > LONGEST:
        raise ValidationError({"words": _("Your words must be %(most)s characters or fewer") % {"most": LONGEST}})
    fields = who.who if isinstance(who, Holder) else {"person": who}
    held, said = response.verdicts.filter(**fields).first(), {"right": right, "words": words.strip()}
    verdict = _changed(held, said, by) if held else _new(response, fields | said, by, is_entered)
    _note_told(response, fields, is_entered)
    return verdict


def _may_say(response: Response, who: Person | Holder) -> bool:
    if isinstance(who, Holder):
        is_theirs = Response.objects.to(who.activity.pk).filter(pk=response.pk).exists()
        return who.has_taken_part and is_theirs
    return documents.answers_for(who).filter(pk=response.pk).exists()


def _new(response: Response, values: dict, by: User | None, is_entered: bool) -> Verdict:
    verdict = Verdict.objects.create(response=response, entered_by=by if is_entered else None, **values)
    audit.record(by, "entered a verdict" if is_entered else "gave a verdict", verdict, right=str(verdict.right))
    return verdict


def _changed(verdict: Verdict, said: dict, by: User | None) -> Verdict:
    """What was said before, with what is said now. Staff have to look again at what they had dealt with."""
    if said == {"right": verdict.right, "words": verdict.words}:
        return verdict
    if not may_change(verdict):
        raise ValidationError(_("This was said more than 30 days ago, so it stays. Write to us or ring us"))
    audit.record(by, "changed a verdict", verdict, before=verdict.right, right=str(said["right"]))
    verdict.right, verdict.words = said["right"], said["words"]
    verdict.dealt_with_at = verdict.dealt_with_by = None
    verdict.save()
    return verdict


def may_change(verdict: Verdict) -> bool:
    """Whether somebody may still say something else: for 30 days."""
    return timezone.now() < verdict.at + CHANGEABLE_FOR


def _note_told(response: Response, fields: dict, is_entered: bool) -> None:
    """Whoever says something of an answer has heard of it."""
    now = timezone.now()
    told = Told.objects.filter(response=response, **fields)
    if told.update(reached_at=Coalesce("reached_at", Value(now))) or (is_entered and "person" in fields):
        return
    way = Told.Way.PORTAL if "person" in fields else Told.Way.CODE
    Told.objects.create(response=response, way=way, at=now, reached_at=now, **fields)


@transaction.atomic
def deal(verdict: Verdict, *, by: User, what_was_done: str, reopens: bool = False) -> Verdict:
    """Say what was done about what somebody said; where asked for, the answer is under way again, and says so.

    The same again changes nothing. Raises ValidationError.
    """
    verdict = Verdict.objects.select_for_update(of=("self",)).select_related("response").get(pk=verdict.pk)
    if not what_was_done.strip():
        raise ValidationError({"what_was_done": _("Say what was done about it")})
    if reopens and verdict.response.status not in {Status.PROMISED, Status.UNDER_WAY}:
        note = _("Somebody who took part said that we did not hear them right. We look at it again.")
        responses.set_status(verdict.response, Status.UNDER_WAY, by=by, note=note)
    if verdict.dealt_with_at and verdict.what_was_done == what_was_done.strip():
        return verdict
    verdict.what_was_done, verdict.dealt_with_at, verdict.dealt_with_by = what_was_done.strip(), timezone.now(), by
    verdict.save()
    audit.record(by, "dealt with a verdict", verdict, reopened=reopens)
    return verdict


def forget(verdicts: QuerySet[Verdict]) -> None:
    """Somebody is erased: that one person said yes, in part or no stays; who it was and the words go."""
    verdicts.update(person=None, words="")
