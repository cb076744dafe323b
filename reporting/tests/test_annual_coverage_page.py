"""The section on coverage as it is drawn, and snapshots from before there was one."""

import json
import re

import pytest

from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.documents.annual import gather
from reporting.documents.facts import AnnualFacts, CoverageFacts
from reporting.documents.frozen import freeze, thaw
from reporting.tests import factories as reporting
from reporting.tests.reading import page, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("medium", ["screen", "paper", "large print"])
def test_the_section_stands_in_the_report_on_screen_and_on_paper(medium):
    engagement.activity(groups=[people.population_group("Farmers")])
    people.population_group("Students")
    engagement.evidence(engagement.principle(2), forum=forums.forum())
    html = page(gather(reporting.report()), medium)

    section = re.search(r'<section id="shown".*?</section>', html, re.DOTALL)[0]
    assert "1. Principle 1 claimed 1 + 0 0 + 0 0 + 0 0 + 0" in words(section)
    assert "2. Principle 2 claimed 0 + 1" in words(section)
    assert "3. Principle 3 none 0 + 0" in words(section)
    assert "1 group was never heard Students" in words(section)
    assert "No check was overridden." in words(section)
    assert '<a href="#shown">' in html


def test_a_snapshot_from_before_the_section_is_drawn_without_it():
    engagement.activity()
    data = json.loads(freeze(gather(reporting.report()))[0])
    del data["coverage"]

    facts = thaw(AnnualFacts, json.dumps(data))

    assert facts.coverage == CoverageFacts()
    assert 'id="shown"' not in page(facts)


def test_a_snapshot_that_lacks_what_it_always_had_is_refused():
    data = json.loads(freeze(gather(reporting.report()))[0])
    del data["gaps"]
    with pytest.raises(KeyError):
        thaw(AnnualFacts, json.dumps(data))
