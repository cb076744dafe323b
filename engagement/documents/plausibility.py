"""What looks wrong in the numbers of an activity or a project: said, and never in the way (ENG-020, CON-11)."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.counts import ADDABLE, NOT_PEOPLE, Count, Kind, Qualifier, UnlikeCounts, total
from engagement.documents.shares import nearest
from engagement.models import Activity, ActivityCount, Project, ResponseCount, Session
from people.models import Area, Level

# How far from its figure a word reaches, in words of everyday use: "around 60" may be 54, "nearly 100" may be 95.
AROUND, NEARLY = Fraction(1, 10), Fraction(1, 20)
TEXTS = ("purpose", "what_we_asked", "what_people_told_us", "what_changed")
# Whoever asks about many activities reads these beforehand.
RELATED = ("areas", "counts", "sessions", "shares", "measures", "response_counts", "impacts", "surveys")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that looks wrong: what it is, where it stands, what would be right. A note only explains."""

    what: str
    where: str
    right: str
    is_note: bool = False

    def __str__(self) -> str:
        return f"{self.what} {self.right}"


def warnings_about(activity: Activity) -> list[Doubt]:
    """Everything that looks wrong in the record of an activity."""
    checks = (_population, _session_numbers, _session_sums, _shares, _texts, _only_online)
    return [doubt for check in checks for doubt in check(activity)]


# Exactness ---------------------------------------------------------------------------------------


def span(count: Count) -> tuple[Fraction | int, Fraction | int | float]:
    """The smallest and the largest number that the words of a count allow. It must have a number."""
    value = count.value
    if count.upper is not None:
        return value, count.upper
    match count.qualifier:
        case Qualifier.OVER:
            return value + 1, math.inf
        case Qualifier.AT_LEAST:
            return value, math.inf
        case Qualifier.AROUND:
            return value * (1 - AROUND), value * (1 + AROUND)
        case Qualifier.NEARLY:
            return value * (1 - NEARLY), value - 1
        case Qualifier.UP_TO:
            return 0, value
        case Qualifier.FEWER_THAN:
            return 0, value - 1
    return value, value


def agree(first: Count, second: Count) -> bool:
    """Whether some number fits both counts: 21,902 fits "nearly 22,000", and neither "22,000" nor "over 22,000"."""
    (low, high), (other_low, other_high) = span(first), span(second)
    return low <= other_high and other_low <= high


# People against population -----------------------------------------------------------------------


def residents_of(areas: list[Area]) -> int | None:
    """How many people live in the areas, none of them counted twice; None when that is not known for each of them."""
    chosen = {area.pk for area in areas}
    populations = [area.population for area in areas if area.parent_id not in chosen]
    return sum(populations) if populations and all(populations) else None


def _population(activity: Activity) -> Iterator[Doubt]:
    """More people than live there. Times shown and copies are no people, so they may be more."""
    people = [row for row in activity.counts.all() if row.count.kind not in NOT_PEOPLE and row.figure.value]
    areas = list(activity.areas.all())
    if not people or (not areas and activity.level == Level.NATIONAL):
        return
    residents = residents_of(areas or list(Area.objects.filter(level=Level.SYSTEM)))
    for row in people if residents else ():
        if span(row.count)[0] > residents:
            words = {"count": str(row), "residents": f"{residents:,}"}
            yield Doubt(
                _("“%(count)s” is more than the %(residents)s people who live there.") % words,
                row.get_about_display(),
                _("Correct the figure or the places, or choose a kind that does not count people."),
            )


# Sessions ----------------------------------------------------------------------------------------


def _session_numbers(activity: Activity) -> Iterator[Doubt]:
    for session in activity.sessions.all():
        for more, less, what, right in (
            (
                session.attended,
                session.registered,
                _("More people attended than registered: %(more)s, and %(less)s."),
                _("Exchange the two numbers, or leave “registered” empty where nobody had to register."),
            ),
            (
                session.unique,
                session.attended,
                _("There are more different people than attended: %(more)s, and %(less)s."),
                _("Different people are at most as many as attended. Correct one of the two."),
            ),
        ):
            if _has_number(more) and _has_number(less) and span(more)[0] > span(less)[1]:
                yield Doubt(what % {"more": more.figure, "less": less.figure}, _where(session), right)


def _has_number(count: Count | None) -> bool:
    return count is not None and count.value is not None


