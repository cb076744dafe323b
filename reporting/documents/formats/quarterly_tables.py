"""Every table of the quarterly assurance report, from its facts."""

from django.utils.translation import gettext as _

from reporting.documents.quarter import facts as quarter
from reporting.documents.tables import Cell, Column, Table, fitted, table


def tables_of(facts: quarter.QuarterFacts) -> list[Table]:
    sections = [_section(section, one) for section in facts.sections for one in section.tables]
    return [_concerns(facts), _figures(facts), _sentences(facts), *sections, *_pairs(facts), _words(facts)]


def _concerns(facts: quarter.QuarterFacts) -> Table:
    columns = [
        Column("concern", _("what stands out")),
        Column("now", _("how many in the quarter"), _("see “concern”"), says_unknown=True),
        Column("before", _("how many in the quarter before"), _("see “concern”"), says_unknown=True),
        Column("change", _("what became of it since"), says_unknown=True),
        Column("asked", _("what the committee is asked"), if_empty=_("it is asked nothing")),
        Column("section", _("the key of the section that lists them")),
    ]
    rows = [(row.name, row.now, row.before, row.change, row.asked, row.section) for row in facts.concerns]
    return table("first-page", _("What the committee is asked"), columns, rows)


def _figures(facts: quarter.QuarterFacts) -> Table:
    columns = [
        Column("code", _("its code, which stays")),
        Column("figure", _("its name")),
        Column("value", _("what it was in the quarter, as printed"), says_unknown=True),
        Column("before", _("what it was in the quarter before"), says_unknown=True),
        Column("way", _("which way it went"), if_empty=_("it cannot be compared")),
        Column("target", _("what is aimed at"), if_empty=_("nothing is aimed at")),
        Column("definition", _("what it means")),
        Column("numerator", _("what is counted")),
        Column("denominator", _("out of what"), if_empty=_("it is a number, not a share")),
        Column("source", _("where it comes from"), says_unknown=True),
        Column("address", _("the permanent address of the figure")),
    ]
    rows = [
        (
            row.code,
            row.name,
            row.text,
            row.before,
            row.way,
            row.target,
            row.definition,
            row.numerator,
            row.denominator,
            row.source,
            row.url,
        )
        for row in facts.figures
    ]
    return table("figures", _("Figures of performance"), columns, rows)


def _sentences(facts: quarter.QuarterFacts) -> Table:
    columns = [
        Column("number", _("the number of the section")),
        Column("section", _("its name")),
        Column("sentence", _("what it comes to")),
    ]
    rows = [(section.number, section.name, words) for section in facts.sections for words in section.sentences]
    return table("sections", _("What each section comes to"), columns, rows)


def _section(section: quarter.Section, one: quarter.Table) -> Table:
    """A table of a section as it is printed, with the address of each row's record."""
    meaning = _("as its name says")
    unknown = _("there is none, or it is not recorded: see the report")
    columns = [Column(column.name, column.meaning or meaning, if_empty=unknown) for column in one.columns]
    columns.append(Column(_("Record"), _("the permanent address of the record"), if_empty=_("it has no page")))
    rows = [(*map(_number, row.cells), row.url) for row in one.rows]
    return table(fitted(one.key), f"{section.name}: {one.caption}", columns, rows)


def _number(text: str) -> Cell:
    """A whole number as a number, so that a spreadsheet can add it up; any other text as it is printed."""
    return int(text) if text.isdecimal() and str(int(text)) == text else text


def _pairs(facts: quarter.QuarterFacts) -> list[Table]:
    return [
        table(
            fitted(one.key),
            f"{section.name}: {one.title}",
            [
                Column("label", _("the organisation and service")),
                Column("across", one.across, _("per cent")),
                Column("up", one.up, _("per cent")),
            ],
            one.dots,
        )
        for section in facts.sections
        for one in section.pairs
    ]


def _words(facts: quarter.QuarterFacts) -> Table:
    columns = [
        Column("group", _("the independent group")),
        Column("result", _("whether it is assured")),
        Column("words", _("what it says"), says_unknown=True),
        Column("said_on", _("when it said so"), says_unknown=True),
    ]
    rows = [(row.forum, row.result_label, " ".join(row.paragraphs), row.said_on) for row in facts.words]
    return table("independent-group", _("What the independent group says"), columns, rows)
