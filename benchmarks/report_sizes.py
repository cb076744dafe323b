"""Seconds and memory of the annual report at several numbers of activities, each in a process of its own.

    python -m benchmarks.report_sizes --activities 28 280 2800

The record is the demo's year; beyond its own activities they are copied, with everything that belongs to them, under
new references. Prints one JSON object: pages, seconds of each part, WeasyPrint's own share, the greatest memory in MB.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = [28, 280]
YEAR = "2023-24"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--activities", nargs="+", type=int, default=SIZES, help="how many activities, 28 or more each")
    parser.add_argument("--in-folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    figures = _in_this_process(asked.activities[0], asked.in_folder) if asked.in_folder else measured(asked.activities)
    print(json.dumps(figures, indent=2))


def measured(sizes: list[int] = SIZES) -> dict[str, dict]:
    """Each size, on a copy of one demo and in a child process, so that its greatest memory is its own."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder, "demo")
        Path(demo, "static").mkdir(parents=True)
        for command in (["migrate", "-v0"], ["load_demo"]):
            known = os.environ | _settings(demo)
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=known
            )
        for size in sizes:
            own = shutil.copytree(demo, Path(folder, str(size)))
            command = [sys.executable, "-m", "benchmarks.report_sizes", "--in-folder", str(own)]
            ran = subprocess.run([*command, "--activities", str(size)], cwd=ROOT, check=True, stdout=subprocess.PIPE)
            results[f"{size}_activities"] = json.loads(ran.stdout)
    return results


def _settings(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMBEDDED": "1",
        "SECRET_KEY": "for-the-benchmark-alone",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "REDIS_URL": "",
        "LOG_LEVEL": "ERROR",
    }


def _in_this_process(activities: int, folder: Path) -> dict[str, float]:
    os.environ |= _settings(folder)
    import django

    django.setup()
    _grow(activities)
    return _parts()


def _grow(activities: int) -> None:
    """Copy the activities of the year until there are so many, with what belongs to each."""
    from engagement.models import Activity, ActivityCount, Impact, OtherPrinciple, Period

    found = list(Activity.objects.in_period(Period.objects.get(code=YEAR)).order_by("reference"))
    originals = [found[number % len(found)] for number in range(max(activities - len(found), 0))]
    for original in found:
        original.belongings = [
            row
            for model in (ActivityCount, Impact, OtherPrinciple)
            for row in model.objects.filter(activity_id=original.pk)
        ]
        original.linked = {
            name: list(getattr(original, name).values_list("pk", flat=True))
            for name in ("areas", "forums", "groups", "methods")
        }
    for number, original in enumerate(originals, start=1):
        fields = {field.attname: getattr(original, field.attname) for field in Activity._meta.concrete_fields}
        copy = Activity(**fields | {"id": None, "reference": f"Z-{number:05}", "slug": None})
        Activity.objects.bulk_create([copy])
        for name, keys in original.linked.items():
            getattr(copy, name).set(keys)
        for row in original.belongings:
            kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            type(row).objects.bulk_create([type(row)(**kept | {"id": None, "activity_id": copy.pk})])


def _parts() -> dict[str, float]:
    """The same steps as the worker's, each with its time; WeasyPrint's share is that of the two PDFs alone."""
    from core.pdf import render_pdf
    from engagement.models import Period
    from reporting.documents import formats
    from reporting.documents.frozen import freeze, thaw
    from reporting.documents.pages import Medium, page
    from reporting.documents.shapes import shape_of
    from reporting.models import Report

    report = Report.objects.get_or_create(kind=Report.Kind.ANNUAL, period=Period.objects.get(code=YEAR))[0]
    shape, clock = shape_of(report), _Clock()
    frozen, fingerprint = freeze(shape.gather(report))
    clock.lap("gathering_and_freezing")
    facts = thaw(shape.facts, frozen)
    shared = {"fingerprint": fingerprint, "is_draft": True}
    drawn = {medium: page(shape, facts, medium=medium, **shared) for medium in Medium}
    clock.lap("drawing_three_pages")
    pdf = render_pdf(drawn[Medium.PAPER])
    clock.lap("weasyprint_standard")
    large = render_pdf(drawn[Medium.LARGE_PRINT], stylesheets=("pdf.css", "large.css"))
    clock.lap("weasyprint_large_print")
    formats.make(report.kind, facts, **shared)
    clock.lap("other_formats")
    return {
        "activities": facts.activities,
        "pages": pdf.pages,
        "pages_in_large_print": large.pages,
        "seconds": round(sum(clock.laps.values()), 1),
        **{f"seconds_{name}": round(seconds, 1) for name, seconds in clock.laps.items()},
        "greatest_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


class _Clock:
    """Time since the last lap, by name."""

    def __init__(self):
        self.laps: dict[str, float] = {}
        self.since = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name], self.since = now - self.since, now


if __name__ == "__main__":
    main()
