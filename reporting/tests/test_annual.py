"""The facts of an annual report: each activity once, each number as it was typed, nothing made up."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from engagement.models import Activity, PrincipleMapping, PrincipleSet
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from insights.models import Status
from insights.tests import factories as insights
from people.models import Level
from people.tests import factories as people
from reporting.documents.annual import gather
from reporting.documents.facts import Line, Pointer
from reporting.models import Report, ReportItem
from reporting.tests import factories
from reporting.tests.reading import article, blocks, gap, only_item, page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return factories.report()


# Principles and their wordings -------------------------------------------------------------------


@pytest.fixture
def older() -> PrincipleSet:
    """An earlier wording, whose principles lead to those of the period's: reworded, changed, and nowhere."""
    older = engagement.principle_set("2021")
    for number, relation in ((1, "reworded"), (2, "changed")):
        PrincipleMapping.objects.create(
            from_principle=engagement.principle(number, of=older),
            to_principle=engagement.principle(number + 1),
            relation=relation,
        )
    return older


def test_an_activity_under_a_reworded_principle_stands_under_the_one_it_became(report, older):
    engagement.activity("A-1", principle=engagement.principle(1, of=older))
    facts = gather(report)

    assert [[item.reference for item in section.items] for section in facts.sections] == [[], ["A-1"], []]
    assert only_item(facts).principle == 2
    assert facts.unplaced == []


@pytest.mark.parametrize("number", [2, 3])
def test_an_activity_whose_principle_changed_or_is_unknown_now_is_listed_and_not_moved(report, older, number):
    engagement.activity("A-1", title="An old promise", principle=engagement.principle(number, of=older))
    facts = gather(report)

    assert [section.items for section in facts.sections] == [[], [], []]
    assert facts.unplaced == [Pointer("A-1", "An old promise", number)]
    assert facts.activities == 1
    html = words(page(facts))
    assert "Waiting for a decision These activities stand under" in html
    assert f"A-1 An old promise (principle {number} of the earlier wording)" in html


def test_a_cross_reference_follows_a_rewording_but_never_a_change_and_never_doubles(report, older):
    activity = engagement.activity("A-1", principle=engagement.principle(1))
    for principle in (
        engagement.principle(1, of=older),
        engagement.principle(2, of=older),
        engagement.principle(2),
        engagement.principle(1),
    ):
        activity.other_principle_links.create(principle=principle)
    facts = gather(report)

    assert only_item(facts).also == [2]
    assert [[pointer.reference for pointer in section.pointers] for section in facts.sections] == [[], ["A-1"], []]


def test_forums_follow_the_wordings_like_activities_and_stand_apart_where_nobody_decided(report, older):
    for name, principle in (("Reworded", 1), ("Changed", 2)):
        engagement.evidence(engagement.principle(principle, of=older), forum=forums.forum(name))
    both = forums.forum("Both")
    engagement.evidence(engagement.principle(1), forum=both)
    engagement.evidence(engagement.principle(2), forum=both)
    forums.forum("None")
    facts = gather(report)

    names = [[forum.name for forum in section.forums] for section in facts.sections]
    assert names == [["Both"], ["Both", "Reworded"], []]
    assert [forum.name for forum in facts.other_forums] == ["Changed", "None"]
    assert "Forums that serve no principle in the record" in words(page(facts))


def test_a_principle_with_no_items_says_so_and_is_a_gap(report):
    engagement.activity("A-1").other_principle_links.create(principle=engagement.principle(2))
    facts = gather(report)

    assert gap(facts, "Principles with no activity of their own") == [("2", "Principle 2"), ("3", "Principle 3")]
    parts = blocks(page(facts))
    assert "Nothing in the record fits this principle most." not in parts['id="principle-1"']
    assert "printed under another principle and support this one too." in parts['id="principle-2"']
    assert "there is no evidence for it this year, under this principle or another." in parts['id="principle-3"']


def test_a_principle_that_only_a_forum_serves_says_so(report):
    engagement.evidence(engagement.principle(3), forum=forums.forum())

    assert "The forums below were set up to serve it." in blocks(page(gather(report)))['id="principle-3"']


