"""What people said, comment by comment, and what may be quoted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job, TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Survey, SurveyAnswer
from insights.models.library import DID, Source
from people.models import Area, Organisation, Person, PopulationGroup

SAID = Personal(
    "P1",
    "what people told us",
    keep="as long as the collection",
    export="included where somebody is linked to it",
    erase="emptied; how it was coded stays, so that published figures stand",
)


class CollectionQuerySet(models.QuerySet):
    def for_user(self, user):
        """Collections of activities that a member of staff may see; those of no activity, for who sees all areas."""
        if user.only_areas() is None:
            return self
        return self.filter(activity__in=Activity.objects.for_user(user).values("pk"))


class Collection(TimeStamped):
    """Comments that came together: from a file, an activity or the open questions of a survey."""

    title = models.CharField(_("title"), max_length=200, unique=True)
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="collections", verbose_name=_("activity")
    )
    survey = models.OneToOneField(
        Survey, models.PROTECT, null=True, blank=True, related_name="collection", verbose_name=_("survey")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="collections", verbose_name=_("library item")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("comes from")
    )
    keep_until = models.DateField(_("keep until"), null=True, blank=True)

    objects = CollectionQuerySet.as_manager()

    not_personal = ("title",)

    class Meta:
        verbose_name = _("collection of comments")
        verbose_name_plural = _("collections of comments")
        ordering = ["-created_at", "title"]

    def __str__(self):
        return self.title


class Campaign(models.Model):
    """Texts of a collection that are the same or nearly so: repeats of a few words, or a campaign's letter."""

    class Kind(models.TextChoices):
        REPEAT = "repeat", _("the same short words")
        CAMPAIGN = "campaign", _("the same letter, or nearly so")

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="campaigns")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    size = models.PositiveIntegerField(_("comments"))
    name = models.CharField(_("what it asks for"), max_length=200, blank=True)

    not_personal = ("name",)

    class Meta:
        verbose_name = _("group of like comments")
        verbose_name_plural = _("groups of like comments")
        ordering = ["-size", "pk"]

    def __str__(self):
        return self.name or f"{self.get_kind_display()} ({self.size})"


class CommentQuerySet(models.QuerySet):
    def for_user(self, user):
        if user.only_areas() is None:
            return self
        return self.filter(collection__in=Collection.objects.for_user(user).values("pk"))

    def usable(self):
        """Comments that may be read and coded: with words, and not held because of personal data."""
        return self.filter(is_held=False).exclude(text="")

    def held(self):
        return self.filter(is_held=True)

    def unread(self):
        return self.usable().filter(read_at=None)


class Comment(models.Model):
    """One thing that one person said, in their words. Nobody is named: who said it may be known, to tell them."""

    LONGEST = 20_000  # letters; a longer text is refused by name, never cut silently

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="comments")
    reference = models.CharField(_("number in the collection"), max_length=120)
    text = models.TextField(_("words"))
    said_on = models.DateField(_("day"), null=True, blank=True)
    service = models.CharField(_("service"), max_length=120, blank=True)
    question = models.CharField(_("question asked"), max_length=300, blank=True)
    score = models.SmallIntegerField(_("score"), null=True, blank=True)
    sentiment = models.SmallIntegerField(
        _("sentiment"), null=True, blank=True, help_text=_("As the source has it: 1 very good to 5 very bad.")
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("place")
    )
    groups = models.ManyToManyField(PopulationGroup, blank=True, related_name="comments", verbose_name=_("groups"))
    text_key = models.CharField(max_length=32, db_index=True, editable=False)
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, editable=False, related_name="comments"
    )
    survey_answer = models.OneToOneField(
        SurveyAnswer, models.SET_NULL, null=True, blank=True, editable=False, related_name="comment"
    )
    receipt = models.ForeignKey(
        "insights.Receipt", models.SET_NULL, null=True, blank=True, editable=False, related_name="comments"
    )
    said_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, editable=False, related_name="comments")
    is_held = models.BooleanField(
        _("held"), default=False, editable=False, help_text=_("Personal data were found: nobody reads or codes it yet.")
    )
    found = models.JSONField(_("what was found"), default=dict, editable=False, help_text=_("How many of each kind."))
    read_at = models.DateTimeField(_("read"), null=True, blank=True, editable=False)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    erased_on = models.DateField(_("erased"), null=True, blank=True, editable=False)
    may_be_quoted = models.BooleanField(
        _("may be quoted"), null=True, editable=False, help_text=_("What they said on the form; empty: not recorded.")
    )
    edition = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Goes up with each coding, so that two analysts do not overwrite.")
    )

    objects = CommentQuerySet.as_manager()

    about = "said_by"
    personal = {
        "text": SAID,
        "said_by": Personal("P3", "to tell somebody what came of it", erase="set to nobody"),
        "read_by": Personal("P3", "a named person answers for the reading", erase="set to nobody"),
    }
    not_personal = ("reference", "service", "question", "text_key", "found")

    class Meta:
        verbose_name = _("comment")
        ordering = ["collection", "pk"]
        permissions = [("read_held_comment", _("Can read comments that hold personal data"))]
        indexes = [
            models.Index(fields=["collection", "said_on"], name="insights_comment_day"),
            models.Index(fields=["collection", "read_at"], name="insights_comment_read"),
            # A page of a million comments starts after the last one of the page before.
            models.Index(fields=["collection", "id"], name="insights_comment_page"),
            models.Index(fields=["collection", "service"], name="insights_comment_service"),
            models.Index(fields=["collection", "question"], name="insights_comment_question"),
            models.Index(fields=["collection", "sentiment"], name="insights_comment_sentiment"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collection", "reference"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(sentiment__isnull=True) | Q(sentiment__gte=1, sentiment__lte=5),
                name="%(app_label)s_%(class)s_sentiment_runs_from_1_to_5",
                violation_error_message=_("Sentiment runs from 1 (very good) to 5 (very bad)"),
            ),
            models.CheckConstraint(
                condition=Q(erased_on__isnull=True) | Q(text="", said_by__isnull=True),
                name="%(app_label)s_%(class)s_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(is_held=False) | Q(read_at__isnull=True),
                name="%(app_label)s_%(class)s_held_is_not_read",
            ),
        ]

    def __str__(self):
        return f"{self.collection}: {self.reference}"


