"""The index on SQLite: an FTS5 table that keeps no text of its own, filled by three triggers.

Django rebuilds a table to change a column, and drops its triggers with it: `ensure` runs after every migration.
"""

# ruff: noqa: S608  table and columns are constants; what a person gave is always a parameter

from django.db import connections, transaction

from core.search.excerpts import START, STOP
from core.search.postgresql import TABLE
from core.search.words import COMMON, Query, Run, Term

INDEX = f"{TABLE}_fts"
COLUMNS = ("title", "text", "names", "tags")
WEIGHTS = "8.0, 1.0, 2.0, 0.0"
_COLS = ", ".join(COLUMNS)
_NEW, _OLD = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("new", "old"))
_OUT = f"INSERT INTO {INDEX}({INDEX}, rowid, {_COLS}) VALUES ('delete', old.id, {_OLD});"
_IN = f"INSERT INTO {INDEX}(rowid, {_COLS}) VALUES (new.id, {_NEW});"
MADE = {
    INDEX: f"CREATE VIRTUAL TABLE {INDEX} USING fts5({_COLS}, content='{TABLE}', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 2')",
    f"{INDEX}_i": f"CREATE TRIGGER {INDEX}_i AFTER INSERT ON {TABLE} BEGIN {_IN} END",
    f"{INDEX}_d": f"CREATE TRIGGER {INDEX}_d AFTER DELETE ON {TABLE} BEGIN {_OUT} END",
    f"{INDEX}_u": f"CREATE TRIGGER {INDEX}_u AFTER UPDATE OF {_COLS} ON {TABLE} BEGIN {_OUT} {_IN} END",
}


def ensure(using: str) -> None:
    """Make the table and its triggers, or make them again where one is missing or was made otherwise."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        named = "SELECT name, sql FROM sqlite_master WHERE name LIKE %s AND type IN ('table', 'trigger')"
        cursor.execute(named, [f"{INDEX}%"])
        found = dict(cursor.fetchall())
        if all(found.get(name) == statement for name, statement in MADE.items()):
            return
        for name in MADE:
            cursor.execute(f"DROP {'TABLE' if name == INDEX else 'TRIGGER'} IF EXISTS {name}")
        for statement in MADE.values():
            cursor.execute(statement)
        cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


class Matching:
    """As `core.search.postgresql.Matching`."""

    def __init__(self, using: str, query: Query, tags: list[list[str]], where: tuple[str, list], *, any_word=False):
        self.using, self.where, self.where_given = using, *where
        self.has_words = bool(query.wanted)
        self.words = (" OR " if any_word else " AND ").join(map(_term, query.wanted))
        parts = [f"({{title text names}} : ({self.words}))"] if self.has_words else []
        parts += ["(tags : (" + " OR ".join(f'"{tag}"' for tag in either) + "))" for either in tags]
        unwanted = "".join(f" NOT ({{title text names}} : {_term(term)})" for term in query.unwanted)
        self.match = f"({' AND '.join(parts)}){unwanted}"
        self.rows = (
            f"{INDEX} CROSS JOIN {TABLE} ON {TABLE}.id = {INDEX}.rowid WHERE {INDEX} MATCH %s AND ({self.where})"
        )
        self.given = [self.match, *self.where_given]

    def count_by_kind(self, most: int) -> dict[str, int]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                f"SELECT kind, count(*) FROM (SELECT {TABLE}.kind AS kind FROM {self.rows} LIMIT %s) GROUP BY kind",
                [*self.given, most],
            )
            return dict(cursor.fetchall())

    def best(self, newest: int | None, size: int, offset: int = 0) -> list[tuple[int, float]]:
        rank = f"-bm25({INDEX}, {WEIGHTS})" if self.has_words else "0.0"
        order = f"ORDER BY rank DESC, {TABLE}.day DESC, {TABLE}.id DESC LIMIT %s OFFSET %s"
        with connections[self.using].cursor() as cursor:
            oldest = 0
            if newest is not None:
                cursor.execute(
                    f"SELECT {INDEX}.rowid FROM {self.rows} ORDER BY {INDEX}.rowid DESC LIMIT 1 OFFSET %s",
                    [*self.given, newest - 1],
                )
                (oldest,) = cursor.fetchone() or (0,)
            cursor.execute(
                f"SELECT {TABLE}.id, {rank} AS rank FROM {self.rows} AND {INDEX}.rowid >= %s {order}",
                [*self.given, oldest, size, offset],
            )
            return cursor.fetchall()

    def marked(self, pks: list[int], *, whole: bool = False) -> dict[int, tuple[str, str]]:
        marks = ", ".join(["%s"] * len(pks))
        with connections[self.using].cursor() as cursor:
            if not self.has_words:
                cursor.execute(f"SELECT id, title, substr(text, 1, 240) FROM {TABLE} WHERE id IN ({marks})", pks)
            else:
                text = f"highlight({INDEX}, 1, %s, %s)" if whole else f"snippet({INDEX}, 1, %s, %s, ' … ', 40)"
                cursor.execute(
                    f"SELECT rowid, highlight({INDEX}, 0, %s, %s), {text} FROM {INDEX}"
                    f" WHERE {INDEX} MATCH %s AND rowid IN ({marks})",
                    [START, STOP, START, STOP, self.match, *pks],
                )
            return {pk: (title, text) for pk, title, text in cursor.fetchall()}


def _term(term: Term) -> str:
    return "(" + " OR ".join(map(_run, term.runs)) + ")"


def _run(run: Run) -> str:
    if run.is_phrase:
        return '"' + " ".join(run.words) + '"'
    wanted = [word for word in run.words if word not in COMMON] or run.words
    return "(" + " AND ".join(f'"{word}"' for word in wanted) + ")"
