"""What may be asked of people: roles given and taken away."""

from django.db import transaction

from core import audit
from people.models import Area, Role, User


@transaction.atomic
def grant_role(user: User, name: str, *, by: User | None, area: Area | None = None) -> Role:
    """Give a user a role, for an area or for all. Giving it twice is harmless."""
    role, is_new = Role.objects.get_or_create(user=user, name=name, area=area)
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
