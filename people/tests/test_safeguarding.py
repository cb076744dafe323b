"""People under 18 and concerns: for the safeguarding lead alone, and nothing that somebody wrote is ever lost."""

import datetime

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import jobs, limits
from core.models import AuditEvent
from people.models import Concern, Person, YoungPerson
from people.models.register import Safeguards
from people.services import messages, safeguarding
from people.tests import factories
from people.views import safeguarding as views

pytestmark = pytest.mark.django_db
YOUNG, CONCERNS, WORRIED = "/register/young-people/", "/register/concerns/", "/worried/"
ROLES = ["", "member", "secretary", "project_lead", "officer", "lead", "administrator"]


def years_ago(years, days=0):
    today = timezone.localdate() - datetime.timedelta(days=days)
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - years, day=28)


def yesterday():
    return timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def keeper(client):
    """The safeguarding lead, signed in."""
    factories.body()
    user = factories.user("safeguarding")
    client.force_login(user)
    return user


def record(person, by, years, days=1, **values):
    return safeguarding.record_young_person(person, by=by, birth_date=years_ago(years, days), **values)


# The record of a young person --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "values", "safeguards", "to_guardian"),
    [
        (17, {}, "waiting", False),
        (17, {"agreed_on": True}, "cleared", False),
        (16, {"agreed_on": True}, "cleared", False),
        (15, {"agreed_on": True}, "waiting", False),
        (15, {"agreed_on": True, "guardian_name": "Gil", "guardian_agreed_on": True}, "cleared", False),
        (15, {"guardian_name": "Gil", "guardian_agreed_on": True}, "waiting", False),
        (12, {"agreed_on": True, "guardian_name": "Gil", "guardian_agreed_on": True}, "waiting", True),
        (
            12,
            {"agreed_on": True, "guardian_name": "Gil", "guardian_agreed_on": True, "guardian_phone": "01234"},
            "cleared",
            True,
        ),
    ],
)
def test_each_age_needs_its_consents(keeper, years, values, safeguards, to_guardian):
    person = factories.person()
    values = {name: yesterday() if value is True else value for name, value in values.items()}
    record(person, keeper, years, **values)
    person.refresh_from_db()

    assert (person.safeguards, person.write_to_guardian, person.is_under_18) == (safeguards, to_guardian, True)
    assert person.birth_year == years_ago(years, 1).year


def test_of_an_adult_only_the_year_is_kept(keeper):
    person = factories.person()
    assert record(person, keeper, 40) is None
    person.refresh_from_db()

    assert (person.birth_year, person.is_under_18) == (years_ago(40, 1).year, False)
    assert not YoungPerson.objects.exists()


@pytest.mark.parametrize(
    ("birth_date", "values", "reason"),
    [
        (datetime.date(1890, 1, 1), {}, "more than 120 years ago"),
        ("tomorrow", {}, "must be in the past"),
        ("today", {}, "must be in the past"),
        (None, {"guardian_agreed_on": True}, "Say who agreed"),
        (None, {"agreed_on": "tomorrow"}, "between the date of birth and today"),
        (None, {"guardian_name": "Gil", "guardian_agreed_on": "long ago"}, "between the date of birth and today"),
    ],
)
def test_dates_that_cannot_be_are_refused(keeper, birth_date, values, reason):
    days = {
        "today": timezone.localdate(),
        "tomorrow": timezone.localdate() + datetime.timedelta(days=1),
        "long ago": years_ago(60),
        None: years_ago(15),
        True: yesterday(),
    }
    values = {name: days.get(value, value) for name, value in values.items()}
    with pytest.raises(ValidationError, match=reason):
        safeguarding.record_young_person(
            factories.person(), by=keeper, birth_date=days.get(birth_date, birth_date), **values
        )
    assert not YoungPerson.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_records_or_reads_a_birth_date(role):
    by, person = factories.user(role), factories.person()
    with pytest.raises(PermissionDenied):
        record(person, by, 15)
    with pytest.raises(PermissionDenied):
        safeguarding.young_person(person, by=by, purpose="curiosity")
    with pytest.raises(PermissionDenied):
        safeguarding.young_people([person], by=by)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2010-05-10", "2026-05-09", 15),
        ("2010-05-10", "2026-05-10", 16),
    ],
)
def test_ages_are_whole_years(born, day, age):
    assert safeguarding.age_on(datetime.date.fromisoformat(born), datetime.date.fromisoformat(day)) == age


