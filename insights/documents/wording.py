"""Whether the words of a “you said, we did” are fit to publish: who, what, where, when, and in plain English (YSD-001).

A remark says where it applies and what to write instead. Some block publishing; the others are advice, because no list
of words knows every good answer. The rules on length are those of the NHS service manual: sentences of at most 20 words
and a reading age of at most 14.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from core import alike, readability
from insights.documents.word_lists import BOILERPLATE, CHANGES, MONTHS, NO_NAMES, NUMBERS, THINGS
from insights.models import Status

OLDEST_READER = 14
NEAR_PHRASE = 88  # of 100, how near a wording comes to an empty phrase by the edits between them
MOST_LOOKED_AT = 20_000  # characters; longer than any answer


@dataclass(frozen=True, slots=True)
class Words:
    """An answer as it would be published.

    `responsible` is the organisation or role that answers for it; `names` are services and places that it is about;
    `others` are the texts of other answers by their reference.
    """

    you_said: str
    we_did: str
    status: str
    reason: str = ""
    responsible: str = ""
    promised_for: datetime.date | None = None
    names: Sequence[str] = ()
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        """What people are told: what is done, and why something cannot be."""
        return "\n".join(text for text in (self.we_did.strip(), self.reason.strip()) if text)[:MOST_LOOKED_AT]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with an answer, in words that say what to write. `field` names the field that it is about."""

    code: str
    words: str
    is_blocking: bool = False
    field: str = "we_did"


def check(answer: Words) -> list[Remark]:
    """What to change before publishing, what blocks it first."""
    found = [*_who_and_when(answer), *_what(answer), *_how(answer), *_whether_new(answer)]
    return sorted(found, key=lambda remark: not remark.is_blocking)


def _who_and_when(answer: Words) -> Iterable[Remark]:
    if not re.search(r"\w", answer.responsible):
        words = _("Say who is responsible: name an organisation or a role, such as “the head of community nursing”")
        yield Remark("nobody_responsible", words, True, "responsible")
    if answer.status == Status.PROMISED and answer.promised_for is None:
        words = _("Give the date by which it will be done. A promise without a date cannot be kept or missed")
        yield Remark("no_date", words, True, "promised_for")
    if answer.status == Status.COULD_NOT and not re.search(r"\w", answer.reason):
        words = _("Say why it could not be done: cost, safety, law, who decides, evidence, or when it may come")
        yield Remark("no_reason", words, True, "reason")


def _what(answer: Words) -> Iterable[Remark]:
    text = answer.answer
    if not text:
        if answer.status != Status.COULD_NOT:
            yield Remark("nothing_said", _("Write what was done, is being done or is promised"), True)
        return
    phrases = boilerplate(text)
    if phrases and _is_only_boilerplate(text, phrases, answer.names):
        words = _("The whole answer is a phrase that says nothing: “%(phrase)s”. Write what changed, where and when")
        yield Remark("only_boilerplate", words % {"phrase": phrases[0].words}, True)
        return
    for phrase in phrases:
        words = _("Leave out “%(phrase)s”: it could stand in any answer. Write what changed because people spoke")
        yield Remark("boilerplate", words % {"phrase": phrase.words})
    if answer.status != Status.COULD_NOT and not says_change(text):
        words = _("“We did” does not say what changed. Use a verb such as opened, moved, reworded, added or stopped")
        yield Remark("no_change", words)
    if not is_specific(text, answer.names):
        words = _("The answer is general. Add a number, a date, a place, or the name of the service or thing")
        yield Remark("not_specific", words)


def _how(answer: Words) -> Iterable[Remark]:
    for name in ("we_did", "reason"):
        yield from _readable(getattr(answer, name)[:MOST_LOOKED_AT], name)


