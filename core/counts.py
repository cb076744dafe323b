"""Counts that people will read: a figure never loses its qualifier, its kind or its words.

A count is typed as a team types it ("over 700 in the network", "around 60", "138", "nearly all") and stored that way.
Unknown is no count at all (`None`), never 0. Unlike kinds refuse to be added (REP-026, REP-028, ENG-019, ENG-021).
"""

import re
from dataclasses import dataclass, replace

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Qualifier(models.TextChoices):
    """How exact a figure is. The value is also the word that is printed before it."""

    EXACT = "", _("exactly")
    OVER = "over", _("over")
    AT_LEAST = "at least", _("at least")
    AROUND = "around", _("around")
    NEARLY = "nearly", _("nearly")
    UP_TO = "up to", _("up to")
    FEWER_THAN = "fewer than", _("fewer than")
    NEARLY_ALL = "nearly all", _("nearly all")


class Kind(models.TextChoices):
    """What a figure counts. Figures of unlike kinds are never added together."""

    TOOK_PART = "took_part", _("took part")
    REGISTERED = "registered", _("registered")
    ATTENDED = "attended", _("attended")
    UNIQUE = "unique", _("different people")
    CUMULATIVE = "cumulative", _("since it began")
    RESPONSES = "responses", _("responses")
    SIZE = "size", _("members or subscribers")
    REACH = "reach", _("reached")
    IMPRESSIONS = "impressions", _("times shown")
    VIEWS = "views", _("views")
    COPIES = "copies", _("copies handed out")
    INTERACTIONS = "interactions", _("clicks, likes and comments")


# How often something was seen, taken or clicked on says nothing about how many people did so (ENG-021).
NOT_PEOPLE = frozenset({Kind.IMPRESSIONS, Kind.VIEWS, Kind.COPIES, Kind.INTERACTIONS})
# Sizes overlap (one network, many activities) and so do audiences: a sum of them would count the same people again.
ADDABLE = frozenset({Kind.TOOK_PART, Kind.REGISTERED, Kind.ATTENDED, Kind.RESPONSES})

