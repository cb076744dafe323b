"""Consent by purpose: given to an exact wording, by a way, at a time; withdrawn at any time (GOV-001, POR-018)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.models import JobState
from people import notifications
from people.models import Consent, ConsentPurpose, ConsentWording, How, Message, PanelProfile, Person, User


def current_wordings() -> list[ConsentWording]:
    """The wording in force of each purpose that needs consent, in their order. A purpose without one is left out."""
    today = timezone.localdate()
    found = {}
    wordings = ConsentWording.objects.filter(in_force_from__lte=today, purpose__is_service=False)
    for wording in wordings.select_related("purpose").order_by("purpose__order", "purpose", "version"):
        found[wording.purpose_id] = wording
    return list(found.values())


@transaction.atomic
def give(
    person: Person, wording: ConsentWording, *, how: str, by: User | None, given_by: str = Consent.By.SELF
) -> Consent:
    """Record that somebody agreed. One in force to the same wording stays; one to an older wording is replaced.

    Raises ValidationError for a service purpose, for a wording that is not yet in force, and for somebody under 18
    where the purpose is not for them.
    """
    purpose = wording.purpose
    if purpose.is_service:
        raise ValidationError(_("This needs no consent"))
    if wording.in_force_from > timezone.localdate():
        raise ValidationError(_("This wording is not in force yet"))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_under_18 and not purpose.for_under_18:
        raise ValidationError(_("People under 18 are not asked for this"))
    current = person.consents.filter(purpose=purpose, withdrawn_at=None).first()
    if current and current.wording_id == wording.pk:
        return current
    if current:
        _end(current, how=how, by=by)
    consent = Consent.objects.create(
        person=person, purpose=purpose, wording=wording, how=how, given_by=given_by, recorded_by=by
    )
    if purpose.code == ConsentPurpose.PANEL_PROFILE:  # what they told stays, on the new wording
        PanelProfile.objects.filter(person=person).update(consent=consent)
    audit.record(by, "recorded consent", person, purpose=purpose.code, how=how)
    return consent


@transaction.atomic
def withdraw(person: Person, purpose: ConsentPurpose, *, how: str = How.PORTAL, by: User | None) -> None:
    """Take a consent back. It acts at once: what hung on it goes, and messages that wait are not sent.

    Without one in force nothing happens.
    """
    consent = person.consents.select_for_update().filter(purpose=purpose, withdrawn_at=None).first()
    if consent is None:
        return
    _end(consent, how=how, by=by)
    if purpose.code == ConsentPurpose.PANEL_PROFILE:
        audit.record(by, "deleted panel profile", person)
        PanelProfile.objects.filter(person=person).delete()
    _stop_messages(person, purpose)
    audit.record(by, "recorded withdrawal of consent", person, purpose=purpose.code, how=how)


def _stop_messages(person: Person, purpose: ConsentPurpose) -> None:
    """End what waits to be sent, printed or called. The worker asks again for what it is about to send."""
    waiting = Message.objects.filter(person=person, purpose=purpose, state=JobState.QUEUED)
    for channel in waiting.order_by().values_list("channel", flat=True).distinct():
        reason = notifications.obstacle(person, purpose, channel)
        values = {"state": JobState.FAILED, "error": reason, "finished_at": timezone.now()}
        waiting.filter(channel=channel).update(**values)


def _end(consent: Consent, *, how: str, by: User | None) -> None:
    consent.withdrawn_at, consent.withdrawn_how, consent.withdrawal_recorded_by = timezone.now(), how, by
    consent.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawal_recorded_by"])


def in_force(person: Person) -> dict[int, Consent]:
    """Somebody's consents in force, by the number of the purpose."""
    return {each.purpose_id: each for each in person.consents.filter(withdrawn_at=None).select_related("wording")}
