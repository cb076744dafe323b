"""The page of an activity: everything that is known, who sees it, and the steps that are taken there."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from engagement.models import Activity, ActivityPartner, Aim, Channel, Evaluation, Measure, ResponseCount
from engagement.tests import factories
from engagement.tests import project_factories as projects
from insights.tests import factories as insights
from people.tests import factories as people

pytestmark = pytest.mark.django_db
State = Activity.State
LEARNT = {"aims_met": "partly", "who_was_missing": "Young carers", "what_worked": "Tea", "what_to_change": "Earlier"}


def address(name: str, row, *more) -> str:
    return reverse(f"engagement:{name}", args=[row.pk, *more])


def detail(client, activity) -> str:
    page = client.get(address("activity_detail", activity))
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def lead(client):
    user = people.user("lead", name="Lee Lead")
    client.force_login(user)
    return user


@pytest.fixture
def full():
    """An activity with a row of everything."""
    organisation, group = people.organisation("Healthwatch"), people.population_group("carers")
    activity = factories.activity(
        state=State.LIVE, purpose="To hear carers.", can_influence="The hours.", cannot_influence="The building.",
        route_without_internet="Paper forms.", budget=Decimal("1200.50"), what_changed="Longer hours.", groups=[group],
    )  # fmt: skip
    radio = Channel.objects.create(name="Local radio", belongs="earned")
    factories.activity_count(activity, "over 30 carers")
    factories.activity_count(activity, "9,000 listeners", about="reached", channel=radio)
    factories.activity_count(activity, "400 copies", about="reached")
    factories.session(activity, mode="in_person", venue=projects.venue(), attended="30", registered="40")
    ResponseCount.objects.create(activity=activity, route="paper", received=12, read=11)
    Measure.objects.create(activity=activity, question="I know the signs", before=37, after=80)
    factories.impact(activity, "Longer hours on Tuesdays.", evidence="The rota.")
    activity.outputs.create(title="Eight videos", number=8)
    activity.issues.create(summary="Labels hide the Braille")
    ActivityPartner.objects.create(activity=activity, organisation=organisation, part="commissioned", fee=900)
    aim = projects.aim(activity=activity, measure="carers who answer", target=40, result=30)
    aim.groups.set([group])
    Evaluation.objects.create(activity=activity, **LEARNT)
    return activity


def test_the_page_shows_everything_that_is_recorded(client, lead, full):
    text = detail(client, full)

    for words in [
        "To hear carers.", "The hours.", "The building.", "Paper forms.", "£1,200.50", "over 30 carers",
        "Local radio: 9,000 listeners", "400 copies", "Harlow library", "step-free: yes", "Paper form", "12", "11",
        "43 points higher", "2.16 times as high", "the base is missing", "Longer hours on Tuesdays.", "The rota.",
        "Eight videos", "Labels hide the Braille", "Healthwatch: commissioned", "£900", "carers who answer",
        "30 (75%)", "Young carers", "Results, as a percentage of each aim",
    ]:  # fmt: skip
        assert words in text, words


def test_reach_stands_apart_from_people_and_by_class_of_channel(client, lead, full):
    found = client.get(address("activity_detail", full)).context["found"]

    assert [str(row) for row in found.took_part] == ["over 30 carers"]
    assert [(label, [str(row) for row in rows]) for label, rows in found.reach] == [
        ("earned", ["9,000 listeners"]),
        ("channel not recorded", ["400 copies"]),
    ]


def test_what_is_not_recorded_is_called_so_and_never_nought(client, lead):
    activity = factories.activity()
    factories.session(activity)
    projects.aim(activity=activity)
    text = detail(client, activity)

    assert text.count("not recorded") > 15
    assert "£0" not in text
    assert "0%" not in text


def test_answers_to_our_own_surveys_are_counted_from_their_rows(client, lead):
    activity = factories.activity()
    survey = projects.survey(activity=activity)
    projects.survey_response(survey)
    projects.survey_response(survey, is_sent=False)
    projects.survey_response(survey, route="paper")
    rows = client.get(address("activity_detail", activity)).context["found"].responses

    assert [(row.route, row.received, row.read) for row in rows] == [
        ("our survey, on the page", 1, 0),
        ("our survey, on paper", 1, 0),
    ]


def test_what_looks_wrong_stands_on_top(client, lead):
    activity = factories.activity()
    factories.session(activity, registered="20", attended="25")
    text = detail(client, activity)

    assert text.index("More people attended than registered") < text.index("What it is")


# Who sees it


def test_an_activity_of_another_place_is_not_found(client):
    west, east = people.area("West Essex"), people.area("East")
    mine, other = factories.activity(areas=[west]), factories.activity(title="Canary title", areas=[east])
    aim = projects.aim(activity=other)
    client.force_login(people.user("officer", west))

    assert client.get(address("activity_detail", mine)).status_code == 200
    assert client.get(address("activity_detail", other)).status_code == 404
    for name in ("activity_explain", "activity_evaluate", "aim_add", "issue_add"):
        assert client.get(address(name, other)).status_code == 404
    for name in ("aim_edit", "aim_result"):
        assert client.get(address(name, aim)).status_code == 404
    assert client.post(address("activity_step", other, "close")).status_code == 404


@pytest.mark.parametrize("role", ["member", "secretary", ""])
def test_who_is_not_staff_is_refused(client, full, role):
    client.force_login(people.user(role))

    assert client.get(address("activity_detail", full)).status_code == 403
    assert client.get(address("activity_evaluate", full)).status_code == 403
    assert client.post(address("activity_step", full, "analyse")).status_code == 403
    assert Activity.objects.get().state == State.LIVE


def test_a_stranger_is_sent_to_sign_in(client, full):
    assert client.get(address("activity_detail", full)).url.startswith("/accounts/login/")


def test_who_leads_another_project_reads_and_changes_nothing(client):
    activity = factories.activity(project=projects.project(lead=people.user("project_lead")), state=State.LIVE)
    client.force_login(people.user("project_lead"))

    assert "Begin the analysis" not in detail(client, activity)
    assert client.post(address("activity_step", activity, "analyse")).status_code == 403
    assert client.get(address("aim_add", activity)).status_code == 403
    assert Activity.objects.get().state == State.LIVE


def test_who_leads_its_project_changes_it(client):
    user = people.user("project_lead")
    activity = factories.activity(project=projects.project(lead=user), state=State.LIVE)
    client.force_login(user)

    assert client.post(address("activity_step", activity, "analyse")).status_code == 302
    assert Activity.objects.get().state == State.ANALYSIS


# Steps and forms


def test_a_planned_activity_goes_live_on_its_page(client, lead):
    activity = factories.activity(state=State.PLANNED)
    assert "Add at least one aim, as a number" in detail(client, activity)
    said = {"purpose": "a", "can_influence": "b", "cannot_influence": "c", "route_without_internet": "d"}
    client.post(address("activity_explain", activity), said)
    client.post(address("aim_add", activity), {"measure": "people", "target": 5})

    response = client.post(address("activity_step", activity, "live"), follow=True)

    assert "The activity is live" in response.content.decode()
    assert Activity.objects.get().state == State.LIVE


def test_a_direct_post_past_a_gate_is_refused_with_what_to_do(client, lead):
    activity = factories.activity(state=State.FEEDBACK_DUE)
    response = client.post(address("activity_step", activity, "close"))

    assert response.status_code == 422
    assert "Evaluate the activity first" in response.content.decode()
    assert Activity.objects.get().state == State.FEEDBACK_DUE


def test_a_recorded_activity_is_closed_directly_once_it_is_evaluated_and_answered(client, lead):
    activity = factories.activity()
    insights.published_response(activity=activity)
    client.post(address("activity_evaluate", activity), LEARNT)

    assert client.post(address("activity_step", activity, "close")).status_code == 302
    assert (Activity.objects.get().state, Evaluation.objects.get().by) == (State.CLOSED, lead)


def test_a_step_that_is_none_is_not_found(client, lead):
    assert client.post(address("activity_step", factories.activity(), "fly")).status_code == 404


@pytest.mark.parametrize("name", ["activity_evaluate", "aim_add"])
def test_an_empty_form_is_kept_with_its_errors(client, lead, name):
    response = client.post(address(name, factories.activity()), {"what_worked": "Tea", "baseline": "7"})

    assert response.status_code == 422
    assert ("Tea" if name == "activity_evaluate" else 'value="7"') in response.content.decode()
    assert not Evaluation.objects.exists()
    assert not Aim.objects.exists()


def test_an_aim_is_changed_and_gets_its_result(client, lead):
    aim = projects.aim(activity=factories.activity())
    client.post(address("aim_edit", aim), {"measure": "carers", "target": "20"})
    client.post(address("aim_result", aim), {"result": "25", "result_note": "Rain"})

    held = Aim.objects.get()
    assert (held.measure, held.target, held.result, held.result_note) == ("carers", 20, 25, "Rain")


def test_a_locked_period_asks_for_the_reason_on_each_form(client, lead):
    activity = factories.activity(state=State.LIVE)
    factories.locked_period()
    url = address("activity_step", activity, "analyse")

    assert "Why does this come late?" in detail(client, activity)
    assert client.post(url).status_code == 422
    assert client.post(address("activity_evaluate", activity), LEARNT).status_code == 422
    assert client.post(url, {"analyse-late_reason": "The notes came late."}).status_code == 302
    assert "Why does this come late?" not in detail(client, activity)
    assert Activity.objects.get().late_reason == "The notes came late."


def test_the_page_takes_no_more_queries_for_more_rows(client, lead, django_assert_max_num_queries):
    def make(activity, rows):
        for number in range(rows):
            channel = Channel.objects.create(name=f"Channel {activity.pk} {number}", belongs="owned")
            factories.activity_count(activity, f"{number + 5} readers", about="reached", channel=channel)
            factories.session(activity, venue=projects.venue(f"Hall {activity.pk} {number}"), attended="5")
            projects.aim(activity=activity, measure=f"aim {number}", target=9, groups=[people.population_group()])
            factories.impact(activity, f"Change {number}")
            activity.issues.create(summary=f"Issue {number}", raised_on=datetime.date(2023, 6, 1))
            activity.partner_links.create(organisation=people.organisation())
        return activity

    taken = []
    for rows in (1, 10, 100):
        activity = make(factories.activity(), rows)
        with django_assert_max_num_queries(60) as queries:
            client.get(address("activity_detail", activity))
        taken.append(len(queries))
    assert taken[0] == taken[1] == taken[2]
