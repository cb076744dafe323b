"""Write to people: by the channel they prefer, for a purpose they agreed to, once."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import JobState
from core.pdf import PDF
from people import notifications, tasks  # noqa: F401  tasks: says which task sends a message
from people.documents import letters
from people.models import AccessNeed, Channel, ConsentPurpose, Message, NeedKind, Person, User
from people.models.messages import MessageQuerySet

LETTERS_IN_A_FILE = 100  # a file takes about a second for each ten letters


@transaction.atomic
def write(
    person: Person,
    purpose: str,
    subject: str,
    body: str,
    *,
    by: User | None,
    key: str,
    attachment: bytes | None = None,
    attachment_name: str = "",
) -> Message:
    """Write to somebody by the channel they prefer. The same key again finds the first message and sends nothing.

    `purpose` is the code of a ConsentPurpose. A message that must not or cannot be sent is kept as failed with the
    reason, where staff see it: nobody is left out silently. E-mail is sent by a worker; the rest waits for staff.
    """
    if found := Message.objects.filter(key=key).first():
        return found
    # A body that has not loaded its purposes yet can still be asked: the message is kept, and says what is missing.
    found_purpose, _is_new = ConsentPurpose.objects.get_or_create(
        code=purpose, defaults={"name": purpose, "is_service": purpose == ConsentPurpose.SERVICE}
    )
    reason = notifications.obstacle(person, found_purpose, person.channel)
    now = timezone.now()
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "person": person,
            "purpose": found_purpose,
            "channel": person.channel,
            "subject": " ".join(subject.split())[:200],  # one line: no e-mail can have more in its subject
            "body": body,
            "attachment": attachment,
            "attachment_name": attachment_name,
            "to_guardian": person.write_to_guardian,
            "large_print": person.channel == Channel.POST and needs_large_print(person),
            "not_before": notifications.not_before(person, now),
            "requested_by": by,
            **({"state": JobState.FAILED, "error": reason, "finished_at": now} if reason else {}),
        },
    )
    if is_new and not reason and message.channel == Channel.EMAIL:
        jobs.ring(message)
    return message


def needs_large_print(person: Person) -> bool:
    """Whether letters have to be large; the reading of the need is audited like any other."""
    audit.record(None, "read access needs", person, purpose="to print a letter")
    return AccessNeed.objects.filter(person=person, kind=NeedKind.LARGE_PRINT).exists()


@transaction.atomic
def mark_delivered(message: Message, *, by: User) -> Message:
    """Say that a letter was posted, a text sent, a call made. Doing it twice is harmless."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.channel == Channel.EMAIL:
        raise ValidationError(_("E-mail is sent by the system"))
    if message.state == JobState.QUEUED:
        message.state, message.finished_at = JobState.DONE, timezone.now()
        message.save(update_fields=["state", "finished_at"])
        audit.record(by, "delivered message", message)
    return message


@transaction.atomic
def try_again(message: Message, *, by: User) -> Message:
    """Send a failed message again, by the channel preferred now. Raises ValidationError with the reason."""
    message = Message.objects.select_for_update().select_related("person", "purpose").get(pk=message.pk)
    if message.state != JobState.FAILED:
        return message
    person = message.person
    if reason := notifications.obstacle(person, message.purpose, person.channel):
        raise ValidationError(reason)
    now = timezone.now()
    message.channel, message.state, message.error = person.channel, JobState.QUEUED, ""
    message.to_guardian = person.write_to_guardian
    message.large_print = person.channel == Channel.POST and needs_large_print(person)
    message.attempts, message.finished_at, message.requested_at = 0, None, now
    message.not_before = notifications.not_before(person, now)
    message.save()
    audit.record(by, "sent message again", message)
    if message.channel == Channel.EMAIL:
        jobs.ring(message)
    return message


def letters_to_print(user: User) -> MessageQuerySet:
    """Letters that wait to be printed, the oldest first, as many as one file holds."""
    waiting = Message.objects.by_hand().filter(channel=Channel.POST).for_user(user)
    return waiting.order_by("requested_at", "pk")[:LETTERS_IN_A_FILE]


@transaction.atomic
def print_letters(messages: Iterable[Message], *, by: User) -> PDF:
    """The letters as one PDF, each on a page of its own; every one is audited.

    Whether each may be sent is asked again. One that may not is kept as failed with the reason, where staff see it.
    Raises ValidationError when none is left, PDFUnavailable where the libraries for PDFs are missing.
    """
    ready = [message for message in messages if not _stopped(message)]
    if not ready:
        raise ValidationError(_("There is no letter to print"))
    audit.record_each(by, "printed letter", ready)
    return letters.letters_pdf(ready)


def _stopped(message: Message) -> bool:
    """Whether a letter that waits may not be sent any more; then it is failed. One that was posted is only read."""
    if message.state != JobState.QUEUED:
        return False
    reason = notifications.obstacle(message.person, message.purpose, message.channel)
    if reason:
        values = {"state": JobState.FAILED, "error": reason, "finished_at": timezone.now()}
        Message.objects.filter(pk=message.pk, state=JobState.QUEUED).update(**values)
    return bool(reason)


def failed_count(user: User) -> int:
    """How many messages could not be sent to people whom the user works for: for the front page of staff."""
    return Message.objects.failed().for_user(user).count()


def forget_old(days: int = 365) -> int:
    """Delete what was written more than a year ago. Returns how many."""
    before = timezone.now() - datetime.timedelta(days=days)
    return Message.objects.filter(finished_at__lt=before).delete()[0]
