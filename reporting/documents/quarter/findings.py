"""(2) Reports of findings from all market research, with sample and headline (REP-012, INS-031)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.documents.reports_of_findings import ReportOfFindings, reports_of_findings
from insights.models import Source
from reporting.documents.quarter.facts import Row, Section
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words


def section(span: Span) -> Section:
    found = reports_of_findings(span.period)
    keys = dict(Source.objects.filter(reference__in=[each.reference for each in found]).values_list("reference", "pk"))
    columns = (
        _("Report"),
        _("From"),
        _("Collected"),
        (_("Sample"), _("The people behind it, with the words of the record. The same person may stand behind two.")),
        _("Headline"),
        (_("Quality"), _("How far it can be trusted, from 0 to 15.")),
        _("Published"),
    )
    rows = [_row(each, address("insight_work:source_detail", keys[each.reference]), span) for each in found]
    nothing = _("No report of findings came in.")
    return evidence(
        "findings",
        _sentences(found),
        [table("reports-of-findings", _("Reports of findings"), columns, rows, nothing)],
    )


def _row(found: ReportOfFindings, url: str, span: Span) -> Row:
    sample = "; ".join(str(part) for part in (found.sample, found.sample_note) if part)
    is_published = found.published_on is not None and found.published_on <= span.as_at
    return row(
        f"{found.reference} {found.title} ({found.kind})",
        found.organisation,
        _days(found),
        sample,
        found.key_finding,
        "" if found.quality is None else found.quality,
        day_in_words(found.published_on) if is_published else _("not yet"),
        url=url,
    )


def _days(found: ReportOfFindings) -> str:
    """From when to when it was collected, as far as that is recorded."""
    first, last = day_in_words(found.collected_from), day_in_words(found.collected_to)
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if first and last else last or first


def _sentences(found: list[ReportOfFindings]) -> list[str]:
    if not found:
        return [_("No report of findings was finished in this quarter. That is a finding.")]
    said = ngettext(
        "%(number)s report of findings was finished in this quarter.",
        "%(number)s reports of findings were finished in this quarter.",
        len(found),
    ) % {"number": len(found)}
    without = sum(not each.key_finding for each in found)
    if not without:
        return [said]
    return [said, _("For %(number)s of them no headline is recorded.") % {"number": without}]
