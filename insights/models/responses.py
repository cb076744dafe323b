"""What came of what people told us: “you said, we did”."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.counts import CountField, Kind
from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Activity, IssueRaised, Project, Topic
from forums.models import Membership
from forums.models.meetings import Format
from people.models import Organisation, PopulationGroup


class Status(models.TextChoices):
    """A promise is a promise until it is done (requirements.md 2.27)."""

    PROMISED = "promised", _("Promised")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    REVIEWED = "reviewed", _("Done, and looked at again")
    COULD_NOT = "could_not", _("Could not, because")


class Reason(models.TextChoices):
    """Why something people asked for could not be done (YSD-005). The words beside it say more."""

    COST = "cost", _("it would cost too much")
    SAFETY = "safety", _("it would not be safe")
    LAW = "law", _("the law does not allow it")
    REMIT = "remit", _("it is for somebody else to decide")
    EVIDENCE = "evidence", _("there is not enough evidence for it")
    ALREADY = "already", _("it is happening already")
    LATER = "later", _("it has to wait")


class ResponseQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read. Every public page starts from here."""
        return self.filter(published_at__isnull=False)

    def for_user(self, user):
        """Answers to activities that a member of staff may see."""
        if user.only_areas() is None:
            return self
        return self.filter(activity__in=Activity.objects.for_user(user).values("pk"))

    def kept(self):
        """What was done, whether or not somebody looked at it again."""
        return self.filter(status__in=[Status.DONE, Status.REVIEWED])

    def open(self):
        """Promises that are not kept yet."""
        return self.filter(status__in=[Status.PROMISED, Status.UNDER_WAY])

    def late(self, day: datetime.date | None = None):
        """Promises whose day, or whose day for the next update, has passed without the thing being done (YSD-004)."""
        day = day or timezone.localdate()
        return self.open().filter(Q(promised_for__lt=day) | Q(next_update_on__lt=day))

    def to(self, activity):
        """Answers to an activity (or an OuterRef), also those that were written for another one and cite it."""
        return self.filter(Q(activity=activity) | Q(also_answers=activity)).distinct()

    def answered(self) -> Q:
        """True of activities that one of these was written for, or that one of these cites. For many activities."""
        cited = Response.also_answers.through.objects.filter(response__in=self.order_by().values("pk"))
        return Q(pk__in=self.order_by().values("activity")) | Q(pk__in=cited.values("activity"))

    def for_forums_of(self, person):
        """Answers to activities in which a forum took part on which somebody sits today."""
        seats = Membership.objects.current().filter(person=person)
        return self.filter(activity__forums__in=seats.values("forum")).distinct()

    def in_period(self, period):
        """Answers to activities of a period."""
        return self.filter(activity__in=Activity.objects.in_period(period).values("pk"))


