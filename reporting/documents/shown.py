"""What the annual report says of coverage: how far each principle is shown, where, and who was heard (REP-009)."""

from django.utils.translation import gettext as _

from engagement.documents.coverage import STRENGTHS, coverage, heard_words, strength_words
from engagement.models import Period
from reporting.documents.facts import CoverageFacts, LastHeard, Overridden, PlaceQuarters, Shown, ShownSet
from reporting.documents.words import day_in_words


def shown(period: Period) -> CoverageFacts:
    """The coverage of the year from the same place as the dashboard. It counts the whole record, nothing left out."""
    found = coverage(period)
    return CoverageFacts(
        as_at=day_in_words(found.as_at),
        heard_months=found.heard_months,
        planned=found.planned,
        sets=[ShownSet(one.name, [_principle(row) for row in one.principles]) for one in found.sets],
        quarters=[quarter.label for quarter in found.quarters],
        places=[
            PlaceQuarters(row.name, row.quarters, row.unknown, row.total)
            for row in found.by_place
            if row.is_place or row.total
        ],
        groups=[_group(row) for row in found.groups],
        overrides=[_override(row) for row in found.overrides],
    )


def _principle(row) -> Shown:
    activities, forums = ([getattr(tally, name) for name in STRENGTHS] for tally in (row.activities, row.forums))
    return Shown(row.label, strength_words(row.strength), activities, forums)


def _group(row) -> LastHeard:
    when = day_in_words(row.last.on)
    return LastHeard(row.name, heard_words(row.last.status), when, row.where)


def _override(row) -> Overridden:
    project = _("%(reference)s %(title)s") % {"reference": row.project, "title": row.title}
    return Overridden(project, day_in_words(row.on), row.step, row.obstacles, row.senior, row.reason)
