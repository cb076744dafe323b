"""Personal data in what people write: where it stands, of what kind it is, and the text without it (INS-023).

What is looked for: NHS numbers, telephone numbers, e-mail addresses, postcodes, dates of birth, and names after a
title (“Dr Smith”), a role (“nurse Sarah”), a relative (“my son Jack”) or “my name is”, and names that the caller knows.
A first name that stands alone (“Rachel was kind”) is found only when it is given: no list of names is complete.

What is not personal: numbers for everybody (111, 999, 112, 101, 105, 119 are too short to be taken for somebody's, and
116 and 118 numbers are left out); numbers of organisations by Ofcom's National Telephone Numbering Plan (03,
080, 084, 087 and 09); mailboxes of an office, such as info@ (the ICO's guide to what is personal data).

Every pattern looks at a bounded number of characters from where it starts, and no two of its parts can take the same
character. So the work grows with the length of the text and not faster, whatever stands in it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.file_text import text_of

__all__ = ["Finding", "Kind", "findings", "is_nhs_number", "masked", "text_of"]


class Kind(TextChoices):
    """What is personal about some words."""

    NHS_NUMBER = "nhs_number", _("NHS number")
    PHONE = "phone", _("telephone number")
    EMAIL = "email", _("e-mail address")
    POSTCODE = "postcode", _("postcode")
    BIRTH_DATE = "birth_date", _("date of birth")
    NAME = "name", _("name")


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a text that are personal: `text[start:end] == words`."""

    kind: Kind
    start: int
    end: int
    words: str


Place = tuple[int, int]


def findings(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """What is personal in a text, in the order of the text; no two findings overlap.

    `names` are names of people that the caller knows. One of several words is found in any case and also as
    “Smith, Jane”; one of a single word only where it has its capital, because “will” and “may” are words too.
    """
    plain, places = _plain(text)
    taken, found = bytearray(len(plain)), []
    for kind, start, end in _candidates(plain, names):
        if taken.find(1, start, end) == -1:
            taken[start:end] = b"\1" * (end - start)
            first, last = (places[start], places[end - 1] + 1) if places else (start, end)
            found.append(Finding(kind, first, last, text[first:last]))
    return sorted(found, key=lambda finding: finding.start)


def masked(text: str, found: Iterable[Finding]) -> str:
    """The text with its kind in the place of each finding: “ring [telephone number]”."""
    pieces, end = [], 0
    for finding in sorted(found, key=lambda finding: finding.start):
        pieces += (text[end : finding.start], f"[{finding.kind.label}]")
        end = finding.end
    return "".join((*pieces, text[end:]))


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits are an NHS number by its last one, the Modulus 11 check of the NHS Data Dictionary.

    Ten times the same digit passes that check, but is what people type to fill a field.
    """
    if len(digits) != 10 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return (11 - rest) % 11 == int(digits[9])


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text as its characters look, and where each stands if some left no trace.

    Full-width digits become digits, every dash a hyphen, every space a space; characters that nobody sees are gone.
    """
    table, unseen = {}, set()
    for character in set(text):
        if character.isascii():
            continue
        category, alike = unicodedata.category(character), unicodedata.normalize("NFKC", character)
        if category == "Cf":
            unseen.add(character)
        elif category == "Pd" or character == "−":
            table[ord(character)] = "-"
        elif category == "Zs":
            table[ord(character)] = " "
        elif category == "Nd":
            table[ord(character)] = str(unicodedata.digit(character))
        elif len(alike) == 1:
            table[ord(character)] = alike
    if not unseen:
        return text.translate(table), ()
    places = [place for place, character in enumerate(text) if character not in unseen]
    return "".join(text[place] for place in places).translate(table), places


def _candidates(text: str, names: Iterable[str]) -> Iterator[tuple[Kind, int, int]]:
    """Those that are surest come first: where two overlap the first is kept."""
    yield from ((Kind.EMAIL, *place) for place in _emails(text))
    yield from ((Kind.NHS_NUMBER, *place) for place in _nhs_numbers(text))
    yield from ((Kind.PHONE, *place) for place in _phones(text))
    yield from ((Kind.BIRTH_DATE, *found.span("date")) for found in BORN.finditer(text))
    yield from ((Kind.POSTCODE, *found.span()) for found in POSTCODE.finditer(text) if not _is_ordinal(found[1]))
    yield from ((Kind.NAME, *place) for place in _known(text, names))
    yield from ((Kind.NAME, *place) for place in _names(text))


# E-mail addresses --------------------------------------------------------------------------------

EMAIL = re.compile(
    r"(?P<local>[\w.+%'-]{1,64}+) ?(?:@|[(\[] ?at ?[)\]]) ?(?P<domain>[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,8})",
    re.IGNORECASE,
)
_OFFICES = (
    "admin communications communityengagement complaints contact contactus dpo engagement enquiries enquiry feedback"
    " foi hello help info information involvement mail media news newsletter noreply no-reply office pals post press"
    " privacy reception secretary support team webmaster"
)
OFFICE_MAILBOXES = frozenset(_OFFICES.split())
PUBLIC_DOMAINS = ("nhs.net", "nhs.uk", "gov.uk")


def _emails(text: str) -> Iterator[Place]:
    for found in EMAIL.finditer(text):
        local = found["local"].lstrip("'.-+%").lower()
        is_public = found["domain"].lower().endswith(PUBLIC_DOMAINS)
        parts = {local, *re.split(r"[._-]", local)} if is_public else {local}
        if local and not parts & OFFICE_MAILBOXES:
            yield found.end("local") - len(local), found.end()


# Numbers -----------------------------------------------------------------------------------------

# Every start is tried, because a number may stand behind another one: “bed 4 943 476 5919”.
TEN_DIGITS = re.compile(r"(?<!\d)(?=(\d(?:[ .\-]{0,3}\d){9})(?!\d))\d")
USUAL_GROUPS = ([10], [3, 3, 4])


def _nhs_numbers(text: str) -> Iterator[Place]:
    for found in TEN_DIGITS.finditer(text):
        start, end = found.span(1)
        groups = [len(group) for group in re.split(r"\D+", found[1])]
        if is_nhs_number(re.sub(r"\D", "", found[1])) and (
            groups in USUAL_GROUPS or _is_typed_as_one(text, end, groups)
        ):
            yield start, end


def _is_typed_as_one(text: str, end: int, groups: list[int]) -> bool:
    """Whether digits in unusual groups are one number: pairs, all single, or three groups; not a row of figures."""
    goes_on = text[end : end + 1] in tuple(" -.") and text[end + 1 : end + 2].isdecimal()
    return not goes_on and (set(groups) == {1} or set(groups) == {2} or len(groups) <= 3)


GAP = r"[ .()/\-]{0,4}"
PHONE = re.compile(
    rf"(?<![\d£$€])(?:\+(?P<abroad>\d(?:{GAP}\d){{7,14}})|(?P<home>\(?(?:0044|[0Oo]){GAP}[1-9](?:{GAP}\d){{7,11}}))(?!\d)"
)
WITHOUT_ZERO = re.compile(r"(?<![\d£$€.,])7[1-9]\d{8}(?![\d.])")  # a spreadsheet program takes the 0 away
SHORT = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|ring|call|landline)\.?(?: me| us| him| her)?(?: on| at)?"
    r"(?: no| number)?\.?(?: is)? ?:? ?(?P<number>(?!11[68])\d{2,4}[ \-]?\d{3,4})(?![\d:]|[ \-]\d| ?%)",
    re.IGNORECASE,
)
DATE_FIRST = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[ ./-]{1,3}(?:0?[1-9]|1[0-2])[ ./-]{1,3}(?:\d{4}|\d\d)(?!\d)")
ORGANISATIONS = ("3", "80", "84", "87", "9")


