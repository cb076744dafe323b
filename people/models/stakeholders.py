"""Stakeholders: MPs, councillors, charities, media. Kept apart from the register of people (CRM-001, CRM-002)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from people.models.accounts import User
from people.models.places import Area, Organisation, PopulationGroup
from people.models.register import Channel

GRID = [MinValueValidator(1), MaxValueValidator(5)]


class StakeholderQuerySet(models.QuerySet):
    def for_user(self, user):
        areas = user.only_areas()
        return self if areas is None else self.filter(areas__in=areas).distinct()


class Stakeholder(TimeStamped):
    """Somebody, or an organisation, with a stake in what the body does. Not a member: there is no link to a person.

    Interest and influence run from 1 (little) to 5 (much), as in a mapping grid (CRM-003).
    """

    class Kind(models.TextChoices):
        MP = "mp", _("MP")
        COUNCILLOR = "councillor", _("councillor")
        OFFICER = "council_officer", _("council officer")
        SCRUTINY = "scrutiny", _("scrutiny committee")
        HEALTHWATCH = "healthwatch", _("Healthwatch")
        TRUST = "trust", _("NHS trust")
        PRIMARY_CARE = "primary_care", _("practice or network of practices")
        NHS_ENGLAND = "nhs_england", _("NHS England")
        REGULATOR = "regulator", _("regulator or investigator")
        VOLUNTARY = "voluntary", _("voluntary organisation")
        CHARITY = "charity", _("charity")
        COMMUNITY = "community", _("community group")
        INFORMAL = "informal", _("informal community group")
        TENANTS = "tenants", _("tenants and residents group")
        FAITH = "faith", _("faith group")
        HOUSING = "housing", _("housing association")
        COOPERATIVE = "cooperative", _("co-operative")
        ENTERPRISE = "enterprise", _("social enterprise")
        SPORTS = "sports", _("sports organisation")
        BUSINESS = "business", _("business")
        EDUCATION = "education", _("school or college")
        POLICE = "police", _("police or resilience forum")
        MEDIA = "media", _("media")
        RESEARCH = "research", _("research body")
        OTHER = "other", _("other")

    class Size(models.TextChoices):
        INFORMAL = "informal", _("no paid staff")
        SMALL = "small", _("small")
        MEDIUM = "medium", _("medium")
        LARGE = "large", _("large")

    class Strength(models.TextChoices):
        NONE = "none", _("no contact yet")
        CONTACT = "contact", _("some contact")
        ACTIVE = "active", _("works with us")
        PARTNER = "partner", _("partner")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    role = models.CharField(_("ward, constituency or post"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stakeholders",
        verbose_name=_("organisation"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="stakeholders", verbose_name=_("places"))
    communities = models.ManyToManyField(
        PopulationGroup, blank=True, related_name="stakeholders", verbose_name=_("communities they represent")
    )
    topics = models.CharField(_("interested in"), max_length=300, blank=True)
    size = models.CharField(_("size"), max_length=10, choices=Size.choices, blank=True)
    interest = models.PositiveSmallIntegerField(_("interest, 1 to 5"), null=True, blank=True, validators=GRID)
    influence = models.PositiveSmallIntegerField(_("influence, 1 to 5"), null=True, blank=True, validators=GRID)
    strength = models.CharField(_("relationship"), max_length=10, choices=Strength.choices, default=Strength.NONE)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="stakeholders", verbose_name=_("looked after by")
    )
    owner_organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner that looks after them"),
    )
    next_action = models.CharField(_("next action"), max_length=300, blank=True)
    next_action_on = models.DateField(_("due on"), null=True, blank=True)

    objects = StakeholderQuerySet.as_manager()

    personal = {
        "name": Personal("P3", "to keep in touch with those who speak for others", keep="while in post"),
        "role": Personal("P3", "to keep in touch with those who speak for others", keep="while in post"),
        "email": Personal("P3", "to keep in touch", keep="while in post", erase="deleted"),
        "phone": Personal("P3", "to keep in touch", keep="while in post", erase="deleted"),
        "owner": ACTOR,
        "next_action": Personal("P1", "to do what was promised", keep="while in post"),
    }
    not_personal = ("topics",)

    class Meta:
        verbose_name = _("stakeholder")
        ordering = ["name"]

    def __str__(self):
        return self.name


class StakeholderContact(models.Model):
    """One conversation with a stakeholder: when, about what, by whom, what came of it."""

    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="contacts")
    on = models.DateField(_("on"), default=timezone.localdate)
    channel = models.CharField(
        _("how"), max_length=10, choices=[*Channel.choices, ("meeting", _("meeting"))], default="meeting"
    )
    topic = models.CharField(_("about"), max_length=200)
    summary = models.TextField(_("what was said"), blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    by_organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("of")
    )

    personal = {
        "summary": Personal("P1", "to know what was said and promised", keep="6 years"),
        "by": ACTOR,
    }
    not_personal = ("topic",)

    class Meta:
        verbose_name = _("contact")
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.topic}, {self.on:%d %B %Y}"
