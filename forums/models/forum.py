"""Forums of every kind: what they are for, how they are tied, how often they meet, who has to sit on them (FOR-*)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.counts import CountField, Kind
from core.models import TimeStamped
from core.privacy import Personal
from people.models import Alias, Area, Level, NamedQuerySet, Organisation, Person


class ForumKind(models.Model):
    """A kind of forum, from the body's own list (requirements.md 2.6). Boards and committees are kinds of their own."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    is_committee = models.BooleanField(
        _("board or committee"),
        default=False,
        help_text=_("It decides. Forums report to it, and it is not counted among the forums."),
    )

    not_personal = ("name",)

    class Meta:
        verbose_name = _("kind of forum")
        verbose_name_plural = _("kinds of forum")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Mode(models.TextChoices):
    """How people meet (FOR-007)."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")
    CORRESPONDENCE = "correspondence", _("in writing")


class ForumQuerySet(NamedQuerySet):
    def forums(self):
        """Where the public is heard: boards and committees left out."""
        return self.filter(kind__is_committee=False)

    def committees(self):
        return self.filter(kind__is_committee=True)

    def live(self):
        """Those that work now."""
        return self.filter(status__in=Forum.WORKING)

    def meeting_between(self, start, end):
        """Forums that existed in the time between two dates; one without dates is taken to exist, unless proposed."""
        begun = Q(established_on__isnull=True) | Q(established_on__lte=end)
        open_then = Q(closed_on__isnull=True) | Q(closed_on__gte=start)
        return self.forums().filter(begun, open_then).exclude(status=Forum.Status.PROPOSED)

    def of(self, person: Person):
        """The forums on which somebody sits today."""
        return self.filter(memberships__in=Membership.objects.current().filter(person=person)).distinct()


class Forum(TimeStamped):
    """A forum, panel, group, board or network in which the public is heard. One model for every kind (FOR-*)."""

    class Role(models.TextChoices):
        ADVISES = "advises", _("advises")
        ASSURES = "assures", _("assures")
        OVERSEES = "oversees", _("oversees")
        STEERS = "steers", _("steers")
        CONSULTS = "consults", _("is consulted")
        REVIEWS = "reviews", _("reviews documents")
        NETWORKS = "networks", _("networks")
        SUPPORTS = "supports", _("supports its members")
        COORDINATES = "coordinates", _("coordinates staff")
        DECIDES = "decides", _("decides")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        INTERIM = "interim", _("interim")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")

    WORKING = (Status.INTERIM, Status.LIVE)

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.ForeignKey(ForumKind, models.PROTECT, related_name="forums", verbose_name=_("kind"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="forums", verbose_name=_("place or partnership")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="forums", verbose_name=_("organised by")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="working_groups", verbose_name=_("working group of")
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("followed by")
    )
    purpose = models.TextField(_("purpose"), blank=True)
    remit = models.TextField(_("remit and authority"), blank=True)
    remit_is_agreed = models.BooleanField(_("remit is agreed"), default=False)
    chair = models.CharField(
        _("chair"), max_length=200, blank=True, help_text=_("A name or a role, as it may be printed.")
    )
    contact = models.EmailField(_("public contact"), blank=True)
    website = models.URLField(_("website"), blank=True)
    size = CountField(
        _("members"),
        kind=Kind.SIZE,
        null=True,
        blank=True,
        help_text=_("As you would say it: “9”, “around 60”, “over 700”. Empty means not recorded."),
    )
    minimum_age = models.PositiveSmallIntegerField(_("youngest member"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("oldest member"), null=True, blank=True)
    is_open = models.BooleanField(_("anybody may join"), default=False)
    meets = models.CharField(_("meets"), max_length=100, blank=True, help_text=_("For example “every two months”."))
    default_mode = models.CharField(_("meets how"), max_length=15, choices=Mode.choices, blank=True)
    meets_before = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forums_before",
        verbose_name=_("meets before each meeting of"),
        limit_choices_to={"kind__is_committee": True},
    )
    papers_days = models.PositiveSmallIntegerField(
        _("days that papers go out before a meeting"), null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    questions_per_meeting = models.PositiveSmallIntegerField(
        _("questions to each Board meeting, at most"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    no_links_from = models.CharField(
        _("takes no representatives straight from"),
        max_length=20,
        choices=Level.choices,
        blank=True,
        help_text=_("Their views reach it through recorded activities instead (FOR-012)."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.LIVE)
    interim_on = models.DateField(_("interim from"), null=True, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = ForumQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {
        "chair": Personal("P2", "to say who leads the forum", keep="6 years after the forum closes"),
    }
    not_personal = ("name", "purpose", "remit", "size", "meets", "contact", "website")
    alias_owner = "forum"

    class Meta:
        verbose_name = _("forum")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                name="%(app_label)s_%(class)s_ages_in_order",
                violation_error_message=_("The oldest age must not be lower than the youngest"),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(established_on__isnull=True)
                | Q(closed_on__gte=F("established_on")),
                name="%(app_label)s_%(class)s_closes_after_start",
                violation_error_message=_("The date it closed must be after the date it was established"),
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_on__isnull=False),
                name="%(app_label)s_%(class)s_closed_says_when",
                violation_error_message=_("Say when it closed"),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="%(app_label)s_%(class)s_not_its_own_group",
                violation_error_message=_("A forum cannot be a working group of itself"),
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def alias_model():
        return ForumAlias


class ForumAlias(Alias):
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = _("former or other name")


class ForumLink(models.Model):
    """How a forum is tied to another, or to a board or committee that is not a forum and is named in words.

    `seats` is how many representatives the other forum has to hold for this one (FOR-011).
    """

    class Kind(models.TextChoices):
        REPORTS_TO = "reports_to", _("reports to")
        REPRESENTED_ON = "represented_on", _("sends a representative to")
        FEEDS = "feeds", _("brings what it hears to")
        ALIGNED_TO = "aligned_to", _("works alongside")

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="links")
    kind = models.CharField(_("tie"), max_length=20, choices=Kind.choices, default=Kind.REPORTS_TO)
    to_forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="links_from", verbose_name=_("forum")
    )
    to_name = models.CharField(_("or another body"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("representatives, at least"), default=1)

    not_personal = ("to_name",)

    class Meta:
        verbose_name = _("tie")
        ordering = ["kind", "to_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_forum__isnull=False, to_name="") | Q(to_forum__isnull=True) & ~Q(to_name=""),
                name="%(app_label)s_%(class)s_leads_somewhere",
                violation_error_message=_("Choose a forum or name another body, not both"),
            ),
            models.CheckConstraint(
                condition=Q(to_forum__isnull=True) | ~Q(to_forum=F("forum")),
                name="%(app_label)s_%(class)s_not_to_itself",
                violation_error_message=_("A forum cannot be tied to itself"),
            ),
            models.UniqueConstraint(
                fields=["forum", "kind", "to_forum"],
                condition=Q(to_forum__isnull=False),
                name="%(app_label)s_%(class)s_once_a_forum",
                violation_error_message=_("This tie is there already"),
            ),
            models.UniqueConstraint(
                fields=["forum", "kind", "to_name"],
                condition=Q(to_forum__isnull=True),
                name="%(app_label)s_%(class)s_once_a_body",
                violation_error_message=_("This tie is there already"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.target}"

    def clean(self):
        sends = self.kind in {self.Kind.REPRESENTED_ON, self.Kind.REPORTS_TO}
        if self.to_forum and sends and self.to_forum.no_links_from and self.forum.level == self.to_forum.no_links_from:
            raise ValidationError(
                {
                    "to_forum": _(
                        "%(forum)s takes no representatives straight from this level. "
                        "Record an activity instead: its insight reaches the forum"
                    )
                    % {"forum": self.to_forum}
                }
            )

    @property
    def target(self) -> str:
        return self.to_forum.name if self.to_forum_id else self.to_name


# How often ---------------------------------------------------------------------------------------


class Cadence(models.Model):
    """How often a forum meets, from a date on. A change is a new row, so that the past is measured by its own rule.

    Either every so many weeks or months, or so many times a year, or as needed: then nothing is expected (FOR-005).
    """

    class Unit(models.TextChoices):
        WEEKS = "weeks", _("weeks")
        MONTHS = "months", _("months")
        PER_YEAR = "per_year", _("times a year")
        AS_NEEDED = "as_needed", _("as needed")

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="cadences")
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True, validators=[MinValueValidator(1)])
    starts_on = models.DateField(_("from"))

    not_personal = ()

    class Meta:
        verbose_name = _("how often it meets")
        verbose_name_plural = _("how often it meets")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "starts_on"],
                name="%(app_label)s_%(class)s_once_a_day",
                violation_error_message=_("There is a rule from this date already"),
            ),
            models.CheckConstraint(
                condition=Q(unit="as_needed", number__isnull=True)
                | ~Q(unit="as_needed") & Q(number__isnull=False, number__gte=1),
                name="%(app_label)s_%(class)s_has_a_number",
                violation_error_message=_("Say how many, or choose “as needed” without a number"),
            ),
        ]

    def __str__(self):
        if self.unit == self.Unit.AS_NEEDED:
            return str(_("as needed"))
        if self.unit == self.Unit.PER_YEAR:
            return str(_("%(number)s times a year")) % {"number": self.number}
        return str(_("every %(number)s %(unit)s")) % {"number": self.number, "unit": self.get_unit_display()}


class TermsOfReference(models.Model):
    """One version of a forum's terms of reference, with the day by which they are to be looked at again (FOR-003)."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="terms")
    version = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("text"), blank=True)
    file = models.FileField(_("document"), upload_to="terms/", blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    agreed_by = models.CharField(_("agreed by"), max_length=200, blank=True)
    review_on = models.DateField(_("to be reviewed by"), null=True, blank=True)

    not_personal = ("version", "text", "file", "agreed_by")

    class Meta:
        verbose_name = _("terms of reference")
        verbose_name_plural = _("terms of reference")
        ordering = ["-agreed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "version"],
                name="%(app_label)s_%(class)s_version_once",
                violation_error_message=_("This version is there already"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(review_on__isnull=True) | Q(review_on__gt=F("agreed_on")),
                name="%(app_label)s_%(class)s_review_after_agreement",
                violation_error_message=_("The review must be after the day of agreement"),
            ),
        ]

    def __str__(self):
        return f"{self.forum}, {self.version}"


# Seats -------------------------------------------------------------------------------------------


class SeatRole(models.Model):
    """A part that somebody plays on a forum, from the body's own list (requirements.md 2.6b)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    is_chair = models.BooleanField(_("chairs"), default=False)
    training_required = models.CharField(
        _("training needed first"), max_length=200, blank=True, help_text=_("The title of a training, or empty.")
    )

    not_personal = ("name", "training_required")

    class Meta:
        verbose_name = _("role of a seat")
        verbose_name_plural = _("roles of seats")
        ordering = ["name"]

    def __str__(self):
        return self.name


class SeatRule(models.Model):
    """How many seats of a role a forum has to have, may have, and who names the people for them (FOR-010).

    `attends_every` says that somebody in this role has to be at a meeting at least once in so many months (MTG-006).
    """

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="seat_rules")
    role = models.ForeignKey(SeatRole, models.PROTECT, related_name="+", verbose_name=_("role"))
    minimum = models.PositiveSmallIntegerField(_("at least"), default=1)
    maximum = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    nominated_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nominated by")
    )
    from_forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("representing")
    )
    attends_every = models.PositiveSmallIntegerField(
        _("attends once in so many months"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    not_personal = ()

    class Meta:
        verbose_name = _("rule for seats")
        verbose_name_plural = _("rules for seats")
        ordering = ["forum", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")),
                name="%(app_label)s_%(class)s_numbers_in_order",
                violation_error_message=_("The largest number of seats must not be lower than the smallest"),
            ),
            models.UniqueConstraint(
                "forum",
                "role",
                Coalesce("nominated_by", 0),
                Coalesce("from_forum", 0),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("There is a rule for these seats already"),
            ),
        ]

    def __str__(self):
        return f"{self.forum}: {self.role}"


class MembershipQuerySet(models.QuerySet):
    def on(self, day):
        """Memberships in force on a day."""
        return self.filter(Q(started_on__lte=day), Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def current(self):
        """Memberships in force. One that begins later is not yet a membership."""
        return self.on(timezone.localdate()).filter(person__merged_into=None, person__erased_at=None)

    def for_user(self, user):
        """Memberships of forums of the areas the user works for. Those of the whole system are dealt with centrally."""
        areas = user.only_areas()
        return self if areas is None else self.filter(forum__area__in=areas)


class Membership(TimeStamped):
    """Somebody on a forum, in a role, from day to day. A seat on a committee is one too (MEM-001, FOR-016)."""

    class Paid(models.TextChoices):
        VOLUNTARY = "voluntary", _("nothing")
        EXPENSES = "expenses", _("expenses")
        PAYMENT = "payment", _("an involvement payment")
        EMPLOYED = "employed", _("a salary")

    class Left(models.TextChoices):
        TERM = "term", _("the term ended")
        MOVED = "moved", _("moved away")
        TIME = "time", _("lack of time")
        HEALTH = "health", _("health or caring")
        EXPERIENCE = "experience", _("was not happy with it")
        ROLE = "role", _("left the post they sat for")
        AGE = "age", _("outgrew its ages")
        OTHER = "other", _("another reason")

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="memberships", verbose_name=_("forum"))
    role = models.ForeignKey(SeatRole, models.PROTECT, related_name="memberships", verbose_name=_("role"))
    represents = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("represents the forum")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("represents")
    )
    community = models.CharField(_("or the community"), max_length=200, blank=True)
    is_observer = models.BooleanField(_("observes only"), default=False)
    selected_because = models.TextField(_("how and why selected"), blank=True)
    paid = models.CharField(_("receives"), max_length=10, choices=Paid.choices, default=Paid.EXPENSES)
    started_on = models.DateField(_("from"))
    term_ends_on = models.DateField(_("term ends"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted the role description"), null=True, blank=True)
    inducted_on = models.DateField(_("induction done"), null=True, blank=True)
    ended_on = models.DateField(_("left on"), null=True, blank=True)
    left_because = models.CharField(_("left because"), max_length=12, choices=Left.choices, blank=True)

    objects = MembershipQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal("P3", "to know who sits where", keep="2 years after leaving", erase="kept: without a name"),
        "community": Personal("P3", "to know whom somebody speaks for", keep="2 years after leaving", erase="deleted"),
        "selected_because": Personal("P3", "to account for the choice", keep="2 years after leaving", erase="deleted"),
    }

    class Meta:
        verbose_name = _("membership")
        ordering = ["forum", "started_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "forum", "role"],
                condition=Q(ended_on__isnull=True),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This person holds that seat already"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The day of leaving must not be before the first day"),
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gte=F("started_on")),
                name="%(app_label)s_%(class)s_term_after_start",
                violation_error_message=_("The end of the term must not be before the first day"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, left_because="") | Q(ended_on__isnull=False) & ~Q(left_because=""),
                name="%(app_label)s_%(class)s_leaving_has_a_reason",
                violation_error_message=_("Say when and why the person left, both or neither"),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}"
