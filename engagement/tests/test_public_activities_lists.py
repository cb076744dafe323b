"""What is going on: the front page of taking part, the list with its filters, places, the chain, who is missing."""

import re
from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.documents.public_pages import with_standing
from engagement.models import Activity, GroupPlan, OutreachAction, ResponseCount
from engagement.services import publication
from engagement.tests import factories
from engagement.tests import project_factories as projects
from engagement.tests.about_public_pages import address, answered, consultation, published, read
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
State = Activity.State
DAYS = projects.in_days


@pytest.fixture(autouse=True)
def answers(monkeypatch):
    """Nobody keeps answers and nobody counts, until a test registers somebody."""
    monkeypatch.setattr(publication, "_answer_sources", [])
    monkeypatch.setattr(publication, "_figure_sources", {})
    return publication.register_answers


def titles(page: str) -> list[str]:
    return re.findall(r"<h3[^>]*><a href=\"/taking-part/[^>]*>([^<]*)</a>", page)


def part(page: str, ident: str) -> str:
    """What stands under the heading with the id, up to the end of its section."""
    return page.split(f'id="{ident}"')[1].split("</section>")[0]


def standing_of(row: Activity) -> str:
    """The word for where an activity stands."""
    return with_standing(Activity.objects.all(), publication.answered()).get(pk=row.pk).standing


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({"state": State.LIVE, "starts_on": DAYS(-5)}, "open"),
        ({"state": State.LIVE, "starts_on": DAYS(-5), "ends_on": DAYS(0)}, "open"),
        ({"state": State.LIVE, "starts_on": DAYS(-5), "ends_on": DAYS(-1)}, "closed"),
        ({"state": State.LIVE, "starts_on": DAYS(1)}, "coming"),
        ({"state": State.PLANNED, "starts_on": DAYS(5)}, "coming"),
        ({"state": State.RECORDED, "starts_on": DAYS(-5)}, "closed"),
        ({"state": State.RECORDED, "starts_on": DAYS(0)}, "open"),
        ({"state": State.RECORDED, "starts_on": DAYS(-5), "is_ongoing": True}, "open"),
        ({"state": State.RECORDED, "starts_on": DAYS(-5), "ends_on": DAYS(5)}, "open"),
        ({"state": State.ANALYSIS, "starts_on": DAYS(-5), "ends_on": DAYS(5)}, "closed"),
        ({"state": State.FEEDBACK_DUE, "starts_on": DAYS(-5)}, "closed"),
        ({"state": State.CLOSED, "starts_on": DAYS(-5)}, "closed"),
    ],
)
def test_where_an_activity_stands_follows_its_days_and_its_state(fields, standing):
    row = factories.activity(**{"starts_on": None, "ends_on": None} | fields)
    assert standing_of(row) == standing


def test_what_was_recorded_without_a_day_is_over():
    row = factories.activity(starts_on=None, ends_on=None, period=factories.period())
    assert standing_of(row) == "closed"


def test_an_open_survey_keeps_an_activity_open(answers):
    row = factories.activity(state=State.ANALYSIS)
    projects.survey(activity=row)
    answers(answered(row))
    assert standing_of(row) == "open"


def test_a_consultation_with_more_time_keeps_its_activity_open():
    row = consultation(opens=-80, extended_to=DAYS(3), extended_because="The snow.").activity
    Activity.objects.filter(pk=row.pk).update(state=State.ANALYSIS)
    assert standing_of(row) == "open"


# The front page ----------------------------------------------------------------------------------


def test_the_front_page_goes_from_what_is_open_to_what_is_owed(client):
    published("Going on")
    published("Not yet", state=State.PLANNED, starts_on=DAYS(5), ends_on=DAYS(9))
    published("We owe you", state=State.ANALYSIS)
    consultation("Two sites")
    projects.survey("later", title="Closes later", closes_on=DAYS(20))
    projects.survey("sooner", title="Closes sooner", closes_on=DAYS(2))
    projects.survey("draft", title="Not published", is_published=False)
    page = read(client, "home")
    assert titles(page) == ["Two sites", "Going on", "Not yet", "We owe you"]
    assert page.index("Closes sooner") < page.index("Closes later")
    assert "Not published" not in page
    assert "We owe you" in part(page, "awaiting")


