"""Who may open which page of a survey, and how many queries lists need."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db
WORDS = "Words that must not leak"
READ = ("survey_work", "survey_preview", "survey_paper", "response_list")
CHANGE = ("survey_edit", "survey_question_add", "survey_enter", "survey_upload", "response_remove")
POSTS = ("survey_publish", "survey_last_day", "response_read")
ON_QUESTION = ("survey_question_edit", "survey_question_remove", "survey_question_move")


@pytest.fixture
def here(db):
    return people.area("Here")


@pytest.fixture
def survey(here):
    """A draft of the place, with a question and a response that was sent."""
    survey = projects.survey(activity=factories.activity(areas=[here]), title=WORDS)
    question = projects.survey_question(survey, "Say")
    SurveyAnswer.objects.create(response=projects.survey_response(survey), question=question, text=WORDS)
    return survey


def requests_about(survey):
    """Every page of staff about a survey: its address, and whether it is sent to."""
    question, response = survey.questions.get(), survey.responses.get()
    yield from ((reverse(f"engagement:{name}", args=[survey.pk]), False) for name in (*READ, *CHANGE))
    yield from ((reverse(f"engagement:{name}", args=[survey.pk]), True) for name in POSTS)
    yield from ((reverse(f"engagement:{name}", args=[question.pk]), True) for name in ON_QUESTION)
    yield reverse("engagement:response_detail", args=[response.pk]), False
    yield reverse("engagement:survey_add", args=[survey.activity_id]), False


def statuses(client, survey):
    return {
        (client.post if is_sent else client.get)(address).status_code for address, is_sent in requests_about(survey)
    }


def as_it_was(survey):
    response = SurveyResponse.objects.get()
    return (Survey.objects.get().is_published, SurveyQuestion.objects.count(), response.read_at) == (True, 1, None)


def test_a_stranger_is_sent_to_sign_in(client, survey):
    assert statuses(client, survey) == {302}
    assert as_it_was(survey)


def test_a_member_sees_no_page_of_staff(client, survey):
    client.force_login(people.member().user)
    assert statuses(client, survey) == {403}
    assert client.get(reverse("engagement:survey_list")).status_code == 403
    assert as_it_was(survey)


def test_a_survey_of_another_area_is_not_found(client, survey):
    client.force_login(people.user("officer", area=people.area("Elsewhere")))
    assert statuses(client, survey) == {404}
    assert WORDS not in client.get(reverse("engagement:survey_list")).content.decode()
    assert as_it_was(survey)


def test_an_officer_of_the_area_sees_every_page(client, survey, here):
    client.force_login(people.user("officer", area=here))
    assert WORDS in client.get(reverse("engagement:survey_list")).content.decode()
    for name in (*READ, *CHANGE):
        assert client.get(reverse(f"engagement:{name}", args=[survey.pk])).status_code == 200
    assert client.get(reverse("engagement:survey_question_edit", args=[survey.questions.get().pk])).status_code == 200
    assert client.get(reverse("engagement:survey_add", args=[survey.activity_id])).status_code == 200


def test_a_project_lead_reads_and_changes_nothing(client, survey, here):
    client.force_login(people.user("project_lead", area=here))
    for name in READ:
        assert client.get(reverse(f"engagement:{name}", args=[survey.pk])).status_code == 200
    page = client.get(reverse("engagement:survey_work", args=[survey.pk])).content.decode()
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    for name in CHANGE:
        assert client.get(reverse(f"engagement:{name}", args=[survey.pk])).status_code == 403
    for name in POSTS:
        assert client.post(reverse(f"engagement:{name}", args=[survey.pk])).status_code == 403
    assert client.get(reverse("engagement:survey_add", args=[survey.activity_id])).status_code == 403
    assert as_it_was(survey)


@pytest.mark.parametrize("name", [*POSTS, "survey_question_remove", "survey_question_move", "survey_upload_confirm"])
def test_what_changes_something_is_never_done_by_looking(client, survey, name):
    client.force_login(people.user("officer"))
    assert client.get(reverse(f"engagement:{name}", args=[1])).status_code == 405


@pytest.mark.parametrize(
    ("state", "title"), [("draft", "Draft"), ("coming", "Coming"), ("open", "Open"), ("closed", "Closed")]
)
def test_surveys_are_found_by_state(client, state, title):
    client.force_login(people.user("officer"))
    projects.survey("draft", title="Draft", is_published=False)
    projects.survey("coming", title="Coming", opens_on=projects.in_days(2))
    projects.survey("open", title="Open")
    projects.survey("closed", title="Closed", opens_on=projects.in_days(-9), closes_on=projects.in_days(-1))
    page = client.get(reverse("engagement:survey_list"), {"state": state})
    assert [row.title for row in page.context["page"]] == [title]
    assert [row.state for row in page.context["page"]] == [state]


def test_the_list_says_how_many_came_and_wait(client, survey):
    client.force_login(people.user("officer"))
    projects.survey_response(survey, read_at=timezone.now())
    projects.survey_response(survey, is_sent=False)
    row = client.get(reverse("engagement:survey_list")).context["page"][0]
    assert (row.sent, row.unread) == (2, 1)


# How many queries --------------------------------------------------------------------------------


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def add_surveys(number):
    activity = factories.activity()
    for each in range(number):
        projects.survey(f"survey-{number}-{each}", activity=activity)


def add_responses(number):
    survey, question = Survey.objects.get(), SurveyQuestion.objects.get()
    for _each in range(number):
        SurveyAnswer.objects.create(response=projects.survey_response(survey), question=question, text="Words")


def test_lists_of_surveys_need_the_same_queries_at_1_10_and_100(client):
    client.force_login(people.user("officer"))
    for address in (reverse("engagement:survey_list"), reverse("surveys:survey_list")):
        counted = set()
        Survey.objects.all().delete()
        for more in (1, 9, 90):
            add_surveys(more)
            queries(client, address)
            counted.add(queries(client, address))
        assert len(counted) == 1


@pytest.mark.parametrize("name", ["response_list", "survey_work"])
def test_pages_of_a_survey_need_the_same_queries_at_1_10_and_100_responses(client, survey, name):
    client.force_login(people.user("officer"))
    address, counted = reverse(f"engagement:{name}", args=[survey.pk]), set()
    for more in (0, 9, 90):
        add_responses(more)
        queries(client, address)
        counted.add(queries(client, address))
    assert len(counted) == 1


def test_the_public_form_needs_the_same_queries_with_1_10_and_50_questions(client):
    survey, counted = projects.survey(), set()
    address = reverse("surveys:survey_answer", args=[survey.slug])
    for more in (1, 9, 40):
        for _each in range(more):
            projects.survey_question(survey, f"Question {survey.questions.count()}")
        counted.add(queries(client, address))
    assert len(counted) == 1
