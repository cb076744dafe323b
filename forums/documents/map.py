"""How forums, boards and committees are tied: one tree for the public page, in words and drawn (FOR-013).

Each forum stands once, under what it belongs to most: the forum whose working group it is, else the one it reports to,
else where it sends a representative, else where it brings what it hears, else what it works beside. Its other ties are
told in words. Ties that run in a circle are cut where the circle closes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import Forum, ForumLink

SHOWN = (Forum.Status.INTERIM, Forum.Status.LIVE, Forum.Status.PAUSED)
FIRST = list(ForumLink.Kind)
GROUP_OF = gettext_lazy("is a working group of")
LONGEST = 72  # letters that fit into a box of the picture
INDENT, PITCH, HEIGHT, WIDE, EDGE = 28, 44, 34, 700, 2


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie in words: “reports to”, and what."""

    words: str
    target: str
    forum: Forum | None = None


@dataclass(slots=True)
class Node:
    """A forum or committee, or a body that is only named, with those that stand under it."""

    name: str
    forum: Forum | None = None
    tie: Tie | None = None
    others: list[Tie] = field(default_factory=list)
    below: list["Node"] = field(default_factory=list)

    @property
    def is_committee(self) -> bool:
        return self.forum is None or self.forum.kind.is_committee

    @property
    def kind(self) -> str:
        return str(self.forum.kind) if self.forum else _("board or committee")


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node stands in the picture, in its units, and where the line to what stands above it begins."""

    label: str
    kind: str
    is_committee: bool
    left: int
    top: int
    width: int
    text_left: int
    text_top: int
    line_left: int
    line_top: int
    line_bottom: int
    has_line: bool


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    box_height: int
    boxes: list[Box]


def ties_of(forum: Forum) -> list[Tie]:
    """What a forum is tied to, the closest first. Its `links` should be fetched with their `to_forum`."""
    ties = [Tie(str(GROUP_OF), forum.parent.name, forum.parent)] if forum.parent_id else []
    links = sorted(forum.links.all(), key=lambda link: (FIRST.index(link.kind), link.pk))
    return ties + [Tie(str(link.get_kind_display()), link.target, link.to_forum) for link in links]


def governance(forums: Iterable[Forum] | None = None) -> list[Node]:
    """The tree: committees and bodies at the top. Forums that nothing ties to anything are left out.

    A constant number of queries. Only forums at work or paused are shown; a tie to another is told in words.
    """
    if forums is None:
        forums = Forum.objects.filter(status__in=SHOWN).select_related("kind", "parent")
        forums = forums.prefetch_related("links__to_forum").order_by("name")
    nodes = {forum.pk: Node(forum.name, forum) for forum in forums}
    bodies, tops = {}, []
    above = {pk: _best(node.forum, nodes) for pk, node in nodes.items()}
    _cut_circles(above)
    for pk, node in nodes.items():
        node.tie = above[pk]
        node.others = [tie for tie in ties_of(node.forum) if tie != node.tie]
        if node.tie is None:
            tops.append(node)
        elif node.tie.forum is None:
            bodies.setdefault(node.tie.target, Node(node.tie.target)).below.append(node)
        else:
            nodes[node.tie.forum.pk].below.append(node)
    tops = [node for node in tops if node.below or node.others]
    return sorted([*bodies.values(), *tops], key=lambda node: (not node.is_committee, node.name))


def _best(forum: Forum, nodes: dict[int, Node]) -> Tie | None:
    return next((tie for tie in ties_of(forum) if tie.forum is None or tie.forum.pk in nodes), None)


def _cut_circles(above: dict[int, Tie | None]) -> None:
    """Let go of one tie of every circle, so that each forum is found under a top."""
    for pk in above:
        seen, at = set(), pk
        while above.get(at) and above[at].forum:
            seen.add(at)
            at = above[at].forum.pk
            if at in seen:
                above[at] = None


def walk(tree: list[Node]) -> Iterator[Node]:
    """Every node of the tree, each before those that stand under it."""
    for node in tree:
        yield node
        yield from walk(node.below)


# Drawn -------------------------------------------------------------------------------------------


def picture(tree: list[Node]) -> Picture:
    """The tree as boxes, one below the other, set in by what they stand under."""
    boxes: list[Box] = []
    for node in tree:
        _draw(node, 0, None, boxes)
    deepest = max((box.left for box in boxes), default=0)
    return Picture(deepest + WIDE + EDGE, len(boxes) * PITCH + EDGE, HEIGHT, boxes)


def _draw(node: Node, depth: int, above: Box | None, boxes: list[Box]) -> None:
    left, top = EDGE + depth * INDENT, EDGE + len(boxes) * PITCH
    box = Box(
        label=node.name if len(node.name) <= LONGEST else node.name[: LONGEST - 1].rstrip() + "…",
        kind=node.kind,
        is_committee=node.is_committee,
        left=left,
        top=top,
        width=WIDE - EDGE,
        text_left=left + 10,
        text_top=top + 22,
        line_left=left - INDENT // 2,
        line_top=above.top + HEIGHT if above else top,
        line_bottom=top + HEIGHT // 2,
        has_line=above is not None,
    )
    boxes.append(box)
    for each in node.below:
        _draw(each, depth + 1, box, boxes)
