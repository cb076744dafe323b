"""Patients' stories, the consent they rest on, and who heard them (INS-027, QPE-001)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.privacy import Personal
from forums.models import Forum
from insights.models.library import Source, lapsed
from people.models import Person


class StoryQuerySet(models.QuerySet):
    def lapsed(self):
        """Stories whose consent has ended or was taken back: nobody but their keeper reads them."""
        return self.filter(lapsed())


class Story(models.Model):
    """A patient's story: what makes it usable is the consent, and that ends (INS-027, QPE-001)."""

    class Medium(models.TextChoices):
        TEXT = "text", _("in writing")
        AUDIO = "audio", _("sound")
        VIDEO = "video", _("film")
        IN_PERSON = "in_person", _("told in person")

    class Named(models.TextChoices):
        FULL = "full", _("with the name")
        FIRST = "first", _("with a first name or another name")
        ANONYMOUS = "anonymous", _("without a name")

    source = models.OneToOneField(Source, models.CASCADE, related_name="story")
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="stories", verbose_name=_("told by")
    )
    service = models.CharField(_("service it is about"), max_length=200)
    medium = models.CharField(_("how it is told"), max_length=10, choices=Medium.choices)
    named = models.CharField(_("shown"), max_length=10, choices=Named.choices)
    consent_on = models.DateField(_("consent given on"))
    consent_covers = models.TextField(_("what the consent covers"))
    consent_until = models.DateField(_("consent ends on"))
    withdrawn_on = models.DateField(_("consent taken back on"), null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal("P3", "to ask for consent again, and to tell what came of it", erase="set to nobody"),
    }
    not_personal = ("service", "consent_covers")

    class Meta:
        verbose_name = _("patient story")
        verbose_name_plural = _("patient stories")
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_until__gt=F("consent_on")),
                name="%(app_label)s_%(class)s_consent_ends_after_it_began",
                violation_error_message=_("The consent must end after it was given"),
            ),
            models.CheckConstraint(
                condition=~Q(consent_covers=""),
                name="%(app_label)s_%(class)s_says_what_the_consent_covers",
                violation_error_message=_("Write what the person agreed to"),
            ),
        ]

    def __str__(self):
        return f"{self.service}: {self.get_medium_display()}"

    @property
    def has_consent(self) -> bool:
        return self.withdrawn_on is None and self.consent_until >= timezone.localdate()


class StoryHearing(models.Model):
    """That a story was heard: by whom, what was learnt, and what is done about it (QPE-001)."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="hearings")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="stories_heard", verbose_name=_("heard by"))
    heard_on = models.DateField(_("on"))
    learnt = models.TextField(_("what was learnt"), blank=True)
    action = models.TextField(_("what is done about it"), blank=True)

    not_personal = ("learnt", "action")

    class Meta:
        verbose_name = _("hearing of a story")
        verbose_name_plural = _("hearings of stories")
        ordering = ["-heard_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["story", "forum", "heard_on"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self):
        return f"{self.forum}, {self.heard_on:%-d %B %Y}"
