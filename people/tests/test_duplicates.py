"""Entries of the register that look alike are found with reasons, and staff decide."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from people.models import Person
from people.services import duplicates, grant_role
from people.tests import factories

pytestmark = pytest.mark.django_db


def pair(first: dict, second: dict):
    """How two persons are found to be alike; None when they are not."""
    found = duplicates.pairs(
        Person.objects.filter(pk__in=[factories.person(**first).pk, factories.person(**second).pk])
    )
    return found[0] if found else None


def reasons(first: dict, second: dict) -> list[str]:
    likeness = pair(first, second)
    return [str(reason) for reason in likeness.reasons] if likeness else []


# Who looks alike ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"name": "José  O'Neil"}, {"name": "jose o neil"}, ["same name"]),
        ({"name": "Ann Lee", "birth_year": 1960}, {"name": "Ann Lee", "birth_year": 1960}, ["same name", "same year"]),
        ({"name": "محمد علي"}, {"name": "محمد علي"}, ["same name"]),
        ({"name": "Ann Lee", "email": "A@x.org"}, {"name": "A. Lee", "email": "a@x.org"}, ["same e-mail address"]),
        (
            {"name": "Ann Lee", "phone": "+44 7700 900123"},
            {"name": "A Lee", "phone": "07700 900123"},
            ["same telephone"],
        ),
        (
            {"name": "Catherine Smith", "postcode": "AL1 1AA"},
            {"name": "Katherine Smith", "postcode": "al11aa"},
            ["similar name in the same postcode", "same postcode"],
        ),
        (
            {"name": "Jo Smith", "postcode": "AL1 1AA"},
            {"name": "Joanna Smyth", "postcode": "AL1 1AA"},
            [],
        ),
        (
            {"name": "Jo Smithson", "postcode": "AL1 1AA"},
            {"name": "Joanna Smithsen", "postcode": "AL1 1AA"},
            ["similar name in the same postcode", "same postcode"],
        ),
    ],
)
def test_entries_that_look_alike_are_found_with_reasons(first, second, expected):
    found = reasons(first, second)
    assert len(found) == len(expected)
    assert all(reason.startswith(words) for reason, words in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "Ann Lee"}, {"name": "Bo Chen"}),
        (
            {"name": "Ann Lee", "birth_year": 1960, "postcode": "AL1 1AA"},
            {"name": "Ann Lee", "birth_year": 1990, "postcode": "SG1 1AA"},
        ),
        ({"name": "Ann Lee", "phone": "12"}, {"name": "Bo Chen", "phone": "12"}),
        ({"name": "😀"}, {"name": "😀"}),
        ({"name": "!!", "postcode": "AL1 1AA"}, {"name": "Ann Lee", "postcode": "AL1 1AA"}),
    ],
)
def test_entries_that_do_not_look_alike_are_not_proposed(first, second):
    assert pair(first, second) is None


def test_a_family_that_shares_an_address_scores_lower_than_one_person_with_two_entries():
    family = pair({"name": "Ann Lee", "email": "lee@x.org"}, {"name": "Tom Lee", "email": "lee@x.org"})
    same = pair({"name": "Ann Chen", "email": "chen@x.org"}, {"name": "Ann Chen", "email": "chen@x.org"})
    assert family.score < same.score
    assert "but another first name" in [str(reason) for reason in family.reasons]
    assert (str(family.words), str(same.words)) == ("perhaps", "very likely")


def test_what_differs_counts_against():
    likeness = pair(
        {"name": "Ann Lee", "email": "a@x.org", "postcode": "AL1 1AA", "birth_year": 1960},
        {"name": "Ann Lee", "email": "a@x.org", "postcode": "SG1 1AA", "birth_year": 1961},
    )
    assert "but another postcode" in [str(reason) for reason in likeness.reasons]
    assert "but another year of birth" in [str(reason) for reason in likeness.reasons]
    assert str(likeness.words) == "perhaps"
    assert str(pair({"name": "Bo Chen"}, {"name": "Bo Chen"}).words) == "likely"


def test_merged_and_erased_entries_are_not_proposed():
    keep = factories.person("Ann Lee")
    factories.person("Ann Lee", merged_into=keep)
    factories.person("Ann Lee", erased_at=timezone.now())
    assert duplicates.pairs(Person.objects.known()) == []


def test_two_that_were_called_two_people_are_not_proposed_again():
    by, one, other = factories.user(), factories.person("Ann Lee"), factories.person("Ann Lee")
    assert duplicates.are_two_people(other, one, by=by) == duplicates.are_two_people(one, other, by=by)
    assert duplicates.pairs(Person.objects.known()) == []
    assert AuditEvent.objects.filter(verb="called two people").count() == 1


def test_a_thousand_entries_take_two_queries_and_few_comparisons(monkeypatch):
    Person.objects.bulk_create(
        Person(name=f"Name{n} Family{n}", email=f"n{n}@x.org", postcode=f"AL{n % 10} 1AA", phone="01992 555555")
        for n in range(1000)
    )
    Person.objects.filter(name="Name1 Family1").update(name="Name2 Family2")
    compared = Counter()
    real = duplicates.compare

    def counting(one, other):
        compared["pairs"] += 1
        return real(one, other)

    monkeypatch.setattr(duplicates, "compare", counting)
    with CaptureQueriesContext(connection) as queries:
        found = duplicates.pairs(Person.objects.known())
    assert len(queries) == 2
    assert compared["pairs"] < 1000 * 15
    assert len([likeness for likeness in found if "same name" in map(str, likeness.reasons)]) == 1


def test_a_new_entry_is_compared_with_all_that_are_there():
    likely = factories.person("Ann Lee", email="a@x.org")
    factories.person("Bo Chen")
    found = duplicates.like(Person(name="Ann Leigh", email="a@x.org"), Person.objects.known())
    assert found == [likely]
    assert [str(reason) for reason in found[0].likeness.reasons] == ["same e-mail address"]


# Pages -------------------------------------------------------------------------------------------


@pytest.fixture
def lead():
    return factories.user("lead")


def test_staff_see_pairs_and_say_that_they_are_two_people(client, lead):
    one, other = factories.person("Ann Lee"), factories.person("Ann Lee", area=factories.area("Harlow"))
    client.force_login(lead)
    page = client.get("/register/duplicates/").content.decode()
    assert "1 pair" in page
    assert "same name" in page
    page = client.post(f"/register/duplicates/{other.pk}/{one.pk}/", follow=True).content.decode()
    assert "No two entries look alike" in page


def test_staff_compare_two_entries_and_choose_which_stays(client, lead):
    one, other = factories.member("Ann Lee"), factories.person("Ann Lee", birth_year=1960)
    client.force_login(lead)
    address = f"/register/merge/{one.pk}/{other.pk}/"
    page = client.get(address).content.decode()
    assert one.user.email in page
    assert "1960" in page
    assert "Choose the entry that stays" in client.post(address).content.decode()
    page = client.post(address, {"keep": str(other.pk)}, follow=True).content.decode()
    assert "The two entries are one now" in page
    assert Person.objects.get(pk=one.pk).merged_into == other
    assert client.get(address).status_code == 404


def test_a_merge_that_is_refused_says_why(client, lead):
    keep, gone = factories.member("Ann Lee"), factories.member("Ann Lee")
    grant_role(gone.user, "officer", by=None)
    client.force_login(lead)
    page = client.post(f"/register/merge/{keep.pk}/{gone.pk}/", {"keep": str(keep.pk)}, follow=True)
    assert "staff work" in page.content.decode()


def test_entries_of_other_areas_are_neither_shown_nor_merged(client):
    here, there = factories.area(), factories.area()
    one, other = factories.person("Ann Lee", area=here), factories.person("Ann Lee", area=there)
    client.force_login(factories.user("officer", area=here))
    assert "No two entries" in client.get("/register/duplicates/").content.decode()
    for pk in ((one.pk, other.pk), (other.pk, one.pk), (one.pk, one.pk)):
        assert client.post(f"/register/merge/{pk[0]}/{pk[1]}/", {"keep": str(pk[0])}).status_code == 404
        assert client.post(f"/register/duplicates/{pk[0]}/{pk[1]}/").status_code == 404
    assert not Person.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize("role", ["project_lead", "member", "secretary", "safeguarding"])
def test_entries_are_merged_by_the_engagement_team_alone(client, role):
    one, other = factories.person("Ann Lee"), factories.person("Ann Lee")
    client.force_login(factories.user(role))
    assert client.get("/register/duplicates/").status_code == 403
    assert client.post(f"/register/merge/{one.pk}/{other.pk}/", {"keep": str(one.pk)}).status_code == 403
    assert client.post(f"/register/duplicates/{one.pk}/{other.pk}/").status_code == 403


def test_the_list_of_pairs_takes_the_same_number_of_queries_however_long_it_is(client, lead):
    client.force_login(lead)
    counts = set()
    for number in (10, 100, 1000):
        Person.objects.bulk_create(Person(name=f"Name{n // 2} Of{number}") for n in range(number))
        client.get("/register/duplicates/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/register/duplicates/")
        counts.add(len(queries))
    assert len(counts) == 1
