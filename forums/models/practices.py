"""Patient participation groups: their practice and network, the standard they measure themselves by (PPG-*)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.privacy import Personal
from forums.models.forum import Forum
from people.models import Area, Organisation, User


class PracticeGroupQuerySet(models.QuerySet):
    def for_user(self, user):
        """Groups that a member of staff works with: of their areas, and of the networks that are part of these."""
        areas = user.only_areas()
        near = Q(network__in=areas or ()) | Q(network__parent__in=areas or ()) | Q(forum__area__in=areas or ())
        return self if areas is None else self.filter(near)


class PracticeGroup(TimeStamped):
    """What only a practice's patient group has. Its name, chair, size and cadence are those of its Forum."""

    class Represented(models.TextChoices):
        GROUP = "group", _("the network has a patient group")
        ONE = "one", _("one representative in the network")
        NONE = "none", _("not represented in the network")
        DEVELOPING = "developing", _("being set up")

    class Meets(models.TextChoices):
        FACE = "face", _("face to face")
        VIRTUAL = "virtual", _("virtual")
        BOTH = "both", _("both")

    forum = models.OneToOneField(Forum, models.CASCADE, related_name="practice_group")
    practice = models.ForeignKey(
        Organisation, models.PROTECT, related_name="practice_groups", verbose_name=_("practice")
    )
    network = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="practice_groups",
        verbose_name=_("network of practices"),
    )
    represented = models.CharField(_("in the network"), max_length=12, choices=Represented.choices, blank=True)
    meets_how = models.CharField(_("meets"), max_length=10, choices=Meets.choices, blank=True)
    practice_lead = models.CharField(_("lead at the practice"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact"), blank=True)
    last_asked_on = models.DateField(_("last asked on"), null=True, blank=True)
    last_reply_on = models.DateField(_("last reply on"), null=True, blank=True)
    plan = models.TextField(_("plan to get going again"), blank=True)

    objects = PracticeGroupQuerySet.as_manager()

    personal = {
        "practice_lead": Personal("P3", "to keep in touch with the group", keep="while in post"),
        "contact_email": Personal("P3", "to keep in touch with the group", keep="while in post", erase="deleted"),
    }
    not_personal = ("plan",)

    class Meta:
        verbose_name = _("patient participation group")
        ordering = ["forum__name"]

    def __str__(self):
        return self.forum.name


class Standard(models.Model):
    """A version of the standard for patient groups."""

    name = models.CharField(_("name"), max_length=200)
    version = models.CharField(_("version"), max_length=20)
    starts_on = models.DateField(_("in force from"))

    not_personal = ("name", "version")

    class Meta:
        verbose_name = _("standard for patient groups")
        verbose_name_plural = _("standards for patient groups")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                name="%(app_label)s_%(class)s_version_once",
                violation_error_message=_("This version is there already"),
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.version})"


class StandardCriterion(models.Model):
    """One thing that the standard asks of a group."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("criterion"), max_length=300)

    not_personal = ("text",)

    class Meta:
        verbose_name = _("criterion of the standard")
        verbose_name_plural = _("criteria of the standard")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "number"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This number is there already"),
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.text}"


class SelfAssessment(models.Model):
    """A group measures itself by the standard, on a day."""

    group = models.ForeignKey(PracticeGroup, models.CASCADE, related_name="assessments")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="assessments", verbose_name=_("standard"))
    on = models.DateField(_("on"), default=timezone.localdate)
    by = models.CharField(_("by"), max_length=200)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = {
        "by": Personal("P3", "to know who judged", keep="6 years"),
        "recorded_by": Personal("P3", "who entered it", keep="6 years"),
    }

    class Meta:
        verbose_name = _("self-assessment")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "standard", "on"],
                name="%(app_label)s_%(class)s_once_a_day",
                violation_error_message=_("There is an assessment of this day already"),
            )
        ]

    def __str__(self):
        return f"{self.group}, {self.on:%-d %B %Y}"


class CriterionAnswer(models.Model):
    """Whether one criterion is met, with what shows it."""

    class Met(models.TextChoices):
        YES = "met", _("met")
        PARTLY = "partly", _("partly met")
        NO = "not", _("not met")

    assessment = models.ForeignKey(SelfAssessment, models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(StandardCriterion, models.PROTECT, related_name="+")
    met = models.CharField(_("is it met?"), max_length=10, choices=Met.choices)
    evidence = models.TextField(_("what shows it"), blank=True)

    not_personal = ("evidence",)

    class Meta:
        ordering = ["criterion__number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=~Q(met="met") | ~Q(evidence=""),
                name="%(app_label)s_%(class)s_met_is_shown",
                violation_error_message=_("Say what shows that it is met"),
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.get_met_display()}"


class IncentiveAward(models.Model):
    """Money that a group was given under the incentive scheme, for what, and what came of it. In pounds."""

    group = models.ForeignKey(PracticeGroup, models.CASCADE, related_name="awards")
    year = models.CharField(_("year of the scheme"), max_length=9)
    amount = models.DecimalField(_("amount in pounds"), max_digits=9, decimal_places=2)
    activity = models.CharField(_("what it paid for"), max_length=300)
    outcome = models.TextField(_("what came of it"), blank=True)

    not_personal = ("year", "activity", "outcome")

    class Meta:
        verbose_name = _("incentive")
        ordering = ["-year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="%(app_label)s_%(class)s_amount_above_nothing",
                violation_error_message=_("The amount must be more than nothing"),
            )
        ]

    def __str__(self):
        return f"{self.year}: £{self.amount}"
