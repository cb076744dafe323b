"""Our news by e-mail: the owner of an address says so, and no stranger learns or changes anything (PUB-016)."""

import datetime
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from people.models import Consent, NewsletterRequest, Person
from people.services import newsletter
from people.tests import factories

pytestmark = pytest.mark.django_db
JOIN, STOP = "/newsletter/", "/newsletter/stop/"
ALI = {"name": "Nasreen Ali", "email": "nasreen@example.org", "agrees": "on"}


@pytest.fixture(autouse=True)
def offered():
    """The words that people agree to, and nobody counted yet."""
    cache.clear()
    return factories.wording("opportunities")


def link() -> str:
    """The path of the link in the last e-mail."""
    return re.search(r"https?://[^/\s]+(/newsletter/links/\S+)", mail.outbox[-1].body)[1]


def joined(client, **changes) -> str:
    client.post(JOIN, ALI | changes)
    return link()


# Joining -----------------------------------------------------------------------------------------


def test_nothing_is_kept_of_somebody_before_the_button_is_pressed(client, offered):
    answer = client.post(JOIN, ALI, follow=True)
    assert "Look in your e-mail" in answer.content.decode()
    assert mail.outbox[-1].to == ["nasreen@example.org"]
    assert offered.text in mail.outbox[-1].body
    assert "Nasreen" not in mail.outbox[-1].body  # a stranger cannot have us send their words
    page = client.get(link())
    assert offered.text in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.head(link()).status_code == 200
    assert (Person.objects.count(), Consent.objects.count()) == (0, 0)


def test_the_button_keeps_the_consent_with_the_words_that_were_shown(client, offered):
    address = joined(client)
    factories.wording("opportunities", version=2, text="Other words")
    assert "You get our news" in client.post(address, follow=True).content.decode()
    person = Person.objects.get()
    assert (person.name, person.email, person.channel) == ("Nasreen Ali", "nasreen@example.org", "email")
    consent = person.consents.get()
    assert (consent.wording, consent.how, consent.given_by, consent.recorded_by) == (offered, "web", "self", None)
    kept = NewsletterRequest.objects.get()
    assert (kept.name, kept.email) == ("", "")
    assert AuditEvent.objects.filter(verb="recorded consent", subject_id=person.pk).count() == 1


