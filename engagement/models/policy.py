"""How strict a body is, in numbers and words: what other bodies set differently is a row here, not code."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Area


class PolicyManager(models.Manager):
    def current(self) -> "Policy":
        """The body's policy; the defaults below where none was saved."""
        return self.first() or Policy()


class Policy(models.Model):
    """The one row of choices by which plans and projects are judged (requirements.md 4.3)."""

    one = models.BooleanField(default=True, editable=False, unique=True)
    has_strict_terms = models.BooleanField(
        _("strict terms"),
        default=False,
        help_text=_("“Consultation” is then kept for formal consultations (TRM-003, SVC-014)."),
    )
    sector_label = models.CharField(_("what the voluntary sector is called"), max_length=20, default="VCSE")
    insight_label = models.CharField(_("what insight is called"), max_length=60, default="insight")
    assessment_label = models.CharField(
        _("what the equality assessment is called"), max_length=80, default="equality impact assessment"
    )
    clash_weeks = models.PositiveSmallIntegerField(
        _("the same people again within (weeks)"), default=12, validators=[MinValueValidator(1), MaxValueValidator(104)]
    )
    least_days = models.PositiveSmallIntegerField(_("shortest consultation (days)"), default=56)
    least_methods = models.PositiveSmallIntegerField(_("fewest methods of a consultation"), default=2)
    least_representatives = models.PositiveSmallIntegerField(
        _("fewest patient representatives on a project"), default=1
    )
    wanted_representatives = models.PositiveSmallIntegerField(_("wanted"), default=2)
    heard_months = models.PositiveSmallIntegerField(
        _("a group should be heard from every (months)"), default=12, validators=[MinValueValidator(1)]
    )
    review_months = models.PositiveSmallIntegerField(_("look again after a change (months)"), default=12)
    answer_weeks = models.PositiveSmallIntegerField(
        _("people hear what came of it within (weeks)"),
        default=12,
        validators=[MinValueValidator(1)],
        help_text=_("Counted from the last day of an activity. It is shown to everybody."),
    )
    lead_after_days = models.PositiveSmallIntegerField(
        _("a late answer goes to the lead after (days)"), default=14, validators=[MinValueValidator(1)]
    )
    board_after_days = models.PositiveSmallIntegerField(_("and to the Board report after (days)"), default=28)
    insight_months = models.PositiveSmallIntegerField(
        _("insight is looked at again after (months)"), default=24, validators=[MinValueValidator(1)]
    )
    least_quality = models.PositiveSmallIntegerField(
        _("least quality for Board papers (of 15)"), default=8, validators=[MaxValueValidator(15)]
    )
    stories_a_year = models.PositiveSmallIntegerField(_("patient stories heard in a year"), default=2)

    objects = PolicyManager()

    not_personal = ("sector_label", "insight_label", "assessment_label")

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_representatives__gte=F("least_representatives")),
                name="%(app_label)s_%(class)s_wants_at_least_the_fewest",
                violation_error_message=_("Want at least as many representatives as there have to be"),
            ),
            models.CheckConstraint(
                condition=Q(board_after_days__gt=F("lead_after_days")),
                name="%(app_label)s_%(class)s_the_lead_comes_before_the_board",
                violation_error_message=_("The lead has to hear of it before the Board does"),
            ),
        ]

    def __str__(self):
        return str(_("Policy"))


class SchoolHoliday(models.Model):
    """Days on which many families are away. Bank holidays are known by law; these are set by each council."""

    name = models.CharField(_("name"), max_length=100)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    area = models.ForeignKey(
        Area, models.CASCADE, null=True, blank=True, related_name="school_holidays", verbose_name=_("only in")
    )

    not_personal = ("name",)

    class Meta:
        verbose_name = _("school holiday")
        ordering = ["starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
            models.UniqueConstraint(
                fields=["name", "starts_on", "area"],
                condition=Q(area__isnull=False),
                name="%(app_label)s_%(class)s_once_an_area",
                violation_error_message=_("This holiday is there already"),
            ),
            models.UniqueConstraint(
                fields=["name", "starts_on"],
                condition=Q(area__isnull=True),
                name="%(app_label)s_%(class)s_once_for_all_areas",
                violation_error_message=_("This holiday is there already"),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.starts_on:%-d %B %Y}"


class GlossaryTerm(models.Model):
    """A word and what this body means by it; or one to avoid, and what to write instead (CFG-016, TRM-001 to 006)."""

    class Use(models.TextChoices):
        PREFER = "prefer", _("preferred")
        AVOID = "avoid", _("to avoid")
        STRICT = "strict", _("to avoid where terms are strict")

    term = models.CharField(_("term"), max_length=100, unique=True)
    use = models.CharField(_("use"), max_length=10, choices=Use.choices, default=Use.PREFER)
    meaning = models.TextField(_("meaning"), blank=True)
    instead = models.CharField(_("write instead"), max_length=200, blank=True)
    also_spelt = models.CharField(
        _("other forms"), max_length=300, blank=True, help_text=_("Separated by semicolons: plurals, hyphens.")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    not_personal = ("term", "meaning", "instead", "also_spelt", "source")

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering = ["term"]
        constraints = [
            models.CheckConstraint(
                condition=Q(use="prefer") | ~Q(instead=""),
                name="%(app_label)s_%(class)s_says_what_instead",
                violation_error_message=_("Say what to write instead"),
            ),
            models.CheckConstraint(
                condition=~Q(use="prefer") | ~Q(meaning=""),
                name="%(app_label)s_%(class)s_says_what_it_means",
                violation_error_message=_("Say what the term means"),
            ),
        ]

    def __str__(self):
        return self.term
