"""The page of one “you said, we did”."""

import datetime

import pytest

from engagement.models import Activity
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from insights.models import Status, StatusChange
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def response():
    owner = people.user("lead", name="Canary Owner", email="canary@example.org")
    activity = engagement.activity(
        "CANARY-REF",
        title="Focus groups with carers",
        areas=[people.area("West Essex")],
        forums=[forums.forum("Patient Engagement Forum"), forums.forum("Youth Council")],
        groups=[people.population_group("unpaid carers")],
        principle=engagement.principle(2),
        owner=owner,
        what_people_told_us="Canary words of the record",
        late_reason="Canary reason",
    )
    engagement.activity_count(activity, "over 30 people in four groups")
    engagement.activity_count(activity, "5,000 households", about="reached")
    row = factories.published_response(
        "carers-and-gps", activity=activity, topic=engagement.topic("Primary care"), published_by=owner
    )
    StatusChange.objects.filter(response=row).update(status=Status.PROMISED, by=owner)
    StatusChange.objects.create(response=row, status=Status.DONE, by=owner)
    return row


def text_of(client, reference="carers-and-gps"):
    return client.get(f"/you-said-we-did/{reference}/").content.decode()


def test_anybody_reads_a_published_answer_at_its_permanent_address(client, response):
    page = client.get(response.get_absolute_url())
    assert page.status_code == 200
    assert response.get_absolute_url() == "/you-said-we-did/carers-and-gps/"


def test_the_page_says_where_the_answer_came_from(client, response):
    text = text_of(client)
    for words in [
        response.you_said,
        response.we_did,
        "Focus groups with carers",
        "1 June 2023 to 30 June 2023",
        "West Essex",
        "Patient Engagement Forum, Youth Council",
        "unpaid carers",
        "over 30 people in four groups",
        "2. Wording of principle 2.",
        "Principles of 2022",
        "Published on 2 April 2024",
    ]:
        assert words in text, words


def test_the_page_tells_the_history_of_the_status_in_order(client, response):
    history = text_of(client).partition(">History<")[2]
    assert history.index("Promised") < history.index("Done") < history.index("Published on")


def test_the_page_names_no_staff_and_nothing_of_the_inner_record(client, response):
    text = text_of(client)
    for words in ["Canary", "canary", "CANARY", "5,000 households"]:
        assert words not in text


def test_what_was_not_recorded_is_called_so(client):
    activity = engagement.activity(starts_on=None, ends_on=None, period=engagement.period())
    factories.published_response("bare", activity=activity)
    text = text_of(client, "bare")
    assert text.count("not recorded") == 5  # also the day on which it was done
    assert "2023–24" in text


def test_an_unpublished_answer_is_not_found(client):
    factories.response("canary-answer")
    page = client.get("/you-said-we-did/canary-answer/")
    missing = client.get("/you-said-we-did/no-such-answer/")
    assert (page.status_code, missing.status_code) == (404, 404)
    assert page.content == missing.content.replace(b"no-such-answer", b"canary-answer")


def test_an_unpublished_answer_is_not_found_by_staff_either(client):
    factories.response("canary-answer")
    client.force_login(people.user("member"))
    assert client.get("/you-said-we-did/canary-answer/").status_code == 404


def test_other_answers_of_the_activity_are_named_when_published(client, response):
    factories.published_response("second", activity=response.activity, you_said="Second thing said.")
    factories.response("canary-third", activity=response.activity, you_said="Canary third thing.")
    text = text_of(client)
    assert "Second thing said." in text
    assert "anary" not in text


def test_an_answer_that_could_not_be_done_says_why(client):
    factories.published_response("no", status=Status.COULD_NOT, we_did="We wrote to the council.", reason="No money.")
    text = text_of(client, "no")
    assert text.index("We could not, because") < text.index("No money.") < text.index("What we did instead")
    assert "We wrote to the council." in text


def test_a_promise_says_for_when(client):
    promised = datetime.date(2027, 5, 1)
    factories.published_response("soon", status=Status.PROMISED, promised_for=promised)
    assert "We promised this for 1 May 2027." in text_of(client, "soon")


def test_something_wrong_goes_to_the_body(client, response):
    assert 'href="/accessibility/#contact"' in text_of(client)
    people.body(email="engagement@example.org")
    assert 'href="mailto:engagement@example.org"' in text_of(client)


def test_the_page_has_a_title_and_a_canonical_address(client, response):
    text = text_of(client)
    title = text.partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("Primary care: You told us thing 1. – You said, we did – ")
    assert '<link rel="canonical" href="http://127.0.0.1:8000/you-said-we-did/carers-and-gps/">' in text


def test_hostile_words_are_printed_as_words(client):
    factories.published_response("hostile", you_said="<script>alert(1)</script>", we_did="{{ 7*7 }} <b>bold</b>")
    text = text_of(client, "hostile")
    assert "<script>alert(1)" not in text
    assert "<b>bold" not in text
    assert "{{ 7*7 }}" in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"date_precision": Activity.Precision.MONTH}, "June 2023"),
        ({"date_precision": Activity.Precision.QUARTER}, "April to June 2023"),
        ({"date_precision": Activity.Precision.YEAR}, "2023"),
        ({"ends_on": datetime.date(2023, 6, 1)}, "1 June 2023"),
        ({"ends_on": None}, "1 June 2023"),
        ({"starts_on": None}, "30 June 2023"),
        ({"ends_on": None, "is_ongoing": True, "date_precision": Activity.Precision.MONTH}, "since June 2023"),
    ],
)
def test_a_time_is_said_no_more_exactly_than_it_is_known(client, fields, said):
    factories.published_response("dated", activity=engagement.activity(**fields))
    assert f">{said}</dd>" in text_of(client, "dated")


def test_an_undated_activity_is_said_to_be_of_its_period(client):
    activity = engagement.activity(starts_on=None, ends_on=None, period=engagement.period())
    factories.published_response("dated", activity=activity)
    assert ">2023–24</dd>" in text_of(client, "dated")


def test_an_activity_of_the_system_without_a_place_is_about_the_whole_area(client):
    factories.published_response("whole", activity=engagement.activity(level="system"))
    assert ">the whole area</dd>" in text_of(client, "whole")


def test_more_rows_take_no_more_queries(client, response, django_assert_max_num_queries):
    with django_assert_max_num_queries(14) as few:
        text_of(client)
    for _number in range(3):
        response.activity.forums.add(forums.forum())
        response.activity.groups.add(people.population_group())
        engagement.activity_count(response.activity)
        factories.published_response(activity=response.activity, topic=engagement.topic(f"Topic {_number}"))
        StatusChange.objects.create(response=response, status=Status.DONE)
    with django_assert_max_num_queries(14) as many:
        text_of(client)
    assert len(many) == len(few)