class QuoteQuerySet(models.QuerySet):
    def usable(self):
        """Quotes whose consent holds today and whose comment is still there."""
        today = timezone.localdate()
        lasts = Q(consent_until=None) | Q(consent_until__gte=today)
        return self.filter(lasts, withdrawn_on=None, comment__is_held=False, comment__erased_on=None)


class Quote(models.Model):
    """Words of a comment that may be printed: always with the comment and with consent."""

    class Consent(models.TextChoices):
        FORM = "form", _("said so on the form")
        ASKED = "asked", _("was asked afterwards")

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="quotes")
    words = models.TextField(_("words, as they stand in the comment"))
    said_by_whom = models.CharField(_("how they are described"), max_length=120, help_text=_("“A carer, Stevenage”."))
    consent = models.CharField(_("consent"), max_length=10, choices=Consent.choices)
    consent_on = models.DateField(_("given on"))
    consent_until = models.DateField(_("ends on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = QuoteQuerySet.as_manager()

    about = "comment__said_by"
    on_erasure = "delete"
    personal = {
        "words": Personal("P1", "to show what people said, with their consent", erase="deleted"),
        "said_by_whom": Personal("P1", "to say who spoke, without a name", erase="deleted"),
        "by": DID,
    }

    class Meta:
        verbose_name = _("quote")
        ordering = ["-consent_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "words"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(consent_until__isnull=True) | Q(consent_until__gt=models.F("consent_on")),
                name="%(app_label)s_%(class)s_consent_ends_after_it_began",
                violation_error_message=_("The consent must end after it was given"),
            ),
        ]

    def __str__(self):
        return self.words[:80]


class CommentUpload(Job):
    """A file of comments on its way in: checked whole, then taken in whole or not at all, in a worker."""

    class Phase(models.TextChoices):
        CHECK = "check", _("being checked")
        APPLY = "apply", _("being taken in")

    class Unclear(models.TextChoices):
        """What becomes of a date such as 03/04/2022 in a file that writes days first and months first."""

        DAY_FIRST = "day_first", _("Read it day first: 3 April")
        LEAVE_OUT = "leave_out", _("Take the comment in without its day")

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="uploads")
    frame = models.ForeignKey(
        "insights.Frame", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("code frame")
    )
    file = models.FileField(_("file"), upload_to="comments/", editable=False)
    file_name = models.CharField(_("file"), max_length=200, editable=False)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices, default=Phase.CHECK, editable=False)
    adds_themes = models.BooleanField(_("adds themes that the frame does not have"), default=False)
    unclear_days = models.CharField(
        _("dates that can be read both ways"), max_length=10, choices=Unclear.choices, default=Unclear.DAY_FIRST
    )
    result = models.JSONField(_("what was found"), default=dict, editable=False)

    personal = {
        **Job.personal,
        "file": Personal("P1", "to take in what was checked", keep="until taken in, at most a day", erase="deleted"),
    }
    not_personal = (*Job.not_personal, "file_name", "result")

    class Meta(Job.Meta):
        verbose_name = _("file of comments")
        verbose_name_plural = _("files of comments")
        ordering = ["-requested_at", "-pk"]

    def __str__(self):
        return self.file_name
