"""How a body judges itself, and is judged: maturity, NHS England's domains, the evaluation of a strategy, as data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from engagement.models import Activity, Period
from forums.models import Forum
from reporting.models.plans import DID


class Yardstick(models.Model):
    """What is judged, and in which steps: a maturity model, rated domains, or headings of an evaluation.

    (PLN-010, PLN-011, REP-021.) An evaluation has no steps: it is judged in words.
    """

    class Kind(models.TextChoices):
        MATURITY = "maturity", _("maturity model")
        DOMAINS = "domains", _("rated domains")
        EVALUATION = "evaluation", _("evaluation of a strategy")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    meaning = models.TextField(_("what it is for"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    most_links = models.PositiveSmallIntegerField(_("most pieces of evidence for each"), null=True, blank=True)
    target_level = models.ForeignKey(
        "Level", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("aim: at least")
    )
    target_number = models.PositiveSmallIntegerField(_("aim: for so many dimensions"), null=True, blank=True)

    not_personal = ("name", "meaning", "source")

    class Meta:
        verbose_name = _("yardstick")
        ordering = ["kind", "name"]

    def __str__(self):
        return self.name


class Dimension(models.Model):
    """One thing that a yardstick judges."""

    yardstick = models.ForeignKey(Yardstick, models.CASCADE, related_name="dimensions", verbose_name=_("yardstick"))
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    meaning = models.TextField(_("what it covers"), blank=True)

    not_personal = ("name", "meaning")

    class Meta:
        verbose_name = _("dimension")
        ordering = ["yardstick", "number"]
        constraints = [
            models.UniqueConstraint(fields=["yardstick", "number"], name="%(app_label)s_%(class)s_number_once")
        ]

    def __str__(self):
        return self.name


class Level(models.Model):
    """One step of a yardstick, the lowest first."""

    yardstick = models.ForeignKey(Yardstick, models.CASCADE, related_name="levels", verbose_name=_("yardstick"))
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=100)

    not_personal = ("name",)

    class Meta:
        verbose_name = _("level")
        ordering = ["yardstick", "order"]
        constraints = [
            models.UniqueConstraint(fields=["yardstick", "order"], name="%(app_label)s_%(class)s_order_once"),
            models.UniqueConstraint(fields=["yardstick", "name"], name="%(app_label)s_%(class)s_name_once"),
        ]

    def __str__(self):
        return self.name


class Descriptor(models.Model):
    """What a dimension looks like at a level, in the words that the body supplies."""

    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="descriptors", verbose_name=_("dimension"))
    level = models.ForeignKey(Level, models.CASCADE, related_name="descriptors", verbose_name=_("level"))
    text = models.TextField(_("what it looks like"))

    not_personal = ("text",)

    class Meta:
        verbose_name = _("descriptor")
        ordering = ["dimension", "level"]
        constraints = [models.UniqueConstraint(fields=["dimension", "level"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"{self.dimension}: {self.level}"


class Assessment(TimeStamped):
    """One use of a yardstick, by the body itself or by NHS England (PLN-010, PLN-011, REP-021). A final one stays."""

    class Assessor(models.TextChoices):
        SELF = "self", _("the body itself")
        NHS_ENGLAND = "nhse", _("NHS England")

    yardstick = models.ForeignKey(Yardstick, models.PROTECT, related_name="assessments", verbose_name=_("yardstick"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="assessments", verbose_name=_("period"))
    assessor = models.CharField(_("who judges"), max_length=10, choices=Assessor.choices, default=Assessor.SELF)
    forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="assessments", verbose_name=_("group that judges")
    )
    made_on = models.DateField(_("made on"))
    final_at = models.DateTimeField(_("final since"), null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    personal = {"by": DID}
    not_personal = ()

    class Meta:
        verbose_name = _("assessment")
        ordering = ["-period__starts_on", "yardstick", "assessor"]
        constraints = [
            models.UniqueConstraint(
                fields=["yardstick", "period", "assessor"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This period has such an assessment already"),
            )
        ]

    def __str__(self):
        return f"{self.yardstick}, {self.period}"

    @property
    def is_final(self) -> bool:
        return self.final_at is not None


class Judgement(TimeStamped):
    """What an assessment says of one dimension, from one perspective where the yardstick asks several."""

    class Perspective(models.TextChoices):
        PEOPLE = "people", _("people and communities")
        WORKFORCE = "workforce", _("local workforce")
        CHANGE = "change", _("those managing service change")

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="judgements")
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="judgements", verbose_name=_("dimension"))
    perspective = models.CharField(_("from whose side"), max_length=10, choices=Perspective.choices, blank=True)
    level = models.ForeignKey(
        Level, models.PROTECT, null=True, blank=True, related_name="judgements", verbose_name=_("level")
    )
    text = models.TextField(_("judgement"))
    gap = models.TextField(_("what is missing"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    owner = models.CharField(_("who sees to it (a post)"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    activities = models.ManyToManyField(
        Activity, blank=True, related_name="judgements", verbose_name=_("activities that show it")
    )

    not_personal = ("text", "gap", "next_step", "owner")

    class Meta:
        verbose_name = _("judgement")
        ordering = ["assessment", "dimension__number", "perspective"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "dimension", "perspective"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This was judged already"),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | ~Q(next_step="") & ~Q(owner=""),
                name="%(app_label)s_%(class)s_due_step_has_an_owner",
                violation_error_message=_("Say what the next step is and who sees to it"),
            ),
        ]

    def __str__(self):
        return f"{self.dimension}: {self.level or self.text[:60]}"


class Proof(models.Model):
    """One piece of evidence for a judgement that is not an activity: a paper, a page, a figure."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="proofs")
    text = models.CharField(_("evidence"), max_length=300)
    url = models.URLField(_("address"), blank=True)

    not_personal = ("text", "url")

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("pieces of evidence")
        ordering = ["judgement", "pk"]

    def __str__(self):
        return self.text
