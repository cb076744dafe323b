"""What members read about answers to what their forums said."""

import pytest

from core import portal
from forums.tests import factories as forums
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return people.member()


def titles(person) -> list[str]:
    return [card.url for card in portal.came_of(person) if card.url.startswith("/you-said-we-did/")]


def answer(reference: str, forum, **fields):
    response = factories.published_response(reference, **fields)
    response.activity.forums.add(forum)
    return response


def test_somebody_reads_what_came_of_what_their_forum_said(person):
    mine, other = forums.forum(), forums.forum()
    forums.membership(mine, person)
    answer("mine-1", mine)
    answer("other-1", other)
    assert titles(person) == ["/you-said-we-did/mine-1/"]


def test_an_answer_that_is_not_published_is_not_told(person):
    mine = forums.forum()
    forums.membership(mine, person)
    response = answer("mine-1", mine)
    response.published_at = response.published_by = None
    response.save()
    assert titles(person) == []


def test_two_seats_on_one_forum_do_not_double_an_answer(person):
    mine = forums.forum()
    forums.membership(mine, person)
    forums.membership(mine, person, role="chair")
    answer("mine-1", mine)
    assert titles(person) == ["/you-said-we-did/mine-1/"]