def _phones(text: str) -> Iterator[Place]:
    for found in PHONE.finditer(text):
        digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", found[0].replace("O", "0").replace("o", "0")))
        digits = digits.removeprefix("00") if found["home"] else digits
        is_british = found["home"] or digits.startswith("44")
        number = digits.removeprefix("44").lstrip("0") if is_british else digits
        if not is_british or _is_somebodys(number, found[0]):
            yield found.start() + (found[0].startswith("(") and ")" not in found[0]), found.end()
    yield from (found.span() for found in WITHOUT_ZERO.finditer(text))
    yield from (found.span("number") for found in SHORT.finditer(text))


def _is_somebodys(number: str, typed: str) -> bool:
    """Whether digits without the first 0 are a British number that a person may have, and not a date and a time."""
    is_long_enough = len(number) == 10 or (len(number) == 9 and number.startswith("1"))
    return is_long_enough and not number.startswith(ORGANISATIONS) and not DATE_FIRST.match(typed)


# Postcodes and dates of birth --------------------------------------------------------------------

AREAS = (
    "AB AL BA BB BD BH BL BN BR BS BT B CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC EH EN EX E FK FY GL"
    " GU GY G HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY LA LD LE LL LN LS LU L ME MK ML M NE NG NN NP NR NW N"
    " OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN SO SP SR SS ST SW SY S TA TD TF TN TQ TR TS TW UB WA WC WD"
    " WF WN WR WS WV W YO ZE"
)
POSTCODE = re.compile(
    rf"(?<![^\W_])(?:GIR ?0AA|(?:{'|'.join(AREAS.split())})\d[A-Z\d]?[ \-]{{0,2}}(\d[ABD-HJLNP-UW-Z]{{2}}))(?![^\W_])",
    re.IGNORECASE,
)


