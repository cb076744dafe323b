"""Applications: from the public form, the portal and paper to a seat, an account and a welcome."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from forums.models import Application, Membership
from forums.services import recruitment as services
from forums.tests import factories
from people.models import ConsentWording, Message, Person, User
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Status = Application.Status


@pytest.fixture(autouse=True)
def purposes(db):
    people.purpose("service")
    people.wording("membership")
    people.wording("opportunities")


@pytest.fixture
def forum():
    return factories.forum("Community Assembly")


@pytest.fixture
def opportunity(forum):
    words = {"can_influence": "How clinics are run.", "cannot_influence": "National pay."}
    return factories.opportunity(forum, **words)


@pytest.fixture
def officer():
    return people.user("officer")


def form(**changed):
    values = {"form_token": uuid.uuid4(), "name": "Amira Khan", "email": "amira@example.org", "statement": "I care."}
    return {name: value for name, value in (values | changed).items() if value is not None}


def url(opportunity, page="apply"):
    return reverse(f"forums:opportunity_{page}", args=[opportunity.pk])


def application(opportunity, person=None, **fields):
    values = {"form_token": uuid.uuid4(), "statement": "I care."} | fields
    return Application.objects.create(opportunity=opportunity, person=person or people.member(), **values)


def told():
    return set(Message.objects.values_list("subject", flat=True))


# The public form ---------------------------------------------------------------------------------


def test_anybody_applies_without_an_account(client, opportunity):
    page = client.get(url(opportunity)).content.decode()
    assert "You may use my details for membership." in page
    assert " checked" not in page
    wording = ConsentWording.objects.get(purpose__code="membership")
    sent = form(phone="01992 123 456", birth_year="1980", postcode="sg14 1aa") | {f"consent_{wording.pk}": "on"}
    response = client.post(url(opportunity), sent)
    assert (response.status_code, response["Location"]) == (302, url(opportunity, "applied"))

    row = Application.objects.get()
    person = row.person
    assert (row.opportunity, row.status, row.how, row.statement) == (opportunity, "received", "web", "I care.")
    assert (person.name, person.email, person.phone) == ("Amira Khan", "amira@example.org", "01992 123 456")
    assert (person.birth_year, person.postcode, person.user) == (1980, "SG14 1AA", None)
    assert list(person.consents.values_list("purpose__code", "how")) == [("membership", "web")]
    message = Message.objects.get()
    assert (message.person, message.state, message.purpose.code) == (person, "queued", "service")
    assert "You agreed to: membership." in message.body
    assert AuditEvent.objects.get(verb="received application").detail == {"how": "web", "opportunity": opportunity.pk}


@pytest.mark.parametrize("name", ["x" * 300, "أميرة خان", "Zoë 🙂 O’Neill", "李小龍"])
def test_every_name_is_taken(client, opportunity, name):
    assert client.post(url(opportunity), form(name=name)).status_code == 302
    assert Person.objects.get().name == name


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "x" * 301}, "Full name must be 300 characters or fewer"),
        ({"name": "   "}, "Enter full name"),
        ({"email": None}, "Enter an e-mail address or a telephone number"),
        ({"email": "amira at home"}, "Enter an email address in the correct format"),
        ({"phone": "no"}, "Enter a telephone number, like 01632 960 001"),
        ({"birth_year": "1899"}, "Year of birth must be between 1900 and"),
        ({"birth_year": str(timezone.localdate().year + 1)}, "Year of birth must be between 1900 and"),
        ({"birth_year": "eighty"}, "Year of birth must be a whole number"),
        ({"postcode": "nowhere"}, "Enter a full postcode"),
        ({"statement": ""}, "Say why you would like to take part"),
        ({"statement": "x" * 5001}, "must be 5000 characters or fewer"),
        ({"form_token": "x"}, "There is a problem"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_nothing(client, opportunity, changed, words):
    response = client.post(url(opportunity), form(**changed))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Person.objects.exists()


def test_a_telephone_number_is_enough(client, opportunity):
    assert client.post(url(opportunity), form(email=None, phone="01992 123456")).status_code == 302
    assert Message.objects.get().channel == "phone"


def test_a_forum_with_an_age_limit_asks_for_the_year_of_birth(client, opportunity, forum):
    forum.minimum_age = 18
    forum.save()
    response = client.post(url(opportunity), form())
    assert response.status_code == 422
    assert "Enter year of birth" in response.content.decode()
    assert client.post(url(opportunity), form(birth_year="1980")).status_code == 302


def test_the_same_form_sent_twice_is_one_application(client, opportunity):
    sent = form()
    for _time in range(2):
        assert client.post(url(opportunity), sent)["Location"] == url(opportunity, "applied")
    assert (Application.objects.count(), Person.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_somebody_who_applied_already_is_told_in_a_message_and_not_on_the_page(client, opportunity):
    new = client.post(url(opportunity), form(), follow=True)
    again = client.post(url(opportunity), form(name="AMIRA KHAN", statement="Another reason."), follow=True)
    assert again.redirect_chain == new.redirect_chain
    assert "already" not in again.content.decode()
    assert Application.objects.get().statement == "I care."
    assert told() == {"We have your application: Join the forum", "You have applied already: Join the forum"}


def test_what_is_on_the_register_is_not_overwritten(client, opportunity):
    known = people.person("Amira Khan", email="amira@example.org", phone="1", birth_year=1980)
    client.post(url(opportunity), form(phone="01992 123 456", birth_year="1999"))
    row = Application.objects.get()
    known.refresh_from_db()
    assert (row.person, known.phone, known.birth_year) == (known, "1", 1980)
    assert "1999" in row.notes


def test_somebody_who_may_be_under_18_is_kept_and_nobody_is_written_to(client, opportunity, officer):
    year = str(timezone.localdate().year - 16)
    wording = ConsentWording.objects.get(purpose__code="membership")
    sent = form(birth_year=year) | {f"consent_{wording.pk}": "on"}
    response = client.post(url(opportunity), sent, follow=True)
    assert response.redirect_chain == [(url(opportunity, "applied_young"), 302)]
    assert "a parent or guardian" in response.content.decode()
    row = Application.objects.get()
    assert not row.person.consents.exists()
    message = Message.objects.get()
    assert message.state == "failed"
    assert "may be under 18" in message.error
    with pytest.raises(ValidationError, match="may be under 18"):
        services.appoint(row, by=officer)
    client.force_login(officer)
    assert (
        "The safeguarding lead comes first"
        in client.get(reverse("work:application_detail", args=[row.pk])).content.decode()
    )


@pytest.mark.parametrize("closes", [-1, -400])
def test_after_the_closing_day_the_form_says_so(client, opportunity, closes):
    opportunity.closes_on = timezone.localdate() + datetime.timedelta(days=closes)
    opportunity.save()
    assert "This is closed." in client.get(url(opportunity)).content.decode()
    response = client.post(url(opportunity), form())
    assert response.status_code == 422
    assert "It is now closed" in response.content.decode()
    assert not Person.objects.exists()


def test_the_database_holds_one_open_application_for_each_person(opportunity):
    first = application(opportunity)
    with pytest.raises(IntegrityError), transaction.atomic():
        application(opportunity, first.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        application(opportunity, form_token=first.form_token)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_one_application(tmp_path):
    people.purpose("service")
    opportunity, sent = factories.opportunity(), form()
    results = race(tmp_path, *[lambda: services.apply(opportunity, **sent).pk for _time in range(2)])
    assert len(results) == 2
    assert len(set(results)) == 1


# The portal --------------------------------------------------------------------------------------


def test_a_member_applies_with_a_statement_and_withdraws(client, opportunity):
    member = people.member()
    client.force_login(member.user)
    page = reverse("members:opportunity_apply", args=[opportunity.pk])
    sent = {"form_token": uuid.uuid4(), "statement": "I know the wards."}
    assert "National pay." in client.get(page).content.decode()
    for _time in range(2):
        assert client.post(page, sent).status_code == 302
    row = Application.objects.get()
    assert (row.person, row.how) == (member, "portal")
    again = client.post(page, sent | {"form_token": uuid.uuid4()})
    assert again.status_code == 422
    assert "There is an open application for this already" in again.content.decode()
    for _time in range(2):
        client.post(reverse("members:application_withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == Status.WITHDRAWN
    assert client.post(page, sent | {"form_token": uuid.uuid4()}).status_code == 302


def test_somebody_elses_application_is_not_there(client, opportunity):
    row = application(opportunity)
    client.force_login(people.member().user)
    assert client.post(reverse("members:application_withdraw", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.status == Status.RECEIVED


def test_a_decided_application_is_not_withdrawn(client, opportunity, officer):
    row = services.decline(application(opportunity), "No room.", by=officer)
    client.force_login(row.person.user)
    page = client.post(reverse("members:application_withdraw", args=[row.pk]), follow=True)
    assert "decided already" in page.content.decode()
    assert "No room." in page.content.decode()


# Staff: on paper, and deciding -------------------------------------------------------------------


def test_staff_record_what_came_on_paper_even_after_the_closing_day(client, opportunity, officer):
    opportunity.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    opportunity.save()
    client.force_login(officer)
    page = reverse("work:application_add", args=[opportunity.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, form()).status_code == 422  # how it came is missing
    response = client.post(page, form(how="paper"))
    row = Application.objects.get()
    assert response["Location"] == reverse("work:application_detail", args=[row.pk])
    assert (row.how, row.recorded_by) == ("paper", officer)
    again = client.post(page, form(how="phone"))
    assert again.status_code == 422
    assert "There is an open application for this already" in again.content.decode()


def test_an_unpublished_opportunity_takes_no_application(opportunity, officer):
    services.withdraw(opportunity, by=officer)
    with pytest.raises(ValidationError, match="not open yet"):
        services.apply(opportunity, by=officer, how="paper", **form())


def test_the_page_of_an_application_takes_every_step(client, opportunity, officer):
    row = application(opportunity)
    client.force_login(officer)
    page = reverse("work:application_detail", args=[row.pk])

    def send(step, **values):
        target = reverse("work:application_step", args=[row.pk, step])
        return client.post(target, {f"{step}-{name}": value for name, value in values.items()})

    assert "I care." in client.get(page).content.decode()
    assert send("note", notes="Strong.").status_code == 302
    assert send("shortlist").status_code == 302
    assert send("decline").status_code == 422
    assert send("appoint", because="Knows the wards.").status_code == 302
    assert send("nonsense").status_code == 404
    assert send("decline", reason="Too late.").status_code == 422
    row.refresh_from_db()
    assert (row.status, row.notes, row.membership.selected_because) == ("appointed", "Strong.", "Knows the wards.")
    assert "Strong." in client.get(page).content.decode()


def test_declining_needs_a_reason_which_the_person_reads(opportunity, officer):
    row = application(opportunity)
    with pytest.raises(ValidationError, match="Say why"):
        services.decline(row, "  ", by=officer)
    for _time in range(2):
        services.decline(row, "Somebody else knows the area better.", by=officer)
    assert "knows the area better" in Message.objects.get().body
    assert AuditEvent.objects.get(verb="declined").detail == {}


def test_appointing_gives_a_seat_an_account_and_a_welcome_once(opportunity, forum, officer):
    person = people.person("Amira Khan", email="amira@example.org")
    row = application(opportunity, person)
    for _time in range(2):
        row = services.appoint(row, by=officer)
    membership = Membership.objects.get()
    assert (membership.person, membership.forum, membership.role) == (person, forum, opportunity.role)
    assert (row.membership, row.status, row.decided_by) == (membership, "appointed", officer)
    person.refresh_from_db()
    assert person.user.email == "amira@example.org"
    body = Message.objects.get().body
    for words in ("How clinics are run.", "National pay.", "Two hours every two months", "/accounts/login/"):
        assert words in body


def test_somebody_without_an_address_of_their_own_is_appointed_without_an_account(opportunity, officer):
    family = people.member(email="home@example.org")
    for person in (people.person(phone="01992 123456", channel="phone"), people.person(email=family.email)):
        row = services.appoint(application(opportunity, person), by=officer)
        assert row.membership is not None
        assert Person.objects.get(pk=person.pk).user is None
    assert all("You do not need to go online" in body for body in Message.objects.values_list("body", flat=True))


@pytest.mark.parametrize(
    ("of_forum", "of_person", "words"),
    [
        ({"status": "closed", "closed_on": datetime.date(2023, 1, 1)}, {}, "is closed"),
        ({"minimum_age": 18}, {}, "Record the year of birth"),
        ({"maximum_age": 25}, {"birth_year": 1950}, "is for people up to 25"),
        ({}, {"adult_from": datetime.date(2090, 1, 1), "safeguards": "waiting"}, "is under 18"),
    ],
)
def test_what_stands_against_a_seat_is_said_and_nothing_is_kept(
    client, opportunity, forum, officer, of_forum, of_person, words
):
    type(forum).objects.filter(pk=forum.pk).update(**of_forum)
    row = application(opportunity, people.person(email="a@example.org", **of_person))
    client.force_login(officer)
    response = client.post(reverse("work:application_step", args=[row.pk, "appoint"]))
    assert response.status_code == 422
    assert words in response.content.decode()
    row.refresh_from_db()
    assert row.status == Status.RECEIVED
    assert not Membership.objects.exists()
    assert not Message.objects.exists()
    assert not User.objects.filter(email="a@example.org").exists()


def test_that_a_birth_date_was_read_stays_on_record_when_the_seat_is_refused(opportunity, forum, officer):
    forum.maximum_age = 25
    forum.save()
    grown = people.person(adult_from=datetime.date(2000, 1, 1), safeguards="cleared", birth_year=1981)
    with pytest.raises(ValidationError, match="up to 25"):
        services.appoint(application(opportunity, grown), by=officer)
    assert AuditEvent.objects.filter(verb="read date of birth", subject_id=grown.pk).exists()


def test_all_seats_taken_and_all_places_filled_are_said(opportunity, forum, officer):
    opportunity.places = 2
    opportunity.save()
    factories.seat_rule(forum, maximum=1)
    services.appoint(application(opportunity), by=officer)
    with pytest.raises(ValidationError, match="has 1 seat"):
        services.appoint(application(opportunity), by=officer)
    forum.seat_rules.all().delete()
    services.appoint(application(opportunity), by=officer)
    with pytest.raises(ValidationError, match="All places are filled"):
        services.appoint(application(opportunity), by=officer)


def test_without_a_forum_the_safeguards_of_young_people_still_hold(officer):
    opportunity = factories.opportunity()
    young = people.person(birth_year=timezone.localdate().year - 15)
    with pytest.raises(ValidationError, match="may be under 18"):
        services.appoint(application(opportunity, young), by=officer)
    row = services.appoint(application(opportunity), by=officer)
    assert (row.status, row.membership) == ("appointed", None)


@pytest.mark.django_db(transaction=True)
def test_two_people_appointing_for_the_last_place_leave_one(tmp_path):
    people.purpose("service")
    officer, opportunity = people.user("officer"), factories.opportunity(factories.forum(), places=1)
    rows = [application(opportunity) for _number in range(2)]
    calls = [lambda row=row: services.appoint(row, by=officer).status for row in rows]
    assert sorted(race(tmp_path, *calls)) == ["appointed", "full"]


def test_the_row_of_the_opportunity_is_locked_for_an_appointment(opportunity, officer):
    row = application(opportunity)
    with CaptureQueriesContext(connection) as queries:
        services.appoint(row, by=officer)
    first = next(query["sql"] for query in queries if 'FROM "forums_opportunity"' in query["sql"])
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


# Staff: who may see what -------------------------------------------------------------------------


def test_an_officer_of_one_area_sees_the_applications_of_that_area_alone(client):
    here, there = people.area(), people.area()
    mine = application(factories.opportunity(factories.forum(area=here)), people.person("Mine"))
    other = application(factories.opportunity(factories.forum(area=there)), people.person("Canary"))
    client.force_login(people.user("officer", area=here))
    page = client.get(reverse("work:application_list")).content.decode()
    assert "Mine" in page
    assert "Canary" not in page
    detail = client.get(reverse("work:application_detail", args=[mine.pk]))
    assert detail.status_code == 200
    assert not detail.context["may_open_person"]  # nobody knows yet where this person lives
    assert client.get(reverse("work:application_detail", args=[other.pk])).status_code == 404
    assert client.post(reverse("work:application_step", args=[other.pk, "shortlist"])).status_code == 404
    assert client.get(reverse("work:application_add", args=[other.opportunity_id])).status_code == 404


@pytest.mark.parametrize("role", ["member", "project_lead", "safeguarding", "secretary"])
def test_nobody_else_opens_the_staff_pages(client, opportunity, role):
    row = application(opportunity)
    client.force_login(people.user(role))
    assert client.get(reverse("work:application_list")).status_code == 403
    assert client.get(reverse("work:application_detail", args=[row.pk])).status_code == 403
    assert client.post(reverse("work:application_step", args=[row.pk, "shortlist"])).status_code == 403
    assert client.get(reverse("work:application_add", args=[opportunity.pk])).status_code == 403


def test_the_list_is_narrowed_and_says_which_places_are_filled(client, forum, opportunity, officer):
    opportunity.places = 1
    opportunity.save()
    services.appoint(application(opportunity, people.person("Taken Seat")), by=officer)
    application(factories.opportunity(title="Another"), people.person("Still Open"))
    client.force_login(officer)
    page = reverse("work:application_list")

    def people_on(**query):
        return [each.person.name for each in client.get(page, query).context["page"]]

    assert people_on() == ["Still Open", "Taken Seat"]
    assert people_on(status="appointed") == ["Taken Seat"]
    assert people_on(opportunity=opportunity.pk) == ["Taken Seat"]
    assert people_on(opportunity="x", status="received") == ["Still Open"]
    text = client.get(page, {"opportunity": opportunity.pk}).content.decode()
    assert "1 of 1 places filled" in text
    assert "All places are filled" in text


def test_the_list_asks_the_database_as_often_for_many_as_for_few(client, opportunity, officer):
    counts = set()
    client.force_login(officer)
    for number in (10, 90, 900):
        Person.objects.bulk_create(Person(name=f"Person {i}") for i in range(number))
        Application.objects.bulk_create(
            Application(opportunity=opportunity, person=person, form_token=uuid.uuid4(), statement="S")
            for person in Person.objects.order_by("-pk")[:number]
        )
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("work:application_list")).status_code == 200
        counts.add(len(found))
    assert len(counts) == 1
