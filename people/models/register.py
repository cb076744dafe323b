"""The register: persons the body knows, what they agreed to, and who asked to be forgotten (MEM-*, GOV-001 to 003)."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from people.models.accounts import User
from people.models.places import Area

MEMBERSHIP = "2 years after the last membership"


class How(models.TextChoices):
    """By which way somebody told us something. Staff may enter what they were told; it is kept as such."""

    PORTAL = "portal", _("in the members’ portal")
    WEB = "web", _("on a public page")
    PAPER = "paper", _("on paper")
    PHONE = "phone", _("by phone")
    EMAIL = "email", _("by e-mail")
    IN_PERSON = "in_person", _("in person")
    IMPORTED = "imported", _("brought over from an older list")


class Channel(models.TextChoices):
    """How somebody wants to be written or spoken to (MEM-008, GOV-008)."""

    EMAIL = "email", _("e-mail")
    TEXT = "text", _("text message")
    POST = "post", _("post")
    PHONE = "phone", _("phone call")


def folded(text: str) -> str:
    """A text as it is compared: without accents, capitals, punctuation and double spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def digits(phone: str) -> str:
    """A British telephone number as its last ten digits, so that +44 and 0 are the same."""
    return "".join(c for c in phone if c.isdecimal())[-10:]


class Safeguards(models.TextChoices):
    """Whether somebody under 18 may take part: only when the consents that their age needs are recorded (MEM-019)."""

    NOT_NEEDED = "", _("adult")
    WAITING = "waiting", _("under 18, consents missing")
    CLEARED = "cleared", _("under 18, consents recorded")


class PersonQuerySet(models.QuerySet):
    def known(self):
        """Persons who can be dealt with: neither merged into another row nor erased."""
        return self.filter(merged_into=None, erased_at=None)

    def for_user(self, user):
        """Persons of the areas that the user works for. Somebody whose area is unknown is dealt with centrally."""
        areas = user.only_areas()
        return self if areas is None else self.filter(area__in=areas)


