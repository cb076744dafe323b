"""Forums: the times at which they existed, and the names under which they are found."""

import datetime

import pytest

from forums.models import Forum
from forums.tests import factories

pytestmark = pytest.mark.django_db
START, END = datetime.date(2023, 4, 1), datetime.date(2024, 3, 31)
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("established_on", "closed_on", "expected"),
    [
        (None, None, True),
        (END, None, True),
        (END + DAY, None, False),
        (None, START, True),
        (None, START - DAY, False),
    ],
)
def test_a_forum_meets_in_a_period_of_which_it_saw_a_day(established_on, closed_on, expected):
    factories.forum(established_on=established_on, closed_on=closed_on)
    assert Forum.objects.meeting_between(START, END).exists() == expected


def test_a_forum_is_found_by_its_name_and_its_former_name():
    forum = factories.forum("Youth Council")
    other = factories.forum("Youth Forum")
    forum.aliases.create(name="Young Voices")
    other.aliases.create(name="youth council")
    found = Forum.objects.by_name()
    assert found["youth council"] == forum
    assert found["young voices"] == forum


def test_a_tie_names_its_target():
    forum = factories.forum("Youth Council")
    assert str(factories.forum_link(forum)) == "reports to ICB Board"
    assert str(factories.forum_link(forum, to_name="", to_forum=factories.forum("Assembly"))) == "reports to Assembly"
