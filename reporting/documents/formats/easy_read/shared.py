"""What the Easy Read drafts have in common: short sentences, a picture beside each, and what is left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.readability import sentences_of
from insights.models import Status

MOST_WORDS = 12
EXAMPLES = 2  # for each principle, and of answers


@dataclass(frozen=True, slots=True)
class Idea:
    """One short sentence, and which picture belongs beside it."""

    sentence: str
    picture: str


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its ideas."""

    heading: str
    ideas: list[Idea]


@dataclass(slots=True)
class LeftOut:
    """What the draft does not say: texts to be put into short words by a person, and in words what else."""

    to_shorten: list[str] = field(default_factory=list)
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the draft says, part by part, and what it leaves out."""

    parts: list[Part]
    left_out: LeftOut


def fits(sentence: str) -> bool:
    return len(sentence.split()) <= MOST_WORDS


def short_sentences(text: str) -> list[str]:
    """The text in sentences that fit, cut at semicolons too; none at all when one does not fit."""
    found = []
    for sentence in sentences_of(text):
        pieces = [piece.strip() for piece in sentence.split(";")]
        found += [f"{piece[:1].upper()}{piece[1:].rstrip('.')}." if len(pieces) > 1 else piece for piece in pieces]
    return found if all(map(fits, found)) else []


def idea(sentence: str, picture: str) -> Iterator[Idea]:
    """An idea, or nothing where a name has made its sentence too long."""
    if fits(sentence):
        yield Idea(sentence, picture)


def number_of(words: str, number: int, picture: str) -> Iterator[Idea]:
    """A sentence with a number in it."""
    yield from idea(words % {"number": number}, picture)


def counted(rows: Iterable[tuple[int, str, str]]) -> Iterator[Idea]:
    """Sentences with numbers: how many, the words, the picture. What there is none of is not said."""
    for number, words, picture in rows:
        if number:
            yield from number_of(words, number, picture)


def about(body: str, first_day: str, last_day: str) -> Iterator[Idea]:
    """Who says it, why, and of which time."""
    yield from idea(_("This paper is from %(body)s.") % {"body": body}, _("our logo"))
    yield from idea(_("We plan health care for people here."), _("people in front of a health centre"))
    yield from idea(_("The law says that we must listen to people."), _("a law book, and a person talking"))
    yield from idea(_("This paper says what we did from %(day)s.") % {"day": first_day}, _("a calendar"))
    yield from idea(_("It ends on %(day)s.") % {"day": last_day}, _("a calendar, last page"))


def activities(number: int) -> Iterator[Idea]:
    words = ngettext("We did %(number)s thing to listen.", "We did %(number)s things to listen.", number)
    yield from number_of(words, number, _("people in a meeting"))


def forums(number: int) -> Iterator[Idea]:
    words = ngettext("%(number)s group works with us.", "%(number)s groups work with us.", number)
    yield from number_of(words, number, _("a group of people at a table"))


def answers(number: int) -> Iterator[Idea]:
    words = ngettext("We gave people %(number)s answer.", "We gave people %(number)s answers.", number)
    yield from number_of(words, number, _("a person asks, another answers"))


def nothing() -> Iterator[Idea]:
    """Where the record holds nothing: that is not the same as nothing done."""
    yield from idea(_("Nothing is written down about this."), _("an empty page"))


def written(text: str, name: str, left_out: LeftOut) -> Iterator[Idea]:
    """What somebody wrote for a section, where each sentence of it is short."""
    said = short_sentences(text)
    if text and not said:
        left_out.to_shorten.append(_("What somebody wrote: %(section)s") % {"section": name})
    yield from (Idea(sentence, _("what this sentence says")) for sentence in said)


def places(numbers: Iterable[tuple[str, int]]) -> Iterator[Idea]:
    """How many things took place where."""
    for place, number in numbers:
        words = ngettext("%(place)s: %(number)s thing.", "%(place)s: %(number)s things.", number)
        yield from idea(words % {"place": place, "number": number}, _("a map with this place on it"))


def heading(number: int, short: str) -> str:
    """The heading of a principle, without its words where they are too many."""
    whole = _("Rule %(number)s: %(short)s") % {"number": number, "short": short}
    return whole if fits(whole) else _("Rule %(number)s") % {"number": number}


def followed(number: int) -> Iterator[Idea]:
    """How many activities a principle has."""
    if not number:
        yield from idea(_("We have nothing to show for this rule."), _("an empty page"))
        return
    words = ngettext("We did %(number)s thing for this.", "We did %(number)s things for this.", number)
    yield from number_of(words, number, _("the number %(number)s") % {"number": number})


def told(said: list[str], came_of_it: list[str]) -> Iterator[Idea]:
    says = _("what this sentence says")
    yield from idea(_("This is what people told us."), _("people who talk"))
    yield from (Idea(sentence, says) for sentence in said)
    yield from idea(_("This is what came of it."), _("an arrow from an ear to a hand"))
    yield from (Idea(sentence, says) for sentence in came_of_it)


def answer(topic: str, texts: tuple[str, str], status: str, name: str, left_out: LeftOut) -> Iterator[Idea]:
    """An answer: `texts` are what people said and what came of it. `name` stands for them where they are too long."""
    said, came_of_it = map(short_sentences, texts)
    if said and came_of_it:
        yield from told(said, came_of_it)
    else:
        subject = _("people who talk about: %(topic)s") % {"topic": topic}
        yield from idea(_("People talked to us about this: %(topic)s.") % {"topic": topic}, subject)
        left_out.to_shorten.append(name)
    yield from idea(state(status), _("a mark that says how far it is"))


def state(status: str) -> str:
    return {
        Status.DONE: _("This is done."),
        Status.REVIEWED: _("This is done."),
        Status.COULD_NOT: _("We could not do this."),
        Status.UNDER_WAY: _("We are working on this now."),
    }.get(Status(status), _("We have promised to do this."))


def more() -> Iterator[Idea]:
    yield from idea(_("There is a long report too."), _("a thick paper"))
    yield from idea(_("It says more about each thing we did."), _("a page with many words"))
    yield from idea(_("You can ask us for it."), _("a person who asks"))
