"""Self-assessments of the demo, from a file of invented ones. Days that count are counted from the day of loading."""

import datetime
import tomllib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from engagement.models import Activity, Period
from people.models import User
from reporting.models import Assessment, Yardstick
from reporting.services import assessments as services


@transaction.atomic
def load_assessments(path: Path, *, by: User) -> int:
    """Load the file once, after the profile and the sheet of activities. Returns how many assessments."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in found["assessment"]:
        _load(row, note=found["note"], by=by)
    return len(found["assessment"])


def _load(row: dict, *, note: str, by: User) -> None:
    yardstick = Yardstick.objects.get(code=row["yardstick"])
    period = Period.objects.get(code=row["period"])
    assessment = services.begin_assessment(yardstick, by=by, period=period, made_on=row["made_on"])
    for said in row["judgement"]:
        _judge(assessment, said, note=note, by=by)
    if row["final"]:
        services.make_final(assessment, by=by)


def _judge(assessment: Assessment, said: dict, *, note: str, by: User) -> None:
    yardstick = assessment.yardstick
    references = said.get("activities", [])
    services.judge(
        assessment,
        yardstick.dimensions.get(number=said["number"]),
        by=by,
        level=yardstick.levels.get(name=said["level"]),
        text=f"{note} {said['text']}",
        gap=said.get("gap", ""),
        next_step=said.get("next_step", ""),
        owner=said.get("owner", ""),
        due_on=_day(said),
        activities=[Activity.objects.get(reference=reference) for reference in references],
        proofs=[(words, url) for words, url in said.get("proofs", [])],
    )


def _day(said: dict) -> datetime.date | None:
    if "due_in" in said:
        return timezone.localdate() + datetime.timedelta(days=said["due_in"])
    return said.get("due_on")
