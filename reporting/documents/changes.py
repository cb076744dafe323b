"""What changed from one report to the next of its kind: figures, and what came and went. Pure: JSON in, words out.

It knows the shapes that facts have, not the kinds of report: a row with a label and a number or a printed text is a
figure; a row with a reference, a name, a title or an address is a thing. Numbers that name something are no figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Facts = dict[str, Any]
Path = tuple[str, ...]

# They say which, when or in which form, not how many.
NO_FIGURES = {"schema", "number", "principle", "order", "heard_months", "year", "from_activities", "most", "pk", "id"}
LABELS = ("label", "forum", "dimension")
NAMES = ("reference", "code", "name", "title", "topic")
MEASURED = ("value", "counted", "now", "definition")  # a row with a name and one of these is a figure
PRINTED = ("text", "value", "now", "state_words", "status_label", "result_label", "strength")
# How the parts of the facts are called where their key would not read well.
WORDS = {
    "took_part": gettext_lazy("People who took part"),
    "reached": gettext_lazy("People reached"),
    "by_principle": gettext_lazy("By principle"),
    "by_place": gettext_lazy("By place"),
    "by_rung": gettext_lazy("By rung of the ladder"),
    "other_forums": gettext_lazy("Forums"),
    "items": gettext_lazy("Activities"),
    "pointers": gettext_lazy("Activities"),
    "unplaced": gettext_lazy("Activities"),
    "kpis": gettext_lazy("Indicators"),
    "gaps": gettext_lazy("What the record lacks"),
    "words": gettext_lazy("Statements of groups"),
    "maturity": gettext_lazy("Self-assessments"),
    "commitments": gettext_lazy("What was planned under each principle"),
}
# Parts that only hold others: their name says nothing to a reader.
SILENT = {"sections", "coverage", "sets", "tables", "rows", "yardsticks"}
# Parts that say how others are to be read, or repeat them as a picture.
PASSED_OVER = {"texts", "columns", "pairs", "edited", "levels"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that reads differently now. `where` is the part of the report, "" for the whole."""

    where: str
    label: str
    before: str
    now: str

    def __str__(self) -> str:
        called = f"{self.where}: {self.label}" if self.where else self.label
        return _("%(what)s: now %(now)s, before %(before)s") % {
            "what": called,
            "now": self.now,
            "before": self.before,
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that stands in one of the two reports alone."""

    where: str
    name: str

    def __str__(self) -> str:
        return f"{self.where}: {self.name}" if self.where else self.name


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different: figures, what is new, what is not there any more; each in the order of the report."""

    figures: tuple[Changed, ...]
    came: tuple[Moved, ...]
    went: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.figures or self.came or self.went)

    def __len__(self) -> int:
        return len(self.figures) + len(self.came) + len(self.went)


def changes(before: Facts, now: Facts) -> Changes:
    """What changed between the facts of two reports, as their snapshots hold them in JSON."""
    old_figures, new_figures = dict(_figures(before, ())), dict(_figures(now, ()))
    old_things, new_things = dict(_things(before, "")), dict(_things(now, ""))
    return Changes(
        tuple(
            _changed(path, old_figures.get(path), new_figures.get(path))
            for path in _both(new_figures, old_figures)
            if old_figures.get(path) != new_figures.get(path)
        ),
        tuple(moved for name, moved in new_things.items() if name not in old_things),
        tuple(moved for name, moved in old_things.items() if name not in new_things),
    )


def _both(first: dict, second: dict) -> Iterator:
    yield from first
    yield from (key for key in second if key not in first)


def _changed(path: Path, before: str | None, now: str | None) -> Changed:
    absent = _("not in the report")
    return Changed(", ".join(path[:-1]), path[-1], absent if before is None else before, absent if now is None else now)


# Figures -----------------------------------------------------------------------------------------


def _figures(part: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every figure of a part with the words that lead to it."""
    if isinstance(part, dict):
        if words := _row(part):
            yield (*path, words[0]), words[1]
        elif not _is_record(part):
            inside = (*path, called) if (called := _called(part)) else path
            for key, value in part.items():
                if _is_number(value) and key not in NO_FIGURES:
                    yield (*inside, _words(key)), _print(value)
                elif isinstance(value, (dict, list)) and key not in PASSED_OVER:
                    yield from _figures(value, inside if key in SILENT else (*inside, _words(key)))
    elif isinstance(part, list):
        for row in part:
            if isinstance(row, dict):
                yield from _figures(row, path)


def _row(row: Facts) -> tuple[str, str] | None:
    """The label of a figure and how it is printed; None for what is no figure."""
    if "of" in row and isinstance(row.get("items"), list) and _called(row):
        return _called(row), _("%(number)s of %(of)s") % {"number": len(row["items"]), "of": row["of"]}
    if row.get("cells") and not row.get("url"):  # of a table, and no record of its own
        return str(row["cells"][0]), "; ".join(map(_print, row["cells"][1:]))
    label = next((str(row[name]) for name in LABELS if row.get(name)), "")
    if not label and any(name in row for name in MEASURED):
        label = _called(row)
    # A level that was reached says more than the words about it.
    printed = row.get("level") or next(
        (row[name] for name in PRINTED if name in row and not isinstance(row[name], (dict, list))), ...
    )
    if not label or printed is ...:
        return None
    words = _print(printed)
    return label, f"{words} ({_print(row['second'])})" if row.get("second") else words


def _print(value: Any) -> str:
    """As a reader sees it; what is unknown is said to be so, and is not 0."""
    if value is None or value == "":
        return _("not recorded")
    return number_format(value, force_grouping=True) if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# Things ------------------------------------------------------------------------------------------


def _things(part: Any, where: str) -> Iterator[tuple[str, Moved]]:
    """Everything with a reference or a name, by what it is recognised by. The first time that it stands counts."""
    seen: set[str] = set()
    for key, moved in _named(part, where):
        if key not in seen:
            seen.add(key)
            yield key, moved


def _named(part: Any, where: str) -> Iterator[tuple[str, Moved]]:
    if isinstance(part, dict):
        if where and not _row(part) and (key := _key(part)):
            yield key, Moved(where, _full_name(part))
        inside = str(part.get("caption") or where)
        for name, value in part.items():
            if isinstance(value, (dict, list)) and name not in PASSED_OVER:
                yield from _named(value, inside if name in SILENT else _words(name))
    elif isinstance(part, list):
        for row in part:
            if isinstance(row, (dict, list)):
                yield from _named(row, where)


def _is_record(row: Facts) -> bool:
    """An activity, an answer and the like: numbers inside it are its own, not those of the report."""
    return bool(row.get("reference") or row.get("cells"))


def _called(row: Facts) -> str:
    names = () if "schema" in row else ("caption", "short", *NAMES[2:])
    return next((str(row[name]) for name in names if row.get(name)), "")


def _key(row: Facts) -> str:
    if row.get("cells"):
        return str(row["url"])
    return next((str(row[name]) for name in NAMES if row.get(name)), "")


def _full_name(row: Facts) -> str:
    if row.get("cells"):
        return str(row["cells"][0])
    parts = [row.get("reference"), row.get("title") or row.get("topic") or row.get("name") or row.get("code")]
    return " ".join(str(part) for part in parts if part)


def _words(key: str) -> str:
    return str(WORDS.get(key) or capfirst(key.replace("_", " ")))
