"""Code frames as data, codes by people and by the machine, and every change of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Job, TimeStamped
from core.privacy import Personal
from insights.models.comments import Collection, Comment
from insights.models.library import DID


class Frame(TimeStamped):
    """A code frame: the themes that comments are sorted by, from a published source or the body's own."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    edition = models.PositiveIntegerField(
        _("edition"), default=1, editable=False, help_text=_("Goes up with each change of its themes.")
    )
    is_default = models.BooleanField(_("default"), default=False)

    not_personal = ("name", "source")

    class Meta:
        verbose_name = _("code frame")
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="%(app_label)s_%(class)s_one_default"
            )
        ]

    def __str__(self):
        return self.name


class ThemeQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(retired_on=None)

    def counted(self):
        """Themes that say what people spoke of; “cannot be coded” is none."""
        return self.filter(is_remainder=False)


class Theme(models.Model):
    """One theme of a frame. It is never deleted once used: it is retired, and may name the one that takes over."""

    frame = models.ForeignKey(Frame, models.CASCADE, related_name="themes", verbose_name=_("frame"))
    code = models.SlugField(_("code"), max_length=80)
    name = models.CharField(_("name"), max_length=120)
    category = models.CharField(_("belongs to"), max_length=120, blank=True)
    definition = models.TextField(_("when to use it"), blank=True)
    is_remainder = models.BooleanField(
        _("says that there is nothing to code"), default=False, help_text=_("Left out of figures about themes.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_on = models.DateField(_("not used since"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("now coded as")
    )

    objects = ThemeQuerySet.as_manager()

    not_personal = ("name", "category", "definition")

    class Meta:
        verbose_name = _("theme")
        ordering = ["frame", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["frame", "code"], name="%(app_label)s_%(class)s_once"),
            models.UniqueConstraint(
                fields=["frame", "name"],
                name="%(app_label)s_%(class)s_name_once",
                violation_error_message=_("This frame already has a theme of that name"),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(retired_on__isnull=False),
                name="%(app_label)s_%(class)s_replaced_is_retired",
                violation_error_message=_("Only a theme that is not used any more can be replaced"),
            ),
        ]

    def __str__(self):
        return self.name


class LearningRun(Job):
    """One round of learning from what people coded, and of suggesting themes for what nobody coded yet."""

    frame = models.ForeignKey(Frame, models.PROTECT, related_name="runs", verbose_name=_("frame"))
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="runs", verbose_name=_("comments"))
    frame_edition = models.PositiveIntegerField(_("edition of the frame"), editable=False)
    result = models.JSONField(
        _("what was learnt"), default=dict, editable=False, help_text=_("Examples, seconds, figures by theme.")
    )

    personal = Job.personal
    not_personal = (*Job.not_personal, "result")

    class Meta(Job.Meta):
        verbose_name = _("round of learning")
        verbose_name_plural = _("rounds of learning")
        ordering = ["-requested_at", "-pk"]

    def __str__(self):
        return f"{self.frame}, {self.requested_at:%-d %B %Y}"


class CodingQuerySet(models.QuerySet):
    def counted(self):
        """What figures rest on: codes that a named person gave or accepted."""
        return self.filter(state=Coding.State.ACCEPTED)

    def suggested(self):
        return self.filter(state=Coding.State.SUGGESTED)


