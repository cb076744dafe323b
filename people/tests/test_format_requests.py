"""Another format or language: asked for on every public page, tracked, answered in time (PUB-009, PUB-011, PUB-015)."""

import datetime
import uuid

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from people import work
from people.documents.response_times import add_working_days
from people.models import FormatRequest
from people.services import merging, privacy, requests
from people.tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/another-format/"


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def typed(**changes) -> dict:
    """What somebody fills in who wants the front page in large print, by e-mail."""
    values = {"form_token": str(uuid.uuid4()), "path": "/", "format": "large_print", "name": "Nasreen Ali"}
    return values | {"channel": "email", "email": "nasreen@example.org"} | changes


def asked(**changes) -> FormatRequest:
    values = {"form_token": uuid.uuid4(), "path": "/", "format": "braille", "name": "Nasreen Ali", "channel": "email"}
    return requests.ask(**values | {"contact": "nasreen@example.org"} | changes)


def of(request: FormatRequest, **fields) -> FormatRequest:
    """The request with other stamps: what time does to it."""
    FormatRequest.objects.filter(pk=request.pk).update(**fields)
    request.refresh_from_db()
    return request


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def lead():
    return factories.user("lead")


# Asking ------------------------------------------------------------------------------------------


def test_a_stranger_asks_and_hears_by_when(client):
    factories.body(formats_days=5)
    answer = client.post(ADDRESS, typed(what="The  leaflet", details="28 point"), follow=True)
    assert "within 5 working days" in answer.content.decode()
    kept = FormatRequest.objects.get()
    assert (kept.path, kept.what, kept.format, kept.details) == ("/", "The  leaflet", "large_print", "28 point")
    assert (kept.name, kept.channel, kept.contact) == ("Nasreen Ali", "email", "nasreen@example.org")
    assert (kept.how, kept.state, kept.person, kept.recorded_by) == ("web", "open", None, None)
    assert kept.due_on == add_working_days(today(), 5)
    assert AuditEvent.objects.get(verb="asked for another format").subject == "Request for large print"


def test_without_a_number_of_its_own_the_body_answers_within_ten_working_days():
    assert asked().due_on == add_working_days(today(), 10)


def test_the_same_form_sent_twice_is_one_request(client):
    values = typed()
    for _time in range(2):
        assert client.post(ADDRESS, values).status_code == 302
    assert FormatRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_it_at_once_settle_it_once(tmp_path):
    request, one, other = asked(), factories.user("lead"), factories.user("lead")
    calls = [
        lambda: requests.mark_sent(request, by=one, settled_on=today()).state,
        lambda: requests.could_not(request, by=other, reason="No braille press").state,
    ]
    assert sorted(race(tmp_path, *calls)) in (["sent", "settled"], ["could_not", "settled"])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"path": "", "what": ""}, "what", "Say which page or document it is about"),
        ({"path": "https://elsewhere.example/"}, "what", "Say which page or document it is about"),
        ({"path": "//elsewhere.example/"}, "what", "Say which page or document it is about"),
        ({"path": "/register/"}, "what", "Say which page or document it is about"),
        ({"path": "/no/such/page/"}, "what", "Say which page or document it is about"),
        ({"format": ""}, "format", "Answer the question “How would you like it?”"),
        ({"format": "klingon"}, "format", "Select an answer from the list"),
        ({"format": "language"}, "language", "Enter the language"),
        ({"format": "other"}, "details", "Say which format you need"),
        ({"name": ""}, "name", "Enter your name"),
        ({"channel": ""}, "channel", "Answer the question “How shall we get in touch?”"),
        ({"channel": "text"}, "channel", "Select an answer from the list"),
        ({"email": ""}, "email", "Enter your e-mail address"),
        ({"email": "nasreen"}, "email", "Enter an email address in the correct format, like name@example.com"),
        ({"channel": "phone", "phone": ""}, "phone", "Enter your telephone number"),
        ({"channel": "phone", "phone": "12345"}, "phone", "Enter a telephone number, like 01632 960 001"),
        ({"channel": "post", "address": ""}, "address", "Enter your postal address"),
        ({"details": "x" * 1001}, "details", "Is there more"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(client, changes, field, words):
    answer = client.post(ADDRESS, typed(name="Zoë 🙂") | changes)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form.errors[field][0].startswith(words) or field == "details"
    assert "name" in changes or "Zoë 🙂" in answer.content.decode()
    assert not FormatRequest.objects.exists()


def test_of_three_ways_to_be_reached_only_the_chosen_one_is_kept(client):
    boxes = {"email": "secret@example.org", "phone": "01632 960 001", "address": "1 High Street\nHemel Hempstead"}
    client.post(ADDRESS, typed(channel="post") | boxes)
    client.post(ADDRESS, typed(channel="phone") | boxes)
    kept = set(FormatRequest.objects.values_list("channel", "contact"))
    assert {(channel, contact.split()[0]) for channel, contact in kept} == {("post", "1"), ("phone", "01632")}


def test_markup_is_shown_as_text(client, lead):
    client.post(ADDRESS, typed(what="<script>alert(1)</script>", name="<b>N</b>"))
    client.force_login(lead)
    page = client.get(f"/register/formats/{FormatRequest.objects.get().pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;N&lt;/b&gt;" in page


def test_after_twenty_in_an_hour_a_visitor_waits_and_loses_nothing(client):
    for _time in range(20):
        assert client.post(ADDRESS, typed()).status_code == 302
    answer = client.post(ADDRESS, typed(name="The twenty-first"))
    assert answer.status_code == 422
    assert "Try again in an hour" in answer.content.decode()
    assert "The twenty-first" in answer.content.decode()
    assert FormatRequest.objects.count() == 20


def test_a_member_who_has_signed_in_is_linked_and_a_member_of_staff_is_not(client, lead):
    member = factories.member("Nasreen Ali")
    for user in (member.user, lead):
        client.force_login(user)
        client.post(ADDRESS, typed())
    assert list(FormatRequest.objects.order_by("pk").values_list("person", flat=True)) == [member.pk, None]


# Which page --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        ("/", True),
        ("/accessibility/", True),
        ("/you-said-we-did/", True),
        ("/register/", False),
        ("/members/", False),
        ("/admin/", False),
        ("/accounts/login/", False),
        ("/accounts/password/reset/key/1-abc/", False),
        ("/newsletter/links/abc/", False),
        ("", False),
        ("accessibility/", False),
        ("//example.org/", False),
        ("https://example.org/", False),
        ("javascript:alert(1)", False),
        ("/" + "a" * 400, False),
    ],
)
def test_only_public_pages_of_ours_whose_address_is_no_secret_are_kept(path, is_ours):
    assert requests.is_ours(path) is is_ours


