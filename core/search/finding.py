"""What staff and the public find: ranked, with excerpts, counted, and never more than they may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from math import log

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections, models, router
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.models import SearchDocument, SearchWord
from core.search import postgresql, registry, spelling, sqlite
from core.search.excerpts import START, STOP
from core.search.words import COMMON, Query, Run, Term, parse, spelled

COUNTED = 10_000  # up to so many the number found is exact; above, it is “more than”
RANKED = 5_000  # where more are found, the latest so many to be entered are ranked
PAGE_SIZE = 20
MOST_SIZE = 100
DISTINCTIVE = 12  # words by which a text is told from others
PUBLIC = None

Tags = Mapping[str, Collection[object]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found: the row itself, its title and an excerpt as HTML, the words marked by <mark>."""

    kind: registry.Kind
    row: models.Model
    title: SafeString
    excerpt: SafeString
    document: SearchDocument
    rank: float
    shares: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return self.kind.url(self.row)


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found.

    `total` is exact unless `is_more`, then there are more than that. `ranked` is how many could be put in order.
    `counts` says how many there are of each kind whatever kinds were chosen; None where there are too many to count.
    `corrected` is what was looked for instead of what was typed, `suggestion` what may have been meant.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_more: bool = False
    ranked: int = 0
    page: int = 1
    pages: int = 1
    counts: dict[str, int] | None = field(default_factory=dict)
    corrected: str = ""
    suggestion: str = ""
    common: tuple[str, ...] = ()
    was_cut: bool = False
    was_asked: bool = False

    @property
    def are_newest(self) -> bool:
        """Whether only the latest to be entered are ranked."""
        return self.ranked < self.total or self.is_more


def find(
    text: str,
    *,
    user=PUBLIC,
    kinds: Collection[str] = (),
    tags: Tags | None = None,
    page: int = 1,
    size: int = PAGE_SIZE,
    exact: bool = False,
) -> Results:
    """What has all the words, "phrases" and tags, and no -excluded word. Nothing that is typed is an error.

    `tags` asks for one of the values of each name: `{"topic": [12], "area": [3, 4]}`. Without words, everything with
    the tags, the newest first. `exact` asks for the words as they are typed, even where nothing has them.
    """
    names = registry.pairs_of_names()
    search = _Search(user, kinds, tags or {})
    results = search.page(parse(text, names), page, size)
    if exact or not results.was_asked or results.total > spelling.FEW:
        return results
    better, is_certain = spelling.correct(text, parse(text, names), search.number_of)
    if not better:
        return results
    if results.total or not is_certain:
        return replace(results, suggestion=better)
    instead = search.page(parse(better, names), page, size)
    return replace(instead, corrected=better) if instead.total else results


def more_like(
    *,
    kind: str = "",
    pk: int = 0,
    text: str = "",
    user=PUBLIC,
    kinds: Collection[str] = (),
    tags: Tags | None = None,
    size: int = 10,
) -> list[Hit]:
    """What is most like a record, or like a text, by the words that tell it from others; the record itself left out.

    Two of the words at least have to be shared, where there are two. `shares` says which.
    """
    search = _Search(user, kinds, tags or {})
    if kind:
        # Whoever may not see the record must not learn its words from what is like it.
        known = _Search(user, (), {}).seen.filter(kind=kind, object_id=pk).first()
        text = f"{known.title}\n{known.text}" if known else ""
    wanted = distinctive(text)
    if not wanted or search.is_empty:
        return []
    query = Query(tuple(Term((Run((word,)),)) for word in wanted))
    matching = search.matching(query, any_word=True)
    are_many = sum(matching.count_by_kind(RANKED + 1).values()) > RANKED
    hits = search.hits(matching, RANKED if are_many else None, 5 * size, 0, whole=True)
    hits = [replace(hit, shares=_shared(hit, wanted)) for hit in hits if (hit.kind.code, hit.row.pk) != (kind, pk)]
    hits = [hit for hit in hits if len(hit.shares) >= min(2, len(wanted))]
    worth = {word: number for number, word in enumerate(reversed(wanted), start=len(wanted))}
    hits.sort(key=lambda hit: -sum(worth[word] for word in hit.shares))
    return hits[:size]


def distinctive(text: str) -> list[str]:
    """The words of a text that stand in few other documents, the most telling first."""
    found = spelled(text) - COMMON
    known = dict(SearchWord.objects.filter(word__in=found).values_list("word", "documents"))
    of_all = (SearchDocument.objects.aggregate(most=Max("pk"))["most"] or 0) + 1
    worth = {word: log((of_all + 1) / (number + 0.5)) for word, number in known.items() if number > 0}
    return sorted((word for word in worth if worth[word] > 0), key=lambda word: (-worth[word], word))[:DISTINCTIVE]


