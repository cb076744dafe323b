"""The clockwork: what a forum was to do in a time, and whether it did. Each rule at its edges."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forums.documents import rules
from forums.documents.cadences import Span, add_months, expected, sleeps_from
from forums.documents.clockwork import clockwork
from forums.models import Cadence, Forum, Membership, Paper, TermsOfReference
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
START, END = datetime.date(2023, 4, 1), datetime.date(2024, 3, 31)
YEAR = Span(START, END)
DAY = datetime.timedelta(days=1)


def day(text):
    return datetime.date.fromisoformat(text)


def at(text, hour=10):
    return timezone.make_aware(datetime.datetime.combine(day(text), datetime.time(hour)))


def met(forum, *days, status="held", **fields):
    return [factories.meeting(forum, starts_at=at(each), status=status, **fields) for each in days][-1]


def good(name="", **fields):
    """A forum of which nothing is missing but what the test is about."""
    forum = factories.forum(name, **{"remit_is_agreed": True, "established_on": START} | fields)
    TermsOfReference.objects.create(forum=forum, version="1", agreed_on=START)
    return forum


def clock_of(forum, start=START, end=END, today=END):
    return clockwork(Forum.objects.filter(pk=forum.pk), start, end, today)[0]


def row(unit, number, starts_on):
    return Cadence(unit=unit, number=number, starts_on=starts_on)


# How often ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2024-01-31", 1, "2024-02-29"), ("2023-12-15", 1, "2024-01-15"), ("2024-03-31", -1, "2024-02-29")],
)
def test_a_month_on_is_the_same_day_or_the_last_one(start, months, end):
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("unit", "number", "meetings"),
    [
        ("months", 2, 6),
        ("months", 1, 12),
        ("weeks", 6, 8),
        ("weeks", 2, 26),
        ("per_year", 4, 4),
        ("as_needed", None, 0),
    ],
)
def test_a_year_expects_what_the_cadence_says(unit, number, meetings):
    assert expected([row(unit, number, START)], YEAR).number == meetings


@pytest.mark.parametrize(("last", "meetings"), [("2023-05-30", 0), ("2023-05-31", 1), ("2023-06-01", 1)])
def test_a_meeting_is_due_by_the_last_day_of_its_interval(last, meetings):
    assert expected([row("months", 2, START)], Span(START, day(last))).number == meetings


def test_an_interval_counts_from_the_first_day_of_its_rule_not_of_the_time():
    assert expected([row("months", 2, day("2023-03-01"))], Span(START, day("2023-04-30"))).number == 1
    assert expected([row("months", 2, START)], Span(START, day("2023-04-30"))).number == 0


def test_so_many_times_a_year_counts_by_days():
    rule = [row("per_year", 4, START)]
    assert expected(rule, Span(START, day("2023-06-30"))).number == 1
    assert expected(rule, Span(START, day("2023-09-30"))).number == 2
    assert expected([row("per_year", 1, START)], Span(START, day("2023-09-29"))).number == 0


def test_each_part_of_the_year_is_measured_by_its_own_rule():
    rules = [row("months", 2, day("2023-10-01")), row("per_year", 4, START)]
    assert expected(rules, YEAR).number == 2 + 3


def test_how_often_is_unknown_before_the_first_rule():
    assert expected([], YEAR).number is None
    assert expected([row("months", 1, END + DAY)], YEAR).number is None
    half = expected([row("months", 2, day("2023-10-01"))], YEAR)
    assert (half.number, half.since) == (3, day("2023-10-01"))


@pytest.mark.parametrize(
    ("unit", "number", "until"),
    [("weeks", 6, "2023-06-24"), ("months", 2, "2023-08-01"), ("per_year", 4, "2023-09-30"), ("as_needed", None, None)],
)
def test_a_forum_sleeps_after_twice_its_cadence(unit, number, until):
    assert sleeps_from(row(unit, number, START), START) == (until and day(until))


def test_meetings_held_are_compared_with_meetings_expected():
    forum = good()
    factories.cadence(forum, "months", 2)
    met(forum, "2023-05-10", "2023-07-10", "2023-09-10", "2023-11-10", "2024-03-01")
    met(forum, "2024-01-10", status="cancelled")
    rhythm = clock_of(forum).rhythm
    assert (rhythm.held, rhythm.expected, rhythm.missing, rhythm.words) == (5, 6, 1, "every 2 months")
    assert rhythm.problem == "It held 5 of 6 meetings expected."


def test_a_meeting_counts_on_the_first_and_the_last_day_and_not_outside():
    forum = good()
    met(forum, "2023-03-31", "2023-04-01", "2024-03-31", "2024-04-01")
    assert clock_of(forum).rhythm.held == 2


def test_a_joint_meeting_counts_for_both_and_once():
    first, second = good("First"), good("Second")
    meeting = met(first, "2023-05-10")
    meeting.joint_with.set([first, second])
    assert [clock_of(forum).rhythm.held for forum in (first, second)] == [1, 1]
    assert clock_of(second).last_held == day("2023-05-10")


def test_unknown_is_not_recorded_and_never_nothing():
    rhythm = clock_of(good()).rhythm
    assert (rhythm.expected, rhythm.state, rhythm.missing) == (None, "not recorded", 0)
    assert "How often it meets is not recorded." in clock_of(good()).problems


def test_what_is_held_before_the_rule_is_known_does_not_make_up_for_what_is_missing():
    forum = good()
    factories.cadence(forum, "months", 2, day("2023-10-01"))
    met(forum, "2023-04-10", "2023-05-10", "2023-10-10")
    rhythm = clock_of(forum).rhythm
    assert (rhythm.held, rhythm.held_since, rhythm.expected, rhythm.missing) == (3, 1, 3, 2)


def test_a_forum_as_needed_misses_nothing():
    forum = good()
    factories.cadence(forum, "as_needed", None)
    assert clock_of(forum).rhythm.state == "as needed"
    assert clock_of(forum).problems == []


def test_a_forum_begun_in_the_time_counts_from_its_first_day():
    forum = good(established_on=day("2023-10-01"))
    factories.cadence(forum, "months", 2)
    assert clock_of(forum).rhythm.expected == 3
    interim = good(interim_on=day("2023-08-01"), established_on=day("2023-10-01"))
    factories.cadence(interim, "months", 2)
    assert clock_of(interim).rhythm.expected == 4


def test_a_closed_forum_counts_to_its_last_day_and_has_no_gaps():
    forum = good(status="closed", closed_on=day("2023-09-30"))
    factories.cadence(forum, "months", 2)
    clock = clock_of(forum)
    assert (clock.rhythm.expected, clock.problems) == (3, [])


def test_a_paused_forum_counts_to_the_day_it_was_paused():
    forum = good()
    factories.cadence(forum, "months", 2)
    forum.status = "paused"
    forum.save()
    forum.versions.filter(status="live").update(history_date=at("2023-04-01"))
    forum.versions.filter(status="paused").update(history_date=at("2023-09-30"))
    assert clock_of(forum).rhythm.expected == 3
    forum.versions.all().delete()
    assert clock_of(forum).rhythm.state == "not recorded"


def test_nothing_is_expected_of_what_is_proposed_or_still_to_come():
    forum = good(status="proposed")
    factories.cadence(forum, "months", 2)
    assert clock_of(forum).rhythm.expected == 0
    live = good()
    factories.cadence(live, "months", 2)
    assert clock_of(live, today=day("2023-08-15")).rhythm.expected == 2


# Asleep ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "sleeps"), [("2023-09-09", False), ("2023-09-10", False), ("2023-09-11", True)])
def test_a_forum_sleeps_when_it_has_not_met_for_twice_its_cadence(today, sleeps):
    forum = good()
    factories.cadence(forum, "months", 2)
    met(forum, "2023-05-10")
    assert clock_of(forum, today=day(today)).is_dormant == sleeps


@pytest.mark.parametrize(("last", "sleeps"), [("2023-04-01", False), ("2023-03-31", False), ("2023-03-30", True)])
def test_a_forum_whose_cadence_is_unknown_sleeps_after_a_year(last, sleeps):
    forum = good(established_on=None)
    met(forum, last)
    clock = clock_of(forum)
    assert clock.is_dormant == sleeps
    assert (f"It last met on {day(last):%-d %B %Y}." in clock.problems) == sleeps


def test_a_forum_that_never_met_says_so():
    clock = clock_of(good(established_on=None))
    assert clock.problems[0] == "No meeting that was held is recorded."


# Seats -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sitting", "state"), [(0, "2 vacant"), (1, "1 vacant"), (2, "filled"), (3, "filled"), (4, "1 over")]
)
def test_seats_are_filled_vacant_or_over(sitting, state):
    forum = good()
    factories.seat_rule(forum, minimum=2, maximum=3)
    for _number in range(sitting):
        factories.membership(forum)
    factories.membership(forum, is_observer=True)
    factories.membership(forum, role="secretary")
    [seat] = clock_of(forum).seats
    assert (seat.sitting, seat.state) == (sitting, state)


@pytest.mark.parametrize(
    ("fields", "sits"),
    [
        ({"started_on": END}, True),
        ({"started_on": END + DAY}, False),
        ({"ended_on": END, "left_because": "term"}, False),
        ({"ended_on": END + DAY, "left_because": "term"}, True),
    ],
)
def test_a_seat_counts_from_its_first_day_to_the_day_it_is_left(fields, sits):
    forum = good()
    factories.seat_rule(forum)
    factories.membership(forum, **fields)
    assert clock_of(forum).seats[0].sitting == sits


def test_a_seat_counts_under_the_rule_that_says_most():
    forum, place, healthwatch = good(), factories.forum("Place forum"), people.organisation("Healthwatch")
    factories.seat_rule(forum, minimum=1)
    factories.seat_rule(forum, minimum=1, from_forum=place)
    factories.seat_rule(forum, minimum=1, nominated_by=healthwatch)
    factories.membership(forum, represents=place)
    found = {seat.name: seat.state for seat in clock_of(forum).seats}
    assert found == {
        "Citizen": "1 vacant",
        "Citizen, from Place forum": "filled",
        "Citizen, nominated by Healthwatch": "1 vacant",
    }
    factories.membership(forum, represents=place, organisation=healthwatch)
    assert clock_of(forum).seats[2].state == "filled"


def test_a_seat_as_needed_is_no_gap():
    forum = good()
    factories.cadence(forum, "as_needed", None)
    factories.seat_rule(forum, minimum=0, is_required=False)
    clock = clock_of(forum)
    assert (clock.seats[0].state, clock.problems) == ("as needed", [])


def test_an_erased_person_leaves_a_seat_vacant():
    forum = good()
    factories.seat_rule(forum)
    factories.membership(forum, people.person(erased_at=timezone.now()))
    assert clock_of(forum).seats[0].vacant == 1


@pytest.mark.parametrize(("sitting", "missing"), [(1, 1), (2, 0), (3, 0)])
def test_a_missing_representative_is_told(sitting, missing):
    forum, other = good(), factories.forum("System forum")
    factories.forum_link(forum, kind="represented_on", to_name="", to_forum=other, seats=2)
    factories.forum_link(forum, kind="represented_on", to_name="A board that is only named")
    for _number in range(sitting):
        factories.membership(other, represents=forum)
    factories.membership(other)
    factories.membership(other, represents=forum, is_observer=True)
    [link] = clock_of(forum).links
    assert (link.sitting, link.missing) == (sitting, missing)
    assert ("1 representative on System forum is missing." in clock_of(forum).problems) == bool(missing)


# Before the Board --------------------------------------------------------------------------------


def board_of(forum):
    return [(each.on, each.before) for each in clock_of(forum).board]


def test_a_forum_meets_between_two_meetings_of_the_board():
    board = factories.committee()
    forum = good(meets_before=board)
    met(board, "2023-03-20", "2023-05-20", "2023-07-20", "2023-09-20")
    met(forum, "2023-03-25", "2023-05-19", "2023-07-20")  # the last on the day, at the hour of the Board
    assert board_of(forum) == [
        (day("2023-05-20"), day("2023-05-19")),
        (day("2023-07-20"), None),
        (day("2023-09-20"), day("2023-07-20")),
    ]
    assert "It did not meet before the ICB Board of 20 July 2023." in clock_of(forum).problems


def test_the_first_board_of_all_counts_from_the_first_day_of_the_time():
    board = factories.committee()
    forum = good(meets_before=board, established_on=None)
    met(board, "2023-05-20")
    met(forum, "2023-03-31")
    assert board_of(forum) == [(day("2023-05-20"), None)]
    met(forum, "2023-04-01")
    assert board_of(forum) == [(day("2023-05-20"), day("2023-04-01"))]


@pytest.mark.parametrize(("hour", "is_before"), [(9, True), (10, False), (11, False)])
def test_on_the_day_of_the_board_the_hour_decides(hour, is_before):
    board = factories.committee()
    forum = good(meets_before=board)
    met(board, "2023-05-20")
    factories.meeting(forum, starts_at=at("2023-05-20", hour), status="held")
    assert bool(board_of(forum)[0][1]) == is_before


def test_a_planned_meeting_that_passed_does_not_count_and_a_cancelled_board_asks_nothing():
    board = factories.committee()
    forum = good(meets_before=board)
    met(board, "2023-05-20")
    met(board, "2023-07-20", status="cancelled")
    met(forum, "2023-05-10", status="planned")
    assert board_of(forum) == [(day("2023-05-20"), None)]


@pytest.mark.parametrize(("status", "before"), [("planned", None), ("held", "2024-03-20")])
def test_on_the_day_of_the_board_a_planned_meeting_is_no_longer_enough(status, before):
    board = factories.committee()
    forum = good(meets_before=board)
    met(board, "2024-03-31", status="planned")
    met(forum, "2024-03-20", status=status)
    assert board_of(forum) == [(day("2024-03-31"), before and day(before))]


def test_a_board_that_is_still_to_come_wants_a_planned_meeting():
    board = factories.committee()
    forum = good(meets_before=board)
    met(board, "2024-04-20", "2024-06-20", "2025-03-31", "2025-04-02", status="planned")
    met(forum, "2024-04-10", status="planned")
    found = [(each.on, each.before, each.is_ahead) for each in clock_of(forum).board]
    assert found == [
        (day("2024-04-20"), day("2024-04-10"), True),
        (day("2024-06-20"), None, True),
        (day("2025-03-31"), None, True),
    ]
    assert "No meeting is planned before the ICB Board of 20 June 2024." in clock_of(forum).problems
    assert clock_of(forum, today=END + DAY).board == []


# Papers ------------------------------------------------------------------------------------------


def paper(meeting, **fields):
    return Paper.objects.create(meeting=meeting, title="Agenda", file="papers/agenda.pdf", **fields)


@pytest.mark.parametrize(
    ("shared", "state"),
    [("2023-05-04", "on time"), ("2023-05-05", "on time"), ("2023-05-06", "1 day late"), ("2023-05-08", "3 days late")],
)
def test_papers_go_out_five_days_before_unless_the_forum_says_otherwise(shared, state):
    forum = good()
    meeting = met(forum, "2023-05-10")
    paper(meeting, shared_at=at(shared, 23))
    paper(meeting, shared_at=at("2023-05-09"))
    [papers] = clock_of(forum).papers
    assert (papers.due_on, papers.state) == (day("2023-05-05"), state)
    assert bool(papers.problem) == (state != "on time")


def test_a_forum_may_ask_for_its_papers_on_the_day():
    forum = good(papers_days=0)
    paper(met(forum, "2023-05-10"), shared_at=at("2023-05-10", 9))
    assert clock_of(forum).papers[0].state == "on time"


def test_papers_that_are_still_to_go_out_have_not_gone_out():
    forum = good(papers_days=0)
    meeting = factories.meeting(forum, days=3)
    paper(meeting, shared_at=factories.in_days(1))
    [papers] = clock_of(forum, timezone.localdate(), rules.day_of(meeting), timezone.localdate()).papers
    assert papers.state == "not due yet"


def test_papers_of_a_meeting_in_public_count_from_their_publication():
    forum = good()
    meeting = met(forum, "2023-05-10", is_public=True)
    paper(meeting, shared_at=at("2023-05-01"), published_at=at("2023-05-07"))
    assert clock_of(forum).papers[0].state == "2 days late"


@pytest.mark.parametrize(
    ("today", "state"),
    [("2023-05-04", "not due yet"), ("2023-05-05", "not due yet"), ("2023-05-06", "none went out")],
)
def test_no_papers_are_a_gap_from_the_day_after_they_were_due(today, state):
    forum = good()
    met(forum, "2023-05-10", status="planned")
    met(forum, "2023-06-10", status="cancelled")
    met(forum, "2023-06-11", status="draft")
    assert [papers.state for papers in clock_of(forum, today=day(today)).papers] == [state]


# Terms, remit, minutes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "overdue", "soon"), [(-1, True, False), (0, False, True), (60, False, True), (61, False, False)]
)
def test_terms_are_looked_at_again_in_time(days, overdue, soon):
    forum = factories.forum()
    day_of_review = END + datetime.timedelta(days=days)
    TermsOfReference.objects.create(forum=forum, version="1", agreed_on=START, review_on=day_of_review)
    terms = clock_of(forum).terms
    assert (terms.is_overdue, terms.is_due_soon, bool(terms.problem)) == (overdue, soon, overdue or soon)


def test_only_agreed_terms_count_and_the_newest_of_them():
    forum = factories.forum()
    TermsOfReference.objects.create(forum=forum, version="draft")
    assert clock_of(forum).terms.problem == "No agreed terms of reference are recorded."
    for version, agreed_on in (("2", END), ("1", START), ("3", END + DAY)):
        TermsOfReference.objects.create(forum=forum, version=version, agreed_on=agreed_on)
    assert clock_of(forum).terms.version == "2"


@pytest.mark.parametrize(
    ("due", "published", "overdue"),
    [
        (END - DAY, None, True),
        (END, None, False),
        (None, None, False),
        (END - DAY, "2024-03-31", False),
        (END - DAY, "2024-04-01", True),
    ],
)
def test_minutes_are_overdue_from_the_day_after(due, published, overdue):
    forum = good()
    words = {"minutes": "minutes/one.pdf", "minutes_published_at": at(published)} if published else {}
    met(forum, "2024-03-01", minutes_due_on=due, **words)
    assert bool(clock_of(forum).minutes_overdue) == overdue


def test_gaps_stand_the_worst_first():
    board = factories.committee()
    forum = factories.forum(meets_before=board, established_on=START)
    factories.cadence(forum, "months", 6)
    factories.seat_rule(forum)
    met(board, "2023-05-20")
    assert clock_of(forum).problems == [
        "It did not meet before the ICB Board of 20 May 2023.",
        "It held 0 of 2 meetings expected.",
        "Vacant seats for “Citizen”: 1.",
        "No agreed terms of reference are recorded.",
        "Its remit is not agreed.",
    ]


# Who has to be there -----------------------------------------------------------------------------


@pytest.fixture
def visited():
    """A forum that the chair of the Board visits once a quarter, and a chair."""
    forum, chair = good(), people.person()
    factories.seat_rule(forum, "board_chair", attends_every=3)
    factories.membership(forum, chair, "board_chair", ended_on=day("2023-12-31"), left_because="role")
    return forum, chair


def test_a_quarter_without_the_chair_is_told(visited):
    forum, chair = visited
    for on, presence in (
        ("2023-06-30", "present"),
        ("2023-07-01", "observed"),
        ("2023-11-01", "apologies"),
        ("2024-01-01", ""),
    ):
        factories.attendance(met(forum, on), chair, presence=presence)
    [attends] = clock_of(forum).attends
    assert [span.first for span in attends.missed] == [day("2023-10-01"), day("2024-01-01")]
    assert attends.problem == (
        "“Board chair” was at no meeting from 1 October 2023 to 31 December 2023; 1 January 2024 to 31 March 2024."
    )


def test_somebody_else_does_not_stand_in_and_a_joint_meeting_counts(visited):
    forum, chair = visited
    other = people.person()
    factories.membership(forum, other)
    factories.attendance(met(forum, "2023-05-01"), other, presence="present")
    assert len(clock_of(forum).attends[0].missed) == 4
    joint = met(factories.forum(), "2023-05-02")
    joint.joint_with.add(forum)
    factories.attendance(joint, chair, presence="present")
    assert len(clock_of(forum).attends[0].missed) == 3


@pytest.mark.parametrize(("end", "spans"), [("2023-06-29", 0), ("2023-06-30", 1), ("2023-07-01", 1)])
def test_only_full_runs_of_months_are_judged(visited, end, spans):
    forum, _chair = visited
    assert len(clock_of(forum, end=day(end)).attends[0].spans) == spans
    assert len(clock_of(forum, today=day(end)).attends[0].spans) == spans


# Many --------------------------------------------------------------------------------------------


def many_forums(number):
    kind, role, board, someone = factories.forum_kind(), factories.seat_role(), factories.committee(), people.person()
    forums = Forum.objects.bulk_create(
        Forum(
            name=f"Forum {each}",
            kind=kind,
            level="system",
            meets_before=board,
            status="paused" if each % 9 == 8 else "live",
        )
        for each in range(number)
    )
    Cadence.objects.bulk_create(Cadence(forum=forum, unit="months", number=2, starts_on=START) for forum in forums)
    Membership.objects.bulk_create(
        Membership(forum=forum, person=someone, role=role, started_on=START) for forum in forums
    )
    met(board, "2023-05-20")
    rule = factories.seat_rule(forums[0], attends_every=3)
    type(rule).objects.bulk_create(
        type(rule)(forum=forum, role=rule.role, attends_every=3, from_forum=board) for forum in forums
    )
    meetings = [
        factories.Meeting(
            forum=forum,
            title="Meeting",
            starts_at=at("2023-05-10"),
            ends_at=at("2023-05-10", 12),
            mode="online",
            status="held",
        )
        for forum in forums
    ]
    meetings = factories.Meeting.objects.bulk_create(meetings)
    Paper.objects.bulk_create(Paper(meeting=each, title="Agenda", shared_at=at("2023-05-01")) for each in meetings)


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_a_thousand_forums_take_as_many_queries_as_ten(number):
    many_forums(number)
    with CaptureQueriesContext(connection) as queries:
        clocks = clockwork(Forum.objects.forums().order_by("pk"), START, END, END)
        problems = [clock.problems for clock in clocks]
    assert len(clocks) == number
    assert "It held 1 of 6 meetings expected." in problems[0]
    assert len(queries) == 13
