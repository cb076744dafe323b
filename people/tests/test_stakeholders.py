"""Stakeholders: apart from the register of people, mapped, and not told two things by two partners."""

import csv
import datetime
import io
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from people.documents.stakeholder_grid import grid_picture
from people.models import Person, Stakeholder, StakeholderContact
from people.services import stakeholders
from people.tests import factories

pytestmark = pytest.mark.django_db
MAP = "/register/stakeholders/"
SVG = "{http://www.w3.org/2000/svg}"


def stakeholder(name="Cllr Patel", **fields):
    areas = fields.pop("areas", [])
    row = Stakeholder.objects.create(**{"name": name, "kind": "councillor"} | fields)
    row.areas.set(areas)
    return row


def contact(who, *, days=0, topic="Hospital car park", of=None, **fields):
    on = timezone.localdate() - datetime.timedelta(days=days)
    values = {"by": None, "on": on, "channel": "meeting", "topic": topic, "summary": "", "by_organisation": of}
    return stakeholders.record_contact(who, **values | fields)


@pytest.fixture
def officer(client):
    factories.body()
    user = factories.user("officer")
    client.force_login(user)
    return user


# Apart from the register -------------------------------------------------------------------------


def test_nothing_links_stakeholders_and_people():
    ours = {Stakeholder, StakeholderContact}
    for model in apps.get_app_config("people").get_models():
        towards = {field.related_model for field in model._meta.get_fields() if field.is_relation}
        if model in ours:
            assert Person not in towards
        if model is Person:
            assert not ours & towards


# Contacts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 7, 14])
def test_another_partner_on_the_same_topic_within_two_weeks_is_named(days):
    factories.body()
    who, trust = stakeholder(), factories.organisation("Acute Trust")
    contact(who, days=days, topic="hospital  CAR-park", of=trust)
    row, warnings = contact(who, topic="Hôspital car park")
    day = f"{timezone.localdate() - datetime.timedelta(days=days):%-d %B %Y}"

    assert row.topic == "Hôspital car park"
    assert warnings == [f"Acute Trust was in touch about “hospital  CAR-park” on {day}"]


def test_a_partner_is_warned_of_what_the_body_said():
    factories.body()
    who = stakeholder()
    contact(who)
    (warning,) = contact(who, of=factories.organisation("Acute Trust"))[1]
    assert warning.startswith("Hertfordshire and West Essex ICB was in touch about “Hospital car park”")


@pytest.mark.parametrize(
    "other",
    [{"days": 15}, {"topic": "Hospital car parks"}, {"of": None}],
)
def test_no_warning_where_nothing_is_doubled(other):
    factories.body()
    who = stakeholder()
    contact(who, **{"of": factories.organisation("Acute Trust")} | other)
    contact(stakeholder("Somebody else"), of=factories.organisation("Council"))

    assert contact(who)[1] == []


def test_the_body_by_name_is_the_body():
    body = factories.body()
    who = stakeholder()
    contact(who, of=body)
    assert contact(who)[1] == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"days": -1}, "must be today or in the past"),
        ({"topic": ""}, "cannot be blank"),
        ({"topic": "x" * 201}, "at most 200 characters"),
        ({"channel": "pigeon"}, "not a valid choice"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(values, reason):
    with pytest.raises(ValidationError, match=reason):
        contact(stakeholder(), **values)
    assert not StakeholderContact.objects.exists()


def sent(**changes):
    today = timezone.localdate()
    form = {"on_0": today.day, "on_1": today.month, "on_2": today.year, "channel": "meeting", "topic": "Car park"}
    return form | changes


def test_the_page_records_a_contact_and_shows_the_warning(client, officer):
    who = stakeholder()
    contact(who, topic="car park", of=factories.organisation("Acute Trust"))
    address = f"{MAP}{who.pk}/contacts/"
    page = client.post(address, sent(summary="<b>Said</b> مرحبا"), follow=True)
    text = page.content.decode()

    assert page.redirect_chain == [(address, 302)]
    assert "The contact is recorded" in text
    assert "Acute Trust was in touch about “car park” on" in text
    assert "&lt;b&gt;Said&lt;/b&gt; مرحبا" in text
    row = StakeholderContact.objects.get(by=officer)
    assert (row.topic, row.by_organisation) == ("Car park", None)
    assert AuditEvent.objects.filter(verb="recorded contact", actor_id=officer.pk).count() == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"topic": ""}, "Answer the question “What was it about?”"),
        ({"on_2": "2999"}, "The day of the contact must be today or in the past"),
        ({"by_organisation": "999"}, "Select an answer from the list"),
    ],
)
def test_a_wrong_contact_says_what_to_do(client, officer, changes, reason):
    page = client.post(f"{MAP}{stakeholder().pk}/contacts/", sent(**changes))

    assert page.status_code == 422
    assert reason in page.content.decode()
    assert not StakeholderContact.objects.exists()


