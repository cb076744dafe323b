"""The assessment and planning form of a project, what is known already, and aims that can be measured."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from engagement.models.activity import Activity
from engagement.models.projects import DID, Project
from people.models import PopulationGroup


class PlanQuestion(models.Model):
    """One question of the form. A body changes the form by changing rows (SVC-001, requirements.md 2.22).

    A `code` that the rules know must stay: `engagement.services.plans` lists them and says what each one does.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("a line")
        LONG = "long", _("a paragraph")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of several")
        MANY = "many", _("any of several")
        NUMBER = "number", _("a whole number")
        DATE = "date", _("a day")
        METHODS = "methods", _("methods")
        GROUPS = "groups", _("population groups")
        FORUMS = "forums", _("forums")
        RUNG = "rung", _("rung of the ladder")

    class Asked(models.TextChoices):
        ALWAYS = "always", _("always")
        DUTY = "duty", _("when the duty applies")
        CONSULTATION = "consultation", _("for a consultation")
        PROCUREMENT = "procurement", _("when something is procured")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    section = models.CharField(_("section"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("question"), max_length=300)
    guidance = models.TextField(_("guidance"), blank=True)
    kind = models.CharField(_("kind of answer"), max_length=12, choices=Kind.choices)
    options = models.JSONField(_("answers to choose from"), default=list, blank=True)
    asked = models.CharField(_("asked"), max_length=14, choices=Asked.choices, default=Asked.ALWAYS)
    is_required = models.BooleanField(_("has to be answered"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    source = models.CharField(_("why it is asked"), max_length=200, blank=True)

    not_personal = ("section", "text", "guidance", "options", "source")

    class Meta:
        verbose_name = _("question of the plan")
        verbose_name_plural = _("questions of the plan")
        ordering = ["order", "code"]

    def __str__(self):
        return self.text


class Plan(TimeStamped):
    """One version of a project's assessment and plan. It may be refused; once signed it never changes (SVC-001)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waits for a decision")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("refused")
        SUPERSEDED = "superseded", _("replaced by a later version")

    project = models.ForeignKey(Project, models.CASCADE, related_name="plans")
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    answers = models.JSONField(_("answers"), default=dict, help_text=_("By the code of the question."))
    as_signed = models.JSONField(
        _("what was signed"), null=True, blank=True, help_text=_("Questions and answers in words, frozen.")
    )
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    personal = {"submitted_by": DID, "decided_by": DID}
    not_personal = ("answers", "as_signed", "reason")

    class Meta:
        verbose_name = _("plan")
        ordering = ["-version"]
        permissions = [("sign_plan", _("Can sign or refuse a plan"))]
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="%(app_label)s_%(class)s_version_once"),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=["draft", "submitted"]),
                name="%(app_label)s_%(class)s_one_in_work",
                violation_error_message=_("A version is being worked on already"),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state="signed"),
                name="%(app_label)s_%(class)s_one_signed",
                violation_error_message=_("Another version is signed"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(submitted_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="%(app_label)s_%(class)s_nobody_decides_on_their_own",
                violation_error_message=_("Somebody else has to decide on this plan"),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_refused_says_why",
                violation_error_message=_("Say why the plan is refused"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "superseded"]) | Q(as_signed__isnull=False, decided_at__isnull=False),
                name="%(app_label)s_%(class)s_signed_is_frozen",
            ),
        ]

    def __str__(self):
        return f"{self.project.reference}, version {self.version}"


class KnowledgeCheck(models.Model):
    """“Do we already know this?”: what was found before a plan went on, and what followed (ENG-014)."""

    class Outcome(models.TextChoices):
        REUSE = "reuse", _("Use what is known: nobody is asked again")
        REFRESH = "refresh", _("Bring what is known up to date")
        NEW = "new", _("Ask anew")

    project = models.ForeignKey(Project, models.CASCADE, related_name="knowledge_checks")
    found = models.JSONField(_("what was found"), default=list, help_text=_("A list: kind, title, address, day."))
    outcome = models.CharField(_("what follows"), max_length=10, choices=Outcome.choices)
    because = models.TextField(_("why"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    personal = {"by": DID}
    not_personal = ("found", "because")

    class Meta:
        verbose_name = _("“Do we already know this?”")
        verbose_name_plural = _("“Do we already know this?”")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(because=""),
                name="%(app_label)s_%(class)s_says_why",
                violation_error_message=_("Say why"),
            )
        ]

    def __str__(self):
        return f"{self.project.reference}: {self.get_outcome_display()}"


class Aim(models.Model):
    """What an activity or a project sets out to reach, as a number and groups, and what it reached (ENG-008)."""

    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="aims")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="aims")
    measure = models.CharField(_("what is counted"), max_length=200)
    target = models.PositiveIntegerField(_("aim"))
    groups = models.ManyToManyField(PopulationGroup, blank=True, related_name="aims", verbose_name=_("of these groups"))
    baseline = models.PositiveIntegerField(_("before"), null=True, blank=True)
    result = models.PositiveIntegerField(_("result"), null=True, blank=True)
    result_note = models.CharField(_("about the result"), max_length=300, blank=True)

    not_personal = ("measure", "result_note")

    class Meta:
        verbose_name = _("aim")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False, activity__isnull=True)
                | Q(project__isnull=True, activity__isnull=False),
                name="%(app_label)s_%(class)s_of_a_project_or_an_activity",
                violation_error_message=_("An aim belongs to a project or to an activity"),
            ),
            models.CheckConstraint(
                condition=Q(target__gt=0),
                name="%(app_label)s_%(class)s_is_more_than_nothing",
                violation_error_message=_("Aim at more than 0"),
            ),
        ]

    def __str__(self):
        return f"{self.measure}: {self.target}"
