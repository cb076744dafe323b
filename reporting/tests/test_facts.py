"""Freezing the facts of a report, and thawing them."""

import hashlib
import json
from dataclasses import replace

import pytest

from reporting.documents.annual import gather
from reporting.documents.facts import AnnualFacts, Gap, Texts
from reporting.documents.frozen import freeze, thaw

EMPTY = AnnualFacts(
    schema=1,
    title="",
    body="",
    short_name="",
    period="",
    first_day="",
    last_day="",
    duty="",
    wording="",
    texts=Texts(introduction=["“Café”, 5 > 3"]),
    sections=[],
    unplaced=[],
    activities=0,
    forums=0,
    answers=[],
    took_part=[],
    reached=[],
    by_principle=[],
    by_place=[],
    by_rung=[],
    other_forums=[],
    gaps=[Gap("No number", "", 1, [("A-1", "Braille")])],
)


def test_what_was_frozen_thaws_as_it_was(demo):
    facts = gather(demo)

    assert thaw(AnnualFacts, freeze(facts)[0]) == facts


def test_pairs_come_back_as_pairs():
    assert thaw(AnnualFacts, freeze(EMPTY)[0]).gaps[0].items == [("A-1", "Braille")]


def test_the_same_facts_have_the_same_text_and_fingerprint(demo):
    first, second = freeze(gather(demo)), freeze(gather(demo))

    assert first == second
    assert first[1] == hashlib.sha256(first[0].encode()).hexdigest()
    assert freeze(thaw(AnnualFacts, first[0])) == first


def test_the_frozen_text_is_canonical():
    text, _fingerprint = freeze(EMPTY)

    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert '"texts":{"duty":[],"how_to_read":[],"introduction":["“Café”, 5 > 3"]' in text


def test_other_facts_have_another_fingerprint():
    assert freeze(EMPTY)[1] != freeze(replace(EMPTY, activities=1))[1]


@pytest.mark.parametrize("schema", [0, 2, None, "1"])
def test_a_snapshot_of_another_schema_is_refused(schema):
    data = json.loads(freeze(EMPTY)[0]) | {"schema": schema}

    with pytest.raises(ValueError, match=f"this snapshot has schema {schema}, not 1"):
        thaw(AnnualFacts, json.dumps(data))


def test_a_snapshot_without_a_schema_is_refused():
    with pytest.raises(ValueError, match="this snapshot has schema None, not 1"):
        thaw(AnnualFacts, "{}")
