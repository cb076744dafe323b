"""Where people meet: forums of every kind, under the names they have and had."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.counts import CountField, Kind
from core.models import TimeStamped
from core.privacy import Personal
from people.models import Alias, Area, Level, NamedQuerySet, Organisation


class ForumKind(models.Model):
    """A kind of forum, from the body's own list (requirements.md 2.6)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)

    not_personal = ("name",)

    class Meta:
        verbose_name = _("kind of forum")
        verbose_name_plural = _("kinds of forum")
        ordering = ["name"]

    def __str__(self):
        return self.name


class ForumQuerySet(NamedQuerySet):
    def meeting_between(self, start, end):
        """Forums that existed in the time between two dates; one without dates is taken to exist."""
        begun = Q(established_on__isnull=True) | Q(established_on__lte=end)
        return self.filter(begun).filter(Q(closed_on__isnull=True) | Q(closed_on__gte=start))


class Forum(TimeStamped):
    """A forum, panel, group, board or network in which the public is heard. One model for every kind (FOR-*)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.ForeignKey(ForumKind, models.PROTECT, related_name="forums", verbose_name=_("kind"))
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="forums", verbose_name=_("place")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="forums", verbose_name=_("organised by")
    )
    purpose = models.TextField(_("purpose"), blank=True)
    chair = models.CharField(
        _("chair"), max_length=200, blank=True, help_text=_("A name or a role, as it may be printed.")
    )
    size = CountField(
        _("members"),
        kind=Kind.SIZE,
        null=True,
        blank=True,
        help_text=_("As you would say it: “9”, “around 60”, “over 700”. Empty means not recorded."),
    )
    minimum_age = models.PositiveSmallIntegerField(_("youngest member"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("oldest member"), null=True, blank=True)
    meets = models.CharField(_("meets"), max_length=100, blank=True, help_text=_("For example “every two months”."))
    established_on = models.DateField(_("established on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = ForumQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {"chair": Personal("P2", "to say who leads the forum", keep="6 years after the forum closes")}
    not_personal = ("name", "purpose", "size", "meets")
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
    """How a forum is tied to another, or to a board or committee that is not a forum and is named in words."""

    class Kind(models.TextChoices):
        REPORTS_TO = "reports_to", _("reports to")
        REPRESENTED_ON = "represented_on", _("sends a representative to")

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="links")
    kind = models.CharField(_("tie"), max_length=20, choices=Kind.choices, default=Kind.REPORTS_TO)
    to_forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="links_from", verbose_name=_("forum")
    )
    to_name = models.CharField(_("or another body"), max_length=200, blank=True)

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

    @property
    def target(self) -> str:
        return self.to_forum.name if self.to_forum_id else self.to_name
