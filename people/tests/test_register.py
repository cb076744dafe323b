"""The register of people for staff: find somebody, add, change, and see what is kept."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import person_panels
from core.models import AuditEvent
from core.person_panels import Panel
from forums.tests import factories as forums
from people.models import Message, Person, User
from people.services import grant_role, messages, needs, open_account, register
from people.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.user("officer")
    client.force_login(user)
    return user


def names(page) -> list[str]:
    return [person.name for person in page.context["page"]]


def text(response) -> str:
    return response.content.decode()


# Finding -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("khan", True),
        ("Amy", True),
        ("AMIRA@x", True),
        ("07700900123", True),
        ("+44 7700 900 123", True),
        ("900 123", True),
        ("al1 1aa", True),
        ("AL11AA", True),
        ("خان", True),
        ("123", False),
        ("Chen", False),
        ("😀", False),
    ],
)
def test_people_are_found_by_name_address_telephone_and_postcode(client, officer, words, found):
    factories.person("Amira Khan خان", known_as="Amy", email="amira@x.org", phone="07700 900123", postcode="AL1 1AA")
    assert names(client.get("/register/", {"q": words})) == (["Amira Khan خان"] if found else [])


def test_the_list_is_narrowed_by_forum_place_address_and_age(client, officer):
    forum, place = forums.forum("Carers Forum"), factories.area("Harlow")
    sits = factories.person("Sits")
    forums.membership(forum, sits)
    forums.membership(forum, sits, role="chair")
    left = factories.person("Left", email="left@x.org")
    forums.membership(forum, left, ended_on=timezone.localdate(), left_because="time")
    factories.person("Lives", area=place, email="lives@x.org")
    future = timezone.localdate() + datetime.timedelta(days=400)
    factories.person("Young", adult_from=future, safeguards="waiting", email="young@x.org")
    assert names(client.get("/register/", {"forum": forum.pk})) == ["Sits"]
    assert names(client.get("/register/", {"area": place.pk})) == ["Lives"]
    assert names(client.get("/register/", {"no_email": "on"})) == ["Sits"]
    page = client.get("/register/", {"under_18": "on"})
    assert names(page) == ["Young"]
    assert "under 18" in text(page)
    assert len(names(client.get("/register/", {"forum": "x", "area": "999"}))) == 4


def test_only_people_of_the_areas_of_the_user_are_found(client):
    here, there = factories.area("Here"), factories.area("There")
    factories.person("Near", area=here)
    far, nowhere = factories.person("Far", area=there), factories.person("Nowhere")
    client.force_login(factories.user("officer", area=here))
    page = client.get("/register/")
    assert names(page) == ["Near"]
    assert "There" not in text(page)
    for person in (far, nowhere):
        for rest in ("", "edit/", "consents/", "needs/"):
            assert client.get(f"/register/{person.pk}/{rest}").status_code == 404
        for rest in ("account/", "export/", "erasure/"):
            assert client.post(f"/register/{person.pk}/{rest}", {"how": "phone"}).status_code == 404


def test_entries_that_are_out_of_use_are_not_found(client, officer):
    keep = factories.person("Kept")
    gone = factories.person("Gone", merged_into=keep)
    erased = factories.person("Erased", erased_at=timezone.now())
    assert names(client.get("/register/")) == ["Kept"]
    assert client.get(f"/register/{gone.pk}/").status_code == 404
    assert client.get(f"/register/{erased.pk}/edit/").status_code == 404


def test_the_list_takes_the_same_number_of_queries_however_long_it_is(client, officer):
    place, counts, there = factories.area(), set(), 0
    for number in (10, 100, 1000):
        Person.objects.bulk_create(Person(name=f"N{n}", area=place) for n in range(there, number))
        there = number
        client.get("/register/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/register/")
        counts.add(len(queries))
    assert len(counts) == 1
    assert len(names(page)) == 50


@pytest.mark.parametrize("role", ["project_lead", "secretary", "member"])
def test_the_register_is_closed_to_those_who_do_not_work_with_people(client, role):
    person = factories.person()
    client.force_login(factories.user(role))
    for rest in ("", "new/", f"{person.pk}/", f"{person.pk}/edit/", f"{person.pk}/consents/", f"{person.pk}/needs/"):
        assert client.get(f"/register/{rest}").status_code == 403
    for rest in ("account/", "export/", "erasure/"):
        assert client.post(f"/register/{person.pk}/{rest}").status_code == 403


def test_a_visitor_has_to_sign_in(client):
    assert client.get("/register/").status_code == 302


# Adding and changing -----------------------------------------------------------------------------

NEW = {"name": "Ann  Lee", "channel": "post", "address": "1 High St", "postcode": "al1 1aa", "capacities": ["carer"]}


def test_staff_add_somebody(client, officer):
    page = client.post("/register/new/", NEW, follow=True)
    person = Person.objects.get()
    assert (person.name, person.postcode, person.email) == ("Ann Lee", "AL1 1AA", "")
    assert [each.capacity for each in person.capacities.all()] == ["carer"]
    assert "is on the register" in text(page)
    assert AuditEvent.objects.get(verb="added").subject_id == str(person.pk)


def test_entries_that_look_like_a_new_one_are_shown_before_it_is_saved(client, officer):
    factories.person("Ann Lee", birth_year=1960, area=factories.area("Harlow"))
    page = client.post("/register/new/", NEW)
    assert page.status_code == 200
    assert "Is it one of these?" in text(page)
    assert "born in 1960: same name" in text(page)
    assert Person.objects.count() == 1
    client.post("/register/new/", NEW | {"go_on": "1"})
    assert Person.objects.count() == 2


def test_entries_of_other_areas_are_not_shown_when_somebody_is_added(client):
    here, there = factories.area(), factories.area()
    factories.person("Ann Lee", area=there)
    client.force_login(factories.user("officer", area=here))
    assert client.post("/register/new/", NEW).status_code == 422
    assert client.post("/register/new/", NEW | {"area": there.pk}).status_code == 422
    assert client.post("/register/new/", NEW | {"area": here.pk}).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "   "}, "Enter full name"),
        ({"name": "x" * 301}, "300 characters or fewer"),
        ({"postcode": "nowhere"}, "Enter a full postcode"),
        ({"birth_year": "2999"}, "lies in the future"),
        ({"birth_year": "1066"}, "1900 or more"),
        ({"email": "ann"}, "Enter an email address in the correct format"),
        ({"capacities": ["king"]}, "Select an answer from the list"),
    ],
)
def test_a_wrong_answer_is_refused_with_what_to_do(client, officer, wrong, words):
    page = client.post("/register/new/", NEW | wrong)
    assert page.status_code == 422
    assert words in text(page)
    assert not Person.objects.exists()


def test_staff_change_details_and_the_trail_names_the_fields_alone(client, officer):
    person = factories.person("Ann Lee", phone="01992 555555")
    register.update_person(person, by=officer, capacities=["carer"])
    assert 'value="carer" checked' in text(client.get(f"/register/{person.pk}/edit/"))
    client.post(f"/register/{person.pk}/edit/", NEW | {"phone": "", "capacities": ["vcse", "patient"]})
    person.refresh_from_db()
    assert (person.phone, person.channel) == ("", "post")
    assert {each.capacity for each in person.capacities.all()} == {"vcse", "patient"}
    detail = AuditEvent.objects.filter(verb="changed").first().detail
    assert set(detail["fields"]) == {"phone", "channel", "address", "postcode", "capacities"}
    assert "01992" not in str(detail)


def test_a_change_that_changes_nothing_is_not_audited(officer):
    person = factories.person("Ann Lee")
    register.update_person(person, by=officer, name="Ann Lee", capacities=[])
    assert not AuditEvent.objects.filter(verb="changed").exists()


def test_a_wrong_value_of_old_does_not_stop_another_change(officer):
    person = factories.person("Ann Lee", postcode="AL1")
    assert register.update_person(person, by=officer, phone="01992 555555").phone == "01992 555555"
    with pytest.raises(ValidationError, match="full postcode"):
        register.update_person(person, by=officer, postcode="AL2")


def test_only_details_are_changed_this_way(officer):
    with pytest.raises(TypeError, match="user"):
        register.update_person(factories.person(), by=officer, user=officer)


def test_a_new_address_is_the_one_they_sign_in_with(officer):
    person = factories.person("Ann Lee", email="old@x.org")
    user = open_account(person, by=officer)
    register.update_person(person, by=officer, email=" New@X.org ", known_as="Annie")
    user.refresh_from_db()
    assert (user.email, user.name) == ("new@x.org", "Annie")
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == ("new@x.org", True, True)


def test_a_new_name_is_the_name_of_the_account_and_the_address_stays(officer):
    person = factories.person("Ann Lee", email="ann@x.org")
    user = open_account(person, by=officer)
    register.update_person(person, by=officer, name="Ann Chen")
    user.refresh_from_db()
    assert (user.name, user.email) == ("Ann Chen", "ann@x.org")
    assert EmailAddress.objects.get(user=user).email == "ann@x.org"


@pytest.mark.parametrize("email", ["taken@x.org", "TAKEN@x.org", "second@x.org", ""])
def test_an_address_that_another_account_has_is_refused_and_so_is_none(client, officer, email):
    other = factories.user(email="taken@x.org")
    EmailAddress.objects.create(user=other, email="second@x.org")
    person = factories.person("Ann Lee", email="ann@x.org")
    open_account(person, by=officer)
    with pytest.raises(ValidationError) as error:
        register.update_person(person, by=officer, email=email)
    assert set(error.value.message_dict) == {"email"}
    assert client.post(f"/register/{person.pk}/edit/", NEW | {"email": email}).status_code == 422
    assert User.objects.get(person=person).email == "ann@x.org"


def test_somebody_without_an_account_may_share_an_address(officer):
    factories.user(email="family@x.org")
    assert register.update_person(factories.person(), by=officer, email="family@x.org").email == "family@x.org"


def test_nobody_takes_over_an_account_of_staff_through_the_register(officer):
    person = factories.person("Ann Lee", email="ann@x.org")
    grant_role(open_account(person, by=officer), "administrator", by=None)
    with pytest.raises(ValidationError, match="Ask an administrator"):
        register.update_person(person, by=officer, email="officer@x.org")
    assert User.objects.get(person=person).email == "ann@x.org"


def test_nobody_takes_over_an_account_of_a_superuser(officer):
    person = factories.person(user=factories.superuser(email="root@example.org"), email="root@example.org")
    with pytest.raises(ValidationError, match="also used for staff work"):
        register.update_person(person, by=officer, email="mine@example.org")


def test_the_address_may_become_the_one_that_they_sign_in_with_already(officer):
    person = factories.member(email="old@example.org")
    User.objects.filter(pk=person.user_id).update(email="new@example.org")
    EmailAddress.objects.create(user=person.user, email="new@example.org", primary=True, verified=True)
    register.update_person(person, by=officer, email="new@example.org")
    assert EmailAddress.objects.get().email == User.objects.get(pk=person.user_id).email == "new@example.org"


def test_a_year_of_birth_that_the_safeguarding_lead_settled_is_not_changed(officer):
    person = factories.person(adult_from=datetime.date(2030, 1, 1), safeguards="waiting", birth_year=2011)
    with pytest.raises(ValidationError, match="safeguarding lead"):
        register.update_person(person, by=officer, birth_year=1990)
    assert register.update_person(person, by=officer, birth_year=2011, phone="1").phone == "1"


def test_an_entry_out_of_use_is_not_changed(officer):
    keep = factories.person()
    for gone in (factories.person(merged_into=keep), factories.person(erased_at=timezone.now())):
        with pytest.raises(ValidationError, match="no longer in use"):
            register.update_person(gone, by=officer, name="X")


def test_a_public_form_finds_the_entry_that_is_there(officer):
    person, is_new = register.find_or_add(by=None, name="Ann Lee", email="Ann@x.org", phone="1")
    again, is_new_again = register.find_or_add(by=None, name="ann  lee", email="ANN@x.org", phone="2")
    assert (again, is_new, is_new_again, again.phone) == (person, True, False, "1")
    assert register.find_or_add(by=None, name="Tom Lee", email="ann@x.org")[1]
    assert register.find_or_add(by=None, name="Ann Lee")[1]


# One person --------------------------------------------------------------------------------------


def test_the_page_of_a_person_shows_what_the_user_may_see(client, officer):
    person = factories.member("Ann Lee", birth_year=1960, connections="Tenants\nCarers")
    register.update_person(person, by=officer, capacities=["carer"])
    factories.purpose("service")
    messages.write(person, "service", "Your question", "Answered", by=officer, key="a")
    needs.set_needs(person, {"language": "Urdu"}, by=officer)
    page = text(client.get(f"/register/{person.pk}/"))
    for words in ("1960", "carer", "Your question", "another language: Urdu", "membership", "signs in as", "Carers"):
        assert words in page
    event = AuditEvent.objects.get(verb="read access needs")
    assert (event.actor_id, event.subject_id) == (officer.pk, str(person.pk))


def test_needs_are_shown_to_those_who_meet_them_alone(client):
    person = factories.person("Ann Lee")
    needs.set_needs(person, {"language": "Urdu"}, by=None)
    client.force_login(factories.user("administrator"))
    assert "Urdu" not in text(client.get(f"/register/{person.pk}/"))
    assert client.get(f"/register/{person.pk}/needs/").status_code == 403
    client.force_login(factories.user("safeguarding"))
    page = text(client.get(f"/register/{person.pk}/"))
    assert "Urdu" not in page
    assert "What they agreed to" not in page
    assert "What we wrote" not in page
    assert not AuditEvent.objects.filter(verb="read access needs").exists()


def test_a_message_that_could_not_be_sent_is_shown(client, officer):
    person = factories.person("Ann Lee")
    factories.purpose("service")
    messages.write(person, "service", "Hello", "x", by=officer, key="a")
    Message.objects.create(
        person=person, purpose=factories.purpose("service"), channel="post", subject="S", body="B", key="b"
    )
    done = Message.objects.create(
        person=person, purpose=factories.purpose("service"), channel="post", subject="T", body="B", key="c"
    )
    messages.mark_delivered(done, by=officer)
    page = text(client.get(f"/register/{person.pk}/"))
    assert "has no e-mail address" in page
    assert "not sent" in page
    assert "waiting</td>" in page
    assert ">sent</td>" in page


def test_apps_above_show_what_they_keep(client, officer, monkeypatch):
    monkeypatch.setattr(person_panels, "_panels", [])

    def seats(person, user):
        return Panel(f"Seats of {person}", [("Carers Forum", "/x/"), ("and one more", "")])

    person_panels.register(seats)
    person_panels.register(seats)
    person_panels.register(lambda person, user: None)
    person_panels.register(lambda person, user: Panel("Claims"))
    page = text(client.get(f"/register/{factories.person('Ann Lee').pk}/"))
    assert page.count("Seats of Ann Lee") == 1
    assert '<a href="/x/">Carers Forum</a>' in page
    assert "and one more" in page
    assert "Claims" in page


def test_older_entries_and_age_are_shown(client, officer):
    future = timezone.localdate() + datetime.timedelta(days=400)
    person = factories.person(
        "Ann Lee", adult_from=future, safeguards="waiting", postcode="AL1 1AA", address="1 High St"
    )
    factories.person("Anne Leigh", merged_into=person)
    page = text(client.get(f"/register/{person.pk}/"))
    assert "Anne Leigh" in page
    assert "under 18" in page


def test_an_open_request_to_be_erased_is_shown(client, officer):
    person = factories.person("Ann Lee")
    client.post(f"/register/{person.pk}/erasure/", {"how": "paper"})
    page = text(client.get(f"/register/{person.pk}/"))
    assert "A second person decides" in page
    assert "Note the request" not in page


def test_staff_open_an_account(client, officer):
    person = factories.person("Ann Lee", email="ann@x.org")
    page = client.post(f"/register/{person.pk}/account/", follow=True)
    assert "can sign in with a code" in text(page)
    assert Person.objects.get().user.email == "ann@x.org"
    assert "has no e-mail address" in text(client.post(f"/register/{factories.person().pk}/account/", follow=True))
    assert client.get(f"/register/{person.pk}/account/").status_code == 405