def test_the_register_names_the_month_after_the_birthday_never_the_birthday(keeper):
    person = factories.person()
    safeguarding.follow_age(person, YoungPerson(person=person, birth_date=datetime.date(2012, 2, 29)))
    assert person.adult_from == datetime.date(2030, 4, 1)


def test_an_exact_age_is_asked_for_with_a_purpose(keeper):
    young, adult = factories.person(), factories.person()
    record(young, keeper, 15)
    young.refresh_from_db()

    assert safeguarding.age_of(young, purpose="ages of the forum") == 15
    assert safeguarding.age_of(adult, purpose="ages of the forum") is None
    assert AuditEvent.objects.get(verb="read date of birth").detail == {"purpose": "ages of the forum"}


# Every day ---------------------------------------------------------------------------------------


def test_every_day_somebody_may_have_turned_13_or_16_or_18(keeper):
    person = factories.person()
    record(person, keeper, 12, agreed_on=yesterday(), guardian_name="Gil")
    YoungPerson.objects.update(birth_date=years_ago(16))
    assert safeguarding.follow_ages() == 1
    person.refresh_from_db()

    assert (person.safeguards, person.write_to_guardian) == (Safeguards.CLEARED, False)


def test_ninety_days_after_18_the_record_is_gone_and_following_again_is_harmless(keeper):
    person = factories.person()
    record(person, keeper, 17)
    YoungPerson.objects.update(birth_date=years_ago(18, 90))
    assert safeguarding.follow_ages() == 1
    YoungPerson.objects.update(birth_date=years_ago(18, 92))
    assert safeguarding.follow_ages() == 0
    person.refresh_from_db()

    assert not YoungPerson.objects.exists()
    assert AuditEvent.objects.get(verb="deleted young person").subject_id == str(person.pk)
    events = AuditEvent.objects.count()
    assert safeguarding.follow_ages() == 0
    assert AuditEvent.objects.count() == events


def test_both_are_work_of_every_day():
    assert {safeguarding.follow_ages, messages.forget_old} <= set(jobs._daily)


# The pages about young people --------------------------------------------------------------------


def test_the_list_says_how_long_and_what_is_missing(client, keeper):
    record(factories.person("Ali"), keeper, 12)
    record(factories.person("Bea"), keeper, 17, agreed_on=yesterday())
    factories.person("Cem", birth_year=timezone.localdate().year - 17)
    factories.person("Dora", birth_year=1950)
    record(factories.person("Erased"), keeper, 12)
    Person.objects.filter(name="Erased").update(erased_at=timezone.now())
    rows = {row.person.name: row for row in client.get(YOUNG).context["rows"]}

    assert {name: row.missing for name, row in rows.items()} == {
        "Ali": ("consent of the young person", "consent of the guardian", "how to reach the guardian"),
        "Bea": (),
        "Cem": ("date of birth",),
    }
    assert rows["Cem"].months is None
    assert 1 <= rows["Bea"].months <= 13
    assert AuditEvent.objects.filter(verb="read young person", actor_id=keeper.pk).count() == 3


def test_the_page_records_changes_and_shows_what_is_kept(client, keeper):
    person = factories.person("Billie")
    born = years_ago(14)
    form = {"birth_date_0": born.day, "birth_date_1": born.month, "birth_date_2": born.year, "guardian_name": "Gül 🌻"}
    assert client.post(f"{YOUNG}{person.pk}/", form)["Location"] == YOUNG
    text = client.get(f"{YOUNG}{person.pk}/").content.decode()

    assert YoungPerson.objects.get().birth_date == born
    assert "Gül 🌻" in text
    assert f'value="{born.year}"' in text
    assert AuditEvent.objects.get(verb="read young person").detail == {"purpose": "to check the safeguards"}


