"""What changed between two reports, in plain words, from any two snapshots."""

import json

import pytest

from engagement.tests import factories as engagement
from reporting.documents.annual import gather
from reporting.documents.changes import Changed, Moved, changes
from reporting.documents.frozen import freeze
from reporting.tests import factories


def figures(before, now) -> list[str]:
    return [str(row) for row in changes(before, now).figures]


def test_equal_facts_have_changed_in_nothing():
    facts = {"schema": 1, "activities": 3, "items": [{"reference": "A-1", "title": "Braille"}]}
    found = changes(facts, facts)

    assert (bool(found), len(found), found.figures, found.came, found.went) == (False, 0, (), (), ())


def test_a_number_of_the_report_is_named_with_both_of_its_values():
    found = changes({"activities": 28}, {"activities": 1024})

    assert found.figures == (Changed("", "Activities", "28", "1,024"),)
    assert str(found.figures[0]) == "Activities: now 1,024, before 28"
    assert (bool(found), len(found)) == (True, 1)


def test_a_figure_is_compared_as_it_is_printed():
    before = {"took_part": [{"label": "Registered", "text": "over 700", "from_activities": 3, "note": ""}]}
    now = {"took_part": [{"label": "Registered", "text": "about 800", "from_activities": 9, "note": "new"}]}

    assert figures(before, now) == ["People who took part: Registered: now about 800, before over 700"]


def test_what_is_unknown_is_not_recorded_and_never_nought():
    before = {"kpis": [{"code": "reach", "name": "Reach", "text": "", "value": None}]}
    now = {"kpis": [{"code": "reach", "name": "Reach", "text": "40", "value": 40.0}]}

    assert figures(before, now) == ["Indicators: Reach: now 40, before not recorded"]
    assert figures({"held": None}, {"held": 0}) == ["Held: now 0, before not in the report"]


def test_a_row_that_is_new_or_gone_says_that_the_other_report_has_none():
    before = {"by_place": [{"label": "Hertford", "value": 2}]}
    now = {"by_place": [{"label": "Ware", "value": 3, "second": 1}]}

    assert figures(before, now) == [
        "By place: Ware: now 3 (1), before not in the report",
        "By place: Hertford: now not in the report, before 2",
    ]


def test_a_state_in_words_is_a_figure_too():
    before, now = ({"actions": [{"label": "1 Panel", "state_words": words}]} for words in ("late", "done"))

    assert figures(before, now) == ["Actions: 1 Panel: now done, before late"]


def test_a_gap_says_how_many_of_how_many():
    before, now = ({"gaps": [{"title": "No number", "of": 4, "items": names}]} for names in ([["A-1", "x"]], []))

    assert figures(before, now) == ["What the record lacks: No number: now 0 of 4, before 1 of 4"]
    assert changes(before, now).went == ()


@pytest.mark.parametrize("key", ["schema", "principle", "number", "heard_months", "order"])
def test_a_number_that_names_something_is_no_figure(key):
    assert not changes({key: 1}, {key: 2})


def test_a_yes_or_no_is_no_figure():
    assert not changes({"is_late": False}, {"is_late": True})


def test_what_came_and_what_went_is_named_once_with_where_it_stands():
    item = {"title": "Braille on boxes", "when": "May"}
    before = {"sections": [{"short": "One", "items": [{"reference": "A-1"} | item], "pointers": []}]}
    now = {
        "sections": [
            {"short": "One", "items": [], "pointers": [{"reference": "A-2", "title": "Walk"}]},
            {"short": "Two", "items": [{"reference": "A-2", "title": "Walk"}]},
        ]
    }
    found = changes(before, now)

    assert (found.came, found.went) == (
        (Moved("Activities", "A-2 Walk"),),
        (Moved("Activities", "A-1 Braille on boxes"),),
    )
    assert str(found.came[0]) == "Activities: A-2 Walk"


def test_what_moves_to_another_section_neither_came_nor_went():
    item = {"reference": "A-1", "title": "Walk"}
    before = {"sections": [{"short": "One", "items": [item]}, {"short": "Two", "items": []}]}
    now = {"sections": [{"short": "One", "items": []}, {"short": "Two", "items": [item]}]}

    assert not changes(before, now)


def test_numbers_inside_a_record_are_its_own():
    before, now = ({"items": [{"reference": "A-1", "title": "Walk", "people": number}]} for number in (1, 2))

    assert not changes(before, now)


def test_a_number_in_a_named_part_says_in_which():
    before, now = ({"themes": [{"name": "Access", "comments": number}]} for number in (1, 2))

    assert figures(before, now) == ["Themes, Access: Comments: now 2, before 1"]


def table(*rows) -> dict:
    columns = [{"name": "Theme", "meaning": ""}]
    made = {"key": "t", "caption": "Themes", "columns": columns, "rows": list(rows), "nothing": "None"}
    return {"schema": 1, "sections": [{"key": "feedback", "number": 7, "name": "Feedback", "tables": [made]}]}


def test_a_row_of_a_table_without_an_address_is_a_figure():
    before, now = (table({"cells": ["Access", number, "up"], "url": ""}) for number in ("4", "9"))

    assert figures(before, now) == ["Feedback, Themes: Access: now 9; up, before 4; up"]
    assert (changes(before, now).came, changes(before, now).went) == ((), ())


def test_a_row_of_a_table_with_an_address_is_a_record_that_came_or_went():
    before = table({"cells": ["Walk", "4"], "url": "/a/1/"}, {"cells": ["Talk", "1"], "url": "/a/2/"})
    now = table({"cells": ["Walk", "9"], "url": "/a/1/"}, {"cells": ["Talk", "1"], "url": "/a/3/"})
    found = changes(before, now)

    assert ([str(row) for row in found.came], [str(row) for row in found.went], found.figures) == (
        ["Themes: Talk"],
        ["Themes: Talk"],
        (),
    )


def test_what_a_committee_is_asked_and_what_a_group_says_are_compared():
    before = {
        "concerns": [{"key": "late", "name": "Late answers", "now": 3, "before": 0}],
        "words": [{"forum": "Assurance Group", "result": "partly", "result_label": "partly assured"}],
        "figures": [{"name": "Answered in time", "text": "40%", "before": "20%", "definition": "Share"}],
    }
    now = {
        "concerns": [{"key": "late", "name": "Late answers", "now": 0, "before": 3}],
        "words": [{"forum": "Assurance Group", "result": "assured", "result_label": "assured"}],
        "figures": [{"name": "Answered in time", "text": "60%", "before": "40%", "definition": "Share"}],
    }

    assert figures(before, now) == [
        "Concerns: Late answers: now 0, before 3",
        "Statements of groups: Assurance Group: now assured, before partly assured",
        "Figures: Answered in time: now 60%, before 40%",
    ]


@pytest.mark.django_db
def test_two_annual_reports_are_compared_from_their_snapshots():
    engagement.principle_set(principles=1)
    report = factories.report()
    engagement.activity("A-1", title="Braille on boxes")
    before = json.loads(freeze(gather(report))[0])
    engagement.activity("A-2", title="A walk round the ward")
    found = changes(before, json.loads(freeze(gather(report))[0]))

    assert "Activities: now 2, before 1" in [str(row) for row in found.figures]
    assert [str(row) for row in found.came] == ["Activities: A-2 A walk round the ward"]
    assert found.went == ()
