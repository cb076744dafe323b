"""The quarterly report on what was heard and learnt: findings, lessons, indicators, themes, answers, verdicts."""

import datetime

import pytest

from core.counts import Count
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.models import Indicator, IndicatorValue, Lesson, Recommendation, StatusChange, Verdict
from insights.tests import factories as insights
from insights.tests import insight_factories as insight
from people.models import Organisation
from people.tests import factories as people
from reporting.tests import quarter_factories as quarterly
from reporting.tests.quarter_factories import DAY, LATER, NOON, cells, concern, section, table

pytestmark = pytest.mark.django_db
BEFORE = datetime.date(2023, 2, 6)


# Activities and their numbers --------------------------------------------------------------------


def test_an_activity_keeps_the_words_of_its_numbers_and_reach_is_apart_from_people():
    activity = engagement.activity("A-1", title="Asking", areas=[people.area("Harlow")])
    engagement.activity_count(activity, "over 30")
    engagement.activity_count(activity, "around 5,000 views", about="reached")
    activity.response_counts.create(route="paper", received=12)
    engagement.activity("A-2", title="Walking")
    facts = quarterly.facts()

    assert cells(facts, "activities") == [
        [
            *("A-1 Asking", "1 June 2023 to 30 June 2023", "Harlow", "over 30 took part", "around 5,000 views"),
            *("paper form: 12", "not recorded"),
        ],
        ["A-2 Walking", "1 June 2023 to 30 June 2023", *["not recorded"] * 5],
    ]
    assert [row[:3] for row in cells(facts, "took-part")] == [["took part", "over 30", "1"]]
    assert [row[1:3] for row in cells(facts, "reached")] == [["around 5,000 views", "1"]]
    assert section(facts, "activities").sentences[:2] == [
        "2 activities have a day in this quarter.",
        "For 1 of them the record does not say how many people took part.",
    ]


# Reports of findings, lessons, recommendations ---------------------------------------------------


def test_a_report_of_findings_has_its_sample_and_its_headline():
    insight.source(
        reference="r-1",
        title="Waiting",
        collected_from=datetime.date(2023, 5, 1),
        collected_to=DAY,
        people=Count(120, kind="unique"),
        people_note="Some were asked twice.",
        key_finding="People wait.",
    )
    insight.source(collected_to=DAY, people=None, key_finding="")
    insight.source(collected_to=BEFORE)
    facts = quarterly.facts()
    first, second = cells(facts, "reports-of-findings")

    assert first[2:5] == ["1 May 2023 to 19 June 2023", "120 different people; Some were asked twice.", "People wait."]
    assert second[3:5] == ["not recorded", "not recorded"]
    assert section(facts, "findings").sentences[1] == "For 1 of them no headline is recorded."


def test_lessons_and_recommendations_stand_as_they_did_on_the_last_day():
    said = {"what_happened": "Nobody came.", "action": "Go to them.", "owner": "Lead"}
    Lesson.objects.create(kind="negative", learnt_on=DAY, done_on=LATER, shared_with="All", shared_on=LATER, **said)
    Lesson.objects.create(kind="positive", learnt_on=LATER, **said)
    report = insight.source(collected_to=BEFORE)
    agreed = {"committee": forums.forum("Quality committee"), "considered_on": DAY, "outcome": "accepted"}
    agreed |= {"action": "Ring back.", "owner": "Head of access", "due_on": datetime.date(2023, 6, 25)}
    done = {"done_on": LATER, "evidence": "Minutes."}
    Recommendation.objects.create(source=report, number=1, text="Answer calls.", **agreed | done)
    Recommendation.objects.create(source=report, number=2, text="Wait.")
    facts = quarterly.facts()

    assert cells(facts, "lessons") == [["Nobody came.", "went badly", "Go to them.", "Lead", "nobody yet", "not yet"]]
    assert [row[0] for row in cells(facts, "recommendations-decided")] == ["1. Answer calls."]
    assert cells(facts, "actions-open") == [["Ring back.", "1. Answer calls.", "Head of access", "25 June 2023", "yes"]]
    assert section(facts, "learning").sentences == [
        "1 lesson: 0 from what went well, 1 from what went badly. 0 shared.",
        "Recommendations: 1 decided in the quarter, 1 open at its end, 1 overdue.",
    ]


# Patients and staff ------------------------------------------------------------------------------


