"""The pages of the figures: who sees them, what they say, their CSV, and entering a value."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Period
from engagement.tests import factories as engagement
from insights.tests import factories as answers
from people.tests import factories as people
from reporting.models import Kpi, KpiValue
from reporting.services.kpis import set_value
from reporting.tests.kpis import day, noon, quarter

pytestmark = pytest.mark.django_db

STAFF = ["administrator", "lead", "officer", "project_lead"]
WORKING = ["administrator", "lead", "officer"]
OTHERS = ["secretary", "member", "partner"]
VALUE = {"numerator": "45", "denominator": "60", "source": "Survey of 2023, page 4"}


@pytest.fixture
def period() -> Period:
    return quarter(1)


@pytest.fixture
def kpi() -> Kpi:
    return Kpi.objects.create(
        code="content",
        name="People who are content",
        definition="From the survey of each quarter.",
        numerator="people who are content",
        denominator="people who answered",
        unit="share",
        direction="up",
    )


def sign_in(client, role: str, **fields):
    user = people.user(role, **fields)
    client.force_login(user)
    return user


def address(page: str, *args, **query) -> str:
    return reverse(f"kpis:{page}", args=args, query=query)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def pages(kpi: Kpi, period: Period) -> list[str]:
    return [
        address("kpi_list"),
        address("kpi_list", format="csv"),
        address("kpi_detail", "activities-held"),
        address("kpi_detail", kpi.code),
    ]


# Who gets in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_staff_read_every_page(client, role, kpi, period):
    sign_in(client, role)

    assert [client.get(page).status_code for page in pages(kpi, period)] == [200] * 4


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reads_them(client, role, kpi, period):
    sign_in(client, role)

    assert [client.get(page).status_code for page in pages(kpi, period)] == [403] * 4


def test_strangers_are_sent_to_sign_in(client, kpi, period):
    for page in [*pages(kpi, period), address("value_edit", kpi.code, period.code)]:
        assert client.get(page).url.startswith("/accounts/login/")


@pytest.mark.parametrize("role", WORKING)
def test_who_works_on_engagement_enters_values(client, role, kpi, period):
    sign_in(client, role)

    assert client.get(address("value_edit", kpi.code, period.code)).status_code == 200


@pytest.mark.parametrize("role", ["project_lead", *OTHERS])
def test_nobody_else_enters_values(client, role, kpi, period):
    sign_in(client, role)
    page = address("value_edit", kpi.code, period.code)

    assert [client.get(page).status_code, client.post(page, VALUE).status_code] == [403, 403]
    assert not KpiValue.objects.exists()


def test_pages_that_only_show_take_no_post(client, kpi):
    sign_in(client, "lead")

    assert client.post(address("kpi_list")).status_code == 405
    assert client.post(address("kpi_detail", kpi.code)).status_code == 405


# The list ----------------------------------------------------------------------------------------


def test_the_list_shows_figures_in_groups_with_aim_and_period_before(client):
    answered = engagement.activity(starts_on=day(5), ends_on=day(6))
    answers.published_response(activity=answered, published_at=noon(6))
    engagement.activity(starts_on=day(8), ends_on=day(9))
    Kpi.objects.create(code="answered", measure="activities-answered", target=90)
    quarter(1), quarter(2)
    sign_in(client, "officer")

    page = text(client.get(address("kpi_list", period="2023-24-q2")))

    assert "Compared with April to June 2023." in page
    row = page[page.index("Activities with a public answer") :]
    row = row[: row.index("</tr>")]
    assert row.index("0% (0 of 1)") < row.index("100% (1 of 1)") < row.index("worse") < row.index("at least 90%")
    assert "not reached" in row
    assert page.index("Activities and who was heard") < page.index("Answers and promises")


def test_without_a_choice_the_newest_quarter_that_has_begun_is_shown(client):
    quarter(1), quarter(2)
    today = timezone.localdate()
    later = today + datetime.timedelta(days=1)
    engagement.period("later", kind="quarter", starts_on=later, ends_on=later + datetime.timedelta(days=90))
    sign_in(client, "lead")

    assert "Figures of July to September 2023" in text(client.get(address("kpi_list")))


def test_an_unknown_period_is_left_out_and_the_page_says_so(client, period):
    sign_in(client, "lead")

    page = text(client.get(address("kpi_list", period="2099")))

    assert "We do not know the period in the address. This is April to June 2023." in page


def test_without_any_period_the_page_says_what_to_do(client, kpi):
    sign_in(client, "lead")

    for page in (address("kpi_list"), address("kpi_list", format="csv"), address("kpi_detail", kpi.code)):
        assert "There is no period yet. Ask an administrator to add one." in text(client.get(page))


def test_the_csv_has_a_row_for_each_figure_and_runs_no_formula(client, period, kpi):
    Kpi.objects.filter(pk=kpi.pk).update(name="=1+1")
    KpiValue.objects.create(kpi=kpi, period=period, numerator=45, denominator=60, source="Survey")
    sign_in(client, "lead")

    response = client.get(address("kpi_list", period=period.code, format="csv"))

    assert response["Content-Disposition"] == 'attachment; filename="figures-2023-24-q1.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 35
    last = rows[-1]
    assert last["Figure"] == "'=1+1"
    assert (last["Value"], last["Counted"], last["Out of"], last["As printed"]) == (
        "75.0",
        "45",
        "60",
        "75% (45 of 60)",
    )
    assert rows[0]["Value"] == ""
    assert rows[0]["As printed"] == "not recorded"


def test_the_list_costs_the_same_with_many_figures(client, period):
    sign_in(client, "lead")
    client.get(address("kpi_list"))
    counts = []
    for number in (1, 9, 90):
        for _number in range(number):
            row = Kpi.objects.create(
                code=f"own-{Kpi.objects.count()}",
                name="N",
                definition="D",
                numerator="n",
                unit="number",
                direction="up",
            )
            KpiValue.objects.create(kpi=row, period=period, numerator=1, source="Survey")
        with CaptureQueriesContext(connection) as queries:
            client.get(address("kpi_list"))
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


# One figure --------------------------------------------------------------------------------------


def test_a_figure_says_what_it_means_and_links_to_its_records(client, period):
    row = engagement.activity(starts_on=day(5), ends_on=day(6), reference="A-1", title="Talk")
    sign_in(client, "officer")

    page = text(client.get(address("kpi_detail", "activities-held", period=period.code)))

    assert "What is only planned is not counted." in page
    assert f'<a href="{row.get_absolute_url()}">A-1 Talk</a>' in page
    assert "<title>Activities that took place. April to June 2023: 1.</title>" in page
    assert '<th scope="row" class="nhsuk-table__header">April to June 2023</th>' in page
    assert "Enter or correct the value" not in page


def test_records_are_not_listed_for_somebody_who_works_for_some_areas(client, period):
    engagement.activity(starts_on=day(5), ends_on=day(6), reference="A-1", title="Talk")
    sign_in(client, "officer", area=people.area("Harlow"))

    page = text(client.get(address("kpi_detail", "activities-held", period=period.code)))

    assert "its records are not listed for you" in page
    assert "A-1 Talk" not in page


def test_people_are_never_listed(client, period):
    row = engagement.activity(starts_on=day(5), ends_on=day(6))
    person = people.person("Ada Lovelace")
    row.contributors.create(person=person, how="session")
    sign_in(client, "lead")

    page = text(client.get(address("kpi_detail", "people-known", period=period.code)))

    assert "What this figure counts is not listed one by one." in page
    assert "Ada Lovelace" not in page


def test_the_aim_stands_in_the_picture_in_words(client, period):
    engagement.activity(starts_on=day(5), ends_on=day(6))
    Kpi.objects.create(code="answered", measure="activities-answered", target=90, owner="Head of engagement")
    sign_in(client, "lead")

    page = text(client.get(address("kpi_detail", "answered")))

    assert "April to June 2023: 0% (0 of 1). Aim: at least 90%.</title>" in page
    assert "Head of engagement" in page


def test_a_yearly_figure_asks_for_a_year(client, kpi, period):
    Kpi.objects.filter(pk=kpi.pk).update(frequency="year")
    engagement.period("2023-24")
    sign_in(client, "lead")

    asked = text(client.get(address("kpi_detail", kpi.code, period=period.code)))
    assert "This figure is for whole years. Choose a year." in asked
    assert "Enter or correct the value" not in asked
    assert "Enter or correct the value" in text(client.get(address("kpi_detail", kpi.code)))


def test_an_unknown_figure_is_not_found(client, period):
    sign_in(client, "lead")

    assert client.get(address("kpi_detail", "nothing")).status_code == 404


# Entering a value --------------------------------------------------------------------------------


def test_a_value_is_entered_corrected_and_audited(client, kpi, period):
    user = sign_in(client, "officer")
    page = address("value_edit", kpi.code, period.code)

    response = client.post(page, VALUE)
    assert response.url == address("kpi_detail", kpi.code, period=period.code)
    assert "75% (45 of 60)" in text(client.get(response.url))
    assert 'value="45.00"' in text(client.get(page))
    client.post(page, VALUE | {"numerator": "48"})
    client.post(page, VALUE | {"numerator": "48"})

    row = KpiValue.objects.get()
    assert (row.numerator, row.denominator, row.source, row.by) == (48, 60, "Survey of 2023, page 4", user)
    verbs = list(
        AuditEvent.objects.filter(subject_type="reporting.kpivalue").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["entered a value of a figure", "corrected a value of a figure"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"numerator": ""}, "Enter people who are content"),
        ({"numerator": "many"}, "People who are content must be a number, like 12.5"),
        ({"numerator": "-1"}, "People who are content must be 0 or more"),
        ({"denominator": ""}, "Enter people who answered"),
        ({"denominator": "0"}, "Write out of how many, more than 0"),
        ({"denominator": "44"}, "What is counted cannot be more than what it is out of"),
        ({"source": ""}, "Enter where it comes from"),
    ],
)
def test_a_wrong_value_is_refused_in_words_and_kept_in_the_form(client, kpi, period, changed, words):
    sign_in(client, "officer")

    response = client.post(address("value_edit", kpi.code, period.code), VALUE | changed)

    assert response.status_code == 422
    assert words in text(response)
    assert (VALUE | changed)["source"] in text(response)
    assert not KpiValue.objects.exists()


def test_a_computed_figure_has_no_form(client, period):
    Kpi.objects.create(code="held", measure="activities-held")
    sign_in(client, "lead")

    assert client.get(address("value_edit", "held", period.code)).status_code == 404


def test_the_service_refuses_what_is_computed_yearly_to_come_or_locked(kpi, period):
    user = people.user("lead")
    computed = Kpi.objects.create(code="held", measure="activities-held")
    yearly = Kpi.objects.create(
        code="yearly", name="N", definition="D", numerator="n", unit="number", direction="up", frequency="year"
    )
    first = timezone.localdate() + datetime.timedelta(days=1)
    later = engagement.period("later", starts_on=first, ends_on=first + datetime.timedelta(days=90))
    locked = engagement.locked_period("2022-23")
    for one, of, words in (
        (computed, period, "This figure is computed from the record. Correct the record instead"),
        (yearly, period, "This figure is for whole years. Choose a year"),
        (kpi, later, "This period has not begun. Choose an earlier one"),
        (kpi, locked, "This period is locked. Ask an administrator to open it first"),
    ):
        with pytest.raises(ValidationError) as error:
            set_value(one, of, by=user, numerator=1, denominator=2, source="Survey")
        assert error.value.messages == [words]
    assert not KpiValue.objects.exists()
    assert not AuditEvent.objects.filter(subject_type="reporting.kpivalue").exists()


def test_the_database_keeps_one_value_for_a_period_out_of_something(kpi, period):
    given = {"kpi": kpi, "period": period, "numerator": 1, "source": "Survey"}
    with pytest.raises(IntegrityError), transaction.atomic():
        KpiValue.objects.create(**given, denominator=0)
    KpiValue.objects.create(**given)
    with pytest.raises(IntegrityError), transaction.atomic():
        KpiValue.objects.create(**given)


@pytest.mark.django_db(transaction=True)
def test_two_who_enter_a_value_at_once_write_to_one_row(tmp_path, kpi, period):
    users = [people.user("lead"), people.user("officer")]

    def enter(by) -> int:
        return set_value(kpi, period, by=by, numerator=45, denominator=60, source=f"Survey, says {by}").pk

    first, second = race(tmp_path, *(lambda user=user: enter(user) for user in users))

    assert isinstance(first, int)
    assert first == second


def test_the_row_of_the_figure_is_locked_for_a_value(kpi, period):
    with CaptureQueriesContext(connection) as queries:
        set_value(kpi, period, by=people.user("lead"), numerator=45, denominator=60, source="Survey")

    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert len(locks) == connection.features.has_select_for_update
