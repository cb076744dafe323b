"""Write the audit trail: explicitly, in the same transaction as the change it describes."""

from collections.abc import Iterable

from django.db import models

from core.models import AuditEvent


def record(by, verb: str, subject: models.Model, **detail) -> AuditEvent:
    """Note that `by` (a user, or None for the system) did `verb` to `subject`. `detail` holds no personal data.

    A subject without a number is a whole kind of record: `record(by, "read equality totals", EqualityAnswer())`.
    """
    return record_each(by, verb, [subject], **detail)[0]


def record_each(by, verb: str, subjects: Iterable[models.Model], **detail) -> list[AuditEvent]:
    """Note the same of several records, in one statement whatever their number: the reading of a list, say."""
    return AuditEvent.objects.bulk_create(_event(by, verb, subject, detail) for subject in subjects)


def _event(by, verb: str, subject: models.Model, detail: dict) -> AuditEvent:
    return AuditEvent(
        actor_id=getattr(by, "pk", None),
        actor=str(by) if by else "the system",
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:300],
        detail=detail,
    )
