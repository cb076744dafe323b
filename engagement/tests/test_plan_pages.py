"""The pages of the plan: who reads, who writes, a section at a time, submitting, deciding, and the plan on paper."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.models import Aim, Plan, PlanQuestion
from engagement.services import plans as services
from engagement.tests import about_plans
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.tests.pdf_checks import problems_of

pytestmark = pytest.mark.django_db
State = Plan.State


@pytest.fixture
def author():
    return people.user("project_lead")


@pytest.fixture
def signer():
    return people.user("lead")


@pytest.fixture
def project(author):
    return projects.project("P-1", lead=author, areas=[people.area("South")])


def url(name, *args) -> str:
    return reverse(f"engagement:{name}", args=args)


def section_url(plan, title) -> str:
    titles = list(dict.fromkeys(section for _code, section, _kind, _rest in about_plans.FORM))
    return url("plan_section", plan.pk, titles.index(title) + 1)


# Who may do what ---------------------------------------------------------------------------------


def test_who_reads_who_writes_and_who_finds_nothing(client, project, author, signer):
    plan = about_plans.complete(project)
    other, outsider = people.user("project_lead"), people.user("officer", area=people.area("North"))
    member, secretary = people.member().user, people.user("secretary")
    aim = project.aims.get()
    reading = [("project_plan", project.pk), ("plan_pdf", plan.pk), ("clashes", project.pk)]
    forms = [("plan_section", plan.pk, 1), ("plan_aim_add", plan.pk), ("plan_aim_edit", plan.pk, aim.pk)]
    posts = [("plan_withdraw", plan.pk), ("plan_new", project.pk), ("plan_submit", plan.pk)]
    for user, reads, writes in [
        (author, 200, True),
        (signer, 200, True),
        (other, 200, 403),
        (outsider, 404, 404),
        (member, 403, 403),
        (secretary, 403, 403),
    ]:
        client.force_login(user)
        for page in reading:
            assert client.get(url(*page)).status_code == reads, (page, user)
        for page in forms:
            assert client.get(url(*page)).status_code == (200 if writes is True else writes), (page, user)
        for page in [] if writes is True else [*posts, *forms, ("plan_aim_remove", plan.pk, aim.pk)]:
            assert client.post(url(*page)).status_code == writes, (page, user)
    client.logout()
    for page in [*reading, *forms, ("plan_decide", plan.pk)]:
        assert client.get(url(*page)).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, Aim.objects.count()) == (State.DRAFT, 1)


def test_a_reader_is_offered_nothing_to_change(client, project):
    about_plans.complete(project)
    client.force_login(people.user("project_lead"))
    html = client.get(url("project_plan", project.pk)).content.decode()
    assert "The clinic moves to one site." in html
    for words in ("Submit the plan", "Add an aim", "Begin a new version", "Decide on the plan"):
        assert words not in html


def test_a_project_without_a_plan_says_so_and_begins_one(client, project, author):
    client.force_login(author)
    assert "Nobody has begun the form yet" in client.get(url("project_plan", project.pk)).content.decode()
    assert client.post(url("plan_new", project.pk)).status_code == 302
    assert project.plans.get().version == 1


# A section at a time -----------------------------------------------------------------------------


def test_a_section_shows_its_guidance_and_keeps_what_is_answered(client, project, author):
    about_plans.form()
    plan = projects.plan(project, answers={"duty": "yes", "not-asked-any-more": "kept"})
    engagement.rung("telling")
    rung, method = engagement.rung(meaning="We ask and answer."), engagement.method("survey")
    forum = forums.forum("Community Assembly")
    client.force_login(author)
    html = client.get(section_url(plan, "Taking part")).content.decode()
    for words in ("About methods.", "Law on methods", "Consulting: We ask and answer.", "Community Assembly"):
        assert words in html
    answers = {
        "consultation": "yes",
        "rung": rung.pk,
        "methods": [method.pk],
        "inclusive": ["We go to people"],
        "without_internet": "Paper.",
        "forums": [forum.pk],
    }
    response = client.post(section_url(plan, "Taking part"), answers | {"then": "next"})
    assert response["Location"] == section_url(plan, "Time")
    plan.refresh_from_db()
    kept = answers | {"duty": "yes", "not-asked-any-more": "kept"}
    assert plan.answers == kept


def test_days_numbers_and_choices_come_back_as_they_were_given(client, project, author):
    about_plans.form()
    plan = projects.plan(project, answers={"duty": "yes", "consultation": "yes"})
    client.force_login(author)
    day = {"asked_from_0": "2", "asked_from_1": "3", "asked_from_2": "2026"}
    sent = day | {"budget": "0", "scale": "Small", "enough_time": "Yes.", "then": "leave"}
    assert client.post(section_url(plan, "Time"), sent)["Location"] == url("project_plan", project.pk)
    plan.refresh_from_db()
    assert (plan.answers["asked_from"], plan.answers["budget"], plan.answers["scale"]) == ("2026-03-02", 0, "Small")
    html = client.get(section_url(plan, "Time")).content.decode()
    assert re.search(r'name="asked_from_2"[^>]*value="2026"', html)
    assert re.search(r'value="Small" checked', html)


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(client, project, author):
    about_plans.form()
    plan = projects.plan(project, answers={"duty": "yes", "consultation": "yes"})
    client.force_login(author)
    response = client.post(section_url(plan, "Time"), {"budget": "plenty", "enough_time": "Eight weeks <b>"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "must be a whole number" in html
    assert "plenty" in html
    assert "Eight weeks &lt;b&gt;" in html
    plan.refresh_from_db()
    assert "enough_time" not in plan.answers


def test_each_group_that_every_plan_considers_has_a_box(client, project, author):
    about_plans.form()
    group = people.population_group("people in poverty", is_always_considered=True)
    plan = projects.plan(project, answers={"considered_groups": {"999": "of a group that is gone"}})
    client.force_login(author)
    html = client.get(section_url(plan, "Who is affected")).content.decode()
    assert "People in poverty: what does it mean for them?" in html
    client.post(section_url(plan, "Who is affected"), {f"considered_groups-{group.pk}": "The bus."})
    plan.refresh_from_db()
    assert plan.answers["considered_groups"] == {"999": "of a group that is gone", str(group.pk): "The bus."}


def test_guidance_from_a_row_is_never_markup(client, project, author):
    projects.plan_question("proposal", guidance="<script>alert(1)</script>", text="What & why?")
    plan = projects.plan(project)
    client.force_login(author)
    html = client.get(url("plan_section", plan.pk, 1)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_social_value_is_shown_for_a_procurement_alone(client, author):
    about_plans.form()
    client.force_login(author)
    for trigger, words in [("procurement", "What about social_value?"), ("service", "Nothing is asked here")]:
        plan = projects.plan(projects.project(lead=author, trigger=trigger))
        assert words in client.get(section_url(plan, "Wider effects")).content.decode()


@pytest.mark.parametrize("number", [0, 99])
def test_a_section_that_does_not_exist_is_not_found(client, project, author, number):
    about_plans.form()
    client.force_login(author)
    assert client.get(url("plan_section", projects.plan(project).pk, number)).status_code == 404


def test_a_signed_plan_cannot_be_written_in_by_a_direct_post(client, project, author):
    plan = about_plans.complete(project, state="signed")
    aim = project.aims.get()
    client.force_login(author)
    for address in (
        url("plan_section", plan.pk, 1),
        url("plan_aim_add", plan.pk),
        url("plan_aim_edit", plan.pk, aim.pk),
    ):
        response = client.post(address, {"proposal": "Changed.", "measure": "x", "target": "1"})
        assert response["Location"] == url("project_plan", project.pk)
    client.post(url("plan_aim_remove", plan.pk, aim.pk))
    client.post(url("plan_withdraw", plan.pk))
    before, plan = plan, Plan.objects.get(pk=plan.pk)
    assert (plan.state, plan.answers, plan.as_signed) == (State.SIGNED, before.answers, before.as_signed)
    assert Aim.objects.get() == aim
    assert Aim.objects.get().target == 100


# Aims, submitting and deciding -------------------------------------------------------------------


def test_aims_are_added_changed_and_removed(client, project, author):
    plan = projects.plan(project)
    client.force_login(author)
    response = client.post(url("plan_aim_add", plan.pk), {"measure": "people who answer", "target": "0"})
    assert response.status_code == 422
    assert "must be 1 or more" in response.content.decode()
    client.post(url("plan_aim_add", plan.pk), {"measure": "people who answer", "target": "300"})
    aim = project.aims.get()
    client.post(
        url("plan_aim_edit", plan.pk, aim.pk), {"measure": "people who answer", "target": "400", "baseline": "20"}
    )
    aim.refresh_from_db()
    assert (aim.target, aim.baseline) == (400, 20)
    client.post(url("plan_aim_remove", plan.pk, aim.pk))
    assert not project.aims.exists()


def test_an_incomplete_plan_is_refused_with_all_that_is_missing(client, project, author):
    plan = about_plans.complete(project, carers="", methods=[])
    client.force_login(author)
    response = client.post(url("plan_submit", plan.pk))
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in html
    assert "Answer the question “What about carers?”" in html
    assert "A consultation needs at least 2 methods: choose more" in html
    assert section_url(plan, "Who is affected") in html


def test_a_plan_is_submitted_and_signed_by_somebody_else(client, project, author, signer):
    plan = about_plans.complete(project)
    client.force_login(author)
    assert client.post(url("plan_submit", plan.pk)).status_code == 302
    assert client.get(url("plan_decide", plan.pk)).status_code == 403
    client.force_login(signer)
    assert url("plan_decide", plan.pk) in client.get(url("project_plan", project.pk)).content.decode()
    response = client.post(url("plan_decide", plan.pk), {"decision": "refuse", "reason": ""})
    assert response.status_code == 422
    assert "Say why the plan is refused" in response.content.decode()
    assert client.post(url("plan_decide", plan.pk), {"decision": "sign"}).status_code == 302
    html = client.get(url("project_plan", project.pk)).content.decode()
    assert "What was signed" in html
    assert f"Signed by {signer}" in html


def test_whoever_submitted_cannot_sign_by_a_direct_post(client, project):
    both = people.user("lead")
    plan = about_plans.submitted(project, both)
    client.force_login(both)
    for decision in ("sign", "refuse"):
        answers = {"decision": decision, "reason": "No."}
        assert client.post(url("plan_decide", plan.pk), answers).status_code == 403
    assert Plan.objects.get().state == State.SUBMITTED


def test_a_refused_plan_shows_why_and_earlier_versions_stay_readable(client, project, author, signer):
    services.refuse(about_plans.submitted(project, author, proposal="The first idea."), "Too late.", by=signer)
    second = services.start_version(project, by=author)
    services.save_section(second, {"proposal": "The second idea."}, by=author)
    client.force_login(author)
    html = client.get(url("project_plan", project.pk)).content.decode()
    assert "The second idea." in html
    assert "The first idea." not in html
    html = client.get(url("project_plan", project.pk), {"version": "1"}).content.decode()
    for words in ("The first idea.", "Why it is refused: Too late.", f"Refused by {signer}"):
        assert words in html
    assert client.get(url("project_plan", project.pk), {"version": "9"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 10, 100])
def test_the_page_does_not_ask_more_for_more_rows(client, project, signer, rows):
    plan = about_plans.complete(project)
    group = people.population_group("carers")
    for number in range(rows):
        projects.plan_question(f"more-{number}", section=f"Section {number}", kind="methods")
        projects.aim(project=project, measure=f"Aim {number}", groups=[group])
        projects.plan(project, state="superseded", version=number + 2)
    Plan.objects.filter(pk=plan.pk).update(version=200)
    client.force_login(signer)
    client.get(url("project_plan", project.pk))
    with CaptureQueriesContext(connection) as queries:
        client.get(url("project_plan", project.pk))
    assert len(queries) == 35


# On paper ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "signed"])
def test_the_plan_on_paper_can_be_read_by_a_screen_reader(client, project, author, signer, state):
    people.body()
    plan = about_plans.submitted(project, author)
    if state == "signed":
        services.sign(plan, by=signer)
    client.force_login(author)
    response = client.get(url("plan_pdf", plan.pk))
    assert response["Content-Type"] == "application/pdf"
    assert problems_of(response.content, language="en-gb") == []


def test_a_question_that_is_out_of_use_is_not_asked(client, project, author):
    about_plans.form()
    PlanQuestion.objects.filter(code="budget").update(is_active=False)
    client.force_login(author)
    assert "budget" not in client.get(section_url(projects.plan(project), "Time")).content.decode()
