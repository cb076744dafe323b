"""Assurance: an independent group judges whether people were involved enough, and whether it mattered (SVC-030).

Nobody judges their own work: those who lead a project or sit on it neither answer nor conclude. Everything that the
gate reads is written with the project's row locked.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.portal import Card
from core.work import Line
from engagement.models import Answer, Assurance, AssuranceAnswer, Condition, Project
from engagement.services.gates import Obstacle
from engagement.services.parts import Part
from forums.models import Forum, Membership
from people.models import ConsentPurpose, Person, User
from people.models.register import PersonQuerySet
from people.services import messages

Before = Condition.Before
Result = Assurance.Result
Stage = Project.Stage

# Independence ------------------------------------------------------------------------------------


def works_on(project: Project, user: User) -> bool:
    """Whether somebody with an account leads the project, or has sat on it for patients."""
    return project.lead_id == user.pk or project.representatives.filter(person__user=user).exists()


def answerers(project: Project, forum: Forum) -> PersonQuerySet:
    """Who judges for a group: those who sit on it today and vote there, and do not work on the project."""
    seats = Membership.objects.current().filter(forum=forum, is_observer=False)
    people = Person.objects.filter(pk__in=seats.values("person"))
    people = people.exclude(pk__in=project.representatives.values("person"))
    return people.exclude(user=project.lead_id) if project.lead_id else people


def may_conclude(project: Project, user: User) -> bool:
    """Whether somebody may say what a group concluded. Nobody does so about a project they work on."""
    return user.has_perm("engagement.conclude_assurance") and not works_on(project, user)


# Asking ------------------------------------------------------------------------------------------


@transaction.atomic
def ask(project: Project, forum: Forum, *, answers_due_on: datetime.date, briefing: str = "", by: User) -> Assurance:
    """Ask a group about a project; its members are written to. The same again finds the first. Raises ValidationError.

    The group must work, must not take the decision itself, and needs somebody who does not work on the project.
    """
    project = _locked(project)
    given = {"answers_due_on": answers_due_on, "briefing": briefing.strip()}
    if found := project.assurances.filter(forum=forum, concluded_at=None, **given).first():
        return found
    _check_may_be_asked(project, forum, answers_due_on)
    assurance = Assurance(project=project, forum=forum, asked_by=by, **given)
    assurance.full_clean()
    assurance.save()
    audit.record(by, "asked a group", assurance, forum=forum.pk)
    for person in answerers(project, forum):
        _write(assurance, person, "asked", _("Were people involved enough?"), _invitation(assurance), by)
    return assurance


def _check_may_be_asked(project: Project, forum: Forum, day: datetime.date) -> None:
    if not project.is_open:
        raise ValidationError(_("%(project)s has ended. Nobody is asked about it") % {"project": project})
    if forum.status not in Forum.WORKING:
        words = {"forum": forum, "status": forum.get_status_display()}
        raise ValidationError({"forum": _("Choose a group that works now. %(forum)s: %(status)s") % words})
    if forum.pk == project.decision_by_id:
        raise ValidationError({"forum": _("%(forum)s takes the decision. Choose another group") % {"forum": forum}})
    if day <= timezone.localdate():
        raise ValidationError({"answers_due_on": _("Choose a day after today")})
    if not answerers(project, forum).exists():
        words = {"forum": forum}
        raise ValidationError(
            {"forum": _("%(forum)s has no members who are independent of the project. Choose another group") % words}
        )


def _invitation(assurance: Assurance) -> str:
    words = {
        "forum": assurance.forum,
        "project": assurance.project.title,
        "first": AssuranceAnswer._meta.get_field("sufficient").verbose_name,
        "second": AssuranceAnswer._meta.get_field("influential").verbose_name,
        "day": date_format(assurance.answers_due_on, "j F Y"),
    }
    body = _(
        "%(forum)s is asked to judge this work: %(project)s.\n\n1. %(first)s\n2. %(second)s\n\n"
        "Please answer by %(day)s, on your own page or by telling us."
    )
    return "\n\n".join(part for part in (body % words, assurance.briefing) if part)


def _write(assurance: Assurance, person: Person, step: str, subject: str, body: str, by: User) -> None:
    key = f"assurance-{assurance.pk}-{step}-{person.pk}"
    messages.write(person, ConsentPurpose.MEMBERSHIP, subject, body, by=by, key=key)


# Answering ---------------------------------------------------------------------------------------


@transaction.atomic
def answer(
    assurance: Assurance,
    person: Person,
    *,
    by: User,
    sufficient: str,
    influential: str,
    sufficient_because: str = "",
    influential_because: str = "",
    condition: str = "",
) -> AssuranceAnswer:
    """Keep what a member thinks; it may be changed until the group has concluded. The same again changes nothing.

    `by` is the member, or staff who enter what a member told them. Raises ValidationError.
    """
    assurance = _locked_assurance(assurance)
    _check_may_answer(assurance, person, by)
    given = {
        "sufficient": sufficient,
        "sufficient_because": sufficient_because.strip(),
        "influential": influential,
        "influential_because": influential_because.strip(),
        "condition": condition.strip(),
    }
    _check_reasons(given)
    row = assurance.answers.filter(person=person).first() or AssuranceAnswer(assurance=assurance, person=person)
    is_own = person.user_id == by.pk
    if row.pk and not is_own and row.entered_by_id is None:
        raise ValidationError(_("They have answered themselves. Only they can change that"))
    if row.pk and all(getattr(row, name) == value for name, value in given.items()):
        return row
    for name, value in given.items():
        setattr(row, name, value)
    row.answered_at, row.entered_by = timezone.now(), None if is_own else by
    row.full_clean()
    row.save()
    audit.record(by, "judged", row, assurance=assurance.pk)
    return row


def _check_may_answer(assurance: Assurance, person: Person, by: User) -> None:
    if assurance.concluded_at:
        raise ValidationError(_("This group has concluded. Answers can no longer be given"), code="concluded")
    if not assurance.project.is_open:
        raise ValidationError(_("%(project)s has ended. Nobody is asked about it") % {"project": assurance.project})
    if not answerers(assurance.project, assurance.forum).filter(pk=person.pk).exists():
        raise ValidationError(
            _("Only members of the group who do not work on the project answer. Observers can read"), code="no_seat"
        )
    if works_on(assurance.project, by):
        raise ValidationError(_("You work on this project. Somebody else has to enter the answers"), code="own")


def _check_reasons(given: dict[str, str]) -> None:
    for name in ("sufficient", "influential"):
        if given[name] != Answer.YES and not given[f"{name}_because"]:
            raise ValidationError({f"{name}_because": _("Say what was missing")})


# Concluding --------------------------------------------------------------------------------------


@transaction.atomic
def conclude(
    assurance: Assurance, *, result: str, statement: str, by: User, conditions: Iterable[dict] = ()
) -> Assurance:
    """Say what the group concluded, with the conditions it sets: text, before, owner and due_on of each.

    Whoever comes second is told so; the same from the same person again changes nothing. Raises ValidationError for
    somebody who works on the project, for an assurance that nobody gave, and for “partly” without a condition.
    """
    assurance = _locked_assurance(assurance)
    statement, wanted = statement.strip(), list(conditions)
    if assurance.concluded_at:
        if (assurance.result, assurance.statement, assurance.concluded_by_id) == (result, statement, by.pk):
            return assurance
        words = {"who": assurance.concluded_by or _("Somebody"), "result": assurance.get_result_display()}
        raise ValidationError(_("%(who)s has concluded already: %(result)s") % words, code="concluded")
    if works_on(assurance.project, by):
        raise ValidationError(_("You work on this project. Somebody else has to conclude"), code="own")
    _check_result(assurance, result, statement, wanted)
    assurance.result, assurance.statement = result, statement
    assurance.concluded_at, assurance.concluded_by = timezone.now(), by
    assurance.full_clean(exclude=["asked_by"])  # whoever asked may have left since
    assurance.save(update_fields=["result", "statement", "concluded_at", "concluded_by", "updated_at"])
    for values in wanted:
        _add_condition(assurance, values)
    audit.record(by, "concluded", assurance, result=result, conditions=len(wanted))
    for given in assurance.answers.select_related("person"):
        _write(assurance, given.person, "concluded", _("What your group concluded"), _outcome(assurance), by)
    return assurance


def _check_result(assurance: Assurance, result: str, statement: str, conditions: list[dict]) -> None:
    if result not in Result.values:
        raise ValidationError({"result": _("Select the result")})
    if not statement:
        raise ValidationError({"statement": _("Say why the group is assured or not")})
    if not assurance.answers.exists():
        day = date_format(assurance.answers_due_on, "j F Y")
        if assurance.answers_due_on >= timezone.localdate():
            raise ValidationError(_("Nobody has answered yet. Wait for answers until %(day)s") % {"day": day})
        if result != Result.NOT:
            raise ValidationError({"result": _("Nobody has answered, so the group cannot be assured")}, code="nobody")
    if result == Result.PARTLY and not conditions:
        raise ValidationError(_("Add at least one condition: say what would make the group assured"), code="conditions")


def _add_condition(assurance: Assurance, values: dict) -> None:
    condition = Condition(assurance=assurance, **values | {"text": values["text"].strip()})
    if condition.due_on < timezone.localdate():
        raise ValidationError(_("A condition cannot be due before today: %(text)s") % {"text": condition})
    condition.full_clean()
    condition.save()


def _outcome(assurance: Assurance) -> str:
    words = {"project": assurance.project.title, "result": assurance.get_result_display()}
    body = _("You judged this work: %(project)s.\n\nWhat the group concluded: %(result)s.") % words
    return f"{body}\n\n{assurance.statement}"


@transaction.atomic
def condition_done(condition: Condition, *, done_on: datetime.date, what_was_done: str, by: User) -> Condition:
    """Say that a condition is met, when and how. The same again changes nothing. Raises ValidationError."""
    _locked(condition.assurance.project)
    condition = Condition.objects.select_for_update().get(pk=condition.pk)
    given = {"done_on": done_on, "what_was_done": what_was_done.strip()}
    if condition.done_on is not None:
        if all(getattr(condition, name) == value for name, value in given.items()):
            return condition
        day = date_format(condition.done_on, "j F Y")
        raise ValidationError(_("This condition was met already, on %(day)s") % {"day": day}, code="done")
    if done_on > timezone.localdate():
        raise ValidationError({"done_on": _("The day must not be in the future")})
    if not given["what_was_done"]:
        raise ValidationError({"what_was_done": _("Say what was done")})
    for name, value in given.items():
        setattr(condition, name, value)
    condition.done_by = by
    condition.full_clean()
    condition.save()
    audit.record(by, "met a condition", condition, assurance=condition.assurance_id)
    return condition


def _locked(project: Project) -> Project:
    return Project.objects.select_for_update().get(pk=project.pk)


def _locked_assurance(assurance: Assurance) -> Assurance:
    """The row as it is now. The project is locked first: the gate that reads it is asked under the same lock."""
    project = _locked(assurance.project)
    assurance = Assurance.objects.select_for_update().get(pk=assurance.pk)
    assurance.project = project
    return assurance


# What is read elsewhere --------------------------------------------------------------------------


def gate(project: Project, to: str) -> Iterator[Obstacle]:
    """No decision without assurance, and no step before the conditions for it are met."""
    if to == Stage.DECISION:
        yield from _not_assured(project)
    if to in Before.values:
        rows = Condition.objects.open().filter(assurance__project=project, before=to)
        for condition in rows.select_related("assurance__forum"):
            words = {"forum": condition.assurance.forum, "condition": condition.text}
            yield Obstacle(
                _("Meet this condition of %(forum)s: %(condition)s") % words,
                reverse("engagement:condition_done", args=[condition.pk]),
            )


def _not_assured(project: Project) -> Iterator[Obstacle]:
    """The last word of each group counts."""
    url = reverse("engagement:assurance_list", args=[project.pk])
    latest = latest_results(project)
    if not latest:
        yield Obstacle(_("Ask an independent group whether people were involved enough, and whether it mattered"), url)
    for assurance in latest:
        if assurance.result == Result.NOT:
            words = {"forum": assurance.forum}
            yield Obstacle(_("%(forum)s is not assured. Do what is missing, then ask again") % words, url)


def latest_results(project: Project) -> list[Assurance]:
    """The latest conclusion of each group about a project."""
    rows = project.assurances.concluded().select_related("forum")
    return list({assurance.forum_id: assurance for assurance in rows}.values())


def part(project: Project, user: User) -> Part | None:
    """Where assurance stands on the project's page."""
    if not user.has_perm("engagement.view_assurance"):
        return None
    rows = project.assurances.select_related("forum").annotate(answered=Count("answers"))
    rows = list(rows.order_by("concluded_at", "pk"))
    results = {row.forum_id: row.result for row in rows if row.result}
    asked = [row for row in rows if not row.result]
    open_ones = Condition.objects.open().filter(assurance__project=project).count()
    url = reverse("engagement:assurance_list", args=[project.pk])
    return Part(_("Assurance"), *_stand(set(results.values()), asked), _in_words(rows, asked, open_ones), url)