def test_sessions_and_public_meetings_to_come_say_where_and_how_to_get_in(client):
    activity = published()
    factories.session(activity, held_on=DAYS(2), venue=projects.venue(address="1 The High"), mode="in_person")
    factories.session(activity, held_on=DAYS(-2), where="The old hall")
    factories.session(factories.activity(), held_on=DAYS(2), where="A hidden hall")
    forum = forums.forum()
    forums.meeting(forum, title="Assembly", is_public=True, venue="Town hall", access="Level entrance")
    forums.meeting(forum, title="Closed meeting")
    shown = part(read(client, "home"), "sessions")
    for words in ("Harlow library, 1 The High", "Step-free: yes", "Assembly", "Town hall", "Level entrance"):
        assert (words, words in shown) == (words, True)
    assert [words for words in ("The old hall", "A hidden hall", "Closed meeting") if words in shown] == []


def test_an_answered_activity_is_owed_nothing(client, answers):
    activity = published("We answered", state=State.CLOSED)
    assert "We answered" in part(read(client, "home"), "awaiting")
    answers(answered(activity))
    assert "We answered" not in read(client, "home")
    assert "Answered" in read(client, "activity_list")


def test_an_empty_page_says_so_and_still_leads_somewhere(client):
    people.body()
    page = read(client, "home")
    for words in (
        *("Nothing is open for answers now.", "Nothing else is going on now.", "Nothing waits for our answer now."),
        *("No session and no meeting in public is planned yet.", "engagement@example.org"),
        *('href="/forums/"', 'href="/get-involved/"', 'href="/meetings/"', 'href="/you-said-we-did/"'),
    ):
        assert (words, words in page) == (words, True)


def test_it_is_offered_in_the_menu_and_on_the_first_page(client):
    found = re.findall(r'<a[^>]*href="/taking-part/"[^>]*>([^<]*)</a>', client.get("/").content.decode())
    assert found == ["Take part", "See what is going on and how to take part"]
    assert 'aria-current="true">Take part</a>' in read(client, "home")


# The list ----------------------------------------------------------------------------------------


def test_the_list_is_newest_first_and_each_filter_narrows_it(client, answers):
    west, town = people.area("West", slug="west"), people.area("Town", slug="town")
    town.parent = west
    town.save()
    topic, group = factories.topic("Dentists"), people.population_group("Carers")
    old = published("Old", starts_on=DAYS(-400), ends_on=DAYS(-390), areas=[town], state=State.CLOSED)
    published("Young", starts_on=DAYS(-3), topics=[topic], groups=[group])
    answers(answered(old))
    for filters, found in (
        ({}, ["Young", "Old"]),
        ({"state": "open"}, ["Young"]),
        ({"state": "answered"}, ["Old"]),
        ({"state": "closed"}, []),
        ({"topic": "dentists"}, ["Young"]),
        ({"place": "town"}, ["Old"]),
        ({"place": "west"}, ["Old"]),
        ({"group": group.pk}, ["Young"]),
        ({"year": DAYS(-400).year}, ["Old"]),
    ):
        assert (filters, titles(read(client, "activity_list", **filters))) == (filters, found)


def test_only_what_is_published_is_offered_as_a_filter(client):
    hidden = factories.activity(topics=[factories.topic("Hidden topic")], areas=[people.area("Hidden place")])
    hidden.groups.set([people.population_group("Hidden group")])
    published(starts_on=DAYS(-3))
    page = read(client, "activity_list")
    assert ("Hidden" in page, '<option value="2023"' in page) == (False, False)


def test_an_unknown_filter_is_left_out_and_named(client):
    published("Young")
    page = read(client, "activity_list", place="atlantis", year="x")
    assert ("We did not know one of the filters" in page, titles(page)) == (True, ["Young"])


def test_the_list_has_pages(client):
    for number in range(21):
        published(f"Activity {number:02}")
    first, second = titles(read(client, "activity_list")), titles(read(client, "activity_list", page=2))
    assert (len(first), second) == (20, ["Activity 00"])


@pytest.mark.parametrize("name", ["home", "activity_list", "consultation_list", "place", "still_to_hear_from"])
def test_lists_take_the_same_number_of_queries_whatever_the_rows(client, name):
    area, found = people.area("Harlow", slug="harlow"), []
    for number in (1, 9, 90):
        for _each in range(number):
            activity = published(areas=[area])
            factories.session(activity, held_on=DAYS(2), venue=projects.venue(f"Venue {activity.pk}"))
            projects.survey(f"s{activity.pk}", activity=activity)
            consultation(areas=[area])
            GroupPlan.objects.create(group=people.population_group(), what="Visits.")
        with CaptureQueriesContext(connection) as queries:
            read(client, name, area if name == "place" else None)
        found.append(len(queries))
    assert len(set(found)) == 1, found


# Places ------------------------------------------------------------------------------------------


