"""Writing, previewing, publishing and closing a survey, and who may."""

import io

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.models import AuditEvent
from engagement.documents.paper_form import paper_form_page
from engagement.models import Survey
from engagement.services.surveys import editing
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def survey(db):
    return projects.survey(is_published=False)


def url(name, row):
    return reverse(f"engagement:{name}", args=[row.pk])


def words_of(survey, **fields):
    first, last = fields.pop("opens_on", projects.in_days(1)), fields.pop("closes_on", projects.in_days(30))
    dates = {
        f"{name}_{place}": part
        for name, day in (("opens_on", first), ("closes_on", last))
        for place, part in enumerate((day.day, day.month, day.year))
    }
    defaults = {"title": "Moving the clinic", "introduction": "What matters to you?", "paper_contact": "01234 567890"}
    return defaults | dates | fields


# Its words ---------------------------------------------------------------------------------------


def test_a_survey_is_added_to_an_activity_with_an_address_of_its_own(client, officer):
    activity = factories.activity()
    projects.survey("moving-the-clinic")
    page = client.post(url("survey_add", activity), words_of(None, asks_about_people="on"))
    survey = Survey.objects.get(slug="moving-the-clinic-2")
    assert (page.status_code, page["Location"]) == (302, url("survey_work", survey))
    assert (survey.activity, survey.is_published, survey.asks_about_people) == (activity, False, True)
    assert AuditEvent.objects.filter(verb="added", subject_type="engagement.survey").count() == 1


@pytest.mark.parametrize(("title", "slug"), [("Receipt", "receipt-2"), ("健康", "survey")])
def test_an_address_never_hides_another_page(officer, title, slug):
    values = {"introduction": "Why", "paper_contact": "Call", "opens_on": projects.in_days(0)}
    survey = editing.add_survey(factories.activity(), by=officer, title=title, closes_on=projects.in_days(1), **values)
    assert survey.slug == slug


def test_the_last_day_is_not_before_the_first(client, officer, survey):
    data = words_of(survey, closes_on=projects.in_days(0))
    page = client.post(url("survey_add", survey.activity), data)
    assert page.status_code == 422
    assert "The last day must not be before the first day" in page.content.decode()
    assert Survey.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.update(opens_on=projects.in_days(9), closes_on=projects.in_days(1))


def test_a_survey_changes_until_it_is_published(client, officer, survey):
    projects.survey_question(survey)
    assert client.post(url("survey_edit", survey), words_of(survey, title="Other")).status_code == 302
    survey.refresh_from_db()
    assert survey.title == "Other"
    editing.publish_survey(survey, by=officer)
    page = client.post(url("survey_edit", survey), words_of(survey, title="Too late"))
    assert page.status_code == 422
    assert "Only its last day can be changed now" in page.content.decode()
    survey.refresh_from_db()
    assert survey.title == "Other"


# Publishing and closing --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"introduction": " "}, "Write an introduction"),
        ({"paper_contact": ""}, "Say how people get it on paper or by telephone"),
        (
            {"opens_on": projects.in_days(-9), "closes_on": projects.in_days(-1)},
            "Choose a last day that is not in the past",
        ),
    ],
)
def test_what_is_missing_keeps_a_survey_from_being_published(officer, fields, words):
    survey = projects.survey(is_published=False, **fields)
    projects.survey_question(survey)
    with pytest.raises(ValidationError) as refused:
        editing.publish_survey(survey, by=officer)
    assert refused.value.messages == [words]
    assert not Survey.objects.get().is_published


def test_a_survey_without_a_question_is_not_published(client, officer, survey):
    page = client.post(url("survey_publish", survey), follow=True)
    assert "Add at least one question" in page.content.decode()
    assert not Survey.objects.get().is_published


def test_publishing_twice_is_publishing_once(client, officer, survey):
    projects.survey_question(survey)
    assert client.get(survey.get_absolute_url()).status_code == 404
    for _time in range(2):
        client.post(url("survey_publish", survey))
    assert client.get(survey.get_absolute_url()).status_code == 200
    assert AuditEvent.objects.filter(verb="published").count() == 1


def last_day(day):
    return {"closes_on_0": day.day, "closes_on_1": day.month, "closes_on_2": day.year}


def test_a_survey_closes_early(client, officer):
    survey = projects.survey()
    for _time in range(2):
        assert client.post(url("survey_last_day", survey), last_day(projects.in_days(0))).status_code == 302
    survey.refresh_from_db()
    assert survey.closes_on == projects.in_days(0)
    assert AuditEvent.objects.filter(verb="moved the last day").count() == 1


def test_a_survey_does_not_close_in_the_past(client, officer):
    survey = projects.survey()
    page = client.post(url("survey_last_day", survey), last_day(projects.in_days(-1)))
    assert page.status_code == 422
    assert "The last day must be today or later" in page.content.decode()
    assert Survey.objects.get().closes_on == projects.in_days(30)


# Questions ---------------------------------------------------------------------------------------


def asked(survey):
    return list(survey.questions.order_by("order").values_list("text", flat=True))


