"""The sheet of “you said, we did”."""

import datetime

import pytest
from django.utils import timezone

from core.imports import take_in
from core.models import AuditEvent
from core.tables import kinds
from engagement.models import Topic
from engagement.tests import factories as engagement
from insights.models import Response, StatusChange
from insights.services import responses as services
from people.tests import factories as people

pytestmark = pytest.mark.django_db
HEADER = "activity,topic,you_said,we_did,status,published"


@pytest.fixture(autouse=True)
def activity():
    return engagement.activity("HWE-1")


def load(*rows: str, header: str = HEADER, by=None, **options) -> dict:
    content = "\n".join([header, *rows]).encode()
    return take_in(kinds()["you_said_we_did"], content, "said.csv", by=by, dry_run=False, **options)


def errors(*rows: str, **options) -> list[tuple]:
    found = load(*rows, **options)
    assert not found["accepted"]
    assert all(error["fix"] for error in found["errors"])
    assert not Response.objects.exists()
    return [(error["row"], error["column"], error["problem"]) for error in found["errors"]]


def test_an_answer_is_written_down_and_not_public():
    found = load("hwe-1,Eye care,You said.,We did.,done,")

    response = Response.objects.get()
    assert (response.reference, response.topic.name, response.topic.slug) == ("hwe-1-1", "Eye care", "eye-care")
    assert (response.you_said, response.we_did, response.status, response.published_at) == (
        "You said.",
        "We did.",
        "done",
        None,
    )
    assert found["new_names"] == {"topic": ["Eye care"]}


def test_the_same_file_again_changes_nothing():
    rows = ["HWE-1,Eye care,You said.,We did.,done,2024-04-02", "HWE-1,eye care,You also said.,We will.,planned,"]
    load(*rows)
    before = list(Response.objects.values()), Response.history.count(), AuditEvent.objects.count()

    found = load(*rows)

    assert (found["created"], found["changed"], found["unchanged"]) == (0, 0, 2)
    assert (list(Response.objects.values()), Response.history.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("done", "done"),
        ("Completed", "done"),
        ("under_way", "under_way"),
        ("Under way", "under_way"),
        ("in progress", "under_way"),
        ("planned", "promised"),
        ("Promised", "promised"),
        ("could_not", "could_not"),
        ("Could not, because", "could_not"),
        ("couldn’t", "could_not"),
    ],
)
def test_a_status_is_read_as_people_say_it(word, status):
    load(f'HWE-1,Eye care,You said.,We did.,"{word}",No money.', header="activity,topic,you_said,we_did,status,reason")

    assert Response.objects.get().status == status


def test_a_new_status_goes_into_the_history():
    load("HWE-1,Eye care,You said.,We will.,planned,")
    found = load("HWE-1,Eye care,You said.,We did.,done,")

    assert [change["column"] for change in found["fates"][0]["changes"]] == ["we_did", "status"]
    assert [change.status for change in StatusChange.objects.all()] == ["promised", "done"]


def test_a_day_publishes_with_that_day_and_an_empty_cell_takes_nothing_back():
    load("HWE-1,Eye care,You said.,We did.,done,02/04/2024")
    found = load("HWE-1,Eye care,You said.,We did.,done,")

    response = Response.objects.get()
    assert timezone.localdate(response.published_at) == datetime.date(2024, 4, 2)
    assert found["unchanged"] == 1


def test_what_was_published_in_the_admin_stays_published():
    load("HWE-1,Eye care,You said.,We did.,done,")
    services.publish_response(Response.objects.get(), by=None, is_old=True)

    assert load("HWE-1,Eye care,You said.,We did.,done,")["unchanged"] == 1
    assert Response.objects.public().count() == 1


def test_only_who_may_publish_publishes_by_import():
    officer, lead = people.user("officer"), people.user("lead")
    row = "HWE-1,Eye care,You said.,We did.,done,2024-04-02"

    assert errors(row, by=officer) == [(2, "published", "You may not publish")]
    load(row, by=lead)
    assert Response.objects.get().published_by == lead
    assert load(row, by=officer)["unchanged"] == 1


def test_every_wrong_cell_is_named():
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    found = errors(
        "HWE-9,Eye care,You said.,We did.,done,",
        "HWE-1,,You said.,We did.,finised,",
        "HWE-1,Eye care,,We did.,done,",
        "HWE-1,Eye care,You said this.,,done,",
        "HWE-1,Eye care,You said that.,,could not,",
        f"HWE-1,Eye care,You said more.,We did.,done,{tomorrow}",
        "HWE-1,Eye care,You said more.,We did.,done,April 2024",
    )

    assert found == [
        (2, "activity", "There is no activity with the reference “HWE-9”"),
        (3, "topic", "The cell is empty"),
        (3, "status", "There is no status called “finised”"),
        (4, "you_said", "The cell is empty"),
        (5, "we_did", "Say what was done, is under way or is promised"),
        (6, "reason", "Say why it could not be done"),
        (7, "published", "The day of publication lies in the future"),
        (8, "published", "“April 2024” names a month, not a day"),
        (8, "activity", "“HWE-1: You said more.” stands in row 7 already"),
    ]
    assert not Topic.objects.filter(name="Eye care").exists()


def test_words_in_other_quotation_marks_are_the_same_answer():
    load("HWE-1,Eye care,You don't see.,We did.,done,")

    found = load("HWE-1,Eye care,You don’t see.,We did.,done,")

    assert (found["created"], found["changed"]) == (0, 1)
    assert Response.objects.get().you_said == "You don’t see."


def test_topics_with_the_same_address_get_different_ones():
    load("HWE-1,GPs,One.,We did.,done,", "HWE-1,GP's,Two.,We did.,done,", "HWE-1,眼,Three.,We did.,done,")

    assert sorted(Topic.objects.values_list("slug", flat=True)) == ["gps", "gps-2", "name"]
