"""Every table of the evidence for NHS England’s assessment, from its facts."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from reporting.documents.assessment.facts import AssessmentFacts, Change, Lines
from reporting.documents.formats.levels_table import levels_table
from reporting.documents.tables import NOTHING, Column, Table, table


def tables_of(facts: AssessmentFacts) -> list[Table]:
    return [
        _numbers(facts),
        _questions(facts),
        *_principles(facts),
        *_difference(facts),
        *_places(facts),
        *_people(facts),
        *_duties(facts),
        *_judged(facts),
        _refused(facts),
        _route(facts),
        _index(facts),
    ]


def _references(meaning: str = "") -> Column:
    return Column("records", meaning or _("references of the records behind it: see “index”"), if_empty=str(NOTHING))


def _numbers(facts: AssessmentFacts) -> Table:
    columns = [
        Column("section", _("the key of the section that prints it")),
        Column("label", _("what is counted")),
        Column("number", _("how many"), _("see “label”")),
        _references(),
    ]
    rows = [(row.section, row.label, row.value, row.references) for row in facts.numbers]
    return table("numbers", _("Every number of the pack"), columns, rows)


def _questions(facts: AssessmentFacts) -> Table:
    columns = [
        Column("question", _("what a critical reader would ask")),
        Column("answer", _("what the record answers"), says_unknown=True),
        Column("section", _("the key of the section that says more")),
        _references(),
    ]
    rows = [(row.question, row.answer, row.section, row.references) for row in facts.questions]
    return table("questions", _("What a critical reader would ask"), columns, rows)


def _principles(facts: AssessmentFacts) -> list[Table]:
    strengths = [
        Column("set", _("the set of principles")),
        Column("principle", _("the principle")),
        Column("shown", _("how far it is shown")),
        Column("wording", _("the principle in full"), if_empty=_("it is given in a few words alone")),
    ]
    national = [(facts.wording, row.label, row.strength_words, row.wording) for row in facts.principles]
    own = [(one.name, label, shown, "") for one in facts.local_sets for label, shown in one.principles]
    claims = [
        Column("principle", _("the number of the principle")),
        Column("record", _("the reference of the activity or forum")),
        Column("title", _("its title or name")),
        Column("what", _("activity or forum: the two are never added")),
        Column("shown", _("how far the claim is shown")),
        Column("how", _("in what way it supports the principle"), says_unknown=True),
        Column("proofs", _("its proofs"), if_empty=str(NOTHING)),
    ]
    claimed = [
        (
            one.number,
            row.reference,
            row.title,
            _("forum") if row.is_forum else _("activity"),
            row.strength_words,
            row.how,
            row.proofs,
        )
        for one in facts.principles
        for row in one.claims
    ]
    changes = [(one.number, *_change(row)) for one in facts.principles for row in one.changes]
    return [
        table("principles", _("How far each principle is shown"), strengths, [*national, *own]),
        table("claims", _("What shows each principle"), claims, claimed),
        table(
            "changes",
            _("The difference that each principle made"),
            [Column("principle", _("the number of the principle")), *_change_columns()],
            changes,
        ),
    ]


def _change_columns() -> list[Column]:
    return [
        Column("kind", _("what kind of change it is")),
        Column("words", _("what changed")),
        Column("when", _("when"), says_unknown=True),
        _references(),
    ]


def _change(row: Change) -> tuple:
    return row.kind, row.words, row.when, row.references


def _lines(name: str, title: str, lines: Iterable[Lines], unit: str) -> Table:
    columns = [Column("label", _("what is counted")), Column("number", _("how many"), unit), _references()]
    return table(name, title, columns, [(line.label, line.value, line.references) for line in lines])


def _difference(facts: AssessmentFacts) -> list[Table]:
    return [
        _lines("kinds-of-change", _("Kinds of change"), facts.kinds_of_change, _("records")),
        table("decisions", _("Decisions"), _change_columns(), map(_change, facts.decisions)),
        _lines("promises", _("“You said, we did”"), facts.promises, _("answers")),
        table("plans", _("Plans"), _change_columns(), map(_change, facts.plans)),
    ]


def _places(facts: AssessmentFacts) -> list[Table]:
    columns = [
        Column("principle", _("the principle")),
        Column("place", _("the place or level")),
        Column("shown", _("how far it is shown there")),
        _references(),
    ]
    rows = [
        (row.label, place, cell.words, cell.references)
        for row in facts.places.rows
        for place, cell in zip(facts.places.columns, row.cells, strict=True)
    ]
    holes = [
        Column("place", _("the place")),
        Column("principles", _("principles that nothing shows there"), if_empty=str(NOTHING)),
    ]
    activities = _("activities")
    unheard = [Lines(name, []) for name in facts.places.unheard]
    return [
        table("principle-and-place", _("Principles by place"), columns, rows),
        table("holes", _("What nothing shows, place by place"), holes, facts.places.holes),
        _lines("by-place", _("Activities by place"), facts.places.by_place, activities),
        _lines("by-level", _("Activities by level"), facts.places.by_level, activities),
        _lines(
            "by-neighbourhood", _("Activities by neighbourhood"), [*facts.places.neighbourhoods, *unheard], activities
        ),
    ]


def _people(facts: AssessmentFacts) -> list[Table]:
    people = facts.people
    groups = [
        Column("group", _("the group of people")),
        Column("status", _("whether it was heard")),
        Column("when", _("when it was last heard from"), if_empty=_("it was never heard from")),
        Column("where", _("where that was"), says_unknown=True),
        _references(_("references of the activities of the year")),
    ]
    hidden = _("“*” stands for 1 to 7; larger numbers are rounded to 5")
    shares = [
        Column("question", _("the question that people answered")),
        Column("category", _("the answer; empty in a row that says why nothing is shown"), if_empty=_("see “note”")),
        Column("people", _("people who took part: %(rule)s") % {"rule": hidden}, _("people"), says_unknown=True),
        Column("share", _("their share of those who answered"), _("per cent"), says_unknown=True),
        Column("residents", _("the share of residents"), _("per cent"), says_unknown=True),
        Column("interval", _("between which shares it lies"), _("per cent"), says_unknown=True),
        Column("verdict", _("how the two compare"), says_unknown=True),
        Column("base", _("how many answered"), _("people"), says_unknown=True),
        Column("note", _("why nothing is shown, or where the residents’ share comes from"), if_empty=str(NOTHING)),
    ]
    rows: list[tuple] = []
    for one in people.characteristics:
        rows += [
            (one.name, row.label, row.people, row.share, row.residents, row.interval, row.verdict, one.base, one.source)
            for row in one.rows
        ]
        if not one.rows:
            rows.append((one.name, "", "", "", "", "", "", one.base, one.withheld))
    return [
        table(
            "groups",
            _("Who was heard, and who was not"),
            groups,
            [(row.name, row.status_words, row.when, row.where, row.references) for row in people.groups],
        ),
        table("people", _("Who took part, beside who lives there"), shares, rows),
        _lines("rungs", _("How much say people had"), people.rungs, _("activities")),
    ]


def _duties(facts: AssessmentFacts) -> list[Table]:
    duties = [
        Column("code", _("its code")),
        Column("duty", _("its name")),
        Column("law", _("the law"), says_unknown=True),
        Column("cited_as", _("how the law is cited"), says_unknown=True),
        Column("state", _("whether it was met")),
        Column("summary", _("what it asks")),
    ]
    lines = [
        Column("code", _("the code of the duty")),
        Column("side", _("what was met, or what is missing")),
        Column("label", _("what is counted")),
        Column("number", _("how many"), _("records")),
        _references(),
    ]
    rows = [
        (duty.code, side, line.label, line.value, line.references)
        for duty in facts.duties
        for side, found in ((_("met"), duty.met), (_("missing"), duty.gaps))
        for line in found
    ]
    return [
        table(
            "duties",
            _("Legal duties"),
            duties,
            [(row.code, row.name, row.law, row.cited_as, row.state_words, row.summary) for row in facts.duties],
        ),
        table("duties-shown", _("What shows that each duty was met"), lines, rows),
    ]


def _judged(facts: AssessmentFacts) -> list[Table]:
    columns = [
        Column("assessment", _("its name and its reference")),
        Column("assessor", _("who judged")),
        Column("made_on", _("when"), says_unknown=True),
        Column("dimension", _("what is judged")),
        Column("level", _("the level that was given"), says_unknown=True),
        Column("reasons", _("why"), says_unknown=True),
        Column("gap", _("what is missing"), if_empty=str(NOTHING)),
        Column("next_step", _("what is done next"), if_empty=str(NOTHING)),
        _references(),
    ]
    rows = [
        (
            f"{one.name} ({one.reference})",
            one.assessor,
            one.made_on,
            row.dimension,
            row.level,
            row.text,
            row.gap,
            row.next_step,
            row.references,
        )
        for one in facts.judged
        for row in one.rows
    ]
    levels = ((one.name, one.levels) for one in facts.judged)
    return [
        table("judgements", _("How we were judged"), columns, rows),
        levels_table("trend", _("Levels over the years"), levels),
    ]


def _refused(facts: AssessmentFacts) -> Table:
    columns = [
        Column("kind", _("what was done")),
        Column("words", _("what it was about")),
        Column("when", _("when"), says_unknown=True),
        Column("went_on", _("who went on all the same, and why"), if_empty=_("it did not go on")),
        _references(),
    ]
    rows = [(row.kind, row.words, row.when, row.passed, row.references) for row in facts.refused]
    return table("refused", _("What was refused"), columns, rows)


def _route(facts: AssessmentFacts) -> Table:
    columns = [
        Column("order", _("its place on the way")),
        Column("body", _("the board or committee")),
        Column("task", _("what it does")),
        Column("said", _("what it said of an earlier version"), if_empty=_("it has said nothing yet")),
    ]
    rows = [(row.order, row.body, row.task, row.said) for row in facts.route]
    return table("route", _("The way of this pack"), columns, rows)


def _index(facts: AssessmentFacts) -> Table:
    columns = [
        Column("record", _("its reference")),
        Column("kind", _("what kind of record it is")),
        Column("title", _("its title")),
        Column("address", _("its permanent address"), if_empty=_("it has no page")),
        Column("open_to", _("who may open it")),
        Column("shows", _("what it shows"), if_empty=str(NOTHING)),
    ]
    rows = [
        (row.reference, row.kind, row.title, row.url, _("everybody") if row.is_public else _("staff"), row.claims)
        for row in facts.index
    ]
    return table("index", _("Index of records"), columns, rows)
