"""The open register: final reports that everybody may read, with the fingerprints that prove them unchanged."""

from django.utils.translation import gettext_lazy as _

from reporting.documents.register.forums import page
from reporting.documents.register.shape import Column, Table, Type
from reporting.models import Build, Report

REPORTS = Table(
    name="final_reports",
    title=_("Final reports"),
    description=_("Published final versions of the body’s reports, also those that a later version replaced."),
    source=_("the reports that this system made from the record, published by a named member of staff"),
    rows=lambda: Build.objects.public().select_related("report__period", "snapshot").order_by("published_at", "pk"),
    changed="published_at",
    columns=(
        Column("id", Type.WHOLE, _("key of the report"), 7, is_always_there=True),
        Column(
            "kind",
            Type.CODE,
            _("kind of report"),
            "annual",
            lambda row: row.report.kind,
            Report.Kind,
            is_always_there=True,
        ),
        Column("title", Type.TEXT, _("title"), "Annual engagement report 2023–24", lambda row: str(row.report)),
        Column(
            "period",
            Type.CODE,
            _("year or quarter that it is about"),
            "2023-24",
            value=lambda row: row.report.period.code,
            is_always_there=True,
        ),
        Column("version", Type.WHOLE, _("number of the version"), 2, is_always_there=True),
        Column(
            "is_replaced",
            Type.YES_NO,
            _("whether a later final version replaced it"),
            False,
            value=lambda row: row.status == Build.Status.SUPERSEDED,
            is_always_there=True,
        ),
        Column(
            "finished_at",
            Type.MOMENT,
            _("when it was made"),
            "2024-04-10T09:00:00Z",
            is_always_there=True,
        ),
        Column("published_at", Type.MOMENT, _("when it was published"), "2024-04-12T09:00:00Z", is_always_there=True),
        Column("pages", Type.WHOLE, _("length of the PDF"), 64, unit=_("pages")),
        Column(
            "facts_sha256",
            Type.TEXT,
            _("fingerprint (SHA-256) of the facts it was made from"),
            "9f86d081884c7d65…",
            value=lambda row: row.snapshot.sha256,
            is_always_there=True,
        ),
        Column(
            "pdf_sha256",
            Type.TEXT,
            _("fingerprint (SHA-256) of the PDF file"),
            "60303ae22b998861…",
            is_always_there=True,
        ),
        Column(
            "web_page",
            Type.ADDRESS,
            _("the report as a web page"),
            "https://engage.example.org/reports/published/7/report.html",
            value=lambda row: page("reporting:public_html", row.pk),
            is_always_there=True,
        ),
        Column(
            "pdf",
            Type.ADDRESS,
            _("the report as a tagged PDF"),
            "https://engage.example.org/reports/published/7/report.pdf",
            value=lambda row: page("reporting:public_pdf", row.pk),
            is_always_there=True,
        ),
        Column(
            "large_print",
            Type.ADDRESS,
            _("the report in large print, as a PDF"),
            "https://engage.example.org/reports/published/7/large-print.pdf",
            value=lambda row: page("reporting:public_large_print", row.pk),
            is_always_there=True,
        ),
    ),
)

TABLES = (REPORTS,)