# The map -----------------------------------------------------------------------------------------


def cells(page):
    """(interest, influence) → names, of the places that hold somebody."""
    return {
        (interest, influence): [str(each) for each in names]
        for influence, row in page.context["rows"]
        for interest, (names, _more) in enumerate(row, 1)
        if names
    }


def test_the_grid_shows_who_stands_where_in_a_table_and_a_picture(client, officer):
    stakeholder("Áine <b>", interest=5, influence=1)
    stakeholder("Bob", interest=5, influence=1)
    stakeholder("Cem", interest=1, influence=5)
    stakeholder("Nowhere yet", interest=3)
    page = client.get(MAP)
    text = page.content.decode()

    assert cells(page) == {(5, 1): ["Bob", "Áine <b>"], (1, 5): ["Cem"]}
    assert "Áine &lt;b&gt;" in text
    assert "4 stakeholders." in text
    assert "In the grid: 3." in text
    said = "Stakeholders by interest and influence. 2 at interest 5 and influence 1; 1 at interest 1 and influence 5."
    assert f"<title>{said}</title>" in text


def test_much_influence_is_at_the_top_and_much_interest_on_the_right():
    picture = ElementTree.fromstring(grid_picture({(1, 5): 1, (5, 1): 4}))  # noqa: S314  our own picture
    first, second = picture.iter(f"{SVG}circle")

    assert float(first.get("cx")) < float(second.get("cx"))
    assert float(first.get("cy")) < float(second.get("cy"))
    assert float(second.get("r")) == 2 * float(first.get("r"))


def test_an_empty_grid_says_so():
    assert "None in the grid" in grid_picture({})


def test_a_crowded_place_names_the_first_and_counts_the_rest(client, officer):
    Stakeholder.objects.bulk_create(Stakeholder(name=f"S{n:02}", kind="mp", interest=3, influence=3) for n in range(12))
    page = client.get(MAP)

    assert len(cells(page)[3, 3]) == 8
    assert "and 4 more" in page.content.decode()


def test_kind_and_place_narrow_the_map_and_nonsense_does_not(client, officer):
    here, there = factories.area("Here"), factories.area("There")
    stakeholder("Ann", kind="mp", areas=[here], interest=1, influence=1)
    stakeholder("Bob", areas=[here, there], interest=1, influence=1)

    for query, names in (
        ({"kind": "mp"}, ["Ann"]),
        ({"area": there.pk}, ["Bob"]),
        ({"area": here.pk}, ["Ann", "Bob"]),
        ({"kind": "nonsense", "area": "9" * 30}, ["Ann", "Bob"]),
    ):
        assert cells(client.get(MAP, query)) == {(1, 1): names}


def test_late_actions_come_the_longest_first_and_kinds_with_nobody_are_named(client, officer):
    today = timezone.localdate()
    for name, days in (("Late", 1), ("Later", 30), ("Today", 0), ("Soon", -1)):
        stakeholder(name, next_action="Call", next_action_on=today - datetime.timedelta(days=days), owner=officer)
    stakeholder("Never")
    page = client.get(MAP)

    assert [each.name for each in page.context["overdue"]] == ["Later", "Late"]
    assert "councillor" not in page.context["gaps"]
    assert "faith group" in page.context["gaps"]