def test_pressing_twice_is_harmless(client):
    address = joined(client)
    for _time in range(2):
        assert client.post(address).status_code == 302
    assert (Person.objects.count(), Consent.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_are_one_person(tmp_path, client):
    factories.wording("opportunities")
    joined(client)
    request = NewsletterRequest.objects.get()
    calls = [lambda: newsletter.confirm(request) and Person.objects.count()] * 2
    assert race(tmp_path, *calls) == [1, 1]


def test_who_is_on_the_register_is_found_and_not_changed(client):
    known = factories.person("nasreen ali", email="Nasreen@example.org", phone="01632 960 001", channel="phone")
    client.post(joined(client, name="Nasreen  Ali"))
    known.refresh_from_db()
    assert (known.name, known.phone, known.channel, known.consents.count()) == (
        "nasreen ali",
        "01632 960 001",
        "phone",
        1,
    )
    assert Person.objects.count() == 1


def test_somebody_else_with_the_same_address_is_another_person(client):
    other = factories.person("Omar Ali", email=ALI["email"])
    client.post(joined(client))
    assert Person.objects.exclude(pk=other.pk).get().name == "Nasreen Ali"
    assert other.consents.count() == 0


@pytest.mark.parametrize("address", [JOIN, STOP])
def test_a_stranger_cannot_tell_who_is_known(client, address):
    """The same pages, the same mails but for the link, the same number of questions to the database."""
    known = factories.person("Known Person", email="known@example.org")
    factories.consent(known, "opportunities")
    seen = []
    for name, email in (("Known Person", "known@example.org"), ("Unknown", "unknown@example.org")):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(address, {"name": name, "email": email, "agrees": "on"})
        text = re.sub(r"/links/\S+", "", mail.outbox[-1].body)
        seen.append((answer.status_code, answer.url, answer.content, mail.outbox[-1].subject, text, len(queries)))
    assert seen[0] == seen[1]
    assert known.consents.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Enter full name"),
        ({"email": ""}, "email", "Enter e-mail address"),
        ({"email": "nasreen"}, "email", "Enter an email address in the correct format, like name@example.com"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email", "Enter an email address in the correct format"),
        ({"agrees": ""}, "agrees", "Tick the box if you agree to get our news"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(client, changes, field, words):
    answer = client.post(JOIN, ALI | changes)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form.errors[field][0].startswith(words)
    assert mail.outbox == []
    assert not NewsletterRequest.objects.exists()


def test_nobody_under_18_is_signed_up(client):
    young = factories.person("Nasreen Ali", email=ALI["email"], birth_year=timezone.localdate().year - 15)
    answer = client.post(joined(client))
    assert answer.status_code == 422
    assert "aged 18 or over" in answer.content.decode()
    assert young.consents.count() == 0


def test_a_body_without_wording_offers_no_newsletter(client, offered):
    offered.delete()
    assert "We do not send a newsletter yet" in client.get(JOIN).content.decode()
    assert "We do not send a newsletter yet" in client.post(JOIN, ALI).content.decode()
    assert mail.outbox == []


# Links -------------------------------------------------------------------------------------------


def test_a_link_that_is_not_ours_or_has_run_out_does_nothing(client):
    address = joined(client)
    for wrong in (f"{address[:-2]}x/", "/newsletter/links/1/", "/newsletter/links/abc:def:ghi/"):
        for answer in (client.get(wrong), client.post(wrong)):
            assert answer.status_code == 404
            assert "does not work any more" in answer.content.decode()
    NewsletterRequest.objects.update(asked_at=timezone.now() - datetime.timedelta(days=3, minutes=1))
    assert newsletter.forget_requests() == 1
    assert client.post(address).status_code == 404
    assert not Person.objects.exists()


def test_the_signature_itself_runs_out(client, monkeypatch):
    address = joined(client)
    monkeypatch.setattr(NewsletterRequest, "LIFETIME", datetime.timedelta(seconds=-1))
    assert client.get(address).status_code == 404


def test_what_is_fresh_is_not_forgotten(client):
    joined(client)
    assert newsletter.forget_requests() == 0


def test_strangers_cannot_fill_an_address_with_mail(client):
    for _time in range(5):
        assert client.post(JOIN, ALI).url == "/newsletter/look-in-your-mail/"
        assert client.post(STOP, {"email": ALI["email"].upper()}).url == "/newsletter/look-in-your-mail/"
    assert len(mail.outbox) == 3


def test_after_twenty_in_an_hour_a_visitor_waits(client):
    for number in range(20):
        client.post(STOP, {"email": f"somebody{number}@example.org"})
    answer = client.post(JOIN, ALI)
    assert answer.status_code == 422
    assert "Try again in an hour" in answer.content.decode()
    assert len(mail.outbox) == 20


def test_a_mail_server_that_is_down_shows_nothing_to_a_stranger(client, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert client.post(JOIN, ALI).url == "/newsletter/look-in-your-mail/"
    assert "could not be sent" in caplog.text
    assert "nasreen" not in caplog.text


# Stopping ----------------------------------------------------------------------------------------


def test_stopping_needs_the_link_and_ends_the_consent_of_everybody_with_the_address(client):
    two = [factories.person(name, email="Family@example.org") for name in ("Ann Lee", "Ben Lee")]
    other = factories.person("Cy Lee", email="cy@example.org")
    for person in (*two, other):
        factories.consent(person, "opportunities")
        factories.consent(person, "membership")
    client.post(STOP, {"email": "family@example.org"})
    client.get(link())
    assert Consent.objects.filter(withdrawn_at=None).count() == 6
    for _time in range(2):
        assert "no more news" in client.post(link(), follow=True).content.decode()
    ended = Consent.objects.exclude(withdrawn_at=None)
    assert {(each.person, each.purpose.code, each.withdrawn_how) for each in ended} == {
        (person, "opportunities", "web") for person in two
    }


def test_stopping_news_that_nobody_gets_is_harmless(client):
    client.post(STOP, {"email": "nobody@example.org"})
    assert client.post(link()).status_code == 302
    assert not Person.objects.exists()


# The database ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"wording": None}, {"email": ""}, {"done_at": timezone.now()}])
def test_the_database_holds_the_rules_too(offered, fields):
    values = {"kind": "join", "name": "N", "email": "n@example.org", "wording": offered} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsletterRequest.objects.create(**values)
    with pytest.raises(ValidationError):
        NewsletterRequest(**values).full_clean()
