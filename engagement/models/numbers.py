"""The numbers of an activity: sessions, reach and people kept apart, responses by route, and measures of change."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.counts import Count, CountField, Kind
from core.privacy import Personal
from engagement.models.activity import Activity
from engagement.models.framework import Channel, Method
from people.models import Organisation, Venue

PERCENT = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))


class Session(models.Model):
    """One meeting, focus group or webinar of an activity, with its own numbers (ENG-018)."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("both at once")
        WRITING = "writing", _("in writing")

    class DeliveredBy(models.TextChoices):
        """Some people speak more freely to somebody like them (ENG-033)."""

        UNKNOWN = "", _("not recorded")
        STAFF = "staff", _("staff")
        CLINICIAN = "clinician", _("clinician")
        COMMUNITY = "community", _("community leader")
        PEER = "peer", _("somebody with the same experience")
        VCSE = "vcse", _("voluntary organisation")
        CHAMPION = "champion", _("champion")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    held_on = models.DateField(_("held on"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, blank=True)
    method = models.ForeignKey(
        Method, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("method")
    )
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    where = models.CharField(_("where, if it is not a venue on the list"), max_length=200, blank=True)
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("hosted by")
    )
    delivered_by = models.CharField(
        _("led by"), max_length=20, choices=DeliveredBy.choices, blank=True, default=DeliveredBy.UNKNOWN
    )
    interpreter = models.CharField(_("interpreters"), max_length=120, blank=True, help_text=_("Languages, BSL."))
    registered = CountField(_("registered"), kind=Kind.REGISTERED, null=True, blank=True)
    attended = CountField(_("attended"), kind=Kind.ATTENDED, null=True, blank=True)
    unique = CountField(_("different people"), kind=Kind.UNIQUE, null=True, blank=True)
    joined_a_forum = models.PositiveIntegerField(_("signed up to a forum"), null=True, blank=True)
    not_personal = ("where", "interpreter", "registered", "attended", "unique")

    class Meta:
        verbose_name = _("session")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(venue__isnull=True) | Q(where=""),
                name="%(app_label)s_%(class)s_is_in_one_place",
                violation_error_message=_("Choose a venue or write where it was, not both"),
            )
        ]

    def __str__(self):
        return " ".join(str(part) for part in (self.method or _("session"), self.held_on or "") if part)


class ActivityCount(models.Model):
    """One number of an activity: how many were reached, or how many took part. Never both, never added (ENG-021)."""

    class About(models.TextChoices):
        REACHED = "reached", _("people reached")
        TOOK_PART = "took_part", _("people who took part")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="counts")
    about = models.CharField(_("about"), max_length=10, choices=About.choices)
    figure = CountField(
        _("figure with its words"), help_text=_("As you would say it: “138”, “over 700 in the network”, “around 60”.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind.choices,
        blank=True,
        help_text=_("Left empty, it follows from the words."),
    )
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="counts", verbose_name=_("channel")
    )
    base = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    as_at = models.DateField(_("as at"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    not_personal = ("figure", "source")

    class Meta:
        verbose_name = _("number")
        ordering = ["about", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(figure=""), name="%(app_label)s_%(class)s_has_a_figure"),
            models.CheckConstraint(
                condition=Q(channel__isnull=True) | Q(about="reached"),
                name="%(app_label)s_%(class)s_channels_reach",
                violation_error_message=_("A channel reaches people. How many took part has no channel"),
            ),
        ]

    def __str__(self):
        return str(self.count)

    def save(self, *args, **kwargs):
        self.kind = self.kind or self.count.kind
        super().save(*args, **kwargs)

    @property
    def count(self) -> Count:
        """The figure with its kind: the one chosen, else the one its words name, else that of what it is about."""
        default = Kind.REACH if self.about == self.About.REACHED else Kind.TOOK_PART
        return Count(
            self.figure.value,
            self.figure.qualifier,
            self.figure.upper,
            self.figure.note,
            self.kind or self.figure.kind or default,
        )


class ResponseCount(models.Model):
    """How many responses came by one route, and how many of them a named person has read (ENG-022, SVC-011).

    Answers to surveys that are held here are counted from their rows, never typed.
    """

    class Route(models.TextChoices):
        ONLINE = "online", _("online form elsewhere")
        PAPER = "paper", _("paper form")
        EMAIL = "email", _("e-mail")
        LETTER = "letter", _("letter")
        PHONE = "phone", _("telephone")
        REPORT = "report", _("report or written submission")
        SOCIAL = "social", _("social media")
        PETITION = "petition", _("petition")
        MEETING = "meeting", _("meeting")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="response_counts")
    route = models.CharField(_("route"), max_length=10, choices=Route.choices)
    received = models.PositiveIntegerField(_("received"))
    read = models.PositiveIntegerField(_("read"), default=0)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("read by")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    personal = {"read_by": Personal("P3", "a named person answers for the reading", erase="set to nobody")}
    not_personal = ("note",)

    class Meta:
        verbose_name = _("responses by route")
        verbose_name_plural = _("responses by route")
        ordering = ["activity", "route"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "route"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This route is there already"),
            ),
            models.CheckConstraint(
                condition=Q(read__lte=F("received")),
                name="%(app_label)s_%(class)s_read_what_came",
                violation_error_message=_("No more responses can be read than were received"),
            ),
        ]

    def __str__(self):
        return f"{self.get_route_display()}: {self.received}"


class Measure(models.Model):
    """One question asked before and after: which share said yes each time, out of how many (ENG-026).

    Points and relative change are worked out, never typed. A share without its base is printed as such.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="measures")
    question = models.CharField(_("question"), max_length=300)
    before = models.DecimalField(_("before (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    before_base = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    before_qualifier = models.CharField(_("word before it"), max_length=12, blank=True, help_text=_("about, over"))
    after = models.DecimalField(_("after (%)"), max_digits=5, decimal_places=2, validators=PERCENT)
    after_base = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    after_qualifier = models.CharField(_("word before it"), max_length=12, blank=True, help_text=_("about, over"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    not_personal = ("question", "before_qualifier", "after_qualifier", "source")

    class Meta:
        verbose_name = _("before and after")
        verbose_name_plural = _("before and after")
        ordering = ["activity", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "question"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(before__range=(0, 100), after__range=(0, 100)),
                name="%(app_label)s_%(class)s_are_percentages",
                violation_error_message=_("A percentage lies between 0 and 100"),
            ),
        ]

    def __str__(self):
        return self.question


class PublishedShare(models.Model):
    """A percentage as a report printed it, with the base it gave: can that base give it? (ENG-025)"""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="shares")
    what = models.CharField(_("of whom, or what"), max_length=200)
    percent = models.DecimalField(_("percentage as printed"), max_digits=5, decimal_places=2, validators=PERCENT)
    decimals = models.PositiveSmallIntegerField(_("decimals printed"), default=1)
    base = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    not_personal = ("what", "source")

    class Meta:
        verbose_name = _("published percentage")
        ordering = ["activity", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)),
                name="%(app_label)s_%(class)s_is_a_percentage",
                violation_error_message=_("A percentage lies between 0 and 100"),
            ),
        ]

    def __str__(self):
        return f"{self.what}: {self.percent}%"
