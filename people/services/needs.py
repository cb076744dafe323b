"""Access needs, panel profiles and equality answers. Every read and every change leaves an audit row."""

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, disclosure
from people.models import (
    AccessNeed,
    ConsentPurpose,
    EqualityAnswer,
    EqualityOption,
    EqualityQuestion,
    NeedKind,
    PanelProfile,
    Person,
    User,
)
from people.models.needs import NEEDS_WORDS

LONGEST_DETAIL = AccessNeed._meta.get_field("detail").max_length

# Access needs ------------------------------------------------------------------------------------


@transaction.atomic
def needs_of(people: Iterable[Person], *, by: User | None, purpose: str) -> dict[int, list[AccessNeed]]:
    """The access needs of each person, by the person's number. The reading is audited, person by person."""
    people = list(people)
    found = defaultdict(list)
    for need in AccessNeed.objects.filter(person__in=people):
        found[need.person_id].append(need)
    audit.record_each(by, "read access needs", people, purpose=purpose)
    return found


@transaction.atomic
def set_needs(person: Person, needs: dict[str, str], *, by: User) -> None:
    """Record what somebody needs: kind → detail in their words. What is left out is no longer needed.

    Raises ValidationError for a kind that needs words and has none, for too many words and for an unknown kind.
    """
    for kind, detail in needs.items():
        _check_need(kind, detail.strip())
    now = timezone.now()
    Person.objects.select_for_update().get(pk=person.pk)
    person.access_needs.exclude(kind__in=needs).delete()
    for kind, detail in needs.items():
        values = {"detail": detail.strip(), "recorded_at": now, "recorded_by": by}
        AccessNeed.objects.update_or_create(person=person, kind=kind, defaults=values)
    audit.record(by, "changed access needs", person)


def _check_need(kind: str, detail: str) -> None:
    if kind not in NeedKind.values:
        raise ValidationError(_("There is no such need: %(kind)s") % {"kind": kind})
    words = {"need": NeedKind(kind).label, "most": LONGEST_DETAIL}
    if kind in NEEDS_WORDS and not detail:
        raise ValidationError({kind: _("Say which: %(need)s") % words})
    if len(detail) > LONGEST_DETAIL:
        raise ValidationError({kind: _("%(need)s: use %(most)s characters or fewer") % words})


# Panel profile -----------------------------------------------------------------------------------


@transaction.atomic
def panel_profile(person: Person, *, by: User | None, purpose: str) -> PanelProfile | None:
    """What somebody told about themselves for panels; None when they told nothing. The reading is audited."""
    audit.record(by, "read panel profile", person, purpose=purpose)
    return PanelProfile.objects.filter(person=person).first()


@transaction.atomic
def panel_answers(people: Iterable[Person], *, by: User | None, purpose: str) -> list[dict[str, str]]:
    """What these people told about themselves for panels, question → option, without saying who told what (INC-020).

    Who told nothing is not in it. The reading is audited, person by person.
    """
    people = list(people)
    answers = list(PanelProfile.objects.filter(person__in=people).values_list("answers", flat=True))
    audit.record_each(by, "read panel profile", people, purpose=purpose)
    return answers


@transaction.atomic
def set_panel_profile(person: Person, answers: dict[str, str], experience: str, *, by: User) -> PanelProfile:
    """Keep what somebody tells about themselves for panels. Raises ValidationError without the explicit consent."""
    consent = person.consents.filter(purpose__code=ConsentPurpose.PANEL_PROFILE, withdrawn_at=None).first()
    if consent is None:
        raise ValidationError(_("Agree first that your answers may be used to balance panels"))
    _check_answers(answers)
    profile, _is_new = PanelProfile.objects.update_or_create(
        person=person, defaults={"consent": consent, "answers": answers, "experience": experience.strip()}
    )
    audit.record(by, "changed panel profile", person)
    return profile


def _check_answers(answers: dict[str, str]) -> None:
    known = set(EqualityOption.objects.values_list("question__code", "code"))
    if unknown := [question for question, option in answers.items() if (question, option) not in known]:
        raise ValidationError(_("There is no such answer to: %(names)s") % {"names": ", ".join(unknown)})


# Equality monitoring -----------------------------------------------------------------------------


def _pseudonym(person: Person) -> str:
    """The key under which somebody's answers are kept. Only their own session asks for it, through `by`."""
    return hmac.new(settings.EQUALITY_KEY.encode(), f"person {person.pk}".encode(), hashlib.sha256).hexdigest()


def _refuse_others(person: Person, by: User) -> None:
    if person.user_id is None or person.user_id != by.pk:
        raise ValidationError(_("Only the person can see or change these answers"))


@transaction.atomic
def own_equality_answers(person: Person, *, by: User) -> dict[str, str]:
    """What somebody answered, question → option, for themselves alone. Raises ValidationError for anybody else."""
    _refuse_others(person, by)
    audit.record(by, "read own equality answers", person)
    rows = EqualityAnswer.objects.filter(pseudonym=_pseudonym(person)).select_related("question", "option")
    return {row.question.code: row.option.code for row in rows}


@transaction.atomic
def set_equality_answers(person: Person, answers: dict[str, str], *, by: User) -> None:
    """Keep somebody's own answers; a question left out is unanswered. The audit says that, not what, was answered."""
    _refuse_others(person, by)
    _check_answers(answers)
    pseudonym, month = _pseudonym(person), timezone.localdate().replace(day=1)
    EqualityAnswer.objects.filter(pseudonym=pseudonym).delete()
    options = EqualityOption.objects.select_related("question")
    # Numbers in the order of writing would line up with the audit trail, which names the person.
    EqualityAnswer.objects.bulk_create(
        EqualityAnswer(
            pk=secrets.randbits(62), pseudonym=pseudonym, question=option.question, option=option, month=month
        )
        for option in options
        if answers.get(option.question.code) == option.code
    )
    audit.record(by, "answered equality questions", person)


def forget_equality_answers(person: Person) -> int:
    """Delete somebody's answers when they are erased or ask for it. Returns how many there were."""
    return EqualityAnswer.objects.filter(pseudonym=_pseudonym(person)).delete()[0]


@transaction.atomic
def move_equality_answers(gone: Person, keep: Person) -> None:
    """Two entries are one person: keep the answers under the entry that stays, unless that has answers of its own.

    Nobody is told which of the two had any.
    """
    answers = EqualityAnswer.objects.filter(pseudonym=_pseudonym(gone))
    if EqualityAnswer.objects.filter(pseudonym=_pseudonym(keep)).exists():
        answers.delete()
    else:
        answers.update(pseudonym=_pseudonym(keep))


def equality_totals(*, by: User) -> dict[EqualityQuestion, disclosure.Breakdown]:
    """Every question with the answers of all who gave one, made safe by the disclosure function. Rare ones merged."""
    rows = EqualityAnswer.objects.values("option").annotate(people=Count("pk")).order_by()
    given = {row["option"]: row["people"] for row in rows}
    counts = defaultdict(lambda: defaultdict(int))
    for option in EqualityOption.objects.order_by("order", "pk"):
        counts[option.question_id][option.group or option.label] += given.get(option.pk, 0)
    audit.record(by, "read equality totals", EqualityAnswer())
    return {question: disclosure.breakdown(counts[question.pk]) for question in EqualityQuestion.objects.all()}
