"""What people wrote into the sections of a report, for those who draw it."""

from reporting.models import Report


def texts_of(report: Report) -> dict[str, str]:
    """The text that somebody wrote for each section, by its key. What is computed stays beside it (REP-017)."""
    return dict(report.section_texts.values_list("section", "text"))