def _is_ordinal(second_half: str | None) -> bool:
    """Whether it is a word such as 2nd: “ward B6 2nd bed” holds no postcode."""
    return second_half in {"1st", "2nd", "3rd", *(f"{number}th" for number in range(10))}


MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
BORN = re.compile(
    r"(?:\bborn|\b(?:date|day) of birth|\bbirth ?da(?:te|y)|\bd\.? ?o\.? ?b\b\.?|\(b\.)"
    r"(?:[ :=,;\"'\t-]{1,3}(?:was|is|on|the|at|in)\b){0,3}[ :=,;\"'\t-]{0,4}"
    rf"(?P<date>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}} ?[-/. ] ?\d{{1,2}} ?[-/. ] ?(?:\d{{4}}|\d\d)"
    rf"|{DAY}(?: of)?[ -]?{MONTHS},?[ -]?(?:\d{{4}}|\d\d)|{MONTHS} ?{DAY},? ?\d{{4}}|\d{{8}})(?!\d)",
    re.IGNORECASE,
)


# Names -------------------------------------------------------------------------------------------

ROLES = (
    "doctor|consultant|surgeon|registrar|nurse|sister|matron|midwife|paramedics?|physio|physiotherapist|therapist"
    "|counsellor|psychologist|psychiatrist|pharmacist|dentist|optician|podiatrist|radiographer|receptionist|secretary"
    "|carer|porter|driver|cleaner|volunteer|practitioner|healthcare assistant|hca|health visitor|social worker"
    "|support worker|care ?coordinator|key ?worker|health care assistant|call handler|manager|teacher|councillor|cllr"
)
TITLES = "mr|mrs|ms|mx|miss|dr|prof|professor|rev|reverend|sir|dame|lord|lady"
KIN = (
    "(?:my|his|her|our|their) (?:late |eldest |youngest |older |younger |little )?(?:son|daughter|child|baby|wife"
    "|husband|partner|mum|mam|mom|mother|dad|father|brother|sister|gran|nan|grandson|granddaughter|grandmother"
    "|grandfather|uncle|aunt|auntie|niece|nephew|cousin|friend|neighbour|carer|girlfriend|boyfriend|fianc[eé]e?)"
)
WORD = r"[^\W\d_][^\W\d_'’-]{0,30}(?:['’-][^\W\d_]{1,30}){0,3}"
NAMED = rf"(?P<name>{WORD}(?:[ ]{{1,2}}{WORD}){{0,2}})(?![\w@])"
TITLED = re.compile(rf"(?<![\w'’])(?P<before>{TITLES})\b\.?[ ]{{1,2}}{NAMED}", re.IGNORECASE)
IN_ROLE = re.compile(rf"(?<![\w'’])(?P<before>{ROLES}|{KIN})(?: (?:called|named))?,? {NAMED}", re.IGNORECASE)
INTRODUCED = re.compile(
    r"(?<![\w'’])(?P<before>(?:my|her|his|whose|their) name(?: is|'s|’s| was)|(?:first |full |last |sur)?name:"
    r"|(?:kind|best|warm|many) regards,?|yours (?:sincerely|faithfully|truly),?"
    r"|(?:i|he|she) (?:am|is|was) (?:called|named)"
    r"|(?:lady|woman|man|gentleman|person|member of staff|colleague|girl|boy) (?:called|named)"
    rf")[ \r\n]{{1,4}}{NAMED}",
    re.IGNORECASE,
)
AND_ANOTHER = re.compile(rf" (?:and|&) {NAMED}", re.IGNORECASE)
# Titles after which a name may stand without its capital; “ms” is also an illness, “miss” also a verb.
SURE_TITLES = frozenset(("mr", "mrs", "dr", "prof"))
# What is written with a capital, or follows a title or role, and is nobody's name.
_COMMON = (
    "a a&e about accident address again aka all also always am an and anonymous another any app appointment"
    " appointments appts are arranged as asap asked assessment assistant assured at attended august away back because"
    " been before being best board both brilliant but by call called came can cannot caring centre chair chief clinic"
    " come community could council covid covid-19 cpn crew date day deal dealt december department dept did didn't"
    " director do doctor doctors does doesn't doing don't done dr driver drivers during each either email emergency"
    " england even ever every examined excellent executive explained explaining family fantastic february first for"
    " found friday friendly from gave general get giving go going good got gp gps great had has have having he health"
    " hello help helped helpful her here hi his home hospital hours how however i i'm i've icb if in informed inside"
    " is isn't it its january job july june just kept kind knew know lady last later left lets listened look looked"
    " lord lovely made march may me medical meeting mental midwife might miss monday more most mr mrs ms much mx my"
    " name needs never next nhs nice no nobody none not nothing november now number nurse nurses o'clock october of"
    " off ok on once one only ooh or ot other others our out outpatients over paramedic partners patient patients"
    " person phone phoned pleasant please polite practice practitioner prescribed prescriptions prof professional"
    " professor provided put quick rang really reassured receptionist receptionists recommended redacted referred rev"
    " royal rude sadly said saturday saw says secretary see seeing seems seen sent september service services she"
    " should shown since sir sister so some someone soon specialist spoke staff still student such sunday super"
    " supplied support sure surgeries surgery surgical surname taken team telephone tells thank thanks that that's the"
    " theatre their them then there these they they're this those though through thursday time to today told tomorrow"
    " too took treated treating treatment tried trust tuesday uk unable unit unknown until up us very via visit visits"
    " waited waiting ward was wasn't we wednesday week well went were what when where which while who who's whose why"
    " will wished with withheld within won't wonderful would wouldn't written yes yesterday yet you you're your"
)
NO_NAMES = frozenset(_COMMON.split())
PLACES = frozenset(("house", "hospital", "hospice", "centre", "surgery", "ward", "clinic", "school", "wing", "unit"))
PEERS = frozenset(("sir", "dame", "lord", "lady"))  # places are named after them: the Lord Lister Health Centre


