"""Which forums reach which board or committee, straight or through another forum (FOR-019)."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forums.documents.map import SHOWN
from forums.models import Forum, ForumLink, Membership


@dataclass(frozen=True, slots=True)
class Row:
    """A forum, and how it reaches each board, in the order of the boards. An empty text: it does not."""

    forum: Forum
    cells: list[str]

    @property
    def feeds_no_board(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    boards: list[str]
    rows: list[Row]

    @property
    def boards_without_a_route(self) -> list[str]:
        return [board for number, board in enumerate(self.boards) if not any(row.cells[number] for row in self.rows)]

    @property
    def forums_without_a_board(self) -> list[Forum]:
        return [row.forum for row in self.rows if row.feeds_no_board]


def matrix() -> Matrix:
    """Forums at work or paused against boards, with those that are only named in a tie. A constant number of queries.

    What a forum brings to another goes on from there. Working alongside a forum carries nothing on; alongside a board
    it does. A seat on a committee for a forum is a way too.
    """
    shown = list(Forum.objects.filter(status__in=SHOWN).select_related("kind", "area").order_by("name"))
    forums = [forum for forum in shown if not forum.kind.is_committee]
    committees = {forum.pk: forum.name for forum in shown if forum.kind.is_committee}
    ways, on = _ways({forum.pk: forum for forum in shown}), {forum.pk: forum.name for forum in shown}
    named = {target for each in ways.values() for target in each if isinstance(target, str)}
    boards: list[int | str] = [*committees, *sorted(named - set(committees.values()))]
    same = {name: pk for pk, name in committees.items()}
    rows = [Row(forum, _cells(forum.pk, boards, ways, on, same)) for forum in forums]
    return Matrix([committees.get(board, board) for board in boards], rows)


def _ways(shown: dict[int, Forum]) -> dict[int, dict[int | str, list[str]]]:
    """From each forum to where it reaches straight: the number of a forum, or the name of a body, and in what way."""
    ways: dict = defaultdict(lambda: defaultdict(list))
    for forum in shown.values():
        if forum.parent_id in shown:
            ways[forum.pk][forum.parent_id].append(_("working group"))
        if forum.meets_before_id in shown:
            ways[forum.pk][forum.meets_before_id].append(_("meets before it"))
    for link in ForumLink.objects.filter(forum__in=shown):
        target = link.to_forum_id or link.to_name
        is_beside = link.kind == ForumLink.Kind.ALIGNED_TO
        if isinstance(target, int) and (target not in shown or (is_beside and not shown[target].kind.is_committee)):
            continue
        ways[link.forum_id][target].append(str(link.get_kind_display()))
    seats = Membership.objects.current().filter(forum__in=shown, represents__in=shown, is_observer=False)
    for forum, committee in seats.order_by("forum_id", "represents_id").values_list("represents", "forum").distinct():
        if forum != committee:
            ways[forum][committee].append(_("has a seat"))
    return ways


def _cells(forum: int, boards: list, ways: dict, on: dict[int, str], same: dict[str, int]) -> list[str]:
    """How the forum reaches each board: in what way, or through which forum."""
    found: dict = {}
    seen, waiting = {forum}, [(forum, None)]
    while waiting:
        at, through = waiting.pop(0)
        for target, kinds in ways.get(at, {}).items():
            board = same.get(target, target)
            how = ", ".join(kinds) if through is None else _("through %(forum)s") % {"forum": on[through]}
            found.setdefault(board, how)
            if isinstance(board, int) and board not in seen:
                seen.add(board)
                waiting.append((board, board if through is None else through))
    return [found.get(board, "") for board in boards]
