"""Check lists: answers with evidence at four points, the door they shut, and the page on which all are given."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from core.profiles import load
from core.tests.racing import race
from engagement.models import CheckAnswer, CheckList, CheckQuestion, Project
from engagement.services import checks as services
from engagement.services import stages
from engagement.services.checks import Given
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Stage = Project.Stage
MINUTES = "Minutes of the steering group."


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def project():
    return factories.project(stage=Stage.OPTIONS)


@pytest.fixture
def question():
    return factories.check_list().questions.get()


def refused(error) -> str:
    return " ".join(error.value.messages)


def words(project, to):
    return [(each.words, each.can_be_overridden) for each in services.gate(project, to)]


# Answers -----------------------------------------------------------------------------------------


def test_an_answer_changes_in_place_and_its_history_is_kept(project, question, officer):
    services.answer(project, question, "open", rating="amber", evidence=MINUTES, by=officer)
    services.answer(project, question, "open", rating="green", evidence=f" {MINUTES} ", by=officer)
    row = services.answer(project, question, "open", rating="green", evidence=MINUTES, by=people.user("lead"))
    assert (row.rating, row.evidence, row.by) == ("green", MINUTES, officer)
    assert [each.rating for each in row.versions.all()] == ["green", "amber"]
    assert AuditEvent.objects.filter(verb="answered").count() == 2


def test_an_answer_rests_on_evidence(project, question, officer):
    with pytest.raises(ValidationError):
        services.answer(project, question, "open", rating="green", evidence=" ", by=officer)
    assert not CheckAnswer.objects.exists()
    with pytest.raises(IntegrityError):
        factories.check_answer(project, question, "open", evidence="")


def test_several_answers_are_kept_together_or_not_at_all(project, officer):
    first, second = factories.check_list(questions=("formative", "time")).questions.all()
    given = [Given(first, "green", MINUTES), Given(second, "green", "")]
    with pytest.raises(ValidationError):
        services.answer_all(project, "open", given, by=officer)
    assert not CheckAnswer.objects.exists()


def test_a_question_is_answered_where_it_is_asked(project, question, officer):
    CheckQuestion.objects.update(at_points=["close"])
    with pytest.raises(ValidationError) as error:
        services.answer(project, question, "open", rating="green", evidence=MINUTES, by=officer)
    assert error.value.code == "not_asked"
    assert services.questions_at("open") == []
    assert services.questions_at("close") == [question]


@pytest.mark.parametrize(
    ("point", "stage"),
    [("plan", "options"), ("open", "consultation"), ("close", "analysis"), ("decision", "decision")],
)
def test_behind_its_door_an_answer_stays(point, stage, question, officer):
    project = factories.project(stage=stage)
    with pytest.raises(ValidationError) as error:
        services.answer(project, question, point, rating="green", evidence=MINUTES, by=officer)
    assert error.value.code == "passed"
    Project.objects.filter(pk=project.pk).update(stage=stages.ORDER[stages.ORDER.index(stage) - 1])
    assert services.answer(project, question, point, rating="green", evidence=MINUTES, by=officer).point == point


def test_nobody_answers_for_a_project_that_is_not_theirs_or_has_ended(project, question, officer):
    with pytest.raises(PermissionDenied):
        services.answer(project, question, "open", rating="green", evidence=MINUTES, by=people.user("project_lead"))
    Project.objects.update(stopped_on=factories.in_days(0), stopped_because="No money.")
    with pytest.raises(ValidationError) as error:
        services.answer(project, question, "open", rating="green", evidence=MINUTES, by=officer)
    assert error.value.code == "ended"


# The gate ----------------------------------------------------------------------------------------


def test_no_answer_stands_in_the_way_and_cannot_be_overridden(project, question):
    text = "Gunning, opening: answer the question “Is it formative?”"
    assert words(project, Stage.CONSULTATION) == [(text, False)]


def test_a_red_answer_stands_in_the_way_and_can_be_overridden(project, question):
    factories.check_answer(project, question, "open", "red")
    assert words(project, Stage.CONSULTATION) == [("Gunning, opening: the answer to “Is it formative?” is red", True)]


@pytest.mark.parametrize("rating", ["green", "amber"])
def test_green_and_amber_open_the_door(project, question, rating):
    factories.check_answer(project, question, "open", rating)
    assert words(project, Stage.CONSULTATION) == []


@pytest.mark.parametrize(
    ("stage", "to", "point"),
    [
        ("formative", "options", "plan"),
        ("options", "consultation", "open"),
        ("consultation", "analysis", "close"),
        ("analysis", "decision", "decision"),
    ],
)
def test_each_door_asks_for_its_own_point(stage, to, point, question):
    project = factories.project(stage=stage)
    for other in {"plan", "open", "close", "decision"} - {point}:
        factories.check_answer(project, question, other)
    assert len(words(project, to)) == 1
    factories.check_answer(project, question, point)
    assert words(project, to) == []
    assert words(project, "mobilise") == []


def test_without_a_consultation_nothing_opens_or_closes(question):
    project = factories.project(stage=Stage.OPTIONS, is_consulted_on=False)
    assert services.points_of(project) == ["plan", "decision"]
    assert words(project, Stage.CONSULTATION) == []
    assert len(words(project, Stage.DECISION)) == 1


@pytest.mark.parametrize("off", [{"is_active": False}, {"blocks": False}])
def test_a_list_that_is_not_in_use_or_does_not_block_asks_for_nothing(project, question, off):
    CheckList.objects.update(**off)
    assert words(project, Stage.CONSULTATION) == []


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_gate_takes_two_queries_whatever_the_number_of_questions(project, number):
    factories.check_list(questions=[f"question-{each}" for each in range(number)])
    with CaptureQueriesContext(connection) as queries:
        assert len(words(project, Stage.CONSULTATION)) == number
    assert len(queries) == 2


def test_its_line_on_the_projects_page(project, officer):
    assert services.part(project, officer) is None
    first, second = factories.check_list(questions=("formative", "time")).questions.all()
    factories.check_answer(project, first, "open")
    part = services.part(project, officer)
    assert (part.status, part.words) == ("not complete", "Opening: 1 of 2 questions answered.")
    answer = factories.check_answer(project, second, "open", "red")
    assert services.part(project, officer).status == "red"
    CheckAnswer.objects.filter(pk=answer.pk).update(rating="green")
    assert services.part(project, officer).status == "complete"
    assert services.part(project, people.user("member")) is None


def test_the_gunning_principles_come_with_the_profile_of_england(settings):
    load(settings.BASE_DIR / "profiles" / "england.toml")
    row = CheckList.objects.get(code="gunning")
    assert (row.is_active, row.blocks) == (True, True)
    assert list(row.questions.values_list("code", "measure", "at_points")) == [
        ("formative", "earliness", []),
        ("information", "information", []),
        ("time", "time", []),
        ("consideration", "read", []),
    ]


# Two at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_turning_an_answer_red_and_opening_at_once_has_one_winner(tmp_path):
    """Either the answer is red and the project stays, or the project has gone on and the answer stays green."""
    officer = people.user("officer")
    project = factories.project(stage=Stage.FORMATIVE)
    question = factories.check_list().questions.get()
    factories.check_answer(project, question, "plan")
    factories.knowledge_check(project)
    factories.plan(project, state="signed")
    results = race(
        tmp_path,
        lambda: services.answer(project, question, "plan", rating="red", evidence=MINUTES, by=officer).rating,
        lambda: moved(project, officer),
    )
    assert sorted(results) in (["red", "stopped"], ["options", "passed"])


def moved(project, officer):
    try:
        return stages.move(project, Stage.OPTIONS, by=officer).stage
    except ValidationError:
        return "stopped"


def test_the_row_of_the_project_is_locked_first(project, question, officer):
    with CaptureQueriesContext(connection) as queries:
        services.answer(project, question, "open", rating="green", evidence=MINUTES, by=officer)
    first = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    assert 'FROM "engagement_project"' in first
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


# The page ----------------------------------------------------------------------------------------


def url(project, point="open"):
    return reverse("engagement:check_list", args=[project.pk, point])


def sent(question, rating="green", evidence=MINUTES, link=""):
    number = question.pk
    return {f"rating_{number}": rating, f"evidence_{number}": evidence, f"link_{number}": link}


def test_all_answers_are_saved_at_once(client, project, officer):
    first, second, third = factories.check_list(questions=("formative", "information", "time")).questions.all()
    client.force_login(officer)
    answers = sent(first) | sent(second, "red", "No Easy Read yet.", "example.org/plan") | sent(third, "", "")
    response = client.post(url(project), answers)
    assert (response.status_code, response["Location"]) == (302, url(project))
    assert list(CheckAnswer.objects.values_list("question", "rating", "evidence", "link", "by")) == [
        (first.pk, "green", MINUTES, "", officer.pk),
        (second.pk, "red", "No Easy Read yet.", "https://example.org/plan", officer.pk),
    ]


def test_with_an_error_nothing_is_saved_and_nothing_is_lost(client, project, officer):
    first, second = factories.check_list(questions=("formative", "time")).questions.all()
    client.force_login(officer)
    response = client.post(url(project), sent(first, evidence="A long story.") | sent(second, "", "Only evidence."))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'<a href="#id_rating_{second.pk}_0">Select a rating for “Is it time?”</a>' in page
    assert "A long story." in page
    assert "Only evidence." in page
    assert f'id="id_rating_{first.pk}_0" name="rating_{first.pk}" type="radio" value="green" checked' in page
    assert not CheckAnswer.objects.exists()


def test_an_answer_cannot_be_emptied(client, project, question, officer):
    factories.check_answer(project, question, "open")
    client.force_login(officer)
    response = client.post(url(project), sent(question, "", ""))
    assert response.status_code == 422
    assert "Select a rating for “Is it formative?”" in response.content.decode()
    assert CheckAnswer.objects.get().evidence == MINUTES


def test_the_figure_stands_beside_the_question_and_a_better_rating_is_said(client, project, question, officer):
    CheckQuestion.objects.update(measure="information", guidance="Name the documents.")
    factories.consultation(project)
    factories.check_answer(project, question, "open", "green")
    factories.check_answer(project, question, "plan", "amber", evidence="Drafts of the board.")
    client.force_login(officer)
    page = client.get(url(project)).content.decode()
    for text in ("Name the documents.", "No document is recorded", "It suggests red: not met."):
        assert text in page
    assert "better than the record suggests" in page
    assert "Drafts of the board." in page
    CheckAnswer.objects.update(rating="red")
    assert "better than the record suggests" not in client.get(url(project)).content.decode()


def test_behind_the_door_the_page_only_shows_and_a_post_is_refused_with_what_was_typed(client, question, officer):
    project = factories.project(stage=Stage.CONSULTATION)
    factories.check_answer(project, question, "open")
    client.force_login(officer)
    page = client.get(url(project)).content.decode()
    assert MINUTES in page
    assert "<textarea" not in page
    response = client.post(url(project), sent(question, "red", "Somebody complained."))
    assert response.status_code == 422
    assert "The project has gone through this door" in response.content.decode()
    assert "Somebody complained." in response.content.decode()
    assert CheckAnswer.objects.get().rating == "green"


def test_who_sees_the_page_and_who_answers(client, question):
    here, there = people.area("Harlow"), people.area("Watford")
    lead = people.user("project_lead")
    project = factories.project(stage=Stage.OPTIONS, areas=[here], lead=lead)
    everyone = {
        "lead": (lead, 200, 302),
        "officer here": (people.user("officer", area=here), 200, 302),
        "lead of another project": (people.user("project_lead"), 200, 403),
        "officer elsewhere": (people.user("officer", area=there), 404, 404),
        "member": (people.member().user, 403, 403),
    }
    found = {}
    for who, (user, _get, _post) in everyone.items():
        client.force_login(user)
        found[who] = (client.get(url(project)).status_code, client.post(url(project), sent(question)).status_code)
    assert found == {who: (get, post) for who, (_user, get, post) in everyone.items()}
    client.logout()
    assert client.get(url(project))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("point", ["nothing", "open"])
def test_a_point_that_is_not_asked_is_not_there(client, officer, question, point):
    project = factories.project(is_consulted_on=False)
    client.force_login(officer)
    assert client.get(url(project, point)).status_code == 404
    assert client.get(url(project, "plan")).status_code == 200


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_page_takes_the_same_number_of_queries_whatever_the_number_of_questions(client, project, officer, number):
    row = factories.check_list(questions=[f"question-{each}" for each in range(number)])
    for question in row.questions.all():
        for point in ("plan", "open"):
            factories.check_answer(project, question, point, by=officer)
    client.force_login(officer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url(project)).status_code == 200
    assert len(queries) == 15


def test_what_stands_in_the_way_leads_to_its_question(project, question):
    (obstacle,) = services.gate(project, "consultation")
    page = reverse("engagement:check_list", args=[project.pk, "open"])
    assert obstacle.url == f"{page}#question-{question.pk}"
