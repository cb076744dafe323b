"""What a decision rests on and what it makes of it, for staff and for everybody (SVC-032, PUB-017)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.documents import public_answers
from engagement.models import Activity, Policy, Project
from insights.documents import quality
from insights.documents.findings import source_fell
from insights.models import Decision, Finding, Source, Weighed

COLOURS = {Weighed.Effect.ADOPTED: "green", Weighed.Effect.PARTLY: "yellow", Weighed.Effect.NOT: "red"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was weighed, for staff: what it is, where, what was made of it, and what to think of it."""

    row: Weighed
    kind: str
    words: str
    url: str
    colour: str
    warnings: tuple[str, ...]


def weighed(decision: Decision) -> list[Line]:
    """What a decision weighed, with a warning for what should not lie before a Board. Constant queries."""
    rows = list(decision.weighed.select_related("finding", "source__kind", "source__story", "source__rating"))
    policy = Policy.objects.current()
    numbers = [row.finding_id for row in rows if row.finding_id]
    weak = set(Finding.objects.weakened().filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
    return [_line(row, policy, weak) for row in rows]


def _line(row: Weighed, policy: Policy, weak: set[int]) -> Line:
    colour = COLOURS[row.effect]
    if row.finding is not None:
        url = reverse("insight_work:finding_detail", args=[row.finding_id])
        found = tuple(finding_warnings(row.finding, is_weak=row.finding_id in weak))
        return Line(row, _("finding"), row.finding.statement, url, colour, found)
    url = reverse("insight_work:source_detail", args=[row.source_id])
    return Line(row, _("library item"), row.source.title, url, colour, tuple(source_warnings(row.source, policy)))


def source_warnings(source: Source, policy: Policy | None = None) -> Iterator[str]:
    """Why an item should not lie before a Board: out of use, nobody has rated it, or rated too low (INS-010)."""
    if fell := source_fell(source):
        yield fell
    rated = quality.quality(source, policy)
    if rated is None:
        yield _("Nobody has rated how far this item can be trusted. Rate it before it goes to a Board.")
    elif not rated.is_enough:
        yield _("Quality: %(verdict)s.") % {"verdict": rated.verdict}


def finding_warnings(finding: Finding, *, is_weak: bool) -> Iterator[str]:
    """Why a finding should not lie before a Board: not agreed, out of date, or what it rests on fell away."""
    if finding.state != Finding.State.AGREED:
        yield _("This finding is not agreed: %(state)s.") % {"state": finding.get_state_display()}
    if is_weak:
        yield _("Something that this finding rests on cannot be used any more.")
    if finding.is_past_review:
        yield _("This finding should have been looked at again.")


# What anybody may read ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicDecision:
    """A published decision with what it adopted and what not."""

    decision: Decision
    weighed: tuple[public_answers.Weighed, ...]


def of_activity(slug: str) -> list[PublicDecision]:
    """The published decisions that follow from an activity whose page is public, the newest first. Constant queries."""
    shown = Activity.objects.public().filter(slug=slug).values("pk")
    decisions = list(Decision.objects.public().filter(activities__in=shown).select_related("body"))
    rows = list(Weighed.objects.filter(decision__in=decisions).order_by("pk"))
    by_decision: dict[int, list[public_answers.Weighed]] = defaultdict(list)
    for row, words in zip(rows, as_public(rows), strict=True):
        by_decision[row.decision_id].append(words)
    return [PublicDecision(each, tuple(by_decision[each.pk])) for each in decisions]


def public_panel(slug: str) -> str:
    """The decisions that follow from an activity as a part of its public page; empty where none is published."""
    decisions = of_activity(slug)
    return render_to_string("insights/decisions/public.html", {"decisions": decisions}) if decisions else ""


def figures() -> list[str]:
    """For everybody: how many decisions they can read, as one sentence (PUB-013). Nothing is said while there is none.

    Registered with `engagement.services.publication`.
    """
    number = Decision.objects.public().count()
    words = ngettext(
        "%(number)s decision is published, with what it made of what people said.",
        "%(number)s decisions are published, with what they made of what people said.",
        number,
    )
    return [words % {"number": number}] if number else []


def of_project(project: Project) -> list[public_answers.Weighed]:
    """What the published decisions of a project adopted of what people said, and why not the rest (PUB-017).

    Registered with `engagement.services.publication`. What is not public itself is not named. Constant queries.
    """
    rows = Weighed.objects.filter(decision__in=Decision.objects.public().filter(project=project).values("pk"))
    return as_public(rows.select_related("finding", "source").order_by("-decision__decided_on", "pk"))


def as_public(rows: Iterable[Weighed]) -> list[public_answers.Weighed]:
    """What was weighed, in words that everybody may read."""
    rows = list(rows)
    findings = [row.finding_id for row in rows if row.finding_id]
    sources = [row.source_id for row in rows if row.source_id]
    named = dict(Finding.objects.public().filter(pk__in=findings).values_list("pk", "statement"))
    titles = dict(Source.objects.public().filter(pk__in=sources).values_list("pk", "title"))
    return [
        public_answers.Weighed(
            named.get(row.finding_id, _("A finding that is not published"))
            if row.finding_id
            else titles.get(row.source_id, _("A report that is not published")),
            row.get_effect_display(),
            row.because,
        )
        for row in rows
    ]
