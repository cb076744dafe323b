"""Our news by e-mail: whoever owns an address says so with a button, and only then is it kept or taken out (PUB-016).

A stranger can type any address. So nothing that they see depends on who is on the register, and nobody enters it, or
loses a consent, before the link that went to the address was opened and its button pressed.
"""

import logging

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from people.models import Channel, ConsentPurpose, ConsentWording, How, NewsletterRequest, Organisation, Person
from people.services import consents, register

Kind = NewsletterRequest.Kind
MOST_TO_AN_ADDRESS = 3  # mails that strangers can have us send to one address in the lifetime of a link
SALT = "people.newsletter"

logger = logging.getLogger(__name__)


def wording() -> ConsentWording | None:
    """The words in force that people agree to; None where the body offers no news."""
    offered = (each for each in consents.current_wordings() if each.purpose.code == ConsentPurpose.OPPORTUNITIES)
    return next(offered, None)


# Asked by anybody --------------------------------------------------------------------------------


def ask_to_join(name: str, email: str, shown: ConsentWording) -> None:
    """Send a link to the address, whether or not it is known. Nothing else happens yet."""
    _ask(Kind.JOIN, email, name=" ".join(name.split()), wording=shown)


def ask_to_stop(email: str) -> None:
    """Send a link to the address, whether or not it is known. Nothing else happens yet."""
    _ask(Kind.STOP, email)


def _ask(kind: str, email: str, **values) -> None:
    email = email.strip().lower()
    since = timezone.now() - NewsletterRequest.LIFETIME
    if NewsletterRequest.objects.filter(email=email, asked_at__gte=since).count() >= MOST_TO_AN_ADDRESS:
        return
    with transaction.atomic():
        request = NewsletterRequest(kind=kind, email=email, **values)
        request.full_clean()
        request.save()
        audit.record(None, "asked about the newsletter", request, kind=kind)
    _send_link(request)


def _send_link(request: NewsletterRequest) -> None:
    """An e-mail that cannot be sent is no error for a stranger to see: it would tell whether the address exists."""
    address = settings.SITE_URL + reverse("people:newsletter_link", args=[token_of(request)])
    context = {"request": request, "address": address, "body": Organisation.objects.body()}
    text = render_to_string(f"people/mail/newsletter_{request.kind}.txt", context)
    subjects = {Kind.JOIN: _("Do you want our news?"), Kind.STOP: _("Stop our news")}
    try:
        send_mail(subjects[request.kind], text, None, [request.email])
    except (OSError, ValueError) as error:
        logger.error("The link of newsletter request %s could not be sent (%s)", request.pk, type(error).__name__)


# Confirmed by the owner of the address -----------------------------------------------------------


def token_of(request: NewsletterRequest) -> str:
    """What the link holds: signed, so that only we can make it; nothing of it is stored."""
    return signing.dumps(request.pk, salt=SALT)


def find(token: str) -> NewsletterRequest | None:
    """The request of a link; None for one that is not ours or has run out."""
    try:
        number = signing.loads(token, salt=SALT, max_age=NewsletterRequest.LIFETIME)
    except signing.BadSignature:
        return None
    return NewsletterRequest.objects.select_related("wording__purpose").filter(pk=number).first()


@transaction.atomic
def confirm(request: NewsletterRequest) -> NewsletterRequest:
    """Do what the owner of the address pressed the button for, once. Pressing again changes nothing.

    To join: who has this name and address on the register is found and not changed, or else added; the consent is kept
    with the words that were shown. To stop: the consent of everybody with this address ends. Raises ValidationError.
    """
    rows = NewsletterRequest.objects.select_for_update(of=("self",)).select_related("wording__purpose")
    request = rows.get(pk=request.pk)
    if request.done_at:
        return request
    if request.kind == Kind.JOIN:
        _join(request)
    else:
        _stop(request.email)
    request.name = request.email = ""
    request.done_at = timezone.now()
    request.save(update_fields=["name", "email", "done_at"])
    return request


def _join(request: NewsletterRequest) -> None:
    person, _is_new = register.find_or_add(by=None, name=request.name, email=request.email, channel=Channel.EMAIL)
    if person.is_under_18 or person.may_be_under_18:
        raise ValidationError(_("Our news is for people aged 18 or over. Ask us if you would like to hear from us"))
    consents.give(person, request.wording, how=How.WEB, by=None)


def _stop(email: str) -> None:
    purpose = ConsentPurpose.objects.filter(code=ConsentPurpose.OPPORTUNITIES).first()
    for person in Person.objects.known().filter(email__iexact=email) if purpose else ():
        consents.withdraw(person, purpose, how=How.WEB, by=None)


def forget_requests() -> int:
    """Delete what nobody confirmed, and the empty rows of what was. Returns how many."""
    before = timezone.now() - NewsletterRequest.LIFETIME
    return NewsletterRequest.objects.filter(asked_at__lt=before).delete()[0]
