"""How easy an English text is to read: counts, and the formulas that are usual in health information (REV-009).

They measure how long words and sentences are. They say nothing about order, layout, pictures or truth: readers do that.
With too little text to measure every figure is None and `unknown` says why; it is never 0.

Sources: Flesch 1948 (reading ease), Kincaid and others 1975 (grade), McLaughlin 1969 (SMOG), Smith and Senter 1967
(automated readability index), Coleman and Liau 1975.
"""

import re
from dataclasses import dataclass
from math import sqrt

from django.utils.translation import gettext as _

FEWEST_WORDS = 100  # Flesch measured samples of 100 words; below that one sentence turns the figure
FEWEST_SENTENCES_SMOG = 30
LONG_SENTENCE = 20  # words: the NHS service manual asks for no more
LONG_WORD = 3  # syllables: what SMOG counts
YOUNGEST = 5  # the age at which the first grade of school begins; a grade and 5 is the age
ADULT = 18
LEAST_ENGLISH = 0.9  # of the letters, a to z

# Syllables ---------------------------------------------------------------------------------------

# Words that spelling alone gets wrong.
_EXCEPTIONS = {
    word: number
    for number, words in {
        1: "hours ours tongue league queue queues real clothes",
        2: "acne being beings business client clients create creates dial evening evenings every fluid fluids giant"
        " naive people peoples poem quiet riot ruin science something sometimes trial trials via website websites"
        " wednesday household households lifestyle placement useful safeguard safeguards poet aged naked"
        " higher fewer lower answer flower power tower hospice somewhere maybe hundred homepage baseline worldwide",
        3: "area areas businesses chocolate created creating diabetic everyone everything everywhere idea ideas"
        " medicine medicines recipe recipes sciences simile somebody apnoea dyspnoea nucleus ideal theatre theatres"
        " pioneer safeguarding realise realised violence violent violin quieter diary annual usual"
        " casual manual gradual diagnose diagnosed coeliac homeopath video videos",
        4: "apostrophe anxiety catastrophe diabetes everybody society variety vegetable psychiatry dietitian homeopathy"
        " reality reliable priority usually annually actually gradually priorities evaluate individually",
        5: "individual individuals",
        6: "individuality",
    }.items()
    for word in words.split()
}
# An “e” that is not spoken before an ending or in the middle of a compound: safely, careful, movement, lifetime.
_SILENT_INSIDE = re.compile(
    r"(?<=[aeiouy][^aeiouy])e(?=(?:ly|ful|fully|less|ness|ments?|times?|lines?|s?where|backs?|guards?|holds?|lights?)$)"
    r"|(?<=[lnr][cgv])e(?=ments?$)"
)
_SILENT_END = re.compile(r"(?<=[^aeiouy])e$")
_SILENT_ED = re.compile(r"(?<=[^aeioutd])ed$|(?<=[aeiou][wy])ed$")
_SILENT_ES = re.compile(r"(?<=[^aeiouscgxz])es$")
_SPOKEN_ES = re.compile(r"(?:ch|sh)es$")
_SPOKEN_LE = re.compile(r"[^aeiouylr]le[sd]?$")  # table, handled
_NO_VOWEL = re.compile(r"(?<=q)u|(?<=g)u(?=[aei])|(?<=[aeiou])y(?=[aeiou])|^y(?=[aeiou])")  # quiet, guide, player, yes
_TWO = re.compile(  # vowels that stand together and are spoken apart
    "|".join(
        (
            r"(?<![ctgs])ia|(?<=[eo]c)ia(?=te)",  # material, dialysis, associate; not social, initial
            r"(?<![ctgsx])io(?!us?ly)|io(?!n|u)",  # radio, period, physiology; not action, religion
            r"ie(?=t|nc|nts?$)(?<![ct]ie)",  # diet, experience; not patient
            r"(?<=[^aeiou])i(?=ers?$|est$)",  # carrier, easiest
            r"(?<![qg])u[ae](?!r[^y]|ge|de|[sy]?$|lk)(?=[a-z])",  # annual, influence, january; not language
            r"eo(?!u|pl)|iu|yi|ao|uu|ii",  # video, calcium
            r"(?<=[^aeiou]r)ea(?=t[ei])|(?<=r)ea(?=n$)",  # recreate, caesarean
            r"oe(?=m|t|v|a)|oi(?=ng)|ei(?=ng)|(?<=c)oo(?=p)",  # poetry, going, being, cooperate
        )
    )
)
_VOWEL_OF_ITS_OWN = re.compile(r"(?:s|th)ms?$")  # autism, rhythm


