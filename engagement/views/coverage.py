"""Coverage of a period: the gaps first, then pictures each with its table, and the same numbers as CSV."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from tablib import Dataset

from core.charts import Bar, Step, bars, heat
from core.exports import SafeCSV
from engagement.documents.coverage import HEADERS, NONE, Coverage, SetRows, coverage, heard_words, strength_words, tidy
from engagement.forms.coverage import PeriodFilter
from engagement.models import Period

may_read = permission_required("engagement.view_evidence", raise_exception=True)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the table of its numbers, under one title."""

    ident: str
    title: str
    chart: SafeString
    columns: list[str]
    rows: list[list]

    @property
    def table_ident(self) -> str:
        return f"{self.ident}-table"


@may_read
@require_safe
def coverage_page(request):
    filters = PeriodFilter(request.GET)
    period = filters.cleaned_data.get("period") or Period.objects.present()
    context = {"filters": filters, "period": period, "periods": Period.objects.all()}
    if period is not None:
        filters.data = {"period": period.code}
        found = coverage(period, user=request.user)
        context |= {
            "coverage": found,
            "principle_pictures": [_principles(one, f"principles-{index}") for index, one in enumerate(found.sets)],
            "principle_places": [
                (f"principle-places-{index}", one.name, _principle_places(found, one), _map_of_places(found, one))
                for index, one in enumerate(found.sets)
            ],
            "groups": [_group(row) for row in found.groups],
            "group_places": [[row.name, *(_heard(each) for each in row.places)] for row in found.groups],
            "pictures": _pictures(found),
        }
    return render(request, "engagement/coverage/coverage.html", context)


@may_read
@require_safe
def coverage_csv(request):
    """The numbers of the page as one tidy table. Without a period, those of the present year."""
    code = request.GET.get("period")
    period = Period.objects.filter(code=code).first() if code else Period.objects.present()
    if period is None:
        raise Http404
    table = Dataset(*tidy(coverage(period, user=request.user)), headers=HEADERS)
    response = HttpResponse(SafeCSV().export_data(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coverage-{period.code}.csv"'
    return response


# Pictures and tables -----------------------------------------------------------------------------


def _principles(one: SetRows, ident: str) -> Picture:
    """For each principle, activities with proof and those that are only claimed; forums stand in the table."""
    shown = [
        Bar(row.label, row.activities.total - row.activities.claimed, row.activities.claimed) for row in one.principles
    ]
    title = _("Activities by principle: %(name)s") % {"name": one.name}
    names = ("claimed", "evidenced", "verified", "outcome")
    return Picture(
        ident,
        title,
        bars(title, shown, ident=ident, first=_("with proof"), second=_("only claimed")),
        [_("Principle"), _("Shown"), *(_tally_columns())],
        [
            [
                row.label,
                _strength(row),
                *(_number(getattr(tally, name)) for tally in (row.activities, row.forums) for name in names),
            ]
            for row in one.principles
        ],
    )


def _strength(row) -> str:
    return _("Not shown") if row.strength == NONE else strength_words(row.strength).capitalize()


def _tally_columns() -> list[str]:
    names = [strength_words(name) for name in ("claimed", "evidenced", "verified", "outcome")]
    return [
        *(_("Activities: %(strength)s") % {"strength": name} for name in names),
        *(_("Forums: %(strength)s") % {"strength": name} for name in names),
    ]


def _principle_places(found: Coverage, one: SetRows) -> list[list]:
    return [[row.label, *(_shown(cell) for cell in row.places)] for row in one.principles]


def _map_of_places(found: Coverage, one: SetRows) -> SafeString:
    """The matrix of principles by place as a picture: empty cells are seen at once, on a telephone too."""
    title = _("Where each principle is shown: %(name)s") % {"name": one.name}
    steps = [
        Step(_("nothing"), "–"),
        Step(_("forums alone"), "F"),
        Step(_("1 activity"), "1"),
        Step(_("2 to 4 activities"), "2+"),
        Step(_("5 or more activities"), "5+"),
    ]
    cells = [[_step(cell) for cell in row.places] for row in one.principles]
    return heat(title, [row.label for row in one.principles], found.places, cells, levels=steps, is_large=True)


def _step(cell) -> int:
    """Which step of the picture a cell is at. Activities and forums are never added."""
    if not cell.activities:
        return 1 if cell.forums else 0
    return 2 if cell.activities == 1 else 3 if cell.activities < 5 else 4


def _shown(cell) -> str:
    """What a cell says: activities and forums apart, and a word where there is neither."""
    words = []
    if cell.activities:
        words.append(_("activities: %(number)s") % {"number": cell.activities})
    if cell.forums:
        words.append(_("forums: %(number)s") % {"number": cell.forums})
    return ", ".join(words) or _("none")


def _number(number: int) -> int | str:
    return number or _("none")


def _group(row) -> dict:
    return {
        "row": row,
        "status": heard_words(row.last.status),
        "colour": {"heard": "green", "due": "yellow", "never": "red"}[row.last.status],
    }


def _heard(heard) -> str:
    words = heard_words(heard.status)
    return f"{words}, {heard.on:%-d %B %Y}" if heard.on else words


def _pictures(found: Coverage) -> list[Picture]:
    """How much say people had, and of what kind it was. A part of which nothing is recorded has a table alone."""
    activities, sessions = _("Activities"), _("Sessions")
    parts = [
        ("by-rung", _("Activities by rung of the ladder of participation"), _("Rung"), activities, found.rungs),
        ("by-stage", _("Activities by stage of the engagement cycle"), _("Stage"), activities, found.stages),
        ("by-nature", _("Activities by their nature"), _("Nature"), activities, found.natures),
        ("by-mode", _("Sessions in person, online or both"), _("Mode"), sessions, found.modes),
    ]
    return [
        Picture(
            ident,
            title,
            bars(title, [Bar(row.label, row.value) for row in rows], ident=ident),
            [first, second],
            [[row.label, _number(row.value)] for row in rows],
        )
        for ident, title, first, second, rows in parts
        if rows
    ]
