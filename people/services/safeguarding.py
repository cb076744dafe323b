"""People under 18, and concerns. What is read here is for the safeguarding lead alone (MEM-019)."""

import datetime
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from people.models import Concern, Person, Role, User, YoungPerson
from people.models.register import Safeguards

ADULT, OWN_CONSENT, WRITES_THEMSELVES = 18, 16, 13
OLDEST = 120
KEPT_AFTER_18 = datetime.timedelta(days=90)  # what is kept about somebody's childhood goes then (docs/data.md)

logger = logging.getLogger(__name__)


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
    for name in ("agreed_on", "guardian_agreed_on"):
        if (day := values.get(name)) and not birth_date < day <= timezone.localdate():
            raise ValidationError({name: _("This day must lie between the date of birth and today")})
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


@dataclass(frozen=True, slots=True)
class Young:
    """Somebody under 18, or who may be, in the list of the safeguarding lead: how long still, and what is missing."""

    person: Person
    months: int | None  # until they count as adults; None while no date of birth is kept
    missing: tuple[str, ...]


@transaction.atomic
def young_people(people: Iterable[Person], *, by: User) -> list[Young]:
    """What the list says about each. Raises PermissionDenied for everybody but the safeguarding lead."""
    _for_safeguarding(by)
    people = list(people)
    kept = {young.person_id: young for young in YoungPerson.objects.filter(person__in=people)}
    audit.record_each(by, "read young person", people, purpose="list of people under 18")
    return [Young(person, _months_left(person), _missing(kept.get(person.pk))) for person in people]


def _months_left(person: Person) -> int | None:
    today = timezone.localdate()
    if person.adult_from is None:
        return None
    return 12 * (person.adult_from.year - today.year) + person.adult_from.month - today.month


def _missing(young: YoungPerson | None) -> tuple[str, ...]:
    if young is None:
        return (_("date of birth"),)
    age = age_on(young.birth_date, timezone.localdate())
    found = [] if young.agreed_on else [_("consent of the young person")]
    if age < OWN_CONSENT and not young.guardian_agreed_on:
        found.append(_("consent of the guardian"))
    if age < WRITES_THEMSELVES and not (young.guardian_email or young.guardian_phone):
        found.append(_("how to reach the guardian"))
    return tuple(found)


@transaction.atomic
def young_person(person: Person, *, by: User, purpose: str) -> YoungPerson | None:
    """What is kept about somebody under 18. Raises PermissionDenied for everybody but the safeguarding lead."""
    _for_safeguarding(by)
    audit.record(by, "read young person", person, purpose=purpose)
    return YoungPerson.objects.filter(person=person).first()


@transaction.atomic
def age_of(person: Person, *, purpose: str) -> int | None:
    """The exact age of somebody whose birth date is kept, for a rule of the system; None when only a year is known."""
    if person.adult_from is None:
        return None
    audit.record(None, "read date of birth", person, purpose=purpose)
    birth_date = YoungPerson.objects.filter(person=person).values_list("birth_date", flat=True).first()
    return None if birth_date is None else age_on(birth_date, timezone.localdate())


@transaction.atomic
def follow_ages() -> int:
    """Every day: who has turned 13, 16 or 18, and whose record is no longer needed. Returns how many are kept.

    Doing it again changes nothing. One audit row stands for the whole reading, one more for each record deleted.
    """
    young = list(YoungPerson.objects.select_related("person").select_for_update(of=["self"]))
    if young:
        audit.record(None, "read dates of birth", YoungPerson(), purpose="birthdays")
    today = timezone.localdate()
    grown_up = [each for each in young if today > _birthday(each.birth_date, ADULT) + KEPT_AFTER_18]
    for each in young:
        follow_age(each.person, each)
    audit.record_each(None, "deleted young person", [each.person for each in grown_up], reason="adult")
    YoungPerson.objects.filter(pk__in=[each.pk for each in grown_up]).delete()
    return len(young) - len(grown_up)


def _for_safeguarding(by: User) -> None:
    if not by.has_perm("people.view_youngperson"):
        raise PermissionDenied


# Concerns ----------------------------------------------------------------------------------------


def raise_concern(text: str, contact: str = "") -> Concern:
    """Keep what somebody is worried about, and tell the safeguarding leads that there is something to read.

    The e-mail says nothing of what it is about. The concern stays when it cannot be sent.
    """
    with transaction.atomic():
        concern = Concern.objects.create(text=text, contact=contact)
        audit.record(None, "received concern", concern)
    _tell_of(concern)
    return concern


def _tell_of(concern: Concern) -> None:
    leads = User.objects.filter(is_active=True, roles__name=Role.Name.SAFEGUARDING).distinct()
    addresses = [lead.email for lead in leads]
    if not addresses:
        logger.error("Concern %s has no safeguarding lead to read it", concern.pk)
        return
    text = render_to_string("people/mail/concern.txt", {"address": f"{settings.SITE_URL}/register/concerns/"})
    try:
        send_mail(_("Somebody is worried about something"), text, None, addresses)
    except OSError as error:
        logger.error("The mail about concern %s could not be sent (%s)", concern.pk, type(error).__name__)


@transaction.atomic
def list_concerns(*, by: User) -> QuerySet[Concern]:
    """When each concern came and how far it is, without its words; what is open comes first. The reading is audited."""
    _for_safeguarding(by)
    audit.record(by, "read list of concerns", Concern())
    stamps = Concern.objects.only("sent_at", "read_at", "closed_at")
    return stamps.order_by(F("closed_at").asc(nulls_first=True), "-sent_at", "-pk")


@transaction.atomic
def read_concern(concern: Concern, *, by: User) -> Concern:
    """Note that a safeguarding lead has read it, and who was the first. Raises PermissionDenied for others."""
    _for_safeguarding(by)
    if concern.read_at is None:
        concern.read_at, concern.read_by = timezone.now(), by
        concern.save(update_fields=["read_at", "read_by"])
    audit.record(by, "read concern", concern)
    return concern


@transaction.atomic
def close_concern(concern: Concern, what_was_done: str, *, by: User) -> Concern:
    """Say what was done. Raises ValidationError without words, or when it is closed; PermissionDenied for others."""
    _for_safeguarding(by)
    if not what_was_done.strip():
        raise ValidationError({"what_was_done": _("Say what was done")})
    concern = Concern.objects.select_for_update().get(pk=concern.pk)
    if concern.closed_at:
        raise ValidationError(_("This concern is closed already"))
    concern.what_was_done, concern.closed_at = what_was_done, timezone.now()
    concern.save(update_fields=["what_was_done", "closed_at"])
    audit.record(by, "closed concern", concern)
    return concern
