"""The section of a body's profile that names its kinds of forum."""

from core.profiles import upsert
from forums.models import ForumKind


def load_forum_kinds(rows: list[dict]) -> None:
    """[[forum_kind]]"""
    for row in rows:
        upsert(ForumKind, {"code": row["code"]}, {"name": row["name"]})
