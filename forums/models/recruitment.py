"""Opportunities to take part, and those who apply (MEM-004 to 006, POR-014)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from forums.models.forum import Forum, Membership, SeatRole
from people.models import Area, How, Person, PopulationGroup, User

KEEP = "6 months after the decision"


class OpportunityQuerySet(models.QuerySet):
    def public(self):
        """What anybody may read: published, and not over for more than it takes to notice."""
        return self.filter(published_at__isnull=False, published_at__lte=timezone.now())

    def for_user(self, user):
        """Opportunities that a member of staff works on: of forums or places of their areas."""
        areas = user.only_areas()
        here = Q(forum__area__in=areas or ()) | Q(area__in=areas or ())
        return self if areas is None else self.filter(here)

    def open(self):
        today = timezone.localdate()
        return self.public().filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today))


class Opportunity(TimeStamped):
    """A way to take part: what it is, what people can influence and what not, what it takes and what they get."""

    forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("forum")
    )
    role = models.ForeignKey(SeatRole, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seat"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("place")
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"))
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    can_influence = models.TextField(_("what you can influence"), blank=True)
    cannot_influence = models.TextField(_("what you cannot"), blank=True)
    commitment = models.CharField(_("time it takes"), max_length=200)
    term = models.CharField(_("for how long"), max_length=100, blank=True)
    support = models.TextField(_("support you get"), blank=True)
    payment = models.CharField(_("expenses and payment"), max_length=300)
    wanted = models.ManyToManyField(
        PopulationGroup, blank=True, related_name="opportunities", verbose_name=_("especially welcome")
    )
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True, validators=[MinValueValidator(1)])
    closes_on = models.DateField(_("apply by"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = OpportunityQuerySet.as_manager()

    not_personal = (
        "title",
        "summary",
        "topic",
        "can_influence",
        "cannot_influence",
        "commitment",
        "term",
        "support",
        "payment",
    )

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["closes_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forum__isnull=True) | Q(role__isnull=False),
                name="%(app_label)s_%(class)s_a_forum_seat_has_a_role",
                violation_error_message=_("Choose the seat that is offered"),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("forums:opportunity_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        started = self.published_at is not None and self.published_at <= now
        return started and (self.closes_on is None or self.closes_on >= timezone.localdate())


class ApplicationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Applications for forums, or for opportunities, of the areas that the user works for."""
        areas = user.only_areas()
        here = Q(opportunity__forum__area__in=areas or ()) | Q(opportunity__area__in=areas or ())
        return self if areas is None else self.filter(here)

    def open(self):
        return self.filter(status__in=Application.OPEN)


class Application(TimeStamped):
    """Somebody applied. `form_token` comes from the form, so that the same form sent twice is one application."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        SHORTLISTED = "shortlisted", _("shortlisted")
        APPOINTED = "appointed", _("appointed")
        DECLINED = "declined", _("not appointed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (Status.RECEIVED, Status.SHORTLISTED)

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="applications")
    person = models.ForeignKey(Person, models.CASCADE, related_name="applications")
    form_token = models.UUIDField(unique=True, editable=False)
    statement = models.TextField(_("why they would like to take part"), max_length=5000)
    how = models.CharField(_("applied"), max_length=10, choices=How.choices, default=How.WEB)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.RECEIVED)
    notes = models.TextField(_("notes of the panel"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason given"), blank=True)
    membership = models.OneToOneField(
        Membership, models.SET_NULL, null=True, blank=True, related_name="application", editable=False
    )

    objects = ApplicationQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal("P3", "to choose fairly and to answer", keep=KEEP, erase="kept: without a name"),
        "statement": Personal("P3", "to choose fairly", keep=KEEP, erase="deleted"),
        "notes": Personal("P3", "to account for the choice", keep=KEEP, erase="deleted"),
        "reason": Personal("P3", "to tell the person", keep=KEEP, erase="deleted"),
        "recorded_by": ACTOR,
        "decided_by": ACTOR,
    }

    class Meta:
        verbose_name = _("application")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "person"],
                condition=Q(status__in=["received", "shortlisted"]),
                name="%(app_label)s_%(class)s_one_open_each",
                violation_error_message=_("This person has applied already"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "shortlisted"]) | Q(decided_at__isnull=False),
                name="%(app_label)s_%(class)s_a_decision_says_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("created_at")),
                name="%(app_label)s_%(class)s_decided_after_it_came",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.opportunity}"