def pairs(number: int, last: datetime.date) -> None:
    """As many organisations with a value of patients and one of staff, both for the three months to a day."""
    indicators = [
        Indicator.objects.get_or_create(code=kind, name=f"Share of {kind}", kind=kind, meaning="Good or very good")[0]
        for kind in ("patients", "staff")
    ]
    first = (last - datetime.timedelta(days=80)).replace(day=1)
    for each in range(number):
        for place, indicator in enumerate(indicators):
            IndicatorValue.objects.create(
                indicator=indicator,
                organisation=Organisation.objects.get_or_create(name=f"Trust {each:02}")[0],
                starts_on=first,
                ends_on=last,
                percent=60 + each + place * (each % 3),
                base=100 + each,
            )


def test_patients_and_staff_stand_side_by_side_with_correlation_n_and_caveat():
    pairs(12, datetime.date(2023, 6, 30))
    pairs(12, datetime.date(2023, 9, 30))
    found = section(quarterly.facts(), "experience")

    assert found.sentences[0] == "Share of patients beside Share of staff: 12 pairs, of which 12 ended in this quarter."
    assert found.sentences[1].startswith("Rank correlation (Spearman): 0.9")
    assert found.sentences[1].endswith("n = 12.")
    assert found.sentences[-1] == "A link between two figures is no cause. Both may follow from something else."
    assert [len(each.dots) for each in found.pairs] == [12]
    assert found.tables[0].rows[0].cells == ["Trust 00, 1 April 2023 – 30 June 2023", "60.0%", "100", "60.0%", "100"]


def test_few_pairs_have_no_correlation_and_a_quarter_without_pairs_says_when_the_last_was():
    pairs(3, datetime.date(2023, 6, 30))

    assert section(quarterly.facts(), "experience").sentences[1] == (
        "With fewer than 10 pairs we do not work out how they go together."
    )
    later = quarterly.quarter("2023-24-q2", (2023, 7, 1), (2023, 9, 30))
    found = section(quarterly.facts(later), "experience")
    assert (found.tables, found.pairs) == ([], [])
    assert found.sentences[1] == "The last pair in the record ends on 30 June 2023."


# Themes ------------------------------------------------------------------------------------------


def said(theme, number: int, on: datetime.date, **fields) -> None:
    for each in range(number):
        insight.coding(insight.comment(f"{theme} {on} {each}", said_on=on, **fields), theme)


@pytest.fixture
def themes():
    frame = insight.frame(is_default=True)
    return insight.theme("Waiting", frame=frame), insight.theme("Kindness", frame=frame)


def test_themes_go_up_and_down_against_the_quarter_before_and_only_where_it_holds(themes):
    quarterly.quarter_before()
    waiting, kindness = themes
    collection = insight.collection()
    said(waiting, 20, BEFORE, collection=collection)
    said(kindness, 80, BEFORE, collection=collection)
    said(waiting, 80, DAY, collection=collection, sentiment=5)
    said(kindness, 20, DAY, collection=collection, sentiment=1)
    said(waiting, 50, LATER, collection=collection)
    facts = quarterly.facts()

    assert cells(facts, "themes") == [
        ["Kindness", "20% of about 100", "80% of about 100", "down"],
        ["Waiting", "80% of about 100", "20% of about 100", "up"],
    ]
    assert section(facts, "feedback").sentences[:4] == [
        "Comments of this quarter in the record: 100. With a theme: 100.",
        "Read by a named person: 0 of the 100 that have words.",
        "Up: Waiting.",
        "Down: Kindness.",
    ]


def test_few_comments_show_no_share(themes):
    said(themes[0], 5, DAY)
    facts = quarterly.facts()

    assert cells(facts, "themes") == [
        ["Waiting", "Not shown: fewer than 30 people.", "not recorded", "no quarter before in the record"]
    ]
    assert table(facts, "groups").rows == []


def test_what_goes_well_is_told_by_theme_and_groups_by_what_holds(themes):
    waiting, kindness = themes
    collection = insight.collection()
    carers = people.population_group("Carers")
    farmers = people.population_group("Farmers")
    spoken = ((carers, waiting, 40), (carers, kindness, 10), (farmers, waiting, 10), (farmers, kindness, 40))
    for group, theme, number in spoken:
        for each in range(number):
            words = f"{group} {theme} {each}"
            sentiment = 1 if each % 4 else 4
            comment = insight.comment(words, collection=collection, said_on=DAY, sentiment=sentiment)
            comment.groups.add(group)
            insight.coding(comment, theme)
    facts = quarterly.facts()

    assert cells(facts, "going-well") == [
        ["Kindness", "70% of about 50"],
        ["Waiting", "70% of about 50"],
    ]
    assert cells(facts, "groups") == [
        ["Carers", "50", "Waiting", "Kindness"],
        ["Farmers", "50", "Kindness", "Waiting"],
    ]
    assert "More good than not: Kindness, Waiting." in section(facts, "feedback").sentences


