"""Which activities stand for a principle where there is room for a few: by a rule that is printed beside them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.readability import sentences_of
from insights.models import Status
from reporting.documents.facts import Answer, Item

RULE = _(
    "Examples are chosen by a rule. Answers that are done come first, then what we could not do, then promises. "
    "Activities with a recorded change follow."
)
RULE_OF_ANSWERS = _(
    "Examples are chosen by a rule. Answers that are done come first, then what we could not do, then promises."
)
OUTCOMES = (Status.DONE, Status.COULD_NOT, Status.UNDER_WAY, Status.PROMISED)


@dataclass(frozen=True, slots=True)
class Example:
    """An activity, and its answer that got furthest; None for an activity without an answer."""

    item: Item
    answer: Answer | None = None

    @property
    def rank(self) -> int:
        """How early it is chosen: 0 first."""
        if self.answer:
            return OUTCOMES.index(Status(self.answer.status))
        return len(OUTCOMES) + (0 if self.item.changed or self.item.impacts or self.item.paragraphs else 1)


def examples(items: list[Item], most: int) -> list[Example]:
    """At most so many, one for each activity. Where two are alike, the one that the report prints first."""
    return sorted(map(_example, items), key=lambda example: example.rank)[:most]


def _example(item: Item) -> Example:
    return min((Example(item, answer) for answer in item.answers), key=lambda one: one.rank, default=Example(item))


def whole_sentences(text: str, most_words: int) -> tuple[str, bool]:
    """The first sentences of a text, as many as fit into so many words, and whether that is all. None is cut."""
    kept: list[str] = []
    sentences = sentences_of(text)
    for sentence in sentences:
        if len(" ".join([*kept, sentence]).split()) > most_words:
            break
        kept.append(sentence)
    return " ".join(kept), len(kept) == len(sentences)
