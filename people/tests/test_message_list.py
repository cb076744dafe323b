"""The page of messages: what failed, what is to be done by hand, what was sent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import JobState
from people.models import Message
from people.services import messages
from people.tests import factories
from people.tests.letterbox import agreed, child, write

pytestmark = pytest.mark.django_db
PAGE = "/register/messages/"


@pytest.fixture
def officer(client):
    user = factories.user("officer")
    client.force_login(user)
    return user


def shown(page):
    return [message.key for message in page.context["page"]]


def test_each_tab_holds_its_own_and_the_channel_narrows_it(client, officer):
    by_channel = {"post": {"address": "1 High Street"}, "phone": {"phone": "01234 567890"}}
    write(agreed(email=""), key="failed")
    for channel, fields in by_channel.items():
        write(agreed(name=channel, channel=channel, **fields), key=channel)
    done = write(agreed(name="Done", channel="phone", phone="01234 567890"), key="done")
    messages.mark_delivered(done, by=officer)

    assert shown(client.get(PAGE)) == ["failed"]
    assert shown(client.get(PAGE, {"tab": "by-hand"})) == ["post", "phone"]
    assert shown(client.get(PAGE, {"tab": "by-hand", "channel": "phone"})) == ["phone"]
    assert shown(client.get(PAGE, {"tab": "sent"})) == ["done"]
    assert shown(client.get(PAGE, {"tab": "nonsense", "channel": "pigeon"})) == ["failed"]
    assert messages.failed_count(officer) == 1


def test_the_page_says_why_it_failed_and_offers_to_try_again(client, officer):
    message = write(agreed(email=""))
    text = client.get(PAGE).content.decode()

    assert "Ada has no e-mail address" in text
    assert f'action="{PAGE}{message.pk}/again/"' in text


def test_who_to_call_and_what_to_say_stand_on_the_page(client, officer):
    write(agreed(channel="phone", phone="01234 567890"), body="<Bring> your letter.")
    text = client.get(PAGE, {"tab": "by-hand"}).content.decode()

    assert "01234 567890" in text
    assert "&lt;Bring&gt; your letter." in text


def test_the_number_of_a_guardian_is_not_shown_to_staff(client, officer):
    person = child(phone="07700 900123")
    person.channel, person.phone = "phone", "07700 900456"
    person.save()
    write(person)
    text = client.get(PAGE, {"tab": "by-hand"}).content.decode()

    assert "The safeguarding lead has the guardian’s number." in text
    assert "07700" not in text


def test_try_again_from_the_page(client, officer, smtp):
    person = agreed(email="")
    message = write(person)
    client.post(f"{PAGE}{message.pk}/again/")
    message.refresh_from_db()
    assert message.state == JobState.FAILED
    person.email = "ada@example.org"
    person.save()
    page = client.post(f"{PAGE}{message.pk}/again/", follow=True)
    message.refresh_from_db()

    assert message.state == JobState.QUEUED
    assert "The message will be sent again" in page.content.decode()


def test_several_letters_are_said_to_be_posted_at_once(client, officer):
    numbers = [
        write(agreed(name=f"P{n}", channel="post", address="1 High Street"), key=f"letter-{n}").pk for n in range(3)
    ]
    page = client.post(f"{PAGE}done/", {"message": [*numbers[:2], "nonsense", "9" * 40]}, follow=True)

    assert "2 messages are done" in page.content.decode()
    assert shown(page) == ["letter-2"]


def test_saying_done_of_nothing_or_of_an_email_changes_nothing(client, officer):
    message = write(agreed())
    for numbers in ([], [message.pk]):
        page = client.post(f"{PAGE}done/", {"message": numbers}, follow=True)
        assert "Tick at least one letter" in page.content.decode()
    message.refresh_from_db()
    assert message.state == JobState.QUEUED


def test_messages_of_another_area_do_not_exist(client):
    here, there = factories.area("Here"), factories.area("There")
    client.force_login(factories.user("officer", area=here))
    mine = write(agreed(name="Near", area=here, channel="post", address="1 High Street"), key="mine")
    other = write(agreed(name="Far", area=there, channel="post", address="2 High Street"), key="other")

    page = client.get(PAGE, {"tab": "by-hand"})
    assert shown(page) == ["mine"]
    assert page.context["letters"] == 1
    assert client.post(f"{PAGE}{other.pk}/again/").status_code == 404
    assert client.get(f"{PAGE}{other.pk}/letter.pdf").status_code == 404
    client.post(f"{PAGE}done/", {"message": [mine.pk, other.pk]})
    other.refresh_from_db()
    assert other.state == JobState.QUEUED


@pytest.mark.parametrize("role", ["", "member", "secretary", "project_lead", "safeguarding"])
@pytest.mark.parametrize("address", ["", "letters.pdf", "1/letter.pdf"])
def test_others_do_not_read_messages(client, role, address):
    assert client.get(PAGE + address)["Location"].startswith("/accounts/login/")
    client.force_login(factories.user(role))
    assert client.get(PAGE + address).status_code == 403


@pytest.mark.parametrize("address", ["1/again/", "done/"])
def test_what_changes_something_is_a_post_and_not_for_everybody(client, officer, address):
    assert client.get(PAGE + address).status_code == 405
    client.force_login(factories.user("safeguarding"))
    assert client.post(PAGE + address).status_code == 403


def test_the_page_asks_the_database_as_often_for_ten_messages_as_for_a_thousand(client, officer):
    person = agreed()
    asked = []
    for count in (10, 90, 900):
        start = Message.objects.count()
        Message.objects.bulk_create(
            Message(
                person=person,
                purpose=factories.purpose(),
                channel="email",
                subject="Hello",
                body="Words",
                key=f"many-{start + number}",
                state=JobState.FAILED,
                finished_at=timezone.now(),
            )
            for number in range(count)
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(PAGE)
        asked.append(len(queries))
    assert len(set(asked)) == 1
    assert len(page.context["page"]) == 50
