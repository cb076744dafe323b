"""What may be asked of “you said, we did”: to write, change, move on, publish and withdraw it. Each step is audited."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Activity, Topic
from insights.documents import responses as documents
from insights.models import Response, ResponseFormat, Status, StatusChange
from insights.services import closing

CHANGEABLE = (
    *("activity", "topic", "you_said", "we_did", "reason_code", "reason", "promised_for", "next_update_on"),
    *("heard_on", "done_on", "evidence", "evidence_link", "review_found", "responsible", "responsible_post"),
    *("people", "decision", "project"),
)
LINKS = ("groups", "themes", "findings", "issues", "also_answers")


def check(*, status: str, we_did: str, reason: str, reason_code: str = "", review_found: str | None = None) -> None:
    """Raise ValidationError, by field, where the words do not bear the status out. None is not looked at."""
    if status == Status.COULD_NOT and not reason.strip():
        raise ValidationError({"reason": _("Say why it could not be done")})
    if status != Status.COULD_NOT and not we_did.strip():
        raise ValidationError({"we_did": _("Say what was done, is under way or is promised")})
    if status != Status.COULD_NOT and reason_code:
        raise ValidationError({"reason_code": _("Only what could not be done has a kind of reason")})
    if status == Status.REVIEWED and review_found is not None and not review_found.strip():
        raise ValidationError({"review_found": _("Say what looking again found")})


@transaction.atomic
def create_response(
    activity: Activity, *, by, topic: Topic, you_said: str, status: str, note: str = "", **values
) -> Response:
    """A new, unpublished answer to what people said in an activity. Raises ValidationError.

    `values` are any of CHANGEABLE and LINKS. `note` is public, beside the day of the first status.
    """
    links = _links_of(values)
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    response = Response(activity=activity, topic=topic, you_said=you_said, status=status, **values)
    _check_words(response)
    _check_links(response, links)
    response.reference = _next_reference(activity)
    response.full_clean()
    response._history_user = by
    response.save()
    for name, rows in links.items():
        getattr(response, name).set(rows)
    StatusChange.objects.create(response=response, status=status, by=by, note=note.strip())
    audit.record(by, "added", response)
    return response


def _next_reference(activity: Activity) -> str:
    """The activity's reference and the next number: the activity is locked, so nobody takes the same one."""
    stem = f"{slugify(activity.reference) or activity.pk}-"
    taken = Response.objects.filter(reference__startswith=stem).values_list("reference", flat=True)
    numbers = [int(rest) for each in taken if (rest := each.removeprefix(stem)).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1}"


def _links_of(values: dict) -> dict[str, Iterable]:
    """Take what goes into other tables out of the values. Raises TypeError for a name that cannot be written."""
    if unknown := set(values) - {*CHANGEABLE, *LINKS}:
        raise TypeError(f"an answer has no {', '.join(sorted(unknown))} that can be written")
    return {name: list(values.pop(name)) for name in LINKS if name in values}


def _check_words(response: Response) -> None:
    check(
        status=response.status,
        we_did=response.we_did,
        reason=response.reason,
        reason_code=response.reason_code,
        review_found=response.review_found,
    )


def _check_links(response: Response, links: dict[str, list]) -> None:
    if any(activity.pk == response.activity_id for activity in links.get("also_answers", ())):
        raise ValidationError({"also_answers": _("This answer belongs to that activity already. Choose others")})


@transaction.atomic
def update_response(
    response: Response, *, by, status: str | None = None, note: str = "", is_old: bool = False, **values
) -> Response:
    """Change what an answer says and, where given, its status. Calling it again is harmless. Raises ValidationError.

    A `note` alone is news without a new status: it stands in the public history. What everybody can read already
    must stay fit to be read, unless `is_old` says that it comes from an older record.
    """
    links = _links_of(values)
    response = closing.lock(response)
    before = documents.blocking(response) if response.is_published and not is_old else []
    changed = [name for name, value in values.items() if getattr(response, name) != value]
    if response.is_published and "activity" in changed:
        closing.check_stays_answered(response, [response.activity], [])
    for name in changed:
        setattr(response, name, values[name])
    moves = status is not None and status != response.status
    if moves:
        changed += _move(response, status, values)
    _check_words(response)
    _check_links(response, links)
    if changed:
        response.full_clean()
    if response.is_published and not is_old:
        documents.refuse([each for each in documents.blocking(response) if each not in before])
    relinked = _relink(response, links, by)
    is_news = moves or _is_news(response, note.strip())
    if is_news:
        StatusChange.objects.create(response=response, status=response.status, by=by, note=note.strip())
    if changed or relinked or is_news:
        _save(response, by, *changed)
        audit.record(by, "changed", response, fields=[*changed, *relinked])
    return response


