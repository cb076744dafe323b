"""Before and after: percentage points and relative change, each no more exact than what was recorded (ENG-026)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.counts import Qualifier, qualifier_of
from core.intervals import newcombe
from engagement.models import Measure


@dataclass(frozen=True, slots=True)
class Change:
    """What a before-and-after measure shows. Everything is worked out from the four numbers, nothing is typed.

    `points` is the difference in percentage points. `times` is how many times as high the share is after as before,
    and None when it was 0 before. `sides` says on which sides of its figure the true difference may lie, and `is_vague`
    that a share has a word like “about”. `interval` holds the ends, in points, of the 95% interval of the difference by
    Newcombe's hybrid score method (R. G. Newcombe, Statistics in Medicine 17, 1998, 873–890, method 10). It takes the
    two groups for independent ones, and is None when a base is missing or a share is not exact.
    """

    question: str
    before: str
    after: str
    points: Decimal
    times: float | None
    sides: frozenset[str]
    is_vague: bool
    interval: tuple[float, float] | None
    lacks_base: bool

    @property
    def points_text(self) -> str:
        """The difference in words: "at least 43 points higher". A fall turns "at least" into "at most"."""
        if self.points == 0 and not self.sides and not self.is_vague:
            return _("no change")
        sides = frozenset(_OTHER_WAY[side] for side in self.sides) if self.points < 0 else self.sides
        words = _("%(points)s points lower") if self.points < 0 else _("%(points)s points higher")
        return f"{_bound(sides, self.is_vague)} {words % {'points': _plain(abs(self.points))}}".strip()

    @property
    def times_text(self) -> str:
        """The relative change in words: "2.16 times as high (+116%)", or why that cannot be said."""
        if self.times is None:
            return _("cannot be worked out, because it was 0% before")
        words = {"times": f"{self.times:.2f}", "percent": f"{(self.times - 1) * 100:+.0f}"}
        return f"{_bound(self.sides, self.is_vague)} {_('%(times)s times as high (%(percent)s%%)') % words}".strip()

    @property
    def interval_text(self) -> str:
        if self.interval is None:
            return _("the base is missing") if self.lacks_base else _("the shares are not exact")
        low, high = self.interval
        return _("%(low)s to %(high)s points") % {"low": f"{low:+.1f}", "high": f"{high:+.1f}"}


def change_of(measure: Measure) -> Change:
    """What changed between the two times of a measure."""
    before_word, after_word = (qualifier_of(word) for word in (measure.before_qualifier, measure.after_qualifier))
    lacks_base = not (measure.before_base and measure.after_base)
    is_exact = before_word == after_word == Qualifier.EXACT
    return Change(
        question=measure.question,
        before=_said(measure.before, measure.before_qualifier, measure.before_base),
        after=_said(measure.after, measure.after_qualifier, measure.after_base),
        points=measure.after - measure.before,
        times=float(measure.after / measure.before) if measure.before else None,
        sides=_sides(before_word, after_word),
        is_vague=any(word not in _SIDES for word in (before_word, after_word)),
        interval=_interval(measure) if is_exact and not lacks_base else None,
        lacks_base=lacks_base,
    )


def _plain(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def _said(percent: Decimal, word: str, base: int | None) -> str:
    """A share as it was recorded: "about 37% of 40", "80% or more"."""
    share = f"{_plain(percent)}%"
    share = f"{share} {word}" if word.casefold().startswith("or ") else f"{word} {share}".strip()
    return _("%(share)s of %(base)s") % {"share": share, "base": f"{base:,}"} if base else share


# How a true share may lie beside its figure: above it, below it; a word like “about” does not say.
_SIDES = {
    Qualifier.EXACT: frozenset(),
    Qualifier.OVER: frozenset("+"),
    Qualifier.AT_LEAST: frozenset("+"),
    Qualifier.NEARLY: frozenset("-"),
    Qualifier.UP_TO: frozenset("-"),
    Qualifier.FEWER_THAN: frozenset("-"),
}
_OTHER_WAY = {"+": "-", "-": "+"}


def _sides(before: str, after: str) -> frozenset[str]:
    """More afterwards, or less before, makes a difference larger."""
    return _SIDES.get(after, frozenset()) | {_OTHER_WAY[side] for side in _SIDES.get(before, ())}


def _bound(sides: frozenset[str], is_vague: bool) -> str:
    """The word before a difference: from about 37% to 80% or more is at least about 43 points."""
    about = pgettext("before a difference", "about")
    if len(sides) != 1:
        return about if is_vague or sides else ""
    word = pgettext("before a difference", "at least") if "+" in sides else pgettext("before a difference", "at most")
    return f"{word} {about}" if is_vague else word


def _interval(measure: Measure) -> tuple[float, float]:
    """Newcombe's interval of the difference, in points."""
    before, after = (
        (float(percent) * base / 100, base)
        for percent, base in ((measure.before, measure.before_base), (measure.after, measure.after_base))
    )
    low, high = newcombe(*after, *before)
    return low * 100, high * 100
