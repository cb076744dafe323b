"""Opportunities to take part and those who apply: from the public form to a seat (MEM-004 to 006, POR-014)."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from core.portal import Card
from forums.models import Application, Forum, Membership, Opportunity
from forums.services import seats
from people.models import Channel, ConsentPurpose, ConsentWording, How, Person, User
from people.services import consents, messages, open_account, register

Status = Application.Status
ASKED = (ConsentPurpose.MEMBERSHIP, ConsentPurpose.OPPORTUNITIES)

# Opportunities -----------------------------------------------------------------------------------


def with_places(opportunities):
    """With `taken`, the number of people appointed."""
    appointed = Count("applications", filter=Q(applications__status=Status.APPOINTED), distinct=True)
    return opportunities.annotate(taken=appointed)


def soonest_first(opportunities):
    """By the day until which people can apply; those without one last."""
    return opportunities.order_by(F("closes_on").asc(nulls_last=True), "title", "pk")


@transaction.atomic
def publish(opportunity: Opportunity, *, by: User) -> Opportunity:
    """Let everybody read and apply. A second time changes nothing. Raises ValidationError.

    People must know before what they can influence and what not (MEM-006).
    """
    opportunity = _locked(opportunity)
    if opportunity.published_at is not None:
        return opportunity
    if not (opportunity.can_influence.strip() and opportunity.cannot_influence.strip()):
        raise ValidationError(
            _("Say first what people can influence, and what they cannot: %(title)s") % {"title": opportunity}
        )
    opportunity.published_at = timezone.now()
    opportunity.save(update_fields=["published_at", "updated_at"])
    audit.record(by, "published", opportunity)
    return opportunity


@transaction.atomic
def withdraw(opportunity: Opportunity, *, by: User) -> Opportunity:
    """Take an opportunity off the public pages. Applications stay."""
    opportunity = _locked(opportunity)
    if opportunity.published_at is not None:
        opportunity.published_at = None
        opportunity.save(update_fields=["published_at", "updated_at"])
        audit.record(by, "withdrew", opportunity)
    return opportunity


def _locked(opportunity: Opportunity) -> Opportunity:
    return Opportunity.objects.select_for_update().get(pk=opportunity.pk)


# Applying ----------------------------------------------------------------------------------------


def wordings_asked() -> list[ConsentWording]:
    """What an applicant may agree to, each in the words in force."""
    return [wording for wording in consents.current_wordings() if wording.purpose.code in ASKED]


@transaction.atomic
def apply(
    opportunity: Opportunity,
    *,
    form_token: uuid.UUID,
    by: User | None = None,
    how: str = How.WEB,
    name: str,
    statement: str,
    email: str = "",
    phone: str = "",
    birth_year: int | None = None,
    postcode: str = "",
    wordings: list[ConsentWording] | tuple = (),
) -> Application:
    """Take in an application of somebody without an account: from the public form, or entered by staff (`by`).

    The same form sent twice is one application. Somebody on the register is found and not changed. Who has applied
    already is told so in a message, never on a public page: that would tell others. Staff may enter after the closing
    day what came in time. Raises ValidationError.
    """
    opportunity = _locked(opportunity)
    if found := Application.objects.filter(form_token=form_token).first():
        return found
    _check_open(opportunity, is_late_allowed=by is not None)
    channel = Channel.EMAIL if email else Channel.PHONE
    values = {"phone": phone, "birth_year": birth_year, "postcode": postcode, "channel": channel}
    person, is_new = register.find_or_add(by=by, name=name, email=email, **values)
    if by is None and (found := _open_application(opportunity, person)):
        _tell_again(found)
        return found
    notes = "" if is_new else _what_differs(person, birth_year)
    application = _receive(opportunity, person, form_token, statement, how, by, notes=notes)
    is_young = _is_young(person) or may_be_under_18(birth_year)
    given = [] if is_young else [consents.give(person, wording, how=how, by=by) for wording in wordings]
    _confirm(application, [consent.purpose.name for consent in given], by)
    return application


@transaction.atomic
def apply_as_member(
    opportunity: Opportunity, person: Person, *, form_token: uuid.UUID, statement: str, by: User
) -> Application:
    """Take in an application from the portal. The same form sent twice is one application. Raises ValidationError."""
    opportunity = _locked(opportunity)
    if found := Application.objects.filter(form_token=form_token, person=person).first():
        return found
    _check_open(opportunity)
    application = _receive(opportunity, person, form_token, statement, How.PORTAL, by)
    _confirm(application, [], by)
    return application


def may_be_under_18(birth_year: int | None) -> bool:
    """Whether somebody born in the year may be under 18."""
    return Person(birth_year=birth_year).may_be_under_18


def _is_young(person: Person) -> bool:
    return person.is_under_18 or person.may_be_under_18


def _check_open(opportunity: Opportunity, *, is_late_allowed: bool = False) -> None:
    if opportunity.published_at is None or opportunity.published_at > timezone.now():
        raise ValidationError(_("This opportunity is not open yet"), code="closed")
    if not opportunity.is_open and not is_late_allowed:
        day = date_format(opportunity.closes_on, "j F Y")
        raise ValidationError(_("You could apply until %(day)s. It is now closed") % {"day": day}, code="closed")


def _open_application(opportunity: Opportunity, person: Person) -> Application | None:
    return opportunity.applications.open().filter(person=person).first()


def _what_differs(person: Person, birth_year: int | None) -> str:
    """A note for staff where the form gives another year of birth than the register: it may be about a child."""
    if birth_year is None or person.birth_year == birth_year:
        return ""
    words = {"given": birth_year, "kept": person.birth_year or _("not recorded")}
    return _("Year of birth on the form: %(given)s. On the register: %(kept)s. Check which is right.") % words


def _receive(opportunity, person, form_token, statement, how, by, *, notes: str = "") -> Application:
    if _open_application(opportunity, person):
        raise ValidationError(_("There is an open application for this already"), code="already")
    application = Application(
        opportunity=opportunity,
        person=person,
        form_token=form_token,
        statement=statement,
        how=how,
        recorded_by=by,
        notes=notes,
    )
    application.full_clean()
    application.save()
    audit.record(by, "received application", application, how=how, opportunity=opportunity.pk)
    return application


def _confirm(application: Application, agreed: list[str], by: User | None) -> None:
    lines = [_("Thank you. We have your application. We read each one and write to you again.")]
    if agreed:
        lines.append(
            _("You agreed to: %(names)s. You can change this at any time: just tell us.") % {"names": ", ".join(agreed)}
        )
    _tell(application, "received", _("We have your application: %(title)s"), "\n\n".join(lines), by)


def _tell_again(application: Application) -> None:
    body = _("You have applied for this already, so we keep your first application. To change it, write to us.")
    _tell(application, "again", _("You have applied already: %(title)s"), body, None)


def _tell(application: Application, step: str, subject: str, body: str, by: User | None) -> None:
    """Answer somebody's application, once for each step. An answer needs no consent."""
    subject = subject % {"title": application.opportunity.title}
    key = f"application-{application.pk}-{step}"
    messages.write(application.person, ConsentPurpose.SERVICE, subject, body, by=by, key=key)


