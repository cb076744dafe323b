"""Who took part, in totals; what is done where somebody is missing; how each group is to be involved."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models.activity import Activity
from engagement.models.framework import Method
from forums.models import Forum
from people.models import Area, EqualityOption, Organisation, PopulationGroup


class Participation(models.Model):
    """How many people gave one answer to one equality question, on one day. Totals alone are ever kept (ENG-025).

    Whatever shows it passes it through `core.disclosure`.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participation")
    option = models.ForeignKey(EqualityOption, models.PROTECT, related_name="participation")
    on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=120, help_text=_("The survey or the sheet it was counted from."))
    number = models.PositiveIntegerField(_("people"))

    not_personal = ("source",)

    class Meta:
        verbose_name = _("people by characteristic")
        verbose_name_plural = _("people by characteristic")
        ordering = ["activity", "option", "on"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "option", "on", "source"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("That day and source already have a number"),
            )
        ]

    def __str__(self):
        return f"{self.activity.reference}: {self.option}"


class OutreachAction(TimeStamped):
    """Something done because a group was missing, and whether it closed the gap (ENG-023, SVC-026)."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="outreach")
    option = models.ForeignKey(
        EqualityOption, models.PROTECT, related_name="outreach", verbose_name=_("who is missing")
    )
    share_then = models.DecimalField(
        _("share when it began (%)"), max_digits=5, decimal_places=1, null=True, blank=True, editable=False
    )
    base_then = models.PositiveIntegerField(_("people by then"), null=True, blank=True, editable=False)
    what = models.TextField(_("what is done"))
    owner = models.CharField(_("who sees to it (a post)"), max_length=120)
    started_on = models.DateField(_("began on"), default=timezone.localdate)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.TextField(_("what came of it"), blank=True)

    not_personal = ("what", "owner", "result")

    class Meta:
        verbose_name = _("outreach action")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(result=""),
                name="%(app_label)s_%(class)s_done_says_what_came_of_it",
                violation_error_message=_("Say what came of it"),
            )
        ]

    def __str__(self):
        return f"{self.option}: {self.what[:60]}"


class GroupPlan(TimeStamped):
    """How a group that faces inequalities is to be involved in a place, agreed with a forum (INC-006)."""

    group = models.ForeignKey(PopulationGroup, models.PROTECT, related_name="plans", verbose_name=_("group"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="group_plans", verbose_name=_("place")
    )
    methods = models.ManyToManyField(Method, blank=True, related_name="group_plans", verbose_name=_("methods"))
    partners = models.ManyToManyField(Organisation, blank=True, related_name="group_plans", verbose_name=_("partners"))
    what = models.TextField(_("how the group is involved"))
    agreed_with = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="group_plans", verbose_name=_("agreed with")
    )
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    review_on = models.DateField(_("look again on"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="group_plans",
        verbose_name=_("owner"),
    )

    personal = {"owner": Personal("P3", "to know whom to ask", erase="set to nobody")}
    not_personal = ("what",)

    class Meta:
        verbose_name = _("plan for a group")
        verbose_name_plural = _("plans for groups")
        ordering = ["group__name", "area__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "area"],
                condition=Q(area__isnull=False),
                name="%(app_label)s_%(class)s_once_an_area",
                violation_error_message=_("This group already has a plan for that place"),
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(area__isnull=True),
                name="%(app_label)s_%(class)s_once_for_all_areas",
                violation_error_message=_("This group already has a plan for that place"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(agreed_with__isnull=False),
                name="%(app_label)s_%(class)s_agreed_with_somebody",
                violation_error_message=_("Say with which forum the plan was agreed"),
            ),
        ]

    def __str__(self):
        return f"{self.group}" + (f", {self.area}" if self.area_id else "")
