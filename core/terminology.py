"""Words to avoid, found in what people write: it says what to write instead, and never forbids (TRM-001).

It knows no word itself. A provider gives the rules, and the wordings in which any word may stand, like those of a law.
What somebody else said stays as it was said: quotations are left alone, and fields that a model names in `own_words`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Rule:
    """Forms of a word or phrase to avoid, what to write instead, and a note that says why."""

    avoid: tuple[str, ...]
    instead: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The rules for one record, and the wordings that are exempt from them."""

    rules: tuple[Rule, ...] = ()
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A word as it stands in the text, what to write instead, and its place, counted in characters from 0."""

    word: str
    instead: str
    at: int
    note: str = ""


Provider = Callable[[object], Vocabulary]
_providers: list[Provider] = []


def register(provide: Provider) -> None:
    """Have a provider asked for the rules. It gets the record, or the model, that the text belongs to, or None."""
    _providers.append(provide)


def check(text: str, about: object = None) -> list[Finding]:
    """The words in a text to think about, in their order. For several texts of a record make one `Checker`."""
    return Checker(about).check(text)


# Finding words -----------------------------------------------------------------------------------

GAP = r"[\s\-\u2010-\u2015]+"  # a space or a hyphen of any kind: "hard to reach" is also "hard-to-reach"
PARAGRAPH = r"(?!\n\s*\n)"
# An apostrophe stands after a letter, and a quotation opens where none stands before it and closes where none follows.
UNTOUCHED = re.compile(
    r"“[^”]*”"
    rf'|(?<!\w)"(?:{PARAGRAPH}[^"])*"'
    rf"|(?<!\w)‘(?:{PARAGRAPH}[^‘])*?’(?!\w)"
    rf"|(?<!\w)'(?:{PARAGRAPH}.){{1,2000}}?(?<!\s)'(?!\w)"
    r"|\b(?:https?://|www\.)\S+|\S+@\S+",
    re.DOTALL,
)


class Checker:
    """Looks through the texts of one record. The rules are read once, when it is made."""

    def __init__(self, about: object = None):
        vocabularies = [provide(about) for provide in _providers]
        self.rules = [rule for vocabulary in vocabularies for rule in vocabulary.rules]
        # The longest form first: of two that begin at the same place it says more.
        forms = sorted(((form, rule) for rule in self.rules for form in rule.avoid), key=lambda pair: -len(pair[0]))
        self.by_group = [rule for _form, rule in forms]
        self.words = _any_of((f"({_pattern(form)})" for form, _rule in forms))
        exempt = chain.from_iterable(vocabulary.exempt for vocabulary in vocabularies)
        wordings = {each.strip() for each in exempt if self.words and self.words.search(each)}
        # A wording that is nothing but the word frees a text that says nothing else, and not the word everywhere.
        self.alone = {each.casefold() for each in wordings if self.words.fullmatch(each)}
        longer = (each for each in wordings if each.casefold() not in self.alone)
        self.exempt = _any_of(_pattern(each) for each in sorted(longer, key=len, reverse=True))

    def check(self, text: str) -> list[Finding]:
        """The words in a text to think about, in their order."""
        if not self.words or text.strip().casefold() in self.alone:
            return []
        left_alone = [match.span() for match in UNTOUCHED.finditer(text)]
        if self.exempt:
            left_alone += [match.span() for match in self.exempt.finditer(text)]
        return [
            self._finding(match)
            for match in self.words.finditer(text)
            if not any(start <= match.start() and match.end() <= end for start, end in left_alone)
        ]

    def _finding(self, match: re.Match) -> Finding:
        rule = self.by_group[match.lastindex - 1]
        return Finding(match.group(), rule.instead, match.start(), rule.note)


def _any_of(patterns: Iterable[str]) -> re.Pattern | None:
    joined = "|".join(patterns)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE) if joined else None


def _pattern(form: str) -> str:
    """The form with any gaps between its words, and in the plural."""
    words = [re.escape(word) for word in re.split(GAP, form.strip()) if word]
    last = words.pop()
    plural = rf"{last[:-1]}(?:y|ies)" if last.endswith("y") else rf"{last}(?:e?s)?"
    return GAP.join([*words, plural])


# Forms -------------------------------------------------------------------------------------------


def check_form(form: forms.BaseForm, model: object) -> list[str]:
    """What to say about the words in a form that was found valid: one sentence for each word in each field.

    `model` is the record that the form writes, or its class: it says which fields hold people's own words.
    """
    return [sentence(finding, label) for _name, label, finding in findings_in(form, Checker(model), model)]


def findings_in(form: forms.BaseForm, checker: Checker, model: object) -> Iterator[tuple[str, str, Finding]]:
    """Name and label of the field, and the finding, for each word in each field of text: once, however often."""
    for name, field in form.fields.items():
        text = form.cleaned_data.get(name)
        if isinstance(text, str) and holds_our_words(model, name, field):
            found = {finding.word.casefold(): finding for finding in reversed(checker.check(text))}
            for finding in sorted(found.values(), key=lambda each: each.at):
                yield name, capfirst(str(field.label or name.replace("_", " "))), finding


def kept_in(form: forms.BaseForm, checker: Checker, model: object) -> set[str]:
    """The words, in small letters, that were in the form's fields before and are there again."""
    return {
        finding.word.casefold()
        for name, _label, finding in findings_in(form, checker, model)
        if finding.word.casefold() in _words_before(form, checker, name)
    }


def _words_before(form: forms.BaseForm, checker: Checker, name: str) -> set[str]:
    text = str(form.get_initial_for_field(form.fields[name], name) or "")
    return {finding.word.casefold() for finding in checker.check(text)}


def holds_our_words(model: object, name: str, field: forms.Field) -> bool:
    """Whether a field holds text that we write: no choice, code or address, and nobody's own words."""
    is_text = type(field) is forms.CharField and not isinstance(field.widget, forms.PasswordInput)
    if not is_text or name in getattr(model, "own_words", ()):
        return False
    if not hasattr(model, "_meta"):
        return True
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return True
    return isinstance(column, (models.CharField, models.TextField)) and not column.choices


def sentence(finding: Finding, label: str) -> str:
    """What to say about a finding in a field."""
    words = {"word": finding.word, "label": label, "instead": finding.instead}
    text = _("“%(word)s” in %(label)s: write “%(instead)s” instead, or keep it if these are somebody's own words.")
    return " ".join(part for part in (text % words, finding.note) if part)
