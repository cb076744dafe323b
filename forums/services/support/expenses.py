"""Out-of-pocket costs paid back by the body's policy: claimed, decided by somebody else, paid (MEM-015, POR-007)."""

import datetime
from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEvent
from core.person_panels import Panel
from forums.models import ExpenseCategory, ExpenseClaim, ExpenseItem, Forum, Meeting
from people.models import ConsentPurpose, Person, User
from people.services import messages

MONTHS_BACK = 12
MOST_ITEMS = 50
MOST_ON_A_PAGE = 10
APPROVE = "forums.approve_expenseclaim"
# What the audit trail says of somebody who had a hand in a claim: they do not decide it.
ENTERED = ("started expense claim", "added expense", "sent expense claim")
Status = ExpenseClaim.Status


def pounds(amount: Decimal) -> str:
    """An amount as it is printed: £1,234.50."""
    return f"£{amount:,.2f}"


# The policy --------------------------------------------------------------------------------------


def oldest_day(today: datetime.date | None = None) -> datetime.date:
    """The first day whose costs may still be claimed: so many months back, to the day."""
    today = today or timezone.localdate()
    years, month = divmod(today.month - 1 - MONTHS_BACK, 12)
    first = datetime.date(today.year + years, month + 1, 1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return first.replace(day=min(today.day, last.day))


def category_on(code: str, day: datetime.date) -> ExpenseCategory | None:
    """The rule for a kind of expense that was in force on a day; its last day belongs to it."""
    in_force = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    return ExpenseCategory.objects.filter(in_force, code=code).order_by("-starts_on").first()


def categories_offered() -> list[ExpenseCategory]:
    """Each kind of expense that can still be claimed, by its newest rule."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=oldest_day())
    rules = ExpenseCategory.objects.filter(still, starts_on__lte=timezone.localdate()).order_by("starts_on")
    return sorted({rule.code: rule for rule in rules}.values(), key=lambda rule: rule.name)


def limit_in_words(category: ExpenseCategory) -> str:
    """What the policy pays: “up to £0.45 for each mile”, and whether a receipt is needed."""
    receipt = _("with a receipt") if category.needs_receipt else _("no receipt needed")
    words = {"name": category.name, "most": pounds(category.most or 0), "unit": category.unit, "receipt": receipt}
    if category.most is None:
        return _("%(name)s: what you paid, %(receipt)s") % words
    if category.unit:
        return _("%(name)s: up to %(most)s for each %(unit)s, %(receipt)s") % words
    return _("%(name)s: up to %(most)s each, %(receipt)s") % words


def most_for(category: ExpenseCategory, quantity: Decimal) -> Decimal | None:
    """The limit in pounds for so many, a part of a penny left out; None where the policy sets none."""
    if category.most is None:
        return None
    return (category.most * quantity).quantize(Decimal("0.01"), ROUND_DOWN)


# Claims ------------------------------------------------------------------------------------------


@transaction.atomic
def start_claim(
    person: Person, *, by: User, what_for: str, forum: Forum | None = None, meeting: Meeting | None = None
) -> ExpenseClaim:
    """Begin a claim, as a draft. Asked for twice, the one that is still empty is found. Raises ValidationError."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.merged_into_id or person.erased_at:
        raise ValidationError(_("This entry is no longer in use"))
    values = {"what_for": " ".join(what_for.split()), "meeting": meeting, "forum": meeting.forum if meeting else forum}
    same = person.expense_claims.filter(status=Status.DRAFT, items=None, **values).first()
    if same:
        return same
    claim = ExpenseClaim(person=person, **values)
    claim.full_clean()
    claim.save()
    audit.record(by, "started expense claim", claim)
    return claim


def _draft(claim: ExpenseClaim) -> ExpenseClaim:
    """The claim, locked. Raises ValidationError once it is sent: what somebody decides on does not change."""
    claim = _locked(claim)
    if claim.status != Status.DRAFT:
        raise ValidationError(_("This claim is sent already. Start a new one for further expenses"))
    return claim


def _locked(claim: ExpenseClaim) -> ExpenseClaim:
    return ExpenseClaim.objects.select_for_update(of=("self",)).select_related("person").get(pk=claim.pk)


@transaction.atomic
def add_item(
    claim: ExpenseClaim,
    *,
    by: User,
    category: ExpenseCategory,
    on: datetime.date,
    quantity: Decimal,
    amount: Decimal,
    receipt: ContentFile | None = None,
) -> ExpenseItem:
    """Add one expense to a draft, by the rule that was in force on its day. Raises ValidationError, by field.

    `amount` in pounds. `receipt` has passed `core.files.checked`.
    """
    claim = _draft(claim)
    _check_day(on)
    rule = category_on(category.code, on)
    if rule is None:
        words = {"name": category.name, "day": date_format(on, "j F Y")}
        raise ValidationError({"on": _("“%(name)s” could not be claimed on %(day)s. Check the day") % words})
    item = ExpenseItem(claim=claim, category=rule, on=on, quantity=quantity, amount=amount, receipt=receipt or "")
    item.full_clean(exclude=["claim", "receipt"])
    _check_limit(item)
    if rule.needs_receipt and not receipt:
        raise ValidationError({"receipt": _("Add the receipt. The policy asks for one")})
    _check_others(claim, item)
    item.save()
    audit.record(by, "added expense", claim, item=item.pk)
    return item


def _check_day(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": _("The day must be today or in the past")})
    if on < oldest_day():
        raise ValidationError({"on": _("The day must be within the last %(months)s months") % {"months": MONTHS_BACK}})


def _check_limit(item: ExpenseItem) -> None:
    rule = item.category
    most = most_for(rule, item.quantity)
    if most is None or item.amount <= most:
        return
    words = {"policy": rule.policy, "most": pounds(most), "limit": limit_in_words(rule).rpartition(", ")[0]}
    raise ValidationError(
        {"amount": _("Enter %(most)s or less. The policy “%(policy)s” pays: %(limit)s") % words}, code="above_limit"
    )


def _check_others(claim: ExpenseClaim, item: ExpenseItem) -> None:
    if claim.items.count() >= MOST_ITEMS:
        raise ValidationError(
            _("A claim has at most %(most)s expenses. Send this one and start another") % {"most": MOST_ITEMS}
        )
    same = {"category": item.category, "on": item.on, "quantity": item.quantity, "amount": item.amount}
    if claim.items.filter(**same).exists():
        raise ValidationError(
            _("This expense is on the claim already. If there were two, enter both together"), code="twice"
        )


@transaction.atomic
def remove_item(item: ExpenseItem, *, by: User) -> None:
    """Take an expense off a draft, with its receipt. Raises ValidationError once the claim is sent."""
    claim = _draft(item.claim)
    if item.receipt:
        storage, name = item.receipt.storage, item.receipt.name
        transaction.on_commit(lambda: storage.delete(name))
    audit.record(by, "removed expense", claim, item=item.pk)
    item.delete()


@transaction.atomic
def submit(claim: ExpenseClaim, by: User) -> ExpenseClaim:
    """Send a claim to be decided. One that is sent stays as it is. Raises ValidationError when it is not complete."""
    claim = _locked(claim)
    if claim.status != Status.DRAFT:
        return claim
    items = list(claim.items.all())
    if not items:
        raise ValidationError(_("Add an expense before you send the claim"))
    if any(item.on < oldest_day() for item in items):
        raise ValidationError(
            _("An expense is more than %(months)s months old. Remove it, then send the claim") % {"months": MONTHS_BACK}
        )
    claim.status, claim.submitted_at, claim.submitted_by = Status.SUBMITTED, timezone.now(), by
    claim.save(update_fields=["status", "submitted_at", "submitted_by", "updated_at"])
    audit.record(by, "sent expense claim", claim)
    return claim


# Decisions ---------------------------------------------------------------------------------------


def obstacle_to_deciding(claim: ExpenseClaim, by: User) -> str:
    """Why somebody may not decide a claim, in words; empty when they may. Two people see each claim."""
    if claim.person.user_id is not None and claim.person.user_id == by.pk:
        return _("This is your own claim. Somebody else has to decide it")
    had_a_hand = AuditEvent.objects.filter(
        subject_type=claim._meta.label_lower, subject_id=str(claim.pk), actor_id=by.pk, verb__in=ENTERED
    )
    if claim.submitted_by_id == by.pk or had_a_hand.exists():
        return _("You entered this claim. Somebody else has to decide it")
    return ""


def _to_decide(claim: ExpenseClaim, by: User, decision: str) -> ExpenseClaim:
    """The claim, locked, when this person may decide it. Raises PermissionDenied, ValidationError."""
    if not by.has_perm(APPROVE):
        raise PermissionDenied
    claim = _locked(claim)
    if claim.status == Status.DRAFT:
        raise ValidationError(_("This claim is not sent yet"))
    if claim.status not in {Status.SUBMITTED, decision}:
        raise ValidationError(_("This claim is decided already"))
    if reason := obstacle_to_deciding(claim, by):
        raise ValidationError(reason)
    return claim


def _decide(claim: ExpenseClaim, decision: str, by: User, reason: str = "") -> None:
    claim.status, claim.decided_at, claim.decided_by, claim.reason = decision, timezone.now(), by, reason
    claim.full_clean()
    claim.save(update_fields=["status", "decided_at", "decided_by", "reason", "updated_at"])


@transaction.atomic
def approve(claim: ExpenseClaim, by: User) -> ExpenseClaim:
    """Say yes to a claim, and tell the person. Twice is harmless. Raises PermissionDenied, ValidationError."""
    claim = _to_decide(claim, by, Status.APPROVED)
    if claim.status == Status.SUBMITTED:
        _decide(claim, Status.APPROVED, by)
        audit.record(by, "approved expense claim", claim)
        _tell(claim, by, _("Your expenses are approved"), _("We will pay you %(total)s for “%(what_for)s”."))
    return claim


@transaction.atomic
def reject(claim: ExpenseClaim, reason: str, by: User) -> ExpenseClaim:
    """Say no to a claim, with the reason, and tell the person. Twice is harmless.

    Raises PermissionDenied, ValidationError.
    """
    claim = _to_decide(claim, by, Status.REJECTED)
    if claim.status == Status.SUBMITTED:
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it is not approved")})
        _decide(claim, Status.REJECTED, by, reason.strip())
        audit.record(by, "rejected expense claim", claim)
        why = _("We cannot pay %(total)s for “%(what_for)s”. The reason: %(reason)s")
        _tell(claim, by, _("Your expenses are not approved"), why)
    return claim


@transaction.atomic
def pay(claim: ExpenseClaim, on: datetime.date, by: User) -> ExpenseClaim:
    """Record the day on which an approved claim was paid, and tell the person. The same day twice is harmless.

    Nobody records the payment of their own claim. Raises PermissionDenied, ValidationError.
    """
    if not by.has_perm("forums.change_expenseclaim"):
        raise PermissionDenied
    claim = _locked(claim)
    if claim.status == Status.PAID and claim.paid_on == on:
        return claim
    if claim.status != Status.APPROVED:
        raise ValidationError(_("Only an approved claim can be paid"))
    if claim.person.user_id is not None and claim.person.user_id == by.pk:
        raise ValidationError(_("This is your own claim. Somebody else has to record the payment"))
    approved_on = timezone.localdate(claim.decided_at)
    if not approved_on <= on <= timezone.localdate():
        words = {"day": date_format(approved_on, "j F Y")}
        raise ValidationError({"on": _("The day must be from %(day)s, when it was approved, to today") % words})
    claim.status, claim.paid_on = Status.PAID, on
    claim.save(update_fields=["status", "paid_on", "updated_at"])
    audit.record(by, "paid expense claim", claim)
    _tell(claim, by, _("Your expenses are paid"), _("We paid you %(total)s for “%(what_for)s”."))
    return claim


def _tell(claim: ExpenseClaim, by: User, subject: str, text: str) -> None:
    words = {"total": pounds(claim.total), "what_for": claim.what_for, "reason": claim.reason}
    key = f"expenses-{claim.pk}-{claim.status}"
    messages.write(claim.person, ConsentPurpose.MEMBERSHIP, subject, text % words, by=by, key=key)


# Reading -----------------------------------------------------------------------------------------


def open_receipt(item: ExpenseItem, *, by: User):
    """The receipt, open for reading. That staff looked at it is in the audit trail; people look at their own freely."""
    if item.claim.person.user_id != by.pk:
        audit.record(by, "read receipt", item.claim, item=item.pk)
    return item.receipt.open()


def hold(person: Person) -> str:
    """Why somebody cannot be erased yet: they are still owed money. Empty when they are not."""
    is_owed = person.expense_claims.filter(status=Status.APPROVED).exists()
    return _("An approved claim for expenses is not paid yet") if is_owed else ""


def costs(claims: Iterable[ExpenseClaim], start: datetime.date, end: datetime.date) -> list[dict]:
    """What was approved by forum, in pounds, for expenses of the days from `start` to `end`; paid is a part of it.

    `claims` is a QuerySet. Each row: forum (None where none was named), claims, people, approved, paid.
    """
    items = ExpenseItem.objects.filter(claim__in=claims, on__range=(start, end))
    rows = (
        items.filter(claim__status__in=[Status.APPROVED, Status.PAID])
        .order_by("claim__forum__name")
        .values("claim__forum", "claim__forum__name")
        .annotate(
            claims=Count("claim", distinct=True),
            people=Count("claim__person", distinct=True),
            approved=Sum("amount"),
            paid=Sum("amount", filter=Q(claim__status=Status.PAID), default=Decimal()),
        )
    )
    return [{"forum": row["claim__forum__name"]} | {name: row[name] for name in COST_COLUMNS} for row in rows]


COST_COLUMNS = ("claims", "people", "approved", "paid")


def person_panel(person: Person, user: User) -> Panel | None:
    """Somebody's claims, and the way to enter one that came on paper or by phone."""
    if not user.has_perm("forums.view_expenseclaim"):
        return None
    claims = ExpenseClaim.objects.for_user(user).filter(person=person)[:MOST_ON_A_PAGE]
    lines = [(str(claim), reverse("work:expense_detail", args=[claim.pk])) for claim in claims]
    if user.has_perm("forums.change_expenseclaim"):
        lines.append((_("Enter a claim for them"), f"{reverse('work:expense_new')}?person={person.pk}"))
    return Panel(_("Expenses"), lines)
