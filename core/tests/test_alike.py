"""Texts that are the same or nearly the same: repeats, campaign letters, and how much they weigh."""

import random

import pytest

from core import alike
from core.alike import Dominance, dominance, groups, key, likeness, normalised

LETTER = (
    "I am writing as a patient of Riverside Surgery to ask the board not to close the walk-in centre in Ware. My family"
    " has used it many times when the surgery had no appointments. Older people in our street have no car and the bus"
    " to the hospital takes more than an hour. Please keep the centre open and tell us how the decision will be made."
)
SENTENCE = " My neighbour was taken there last winter after a fall and was seen within twenty minutes by a kind nurse."


def other_text(seed: int, words: int = 60) -> str:
    """A text of made-up words, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the seed makes the text the same always
    return " ".join(f"word{chance.randrange(5000)}" for _ in range(words))


# One text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Very  GOOD!!", "very good"),
        ("Don’t know.", "dont know"),
        ("Can't\nthink\tof   anything…", "cant think of anything"),
        ("ﬁne ０７", "fine 07"),
        ("Straße", "strasse"),
        ("walk-in", "walk in"),
        ("thanks 👍🏽", "thanks 👍🏽"),
        ("❤️", "❤"),
        ("café", "café"),
        ("so\u200bft", "soft"),
        ("...", ""),
        ("", ""),
    ],
)
def test_case_punctuation_and_spaces_do_not_matter_but_emoji_do(text, same):
    assert normalised(text) == same


def test_the_normalised_text_is_normal():
    for text in ("Very  GOOD!!", "ﬁne ΐ İ", LETTER):
        assert normalised(normalised(text)) == normalised(text)


def test_the_key_is_the_same_for_the_same_words_and_always():
    assert key("Very good!") == key(" very GOOD") == "9964eef9f3ce2310d42da35f57cd504e"
    assert key("very bad") != key("very good")


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("a b c d", "A, b, c, d.", 1.0),
        ("a b c d", "a b c e", 1 / 3),
        ("very good", "very good!", 1.0),
        ("very good", "very bad", 0.0),
        ("", "", 0.0),
        ("a b c", "a b", 0.0),
    ],
)
def test_likeness_is_the_share_of_runs_of_three_words(one, other, share):
    assert likeness(one, other) == pytest.approx(share)


# Many texts --------------------------------------------------------------------------------------


def test_exact_repeats_are_a_group_with_its_usual_wording():
    found = groups([(1, "None."), (2, "Very good"), (3, "none"), (4, "NONE"), (5, "other")])

    assert [(each.ids, each.example, each.copies, each.words) for each in found] == [((1, 3, 4), 1, 3, 1)]
    assert (found[0].is_exact, found[0].is_campaign, found[0].size) == (True, False, 3)


def test_short_texts_are_never_a_campaign_however_often_they_come():
    nineteen, twenty = (" ".join(f"word{place}" for place in range(count)) for count in (19, 20))
    campaigns = {each.words: each.is_campaign for each in groups(enumerate([nineteen] * 50 + [twenty] * 3))}
    assert campaigns == {19: False, 20: True}


def test_a_long_text_that_came_twice_is_a_repeat_and_no_campaign():
    (found,) = groups([(1, LETTER), (2, LETTER)])
    assert (found.size, found.is_campaign) == (2, False)


def test_a_letter_with_a_changed_name_or_one_more_sentence_is_the_same_campaign():
    texts = [LETTER, LETTER.replace("Riverside", "Castle"), LETTER + SENTENCE, LETTER.upper(), other_text(1)]

    (found,) = groups(enumerate(texts))

    assert (found.ids, found.example, found.copies) == ((0, 1, 2, 3), 0, 2)
    assert (found.is_campaign, found.is_exact) == (True, False)
    assert likeness(LETTER, LETTER + SENTENCE) > alike.NEAR


def test_the_wording_that_most_have_is_the_example():
    changed = LETTER.replace("Riverside", "Castle")
    (found,) = groups([(7, changed), (8, LETTER), (9, LETTER)])
    assert (found.example, found.copies) == (8, 2)


def test_texts_on_the_same_matter_in_other_words_are_not_alike():
    mine = (
        "Please do not close the centre in Ware, because the bus takes long and older people in our street have no car."
    )
    assert groups([(1, LETTER), (2, mine)]) == []


def test_blank_texts_are_not_compared():
    assert groups([(1, ""), (2, "..."), (3, " - ")]) == []


def test_emoji_alone_are_a_text():
    assert [each.ids for each in groups([(1, "👍"), (2, "👍!"), (3, "👎")])] == [(1, 2)]


def test_the_largest_group_comes_first_and_equal_ones_as_they_came():
    found = groups([(1, "b"), (2, "a"), (3, "a"), (4, "b"), (5, "c"), (6, "c"), (7, "c")])
    assert [each.ids for each in found] == [(5, 6, 7), (1, 4), (2, 3)]


def test_the_same_texts_give_the_same_groups_in_any_order():
    texts = [(number, LETTER.replace("Riverside", f"place{number}")) for number in range(40)]
    texts += [(100 + number, other_text(number)) for number in range(60)]

    forwards, backwards = groups(texts), groups(reversed(texts))

    assert [sorted(each.ids) for each in forwards] == [list(range(40))]
    assert [sorted(each.ids) for each in backwards] == [list(range(40))]


def test_two_campaigns_are_two_groups():
    second = other_text(5)
    texts = [LETTER.replace("Ware", f"w{number}") for number in range(5)]
    texts += [f"{second} name{number}" for number in range(3)]
    assert [each.ids for each in groups(enumerate(texts))] == [(0, 1, 2, 3, 4), (5, 6, 7)]


def test_batches_and_a_full_table_of_words_change_nothing(monkeypatch):
    texts = [(number, LETTER.replace("Riverside", f"place{number}")) for number in range(10)]
    expected = groups(texts)
    monkeypatch.setattr(alike, "BATCH", 50)
    monkeypatch.setattr(alike, "MOST_KNOWN_WORDS", 10)
    assert groups(texts) == expected


def test_texts_are_read_one_by_one():
    """An iterator is enough: what was read is not asked for again."""
    assert [each.ids for each in groups(iter([(1, LETTER), (2, LETTER)]))] == [(1, 2)]


def test_a_bucket_is_compared_with_a_few_of_its_own_only():
    """So that no bucket costs the square of its size."""
    import numpy as np

    rows = 30
    table = np.arange(rows * alike.HASHES, dtype=np.uint32).reshape(rows, alike.HASHES)
    assert list(alike._near(table, np.arange(rows), np.arange(rows))) == []
    table[20] = table[alike.MOST_LEADERS]  # behind the last one that others are compared with
    assert list(alike._near(table, np.arange(rows), np.arange(rows))) == []
    table[20] = table[alike.MOST_LEADERS - 1]
    assert list(alike._near(table, np.arange(rows), np.arange(rows))) == [(3, 20)]


# How much they weigh -----------------------------------------------------------------------------


def test_dominance_says_what_share_the_largest_groups_have():
    found = dominance([2, 40, 10, 5], 200)

    assert found == Dominance(200, 4, 57, 40, 20.0, 55, 27.5)
    assert (found.different, found.is_dominated) == (147, True)


def test_nothing_repeated_and_nothing_there():
    assert (dominance([], 10).largest_percent, dominance([], 10).is_dominated) == (0, False)
    assert (dominance([], 0).largest_percent, dominance([], 0).is_dominated) == (None, False)


@pytest.mark.parametrize(("sizes", "total"), [([5, 6], 10), ([1], 10)])
def test_groups_that_cannot_be_are_an_error(sizes, total):
    with pytest.raises(ValueError, match="two texts or more"):
        dominance(sizes, total)