class Person(TimeStamped):
    """Somebody known to the body: a forum member, a contributor. Most never sign in; some have no e-mail address."""

    name = models.CharField(_("full name"), max_length=300)
    known_as = models.CharField(_("likes to be called"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), blank=True, max_length=500)
    postcode = models.CharField(
        _("postcode"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?\s*[0-9][A-Za-z]{2}$", _("Enter a full postcode"))],
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=[MinValueValidator(1900)]
    )
    adult_from = models.DateField(
        _("adult from"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The month after the 18th birthday. The birthday itself is kept with the safeguarding lead."),
    )
    safeguards = models.CharField(
        _("safeguards"), max_length=10, choices=Safeguards.choices, blank=True, editable=False
    )
    write_to_guardian = models.BooleanField(_("letters go to the guardian"), default=False, editable=False)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("lives in")
    )
    channel = models.CharField(_("prefers"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    connections = models.TextField(
        _("communities and networks"), blank=True, help_text=_("Whom they can reach, and how (MEM-002).")
    )
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="person", verbose_name=_("account")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    about = "pk"
    personal = {
        "name": Personal("P3", "to know who takes part", keep=MEMBERSHIP),
        "known_as": Personal("P3", "to address people as they wish", keep=MEMBERSHIP, erase="deleted"),
        "email": Personal("P3", "to keep in touch", keep=MEMBERSHIP, erase="deleted"),
        "phone": Personal("P3", "to keep in touch", keep=MEMBERSHIP, erase="deleted"),
        "address": Personal("P3", "to write to people who want post", keep=MEMBERSHIP, erase="deleted"),
        "postcode": Personal("P3", "to find duplicates and the place", keep=MEMBERSHIP, erase="deleted"),
        "birth_year": Personal("P3", "to keep to a forum's ages", keep=MEMBERSHIP, erase="deleted"),
        "connections": Personal("P3", "to see which communities are reached", keep=MEMBERSHIP, erase="deleted"),
        "user": Personal("P3", "to sign in to the members’ portal", erase="deleted", export="left out: a number"),
        "merged_into": Personal(
            "P3", "to find somebody under an older entry", export="left out: a number", erase="kept"
        ),
    }

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["email"]), models.Index(fields=["postcode"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="%(app_label)s_%(class)s_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(user__isnull=True),
                name="%(app_label)s_%(class)s_merged_has_no_account",
            ),
            models.CheckConstraint(
                condition=Q(adult_from__isnull=True, safeguards="") | Q(adult_from__isnull=False) & ~Q(safeguards=""),
                name="%(app_label)s_%(class)s_under_18_has_safeguards",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.name = " ".join(self.name.split())
        if not self.name:
            raise ValidationError({"name": _("Enter a name")})
        if self.birth_year and self.birth_year > timezone.localdate().year:
            raise ValidationError({"birth_year": _("The year of birth lies in the future")})
        self.postcode = " ".join(self.postcode.upper().split())
        if self.channel in {Channel.TEXT, Channel.PHONE} and not self.phone.strip():
            raise ValidationError({"phone": _("Enter a telephone number, or choose another way to keep in touch")})
        if self.channel == Channel.POST and not self.address.strip():
            raise ValidationError({"address": _("Enter a postal address, or choose another way to keep in touch")})

    @property
    def called(self) -> str:
        """How to address them."""
        return self.known_as or self.name

    @property
    def is_under_18(self) -> bool:
        """By the month that the safeguarding lead's record gives, not by the year of birth."""
        return self.adult_from is not None and timezone.localdate() < self.adult_from

    @property
    def may_be_under_18(self) -> bool:
        """Whether the year of birth leaves it open, and no date of birth has settled it."""
        is_settled = self.adult_from is not None
        return not is_settled and self.birth_year is not None and timezone.localdate().year - self.birth_year <= 18


class Capacity(models.TextChoices):
    """In which part somebody speaks (MEM-020)."""

    PATIENT = "patient", _("patient or resident")
    CARER = "carer", _("carer")
    FAMILY = "family", _("family member")
    REPRESENTATIVE = "representative", _("representative")
    VCSE = "vcse", _("from a voluntary or community organisation")
    PROFESSIONAL = "professional", _("professional")


class PersonCapacity(models.Model):
    """One of the parts in which somebody takes part."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="capacities")
    capacity = models.CharField(_("takes part as"), max_length=20, choices=Capacity.choices)

    about = "person"
    personal = {"person": Personal("P3", "to involve carers and representatives as the law asks", erase="deleted")}

    class Meta:
        verbose_name = _("part")
        ordering = ["capacity"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "capacity"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This is there already"),
            )
        ]

    def __str__(self):
        return self.get_capacity_display()


class TwoPeople(models.Model):
    """A person decided that two entries that look alike are two people: they are not proposed again."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    about = "first"
    personal = {
        "first": Personal("P3", "not to ask twice", export="left out: names somebody else", erase="deleted"),
        "second": Personal("P3", "not to ask twice", export="left out: names somebody else", erase="deleted"),
        "decided_by": ACTOR,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="%(app_label)s_%(class)s_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self):
        return f"{self.first_id} and {self.second_id} are two people"


# Consent -----------------------------------------------------------------------------------------


class ConsentPurpose(models.Model):
    """What we may do with somebody's details, one thing at a time. From the body's profile.

    A service purpose (an answer to an application, a letter about the person's own data) rests on the public task and
    needs no consent; everything else does.
    """

    # The purposes that the system itself writes for. A body words them, and may add others.
    MEMBERSHIP = "membership"  # the business of the forums somebody belongs to
    OPPORTUNITIES = "opportunities"  # news, and other ways to take part
    PANEL_PROFILE = "panel_profile"  # what they tell about themselves may be used to balance panels
    QUOTES = "quotes"  # what they said may be printed
    SERVICE = "service"  # the answer to something they asked for

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("purpose"), max_length=200)
    is_service = models.BooleanField(_("needs no consent"), default=False)
    for_under_18 = models.BooleanField(_("also for people under 18"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    not_personal = ("name",)

    class Meta:
        verbose_name = _("purpose of consent")
        verbose_name_plural = _("purposes of consent")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name


class ConsentWording(models.Model):
    """The exact words that people are shown. A changed text is a new version; what somebody agreed to stays."""

    purpose = models.ForeignKey(ConsentPurpose, models.PROTECT, related_name="wordings", verbose_name=_("purpose"))
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("wording"))
    in_force_from = models.DateField(_("in force from"))

    not_personal = ("text",)

    class Meta:
        verbose_name = _("wording")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version"],
                name="%(app_label)s_%(class)s_version_once",
                violation_error_message=_("This version is there already"),
            )
        ]

    def __str__(self):
        return f"{self.purpose}, version {self.version}"


class Consent(models.Model):
    """Somebody agreed to a wording, at a time, by a way. Withdrawn is a date, not a deletion."""

    class By(models.TextChoices):
        SELF = "self", _("the person")
        GUARDIAN = "guardian", _("a parent or guardian")

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.ForeignKey(ConsentPurpose, models.PROTECT, related_name="consents", verbose_name=_("purpose"))
    wording = models.ForeignKey(
        ConsentWording, models.PROTECT, related_name="consents", verbose_name=_("wording shown")
    )
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    given_by = models.CharField(_("given by"), max_length=10, choices=By.choices, default=By.SELF)
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_how = models.CharField(_("withdrawn how"), max_length=10, choices=How.choices, blank=True)
    withdrawal_recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("withdrawal recorded by")
    )

    about = "person"
    personal = {
        "person": Personal(
            "P3", "to prove what somebody agreed to", keep="6 years after withdrawal", erase="kept: proof"
        ),
        "recorded_by": ACTOR,
        "withdrawal_recorded_by": ACTOR,
    }

    class Meta:
        verbose_name = _("consent")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="%(app_label)s_%(class)s_one_in_force",
                violation_error_message=_("This consent is in force already"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="%(app_label)s_%(class)s_withdrawn_after_given",
            ),
        ]

    def __str__(self):
        return str(self.purpose)


class ErasureRequest(models.Model):
    """Somebody asked for their details to be erased. A second member of staff decides, and says why not."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="erasure_requests")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    refused_because = models.TextField(_("refused because"), blank=True)
    certificate = models.JSONField(_("what was done, by kind of record"), default=dict, blank=True)

    about = "person"
    personal = {
        "person": Personal("P3", "to answer within a month", keep="3 years", erase="kept: proof, without a name"),
        "recorded_by": ACTOR,
        "decided_by": ACTOR,
        "refused_because": Personal("P3", "to explain a refusal", keep="3 years", erase="deleted"),
    }
    not_personal = ("certificate",)

    class Meta:
        verbose_name = _("request to be erased")
        verbose_name_plural = _("requests to be erased")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(decided_at__isnull=True),
                name="%(app_label)s_%(class)s_one_open",
                violation_error_message=_("There is an open request already"),
            )
        ]

    def __str__(self):
        return f"Request of {self.asked_at:%d %B %Y}"
