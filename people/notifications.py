"""Whether and how somebody may be written to, and the sending of one message by e-mail."""

import datetime
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from people.models import Channel, ConsentPurpose, Message, Organisation, Person, YoungPerson
from people.models.register import Safeguards

# People under 18 get no e-mail at night (quality.md: children).
FIRST_HOUR, LAST_HOUR = 8, 20


def obstacle(person: Person, purpose: ConsentPurpose, channel: str, *, agreed: bool | None = None) -> str:
    """Why nothing may be written to somebody for a purpose, in words for staff; empty when it may.

    Asked when a message is written and again when it is sent: a consent withdrawn in between stops it. Whoever looks
    at many says whether each `agreed`: then nothing is read, and a guardian counts as reachable until one is written.
    """
    if person.merged_into_id or person.erased_at:
        return _("This entry is no longer in use")
    if under_18 := _obstacle_under_18(person, purpose):
        return under_18
    is_one_of_many = agreed is not None
    if not purpose.is_service:
        if not is_one_of_many:
            agreed = person.consents.filter(purpose=purpose, withdrawn_at=None).exists()
        if not agreed:
            return _("%(name)s has not agreed to “%(purpose)s”") % {"name": person, "purpose": purpose}
    if is_one_of_many and person.write_to_guardian and channel != Channel.POST:
        return ""
    return _unreachable(person, channel)


def _unreachable(person: Person, channel: str) -> str:
    """What is missing for this way of writing. A letter to a guardian goes to the young person's home."""
    if channel == Channel.POST:
        return "" if person.address else _("%(name)s has no postal address") % {"name": person}
    by_email = channel == Channel.EMAIL
    if person.write_to_guardian:
        email, phone = _ways_to_guardian(person)
        if email if by_email else phone:
            return ""
        if by_email:
            return _("The guardian of %(name)s has no e-mail address. Ask the safeguarding lead") % {"name": person}
        return _("The guardian of %(name)s has no telephone number. Ask the safeguarding lead") % {"name": person}
    if by_email and not person.email:
        return _("%(name)s has no e-mail address") % {"name": person}
    if not by_email and not person.phone:
        return _("%(name)s has no telephone number") % {"name": person}
    return ""


def _ways_to_guardian(person: Person) -> tuple[str, str]:
    """The guardian's e-mail address and telephone; empty where none is kept. The reading is audited."""
    audit.record(None, "read guardian", person, purpose="to send a message")
    ways = YoungPerson.objects.filter(person=person).values_list("guardian_email", "guardian_phone").first()
    return ways or ("", "")


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
    """Send one message by e-mail. Raises OSError (smtplib's errors are of that kind) when it cannot be sent.

    Raises ValueError for an address or a subject that no e-mail can have. Its Message-ID is always the same, so that a
    mailbox which gets it twice, after a worker was lost, can tell.
    """
    headers = {
        "List-Unsubscribe": f"<{settings.SITE_URL}/members/consents/>",
        "Message-ID": f"<message-{message.pk}@{urlsplit(settings.SITE_URL).hostname}>",
    }
    mail = EmailMessage(message.subject, text_of(message), None, [address_of(message)], headers=headers)
    if message.attachment:
        content = bytes(message.attachment)
        mail.attach(message.attachment_name, content, f"text/calendar; method={_method(content)}")
    mail.send()


def text_of(message: Message) -> str:
    """The whole text of an e-mail: to whom, the message, who writes, and where to change what we write about."""
    context = {"message": message, "site": settings.SITE_URL, "body": Organisation.objects.body()}
    return render_to_string("people/mail/message.txt", context)


def address_of(message: Message) -> str:
    """Where it goes: to the person, or to the guardian of somebody for whom the guardian is written to now."""
    person = message.person
    return _ways_to_guardian(person)[0] if person.write_to_guardian else person.email


def _method(calendar: bytes) -> str:
    """What a calendar file wants: REQUEST for an invitation, CANCEL for one called off (RFC 5546)."""
    found = re.search(rb"^METHOD:([A-Z]+)", calendar, re.MULTILINE)
    return found[1].decode() if found else "PUBLISH"
