"""Work that may change something for people: its stages, its decision, who sits on it, what was overridden."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.counts import CountField
from core.models import TimeStamped
from core.privacy import Personal
from engagement.models.framework import Topic
from forums.models import Forum
from people.models import Area, Organisation, Person, PopulationGroup

LEADS = Personal("P3", "to know whom to ask", erase="set to nobody")
DID = Personal("P3", "to know who did it", erase="set to nobody")


class ProjectQuerySet(models.QuerySet):
    def for_user(self, user):
        """What a member of staff may see: all of it, or what touches the areas that their roles are for."""
        areas = user.only_areas()
        if areas is None:
            return self
        mine = Q(areas__in=areas) | Q(areas__parent__in=areas) | Q(lead=user)
        return self.filter(pk__in=self.model.objects.filter(mine).values("pk"))

    def open(self):
        """Neither closed nor stopped."""
        return self.filter(closed_on=None, stopped_on=None)

    def deciding(self, first, last):
        """Whose decision is due, or was taken, between two days: the forward plan."""
        return self.filter(
            Q(decided_on__range=(first, last)) | Q(decided_on=None, decision_due_on__range=(first, last))
        )


class Project(TimeStamped):
    """A project; a case when it changes a service. `stage` is moved by `engagement.services.stages` alone (SVC-021)."""

    class Stage(models.TextChoices):
        IDEA = "idea", _("idea")
        FORMATIVE = "formative", _("formative")
        OPTIONS = "options", _("options")
        CONSULTATION = "consultation", _("consultation")
        ANALYSIS = "analysis", _("analysis")
        DECISION = "decision", _("decision")
        MOBILISE = "mobilise", _("mobilise")
        REVIEW = "review", _("review")

    class Trigger(models.TextChoices):
        """Six kinds of change that need an equality assessment (SVC-004), and none of them."""

        ORGANISATION = "organisation", _("organisational change")
        ACTIVITY = "activity", _("new or changing activity")
        SERVICE = "service", _("developing or changing how a service is delivered")
        PROCUREMENT = "procurement", _("procuring services")
        PROJECT = "project", _("developing a project")
        POLICY = "policy", _("policy, procedure or guidance")
        NONE = "none", _("none of these")

    class Risk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    reference = models.CharField(_("reference"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what may change, and why"), blank=True)
    trigger = models.CharField(_("kind of change"), max_length=20, choices=Trigger.choices)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices, default=Stage.IDEA, editable=False)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("project lead"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("organisation that decides"),
    )
    areas = models.ManyToManyField(Area, blank=True, related_name="projects", verbose_name=_("places"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="projects", verbose_name=_("topics"))
    groups = models.ManyToManyField(
        PopulationGroup, blank=True, related_name="projects", verbose_name=_("groups affected")
    )
    starts_on = models.DateField(_("began on"), null=True, blank=True)
    options_fixed_on = models.DateField(
        _("options are fixed from"),
        null=True,
        blank=True,
        help_text=_("Involvement that begins then or later comes too late."),
    )
    decision_by = models.ForeignKey(
        Forum,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions_due",
        limit_choices_to={"kind__is_committee": True},
        verbose_name=_("board or committee that decides"),
    )
    decision_due_on = models.DateField(_("decision due on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True, editable=False)
    decision = models.TextField(_("what was decided"), blank=True, editable=False)
    duty_applies = models.BooleanField(_("the duty to involve applies"), null=True, editable=False)
    is_consulted_on = models.BooleanField(_("there is a consultation"), null=True, editable=False)
    legal_risk = models.CharField(_("risk of legal challenge"), max_length=10, choices=Risk.choices, blank=True)
    legal_risk_because = models.TextField(_("why"), blank=True)
    took_part_in_all = CountField(
        _("people who took part, as stated"), null=True, blank=True, help_text=_("For example “nearly 22,000”.")
    )
    overlaps = models.CharField(
        _("who is counted twice in it"), max_length=300, blank=True, help_text=_("Leave empty when nobody is.")
    )
    implemented_on = models.DateField(_("change made on"), null=True, blank=True)
    review_due_on = models.DateField(_("look again on"), null=True, blank=True)
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True, editable=False)
    stopped_because = models.TextField(_("stopped because"), blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {"lead": LEADS}
    not_personal = (
        *("reference", "title", "summary", "decision", "legal_risk_because", "took_part_in_all", "overlaps"),
        "stopped_because",
    )

    class Meta:
        verbose_name = _("project")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("override_gate", _("Can let a project pass a gate that refuses it")),
            ("change_any_project", _("Can change projects that somebody else leads")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reference=""), name="%(app_label)s_%(class)s_has_a_reference"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decision="")
                | Q(decided_on__isnull=False, stage__in=["decision", "mobilise", "review"]) & ~Q(decision=""),
                name="%(app_label)s_%(class)s_decision_at_its_stage",
                violation_error_message=_("A decision has a day and words, and is taken at its stage"),
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["mobilise", "review"]) | Q(decided_on__isnull=False),
                name="%(app_label)s_%(class)s_is_decided_before_it_is_done",
                violation_error_message=_("Nothing is mobilised before it is decided"),
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True, stopped_because="")
                | Q(stopped_on__isnull=False) & ~Q(stopped_because=""),
                name="%(app_label)s_%(class)s_stopped_says_why",
                violation_error_message=_("Say why it stops"),
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(closed_on__isnull=True),
                name="%(app_label)s_%(class)s_is_stopped_or_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(stage="review"),
                name="%(app_label)s_%(class)s_closes_after_its_review",
                violation_error_message=_("A project closes after its last stage"),
            ),
            models.CheckConstraint(
                condition=Q(legal_risk="") | ~Q(legal_risk_because=""),
                name="%(app_label)s_%(class)s_risk_says_why",
                violation_error_message=_("Say why the risk is what it is"),
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("engagement:project_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and self.stopped_on is None

    def may_be_changed_by(self, user) -> bool:
        """Whether somebody works on this project: its lead, or whoever may change any."""
        is_theirs = self.lead_id == user.pk or user.has_perm("engagement.change_any_project")
        return user.has_perm("engagement.change_project") and is_theirs

    @property
    def needs_assessment(self) -> bool:
        """Whether the kind of change needs an equality assessment."""
        return self.trigger != self.Trigger.NONE


class StageChange(models.Model):
    """One step of a project, forward or back: from which stage, to which, when, by whom."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(_("from"), max_length=20, choices=Project.Stage.choices)
    to_stage = models.CharField(_("to"), max_length=20, choices=Project.Stage.choices)
    because = models.TextField(_("why"), blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    personal = {"by": DID}
    not_personal = ("because",)

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_stage=F("to_stage")), name="%(app_label)s_%(class)s_goes_somewhere"
            )
        ]

    def __str__(self):
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"