class Response(TimeStamped):
    """One “you said, we did”: what people told us in an activity, and what was done, is promised, or could not be."""

    reference = models.SlugField(_("reference"), max_length=60, unique=True, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="responses", verbose_name=_("activity"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="responses", verbose_name=_("topic"))
    you_said = models.TextField(_("you said"))
    we_did = models.TextField(_("we did, are doing or have promised"), blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    reason_code = models.CharField(_("kind of reason"), max_length=10, choices=Reason.choices, blank=True)
    reason = models.TextField(_("why we could not"), blank=True)
    promised_for = models.DateField(_("promised for"), null=True, blank=True)
    next_update_on = models.DateField(_("next update by"), null=True, blank=True)
    heard_on = models.DateField(_("heard on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.TextField(_("what shows that it was done"), blank=True)
    evidence_link = models.URLField(_("where that can be seen"), blank=True)
    review_found = models.TextField(_("what looking again found"), blank=True)
    responsible = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("organisation that has to act"),
        help_text=_("Our own, or a partner."),
    )
    responsible_post = models.CharField(
        _("who sees to it (a post)"), max_length=120, blank=True, help_text=_("A post, not a name: it is public.")
    )
    people = CountField(_("how many people said it"), kind=Kind.UNIQUE, null=True, blank=True)
    groups = models.ManyToManyField(PopulationGroup, blank=True, related_name="answers", verbose_name=_("who said it"))
    themes = models.ManyToManyField("insights.Theme", blank=True, related_name="answers", verbose_name=_("themes"))
    findings = models.ManyToManyField(
        "insights.Finding", blank=True, related_name="answers", verbose_name=_("findings that it answers")
    )
    decision = models.ForeignKey(
        "insights.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("decision it follows from"),
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("project")
    )
    issues = models.ManyToManyField(
        IssueRaised, blank=True, related_name="answers", verbose_name=_("issues that it answers")
    )
    also_answers = models.ManyToManyField(
        Activity, blank=True, related_name="further_answers", verbose_name=_("other activities that it answers")
    )
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

    objects = ResponseQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {"published_by": Personal("P3", "to know who published it", erase="set to nobody")}
    not_personal = (
        *("you_said", "we_did", "reason", "evidence", "evidence_link", "review_found", "responsible_post", "people"),
    )
    own_words = ("you_said",)

    class Meta:
        verbose_name = _("“you said, we did”")
        verbose_name_plural = _("“you said, we did”")
        ordering = ["-published_at", "reference"]
        permissions = [("publish_response", _("Can publish “you said, we did”"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="could_not") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_could_not_says_why",
                violation_error_message=_("Say why it could not be done"),
            ),
            models.CheckConstraint(
                condition=Q(status="could_not") | ~Q(we_did=""),
                name="%(app_label)s_%(class)s_says_what_we_did",
                violation_error_message=_("Say what was done, is under way or is promised"),
            ),
            models.CheckConstraint(
                condition=Q(reason_code="") | Q(status="could_not"),
                name="%(app_label)s_%(class)s_reason_only_where_not_done",
                violation_error_message=_("Only what could not be done has a kind of reason"),
            ),
            models.CheckConstraint(
                condition=~Q(status="reviewed") | ~Q(review_found=""),
                name="%(app_label)s_%(class)s_review_says_what_it_found",
                violation_error_message=_("Say what looking again found"),
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_publisher_has_a_date",
            ),
            models.UniqueConstraint(
                fields=["activity", "you_said"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This activity already has an answer to those words"),
            ),
        ]

    def __str__(self):
        return f"{self.topic}: {Truncator(self.you_said).chars(80)}"

    def get_absolute_url(self):
        return reverse("insights:response_detail", args=[self.reference])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_done(self) -> bool:
        """Whether it was done, looked at again or not."""
        return self.status in {Status.DONE, Status.REVIEWED}

    @property
    def due_on(self) -> datetime.date | None:
        """The earliest day that was named for a promise that is not kept yet; None where nothing is due."""
        if self.status not in {Status.PROMISED, Status.UNDER_WAY}:
            return None
        return min((day for day in (self.promised_for, self.next_update_on) if day), default=None)

    @property
    def who(self) -> str:
        """Who answers for it: the post and the organisation, as far as they are named."""
        return ", ".join(part for part in (self.responsible_post, str(self.responsible or "")) if part)


class StatusChange(models.Model):
    """One step in the history of a response's status: from what, to what, when, by whom."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="status_changes")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    note = models.CharField(_("what is new"), max_length=300, blank=True, help_text=_("Public, beside the day."))

    personal = {"by": Personal("P3", "to know who changed it", erase="set to nobody")}
    not_personal = ("note",)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_status_display()}, {self.at:%d %B %Y}"


class ResponseFormat(models.Model):
    """An answer in Easy Read, another language or another format (YSD-015): words on a page, or where it can be had."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="formats")
    file_format = models.CharField(_("format"), max_length=20, choices=Format.choices)
    language = models.CharField(_("language"), max_length=60, default="English")
    text = models.TextField(_("words"), blank=True)
    link = models.URLField(_("address"), blank=True)

    not_personal = ("language", "text", "link")

    class Meta:
        verbose_name = _("format of an answer")
        verbose_name_plural = _("formats of an answer")
        ordering = ["file_format", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "file_format", "language"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This answer is there already in that format and language"),
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(link=""),
                name="%(app_label)s_%(class)s_has_words_or_an_address",
                violation_error_message=_("Write the words, or give the address"),
            ),
        ]

    def __str__(self):
        return f"{self.get_file_format_display()}, {self.language}"


class Reminder(models.Model):
    """That somebody was reminded of an answer that is late: the owner first, then the lead (YSD-004)."""

    class Level(models.TextChoices):
        OWNER = "owner", _("owner")
        LEAD = "lead", _("engagement lead")
        BOARD = "board", _("Board report")

    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="reminders")
    response = models.ForeignKey(Response, models.CASCADE, null=True, blank=True, related_name="reminders")
    level = models.CharField(_("who was reminded"), max_length=10, choices=Level.choices)
    due_on = models.DateField(_("was due on"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = {"to": Personal("P3", "to know who was reminded", erase="set to nobody")}

    class Meta:
        verbose_name = _("reminder")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, response__isnull=True)
                | Q(activity__isnull=True, response__isnull=False),
                name="%(app_label)s_%(class)s_is_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["activity", "level", "due_on"],
                condition=Q(activity__isnull=False),
                name="%(app_label)s_%(class)s_once_an_activity",
            ),
            models.UniqueConstraint(
                fields=["response", "level", "due_on"],
                condition=Q(response__isnull=False),
                name="%(app_label)s_%(class)s_once_a_promise",
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display()}, {self.at:%-d %B %Y}"
