"""Roles given and taken away, and accounts for members."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from people.models import Area, Organisation, Person, Role, User


@transaction.atomic
def grant_role(
    user: User, name: str, *, by: User | None, area: Area | None = None, organisation: Organisation | None = None
) -> Role:
    """Give a user a role, for an area or for all; a partner works for an organisation. Giving it twice is harmless."""
    role, is_new = Role.objects.get_or_create(user=user, name=name, area=area, organisation=organisation)
    if is_new:
        audit.record(by, "granted role", user, role=name, area=str(area or ""))
    follow_roles(user)
    return role


@transaction.atomic
def revoke_role(role: Role, *, by: User | None) -> None:
    """Take a role away. The next request of that user already lacks it."""
    audit.record(by, "revoked role", role.user, role=role.name, area=str(role.area or ""))
    role.delete()
    follow_roles(role.user)


def follow_roles(user: User) -> None:
    """Let a user into the admin exactly when one of their roles is a staff role."""
    user.is_staff = user.is_superuser or user.roles.filter(name__in=Role.STAFF).exists()
    user.save(update_fields=["is_staff"])


@transaction.atomic
def open_account(person: Person, *, by: User | None) -> User:
    """Let somebody sign in to the members' portal with a code by e-mail. Doing it twice is harmless.

    An account that has the address already is joined to the person, unless it is somebody else's. Raises
    ValidationError where there is no address, or two persons share one.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.user_id:
        return person.user
    if not person.email:
        raise ValidationError(_("%(name)s has no e-mail address, so staff act on their behalf") % {"name": person})
    user = User.objects.filter(email__iexact=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, name=person.called[:150])
    elif Person.objects.filter(user=user).exists():
        raise ValidationError(_("Somebody else already signs in with this e-mail address"))
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True, "verified": True})
    person.user = user
    person.save(update_fields=["user", "updated_at"])
    audit.record(by, "opened account", person)
    grant_role(user, Role.Name.MEMBER, by=by)
    return user