class Coding(models.Model):
    """That a comment speaks of a theme: said by a person, or suggested by the machine until a person decides."""

    class Origin(models.TextChoices):
        PERSON = "person", _("a person")
        MACHINE = "machine", _("the machine")
        SOURCE = "source", _("the file it came in")

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="codings")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="codings")
    origin = models.CharField(_("coded by"), max_length=10, choices=Origin.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    confidence = models.FloatField(_("confidence"), null=True, blank=True, help_text=_("From 0 to 1, of the machine."))
    run = models.ForeignKey(LearningRun, models.SET_NULL, null=True, blank=True, related_name="codings")
    check_of = models.ForeignKey(
        "insights.SampleCheck", models.SET_NULL, null=True, blank=True, related_name="accepted_codings"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("name of who decided"), max_length=200, blank=True)

    objects = CodingQuerySet.as_manager()

    personal = {
        "by": Personal("P3", "a named person answers for what is counted", erase="set to nobody"),
        "by_name": Personal("P3", "a named person answers for what is counted", keep="6 years", erase="kept: a duty"),
    }

    class Meta:
        verbose_name = _("code")
        ordering = ["comment", "theme"]
        indexes = [models.Index(fields=["theme", "state"], name="insights_coding_theme")]
        constraints = [
            models.UniqueConstraint(fields=["comment", "theme"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="%(app_label)s_%(class)s_confidence_is_a_share",
            ),
            models.CheckConstraint(
                condition=~Q(origin="machine") | Q(confidence__isnull=False),
                name="%(app_label)s_%(class)s_machine_says_how_sure",
            ),
            models.CheckConstraint(
                condition=~Q(origin="machine", state="accepted") | ~Q(by_name=""),
                name="%(app_label)s_%(class)s_machine_is_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(origin="machine") | ~Q(state="suggested"),
                name="%(app_label)s_%(class)s_people_do_not_suggest",
            ),
        ]

    def __str__(self):
        return f"{self.theme} ({self.get_origin_display()}, {self.get_state_display()})"


class CodingChange(models.Model):
    """One step in the history of a comment's codes. Nothing here is ever changed."""

    class What(models.TextChoices):
        CODED = "coded", _("coded")
        SUGGESTED = "suggested", _("suggested")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        REMOVED = "removed", _("taken away")
        MOVED = "moved", _("moved with the frame")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="coding_changes")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    origin = models.CharField(_("by"), max_length=10, choices=Coding.Origin.choices)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = {"by": DID}

    class Meta:
        verbose_name = _("change of a code")
        verbose_name_plural = _("changes of codes")
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.theme}: {self.get_what_display()}"


class SampleCheck(TimeStamped):
    """A stated sample of what the machine coded, coded anew by a person; its agreement decides on the rest."""

    run = models.ForeignKey(LearningRun, models.PROTECT, related_name="checks")
    size = models.PositiveIntegerField(_("comments in the sample"))
    of = models.PositiveIntegerField(_("comments that the machine coded"))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)
    agreement = models.JSONField(_("agreement"), default=dict, editable=False, help_text=_("In all and by theme."))
    accepted_at = models.DateTimeField(_("rest accepted"), null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    accepted_because = models.TextField(_("accepted because"), blank=True)

    personal = {"started_by": DID, "accepted_by": DID}
    not_personal = ("agreement", "accepted_because")

    class Meta:
        verbose_name = _("check of a sample")
        verbose_name_plural = _("checks of samples")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(finished_at__isnull=False) & ~Q(accepted_because=""),
                name="%(app_label)s_%(class)s_accepted_after_it_was_finished",
                violation_error_message=_("Finish the sample and say why the rest can be accepted"),
            )
        ]

    def __str__(self):
        return f"{self.size} / {self.of}"


class SampledComment(models.Model):
    """One comment of a sample: what the machine said, kept from the start, and what the person said."""

    check_of = models.ForeignKey(SampleCheck, models.CASCADE, related_name="sampled")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")
    machine = models.JSONField(_("the machine’s themes"), default=list, help_text=_("Numbers of themes."))
    person = models.JSONField(_("the person’s themes"), default=list, blank=True, help_text=_("Numbers of themes."))
    judged_at = models.DateTimeField(_("coded"), null=True, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    personal = {"judged_by": DID}
    not_personal = ("machine", "person")

    class Meta:
        verbose_name = _("comment of a sample")
        verbose_name_plural = _("comments of a sample")
        ordering = ["check_of", "pk"]
        constraints = [models.UniqueConstraint(fields=["check_of", "comment"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"{self.check_of}: {self.comment_id}"
