"""Samples of what the machine coded: how they are drawn, and what their agreement allows.

The rule by which a sample is drawn: every comment that the machine coded in the round gets the SHA-256 digest of
“number of the check:number of the comment”; the sample is those with the smallest digests. Anybody can draw it again.
"""

import heapq
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256

from django.db.models import QuerySet

from core.intervals import wilson
from insights.documents.learning.agreements import agreement, kappa
from insights.models import Coding, Comment, LearningRun, SampleCheck, SampledComment, Theme

LEAST_SIZE = 50  # or all, where the machine coded fewer
# “Substantial” agreement begins at 0.61: J. R. Landis, G. G. Koch, Biometrics 33 (1977), 159–174.
LEAST_KAPPA = 0.61
LEAST_CODES = 5  # codes of a theme by the machine in the sample, below which a sample says nothing of it


def machine_coded(run: LearningRun) -> QuerySet:
    """Comments with suggestions of a round that nobody has decided on."""
    rows = Coding.objects.suggested().filter(run=run)
    return Comment.objects.usable().filter(collection=run.collection_id, pk__in=rows.values("comment"))


def drawn(check: int, numbers: Iterable[int], size: int) -> list[int]:
    """The sample of a check, in the order in which it is coded."""
    return heapq.nsmallest(size, numbers, key=lambda number: sha256(f"{check}:{number}".encode()).digest())


def to_judge(check: SampleCheck) -> QuerySet:
    """Comments of a sample that nobody has coded yet and that still can be read."""
    rows = check.sampled.filter(judged_at=None, comment__is_held=False).exclude(comment__text="")
    return rows.select_related("comment").order_by("pk")


def agreement_of(judged: Iterable[SampledComment]) -> dict:
    """How far machine and person agree, as plain data: in all, and for each theme by its number."""
    found = agreement([(map_names(row.machine), map_names(row.person)) for row in judged])
    values = asdict(found)
    values["kappa"] = kappa(*(sum(getattr(each, part) for each in found.themes) for part in PARTS))
    values["themes"] = [_of_theme(asdict(each)) for each in found.themes]
    return values


PARTS = ("both", "machine_alone", "person_alone", "neither")


def map_names(numbers: Iterable[int]) -> list[str]:
    return [str(number) for number in numbers]


def _of_theme(values: dict) -> dict:
    """A theme’s agreement, with the share of the machine’s codes that the person gave too; None where it gave none."""
    codes = values["both"] + values["machine_alone"]
    low, high = wilson(values["both"], codes) if codes else (None, None)
    return values | {"theme": int(values["theme"]), "codes": codes, "right_low": low, "right_high": high}


def passes(values: dict) -> bool:
    """Whether a theme’s agreement allows that the rest of the machine’s codes for it are accepted."""
    return values["codes"] >= LEAST_CODES and values["kappa"] is not None and values["kappa"] >= LEAST_KAPPA


def passing(check: SampleCheck) -> list[Theme]:
    numbers = [values["theme"] for values in check.agreement.get("themes", []) if passes(values)]
    return list(Theme.objects.in_use().filter(pk__in=numbers, frame=check.run.frame_id))


def by_theme(check: SampleCheck) -> list[tuple[Theme, dict, bool]]:
    """Each theme of a finished check with its figures and whether it passes, those with most codes first."""
    values = sorted(check.agreement.get("themes", []), key=lambda each: (-each["codes"], each["theme"]))
    themes = Theme.objects.in_bulk([each["theme"] for each in values])
    return [(themes[each["theme"]], each, passes(each)) for each in values if each["theme"] in themes]


def rest(check: SampleCheck) -> QuerySet:
    """What of the round is still a suggestion, for comments that may be read."""
    return Coding.objects.suggested().filter(run=check.run_id, comment__in=Comment.objects.usable())
