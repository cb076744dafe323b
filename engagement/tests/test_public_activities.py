"""The public pages of activities: what is shown to everybody, and what never is (PUB-002, PUB-004, PUB-018)."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.models import Activity, ActivityPartner, Evaluation, OutreachAction, ResponseCount
from engagement.services import publication
from engagement.tests import factories
from engagement.tests import project_factories as projects
from engagement.tests.about_public_pages import address, answered, consultation, published, read, rows_in
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
State = Activity.State
LISTS = ("home", "activity_list", "consultation_list", "how_views_are_used", "still_to_hear_from")


@pytest.fixture
def harlow():
    return people.area("Harlow", slug="harlow")


@pytest.fixture
def answers(monkeypatch):
    """Nobody keeps answers, until a test registers somebody."""
    monkeypatch.setattr(publication, "_answer_sources", [])
    return publication.register_answers


@pytest.fixture
def full(harlow):
    """A published activity with a row of everything, and in each a word that nobody outside may read."""
    owner = people.user("officer", name="Olive Owner")
    activity = published(
        by=people.user("lead", name="Lee Publisher"), summary="Come and talk to us.", areas=[harlow],
        owner=owner, budget=Decimal("4321.50"), cost=Decimal("987.65"), staff_days=Decimal("17.5"),
        late_reason="Late-secret", together="co_design", together_because="Together-secret",
        support_given="Support-secret", what_people_told_us="Evenings are better.", what_changed="Longer hours.",
        what_we_asked="When can you come?", topics=[factories.topic()], groups=[people.population_group("Carers")],
        methods=[factories.method()], forums=[forums.forum("Carers forum")], led_by="partner",
        organisation=people.organisation("The county"), report_heading="Heading-secret",
    )  # fmt: skip
    ActivityPartner.objects.create(
        activity=activity, organisation=people.organisation("Healthwatch"), part="commissioned", fee=777,
        brief="Brief-secret",
    )  # fmt: skip
    factories.activity_count(activity, "over 30 carers", source="Source-secret")
    factories.activity_count(activity, "9,000 listeners", about="reached")
    venue = projects.venue(address="1 The High", area=harlow, access_notes="Ring the bell.")
    factories.session(activity, venue=venue, attended="31", held_on=projects.in_days(3), interpreter="BSL")
    ResponseCount.objects.create(
        activity=activity, route="paper", received=12, read=11, read_by=owner, note="Note-secret"
    )
    option = people.equality_question(options=("intersex", "prefer-not-to-say")).options.first()
    projects.participation(activity, option, 3, source="Sheet-secret")
    OutreachAction.objects.create(
        activity=activity, option=option, what="Outreach-secret", owner="Owner-secret", due_on=projects.in_days(9)
    )
    activity.issues.create(summary="Issue-secret")
    factories.impact(activity, "Impact-secret", evidence="Evidence-secret")
    projects.aim(activity=activity, measure="Aim-secret", target=40)
    learnt = dict.fromkeys(("who_was_missing", "what_worked", "what_to_change"), "Learnt-secret")
    Evaluation.objects.create(activity=activity, aims_met="partly", **learnt)
    survey = projects.survey(activity=activity, title="Carers survey")
    response = projects.survey_response(survey, entered_by=owner)
    response.answers.create(question=projects.survey_question(survey), text="Answer-secret")
    return activity


# One activity ------------------------------------------------------------------------------------


def test_the_page_says_what_it_is_how_to_take_part_and_what_came_of_it(client, full):
    people.body(phone="01234 567890", address="1 Main Road, Harlow")
    page = read(client, "activity_detail", full)
    for words in (
        *("Carers walk in", "Come and talk to us.", "To hear from carers.", "The opening hours.", "as it is leased."),
        *("A paper form from any library.", "When can you come?", "Evenings are better.", "Longer hours."),
        *("The county", "Healthwatch (commissioned)", "Led by a partner organisation", "Carers forum", "focus group"),
        *("Pharmacy", "Carers", "over 30", "Harlow library, 1 The High", "Step-free: yes", "Hearing loop: not known"),
        *("Ring the bell.", "Interpreters:", "BSL", "01234 567890", "1 Main Road, Harlow", "Open now"),
        "13 responses came. People here have read 11 of them (84%).",
        "Answer “Carers survey”",
        f"http://127.0.0.1:8000/taking-part/activities/{full.slug}/",
        'href="/taking-part/places/harlow/"',
    ):
        assert (words, words in page) == (words, True)


def test_what_changed_stands_before_everything_else(client, full):
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", read(client, "activity_detail", full))
    assert headings[:3] == ["What came of it", "How to take part", "What it is"]


def test_no_page_shows_owners_costs_notes_people_or_characteristics(client, full, harlow):
    project = projects.project(stage="consultation", legal_risk="high", legal_risk_because="Risk-secret")
    project.summary = "Summary-secret"
    project.save()
    full.project = project
    full.save()
    projects.consultation(project, opens=-2, activity=full, reach_plan="Reach-secret")
    pages = [read(client, name) for name in LISTS]
    pages += [read(client, name, full) for name in ("activity_detail", "consultation_detail")]
    pages.append(read(client, "place", harlow))
    secret = re.compile(r"\w+-secret|Olive|Owner|Lee Publisher|4,?321|987\.65|17\.5|777|9,000|attended|31 people")
    assert [secret.findall(page) for page in pages] == [[]] * len(pages)
    naming = [name for name, page in zip((*LISTS, "activity", "consultation", "place"), pages, strict=True)
              if "ntersex" in page]  # fmt: skip
    assert naming == ["still_to_hear_from"]


def test_templates_are_given_plain_data_and_no_row(client, full, harlow):
    consultation()
    shown = [client.get(address(name)) for name in LISTS]
    shown += [client.get(address("activity_detail", full)), client.get(address("place", harlow))]
    names = {"surveys", "consultations", "activities", "coming", "sessions", "meetings", "awaiting", "cards", "chain"}
    names |= {"found", "activity", "consultation", "forums", "parts", "larger"}
    given = [page.context[name] for page in shown for name in names if name in page.context]
    assert len(given) > 15
    assert rows_in(given) == []


def test_an_activity_that_is_not_published_leaves_no_trace(client, full, harlow):
    publication.withdraw_page(full, by=people.user("lead"))
    assert client.get(address("activity_detail", full)).status_code == 404
    assert client.get(address("consultation_detail", full)).status_code == 404
    for name, row in [*((name, None) for name in LISTS), ("place", harlow)]:
        assert (name, "Carers walk in" in read(client, name, row)) == (name, False)


def test_unknown_is_not_recorded_and_never_nought(client):
    page = read(client, "activity_detail", published())
    assert re.findall(r"Responses</dt><dd[^>]*>([^<]*)<", page) == ["not recorded"]
    assert re.findall(r"How many took part</dt><dd[^>]*>([^<]*)<", page) == ["not recorded"]


def test_no_response_yet_is_said_in_words(client):
    activity = published()
    projects.survey(activity=activity)
    assert "No response has come yet." in read(client, "activity_detail", activity)


def test_nothing_can_be_sent_to_a_public_page(client, full, harlow):
    pages = [address(name) for name in LISTS] + [address("activity_detail", full), address("place", harlow)]
    assert {client.post(page).status_code for page in pages} == {405}


def test_words_of_people_cannot_become_markup(client):
    activity = published("<b>Bold</b>", what_people_told_us="<script>alert(1)</script>", summary="<i>x</i>")
    page = read(client, "activity_detail", activity) + read(client, "home")
    assert ("<script>alert" in page, "<b>Bold" in page, "<i>x" in page) == (False, False, False)


def test_the_page_has_the_same_number_of_queries_whatever_it_holds(client, answers):
    found = []
    for number in (1, 10, 100):
        activity = published()
        activity.areas.set([people.area() for _each in range(number)])
        for each in range(number):
            factories.session(activity, venue=projects.venue(f"{activity.pk} {each}"))
            projects.survey(f"s{activity.pk}-{each}", activity=activity)
            partner = people.organisation()
            ActivityPartner.objects.create(activity=activity, organisation=partner)
        found.append(_queries(client, address("activity_detail", activity)))
    assert len(set(found)) == 1


# What came of it ---------------------------------------------------------------------------------


def test_a_published_answer_stands_on_the_page_with_its_promise(client, answers):
    activity = published(state=State.CLOSED)
    answers(answered(activity, promised_for=projects.in_days(-3)))
    page = read(client, "activity_detail", activity)
    assert ("We open until eight." in page, "Answered" in page) == (True, True)
    assert re.findall(r"We said that we would do this by [^<]*", page) == [
        f"We said that we would do this by {_day(-3)}. We are 3 days late."
    ]


@pytest.mark.parametrize(
    ("ended", "words"),
    [(-10, "{}."), (-84, "{}."), (-85, "{}. We are 1 day late."), (-94, "{}. We are 10 days late.")],
)
def test_the_clock_runs_in_public_from_the_last_day(client, answers, ended, words):
    activity = published(state=State.FEEDBACK_DUE, starts_on=projects.in_days(-200), ends_on=projects.in_days(ended))
    clock = "We said that we would answer by " + words.format(_day(ended + 84))
    for page in (read(client, "activity_detail", activity), read(client, "home"), read(client, "activity_list")):
        assert re.findall(r"We said that we would answer by [^<]*", page) == [clock]


def test_a_day_that_was_named_counts_before_the_usual_time(client, answers):
    activity = published(state=State.ANALYSIS, ends_on=projects.in_days(-1))
    named = publication.Answers(promised_for=projects.in_days(-2))
    nobody = Activity.objects.none().values("pk")
    answers(publication.AnswerSource(read=lambda numbers: {activity.pk: named}, answered=lambda: nobody))
    assert f"We said that we would answer by {_day(-2)}. We are 2 days late." in read(client, "home")


def test_without_a_last_day_nothing_is_promised(client, answers):
    activity = published(state=State.ANALYSIS, starts_on=None, ends_on=None, period=factories.period())
    words = "The last day is not recorded, so we have not said yet when we will answer."
    assert words in read(client, "activity_detail", activity)


def _day(days: int) -> str:
    day = projects.in_days(days)
    return f"{day.day} {day:%B %Y}"


def _queries(client, page: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_an_extended_survey_moves_the_last_day(client, answers):
    activity = published(state=State.ANALYSIS, starts_on=projects.in_days(-99), ends_on=projects.in_days(-90))
    projects.survey(activity=activity, opens_on=projects.in_days(-95), closes_on=projects.in_days(-2))
    assert f"by {_day(-2 + 84)}." in read(client, "activity_detail", activity)
