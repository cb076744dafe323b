"""Working days, and how long people wait for another format: medians and shares with what they are of (PUB-009)."""

import datetime
import uuid

import pytest
from django.utils import timezone

from people.documents.response_times import Times, add_working_days, times_of
from people.models import FormatRequest
from people.services import requests
from people.tests import factories

pytestmark = pytest.mark.django_db


def test_working_days_leave_out_weekends_and_bank_holidays():
    friday = datetime.date(2026, 11, 20)
    assert add_working_days(friday, 1) == datetime.date(2026, 11, 23)
    assert add_working_days(datetime.date(2026, 12, 23), 3) == datetime.date(2026, 12, 30)  # 25 and, for the 26th, 28
    assert add_working_days(datetime.date(2026, 11, 21), 1) == datetime.date(2026, 11, 23)


def test_times_are_medians_of_what_was_sent_and_shares_of_what_was_due():
    now = timezone.now()

    def row(state, waited=None, due=5):
        asked_at = now - datetime.timedelta(days=20)
        settled = None if waited is None else timezone.localdate(asked_at) + datetime.timedelta(days=waited)
        due_on = timezone.localdate(asked_at) + datetime.timedelta(days=due)
        return FormatRequest(state=state, asked_at=asked_at, settled_on=settled, due_on=due_on)

    assert times_of([]) == Times(0, None, 0, 0)
    assert times_of([]).percent is None
    rows = [row("sent", 2), row("sent", 5), row("sent", 8), row("could_not", 1), row("withdrawn", 1)]
    rows += [row("open"), row("open", due=40)]
    found = times_of(rows)
    assert found == Times(sent=3, median_days=5, due=5, in_time=2)
    assert found.percent == 40


def test_the_page_says_not_known_where_nothing_was_sent(client):
    lead = factories.user("lead")
    client.force_login(lead)
    contact = {"name": "Nasreen Ali", "channel": "email", "contact": "nasreen@example.org"}
    requests.ask(form_token=uuid.uuid4(), path="/", format="braille", **contact)
    page = client.get("/register/formats/").content.decode()
    assert page.count("not known") == 2
    requests.mark_sent(FormatRequest.objects.get(), by=lead, settled_on=timezone.localdate())
    page = client.get("/register/formats/").content.decode()
    assert "0 days" in page
    assert "1 of 1 that were due" in page
    assert "100%" in page
