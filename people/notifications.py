"""Whether and how somebody may be written to, and the sending of one message by e-mail."""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from people.models import Channel, ConsentPurpose, Message, Person, YoungPerson
from people.models.register import Safeguards

# People under 18 get no e-mail at night (quality.md: children).
FIRST_HOUR, LAST_HOUR = 8, 20


def obstacle(person: Person, purpose: ConsentPurpose, channel: str) -> str:
    """Why nothing may be written to somebody for a purpose, in words for staff; empty when it may.

    Asked when a message is written and again when it is sent: a consent withdrawn in between stops it.
    """
    if person.merged_into_id or person.erased_at:
        return _("This entry is no longer in use")
    if under_18 := _obstacle_under_18(person, purpose):
        return under_18
    if not purpose.is_service and not person.consents.filter(purpose=purpose, withdrawn_at=None).exists():
        return _("%(name)s has not agreed to “%(purpose)s”") % {"name": person, "purpose": purpose}
    if channel == Channel.EMAIL and not person.write_to_guardian and not person.email:
        return _("%(name)s has no e-mail address") % {"name": person}
    if channel == Channel.POST and not person.address:
        return _("%(name)s has no postal address") % {"name": person}
    if channel in {Channel.TEXT, Channel.PHONE} and not person.phone:
        return _("%(name)s has no telephone number") % {"name": person}
    return ""


def _obstacle_under_18(person: Person, purpose: ConsentPurpose) -> str:
    if person.may_be_under_18:
        return _("%(name)s may be under 18. The safeguarding lead has to record the date of birth") % {"name": person}
    if not person.is_under_18:
        return ""
    if person.safeguards != Safeguards.CLEARED:
        return _("%(name)s is under 18 and the consents are missing") % {"name": person}
    if not purpose.for_under_18:
        return _("People under 18 are not written to for “%(purpose)s”") % {"purpose": purpose}
    return ""


def not_before(person: Person, now: datetime.datetime) -> datetime.datetime:
    """When a message may leave: at once, or for somebody under 18 in the morning."""
    here = timezone.localtime(now)
    if not person.is_under_18 or FIRST_HOUR <= here.hour < LAST_HOUR:
        return now
    morning = here.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return morning if here.hour < FIRST_HOUR else morning + datetime.timedelta(days=1)


def send(message: Message) -> None:
    """Send one message by e-mail. Raises OSError (smtplib's errors are of that kind) when it cannot be sent."""
    text = render_to_string("people/mail/message.txt", {"message": message, "site": settings.SITE_URL})
    mail = EmailMessage(message.subject, text, None, [address_of(message)])
    if message.attachment:
        mail.attach(message.attachment_name, bytes(message.attachment), "text/calendar; charset=utf-8; method=REQUEST")
    mail.send()


def address_of(message: Message) -> str:
    """Where it goes: to the person, or to the guardian of somebody for whom the guardian is written to."""
    if not message.to_guardian:
        return message.person.email
    audit.record(None, "read guardian", message.person, purpose="to send a message")
    return YoungPerson.objects.values_list("guardian_email", flat=True).get(person=message.person)
