"""Entering paper, reading responses, results, deleting on request."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.documents.survey_results import numbers, results
from engagement.models import Participation, SurveyAnswer, SurveyResponse
from engagement.services.surveys import codes, count_answers, reading, responses
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db
WORDS = "The last bus goes at five."


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def survey(db):
    return projects.survey(opens_on=projects.in_days(-20))


@pytest.fixture
def question(survey):
    return projects.survey_question(survey, "What matters to you?", is_required=True)


def url(name, row):
    return reverse(f"engagement:{name}", args=[row.pk])


def on(day):
    return {"on_0": day.day, "on_1": day.month, "on_2": day.year}


def typed(question, *, day=None, words=WORDS, **more):
    token = {"form_token": str(uuid.uuid4())}
    return token | {"route": "paper", f"q{question.pk}": words} | on(day or projects.in_days(-2)) | more


def answered(survey, *values, **fields):
    """A response with these values, in the order of the questions; None is no answer."""
    response = projects.survey_response(survey, **fields)
    given = zip(survey.questions.order_by("order"), values, strict=False)
    SurveyAnswer.objects.bulk_create(
        responses._answer(response, question, value) for question, value in given if value is not None
    )
    return response


# Paper, telephone, in person ---------------------------------------------------------------------


def test_staff_enter_paper_and_get_the_code_for_the_person(client, officer, survey, question):
    sex = people.equality_question("sex")
    male, data = sex.options.get(code="male"), typed(question)
    for _time in range(2):
        page = client.post(url("survey_enter", survey), data | {f"about{sex.pk}": male.pk}, follow=True)
    response = SurveyResponse.objects.get()
    assert (response.route, response.entered_by, response.is_counted) == ("paper", officer, True)
    assert timezone.localdate(response.sent_at) == projects.in_days(-2)
    assert response.read_at is None
    assert f"Give this code to the person: {codes.code_of(response)}" in page.content.decode()
    assert [(row.option, row.number) for row in Participation.objects.all()] == [(male, 1)]
    assert AuditEvent.objects.filter(verb="entered").count() == 1


def test_paper_comes_as_it_comes_so_nothing_has_to_be_answered(client, officer, survey, question):
    other = projects.survey_question(survey, "Anything else?")
    data = typed(question, words="") | {f"q{other.pk}": WORDS}
    assert client.post(url("survey_enter", survey), data).status_code == 302
    assert [answer.question for answer in SurveyAnswer.objects.all()] == [other]


@pytest.mark.parametrize(("ago", "status"), [(14, 302), (15, 422)])
def test_paper_in_the_post_is_taken_for_14_days_after_the_last_day(client, officer, survey, question, ago, status):
    survey.closes_on = projects.in_days(-ago)
    survey.save()
    assert client.post(url("survey_enter", survey), typed(question)).status_code == status
    assert SurveyResponse.objects.count() == (status == 302)


@pytest.mark.parametrize("day", [-21, 1])
def test_the_day_on_which_it_came_lies_between_the_first_day_and_today(client, officer, survey, question, day):
    page = client.post(url("survey_enter", survey), typed(question, day=projects.in_days(day)))
    assert page.status_code == 422
    assert "The day must be from the first day of the survey until today" in page.content.decode()
    assert not SurveyResponse.objects.exists()


# Totals ------------------------------------------------------------------------------------------


def test_totals_go_up_by_one_for_each_answer(survey):
    option = people.equality_question("sex").options.get(code="female")
    shared = {"on": projects.in_days(0), "source": "survey: clinic"}
    for _time in range(3):
        count_answers(survey.activity, [option], **shared)
    count_answers(survey.activity, [option], on=projects.in_days(-1), source="survey: clinic")
    assert sorted(Participation.objects.values_list("number", flat=True)) == [1, 3]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_are_two_in_the_totals(tmp_path):
    activity, option = factories.activity(), people.equality_question("sex").options.first()
    calls = [lambda: count_answers(activity, [option], on=projects.in_days(0), source="x") for _time in range(2)]
    assert race(tmp_path, *calls) == [None, None]


# Reading -----------------------------------------------------------------------------------------


def test_a_page_of_responses_is_marked_as_read_once(client, officer, survey, question):
    first, second = (answered(survey, WORDS) for _time in range(2))
    draft = answered(survey, "Not sent", is_sent=False)
    elsewhere = projects.survey_response(projects.survey("other"))
    sent = {"response": [first.pk, second.pk, draft.pk, elsewhere.pk, "x", "9" * 30]}
    for _time in range(2):
        assert client.post(url("response_read", survey), sent).status_code == 302
    rows = {row.pk: row for row in SurveyResponse.objects.all()}
    assert [rows[row.pk].read_by for row in (first, second, draft, elsewhere)] == [officer, officer, None, None]
    assert AuditEvent.objects.filter(verb="read").count() == 2


def test_who_read_first_stays(officer, survey):
    response, other = projects.survey_response(survey), people.user("officer")
    assert reading.mark_read(survey, [response.pk], by=officer) == 1
    assert reading.mark_read(survey, [response.pk], by=other) == 0
    response.refresh_from_db()
    assert response.read_by == officer


def test_the_list_has_what_nobody_has_read_first(client, officer, survey, question):
    read = answered(survey, WORDS, read_at=timezone.now(), sent_at=timezone.now())
    old = answered(survey, WORDS, sent_at=timezone.now() - timedelta(days=3))
    new = answered(survey, WORDS, sent_at=timezone.now() - timedelta(days=1))
    answered(survey, "A draft", is_sent=False)
    page = client.get(url("response_list", survey))
    assert list(page.context["page"]) == [new, old, read]
    assert "A draft" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=BUS", ["bus"]),
        ("state=read", ["train"]),
        ("state=unread", ["bus"]),
        ("route=paper", ["train"]),
        ("state=unknown", ["bus", "train"]),
    ],
)
def test_responses_are_found_by_words_state_and_route(client, officer, survey, question, query, found):
    answered(survey, "The bus")
    answered(survey, "The train", read_at=timezone.now(), route="paper")
    rows = client.get(f"{url('response_list', survey)}?{query}").context["page"]
    assert [row.answers.get().text.removeprefix("The ") for row in rows] == found


def test_one_response_is_read_on_its_own_page(client, officer, survey, question):
    response = answered(survey, WORDS)
    text = client.get(url("response_detail", response)).content.decode()
    assert WORDS in text
    assert "Nobody has read it yet." in text
    client.post(url("response_read", survey), {"response": response.pk})
    assert f"by {officer}" in client.get(url("response_detail", response)).content.decode()
    SurveyResponse.objects.update(read_by=None)
    assert "Read on" in client.get(url("response_detail", response)).content.decode()


def test_a_draft_has_no_page(client, officer, survey, question):
    assert client.get(url("response_detail", answered(survey, WORDS, is_sent=False))).status_code == 404


# Results -----------------------------------------------------------------------------------------


def test_results_count_who_answered_each_question(survey):
    projects.survey_question(survey, "Which site?", "one", options=["Harlow", "Ware", "Epping"])
    projects.survey_question(survey, "Which days?", "many", options=["Monday", "Friday"])
    projects.survey_question(survey, "How easy?", "scale")
    projects.survey_question(survey, "How many?", "number")
    projects.survey_question(survey, "Say")
    answered(survey, "Harlow", ["Monday", "Friday"], 1, 0, WORDS)
    answered(survey, "Harlow", ["Friday"], 5, 3, None)
    answered(survey, "Ware", None, 5, 4, None)
    answered(survey, "Ware", ["Monday"], 5, 9, "A draft", is_sent=False)
    site, days, easy, many, said = results(survey)
    assert (site.base, site.rows) == (3, [("Harlow", 2, "67%"), ("Ware", 1, "33%"), ("Epping", 0, "0%")])
    assert (days.base, days.rows) == (2, [("Monday", 1, "50%"), ("Friday", 2, "100%")])
    assert [row[1] for row in easy.rows] == [1, 0, 0, 0, 2]
    assert (many.base, many.span) == (3, (0, 3, 4))
    assert (said.base, said.words) == (1, [WORDS])
    assert "Harlow: 2; Ware: 1; Epping: 0" in site.picture


def test_the_middle_of_an_even_number_of_numbers_lies_between_two(survey):
    projects.survey_question(survey, "How many?", "number")
    for value in (1, 2, 5, 9):
        answered(survey, value)
    assert results(survey)[0].span == (1, 3.5, 9)


def test_a_question_that_nobody_answered_has_no_share(survey):
    projects.survey_question(survey, "Which site?", "one", options=["Harlow", "Ware"])
    projects.survey_question(survey, "How many?", "number")
    site, many = results(survey)
    assert (site.base, site.rows, site.picture) == (0, [("Harlow", 0, "–"), ("Ware", 0, "–")], "")
    assert many.span is None


def test_numbers_tell_routes_and_drafts_apart(client, officer, survey, question):
    answered(survey, WORDS, read_at=timezone.now())
    answered(survey, WORDS, route="paper")
    answered(survey, WORDS, is_sent=False)
    found = numbers(survey)
    assert (found.sent, found.read, found.unread, found.drafts) == (2, 1, 1, 1)
    assert [row for row in found.routes if row[1]] == [("on the page", 1, 1), ("on paper", 1, 0)]
    text = client.get(url("survey_work", survey)).content.decode()
    assert "1 response is not read" in text
    assert "1 more is being written and not sent." in text
    assert WORDS in text


# Deleting on request -----------------------------------------------------------------------------


def test_answers_are_deleted_by_their_code_with_a_reason(client, officer, survey, question):
    kept = answered(survey, WORDS)
    gone = responses.send(survey, {question.pk: WORDS}, form_token=uuid.uuid4())
    data = {"code": codes.code_of(gone), "reason": "asked"}
    assert client.post(url("response_remove", survey), data).status_code == 302
    assert list(SurveyResponse.objects.all()) == [kept]
    event = AuditEvent.objects.get(verb="removed")
    assert (event.detail["reason"], WORDS in str(event.detail)) == ("asked", False)
    page = client.post(url("response_remove", survey), data)
    assert page.status_code == 422
    assert "There are no answers with that code in this survey" in page.content.decode()


def test_a_code_of_another_survey_deletes_nothing(officer, survey, question):
    response = responses.send(survey, {question.pk: WORDS}, form_token=uuid.uuid4())
    with pytest.raises(ValidationError, match="no answers with that code in this survey"):
        responses.remove_response(projects.survey("other"), codes.code_of(response), reason="asked", by=officer)
    with pytest.raises(ValidationError, match="Select a reason"):
        responses.remove_response(survey, codes.code_of(response), reason="", by=officer)
    assert SurveyResponse.objects.count() == 1


def test_the_project_whose_gate_counts_unread_responses_is_locked_first():
    survey = projects.survey("gated", activity=factories.activity(project=projects.project()))
    question = projects.survey_question(survey)
    with CaptureQueriesContext(connection) as queries:
        responses.send(survey, {question.pk: WORDS}, form_token=uuid.uuid4())
    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert 'FROM "engagement_project"' in asked[0]
    assert ("FOR UPDATE" in asked[0]) == connection.features.has_select_for_update
