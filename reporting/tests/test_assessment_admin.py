"""Yardsticks in the admin: who changes them, what a target may be, what stays once it was used."""

import pytest

from core.models import AuditEvent
from reporting.models import Descriptor, Yardstick
from reporting.tests import assessment_factories as factories
from reporting.tests.reading import text_of

pytestmark = pytest.mark.django_db
YARDSTICK = "/admin/reporting/yardstick/"


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def posted(of: Yardstick, **changed) -> dict:
    said = {name: getattr(of, name) for name in ("code", "kind", "name", "meaning", "source", "most_links")}
    for part in ("levels", "dimensions"):
        rows = list(getattr(of, part).all())
        said |= {f"{part}-TOTAL_FORMS": len(rows), f"{part}-INITIAL_FORMS": len(rows)}
        for number, each in enumerate(rows):
            names = ("order", "name") if part == "levels" else ("number", "name", "meaning")
            said |= {f"{part}-{number}-{name}": getattr(each, name) for name in names}
            said |= {f"{part}-{number}-id": each.pk, f"{part}-{number}-yardstick": of.pk}
    return said | {"target_level": "", "target_number": ""} | changed


@pytest.mark.parametrize(("role", "status"), [("lead", 200), ("officer", 200), ("secretary", 302)])
def test_staff_look_at_yardsticks_in_the_admin(client, signed_in, role, status):
    of = factories.yardstick()
    signed_in(role)
    pages = [YARDSTICK, f"{YARDSTICK}{of.pk}/change/", f"/admin/reporting/dimension/{of.dimensions.first().pk}/change/"]
    assert [client.get(each).status_code for each in pages] == [status] * 3


def test_a_lead_sets_a_target_among_the_levels_of_the_yardstick(client, signed_in):
    of, other = factories.yardstick(), factories.yardstick()
    signed_in("lead")
    url, good = f"{YARDSTICK}{of.pk}/change/", of.levels.get(name="good")
    foreign = client.post(url, posted(of, target_level=other.levels.first().pk))
    assert "target_level" in foreign.context["adminform"].form.errors
    many = client.post(url, posted(of, target_level=good.pk, target_number=3))
    assert "The target must be 1 to 2, as many dimensions as there are" in text_of(many)
    alone = client.post(url, posted(of, target_number=2))
    assert "Select the level that the target asks for" in text_of(alone)
    assert client.post(url, posted(of, target_level=good.pk, target_number=2)).status_code == 302
    of.refresh_from_db()
    assert (of.target_level, of.target_number) == (good, 2)
    assert AuditEvent.objects.filter(subject_type="reporting.yardstick").count() == 1


def test_an_officer_changes_no_yardstick(client, officer):
    of = factories.yardstick()
    assert client.post(f"{YARDSTICK}{of.pk}/change/", posted(of, name="Ours")).status_code == 403


def test_levels_and_dimensions_of_a_used_yardstick_stay(client, signed_in):
    of = factories.yardstick()
    signed_in("lead")
    url, level, dimension = f"{YARDSTICK}{of.pk}/change/", of.levels.first(), of.dimensions.first()
    changed = {"levels-0-name": "poor", "dimensions-0-name": "Boards", "name": "Ours"}
    assert client.post(url, posted(of, **changed)).status_code == 302
    level.refresh_from_db()
    assert level.name == "poor"
    of.refresh_from_db()
    factories.judged(of, "good", "good")
    again = {"levels-0-name": "bad", "dimensions-0-name": "Rooms", "name": "Ours again"}
    assert client.post(url, posted(of, **again)).status_code == 302
    for row in (of, level, dimension):
        row.refresh_from_db()
    assert (of.name, level.name, dimension.name) == ("Ours again", "poor", "Boards")


def test_a_dimension_is_described_by_the_levels_of_its_own_yardstick(client, signed_in):
    of, other = factories.yardstick(), factories.yardstick()
    signed_in("lead")
    dimension = of.dimensions.first()
    url = f"/admin/reporting/dimension/{dimension.pk}/change/"
    said = {"descriptors-TOTAL_FORMS": 1, "descriptors-INITIAL_FORMS": 0, "descriptors-0-text": "Nobody is asked."}
    said |= {"descriptors-0-dimension": dimension.pk}
    assert client.post(url, said | {"descriptors-0-level": other.levels.first().pk}).status_code == 200
    assert not Descriptor.objects.exists()
    assert client.post(url, said | {"descriptors-0-level": of.levels.first().pk}).status_code == 302
    assert Descriptor.objects.get().level == of.levels.first()
