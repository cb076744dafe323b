"""What strangers ask for on public pages: something in another format or language, and our news (PUB-009, PUB-016)."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from people.models.accounts import User
from people.models.needs import ARTICLE_9_EQUALITY
from people.models.register import Channel, ConsentWording, How, Person

KEEP = "30 days after it is settled"
CONSENT = "consent: UK GDPR article 6(1)(a)"


class Format(models.TextChoices):
    """In which other ways something can be had (requirements.md, PUB-009)."""

    LARGE_PRINT = "large_print", _("large print")
    EASY_READ = "easy_read", _("Easy Read")
    BRAILLE = "braille", _("braille")
    AUDIO = "audio", _("audio")
    BSL = "bsl", _("British Sign Language")
    LANGUAGE = "language", _("another language")
    PAPER = "paper", _("on paper, by post")
    OTHER = "other", _("something else")


class FormatRequestQuerySet(models.QuerySet):
    def for_user(self, user):
        """Requests of people of the areas that the user works for. Those of nobody we know are dealt with centrally."""
        areas = user.only_areas()
        return self if areas is None else self.filter(person__area__in=areas)

    def open(self):
        return self.filter(state=FormatRequest.State.OPEN)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())


class FormatRequest(TimeStamped):
    """Somebody asked for a page or document in another format: which, how to reach them, and by when they get it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SENT = "sent", _("sent")
        COULD_NOT = "could_not", _("could not be made")
        WITHDRAWN = "withdrawn", _("withdrawn")

    CHANNELS = (Channel.EMAIL, Channel.PHONE, Channel.POST)

    form_token = models.UUIDField(unique=True, editable=False)
    path = models.CharField(_("page"), max_length=300, blank=True)
    what = models.CharField(_("page or document, in their words"), max_length=300, blank=True)
    format = models.CharField(_("format"), max_length=20, choices=Format.choices)
    language = models.CharField(_("language"), max_length=100, blank=True)
    details = models.TextField(_("more about it"), max_length=1000, blank=True)
    name = models.CharField(_("name"), max_length=300, blank=True)
    channel = models.CharField(_("reached by"), max_length=10, choices=Channel.choices)
    contact = models.TextField(_("address or number"), max_length=500, blank=True)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="format_requests", verbose_name=_("on the register")
    )
    how = models.CharField(_("how they asked"), max_length=10, choices=How.choices, default=How.WEB)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    due_on = models.DateField(_("due by"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    settled_on = models.DateField(_("sent or settled on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    reason = models.TextField(_("why it could not be made"), max_length=1000, blank=True)
    contact_removed_at = models.DateTimeField(_("contact removed"), null=True, blank=True)

    objects = FormatRequestQuerySet.as_manager()

    about = "person"
    on_erasure = "delete"
    # Whoever asks for braille tells something about their health: read by those alone who see access needs.
    personal = {
        name: Personal("P4", "to send it as they can read it", basis=ARTICLE_9_EQUALITY, keep=KEEP, erase="deleted")
        for name in ("person", "what", "format", "language", "details", "name", "contact", "reason")
    } | {"recorded_by": ACTOR, "settled_by": ACTOR}
    not_personal = ("path",)

    class Meta:
        verbose_name = _("request for another format")
        verbose_name_plural = _("requests for other formats")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(path="") | ~Q(what=""),
                name="%(app_label)s_%(class)s_says_what",
                violation_error_message=_("Say which page or document it is about"),
            ),
            models.CheckConstraint(
                condition=~Q(format="language") | ~Q(language=""),
                name="%(app_label)s_%(class)s_says_which_language",
                violation_error_message=_("Enter the language"),
            ),
            models.CheckConstraint(
                condition=Q(
                    contact_removed_at__isnull=False, name="", contact="", details="", reason="", person__isnull=True
                )
                | Q(contact_removed_at__isnull=True) & ~Q(name="") & ~Q(contact=""),
                name="%(app_label)s_%(class)s_can_be_reached_or_is_forgotten",
                violation_error_message=_("Say who asked, and how they can be reached"),
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_on__isnull=True, contact_removed_at__isnull=True)
                | ~Q(state="open") & Q(settled_on__isnull=False),
                name="%(app_label)s_%(class)s_settled_says_when",
                violation_error_message=_("Say on which day it was settled"),
            ),
            models.CheckConstraint(
                condition=~Q(state="could_not") | ~Q(reason="") | Q(contact_removed_at__isnull=False),
                name="%(app_label)s_%(class)s_says_why_not",
                violation_error_message=_("Say why it could not be made"),
            ),
        ]

    def __str__(self):
        """Without a name: this stands in the audit trail."""
        return str(_("Request for %(format)s") % {"format": self.get_format_display()})

    @property
    def wanted(self) -> str:
        """The format in words, with the language."""
        return f"{self.get_format_display()}: {self.language}" if self.language else self.get_format_display()

    @property
    def days_late(self) -> int:
        """How many days an open request is past its day, or a settled one was; 0 in time."""
        return max(0, ((self.settled_on or timezone.localdate()) - self.due_on).days)


class NewsletterRequest(models.Model):
    """Somebody typed an e-mail address to get our news, or to get it no longer. It counts when its owner says so.

    Nobody enters the register before that. Once the button behind the e-mailed link is pressed, name and address go:
    what stays is the consent with its wording, or its withdrawal.
    """

    class Kind(models.TextChoices):
        JOIN = "join", _("to get it")
        STOP = "stop", _("to get it no longer")

    LIFETIME = datetime.timedelta(days=3)  # long enough for a weekend

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    wording = models.ForeignKey(ConsentWording, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, db_index=True)
    done_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    personal = {
        name: Personal("P3", "to ask the owner of the address", basis=CONSENT, keep="3 days at most", erase="deleted")
        for name in ("name", "email")
    }

    class Meta:
        verbose_name = _("request about the newsletter")
        verbose_name_plural = _("requests about the newsletter")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=False, name="", email="") | Q(done_at__isnull=True) & ~Q(email=""),
                name="%(app_label)s_%(class)s_address_goes_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(kind="stop") | Q(wording__isnull=False),
                name="%(app_label)s_%(class)s_join_has_its_wording",
            ),
        ]

    def __str__(self):
        return f"Request about the newsletter {self.pk}"