class Override(models.Model):
    """A gate that refused a project and was passed all the same: what stood in the way, who decided, why (SVC-011)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="overrides")
    change = models.OneToOneField(StageChange, models.PROTECT, related_name="override")
    obstacles = models.JSONField(_("what stood in the way"), help_text=_("A list of sentences."))
    senior = models.CharField(_("senior who decided: name and post"), max_length=200)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    personal = {
        "senior": Personal("P1", "a named senior answers for it", keep="as long as the project", erase="kept"),
        "by": Personal("P3", "to know who entered it", keep="as long as the project", erase="kept"),
    }
    not_personal = ("obstacles", "reason")

    class Meta:
        verbose_name = _("override")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(senior="") & ~Q(reason=""),
                name="%(app_label)s_%(class)s_is_named_and_explained",
                violation_error_message=_("Name the senior who decided, and the reason"),
            )
        ]

    def __str__(self):
        return f"{self.project.reference}: {self.change}"


class RepresentativeQuerySet(models.QuerySet):
    def present(self):
        """Those who have joined and not left."""
        today = timezone.localdate()
        return self.filter(joined_on__lte=today).filter(Q(left_on=None) | Q(left_on__gt=today))


class Representative(models.Model):
    """A patient or member of the public on a project: at least one, better two or three (ENG-042, ENG-043)."""

    class Task(models.TextChoices):
        GROUP = "group", _("project group")
        SPECIFICATION = "specification", _("specification")
        EVALUATION = "evaluation", _("evaluation of tenders")
        AWARD = "award", _("award")
        MOBILISATION = "mobilisation", _("mobilisation")

    project = models.ForeignKey(Project, models.CASCADE, related_name="representatives")
    person = models.ForeignKey(Person, models.PROTECT, related_name="represented_projects", verbose_name=_("person"))
    task = models.CharField(_("takes part in"), max_length=20, choices=Task.choices, default=Task.GROUP)
    joined_on = models.DateField(_("joined on"))
    joined_at_stage = models.CharField(_("joined at"), max_length=20, choices=Project.Stage.choices)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    conflict_checked_on = models.DateField(_("conflict of interest asked on"), null=True, blank=True)
    influence = models.TextField(_("what they changed"), blank=True)

    objects = RepresentativeQuerySet.as_manager()

    about = "person"
    on_erasure = "delete"
    personal = {
        "person": Personal("P3", "who speaks for patients on a project", erase="deleted"),
        "influence": Personal("P1", "what came of their work", erase="deleted"),
    }

    class Meta:
        verbose_name = _("patient representative")
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person", "task"],
                name="%(app_label)s_%(class)s_once_a_task",
                violation_error_message=_("This person is on the project already"),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="%(app_label)s_%(class)s_leaves_after_joining",
                violation_error_message=_("Nobody leaves before joining"),
            ),
            models.CheckConstraint(
                condition=~Q(task__in=["evaluation", "award"]) | Q(conflict_checked_on__isnull=False),
                name="%(app_label)s_%(class)s_asked_about_conflicts",
                violation_error_message=_("Ask about conflicts of interest before somebody judges tenders"),
            ),
        ]

    def __str__(self):
        return f"{self.project.reference}: representative {self.pk}"


class ScrutinyContact(models.Model):
    """What a council's health scrutiny committee was told, and what it answered (SVC-015, LEG-013)."""

    class Substantial(models.TextChoices):
        OPEN = "open", _("not decided yet")
        YES = "yes", _("substantial")
        NO = "no", _("not substantial")

    project = models.ForeignKey(Project, models.CASCADE, related_name="scrutiny")
    committee = models.CharField(_("committee"), max_length=200)
    authority = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("council")
    )
    informed_on = models.DateField(_("informed on"))
    substantial = models.CharField(
        _("is it a substantial variation?"), max_length=10, choices=Substantial.choices, default=Substantial.OPEN
    )
    has_timetable = models.BooleanField(_("has been given the timetable"), default=False)
    response = models.TextField(_("response"), blank=True)
    responded_on = models.DateField(_("responded on"), null=True, blank=True)

    not_personal = ("committee", "response")

    class Meta:
        verbose_name = _("scrutiny")
        verbose_name_plural = _("scrutiny")
        ordering = ["informed_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(responded_on__isnull=True) | Q(responded_on__gte=F("informed_on")),
                name="%(app_label)s_%(class)s_answers_after_the_question",
                violation_error_message=_("A committee cannot respond before it was informed"),
            )
        ]

    def __str__(self):
        return self.committee
