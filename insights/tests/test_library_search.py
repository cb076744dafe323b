"""The library in the search of staff: found by words and names, and only by whom it is for."""

import pytest

from core import search
from core.search import registry
from insights import searching
from insights.models import Story
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registered")]


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_other_names", [])
    search.ensure()
    searching.register()


def found(user=search.PUBLIC, words="xylophone"):
    return sorted(hit.row.title for hit in search.find(words, user=user).hits)


def test_everybody_finds_published_items_and_staff_what_is_theirs():
    there = people.area("There")
    factories.public_source(title="Public xylophone")
    factories.source(title="Staff xylophone")
    factories.raw_data(title="Raw xylophone")
    factories.source(title="Sent xylophone", state="offered")
    factories.source(title="Their xylophone").areas.add(there)
    assert found() == ["Public xylophone"]
    assert found(people.member().user) == ["Public xylophone"]
    assert found(people.user("project_lead", people.area("Here"))) == ["Public xylophone", "Staff xylophone"]
    everything = ["Public xylophone", "Raw xylophone", "Staff xylophone", "Their xylophone"]
    assert found(people.user("officer")) == everything


def test_a_story_whose_consent_is_over_is_not_found_any_more():
    story = factories.story(
        source=factories.public_source(title="Xylophone", kind=factories.source_kind(is_story=True))
    )
    officer = people.user("officer")
    assert found() == found(officer) == ["Xylophone"]
    Story.objects.filter(pk=story.pk).update(withdrawn_on="2024-01-01")
    assert found() == found(officer) == []


def test_the_name_of_who_it_comes_from_finds_it():
    factories.public_source(title="Report", organisation=people.organisation("Healthwatch Essex"))
    assert found(words="healthwatch") == ["Report"]
