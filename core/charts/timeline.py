"""Stretches of time as bars over months, quarters or years."""

import calendar
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts.marks import BAR, INK, picture, rect, text

THICK, LINE, GAP, HEAD, ARROW, LEAST = 16, 20, 10, 30, 14, 4
WIDTH, LARGE_WIDTH = 640, 420
# Units of the picture that a letter takes. The font of our PDFs is narrower than those that a browser takes instead.
LETTER, LETTER_IN_PRINT = 8.6, 7.2
TICK_ROOM = 76  # for "Sep 2022" under a mark of the axis
STEPS = (1, 3, 6, 12, 24, 60, 120, 240)  # months from one mark of the axis to the next


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included. No last day: it goes on. `state` is a word or two, "at risk"."""

    label: str
    first: date
    last: date | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """From the start of one month to that of another (counted from year 0), with a mark every `step` months."""

    start: int
    end: int
    step: int
    width: int

    def place(self, day: date) -> float:
        """Where a day begins. A month is as long as any other: what lies in it is placed by its share."""
        days = calendar.monthrange(day.year, day.month)[1]
        months = _month(day) + (day.day - 1) / days
        return 2 + (self.width - ARROW - 4) * (months - self.start) / (self.end - self.start)

    def marks(self) -> list[date]:
        return [date(month // 12, month % 12 + 1, 1) for month in range(self.start, self.end, self.step)]


def timeline(
    title: str,
    spans: Sequence[Span],
    *,
    today: date | None = None,
    is_large: bool = False,
    is_printed: bool = False,
) -> SafeString:
    """Each span as a bar under its label; what has no end runs to the edge as an arrow; `today` is a dashed line.

    The state stands in words behind the label, so that no colour carries a meaning. A `today` that lies outside the
    axis is not drawn. `is_large` draws for large print, `is_printed` for a PDF with our own font.
    """
    axis = _axis(spans, LARGE_WIDTH if is_large else WIDTH)
    letters = int((axis.width - 4) / (LETTER_IN_PRINT if is_printed else LETTER))
    shown = today if today is not None and axis.start <= _month(today) < axis.end else None
    parts, y = _scale(axis), float(HEAD)
    for span in spans:
        for said in textwrap.wrap(_labelled(span), letters):
            parts.append(text(2, y + LINE * 0.78, escape(said)))
            y += LINE
        parts += [_tick(axis.place(mark), y) for mark in axis.marks()]
        parts.append(_bar(span, y, axis))
        parts.append(_today(axis.place(shown), y) if shown else "")
        y += THICK + GAP
    if shown:
        parts.append(_word_today(axis.place(shown), y, axis.width))
        y += LINE
    return picture(axis.width, y, spans_in_words(title, spans, shown), parts)


def spans_in_words(title: str, spans: Sequence[Span], today: date | None = None) -> str:
    """The picture in words."""
    if not spans:
        return f"{title}."
    said = "; ".join(", ".join(filter(None, (f"{span.label}: {time_in_words(span)}", span.state))) for span in spans)
    line = " " + _("A line shows today, %(day)s.") % {"day": date_format(today, "j F Y")} if today else ""
    return f"{title}. {said}.{line}"


def time_in_words(span: Span) -> str:
    """From when to when: in months where whole months are meant, otherwise in days."""
    is_whole = span.first.day == 1 and (span.last is None or (span.last + timedelta(days=1)).day == 1)
    form = "F Y" if is_whole else "j F Y"
    first = date_format(span.first, form)
    if span.last is None:
        return _("from %(first)s, no end") % {"first": first}
    last = date_format(span.last, form)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _labelled(span: Span) -> str:
    return f"{span.label}: {span.state}" if span.state else span.label


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _axis(spans: Sequence[Span], width: int) -> Axis:
    """Whole steps around the spans, as short as the marks' words allow. What has no end gets a step more."""
    days = [span.first for span in spans] or [date(2000, 1, 1)]
    first = _month(min(days))
    last = max(_month(span.last or span.first) for span in spans) if spans else first
    for step in STEPS:
        start = first - first % step
        end = last - last % step + step
        if any(span.last is None and _month(span.first) >= end - step for span in spans):
            end += step
        if (end - start) / step * TICK_ROOM <= width:
            break
    return Axis(start, end, step, width)


def _scale(axis: Axis) -> list[str]:
    form = "Y" if axis.step >= 12 else "M Y"
    return [text(axis.place(mark) + 3, 16, date_format(mark, form)) for mark in axis.marks()] + [
        _upright(axis.place(mark), 2, HEAD - 8, 'stroke-width="1"') for mark in axis.marks()
    ]


def _tick(x: float, y: float) -> str:
    """The axis beside one bar: it leaves the labels alone."""
    return _upright(x, y, y + THICK + 3, 'stroke-opacity="0.35"')


def _bar(span: Span, y: float, axis: Axis) -> str:
    left = axis.place(span.first)
    look = f'fill="{BAR}"'
    if span.last is None:
        edge, tip = axis.width - ARROW - 2, axis.width - 2
        head = f"{edge},{y - 3:.1f} {tip},{y + THICK / 2:.1f} {edge},{y + THICK + 3:.1f}"
        return rect(left, y, max(edge - left, LEAST), THICK, look) + f'<polygon points="{head}" {look}/>'
    return rect(left, y, max(axis.place(span.last + timedelta(days=1)) - left, LEAST), THICK, look)


def _today(x: float, y: float) -> str:
    """A dashed line, with white behind it so that it can be seen on a bar."""
    ends = (y, y + THICK + 3)
    return _upright(x, *ends, 'stroke-width="6"', "#ffffff") + _upright(
        x, *ends, 'stroke-width="2.5" stroke-dasharray="5 3"'
    )


def _word_today(x: float, y: float, width: int) -> str:
    is_right = x > width / 2
    anchor = f'text-anchor="{"end" if is_right else "start"}" font-weight="700"'
    return text(x + (2 if is_right else -2), y + LINE * 0.6, escape(_("today")), anchor)


def _upright(x: float, top: float, bottom: float, look: str, colour: str = INK) -> str:
    return f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="{colour}" {look}/>'
