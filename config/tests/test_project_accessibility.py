"""axe finds nothing on the pages of projects, surveys and evidence, their forms with errors included.

Pages are found from the URL resolver and by their links, so a new one is looked over without a word here.
"""

import json

import pytest

from config.tests.addresses import without_parameters
from config.tests.browsing import Crawler, inspectors, unseen_when_enlarged

APPS = ("engagement", "surveys", "assurance")
# What the demo lacks: what waits to be decided, and what somebody has begun.
MAKE_STATES = """
import json, uuid
from engagement import survey_sheets
from engagement.models import Evidence, Project, Survey
from engagement.services import assessments, plans
from engagement.services.surveys import responses
from engagement.tests import project_factories as make
from forums.models import Forum
from people.models import PopulationGroup, User
lead, officer = (User.objects.get(email=f"{who}@example.org") for who in ("lead", "officer"))
idea, dental, leg, blood = Project.objects.order_by("-reference")
draft = plans.start_version(idea, by=officer)
asked = plans.submit(plans.start_version(blood, by=officer), by=officer)
aim = make.aim(project=idea, groups=[PopulationGroup.objects.first()])
make.aim(activity=blood.activities.get(), measure="people in focus groups")
impact = assessments.set_group_impact(
    leg, "after", PopulationGroup.objects.get(name="carers"), by=officer, effect="neutral", evidence="Asked in person."
)
panel = Forum.objects.get(name="Reader Panel")
done = make.concluded_assurance(blood, "partly", forum=panel)
condition = make.condition(done)
survey = Survey.objects.get()
writing = make.survey("writing", activity=leg.activities.get(), title="The new rooms", is_published=False)
question = make.survey_question(writing, "Which day is best?", "one", options=["Monday", "Friday"])
first = survey.questions.order_by("order").first()
upload = survey_sheets.upload(survey, "other.csv", f"id,{first.text}\\n1,Every week\\n2,Perhaps".encode(), by=officer)
begun = responses.keep_draft(survey, {first.pk: "Every week"}, form_token=uuid.uuid4())
asking, activity = blood.activities.get(), leg.activities.get().pk
claimed = Evidence.objects.get(activity=asking)
print(json.dumps({
    "lead": [
        f"/record/projects/{leg.pk}/", f"/record/projects/{blood.pk}/plan/", f"/record/plans/{asked.pk}/decide/",
        f"/record/projects/{leg.pk}/checks/open/", f"/record/projects/{blood.pk}/consultation/",
        f"/record/projects/{leg.pk}/assessment/difference/", f"/record/projects/{leg.pk}/assessment/after/",
        f"/record/assurance/{leg.assurances.get().pk}/", f"/record/conditions/{condition.pk}/done/",
        f"/record/who-took-part/{asking.pk}/", f"/record/activities/{asking.pk}/",
        f"/record/surveys/{writing.pk}/questions/add/", f"/record/evidence/{claimed.pk}/",
        f"/record/surveys/{survey.pk}/", f"/record/survey-uploads/{upload.pk}/", f"/record/panels/{panel.pk}/",
        f"/record/evidence/claim/forum/{panel.pk}/", f"/record/activities/{activity}/surveys/add/",
    ],
    "work": [
        f"/record/projects/{idea.pk}/plan/", f"/record/plans/{draft.pk}/1/", f"/record/plans/{draft.pk}/aims/{aim.pk}/",
        f"/record/surveys/{writing.pk}/",
        f"/record/surveys/{writing.pk}/preview/",
        f"/record/projects/{dental.pk}/",
    ],
    "survey": survey.get_absolute_url(),
    "zoomed": [f"/record/projects/{leg.pk}/", f"/record/projects/{leg.pk}/checks/open/", "/record/coverage/"],
}))
"""
OF_PROJECTS = {
    "project_add": "Save",
    "representative_add": "Save",
    "scrutiny_add": "Save",
    "plan_decide": "Record the decision",
    "knowledge": "Record what follows",
    "consultation_detail": "Add a document",
    "group_impact_add": "Continue",
    "assurance_ask": "Ask them",
    "assurance_conclude": "Keep the conclusion",
    "aim_add": "Save",
    "issue_add": "Note the issue",
    "issue_detail": "Say who has to act",
    "survey_add": "Add the survey",
    "survey_question_add": "Save the question",
    "survey_enter": "Enter the answers",
    "survey_upload": "Check the spreadsheet",
    "survey_work": "Change the last day",
    "response_remove": "Delete the answers",
    "outreach_add": "Record the outreach",
    "outreach_done": "Record what came of it",
    "totals_add": "Record the numbers",
    "evidence_claim": "Claim it",
    "evidence_change": "Save",
    "project_detail": "Stop the project",
}
STAFF_FORMS = {f"engagement:{name}": button for name, button in OF_PROJECTS.items()}
PUBLIC_FORMS = {
    "surveys:survey_answer": "Send my answers",
    "surveys:survey_resume": "Go on",
}
MEMBERS_FORMS = {"assurance:answer": "Send your answer"}


