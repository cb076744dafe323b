"""Patients and the public on a project (ENG-042, ENG-043), and what a council's scrutiny was told (SVC-015)."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from engagement.models import Policy, Project, Representative, ScrutinyContact
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from engagement.services.projects import locked
from people.models import Person, User


def number_of(project: Project) -> int:
    """How many people represent patients and the public on a project today; one with two tasks counts once."""
    return Representative.objects.present().filter(project=project).values("person").distinct().count()


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """No decision without the fewest representatives that the body's policy asks for."""
    least, here = Policy.objects.current().least_representatives, number_of(project)
    if to == Project.Stage.DECISION and here < least:
        words = ngettext(
            "Add a patient representative: there are %(here)s, and there has to be at least %(least)s",
            "Add patient representatives: there are %(here)s, and there have to be at least %(least)s",
            least,
        )
        url = reverse("engagement:representative_add", args=[project.pk])
        yield Obstacle(words % {"here": here, "least": least}, url)


def part(project: Project, user) -> Part | None:
    """How many represent patients, against what the policy asks for and wants."""
    if not user.has_perm("engagement.view_representative"):
        return None
    policy, here = Policy.objects.current(), number_of(project)
    status, colour = _("enough"), "green"
    if here < policy.least_representatives:
        status, colour = _("too few"), "red"
    elif here < policy.wanted_representatives:
        status, colour = _("more wanted"), "yellow"
    words = _("%(here)s on the project. At least %(least)s, better %(wanted)s.") % {
        "here": here,
        "least": policy.least_representatives,
        "wanted": policy.wanted_representatives,
    }
    url = reverse("engagement:project_detail", args=[project.pk]) + "#representatives"
    return Part(_("Patient representatives"), status, colour, words, url)


def find_person(text: str, user: User) -> Person:
    """The one person on the register with exactly that name or e-mail address. Raises ValidationError.

    Nobody is listed: somebody who works on a project need not be allowed to read the register.
    """
    known = Person.objects.known().for_user(user)
    found = list((known.filter(email__iexact=text) if "@" in text else known.filter(name__iexact=text))[:2])
    if not found:
        raise ValidationError(_("Nobody on the register has this name or e-mail address. Check how it is written"))
    if len(found) > 1:
        raise ValidationError(_("Several people have it. Enter the e-mail address of the one you mean"))
    return found[0]


@transaction.atomic
def add_representative(project: Project, person: Person, *, by: User, **fields) -> Representative:
    """Take somebody on to a project, at the stage where it stands. The same again finds the first.

    Raises ValidationError, also for a day in the future and for a task that needs a question about conflicts first.
    """
    project = locked(project, by)
    task = fields.get("task", Representative.Task.GROUP)
    if found := project.representatives.filter(person=person, task=task).first():
        if found.left_on is None:
            return found
        raise ValidationError(_("This person had that task before, and left. Correct the day on which they left"))
    row = Representative(project=project, person=person, joined_at_stage=project.stage, **fields)
    _save(row, by, "took on")
    return row


@transaction.atomic
def change_representative(row: Representative, *, by: User, **fields) -> Representative:
    """Say when somebody left, what they changed, or that they were asked about conflicts. Raises ValidationError."""
    locked(row.project, by)
    row = Representative.objects.select_for_update().get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    _save(row, by, "changed")
    return row


def _save(row: Representative, by: User, verb: str) -> None:
    for name in ("joined_on", "conflict_checked_on"):
        if (day := getattr(row, name)) and day > timezone.localdate():
            raise ValidationError({name: _("The day must not be in the future")})
    row.full_clean()
    row.save()
    audit.record(by, verb, row, project=row.project_id)


@transaction.atomic
def add_scrutiny(project: Project, *, by: User, **fields) -> ScrutinyContact:
    """Record what a scrutiny committee was told. The same committee on the same day is one. Raises ValidationError."""
    project = locked(project, by)
    same = {name: fields.get(name) for name in ("committee", "informed_on")}
    if found := project.scrutiny.filter(**same).first():
        return found
    return _save_scrutiny(ScrutinyContact(project=project, **fields), by, "recorded")


@transaction.atomic
def change_scrutiny(row: ScrutinyContact, *, by: User, **fields) -> ScrutinyContact:
    """Record what a committee answered, or correct what it was told. Raises ValidationError."""
    locked(row.project, by)
    row = ScrutinyContact.objects.select_for_update().get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    return _save_scrutiny(row, by, "changed")


def _save_scrutiny(row: ScrutinyContact, by: User, verb: str) -> ScrutinyContact:
    for name in ("informed_on", "responded_on"):
        if (day := getattr(row, name)) and day > timezone.localdate():
            raise ValidationError({name: _("The day must not be in the future")})
    if row.response and not row.responded_on:
        raise ValidationError({"responded_on": _("Enter the day of the response")})
    row.full_clean()
    row.save()
    audit.record(by, verb, row, project=row.project_id)
    return row
