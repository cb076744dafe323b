"""Somebody reads every response and answers for it (SVC-011)."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from core import audit
from engagement.models import Survey, SurveyResponse, SurveyUpload
from people.models import User

KEEP_UPLOADS = datetime.timedelta(days=1)


@transaction.atomic
def mark_read(survey: Survey, numbers: Iterable[int], *, by: User) -> int:
    """Say that somebody has read responses, by their numbers. What was read before stays as it was. Returns how many.

    Drafts are left out: nobody but their author sees them.
    """
    rows = list(survey.responses.unread().filter(pk__in=list(numbers)).select_for_update().order_by("pk"))
    SurveyResponse.objects.filter(pk__in=[row.pk for row in rows]).update(read_at=timezone.now(), read_by=by)
    audit.record_each(by, "read", rows, survey=survey.pk)
    return len(rows)


def forget_uploads() -> int:
    """Delete files from other tools a day after they came. What was taken in stays. Returns how many."""
    old = SurveyUpload.objects.filter(uploaded_at__lt=timezone.now() - KEEP_UPLOADS)
    return old.delete()[0]
