"""The register of personal data says something about every field that could hold it."""

import pytest
from django.contrib import admin

from core.privacy import Personal, our_models, undeclared


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_field_that_could_hold_personal_data_is_declared(model):
    assert undeclared(model) == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_declared_field_exists_and_says_what_it_is_for(model):
    fields = {field.name for field in model._meta.concrete_fields}
    personal = getattr(model, "personal", {})
    assert set(personal) <= fields
    assert set(getattr(model, "not_personal", ())) <= fields
    assert [name for name, declared in personal.items() if not isinstance(declared, Personal)] == []
    assert [name for name, declared in personal.items() if declared.cls not in {"P1", "P2", "P3", "P4"}] == []


def test_special_category_data_is_never_on_a_model_that_the_admin_lists():
    listed = [model for model in our_models() if admin.site.is_registered(model)]
    assert [m for m in listed if any(d.cls == "P4" for d in getattr(m, "personal", {}).values())] == []


def test_a_field_that_nobody_declared_is_found(monkeypatch):
    model = next(model for model in our_models() if model._meta.label == "people.Person")
    monkeypatch.setattr(model, "personal", {k: v for k, v in model.personal.items() if k not in {"email", "user"}})
    assert undeclared(model) == ["email", "user"]


def test_every_record_of_a_person_says_whose_it_is():
    """What `about` leaves out could be neither downloaded nor erased."""
    to_people = [
        model
        for model in our_models()
        if any(field.is_relation and field.related_model._meta.label == "people.Person" for field in model._meta.fields)
    ]
    assert [model._meta.label for model in to_people if not hasattr(model, "about")] == []
