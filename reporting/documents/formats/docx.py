"""The extract for the body's statutory annual report and accounts, as a Word document to copy from (REP-007).

Its headings are the same every year, so that an editor finds the same place in the accounts.
"""

import io
from collections.abc import Iterable

import docx
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from core.spreadsheets import clean
from insights.models import Status
from reporting.documents.facts import AnnualFacts, Answer, Item
from reporting.documents.formats.examples import RULE, examples
from reporting.documents.formats.packing import repacked
from reporting.documents.formats.summary.annual import places

LANGUAGE = "en-GB"
EXAMPLES = 1  # for each principle: the accounts have a page or two for it
MOST_REFUSED = 10


def extract(facts: AnnualFacts, *, fingerprint: str, is_draft: bool) -> tuple[bytes, None]:
    """The extract as a .docx file with real headings, tables with a header row, and its language."""
    document = _empty(facts)
    document.add_paragraph(_title(facts), style="Title")
    if is_draft:
        document.add_paragraph(style="Intense Quote").add_run(_("Draft for checking, not for publication")).bold = True
    _duty(document, facts)
    _numbers(document, facts)
    _principles(document, facts)
    _changed(document, facts)
    _could_not(document, facts)
    _missing(document, facts)
    _more(document, fingerprint)
    content = io.BytesIO()
    document.save(content)
    return repacked(content.getvalue()), None


def _title(facts: AnnualFacts) -> str:
    return clean(_("Extract for the annual report and accounts: %(title)s") % {"title": facts.title})


def _empty(facts: AnnualFacts) -> Document:
    """A document in British English that knows its title and whose it is."""
    document = docx.Document()
    for name, value in {"val": LANGUAGE, "eastAsia": LANGUAGE}.items():
        for language in document.styles.element.iter(qn("w:lang")):
            language.set(qn(f"w:{name}"), value)
    known = document.core_properties
    known.title, known.author, known.last_modified_by = _title(facts), clean(facts.body), clean(facts.body)
    known.language, known.comments = LANGUAGE, ""
    return document


def _duty(document: Document, facts: AnnualFacts) -> None:
    document.add_heading(_("Our duty to involve people"), 1)
    for paragraph in facts.texts.duty or [facts.duty or _("The duty is not recorded.")]:
        document.add_paragraph(clean(paragraph))
    days = {"first": facts.first_day, "last": facts.last_day}
    document.add_paragraph(_("This extract covers %(first)s to %(last)s.") % days)


def _numbers(document: Document, facts: AnnualFacts) -> None:
    document.add_heading(_("The year in numbers"), 1)
    rows = [
        (_("Activities"), facts.activities),
        (_("Forums, panels and networks"), facts.forums),
        *((_("“You said, we did”: %(status)s") % {"status": line.label.lower()}, line.value) for line in facts.answers),
    ]
    _table(document, _("What we did"), (_("What"), _("How many")), rows)
    both = ((_("took part"), facts.took_part), (_("reached"), facts.reached))
    people = [
        (about, row.label, row.text, _of(row.from_activities, facts.activities))
        for about, figures in both
        for row in figures
    ]
    if people:
        names = (_("About"), _("Kind"), _("Number"), _("Recorded by activities"))
        _table(document, _("How many people"), names, people)
        document.add_paragraph(_("Numbers of different kinds are not added."))
    else:
        document.add_paragraph(_("How many people took part is not recorded for any activity."))


def _principles(document: Document, facts: AnnualFacts) -> None:
    document.add_heading(_("How we met each principle"), 1)
    names = (_("Principle"), _("Activities"), _("More that support it"))
    _table(document, facts.wording, names, ((line.label, line.value, line.second) for line in facts.by_principle))


def _changed(document: Document, facts: AnnualFacts) -> None:
    document.add_heading(_("What changed because people spoke"), 1)
    document.add_paragraph(str(RULE))
    for section in facts.sections:
        for example in examples(section.items, EXAMPLES):
            words = {"number": section.number, "title": example.item.title}
            document.add_heading(clean(_("Principle %(number)s: %(title)s") % words), 2)
            _example(document, example.item, example.answer)


def _example(document: Document, item: Item, answer: Answer | None) -> None:
    if answer:
        came_of_it = answer.reason if answer.status == Status.COULD_NOT else answer.we_did
        lines = ((_("You said"), answer.you_said), (answer.status_label, came_of_it))
    else:
        changed = item.changed or " ".join(item.impacts) or " ".join(item.paragraphs)
        lines = ((_("People told us"), item.told), (_("What changed"), changed))
    for label, words in lines:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{clean(label)}: ").bold = True
        paragraph.add_run(clean(words) or _("not recorded"))


def _could_not(document: Document, facts: AnnualFacts) -> None:
    document.add_heading(_("What we could not do, and why"), 1)
    answers = [answer for item in facts.items for answer in item.answers if answer.status == Status.COULD_NOT]
    if not answers:
        document.add_paragraph(_("No answer in the record says that we could not do something."))
        return
    rows = [(answer.you_said, answer.reason or _("not recorded")) for answer in answers[:MOST_REFUSED]]
    _table(document, _("What people asked for"), (_("You said"), _("We could not, because")), rows)
    if more := len(answers) - len(rows):
        words = ngettext("%(more)s more stands in the report.", "%(more)s more stand in the report.", more)
        document.add_paragraph(words % {"more": more})


def _missing(document: Document, facts: AnnualFacts) -> None:
    document.add_heading(_("What is missing"), 1)
    rows = [(gap.title, gap.meaning, _of(len(gap.items), gap.of)) for gap in facts.gaps]
    _table(document, _("What the record lacks"), (_("What is missing"), _("What it means"), _("How many")), rows)


def _more(document: Document, fingerprint: str) -> None:
    document.add_heading(_("Where to read more"), 1)
    for place in places():
        document.add_paragraph(f"{place.words}: {place.address}")
    words = _("Fingerprint of the facts in this report (SHA-256): %(fingerprint)s")
    document.add_paragraph(words % {"fingerprint": fingerprint})


def _of(number: int, of: int) -> str:
    return _("%(number)s of %(of)s") % {"number": number, "of": of}


def _table(document: Document, caption: str, names: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    """A table under its caption, with a header row that Word repeats on each page and screen readers announce."""
    document.add_paragraph(clean(caption), style="Caption")
    table = document.add_table(rows=1, cols=len(names), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, names, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = clean(str(value))
    document.add_paragraph()
