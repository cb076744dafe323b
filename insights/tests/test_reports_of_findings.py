"""The quarterly list of reports of findings: sample, key finding, published or not."""

import datetime

import pytest
from django.utils import timezone

from core.counts import Count
from engagement.tests import factories as engagement
from insights.documents.reports_of_findings import reports_of_findings
from insights.models import Source
from insights.tests import insight_factories as factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    return engagement.period()  # from April 2023 to March 2024


def test_a_report_is_listed_with_its_sample_and_its_key_finding(period):
    source = factories.public_source(key_finding="They wait.", people_note="Some answered twice.")
    factories.rating(source, each=3)
    (row,) = reports_of_findings(period)
    assert (row.reference, row.sample, row.sample_note) == (
        *(source.reference, Count(120, kind="unique")),
        "Some answered twice.",
    )
    assert (row.key_finding, row.quality, row.is_published) == ("They wait.", 13, True)
    assert row.published_on == datetime.date(2024, 4, 2)


def test_what_nobody_recorded_is_not_a_number(period):
    factories.source(people=None)
    (row,) = reports_of_findings(period)
    assert (row.sample, row.quality, row.published_on, row.is_published) == (None, None, None, False)
    assert (row.organisation, row.key_finding) == ("", "")


def test_the_day_on_which_collection_ended_chooses_the_period(period):
    inside = factories.source(collected_to=period.ends_on)
    factories.source(collected_to=period.ends_on + datetime.timedelta(days=1))
    undated, later = factories.source(collected_to=None), factories.source(collected_to=None)
    at = timezone.make_aware(datetime.datetime(2023, 4, 1, 0, 30))
    Source.objects.filter(pk=undated.pk).update(created_at=at)
    assert {row.reference for row in reports_of_findings(period)} == {inside.reference, undated.reference}
    assert later.reference not in {row.reference for row in reports_of_findings(period)}


@pytest.mark.parametrize("fields", [{"layer": "raw"}, {"state": "offered"}, {"state": "retired", "state_because": "x"}])
def test_what_is_no_report_in_use_is_not_listed(period, fields):
    factories.source(**fields)
    assert reports_of_findings(period) == []


def test_a_story_whose_consent_is_over_is_not_listed(period):
    factories.story(withdrawn_on=timezone.localdate())
    assert reports_of_findings(period) == []


def test_what_is_under_embargo_does_not_count_as_published(period):
    factories.public_source(embargo_until=timezone.localdate() + datetime.timedelta(days=1))
    (row,) = reports_of_findings(period)
    assert (row.is_published, row.published_on) == (False, None)


@pytest.mark.parametrize("number", [1, 10])
def test_it_asks_the_same_whatever_their_number(period, number, django_assert_num_queries):
    for _each in range(number):
        factories.rating(factories.public_source())
    with django_assert_num_queries(2):
        reports_of_findings(period)
