"""How we prove it: a report of a period, the texts edited for it, its frozen snapshots, the files built from them."""

import unicodedata
import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.files import private_files
from core.models import Job, JobQuerySet, TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Period
from forums.models import Forum


class Report(TimeStamped):
    """A report that the body owes for a period. Its builds are drafts until one is made final."""

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Annual engagement report")
        QUARTERLY = "quarterly", _("Quarterly assurance report")
        ASSESSMENT = "assessment", _("Evidence for NHS England’s assessment")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.ANNUAL)
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name=_("period"))
    prepared_for = models.ForeignKey(
        Forum,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports_prepared",
        verbose_name=_("prepared for"),
        help_text=_(
            "The board or committee that it is written for. "
            "Empty: the first body on the way of such reports that agrees them."
        ),
    )
    prepared_on = models.DateField(_("for its meeting on"), null=True, blank=True)

    not_personal = ()

    class Meta:
        verbose_name = _("report")
        ordering = ["-period__starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This period already has a report of that kind"),
            )
        ]
        permissions = [
            ("finalise_report", _("Can make a report final")),
            ("publish_report", _("Can publish a final report")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.period}"

    def get_absolute_url(self):
        return reverse("reporting:report_detail", args=[self.pk])


class StandingText(models.Model):
    """Paragraphs that stand in every report of a kind, in the body's own words. A blank line starts a paragraph.

    {body}, {short_name}, {period}, {first_day}, {last_day}, {email} and {formats_contact} are filled in when the
    report is built.
    """

    class Slot(models.TextChoices):
        INTRODUCTION = "introduction", _("introduction")
        DUTY = "duty", _("the duty")
        HOW_TO_READ = "how_to_read", _("how to read this report")
        OTHER_FORMATS = "other_formats", _("other formats")
        METHOD_NOTES = "method_notes", _("method notes")

    kind = models.CharField(_("kind of report"), max_length=12, choices=Report.Kind.choices)
    slot = models.CharField(_("place in the report"), max_length=20, choices=Slot.choices)
    text = models.TextField(_("text"))

    not_personal = ("text",)

    class Meta:
        verbose_name = _("standing text")
        ordering = ["kind", "slot"]
        constraints = [models.UniqueConstraint(fields=["kind", "slot"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_slot_display()}"


class ReportItem(models.Model):
    """How one activity stands in one report, where that differs from the record, which is not touched (REP-003)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="items")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="report_items", verbose_name=_("activity"))
    title = models.CharField(_("title in this report"), max_length=200, blank=True)
    text = models.TextField(
        _("text in this report"),
        blank=True,
        help_text=_("Printed in place of what we asked, were told and changed. A blank line starts a paragraph."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lower numbers come first."))
    is_left_out = models.BooleanField(_("leave out of this report"), default=False)
    left_out_because = models.CharField(_("left out because"), max_length=200, blank=True)

    not_personal = ("title", "text", "left_out_because")

    class Meta:
        verbose_name = _("text for the report")
        verbose_name_plural = _("texts for the report")
        ordering = ["order", "activity__reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "activity"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This activity already has a text for the report"),
            ),
            models.CheckConstraint(
                condition=Q(is_left_out=False) | ~Q(left_out_because=""),
                name="%(app_label)s_%(class)s_left_out_says_why",
                violation_error_message=_("Say why it is left out: the report says so too"),
            ),
        ]

    def __str__(self):
        return f"{self.activity}"


class Snapshot(models.Model):
    """The facts of a report, frozen. Every format renders from it, and what is erased later does not change it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="snapshots")
    data = models.TextField(_("facts as canonical JSON"), editable=False)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)
    taken_at = models.DateTimeField(_("taken"), auto_now_add=True)

    not_personal = ("data", "sha256")

    class Meta:
        verbose_name = _("snapshot")
        ordering = ["-taken_at"]
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return self.sha256[:12]


class BuildQuerySet(JobQuerySet):
    def for_user(self, user):
        """Builds that a reader of reports may open. Drafts are for those who work on them."""
        return (
            self
            if user.has_perm("reporting.add_build")
            else self.filter(status__in=[Build.Status.FINAL, Build.Status.SUPERSEDED])
        )

    def public(self):
        """Final versions that anybody may read, also those that a later one replaced (PUB-007)."""
        return self.filter(published_at__isnull=False)


class Build(Job):
    """One request to make a report: progress while it runs, then its files. A final one cannot be changed (REP-025)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVAL = "approval", _("in approval")
        FINAL = "final", _("final")
        SUPERSEDED = "superseded", _("superseded")

    report = models.ForeignKey(Report, models.PROTECT, related_name="builds", verbose_name=_("report"))
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    becomes_final = models.BooleanField(_("is to be the final version"), default=False, editable=False)
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="builds",
        verbose_name=_("snapshot"),
    )
    pdf = models.FileField(_("PDF"), storage=private_files, editable=False, blank=True, max_length=200)
    large_print = models.FileField(_("large print"), storage=private_files, editable=False, blank=True, max_length=200)
    html = models.FileField(_("web page"), storage=private_files, editable=False, blank=True, max_length=200)
    pdf_sha256 = models.CharField(_("fingerprint of the PDF"), max_length=64, blank=True, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)
    seconds = models.FloatField(_("seconds to make"), null=True, editable=False)
    seconds_rendering = models.FloatField(_("seconds to lay out the PDF"), null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = BuildQuerySet.as_manager()

    personal = {**Job.personal, "published_by": Personal("P3", "to know who published it", erase="set to nobody")}
    not_personal = (*Job.not_personal, "pdf", "large_print", "html", "pdf_sha256")

    class Meta(Job.Meta):
        verbose_name = _("build")
        ordering = ["-version"]
        constraints = [
            *Job.Meta.constraints,
            models.UniqueConstraint(fields=["report", "version"], name="%(app_label)s_%(class)s_version_once"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(status="final"),
                name="%(app_label)s_%(class)s_one_final",
                violation_error_message=_("This report is final already"),
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(state__in=["queued", "running"]),
                name="%(app_label)s_%(class)s_one_at_a_time",
                violation_error_message=_("This report is being made already"),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(status="approval", state="done") | Q(becomes_final=True, state="done"),
                name="%(app_label)s_%(class)s_final_is_done",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(snapshot__isnull=False) & ~Q(pdf="") & ~Q(large_print="") & ~Q(html=""),
                name="%(app_label)s_%(class)s_done_has_its_files",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(status__in=["final", "superseded"]),
                name="%(app_label)s_%(class)s_published_is_final",
                violation_error_message=_("Make the report final before you publish it"),
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_publisher_has_a_date",
            ),
        ]

    def __str__(self):
        return f"{self.report}, version {self.version}"

    def get_absolute_url(self):
        return reverse("reporting:build_detail", args=[self.pk])


def path_of_alternative(alternative: "AlternativeFormat", file_name: str) -> str:
    """Where an uploaded file is kept: under a name of our own, with only its ending taken from the upload."""
    ending = PurePath(file_name).suffix.lower()
    return f"reports/{alternative.report.period.code}/{uuid.uuid4()}{ending}"


# Languages that are written from right to left, as people name them in English.
RIGHT_TO_LEFT = frozenset(
    ["arabic", "dari", "farsi", "hebrew", "kurdish sorani", "pashto", "persian", "sindhi", "sorani", "urdu", "yiddish"]
)


class AlternativeFormatQuerySet(models.QuerySet):
    def waiting(self):
        """Slots without a file."""
        return self.filter(file="")

    def there(self):
        """Formats with a file: what there is to hand out."""
        return self.exclude(file="")

    def public(self):
        """What may be offered to everybody: a file, and no Easy Read that nobody checked."""
        return self.there().exclude(kind=AlternativeFormat.Kind.EASY_READ, checked_on=None)


class AlternativeFormat(models.Model):
    """A version of a report that people made and uploaded: Easy Read, a translation, audio (REP-024).

    Without a file it is a slot: somebody sees to it by a day.
    """

    class Kind(models.TextChoices):
        EASY_READ = "easy_read", _("Easy Read")
        TRANSLATION = "translation", _("translation")
        BRAILLE = "braille", _("Braille file")
        AUDIO = "audio", _("audio")
        SUMMARY = "summary", _("plain English summary")

    report = models.ForeignKey(Report, models.CASCADE, related_name="alternatives")
    kind = models.CharField(_("format"), max_length=20, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=60, blank=True, help_text=_("For a translation."))
    file = models.FileField(
        _("file"),
        storage=private_files,
        upload_to=path_of_alternative,
        max_length=200,
        validators=[FileExtensionValidator(["pdf", "docx", "brf", "mp3"])],
        blank=True,
    )
    owner = models.CharField(_("who sees to it (a post)"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.CharField(
        _("checked by"),
        max_length=200,
        blank=True,
        help_text=_("Easy Read: a group of people with a learning disability. No names."),
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = AlternativeFormatQuerySet.as_manager()

    not_personal = ("language", "file", "owner", "checked_by")

    class Meta:
        verbose_name = _("alternative format")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "language"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This report already has that format"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="translation") | ~Q(language=""),
                name="%(app_label)s_%(class)s_translation_names_its_language",
                violation_error_message=_("Say which language it is in"),
            ),
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(owner="") & Q(due_on__isnull=False),
                name="%(app_label)s_%(class)s_missing_has_an_owner",
                violation_error_message=_("Add the file, or say who sees to it and by when"),
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True) | ~Q(checked_by="") & ~Q(file=""),
                name="%(app_label)s_%(class)s_checked_by_somebody",
                violation_error_message=_("Say who checked the file"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}" + (f", {self.language}" if self.language else "")

    @property
    def direction(self) -> str:
        """How its language runs, for `dir`: "rtl" where its name in English or its own letters say so, else "ltr"."""
        name = " ".join(self.language.casefold().replace("(", " ").replace(")", " ").split())
        letters = {unicodedata.bidirectional(character) for character in name}
        return "rtl" if letters & {"R", "AL"} or name in RIGHT_TO_LEFT else "ltr"


class BuildFileQuerySet(models.QuerySet):
    def for_user(self, user):
        """What a reader of reports may open: of versions that they may open, and no draft of Easy Read."""
        mine = self.filter(build__in=Build.objects.for_user(user).values("pk"))
        return mine if user.has_perm("reporting.add_build") else mine.exclude(kind=BuildFile.Kind.EASY_READ)

    def public(self):
        """Files of published versions. The Easy Read is a draft until people checked it, and the cover sheet is for a
        committee, so neither is ever among them."""
        published = self.filter(build__in=Build.objects.public().values("pk"))
        return published.exclude(kind__in=[BuildFile.Kind.EASY_READ, BuildFile.Kind.COVER])


class BuildFile(models.Model):
    """A further format of a version, made from the same snapshot: a summary, tables, an extract (REP-007, REP-008)."""

    class Kind(models.TextChoices):
        SUMMARY = "summary", _("summary (PDF)")
        EASY_READ = "easy_read", _("Easy Read draft (web page)")
        XLSX = "xlsx", _("every table (Excel)")
        CSV = "csv", _("every table (CSV files in a ZIP file)")
        DOCX = "docx", _("extract for the annual report and accounts (Word)")
        TEXT = "text", _("plain text, for a braille transcriber")
        COVER = "cover", _("committee cover sheet (PDF)")

    build = models.ForeignKey(Build, models.CASCADE, related_name="files", verbose_name=_("version"))
    kind = models.CharField(_("format"), max_length=12, choices=Kind.choices)
    file = models.FileField(_("file"), storage=private_files, editable=False, max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)

    objects = BuildFileQuerySet.as_manager()

    not_personal = ("file", "sha256")

    class Meta:
        verbose_name = _("file of a version")
        verbose_name_plural = _("files of a version")
        ordering = ["build", "kind"]
        constraints = [models.UniqueConstraint(fields=["build", "kind"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"{self.build}: {self.get_kind_display()}"


class Download(models.Model):
    """Who took which file of which build, when (REP-025)."""

    build = models.ForeignKey(Build, models.CASCADE, related_name="downloads")
    file_format = models.CharField(_("format"), max_length=20)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey("people.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    personal = {"by": Personal("P3", "to know who has which version", erase="set to nobody")}
    not_personal = ("file_format",)

    class Meta:
        verbose_name = _("download")
        ordering = ["-at"]

    def __str__(self):
        return f"{self.build} as {self.file_format}"
