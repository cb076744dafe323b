"""Three stores for three purposes, and what is about children. None of these models is ever in the admin.

Access needs are used for the person. The panel profile is given with explicit consent, so that panels can be balanced.
Equality answers are for totals alone: by law never for a decision about a person, so they have no link to one.
Every read goes through `people.services`, which writes the audit trail. Source: quality.md, first list, 3.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR
from core.privacy import Personal
from people.models.accounts import User
from people.models.register import Consent, How, Person

ARTICLE_9_EQUALITY = "Equality Act 2010 section 20; UK GDPR article 9(2)(g)"
EXPLICIT = "explicit consent: UK GDPR article 9(2)(a)"
SAFEGUARDING = "DPA 2018 schedule 1 paragraph 18"


class NeedKind(models.TextChoices):
    """What the Accessible Information Standard and the sources ask about (requirements.md 2.18)."""

    LARGE_PRINT = "large_print", _("large print")
    EASY_READ = "easy_read", _("Easy Read")
    BRAILLE = "braille", _("braille")
    AUDIO = "audio", _("audio")
    PAPER = "paper", _("papers by post")
    LANGUAGE = "language", _("another language")
    INTERPRETER = "interpreter", _("interpreter, British Sign Language included")
    HEARING_LOOP = "hearing_loop", _("hearing loop")
    CAPTIONS = "captions", _("live captions")
    STEP_FREE = "step_free", _("step-free access")
    PARKING = "parking", _("parking or transport")
    SUPPORT_PERSON = "support_person", _("brings a supporter or carer")
    PRONOUNS = "pronouns", _("pronouns")
    QUIET_SPACE = "quiet_space", _("quiet space or breaks")
    ONLINE_HELP = "online_help", _("help to get online")
    DIET = "diet", _("food")
    OTHER = "other", _("something else")


# Which needs ask for words: which language, which pronouns.
NEEDS_WORDS = (NeedKind.LANGUAGE, NeedKind.PRONOUNS, NeedKind.DIET, NeedKind.OTHER)
FORMATS = (NeedKind.LARGE_PRINT, NeedKind.EASY_READ, NeedKind.BRAILLE, NeedKind.AUDIO, NeedKind.PAPER)


class AccessNeed(models.Model):
    """Something a person needs in order to take part: recorded once, met everywhere (MEM-007, POR-006)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="access_needs")
    kind = models.CharField(_("need"), max_length=20, choices=NeedKind.choices)
    detail = models.CharField(_("in their words"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    about = "person"
    on_erasure = "delete"
    personal = {
        "person": Personal("P4", "to meet the need", basis=ARTICLE_9_EQUALITY, keep="membership", erase="deleted"),
        "kind": Personal("P4", "to meet the need", basis=ARTICLE_9_EQUALITY, keep="membership", erase="deleted"),
        "detail": Personal("P4", "to meet the need", basis=ARTICLE_9_EQUALITY, keep="membership", erase="deleted"),
        "recorded_by": ACTOR,
    }

    class Meta:
        verbose_name = _("access need")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=list(NEEDS_WORDS)) | ~Q(detail=""),
                name="%(app_label)s_%(class)s_says_which",
                violation_error_message=_("Say which"),
            ),
        ]

    def __str__(self):
        label = self.get_kind_display()
        return f"{label}: {self.detail}" if self.detail else str(label)


class PanelProfile(models.Model):
    """What somebody tells us about themselves so that a panel can mirror its area. Exists only with explicit consent.

    `answers` maps the code of an EqualityQuestion to the code of one of its options.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="panel_profile")
    consent = models.OneToOneField(Consent, models.PROTECT, related_name="panel_profile")
    answers = models.JSONField(_("answers"), default=dict)
    experience = models.TextField(_("services and conditions they know from their own life"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    about = "person"
    on_erasure = "delete"
    personal = {
        name: Personal("P4", "to balance panels and to find experts by experience", basis=EXPLICIT, erase="deleted")
        for name in ("person", "answers", "experience")
    }

    class Meta:
        verbose_name = _("panel profile")

    def __str__(self):
        return f"Panel profile {self.pk}"


class EqualityQuestion(models.Model):
    """A question with the categories of the census, so that answers can be compared with the population."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    text = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    characteristic = models.SlugField(
        _("compared with"), max_length=40, blank=True, help_text=_("The characteristic of residents, like age_band.")
    )
    order = models.PositiveSmallIntegerField(default=0)

    not_personal = ("text", "hint")

    class Meta:
        verbose_name = _("equality question")
        ordering = ["order", "code"]

    def __str__(self):
        return self.text


