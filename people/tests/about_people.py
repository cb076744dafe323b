"""Rows about people in every model that has them, made from the models: a later model is covered without a change."""

import datetime
import itertools
import uuid
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from core.privacy import is_about_people, models_about_people
from people.models import Person

TODAY = datetime.date(2026, 3, 2)
# What a model's own rules ask for and its fields do not say.
RULES = {
    "forums.Meeting": {"ends_at": timezone.make_aware(datetime.datetime(2026, 3, 3, 12))},
    "people.ConsentPurpose": {"code": "panel_profile"},
    "forums.ForumLink": {"to_name": "Board"},
    "engagement.Activity": {"starts_on": datetime.date(2026, 3, 2)},
    "insights.Response": {"status": "done", "we_did": "We did it."},
    "insights.Story": {"consent_on": datetime.date(2026, 3, 2), "consent_until": datetime.date(2027, 3, 2)},
}


class Maker:
    """Makes rows about one person. Each text holds a token: `token` and a number, found nowhere else."""

    def __init__(self, token: str):
        self.token, self.numbers = token, itertools.count(1)
        self.tokens: dict[str, str] = {}  # token → model and field
        self.made: dict[str, models.Model] = {}

    def person(self, **fields) -> Person:
        row = self.row(Person, None, **fields)
        self.made["people.Person"] = row
        return row

    def everything(self, person: Person) -> dict[str, models.Model]:
        """A row about the person in every model that has such rows."""
        self.made["people.Person"] = person
        for model in models_about_people():
            self.about(model, person)
        return self.made

    def about(self, model: type[models.Model], person: Person) -> models.Model:
        label = model._meta.label
        if label not in self.made:
            self.made[label] = self.row(model, person)
        return self.made[label]

    def row(self, model, person, **fields):
        label = model._meta.label
        values = {
            field.name: self.value(model, field, person)
            for field in model._meta.concrete_fields
            if field.name not in fields
            and not (field.primary_key or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))
        }
        values = {name: value for name, value in values.items() if value is not LEAVE} | RULES.get(label, {}) | fields
        return model.objects.create(**values)

    def value(self, model, field, person):
        label = f"{model._meta.label}.{field.name}"
        if field.is_relation:
            return self.related(model, field, person)
        if field.choices:
            return LEAVE if field.has_default() or field.blank else field.choices[0][0]
        if isinstance(field, models.FileField):
            return ContentFile(self.text(label, field).encode(), name=f"{self.token.lower()}.pdf")
        if isinstance(field, models.UUIDField):
            return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.token}{label}") if field.unique else LEAVE
        if isinstance(field, models.EmailField):
            return f"{self.text(label, field)}@example.org".lower()
        if isinstance(field, models.CharField | models.TextField):
            return self.text(label, field) if is_about_people(model) or not field.blank else LEAVE
        if field.null or field.has_default():
            return LEAVE
        if isinstance(field, models.DateTimeField):
            return timezone.make_aware(datetime.datetime(2026, 3, 2, 10))
        if isinstance(field, models.DateField):
            return TODAY
        return Decimal(1) if isinstance(field, models.DecimalField) else 1

    def text(self, label, field):
        number = next(self.numbers)
        token = f"{self.token}{number:03}"
        if field.max_length and len(token) > field.max_length:  # a postcode
            token = f"{self.token[0]}{self.token[-1]}Q{number:03}"
        self.tokens[token.lower()] = label
        return token

    def related(self, model, field, person):
        target = field.related_model
        if target is Person:
            if field.name == "second":
                return Person.objects.create(name="Somebody Else")
            return person if person and field.name == model.about else LEAVE
        if is_about_people(model) and field.name == model.about.partition("__")[0]:
            return self.about(target, person)
        if field.null:
            return LEAVE
        if is_about_people(target):
            return self.about(target, person)
        return self.row(target, None) if field.one_to_one else shared(target)


LEAVE = object()


def shared(model: type[models.Model]) -> models.Model:
    """The one row of a model that is about nobody: a forum, a meeting, a purpose."""
    return model.objects.first() or Maker("shared").row(model, None)


def dump() -> str:
    """Every value in every table, in lower case."""
    from django.apps import apps

    lines = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            lines += [f"{model._meta.label} {value!r}" for value in row]
    return "\n".join(lines).lower()
