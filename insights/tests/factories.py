"""Valid answers for tests, published and not: plain functions, nothing random."""

import datetime

from engagement.tests import factories as engagement
from insights.models import Response, Status, StatusChange
from people.tests.factories import following

PUBLISHED = datetime.datetime(2024, 4, 2, 9, 0, tzinfo=datetime.UTC)


def response(reference: str = "", **fields) -> Response:
    """An answer that nobody has published yet, with the first line of its history."""
    number = following(Response)
    fields["activity"] = fields.get("activity") or engagement.activity()
    fields["topic"] = fields.get("topic") or engagement.topic()
    defaults = {
        "reference": reference or f"answer-{number}",
        "you_said": f"You told us thing {number}.",
        "we_did": f"We did thing {number}.",
        "status": Status.DONE,
        "responsible_post": "Head of pharmacy",
        "evidence": "Minutes of the pharmacy committee",
    }
    row = Response.objects.create(**defaults | fields)
    StatusChange.objects.create(response=row, status=row.status)
    return row


def published_response(reference: str = "", **fields) -> Response:
    return response(reference, **{"published_at": PUBLISHED} | fields)
