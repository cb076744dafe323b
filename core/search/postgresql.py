"""The index on PostgreSQL: a generated column beside the fields of the model, and a GIN index on it.

Tags are words of the same index, so that the index itself narrows them down. The names of table and column in the
statements are constants; whatever a person gave is a parameter.
"""

# ruff: noqa: S608  table and columns are constants; what a person gave is always a parameter

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from core.search.excerpts import START, STOP, cut, forms_in, mark
from core.search.words import ACCENTED, Query, Run, Term

TABLE = "core_searchdocument"
# What stands between words. Left as they are, the parser takes “services/appointments” for one name of a file, and
# “<b>” for no word at all.
BETWEEN = "<>/\\.@_:=&?#%+~-"
WEIGHTS = "'{0, 0.4, 0.3, 1}'::real[]"  # of names, text and title
SHORTER_FIRST = 1  # the rank is divided by the logarithm of the length
MARKS = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"


def ensure(using: str) -> None:
    """Make the column and its index, or make them again where their definition has changed."""
    vector = _vector()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT col_description(attrelid, attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = 'search' AND NOT attisdropped",
            [TABLE],
        )
        found = cursor.fetchone()
        if found and found[0] == vector:
            return
        cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS search")
        cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN search tsvector GENERATED ALWAYS AS ({vector}) STORED")
        cursor.execute(f"COMMENT ON COLUMN {TABLE}.search IS %s", [vector])
        # Without the list of what is still to be sorted in, a search costs the same after a bulk load.
        cursor.execute(f"CREATE INDEX {TABLE}_search ON {TABLE} USING gin(search) WITH (fastupdate = off)")


def _plain(column: str) -> str:
    """The column as the parser is to see it."""
    letters, plain = BETWEEN + "".join(ACCENTED), " " * len(BETWEEN) + "".join(ACCENTED.values())
    return f"translate({column}, '{letters}', '{plain}')"


def _vector() -> str:
    parts = [
        f"setweight(to_tsvector('english'::regconfig, {_plain(column)}), '{weight}')"
        for column, weight in (("title", "A"), ("text", "B"), ("names", "C"))
    ]
    parts.append("array_to_tsvector(array_remove(string_to_array(tags, ' '), ''))")
    return " || ".join(parts)


class Matching:
    """Documents with the words of a query and one of each list of tags, among those that `where` lets through."""

    def __init__(self, using: str, query: Query, tags: list[list[str]], where: tuple[str, list], *, any_word=False):
        self.using, self.where, self.where_given = using, *where
        self.words, self.words_given = _terms(query, " || " if any_word else " && ")
        parts, self.given = [], []
        if query.wanted:
            parts.append(self.words)
            self.given += self.words_given
        for either in tags:
            parts.append("%s::tsquery")
            self.given.append(" | ".join(f"'{tag}'" for tag in either))
        for term in query.unwanted:
            words, given = _term(term)
            parts.append(f"!!{words}")
            self.given += given
        self.condition = f"search @@ ({' && '.join(parts)}) AND ({self.where})"
        if query.wanted:
            # Words of which the parser makes nothing must find nothing, not everything.
            self.condition = f"numnode({self.words}) > 0 AND {self.condition}"
            self.given = [*self.words_given, *self.given]
        self.has_words = bool(query.wanted)

    def count_by_kind(self, most: int) -> dict[str, int]:
        """How many there are of each kind, of the first `most` that the index gives."""
        with self._by_the_index() as cursor:
            cursor.execute(
                f"SELECT kind, count(*) FROM (SELECT kind FROM {TABLE} WHERE {self.condition} LIMIT %s) AS part"
                " GROUP BY kind",
                [*self.given, *self.where_given, most],
            )
            return dict(cursor.fetchall())

    def best(self, newest: int | None, size: int, offset: int = 0) -> list[tuple[int, float]]:
        """Numbers of documents with their rank, best first: of all, or of the `newest` to be entered."""
        given = [*self.given, *self.where_given]
        rank, rank_given = "0::real", []
        if self.has_words:
            rank, rank_given = f"ts_rank({WEIGHTS}, search, {self.words}, {SHORTER_FIRST})", self.words_given
        rows = f"{TABLE} WHERE {self.condition}"
        if newest is not None:
            rows = f"(SELECT id, day, search FROM {TABLE} WHERE {self.condition} ORDER BY id DESC LIMIT %s) AS newest"
            given.append(newest)
        statement = f"SELECT id, {rank} AS rank FROM {rows} ORDER BY rank DESC, day DESC NULLS LAST, id DESC"
        with self._by_the_index(newest is None) as cursor:
            cursor.execute(f"{statement} LIMIT %s OFFSET %s", [*rank_given, *given, size, offset])
            return cursor.fetchall()

    def marked(self, pks: list[int], *, whole: bool = False) -> dict[int, tuple[str, str]]:
        """Title and excerpt of documents, the words that were looked for between START and STOP.

        The database says which words those are. Its own excerpt leaves out whatever looks like a tag.
        """
        headline, given = "''", []
        if self.has_words:
            both = _plain("title || ' ' || text").replace("%", "%%")
            headline = f"ts_headline('english'::regconfig, {both}, {self.words}, %s)"
            given = [*self.words_given, MARKS]
        with connections[self.using].cursor() as cursor:
            cursor.execute(f"SELECT id, title, text, {headline} FROM {TABLE} WHERE id = ANY(%s)", [*given, pks])
            rows = [(pk, title, text, forms_in(marked)) for pk, title, text, marked in cursor.fetchall()]
        return {
            pk: (mark(title, forms), mark(text if whole else cut(text, forms), forms))
            for pk, title, text, forms in rows
        }

    @contextmanager
    def _by_the_index(self, wanted: bool = True) -> Iterator:
        """A cursor that compiles no statement, which takes longer than it runs, and that reads the index first.

        Two frequent words that never meet would else have the table read from end to end.
        """
        with transaction.atomic(using=self.using), connections[self.using].cursor() as cursor:
            cursor.execute("SET LOCAL jit = off" + ("; SET LOCAL enable_seqscan = off" if wanted else ""))
            yield cursor
            cursor.execute("SET LOCAL jit TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT")


def _terms(query: Query, joined: str) -> tuple[str, list]:
    pairs = [_term(term) for term in query.wanted]
    return "(" + joined.join(words for words, _given in pairs) + ")", [
        word for _words, given in pairs for word in given
    ]


def _term(term: Term) -> tuple[str, list]:
    return "(" + " || ".join(map(_run, term.runs)) + ")", [" ".join(run.words) for run in term.runs]


def _run(run: Run) -> str:
    return f"{'phraseto' if run.is_phrase else 'plainto'}_tsquery('english'::regconfig, %s)"