# Deciding ----------------------------------------------------------------------------------------


@transaction.atomic
def note(application: Application, *, by: User, notes: str) -> Application:
    """Keep the notes of the panel."""
    application = _locked_application(application)
    application.notes = notes.strip()
    application.save(update_fields=["notes", "updated_at"])
    audit.record(by, "changed", application, fields=["notes"])
    return application


@transaction.atomic
def shortlist(application: Application, *, by: User) -> Application:
    """Take an application to the next round. A second time changes nothing. Raises ValidationError."""
    application = _locked_application(application)
    if application.status != Status.SHORTLISTED:
        _check_undecided(application)
        application.status = Status.SHORTLISTED
        application.save(update_fields=["status", "updated_at"])
        audit.record(by, "shortlisted", application)
    return application


@transaction.atomic
def decline(application: Application, reason: str, *, by: User) -> Application:
    """Do not appoint somebody, and tell them why. A second time changes nothing. Raises ValidationError."""
    application = _locked_application(application)
    if application.status == Status.DECLINED:
        return application
    _check_undecided(application)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the person is told")})
    application.reason = reason.strip()
    _decide(application, Status.DECLINED, by, "reason")
    audit.record(by, "declined", application)
    body = _("Thank you for applying. This time we did not choose you. The reason: %(reason)s") % {
        "reason": application.reason
    }
    _tell(application, "declined", _("Your application: %(title)s"), body, by)
    return application


@transaction.atomic
def withdraw_application(application: Application, *, by: User) -> Application:
    """Somebody no longer wants it. A second time changes nothing. Raises ValidationError once it is decided."""
    application = _locked_application(application)
    if application.status != Status.WITHDRAWN:
        _check_undecided(application)
        _decide(application, Status.WITHDRAWN, by)
        audit.record(by, "withdrew application", application)
    return application


