"""Measure the demo's report, the import, coverage and the themes on this machine, in a folder that is thrown away.

Prints one JSON object: seconds, pages, rows a second, milliseconds, numbers of queries, F1 of themes.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3
ROWS = 5_000
ACTIVITIES = 10_000
COMMENTS = Path(__file__).parent / "data" / "patient_comments_coded.csv"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "EMBEDDED": "1",
            "SECRET_KEY": "for-the-benchmark-alone",
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "REDIS_URL": "",
            "LOG_LEVEL": "ERROR",
        }
        Path(folder, "static").mkdir(parents=True)
        for command in (["migrate", "-v0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        from benchmarks import themes

        halves = themes.split(themes.read(COMMENTS))
        figures = {"annual_report": report(), "import": sheet(), "coverage": covered()}
        print(json.dumps(figures | {"themes": themes.measure(*halves, peer=True)}, indent=2))


def report() -> dict:
    """The demo's annual report: whole build, and WeasyPrint's share of the standard PDF, in seconds."""
    from engagement.models import Period
    from reporting.documents.facts import AnnualFacts
    from reporting.documents.frozen import thaw
    from reporting.models import Build
    from reporting.services.reports import request_report
    from reporting.tasks import build_report

    builds = []
    for _run in range(RUNS + 1):  # the first is the final version that the demo asked for, without the draft mark
        build = request_report(Period.objects.get(code="2023-24"), by=None, in_background=False)
        build_report(build.pk)
        builds.append(Build.objects.get(pk=build.pk))
    del builds[0]
    return {
        "runs": RUNS,
        "items": len(thaw(AnnualFacts, builds[-1].snapshot.data).items),
        "pages": builds[-1].pages,
        "seconds_median": round(statistics.median(build.seconds for build in builds), 2),
        "seconds_laying_out_the_pdf_median": round(statistics.median(build.seconds_rendering for build in builds), 2),
        "same_bytes_every_time": len({build.pdf_sha256 for build in builds}) == 1,
    }


def sheet() -> dict:
    """A file of activities taken in new, and again unchanged."""
    from core import imports, tables

    head = "reference,title,principle,forum,level,start,end,methods,people_took_part,what_we_asked"
    lines = [
        f"B-{number:05},Activity {number},{number % 10 + 1},Reader Panel,system,"
        f"2023-04-01,2024-03-31,survey;workshop,over {number},Why?"
        for number in range(1, ROWS + 1)
    ]
    content = "\n".join([head, *lines]).encode()
    result = {"rows": ROWS}
    for name in ("new", "again_unchanged"):
        started = time.monotonic()
        found = imports.take_in(tables.kinds()["activities"], content, "activities.csv", by=None, dry_run=False)
        seconds = time.monotonic() - started
        result[f"rows_a_second_{name}"] = round(ROWS / seconds)
        result[f"accepted_{name}"] = found["accepted"]
    return result


def covered() -> dict:
    """Coverage of a year with what the demo has of it, and with 10,000 activities more: time, and number of queries."""
    import datetime

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from engagement.documents.coverage import coverage
    from engagement.models import Activity, OtherPrinciple, Period, PrincipleSet
    from people.models import Area, PopulationGroup

    period = Period.objects.get(code="2024-25")
    result = {}
    for made in (0, ACTIVITIES):
        if made:
            principles = list(PrincipleSet.objects.get(pk=period.principle_set_id).principles.order_by("number"))
            areas, groups = list(Area.objects.all()), list(PopulationGroup.objects.all())
            rows = [
                Activity(
                    reference=f"Z-{number:05}",
                    title=f"Activity {number}",
                    principle=principles[number % 10],
                    starts_on=period.starts_on + datetime.timedelta(days=number % 365),
                )
                for number in range(made)
            ]
            rows = Activity.objects.bulk_create(rows, batch_size=500)
            links = [OtherPrinciple(activity=row, principle=principles[(n + 3) % 10]) for n, row in enumerate(rows)]
            OtherPrinciple.objects.bulk_create(links, batch_size=500)
            for field, chosen in (("area", areas), ("populationgroup", groups)):
                through = Activity.areas.through if field == "area" else Activity.groups.through
                pairs = [through(activity=row, **{field: chosen[n % len(chosen)]}) for n, row in enumerate(rows)]
                through.objects.bulk_create(pairs, batch_size=500)
        coverage(period)
        milliseconds = []
        for _run in range(RUNS):
            started = time.monotonic()
            with CaptureQueriesContext(connection) as queries:
                found = coverage(period)
            milliseconds.append((time.monotonic() - started) * 1000)
        result[f"with_{found.activities}_activities"] = {
            "milliseconds_median": round(statistics.median(milliseconds)),
            "queries": len(queries),
        }
    return result


main()
