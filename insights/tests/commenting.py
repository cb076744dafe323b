"""Files of comments for tests, and what the app registers about comments when it starts."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from core import jobs, search, tables
from insights import searching
from insights.jobs import intake
from insights.models import Comment, CommentUpload
from insights.services import comments, uploads
from insights.tasks import take_in_comments
from people.services import erasing

HEADER = ("comment_id", "date", "service", "question", "score", "comment", "sentiment", "themes")
NHS_NUMBER = "943 476 5919"


def register() -> None:
    """As `InsightsConfig.ready` does. Twice is harmless."""
    jobs.register(CommentUpload, take_in_comments)
    tables.register("comments", _("Comments"), None, take_in=intake.take_in_file)
    erasing.register(Comment, comments.forget)
    search.register(searching.COMMENTS)
    search.keep_in_step()
    search.ensure()
    comments.follow_answers()


def content(*rows: dict, header=HEADER) -> bytes:
    """A CSV file; each row has a number and a text of its own unless it says others."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        given = {"comment_id": f"c{number}", "comment": f"The nurse number {number} was kind."} | row
        writer.writerow({name: given.get(name, "") for name in header})
    return text.getvalue().encode()


def look(*rows: dict, file: bytes | None = None, name: str = "said.csv", into=None, **words) -> dict:
    """What a check of the rows finds."""
    from insights.tests import insight_factories as factories

    file = content(*rows) if file is None else file
    into = into or factories.collection()
    with intake.Intake(into, io.BytesIO(file), name, len(file), by=None, **words) as each:
        return each.look()


def take_in(into, *rows: dict, file: bytes | None = None, by=None, name: str = "said.csv", **words) -> dict:
    """Send a file in, have it checked and taken in. What became of it."""
    upload = sent(into, file=content(*rows) if file is None else file, by=by, name=name, **words)
    take_in_comments(upload.pk)
    upload.refresh_from_db()
    if uploads.confirm_upload(upload, by=by):
        take_in_comments(upload.pk)
        upload.refresh_from_db()
    return upload.result


def sent(into, *, file: bytes, by=None, name: str = "said.csv", **words) -> CommentUpload:
    return uploads.add_upload(into, by=by, file=SimpleUploadedFile(name, file), **words)


def texts(collection) -> list[str]:
    return list(collection.comments.order_by("pk").values_list("text", flat=True))
