"""Valid rows for tests: plain functions, nothing random. Say only what the test is about."""

import datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from people.models import (
    Area,
    Consent,
    ConsentPurpose,
    ConsentWording,
    EqualityOption,
    EqualityQuestion,
    How,
    Level,
    LevelBand,
    Organisation,
    OrganisationKind,
    Person,
    PopulationGroup,
    Role,
    User,
)
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
        works_for = organisation() if role == "partner" else None
        Role.objects.create(user=row, name=role, area=area, organisation=works_for)
        follow_roles(row)
    return row


def superuser(**fields) -> User:
    return User.objects.create(**new_user() | {"is_staff": True, "is_superuser": True} | fields)


def person(name: str = "", **fields) -> Person:
    return Person.objects.create(name=name or f"Person {following(Person)}", **fields)


def member(name: str = "", *, agrees_to: tuple[str, ...] = ("membership",), **fields) -> Person:
    """Somebody who can sign in to the portal and has agreed to be written to."""
    row = person(name, **fields)
    row.email = row.email or f"person{row.pk}@example.org"
    row.user = user("member", email=row.email, name=row.name[: User._meta.get_field("name").max_length])
    row.save()
    for purpose in agrees_to:
        consent(row, purpose)
    return row


def purpose(code: str = "membership", **fields) -> ConsentPurpose:
    """The purpose with the code; made when it is not there yet."""
    defaults = {"name": code.replace("_", " "), "is_service": code == "service"} | fields
    return ConsentPurpose.objects.get_or_create(code=code, defaults=defaults)[0]


def wording(code: str = "membership", version: int = 1, **fields) -> ConsentWording:
    defaults = {"text": f"You may use my details for {code}.", "in_force_from": datetime.date(2023, 1, 1)} | fields
    return ConsentWording.objects.get_or_create(purpose=purpose(code), version=version, defaults=defaults)[0]


def consent(person: Person, code: str = "membership", **fields) -> Consent:
    row = wording(code)
    return Consent.objects.create(person=person, purpose=row.purpose, wording=row, **{"how": How.PAPER} | fields)


def equality_question(code: str = "sex", options: tuple[str, ...] = ("female", "male", "prefer-not-to-say")):
    """A question with its options, in this order; made when it is not there yet."""
    question, is_new = EqualityQuestion.objects.get_or_create(code=code, defaults={"text": code.capitalize()})
    if is_new:
        EqualityOption.objects.bulk_create(
            EqualityOption(question=question, code=option, label=option.replace("-", " ").capitalize(), order=order)
            for order, option in enumerate(options)
        )
    return question