class EqualityOption(models.Model):
    """One answer. `group` names the wider category under which rare answers are counted together."""

    PREFER_NOT_TO_SAY = "prefer-not-to-say"

    question = models.ForeignKey(EqualityQuestion, models.CASCADE, related_name="options")
    code = models.SlugField(_("code"), max_length=60)
    label = models.CharField(_("answer"), max_length=120)
    group = models.CharField(_("counted under"), max_length=120, blank=True)
    benchmark = models.CharField(_("category of residents that it falls into"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    not_personal = ("label", "group", "benchmark")

    class Meta:
        verbose_name = _("answer")
        ordering = ["question", "order"]
        constraints = [models.UniqueConstraint(fields=["question", "code"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return self.label


class EqualityAnswer(models.Model):
    """One answer to one question. No link to a person: only a keyed pseudonym that their own session computes."""

    pseudonym = models.CharField(max_length=64, db_index=True)
    question = models.ForeignKey(EqualityQuestion, models.PROTECT, related_name="+")
    option = models.ForeignKey(EqualityOption, models.PROTECT, related_name="+")
    month = models.DateField(_("month in which it was given"))

    personal = {
        "pseudonym": Personal(
            "P4",
            "equality monitoring in totals, never a decision about a person",
            basis="Equality Act 2010 section 149; DPA 2018 schedule 1 paragraph 8",
            keep="membership; totals stay",
            export="included: computed in the person's own session",
            erase="deleted",
        )
    }

    class Meta:
        verbose_name = _("equality answer")
        constraints = [models.UniqueConstraint(fields=["pseudonym", "question"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"Equality answer {self.pk}"


class YoungPerson(models.Model):
    """What is kept about somebody under 18, for the safeguarding lead alone: birth date, guardian, both consents."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="young")
    birth_date = models.DateField(_("date of birth"))
    guardian_name = models.CharField(_("parent or guardian"), max_length=300, blank=True)
    guardian_email = models.EmailField(_("their e-mail address"), blank=True)
    guardian_phone = models.CharField(_("their telephone"), max_length=40, blank=True)
    guardian_agreed_on = models.DateField(_("guardian agreed on"), null=True, blank=True)
    guardian_agreed_how = models.CharField(_("how"), max_length=10, choices=How.choices, blank=True)
    agreed_on = models.DateField(_("the young person agreed on"), null=True, blank=True)

    about = "person"
    on_erasure = "delete"
    personal = {
        name: Personal("P4", "to keep young members safe", keep="until 18, then for 90 days", erase="deleted")
        for name in ("person", "birth_date", "guardian_name", "guardian_email", "guardian_phone")
    }

    class Meta:
        verbose_name = _("young person")
        verbose_name_plural = _("young people")
        constraints = [
            models.CheckConstraint(
                condition=Q(guardian_agreed_on__isnull=True) | ~Q(guardian_name=""),
                name="%(app_label)s_%(class)s_consent_names_the_guardian",
                violation_error_message=_("Say who agreed"),
            )
        ]

    def __str__(self):
        return f"Young person {self.pk}"


class Concern(models.Model):
    """“I am worried about something”: from anybody, read by the safeguarding lead alone (quality.md)."""

    text = models.TextField(_("what are you worried about?"), max_length=10_000)
    contact = models.CharField(_("how can we reach you?"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what_was_done = models.TextField(_("what was done"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    personal = {
        "text": Personal("P4", "to act on harm", basis=SAFEGUARDING, keep="by the safeguarding policy"),
        "contact": Personal("P4", "to act on harm", basis=SAFEGUARDING, keep="by the policy"),
        "what_was_done": Personal("P4", "to act on harm", keep="by the safeguarding policy"),
        "read_by": ACTOR,
    }

    class Meta:
        verbose_name = _("concern")
        ordering = ["-sent_at"]

    def __str__(self):
        return f"Concern of {self.sent_at:%-d %B %Y}"
