"""Gather the facts of a quarterly report from the record. Reads only; the same record gives the same facts."""

from people.models import Organisation
from reporting.documents.annual import paragraphs, texts
from reporting.documents.prepared import prepared
from reporting.documents.quarter import (
    activities,
    answers,
    duties,
    equality,
    experience,
    feedback,
    findings,
    first,
    learning,
    review,
)
from reporting.documents.quarter.cases import cases
from reporting.documents.quarter.facts import QuarterFacts, Section, Word
from reporting.documents.quarter.span import Span, span_before, span_of
from reporting.documents.sections import texts_of
from reporting.documents.words import day_in_words
from reporting.models import Plan, Report


def gather(report: Report) -> QuarterFacts:
    """The facts of a report as the record stands now, told as of the last day of its quarter, or today."""
    period, body = report.period, Organisation.objects.body()
    span = span_of(period)
    before = span_before(span)
    found, then = cases(span), cases(before) if before else []
    return QuarterFacts(
        schema=QuarterFacts.SCHEMA,
        title=str(report),
        body=str(body or ""),
        short_name=(body.short_name or body.name) if body else "",
        period=str(period),
        first_day=day_in_words(period.starts_on),
        last_day=day_in_words(period.ends_on),
        as_at=day_in_words(span.as_at),
        is_over=span.as_at == period.ends_on,
        before=str(before.period) if before else "",
        concerns=first.concerns(span, found, before, then),
        figures=first.figures(period),
        sections=_sections(span, before, found),
        words=_words(report),
        edited=texts_of(report),
        texts=texts(report, body),
        **prepared(report),
    )


def _sections(span: Span, before: Span | None, found: list) -> list[Section]:
    in_force = list(Plan.objects.in_force(*span.days).order_by("kind", "title"))
    return [
        activities.section(span, in_force),
        findings.section(span),
        learning.section(span),
        experience.section(span),
        equality.section(span, found),
        duties.section(span, found),
        feedback.section(span, before, learning.lessons_of(span)),
        answers.section(span, found),
        review.section(span, in_force),
    ]


def _words(report: Report) -> list[Word]:
    """What independent groups say of this report. It may have been said long after the quarter."""
    return [
        Word(
            forum=each.forum.name,
            chair=each.forum.chair,
            result=each.result,
            result_label=each.get_result_display(),
            paragraphs=paragraphs(each.text),
            said_on=day_in_words(each.said_on),
        )
        for each in report.statements.select_related("forum").order_by("forum__name")
    ]