def test_the_service_refuses_a_page_that_is_not_ours():
    with pytest.raises(ValidationError) as caught:
        asked(path="https://elsewhere.example/")
    assert list(caught.value.message_dict) == ["what"]


def test_every_public_page_leads_here_with_its_own_address(client):
    page = client.get("/accessibility/").content.decode()
    assert 'href="/another-format/?page=/accessibility/"' in page
    form = client.get("/another-format/?page=/accessibility/")
    assert 'name="path" value="/accessibility/"' in form.content.decode()
    assert "You came from this page" in form.content.decode()
    elsewhere = client.get("/another-format/?page=https://elsewhere.example/").content.decode()
    assert "elsewhere.example/&quot;" not in elsewhere
    assert "You came from this page" not in elsewhere


def test_every_public_page_says_how_to_reach_us(client):
    plain = client.get("/").content.decode()
    assert "app-contact" not in plain
    factories.body(phone="01632 960 001", address="1 High Street, Hemel Hempstead", email="team@example.org")
    page = client.get("/").content.decode()
    for words in ("01632 960 001", "1 High Street, Hemel Hempstead", "mailto:team@example.org"):
        assert words in page


# Answering ---------------------------------------------------------------------------------------


def test_staff_see_who_waits_and_mark_it_as_sent(client, lead):
    request = of(asked(), asked_at=timezone.now() - datetime.timedelta(days=20), due_on=today(-3))
    client.force_login(lead)
    page = client.get("/register/formats/").content.decode()
    assert "3 days late" in page
    assert "nasreen@example.org" not in page
    detail = client.get(f"/register/formats/{request.pk}/").content.decode()
    assert "nasreen@example.org" in detail
    day = today(-1)
    parts = {"sent-settled_on_0": day.day, "sent-settled_on_1": day.month, "sent-settled_on_2": day.year}
    assert client.post(f"/register/formats/{request.pk}/sent/", parts).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.settled_on, request.settled_by) == ("sent", day, lead)
    assert "sent 2 days late" in client.get("/register/formats/").content.decode()


def test_each_look_at_a_request_is_audited(client, lead):
    request = asked()
    client.force_login(lead)
    client.get("/register/formats/")
    client.get(f"/register/formats/{request.pk}/")
    assert AuditEvent.objects.filter(verb="read request for another format", subject_id=request.pk).count() == 2


def test_the_day_it_was_sent_lies_between_the_request_and_today(client, lead):
    request = asked()
    for day in (today(1), today(-1)):
        with pytest.raises(ValidationError) as caught:
            requests.mark_sent(request, by=lead, settled_on=day)
        assert list(caught.value.message_dict) == ["settled_on"]
    client.force_login(lead)
    far = {"sent-settled_on_0": 1, "sent-settled_on_1": 1, "sent-settled_on_2": 2999}
    answer = client.post(f"/register/formats/{request.pk}/sent/", far)
    assert answer.status_code == 422
    assert "The day must lie between the request and today" in answer.content.decode()


def test_what_could_not_be_made_says_why_and_settling_twice_is_harmless(lead):
    request = asked()
    with pytest.raises(ValidationError, match="Say why"):
        requests.could_not(request, by=lead, reason="  ")
    for _time in range(2):
        assert requests.could_not(request, by=lead, reason="Nobody signs it").state == "could_not"
    assert AuditEvent.objects.filter(verb="settled: could_not").count() == 1
    with pytest.raises(ValidationError) as caught:
        requests.withdraw(request, by=lead)
    assert caught.value.code == "settled"


