"""Whether the words of a “you said, we did” are fit to publish (YSD-001, YSD-005, PUB-008)."""

import datetime

import pytest

from insights.documents.wording import Words, boilerplate, check, is_specific, says_change
from insights.models import Status

GOOD = "We moved the bus stop to the main entrance of Lister Hospital on 3 May 2024."


def answer(we_did: str = GOOD, **fields) -> Words:
    given = {"you_said": "The walk is too long", "status": Status.DONE, "responsible": "Lister Hospital"} | fields
    return Words(we_did=we_did, **given)


def codes(we_did: str = GOOD, **fields) -> list[str]:
    return [remark.code for remark in check(answer(we_did, **fields))]


def blocking(we_did: str = GOOD, **fields) -> list[str]:
    return [remark.code for remark in check(answer(we_did, **fields)) if remark.is_blocking]


def test_a_good_answer_has_no_remarks():
    assert check(answer()) == []


def test_every_remark_says_in_which_field_and_what_to_write_instead():
    remarks = check(Words("It is loud", "We will improve things.", Status.PROMISED))
    assert [(remark.code, remark.field, remark.is_blocking) for remark in remarks] == [
        ("nobody_responsible", "responsible", True),
        ("no_date", "promised_for", True),
        ("no_change", "we_did", False),
        ("not_specific", "we_did", False),
    ]
    starts = [remark.words.split(":")[0].split(".")[0] for remark in remarks]
    assert starts == [
        "Say who is responsible",
        "Give the date by which it will be done",
        "“We did” does not say what changed",
        "The answer is general",
    ]


# What blocks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("responsible", ["", "  ", "–"])
def test_somebody_must_be_responsible(responsible):
    assert blocking(responsible=responsible) == ["nobody_responsible"]


def test_a_promise_needs_a_date_and_nothing_else_does():
    assert blocking(status=Status.PROMISED) == ["no_date"]
    assert blocking(status=Status.PROMISED, promised_for=datetime.date(2024, 5, 3)) == []
    assert blocking(status=Status.UNDER_WAY) == []


def test_what_could_not_be_done_needs_a_reason_and_no_change():
    assert blocking("", status=Status.COULD_NOT) == ["no_reason"]
    assert codes("", status=Status.COULD_NOT, reason="A second lift would cost £400,000.") == []


def test_an_answer_must_say_something():
    assert blocking(" ") == ["nothing_said"]


@pytest.mark.parametrize(
    "text",
    [
        "Your views have helped inform our plans.",
        "Your views have helped to inform our strategy going forward. We value your feedback!",
        "YOUR FEEDBACK IS IMPORTANT TO US",
        "We will take this on board.",
        "We value your feedback and will continue to improve our services.",
        "Your view has helped inform the plan.",
        "Thank you for your feedback. This has been noted.",
    ],
)
def test_an_answer_that_is_nothing_but_empty_phrases_is_not_published(text):
    assert codes(text) == ["only_boilerplate"]


def test_a_reason_of_empty_phrases_is_not_published_either():
    assert blocking("", status=Status.COULD_NOT, reason="We will keep this under review.") == ["only_boilerplate"]


# What is advice ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your feedback, which led us to open a clinic in Ware in May.",
        "We value your feedback. We opened a clinic in Ware in May.",
    ],
)
def test_an_empty_phrase_beside_a_change_is_advice(text):
    (remark,) = check(answer(text))
    assert (remark.code, remark.is_blocking) == ("boilerplate", False)
    assert "feedback”: it could stand in any answer" in remark.words


def test_each_part_of_a_text_is_one_phrase():
    found = boilerplate("Thank you for taking the time. Your views have helped to inform us; watch this space.")
    assert [phrase.words for phrase in found] == [
        "thank you for taking the time",
        "your views have helped inform",
        "watch this space",
    ]


@pytest.mark.parametrize(
    "text", [GOOD, "Feedback forms are now in Polish.", "We value the garden and took on two cooks.", ""]
)
def test_ordinary_words_are_no_empty_phrase(text):
    assert boilerplate(text) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("We reworded the leaflets", True),
        ("We are stopping the letters", True),
        ("A new lift will be built", True),
        ("We’ve replied to all", True),
        ("Access to therapy is part of the service", False),
        ("We listened and will improve", False),
        ("The carpet is open-plan", False),
    ],
)
def test_a_verb_of_change_counts_in_any_of_its_forms(text, says):
    assert says_change(text) is says


@pytest.mark.parametrize(
    ("text", "names", "is_so"),
    [
        ("We bought 3 of them", (), True),
        ("We bought eight of them", (), True),
        ("We open on Tuesday", (), True),
        ("We reworded the leaflets", (), True),
        ("We wrote to Community Pharmacy", (), True),
        ("We changed the final campaign", (), False),
        ("We changed memory assessment", ["Memory assessment"], True),
        ("We changed memory assessment", [" "], False),
        ("We changed it. Staff and the NHS agreed with our Team", (), False),
    ],
)
def test_a_number_date_place_service_or_thing_makes_an_answer_specific(text, names, is_so):
    assert is_specific(text, names) is is_so


def test_a_long_sentence_is_named_by_its_beginning():
    (remark,) = check(answer(f"{GOOD[:-1]} {'and then the next one ' * 3}."))
    assert (remark.code, remark.field) == ("long_sentence", "we_did")
    assert "begins “We moved the bus stop to”" in remark.words


def test_hard_words_are_measured_in_a_text_that_is_long_enough():
    hard = (
        "Multidisciplinary rehabilitation organisations substantially reconfigured ambulatory infrastructure locally. "
        * 15
    )
    assert "hard" in codes(hard)
    assert "hard" not in codes("We moved the bus stop to the door. It is near the lift now. " * 15)


def test_acronyms_are_to_be_explained_where_they_stand():
    (remark,) = check(answer(f"{GOOD} The PCN paid for it."))
    assert (remark.code, remark.words) == ("acronyms", "Write in full, or explain: PCN")
    (remark,) = check(answer("", status=Status.COULD_NOT, reason="The PCN has 3 lifts to mend first."))
    assert (remark.code, remark.field) == ("acronyms", "reason")


@pytest.mark.parametrize("other", [GOOD, GOOD.upper(), GOOD.replace("2024", "2025")])
def test_the_text_of_another_answer_is_named(other):
    (remark,) = check(answer(others={"r-1": "Another answer altogether", "r-2": other, "r-3": other}))
    assert (remark.code, remark.is_blocking) == ("same_as_another", False)
    assert "r-2" in remark.words


def test_an_answer_that_only_repeats_what_was_said_is_noticed():
    assert codes(you_said=GOOD) == ["repeats_the_question"]
    assert codes("", you_said="", status=Status.COULD_NOT, others={"r-1": ""}) == ["no_reason"]


def test_a_long_text_is_judged_by_its_beginning():
    assert len(answer("We moved 2 chairs. " * 10_000).answer) == 20_000
