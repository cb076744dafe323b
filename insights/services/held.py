"""Comments in which personal data were found: one person reads each and decides what becomes of it (INS-023)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.personal_data import findings, masked
from insights.documents.held import screen
from insights.models import Comment
from insights.services.comments import emptied
from people.models import User


@transaction.atomic
def mask_comment(comment: Comment, *, by: User, also: str = "") -> Comment:
    """Put its kind in the place of what is personal; the words as they were are gone for good.

    `also` are names that no pattern finds, one on each line. A comment that is not held stays as it is.
    """
    comment = _locked(comment)
    if not comment.is_held:
        return comment
    names = [name.strip() for name in also.splitlines() if name.strip()]
    known = [name for name in (comment.said_by.name, comment.said_by.known_as) if name] if comment.said_by else []
    text = masked(comment.text, findings(comment.text, [*names, *known]))
    for name in names:
        if name not in comment.text or name in text:
            raise ValidationError({"also": _("Write “%(name)s” as it stands in the comment") % {"name": name}})
    if text == comment.text:
        raise ValidationError(_("There is nothing to mask. Name what is personal, release it or delete the words"))
    comment.text = text
    comment.text_key = screen(comment.text)["text_key"]
    comment.is_held = False
    comment.save(update_fields=["text", "text_key", "is_held"])
    audit.record(by, "masked a comment", comment, found=comment.found)
    return comment


@transaction.atomic
def release_comment(comment: Comment, *, by: User, reason: str) -> Comment:
    """Let a comment be read and coded as it is: nothing in it is personal. Raises ValidationError without a reason."""
    comment = _locked(comment)
    if not comment.is_held:
        return comment
    if not reason.strip():
        raise ValidationError({"reason": _("Say why nothing in it is personal")})
    comment.is_held = False
    comment.save(update_fields=["is_held"])
    audit.record(by, "released a comment", comment, found=comment.found, reason=reason.strip())
    return comment


@transaction.atomic
def delete_words(comment: Comment, *, by: User) -> Comment:
    """Empty a comment that cannot be kept even masked. That there was one stays, and how the source coded it."""
    comment = _locked(comment)
    if not comment.is_held:
        return comment
    found = comment.found
    for name, value in emptied(timezone.localdate()).items():
        setattr(comment, name, value)
    comment.save()
    audit.record(by, "deleted the words of a comment", comment, found=found)
    return comment


def _locked(comment: Comment) -> Comment:
    return Comment.objects.select_for_update().get(pk=comment.pk)
