"""Fixtures for tests of the search."""

import pytest

from core import search
from core.search import registry
from core.tests.searching import NOTE


@pytest.fixture
def notes(db, monkeypatch):
    """Nothing but notes can be found, and every save of one reaches the search."""
    monkeypatch.setattr(registry, "_kinds", {"note": NOTE})
    monkeypatch.setattr(registry, "_other_names", [])
    search.ensure()
    search.keep_in_step()


@pytest.fixture
def learning(notes, django_capture_on_commit_callbacks):
    """What is done after the commit, done here: `with learning():`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
