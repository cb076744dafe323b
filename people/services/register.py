"""Persons on the register: added once, however often they write to us, and changed with an audit row (MEM-002)."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from people.models import Person, PersonCapacity, Role, User

CHANGEABLE = (
    "name",
    "known_as",
    "email",
    "phone",
    "address",
    "postcode",
    "birth_year",
    "area",
    "channel",
    "connections",
)


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
    return add_person(by=by, name=name, email=email, **values), True


@transaction.atomic
def add_person(*, by: User | None, capacities: Iterable[str] = (), **values) -> Person:
    """A new entry, even where one looks like it: ask `duplicates.like` first. Raises ValidationError."""
    values["email"] = values.get("email", "").strip().lower()
    person = Person(**values)
    person.full_clean()
    person.save()
    PersonCapacity.objects.bulk_create(PersonCapacity(person=person, capacity=each) for each in set(capacities))
    audit.record(by, "added", person)
    return person


@transaction.atomic
def update_person(person: Person, *, by: User | None, capacities: Iterable[str] | None = None, **values) -> Person:
    """Change what is on record about somebody; the audit row names the fields, not what they hold.

    `values` are fields of CHANGEABLE, `capacities` the parts in which they take part (None: as they are). A new e-mail
    address of somebody with an account is the one they sign in with from now on. Raises ValidationError, by field.
    """
    if unknown := set(values) - set(CHANGEABLE):
        raise TypeError(f"update_person() cannot change {', '.join(sorted(unknown))}")
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    if "email" in values:
        values["email"] = values["email"].strip().lower()
    before = {name: getattr(person, name) for name in values}
    check_change(person, values)
    for name, value in values.items():
        setattr(person, name, value)
    person.full_clean(exclude={field.name for field in Person._meta.fields} - set(values))
    changed = [name for name, value in before.items() if getattr(person, name) != value]
    person.save(update_fields=[*changed, "updated_at"])
    if person.user_id and {"email", "name", "known_as"} & set(changed):
        _follow_account(person, changed)
    if capacities is not None and _set_capacities(person, set(capacities)):
        changed.append("capacities")
    if changed:
        audit.record(by, "changed", person, fields=changed)
    return person


def check_change(person: Person, values: dict) -> None:
    """Raise ValidationError, by field, for what must not be changed here. Forms ask it too."""
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    if person.adult_from and values.get("birth_year", person.birth_year) != person.birth_year:
        raise ValidationError({"birth_year": _("Ask the safeguarding lead: they keep the date of birth")})
    email = values.get("email", person.email).strip().lower()
    if person.user_id is None or email == person.email.lower():
        return
    if not email:
        raise ValidationError({"email": _("Enter an e-mail address. They need it to sign in")})
    if works_for_the_body(person.user):
        raise ValidationError({"email": _("Ask an administrator. This account is also used for staff work")})
    others = User.objects.filter(email__iexact=email).exclude(pk=person.user_id)
    addresses = EmailAddress.objects.filter(email__iexact=email).exclude(user=person.user_id)
    if others.exists() or addresses.exists():
        raise ValidationError({"email": _("Enter another e-mail address. Somebody else signs in with this one")})


def works_for_the_body(user: User) -> bool:
    """Whether an account can do more than a member's. What the register does to members' accounts stops there."""
    return user.is_superuser or user.roles.exclude(name=Role.Name.MEMBER).exists()


def _follow_account(person: Person, changed: list[str]) -> None:
    """Let the account have the new name and address. Sign-in codes go to the new address alone."""
    user = person.user
    user.name = person.called[: User._meta.get_field("name").max_length]
    user.email = person.email if "email" in changed else user.email
    user.save(update_fields=["name", "email"])
    if "email" in changed:
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def _set_capacities(person: Person, wanted: set[str]) -> bool:
    present = set(person.capacities.values_list("capacity", flat=True))
    person.capacities.exclude(capacity__in=wanted).delete()
    PersonCapacity.objects.bulk_create(PersonCapacity(person=person, capacity=each) for each in wanted - present)
    return wanted != present
