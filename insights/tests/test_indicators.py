"""Indicators: their sheet, pairs of the same organisation, service and time, and what may be said of these."""

import datetime
import decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.spreadsheets import read
from insights.documents import indicators as documents
from insights.documents.indicators import compare, correlation
from insights.models import Indicator, IndicatorValue
from insights.resources.indicators import IndicatorResource
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAIRS = "/insight/indicators/side-by-side/"
HEADER = "indicator,organisation,service,from,to,percent,answers,collected_by\n"


def indicator(code: str = "fft", kind: str = "patients", **fields) -> Indicator:
    defaults = {"name": f"Indicator {code}", "kind": kind, "meaning": "Share who say it was good."}
    return Indicator.objects.create(code=code, **defaults | fields)


@pytest.fixture
def both():
    return indicator(), indicator("staff", "staff")


def value(of: Indicator, percent: float, organisation, *, month: int = 1, until: int = 0, **fields) -> IndicatorValue:
    """Of one month of 2025, or from that month to the end of another."""
    starts_on = datetime.date(2025, month, 1)
    ends_on = datetime.date(2025 + (until or month) // 12, (until or month) % 12 + 1, 1) - datetime.timedelta(days=1)
    defaults = {"starts_on": starts_on, "ends_on": ends_on, "base": 100}
    return IndicatorValue.objects.create(indicator=of, organisation=organisation, percent=percent, **defaults | fields)


def load(text: str, *, dry_run: bool = False):
    return IndicatorResource().load(read(text.encode(), "values.csv", kind="indicators"), dry_run=dry_run)


# The sheet ---------------------------------------------------------------------------------------


def test_a_sheet_is_taken_in_and_the_same_again_changes_nothing():
    fft, trust = indicator(), people.organisation("Lea Trust")
    text = HEADER + "fft,Lea Trust,Inpatients,March 2025,March 2025,93.5%,1204,paper and text\n"
    text += "Indicator fft,Lea Trust,,2025-04-01,30/06/2025,87,,\n"
    outcome = load(text)
    assert (outcome.created, outcome.wrong) == (2, 0)
    first = IndicatorValue.objects.get(service="Inpatients")
    assert (first.indicator, first.organisation, first.base, first.collected_by) == (
        *(fft, trust, 1204),
        "paper and text",
    )
    assert (first.starts_on, first.ends_on) == (datetime.date(2025, 3, 1), datetime.date(2025, 3, 31))
    assert first.percent == decimal.Decimal("93.50")
    assert IndicatorValue.objects.get(service="").base is None
    assert load(text).unchanged == 2
    changed = load(text.replace("93.5%", "93.6"))
    assert (changed.changed, changed.unchanged) == (1, 1)
    first.refresh_from_db()
    assert first.percent == decimal.Decimal("93.60")


def test_a_dry_run_writes_nothing():
    indicator()
    people.organisation("Lea Trust")
    assert load(HEADER + "fft,Lea Trust,,March 2025,March 2025,93.5,,\n", dry_run=True).created == 1
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("nps,Lea Trust,,March 2025,March 2025,93,,", "indicator", "There is no indicator called “nps”"),
        ("fft,Sea Trust,,March 2025,March 2025,93,,", "organisation", "There is no organisation called “Sea Trust”"),
        ("fft,Lea Trust,,March,March 2025,93,,", "from", "“March” is not a date"),
        ("fft,Lea Trust,,March 2025,May 2024,93,,", "to", "The last day is before the first day"),
        ("fft,Lea Trust,,March 2099,March 2099,93,,", "to", "The last day lies in the future"),
        ("fft,Lea Trust,,March 2025,March 2025,930,,", "percent", "“930” is not a percentage from 0 to 100"),
        ("fft,Lea Trust,,March 2025,March 2025,nan,,", "percent", "“nan” is not a percentage from 0 to 100"),
        ("fft,Lea Trust,,March 2025,March 2025,1e-9999999999,,", "percent", "is not a percentage"),
        ("fft,Lea Trust,,March 2025,March 2025,93,0,", "answers", "“0” is not a whole number"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken_in(row, column, problem):
    indicator()
    people.organisation("Lea Trust")
    outcome = load(HEADER + "fft,Lea Trust,,May 2025,May 2025,90,,\n" + row + "\n")
    assert [each.column for each in outcome.problems] == [column]
    assert problem in outcome.problems[0].problem
    assert not IndicatorValue.objects.exists()


@pytest.mark.parametrize("fields", [{"percent": 101}, {"ends_on": datetime.date(2024, 1, 1)}])
def test_the_database_holds_the_same_rules(fields):
    fields = {"percent": 50} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        value(indicator(), organisation=people.organisation(), **fields)


def test_an_indicator_has_one_value_for_a_time():
    fft, trust = indicator(), people.organisation()
    value(fft, 90, trust)
    with pytest.raises(IntegrityError), transaction.atomic():
        value(fft, 91, trust)


# Pairs -------------------------------------------------------------------------------------------


def test_values_of_the_same_organisation_service_and_days_are_a_pair(both):
    fft, staff = both
    trust, other = people.organisation("Lea Trust"), people.organisation("Stort Trust")
    value(fft, 90, trust, service="Wards")
    value(staff, 60, trust, service="wards", base=None)
    value(fft, 80, other)
    value(staff, 50, trust, month=2)
    found = compare(fft, staff)
    assert [(pair.organisation, pair.first, pair.second) for pair in found.pairs] == [("Lea Trust", 90.0, 60.0)]
    assert (found.pairs[0].first_base, found.pairs[0].second_base) == (100, None)
    assert (found.first_left, found.second_left, found.correlation) == (1, 1, None)


def test_months_that_fill_a_longer_time_count_by_their_answers(both):
    fft, staff = both
    trust = people.organisation()
    for month, percent, base in ((1, 90, 100), (2, 80, 300), (3, 70, 100)):
        value(fft, percent, trust, month=month, base=base)
    value(staff, 60, trust, month=1, until=3)
    (pair,) = compare(fft, staff).pairs
    assert (pair.first, pair.first_base, pair.first_values) == (80.0, 500, 3)
    assert (pair.starts_on, pair.ends_on) == (datetime.date(2025, 1, 1), datetime.date(2025, 3, 31))


@pytest.mark.parametrize(("months", "base"), [((1, 3), 100), ((1, 2), 100), ((2, 3), 100), ((1, 2, 3), None)])
def test_a_gap_or_a_month_without_its_answers_makes_no_pair(both, months, base):
    fft, staff = both
    trust = people.organisation()
    for month in months:
        value(fft, 90, trust, month=month, base=base)
    value(staff, 60, trust, month=1, until=3)
    found = compare(fft, staff)
    assert (found.pairs, found.first_left, found.second_left) == ((), len(months), 1)


def test_no_value_stands_in_two_pairs(both):
    fft, staff = both
    trust = people.organisation()
    for month in (1, 2, 3):
        value(fft, 90, trust, month=month)
    value(staff, 60, trust, month=1, until=3)
    value(staff, 55, trust, month=2)
    found = compare(fft, staff)
    assert [(pair.starts_on.month, pair.first_values) for pair in found.pairs] == [(2, 1)]
    assert (found.first_left, found.second_left) == (2, 1)


def test_the_correlation_is_spearmans_with_its_interval_from_ten_pairs_on():
    first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    second = [2, 1, 4, 3, 6, 5, 8, 7, 10, 9]
    found = correlation(first, second)
    assert found.rho == pytest.approx(1 - 6 * 10 / (10 * 99))  # no ties: one less six times the squares
    assert (found.low, found.high) == (pytest.approx(0.6877, abs=0.0001), pytest.approx(0.9895, abs=0.0001))
    assert found.is_clear
    assert correlation(first[:9], second[:9]) is None
    assert correlation(first, [5] * 10) is None
    perfect = correlation(first, first)
    assert (perfect.rho, perfect.low, perfect.high, perfect.is_clear) == (1, None, None, False)


def test_a_link_that_chance_explains_is_not_called_clear():
    assert not correlation([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 9, 1, 7, 3, 10, 2, 8, 4, 6]).is_clear


# Pages -------------------------------------------------------------------------------------------


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def shown(client, both) -> str:
    page = client.get(PAIRS, {"first": both[0].pk, "second": both[1].pk})
    assert page.status_code == 200
    return page.content.decode()


def test_without_pairs_the_page_says_so(client, officer, both):
    value(both[0], 90, people.organisation())
    words = shown(client, both)
    assert "No paired data" in words
    assert "1 of “Indicator fft”" in words
    assert "<svg" not in words.split("<main")[1].split("</main>")[0]


def test_few_pairs_are_shown_without_a_correlation(client, officer, both):
    for number in range(9):
        trust = people.organisation()
        value(both[0], 80 + number, trust)
        value(both[1], 50 + number, trust)
    words = shown(client, both)
    assert "With fewer than 10 pairs" in words
    assert "Spearman" not in words
    assert "A link between two figures is no cause" in words


def test_ten_pairs_have_a_picture_a_table_a_correlation_and_the_caveat(client, officer, both):
    for number in range(10):
        trust = people.organisation()
        value(both[0], 80 + number, trust)
        value(both[1], 50 + (number ^ 1), trust, base=None)
    words = shown(client, both)
    assert "10 pairs" in words
    assert "Rank correlation (Spearman): 0.94." in words
    assert "It lies between 0.69 and 0.99 with 95% confidence." in words
    assert "A link between two figures is no cause" in words
    assert words.count("<circle") == 10
    assert words.count("not recorded") == 10
    assert "stand here more than once" not in words


def test_an_organisation_in_two_pairs_is_said(client, officer, both):
    trust = people.organisation()
    for month in (1, 2):
        value(both[0], 80 + month, trust, month=month)
        value(both[1], 50, trust, month=month)
    assert "stand here more than once" in shown(client, both)


def test_two_of_the_same_kind_are_not_offered_side_by_side(client, officer, both):
    page = client.get(PAIRS, {"first": both[0].pk, "second": both[0].pk})
    assert page.context["found"] is None
    assert "left it out" in page.content.decode()


def test_the_pages_are_for_staff(client, both):
    value(both[0], 90, people.organisation("Canary Trust"))
    found = {}
    for role in ("project_lead", "member"):
        client.force_login(people.user(role))
        pages = [client.get(address) for address in ("/insight/indicators/", PAIRS)]
        found[role] = [page.status_code for page in pages], "Canary" in pages[0].content.decode()
    assert found == {"project_lead": ([200, 200], True), "member": ([403, 403], False)}


def test_values_without_a_base_say_so_and_the_list_is_narrowed(client, officer, both):
    value(both[0], 90, people.organisation("Lea Trust"), base=None)
    value(both[1], 60, people.organisation("Stort Trust"))
    page = client.get("/insight/indicators/", {"indicator": both[0].pk})
    assert [row.organisation.name for row in page.context["page"]] == ["Lea Trust"]
    assert "not recorded" in page.content.decode()


def test_the_pages_ask_the_same_whatever_their_length(client, officer, both):
    counts = []
    for number in (1, 9, 90):
        for _each in range(number):
            trust = people.organisation()
            value(both[0], 90, trust)
            value(both[1], 60, trust)
        with CaptureQueriesContext(connection) as found:
            client.get("/insight/indicators/")
            shown(client, both)
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]


def test_the_reach_of_an_indicator_is_counted_without_values_too(both):
    value(both[0], 90, people.organisation())
    rows = documents.with_reach(Indicator.objects.all())
    assert [(row.code, row.number, row.organisations, row.last) for row in rows] == [
        ("fft", 1, 1, datetime.date(2025, 1, 31)),
        ("staff", 0, 0, None),
    ]
