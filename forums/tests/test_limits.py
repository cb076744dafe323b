"""Public forms take a whole forum from one address, and no flood. What was written stays on the page."""

import uuid

import pytest
from django.core.cache import cache

from forums.models import Application, Attendance
from forums.tests import factories
from forums.views import meetings_public, recruitment
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_sent_anything():
    cache.clear()


@pytest.fixture
def opportunity():
    people.purpose("service", for_under_18=True)
    return factories.opportunity(can_influence="Words", cannot_influence="Money")


def form(number: int) -> dict:
    words = {"name": f"Applicant {number}", "email": f"applicant{number}@example.org", "statement": "I would like to."}
    return words | {"form_token": str(uuid.UUID(int=number)), "birth_year": "1970"}


def test_applications_beyond_the_limit_are_kept_on_the_page_and_not_taken_in(client, opportunity, monkeypatch):
    monkeypatch.setattr(recruitment, "MOST_AN_HOUR", 2)
    answers = [client.post(f"/get-involved/{opportunity.pk}/apply/", form(number)) for number in range(1, 4)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    assert "Applicant 3" in answers[2].content.decode()
    assert "Try again in an hour" in answers[2].content.decode()
    assert Application.objects.count() == 2


def test_sixty_people_behind_one_wifi_may_apply_in_one_hour(client, opportunity):
    answers = {client.post(f"/get-involved/{opportunity.pk}/apply/", form(n)).status_code for n in range(1, 61)}
    assert answers == {302}


def test_sign_ups_beyond_the_limit_are_kept_on_the_page_and_not_taken_in(client, monkeypatch):
    monkeypatch.setattr(meetings_public, "MOST_AN_HOUR", 1)
    people.purpose("service")
    meeting = factories.meeting(factories.forum(), is_public=True)
    answers = [
        client.post(
            f"/meetings/{meeting.pk}/join/",
            {"name": f"Visitor {number}", "email": f"visitor{number}@example.org", "reply": "online"},
        )
        for number in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "Visitor 1" in answers[1].content.decode()
    assert Attendance.objects.count() == 1
