"""How forums and boards are tied: the tree, its picture, and which forum reaches which board."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums.documents.boards import matrix
from forums.documents.map import LONGEST, governance, picture, walk
from forums.models import Forum, ForumLink
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
MAP, BOARDS = "/forums/map/", "/work/boards/"


def tie(forum, to_forum, kind="reports_to"):
    return factories.forum_link(forum, kind=kind, to_forum=to_forum, to_name="")


def lines(tree, depth=0):
    """The tree as text, two spaces for each step down."""
    found = []
    for node in tree:
        found += ["  " * depth + node.name, *lines(node.below, depth + 1)]
    return found


# The tree ----------------------------------------------------------------------------------------


def test_forums_stand_under_what_they_belong_to_with_boards_at_the_top():
    board, pef = factories.committee(), factories.forum("Patient Engagement Forum")
    place, group = factories.forum("A place forum"), factories.forum("Group", parent=pef)
    tie(pef, board)
    tie(place, pef, "represented_on")
    tie(group, board, "feeds")
    factories.forum_link(factories.forum("Lone group"), to_name="Quality committee")
    factories.forum("Tied to nothing")
    assert lines(governance()) == [
        "ICB Board",
        "  Patient Engagement Forum",
        "    A place forum",
        "    Group",
        "Quality committee",
        "  Lone group",
    ]


def test_the_other_ties_are_told_in_words():
    board, pef = factories.committee(), factories.forum("PEF")
    tie(pef, board)
    factories.forum_link(pef, kind="aligned_to", to_name="Citizens’ panel")
    [top] = governance()
    assert (top.below[0].tie.words, top.below[0].tie.target) == ("reports to", "ICB Board")
    assert [(each.words, each.target) for each in top.below[0].others] == [("works alongside", "Citizens’ panel")]


@pytest.mark.parametrize(("status", "is_shown"), [("interim", True), ("paused", True), ("proposed", False)])
def test_only_forums_at_work_or_paused_are_on_the_map(status, is_shown):
    tie(factories.forum("PEF", status=status), factories.committee())
    assert lines(governance()) == (["ICB Board", "  PEF"] if is_shown else [])


def test_a_forum_tied_to_a_closed_one_is_told_in_words():
    old = factories.forum("Old", status="closed", closed_on="2024-01-01")
    tie(factories.forum("New"), old)
    [top] = governance()
    assert (top.name, top.others[0].target) == ("New", "Old")


@pytest.mark.parametrize("length", [2, 3])
def test_ties_in_a_circle_are_cut_and_everybody_is_on_the_map(length):
    forums = [factories.forum(f"F{number}") for number in range(length)]
    below = factories.forum("Below")
    tie(below, forums[0])
    for number, forum in enumerate(forums):
        tie(forum, forums[(number + 1) % length])
    names = [node.name for node in walk(governance())]
    assert sorted(names) == sorted([*(forum.name for forum in forums), "Below"])


def test_the_picture_holds_every_name_once_and_shortens_long_ones():
    board = factories.committee()
    tie(factories.forum("م" * 200), board)
    drawn = picture(governance())
    assert [len(box.label) for box in drawn.boxes] == [len("ICB Board"), LONGEST]
    assert [box.has_line for box in drawn.boxes] == [False, True]
    assert drawn.boxes[1].top > drawn.boxes[0].top
    assert drawn.boxes[1].left + drawn.boxes[1].width <= drawn.width
    assert picture([]).boxes == []


def test_anybody_reads_the_map_as_a_list_and_as_a_picture(client):
    board, pef = factories.committee(), factories.forum("PEF <script>", size="over 700", status="paused")
    tie(pef, board)
    factories.membership(pef, people.member("Canary Member"))
    factories.forum("Tied to nothing")
    page = client.get(MAP)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("PEF &lt;script&gt;") == 2
    assert 'role="img" aria-labelledby="map-title map-description"' in text
    assert f'href="/forums/{pef.pk}/"' in text
    assert "over 700" in text
    assert "Reports to ICB Board" in text
    assert "1 forum is not on the map" in text
    assert "Canary" not in text
    assert "<script>" not in text
    assert "style=" not in text


def test_an_empty_map_says_so(client):
    assert "No ties are recorded yet." in client.get(MAP).content.decode()


def many_ties(number):
    kind, board = factories.forum_kind(), factories.committee()
    forums = Forum.objects.bulk_create(Forum(name=f"F{each}", kind=kind, level="place") for each in range(number))
    ForumLink.objects.bulk_create(ForumLink(forum=each, kind="reports_to", to_forum=board) for each in forums[::2])
    ForumLink.objects.bulk_create(ForumLink(forum=each, kind="feeds", to_name="Council") for each in forums[1::2])


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_the_map_of_a_thousand_forums_takes_as_many_queries_as_of_ten(number):
    many_ties(number)
    with CaptureQueriesContext(connection) as queries:
        assert len(list(walk(governance()))) == number + 2
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        assert len(matrix().rows) == number
    assert len(queries) == 3


# Forums and boards -------------------------------------------------------------------------------


@pytest.fixture
def governed():
    """Two boards, a named one, and forums that reach them in different ways."""
    board, quality = factories.committee(), factories.committee("Quality committee")
    factories.committee("Unheard committee")
    pef, place = factories.forum("PEF", meets_before=board), factories.forum("Place forum")
    tie(place, pef, "represented_on")
    tie(factories.forum("Beside"), pef, "aligned_to")
    factories.membership(quality, represents=place)
    factories.forum_link(factories.forum("School council"), to_name="County council")
    return board, quality, pef, place


def test_each_forum_reaches_boards_straight_or_through_another(governed):
    found = matrix()
    assert found.boards == ["ICB Board", "Quality committee", "Unheard committee", "County council"]
    assert {row.forum.name: row.cells for row in found.rows} == {
        "PEF": ["meets before it", "", "", ""],
        "Place forum": ["through PEF", "has a seat", "", ""],
        "Beside": ["", "", "", ""],
        "School council": ["", "", "", "reports to"],
    }
    assert found.boards_without_a_route == ["Unheard committee"]
    assert [forum.name for forum in found.forums_without_a_board] == ["Beside"]


def test_a_board_that_is_named_is_the_committee_of_that_name():
    factories.committee()
    factories.forum_link(factories.forum("PEF"), to_name="ICB Board")
    found = matrix()
    assert (found.boards, found.rows[0].cells) == (["ICB Board"], ["reports to"])


def test_a_closed_forum_carries_nothing_on():
    board, old = factories.committee(), factories.forum("Old", status="closed", closed_on="2024-01-01")
    tie(old, board)
    tie(factories.forum("PEF"), old)
    assert matrix().boards_without_a_route == ["ICB Board"]


def test_staff_see_who_reaches_which_board_and_take_it_away(client, governed):
    client.force_login(people.user("project_lead"))
    text = client.get(BOARDS).content.decode()
    assert "<li>Unheard committee</li>" in text
    assert "through PEF" in text
    assert '<th scope="col">Unheard committee</th>' not in text
    assert '<span class="nhsuk-u-visually-hidden">no way</span>' in text
    factories.forum("=cmd|' /C calc'!A0")
    answer = client.get(BOARDS, {"format": "csv"})
    table = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert table[0] == '"Forum","ICB Board","Quality committee","Unheard committee","County council"'
    assert '"Place forum","through PEF","has a seat","",""' in table
    assert any(line.startswith("\"'=cmd") for line in table)


@pytest.mark.parametrize("role", ["member", "secretary", "safeguarding"])
def test_boards_are_for_staff(client, role):
    assert client.get(BOARDS).status_code == 302
    client.force_login(people.user(role))
    assert client.get(reverse("work:boards")).status_code == 403
