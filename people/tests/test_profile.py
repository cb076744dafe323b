"""The sections of a profile about consent and equality: what was agreed to stays, and loading again changes nothing."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from core import profiles
from core.profiles import ProfileError
from people.models import ConsentPurpose, ConsentWording, EqualityOption, EqualityQuestion
from people.services.consents import current_wordings

pytestmark = pytest.mark.django_db

ENGLAND = Path(settings.BASE_DIR) / "profiles" / "england.toml"
PURPOSE = """
[[consent_purpose]]
code = "quotes"
name = "What I said, in print"
for_under_18 = true
in_force_from = 2024-04-01
text = "You may print what I said."
"""
QUESTION = """
[[equality_question]]
code = "sex"
text = "What is your sex?"
options = [
    { code = "female", label = "Female" },
    { code = "male", label = "Male", group = "Everybody else" },
]
"""


@pytest.fixture
def load(tmp_path):
    def load(text: str) -> None:
        path = tmp_path / "body.toml"
        path.write_text(text, encoding="utf-8")
        profiles.load(path)

    return load


def wordings() -> list[tuple]:
    return list(ConsentWording.objects.order_by("version").values_list("version", "text", "in_force_from"))


def test_the_first_text_of_a_purpose_is_its_first_version(load):
    load(PURPOSE)
    load(PURPOSE)

    purpose = ConsentPurpose.objects.get()
    assert (purpose.name, purpose.is_service, purpose.for_under_18) == ("What I said, in print", False, True)
    assert wordings() == [(1, "You may print what I said.", date(2024, 4, 1))]


def test_a_changed_text_is_the_next_version_and_the_old_one_stays(load):
    load(PURPOSE)
    load(PURPOSE.replace("print what", "print all that").replace("2024-04-01", "2025-04-01"))

    assert wordings() == [
        (1, "You may print what I said.", date(2024, 4, 1)),
        (2, "You may print all that I said.", date(2025, 4, 1)),
    ]


def test_loading_again_never_brings_back_an_older_wording_over_one_that_staff_have_written(load):
    load(PURPOSE)
    ConsentPurpose.objects.get().wordings.create(version=2, text="In our own words.", in_force_from=date(2024, 6, 1))
    load(PURPOSE)

    assert [version for version, _text, _from in wordings()] == [1, 2]


def test_a_wording_that_begins_before_the_one_before_it_is_refused(load):
    load(PURPOSE)

    with pytest.raises(ProfileError, match="in print: version 1 is in force from 2024-04-01"):
        load(PURPOSE.replace("print what", "print all that").replace("2024-04-01", "2023-04-01"))
    assert len(wordings()) == 1


def test_a_question_keeps_its_answers_in_the_order_of_the_file(load):
    load(QUESTION)
    load(QUESTION)

    assert [(row.code, row.group, row.order) for row in EqualityQuestion.objects.get().options.all()] == [
        ("female", "", 1),
        ("male", "Everybody else", 2),
    ]


def test_the_same_answer_under_two_questions_is_two_answers(load):
    load(QUESTION + QUESTION.replace('"sex"', '"another"'))

    assert EqualityOption.objects.filter(code="female").count() == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PURPOSE.replace("is_service", "x") + 'colour = "blue"\n', "nobody reads colour. Write one of: code, "),
        (PURPOSE.replace("= true", '= "perhaps"'), "What I said, in print: for_under_18: “perhaps” value must be"),
        (PURPOSE.replace("2024-04-01", '"soon"'), "What I said, in print: in_force_from: “soon” value has an invalid"),
        (PURPOSE.replace('code = "quotes"', 'code = "two words"'), "two words: Enter a valid “slug”"),
        (PURPOSE.replace("in_force_from = 2024-04-01\n", ""), "What I said, in print: say in in_force_from since when"),
        (QUESTION.replace("group", "grp"), "male: nobody reads grp. Write one of: benchmark, code, group, label"),
        (QUESTION.replace('"Female"', '"' + "F" * 121 + '"'), "female: Ensure this value has at most 120 characters"),
        (QUESTION[: QUESTION.index("options")], "a row lacks 'options'"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_loaded(load, text, message):
    with pytest.raises(ProfileError) as error:
        load(text)

    assert message in str(error.value)
    assert not ConsentPurpose.objects.exists()
    assert not EqualityQuestion.objects.exists()


# What every body shares --------------------------------------------------------------------------


def test_every_purpose_that_the_system_writes_for_has_a_wording():
    profiles.load(ENGLAND)

    codes = {purpose.code: (purpose.is_service, purpose.for_under_18) for purpose in ConsentPurpose.objects.all()}
    assert codes == {
        ConsentPurpose.MEMBERSHIP: (False, True),
        ConsentPurpose.OPPORTUNITIES: (False, False),
        ConsentPurpose.PANEL_PROFILE: (False, False),
        ConsentPurpose.QUOTES: (False, False),
        ConsentPurpose.SERVICE: (True, True),
    }
    assert [wording.purpose.code for wording in current_wordings()] == list(codes)[:4]


def test_every_wording_is_short_and_says_how_to_withdraw():
    profiles.load(ENGLAND)

    for wording in ConsentWording.objects.select_related("purpose"):
        sentences = wording.text.removesuffix(".").split(". ")
        assert max(len(sentence.split()) for sentence in sentences) <= 20, wording
        assert wording.purpose.is_service or "I can stop this at any time" in wording.text


def test_the_equality_questions_are_those_of_the_census_and_may_all_be_left_open():
    profiles.load(ENGLAND)

    answers = {question.code: question.options.count() for question in EqualityQuestion.objects.all()}
    assert answers == {
        "ethnic-group": 20,
        "sex": 3,
        "gender-identity": 6,
        "sexual-orientation": 5,
        "religion": 9,
        "disability": 4,
        "age": 10,
        "caring": 7,
    }
    open_ones = EqualityOption.objects.filter(code=EqualityOption.PREFER_NOT_TO_SAY)
    assert open_ones.count() == 8
    assert set(open_ones.values_list("group", flat=True)) == {""}
    ethnic = EqualityOption.objects.filter(question__code="ethnic-group").exclude(group="")
    assert (ethnic.count(), ethnic.values("group").distinct().count()) == (19, 5)
