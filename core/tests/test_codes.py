"""Codes on paper: made again from a seed, kept as a hash, free in every kind, and those given out stay valid."""

import pytest

from core import codes
from core.codes import ALPHABET, Codes


@pytest.fixture
def kinds(monkeypatch) -> list[Codes]:
    """No kinds but those of a test."""
    monkeypatch.setattr(codes, "_kinds", found := [])
    return found


def nobody(hashes):
    return set()


def test_a_code_is_made_again_from_its_seed_and_from_no_other(kinds):
    kind = Codes("letters", nobody)
    (stored,) = kind.new_hashes(["seed"])
    code = kind.of("seed", stored)
    assert len(code) == 9
    assert set(code.replace(" ", "")) <= set(ALPHABET)
    assert kind.hashed(code) == stored
    assert kind.of("another", stored) == ""


def test_spaces_dashes_and_small_letters_do_not_matter(kinds):
    kind = Codes("letters", nobody)
    assert kind.hashed("bcdf-ghjk ") == kind.hashed("BCDF GHJK")


def test_codes_that_were_given_out_before_are_still_valid(kinds):
    """The salts of surveys: a change of them would make every receipt worthless."""
    kind = Codes("engagement.surveys", nobody)
    (stored,) = kind.new_hashes(["6fa459ea-ee8a-3ca4-894e-db77e160355e"])
    assert kind.of("6fa459ea-ee8a-3ca4-894e-db77e160355e", stored) == "MDNT PWFV"
    assert stored[:12] == "4300ec3dfa0a"


def test_each_kind_has_a_salt_of_its_own(kinds):
    one, other = Codes("one", nobody), Codes("other", nobody)
    assert one.hashed("BCDF GHJK") != other.hashed("BCDF GHJK")
    assert one.new_hashes(["seed"]) != other.new_hashes(["seed"])


def test_a_code_that_somebody_holds_of_another_kind_is_not_given_again(kinds):
    first = Codes("letters", nobody)
    (stored,) = first.new_hashes(["seed"])
    taken = first.of("seed", stored)
    kinds.clear()
    other = Codes("other", lambda hashes: {other.hashed(taken)} & set(hashes))
    kind = Codes("letters", nobody)
    (again,) = kind.new_hashes(["seed"])
    assert again != stored
    assert kind.of("seed", again) != taken


def test_many_codes_ask_once_and_are_all_different(kinds):
    asked = []
    kind = Codes("letters", lambda hashes: asked.append(len(hashes)) or set())
    found = kind.new_hashes(f"seed {number}" for number in range(500))
    assert asked == [500]
    assert len(set(found)) == 500


def test_no_code_leads_to_a_row_that_has_none():
    assert len(codes.no_code()) == 64
    assert codes.no_code() != codes.no_code()
