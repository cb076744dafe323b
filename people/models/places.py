"""Where and with whom: the body itself and its partners, its places, the groups of people who live there."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped


class OrganisationKind(models.TextChoices):
    ICB = "icb", _("integrated care board")
    CCG = "ccg", _("clinical commissioning group (closed)")
    TRUST = "trust", _("NHS trust")
    PRIMARY_CARE = "primary_care", _("primary care")
    PARTNERSHIP = "partnership", _("partnership")
    COUNCIL = "council", _("council")
    HEALTHWATCH = "healthwatch", _("Healthwatch")
    CHARITY = "charity", _("charity")
    VCSE = "vcse", _("voluntary, community or social enterprise")
    REGULATOR = "regulator", _("regulator or investigator")
    COMMITTEE = "committee", _("board or committee")
    OTHER = "other", _("other")


class NamedQuerySet(models.QuerySet):
    """Rows that people call by a name or by an older name."""

    def by_name(self) -> dict[str, models.Model]:
        """Every row by its name and aliases, in lower case: read once, looked up often."""
        rows = {row.name.casefold(): row for row in self}
        for alias in self.model.alias_model().objects.select_related(self.model.alias_owner):
            rows.setdefault(alias.name.casefold(), getattr(alias, self.model.alias_owner))
        return rows


class Alias(models.Model):
    """An older, shorter or mistaken name under which a row is still found."""

    name = models.CharField(_("also called"), max_length=200, unique=True)
    not_personal = ("name",)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name


class OrganisationQuerySet(NamedQuerySet):
    def body(self):
        """The ICB that this deployment serves, or None before its profile is loaded."""
        return self.filter(is_body=True).first()


class Organisation(TimeStamped):
    """A body, partner, provider, council or committee. One row is the ICB that this deployment serves (CFG-001)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.OTHER)
    is_statutory = models.BooleanField(_("statutory"), default=False)
    is_body = models.BooleanField(_("the body that this system serves"), default=False)
    ods_code = models.CharField(_("ODS code"), max_length=10, blank=True)
    starts_on = models.DateField(_("established on"), null=True, blank=True)
    ends_on = models.DateField(_("dissolved on"), null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name=_("took over from")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), blank=True, max_length=300)
    website = models.URLField(_("website"), blank=True)
    formats_contact = models.CharField(
        _("contact for other formats"),
        max_length=300,
        blank=True,
        help_text=_("Printed in every report, for large print, Easy Read and other languages."),
    )
    # No law sets a number. Two working weeks are enough to have a leaflet translated or brailled.
    formats_days = models.PositiveSmallIntegerField(
        _("working days to answer who asks for another format"), default=10, validators=[MinValueValidator(1)]
    )

    objects = OrganisationQuerySet.as_manager()

    not_personal = ("name", "short_name", "ods_code", "email", "phone", "address", "website", "formats_contact")
    alias_owner = "organisation"

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_body"],
                condition=Q(is_body=True),
                name="%(app_label)s_%(class)s_one_body",
                violation_error_message=_("This system already serves another body"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The date it was dissolved must be after the date it was established"),
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def alias_model():
        return OrganisationAlias


class OrganisationAlias(Alias):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = _("other name")


class Level(models.TextChoices):
    """The tiers of requirements.md 2.5. Bodies rename them in their profile, they do not add to them."""

    SYSTEM = "system", _("system")
    PLACE = "place", _("place")
    PARTNERSHIP = "partnership", _("partnership")
    DISTRICT = "district", _("district")
    NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
    PRACTICE = "practice", _("practice")
    NATIONAL = "national", _("national")


class LevelBandQuerySet(models.QuerySet):
    def names(self) -> dict[str, str]:
        """What the body calls each level; Django's own label where it says nothing."""
        own = dict(self.exclude(name="").values_list("level", "name"))
        return {level.value: own.get(level.value, str(level.label)) for level in Level}


class LevelBand(models.Model):
    """What a body calls a level, and how many residents an area of that level usually has (CFG-003)."""

    level = models.CharField(_("level"), max_length=20, choices=Level.choices, unique=True)
    name = models.CharField(_("called"), max_length=60, blank=True)
    smallest = models.PositiveIntegerField(_("residents, from about"), null=True, blank=True)
    largest = models.PositiveIntegerField(_("to about"), null=True, blank=True)

    objects = LevelBandQuerySet.as_manager()

    not_personal = ("name",)

    class Meta:
        verbose_name = _("level")
        ordering = ["level"]
        constraints = [
            models.CheckConstraint(
                condition=Q(smallest__isnull=True) | Q(largest__isnull=True) | Q(largest__gte=F("smallest")),
                name="%(app_label)s_%(class)s_sizes_in_order",
                violation_error_message=_("The larger number of residents must not be lower than the smaller"),
            )
        ]

    def __str__(self):
        return self.name or self.get_level_display()

    def holds(self, residents: int) -> bool:
        """Whether a number of residents is usual for this level. An end that is not given is open."""
        return (self.smallest or 0) <= residents <= (self.largest or residents)


class Area(TimeStamped):
    """A place on the map, or a thematic partnership that covers no place of its own (CFG-003 to CFG-006)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("name in addresses"), max_length=200, unique=True)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    code = models.CharField(_("ONS code"), max_length=9, blank=True)
    population = models.PositiveIntegerField(_("residents"), null=True, blank=True)
    population_as_at = models.DateField(_("residents as at"), null=True, blank=True)
    population_source = models.CharField(_("source of the figure"), max_length=200, blank=True)
    partnership = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partnership_areas",
        verbose_name=_("health and care partnership"),
    )
    acute_provider = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acute_areas",
        verbose_name=_("acute hospital trust"),
    )

    objects = NamedQuerySet.as_manager()

    not_personal = ("name", "code", "population_source")
    alias_owner = "area"

    class Meta:
        verbose_name = _("area")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(population__isnull=True) | ~Q(population_source=""),
                name="%(app_label)s_%(class)s_population_has_a_source",
                violation_error_message=_("Say where the number of residents comes from"),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="%(app_label)s_%(class)s_not_part_of_itself",
                violation_error_message=_("An area cannot be part of itself"),
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def alias_model():
        return AreaAlias


class AreaAlias(Alias):
    area = models.ForeignKey(Area, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = _("other name")


class PopulationGroup(models.Model):
    """A group of people by what they share: a protected characteristic, inclusion health, a role such as carer."""

    class Kind(models.TextChoices):
        PROTECTED = "protected", _("protected characteristic")
        INCLUSION = "inclusion_health", _("inclusion health group")
        CARER = "carer", _("carers and representatives")
        CORE20 = "core20", _("Core20: the most deprived fifth")
        PLUS = "plus", _("PLUS: a group chosen locally")
        CLINICAL = "clinical", _("clinical area of Core20PLUS5")
        PEOPLE = "people", _("people who use services")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    is_always_considered = models.BooleanField(
        _("considered in every plan"), default=False, help_text=_("Every plan has to say something about this group.")
    )

    not_personal = ("name",)

    class Meta:
        verbose_name = _("population group")
        ordering = ["name"]

    def __str__(self):
        return self.name


class PopulationBenchmark(models.Model):
    """How many residents of an area fall into a category, by a published source: what is heard is compared with it."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="benchmarks", verbose_name=_("area"))
    characteristic = models.SlugField(_("characteristic"), max_length=40, help_text=_("For example age_band."))
    category = models.CharField(_("category"), max_length=120)
    residents = models.PositiveIntegerField(_("residents"))
    source = models.CharField(_("source"), max_length=300)

    not_personal = ("category", "source")

    class Meta:
        verbose_name = _("residents by characteristic")
        verbose_name_plural = _("residents by characteristic")
        ordering = ["area", "characteristic", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "characteristic", "category"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This area already has a number for that category"),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="%(app_label)s_%(class)s_has_a_source",
                violation_error_message=_("Say where the number comes from"),
            ),
        ]

    def __str__(self):
        return f"{self.area}: {self.characteristic} {self.category}"


