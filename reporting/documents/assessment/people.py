"""Groups heard and not heard, who took part beside who lives there, and how much say people had (REP-009, ENG-024)."""

from collections import defaultdict

from django.utils.translation import gettext as _

from engagement.documents.coverage import Coverage, heard_words
from engagement.documents.representation import Comparison
from engagement.documents.who_took_part import taking_part_in
from engagement.models import Activity, Participation, Rung
from reporting.documents.assessment.facts import Characteristic, GroupFacts, Lines, People, ShareRow
from reporting.documents.assessment.index import Index
from reporting.documents.assessment.record import Year
from reporting.documents.words import day_in_words


def people(year: Year, found: Coverage, index: Index) -> People:
    """Everything of the section. Counts of people come from `engagement.documents`, which passes them through
    `core.disclosure`: none is counted here."""
    picture = taking_part_in(year.period).picture
    return People(
        groups=_groups(year, found, index),
        heard_months=found.heard_months,
        characteristics=[_characteristic(each) for each in picture.comparisons],
        unanswered=[str(question) for question in picture.unanswered],
        residents_of=list(picture.where),
        with_numbers=_with_numbers(year, index),
        rungs=_rungs(year, index),
    )


def _groups(year: Year, found: Coverage, index: Index) -> list[GroupFacts]:
    """In the order of coverage: never heard first, then the longest ago."""
    heard: dict[str, list[Activity]] = defaultdict(list)
    for activity in year.activities:
        for group in activity.groups.all():
            heard[group.name].append(activity)
    return [
        GroupFacts(
            name=row.name,
            status=row.last.status,
            status_words=heard_words(row.last.status),
            when=day_in_words(row.last.on),
            where=row.where,
            references=index.lines(row.name, heard[row.name], _("Heard: %(group)s") % {"group": row.name}).references,
        )
        for row in found.groups
    ]


def _characteristic(found: Comparison) -> Characteristic:
    return Characteristic(
        name=str(found.question),
        base=str(found.base) if found.base else "",
        withheld=found.withheld,
        source=found.source,
        rows=[
            ShareRow(row.label, row.people, row.share, row.residents, row.interval, str(row.verdict.label))
            for row in found.groups
        ],
        apart=list(found.apart),
    )


def _with_numbers(year: Year, index: Index) -> Lines:
    """The activities whose people were counted by what they told about themselves."""
    wanted = Participation.objects.filter(on__range=year.days).order_by().values_list("activity", flat=True)
    counted = set(wanted.distinct())
    rows = [row for row in year.activities if row.pk in counted]
    return index.lines(_("Activities with numbers by characteristic"), rows)


def _rungs(year: Year, index: Index) -> list[Lines]:
    """Activities by rung of the ladder, in its order; those without one last."""
    found = defaultdict(list)
    for activity in year.activities:
        found[activity.rung_id].append(activity)
    rows = [index.lines(rung.name, found[rung.pk]) for rung in Rung.objects.order_by("ladder", "order")]
    return [*rows, index.lines(_("Not recorded"), found[None])] if found[None] else rows