def test_an_adult_on_the_page_leaves_only_the_year(client, keeper):
    person = factories.person("Ada")
    form = {"birth_date_0": "1", "birth_date_1": "2", "birth_date_2": "1980"}
    page = client.post(f"{YOUNG}{person.pk}/", form, follow=True)

    assert "Ada is an adult. Only the year of birth is kept" in page.content.decode()
    assert not YoungPerson.objects.exists()


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({}, "Enter date of birth"),
        ({"birth_date_0": "31", "birth_date_1": "2", "birth_date_2": "2012"}, "must be a real date"),
        ({"birth_date_0": "1", "birth_date_1": "2", "birth_date_2": "2999"}, "must be in the past"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_keeps_nothing(client, keeper, form, reason):
    page = client.post(f"{YOUNG}{factories.person().pk}/", form)

    assert page.status_code == 422
    assert reason in page.content.decode()
    assert not YoungPerson.objects.exists()


def test_people_of_another_area_do_not_exist_for_a_lead_of_one_area(client):
    here, there = factories.area(), factories.area()
    client.force_login(factories.user("safeguarding", area=here))
    far = factories.person("Far", area=there, birth_year=timezone.localdate().year - 16)

    assert client.get(YOUNG).context["rows"] == []
    assert client.get(f"{YOUNG}{far.pk}/").status_code == 404
    assert client.get(f"{YOUNG}999/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", [YOUNG, f"{YOUNG}1/", CONCERNS, f"{CONCERNS}1/"])
def test_the_pages_are_for_the_safeguarding_lead_alone(client, role, address):
    assert client.get(address)["Location"].startswith("/accounts/login/")
    client.force_login(factories.user(role))
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


def test_the_list_asks_the_database_as_often_for_ten_as_for_a_thousand(client, keeper):
    asked = []
    for count in (10, 90, 900):
        people = Person.objects.bulk_create(
            Person(name=f"P{n}", adult_from=timezone.localdate() + datetime.timedelta(days=90), safeguards="waiting")
            for n in range(count)
        )
        YoungPerson.objects.bulk_create(YoungPerson(person=person, birth_date=years_ago(17)) for person in people)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(YOUNG)
        asked.append(len(queries))
    assert len(set(asked)) == 1
    assert len(page.context["rows"]) == 50


# “I am worried about something” ------------------------------------------------------------------


@pytest.fixture
def nobody_wrote_yet():
    cache.clear()
    yield
    cache.clear()


WORDS = "Somebody hurts me. سارة 😢"


def test_anybody_can_say_that_they_are_worried(client, nobody_wrote_yet, mailoutbox):
    keeper = factories.user("safeguarding")
    factories.user("safeguarding", is_active=False)
    factories.user("lead")
    page = client.get(WORRIED).content.decode()
    sent = client.post(WORRIED, {"text": WORDS, "contact": "07700 900123"}, follow=True)

    for number in ("tel:999", "tel:111", "tel:08001111", "Leave this page quickly"):
        assert number in page
    assert sent.redirect_chain == [("/worried/thank-you/", 302)]
    assert "Thank you for telling us" in sent.content.decode()
    concern = Concern.objects.get()
    assert (concern.text, concern.contact) == (WORDS, "07700 900123")
    (mail,) = mailoutbox
    assert mail.to == [keeper.email]
    assert "http://127.0.0.1:8000/register/concerns/" in mail.body
    for part in ("hurts", "سارة", "07700"):
        assert part not in mail.subject + mail.body
    event = AuditEvent.objects.get(verb="received concern")
    assert (event.actor, event.detail) == ("the system", {})


def test_a_concern_without_a_way_back_is_taken_too(client, nobody_wrote_yet):
    assert client.post(WORRIED, {"text": WORDS}).status_code == 302
    assert Concern.objects.get().contact == ""


def test_a_mail_server_that_is_down_loses_no_concern(client, nobody_wrote_yet, settings, caplog):
    factories.user("safeguarding")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    assert client.post(WORRIED, {"text": WORDS}).status_code == 302

    assert Concern.objects.get().text == WORDS
    assert "could not be sent (ConnectionRefusedError)" in caplog.text
    assert WORDS not in caplog.text


def test_without_a_safeguarding_lead_the_concern_is_kept_and_the_log_says_so(client, nobody_wrote_yet, caplog):
    client.post(WORRIED, {"text": WORDS})
    assert Concern.objects.count() == 1
    assert "has no safeguarding lead" in caplog.text


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"text": " "}, "Write what you are worried about"),
        ({"text": "x" * 10_001}, "must be 10000 characters or fewer"),
        ({"text": WORDS, "contact": "x" * 301}, "must be 300 characters or fewer"),
    ],
)
def test_a_form_that_cannot_be_sent_keeps_the_words(client, nobody_wrote_yet, form, reason):
    page = client.post(WORRIED, form)

    assert page.status_code == 422
    assert reason in page.content.decode().replace(",", "")
    assert form["text"].strip() in page.content.decode()
    assert not Concern.objects.exists()


