"""The section of a body's profile that says through which bodies each kind of report goes."""

from core.profiles import refuse_unknown, typed, upsert, wrong
from forums.models import Forum
from reporting.models import RouteStep


def load_routes(rows: list[dict]) -> None:
    """[[report_route]]: the kind of report, the place in the order, the body by name, what it does (REP-005, REP-006).

    A place that is taken already stays as staff have set it. Raises ValidationError for a body that is not loaded.
    """
    for row in rows:
        refuse_unknown(row, "kind", "order", "forum", "task")
        key = {"kind": row["kind"], "order": row["order"]}
        forum = Forum.objects.filter(name=row["forum"]).first()
        if forum is None:
            raise wrong({"name": row["forum"]}, "there is no such forum. Load the file with the forums first")
        if not RouteStep.objects.filter(**key).exists():
            upsert(RouteStep, key, {"forum": forum, **typed(RouteStep, row, "task")})
