"""Ask for another format or language, and answer it in time (PUB-009)."""

import datetime
import uuid
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from people.documents.response_times import Times, add_working_days, times_of
from people.models import FormatRequest, How, Organisation, Person, User
from people.models.register import digits

State = FormatRequest.State
KEPT_DAYS = 30  # long enough to hear that a letter went astray; nobody needs the address after that
MEASURED_DAYS = 365
FEWEST_DIGITS = 10
SECRETS = {"token", "code", "key", "uidb36"}  # parts of an address that only its reader may know


def is_ours(path: str) -> bool:
    """Whether a path is a public page of ours, whose address tells no secret: what staff may follow safely."""
    longest = FormatRequest._meta.get_field("path").max_length
    if not path.startswith("/") or path.startswith("//") or len(path) > longest:
        return False
    try:
        found = resolve(path)
    except Resolver404:
        return False
    is_public = not getattr(found.func, "login_required", True)
    return is_public and not found.func.__module__.startswith("allauth") and not SECRETS & set(found.kwargs)


def days_to_answer() -> int:
    """The body's own number of working days."""
    return (Organisation.objects.body() or Organisation()).formats_days


@transaction.atomic
def ask(
    *,
    form_token: uuid.UUID,
    format: str,
    name: str,
    channel: str,
    contact: str,
    path: str = "",
    what: str = "",
    language: str = "",
    details: str = "",
    person: Person | None = None,
    how: str = How.WEB,
    by: User | None = None,
) -> FormatRequest:
    """Keep what somebody asks for. The same form sent twice is one request. Raises ValidationError, by field."""
    if found := FormatRequest.objects.filter(form_token=form_token).first():
        return found
    if path and not is_ours(path):
        raise ValidationError({"what": _("Say which page or document it is about")}, code="not_ours")
    if format == "other" and not details.strip():
        raise ValidationError({"details": _("Say which format you need")})
    check_contact(channel, contact)
    values = {"path": path, "what": what.strip(), "format": format, "details": details.strip(), "name": name.strip()}
    values["language"] = language.strip() if format == "language" else ""
    due_on = add_working_days(timezone.localdate(), days_to_answer())
    request = FormatRequest(form_token=form_token, channel=channel, contact=contact.strip(), due_on=due_on, **values)
    request.person, request.how, request.recorded_by = person, how, by
    request.full_clean()
    request.save()
    audit.record(by, "asked for another format", request, how=how)
    return request


def check_contact(channel: str, contact: str) -> None:
    """Raise ValidationError, by field, for a way that is not offered, or a number that nobody could call."""
    if channel not in FormatRequest.CHANNELS:
        raise ValidationError({"channel": _("Choose e-mail, phone or post")})
    if channel == "phone" and len(digits(contact)) < FEWEST_DIGITS:
        raise ValidationError({"phone": _("Enter a telephone number, like 01632 960 001")}, code="phone")


# Answering ---------------------------------------------------------------------------------------


@transaction.atomic
def mark_sent(request: FormatRequest, *, by: User, settled_on: datetime.date) -> FormatRequest:
    """Say that it was sent, and on which day. A second time changes nothing. Raises ValidationError."""
    return _settle(request, State.SENT, by, settled_on)


@transaction.atomic
def could_not(request: FormatRequest, *, by: User, reason: str) -> FormatRequest:
    """Say that it could not be made, and why. A second time changes nothing. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it could not be made")})
    return _settle(request, State.COULD_NOT, by, timezone.localdate(), reason.strip())


@transaction.atomic
def withdraw(request: FormatRequest, *, by: User) -> FormatRequest:
    """Note that whoever asked no longer needs it. A second time changes nothing. Raises ValidationError."""
    return _settle(request, State.WITHDRAWN, by, timezone.localdate())


def _settle(request: FormatRequest, state: str, by: User, day: datetime.date, reason: str = "") -> FormatRequest:
    request = FormatRequest.objects.select_for_update().get(pk=request.pk)
    if request.state == state:
        return request
    if request.state != State.OPEN:
        raise ValidationError(_("This request is settled already"), code="settled")
    if not timezone.localdate(request.asked_at) <= day <= timezone.localdate():
        raise ValidationError({"settled_on": _("The day must lie between the request and today")})
    request.state, request.settled_on, request.settled_by, request.reason = state, day, by, reason
    request.full_clean()
    request.save(update_fields=["state", "settled_on", "settled_by", "reason", "updated_at"])
    audit.record(by, f"settled: {state}", request)
    return request


# Reading -----------------------------------------------------------------------------------------


@transaction.atomic
def read(requests: Iterable[FormatRequest], *, by: User) -> list[FormatRequest]:
    """The rows that somebody is shown: a format tells about a person's health, so the look is audited."""
    found = list(requests)
    audit.record_each(by, "read request for another format", found)
    return found


def open_first(requests: QuerySet[FormatRequest]) -> QuerySet[FormatRequest]:
    """What waits, the longest overdue at the top; then what is settled, the newest first."""
    return requests.order_by(F("settled_on").desc(nulls_first=True), "due_on", "pk")


def times(user: User) -> Times:
    """How the requests of the last year were answered, of those the user may see."""
    since = timezone.now() - datetime.timedelta(days=MEASURED_DAYS)
    rows = FormatRequest.objects.for_user(user).filter(asked_at__gte=since)
    return times_of(rows.only("state", "asked_at", "due_on", "settled_on"))


def forget_contacts() -> int:
    """Take name and contact out of what was settled some time ago; what was asked for and when stays. How many."""
    before = timezone.localdate() - datetime.timedelta(days=KEPT_DAYS)
    old = FormatRequest.objects.exclude(state=State.OPEN).filter(settled_on__lt=before, contact_removed_at=None)
    gone = {"name": "", "contact": "", "details": "", "reason": "", "person": None}
    return old.update(**gone, contact_removed_at=timezone.now())
