"""Figures of forums and of what people need: in numbers that show nobody."""

import datetime
import uuid

import pytest

from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.models import BoardQuestion, Forum, Meeting, Review, TermsOfReference
from forums.tests import factories as forums
from people.models import FormatRequest
from people.tests import factories as people
from reporting.tests.kpis import day, found, listed, noon, numbers, quarter

pytestmark = pytest.mark.django_db


# Questions to the Board --------------------------------------------------------------------------


def question(meeting: Meeting, answered_on: datetime.date | None, **fields) -> BoardQuestion:
    answer = {"status": "submitted"}
    if answered_on:
        answer = {"status": "answered", "answer": "Yes.", "answered_by": "The chair", "answered_on": answered_on}
    given = {"board_meeting": meeting, "slot": meeting.questions.count() + 1, "submitted_at": noon(4)}
    return forums.board_question(forums.forum(), **given | answer | fields)


def test_a_question_is_answered_in_time_by_the_day_of_the_meeting():
    board = forums.committee()
    meeting = forums.meeting(board, starts_at=noon(6))
    question(meeting, day(6), text="When does the clinic open?")
    question(meeting, day(6, 16))
    question(meeting, None)
    question(meeting, day(6), kind=BoardQuestion.Kind.ITEM)
    question(forums.meeting(board, starts_at=noon(6, 20), status="cancelled"), None)
    forums.board_question(forums.forum(), board_meeting=meeting)
    question(forums.meeting(board, starts_at=noon(8)), None)

    assert numbers("board-questions-answered") == (1, 3)
    assert listed("board-questions-answered") == ["When does the clinic open?"]
    assert numbers("board-questions-answered", quarter(2)) == (0, 1)
    assert numbers("board-questions-answered", quarter(3)) == (0, 0)


def test_a_meeting_to_come_asks_for_no_answer_yet():
    now = engagement.period("now", kind="quarter", starts_on=projects.in_days(-30), ends_on=projects.in_days(30))
    question(forums.meeting(forums.committee(), days=3), None)

    assert numbers("board-questions-answered", now) == (0, 0)


# Terms and seats ---------------------------------------------------------------------------------


def terms(forum: Forum, review_on: datetime.date | None) -> None:
    TermsOfReference.objects.create(forum=forum, version="1", agreed_on=day(4, 1), review_on=review_on)


def test_terms_are_overdue_once_the_day_of_their_review_has_passed():
    overdue = forums.forum("Patient forum")
    terms(overdue, day(6))
    terms(forums.forum(), day(8))
    terms(forums.forum(), None)
    terms(forums.forum(status=Forum.Status.CLOSED, closed_on=day(5)), day(6))
    forums.forum()

    assert numbers("terms-overdue") == (1, 2)
    assert listed("terms-overdue") == ["Patient forum"]
    assert numbers("terms-overdue", quarter(2)) == (2, 2)


def test_without_a_day_for_their_review_nobody_knows_whether_terms_are_overdue():
    terms(forums.forum(), None)

    assert numbers("terms-overdue") == (None, None)


def test_seats_are_filled_up_to_what_the_rules_ask_for():
    full, short = forums.forum("Full"), forums.forum("Short")
    forums.seat_rule(full, minimum=1)
    forums.seat_rule(short, minimum=3)
    for _number in range(2):
        forums.membership(full, started_on=day(4))
    forums.membership(short, started_on=day(4))
    forums.membership(short, started_on=day(8))
    forums.membership(short, started_on=day(4), is_observer=True)

    assert numbers("seats-filled") == (2, 4)
    assert listed("seats-filled") == ["Full: 1 / 1", "Short: 1 / 3"]
    assert numbers("seats-filled", quarter(2)) == (3, 4)


def test_before_the_first_member_is_on_record_nobody_knows_whether_seats_are_filled():
    forum = forums.forum()
    forums.seat_rule(forum)
    forums.membership(forum, started_on=day(8))

    assert numbers("seats-filled", quarter(1)) == (None, None)
    assert numbers("seats-filled", quarter(2)) == (1, 1)


def test_without_rules_of_seats_nobody_knows_how_many_are_filled():
    forums.membership(forums.forum())

    assert numbers("seats-filled") == (None, None)


# What people need --------------------------------------------------------------------------------


def said(met: str, number: int, month: int = 5) -> None:
    meeting = forums.meeting(forums.forum(), starts_at=noon(month))
    for _number in range(number):
        forums.attendance(meeting, people.person(), needs_met=met)


def test_needs_that_were_met_are_rounded_and_name_nobody():
    said("yes", 28)
    said("partly", 9)
    said("", 4)

    each = found("needs-met")
    assert (each.counted, each.out_of, each.records, each.missing) == (30, 35, (), "")
    assert numbers("needs-met", quarter(2)) == (None, None)


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        (20, 9, "Not shown: fewer than 30 people."),
        (30, 0, "Not shown: everybody is in one category."),
        (7, 31, "Not shown: too few people"),
    ],
)
def test_what_few_people_said_is_not_shown(yes, no, words):
    said("yes", yes)
    said("no", no)

    each = found("needs-met")
    assert (each.counted, each.out_of, each.missing) == (None, None, words)


def format_request(due_on: datetime.date, state: str = "open", settled_on: datetime.date | None = None) -> None:
    FormatRequest.objects.create(
        form_token=uuid.uuid4(),
        path="/",
        format="braille",
        name="Ada",
        channel="email",
        contact="ada@example.org",
        asked_at=noon(4),
        due_on=due_on,
        state=state,
        settled_on=settled_on,
        reason="Nobody makes it." if state == "could_not" else "",
    )


def test_formats_are_sent_in_time_by_the_day_that_was_set():
    format_request(day(5), "sent", day(5))
    format_request(day(5), "sent", day(5, 16))
    format_request(day(5), "could_not", day(5))
    format_request(day(5), "withdrawn", day(5))
    format_request(day(5))
    format_request(day(8), "sent", day(5))

    assert numbers("formats-sent") == (1, 4)
    assert found("formats-sent").records == ()
    assert numbers("formats-sent", quarter(2)) == (1, 1)
    assert numbers("formats-sent", quarter(3)) == (0, 0)


# Documents ---------------------------------------------------------------------------------------

HARD = (
    "Notwithstanding considerable organisational complexity, the implementation of multidisciplinary rehabilitation "
    "necessitates comprehensive participation of representative stakeholders throughout the consultation procedure. "
) * 6
PLAIN = "We will move the clinic. It will be near the bus stop. You can tell us what you think. We will listen. " * 12


def review(month: int, first: str, last: str, **fields) -> None:
    panel = forums.forum()
    row = Review.objects.create(
        panel=panel, kind="leaflet", audience="All", deadline=day(month), opened_at=noon(month), status="revised",
        **{"title": "Leaflet"} | fields,
    )  # fmt: skip
    row.versions.create(number=1, text=first)
    if last:
        row.versions.create(number=2, text=last, is_final=True)


def test_a_document_is_easier_when_its_reading_age_fell():
    review(5, HARD, PLAIN, title="Moving the clinic")
    review(5, PLAIN, HARD)
    review(5, HARD, "")
    review(8, HARD, PLAIN)

    assert numbers("documents-easier") == (1, 2)
    assert listed("documents-easier") == ["Moving the clinic"]
    assert numbers("documents-easier", quarter(3)) == (0, 0)
