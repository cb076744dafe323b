"""Assurance: an independent group says whether people were involved enough, and whether it mattered (SVC-030, 031)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.privacy import Personal
from engagement.models.projects import DID, Project
from forums.models import Forum, Membership
from people.models import Person


class AssuranceQuerySet(models.QuerySet):
    def asked(self):
        """Questions that wait for answers, about projects that are still going on."""
        return self.filter(concluded_at=None, project__closed_on=None, project__stopped_on=None)

    def concluded(self):
        """Those with a result, the oldest first."""
        return self.filter(concluded_at__isnull=False).order_by("concluded_at", "pk")

    def for_user(self, user):
        """What a member of staff may see: that of the projects that they may see."""
        return self.filter(project__in=Project.objects.for_user(user).values("pk"))

    def for_member(self, person: Person):
        """What somebody is asked as a member of a group. Observers read in the group, and judge nothing."""
        seats = Membership.objects.current().filter(person=person, is_observer=False)
        return self.filter(forum__in=seats.values("forum"))


class Assurance(TimeStamped):
    """A group is asked about a project; its members answer; somebody concludes from their answers."""

    class Result(models.TextChoices):
        ASSURED = "assured", _("assured")
        PARTLY = "partly", _("partly assured")
        NOT = "not", _("not assured")

    project = models.ForeignKey(Project, models.CASCADE, related_name="assurances")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="assurances", verbose_name=_("group asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answers_due_on = models.DateField(_("answers by"))
    briefing = models.TextField(_("what members should know"), blank=True)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, blank=True)
    statement = models.TextField(_("statement of the group"), blank=True)
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = AssuranceQuerySet.as_manager()

    personal = {"asked_by": DID, "concluded_by": DID}
    not_personal = ("briefing", "statement")

    class Meta:
        verbose_name = _("assurance")
        verbose_name_plural = _("assurance")
        ordering = ["-asked_at"]
        permissions = [("conclude_assurance", _("Can conclude from what a group answered"))]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "forum"],
                condition=Q(concluded_at__isnull=True),
                name="%(app_label)s_%(class)s_asked_once_at_a_time",
                violation_error_message=_("This group is being asked already"),
            ),
            models.CheckConstraint(
                condition=Q(result="", concluded_at__isnull=True) | ~Q(result="") & Q(concluded_at__isnull=False),
                name="%(app_label)s_%(class)s_result_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(result="") | ~Q(statement=""),
                name="%(app_label)s_%(class)s_result_is_explained",
                violation_error_message=_("Say why the group is assured or not"),
            ),
        ]

    def __str__(self):
        return f"{self.project.reference}: {self.forum}"


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class AssuranceAnswer(models.Model):
    """What one member of the group answered to the two questions."""

    assurance = models.ForeignKey(Assurance, models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assurance_answers")
    sufficient = models.CharField(
        _("Was the involvement enough, and of the right kind?"), max_length=6, choices=Answer.choices
    )
    sufficient_because = models.TextField(_("Why do you think so?"), blank=True)
    influential = models.CharField(
        _("Was what people said taken seriously, and did it have influence?"), max_length=6, choices=Answer.choices
    )
    influential_because = models.TextField(_("Why do you think so?"), blank=True)
    condition = models.TextField(_("What should be done first?"), blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    about = "person"
    on_erasure = "delete"
    personal = {
        "person": Personal("P2", "who answered for the group", erase="deleted"),
        "sufficient_because": Personal("P2", "what they think", erase="deleted"),
        "influential_because": Personal("P2", "what they think", erase="deleted"),
        "condition": Personal("P2", "what they ask for", erase="deleted"),
        "entered_by": DID,
    }

    class Meta:
        verbose_name = _("answer of a member")
        verbose_name_plural = _("answers of members")
        ordering = ["answered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assurance", "person"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This member has answered already"),
            ),
            models.CheckConstraint(
                condition=Q(sufficient="yes") | ~Q(sufficient_because=""),
                name="%(app_label)s_%(class)s_says_why_not_enough",
                violation_error_message=_("Say what was missing"),
            ),
            models.CheckConstraint(
                condition=Q(influential="yes") | ~Q(influential_because=""),
                name="%(app_label)s_%(class)s_says_why_without_influence",
                violation_error_message=_("Say what was missing"),
            ),
        ]

    def __str__(self):
        return f"{self.assurance}: answer {self.pk}"


class ConditionQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has met yet, the first due first: what is overdue stands on top."""
        return self.filter(done_on=None).order_by("due_on", "pk")

    def overdue(self):
        """Open ones of projects that go on, whose day has passed."""
        going_on = self.filter(assurance__project__closed_on=None, assurance__project__stopped_on=None)
        return going_on.open().filter(due_on__lt=timezone.localdate())

    def for_user(self, user):
        """What a member of staff may see: that of the projects that they may see."""
        return self.filter(assurance__project__in=Project.objects.for_user(user).values("pk"))


class Condition(models.Model):
    """Something that has to be done before a project goes on, followed until it is done."""

    class Before(models.TextChoices):
        DECISION = "decision", _("before the decision")
        MOBILISE = "mobilise", _("before the change is made")

    assurance = models.ForeignKey(Assurance, models.CASCADE, related_name="conditions")
    text = models.TextField(_("condition"))
    before = models.CharField(_("needed"), max_length=10, choices=Before.choices, default=Before.DECISION)
    owner = models.CharField(_("who sees to it (a post)"), max_length=120)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    what_was_done = models.TextField(_("what was done"), blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ConditionQuerySet.as_manager()

    personal = {"done_by": DID}
    not_personal = ("text", "owner", "what_was_done")

    class Meta:
        verbose_name = _("condition")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, what_was_done="") | Q(done_on__isnull=False) & ~Q(what_was_done=""),
                name="%(app_label)s_%(class)s_done_says_what",
                violation_error_message=_("Say what was done, and on which day"),
            ),
            models.UniqueConstraint(
                fields=["assurance", "text"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This condition is there already"),
            ),
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.due_on < timezone.localdate()
