"""What readers of the public library think of an item, and what was done about it (INS-006)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from insights.models import Source, SourceRemark
from people.models import User

KEPT = datetime.timedelta(days=730)


@transaction.atomic
def send_remark(source: Source, *, words: str, form_token: uuid.UUID) -> SourceRemark:
    """Keep what a reader sent. The same form sent twice is one remark. Raises ValidationError."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    if found := SourceRemark.objects.filter(form_token=form_token).first():
        return found
    remark = SourceRemark(source=source, words=words.strip(), form_token=form_token)
    remark.full_clean()
    remark.save()
    audit.record(None, "was sent", remark_subject(remark), source=source.pk)
    return remark


def remark_subject(remark: SourceRemark) -> SourceRemark:
    """The remark as the audit trail may name it: by its number, never by what a stranger wrote."""
    return SourceRemark(pk=remark.pk, words=f"remark {remark.pk}")


@transaction.atomic
def deal_with_remark(remark: SourceRemark, *, by: User, what_was_done: str) -> SourceRemark:
    """Say what was done about a remark, or correct it. The same again changes nothing. Raises ValidationError."""
    remark = SourceRemark.objects.select_for_update().get(pk=remark.pk)
    what_was_done = what_was_done.strip()
    if not what_was_done:
        raise ValidationError({"what_was_done": _("Say what was done, even where it was nothing")})
    if remark.dealt_with_at and remark.what_was_done == what_was_done:
        return remark
    remark.what_was_done, remark.dealt_with_by = what_was_done, by
    remark.dealt_with_at = remark.dealt_with_at or timezone.now()
    remark.save(update_fields=["what_was_done", "dealt_with_by", "dealt_with_at"])
    audit.record(by, "dealt with a remark", remark_subject(remark), source=remark.source_id)
    return remark


@transaction.atomic
def forget_remarks() -> int:
    """Delete remarks after two years, as their field promises. Returns how many."""
    return SourceRemark.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
