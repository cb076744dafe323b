"""Persons on the register: added once, however often they write to us."""

from django.db import transaction

from core import audit
from people.models import Person, User


@transaction.atomic
def find_or_add(*, by: User | None, name: str, email: str = "", **values) -> tuple[Person, bool]:
    """The person with this name and e-mail address, or a new one; and whether it is new.

    An address alone is not enough: families share one. What is on record is not overwritten by a public form. Raises
    ValidationError.
    """
    email = email.strip().lower()
    if email:
        same = Person.objects.known().filter(email__iexact=email, name__iexact=" ".join(name.split())).first()
        if same:
            return same, False
    person = Person(name=name, email=email, **values)
    person.full_clean()
    person.save()
    audit.record(by, "added", person)
    return person, True
