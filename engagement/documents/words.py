"""What this body's glossary says about words: the rules for the checker, and what the public page shows (CFG-016)."""

from dataclasses import dataclass

from core.terminology import Rule, Vocabulary
from engagement.models import Activity, Consultation, Duty, GlossaryTerm, Plan, Policy, Principle

Use = GlossaryTerm.Use
CONSULTATION = "consultation"  # may be called so where it is a formal one, however strict the terms are


# A plan asks whether there is to be one, and the record of one says what it is.
MAY_SAY_CONSULTATION = (Consultation, Plan)


def forms_of(term: GlossaryTerm) -> tuple[str, ...]:
    """A term and its other forms."""
    return (term.term, *(form for each in term.also_spelt.split(";") if (form := each.strip())))


def vocabulary(about: object = None) -> Vocabulary:
    """The rules for a text of the record `about`: at most four questions to the database.

    The glossary itself is not judged by its own words. What the law and the principles say may be repeated, and so
    may a preferred term that holds a word to avoid: “formal consultation”.
    """
    terms = list(GlossaryTerm.objects.all())
    if not terms or isinstance(about, GlossaryTerm) or about is GlossaryTerm:
        return Vocabulary()
    policy = Policy.objects.current()
    labels = {term.pk: rule for term in terms if (rule := _label_rule(term, policy))}
    rules = [*(_rule(term) for term in terms if _is_avoided(term, about, policy)), *labels.values()]
    settled = (term for term in terms if term.use == Use.PREFER and term.pk not in labels)
    preferred = (form for term in settled for form in forms_of(term))
    return Vocabulary(tuple(rules), (*preferred, *statutory()) if rules else ())


def _rule(term: GlossaryTerm) -> Rule:
    return Rule(forms_of(term), term.instead, term.meaning)


def _is_avoided(term: GlossaryTerm, about: object, policy: Policy) -> bool:
    if term.use == Use.STRICT:
        return policy.has_strict_terms and not (term.term.casefold() == CONSULTATION and is_formal(about))
    return term.use == Use.AVOID


def is_formal(about: object) -> bool:
    """Whether a record is about a formal consultation, or about whether there is to be one."""
    if isinstance(about, Activity):
        return about.nature == Activity.Nature.CONSULTATION
    return isinstance(about, MAY_SAY_CONSULTATION) or about in MAY_SAY_CONSULTATION


def _label_rule(term: GlossaryTerm, policy: Policy) -> Rule | None:
    """Of several spellings of a sector's name the body uses one: that of its policy (TRM-006)."""
    spellings = forms_of(term)
    others = tuple(form for form in spellings if form != policy.sector_label)
    if term.use != Use.PREFER or len(others) == len(spellings) or not others:
        return None
    return Rule(others, policy.sector_label)


def statutory() -> list[str]:
    """Wordings that are not ours to change: principles, and the names of duties."""
    wordings = [text for row in Principle.objects.values_list("wording", "short") for text in row]
    return [text for text in (*wordings, *Duty.objects.values_list("name", flat=True)) if text.strip()]


# The public page ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One term as this body spells it, other forms, what it means, what to write instead, and where that is from."""

    term: str
    forms: tuple[str, ...]
    meaning: str
    instead: str
    source: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms that are used here, and those that are avoided, each in alphabetical order."""

    preferred: tuple[Entry, ...]
    avoided: tuple[Entry, ...]
    is_strict: bool


def glossary() -> Glossary:
    """What the public page shows: two questions to the database."""
    policy = Policy.objects.current()
    terms = GlossaryTerm.objects.all()
    avoided = {Use.AVOID, Use.STRICT} if policy.has_strict_terms else {Use.AVOID}
    return Glossary(
        preferred=_entries((term for term in terms if term.use == Use.PREFER), policy),
        avoided=_entries((term for term in terms if term.use in avoided), policy),
        is_strict=policy.has_strict_terms,
    )


def _entries(terms, policy: Policy) -> tuple[Entry, ...]:
    entries = [_entry(term, policy.sector_label) for term in terms]
    return tuple(sorted(entries, key=lambda entry: entry.term.casefold()))


def _entry(term: GlossaryTerm, label: str) -> Entry:
    spellings = forms_of(term)
    name = label if label in spellings else term.term
    others = () if label in spellings else spellings[1:]
    return Entry(name, others, term.meaning, term.instead, term.source)
