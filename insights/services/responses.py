"""What may be asked of “you said, we did”: to write, change, move on, publish and withdraw it. Each step is audited."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity, Topic
from insights.models import Response, Status, StatusChange

CHANGEABLE = ("activity", "topic", "you_said", "we_did", "reason", "promised_for")


def check(*, status: str, we_did: str, reason: str) -> None:
    """Raise ValidationError, by field, where the words do not bear the status out."""
    if status == Status.COULD_NOT and not reason.strip():
        raise ValidationError({"reason": _("Say why it could not be done")})
    if status != Status.COULD_NOT and not we_did.strip():
        raise ValidationError({"we_did": _("Say what was done, is under way or is promised")})


@transaction.atomic
def create_response(
    activity: Activity,
    *,
    by,
    topic: Topic,
    you_said: str,
    status: str,
    we_did: str = "",
    reason: str = "",
    promised_for: datetime.date | None = None,
) -> Response:
    """A new, unpublished answer to what people said in an activity. Raises ValidationError."""
    check(status=status, we_did=we_did, reason=reason)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    response = Response.objects.create(
        reference=_next_reference(activity),
        activity=activity,
        topic=topic,
        you_said=you_said,
        we_did=we_did,
        status=status,
        reason=reason,
        promised_for=promised_for,
    )
    StatusChange.objects.create(response=response, status=status, by=by)
    audit.record(by, "added", response)
    return response


def _next_reference(activity: Activity) -> str:
    """The activity's reference and the next number: the activity is locked, so nobody takes the same one."""
    stem = f"{slugify(activity.reference) or activity.pk}-"
    taken = Response.objects.filter(reference__startswith=stem).values_list("reference", flat=True)
    numbers = [int(rest) for each in taken if (rest := each.removeprefix(stem)).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1}"


@transaction.atomic
def update_response(response: Response, *, by, status: str | None = None, **values) -> Response:
    """Change what an answer says and, where given, its status. Calling it again is harmless. Raises ValidationError."""
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"update_response() cannot change {', '.join(sorted(unknown))}")
    response = Response.objects.select_for_update().get(pk=response.pk)
    changed = [name for name, value in values.items() if getattr(response, name) != value]
    for name in changed:
        setattr(response, name, values[name])
    moves = status is not None and status != response.status
    check(status=status or response.status, we_did=response.we_did, reason=response.reason)
    if moves:
        response.status = status
        StatusChange.objects.create(response=response, status=status, by=by)
    if changed or moves:
        _save(response, by, *changed, *(["status"] if moves else []))
        audit.record(by, "changed", response, fields=changed + (["status"] if moves else []))
    return response


def set_status(response: Response, status: str, *, by, reason: str | None = None) -> Response:
    """Move an answer on, and keep the step in its history. The status that it has already changes nothing."""
    return update_response(response, by=by, status=status, **({} if reason is None else {"reason": reason}))


@transaction.atomic
def publish_response(response: Response, *, by, at: datetime.datetime | None = None) -> Response:
    """Let everybody read an answer. One that is published already stays as it is, unless another time is given."""
    response = Response.objects.select_for_update().get(pk=response.pk)
    if response.published_at is not None and at in (None, response.published_at):
        return response
    if at is not None and at > timezone.now():
        raise ValidationError({"published": _("The day of publication lies in the future")})
    response.published_at, response.published_by = at or timezone.now(), by
    _save(response, by, "published_at", "published_by")
    audit.record(by, "published", response)
    return response


@transaction.atomic
def withdraw_response(response: Response, *, by) -> Response:
    """Take an answer off the public pages. One that is not published stays as it is."""
    response = Response.objects.select_for_update().get(pk=response.pk)
    if response.published_at is not None:
        response.published_at = response.published_by = None
        _save(response, by, "published_at", "published_by")
        audit.record(by, "withdrew", response)
    return response


def _save(response: Response, by, *names: str) -> None:
    response._history_user = by
    response.save(update_fields=[*names, "updated_at"])
