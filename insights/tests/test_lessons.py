"""What was learnt from what went well or badly: noted once, shared, done, listed by kind, seen by whom."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement.tests import factories as engagement
from insights.documents.lessons import OfKind, by_kind
from insights.models import Lesson
from insights.services import lessons as services
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/insight/lessons/"
TODAY = timezone.localdate()
LEARNT = TODAY - datetime.timedelta(days=20)


def values(**fields) -> dict:
    words = {"what_happened": "Letters came late", "action": "Send them earlier", "owner": "Head of access"}
    return {"kind": "negative", "learnt_on": LEARNT} | words | fields


def lesson(**fields) -> Lesson:
    return Lesson.objects.create(**values(**{"what_happened": f"Thing {people.following(Lesson)}"} | fields))


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(subject_type="insights.lesson").values_list("verb", flat=True))


def test_a_lesson_is_noted_once_and_a_change_is_audited_by_field():
    by, topic = people.user("officer"), engagement.topic()
    one = services.add_lesson(by=by, topics=[topic], **values())
    assert services.add_lesson(by=by, topics=[topic], **values()) == one
    assert list(one.topics.all()) == [topic]
    for _time in range(2):
        services.change_lesson(one, by=by, done_on=TODAY, topics=[])
    event = AuditEvent.objects.get(verb="changed a lesson")
    assert event.detail == {"fields": ["done_on", "topics"]}
    assert sorted(verbs()) == ["changed a lesson", "noted a lesson"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"learnt_on": TODAY + datetime.timedelta(days=1)}, {"learnt_on": ["The day must not be in the future"]}),
        ({"done_on": TODAY + datetime.timedelta(days=1)}, {"done_on": ["The day must not be in the future"]}),
        (
            {"done_on": LEARNT - datetime.timedelta(days=1)},
            {"done_on": ["It cannot be before the day on which it was learnt"]},
        ),
        ({"shared_on": TODAY}, {"shared_with": ["Say with whom it was shared"]}),
        ({"shared_with": "All trusts"}, {"shared_on": ["Enter the day on which it was shared"]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(fields, wrong):
    with pytest.raises(ValidationError) as error:
        services.add_lesson(by=people.user("officer"), **values(**fields))
    assert error.value.message_dict == wrong
    assert not Lesson.objects.exists()


@pytest.mark.parametrize("fields", [{"shared_on": TODAY}, {"done_on": LEARNT - datetime.timedelta(days=1)}])
def test_the_database_holds_the_same_rules(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        lesson(**fields)


def test_lessons_are_counted_by_kind_and_a_kind_without_any_is_there():
    lesson(shared_with="All trusts", shared_on=TODAY)
    lesson(done_on=TODAY)
    assert by_kind(Lesson.objects.all()) == [OfKind("went well", 0, 0, 0), OfKind("went badly", 2, 1, 1)]


def test_the_list_is_narrowed_by_kind_topic_and_what_is_left(client):
    client.force_login(people.user("officer"))
    good, bad = lesson(kind="positive", done_on=TODAY), lesson()
    good.topics.add(engagement.topic("Stroke"))
    shown = {
        key: list(client.get(LIST, {key: value}).context["page"])
        for key, value in {"kind": "positive", "topic": engagement.topic("Stroke").pk, "show": "to_do"}.items()
    }
    assert shown == {"kind": [good], "topic": [good], "show": [bad]}


def test_pages_are_for_those_who_may_and_a_lesson_of_another_area_is_not_there(client):
    source = factories.source()
    source.areas.add(people.area("Ware"))
    row = lesson(what_happened="Canary words", source=source)
    edit = reverse("insight_work:lesson_edit", args=[row.pk])
    found = {}
    for who in ("officer", "elsewhere", "project_lead", "member"):
        area = people.area() if who == "elsewhere" else None
        client.force_login(people.user("officer" if who == "elsewhere" else who, area=area))
        listed = client.get(LIST)
        pages = [listed.status_code, client.get("/insight/lessons/add/").status_code, client.get(edit).status_code]
        found[who] = (*pages, client.post(edit).status_code, "Canary" in listed.content.decode())
    assert found == {
        "officer": (200, 200, 200, 422, True),
        "elsewhere": (200, 200, 404, 404, False),
        "project_lead": (200, 403, 403, 403, True),
        "member": (403, 403, 403, 403, False),
    }


def test_a_lesson_begins_with_the_item_in_the_address_if_somebody_may_see_it(client):
    source = factories.source(title="Canary report")
    source.areas.add(people.area("Ware"))
    client.force_login(people.user("officer"))
    assert client.get(f"/insight/lessons/add/?source={source.pk}").context["form"].initial["source"] == source
    client.force_login(people.user("officer", area=people.area()))
    page = client.get(f"/insight/lessons/add/?source={source.pk}")
    assert page.context["form"].initial == {}
    assert "Canary" not in page.content.decode()


def test_a_lesson_is_noted_and_shared_on_the_pages(client):
    client.force_login(people.user("officer"))
    sent = values() | {f"learnt_on_{part}": value for part, value in enumerate([1, 3, 2024])}
    del sent["learnt_on"]
    assert client.post("/insight/lessons/add/", sent).status_code == 302
    row = Lesson.objects.get()
    edit = reverse("insight_work:lesson_edit", args=[row.pk])
    sent |= {"shared_with": "All <b>trusts</b>"}
    page = client.post(edit, sent)
    assert page.status_code == 422
    assert "Enter the day on which it was shared" in page.content.decode()
    sent |= {f"shared_on_{part}": value for part, value in enumerate([1, 4, 2024])}
    assert client.post(edit, sent).status_code == 302
    row.refresh_from_db()
    assert row.shared_on == datetime.date(2024, 4, 1)
    assert "All &lt;b&gt;trusts" in client.get(LIST).content.decode()


def test_the_list_asks_the_same_whatever_its_length(client):
    client.force_login(people.user("officer"))
    counts = []
    for number in (1, 9, 90):
        for _each in range(number):
            lesson(source=factories.source()).topics.add(engagement.topic())
        with CaptureQueriesContext(connection) as found:
            client.get(LIST)
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]
