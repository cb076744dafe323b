"""The checker of words: which it finds, which it leaves alone. It knows no word of its own."""

import time

import pytest
from django import forms

from core import terminology
from core.terminology import Checker, Rule, Vocabulary, check, check_form

REACH = Rule(("hard to reach", "harder to reach"), "seldom heard")
CONSULT = Rule(("consultation",), "engagement", "Kept for formal ones.")
PARTY = Rule(("third party",), "partner")


@pytest.fixture(autouse=True)
def rules(monkeypatch):
    """The rules of these tests alone; what a test appends is exempt."""
    exempt = []
    provide = lambda about: Vocabulary((REACH, CONSULT, PARTY), tuple(exempt))  # noqa: E731
    monkeypatch.setattr(terminology, "_providers", [provide])
    return exempt


def words(text):
    return [finding.word for finding in check(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They are hard to reach.", ["hard to reach"]),
        ("HARD TO REACH people", ["HARD TO REACH"]),
        ("hard-to-reach groups", ["hard-to-reach"]),
        ("hard\u2011to\u2011reach groups", ["hard\u2011to\u2011reach"]),
        ("hard\nto\u00a0reach", ["hard\nto\u00a0reach"]),
        ("harder to reach", ["harder to reach"]),
        ("two consultations", ["consultations"]),
        ("two third parties", ["third parties"]),
        ("the consultation’s end", ["consultation"]),
        ("hard to reach, consultation", ["hard to reach", "consultation"]),
        ("It is hard to reach, and hard to reach again", ["hard to reach", "hard to reach"]),
        ("hard to reachable", []),
        ("orchard to reach", []),
        ("preconsultation", []),
        ("consultationist", []),
        ("seldom heard", []),
        ("", []),
    ],
)
def test_whole_words_are_found_in_any_case_in_the_plural_and_with_hyphens(text, found):
    assert words(text) == found


def test_a_finding_says_what_to_write_instead_and_where():
    (finding,) = check("Our consultation.")
    assert (finding.word, finding.instead, finding.at, finding.note) == (
        "consultation",
        "engagement",
        4,
        "Kept for formal ones.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "She said: “We are not hard to reach.”",
        'She said: "We are not hard to reach."',
        "She said: ‘We are not hard to reach.’",
        "She said: 'We are not hard to reach.'",
        "‘It’s us who are hard to reach’",
        "“One paragraph.\n\n“Another: hard to reach.”",
        "See https://example.org/consultation/2024 and www.example.org/consultation",
        "Write to consultation@example.org",
    ],
)
def test_what_somebody_said_and_addresses_are_left_alone(text):
    assert words(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It's hard to reach people's homes",
        "It’s hard to reach people’s homes",
        "The patients' views were hard to reach, the carers' were not",
        "The patients’ views were hard to reach, the carers’ were not",
        "“Hello” – hard to reach – “goodbye”",
        '"Hello", hard to reach, "goodbye"',
        "‘Hello’ hard to reach ‘goodbye’",
        "“An open quotation: hard to reach",
        '5" by 7" cards: hard to reach 5"',
        'A mark " alone.\n\nHard to reach.\n\nAnother " mark.',
    ],
)
def test_an_apostrophe_or_a_stray_mark_is_no_quotation(text):
    assert [word.casefold() for word in words(text)] == ["hard to reach"]


def test_an_exempt_wording_is_exempt_at_its_place_alone(rules):
    rules += ["Reach hard to reach groups", "Formal consultation"]
    assert words("Reach hard-to-reach groups") == []
    assert words("The principle “x”: reach  Hard to Reach groups, says it.") == []
    assert words("A formal consultation is a consultation") == ["consultation"]
    assert words("Reach hard to reach people") == ["hard to reach"]


def test_a_wording_that_is_nothing_but_the_word_does_not_free_it_everywhere(rules):
    rules += ["Consultation"]
    assert words("Consultation ") == []
    assert words("Our consultation") == ["consultation"]


def test_the_longest_form_wins(rules, monkeypatch):
    longer = Rule(("hard to reach groups",), "communities")
    monkeypatch.setattr(terminology, "_providers", [lambda about: Vocabulary((REACH, longer))])
    assert [finding.instead for finding in check("hard to reach groups")] == ["communities"]


def test_without_rules_nothing_is_found(monkeypatch):
    monkeypatch.setattr(terminology, "_providers", [])
    assert check("hard to reach") == []


def test_the_rules_are_read_once_for_all_texts_of_a_record(monkeypatch):
    asked = []
    monkeypatch.setattr(terminology, "_providers", [lambda about: asked.append(about) or Vocabulary((REACH,))])
    checker = Checker("the record")
    for _time in range(3):
        assert len(checker.check("hard to reach")) == 1
    assert asked == ["the record"]


@pytest.mark.parametrize("mark", [" '", " ‘", " “", ' "', "hard to ", "hard-"])
def test_no_text_takes_long(mark):
    begun = time.process_time()
    check(mark * 10_000)
    assert time.process_time() - begun < 5


# Forms -------------------------------------------------------------------------------------------


class Project:
    own_words = ("said",)


class ProjectForm(forms.Form):
    purpose = forms.CharField()
    said = forms.CharField(required=False)
    code = forms.SlugField(required=False)
    kind = forms.ChoiceField(choices=[("consultation", "Consultation")], required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)


def sentences(**sent):
    form = ProjectForm(sent)
    assert form.is_valid(), form.errors
    return check_form(form, Project)


def test_a_form_says_each_word_of_each_field_once():
    assert sentences(purpose="Hard to reach, hard to reach, third parties") == [
        "“Hard to reach” in Purpose: write “seldom heard” instead, or keep it if these are somebody's own words.",
        "“third parties” in Purpose: write “partner” instead, or keep it if these are somebody's own words.",
    ]


def test_own_words_choices_codes_and_passwords_are_not_looked_at():
    others = dict.fromkeys(("said", "code", "kind", "secret"), "consultation")
    assert sentences(purpose="Plain", **others) == []
