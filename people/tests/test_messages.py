"""Writing to people: by their channel, for what they agreed to, once, and nothing is lost or sent in silence."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, JobState
from core.tests.racing import race
from people import notifications
from people.models import AccessNeed, ConsentPurpose, Message, Person, YoungPerson
from people.models.register import Safeguards
from people.services import consents, messages
from people.tasks import send_message
from people.tests import factories
from people.tests.letterbox import agreed, child, write, young

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def always_day(monkeypatch):
    monkeypatch.setattr(notifications, "FIRST_HOUR", 0)
    monkeypatch.setattr(notifications, "LAST_HOUR", 24)


@pytest.fixture
def always_night(monkeypatch):
    monkeypatch.setattr(notifications, "FIRST_HOUR", 23)
    monkeypatch.setattr(notifications, "LAST_HOUR", 23)


def again_at_once(message):
    """As if the time to wait had passed."""
    Message.objects.filter(pk=message.pk).update(not_before=timezone.now())


# Sending -----------------------------------------------------------------------------------------


def test_an_email_is_sent_once_and_says_who_writes_and_how_to_stop_it(smtp):
    factories.body()
    message = write(agreed())
    send_message(message.pk)
    send_message(message.pk)

    (mail,) = smtp.taken
    message.refresh_from_db()
    assert message.state == JobState.DONE
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Your meeting")
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/members/consents/>"
    assert mail["Message-ID"] == f"<message-{message.pk}@127.0.0.1>"
    text = mail.get_content()
    assert text.startswith("Hello Ada,\n\nIt is on Monday.\n\nHertfordshire and West Essex ICB\n")
    assert "you agreed to this: membership." in text
    assert "http://127.0.0.1:8000/members/consents/" in text
    assert "&" not in text


def test_a_service_message_does_not_claim_a_consent(smtp):
    person = factories.person("Ada", email="ada@example.org")
    factories.purpose("service")
    send_message(write(person, purpose="service").pk)

    assert "something you asked us" in smtp.taken[0].get_content()


def test_names_and_words_of_any_script_arrive_as_they_were_written(smtp):
    person = agreed(name="ليلى حداد", known_as="Layla & <Lee> 🌻")
    send_message(write(person, subject="Café 🎉\nBcc: all@example.org", body="<b>Zażółć</b> & ليلى").pk)

    (mail,) = smtp.taken
    assert mail["Subject"] == "Café 🎉 Bcc: all@example.org"
    assert mail["Bcc"] is None
    assert mail.get_content().startswith("Hello Layla & <Lee> 🌻,\n\n<b>Zażółć</b> & ليلى\n")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_arrives_as_one_that_calendars_understand(smtp, method):
    content = INVITATION.replace(b"REQUEST", method.encode())
    send_message(write(agreed(), attachment=content, attachment_name="meeting.ics").pk)

    (part,) = smtp.taken[0].iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == method
    assert part.get_filename() == "meeting.ics"
    assert f"METHOD:{method}" in part.get_content()


def test_a_file_that_is_no_invitation_asks_for_no_answer(smtp):
    content = INVITATION.replace(b"METHOD:REQUEST\r\n", b"")
    send_message(write(agreed(), attachment=content, attachment_name="meeting.ics").pk)

    (part,) = smtp.taken[0].iter_attachments()
    assert part["Content-Type"].params["method"] == "PUBLISH"


def test_the_same_key_writes_and_sends_once(smtp):
    person = agreed()
    first, second = write(person), write(person, subject="Again")
    for message in (first, second):
        send_message(message.pk)

    assert first == second
    assert len(smtp.taken) == 1


def test_a_worker_leaves_alone_what_another_worker_is_sending(smtp):
    message = write(agreed())
    assert Message.objects.claim(message.pk)
    send_message(message.pk)

    assert smtp.taken == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_a_message_once(smtp, tmp_path):
    message = write(agreed())
    race(tmp_path, *[lambda: send_message(message.pk)] * 2)

    assert len(smtp.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_writes_one_message(tmp_path):
    person = agreed()
    first, second = race(tmp_path, *[lambda: write(person).pk] * 2)

    assert first == second


def test_a_worker_that_lost_its_message_leaves_the_end_of_it_to_the_other(settings):
    settings.EMAIL_BACKEND = "people.tests.smtp.TakenOverWhileSending"
    message = write(agreed())
    send_message(message.pk)
    message.refresh_from_db()

    assert (message.state, message.finished_at) == (JobState.RUNNING, None)


def test_written_in_a_request_it_is_sent_by_a_worker_after_the_commit(
    smtp, eager_tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write(agreed())
        assert smtp.taken == []
    assert len(smtp.taken) == 1


# What goes wrong ---------------------------------------------------------------------------------


def test_a_failing_server_is_tried_five_times_then_staff_decide(smtp):
    smtp.answers["DATA"] = "451 not now"
    message = write(agreed())
    waits = []
    for _attempt in range(4):
        send_message(message.pk)
        message.refresh_from_db()
        assert (message.state, message.error) == (JobState.QUEUED, "The e-mail could not be sent (SMTPDataError)")
        waits.append(round((message.not_before - message.started_at).total_seconds() / 60))
        again_at_once(message)
    send_message(message.pk)
    message.refresh_from_db()

    assert waits == [1, 5, 30, 120]
    assert (message.state, message.attempts) == (JobState.FAILED, 5)
    assert message.finished_at is not None


def test_before_its_time_a_message_is_not_tried(smtp):
    smtp.answers["DATA"] = "451 not now"
    message = write(agreed())
    send_message(message.pk)
    send_message(message.pk)
    message.refresh_from_db()

    assert message.attempts == 1
    assert message not in Message.objects.lost()


def test_the_sweeper_finds_a_message_whose_time_has_come_and_it_is_sent_after_all(smtp, eager_tasks):
    smtp.answers["DATA"] = "451 not now"
    message = write(agreed())
    send_message(message.pk)
    smtp.answers.clear()
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    Message.objects.filter(pk=message.pk).update(requested_at=long_ago, not_before=long_ago)
    jobs.sweep()
    message.refresh_from_db()

    assert (message.state, message.error) == (JobState.DONE, "")
    assert len(smtp.taken) == 1


def test_no_server_at_all_is_a_failure_like_others(settings, smtp):
    smtp.stop()
    message = write(agreed())
    send_message(message.pk)
    message.refresh_from_db()

    assert (message.state, message.error) == (
        JobState.QUEUED,
        "The e-mail could not be sent (ConnectionRefusedError)",
    )


@pytest.mark.parametrize(
    ("verb", "answer", "words"),
    [
        ("RCPT", "550 no such user", "The mail server refused the address (550). Correct the address, then try again"),
        ("DATA", "554 no thanks", "The mail server refused the message (554)"),
    ],
)
def test_a_refusal_for_good_is_not_tried_again(smtp, verb, answer, words):
    smtp.answers[verb] = answer
    message = write(agreed())
    send_message(message.pk)
    message.refresh_from_db()

    assert (message.state, message.attempts, message.error) == (JobState.FAILED, 1, words)


def test_an_address_that_is_refused_only_now_is_tried_again(smtp):
    smtp.answers["RCPT"] = "450 try later"
    message = write(agreed())
    send_message(message.pk)
    message.refresh_from_db()

    assert message.state == JobState.QUEUED


def test_an_address_that_no_mail_can_have_fails_with_words(smtp):
    message = write(agreed(email="ada@example.org\nBcc: all@example.org"))
    send_message(message.pk)
    message.refresh_from_db()

    assert (message.state, smtp.taken) == (JobState.FAILED, [])
    assert message.error.startswith("No e-mail can be sent to this address.")


# Who may be written to ---------------------------------------------------------------------------


def test_without_consent_the_message_is_kept_as_failed_with_the_reason(smtp):
    factories.purpose()
    message = write(factories.person("Ada", email="ada@example.org"))
    send_message(message.pk)

    assert (message.state, message.error) == (JobState.FAILED, "Ada has not agreed to “membership”")
    assert smtp.taken == []


def test_consent_withdrawn_between_writing_and_sending_stops_it(smtp):
    person = agreed()
    message = write(person)
    claimed = Message.objects.claim(message.pk)  # a worker has it already
    consents.withdraw(person, message.purpose, by=None)
    Message.objects.filter(pk=claimed.pk).update(state=JobState.QUEUED)
    send_message(message.pk)
    message.refresh_from_db()

    assert smtp.taken == []
    assert (message.state, message.error) == (JobState.FAILED, "Ada has not agreed to “membership”")


@pytest.mark.parametrize("channel", ["email", "post", "text", "phone"])
def test_withdrawal_ends_what_waits_whatever_the_way(channel):
    person = agreed(channel=channel, address="1 High Street", phone="01234 567890")
    message = write(person)
    assert message.state == JobState.QUEUED
    consents.withdraw(person, message.purpose, by=None)
    message.refresh_from_db()

    assert (message.state, message.error) == (JobState.FAILED, "Ada has not agreed to “membership”")


@pytest.mark.parametrize(
    ("channel", "reason"),
    [
        ("email", "Ada has no e-mail address"),
        ("post", "Ada has no postal address"),
        ("text", "Ada has no telephone number"),
        ("phone", "Ada has no telephone number"),
    ],
)
def test_a_missing_address_or_number_is_said(channel, reason):
    assert write(agreed(email="", channel=channel)).error == reason


def test_an_entry_no_longer_in_use_is_not_written_to():
    person = agreed(erased_at=timezone.now())
    assert write(person).error == "This entry is no longer in use"


def test_somebody_who_may_be_under_18_is_not_written_to():
    person = agreed(birth_year=timezone.localdate().year - 17)
    assert write(person).error == "Ada may be under 18. The safeguarding lead has to record the date of birth"


def test_under_18_without_the_consents_nothing_is_written():
    assert write(young(safeguards=Safeguards.WAITING)).error == "Billie is under 18 and the consents are missing"


def test_under_18_only_for_purposes_that_are_for_them():
    person = young()
    ConsentPurpose.objects.update(for_under_18=False)
    assert write(person).error == "People under 18 are not written to for “membership”"


# People under 18: the hours, and the guardian ----------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-01-15 07:59", "2026-01-15 08:00"),
        ("2026-01-15 08:00", "2026-01-15 08:00"),
        ("2026-01-15 19:59", "2026-01-15 19:59"),
        ("2026-01-15 20:00", "2026-01-16 08:00"),
        ("2026-01-15 00:00", "2026-01-15 08:00"),
        ("2026-12-31 23:59", "2027-01-01 08:00"),
        ("2026-03-28 21:00", "2026-03-29 08:00"),  # the clocks go forward that night
        ("2026-10-24 21:00", "2026-10-25 08:00"),  # and back
        ("2026-07-01 20:30", "2026-07-02 08:00"),
    ],
)
def test_people_under_18_are_written_to_by_day(now, expected):
    at, due = (datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON) for text in (now, expected))

    assert notifications.not_before(young(), at.astimezone(datetime.UTC)) == due
    assert notifications.not_before(agreed(name="An adult"), at) == at


def test_at_night_a_message_to_somebody_under_18_waits_however_it_is_tried(smtp, always_night, eager_tasks):
    message = write(young())
    assert message.not_before > timezone.now()
    again_at_once(message)  # as after a failure by day, tried again after 20:00
    Message.objects.update(requested_at=timezone.now() - datetime.timedelta(hours=1))
    send_message(message.pk)
    jobs.sweep()
    message.refresh_from_db()

    assert smtp.taken == []
    assert (message.state, message.attempts) == (JobState.QUEUED, 0)
    assert message.not_before > timezone.now()


def test_somebody_found_to_be_under_18_after_writing_gets_nothing_at_night(smtp, always_night):
    person = agreed()
    message = write(person)
    later = timezone.localdate() + datetime.timedelta(days=400)
    Person.objects.filter(pk=person.pk).update(adult_from=later, safeguards=Safeguards.CLEARED)
    send_message(message.pk)
    message.refresh_from_db()

    assert (smtp.taken, message.state) == ([], JobState.QUEUED)


def test_under_13_the_guardian_is_written_to_and_told_why(smtp, always_day):
    message = write(child())
    send_message(message.pk)

    (mail,) = smtp.taken
    assert mail["To"] == "guardian@example.org"
    assert mail.get_content().startswith("Hello. You get this as the parent or guardian of Billie.")
    assert AuditEvent.objects.filter(verb="read guardian").count() == 3  # may it be written, may it be sent, where to


def test_the_guardian_gets_what_was_written_before_the_age_was_known(smtp, always_day):
    person = young(email="child@example.org")
    message = write(person)
    Person.objects.filter(pk=person.pk).update(write_to_guardian=True)
    YoungPerson.objects.create(
        person=person, birth_date=datetime.date(2016, 1, 1), guardian_email="guardian@example.org"
    )
    send_message(message.pk)
    message.refresh_from_db()

    assert [mail["To"] for mail in smtp.taken] == ["guardian@example.org"]
    assert message.to_guardian


def test_a_guardian_without_an_email_address_is_not_passed_over_in_silence():
    message = write(child(email="", phone="01234 567890"))

    assert message.state == JobState.FAILED
    assert message.error == "The guardian of Billie has no e-mail address. Ask the safeguarding lead"


def test_a_guardian_without_a_number_is_not_passed_over_in_silence():
    person = child()
    person.channel = "phone"
    assert write(person).error == "The guardian of Billie has no telephone number. Ask the safeguarding lead"


# What staff do -----------------------------------------------------------------------------------


def test_trying_again_sends_by_the_channel_of_now(smtp):
    by, person = factories.user("officer"), agreed(email="")
    message = write(person)
    person.email = "ada@example.org"
    person.save()
    messages.try_again(message, by=by)
    send_message(message.pk)

    assert len(smtp.taken) == 1
    assert AuditEvent.objects.get(verb="sent message again").actor_id == by.pk


def test_trying_again_by_post_looks_for_large_print():
    person = agreed(email="")
    message = write(person)
    person.channel, person.address = "post", "1 High Street"
    person.save()
    AccessNeed.objects.create(person=person, kind="large_print")
    message = messages.try_again(message, by=factories.user("officer"))

    assert (message.channel, message.large_print, message.state) == ("post", True, JobState.QUEUED)


def test_trying_again_while_the_reason_stands_says_the_reason():
    message = write(agreed(email=""))
    with pytest.raises(ValidationError, match="Ada has no e-mail address"):
        messages.try_again(message, by=factories.user("officer"))


def test_trying_again_what_was_sent_does_nothing(smtp):
    message = write(agreed())
    send_message(message.pk)
    assert messages.try_again(message, by=factories.user("officer")).state == JobState.DONE


def test_done_by_hand_is_kept_once_and_audited():
    by = factories.user("officer")
    message = write(agreed(channel="phone", phone="01234 567890"))
    for _time in range(2):
        assert messages.mark_delivered(message, by=by).state == JobState.DONE
    assert AuditEvent.objects.filter(verb="delivered message").count() == 1


def test_nobody_says_of_an_email_that_it_was_delivered():
    with pytest.raises(ValidationError, match="E-mail is sent by the system"):
        messages.mark_delivered(write(agreed()), by=factories.user("officer"))


def test_messages_are_forgotten_a_year_after_they_ended():
    person = agreed(channel="phone", phone="01234 567890")
    old, new = write(person, key="old"), write(person, key="new")
    for message, days in ((old, 366), (new, 364)):
        ended = timezone.now() - datetime.timedelta(days=days)
        Message.objects.filter(pk=message.pk).update(state=JobState.DONE, finished_at=ended)
    write(person, key="waits")

    assert messages.forget_old() == 1
    assert set(Message.objects.values_list("key", flat=True)) == {"new", "waits"}
