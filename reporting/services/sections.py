"""What people write into a report: the text of a section, comments on a draft and what was done with them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.models import JobState
from people.models import User
from reporting.documents.shapes import shape_of
from reporting.models import Build, Report, SectionComment, SectionText
from reporting.services.marks import refuse_stale


@transaction.atomic
def write_section(
    report: Report, section: str, *, by: User, text: str, computed: str = "", seen: str | None = None
) -> SectionText:
    """Write what a section says before what is computed, which is kept beside it. The same again changes nothing.

    `seen` is the mark of the text that was on the page. Raises ValidationError for a section that the report does not
    have, for an empty text, and with the code `stale` when somebody else has changed the text since.
    """
    report = Report.objects.select_for_update().get(pk=report.pk)
    _check_section(report, section)
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise ValidationError({"text": _("Enter the text, or take the text away")})
    row = report.section_texts.filter(section=section).first()
    if row and row.text == text:
        return row
    refuse_stale(row, seen)
    row = row or SectionText(report=report, section=section)
    row.text, row.computed, row.by = text, computed, by
    row.full_clean()
    row._history_user = by
    row.save()
    audit.record(by, "wrote a section of", report, section=section)
    return row


@transaction.atomic
def clear_section(report: Report, section: str, *, by: User, seen: str | None = None) -> None:
    """Take away what was written: the section says what is computed. Every version of the text is kept."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    row = report.section_texts.filter(section=section).first()
    if row is None:
        return
    refuse_stale(row, seen)
    row._history_user = by
    row.delete()
    audit.record(by, "took away the text of a section of", report, section=section)


def _check_section(report: Report, section: str) -> None:
    if section not in dict(shape_of(report).sections):
        raise ValidationError(_("This report has no such section. Select one from the list."), code="section")


# Comments on a draft -----------------------------------------------------------------------------


@transaction.atomic
def add_comment(build: Build, *, by: User, text: str, section: str = "") -> SectionComment:
    """Note what somebody said of a section of a draft, or of the whole with no section. The same twice is one.

    Raises ValidationError for a version that is not ready, or that is final: it cannot change any more.
    """
    build = Build.objects.select_for_update().select_related("report").get(pk=build.pk)
    if section:
        _check_section(build.report, section)
    if build.state != JobState.DONE:
        raise ValidationError(_("Wait until the draft is ready."))
    if build.becomes_final:
        raise ValidationError(_("This version is final. Comment on the next draft."))
    text = text.strip()
    if found := build.comments.filter(section=section, text=text, by=by).first():
        return found
    comment = SectionComment(build=build, section=section, text=text, by=by)
    comment.full_clean()
    comment.save()
    audit.record(by, "commented on", build, comment=comment.pk)
    return comment


@transaction.atomic
def settle_comment(comment: SectionComment, *, by: User, answer: str) -> SectionComment:
    """Say what was done with a comment, once. The same again changes nothing.

    Raises ValidationError without an answer, and when somebody else has settled it (code `settled`).
    """
    comment = SectionComment.objects.select_for_update().get(pk=comment.pk)
    answer = answer.strip()
    if comment.settled_at:
        if comment.answer == answer:
            return comment
        words = _("This comment is settled already: “%(answer)s”. Nothing was changed.")
        raise ValidationError(words % {"answer": comment.answer}, code="settled")
    if not answer:
        raise ValidationError({"answer": _("Say what was done with the comment")})
    comment.answer, comment.settled_at, comment.settled_by = answer, timezone.now(), by
    comment.full_clean()
    comment.save(update_fields=["answer", "settled_at", "settled_by"])
    audit.record(by, "settled a comment on", comment.build, comment=comment.pk)
    return comment
