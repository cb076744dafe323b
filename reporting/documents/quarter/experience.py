"""(4) Patient experience beside staff satisfaction, or the statement that there is none (REP-014, INS-016)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.documents.indicators import LEAST_PAIRS, Correlation, Pair, compare, correlation
from insights.models import Indicator
from reporting.documents.quarter.facts import Pairs, Row, Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words


@dataclass(frozen=True, slots=True)
class Beside:
    """Two indicators up to the day of the report, and how many of the pairs are of this quarter."""

    patients: Indicator
    staff: Indicator
    pairs: tuple[Pair, ...]
    new: int

    @property
    def correlation(self) -> Correlation | None:
        return correlation([pair.first for pair in self.pairs], [pair.second for pair in self.pairs])

    @property
    def key(self) -> str:
        return f"{self.patients.code}-{self.staff.code}"

    @property
    def title(self) -> str:
        return _("%(first)s beside %(second)s") % {"first": self.patients, "second": self.staff}


def section(span: Span) -> Section:
    everything = _beside(span)
    found = [each for each in everything if each.new]
    if not found:
        return evidence("experience", _nothing(everything), [])
    sentences = [words for each in found for words in _said(each)]
    caveat = _("A link between two figures is no cause. Both may follow from something else.")
    pictures = [
        Pairs(
            each.key,
            each.title,
            each.patients.name,
            each.staff.name,
            [(pair.label, round(pair.first, 1), round(pair.second, 1)) for pair in each.pairs],
        )
        for each in found
    ]
    return evidence("experience", [*sentences, caveat], [_table(each) for each in found], pictures)


def _beside(span: Span) -> list[Beside]:
    """Each indicator of patients beside each of staff: what had ended by the day of the report."""
    indicators = list(Indicator.objects.order_by("code"))
    kinds = {kind: [each for each in indicators if each.kind == kind] for kind in Indicator.Kind}
    found = []
    for patients in kinds[Indicator.Kind.PATIENTS]:
        for staff in kinds[Indicator.Kind.STAFF]:
            pairs = tuple(pair for pair in compare(patients, staff).pairs if pair.ends_on <= span.as_at)
            new = sum(pair.ends_on >= span.first for pair in pairs)
            found.append(Beside(patients, staff, pairs, new))
    return found


def _nothing(everything: list[Beside]) -> list[str]:
    said = [_("No pair of values of patients and staff ended in this quarter. That is a finding.")]
    last = max((pair.ends_on for each in everything for pair in each.pairs), default=None)
    if last:
        return [*said, _("The last pair in the record ends on %(day)s.") % {"day": day_in_words(last)}]
    return [*said, _("So nothing can be said about how the two go together.")]


def _said(found: Beside) -> list[str]:
    number = len(found.pairs)
    words = {"title": found.title, "number": number, "new": found.new}
    said = [
        ngettext(
            "%(title)s: %(number)s pair, of which %(new)s ended in this quarter.",
            "%(title)s: %(number)s pairs, of which %(new)s ended in this quarter.",
            number,
        )
        % words
    ]
    return [*said, *_link(found)]


def _link(found: Beside) -> list[str]:
    link = found.correlation
    if len(found.pairs) < LEAST_PAIRS:
        least = _("With fewer than %(least)s pairs we do not work out how they go together.")
        return [least % {"least": LEAST_PAIRS}]
    if link is None:
        return [_("One of the two has the same value everywhere, so nothing can be said about a link.")]
    said = [_("Rank correlation (Spearman): %(rho)s, n = %(n)s.") % {"rho": f"{link.rho:.2f}", "n": len(found.pairs)}]
    if link.low is None:
        said.append(_("All ranks agree, so no interval can be given."))
    else:
        words = {"low": f"{link.low:.2f}", "high": f"{link.high:.2f}"}
        said.append(_("It lies between %(low)s and %(high)s with 95%% confidence.") % words)
        if not link.is_clear:
            said.append(_("That includes 0: these values do not show a link."))
    if len({pair.organisation for pair in found.pairs}) < len(found.pairs):
        said.append(_("Some organisations stand here more than once, so the true interval is wider."))
    return said


def _table(found: Beside) -> Table:
    columns = (
        _("Organisation, service and time"),
        (found.patients.name, found.patients.meaning),
        _("Answers of patients"),
        (found.staff.name, found.staff.meaning),
        _("Answers of staff"),
    )
    rows = [_row(pair) for pair in found.pairs]
    return table(f"pairs-{found.key}", found.title, columns, rows, _("There is no pair."))


def _row(pair: Pair) -> Row:
    return row(
        pair.label,
        f"{pair.first:.1f}%",
        "" if pair.first_base is None else pair.first_base,
        f"{pair.second:.1f}%",
        "" if pair.second_base is None else pair.second_base,
        url=address("insight_work:indicator_list"),
    )