def _readable(text: str, name: str) -> Iterable[Remark]:
    measured = readability.measure(text)
    long = next((sentence for sentence in readability.sentences_of(text) if len(sentence.split()) > 20), "")
    if measured.counts.long_sentences and long:
        words = _("Split the sentence that begins “%(start)s”. It has more than 20 words")
        yield Remark("long_sentence", words % {"start": " ".join(long.split()[:6])}, field=name)
    if measured.reading_age is not None and measured.reading_age > OLDEST_READER:
        words = _("Use shorter words and sentences: the reading age is %(age)s, and %(oldest)s is the most")
        yield Remark("hard", words % {"age": measured.reading_age, "oldest": OLDEST_READER}, field=name)
    if measured.acronyms:
        words = _("Write in full, or explain: %(acronyms)s") % {"acronyms": ", ".join(measured.acronyms)}
        yield Remark("acronyms", words, field=name)


def _whether_new(answer: Words) -> Iterable[Remark]:
    said = alike.key(answer.answer)
    for reference, text in answer.others.items():
        if alike.normalised(text) and (alike.key(text) == said or alike.likeness(text, answer.answer) >= alike.NEAR):
            words = _("The answer %(reference)s has the same words. Write what this group's words changed")
            yield Remark("same_as_another", words % {"reference": reference})
            return
    if alike.key(answer.you_said) == said and alike.normalised(answer.you_said):
        yield Remark("repeats_the_question", _("“We did” repeats “you said”. Write what was done about it"))


# What the words say ------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def says_change(text: str) -> bool:
    """Whether a verb of change stands in a text, in any of its forms."""
    return any(word in CHANGES for word in _spoken(text))


def is_specific(text: str, names: Sequence[str] = ()) -> bool:
    """Whether a number, a date, a place, a service or a named thing stands in a text.

    A name is one of `names`, or a word with a capital inside a sentence that is no everyday one such as NHS.
    """
    words = _spoken(text)
    if re.search(r"\d", text) or any(word in NUMBERS or word in MONTHS or word in THINGS for word in words):
        return True
    padded = f" {alike.normalised(text)} "
    if any(words and f" {words} " in padded for words in map(alike.normalised, names)):
        return True
    return any(_is_name(word) for sentence in readability.sentences_of(text) for word in _WORD.findall(sentence)[1:])


def _spoken(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _is_name(word: str) -> bool:
    return word[0].isupper() and len(word) > 1 and word.casefold() not in NO_NAMES and not word.isupper()


@dataclass(frozen=True, slots=True)
class Phrase:
    """An empty phrase that stands in an answer, as it is on the list, and where, in the normalised text."""

    words: str
    start: int
    end: int


def boilerplate(text: str) -> list[Phrase]:
    """The empty phrases in a text, near matches too, each part of the text once, in its order."""
    spoken = alike.normalised(text)
    found = []
    for phrase in BOILERPLATE:
        sought = alike.normalised(phrase)
        if len(sought) > len(spoken):  # otherwise the text is sought in the phrase
            continue
        match = fuzz.partial_ratio_alignment(sought, spoken, score_cutoff=NEAR_PHRASE)
        if match:
            found.append((match.score, Phrase(phrase, match.dest_start, match.dest_end)))
    kept: list[Phrase] = []
    for _score, phrase in sorted(found, key=lambda each: (-each[0], each[1].start)):
        if all(phrase.end <= other.start or phrase.start >= other.end for other in kept):
            kept.append(phrase)
    return sorted(kept, key=lambda phrase: phrase.start)


def _is_only_boilerplate(text: str, phrases: list[Phrase], names: Sequence[str]) -> bool:
    """Whether every sentence holds an empty phrase, and what stands beside the phrases names no change of anything."""
    if not all(boilerplate(sentence) for sentence in readability.sentences_of(text) if _WORD.search(sentence)):
        return False
    spoken, rest, end = alike.normalised(text), [], 0
    for phrase in phrases:
        rest.append(spoken[end : phrase.start])
        end = phrase.end
    beside = " ".join((*rest, spoken[end:]))
    return not (says_change(beside) and is_specific(text, names))