def test_after_twenty_in_an_hour_the_words_stay_in_the_form(client, nobody_wrote_yet):
    for number in range(20):
        assert client.post(WORRIED, {"text": f"Worry {number}"}).status_code == 302
    page = client.post(WORRIED, {"text": WORDS, "contact": "07700"})
    text = page.content.decode()

    assert (page.status_code, Concern.objects.count()) == (429, 20)
    assert WORDS in text
    assert "Try again in an hour" in text
    assert "07700" in text
    assert client.post(WORRIED, {"text": WORDS}, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_an_hour_later_the_same_address_may_write_again(client, nobody_wrote_yet, monkeypatch):
    monkeypatch.setattr(views, "MOST_AN_HOUR", 1)
    assert [client.post(WORRIED, {"text": WORDS}).status_code for _time in range(2)] == [302, 429]
    monkeypatch.setattr(limits, "HOUR", -1)
    assert client.post(WORRIED, {"text": WORDS}).status_code == 302


# Concerns, read and closed -----------------------------------------------------------------------


def test_the_list_tells_the_state_and_none_of_the_words(client, keeper):
    Concern.objects.create(text=WORDS)
    Concern.objects.create(text=WORDS, read_at=timezone.now())
    Concern.objects.create(text=WORDS, closed_at=timezone.now())
    text = client.get(CONCERNS).content.decode()

    assert [text.count(state) for state in ("Not read yet", "Being looked into", "Closed")] == [1, 1, 1]
    assert WORDS not in text
    assert text.index("Being looked into") < text.index("Closed")
    assert AuditEvent.objects.get().verb == "read list of concerns"


def test_reading_is_noted_with_who_was_the_first(client, keeper):
    concern = Concern.objects.create(text=f"<b>{WORDS}</b>", contact="")
    text = client.get(f"{CONCERNS}{concern.pk}/").content.decode()
    client.force_login(factories.user("safeguarding"))
    client.get(f"{CONCERNS}{concern.pk}/")
    concern.refresh_from_db()

    assert f"&lt;b&gt;{WORDS}&lt;/b&gt;" in text
    assert "They did not say" in text
    assert concern.read_by == keeper
    assert AuditEvent.objects.filter(verb="read concern").count() == 2


def test_closing_says_what_was_done_once(client, keeper):
    concern = Concern.objects.create(text=WORDS)
    address = f"{CONCERNS}{concern.pk}/"
    assert client.post(address, {"what_was_done": " "}).status_code == 422
    assert client.post(address, {"what_was_done": "Told the council."})["Location"] == CONCERNS
    again = client.post(address, {"what_was_done": "Something else."})
    concern.refresh_from_db()

    assert again.status_code == 422
    assert "This concern is closed already" in again.content.decode()
    assert (concern.what_was_done, concern.closed_at is not None) == ("Told the council.", True)
    assert AuditEvent.objects.filter(verb="closed concern").count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_reads_or_closes_a_concern(role):
    by, concern = factories.user(role), Concern.objects.create(text=WORDS)
    for attempt in (
        lambda: safeguarding.read_concern(concern, by=by),
        lambda: safeguarding.close_concern(concern, "Done", by=by),
        lambda: safeguarding.list_concerns(by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_concern_is_not_closed_without_words(keeper):
    with pytest.raises(ValidationError, match="Say what was done"):
        safeguarding.close_concern(Concern.objects.create(text=WORDS), " ", by=keeper)


def test_a_concern_that_is_not_there_is_404(client, keeper):
    assert client.get(f"{CONCERNS}999/").status_code == 404
