"""What the annual report says of questions to the Board and of documents that readers reviewed."""

import datetime

import pytest

from engagement.models import Period
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from forums.tests.test_review_facts import EASY, HARD, answer, review
from people.tests import factories as people
from reporting.documents.annual import gather
from reporting.documents.voices import voices
from reporting.tests import factories
from reporting.tests.reading import page, words

pytestmark = pytest.mark.django_db
IN_THE_YEAR = datetime.datetime(2023, 6, 19, 12, tzinfo=datetime.UTC)
AFTER_IT = datetime.datetime(2024, 4, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def year() -> Period:
    return engagement.period()


@pytest.fixture
def put():
    """put("Text?", day): a question that was put to the Board, published unless the fields say else."""
    forum, board = forums.forum("Patient Forum"), forums.committee("The Board")
    meeting = forums.meeting(board)
    slots = iter(range(1, 9))

    def make(text: str, at=IN_THE_YEAR, **fields):
        known = {"status": "submitted", "submitted_at": at, "board_meeting": meeting, "published_at": at}
        return forums.board_question(forum, text=text, slot=next(slots), **known | fields)

    return make


def test_public_questions_of_the_year_are_printed_with_their_answers(year, put):
    said = {"status": "answered", "answer": "From May.", "answered_by": "Chief nurse"}
    put("When does it open?", answered_on=datetime.date(2023, 7, 3), **said)
    put("Who pays?")
    put("A draft?", published_at=None)
    put("Too late?", AFTER_IT)
    found = voices(year)

    assert [(row.question, row.put_on, row.answer, row.answered_by, row.answered_on) for row in found.questions] == [
        ("When does it open?", "19 June 2023", "From May.", "Chief nurse", "3 July 2023"),
        ("Who pays?", "19 June 2023", "", "", ""),
    ]
    assert found.not_public == 1


def test_reviews_of_the_year_say_what_became_of_what_readers_said(year):
    panel = forums.forum("Reader Panel")
    mary = people.person("Mary")
    forums.membership(panel, mary, started_on=datetime.date(2023, 1, 1))
    read = review(panel, "A leaflet", HARD, EASY, opened_at=IN_THE_YEAR)
    answer(read, mary, "taken_up", "partly", "not")
    review(panel, "Another year", opened_at=AFTER_IT)
    [found] = voices(year).reviews

    assert (found.title, found.asked, found.answered) == ("A leaflet", 1, 1)
    assert (found.comments, found.taken_up, found.partly, found.not_taken_up) == (3, 1, 1, 1)
    assert int(found.age_before) > int(found.age_after)


def test_a_year_without_either_says_so(year):
    html = words(page(gather(factories.report(year))))

    assert "No public question to the Board is recorded for this period. That is a finding." in html
    assert "No review by readers is recorded for this period." in html


def test_the_page_prints_both(year, put):
    put("Who pays?")
    put("A draft?", published_at=None)
    review(forums.forum("Reader Panel"), "A leaflet", HARD, opened_at=IN_THE_YEAR)
    html = words(page(gather(factories.report(year))))

    for said in ("Who pays?", "The Board has not answered yet.", "1 question was put to the Board and is not public."):
        assert said in html
    assert "A draft?" not in html
    assert "A leaflet 0 of 0 0 of 0, 0 in part" in html


def test_a_month_counts_what_began_and_ended_in_it(year):
    day = datetime.date
    engagement.activity("A-1", starts_on=day(2023, 5, 2), ends_on=day(2023, 5, 30))
    engagement.activity("A-2", starts_on=day(2023, 5, 31), ends_on=None)
    engagement.activity("A-3", starts_on=day(2023, 5, 31), ends_on=day(2023, 6, 1))
    engagement.activity("A-4", starts_on=None, ends_on=None, period=year)
    lines = gather(factories.report(year)).by_month

    assert [(line.label, line.value) for line in lines if line.value] == [
        ("May 2023", 2),
        ("Longer than a month", 1),
        ("Not recorded", 1),
    ]
    assert [line.label for line in lines][:12:11] == ["April 2023", "March 2024"]
