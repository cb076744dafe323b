"""What partners and colleagues heard and send in, and what becomes of it (INS-011, INS-012, INS-026)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from insights.documents import personal
from insights.models import Source, SourceKind
from insights.services.library import default_review, locked, new_reference, relink, save
from people.models import Organisation, User


@transaction.atomic
def contribute(
    *,
    by: User,
    title: str,
    summary: str,
    kind: SourceKind,
    heard_on: datetime.date,
    organisation: Organisation | None = None,
    areas: Iterable = (),
    groups: Iterable = (),
) -> Source:
    """Send in what was heard. Refused where it has personal data. The same form sent twice is one contribution."""
    User.objects.select_for_update().get(pk=by.pk)
    title, summary = title.strip(), summary.strip()
    if found := Source.objects.filter(contributed_by=by, title=title, summary=summary, collected_to=heard_on).first():
        return found
    if heard_on > timezone.localdate():
        raise ValidationError({"heard_on": _("The day must not be in the future")})
    personal.refuse({"title": title, "summary": summary})
    source = Source(
        reference=new_reference(), kind=kind, layer=Source.Layer.REPORT, state=Source.State.OFFERED, contributed_by=by
    )
    source.title, source.summary, source.organisation = title, summary, organisation
    source.collected_from = source.collected_to = heard_on
    source.review_by = default_review(heard_on)
    save(source, by)
    relink(source, {"areas": list(areas), "groups": list(groups)})
    audit.record(by, "sent in", source)
    return source


@transaction.atomic
def accept_contribution(source: Source, *, by: User) -> Source:
    """Take a contribution into the library, for staff until somebody widens its scope. Twice is harmless."""
    source = locked(source)
    if source.state == Source.State.IN_USE:
        return source
    _check_open(source)
    source.state, source.state_because = Source.State.IN_USE, ""
    save(source, by)
    audit.record(by, "accepted a contribution", source)
    return source


@transaction.atomic
def return_contribution(source: Source, *, by: User, because: str) -> Source:
    """Do not take it in, and say why: the contributor reads the reason. Raises ValidationError."""
    source = locked(source)
    if source.state == Source.State.RETURNED and source.state_because == because.strip():
        return source
    _check_open(source)
    if not because.strip():
        raise ValidationError({"because": _("Say why: the person who sent it reads this")})
    personal.refuse({"because": because})
    source.state, source.state_because = Source.State.RETURNED, because.strip()
    save(source, by)
    audit.record(by, "returned a contribution", source)
    return source


def _check_open(source: Source) -> None:
    if source.state != Source.State.OFFERED:
        raise ValidationError(_("This contribution was decided already"), code="decided")
