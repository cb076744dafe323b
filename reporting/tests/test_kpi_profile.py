"""The figures of a body's profile, and of the profile that all share; figures in the admin."""

import datetime
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from people.tests import factories as people
from reporting.documents.kpis import MEASURES
from reporting.models import Kpi
from reporting.profile.kpis import load_kpis

pytestmark = pytest.mark.django_db

ENGLAND = Path(__file__).parents[2] / "profiles" / "england.toml"
OWN = {
    "code": "content",
    "name": "People who are content",
    "definition": "From the survey of each quarter.",
    "numerator": "people who are content",
    "unit": "share",
    "direction": "up",
}


def loaded(**changed) -> Kpi:
    load_kpis([OWN | changed])
    return Kpi.objects.get(code="content")


def test_the_profile_of_england_has_every_computed_figure_and_no_made_up_aim():
    rows = tomllib.loads(ENGLAND.read_text(encoding="utf-8"))["kpi"]

    load_kpis(rows)

    assert list(Kpi.objects.filter(measure__gt="").order_by("code").values_list("code", "measure")) == [
        (code, code) for code in sorted(MEASURES)
    ]
    assert not Kpi.objects.exclude(target=None, target_by=None, owner="").exists()
    assert len(set(Kpi.objects.values_list("order", flat=True))) == len(rows)


def test_loading_again_changes_nothing():
    loaded()
    before = list(Kpi.objects.values())

    loaded()

    assert list(Kpi.objects.values()) == before


def test_an_aim_is_taken_once_and_what_staff_set_later_stays():
    row = loaded(target=90, target_by=datetime.date(2027, 3, 31), owner="Head of engagement", order=3)
    assert (row.target, row.target_by, row.owner, row.order) == (
        Decimal(90),
        datetime.date(2027, 3, 31),
        "Head of engagement",
        3,
    )
    Kpi.objects.update(target=95, owner="Director")

    row = loaded(target=90, owner="Head of engagement", definition="From two surveys.")

    assert (row.target, row.owner, row.definition) == (Decimal(95), "Director", "From two surveys.")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"aim": 90}, "nobody reads aim"),
        ({"measure": "guess"}, "nobody computes 'guess'. Write one of: activities-answered"),
        ({"measure": "overrides"}, "a computed figure brings its own words. Leave out: name, definition"),
        ({"numerator": ""}, "Say what it is called, what it means, what is counted, and in what unit"),
        ({"unit": "pounds"}, "Value 'pounds' is not a valid choice."),
        ({"target": "many"}, "target: “many” value must be a decimal number."),
    ],
)
def test_a_wrong_row_is_refused_with_what_is_wrong(changed, words):
    with pytest.raises(ValidationError) as error:
        loaded(**changed)

    assert words in " ".join(error.value.messages)
    assert not Kpi.objects.exists()


def test_the_database_wants_words_or_a_computation_and_each_computation_once():
    Kpi.objects.create(code="overrides", measure="overrides")
    with pytest.raises(ValidationError, match="is violated"):
        Kpi(code="again", measure="overrides").full_clean()
    with pytest.raises(IntegrityError):
        Kpi.objects.create(code="nothing")


# The admin ---------------------------------------------------------------------------------------


def test_a_lead_sets_an_aim_in_the_admin(client):
    row = Kpi.objects.create(code="overrides", measure="overrides")
    client.force_login(people.user("lead"))
    given = {"order": 5, "frequency": "quarter", "owner": "Head of engagement", "target": "2"}

    response = client.post(reverse("admin:reporting_kpi_change", args=[row.pk]), given)

    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.target, row.owner, row.measure) == (2, "Head of engagement", "overrides")


def test_a_computation_is_chosen_from_those_that_there_are(client):
    client.force_login(people.user("lead"))
    given = {"code": "guess", "measure": "guess", "order": 5, "frequency": "quarter"}

    response = client.post(reverse("admin:reporting_kpi_add"), given)

    assert "Select a valid choice" in response.content.decode()
    assert not Kpi.objects.exists()


@pytest.mark.parametrize("role", ["officer", "project_lead"])
def test_who_is_no_lead_sets_no_aim(client, role):
    row = Kpi.objects.create(code="overrides", measure="overrides")
    client.force_login(people.user(role))

    assert client.post(reverse("admin:reporting_kpi_change", args=[row.pk]), {"target": "2"}).status_code == 403