def _names(text: str) -> Iterator[Place]:
    for pattern in (TITLED, IN_ROLE, INTRODUCED):
        for found in pattern.finditer(text):
            before = found["before"].lower()
            most_small = 2 if pattern is INTRODUCED else before in SURE_TITLES
            may_shout = pattern is not IN_ROLE or found["before"].isupper()
            end = _end_of_name(found, most_small, may_shout)
            if not end or (before in PEERS and _names_a_place(text, found.start("name"), end)):
                continue
            yield found.start("name"), end
            following = AND_ANOTHER.match(text, end)  # nurses Sarah and Tom
            other = _end_of_name(following) if following else 0
            if other:
                yield following.start("name"), other


def _end_of_name(found: re.Match, most_small: int = 0, may_shout: bool = False) -> int:
    """Where a name of one to three words ends that begins here; 0 where none begins.

    `most_small` words of it may stand without their capital, and it may be all in capitals where `may_shout` says so.
    """
    end = small = 0
    for word in re.finditer(r"\S+", found["name"]):
        spoken = word[0].replace("’", "'")
        is_shout = len(spoken) > 1 and spoken.isupper()
        small += spoken[0].islower()
        if spoken.lower() in NO_NAMES or small > most_small or (spoken[0].islower() and len(spoken) < 3):
            break
        if is_shout and (end or not may_shout):  # in capitals nothing tells a surname from the next word
            break
        end = found.start("name") + word.end()
        if spoken.endswith("'s"):
            return end - 2
    return end


def _names_a_place(text: str, start: int, end: int) -> bool:
    """Whether one of the words of a name, or one of the two behind it, says that it is that of a building."""
    words = (*text[start:end].lower().split(), *text[end : end + 40].lower().split()[:2])
    return not PLACES.isdisjoint(words)


WORDS = re.compile(WORD)
BETWEEN_NAMES = frozenset((" ", ", ", ",", "  ", ". ", ".", "-", "\n"))


def _known(text: str, names: Iterable[str]) -> Iterator[Place]:
    """Where the given names stand. Words are looked up in a table, so that many names cost no more than few."""
    sought: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        words = tuple(_compared(found) for found in WORDS.finditer(_plain(name)[0]))
        for order in {words, (*words[-1:], *words[:-1])} - {()}:
            sought.setdefault(order[0], set()).add(order)
    if not sought:
        return
    found = list(WORDS.finditer(text))
    for place, word in enumerate(found):
        for order in sorted(sought.get(_compared(word), ()), key=lambda words: (-len(words), words)):
            spoken = found[place : place + len(order)]
            if tuple(map(_compared, spoken)) == order and _is_one_name(text, spoken):
                yield word.start(), spoken[-1].end() - 2 * _is_possessive(spoken[-1][0])
                break


def _is_possessive(word: str) -> bool:
    return word.endswith(("'s", "’s"))


def _compared(found: re.Match) -> str:
    word = found[0].casefold().replace("’", "'")
    return word.removesuffix("'s")


def _is_one_name(text: str, spoken: list[re.Match]) -> bool:
    if len(spoken) == 1:
        return spoken[0][0][0].isupper()
    return all(text[one.end() : other.start()] in BETWEEN_NAMES for one, other in pairwise(spoken))