def _where(session: Session) -> str:
    if session.held_on is None:
        return _("A session without a day")
    return _("Session on %(day)s") % {"day": date_format(session.held_on, "j F Y")}


def _session_sums(activity: Activity) -> Iterator[Doubt]:
    """What is stated for the whole against the sum of its sessions, where every session has its number."""
    sessions = list(activity.sessions.all())
    sums = {
        Kind.ATTENDED: _sum([session.attended for session in sessions]),
        Kind.REGISTERED: _sum([session.registered for session in sessions]),
    }
    stated = [row for row in activity.counts.all() if row.about == ActivityCount.About.TOOK_PART]
    for row in stated:
        summed = sums.get(row.count.kind)
        if summed and _has_number(row.count) and not agree(row.count, summed):
            words = {"stated": str(row), "sum": summed.figure}
            yield Doubt(
                _("“%(stated)s” is stated, and the sessions add up to %(sum)s.") % words,
                row.get_about_display(),
                _("Correct the number or the sessions. If a session is missing, add it."),
            )


def _sum(counts: list[Count | None]) -> Count | None:
    """The sum; None where a number is missing, or where the words of the numbers name unlike kinds."""
    try:
        return total(counts) if all(_has_number(count) for count in counts) else None
    except UnlikeCounts:
        return None


# Percentages -------------------------------------------------------------------------------------


def _shares(activity: Activity) -> Iterator[Doubt]:
    """Percentages that no whole number of people can give: 7.5% of 138 (ENG-025)."""
    for share in activity.shares.all():
        yield from _share(share.percent, share.decimals, share.base, share.what)
    for measure in activity.measures.all():
        for percent, base, word in (
            (measure.before, measure.before_base, measure.before_qualifier),
            (measure.after, measure.after_base, measure.after_qualifier),
        ):
            if not word:  # "about 37%" claims no exactness
                yield from _share(percent, _decimals(percent), base, measure.question)


def _decimals(percent: Decimal) -> int:
    return max(0, -percent.normalize().as_tuple().exponent)


def _share(percent: Decimal, decimals: int, base: int | None, where: str) -> Iterator[Doubt]:
    if base is None or (found := nearest(percent, base, decimals)) is None:
        return
    words = {"percent": f"{percent:.{decimals}f}", "base": f"{base:,}"}
    if base == 0:
        yield Doubt(_("%(percent)s%% of 0 is no percentage.") % words, where, _("Correct what it is out of."))
        return
    near = [f"{each.percent:.{decimals}f}% = {each.number:,}" for each in found]
    words["nearest"] = get_text_list(near, _("and"))
    yield Doubt(
        _("No whole number out of %(base)s is %(percent)s%%.") % words,
        where,
        _("Check the percentage and what it is out of. The nearest are %(nearest)s.") % words,
    )


_NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?![0-9,.]*[0-9%])(?!\s*(?:%|million|thousand|k\b|m\b))"
_PERCENT = r"(?<![0-9.,])([0-9]{1,3}(?:\.([0-9]{1,2}))?)\s?(?:%|per\s?cent)"
_INEXACT = r"(?<!about )(?<!around )(?<!nearly )(?<!almost )(?<!over )(?<!than )(?<!least )(?<!up to )"
SHARE_OF = re.compile(rf"{_INEXACT}{_PERCENT},?\s*\(?(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+)?{_NUMBER}", re.IGNORECASE)
PART_OF = re.compile(
    rf"(?<![0-9.,]){_NUMBER}\s+(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+)?{_NUMBER}(?:\s+[^\W\d]+){{0,3}}\s*\({_PERCENT}\)",
    re.IGNORECASE,
)


def _texts(activity: Activity) -> Iterator[Doubt]:
    """Percentages in the words of the record: "7.5% of 138", "11 of 138 (7.5%)"."""
    texts = [(getattr(activity, name), _label(activity, name)) for name in TEXTS]
    for impact in activity.impacts.all():
        texts += [(impact.statement, _label(impact, "statement")), (impact.evidence, _label(impact, "evidence"))]
    for text, where in texts:
        for percent, decimals, base in SHARE_OF.findall(text):
            yield from _share(Decimal(percent), len(decimals), _whole(base), where)
        for number, base, percent, decimals in PART_OF.findall(text):
            yield from _part(_whole(number), _whole(base), Decimal(percent), len(decimals), where)


