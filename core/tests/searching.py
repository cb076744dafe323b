"""A kind of record for tests of the search: audit events, whose `detail` says what each is and who may find it."""

import datetime

from core import search
from core.models import AuditEvent, Scope

DAY = datetime.date(2024, 5, 1)


def fields(event: AuditEvent) -> search.Fields | None:
    if event.verb == "not to be found":
        return None
    detail = event.detail
    return search.Fields(
        title=event.subject,
        text=detail.get("text", ""),
        names=detail.get("names", ()),
        day=DAY,
        scope=Scope.STAFF if event.verb == "secret" else Scope.PUBLIC,
        tags=detail.get("tags", {}),
    )


def notes_for(user):
    """Staff see all, the public what is not secret."""
    return AuditEvent.objects.exclude(verb="secret") if user is search.PUBLIC else None


NOTE = search.Kind(
    code="note",
    name="Note",
    plural="Notes",
    model=AuditEvent,
    build=fields,
    for_user=notes_for,
    url=lambda event: f"/notes/{event.pk}/",
)


def note(title: str, text: str = "", *, verb: str = "said", **detail) -> AuditEvent:
    return AuditEvent.objects.create(verb=verb, subject=title, detail={"text": text} | detail)


def found(text: str, **words) -> list[str]:
    """The titles of what is found, best first, without the marks."""
    return [hit.row.subject for hit in search.find(text, **words).hits]
