"""Two entries are one person: everything that hangs on one is moved to the other, whichever app keeps it (MEM-002).

The tables are found from the models, so that a later one is moved too. Where both entries have what may be there only
once, the row that says more stays and takes over what only the other one says.
"""

from collections import Counter
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit
from people.models import Consent, ConsentPurpose, PanelProfile, Person, TwoPeople, User, YoungPerson
from people.services import safeguarding
from people.services.needs import move_equality_answers
from people.services.register import works_for_the_body

FILLED = ("known_as", "email", "phone", "address", "postcode", "birth_year", "area", "connections")
EMPTY = (None, "", {}, [])
SETTLED_AGE = ("adult_from", "safeguards", "write_to_guardian")
# What an account takes with it when it goes, instead of handing it on.
OF_THE_ACCOUNT = ("people.Role", "people.Person", "account.EmailAddress", "mfa.Authenticator")

_rules: dict[str, Callable[[models.Model, models.Model], bool]] = {}


def when_both(label: str, rule: Callable[[models.Model, models.Model], bool]) -> None:
    """Register what happens where both entries have a row of a model ("forums.Membership") that may be there once.

    The rule gets the two rows. It may end one of them and return True; False lets them become one.
    """
    _rules[label] = rule


@transaction.atomic
def merge(keep: Person, gone: Person, *, by: User) -> Person:
    """Move everything from one entry to another. The first stays; the second points to it and is used no longer.

    Empty fields are filled from the entry that goes, which keeps its name, so that it is found under the older
    spelling. Doing it twice is harmless. Raises ValidationError where one of them cannot be merged.
    """
    locked = {
        each.pk: each for each in Person.objects.select_for_update().filter(pk__in=[keep.pk, gone.pk]).order_by("pk")
    }
    keep, gone = locked[keep.pk], locked[gone.pk]
    if gone.merged_into_id == keep.pk:
        return keep
    _refuse(keep, gone)
    moved = Counter()
    _join_decisions(keep, gone)
    account = _join_accounts(keep, gone, moved)
    _join_consents(keep, gone, by)
    _move(keep, gone, moved, leave=())
    move_equality_answers(gone, keep)
    _join_details(keep, gone)
    _settle_panel_profile(keep, by)
    _settle_age(keep)
    detail = {"gone": gone.pk, "moved": dict(sorted(moved.items()))} | ({"account": account} if account else {})
    audit.record(by, "merged people", keep, **detail)
    return keep


def _refuse(keep: Person, gone: Person) -> None:
    if keep.pk == gone.pk:
        raise ValidationError(_("Choose two different entries"))
    if any(each.merged_into_id or each.erased_at for each in (keep, gone)):
        raise ValidationError(_("One of these entries is no longer in use"))
    if keep.user_id and gone.user_id and works_for_the_body(gone.user):
        raise ValidationError(
            _("Keep %(name)s, number %(pk)s: its account is used for staff work") % {"name": gone, "pk": gone.pk}
        )


# Details and account -----------------------------------------------------------------------------


def _join_details(keep: Person, gone: Person) -> None:
    """Fill what is empty. What is settled about an age goes together, or not at all."""
    for name in FILLED:
        if not getattr(keep, name):
            setattr(keep, name, getattr(gone, name))
    if keep.adult_from is None:
        for name in SETTLED_AGE:
            setattr(keep, name, getattr(gone, name))
    keep.save()
    gone.merged_into = keep
    gone.save(update_fields=["merged_into", "updated_at"])


def _join_accounts(keep: Person, gone: Person, moved: Counter) -> int | None:
    """Keep one account. What the other did is now said of the one that stays; returns the number of the lost one."""
    user, gone.user = gone.user, None
    gone.save(update_fields=["user"])
    if user is None:
        return None
    if keep.user_id is None:
        keep.user = user
        return None
    _move(keep.user, user, moved, leave=OF_THE_ACCOUNT)
    number = user.pk
    user.delete()
    return number


def _settle_age(keep: Person) -> None:
    """Let what staff may know of the age follow the birth date that came over."""
    young = YoungPerson.objects.filter(person=keep).first()
    if young:
        audit.record(None, "read date of birth", keep, purpose="to merge entries")
        safeguarding.follow_age(keep, young)


# Consents and decisions --------------------------------------------------------------------------


def _join_consents(keep: Person, gone: Person, by: User) -> None:
    """Of two consents in force to one purpose the later counts. A withdrawal on either entry that is later ends it.

    The earlier is ended as a changed wording ends one: by the later, on the day and in the way that this was given.
    """
    both = Consent.objects.select_for_update().filter(person__in=[keep, gone])
    in_force = {}
    for consent in both.filter(withdrawn_at=None).order_by("given_at", "pk"):
        if earlier := in_force.get(consent.purpose_id):
            _end_as(earlier, consent.given_at, consent.how, by)
        in_force[consent.purpose_id] = consent
    for consent in in_force.values():
        withdrawals = both.filter(purpose=consent.purpose_id, withdrawn_at__gt=consent.given_at)
        if later := withdrawals.order_by("-withdrawn_at").first():
            _end_as(consent, later.withdrawn_at, later.withdrawn_how, by)