def test_an_empty_year_is_a_report_that_says_so(report):
    facts = gather(report)

    assert (facts.activities, facts.items, facts.took_part, facts.reached) == (0, [], [], [])
    html = words(page(facts))
    assert "No activity is recorded for this period. That is a finding." in html
    assert "People who took part: not recorded for any activity." in html
    assert "No method notes are recorded for this body." in html
    assert "The contact for other formats is not recorded." in html


def test_before_a_profile_is_loaded_a_report_names_no_body():
    facts = gather(Report.objects.create(period=engagement.period()))

    assert (facts.body, facts.short_name, facts.duty) == ("", "", "")


# Texts edited for the report ---------------------------------------------------------------------


def test_a_title_and_a_text_for_the_report_are_printed_and_the_record_stays(report):
    activity = engagement.activity("A-1", title="As recorded", what_we_asked="What do you think?")
    factories.report_item(report, activity, title="As printed", text="One.\r\nStill one.\r\n\r\n\r\n\r\nTwo.\n\n \n")
    facts = gather(report)

    assert only_item(facts).title == "As printed"
    assert only_item(facts).paragraphs == ["One. Still one.", "Two."]
    html = article(page(facts), "A-1")
    assert "<p>One. Still one.</p><p>Two.</p>" in html
    assert "What do you think?" not in html
    activity.refresh_from_db()
    assert (activity.title, activity.what_we_asked) == ("As recorded", "What do you think?")


def test_a_pointer_carries_the_title_for_the_report(report):
    activity = engagement.activity("A-1", title="As recorded")
    activity.other_principle_links.create(principle=engagement.principle(2))
    factories.report_item(report, activity, title="As printed")

    assert gather(report).sections[1].pointers == [Pointer("A-1", "As printed", 1)]


def test_items_follow_the_order_for_the_report_then_their_reference(report):
    rows = [engagement.activity(f"A-{number}") for number in (1, 2, 3)]
    factories.report_item(report, rows[2], order=5)

    assert [item.reference for item in gather(report).sections[0].items] == ["A-3", "A-1", "A-2"]


def test_an_activity_that_is_left_out_is_listed_with_the_reason_and_counted_nowhere_else(report):
    engagement.activity_count(engagement.activity("A-1", title="Kept"), "10")
    out = engagement.activity("A-2", title="Gone")
    engagement.activity_count(out, "100")
    factories.left_out(report, out, "The trust reports it")
    facts = gather(report)

    assert [item.reference for item in facts.items] == ["A-1"]
    assert facts.activities == 1
    assert [figure.text for figure in facts.took_part] == ["10"]
    assert gap(facts, "Left out of this report") == [("A-2", "Gone: The trust reports it")]
    assert "A-2 Gone: The trust reports it" in words(page(facts))
    assert 'id="item-a-2"' not in page(facts)


def test_what_was_left_out_of_one_report_stands_in_another(report):
    activity = engagement.activity("A-1", starts_on=datetime.date(2023, 6, 1), ends_on=datetime.date(2024, 6, 1))
    factories.left_out(report, activity)

    assert [item.reference for item in gather(factories.report(engagement.period("2024-25"))).items] == ["A-1"]


def test_what_was_left_out_but_lies_outside_the_period_now_is_no_gap(report):
    activity = engagement.activity("A-1")
    factories.left_out(report, activity)
    Activity.objects.filter(pk=activity.pk).update(starts_on=datetime.date(2025, 6, 1), ends_on=None)

    assert gap(gather(report), "Left out of this report") == []


