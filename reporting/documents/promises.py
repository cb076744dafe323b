"""Public answers as they stood on a day: which of them were open promises by then (YSD, REP-018).

Settled later means that it was open on the day. The days that were promised are those that stand today.
"""

import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, Min, OuterRef, Q, QuerySet

from insights.models import Response, Status, StatusChange

OPEN = (Status.PROMISED, Status.UNDER_WAY)
SETTLED = (Status.DONE, Status.REVIEWED, Status.COULD_NOT)


def public_on(day: datetime.date) -> QuerySet[Response]:
    """Answers that went on the public page by a day, and stand there.

    Each has `settled`, the moment at which it was first settled as far as that is known, and `was_open`: whether it
    was still a promise on the day. What was entered as done from the start never was one.
    """
    settled = Min("status_changes__at", filter=Q(status_changes__status__in=SETTLED))
    promised = Exists(StatusChange.objects.filter(response=OuterRef("pk"), status__in=OPEN))
    later = Q(done_on__gt=day) | Q(done_on=None, settled__date__gt=day) & promised
    was_open = ExpressionWrapper(Q(status__in=OPEN) | later, output_field=BooleanField())
    return Response.objects.public().filter(published_at__date__lte=day).annotate(settled=settled, was_open=was_open)
