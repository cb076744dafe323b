"""What assessments say: the target, the latest, the trend, and what is missing."""

import datetime

import pytest
from django.utils import timezone

from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.documents import assessments as documents
from reporting.models import Assessment
from reporting.services import assessments as services
from reporting.tests import assessment_factories as factories

pytestmark = pytest.mark.django_db
MADE_ON = factories.MADE_ON


@pytest.mark.parametrize(
    ("levels", "reached", "words"),
    [
        (("good", "outstanding"), True, "Target reached. At least “good”: 2, and 2 were aimed for."),
        (("good", "inadequate"), False, "Target not reached. At least “good”: 1, and 2 were aimed for."),
        (("good",), None, "The target is not decided yet. At least “good”: 1, and 2 were aimed for."),
        (("inadequate",), False, "Target not reached. At least “good”: 0, and 2 were aimed for."),
    ],
)
@pytest.mark.parametrize("number", [2, None])
def test_the_target_is_reached_or_not_or_not_decided_yet(levels, reached, words, number):
    row = factories.judged(factories.aiming(factories.yardstick(), number=number), *levels)
    assert documents.reached_target(row) is reached
    assert documents.target_in_words(row) == words


def test_a_target_may_be_reached_before_everything_is_judged():
    row = factories.judged(factories.aiming(factories.yardstick(), number=1), "good")
    assert documents.reached_target(row) is True


def test_without_a_target_nothing_is_reached_or_missed():
    row = factories.judged(factories.yardstick(), "good", "good")
    assert (documents.reached_target(row), documents.target_in_words(row)) == (None, "")
    assert documents.aim_in_words(row.yardstick) == "No target is set."


def test_the_latest_is_the_last_final_one_whose_year_had_ended():
    of, other = factories.yardstick(), factories.evaluation()
    old = factories.judged(of, "good", "good", code="2021-22")
    factories.judged(of, "good", "good", code="2022-23", final_at=None)
    factories.judged(of, "good", "good", code="2022-23", assessor="nhse")
    new = factories.judged(of, "good", "good", code="2023-24")
    year = engagement.period("2022-23")
    quarter = {"kind": "quarter", "starts_on": datetime.date(2023, 4, 1), "ends_on": datetime.date(2023, 6, 30)}
    assert documents.latest("domains", engagement.period("2023-24-q1", **quarter)) == old
    assert documents.latest("domains", year) == old
    assert documents.latest("domains", year, "nhse").period == year
    assert documents.latest("domains", engagement.period("2024-25")) == new
    assert documents.latest("domains", engagement.period("2020-21")) is None
    assert documents.latest(other.kind, year) is None


def test_the_trend_shows_final_years_of_one_assessor_and_what_moved():
    of = factories.yardstick(dimensions=("A", "B", "C", "D"))
    factories.judged(of, "good", "good", "good", code="2021-22")
    factories.judged(of, "outstanding", "inadequate", "good", "good", code="2023-24")
    factories.judged(of, "inadequate", "inadequate", code="2022-23", assessor="nhse")
    factories.judged(of, "inadequate", "inadequate", code="2024-25", final_at=None)
    found = documents.trend(of)
    assert (found.years, found.levels) == (["2021–22", "2023–24"], list(factories.RATINGS))
    assert [(line.dimension, [mark.name for mark in line.marks], line.move) for line in found.lines] == [
        ("A", ["good", "outstanding"], "rose"),
        ("B", ["good", "inadequate"], "fell"),
        ("C", ["good", "good"], "same"),
        ("D", ["not recorded", "good"], "unknown"),
    ]
    assert [mark.step for mark in found.lines[3].marks] == [None, 3]
    assert [line.move_words for line in found.lines] == [
        "rose from “good” to “outstanding” since 2021–22",
        "fell from “good” to “inadequate” since 2021–22",
        "as in 2021–22",
        "nothing to compare it with",
    ]
    assert documents.trend(of, "nhse").years == ["2022–23"]
    assert documents.trend(of, "nhse").lines[0].move_words == "nothing to compare it with"


def test_an_evaluation_has_years_and_no_lines():
    of = factories.evaluation()
    factories.assessment(of, final_at=factories.FINAL_AT)
    assert documents.trend(of) == documents.Trend(of.name, [], ["2023–24"], [])


def test_an_assessment_says_what_it_lacks():
    of = factories.yardstick(dimensions=("A", "B", "C", "D"))
    factories.judged(of, "inadequate", "outstanding", code="2022-23")
    row = factories.assessment(of)
    step = {"next_step": "Ask", "owner": "Head", "due_on": datetime.date(2024, 9, 1)}
    factories.judgement(row, 1, "good", **step).activities.add(engagement.activity())
    factories.judgement(row, 2, "good", **step | {"due_on": datetime.date(2024, 9, 2)}).proofs.create(text="Paper")
    factories.judgement(row, 3, "good")
    Assessment.objects.filter(pk=row.pk).update(final_at=timezone.now())
    row = Assessment.objects.get(pk=row.pk)
    day = datetime.date(2024, 9, 2)
    found = documents.standing(row, on=day)
    assert (found.unjudged, found.without_evidence) == (["D"], ["C"])
    assert [line.words for line in found.overdue] == ["A"]
    assert [line.move for line in found.lines] == ["rose", "fell", "unknown", "unknown"]
    assert found.counted == "good in 3"
    assert [each.dimension.name for each in documents.overdue_steps(day)] == ["A"]


def test_a_later_assessment_takes_the_place_of_the_steps_of_an_earlier_one_and_drafts_promise_nothing():
    of = factories.yardstick(dimensions=("A",))
    step = {"next_step": "Ask", "owner": "Head", "due_on": datetime.date(2023, 9, 1)}
    rows = [factories.assessment(of, engagement.period(code)) for code in ("2022-23", "2023-24")]
    for row in rows:
        factories.judgement(row, 1, "good", **step)
    today = datetime.date(2024, 9, 1)
    assert documents.overdue_steps(today) == []
    assert documents.standing(rows[0], on=today).overdue == []
    for row in rows:
        services.make_final(row, by=None)
    assert [each.assessment for each in documents.overdue_steps(today)] == [rows[1]]
    found = [documents.standing(Assessment.objects.get(pk=row.pk), on=today).overdue for row in rows]
    assert [len(each) for each in found] == [0, 1]


def test_a_reader_is_shown_the_activities_of_their_own_areas_and_how_many_there_are_beside():
    here, there = people.area("Harlow"), people.area("Watford")
    mine, other = engagement.activity(), engagement.activity()
    mine.areas.add(here)
    other.areas.add(there)
    row = factories.assessment()
    factories.judgement(row).activities.set([mine, other])
    line = documents.lines(row, on=MADE_ON, user=people.user("officer", here))[0]
    assert (line.activities, line.hidden, line.lacks_evidence) == ([mine], 1, False)
    assert set(documents.lines(row, on=MADE_ON)[0].activities) == {mine, other}