def test_leaving_out_needs_a_reason(report):
    item = ReportItem(report=report, activity=engagement.activity(), is_left_out=True)

    with pytest.raises(ValidationError, match="Say why it is left out: the report says so too"):
        item.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_an_activity_has_one_text_in_a_report(report):
    activity = engagement.activity()
    factories.report_item(report, activity)
    again = ReportItem(report=report, activity=activity)

    with pytest.raises(ValidationError, match="This activity already has a text for the report"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    assert str(again) == str(activity)


def test_standing_texts_are_cut_into_paragraphs_and_unknown_braces_stay(report):
    text = factories.standing_text(text="{short_name}: {first_day} to {last_day}.\r\n\r\nWrite to {email}. {other}")

    assert gather(report).texts.introduction == [
        "Hertfordshire and West Essex ICB: 1 April 2023 to 31 March 2024.",
        "Write to engagement@example.org. {other}",
    ]
    assert str(text) == "Annual engagement report: introduction"


# Headings ----------------------------------------------------------------------------------------


def test_items_with_the_same_heading_stand_together_where_the_first_of_them_stands(report):
    for reference, heading in (("A-1", "Website"), ("A-2", ""), ("A-3", "Website"), ("A-4", "Leaflets")):
        engagement.activity(reference, report_heading=heading)
    section = gather(report).sections[0]

    grouped = [(heading, [item.reference for item in items]) for heading, items in section.groups]
    assert grouped == [("Website", ["A-1", "A-3"]), ("", ["A-2"]), ("Leaflets", ["A-4"])]
    html = page(gather(report))
    assert re.findall(r"<h([34])[^>]*>(Website|Leaflets|Activity \d)</h", html) == [
        ("3", "Website"),
        ("4", "Activity 1"),
        ("4", "Activity 3"),
        ("3", "Activity 2"),
        ("3", "Leaflets"),
        ("4", "Activity 4"),
    ]


def test_the_same_heading_under_two_principles_makes_two_groups(report):
    engagement.activity("A-1", report_heading="Website")
    engagement.activity("A-2", report_heading="Website", principle=engagement.principle(2))

    assert [section.groups[0][0] for section in gather(report).sections[:2]] == ["Website", "Website"]


# Dates and places --------------------------------------------------------------------------------


def day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("first", "last", "fields", "printed"),
    [
        ("2023-04-01", "2024-03-31", {}, "throughout 2023–24"),
        ("2023-06-01", "2023-06-30", {}, "June 2023"),
        ("2023-06-01", "2023-08-31", {}, "June 2023 to August 2023"),
        ("2024-02-01", "2024-02-29", {}, "February 2024"),
        ("2023-06-07", "2023-06-07", {}, "7 June 2023"),
        ("2023-06-01", "2023-06-01", {}, "1 June 2023"),
        ("2023-06-07", "2023-06-30", {}, "7 June 2023 to 30 June 2023"),
        ("2022-04-01", "2024-03-31", {}, "April 2022 to March 2024"),
        ("2023-06-07", "", {}, "from 7 June 2023, end not recorded"),
        ("2023-06-01", "", {}, "from June 2023, end not recorded"),
        ("2021-09-01", "", {"is_ongoing": True}, "since September 2021"),
        ("2021-09-12", "", {"is_ongoing": True}, "since 12 September 2021"),
        ("", "2023-06-07", {}, "until 7 June 2023"),
        ("", "2023-06-30", {}, "until June 2023"),
    ],
)
def test_dates_are_printed_as_people_say_them(report, first, last, fields, printed):
    engagement.activity("A-1", starts_on=day(first), ends_on=day(last), **fields)
    facts = gather(report)

    assert only_item(facts).when == printed
    assert f"A-1 · {printed} · " in words(article(page(facts), "A-1"))


def test_an_undated_activity_that_was_put_into_the_period_says_that_its_date_is_not_recorded(report):
    engagement.activity("A-1", starts_on=None, ends_on=None, period=report.period)
    facts = gather(report)

    assert only_item(facts).when == "2023–24, date not recorded"


@pytest.mark.parametrize(
    ("code", "is_printed"), [("2022-23", False), ("2023-24", True), ("2024-25", True), ("2030-31", True)]
)
def test_an_activity_that_is_still_going_on_is_in_every_year_from_its_first(code, is_printed):
    engagement.activity("A-1", ends_on=None, is_ongoing=True)

    assert [item.when for item in gather(factories.report(engagement.period(code))).items] == (
        ["since June 2023"] if is_printed else []
    )


@pytest.mark.parametrize(
    ("established", "printed"), [("2022-09-01", "September 2022"), ("2021-01-01", "2021"), ("", "")]
)
def test_a_forum_is_as_old_as_its_record_knows(report, established, printed):
    forums.forum("Reader Panel", established_on=day(established))

    assert gather(report).other_forums[0].established == printed


