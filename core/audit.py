"""Write the audit trail: explicitly, in the same transaction as the change it describes."""

from django.db import models

from core.models import AuditEvent


def record(by, verb: str, subject: models.Model, **detail) -> AuditEvent:
    """Note that `by` (a user, or None for the system) did `verb` to `subject`. `detail` holds no personal data.

    A subject without a number is a whole kind of record: `record(by, "read equality totals", EqualityAnswer())`.
    """
    return AuditEvent.objects.create(
        actor_id=getattr(by, "pk", None),
        actor=str(by) if by else "the system",
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:300],
        detail=detail,
    )
