"""Personal data in what people write (INS-023). Every person, number and address here is made up."""

import re

import pytest

from core import personal_data
from core.personal_data import Finding, Kind, findings, is_nhs_number, masked

NAME, PHONE, NHS = Kind.NAME, Kind.PHONE, Kind.NHS_NUMBER


def words(text: str, kind: Kind | None = None, names=()) -> list[str]:
    return [found.words for found in findings(text, names) if kind in (None, found.kind)]


def test_a_finding_says_what_where_and_which_words():
    assert findings("My e-mail: ann@example.org.") == [Finding(Kind.EMAIL, 11, 26, "ann@example.org")]


def test_the_mask_names_the_kind_and_leaves_the_rest():
    text = (
        "Dr Smith rang 07700 900123 about 943 476 5919, wrote to ann@example.org and came to AL1 1AA. Born on 3/4/1962."
    )
    assert masked(text, findings(text)) == (
        "Dr [name] rang [telephone number] about [NHS number], wrote to [e-mail address] and came to [postcode]."
        " Born on [date of birth]."
    )


def test_a_text_without_findings_stays_as_it_is():
    text = "The nurse was kind. I waited 45 minutes on 3 May 2024."
    assert (findings(text), masked(text, [])) == ([], text)


# NHS numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digits", "is_valid"),
    [
        ("9434765919", True),
        ("4010232137", True),  # the example of the NHS Data Dictionary
        ("4505577104", True),
        ("9434765918", False),
        ("4010232136", False),
        ("1111111111", False),
        ("943476591", False),
        ("943476591a", False),
    ],
)
def test_the_last_digit_of_an_nhs_number_is_checked(digits, is_valid):
    assert is_nhs_number(digits) is is_valid


@pytest.mark.parametrize(
    "typed",
    [
        "9434765919",
        "943 476 5919",
        "943-476-5919",
        "943.476.5919",
        "943 – 476 – 5919",
        "94 34 76 59 19",
        "94347 65919",
        "9 4 3 4 7 6 5 9 1 9",
        "９４３ ４７６ ５９１９",
        "943\u200b4765919",
    ],
)
def test_an_nhs_number_is_found_however_it_is_typed(typed):
    assert words(f"My number is {typed}, please help.", NHS) == [typed]


@pytest.mark.parametrize("typed", ["943 476 5918", "9434765918", "94347659190", "12 13 14 15 17", "0000000000"])
def test_ten_digits_that_fail_the_check_are_no_nhs_number(typed):
    assert words(f"My number is {typed}.") == []


def test_a_row_of_figures_is_no_nhs_number_though_ten_of_its_digits_pass():
    assert is_nhs_number("9434765919")
    assert words("Figures: 94 34 76 59 19 22 40") == []


def test_an_nhs_number_is_found_behind_another_number():
    assert words("bed 4 943 476 5919") == ["943 476 5919"]


# Telephone numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "07700 900123",
        "07700900123",
        "07700-900-123",
        "(01632) 960 001",
        "01632/960001",
        "020 7946 0018",
        "+447700900123",
        "+44 (0)7700 900 123",
        "0044 7700 900123",
        "0 7 7 0 0 9 0 0 1 2 3",
        "O7700 900123",
        "7700900123",
        "01632 96001",
        "+353 20 912 3456",
        "０７７００ ９００１２３",
    ],
)
def test_a_telephone_number_is_found_however_it_is_typed(typed):
    assert words(f"Ring {typed} please", PHONE) == [typed]


def test_a_local_number_is_found_behind_a_word_for_ringing():
    assert words("Ring me on 567890, or mobile: 900 123. The code is 567890.") == ["567890", "900 123"]


@pytest.mark.parametrize(
    "text",
    [
        "Call 111, 999, 112, 119, 101 or 105",
        "call 116 123 or 118118",
        "0300 123 4567",
        "+44 300 123 4567",
        "0800 1111",
        "0800 123 4567 and 0345 123 4567",
        "01.02.2021 10:30",
        "07 03 2021 0930 12",
        "£07700900123",
        "It cost £1,000,000",
        "2023-24",
        "ref 12345",
        "call at 10.30",
        "call 90 minutes later",
    ],
)
def test_numbers_that_belong_to_nobody_are_not_personal(text):
    assert words(text) == []


# E-mail addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["ann@example.org", "pat.o'brien+nhs@mail.example.co.uk", "ann (at) example.org", "ann＠example.org"]
)
def test_an_email_address_is_found(address):
    assert words(f"Write to '{address}'.", Kind.EMAIL) == [address]


def test_the_mailbox_of_an_office_is_nobodys():
    assert words("info@example.org, hwe.engagement@nhs.net, no-reply@nhs.uk") == []


def test_a_word_for_an_office_does_not_hide_a_person():
    assert words("sarah.press@example.org") == ["sarah.press@example.org"]


@pytest.mark.parametrize("text", ["me @ home", "@nhs", "a@b", "5 @ £3.50"])
def test_an_at_sign_alone_is_no_address(text):
    assert words(text) == []


# Postcodes and dates of birth --------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["AL1 1AA", "al11aa", "SW1A 1AA", "M1 1AE", "EC1A 1BB", "W1A 0AX", "gir 0aa", "CM17-9AB"]
)
def test_a_postcode_is_found(typed):
    assert words(f"I live in {typed}, you know", Kind.POSTCODE) == [typed]


