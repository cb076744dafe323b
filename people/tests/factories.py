"""Valid rows for tests: plain functions, nothing random. Say only what the test is about."""

from functools import cache

from django.contrib.auth.hashers import make_password

from people.models import Area, Level, LevelBand, Organisation, OrganisationKind, Person, PopulationGroup, Role, User
from people.services import follow_roles

PASSWORD = "correct horse battery staple"


def following(model) -> int:
    """The number of the next row, so that names differ."""
    return model.objects.count() + 1


def organisation(name: str = "", **fields) -> Organisation:
    name = name or f"Organisation {following(Organisation)}"
    return Organisation.objects.create(name=name, **{"kind": OrganisationKind.CHARITY} | fields)


def body(**fields) -> Organisation:
    """The ICB that the deployment serves."""
    defaults = {
        "name": "Hertfordshire and West Essex ICB",
        "kind": OrganisationKind.ICB,
        "is_body": True,
        "email": "engagement@example.org",
        "formats_contact": "the engagement team at engagement@example.org",
    }
    return organisation(**defaults | fields)


def area(name: str = "", **fields) -> Area:
    number = following(Area)
    return Area.objects.create(
        **{"name": name or f"Area {number}", "slug": f"area-{number}", "level": Level.PLACE} | fields
    )


def level_band(level: str = Level.PLACE, **fields) -> LevelBand:
    return LevelBand.objects.create(level=level, **fields)


def population_group(name: str = "", **fields) -> PopulationGroup:
    return PopulationGroup.objects.create(name=name or f"Group {following(PopulationGroup)}", **fields)


@cache
def hashed() -> str:
    """PASSWORD as it is stored: hashed once, because that takes long."""
    return make_password(PASSWORD)


def new_user() -> dict:
    number = following(User)
    return {"email": f"user{number}@example.org", "name": f"User {number}", "password": hashed()}


def user(role: str = "", area: Area | None = None, **fields) -> User:
    """A user with a role, for an area or for all; without a role, somebody who may sign in and nothing else."""
    row = User.objects.create(**new_user() | fields)
    if role:
        Role.objects.create(user=row, name=role, area=area)
        follow_roles(row)
    return row


def superuser(**fields) -> User:
    return User.objects.create(**new_user() | {"is_staff": True, "is_superuser": True} | fields)


def person(name: str = "", **fields) -> Person:
    return Person.objects.create(name=name or f"Person {following(Person)}", **fields)