def _stand(results: set[str], asked: list[Assurance]) -> tuple[str, str]:
    """The worst that a group said, or whether one is asked, with the colour of its tag."""
    if asked and not results:
        return _("Asked"), "blue"
    for result, colour in ((Result.NOT, "red"), (Result.PARTLY, "yellow"), (Result.ASSURED, "green")):
        if result in results:
            return capfirst(result.label), colour
    return _("Not asked"), "grey"


def _in_words(rows: list[Assurance], asked: list[Assurance], open_ones: int) -> str:
    if not rows:
        return _("No independent group has been asked yet.")
    said = []
    for row in asked:
        words = {"forum": row.forum, "count": row.answered, "day": date_format(row.answers_due_on, "j F Y")}
        text = ngettext(
            "%(forum)s is asked: %(count)s answer, wanted by %(day)s.",
            "%(forum)s is asked: %(count)s answers, wanted by %(day)s.",
            row.answered,
        )
        said.append(text % words)
    if open_ones:
        text = ngettext("%(count)s condition is open.", "%(count)s conditions are open.", open_ones)
        said.append(text % {"count": open_ones})
    return " ".join(said) or _("Every condition is met.")


def waiting(person: Person) -> Iterator[Card]:
    """What a member is asked to judge and has not answered yet. Those who work on a project are not asked."""
    rows = Assurance.objects.asked().for_member(person).exclude(answers__person=person)
    rows = rows.exclude(project__representatives__person=person)
    if person.user_id:
        rows = rows.exclude(project__lead=person.user_id)
    for assurance in rows.select_related("project", "forum").order_by("answers_due_on", "pk"):
        words = {"project": assurance.project.title}
        yield Card(
            title=_("Say whether people were involved enough: %(project)s") % words,
            text=_("%(forum)s is asked to judge this work.") % {"forum": assurance.forum},
            url=reverse("assurance:answer", args=[assurance.pk]),
            due=assurance.answers_due_on,
        )


def left(user: User) -> Iterator[Line]:
    """For the front page of staff: conditions whose day has passed."""
    if not user.has_perm("engagement.view_condition"):
        return
    if count := Condition.objects.for_user(user).overdue().count():
        words = ngettext(
            "%(count)s condition of an assurance is overdue", "%(count)s conditions of assurance are overdue", count
        )
        yield Line(words % {"count": count}, reverse("engagement:condition_list"))
