"""People under 18, and concerns. What is read here is for the safeguarding lead alone (MEM-019)."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from people.models import Concern, Person, User, YoungPerson
from people.models.register import Safeguards

ADULT, OWN_CONSENT, WRITES_THEMSELVES = 18, 16, 13
OLDEST = 120


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def check_birth_date(birth_date: datetime.date) -> None:
    """Raise ValidationError for a day that nobody alive was born on."""
    today = timezone.localdate()
    if birth_date >= today:
        raise ValidationError(_("The date of birth must be in the past"))
    if age_on(birth_date, today) > OLDEST:
        raise ValidationError(_("The date of birth is more than %(years)s years ago") % {"years": OLDEST})


@transaction.atomic
def record_young_person(person: Person, *, by: User, birth_date: datetime.date, **values) -> YoungPerson | None:
    """Keep the birth date and, under 18, the guardian and both consents. Raises ValidationError, PermissionDenied.

    `values` are the fields of YoungPerson. For an adult only the year is kept, and None is returned.
    """
    _for_safeguarding(by)
    check_birth_date(birth_date)
    person = Person.objects.select_for_update().get(pk=person.pk)
    young, is_new = YoungPerson.objects.get_or_create(person=person, defaults={"birth_date": birth_date})
    young.birth_date = birth_date
    for name, value in values.items():
        setattr(young, name, value)
    young.full_clean(exclude=["person"])
    young.save()
    follow_age(person, young)
    audit.record(by, "recorded young person" if is_new else "changed young person", person)
    if not person.is_under_18:
        young.delete()
        return None
    return young


def follow_age(person: Person, young: YoungPerson) -> None:
    """Bring what staff may know in line with the birth date: adult from which month, cleared or not, who is written to.

    Under 16 a guardian has to agree as well as the young person; under 13 letters go to the guardian.
    """
    age = age_on(young.birth_date, timezone.localdate())
    eighteenth = _birthday(young.birth_date, ADULT)
    person.birth_year = young.birth_date.year
    person.adult_from = (eighteenth.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    needs_guardian = age < OWN_CONSENT
    is_cleared = young.agreed_on and (young.guardian_agreed_on or not needs_guardian)
    can_be_reached = age >= WRITES_THEMSELVES or young.guardian_email or young.guardian_phone
    person.safeguards = Safeguards.CLEARED if is_cleared and can_be_reached else Safeguards.WAITING
    person.write_to_guardian = age < WRITES_THEMSELVES
    person.save(update_fields=["birth_year", "adult_from", "safeguards", "write_to_guardian", "updated_at"])


def _birthday(birth_date: datetime.date, age: int) -> datetime.date:
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:  # the 29th of February
        return datetime.date(birth_date.year + age, 3, 1)


def young_person(person: Person, *, by: User, purpose: str) -> YoungPerson | None:
    """What is kept about somebody under 18. Raises PermissionDenied for everybody but the safeguarding lead."""
    _for_safeguarding(by)
    audit.record(by, "read young person", person, purpose=purpose)
    return YoungPerson.objects.filter(person=person).first()


def age_of(person: Person, *, purpose: str) -> int | None:
    """The exact age of somebody whose birth date is kept, for a rule of the system; None when only a year is known."""
    if person.adult_from is None:
        return None
    audit.record(None, "read date of birth", person, purpose=purpose)
    birth_date = YoungPerson.objects.filter(person=person).values_list("birth_date", flat=True).first()
    return None if birth_date is None else age_on(birth_date, timezone.localdate())


def follow_ages() -> int:
    """Every day: who has turned 13, 16 or 18. Returns how many are under 18."""
    young = list(YoungPerson.objects.select_related("person"))
    for each in young:
        audit.record(None, "read date of birth", each.person, purpose="birthdays")
        follow_age(each.person, each)
    return len(young)


def _for_safeguarding(by: User) -> None:
    if not by.has_perm("people.view_youngperson"):
        raise PermissionDenied


# Concerns ----------------------------------------------------------------------------------------


def raise_concern(text: str, contact: str = "") -> Concern:
    """Keep what somebody is worried about, and tell the safeguarding leads that there is something to read.

    The e-mail says nothing of what it is about.
    """
    concern = Concern.objects.create(text=text, contact=contact)
    audit.record(None, "received concern", concern)
    return concern


@transaction.atomic
def read_concern(concern: Concern, *, by: User) -> Concern:
    _for_safeguarding(by)
    if concern.read_at is None:
        concern.read_at, concern.read_by = timezone.now(), by
        concern.save(update_fields=["read_at", "read_by"])
    audit.record(by, "read concern", concern)
    return concern


@transaction.atomic
def close_concern(concern: Concern, what_was_done: str, *, by: User) -> Concern:
    """Say what was done. Raises ValidationError without words, PermissionDenied for others."""
    _for_safeguarding(by)
    if not what_was_done.strip():
        raise ValidationError({"what_was_done": _("Say what was done")})
    concern.what_was_done, concern.closed_at = what_was_done, timezone.now()
    concern.save(update_fields=["what_was_done", "closed_at"])
    audit.record(by, "closed concern", concern)
    return concern