def test_a_place_shows_what_is_there_and_in_its_parts_and_nothing_else(client):
    people.body()
    west, town, east = (people.area(name, slug=name.lower()) for name in ("West", "Town", "East"))
    town.parent = west
    town.save()
    here, there = published("In town", areas=[town]), published("In the east", areas=[east])
    projects.survey("town", activity=here, title="Town survey")
    projects.survey("east", activity=there, title="East survey")
    consultation("Town clinic", areas=[town])
    factories.session(there, held_on=DAYS(2), where="Eastern hall")
    forum = forums.forum("Town forum", area=town, contact="town@example.org")
    forums.forum("East forum", area=east)
    forums.meeting(forum, title="Town assembly", is_public=True)
    for row in (town, west):
        page = read(client, "place", row)
        for words in ("In town", "Town survey", "Town clinic", "Town forum", "town@example.org", "Town assembly"):
            assert (row.name, words, words in page) == (row.name, words, True)
        assert [words for words in ("In the east", "East survey", "Eastern hall", "East forum") if words in page] == []
    assert '<a href="/taking-part/places/west/">West</a>' in read(client, "place", town)
    assert '<a href="/taking-part/places/town/">Town</a>' in read(client, "place", west)


def test_a_place_that_is_not_there_is_not_found(client):
    assert client.get("/taking-part/places/atlantis/").status_code == 404


# How views are used, and who is missing ----------------------------------------------------------


def test_the_chain_has_seven_steps_with_what_is_counted(client, monkeypatch):
    activity = published()
    published(state=State.CLOSED)
    ResponseCount.objects.create(activity=activity, route="paper", received=12, read=9)
    projects.survey_response(projects.survey(activity=activity))
    projects.project(stage="mobilise")
    monkeypatch.setattr(publication, "_figure_sources", defaultdict(list))
    publication.register_figures("check", lambda: ["41 people told us."])
    page = read(client, "how_views_are_used")
    assert len(re.findall(r"<h2[^>]*>\d\. ", page)) == 7
    for words in (
        *("2 activities have a public page.", "13 responses came.", "9 of 13 responses have been read (69%)."),
        *("1 decision is recorded.", "1 activity is closed, with an answer.", "41 people told us."),
    ):
        assert (words, words in page) == (words, True)
    assert page.count("Not counted yet.") == 1


def test_figures_are_refused_for_a_step_that_does_not_exist():
    with pytest.raises(ValueError, match="reed"):
        publication.register_figures("reed", lambda: ["1 response."])


def test_groups_that_are_missing_are_named_and_never_counted(client):
    never, heard, due = (people.population_group(name) for name in ("Fishers", "Bakers", "Smiths"))
    factories.activity(groups=[heard], starts_on=DAYS(-9), ends_on=DAYS(-9))
    factories.activity(groups=[due], starts_on=DAYS(-900), ends_on=DAYS(-900))
    plan = GroupPlan.objects.create(
        group=never, area=people.area("Harlow"), what="Plan-secret", owner=people.user("officer", name="Olive Owner")
    )
    plan.methods.set([factories.method("visit")])
    activity = factories.activity(title="Hidden title")
    options = people.equality_question(options=("intersex", "female", "prefer-not-to-say")).options.all()
    for option, done in ((options[0], None), (options[1], DAYS(-1)), (options[2], None)):
        OutreachAction.objects.create(
            activity=activity, option=option, what="What-secret", owner="Owner-secret", due_on=DAYS(9),
            done_on=done, result="Result-secret", share_then="1.3", base_then=77,
        )  # fmt: skip
    page = read(client, "still_to_hear_from")
    assert re.findall(r"<li>([^<]*)</li>", part(page, "never")) == ["Fishers"]
    assert re.findall(r"<li>([^<]*)</li>", part(page, "due")) == ["Smiths"]
    assert re.findall(r"<li>([^<]*)</li>", part(page, "wanted")) == ["Fishers, Harlow: visit"]
    assert re.findall(r"value\">([^<]*)<", part(page, "looked-for")) == [str(options[0])]
    assert re.findall(r"\w+-secret|Olive|Hidden|1\.3|77", page) == []


def test_a_full_record_has_no_list_of_missing_groups(client):
    assert "No group is on our lists now." in read(client, "still_to_hear_from")


def test_each_page_prints_with_how_to_reach_us(client):
    people.body(phone="01234 567890", address="1 Main Road")
    for name in ("home", "activity_list", "consultation_list", "how_views_are_used", "still_to_hear_from"):
        main = read(client, name).split("<main")[1].split("</main>")[0]
        assert (name, "01234 567890" in main, "1 Main Road" in main) == (name, True, True)
        assert (name, f'rel="canonical" href="http://127.0.0.1:8000{address(name)}"' in read(client, name)) == (
            name,
            True,
        )