def test_the_export_is_safe_to_open_and_holds_no_address(client, officer):
    stakeholder('=cmd|"/c calc"', email="mp@example.org", phone="01234", interest=5, influence=4, owner=officer)
    answer = client.get(f"{MAP}export/", {"kind": "councillor"})
    (row,) = csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff")))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert row["name"] == '\'=cmd|"/c calc"'
    assert (row["kind"], row["interest, 1 to 5"], row["influence, 1 to 5"]) == ("councillor", "5", "4")
    assert "example.org" not in answer.content.decode()
    assert AuditEvent.objects.get(verb="exported stakeholders").detail == {"rows": 1}
    assert client.get(f"{MAP}export/", {"kind": "mp"}).content.decode().count("\r\n") == 1


def test_stakeholders_of_another_area_do_not_exist(client):
    here, there = factories.area(), factories.area()
    client.force_login(factories.user("officer", area=here))
    stakeholder("Near", areas=[here, there], interest=1, influence=1)
    far = stakeholder("Far", areas=[there], interest=1, influence=1)

    assert cells(client.get(MAP)) == {(1, 1): ["Near"]}
    assert "Far" not in client.get(f"{MAP}export/").content.decode()
    assert client.get(f"{MAP}{far.pk}/contacts/").status_code == 404
    assert client.post(f"{MAP}{far.pk}/contacts/", sent()).status_code == 404


@pytest.mark.parametrize("role", ["", "member", "secretary", "project_lead", "safeguarding"])
@pytest.mark.parametrize("address", ["", "export/", "1/contacts/"])
def test_others_do_not_see_stakeholders(client, role, address):
    assert client.get(MAP + address)["Location"].startswith("/accounts/login/")
    client.force_login(factories.user(role))
    assert client.get(MAP + address).status_code == 403


def test_the_map_asks_the_database_as_often_for_ten_as_for_a_thousand(client, officer):
    asked = []
    late = timezone.localdate() - datetime.timedelta(days=3)
    for count in (10, 90, 900):
        Stakeholder.objects.bulk_create(
            Stakeholder(name=f"S{n}", kind="mp", interest=n % 5 + 1, influence=3, owner=officer, next_action_on=late)
            for n in range(count)
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(MAP)
        asked.append(len(queries))
    assert len(set(asked)) == 1


# The admin ---------------------------------------------------------------------------------------


def test_the_admin_lists_late_actions_first(client, officer):
    today = timezone.localdate()
    stakeholder("Never")
    stakeholder("Soon", next_action_on=today + datetime.timedelta(days=3))
    stakeholder("Late", next_action_on=today - datetime.timedelta(days=3), areas=[factories.area("Here")])
    page = client.get("/admin/people/stakeholder/")

    assert [row.name for row in page.context["cl"].result_list] == ["Late", "Soon", "Never"]
    assert "Here" in page.content.decode()


def test_the_admin_keeps_a_stakeholder_with_its_contacts(client, officer):
    form = {
        "name": "Cllr Patel",
        "kind": "councillor",
        "strength": "active",
        "interest": "6",
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-on": "2026-01-05",
        "contacts-0-channel": "phone",
        "contacts-0-topic": "Car park",
    }
    assert "less than or equal to 5" in client.post("/admin/people/stakeholder/add/", form).content.decode()
    assert client.post("/admin/people/stakeholder/add/", form | {"interest": "5"}).status_code == 302
    assert [str(each) for each in Stakeholder.objects.get().contacts.all()] == ["Car park, 05 January 2026"]


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("lead", 200), ("officer", 200), ("project_lead", 403)]
)
def test_who_keeps_stakeholders_in_the_admin(client, role, status):
    client.force_login(factories.user(role))
    assert client.get("/admin/people/stakeholder/").status_code == status
