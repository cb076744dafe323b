"""What changed since the last final report of the same kind, for those who read one after the other (REP-025)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from reporting.documents.changes import Changes, Facts, changes
from reporting.models import Build, Report, Snapshot


@dataclass(frozen=True, slots=True)
class Since:
    """A final version, the one before it, and what is different."""

    build: Build
    last: Build
    changes: Changes

    MOST_IN_SHORT = 5

    @property
    def in_short(self) -> list[str]:
        """The first figures that read differently."""
        return [str(row) for row in self.changes.figures[: self.MOST_IN_SHORT]]


def since_last(build: Build) -> Since | None:
    """What is different from the final version before it; None where there is none.

    That is an earlier version for the same period, or the last one for the period before.
    """
    found = _compared([build], _finals().filter(report__kind=build.report.kind))
    return found[0] if found else None


def newest_changes() -> list[Since]:
    """The same for the newest final report of each kind."""
    finals = list(_finals())
    newest = [next((build for build in finals if build.report.kind == kind), None) for kind in Report.Kind]
    return _compared([build for build in newest if build], finals)


def _finals():
    """Every final version, replaced ones too, the newest first."""
    finals = Build.objects.filter(status__in=[Build.Status.FINAL, Build.Status.SUPERSEDED])
    return finals.select_related("report__period").order_by("-report__period__starts_on", "-version")


def _compared(builds: list[Build], finals: Iterable[Build]) -> list[Since]:
    finals = list(finals)
    pairs = [(build, last) for build in builds if (last := _last(build, finals))]
    # The first of a kind is read too, so that the number of queries does not depend on what there is to compare.
    wanted = {build.snapshot_id for build in builds} | {last.snapshot_id for _build, last in pairs}
    snapshots = Snapshot.objects.in_bulk(wanted)
    return [Since(build, last, changes(*(_facts(snapshots, row) for row in (last, build)))) for build, last in pairs]


def _last(build: Build, finals: list[Build]) -> Build | None:
    before = (row for row in finals if row.report.kind == build.report.kind and _place(row) < _place(build))
    return next(before, None)


def _place(build: Build) -> tuple:
    return build.report.period.starts_on, build.version


def _facts(snapshots: dict[int, Snapshot], build: Build) -> Facts:
    return json.loads(snapshots[build.snapshot_id].data)
