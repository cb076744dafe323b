"""How comments come into a collection from a file: looked at whole, then written whole or not at all.

A file is read row by row. What may be taken in waits in a temporary file that no other process can open, so that the
transaction that writes it is short and memory does not grow with the file. Afterwards like texts are grouped and the
search learns the words; both can be done again without harm, so that a lost worker costs nothing.
"""

import datetime
import json
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from typing import IO, BinaryIO

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import LostJob
from core.spreadsheets import Problem, SpreadsheetError, fold
from insights.documents.comment_files import CommentFile
from insights.documents.comment_rows import MOST_PROBLEMS, MOST_THEMES, Judge, Order, Ready, TooManyThemes
from insights.jobs.grouping import Progress, index, no_progress, regroup
from insights.models import Coding, CodingChange, Collection, Comment, CommentUpload, Frame, Theme

BATCH = 2000
READING, WRITTEN, CHECKING = 70, 80, 99  # percent of the work that is done after these


class Intake:
    """One file for one collection: `look` says what would become of it, `write` takes it in."""

    def __init__(
        self,
        collection: Collection,
        file: BinaryIO,
        file_name: str,
        size: int,
        *,
        by,
        frame: Frame | None = None,
        adds_themes: bool = False,
        unclear_days: str = CommentUpload.Unclear.DAY_FIRST,
        progress: Progress = no_progress,
        reading: int = READING,
    ):
        self.reading = reading
        self.collection, self.by, self.frame = collection, by, frame
        self.adds_themes, self.unclear_days, self.progress = adds_themes, unclear_days, progress
        self.file = CommentFile(file, file_name, size)
        self.spool: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed by __exit__
        self.counts = {"created": 0, "unchanged": 0, "other_words": 0}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.spool.close()

    def look(self) -> dict:
        """What is in the file, as plain data; `accepted` says whether it may be taken in. Nothing is written."""
        try:
            self.file.check()
            self._read()
        except SpreadsheetError as error:
            return _refused(self.file.file_name, error)
        except TooManyThemes:
            words = {"most": MOST_THEMES}
            error = SpreadsheetError(
                _("The column of themes holds more than %(most)s different names") % words,
                _("Separate the themes of a comment with “|”, and leave everything else out"),
            )
            return _refused(self.file.file_name, error)
        unknown = self._unknown_themes()
        if unknown and not self.adds_themes:
            self.judge.counts["errors"] += 1
            self.judge.problems.append(_unknown(unknown, self.frame, self.judge.names["themes"]))
        return self._summary(unknown)

    def _read(self) -> None:
        self.progress(0, "")
        records = self.file.records()
        self.judge = None
        while batch := list(islice(records, BATCH)):
            self.judge = self.judge or Judge(self.file.names)
            ready = [found for record in batch if (found := self.judge.judge(record))]
            self._compare(ready)
            for each in ready:
                json.dump(asdict(each), self.spool, default=str)
                self.spool.write("\n")
            rows, most = self.judge.counts["rows"], max(self.file.rows_at_most, self.judge.counts["rows"])
            words = _("%(rows)s rows of at most %(most)s are read") % {"rows": f"{rows:,}", "most": f"{most:,}"}
            self.progress(self.reading * rows // most, words)

    def _compare(self, ready: list[Ready]) -> None:
        """Count which of these are in the collection already, and which of those with other words."""
        known = self._known(each.reference for each in ready)
        for each in ready:
            if each.reference not in known:
                self.counts["created"] += 1
                continue
            self.counts["unchanged"] += 1
            self.counts["other_words"] += known[each.reference] not in {each.text_key, ""}

    def _known(self, references: Iterable[str]) -> dict[str, str]:
        if self.collection.pk is None:
            return {}
        rows = self.collection.comments.filter(reference__in=list(references))
        return dict(rows.values_list("reference", "text_key"))

    def _unknown_themes(self) -> dict[str, int]:
        """Names of themes that the frame does not have, with how many comments carry each."""
        if self.frame is None:
            return {}
        known = _themes(self.frame)
        return {
            self.judge.theme_names[folded]: number
            for folded, number in self.judge.themes.most_common()
            if folded not in known
        }

    def _summary(self, unknown: dict[str, int]) -> dict:
        judge = self.judge
        order = Order(judge.counts, self.unclear_days)
        return {
            "kind": "comments",
            "file": self.file.file_name,
            "sheet": "",
            "collection": self.collection.title,
            "rows": judge.counts["rows"],
            "changed": 0,
            "wrong": judge.counts["wrong"],
            "left_out": judge.counts["left_out"],
            **self.counts,
            "errors": [problem.as_dict() for problem in judge.problems[:MOST_PROBLEMS]],
            "error_count": judge.counts["errors"],
            "ignored_columns": self.file.ignored_columns,
            "new_names": {"theme": list(unknown)} if self.adds_themes and unknown else {},
            "unknown_themes": unknown,
            "themes": len(judge.themes),
            "has_frame": self.frame is not None,
            "held": judge.counts["held"],
            "found": dict(judge.found),
            "organisations": dict(judge.organisations.most_common(20)),
            "days": {
                "day_first": order.day_first,
                "month_first": order.month_first,
                "unclear": judge.counts["unclear_days"],
                "none": judge.counts["no_day"],
                "is_mixed": order.is_mixed,
                "leaves_out": order.leaves_out,
            },
            "accepted": not judge.counts["errors"],
            "fates": [],
        }

    # Writing

    def write(self, found: dict, upload: CommentUpload | None = None) -> dict:
        """Write every comment that the file adds, in one transaction, and what came of it on the upload.

        Raises LostJob, with nothing written, when another worker has taken the upload over.
        """
        order = Order({name: found["days"][name] for name in ("day_first", "month_first")}, self.unclear_days)
        self.progress(READING, _("Writing the comments"))
        with transaction.atomic():
            self._lock_collection()
            self.counts = {"created": 0, "unchanged": 0, "other_words": 0}
            themes = self._themes_to_use()
            self.spool.seek(0)
            lines = iter(self.spool)
            while batch := [json.loads(line) for line in islice(lines, BATCH)]:
                self._write_batch(batch, order, themes)
            found = found | self.counts | {"written": True}
            audit.record(self.by, "took in comments", self.collection, file=self.file.file_name, **self.counts)
            if upload and not CommentUpload.objects.owned_by(upload).update(result=found):
                raise LostJob
        return found

    def _lock_collection(self) -> None:
        if self.collection.pk is None:
            self.collection, _is_new = Collection.objects.get_or_create(title=self.collection.title)
        Collection.objects.select_for_update().get(pk=self.collection.pk)

    def _themes_to_use(self) -> dict[str, int]:
        if self.frame is None:
            return {}
        known = {name: theme.pk for name, theme in _themes(self.frame).items()}
        new = [name for folded, name in self.judge.theme_names.items() if folded not in known]
        return known | {fold(theme.name): theme.pk for theme in _add_themes(self.frame, new, by=self.by)}

    def _write_batch(self, batch: list[dict], order: Order, themes: dict[str, int]) -> None:
        known = self._known(each["reference"] for each in batch)
        self.counts["unchanged"] += len(known)
        self.counts["other_words"] += sum(
            known.get(each["reference"], "") not in {each["text_key"], ""} for each in batch
        )
        new = [each for each in batch if each["reference"] not in known]
        self.counts["created"] += len(new)
        rows = Comment.objects.bulk_create(
            [_comment(self.collection, each, order, bool(themes)) for each in new], batch_size=BATCH
        )
        link = Comment.groups.through
        link.objects.bulk_create(
            link(comment_id=row.pk, populationgroup_id=group)
            for row, each in zip(rows, new, strict=True)
            for group in dict.fromkeys(each["groups"])
        )
        codes = [
            (row.pk, theme)
            for row, each in zip(rows, new, strict=True)
            for theme in dict.fromkeys(themes[fold(name)] for name in each["themes"] if themes)
        ]
        _code(codes, self.by, self.file.file_name)

    def settle(self, *, after: int = 0) -> None:
        """Group like texts, and have the search learn the comments with higher numbers than `after`."""
        self.progress(WRITTEN, _("Comparing the comments with each other"))
        regroup(self.collection)
        index(self.collection, after=after, progress=self.progress, start=WRITTEN)
        self.progress(100, "")


def _comment(collection: Collection, values: dict, order: Order, is_coded: bool) -> Comment:
    names = ("reference", "text", "text_key", "found", "is_held", "service", "question", "score", "sentiment")
    return Comment(
        collection=collection,
        said_on=order.choose(tuple(map(datetime.date.fromisoformat, values["days"]))),
        area_id=values["area"],
        may_be_quoted=values["may_be_quoted"],
        edition=int(is_coded and bool(values["themes"])),
        **{name: values[name] for name in names},
    )


def _code(codes: list[tuple[int, int]], by, file_name: str) -> None:
    """Note the themes that came with the file, each with its place in the history."""
    origin = Coding.Origin.SOURCE
    who = str(by) if by else file_name
    Coding.objects.bulk_create(
        (
            Coding(comment_id=row, theme_id=theme, origin=origin, state=Coding.State.ACCEPTED, by=by, by_name=who[:200])
            for row, theme in codes
        ),
        batch_size=BATCH,
    )
    what = CodingChange.What.CODED
    CodingChange.objects.bulk_create(
        (CodingChange(comment_id=row, theme_id=theme, what=what, origin=origin, by=by) for row, theme in codes),
        batch_size=BATCH,
    )


def _refused(file_name: str, error: SpreadsheetError) -> dict:
    counts = dict.fromkeys(("rows", "created", "changed", "unchanged", "wrong", "left_out", "held"), 0)
    errors = {"errors": [error.problem.as_dict()], "error_count": 1, "ignored_columns": [], "new_names": {}}
    return {"kind": "comments", "file": file_name, "sheet": "", **counts, **errors, "accepted": False, "fates": []}


# Themes of the file ------------------------------------------------------------------------------


def _themes(frame: Frame) -> dict[str, Theme]:
    """The themes of a frame by name and by code. One that was replaced leads to the one that took over."""
    found: dict[str, Theme] = {}
    for theme in frame.themes.select_related("replaced_by"):
        used = theme.replaced_by or theme
        if used.retired_on is None:
            found |= {fold(theme.code): used, fold(theme.name): used}
    return found


def _unknown(unknown: dict[str, int], frame: Frame, column: str) -> Problem:
    shown = ", ".join(f"{name} ({number})" for name, number in list(unknown.items())[:20])
    words = {"count": len(unknown), "frame": frame, "names": shown}
    return Problem(
        _("%(count)s themes are not in use in the frame “%(frame)s”: %(names)s") % words,
        _("Correct them, or choose the file again and tick “Add themes that the frame does not have”"),
        column=column,
    )


def _add_themes(frame: Frame, names: list[str], *, by) -> list[Theme]:
    """New themes at the end of a frame, which has another edition by it."""
    if not names:
        return []
    frame = Frame.objects.select_for_update().get(pk=frame.pk)
    taken = set(frame.themes.values_list("code", flat=True))
    last = frame.themes.aggregate(last=Max("order"))["last"] or 0
    rows = []
    for number, name in enumerate(names, start=last + 1):
        code = slugify(name)[:70] or "theme"
        while code in taken:
            code = f"{code[:70]}-{number}"
        taken.add(code)
        rows.append(Theme(frame=frame, code=code, name=name, order=number))
    rows = Theme.objects.bulk_create(rows)
    Frame.objects.filter(pk=frame.pk).update(edition=F("edition") + 1)
    audit.record_each(by, "added", rows, frame=frame.pk)
    return rows


# A worker's job, and the command -----------------------------------------------------------------


def carry_out(upload: CommentUpload) -> None:
    """Check the file of a claimed upload, or take it in. Raises LostJob."""

    def progress(percent: int, words: str) -> None:
        upload.advance(min(percent, 99), 100, words[:100])

    is_check = upload.phase == CommentUpload.Phase.CHECK
    after = upload.collection.comments.aggregate(last=Max("pk"))["last"] or 0
    with (
        jobs.kept_alive(upload),
        upload.file.open("rb") as file,
        Intake(
            upload.collection,
            file,
            upload.file_name,
            upload.file.size,
            by=upload.requested_by,
            frame=upload.frame,
            adds_themes=upload.adds_themes,
            unclear_days=upload.unclear_days,
            progress=progress,
            reading=CHECKING if is_check else READING,
        ) as intake,
    ):
        found = upload.result
        if found.get("written"):
            intake.settle()  # a lost worker wrote the comments and did not come to the end
        else:
            found = intake.look()
            if found["accepted"] and not is_check:
                found = intake.write(found, upload)
                intake.settle(after=after)
    keeps_file = is_check and found["accepted"]
    name = upload.file.name
    upload.finish(result=found, **({} if keeps_file else {"file": ""}))
    if not keeps_file:
        drop_file(upload, name)


def drop_file(upload: CommentUpload, name: str) -> None:
    """Delete a stored file once nothing points to it any more. One that is gone already is no error."""
    storage = CommentUpload._meta.get_field("file").storage
    if name:
        with suppress(FileNotFoundError):
            storage.delete(name)


def take_in_file(file: BinaryIO, file_name: str, size: int, *, by, dry_run: bool, into: str = "") -> dict:
    """Take in a file in the foreground: into the collection named `into`, or like the file, with the default frame."""
    title = (into or file_name.rpartition(".")[0] or file_name).replace("_", " ").strip()[:200]
    collection = Collection.objects.filter(title=title).first() or Collection(title=title)
    frame = Frame.objects.filter(is_default=True).first()
    with Intake(collection, file, file_name, size, by=by, frame=frame) as intake:
        found = intake.look()
        if not dry_run:
            if not found["accepted"]:
                return found | {"created": 0}
            after = Comment.objects.aggregate(last=Max("pk"))["last"] or 0
            found = intake.write(found)
            intake.settle(after=after)
    return found
