"""The facts of the demo's annual report: 28 activities of a real year, and what becomes of them when one is deleted."""

import re
from dataclasses import asdict

import pytest

from engagement.models import Activity, Principle
from insights.models import Response
from insights.services.responses import publish_response
from people.tests import factories as people
from reporting.documents import annual
from reporting.documents.annual import gather
from reporting.documents.facts import Line
from reporting.tests.reading import article, blocks, gap, page, words

pytestmark = pytest.mark.django_db


def test_each_activity_of_the_demo_is_one_item_once_under_its_primary_principle(demo):
    facts = gather(demo)

    printed = [(item.reference, section.number) for section in facts.sections for item in section.items]
    recorded = Activity.objects.values_list("reference", "principle__number")
    assert len(printed) == 28
    assert sorted(printed) == sorted(recorded)
    assert [item.reference for item in facts.items] == [f"HWE-2023-{number:03}" for number in range(1, 29)]
    assert (facts.activities, facts.forums) == (28, 18)


def test_each_item_of_the_demo_stands_in_the_page_once_and_in_order(demo):
    html = page(gather(demo))

    found = re.findall(r'<article class="item" id="item-hwe-2023-(\d{3})">', html)
    assert found == [f"{number:03}" for number in range(1, 29)]


def test_each_other_principle_of_the_demo_holds_one_cross_reference_to_the_item(demo):
    facts = gather(demo)

    pointers = {
        (pointer.reference, pointer.title, pointer.principle, section.number)
        for section in facts.sections
        for pointer in section.pointers
    }
    links = Activity.other_principles.through.objects.select_related("activity__principle", "principle")
    recorded = {
        (link.activity.reference, link.activity.title, link.activity.principle.number, link.principle.number)
        for link in links
    }
    assert pointers == recorded
    assert len(pointers) == sum(len(section.pointers) for section in facts.sections) == 30
    assert {item.reference: item.also for item in facts.items}["HWE-2023-003"] == [7, 10]


def test_every_link_inside_the_page_of_the_demo_leads_to_one_place(demo):
    html = page(gather(demo))

    identifiers = re.findall(r'\bid="([^"]+)"', html)
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert len(identifiers) == len(set(identifiers))
    assert targets <= set(identifiers)


@pytest.mark.parametrize(
    ("reference", "took_part", "reached"),
    [
        ("HWE-2023-003", [], ["over 700 in the network"]),
        ("HWE-2023-013", ["over 30 took part"], []),
        ("HWE-2023-015", ["138 took part"], []),
        ("HWE-2023-018", ["around 60 on the panel"], []),
        ("HWE-2023-019", [], ["over 5,000 subscribers"]),
        ("HWE-2023-020", [], ["over 290,000 reached"]),
        ("HWE-2023-021", ["over 25 registered for a recent session"], []),
        ("HWE-2023-022", ["over 1,500 at one webinar or more since March 2022"], []),
        ("HWE-2023-001", [], []),
    ],
)
def test_a_number_keeps_its_qualifier_and_its_words(demo, reference, took_part, reached):
    facts = gather(demo)
    item = next(item for item in facts.items if item.reference == reference)

    assert (item.took_part, item.reached) == (took_part, reached)
    text = words(article(page(facts), reference))
    assert f"How many {'; '.join(took_part) or 'not recorded'}" in text
    assert f"Reach {'; '.join(reached) or 'not recorded'}" in text


def test_numbers_of_unlike_kinds_are_not_added(demo):
    facts = gather(demo)

    assert [(figure.label, figure.text, figure.from_activities) for figure in facts.took_part] == [
        ("took part", "over 187", 5),
        ("registered", "over 25", 1),
        ("since it began", "over 1,500 at one webinar or more since March 2022", 1),
        ("members or subscribers", "around 60 on the panel", 1),
    ]
    assert [(figure.label, figure.text, figure.from_activities) for figure in facts.reached] == [
        ("members or subscribers", "over 700 in the network", 3),
        ("members or subscribers", "over 5,000 subscribers", 1),
        ("reached", "over 290,000", 1),
    ]


def test_the_wording_of_the_principles_is_that_of_the_period(demo):
    wordings = {row.number: row.wording for row in Principle.objects.filter(principle_set__code="PS-2021")}
    facts = gather(demo)

    assert {section.number: section.wording for section in facts.sections} == wordings
    assert facts.wording.startswith("Ten principles, 2021 wording (ICS implementation guidance")
    assert [number for number in wordings if wordings[number] not in words(page(facts)).replace("&#x27;", "'")] == []


