"""Valid forums for tests: plain functions, nothing random."""

from forums.models import Forum, ForumKind, ForumLink
from people.models import Level
from people.tests.factories import following


def forum_kind(code: str = "patient_forum", **fields) -> ForumKind:
    """The kind with the code; made when it is not there yet."""
    defaults = {"name": code.replace("_", " ").capitalize()} | fields
    return ForumKind.objects.get_or_create(code=code, defaults=defaults)[0]


def forum(name: str = "", **fields) -> Forum:
    fields["kind"] = fields.get("kind") or forum_kind()
    return Forum.objects.create(name=name or f"Forum {following(Forum)}", **{"level": Level.SYSTEM} | fields)


def forum_link(forum: Forum, **fields) -> ForumLink:
    return ForumLink.objects.create(forum=forum, **{"to_name": "ICB Board"} | fields)