class Known(models.TextChoices):
    """A fact that may not be known: unknown is neither yes nor no."""

    UNKNOWN = "", _("not known")
    YES = "yes", _("yes")
    NO = "no", _("no")


class Venue(TimeStamped):
    """A place where people meet, with what somebody has to know to get in and take part (ENG-030, ENG-031)."""

    FACTS = (
        "step_free",
        "hearing_loop",
        "accessible_toilet",
        "near_a_bus",
        "cheap_parking",
        "quiet_room",
        "prayer_room",
    )

    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="venues", verbose_name=_("place")
    )
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="venues", verbose_name=_("run by")
    )
    step_free = models.CharField(_("step-free"), max_length=3, choices=Known, blank=True, default="")
    hearing_loop = models.CharField(_("hearing loop"), max_length=3, choices=Known, blank=True, default="")
    accessible_toilet = models.CharField(_("accessible toilet"), max_length=3, choices=Known, blank=True, default="")
    near_a_bus = models.CharField(_("near a bus route"), max_length=3, choices=Known, blank=True, default="")
    cheap_parking = models.CharField(_("free or cheap parking"), max_length=3, choices=Known, blank=True, default="")
    quiet_room = models.CharField(_("quiet room"), max_length=3, choices=Known, blank=True, default="")
    prayer_room = models.CharField(_("prayer room"), max_length=3, choices=Known, blank=True, default="")
    access_notes = models.TextField(_("more about getting in and around"), blank=True)
    checked_on = models.DateField(_("access checked on"), null=True, blank=True)

    not_personal = ("name", "address", "access_notes")

    class Meta:
        verbose_name = _("venue")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "address"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This venue is on the list already"),
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=False)
                | Q(
                    step_free="",
                    hearing_loop="",
                    accessible_toilet="",
                    near_a_bus="",
                    cheap_parking="",
                    quiet_room="",
                    prayer_room="",
                ),
                name="%(app_label)s_%(class)s_facts_say_when_checked",
                violation_error_message=_("Say on which day the access facts were checked"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Each access fact with what is known of it, in words."""
        return [(self._meta.get_field(name).verbose_name, Known(getattr(self, name)).label) for name in self.FACTS]
