"""What the members of a group answered about a project, put together without their names (SVC-031)."""

from collections import Counter
from dataclasses import dataclass

from engagement.models import Answer, Assurance, AssuranceAnswer, Plan, Project

QUESTIONS = ("sufficient", "influential")
PURPOSE = "proposal"  # the code of the question of the plan that says what may change, and why


@dataclass(frozen=True, slots=True)
class Tally:
    """One of the two questions: how many answered what, and the reasons by answer."""

    question: str
    counts: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a group thinks: how many answered, each question, and what members wish to see done first."""

    answered: int
    tallies: tuple[Tally, ...]
    wishes: tuple[str, ...]


def judgement(assurance: Assurance) -> Judgement:
    """The answers in numbers, and the reasons in an order that says neither who gave them nor which belong together.

    It reads `assurance.answers.all()`, so that a list of assurances can be prefetched.
    """
    answers = list(assurance.answers.all())
    return Judgement(
        answered=len(answers),
        tallies=tuple(_tally(answers, question) for question in QUESTIONS),
        wishes=tuple(sorted(answer.condition for answer in answers if answer.condition)),
    )


def _tally(answers: list[AssuranceAnswer], question: str) -> Tally:
    given = Counter(getattr(answer, question) for answer in answers)
    order = list(Answer.values)
    said = [(order.index(getattr(answer, question)), getattr(answer, f"{question}_because")) for answer in answers]
    return Tally(
        question=str(AssuranceAnswer._meta.get_field(question).verbose_name),
        counts=tuple((str(label), given[value]) for value, label in Answer.choices),
        reasons=tuple((str(Answer(order[place]).label), words) for place, words in sorted(said) if words),
    )


def signed_purpose(project: Project) -> str:
    """What the signed plan said that the work is for, in the words that were signed; empty where there is none."""
    signed = project.plans.filter(state=Plan.State.SIGNED).values_list("as_signed", flat=True).first() or []
    lines = (line for section in signed for line in section["lines"])
    return next((line["answer"] for line in lines if line["code"] == PURPOSE), "")