_WORDS = {
    "more than": Qualifier.OVER,
    "over": Qualifier.OVER,
    "above": Qualifier.OVER,
    ">": Qualifier.OVER,
    "at least": Qualifier.AT_LEAST,
    "≥": Qualifier.AT_LEAST,
    "minimum": Qualifier.AT_LEAST,
    "around": Qualifier.AROUND,
    "about": Qualifier.AROUND,
    "approximately": Qualifier.AROUND,
    "approx.": Qualifier.AROUND,
    "approx": Qualifier.AROUND,
    "circa": Qualifier.AROUND,
    "c.": Qualifier.AROUND,
    "roughly": Qualifier.AROUND,
    "~": Qualifier.AROUND,
    "nearly": Qualifier.NEARLY,
    "almost": Qualifier.NEARLY,
    "up to": Qualifier.UP_TO,
    "≤": Qualifier.UP_TO,
    "fewer than": Qualifier.FEWER_THAN,
    "less than": Qualifier.FEWER_THAN,
    "under": Qualifier.FEWER_THAN,
    "<": Qualifier.FEWER_THAN,
    "exactly": Qualifier.EXACT,
}
_WORDS_BEHIND = {"or more": Qualifier.AT_LEAST, "+": Qualifier.AT_LEAST, "or less": Qualifier.UP_TO}
_QUALIFIERS = "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True))
_FIGURE = r"[0-9]{1,3}(?:[, \u00a0][0-9]{3})+(?![0-9])|[0-9]+"
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_SCALE = "|".join(_SCALES)
_COUNT = re.compile(
    rf"^(?:(?P<between>between)\s+)?(?:(?P<qualifier>{_QUALIFIERS})\s*)?"
    rf"(?P<figure>{_FIGURE})(?P<decimals>\.[0-9]+)?(?:\s*(?P<scale>{_SCALE})\b)?"
    rf"(?:(?:\s*[-–]\s*|\s+(?:to|and)\s+)(?P<upper>{_FIGURE})(?!\.?[0-9])(?:\s*(?P<upper_scale>{_SCALE})\b)?)?"
    rf"(?:\s?(?P<plus>\+))?(?=\s|$|,|;|\(|\.(?:\s|$))[\s,]*(?P<note>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Words that would change the figure before them: "12 %", "5 million-odd", "2 dozen", "1,00", "10 to 12 to 15".
_NOT_A_NOTE = re.compile(
    rf"(?:{_SCALE}|hundreds?|dozens?|thousands|millions|bn|billion|per\s?cent"
    r"|(?:to|and|or)\s+[0-9]\S*(?:\s|$)|and a half)\b"
    r"|[%+/*×^=<>-]|[0-9][0-9,.]*(?:\s|$)",
    re.IGNORECASE,
)
_NEARLY_ALL = re.compile(r"^(?:nearly|almost) (?:all|everyone|everybody)\b\s*(?P<note>.*)$", re.IGNORECASE | re.DOTALL)
_UNKNOWN = frozenset({"not recorded", "unknown", "not known", "n/k", "n/a", "tbc", "?", "-", "–", "—"})
# The first word found decides; "registered" comes before "session" words because it says the more.
_KIND_WORDS = (
    (Kind.CUMULATIVE, r"\bsince\b|\bso far\b|\bone \w+ or more\b|\bat least one\b|\bcumulative"),
    (Kind.UNIQUE, r"\bunique\b|\bdifferent people\b|\bindividuals\b"),
    (Kind.REGISTERED, r"\bregistered\b|\bsigned up\b|\bbooked\b"),
    (Kind.ATTENDED, r"\battended\b|\battendees\b|\bcame\b|\bparticipants\b"),
    (Kind.RESPONSES, r"\bresponses?\b|\brespondents\b|\breplies\b|\banswered\b|\bcompleted\b"),
    (
        Kind.SIZE,
        r"\bmembers?\b|\bsubscribers?\b|\bfollowers\b"
        r"|\b(?:in|on|of) the (?:network|panel|forum|group|list|register|council|board)\b",
    ),
    (Kind.IMPRESSIONS, r"\bimpressions\b|\btimes shown\b"),
    (Kind.COPIES, r"\bcop(?:y|ies)\b|\b(?:leaflets|posters|booklets|flyers)\b"),
    (Kind.INTERACTIONS, r"\binteractions\b|\bclicks\b|\blikes\b|\bcomments\b"),
    # Teams write views where they mean people: only somebody who chooses the kind sets them apart.
    (Kind.REACH, r"\breach\w*\b|\bviews\b|\bviewed\b|\bhouseholds\b|\baudience\b"),
)
LARGEST = 2_147_483_647
LONGEST = 500


NOT_A_COUNT = _(
    "“%(text)s” is not a count. Write a whole number with its words, "
    "for example “138”, “over 700 in the network” or “around 60”"
)
NOT_WHOLE = _("“%(text)s” is not a whole number. Count people in whole numbers, for example “138”")
TOO_LARGE = _("“%(text)s” is larger than any number of people. Check the figure")


class UnlikeCounts(TypeError):
    """Two counts of unlike kinds, or of a kind whose members overlap, were to be added."""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure with its truth: `value` (people, or what `kind` counts), how exact it is, and the words around it.

    `upper` is set for a range. `value` is None only for "nearly all" without a number.
    """

    value: int | None
    qualifier: str = Qualifier.EXACT
    upper: int | None = None
    note: str = ""
    kind: str = ""

    @property
    def text(self) -> str:
        """The figure with its qualifier, as it is stored and read back: "over 700 in the network"."""
        return f"{self.figure} {self.note}".strip()

    @property
    def figure(self) -> str:
        """The figure with its qualifier and without the words behind it."""
        if self.value is None:
            return str(self.qualifier)
        number = f"{self.value:,}" if self.upper is None else f"{self.value:,} to {self.upper:,}"
        return f"{self.qualifier} {number}".strip()

    def __str__(self) -> str:
        """What people read: the words as typed or, where there are none, the kind."""
        if self.value is None:
            return f"{self.text} ({_('number not recorded')})"
        if self.note or not self.kind:
            return self.text
        return f"{self.figure} {Kind(self.kind).label}"

    def __add__(self, other: "Count") -> "Count":
        """The sum, as exact as its least exact part. Raises UnlikeCounts for kinds that may not be added."""
        if not isinstance(other, Count):
            return NotImplemented
        if self.kind != other.kind or self.kind not in ADDABLE:
            raise UnlikeCounts(f"{self.kind or 'a count'} and {other.kind or 'a count'} cannot be added")
        if self.value is None or other.value is None:
            raise UnlikeCounts("a count without a number cannot be added")
        return Count(self.value + other.value, _sum_qualifier(self, other), kind=self.kind)


def _sum_qualifier(first: Count, second: Count) -> str:
    parts = {part.qualifier if part.upper is None else Qualifier.AT_LEAST for part in (first, second)}
    parts.discard(Qualifier.EXACT)
    if not parts:
        return Qualifier.EXACT
    if parts <= {Qualifier.OVER, Qualifier.AT_LEAST}:
        return Qualifier.OVER if parts == {Qualifier.OVER} else Qualifier.AT_LEAST
    return parts.pop() if len(parts) == 1 else Qualifier.AROUND


def parse_count(text: str, *, kind: str = "") -> Count | None:
    """Read one count as people type it. Empty text is unknown: None. `kind` applies where the words name none.

    Raises ValidationError, with an example of what would be right.
    """
    text = " ".join(str(text).split())
    if not text or text.casefold() in _UNKNOWN:
        return None
    if len(text) > LONGEST:
        raise _refusal(
            _("“%(text)s” is too long for a count. Write the figure and the few words that belong to it"), text
        )
    count = _read(text)
    if _read(count.text) != count:  # what is stored must be read back as what was meant
        raise _refusal(NOT_A_COUNT, text)
    return replace(count, kind=count.kind or kind)


def _refusal(message: str, text: str) -> ValidationError:
    return ValidationError(message, code="count", params={"text": text if len(text) <= 60 else f"{text[:59]}…"})


def _read(text: str) -> Count:
    if match := _NEARLY_ALL.match(text):
        return Count(None, Qualifier.NEARLY_ALL, note=match["note"], kind=kind_of(match["note"]))
    match = _COUNT.match(text)
    if match is None or _NOT_A_NOTE.match(match["note"]) or (match["between"] and not match["upper"]):
        raise _refusal(NOT_A_COUNT, text)
    value, upper = _range(match)
    if upper is not None and upper < value:
        raise _refusal(_("“%(text)s” ends before it begins. Write the smaller number first"), text)
    if max(value, upper or 0) > LARGEST:
        raise _refusal(TOO_LARGE, text)
    qualifier = _WORDS[match["qualifier"].casefold()] if match["qualifier"] else Qualifier.EXACT
    if match["plus"] and not match["qualifier"]:
        qualifier = Qualifier.AT_LEAST
    note = match["note"].strip(" .;")
    return Count(value, qualifier, upper, note, kind_of(note))


def qualifier_of(word: str) -> str:
    """How exact a figure is with this word before it, or behind it like “or more”. A word unknown to us is vague."""
    word = " ".join(word.split()).casefold()
    return (_WORDS | _WORDS_BEHIND).get(word, Qualifier.AROUND) if word else Qualifier.EXACT


def kind_of(note: str) -> str:
    """The kind that the words behind a figure name, or "" when they name none."""
    return next((kind for kind, words in _KIND_WORDS if re.search(words, note, re.IGNORECASE)), "")


def _range(match: re.Match) -> tuple[int, int | None]:
    """The figure and, for a range, its end. "2 to 3k" is 2,000 to 3,000; "500 to 1k" is 500 to 1,000."""
    scale, upper_scale = (_SCALES.get((match[name] or "").casefold(), 1) for name in ("scale", "upper_scale"))
    upper = None if match["upper"] is None else _whole(match["upper"], match.string) * upper_scale
    if upper is not None and scale == 1 and _whole(match["figure"], match.string) * upper_scale < upper:
        scale = upper_scale
    return _scaled(match, scale), upper


def _whole(figure: str, text: str) -> int:
    digits = re.sub(r"[^0-9]", "", figure).lstrip("0") or "0"
    if len(digits) > len(str(LARGEST)):
        raise _refusal(TOO_LARGE, text)
    return int(digits)


def _scaled(match: re.Match, scale: int) -> int:
    decimals = (match["decimals"] or "")[1:].rstrip("0")
    if len(decimals) > 6:
        raise _refusal(NOT_WHOLE, match.string)
    value = (_whole(match["figure"], match.string) * 10 ** len(decimals) + int(decimals or 0)) * scale
    if value % 10 ** len(decimals):
        raise _refusal(NOT_WHOLE, match.string)
    return value // 10 ** len(decimals)


def total(counts: list[Count]) -> Count | None:
    """The sum of counts of one addable kind; None when none has a number. Raises UnlikeCounts as adding does."""
    numbered = [count for count in counts if count.value is not None]
    if not numbered:
        return None
    result = replace(numbered[0], note="")
    for count in numbered[1:]:
        result += count
    if len(numbered) < len(counts) and result.qualifier == Qualifier.EXACT:
        result = replace(result, qualifier=Qualifier.AT_LEAST)
    return result


class CountField(models.CharField):
    """A model field that holds one Count, stored as the text that people read. `kind` is the kind it counts."""

    description = "a count with its qualifier and words"

    def __init__(self, *args, kind: str = "", **kwargs):
        self.kind = kind
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.kind:
            kwargs["kind"] = str(self.kind)
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if value is None or isinstance(value, Count):
            return value
        return parse_count(value, kind=self.kind)

    def get_prep_value(self, value):
        value = self.to_python(value)
        return None if value is None else value.text

    def validate(self, value, model_instance):
        super().validate(None if value is None else value.text, model_instance)

    def run_validators(self, value):
        super().run_validators("" if value is None else value.text)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs):
        return super().formfield(
            **{"form_class": CountFormField, "count_kind": self.kind, "empty_value": None, **kwargs}
        )


class CountFormField(forms.CharField):
    """A text box for a Count: cleaned to the value object, shown as the text that was typed."""

    def __init__(self, *args, count_kind: str = "", **kwargs):
        self.count_kind = count_kind
        super().__init__(*args, **kwargs)

    def prepare_value(self, value):
        return value.text if isinstance(value, Count) else value

    def clean(self, value):
        return parse_count(super().clean(value) or "", kind=self.count_kind)

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
