"""The framework that activities are judged by: principle sets, duties, periods, ladders, cycles, methods and topics."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PrincipleSet(models.Model):
    """One wording of the principles, as a published document gave it (CFG-012, CON-01)."""

    class Kind(models.TextChoices):
        NATIONAL = "national", _("national")
        LOCAL = "local", _("local: the body’s own, beside the national ones")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NATIONAL)
    source = models.CharField(_("document"), max_length=300, blank=True)
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_to = models.DateField(_("in force to"), null=True, blank=True)

    not_personal = ("name", "source")

    class Meta:
        verbose_name = _("set of principles")
        verbose_name_plural = _("sets of principles")
        ordering = ["effective_from", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must be after the first day"),
            )
        ]

    def __str__(self):
        return self.name


class Principle(models.Model):
    """One principle in one wording. The wording is quoted exactly and is never edited once a report has used it."""

    principle_set = models.ForeignKey(PrincipleSet, models.CASCADE, related_name="principles", verbose_name=_("set"))
    number = models.PositiveSmallIntegerField(_("number"))
    wording = models.CharField(_("wording"), max_length=400)
    short = models.CharField(_("short label"), max_length=80)

    not_personal = ("wording", "short")

    class Meta:
        verbose_name = _("principle")
        ordering = ["principle_set", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["principle_set", "number"],
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This set already has a principle with that number"),
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.short}"


class PrincipleMapping(models.Model):
    """What became of a principle in a later set. Evidence never moves by itself under one whose meaning changed."""

    class Relation(models.TextChoices):
        EQUIVALENT = "equivalent", _("same words")
        REWORDED = "reworded", _("same meaning in other words")
        CHANGED = "changed", _("changed meaning")

    from_principle = models.ForeignKey(Principle, models.CASCADE, related_name="mapped_to", verbose_name=_("from"))
    to_principle = models.ForeignKey(Principle, models.CASCADE, related_name="mapped_from", verbose_name=_("to"))
    relation = models.CharField(_("relation"), max_length=12, choices=Relation.choices)

    not_personal = ()

    class Meta:
        verbose_name = _("link between wordings")
        verbose_name_plural = _("links between wordings")
        ordering = ["from_principle", "to_principle"]
        constraints = [
            models.UniqueConstraint(fields=["from_principle", "to_principle"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self):
        return f"{self.from_principle} → {self.to_principle}: {self.get_relation_display()}"


class Duty(models.Model):
    """A legal duty under its present reference, with the references under which documents cite it (CON-02)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    reference = models.CharField(_("reference"), max_length=200)
    cited_as = models.CharField(_("also cited as"), max_length=300, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_to = models.DateField(_("in force to"), null=True, blank=True)
    summary = models.TextField(_("in plain words"), blank=True)

    not_personal = ("name", "reference", "cited_as", "summary")

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["reference"]

    def __str__(self):
        return f"{self.name} ({self.reference})"


class PeriodQuerySet(models.QuerySet):
    def overlapping(self, start, end):
        """Periods that share a day with the time between two dates. One date alone stands for both."""
        start, end = start or end, end or start
        if start is None:
            return self.none()
        return self.filter(starts_on__lte=end, ends_on__gte=start)

    def years(self):
        return self.filter(kind=Period.Kind.YEAR)

    def present(self):
        """The year that goes on today, else the last one that has begun; None before the first."""
        return self.years().filter(starts_on__lte=timezone.localdate()).order_by("-starts_on").first()


class Period(models.Model):
    """A financial year or quarter. It chooses the wording of the principles, and may be locked (CFG-017)."""

    class Kind(models.TextChoices):
        YEAR = "year", _("year")
        QUARTER = "quarter", _("quarter")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        LOCKED = "locked", _("locked")

    code = models.SlugField(_("code"), max_length=20, unique=True, help_text=_("For example 2023-24."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.YEAR)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    principle_set = models.ForeignKey(
        PrincipleSet, models.PROTECT, related_name="periods", verbose_name=_("wording of the principles")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State.choices,
        default=State.OPEN,
        help_text=_("A locked period takes late entries only with a reason."),
    )

    objects = PeriodQuerySet.as_manager()

    not_personal = ()

    class Meta:
        verbose_name = _("period")
        ordering = ["-starts_on", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must be after the first day"),
            ),
            models.UniqueConstraint(
                fields=["kind", "starts_on"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This period is there already"),
            ),
        ]

    def __str__(self):
        if self.kind == self.Kind.QUARTER:
            words = {"first": date_format(self.starts_on, "F"), "last": date_format(self.ends_on, "F Y")}
            return gettext("%(first)s to %(last)s") % words
        year, _mark, quarter = self.code.partition("-q")
        year = year.replace("-", "–")
        return str(_("%(year)s, quarter %(quarter)s")) % {"year": year, "quarter": quarter} if quarter else year

    @property
    def is_locked(self) -> bool:
        return self.state == self.State.LOCKED


class Ladder(models.Model):
    """A ladder of participation (CFG, CON-15): how much say people have, from the lowest rung to the highest."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    not_personal = ("name",)

    class Meta:
        verbose_name = _("ladder of participation")
        verbose_name_plural = _("ladders of participation")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Rung(models.Model):
    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    order = models.PositiveSmallIntegerField(_("height"))
    meaning = models.CharField(_("meaning"), max_length=300, blank=True)
    not_personal = ("name", "meaning")

    class Meta:
        verbose_name = _("rung")
        ordering = ["ladder", "order"]
        constraints = [models.UniqueConstraint(fields=["ladder", "order"], name="%(app_label)s_%(class)s_height_once")]

    def __str__(self):
        return self.name


class Cycle(models.Model):
    """An engagement cycle: the stages from finding out what people need to learning whether change worked."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    not_personal = ("name",)

    class Meta:
        verbose_name = _("engagement cycle")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Stage(models.Model):
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="stages")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"))
    not_personal = ("name",)

    class Meta:
        verbose_name = _("stage of the cycle")
        verbose_name_plural = _("stages of the cycle")
        ordering = ["cycle", "order"]
        constraints = [models.UniqueConstraint(fields=["cycle", "order"], name="%(app_label)s_%(class)s_order_once")]

    def __str__(self):
        return self.name


class Method(models.Model):
    """A way of engaging: survey, focus group, informal conversation (ENG-003, requirements.md 2.7)."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    family = models.CharField(_("family"), max_length=60, blank=True)
    not_personal = ("name", "family")

    class Meta:
        verbose_name = _("method")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Channel(models.Model):
    """A way of reaching people, and who it belongs to: paid, earned, owned or shared (ENG-054)."""

    class Class(models.TextChoices):
        PAID = "paid", _("paid")
        EARNED = "earned", _("earned")
        OWNED = "owned", _("owned")
        SHARED = "shared", _("shared")

    name = models.CharField(_("name"), max_length=100, unique=True)
    belongs = models.CharField(_("class"), max_length=10, choices=Class.choices)
    not_personal = ("name",)

    class Meta:
        verbose_name = _("channel")
        ordering = ["belongs", "name"]

    def __str__(self):
        return f"{self.name} ({self.get_belongs_display()})"


class Topic(models.Model):
    """What people speak about: pharmacy, stroke, websites. Public pages filter by it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("name in addresses"), max_length=100, unique=True)
    not_personal = ("name",)

    class Meta:
        verbose_name = _("topic")
        ordering = ["name"]

    def __str__(self):
        return self.name
