"""Telling people what came of it, and asking whether we heard them right (YSD-003; product promises 7 and 8)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job
from core.privacy import Personal
from engagement.models import Activity, SurveyResponse
from insights.models.library import DID
from insights.models.responses import Response
from people.models import Message, Person


class Contributor(models.Model):
    """That somebody on the register took part in an activity and may be told what came of it."""

    class How(models.TextChoices):
        SESSION = "session", _("came to a session")
        FORUM = "forum", _("through a forum")
        COMMENT = "comment", _("sent a comment")
        OTHER = "other", _("in another way")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="contributors")
    person = models.ForeignKey(Person, models.CASCADE, related_name="contributions")
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    wants_no_news = models.BooleanField(_("does not want to be told"), default=False)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    about = "person"
    on_erasure = "delete"
    personal = {
        "person": Personal("P3", "to tell somebody what came of what they said", erase="deleted"),
        "noted_by": DID,
    }

    class Meta:
        verbose_name = _("person who took part")
        verbose_name_plural = _("people who took part")
        ordering = ["activity", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This person is on the list already"),
            )
        ]

    def __str__(self):
        return f"{self.activity.reference}: {self.person}"


class Slips(models.Model):
    """Paper slips for an activity, each with its own code: handed out, or read out by telephone."""

    MOST = 500

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="slips")
    seed = models.UUIDField(unique=True, editable=False)
    number = models.PositiveSmallIntegerField(_("how many"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    personal = {"made_by": DID}

    class Meta:
        verbose_name = _("slips with codes")
        verbose_name_plural = _("slips with codes")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self.activity.reference}: {self.number}"


class Receipt(models.Model):
    """A code that somebody without an account holds. It leads to what came of one activity, and to nothing else."""

    slips = models.ForeignKey(Slips, models.PROTECT, related_name="receipts")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    place = models.PositiveSmallIntegerField(editable=False)
    last_looked_at = models.DateTimeField(_("last looked at"), null=True, blank=True, editable=False)

    not_personal = ("code_hash",)

    class Meta:
        verbose_name = _("receipt")
        ordering = ["slips", "place"]
        constraints = [models.UniqueConstraint(fields=["slips", "place"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"{self.slips}: {self.place}"


class Telling(Job):
    """The work of telling everybody who took part of one answer: once it is published, and again once it is settled.

    It can be asked for again: whoever was told of this is not told twice.
    """

    class Occasion(models.TextChoices):
        PUBLISHED = "published", _("the answer is public")
        DONE = "done", _("it is done")
        COULD_NOT = "could_not", _("it could not be done")

    response = models.ForeignKey(Response, models.CASCADE, related_name="tellings")
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion.choices)

    class Meta(Job.Meta):
        verbose_name = _("telling of an answer")
        verbose_name_plural = _("tellings of answers")
        ordering = ["response", "pk"]
        constraints = [
            *Job.Meta.constraints,
            models.UniqueConstraint(fields=["response", "occasion"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self):
        return f"{self.response.reference}: {self.get_occasion_display()}"


class Told(models.Model):
    """That one contributor was told of one answer: by a message in the way they chose, or by their code."""

    class Way(models.TextChoices):
        MESSAGE = "message", _("message")
        PORTAL = "portal", _("members’ pages")
        CODE = "code", _("code on a receipt")

    response = models.ForeignKey(Response, models.CASCADE, related_name="told")
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="told")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    receipt = models.ForeignKey(Receipt, models.SET_NULL, null=True, blank=True, related_name="told")
    survey_response = models.ForeignKey(SurveyResponse, models.SET_NULL, null=True, blank=True, related_name="told")
    at = models.DateTimeField(_("at"), default=timezone.now)
    reached_at = models.DateTimeField(
        _("reached"), null=True, blank=True, help_text=_("Sent, posted or read; not merely written.")
    )

    about = "person"
    personal = {"person": Personal("P3", "to tell nobody twice", erase="set to nobody: the count stands")}

    class Meta:
        verbose_name = _("person told")
        verbose_name_plural = _("people told")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "person"],
                condition=Q(person__isnull=False),
                name="%(app_label)s_%(class)s_person_once",
            ),
            models.UniqueConstraint(
                fields=["response", "receipt"],
                condition=Q(receipt__isnull=False),
                name="%(app_label)s_%(class)s_receipt_once",
            ),
            models.UniqueConstraint(
                fields=["response", "survey_response"],
                condition=Q(survey_response__isnull=False),
                name="%(app_label)s_%(class)s_survey_response_once",
            ),
        ]

    def __str__(self):
        return f"{self.response.reference}: {self.get_way_display()}"


class Verdict(models.Model):
    """“Did we hear you right?”: what one contributor says of one answer. Disagreement counts."""

    class Right(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("In part")
        NO = "no", _("No")

    response = models.ForeignKey(Response, models.CASCADE, related_name="verdicts")
    right = models.CharField(_("did we hear you right?"), max_length=6, choices=Right.choices)
    words = models.TextField(_("in their words"), blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="verdicts")
    receipt = models.ForeignKey(Receipt, models.SET_NULL, null=True, blank=True, related_name="verdicts")
    survey_response = models.ForeignKey(SurveyResponse, models.SET_NULL, null=True, blank=True, related_name="verdicts")
    at = models.DateTimeField(_("at"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    dealt_with_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    what_was_done = models.TextField(_("what was done about it"), blank=True)

    about = "person"
    personal = {
        "person": Personal("P3", "so that everybody answers once", erase="set to nobody: the count stands"),
        "words": Personal("P1", "to put right what we misheard", keep="as long as the answer", erase="deleted"),
        "entered_by": DID,
        "dealt_with_by": DID,
    }
    not_personal = ("what_was_done",)

    class Meta:
        verbose_name = _("verdict")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "person"],
                condition=Q(person__isnull=False),
                name="%(app_label)s_%(class)s_person_once",
            ),
            models.UniqueConstraint(
                fields=["response", "receipt"],
                condition=Q(receipt__isnull=False),
                name="%(app_label)s_%(class)s_receipt_once",
            ),
            models.UniqueConstraint(
                fields=["response", "survey_response"],
                condition=Q(survey_response__isnull=False),
                name="%(app_label)s_%(class)s_survey_response_once",
            ),
            models.CheckConstraint(
                condition=Q(dealt_with_at__isnull=True) | ~Q(what_was_done=""),
                name="%(app_label)s_%(class)s_says_what_was_done",
                violation_error_message=_("Say what was done about it"),
            ),
        ]

    def __str__(self):
        return f"{self.response.reference}: {self.get_right_display()}"
