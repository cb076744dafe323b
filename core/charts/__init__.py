"""Charts as small SVG pictures: the same in a page and in a PDF, readable in grey, with a text alternative.

The full alternative is in `<title>`, because that is what a tagged PDF reads. Every chart is shown with its table.
"""

from core.charts.bars import Bar, alternative, bars
from core.charts.dots import Dot, dots_in_words, scatter
from core.charts.heat import Step, heat
from core.charts.timeline import Span, spans_in_words, time_in_words, timeline
from core.charts.trend import Point, trend, trend_in_words

__all__ = [
    "Bar",
    "Dot",
    "Point",
    "Span",
    "Step",
    "alternative",
    "bars",
    "dots_in_words",
    "heat",
    "scatter",
    "spans_in_words",
    "time_in_words",
    "timeline",
    "trend",
    "trend_in_words",
]