def test_forums_of_the_demo_stand_under_their_principle_with_size_cadence_and_chair(demo):
    facts = gather(demo)
    reader_panel = next(forum for forum in facts.sections[5].forums)

    assert [len(section.forums) for section in facts.sections] == [8, 0, 4, 0, 1, 1, 1, 1, 1, 1]
    assert facts.other_forums == []
    assert (reader_panel.name, reader_panel.size, reader_panel.meets) == (
        "Reader Panel",
        "around 60",
        "as documents come",
    )
    forum = next(forum for forum in facts.sections[0].forums if forum.name == "Patient Engagement Forum")
    assert (forum.meets, forum.chair, forum.established) == ("every two months", "Patient member", "June 2023")
    assert forum.ties == ["reports to ICB Board"]
    rows = re.findall(r'<span class="forum-name">(.*?)</span>.*?</th>\s*(<td>.*?)</tr>', page(facts), re.DOTALL)
    cells = {name: [words(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for name, row in rows}
    assert cells["Reader Panel"] == ["around 60", "as documents come", "not recorded"]
    assert cells["Youth Council"][0] == "9, aged 12 to 19"
    assert len(rows) == 18


def test_an_answer_of_the_demo_has_an_address_only_once_it_is_published(demo, settings):
    lead = people.user("lead")
    before = gather(demo)
    response = Response.objects.get(activity__reference="HWE-2023-014")
    publish_response(response, by=lead, is_old=True)
    after = gather(demo)

    answers = [answer for item in before.items for answer in item.answers]
    assert len(answers) == 12
    assert {answer.url for answer in answers} == {""}
    assert len(gap(before, "Answers that are not public")) == 12
    assert "Not on the public page yet" in article(page(before), "HWE-2023-014")
    address = f"{settings.SITE_URL}/you-said-we-did/{response.reference}/"
    assert {answer.url for item in after.items for answer in item.answers} == {"", address}
    assert f'<a href="{address}">' in article(page(after), "HWE-2023-014")
    assert len(gap(after, "Answers that are not public")) == 11


def test_the_demo_counts_its_answers_by_status_and_names_open_promises(demo):
    facts = gather(demo)

    assert [(line.label, line.value) for line in facts.answers] == [
        ("Promised", 1),
        ("Under way", 2),
        ("Done", 9),
        ("Could not, because", 0),
    ]
    assert [reference for reference, _title in gap(facts, "Promises still open")] == [
        "HWE-2023-002",
        "HWE-2023-016",
        "HWE-2023-026",
    ]


def test_the_gaps_of_the_demo_name_the_place_that_has_nothing_and_each_activity_without_a_number(demo):
    facts = gather(demo)

    assert gap(facts, "Places with nothing of their own") == [("", "West Essex")]
    without = [item.reference for item in facts.items if not item.reached and not item.took_part]
    assert [reference for reference, _title in gap(facts, "No number")] == without
    assert len(without) == 15
    assert gap(facts, "Principles with no activity of their own") == []
    assert gap(facts, "No impact") == []
    assert len(gap(facts, "No question")) == 5
    assert len(gap(facts, "No feedback")) == 16


def test_the_body_puts_its_own_words_and_addresses_into_the_standing_texts(demo):
    facts = gather(demo)

    assert facts.texts.introduction[0].startswith(
        "This report shows how people and communities shaped the work of Hertfordshire and West Essex ICB in 2023–24."
    )
    assert "the engagement team at engagement@example.org" in facts.texts.other_formats[0]
    texts = asdict(facts.texts)
    assert [slot for slot, paragraphs in texts.items() if not paragraphs or "{" in "".join(paragraphs)] == []


# Deleting one activity ---------------------------------------------------------------------------


def without_item(facts: dict, reference: str) -> dict:
    """The facts less one activity, as they should be: its item, its pointers, and what is counted from it."""
    for section in facts["sections"]:
        section["items"] = [item for item in section["items"] if item["reference"] != reference]
        section["pointers"] = [pointer for pointer in section["pointers"] if pointer["reference"] != reference]
    for row in facts["gaps"]:
        row["items"] = [(name, text) for name, text in row["items"] if name != reference]
    return facts


def test_deleting_one_activity_removes_its_item_and_its_cross_references_and_nothing_else(demo):
    before, activity = gather(demo), Activity.objects.get(reference="HWE-2023-003")
    Response.objects.filter(activity=activity).delete()
    activity.delete()
    after = gather(demo)

    expected, found = without_item(asdict(before), "HWE-2023-003"), asdict(after)
    for counted in ("activities", "answers", "by_principle", "by_place", "by_rung", "by_month", "reached", "coverage"):
        assert expected.pop(counted) != found.pop(counted), counted
    for old, new in zip(expected["gaps"], found["gaps"], strict=True):
        assert (old.pop("of") - new.pop("of")) in {0, 1}, old["title"]
    assert found == expected
    assert after.activities == 27
    changed = [index for index, line in enumerate(before.by_principle) if line != after.by_principle[index]]
    assert changed == [0, 6, 9]
    assert [(line.value, line.second) for line in (after.by_principle[0], after.by_principle[6])] == [(3, 2), (2, 1)]
    assert after.by_place[3] == Line("Whole area", 24)
    assert after.by_rung[3] == Line("Collaborating", 6)
    assert [figure.from_activities for figure in after.reached] == [2, 1, 1]


@pytest.mark.parametrize("medium", ["screen", "paper"])
def test_deleting_one_activity_leaves_every_other_part_of_the_page_byte_for_byte(demo, medium):
    before, activity = page(gather(demo), medium), Activity.objects.get(reference="HWE-2023-003")
    Response.objects.filter(activity=activity).delete()
    activity.delete()
    after = page(gather(demo), medium)

    old, new = blocks(before), blocks(after)
    assert set(old) - set(new) == {"item hwe-2023-003"}
    assert set(new) - set(old) == set()
    differing = {name for name in new if old[name] != new[name]}
    assert differing == {
        'id="year"',
        'class="behind"',
        'id="principle-7"',
        'id="principle-10"',
        'id="shown"',
        'id="gaps"',
        'id="appendix"',
    }
    for number in (7, 10):
        pointer = r'<li><a href="#item-hwe-2023-003">.*</li>\n'
        assert new[f'id="principle-{number}"'] == re.sub(pointer, "", old[f'id="principle-{number}"'])
    rows = re.sub(
        r'<tr><th scope="row"><a href="#item-hwe-2023-003">.*?</tr>', "", old['id="appendix"'], flags=re.DOTALL
    )
    assert new['id="appendix"'] == rows.replace("28 activities", "27 activities")


def test_the_same_record_gives_equal_facts(demo):
    assert gather(demo) == gather(demo)


def test_the_duty_is_the_one_of_the_law_in_force(demo):
    assert gather(demo).duty == "Public involvement by integrated care boards (NHS Act 2006, section 14Z45)"
    assert annual.DUTY == "14Z45"