def test_a_place_is_its_area_or_the_whole_system_or_its_level_or_not_recorded(report):
    people.area("Hertfordshire and west Essex", level=Level.SYSTEM)
    west = people.area("West Essex")
    people.area("Stort Valley")
    engagement.activity("A-1", areas=[west])
    engagement.activity("A-2", level=Level.SYSTEM)
    engagement.activity("A-3", level=Level.NEIGHBOURHOOD)
    engagement.activity("A-4")
    facts = gather(report)

    assert [(item.where, item.level) for item in facts.items] == [
        (["West Essex"], ""),
        (["Hertfordshire and west Essex"], "system"),
        ([], "neighbourhood"),
        ([], ""),
    ]
    html = page(facts)
    lines = [words(re.search(r'item-line">.*?</p>', article(html, f"A-{n}"))[0]).split(" · ")[-1] for n in (1, 2, 3, 4)]
    assert lines == ["West Essex", "Hertfordshire and west Essex", "neighbourhood", "place not recorded"]
    assert [(line.label, line.value) for line in facts.by_place] == [
        ("Stort Valley", 0),
        ("West Essex", 1),
        ("Whole area", 1),
        ("Neighbourhood, not named", 1),
        ("Not recorded", 1),
    ]
    assert gap(facts, "Places with nothing of their own") == [("", "Stort Valley")]


def test_an_activity_in_two_places_counts_in_each_and_a_district_has_a_line_once_it_is_named(report):
    west, harlow = people.area("West Essex"), people.area("Harlow", level=Level.DISTRICT)
    people.area("Uttlesford", level=Level.DISTRICT)
    engagement.activity(areas=[west, harlow])

    assert gather(report).by_place == [Line("West Essex", 1), Line("Harlow", 1)]


def test_rungs_are_counted_in_their_order_and_a_missing_one_is_not_recorded(report):
    engagement.rung("informing")
    engagement.activity(rung=engagement.rung("consulting"))
    engagement.activity()

    assert gather(report).by_rung == [Line("Informing", 0), Line("Consulting", 1), Line("Not recorded", 1)]


# What an item says -------------------------------------------------------------------------------


def test_an_item_that_says_nothing_is_printed_as_not_recorded_and_never_as_nought(report):
    engagement.activity("A-1")
    facts = gather(report)
    item = only_item(facts)

    assert (item.reached, item.took_part, item.asked, item.told, item.changed) == ([], [], "", "", "")
    text = words(article(page(facts), "A-1"))
    assert text.count("Not recorded") == 3
    assert "How many not recorded" in text
    assert "no partner recorded" in text
    assert re.search(r"\b0\b", text) is None
    titles = ["No number", "No number of people who took part", "No question", "No impact", "No feedback"]
    assert [gap(facts, title) for title in titles] == [[("A-1", "Activity 1")]] * 5


def test_nearly_all_without_a_number_stays_words(report):
    engagement.activity_count(engagement.activity("A-1"), "nearly all practices")
    facts = gather(report)

    assert only_item(facts).took_part == ["nearly all practices (number not recorded)"]
    assert [(figure.label, figure.text) for figure in facts.took_part] == [("took part", "number not recorded")]


def test_people_reached_and_people_who_took_part_are_never_added(report):
    activity = engagement.activity("A-1")
    engagement.activity_count(activity, "20")
    engagement.activity_count(activity, "30", about="reached")
    facts = gather(report)

    assert [(figure.label, figure.text) for figure in facts.took_part] == [("took part", "20")]
    assert [(figure.label, figure.text) for figure in facts.reached] == [("reached", "30")]


def test_an_item_prints_its_sessions_outputs_impacts_partners_and_forums(report):
    activity = engagement.activity(
        "A-1",
        forums=[forums.forum("Youth Council")],
        groups=[people.population_group("carers")],
        methods=[engagement.method()],
        rung=engagement.rung(),
        stage=engagement.stage(),
        what_changed=" The leaflet. ",
    )
    session = {"method": engagement.method(), "mode": "in_person", "where": "Harlow library"}
    engagement.session(activity, **session, registered="over 25", attended="18")
    engagement.session(activity, held_on=None)
    engagement.session(activity, held_on=None, method=engagement.method())
    activity.outputs.create(title="Short videos", kind="video", number=8)
    activity.outputs.create(title="Toolkit")
    engagement.impact(activity, "Leaflets use plain words.")
    activity.partner_links.create(organisation=people.organisation("Healthwatch Essex"))
    activity.partner_links.create(organisation=people.organisation("Mind in West Essex"), part="host")
    item = only_item(gather(report))

    assert item.sessions == [
        "focus group, in person, Harlow library, 15 June 2023, over 25 registered, 18 attended",
        "focus group",
    ]
    assert item.outputs == ["8 × Short videos (video)", "Toolkit"]
    assert item.impacts == [f"Leaflets use plain words. ({activity.impacts.get().get_kind_display()})"]
    assert item.partners == ["Healthwatch Essex", "Mind in West Essex (host)"]
    assert (item.forums, item.groups, item.methods) == (["Youth Council"], ["carers"], ["focus group"])
    assert (item.changed, item.rung, item.stage) == ("The leaflet.", "Consulting", "Design")