@pytest.fixture
def inspect(browser, product, axe):
    yield from inspectors(browser, product, axe)


@pytest.fixture(scope="module")
def states(product) -> dict:
    """Addresses, by who opens them: the last line, after e-mail that is printed too."""
    return json.loads(product.manage("shell", "--verbosity=0", "-c", MAKE_STATES).splitlines()[-1])


def test_an_engagement_lead_finds_accessible_pages_and_forms(inspect, states):
    crawler = Crawler(inspect("engagement lead"), ("engagement",), forms=STAFF_FORMS)
    crawler.follow(states["lead"] + without_parameters("engagement"))
    assert crawler.kinds.keys() >= STAFF_FORMS.keys()
    assert len(crawler.visit.seen) >= 70


@pytest.mark.parametrize("role", ["project lead", "engagement officer"])
def test_whoever_works_on_a_project_finds_accessible_pages(inspect, states, role):
    visit = inspect(role)
    visit.open(*states["work"])
    assert len(visit.seen) == len(states["work"])


def test_a_plan_that_is_submitted_too_early_says_what_is_missing(inspect, states):
    """Its summary leads to other pages, so it is no form like the others."""
    visit = inspect("project lead")
    visit.open(states["work"][0])
    visit.page.get_by_role("button", name="Submit the plan").click()
    visit.page.get_by_text("The plan cannot be submitted yet").wait_for()
    visit.look("submitted", expected_error=True)


def test_a_stranger_finds_accessible_surveys(inspect, states):
    crawler = Crawler(inspect(), APPS, forms=PUBLIC_FORMS)
    crawler.follow(without_parameters("surveys"))
    assert crawler.kinds.keys() >= PUBLIC_FORMS.keys()
    _answer(crawler.visit, states["survey"])
    assert len(crawler.visit.seen) >= 8


def _answer(visit, survey: str) -> None:
    """Answer a survey to its end, and look over what comes after it."""
    page = visit.page
    page.goto(f"{survey}answer/")
    page.get_by_label("Every week").check()
    page.get_by_label("In the day").check()
    page.locator("main input[type=radio][value='3']").first.check()
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_role("heading", level=1, name="Your answers are sent").wait_for()
    visit.look()
    page.get_by_role("button", name="Answer questions about you").click()
    page.get_by_role("heading", level=1, name="Questions about you").wait_for()
    visit.look()


def test_a_member_finds_accessible_pages_about_assurance(inspect, states):
    crawler = Crawler(inspect("forum member"), ("assurance", "surveys"), forms=MEMBERS_FORMS)
    crawler.follow(["/members/assurance/", "/have-your-say/"])
    assert crawler.kinds.keys() >= MEMBERS_FORMS.keys()
    assert len(crawler.visit.seen) >= 7


def test_the_focus_is_seen_on_a_screen_enlarged_four_times(browser, product, states):
    assert unseen_when_enlarged(browser, product, states["zoomed"], role="engagement lead", more_than=15) == []
