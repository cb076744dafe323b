"""People of every kind that messages are written to, for tests."""

import datetime

from django.utils import timezone

from people.models import ConsentPurpose, YoungPerson
from people.models.register import Safeguards
from people.services import messages
from people.tests import factories


def write(person, *, key="one", purpose="membership", subject="Your meeting", body="It is on Monday.", **more):
    return messages.write(person, purpose, subject, body, by=None, key=key, **more)


def agreed(**fields):
    person = factories.person(**{"name": "Ada", "email": "ada@example.org"} | fields)
    factories.consent(person)
    return person


def young(**fields):
    """Somebody under 18, for whom everything is in order."""
    later = timezone.localdate() + datetime.timedelta(days=400)
    person = agreed(**{"name": "Billie", "adult_from": later, "safeguards": Safeguards.CLEARED} | fields)
    ConsentPurpose.objects.update(for_under_18=True)
    return person


def child(*, email="guardian@example.org", phone=""):
    """Somebody under 13: the guardian is written to."""
    person = young(write_to_guardian=True)
    born = timezone.localdate() - datetime.timedelta(days=365 * 11)
    YoungPerson.objects.create(
        person=person, birth_date=born, guardian_name="Gil", guardian_email=email, guardian_phone=phone
    )
    return person
