"""Send messages from a worker. A message that cannot be sent is kept, tried again, and shown to staff."""

import datetime
import logging
import smtplib

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs
from core.models import JobState, LostJob
from people import notifications
from people.models import Message

logger = logging.getLogger(__name__)
MINUTES_TO_WAIT = (1, 5, 30, 120)  # after the first, second, … failure; then a member of staff decides
REFUSED_FOR_GOOD = 500  # from this number on, a mail server's answer says that trying again is no use (RFC 5321)


@shared_task
def send_message(pk: int) -> None:
    """Send one e-mail, unless another worker has it, it is sent, or it is not time yet."""
    now = timezone.now()
    message = Message.objects.select_related("person").filter(pk=pk, channel="email", not_before__lte=now).first()
    if message is None or _is_put_off(message, now):
        return
    if message := Message.objects.claim(pk):
        try:
            _send(message)
        except LostJob:
            logger.info("Message %s was taken over by another worker", pk)


def _is_put_off(message: Message, now: datetime.datetime) -> bool:
    """Whether the message waits for the morning: nobody under 18 gets e-mail at night, however late it was tried."""
    morning = notifications.not_before(message.person, now)
    if morning > now:
        Message.objects.filter(pk=message.pk, state=JobState.QUEUED).update(not_before=morning)
    return morning > now


def _send(message: Message) -> None:
    """Send what this worker owns. Who gets it, the person or a guardian, is decided now."""
    if reason := notifications.obstacle(message.person, message.purpose, message.channel):
        return message.fail(reason)
    message.to_guardian = message.person.write_to_guardian
    try:
        notifications.send(message)
    except OSError as error:
        return message.fail(_refusal(error)) if _is_final(error) else _try_later(message, error)
    except ValueError:
        return message.fail(_("No e-mail can be sent to this address. Correct the address, then try again"))
    return message.finish(to_guardian=message.to_guardian)


def _is_final(error: OSError) -> bool:
    """Whether the mail server has refused this address or this message for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= REFUSED_FOR_GOOD


def _refusal(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPDataError):
        return _("The mail server refused the message (%(code)s)") % {"code": error.smtp_code}
    code = next(code for code, _words in error.recipients.values())
    return _("The mail server refused the address (%(code)s). Correct the address, then try again") % {"code": code}


def _try_later(message: Message, error: OSError) -> None:
    """Put the message back for a later time, or give up after the last."""
    logger.warning("Message %s could not be sent (%s)", message.pk, type(error).__name__)
    words = _("The e-mail could not be sent (%(error)s)") % {"error": type(error).__name__}
    if message.attempts > len(MINUTES_TO_WAIT):
        return message.fail(words)
    later = timezone.now() + datetime.timedelta(minutes=MINUTES_TO_WAIT[message.attempts - 1])
    values = {"state": JobState.QUEUED, "not_before": later, "error": words, "lease_until": None, "token": None}
    if not Message.objects.owned_by(message).update(**values):
        raise LostJob
    return None


jobs.register(Message, send_message)
