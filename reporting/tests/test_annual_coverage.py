"""The annual report says of coverage what the dashboard says, with the demo's record."""

import pytest

from engagement.documents.coverage import STRENGTHS, coverage, heard_words, strength_words
from reporting.documents.annual import gather

pytestmark = pytest.mark.django_db


def test_the_report_of_the_demo_has_the_numbers_of_the_coverage(demo):
    found, facts = coverage(demo.period), gather(demo).coverage

    assert [(row.label, row.strength, row.activities, row.forums) for one in facts.sets for row in one.principles] == [
        (
            row.label,
            strength_words(row.strength),
            [getattr(row.activities, name) for name in STRENGTHS],
            [getattr(row.forums, name) for name in STRENGTHS],
        )
        for one in found.sets
        for row in one.principles
    ]
    shown = [row for row in found.by_place if row.is_place or row.total]
    assert [(row.place, row.quarters, row.total) for row in facts.places] == [
        (row.name, row.quarters, row.total) for row in shown
    ]
    assert [(row.group, row.status, row.where) for row in facts.groups] == [
        (row.name, heard_words(row.last.status), row.where) for row in found.groups
    ]


def test_the_demo_claims_every_principle_and_has_proved_none(demo):
    (one,) = coverage(demo.period).sets
    assert {row.strength for row in one.principles} == {"claimed"}
    assert [row.activities.total for row in one.principles] == [6, 6, 6, 7, 5, 7, 4, 4, 9, 4]
    assert [row.forums.total for row in one.principles] == [8, 0, 4, 0, 1, 1, 1, 1, 1, 1]
