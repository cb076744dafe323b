"""What members get for what they give: expenses, training, thanks, a buddy (MEM-010, 011, 015, 017)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from forums.models.forum import Forum, Mode
from forums.models.meetings import Meeting
from people.models import Message, Person, User

KEEP_MONEY = "6 years: a financial record"


class ExpenseCategory(models.Model):
    """What may be claimed and up to how much, by the body's policy from a date on. Amounts in pounds."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    unit = models.CharField(_("for each"), max_length=40, blank=True, help_text=_("For example “mile” or “day”."))
    most = models.DecimalField(_("at most, in pounds"), max_digits=8, decimal_places=2, null=True, blank=True)
    needs_receipt = models.BooleanField(_("needs a receipt"), default=True)
    policy = models.CharField(_("policy and its version"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    not_personal = ("name", "unit", "policy")

    class Meta:
        verbose_name = _("category of expenses")
        verbose_name_plural = _("categories of expenses")
        ordering = ["name", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("There is a rule from this date already"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first"),
            ),
        ]

    def __str__(self):
        return self.name


class ExpenseClaimQuerySet(models.QuerySet):
    def for_user(self, user):
        """Claims of people of the areas that the user works for."""
        areas = user.only_areas()
        return self if areas is None else self.filter(person__area__in=areas)


class ExpenseClaim(TimeStamped):
    """What somebody spent to take part. Nobody approves their own; a limit is the policy's, not the approver's."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("not sent yet")
        SUBMITTED = "submitted", _("sent")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("not approved")
        PAID = "paid", _("paid")

    person = models.ForeignKey(Person, models.CASCADE, related_name="expense_claims")
    forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="expense_claims", verbose_name=_("forum")
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="expense_claims", verbose_name=_("meeting")
    )
    what_for = models.CharField(_("what it was for"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    objects = ExpenseClaimQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal(
            "P3", "to pay people back", keep=KEEP_MONEY, erase="kept: a financial record, without a name"
        ),
        "what_for": Personal("P3", "to pay people back", keep=KEEP_MONEY),
        "reason": Personal("P3", "to explain a refusal", keep=KEEP_MONEY, erase="deleted"),
        "submitted_by": ACTOR,
        "decided_by": ACTOR,
    }

    class Meta:
        verbose_name = _("claim for expenses")
        verbose_name_plural = _("claims for expenses")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""),
                name="%(app_label)s_%(class)s_refusal_has_a_reason",
                violation_error_message=_("Say why it is not approved"),
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(status="paid"), name="%(app_label)s_%(class)s_paid_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_on__isnull=False), name="%(app_label)s_%(class)s_paid_has_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.what_for} ({self.get_status_display()})"

    @property
    def total(self) -> Decimal:
        return sum((item.amount for item in self.items.all()), Decimal())


class ExpenseItem(models.Model):
    """One line of a claim, in pounds. The receipt is a picture without its location, or a PDF."""

    claim = models.ForeignKey(ExpenseClaim, models.CASCADE, related_name="items")
    category = models.ForeignKey(ExpenseCategory, models.PROTECT, related_name="+", verbose_name=_("kind of expense"))
    on = models.DateField(_("day"))
    quantity = models.DecimalField(
        _("how many"), max_digits=7, decimal_places=1, default=1, validators=[MinValueValidator(Decimal("0.1"))]
    )
    amount = models.DecimalField(
        _("amount in pounds"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    receipt = models.FileField(_("receipt"), upload_to="receipts/", blank=True)

    about = "claim__person"
    personal = {"receipt": Personal("P3", "to pay people back", keep=KEEP_MONEY, erase="kept: a financial record")}

    class Meta:
        verbose_name = _("expense")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(app_label)s_%(class)s_amount_above_nothing"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(app_label)s_%(class)s_quantity_above_nothing"),
        ]

    def __str__(self):
        return f"{self.category}: £{self.amount}"


class Training(TimeStamped):
    """Something to learn: an induction, a course, a webinar. With a time it is one session that can be booked."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what you will learn"), blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    mode = models.CharField(_("how"), max_length=15, choices=Mode.choices, default=Mode.ONLINE)
    where = models.CharField(_("place or link"), max_length=500, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True, validators=[MinValueValidator(1)])
    refresh_months = models.PositiveSmallIntegerField(_("to be refreshed after months"), null=True, blank=True)
    is_open = models.BooleanField(_("members may book it"), default=True)

    not_personal = ("title", "description", "where")

    class Meta:
        verbose_name = _("training")
        ordering = ["starts_at", "title"]

    def __str__(self):
        return self.title


class TrainingRecord(models.Model):
    """Somebody booked or did a training."""

    class Status(models.TextChoices):
        BOOKED = "booked", _("booked")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    training = models.ForeignKey(Training, models.PROTECT, related_name="records")
    person = models.ForeignKey(Person, models.CASCADE, related_name="training_records")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.BOOKED)
    booked_at = models.DateTimeField(_("booked"), default=timezone.now)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    feedback = models.TextField(_("what they thought of it"), blank=True, max_length=2000)

    about = "person"
    personal = {
        "person": Personal("P3", "to know who is ready for what", keep="2 years after leaving", erase="deleted"),
        "feedback": Personal("P3", "to make training better", keep="1 year", erase="deleted"),
    }
    on_erasure = "delete"

    class Meta:
        verbose_name = _("training of a person")
        ordering = ["-booked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "person"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This person has booked it already"),
            ),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False) | ~Q(status="done"),
                name="%(app_label)s_%(class)s_done_says_when",
                violation_error_message=_("Say when it was done"),
            ),
        ]

    def __str__(self):
        return f"{self.training}: {self.person}"