def _end_as(consent: Consent, at, how: str, by: User) -> None:
    consent.withdrawn_at, consent.withdrawn_how, consent.withdrawal_recorded_by = at, how, by
    consent.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawal_recorded_by"])


def _settle_panel_profile(keep: Person, by: User) -> None:
    """A profile stands on the consent in force; without one it goes, as when the consent is withdrawn."""
    profile = PanelProfile.objects.filter(person=keep).first()
    if profile is None:
        return
    consent = keep.consents.filter(purpose__code=ConsentPurpose.PANEL_PROFILE, withdrawn_at=None).first()
    if consent is None:
        audit.record(by, "deleted panel profile", keep)
        profile.delete()
    elif profile.consent_id != consent.pk:
        profile.consent = consent
        profile.save(update_fields=["consent"])


def _join_decisions(keep: Person, gone: Person) -> None:
    """“They are two people” is about pairs, in order. That about these two has turned out to be wrong."""
    for decision in TwoPeople.objects.filter(Q(first=gone) | Q(second=gone)):
        other = decision.second_id if decision.first_id == gone.pk else decision.first_id
        first, second = sorted((keep.pk, other))
        decision.delete()
        if first != second:
            values = {"decided_by": decision.decided_by, "decided_at": decision.decided_at}
            TwoPeople.objects.get_or_create(first_id=first, second_id=second, defaults=values)


# Moving rows of any model ------------------------------------------------------------------------


def _relations(model: type[models.Model]) -> list[models.Field]:
    """Every foreign key that leads to a model, hidden ones and those of link tables included."""
    reverse = [each for each in model._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete]
    return [each.field for each in reverse if each.one_to_many or each.one_to_one]


def _move(keep: models.Model, gone: models.Model, moved: Counter, *, leave: tuple[str, ...]) -> None:
    """Let every row that leads to one record lead to another of the same kind."""
    for field in _relations(type(keep)):
        model = field.model
        if model._meta.label in leave:
            continue
        for row in model._base_manager.filter(**{field.name: gone.pk}).order_by("pk"):
            moved[model._meta.label] += 1
            if not _moved(row, field, keep):
                _settle_twin(row, field, keep, moved)


def _moved(row: models.Model, field: models.Field, keep: models.Model) -> bool:
    """Whether the row could be moved; not where a constraint holds that it is there once."""
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: keep.pk})
    except IntegrityError:
        return False
    return True


def _settle_twin(row: models.Model, field: models.Field, keep: models.Model, moved: Counter) -> None:
    twin = _twin(row, field, keep)
    if twin is None:
        # It ties the two entries to each other: somebody as their own buddy says nothing.
        row.delete()
        return
    rule = _rules.get(row._meta.label)
    if rule and rule(row, twin):
        type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: keep.pk})
        return
    _fold(row, twin, field, moved)


def _twin(row: models.Model, field: models.Field, keep: models.Model) -> models.Model | None:
    """The other entry's row that stands where this one would go, by the model's own constraints."""
    rows = type(row)._base_manager.exclude(pk=row.pk)
    sets = [((field.name,), Q())] if field.unique else []
    sets += [
        (constraint.fields, constraint.condition or Q())
        for constraint in row._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    sets += [(names, Q()) for names in row._meta.unique_together]
    values = [
        (condition, {name: getattr(row, name) for name in names} | {field.name: keep.pk})
        for names, condition in sets
        if field.name in names
    ]
    found = (rows.filter(condition, **wanted).first() for condition, wanted in values)
    return next((twin for twin in found if twin), None)


def _fold(row: models.Model, twin: models.Model, link: models.Field, moved: Counter) -> None:
    """Two rows become one: that which says more stays, gets what only the other says, and all that hangs on it.

    Texts that differ stand one after the other. Of two first days, or days of asking, the earlier counts. Where there
    is one row to an entry, as with a birth date, that of the entry that stays counts, and only gaps are filled.
    """
    fuller = row if not link.unique and _says(row) > _says(twin) else twin
    other = twin if fuller is row else row
    owner = getattr(twin, link.attname)
    _move(fuller, other, moved, leave=())
    for field in row._meta.concrete_fields:
        if not (field.unique or field == link):
            kept, lost = getattr(fuller, field.attname), getattr(other, field.attname)
            setattr(fuller, field.attname, _joined(field, kept, lost, fill_only=link.unique))
    other.delete()
    setattr(fuller, link.attname, owner)
    fuller.save()


def _says(row: models.Model) -> int:
    """In how many fields a row says something."""
    return sum(getattr(row, field.attname) not in EMPTY for field in row._meta.concrete_fields)


def _joined(field: models.Field, kept, lost, *, fill_only: bool):
    if kept in EMPTY:
        return lost
    if fill_only or lost in EMPTY:
        return kept
    if isinstance(field, models.DateField) and not field.null:
        return min(kept, lost)
    if type(field) in (models.CharField, models.TextField) and not field.choices and lost not in kept:
        both = f"{kept}; {lost}"
        return both if isinstance(field, models.TextField) else both[: field.max_length]
    return kept