def appoint(application: Application, *, by: User, because: str = "") -> Application:
    """Give the applicant the seat, an account and the role description, all at once or not at all.

    A second time changes nothing. Raises ValidationError with what stands against it: ages, seats, a closed forum,
    places that are filled. The age is looked at before the transaction: that a birth date was read stays on record
    when the seat is refused. Without a forum there are no ages, but the safeguards of people under 18 still hold.
    """
    if application.status in Application.OPEN:
        seats.check_age(application.person, application.opportunity.forum or Forum())
    return _appoint(application, by, because)


@transaction.atomic
def _appoint(application: Application, by: User, because: str) -> Application:
    """The opportunity's row is locked, so that two people cannot take its last place."""
    opportunity = _locked(application.opportunity)
    application = _locked_application(application)
    if application.status == Status.APPOINTED:
        return application
    _check_undecided(application)
    appointed = opportunity.applications.filter(status=Status.APPOINTED).count()
    if opportunity.places is not None and appointed >= opportunity.places:
        words = {"places": opportunity.places, "title": opportunity}
        raise ValidationError(_("All places are filled (%(places)s): %(title)s") % words, code="full")
    if opportunity.forum_id:
        application.membership = seats.appoint(
            application.person, opportunity.forum, opportunity.role, by=by, selected_because=because.strip()
        )
    _decide(application, Status.APPOINTED, by, "membership")
    audit.record(by, "appointed applicant", application, membership=application.membership_id)
    can_sign_in = _open_account(application.person, by)
    _tell(application, "welcome", _("Welcome: %(title)s"), welcome(opportunity, can_sign_in=can_sign_in), by)
    return application


def _open_account(person: Person, by: User) -> bool:
    """Whether somebody can sign in now. Families share addresses: then staff act for the second person."""
    if not person.email or person.write_to_guardian:
        return person.user_id is not None
    try:
        open_account(person, by=by)
    except ValidationError:
        return False
    return True


def welcome(opportunity: Opportunity, *, can_sign_in: bool) -> str:
    """What somebody is told who was chosen: the role description, and how to sign in."""
    what = opportunity.forum or opportunity
    lines = [_("We are glad to have you: %(name)s.") % {"name": what}]
    lines += [f"{label}: {text}" for label, text in role_description(opportunity)]
    if can_sign_in:
        address = settings.SITE_URL + reverse("account_login")
        lines.append(
            _("Sign in at %(address)s. We send you a code by e-mail; you need no password.") % {"address": address}
        )
    else:
        lines.append(_("You do not need to go online. Call us or write to us, and we do the rest."))
    return "\n\n".join(lines)


def role_description(opportunity: Opportunity) -> list[tuple[str, str]]:
    """What it takes and what it gives, in pairs of label and text (MEM-006). What is not recorded is left out."""
    lines = [
        (_("What it is about"), opportunity.summary),
        (_("What you can influence"), opportunity.can_influence),
        (_("What you cannot influence"), opportunity.cannot_influence),
        (_("Time it takes"), opportunity.commitment),
        (_("For how long"), opportunity.term),
        (_("Support you get"), opportunity.support),
        (_("Expenses and payment"), opportunity.payment),
    ]
    return [(label, text) for label, text in lines if text.strip()]


def _locked_application(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("person", "opportunity")
        .get(pk=application.pk)
    )


def _check_undecided(application: Application) -> None:
    if application.status not in Application.OPEN:
        words = {"status": application.get_status_display()}
        raise ValidationError(_("This application is decided already: %(status)s") % words, code="decided")


def _decide(application: Application, status: str, by: User, *fields: str) -> None:
    application.status, application.decided_at, application.decided_by = status, timezone.now(), by
    application.save(update_fields=["status", "decided_at", "decided_by", "updated_at", *fields])


# The role ----------------------------------------------------------------------------------------


@transaction.atomic
def accept_role(membership: Membership, *, by: User) -> Membership:
    """Note that a member has read and accepted what the role is about. A second time changes nothing."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.accepted_on is None:
        membership.accepted_on = timezone.localdate()
        membership.save(update_fields=["accepted_on", "updated_at"])
        audit.record(by, "accepted role description", membership)
    return membership


def waiting(person: Person) -> list[Card]:
    """For each seat whose role description is not accepted yet, one card. Observers and employed people have none."""
    sitting = Membership.objects.current().filter(person=person, accepted_on=None, is_observer=False)
    sitting = sitting.exclude(paid=Membership.Paid.EMPLOYED).select_related("forum", "role")
    return [
        Card(
            title=_("Read what your role is about"),
            text=f"{membership.forum}: {membership.role}",
            url=reverse("members:role_accept", args=[membership.pk]),
        )
        for membership in sitting
    ]