def syllables_in(word: str) -> int:
    """How many syllables an English word has, by rules of spelling; at least one. Parts of a compound are added.

    A number in digits counts as one, as Flesch did: how it is read aloud is not known.
    """
    plain = re.sub(r"'(?:s|t|d|m|re|ve|ll)?$", "", word.casefold().replace("’", "'"))
    return max(1, sum(_EXCEPTIONS.get(part) or _spoken(part) for part in re.findall(r"[a-z]+", plain)))


def _spoken(part: str) -> int:
    """The vowel groups of one part of a word, without those that are silent and with those that are two."""
    bare = _SILENT_INSIDE.sub("", part)
    if not _SPOKEN_LE.search(bare):
        if not _SPOKEN_ES.search(bare):
            bare = _SILENT_ES.sub("s", bare)
        bare = _SILENT_END.sub("", _SILENT_ED.sub("d", bare))
    bare = _NO_VOWEL.sub("-", bare)
    apart = len(_TWO.findall(bare)) + bool(_VOWEL_OF_ITS_OWN.search(bare))
    return max(1, len(re.findall(r"[aeiouy]+", bare)) + apart)


# Counts ------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+(?:[’'.,-][^\W_]+)*")
_ITEM = re.compile(r"^\s*(?:[-–—*•◦▪·]|\d{1,3}[.)])\s+")
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
_SHORTENED = re.compile(r"(?:^|\W)(?:mr|mrs|ms|dr|prof|st|e\.g|i\.e|eg|ie|vs|no|tel|approx|[a-z])\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas are made of. `letters` are letters and digits, `long_words` have three syllables or more."""

    words: int
    sentences: int
    syllables: int
    letters: int
    long_words: int
    long_sentences: int


def count(text: str) -> Counts:
    """Count a text. A heading or an item of a list is a sentence of its own, also without a full stop."""
    sentences = [words for each in sentences_of(text) if (words := _WORD.findall(each))]
    words = [word for sentence in sentences for word in sentence]
    spoken = [syllables_in(word) for word in words]
    return Counts(
        words=len(words),
        sentences=len(sentences),
        syllables=sum(spoken),
        letters=sum(c.isalnum() for word in words for c in word),
        long_words=sum(number >= LONG_WORD for number in spoken),
        long_sentences=sum(len(sentence) > LONG_SENTENCE for sentence in sentences),
    )


def sentences_of(text: str) -> list[str]:
    """The text cut after full stops, question and exclamation marks, where a paragraph or list item ends."""
    blocks, lines = [], []
    for line in [*text.splitlines(), ""]:
        if lines and (not line.strip() or _ITEM.match(line)):
            blocks.append(" ".join(lines))
            lines = []
        if line.strip():
            lines.append(_ITEM.sub("", line).strip())
    return [sentence for block in blocks for sentence in _cut(block)]


def _cut(block: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(block):
        if not _SHORTENED.search(block[max(start, end.end() - 10) : end.end()]):
            found.append(block[start : end.end()])
            start = end.end()
    return [stripped for each in (*found, block[start:]) if (stripped := each.strip())]


# Formulas ----------------------------------------------------------------------------------------


def flesch_reading_ease(counts: Counts) -> float:
    """From 0, very hard, to 100, very easy; it may lie outside."""
    return 206.835 - 1.015 * counts.words / counts.sentences - 84.6 * counts.syllables / counts.words


def flesch_kincaid_grade(counts: Counts) -> float:
    """The year of an American school in which most pupils follow the text."""
    return 0.39 * counts.words / counts.sentences + 11.8 * counts.syllables / counts.words - 15.59


def smog_grade(counts: Counts) -> float:
    """The grade at which all of the text is understood. Made for texts of at least 30 sentences."""
    return 1.0430 * sqrt(counts.long_words * 30 / counts.sentences) + 3.1291


def automated_readability_index(counts: Counts) -> float:
    return 4.71 * counts.letters / counts.words + 0.5 * counts.words / counts.sentences - 21.43


def coleman_liau_index(counts: Counts) -> float:
    hundreds = counts.words / 100
    return 0.0588 * counts.letters / hundreds - 0.296 * counts.sentences / hundreds - 15.8


# The whole ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Readability:
    """What was measured. Figures are None where `unknown`, or for SMOG `no_smog`, says why not.

    `grade` and its like are years of an American school; `reading_ease` runs from 0 to 100; `acronyms` stand in
    capitals and are explained nowhere in the text.
    """

    counts: Counts
    acronyms: tuple[str, ...] = ()
    unknown: str = ""
    reading_ease: float | None = None
    grade: float | None = None
    smog: float | None = None
    no_smog: str = ""
    automated: float | None = None
    coleman_liau: float | None = None

    @property
    def reading_age(self) -> int | None:
        """The Flesch–Kincaid grade and five years: a rule of thumb, never below five."""
        return None if self.grade is None else max(YOUNGEST, round(self.grade) + YOUNGEST)

    @property
    def long_sentences_percent(self) -> int | None:
        """How many of a hundred sentences have more than 20 words."""
        return None if self.unknown else round(100 * self.counts.long_sentences / self.counts.sentences)

    @property
    def long_words_percent(self) -> int | None:
        """How many of a hundred words have three syllables or more."""
        return None if self.unknown else round(100 * self.counts.long_words / self.counts.words)

    @property
    def meaning(self) -> str:
        """The measure in plain words, with what it does not measure."""
        age = self.reading_age
        if age is None:
            return self.unknown
        if age >= ADULT:
            said = _("Hard: made for adults who read a lot.")
        elif age > YOUNGEST:
            said = _("Most %(age)s-year-olds can read this.") % {"age": age}
        else:
            said = _("A child who is learning to read can read this.")
        return f"{said} " + _(
            "The age is a rule of thumb from the length of words and sentences. "
            "It does not say whether the text is clear, true or well laid out."
        )


def measure(text: str) -> Readability:
    """Measure a text. One that is too short, or that is not in English, is said to be unknown."""
    counts = count(text)
    acronyms = unexplained_acronyms(text)
    if unknown := _why_unknown(text, counts):
        return Readability(counts, acronyms, unknown=unknown)
    has_smog = counts.sentences >= FEWEST_SENTENCES_SMOG
    return Readability(
        counts,
        acronyms,
        reading_ease=flesch_reading_ease(counts),
        grade=flesch_kincaid_grade(counts),
        smog=smog_grade(counts) if has_smog else None,
        no_smog="" if has_smog else _("SMOG needs at least %(number)s sentences") % {"number": FEWEST_SENTENCES_SMOG},
        automated=automated_readability_index(counts),
        coleman_liau=coleman_liau_index(counts),
    )


def _why_unknown(text: str, counts: Counts) -> str:
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isascii() for c in letters) / len(letters) < LEAST_ENGLISH:
        return _("Not measured: the formulas are made for English")
    if counts.words < FEWEST_WORDS:
        return _("Not measured: the text has fewer than %(number)s words") % {"number": FEWEST_WORDS}
    return ""


# Acronyms ----------------------------------------------------------------------------------------

_ACRONYM = re.compile(r"\b([A-Z]{2,6})s?\b")
_EVERYDAY = frozenset(("NHS", "UK", "GP", "TV", "AM", "PM", "PDF", "ID", "OK", "II", "III", "IV"))
_SMALL = frozenset(("of", "and", "the", "for", "in", "to", "a", "an", "on", "with"))


def unexplained_acronyms(text: str) -> tuple[str, ...]:
    """Acronyms in capitals whose words stand nowhere in the text, in the order of the alphabet.

    Everyday ones and lines all in capitals, such as headings, are left out.
    """
    lines = "\n".join(line for line in text.splitlines() if any(c.islower() for c in line))
    return tuple(
        sorted(
            acronym
            for acronym in {found[1] for found in _ACRONYM.finditer(lines)} - _EVERYDAY
            if not _is_explained(acronym, lines)
        )
    )


def _is_explained(acronym: str, text: str) -> bool:
    """Whether words with these initials stand before or after it in brackets, or anywhere with capitals."""
    before = [
        text[max(0, found.start() - 200) : found.start()] for found in re.finditer(rf"\(\s*{acronym}s?\s*\)", text)
    ]
    after = [found[1] for found in re.finditer(rf"\b{acronym}s?\s*\(([^)]{{1,120}})\)", text)]
    if any(_initials(part).endswith(acronym) for part in before) or any(_initials(part) == acronym for part in after):
        return True
    small = "|".join(_SMALL)
    named = r"\s+".join(rf"(?:(?:{small})\s+)*{letter}[\w’'-]+" for letter in acronym)
    return re.search(rf"\b{named}", text) is not None


def _initials(text: str) -> str:
    return "".join(word[0].upper() for word in re.findall(r"\w+", text) if word.casefold() not in _SMALL)
