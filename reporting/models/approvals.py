"""How a report goes from a draft to its publication: who comments, who agrees, what was edited by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimeStamped
from core.privacy import Personal
from forums.models import Forum, Meeting
from reporting.models.plans import DID
from reporting.models.reports import Build, Report


class RouteStep(models.Model):
    """One stop on the way of each report of a kind: which body comments on it, agrees or takes note (REP-005)."""

    class Task(models.TextChoices):
        COMMENTS = "comments", _("comments")
        AGREES = "agrees", _("agrees")
        NOTES = "notes", _("takes note")

    kind = models.CharField(_("kind of report"), max_length=12, choices=Report.Kind.choices)
    order = models.PositiveSmallIntegerField(_("order"))
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="report_steps", verbose_name=_("board or committee"))
    task = models.CharField(_("what it does"), max_length=10, choices=Task.choices, default=Task.AGREES)

    not_personal = ()

    class Meta:
        verbose_name = _("step of the approval route")
        verbose_name_plural = _("steps of the approval route")
        ordering = ["kind", "order"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "order"], name="%(app_label)s_%(class)s_order_once"),
            models.UniqueConstraint(
                fields=["kind", "forum", "task"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This body does that already on the way of such a report"),
            ),
        ]

    def __str__(self):
        return f"{self.forum}: {self.get_task_display()}"


class Approval(models.Model):
    """What one body made of one version on its way. It belongs to the version: what is edited later is agreed anew."""

    class Result(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PASSED = "passed", _("passed on")
        RETURNED = "returned", _("sent back")

    build = models.ForeignKey(Build, models.CASCADE, related_name="approvals", verbose_name=_("version"))
    order = models.PositiveSmallIntegerField(_("order"))
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="report_approvals", verbose_name=_("body"))
    task = models.CharField(_("what it does"), max_length=10, choices=RouteStep.Task.choices)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, default=Result.WAITING)
    decided_on = models.DateField(_("on"), null=True, blank=True)
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    note = models.TextField(_("what it said"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    personal = {"by": DID}
    not_personal = ("note",)

    class Meta:
        verbose_name = _("approval")
        ordering = ["build", "order"]
        constraints = [
            models.UniqueConstraint(fields=["build", "order"], name="%(app_label)s_%(class)s_order_once"),
            models.CheckConstraint(
                condition=Q(result="waiting", decided_on__isnull=True)
                | ~Q(result="waiting") & Q(decided_on__isnull=False),
                name="%(app_label)s_%(class)s_result_has_a_day",
                violation_error_message=_("Say on which day"),
            ),
            models.CheckConstraint(
                condition=~Q(result="returned") | ~Q(note=""),
                name="%(app_label)s_%(class)s_returned_says_why",
                violation_error_message=_("Say why it is sent back"),
            ),
        ]

    def __str__(self):
        return f"{self.forum}: {self.get_result_display()}"


class SectionText(TimeStamped):
    """What somebody wrote in place of, or before, what a section of a report says by itself (the computed is kept)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="section_texts", verbose_name=_("report"))
    section = models.SlugField(_("section"), max_length=40)
    text = models.TextField(_("text"))
    computed = models.TextField(_("what was computed when it was written"), blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    history = HistoricalRecords(related_name="versions")

    personal = {"by": DID}
    not_personal = ("text", "computed")

    class Meta:
        verbose_name = _("text of a section")
        verbose_name_plural = _("texts of sections")
        ordering = ["report", "section"]
        constraints = [
            models.UniqueConstraint(fields=["report", "section"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=~Q(text=""), name="%(app_label)s_%(class)s_says_something"),
        ]

    def __str__(self):
        return f"{self.report}: {self.section}"


class SectionComment(models.Model):
    """What a reader of a draft said of one section, and what was done with it."""

    build = models.ForeignKey(Build, models.CASCADE, related_name="comments", verbose_name=_("version"))
    section = models.SlugField(_("section"), max_length=40, blank=True)
    text = models.TextField(_("comment"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    answer = models.TextField(_("what was done with it"), blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    personal = {"by": DID, "settled_by": DID}
    not_personal = ("text", "answer")

    class Meta:
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        ordering = ["build", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(answer=""),
                name="%(app_label)s_%(class)s_settled_has_an_answer",
                violation_error_message=_("Say what was done with the comment"),
            )
        ]

    def __str__(self):
        return self.text[:80]


class Statement(TimeStamped):
    """The independent group's own word on a report, by its chair: assured, partly, or not (REP-020)."""

    class Result(models.TextChoices):
        ASSURED = "assured", _("assured")
        PARTLY = "partly", _("partly assured")
        NOT = "not", _("not assured")

    report = models.ForeignKey(Report, models.CASCADE, related_name="statements", verbose_name=_("report"))
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="report_statements", verbose_name=_("group"))
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    text = models.TextField(_("statement"), help_text=_("In the chair's own words."))
    said_on = models.DateField(_("said on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    history = HistoricalRecords(related_name="versions")

    personal: dict[str, Personal] = {"by": DID}
    not_personal = ("text",)

    class Meta:
        verbose_name = _("statement of a group")
        verbose_name_plural = _("statements of groups")
        ordering = ["report", "forum"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "forum"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This group has said its word on the report"),
            )
        ]

    def __str__(self):
        return f"{self.forum}: {self.get_result_display()}"
