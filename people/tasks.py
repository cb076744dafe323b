"""Send messages from a worker. A message that cannot be sent is kept, tried again, and shown to staff."""

import datetime
import logging

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs
from core.models import JobState, LostJob
from people import notifications
from people.models import Message

logger = logging.getLogger(__name__)
MINUTES_TO_WAIT = (1, 5, 30, 120)  # after the first, second, … failure; then a member of staff decides


@shared_task
def send_message(pk: int) -> None:
    """Send one e-mail, unless another worker has it, it is sent, or it is not time yet."""
    if not Message.objects.filter(pk=pk, channel="email", not_before__lte=timezone.now()).exists():
        return
    if message := Message.objects.claim(pk):
        try:
            _send(message)
        except LostJob:
            logger.info("Message %s was taken over by another worker", pk)


def _send(message: Message) -> None:
    if reason := notifications.obstacle(message.person, message.purpose, message.channel):
        return message.fail(reason)
    try:
        notifications.send(message)
    except OSError as error:
        return _try_later(message, error)
    return message.finish()


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
