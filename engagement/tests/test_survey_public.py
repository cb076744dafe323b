"""Answering a survey without an account: sending, saving, coming back, the receipt."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Participation, SurveyAnswer, SurveyResponse
from engagement.services.surveys import codes, forget_drafts, responses
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db
WORDS = "The last bus goes at five, so I cannot get home."


@pytest.fixture
def survey(db):
    activity = factories.activity(can_influence="The opening hours.", cannot_influence="The rent, as it is fixed.")
    return projects.survey(activity=activity, asks_about_people=True)


@pytest.fixture
def question(survey):
    return projects.survey_question(survey, "What matters to you?", is_required=True)


def answer_page(survey):
    return reverse("surveys:survey_answer", args=[survey.slug])


def sent(question, words=WORDS, **more):
    return {f"q{question.pk}": words, "form_token": str(uuid.uuid4()), **more}


def code_on(page):
    return re.search(r"<strong>([A-Z]{4} [A-Z]{4})</strong>", page.content.decode())[1]


# Looking -----------------------------------------------------------------------------------------


def test_everybody_sees_what_a_survey_is_about_and_what_can_change(client, survey, question):
    page = client.get(reverse("surveys:survey_detail", args=[survey.slug])).content.decode()
    for words in (survey.introduction, survey.paper_contact, "The opening hours.", "The rent, as it is fixed."):
        assert words in page
    assert "we count totals only" in page
    assert answer_page(survey) in page


def test_only_open_surveys_are_listed(client, survey):
    projects.survey("hidden", title="Not published", is_published=False)
    projects.survey("coming", title="Not yet", opens_on=projects.in_days(1))
    projects.survey("over", title="It is over", opens_on=projects.in_days(-9), closes_on=projects.in_days(-1))
    page = client.get(reverse("surveys:survey_list")).content.decode()
    assert survey.title in page
    assert [words for words in ("Not published", "Not yet", "It is over") if words in page] == []


@pytest.mark.parametrize("fields", [{"is_published": False}, {"opens_on": projects.in_days(1)}])
@pytest.mark.parametrize("name", ["survey_detail", "survey_answer"])
def test_a_survey_that_is_not_open_yet_leaves_no_trace(client, name, fields):
    survey = projects.survey("quiet", **fields)
    assert client.get(reverse(f"surveys:{name}", args=[survey.slug])).status_code == 404


def test_a_closed_survey_says_when_it_closed_and_asks_nothing(client, survey, question):
    survey.opens_on, survey.closes_on = projects.in_days(-9), projects.in_days(-1)
    survey.save()
    day = f"{survey.closes_on.day} {survey.closes_on:%B %Y}"
    for url in (survey.get_absolute_url(), answer_page(survey)):
        page = client.get(url).content.decode()
        assert f"This survey closed on {day}" in page
        assert "<form" not in page.split("<main")[1].split("</main")[0]


# Sending -----------------------------------------------------------------------------------------


def test_answers_of_every_kind_are_kept_and_give_a_code(client, survey, question):
    one = projects.survey_question(survey, "Which site?", "one", options=["Harlow", "Ware"])
    many = projects.survey_question(survey, "Which days?", "many", options=["Monday", "Tuesday", "Friday"])
    scale = projects.survey_question(survey, "How easy is it?", "scale")
    number = projects.survey_question(survey, "How many visits?", "number")
    line = projects.survey_question(survey, "Which bus?", "line")
    left_out = projects.survey_question(survey, "Anything else?", "text")
    data = sent(question) | {f"q{one.pk}": "Ware", f"q{many.pk}": ["Monday", "Friday"], f"q{scale.pk}": "4"}
    data |= {f"q{number.pk}": "0", f"q{line.pk}": "Bus 10", f"q{left_out.pk}": ""}
    page = client.post(answer_page(survey), data, follow=True)
    response = SurveyResponse.objects.get()
    assert (response.route, response.sent_at is not None, response.entered_by) == ("online", True, None)
    said = {answer.question_id: answer.value for answer in response.answers.select_related("question")}
    assert said == {
        question.pk: WORDS,
        one.pk: "Ware",
        many.pk: ["Monday", "Friday"],
        scale.pk: 4,
        number.pk: 0,
        line.pk: "Bus 10",
    }
    code = code_on(page)
    assert response.code_hash == codes.hashed(code)
    assert code.replace(" ", "") not in response.code_hash
    assert AuditEvent.objects.filter(verb="received", subject_id=str(response.pk)).count() == 1


def test_no_cookie_is_set_but_the_one_against_forged_forms(survey, question):
    visitor = Client()
    visitor.get(answer_page(survey))
    visitor.post(answer_page(survey), sent(question), follow=True)
    assert {name.rpartition("-")[2].removesuffix("token") for name in visitor.cookies} == {"csrf"}


def test_a_required_question_is_asked_for_and_what_was_typed_stays(client, survey, question):
    other = projects.survey_question(survey, "Anything else?")
    page = client.post(answer_page(survey), sent(question, "") | {f"q{other.pk}": WORDS})
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("Answer the question “What matters to you?”") == 2
    assert f'href="#id_q{question.pk}"' in text
    assert WORDS in text
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", "x" * 4001, "must be 4000 characters or fewer"),
        ("line", "x" * 201, "must be 200 characters or fewer"),
        ("number", "some", "must be a whole number"),
        ("number", "-1", "must be 0 or more"),
        ("scale", "6", "Select an answer from the list"),
        ("one", "Elsewhere", "Select an answer from the list"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_words(client, survey, kind, value, words):
    options = ["Harlow", "Ware"] if kind == "one" else []
    question = projects.survey_question(survey, "Say", kind, options=options)
    page = client.post(answer_page(survey), sent(question, value))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not SurveyResponse.objects.exists()


def test_the_service_holds_the_same_line(survey, question):
    one = projects.survey_question(survey, "Which site?", "one", options=["Harlow", "Ware"])
    with pytest.raises(ValidationError) as refused:
        responses.send(survey, {one.pk: "Elsewhere"}, form_token=uuid.uuid4())
    assert refused.value.message_dict == {
        f"q{question.pk}": ["Answer the question “What matters to you?”"],
        f"q{one.pk}": ["Choose from: Harlow; Ware"],
    }
    assert not SurveyResponse.objects.exists()


def test_an_empty_form_is_not_a_response(client, survey):
    question = projects.survey_question(survey)
    page = client.post(answer_page(survey), sent(question, ""))
    assert (page.status_code, SurveyResponse.objects.count()) == (422, 0)
    assert "Answer at least one question" in page.content.decode()


def test_the_same_form_twice_is_one_response_with_one_code(client, survey, question):
    data = sent(question)
    pages = [client.post(answer_page(survey), data, follow=True) for _time in range(2)]
    assert SurveyResponse.objects.count() == SurveyAnswer.objects.count() == 1
    assert code_on(pages[0]) == code_on(pages[1])


def test_what_was_sent_is_not_changed_by_the_same_form(client, survey, question):
    data = sent(question)
    client.post(answer_page(survey), data)
    client.post(answer_page(survey), data | {f"q{question.pk}": "Other words"})
    client.post(answer_page(survey), data | {f"q{question.pk}": "Other words", "save": "yes"})
    assert SurveyAnswer.objects.get().text == WORDS
    assert SurveyResponse.objects.get().sent_at is not None


def test_a_form_of_one_survey_does_not_reach_another(survey, question):
    other = projects.survey("other")
    token = uuid.uuid4()
    responses.keep_draft(survey, {question.pk: WORDS}, form_token=token)
    with pytest.raises(ValidationError, match="another survey"):
        responses.send(other, {}, form_token=token)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_is_one_response(tmp_path):
    survey = projects.survey()
    question, token = projects.survey_question(survey), uuid.uuid4()
    calls = [lambda: responses.send(survey, {question.pk: WORDS}, form_token=token).pk for _time in range(2)]
    assert len(set(race(tmp_path, *calls))) == 1


def test_too_many_forms_from_one_place_wait(client, survey, question, monkeypatch):
    monkeypatch.setattr("engagement.views.surveys_public.MOST_AN_HOUR", 1)
    assert client.post(answer_page(survey), sent(question)).status_code == 302
    page = client.post(answer_page(survey), sent(question))
    assert (page.status_code, SurveyResponse.objects.count()) == (422, 1)
    assert WORDS in page.content.decode()


# Saving and coming back --------------------------------------------------------------------------


def save(client, survey, question, words=WORDS):
    return client.post(answer_page(survey), sent(question, words, save="yes"), follow=True)


def test_saved_answers_come_back_with_the_code_and_are_sent_once(client, survey, question):
    other = projects.survey_question(survey, "Which days?", "many", options=["Monday", "Friday"])
    page = client.post(answer_page(survey), sent(question, "", save="yes") | {f"q{other.pk}": ["Friday"]}, follow=True)
    draft = SurveyResponse.objects.get()
    assert draft.sent_at is None
    assert "not sent yet" in page.content.decode()
    resumed = Client().post(reverse("surveys:survey_resume"), {"code": code_on(page).lower().replace(" ", "-")})
    text = resumed.content.decode()
    assert str(draft.form_token) in text
    assert re.search(r'value="Friday" checked', text)
    assert not re.search(r'value="Monday" checked', text)
    data = {"form_token": str(draft.form_token), f"q{question.pk}": WORDS, f"q{other.pk}": ["Monday"]}
    again = Client().post(answer_page(survey), data, follow=True)
    assert code_on(again) == code_on(page)
    response = SurveyResponse.objects.get()
    assert (response.pk, response.sent_at is not None) == (draft.pk, True)
    assert sorted(answer.words for answer in response.answers.select_related("question")) == ["Monday", WORDS]


@pytest.mark.parametrize(
    ("name", "words"),
    [("survey_resume", "There are no answers with that code"), ("receipt", "We do not know this code")],
)
def test_a_wrong_code_says_nothing_more(client, survey, question, name, words):
    save(client, survey, question)
    page = client.post(reverse(f"surveys:{name}"), {"code": "BCDF GHJK"}, follow=True)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert WORDS not in page.content.decode()


def test_codes_cannot_be_tried_without_end(client, survey, question, monkeypatch):
    monkeypatch.setattr("core.codes.MOST_AN_HOUR", 1)
    code = code_on(save(client, survey, question))
    assert client.post(reverse("receipts:receipt"), {"code": "BCDF GHJK"}).status_code == 422
    page = client.post(reverse("surveys:survey_resume"), {"code": code})
    assert page.status_code == 422
    assert "Try again in an hour" in page.content.decode()
    assert WORDS not in page.content.decode()


def test_drafts_are_forgotten_and_what_was_sent_stays(survey, question):
    def draft(days, **fields):
        return projects.survey_response(survey, is_sent=False, started_at=timezone.now() - timedelta(days), **fields)

    old, young, kept = draft(31), draft(29), projects.survey_response(survey, started_at=timezone.now() - timedelta(99))
    over = projects.survey("over", opens_on=projects.in_days(-9), closes_on=projects.in_days(-4))
    just = projects.survey("just", opens_on=projects.in_days(-9), closes_on=projects.in_days(-3))
    gone, waits = (projects.survey_response(each, is_sent=False) for each in (over, just))
    SurveyAnswer.objects.create(response=old, question=question, text=WORDS)
    assert forget_drafts() == 2
    assert set(SurveyResponse.objects.all()) == {young, kept, waits}
    assert {old.pk, gone.pk}.isdisjoint(SurveyResponse.objects.values_list("pk", flat=True))
    assert forget_drafts() == 0


@pytest.mark.parametrize("ago", [1, 3])
def test_what_somebody_wrote_while_the_survey_closed_is_kept_unsent(client, survey, question, ago):
    survey.opens_on, survey.closes_on = projects.in_days(-9), projects.in_days(-ago)
    survey.save()
    page = client.post(answer_page(survey), sent(question), follow=True)
    text = page.content.decode()
    assert SurveyResponse.objects.get().sent_at is None
    assert "The survey closed while you were writing" in text
    assert survey.paper_contact in text
    read = client.post(reverse("surveys:survey_resume"), {"code": code_on(page)}, follow=True).content.decode()
    assert WORDS in read
    assert "These answers are not sent" in read


def test_four_days_after_the_last_day_nothing_is_kept_and_nothing_is_wiped(client, survey, question):
    survey.opens_on, survey.closes_on = projects.in_days(-9), projects.in_days(-4)
    survey.save()
    page = client.post(answer_page(survey), sent(question))
    assert (page.status_code, SurveyResponse.objects.count()) == (422, 0)
    assert WORDS in page.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "words"), [(-9, -1, "This survey closed on"), (1, 9, "This survey is not open yet")]
)
def test_the_service_takes_nothing_before_the_first_day_or_after_the_last(survey, question, first, last, words):
    survey.opens_on, survey.closes_on = projects.in_days(first), projects.in_days(last)
    survey.save()
    with pytest.raises(ValidationError, match=words):
        responses.send(survey, {question.pk: WORDS}, form_token=uuid.uuid4())
    assert not SurveyResponse.objects.exists()


# The receipt -------------------------------------------------------------------------------------


def test_the_receipt_shows_what_was_said_and_how_many_were_read(client, survey, question):
    code = code_on(client.post(answer_page(survey), sent(question), follow=True))
    projects.survey_response(survey, read_at=timezone.now())
    other = projects.survey_response(survey)
    SurveyAnswer.objects.create(response=other, question=question, text="Words of somebody else")
    page = client.post(reverse("surveys:receipt"), {"code": code}, follow=True)
    text = page.content.decode()
    assert WORDS in text
    assert "Words of somebody else" not in text
    assert "We have 3 responses." in text
    assert "A person has read 1 of them." in text
    assert "Nobody has read them yet." in text
    assert reverse("insights:response_list") in text
    assert "no-store" in page["Cache-Control"]


def test_the_page_after_sending_needs_its_signed_address(client, survey, question):
    client.post(answer_page(survey), sent(question))
    for address in ("", f"?answers={SurveyResponse.objects.get().pk}"):
        assert client.get(reverse("surveys:survey_sent") + address).status_code == 404


# Questions about people --------------------------------------------------------------------------


def about_page(client, survey, question):
    page = client.post(answer_page(survey), sent(question), follow=True).content.decode()
    return re.search(r'href="([^"]*about-you[^"]*)"', page)[1].replace("&amp;", "&")


def test_equality_answers_raise_totals_once_and_are_kept_nowhere_else(client, survey, question):
    sex = people.equality_question("sex")
    female = sex.options.get(code="female")
    address = about_page(client, survey, question)
    assert "Every question is optional" in client.get(address).content.decode()
    for _time in range(2):
        assert client.post(address, {f"about{sex.pk}": female.pk}).status_code == 302
    total = Participation.objects.get()
    first = timezone.localdate().replace(day=1)
    assert (total.activity, total.option, total.number, total.on) == (survey.activity, female, 1, first)
    assert total.source == f"survey: {survey.slug}"
    response = SurveyResponse.objects.get()
    assert response.is_counted
    assert [answer.text for answer in response.answers.all()] == [WORDS]
    assert client.post(about_page(client, survey, question), {f"about{sex.pk}": female.pk}).status_code == 302
    assert [row.number for row in Participation.objects.all()] == [2]


def test_questions_about_people_can_be_left_out(client, survey, question):
    people.equality_question("sex")
    assert client.post(about_page(client, survey, question), {}).status_code == 302
    assert not Participation.objects.exists()
    assert not SurveyResponse.objects.get().is_counted


def test_a_survey_that_does_not_ask_about_people_has_no_such_page(client, survey, question):
    people.equality_question("sex")
    address = about_page(client, survey, question)
    survey.asks_about_people = False
    survey.save()
    assert client.get(address).status_code == 404
    assert "about-you" not in client.post(answer_page(survey), sent(question), follow=True).content.decode()