def test_staff_note_what_came_by_phone(client, lead):
    client.force_login(lead)
    missing = client.post("/register/formats/new/", typed(path="", what="The annual report"))
    assert list(missing.context["form"].errors) == ["how"]
    values = typed(path="", what="The annual report", how="phone", format="language", language="Polish")
    assert client.post("/register/formats/new/", values).status_code == 302
    kept = FormatRequest.objects.get()
    assert (kept.how, kept.recorded_by, kept.wanted) == ("phone", lead, "another language: Polish")


@pytest.mark.parametrize("role", ["administrator", "project_lead", "secretary", "safeguarding", "member", ""])
def test_nobody_else_sees_who_needs_what(client, role):
    request = asked()
    client.force_login(factories.user(role))
    for address in ("/register/formats/", "/register/formats/new/", f"/register/formats/{request.pk}/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/register/formats/{request.pk}/withdraw/").status_code == 403
    assert FormatRequest.objects.get().state == "open"


def test_an_officer_of_one_place_sees_the_people_of_that_place_alone(client):
    west, east = factories.area(), factories.area()
    near, far = (asked(person=factories.person(area=area)) for area in (west, east))
    nobody_known = asked()
    client.force_login(factories.user("officer", west))
    assert list(client.get("/register/formats/").context["rows"]) == [near]
    for request in (far, nobody_known):
        assert client.get(f"/register/formats/{request.pk}/").status_code == 404
        assert client.post(f"/register/formats/{request.pk}/withdraw/").status_code == 404


def test_strangers_are_sent_to_sign_in_and_a_step_that_does_not_exist_is_not_found(client, lead):
    request = asked()
    assert client.get("/register/formats/").status_code == 302
    client.force_login(lead)
    assert client.post(f"/register/formats/{request.pk}/burn/").status_code == 404
    assert client.get(f"/register/formats/{request.pk}/sent/").status_code == 405


def test_the_list_narrows_and_asks_the_database_as_often_for_a_hundred_rows(client, lead):
    client.force_login(lead)
    late = of(asked(format="bsl"), due_on=today(-1))
    asked()
    assert list(client.get("/register/formats/?state=late").context["rows"]) == [late]
    assert list(client.get("/register/formats/?format=bsl").context["rows"]) == [late]
    assert client.get("/register/formats/?state=nonsense").context["filters"].left_out
    counts = []
    for more in (0, 8, 90):
        for _row in range(more):
            asked()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/register/formats/")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_what_is_late_is_work_for_those_who_may_see_it(lead):
    of(asked(), due_on=today(-1))
    asked()
    wanted = ("1 request for another format that is late", "/register/formats/?state=late")
    assert wanted in [(line.words, line.url) for line in work.lines(lead)]
    assert not [line for line in work.lines(factories.user("administrator")) if "format" in line.words]


# Keeping and forgetting --------------------------------------------------------------------------


def test_thirty_days_after_it_is_settled_nobody_knows_who_asked(lead):
    person = factories.person("Nasreen Ali")
    old, new, waiting = asked(person=person, details="For my eyes"), asked(), asked()
    for each, days in ((old, 31), (new, 30)):
        requests.mark_sent(each, by=lead, settled_on=today())
        of(each, settled_on=today(-days))
    assert requests.forget_contacts() == 1
    assert requests.forget_contacts() == 0
    old.refresh_from_db()
    assert (old.name, old.contact, old.details, old.person, old.format) == ("", "", "", None, "braille")
    assert set(FormatRequest.objects.exclude(pk=old.pk).values_list("name", flat=True)) == {"Nasreen Ali"}
    assert waiting.state == "open"


def test_a_request_goes_with_the_person_and_follows_a_merge(lead):
    keep, gone, other = factories.person(), factories.person(), factories.person()
    mine, _theirs = asked(person=gone), asked(person=other)
    merging.merge(keep, gone, by=lead)
    mine.refresh_from_db()
    assert mine.person == keep
    asked_for = privacy.ask_for_erasure(keep, how="phone", by=lead)
    privacy.erase(asked_for, by=factories.user("lead"))
    assert list(FormatRequest.objects.values_list("person", flat=True)) == [other.pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"path": "", "what": ""},
        {"format": "language"},
        {"name": ""},
        {"contact": ""},
        {"state": "sent"},
        {"settled_on": datetime.date(2026, 1, 1)},
        {"state": "could_not", "settled_on": datetime.date(2026, 1, 1)},
        {"contact_removed_at": timezone.now(), "state": "sent", "settled_on": datetime.date(2026, 1, 1)},
    ],
)
def test_the_database_holds_the_rules_too(fields):
    request = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        FormatRequest.objects.filter(pk=request.pk).update(**fields)
    for name, value in fields.items():
        setattr(request, name, value)
    with pytest.raises(ValidationError):
        request.full_clean()