def _move(response: Response, status: str, values: dict) -> list[str]:
    """Give an answer its new status. The names of what changed with it."""
    if status == Status.REVIEWED and response.status != Status.DONE:
        raise ValidationError({"status": _("Only what is done can be looked at again. Say first that it is done")})
    response.status = status
    if status != Status.COULD_NOT and response.reason_code and "reason_code" not in values:
        response.reason_code = ""  # the reason itself stays: it was true once, and the versions keep the rest
        return ["reason_code", "status"]
    return ["status"]


def _is_news(response: Response, note: str) -> bool:
    last = response.status_changes.last() if note else None
    return bool(note) and (last is None or (last.status, last.note) != (response.status, note))


def _relink(response: Response, links: dict[str, list], by) -> list[str]:
    """Set what goes into other tables. The names of what changed. A closed activity or issue keeps its answer."""
    changed = []
    for name, rows in links.items():
        held = {row.pk: row for row in getattr(response, name).all()}
        wanted = {row.pk for row in rows}
        if held.keys() == wanted:
            continue
        gone = [row for pk, row in held.items() if pk not in wanted]
        if response.is_published and name == "also_answers":
            closing.check_stays_answered(response, gone, [])
        elif response.is_published and name == "issues":
            closing.check_stays_answered(response, [], gone)
        getattr(response, name).set(rows)
        changed.append(name)
    return changed


def set_status(response: Response, status: str, *, by, note: str = "", reason: str | None = None, **values) -> Response:
    """Move an answer on, and keep the step in its history. The status that it has already changes nothing."""
    values |= {} if reason is None else {"reason": reason}
    return update_response(response, by=by, status=status, note=note, **values)


@transaction.atomic
def publish_response(response: Response, *, by, at: datetime.datetime | None = None, is_old: bool = False) -> Response:
    """Let everybody read an answer. One that is published already stays as it is, unless another time is given.

    Raises ValidationError, by field, with what keeps it back (insights.documents.responses). `is_old` says that it was
    public before it came here: then the same is shown beside it, and keeps nothing back.
    """
    response = Response.objects.select_for_update().get(pk=response.pk)
    if response.published_at is not None and at in (None, response.published_at):
        return response
    if at is not None and at > timezone.now():
        raise ValidationError({"published": _("The day of publication lies in the future")})
    if not is_old:
        documents.refuse(documents.blocking(response))
    response.published_at, response.published_by = at or timezone.now(), by
    _save(response, by, "published_at", "published_by")
    audit.record(by, "published", response)
    return response


@transaction.atomic
def withdraw_response(response: Response, *, by) -> Response:
    """Take an answer off the public pages. One that is not published stays as it is.

    Raises ValidationError where something was closed because of it, and would have no public answer any more.
    """
    response = closing.lock(response)
    if response.published_at is not None:
        activities = [response.activity, *response.also_answers.select_related("project")]
        closing.check_stays_answered(response, activities, response.issues.all())
        response.published_at = response.published_by = None
        _save(response, by, "published_at", "published_by")
        audit.record(by, "withdrew", response)
    return response


def _save(response: Response, by, *names: str) -> None:
    response._history_user = by
    response.save(update_fields=[*names, "updated_at"])


# Formats -----------------------------------------------------------------------------------------


@transaction.atomic
def add_format(
    response: Response, *, by, file_format: str, language: str = "English", text: str = "", link: str = ""
) -> ResponseFormat:
    """Offer an answer in Easy Read, another language or another format (YSD-015). The same again corrects the first.

    Raises ValidationError without words and without an address.
    """
    response = Response.objects.select_for_update().get(pk=response.pk)
    row = response.formats.filter(file_format=file_format, language__iexact=language.strip()).first()
    row = row or ResponseFormat(response=response, file_format=file_format, language=language.strip())
    if row.pk and (row.text, row.link) == (text.strip(), link):
        return row
    verb = "changed a format" if row.pk else "added a format"
    row.text, row.link = text.strip(), link
    row.full_clean()
    row.save()
    audit.record(by, verb, response, format=file_format, language=row.language)
    return row


@transaction.atomic
def remove_format(row: ResponseFormat, *, by) -> None:
    """Take a format of an answer away. One that is gone already changes nothing."""
    if held := ResponseFormat.objects.select_for_update().filter(pk=row.pk).first():
        audit.record(by, "removed a format", held.response, format=held.file_format, language=held.language)
        held.delete()
