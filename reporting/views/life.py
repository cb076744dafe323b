"""What the page of a version says of its way, for each who reads it."""

from core.models import JobState
from people.models import User
from reporting.documents.life import said_of, stops
from reporting.models import Build, BuildFile
from reporting.services import reports


def context(user: User, build: Build) -> dict:
    """Its way, what was said of it, and what this user may do next. A reader of final versions sees no comments."""
    works = user.has_perm("reporting.add_build")
    way = stops(build)
    is_ready = build.state == JobState.DONE and not build.becomes_final
    said = said_of(build.report, build) if works and is_ready else []
    is_sent = build.status == Build.Status.APPROVAL
    return {
        "way": way,
        "files": BuildFile.objects.for_user(user).filter(build=build),
        "is_sent": is_sent,
        "said": said,
        "open_comments": sum(part.open for part in said),
        "statements": build.report.statements.select_related("forum") if works else (),
        "obstacle": reports.obstacle_to_final(build) if works and is_ready else "",
        "final": build.report.builds.filter(status=Build.Status.FINAL).first() if works and is_sent else None,
        "may_comment": is_ready and user.has_perm("reporting.add_sectioncomment"),
        "may_send": is_ready and bool(way) and _may_be_sent(build, way) and user.has_perm("reporting.add_approval"),
        "may_recall": is_sent and _waits(way) and user.has_perm("reporting.change_approval"),
        "may_record": is_sent and user.has_perm("reporting.change_approval"),
    }


def _may_be_sent(build: Build, way: list) -> bool:
    """A draft with bodies left on its way: one that was sent back has none."""
    return build.status == Build.Status.DRAFT and any(stop.approval is None for stop in way)


def _waits(way: list) -> bool:
    return any(stop.is_next for stop in way)