def test_comments_that_nobody_coded_are_a_finding():
    insight.comment(said_on=DAY)

    assert section(quarterly.facts(), "feedback").sentences[0] == (
        "Comments of this quarter in the record: 1. Nobody has given them a theme. That is a finding."
    )


# You said, we did --------------------------------------------------------------------------------


def promise(reference: str, **fields):
    days = {"published_at": NOON, "promised_for": datetime.date(2023, 6, 25), "responsible_post": "Head of estates"}
    return insights.published_response(reference, **{"status": "promised"} | days | fields)


def test_a_promise_that_was_kept_later_was_overdue_on_the_last_day():
    promise("open", you_said="Too dark.", we_did="We promise lamps.")
    promise("kept-later", status="done", done_on=LATER)
    promise("kept-in-time", status="done", done_on=datetime.date(2023, 6, 24))
    promise("not-due", promised_for=LATER)
    promise("later", published_at=NOON + datetime.timedelta(days=30))
    promise("draft", published_at=None)
    facts = quarterly.facts()

    assert [row[-1] for row in cells(facts, "promises-overdue")] == ["Promised", "Promised"]
    assert [row.url.rsplit("/", 2)[1] for row in table(facts, "promises-overdue").rows] == ["open", "kept-later"]
    assert [row.url.rsplit("/", 2)[1] for row in table(facts, "answers").rows] == [
        "open",
        "kept-later",
        "kept-in-time",
        "not-due",
    ]
    assert cells(facts, "promises-overdue")[0][2:5] == ["Head of estates", "25 June 2023", "5"]
    assert concern(facts, "promises").now == 2


def test_an_answer_that_could_not_be_done_gives_the_reason():
    promise("no", status="could_not", reason="It would not be safe.", we_did="")

    assert cells(quarterly.facts(), "answers")[0][2:4] == ["It would not be safe.", "Could not, because"]


def test_a_promise_that_was_given_up_after_the_last_day_was_open_on_it():
    row = promise("given-up")
    row.status, row.reason = "could_not", "No money."
    row.save()
    StatusChange.objects.create(response=row, status="could_not")

    assert [cell[-1] for cell in cells(quarterly.facts(), "promises-overdue")] == ["Promised"]


def test_verdicts_are_told_from_eight_on():
    answer = promise("open")
    for right in ["yes"] * 5 + ["no"] * 2:
        Verdict.objects.create(response=answer, right=right, at=NOON)
    few = table(quarterly.facts(), "heard")
    Verdict.objects.create(response=answer, right="partly", at=NOON)
    Verdict.objects.create(response=answer, right="no")
    facts = quarterly.facts()

    assert (few.rows, few.nothing[:21]) == ([], "Fewer than 8 people s")
    assert cells(facts, "heard") == [["Yes", "5", "62%"], ["In part", "1", "12%"], ["No", "2", "25%"]]
    assert table(facts, "heard").note == "8 people answered. Disagreed, and not dealt with yet: 3."


# Beside the quarter before -----------------------------------------------------------------------


def test_each_exception_stands_beside_the_same_figure_of_the_quarter_before():
    promise("old", published_at=NOON - datetime.timedelta(days=120), promised_for=datetime.date(2023, 3, 1))
    promise("new")
    project = projects.project(starts_on=datetime.date(2023, 1, 5))
    march = NOON - datetime.timedelta(days=95)
    projects.assurance(project, result="not", statement="No.", concluded_at=march)
    without = quarterly.facts()
    quarterly.quarter_before()
    facts = quarterly.facts()

    promises, assured = concern(facts, "promises"), concern(facts, "not_assured")
    assert (promises.now, promises.before, promises.change) == (2, 1, "more: worse")
    assert (assured.now, assured.before, assured.change, assured.asked) == (0, 1, "fewer: better", "")
    assert facts.concerns[0] == promises
    assert {(one.before, one.change) for one in without.concerns} == {(None, "cannot be compared")}
