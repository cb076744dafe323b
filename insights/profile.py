"""The sections of a body's profile that say what is kept of what was heard."""

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import slugify

from core.profiles import refuse_unknown, typed, upsert
from insights.models import Frame, SourceKind, Theme


def load_source_kinds(rows: list[dict]) -> None:
    """[[source_kind]]: what an item of the library can be (INS-002)."""
    for row in rows:
        refuse_unknown(row, "code", "name", "is_story")
        upsert(SourceKind, {"code": row["code"]}, typed(SourceKind, row, "name", "is_story"))


@transaction.atomic
def load_code_frames(rows: list[dict]) -> None:
    """[[code_frame]] with its themes in the order of the file (INS).

    A frame or theme that is there stays as staff have changed or retired it. New themes make a new edition.
    """
    for row in rows:
        refuse_unknown(row, "code", "name", "source", "default", "themes")
        values = typed(Frame, row, "name", "source")
        frame = Frame.objects.select_for_update().filter(code=row["code"]).first()
        is_new = frame is None
        if is_new:
            is_default = row.get("default", False) and not Frame.objects.filter(is_default=True).exists()
            frame = upsert(Frame, {"code": row["code"]}, values | {"is_default": is_default})
        if _load_themes(frame, row["themes"]) and not is_new:
            Frame.objects.filter(pk=frame.pk).update(edition=F("edition") + 1)


def _load_themes(frame: Frame, rows: list[dict]) -> int:
    """Add the themes that the frame does not have. Returns how many."""
    known = set(frame.themes.values_list("code", flat=True))
    last = frame.themes.aggregate(last=Max("order"))["last"] or 0
    added = 0
    for row in rows:
        refuse_unknown(row, "code", "name", "category", "definition", "remainder")
        code = row.get("code") or slugify(row["name"])[:80]
        if code not in known:
            added += 1
            values = typed(Theme, row, "name", "category", "definition")
            values |= {"is_remainder": row.get("remainder", False), "order": last + added}
            upsert(Theme, {"code": code, "frame": frame}, values)
    return added
