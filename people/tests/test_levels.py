"""What a body calls its levels, and which numbers of residents are unusual for them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from people.models import Area, Level, LevelBand
from people.tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("residents", "is_usual"), [(249_999, False), (250_000, True), (500_000, True), (500_001, False)]
)
def test_a_place_has_a_usual_number_of_residents(residents, is_usual):
    assert LevelBand(level=Level.PLACE, smallest=250_000, largest=500_000).holds(residents) is is_usual


def test_an_end_that_is_not_given_is_open():
    assert LevelBand(level=Level.PLACE).holds(0)
    assert LevelBand(level=Level.PLACE, smallest=10).holds(10_000_000)


def test_a_body_names_its_levels_and_keeps_the_common_name_for_the_others():
    LevelBand.objects.create(level=Level.NEIGHBOURHOOD, name="Primary care network")
    LevelBand.objects.create(level=Level.PLACE)
    names = LevelBand.objects.names()

    assert (names["neighbourhood"], names["place"], names["system"]) == ("Primary care network", "place", "system")
    assert [str(band) for band in LevelBand.objects.all()] == ["Primary care network", "place"]


def test_the_database_refuses_sizes_out_of_order():
    with pytest.raises(IntegrityError), transaction.atomic():
        LevelBand.objects.create(level=Level.PLACE, smallest=2, largest=1)


def test_an_unusual_number_of_residents_is_warned_of_and_kept(client):
    LevelBand.objects.create(level=Level.PLACE, smallest=250_000, largest=500_000)
    area = factories.area("West Essex")
    client.force_login(factories.user("lead"))
    fields = {"name": area.name, "slug": area.slug, "level": "place", "population": "900000", "population_source": "Us"}
    inline = {f"aliases-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    page = client.post(reverse("admin:people_area_change", args=[area.pk]), fields | inline, follow=True)

    assert "900,000 residents is an unusual number for a place. Check it: West Essex" in page.content.decode()
    assert Area.objects.get().population == 900_000