class Thanks(models.Model):
    """Somebody was thanked: for what, how, by whom (MEM-017)."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("message")
        LETTER = "letter", _("letter")
        CARD = "card", _("card")
        EVENT = "event", _("event")
        AWARD = "award", _("nomination for an award")

    person = models.ForeignKey(Person, models.CASCADE, related_name="thanks")
    kind = models.CharField(_("how"), max_length=10, choices=Kind.choices)
    reason = models.TextField(_("what for"))
    on = models.DateField(_("on"), default=timezone.localdate)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    message = models.OneToOneField(Message, models.SET_NULL, null=True, blank=True, related_name="+")

    about = "person"
    on_erasure = "delete"
    personal = {
        "person": Personal("P3", "to thank people", keep="2 years after leaving", erase="deleted"),
        "reason": Personal("P3", "to thank people", keep="2 years after leaving", erase="deleted"),
        "by": ACTOR,
    }

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        ordering = ["-on", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.on:%-d %B %Y}"


class Buddy(TimeStamped):
    """A member supports another member, or a practice's patient group, for a time (MEM-010, PPG-004)."""

    buddy = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="supports", verbose_name=_("buddy")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="supported_by", verbose_name=_("person supported")
    )
    forum = models.ForeignKey(
        Forum, models.CASCADE, null=True, blank=True, related_name="buddies", verbose_name=_("or group supported")
    )
    goals = models.TextField(_("what for"), max_length=2000)
    asked_on = models.DateField(_("asked for on"), default=timezone.localdate)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)

    about = "person"
    on_erasure = "delete"
    personal = {
        name: Personal("P3", "to support people", keep="2 years after it ends", erase="deleted")
        for name in ("buddy", "person", "goals", "outcome")
    }

    class Meta:
        verbose_name = _("buddy")
        verbose_name_plural = _("buddies")
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, forum__isnull=True) | Q(person__isnull=True, forum__isnull=False),
                name="%(app_label)s_%(class)s_supports_one",
                violation_error_message=_("Choose a person or a group, not both"),
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(buddy__isnull=False),
                name="%(app_label)s_%(class)s_begins_with_a_buddy",
                violation_error_message=_("Choose the buddy before it begins"),
            ),
            models.CheckConstraint(
                condition=Q(buddy__isnull=True) | Q(person__isnull=True) | ~Q(buddy=F("person")),
                name="%(app_label)s_%(class)s_two_people",
                violation_error_message=_("Nobody is their own buddy"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=False, ended_on__gte=F("started_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first"),
            ),
        ]

    def __str__(self):
        return f"{self.buddy or _('nobody yet')} – {self.person or self.forum}"
