"""The figures that boards ask for: what each means, what is aimed at, and the values that nobody can compute."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Period
from reporting.models.plans import DID, Plan


class Kpi(models.Model):
    """A figure of performance (PLN-009). With `measure` it is computed from the record, else somebody enters it.

    What a computed figure means is said where it is computed, so the words here are for the others alone.
    """

    class Unit(models.TextChoices):
        SHARE = "share", _("per cent")
        NUMBER = "number", _("number")
        DAYS = "days", _("days")

    class Direction(models.TextChoices):
        UP = "up", _("more is better")
        DOWN = "down", _("less is better")
        NEITHER = "neither", _("neither is better")

    class Frequency(models.TextChoices):
        QUARTER = "quarter", _("each quarter")
        YEAR = "year", _("each year")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    measure = models.SlugField(_("computed as"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    definition = models.TextField(_("what it means"), blank=True)
    numerator = models.CharField(_("what is counted"), max_length=300, blank=True)
    denominator = models.CharField(_("out of what"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, blank=True)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices, default=Frequency.QUARTER)
    target = models.DecimalField(_("aim"), max_digits=10, decimal_places=2, null=True, blank=True)
    target_by = models.DateField(_("to be reached by"), null=True, blank=True)
    owner = models.CharField(_("who sees to it (a post)"), max_length=120, blank=True)
    plans = models.ManyToManyField(Plan, blank=True, related_name="kpis", verbose_name=_("plans that it measures"))

    not_personal = ("measure", "name", "definition", "numerator", "denominator", "source", "owner")

    class Meta:
        verbose_name = _("figure of performance")
        verbose_name_plural = _("figures of performance")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(measure="")
                | ~Q(name="") & ~Q(definition="") & ~Q(numerator="") & ~Q(unit="") & ~Q(direction=""),
                name="%(app_label)s_%(class)s_says_what_it_means",
                violation_error_message=_("Say what it is called, what it means, what is counted, and in what unit"),
            ),
            models.UniqueConstraint(
                fields=["measure"], condition=~Q(measure=""), name="%(app_label)s_%(class)s_measure_once"
            ),
        ]

    def __str__(self):
        return self.name or self.code


class KpiValue(TimeStamped):
    """What a figure that somebody enters was in a period."""

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="values", verbose_name=_("figure"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="kpi_values", verbose_name=_("period"))
    numerator = models.DecimalField(_("counted"), max_digits=12, decimal_places=2)
    denominator = models.DecimalField(_("out of"), max_digits=12, decimal_places=2, null=True, blank=True)
    source = models.CharField(_("where it comes from"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    personal: dict[str, Personal] = {"by": DID}
    not_personal = ("source",)

    class Meta:
        verbose_name = _("value of a figure")
        verbose_name_plural = _("values of figures")
        ordering = ["kpi", "-period__starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "period"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This period has a value already"),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="%(app_label)s_%(class)s_out_of_something",
                violation_error_message=_("Write out of how many, more than 0"),
            ),
        ]

    def __str__(self):
        return f"{self.kpi}, {self.period}"