def test_what_could_not_be_done_is_printed_with_its_reason(report):
    activity = engagement.activity("A-1")
    insights.response("no-1", activity=activity, status=Status.COULD_NOT, we_did="", reason="There is no money.")
    insights.response("yes-2", activity=activity, status=Status.UNDER_WAY, we_did="We have begun.")
    facts = gather(report)

    assert [answer.reference for answer in only_item(facts).answers] == ["no-1", "yes-2"]
    text = words(article(page(facts), "A-1"))
    assert "We could not, because Could not, because There is no money." in text
    assert "We are doing Under way We have begun." in text


@pytest.mark.parametrize(
    ("fields", "ages"),
    [
        ({}, ""),
        ({"minimum_age": 18}, "18 and over"),
        ({"maximum_age": 25}, "up to 25"),
        ({"minimum_age": 12, "maximum_age": 19}, "12 to 19"),
    ],
)
def test_the_ages_of_a_forum_are_said_in_words(report, fields, ages):
    forums.forum(**fields)

    assert [forum.ages for forum in gather(report).other_forums] == [ages]


def test_a_forum_tells_its_ties_and_former_names_and_closed_or_future_ones_are_not_told(report):
    forum = forums.forum("Reader Panel", area=people.area("West Essex"))
    forum.aliases.create(name="Readers' group")
    forums.forum_link(forum, to_forum=forums.forum("Board of readers"), to_name="", kind="represented_on")
    forums.forum("Closed before", closed_on=datetime.date(2023, 3, 31))
    forums.forum("Begun later", established_on=datetime.date(2024, 4, 1))
    facts = gather(report)

    assert [forum.name for forum in facts.other_forums] == ["Board of readers", "Reader Panel"]
    assert facts.other_forums[1].ties == ["sends a representative to Board of readers"]
    assert facts.other_forums[1].former_names == ["Readers' group"]
    assert facts.other_forums[1].place == "West Essex"
    assert facts.forums == 2


def test_text_from_the_record_cannot_become_markup(report):
    payload = "<script>alert(1)</script>"
    activity = engagement.activity("A-1", title=payload, what_we_asked=payload, report_heading=payload)
    people.population_group(payload).activities.add(activity)
    html = page(gather(report))

    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


# Cost --------------------------------------------------------------------------------------------


def make_rich_activities(report, numbers) -> None:
    """Activities that have one of everything."""
    for number in numbers:
        activity = engagement.activity(
            f"A-{number:03}",
            level=Level.SYSTEM,
            forums=[forums.forum(f"Forum {number}")],
            groups=[people.population_group(f"group {number}")],
            methods=[engagement.method(f"method {number}")],
            rung=engagement.rung(f"rung-{number}"),
            stage=engagement.stage(f"stage-{number}"),
        )
        engagement.activity_count(activity)
        engagement.session(activity, method=engagement.method())
        engagement.impact(activity)
        engagement.evidence(engagement.principle(2), forum=activity.forums.get())
        forums.forum_link(activity.forums.get(), to_forum=forums.forum(f"Board {number}"), to_name="")
        activity.outputs.create(title="Videos")
        activity.partner_links.create(organisation=people.organisation())
        activity.other_principle_links.create(principle=engagement.principle(3))
        insights.response(activity=activity)
        factories.report_item(report, activity, title=f"Title {number}")
        factories.left_out(report, engagement.activity(f"B-{number:03}"))


def test_the_number_of_queries_does_not_grow_with_the_number_of_activities(report):
    counted = []
    for numbers in (range(3), range(3, 30)):
        make_rich_activities(report, numbers)
        with CaptureQueriesContext(connection) as queries:
            gather(report)
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert counted[1] <= 75
