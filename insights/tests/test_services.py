"""An answer is written down, changed, moved on, published and withdrawn; each step leaves its trace once."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import AuditEvent
from engagement.tests import factories as engagement
from insights.models import Response, Status
from insights.services import responses as services
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return people.user("lead")


def create(by, activity=None, **values):
    values = {
        "you_said": "You said.",
        "we_did": "We did.",
        "status": Status.DONE,
        "responsible_post": "Head of pharmacy",
        "evidence": "A letter to every pharmacy",
    } | values
    return services.create_response(activity or engagement.activity("HWE-1"), by=by, topic=engagement.topic(), **values)


def audited() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_a_new_answer_is_numbered_within_its_activity_and_not_public(by):
    activity, other = engagement.activity("HWE-1"), engagement.activity("HWE-1-2")
    first, second = create(by, activity, you_said="One."), create(by, activity, you_said="Two.")
    elsewhere = create(by, other)

    assert [each.reference for each in (first, second, elsewhere)] == ["hwe-1-1", "hwe-1-2", "hwe-1-2-1"]
    assert not Response.objects.public().exists()
    assert [(change.status, change.by) for change in first.status_changes.all()] == [(Status.DONE, by)]
    assert audited() == ["added", "added", "added"]


def test_a_number_is_not_given_twice(by):
    activity = engagement.activity("HWE-1")
    create(by, activity, you_said="One.")
    create(by, activity, you_said="Two.")
    Response.objects.filter(reference="hwe-1-1").delete()

    assert create(by, activity, you_said="Three.").reference == "hwe-1-3"


def test_a_reference_that_no_address_can_hold_is_replaced_by_a_number(by):
    activity = engagement.activity("№ ٣".replace("N", ""))

    assert create(by, activity).reference.endswith("-1")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"status": Status.COULD_NOT, "we_did": ""}, "reason"),
        ({"status": Status.COULD_NOT, "reason": "  "}, "reason"),
        ({"status": Status.DONE, "we_did": " "}, "we_did"),
    ],
)
def test_words_must_bear_the_status_out(by, values, field):
    with pytest.raises(ValidationError) as error:
        create(by, **values)

    assert list(error.value.message_dict) == [field]
    assert not Response.objects.exists()


def test_a_change_is_audited_and_the_same_again_is_none(by):
    response = create(by)

    services.update_response(response, by=by, we_did="We did more.", you_said="You said.")
    services.update_response(response, by=by, we_did="We did more.")

    assert Response.objects.get().we_did == "We did more."
    assert audited() == ["added", "changed"]
    assert AuditEvent.objects.order_by("pk").last().detail == {"fields": ["we_did"]}
    assert response.versions.first().history_user == by
    assert response.versions.count() == 2


def test_nothing_else_can_be_changed(by):
    with pytest.raises(TypeError):
        services.update_response(create(by), by=by, published_at=timezone.now())


def test_a_status_moves_on_once_and_its_history_says_so(by):
    response = create(by, status=Status.PROMISED)

    services.set_status(response, Status.DONE, by=by)
    services.set_status(response, Status.DONE, by=by)

    assert [change.status for change in response.status_changes.all()] == [Status.PROMISED, Status.DONE]
    assert audited() == ["added", "changed"]


def test_what_could_not_be_done_needs_a_reason(by):
    response = create(by)

    with pytest.raises(ValidationError):
        services.set_status(response, Status.COULD_NOT, by=by)
    services.set_status(response, Status.COULD_NOT, by=by, reason="The money went elsewhere.")

    assert Response.objects.get().reason == "The money went elsewhere."


def test_an_answer_is_published_once_and_may_be_withdrawn(by):
    response = create(by)

    services.publish_response(response, by=by)
    at = Response.objects.get().published_at
    services.publish_response(response, by=by)

    assert [(each.published_by, each.published_at) for each in Response.objects.public()] == [(by, at)]
    services.withdraw_response(response, by=by)
    services.withdraw_response(response, by=by)
    assert [(each.published_by, each.published_at) for each in Response.objects.all()] == [(None, None)]
    assert audited() == ["added", "published", "withdrew"]


def test_an_answer_may_be_published_with_an_earlier_day_but_no_later_one(by):
    response, day = create(by), datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC)

    services.publish_response(response, by=by, at=day)
    services.publish_response(response, by=by, at=day)
    with pytest.raises(ValidationError):
        services.publish_response(response, by=by, at=timezone.now() + datetime.timedelta(days=1))

    assert Response.objects.get().published_at == day
    assert audited() == ["added", "published"]


def test_what_is_published_stays_when_it_is_published_again(by):
    response = factories.published_response()

    services.publish_response(response, by=by)

    assert Response.objects.get().published_at == factories.PUBLISHED
    assert audited() == []
