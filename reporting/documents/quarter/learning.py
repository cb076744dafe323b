"""(3) Shared learning from what went well and badly, and the actions that matter most (REP-013, INS-017, MTG-013)."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.models import Lesson, Recommendation, Source
from reporting.documents.quarter.facts import Row, Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words


def section(span: Span) -> Section:
    lessons = lessons_of(span)
    decided = _recommendations(considered_on__range=span.days)
    open_ones = _open(span)
    return evidence(
        "learning",
        _sentences(lessons, decided, open_ones, span),
        [_lesson_table(lessons, span), _decided_table(decided), _open_table(open_ones, span)],
    )


def _shown() -> Q:
    """What rests on nothing, or on an item that may still be used: a story's consent may be over."""
    return Q(source=None) | Q(source__in=Source.objects.in_use().with_consent().values("pk"))


def lessons_of(span: Span) -> list[Lesson]:
    """What was learnt in the quarter, the newest first."""
    return list(Lesson.objects.filter(_shown(), learnt_on__range=span.days).order_by("-learnt_on", "-pk"))


def _recommendations(**filters) -> list[Recommendation]:
    rows = Recommendation.objects.filter(_shown(), **filters).exclude(outcome=Recommendation.Outcome.WAITING)
    return list(rows.select_related("source", "committee").order_by("due_on", "source", "number"))


def _open(span: Span) -> list[Recommendation]:
    """Agreed by the last day of the quarter and not done on it, the first due first; also if they were done later."""
    rows = _recommendations(outcome__in=Recommendation.AGREED, considered_on__lte=span.as_at)
    return [each for each in rows if each.done_on is None or each.done_on > span.as_at]


def _sentences(lessons, decided, open_ones, span: Span) -> list[str]:
    return [_of_lessons(lessons, span), _of_recommendations(decided, open_ones, span)]


def _of_lessons(lessons: list[Lesson], span: Span) -> str:
    if not lessons:
        return _("No lesson is recorded for this quarter. That is a finding.")
    words = {
        "number": len(lessons),
        "well": sum(each.kind == Lesson.Kind.POSITIVE for each in lessons),
        "badly": sum(each.kind == Lesson.Kind.NEGATIVE for each in lessons),
        "shared": sum(bool(each.shared_on and each.shared_on <= span.as_at) for each in lessons),
    }
    return (
        ngettext(
            "%(number)s lesson: %(well)s from what went well, %(badly)s from what went badly. %(shared)s shared.",
            "%(number)s lessons: %(well)s from what went well, %(badly)s from what went badly. %(shared)s shared.",
            len(lessons),
        )
        % words
    )


def _of_recommendations(decided: list, open_ones: list, span: Span) -> str:
    if not decided and not open_ones:
        return _("No committee decided on a recommendation, and none is open. That is a finding.")
    late = sum(each.due_on < span.as_at for each in open_ones)
    return _("Recommendations: %(decided)s decided in the quarter, %(open)s open at its end, %(late)s overdue.") % {
        "decided": len(decided),
        "open": len(open_ones),
        "late": late,
    }


def _lesson_table(lessons: list[Lesson], span: Span) -> Table:
    columns = (_("What happened"), _("How it went"), _("Action"), _("Who sees to it"), _("Shared with"), _("Done"))
    rows = [_lesson_row(each, span) for each in lessons]
    return table("lessons", _("Lessons"), columns, rows, _("No lesson is recorded for this quarter."))


def _lesson_row(lesson: Lesson, span: Span) -> Row:
    is_shared = lesson.shared_on and lesson.shared_on <= span.as_at
    is_done = lesson.done_on and lesson.done_on <= span.as_at
    return row(
        lesson.what_happened,
        lesson.get_kind_display(),
        lesson.action,
        lesson.owner,
        f"{lesson.shared_with}, {day_in_words(lesson.shared_on)}" if is_shared else _("nobody yet"),
        day_in_words(lesson.done_on) if is_done else _("not yet"),
        url=address("insight_work:lesson_edit", lesson.pk),
    )


def _decided_table(rows: list[Recommendation]) -> Table:
    columns = (_("Recommendation"), _("Report"), _("Committee"), _("Outcome"), _("Why, or what is done"))
    found = [
        row(
            str(each),
            each.source,
            f"{each.committee}, {day_in_words(each.considered_on)}",
            each.get_outcome_display(),
            each.because or each.action,
            url=address("insight_work:source_detail", each.source_id),
        )
        for each in rows
    ]
    nothing = _("No committee decided on a recommendation in this quarter.")
    return table("recommendations-decided", _("Recommendations that were decided"), columns, found, nothing)


def _open_table(rows: list[Recommendation], span: Span) -> Table:
    columns = (_("High-impact action"), _("Recommendation"), _("Who sees to it"), _("Due"), _("Overdue"))
    found = [
        row(
            each.action,
            each,
            each.owner,
            day_in_words(each.due_on),
            _("yes") if each.due_on < span.as_at else _("no"),
            url=address("insight_work:source_detail", each.source_id),
        )
        for each in rows
    ]
    caption = _("High-impact actions that were open on the last day")
    return table("actions-open", caption, columns, found, _("No action from a recommendation was open."))
