"""What a finding rests on, how far that still stands, and whether its statement says one thing (INS-005, INS-022)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.readability import sentences_of
from insights.documents import personal
from insights.models import Decision, Finding, FindingEvidence, Quote, Source, Weighed

EITHER = re.compile(r"\band\s*/\s*or\b", re.IGNORECASE)
TWO_CLAUSES = re.compile(r";|,\s*(?:and|but)\b|\b(?:and|but)\s+(?:they|people|it|there|this|we)\b", re.IGNORECASE)


def remarks(statement: str) -> list[str]:
    """What to think about before a statement is kept: it may say two things. Nothing is refused."""
    found = []
    if EITHER.search(statement):
        found.append(_("“And/or” leaves open what is true. Say which, or write two findings."))
    if len(sentences_of(statement)) > 1 or TWO_CLAUSES.search(statement):
        found.append(_("This may say two things. Then one can be true and the other not: write two findings."))
    return found


def refuse_personal(row: Model, *names: str) -> None:
    """Raise ValidationError, by field, with the personal details in texts that everybody is to read."""
    found = {}
    for name in names:
        label = capfirst(row._meta.get_field(name).verbose_name)
        if problems := personal.problems_of(label, getattr(row, name)):
            found[name] = problems
    if found:
        raise ValidationError(found)


# Evidence ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence in words: what it is, what it shows, where it is; `fallen` says why it cannot be used."""

    evidence: FindingEvidence
    kind: str
    words: str
    url: str
    fallen: str


def evidence_of(finding: Finding) -> list[Piece]:
    """What a finding rests on, in the order in which it was attached, for staff. One query."""
    rows = finding.evidence.select_related(
        "theme", "collection", "source__kind", "source__story", "activity", "quote__comment", "by"
    )
    return [_piece(row) for row in rows]


def _piece(row: FindingEvidence) -> Piece:
    if row.theme_id:
        words = _("“%(theme)s” in “%(collection)s”: %(figures)s")
        words %= {"theme": row.theme, "collection": row.collection, "figures": figures_in_words(row.figures)}
        return Piece(row, _("theme"), words, reverse("insight_work:theme_figures", args=[row.collection_id]), "")
    if row.source_id:
        url = reverse("insight_work:source_detail", args=[row.source_id])
        return Piece(row, _("library item"), row.source.title, url, source_fell(row.source))
    if row.activity_id:
        return Piece(row, _("activity"), str(row.activity), row.activity.get_absolute_url(), "")
    if fallen := quote_fell(row.quote):
        return Piece(row, _("quote"), _("The words are not shown any more."), "", fallen)
    return Piece(row, _("quote"), _said(row.quote), "", "")


def _said(quote: Quote) -> str:
    return f"“{quote.words}” ({quote.said_by_whom})" if quote.said_by_whom else f"“{quote.words}”"


def figures_in_words(figures: dict) -> str:
    """Frozen figures as a sentence: “45 of 300 comments, on 2 April 2024”."""
    day = parse_date(str(figures.get("as_at", "")))
    if day is None:
        return _("figures not recorded")
    words = ngettext(
        "%(number)s of %(of)s comment, on %(day)s", "%(number)s of %(of)s comments, on %(day)s", figures["of"]
    )
    counted = {"number": f"{figures['comments']:,}", "of": f"{figures['of']:,}"}
    return words % (counted | {"day": date_format(day, "j F Y")})


def source_fell(source: Source) -> str:
    """Why a library item cannot be shown any more, or nothing while it can."""
    if source.state != Source.State.IN_USE:
        return _("The library item is not in use: %(state)s.") % {"state": source.get_state_display()}
    story = getattr(source, "story", None)
    if story is not None and not story.has_consent:
        return _("The consent to the story is over.")
    return ""


def quote_fell(quote: Quote) -> str:
    """Why a quote cannot be shown any more, or nothing while it can."""
    if quote.withdrawn_on:
        return _("The consent to the quote was taken back.")
    if quote.consent_until and quote.consent_until < timezone.localdate():
        return _("The consent to the quote has ended.")
    if quote.comment.is_held or quote.comment.erased_on:
        return _("The comment is not there any more.")
    return ""


def doubts(finding: Finding, pieces: Iterable[Piece]) -> list[str]:
    """Why a finding may not be leant on today: what it rests on fell away, or nobody has looked at it for long."""
    pieces = list(pieces)
    found = [piece.fallen for piece in pieces if piece.fallen]
    if not pieces and finding.state == Finding.State.AGREED:
        found.append(_("Nothing is left that it rests on."))
    if finding.state == Finding.State.AGREED and finding.is_past_review:
        found.append(_("It should have been looked at again by %(day)s.") % {"day": date_format(finding.review_by)})
    return found


# What anybody may read ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicPiece:
    """A piece of evidence as everybody may read it. What is not public itself is not named."""

    words: str
    url: str = ""


def public_evidence(finding: Finding) -> list[PublicPiece]:
    """What a published finding rests on: figures, public items and activities, quotes whose consent holds."""
    rows = list(finding.evidence.select_related("theme", "activity", "quote"))
    public = set(Source.objects.public().filter(finding_evidence__in=rows).values_list("pk", flat=True))
    named = {source.pk: source for source in Source.objects.filter(pk__in=public)}
    quotes = set(Quote.objects.usable().filter(finding_evidence__in=rows).values_list("pk", flat=True))
    shown = [piece for row in rows if (piece := _public(row, named, quotes))]
    if left := len(rows) - len(shown):
        words = ngettext(
            "%(number)s more piece of evidence that is not public",
            "%(number)s more pieces of evidence that are not public",
            left,
        )
        shown.append(PublicPiece(words % {"number": left}))
    return shown


def _public(row: FindingEvidence, sources: dict[int, Source], quotes: set[int]) -> PublicPiece | None:
    if row.theme_id:
        words = {"theme": row.theme, "figures": figures_in_words(row.figures)}
        return PublicPiece(_("Comments about “%(theme)s”: %(figures)s") % words)
    if source := sources.get(row.source_id):
        return PublicPiece(source.title, reverse("library:source_detail", args=[source.reference]))
    if row.activity_id and row.activity.is_published:
        return PublicPiece(row.activity.title, reverse("taking_part:activity_detail", args=[row.activity.slug]))
    return PublicPiece(_said(row.quote)) if row.quote_id in quotes else None


def public_weighed(finding: Finding) -> QuerySet[Weighed]:
    """What published decisions made of a finding."""
    rows = finding.weighed.filter(decision__in=Decision.objects.public().values("pk"))
    return rows.select_related("decision__body").order_by("-decision__decided_on", "pk")


# Lists -------------------------------------------------------------------------------------------


def with_doubts(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings, each with what fell away of its evidence as `fallen_evidence` and all of it as `all_evidence`."""
    return findings.prefetch_related(
        Prefetch("evidence", FindingEvidence.objects.fallen(), to_attr="fallen_evidence"),
        Prefetch("evidence", to_attr="all_evidence"),
    )


def used_in(finding: Finding) -> Iterator[tuple[str, str]]:
    """Where decisions and answers rest on a finding: words and address."""
    for row in finding.weighed.select_related("decision"):
        words = f"{row.decision} ({row.get_effect_display()})"
        yield words, reverse("insight_work:decision_detail", args=[row.decision_id])
    for answer in finding.answers.select_related("topic"):
        yield str(answer), reverse("insight_work:answer_detail", args=[answer.pk])
