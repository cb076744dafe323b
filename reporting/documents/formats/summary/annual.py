"""The summary of the annual report: numbers, examples for each principle, what we could not do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from insights.models import Status
from reporting.documents.facts import AnnualFacts, Answer, Figure, Section
from reporting.documents.formats.examples import RULE, Example, examples, whole_sentences
from reporting.documents.formats.summary.shared import Place, drawn, place, public_reports

# Examples for each principle, and the most words of each of their texts: the first that fits is taken.
ROOM = ((2, 50), (2, 30), (1, 50), (1, 30), (1, 15), (0, 0))
MOST_REFUSED = 4
MOST_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class Told:
    """An example in words: what people said or were asked, and what came of it. `is_all`: nothing was left out."""

    title: str
    reference: str
    said_label: str
    said: str
    outcome_label: str
    outcome: str
    is_all: bool


@dataclass(frozen=True, slots=True)
class Principle:
    section: Section
    told: list[Told]


def pages(facts: AnnualFacts, *, fingerprint: str, is_draft: bool) -> Iterator[str]:
    """The summary with ever fewer and shorter examples."""
    for most, words in ROOM:
        yield page(facts, most=most, words=words, fingerprint=fingerprint, is_draft=is_draft)


def page(facts: AnnualFacts, *, most: int, words: int, fingerprint: str, is_draft: bool) -> str:
    """The summary as a page of HTML, with at most so many examples a principle and words a text."""
    answers = [answer for item in facts.items for answer in item.answers]
    refused = [answer for answer in answers if answer.status == Status.COULD_NOT]
    return drawn(
        "reporting/summary/annual.html",
        facts,
        fingerprint=fingerprint,
        is_draft=is_draft,
        principles=[
            Principle(section, [_told(example, words) for example in examples(section.items, most)])
            for section in facts.sections
        ],
        has_examples=most > 0,
        rule=RULE,
        took_part=facts.took_part[:MOST_NUMBERS],
        reached=facts.reached[:MOST_NUMBERS],
        more_numbers=_beyond(facts.took_part) + _beyond(facts.reached),
        refused=[_pair(answer.topic, answer, max(words, ROOM[-2][1])) for answer in refused[:MOST_REFUSED]],
        more_refused=max(0, len(refused) - MOST_REFUSED),
        places=places(),
    )


def places() -> list[Place]:
    """Where the whole report and the answers are."""
    words = _("“You said, we did”: what came of what people told us")
    return [public_reports(), place(words, "insights:response_list")]


def _beyond(figures: list[Figure]) -> int:
    return max(0, len(figures) - MOST_NUMBERS)


def _told(example: Example, words: int) -> Told:
    item, answer = example.item, example.answer
    if answer:
        return _pair(item.title, answer, words)
    changed = item.changed or " ".join(item.impacts) or " ".join(item.paragraphs)
    return _in_words(item.title, item.reference, (_("People told us"), item.told), (_("What changed"), changed), words)


def _pair(title: str, answer: Answer, words: int) -> Told:
    came_of_it = answer.reason if answer.status == Status.COULD_NOT else answer.we_did
    said = (_("You said"), answer.you_said)
    return _in_words(title, answer.reference, said, (answer.status_label, came_of_it), words)


def _in_words(title: str, reference: str, said: tuple[str, str], outcome: tuple[str, str], words: int) -> Told:
    first, is_first_all = whole_sentences(said[1], words)
    second, is_second_all = whole_sentences(outcome[1], words)
    return Told(title, reference, said[0], first, outcome[0], second, is_first_all and is_second_all)
