"""Surveys on a page and on paper, and what people answered. No answer has a link to a person (ENG-027).

Answers to equality questions are never kept with a response: they only raise the totals in `participation`.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models.activity import Activity

SAID = Personal(
    "P1",
    "what people told us",
    keep="as long as the activity",
    export="not linked to a person: shown to whoever has the receipt code",
    erase="on request, found by the receipt code",
)


class SurveyQuerySet(models.QuerySet):
    def drafts(self):
        """Surveys that are still being written."""
        return self.filter(is_published=False)

    def open(self):
        """Surveys that take answers today."""
        today = timezone.localdate()
        return self.filter(is_published=True, opens_on__lte=today, closes_on__gte=today)

    def coming(self):
        """Published surveys that do not take answers yet."""
        return self.filter(is_published=True, opens_on__gt=timezone.localdate())

    def closed(self):
        """Published surveys that take no more answers."""
        return self.filter(is_published=True, closes_on__lt=timezone.localdate())

    def public(self):
        """What everybody may see: published surveys whose first day has come."""
        return self.filter(is_published=True, opens_on__lte=timezone.localdate())

    def for_user(self, user):
        if user.only_areas() is None:
            return self
        return self.filter(activity__in=Activity.objects.for_user(user).values("pk"))


class Survey(TimeStamped):
    """Questions to everybody, as an accessible page, a paper form and a form for staff who type in paper."""

    STATES = {"draft": _("not published"), "coming": _("not open yet"), "open": _("open"), "closed": _("closed")}

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="surveys", verbose_name=_("activity"))
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("name in addresses"), max_length=80, unique=True)
    introduction = models.TextField(_("introduction"), help_text=_("What it is about, and what can change."))
    thanks = models.TextField(_("words of thanks"), blank=True)
    paper_contact = models.CharField(
        _("how to get it on paper or by telephone"), max_length=300, help_text=_("Shown at the top of the page.")
    )
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    asks_about_people = models.BooleanField(
        _("asks the equality questions"), default=True, help_text=_("Optional for everybody, counted in totals only.")
    )

    objects = SurveyQuerySet.as_manager()

    not_personal = ("title", "introduction", "thanks", "paper_contact")

    class Meta:
        verbose_name = _("survey")
        ordering = ["-opens_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="%(app_label)s_%(class)s_closes_after_it_opens",
                violation_error_message=_("The last day must not be before the first day"),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("surveys:survey_detail", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.is_published and self.opens_on <= timezone.localdate() <= self.closes_on

    @property
    def state(self) -> str:
        """Where it stands: the key of STATES."""
        if not self.is_published:
            return "draft"
        if self.is_open:
            return "open"
        return "coming" if timezone.localdate() < self.opens_on else "closed"

    @property
    def state_words(self) -> str:
        return self.STATES[self.state]


class SurveyQuestion(models.Model):
    """One question of a survey. It cannot change once somebody has answered it."""

    class Kind(models.TextChoices):
        ONE = "one", _("one answer of several")
        MANY = "many", _("any answers of several")
        SCALE = "scale", _("from 1 to 5")
        NUMBER = "number", _("a whole number")
        LINE = "line", _("a line")
        TEXT = "text", _("their own words")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("question"), max_length=300)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind.choices)
    options = models.JSONField(_("answers to choose from"), default=list, blank=True)
    is_required = models.BooleanField(_("has to be answered"), default=False)

    not_personal = ("text", "hint", "options")

    class Meta:
        verbose_name = _("question")
        ordering = ["survey", "order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "order"], name="%(app_label)s_%(class)s_order_once"),
            models.UniqueConstraint(
                fields=["survey", "text"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This question is there already"),
            ),
        ]

    def __str__(self):
        return self.text


class SurveyResponseQuerySet(models.QuerySet):
    def sent(self):
        return self.filter(sent_at__isnull=False)

    def unread(self):
        return self.sent().filter(read_at=None)


class SurveyResponse(models.Model):
    """One set of answers, being written or sent. Whoever has its code can go on with it, and later read it."""

    class Route(models.TextChoices):
        ONLINE = "online", _("on the page")
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by telephone")
        IN_PERSON = "in_person", _("in person")
        FILE = "file", _("from another tool")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    route = models.CharField(_("route"), max_length=10, choices=Route.choices, default=Route.ONLINE)
    form_token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    row_key = models.CharField(_("row of the file"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_counted = models.BooleanField(
        _("answered equality questions"),
        default=False,
        editable=False,
        help_text=_("So that they are counted once. What was answered is not kept here."),
    )

    objects = SurveyResponseQuerySet.as_manager()

    personal = {
        "entered_by": Personal("P3", "to know who typed it in", erase="set to nobody"),
        "read_by": Personal("P3", "a named person answers for the reading", erase="set to nobody"),
    }
    not_personal = ("code_hash", "row_key")

    class Meta:
        verbose_name = _("answers of somebody")
        verbose_name_plural = _("answers of people")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "row_key"], condition=~Q(row_key=""), name="%(app_label)s_%(class)s_row_once"
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True) | Q(sent_at__isnull=False),
                name="%(app_label)s_%(class)s_read_after_sent",
            ),
        ]

    def __str__(self):
        return f"{self.survey}: {self.pk}"


class SurveyAnswer(models.Model):
    """What one response says to one question: words, or the choices made."""

    response = models.ForeignKey(SurveyResponse, models.CASCADE, related_name="answers")
    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="answers")
    text = models.TextField(_("words"), blank=True)
    number = models.IntegerField(_("number"), null=True, blank=True)
    choices = models.JSONField(_("chosen"), default=list, blank=True)

    personal = {"text": SAID}
    not_personal = ("choices",)

    class Meta:
        verbose_name = _("answer")
        ordering = ["response", "question__order"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self):
        return f"{self.question}"

    @property
    def value(self) -> str | int | list[str]:
        """The answer as a form holds it. Fetch the question with it."""
        kind = SurveyQuestion.Kind
        match self.question.kind:
            case kind.MANY:
                return self.choices
            case kind.ONE:
                return self.choices[0] if self.choices else ""
            case kind.SCALE | kind.NUMBER:
                return "" if self.number is None else self.number
            case _:
                return self.text

    @property
    def words(self) -> str:
        """The answer as people read it."""
        return "; ".join(self.value) if isinstance(self.value, list) else str(self.value)


class SurveyUpload(models.Model):
    """A file with answers from another tool: checked, waiting to be taken in, then emptied."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="uploads")
    file_name = models.CharField(_("file"), max_length=200, editable=False)
    content = models.BinaryField(editable=False)
    result = models.JSONField(_("what was found"), default=dict, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_in_at = models.DateTimeField(_("taken in"), null=True, editable=False)

    personal = {
        "content": Personal("P1", "to take in what was checked", keep="until taken in, at most a day", erase="deleted"),
        "result": Personal("P1", "to say what is wrong with which cell", keep="at most a day", erase="deleted"),
        "uploaded_by": Personal("P3", "to know whom to ask", erase="set to nobody"),
    }
    not_personal = ("file_name",)

    class Meta:
        verbose_name = _("file with answers")
        verbose_name_plural = _("files with answers")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return self.file_name