@pytest.mark.parametrize(
    "text", ["M25 2pm", "ward B6 2nd bed", "AL1", "ZZ1 1AA", "B12 5mg", "XAL1 1AAX", "section E4 5th"]
)
def test_what_only_looks_like_a_postcode_is_none(text):
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("I was born on 3/4/1962", "3/4/1962"),
        ("DOB 3/4/1962", "3/4/1962"),
        ("d.o.b.: 03-04-62", "03-04-62"),
        ("Date of birth: 1962-04-03", "1962-04-03"),
        ("date of birth is the 3rd of April 1962", "3rd of April 1962"),
        ("born April 3rd, 1962", "April 3rd, 1962"),
        ("my birthday is 3 Apr 62", "3 Apr 62"),
        ("(b. 3 April 1962)", "3 April 1962"),
        ("DOB 03041962", "03041962"),
    ],
)
def test_a_date_of_birth_is_found_behind_a_word_for_it(text, date):
    assert words(text, Kind.BIRTH_DATE) == [date]


@pytest.mark.parametrize("text", ["I came on 3/4/2022", "born in April", "born on the ward", "born in 1962"])
def test_other_dates_are_not_of_birth(text):
    assert words(text) == []


# Names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dr Smith was kind", ["Smith"]),
        ("dr patel was kind", ["patel"]),
        ("Thank you Mrs. O’Neill-Smith Jones", ["O’Neill-Smith Jones"]),
        ("DR SMITH WAS VERY KIND", ["SMITH"]),
        ("Dr Smith MRCP", ["Smith"]),
        ("Dr Jane Smith, Chief Executive", ["Jane Smith"]),
        ("Dr Smith's rooms", ["Smith"]),
        ("Prof Zoë Ångström Lee", ["Zoë Ångström Lee"]),
        ("Nurse Sarah and Tom helped", ["Sarah", "Tom"]),
        ("the receptionist called Kate", ["Kate"]),
        ("the paramedics, Lucy & Jo, came", ["Lucy", "Jo"]),
        ("my name is sarah jones and I am ill", ["sarah jones"]),
        ("My name's Sarah", ["Sarah"]),
        ("My late husband John", ["John"]),
        ("a lady named Ruth", ["Ruth"]),
        ("Kind regards,\nJo Bloggs", ["Jo Bloggs"]),
        ("Name: Jo Bloggs", ["Jo Bloggs"]),
    ],
)
def test_a_name_is_found_behind_a_title_a_role_or_an_introduction(text, found):
    assert words(text, NAME) == found


@pytest.mark.parametrize(
    "text",
    [
        "The nurse was kind",
        "Nurse practitioner",
        "see a dentist ASAP",
        "see a dentist PDQ",
        "the doctor. However",
        "I miss you",
        "with MS and IBS",
        "Sister in law",
        "my name is on the list",
        "Doctor Who",
        "nurse J0",
        "Lord Lister Health Centre",
        "dr to call",
        "my friend and I",
        "The dr. was late",
        "Sir Michael House",
        "THE NURSE WAS KIND",
    ],
)
def test_other_words_are_no_name(text):
    assert words(text) == []


def test_names_that_are_known_are_found_in_any_case_and_order():
    text = "jane SMITH, Smith, Jane, Jane  Smith, Jane the Smith, Janet Smith"
    assert words(text, names=["Jane Smith"]) == ["jane SMITH", "Smith, Jane", "Jane  Smith"]


def test_a_known_name_of_one_word_needs_its_capital():
    assert words("Will came. I will come, Will's son too", names=["Will", "", "!"]) == ["Will", "Will"]


def test_the_longest_known_name_counts():
    assert words("Jane Anne Smith", names=["Jane", "Jane Anne Smith"]) == ["Jane Anne Smith"]


def test_a_name_inside_an_address_is_one_finding():
    found = findings("Dr Smith.Jones@example.org", ["Smith"])
    assert [(each.kind, each.words) for each in found] == [(Kind.EMAIL, "Smith.Jones@example.org")]


def test_places_are_those_of_the_text_as_it_was_typed():
    text = "ﬁne a\u200bb ０７７００ ９００１２３ \u00adDr\u00a0Smith"
    assert [text[found.start : found.end] for found in findings(text)] == ["０７７００ ９００１２３", "Smith"]


# Hostile text ------------------------------------------------------------------------------------

PATTERNS = {name: value for name, value in vars(personal_data).items() if isinstance(value, re.Pattern)}


def _repeats(tree) -> list[tuple[int, object]]:
    """Every part of a pattern that may repeat: how often at most, and what it repeats."""
    found = []
    for operation, details in tree:
        if str(operation) in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            found.append((details[1], details[2]))
        parts = details if isinstance(details, (tuple, list)) else [details]
        for part in parts:
            for each in part if isinstance(part, list) else [part]:
                if isinstance(each, re._parser.SubPattern):
                    found += _repeats(each)
    return found


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_each_pattern_looks_at_a_bounded_number_of_characters(name):
    """So that no start costs more than a fixed number of steps, and the whole grows with the length of the text."""
    tree = re._parser.parse(PATTERNS[name].pattern, PATTERNS[name].flags)

    assert tree.getwidth()[1] <= 800
    assert all(most <= 64 for most, _part in _repeats(tree))


def test_the_guard_knows_a_pattern_without_bound():
    tree = re._parser.parse(r"(?:a(b+)*)@")
    assert any(most > 64 for most, _part in _repeats(tree))


HOSTILE = (
    "0",
    "1 ",
    "a@",
    "a.",
    "Dr ",
    "born on ",
    "+1",
    "(",
    "07-",
    "a'",
    "tel no ",
    "B1 ",
    "\u200b",
    "Aa ",
    "name: ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_hostile_text_holds_nothing(piece):
    assert findings(piece * (50_000 // len(piece)), ["Aa Bb"]) == []


def test_personal_data_are_found_at_the_end_of_a_megabyte():
    text = "very good " * 100_000 + "07700 900123"
    assert words(text) == ["07700 900123"]