def test_questions_are_added_changed_moved_and_taken_out(client, officer, survey):
    for text in ("First?", "Second?", "Third?"):
        assert client.post(url("survey_question_add", survey), {"text": text, "kind": "text"}).status_code == 302
    first, second, third = survey.questions.order_by("order")
    client.post(url("survey_question_move", third), {"to": "up"})
    assert asked(survey) == ["First?", "Third?", "Second?"]
    client.post(url("survey_question_move", first), {"to": "up"})
    client.post(url("survey_question_move", second), {"to": "down"})
    assert asked(survey) == ["First?", "Third?", "Second?"]
    client.post(url("survey_question_move", first), {"to": "down"})
    assert asked(survey) == ["Third?", "First?", "Second?"]
    data = {"text": "Which?", "kind": "one", "options": "Harlow\n\n  Ware ", "is_required": "on"}
    assert client.post(url("survey_question_edit", first), data).status_code == 302
    first.refresh_from_db()
    assert (first.text, first.kind, first.options, first.is_required) == ("Which?", "one", ["Harlow", "Ware"], True)
    assert client.post(url("survey_question_remove", third)).status_code == 302
    assert asked(survey) == ["Which?", "Second?"]


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("one", "Harlow", "Write at least two answers, each on a line of its own"),
        ("many", "Harlow\nharlow", "Two answers are the same. Keep one of them"),
        ("one", "Harlow; Ware\nEpping", "Write the answers without semicolons"),
        ("one", "x" * 201 + "\nHarlow", "An answer must be 200 characters or fewer"),
        ("text", "Harlow\nWare", "Only a choice has answers to choose from. Leave this empty"),
    ],
)
def test_answers_to_choose_from_that_do_not_fit_are_refused(client, officer, survey, kind, options, words):
    page = client.post(url("survey_question_add", survey), {"text": "Which?", "kind": kind, "options": options})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not survey.questions.exists()


def test_the_same_question_twice_is_refused_by_form_and_database(client, officer, survey):
    projects.survey_question(survey, "Which?")
    page = client.post(url("survey_question_add", survey), {"text": "Which?", "kind": "text"})
    assert page.status_code == 422
    assert "This question is there already" in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        projects.survey_question(survey, "Which?")


@pytest.mark.parametrize("is_sent", [True, False])
def test_questions_stay_as_they_are_once_somebody_has_begun_to_answer(client, officer, survey, is_sent):
    first, second = projects.survey_question(survey, "First?"), projects.survey_question(survey, "Second?")
    projects.survey_response(survey, is_sent=is_sent)
    words = "the questions stay as they are"
    for name, row in (("survey_question_add", survey), ("survey_question_edit", first)):
        page = client.post(url(name, row), {"text": "Other?", "kind": "text"})
        assert (page.status_code, words in page.content.decode()) == (422, True)
    for name, row in (("survey_question_remove", first), ("survey_question_move", second)):
        assert words in client.post(url(name, row), {"to": "up"}, follow=True).content.decode()
    assert asked(survey) == ["First?", "Second?"]


def test_a_published_survey_keeps_its_last_question(officer):
    survey = projects.survey()
    question = projects.survey_question(survey)
    with pytest.raises(ValidationError, match="needs a question"):
        editing.remove_question(question, by=officer)
    assert survey.questions.count() == 1


def test_taking_a_question_out_twice_is_harmless(officer, survey):
    question = projects.survey_question(survey)
    for _time in range(2):
        editing.remove_question(question, by=officer)
    assert AuditEvent.objects.filter(verb="removed").count() == 1


def test_the_preview_shows_the_questions_and_sends_nothing(client, officer, survey):
    projects.survey_question(survey, "Which?", "one", options=["Harlow", "Ware"])
    text = client.get(url("survey_preview", survey)).content.decode()
    assert "Which?" in text
    assert "Harlow" in text
    assert "<button" not in text.split("<main")[1].split("</main")[0]


# On paper ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("query", "name"), [("", "clinic.pdf"), ("?print=large", "clinic-large-print.pdf")])
def test_the_paper_form_is_a_tagged_pdf(client, officer, query, name):
    survey = projects.survey()
    projects.survey_question(survey, "Which?", "one", options=["Harlow", "Ware"])
    projects.survey_question(survey, "How easy?", "scale", hint="To get there.")
    projects.survey_question(survey, "Anything else?")
    people.equality_question("sex")
    page = client.get(url("survey_paper", survey) + query)
    assert page["Content-Disposition"] == f'attachment; filename="{name}"'
    with pikepdf.open(io.BytesIO(page.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == survey.title


def test_the_paper_form_asks_everything_and_says_where_to_send_it():
    survey = projects.survey()
    projects.survey_question(survey, "Which?", "one", options=["Harlow", "Ware"])
    people.equality_question("sex")
    text = paper_form_page(survey, is_large=False)
    for words in ("1. Which?", "<li>Harlow</li>", survey.paper_contact, "Form clinic, activity", "Female"):
        assert words in text
    survey.asks_about_people = False
    assert "Female" not in paper_form_page(survey, is_large=False)


def test_without_the_libraries_for_pdfs_the_page_says_so(client, officer, without_pango):
    survey = projects.survey()
    page = client.get(url("survey_paper", survey), follow=True)
    assert "No PDF can be made on this machine" in page.content.decode()