def _label(row, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _whole(number: str) -> int:
    return int(number.replace(",", ""))


def _part(number: int, base: int, percent: Decimal, decimals: int, where: str) -> Iterator[Doubt]:
    """A part, its whole and the percentage that was printed beside them."""
    right = Fraction(number * 100, base) if base else Fraction(0)
    if abs(right - Fraction(percent)) > Fraction(1, 2 * 10**decimals):
        words = {"number": f"{number:,}", "base": f"{base:,}", "percent": percent, "right": f"{float(right):.1f}"}
        yield Doubt(
            _("%(number)s of %(base)s is not %(percent)s%%.") % words,
            where,
            _("It is %(right)s%%. Correct one of the three numbers.") % words,
        )


# Ways to take part -------------------------------------------------------------------------------

_ROUTES_ONLINE = {ResponseCount.Route.ONLINE, ResponseCount.Route.EMAIL, ResponseCount.Route.SOCIAL}


def _only_online(activity: Activity) -> Iterator[Doubt]:
    """Only people with the internet could take part (ENG-035). A survey that is held here always has paper."""
    modes = {session.mode for session in activity.sessions.all() if session.mode}
    routes = {row.route for row in activity.response_counts.all()}
    is_online = modes | routes and modes <= {Session.Mode.ONLINE} and routes <= _ROUTES_ONLINE
    if is_online and not activity.route_without_internet.strip() and not activity.surveys.all():
        yield Doubt(
            _("Only people with the internet could take part."),
            _label(activity, "route_without_internet"),
            _("Offer paper, telephone or a meeting in person as well, and say so in the record."),
        )


# Projects ----------------------------------------------------------------------------------------


def warnings_about_project(project: Project) -> list[Doubt]:
    """The total that is stated for a project against the sum of its activities (ENG-020)."""
    stated = project.took_part_in_all
    activities = list(project.activities.prefetch_related("counts"))
    if stated is None or stated.value is None or not activities:
        return []
    where = _label(project, "took_part_in_all")
    numbers = [_took_part(activity) for activity in activities]
    given = [each for each in numbers if each]
    if not given:
        return []
    shared = [kind for kind in Kind if kind in ADDABLE and all(kind in each for each in given)]
    if stated.kind:
        shared = [kind for kind in shared if kind == stated.kind]
    if not shared:
        return [_unlike(given, where)]
    sums = [total([count for each in given for count in each[kind]]) for kind in shared]
    without = len(numbers) - len(given)
    if any(agree(stated, _at_least(summed) if without else summed) for summed in sums):
        return []
    return [_disagreement(project, stated, sums[0], without, where)]


def _took_part(activity: Activity) -> dict[str, list[Count]]:
    """The numbers of those who took part in an activity, by their kind."""
    found = {}
    for row in activity.counts.all():
        if row.about == ActivityCount.About.TOOK_PART and row.figure.value is not None:
            found.setdefault(row.count.kind, []).append(row.count)
    return found


def _at_least(summed: Count) -> Count:
    """The sum of some, where others have no number."""
    return Count(math.ceil(span(summed)[0]), Qualifier.AT_LEAST, kind=summed.kind)


def _unlike(given: list[dict], where: str) -> Doubt:
    kinds = dict.fromkeys(str(Kind(kind).label) for each in given for kind in each)
    return Doubt(
        _("The activities count unlike things (%(kinds)s), so their numbers cannot be added.")
        % {"kinds": ", ".join(kinds)},
        where,
        _("Say for each activity how many took part, in the same kind."),
        is_note=True,
    )


def _disagreement(project: Project, stated: Count, summed: Count, without: int, where: str) -> Doubt:
    words = {"stated": stated.text, "sum": summed.figure, "overlaps": project.overlaps}
    what = _("“%(stated)s” is stated, and the activities add up to %(sum)s.") % words
    if without:
        lacks = ngettext("%(count)s activity has no number.", "%(count)s activities have no number.", without)
        what = f"{what} {lacks % {'count': without}}"
    if project.overlaps and span(stated)[1] < span(summed)[0]:
        return Doubt(what, where, _("Some are counted twice: %(overlaps)s") % words, is_note=True)
    return Doubt(what, where, _("Correct the total or its parts, or say who is counted twice."))