class _Search:
    """Searches for one user, within the kinds and tags that were chosen."""

    def __init__(self, user, kinds: Collection[str], tags: Tags):
        self.user, self.using = user, router.db_for_read(SearchDocument)
        self.kinds = [code for code in registry.kinds() if code in kinds]
        self.tags = [[registry.tag(name, value) for value in values] for name, values in tags.items() if values]
        # A filter for something that is not there finds nothing, and a kind that nobody registered is such a thing.
        self.is_empty = bool(kinds and not self.kinds) or any(not values for values in tags.values())
        seen, self.rows = Q(pk__in=[]), {}
        whole = []
        for kind in registry.kinds().values():
            rows = kind.for_user(user)
            self.rows[kind.code] = kind.model._default_manager.all() if rows is None else rows
            if rows is None:
                whole.append(kind.code)
            elif not rows.query.is_empty():
                seen |= Q(kind=kind.code) & Exists(rows.order_by().filter(pk=OuterRef("object_id")))
        self.seen = SearchDocument.objects.using(self.using).filter(seen | Q(kind__in=whole))
        self.where = self._as_sql()
        self.is_empty = self.is_empty or self.where is None

    def _as_sql(self) -> tuple[str, list] | None:
        """The condition that a document may be seen, for a statement on the table; None where nothing may be."""
        query = self.seen.order_by().query
        compiler = query.get_compiler(connection=connections[self.using])
        try:
            compiler.pre_sql_setup()
            statement, given = compiler.compile(query.where)
        except EmptyResultSet:
            return None
        except FullResultSet:
            return "1 = 1", []
        return statement, list(given)

    def matching(self, query: Query, *, any_word: bool = False):
        """Within the kinds and tags that were chosen."""
        kinds = [[registry.tag("kind", code) for code in self.kinds]] if self.kinds else []
        return self._within([*self.tags, *kinds], query, any_word)

    def _within(self, tags: list[list[str]], query: Query, any_word: bool = False):
        vendor = {"postgresql": postgresql, "sqlite": sqlite}[connections[self.using].vendor]
        return vendor.Matching(self.using, query, tags, self.where, any_word=any_word)

    def number_of(self, term: Term) -> int:
        """In how many documents that the user may see a term stands, the filters left aside, up to a few hundred."""
        return sum(self._within([], Query((term,))).count_by_kind(spelling.ENOUGH).values()) if self.where else 0

    def page(self, query: Query, number: int, size: int) -> Results:
        said = {"common": query.common, "was_cut": query.was_cut}
        was_asked = bool(query.wanted or ((self.tags or self.kinds) and not query.common))
        if not was_asked or self.is_empty:
            return Results(was_asked=was_asked, **said)
        counts = self._within(self.tags, query).count_by_kind(COUNTED + 1)
        are_all = sum(counts.values()) <= COUNTED
        chosen = counts
        if self.kinds:
            chosen = {code: counts.get(code, 0) for code in self.kinds}
            if not are_all:
                chosen = self.matching(query).count_by_kind(COUNTED + 1)
        found = sum(chosen.values())
        size = max(1, min(size, MOST_SIZE))
        ranked = found if found <= RANKED else RANKED
        pages = max(1, -(-ranked // size))
        number = max(1, min(number, pages))
        newest = RANKED if found > RANKED else None
        hits = self.hits(self.matching(query), newest, min(size, ranked - (number - 1) * size), (number - 1) * size)
        return Results(
            hits=tuple(hits),
            total=min(found, COUNTED),
            is_more=found > COUNTED,
            ranked=ranked,
            page=number,
            pages=pages,
            counts=counts if are_all else None,
            was_asked=True,
            **said,
        )

    def hits(self, matching, newest: int | None, size: int, offset: int, *, whole: bool = False) -> list[Hit]:
        best = matching.best(newest, size, offset) if size > 0 else []
        pks = [pk for pk, _rank in best]
        if not pks:
            return []
        documents = SearchDocument.objects.using(self.using).in_bulk(pks)
        marked = matching.marked(pks, whole=whole)
        rows = self._rows_of(documents.values())
        hits = []
        for pk, rank in best:
            document = documents.get(pk)
            # Between two statements a row may have gone, or may not be seen any more.
            if document and (row := rows.get((document.kind, document.object_id))):
                title, excerpt = map(as_html, marked[pk])
                hits.append(Hit(registry.kinds()[document.kind], row, title, excerpt, document, float(rank)))
        return hits

    def _rows_of(self, documents: Collection[SearchDocument]) -> dict[tuple[str, int], models.Model]:
        """The rows themselves, of those that the user may see: one query for each kind."""
        by_kind: dict[str, list[int]] = {}
        for document in documents:
            by_kind.setdefault(document.kind, []).append(document.object_id)
        return {(code, row.pk): row for code, pks in by_kind.items() for row in self.rows[code].filter(pk__in=pks)}


def as_html(marked: str) -> SafeString:
    """Escaped first, then the marks of the database made into <mark>: no text can bring its own."""
    text = escape(marked).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(text)  # noqa: S308


def _shared(hit: Hit, wanted: list[str]) -> tuple[str, ...]:
    """The wanted words, in some form, that are marked in the whole text of a hit."""
    pieces = f"{hit.title} {hit.excerpt}".split("<mark>")[1:]
    there = {word for piece in pieces for word in spelled(piece.partition("</mark>")[0])}
    return tuple(word for word in wanted if any(_is_form_of(word, other) for other in there))


def _is_form_of(word: str, other: str) -> bool:
    """Whether two words are the same but for an ending, as the databases' stemmers see it, or nearly so."""
    start = max(3, min(len(word), len(other)) - 3)
    return word[:start] == other[:start]
