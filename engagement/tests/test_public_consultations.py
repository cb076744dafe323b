"""The public page of a consultation: documents, days, results, decision, and what nobody reads too early (PUB-005)."""

import re

import pytest

from engagement.models import Policy, ResponseCount
from engagement.services import publication
from engagement.services.publication import Weighed
from engagement.tests import factories
from engagement.tests import project_factories as projects
from engagement.tests.about_public_pages import address, consultation, read
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
DAYS = projects.in_days


@pytest.fixture(autouse=True)
def nobody_weighs(monkeypatch):
    monkeypatch.setattr(publication, "_weighing_sources", [])
    monkeypatch.setattr(publication, "_answer_sources", [])


def day(number: int) -> str:
    found = DAYS(number)
    return f"{found.day} {found:%B %Y}"


def cells(page: str) -> list[str]:
    return [re.sub(r"<[^>]*>", "", row) for row in re.findall(r"<tr class.*?</tr>", page, re.DOTALL)]


def test_the_page_shows_what_is_proposed_until_when_and_in_which_formats(client):
    row = consultation(
        opens=-5, days=30, options="One site or two.", preferred="One site.", extended_to=DAYS(40),
        extended_because="The snow.", midpoint_found="Few young people answered.",
    )  # fmt: skip
    row.documents.create(title="Plan", ready_on=DAYS(-5), link="https://example.org/plan")
    row.documents.create(title="Plan", file_format="easy_read", link="https://example.org/not-ready")
    projects.survey(activity=row.activity, title="Clinic survey")
    page = read(client, "consultation_detail", row)
    for words in (
        *(
            "To move the clinic to one site.",
            "One site or two.",
            "The option that we prefer now",
            "This is not a vote.",
        ),
        *(f"You can answer until {day(40)}.", f"It was {day(25)} at first.", "The snow.", "Few young people answered."),
        *('href="https://example.org/plan"', "Answer “Clinic survey”", "Extended", "Nothing is decided yet."),
        *("A paper form from any library.", "The opening hours.", "The results are not published yet."),
    ):
        assert (words, words in page) == (words, True)
    assert "not-ready" not in page
    ready = [re.sub(r"\s+", " ", each).strip() for each in cells(page)]
    assert [("not ready yet" in each, day(-5) in each) for each in ready] == [(True, False), (False, True)]


def test_results_and_decision_say_what_was_not_adopted_and_why(client):
    row = consultation(
        opens=-90, days=30, stage="mobilise", decided_on=DAYS(-2), decision="The clinic moves in May.",
        results_published_on=DAYS(-20), results_link="https://example.org/results",
        analyst=people.organisation("The university"),
    )  # fmt: skip
    ResponseCount.objects.create(activity=row.activity, route="letter", received=40, read=40)
    page = read(client, "consultation_detail", row)
    for words in (
        *("Decided", f"Decided on {day(-2)}", "The clinic moves in May.", 'href="https://example.org/results"'),
        *("Independent analysis by The university.", "40 responses came. People here have read 40 of them (100%)."),
        "We have not published yet what was adopted and what was not.",
    ):
        assert (words, words in page) == (words, True)
    publication.register_weighing(lambda project: [Weighed("Keep the old site", "not adopted", "It is unsafe.")])
    assert re.findall(r"Keep the old site</dt><dd[^>]*>(.*?)</dd>", read(client, "consultation_detail", row)) == [
        "<strong>Not adopted.</strong> It is unsafe."
    ]


def test_what_was_weighed_is_nobodys_before_the_decision(client):
    publication.register_weighing(lambda project: [Weighed("Weighed-secret", "not adopted", "Why-secret")])
    assert "secret" not in read(client, "consultation_detail", consultation(stage="analysis"))


def test_who_decides_and_when_is_said_before_the_decision(client):
    row = consultation(stage="analysis")
    row.project.decision_by, row.project.decision_due_on = forums.committee("ICB Board"), DAYS(30)
    row.project.save()
    page = read(client, "consultation_detail", row)
    assert f"ICB Board decides. The decision is due on {day(30)}." in page
    assert "Being analysed" in page


@pytest.mark.parametrize("stage", ["idea", "formative", "options"])
def test_a_consultation_in_preparation_leaves_no_trace(client, stage):
    row = consultation("Moving the clinic", stage=stage)
    assert client.get(address("consultation_detail", row)).status_code == 404
    assert "Moving the clinic" not in read(client, "consultation_list")
    assert "To move the clinic" not in read(client, "home") + read(client, "activity_detail", row.activity)


def test_what_is_proposed_is_nobodys_before_the_first_day(client):
    row = consultation(opens=3, options="Options-secret", preferred="Preferred-secret")
    row.documents.create(title="Document-secret", ready_on=DAYS(-5), link="https://example.org/plan")
    page = read(client, "consultation_detail", row) + read(client, "consultation_list")
    assert f"You can read the proposal and answer from {day(3)}." in page
    assert [words for words in ("To move the clinic", "-secret", "example.org/plan") if words in page] == []


def test_a_consultation_without_a_public_activity_leaves_no_trace(client):
    row = consultation()
    publication.withdraw_page(row.activity, by=people.user("lead"))
    assert client.get(address("consultation_detail", row)).status_code == 404
    alone = projects.consultation(projects.project(stage="consultation"), opens=-5, proposal="Alone-secret")
    assert alone.activity is None
    page = read(client, "consultation_list") + read(client, "home")
    assert ("Moving the clinic" in page, "Alone-secret" in page) == (False, False)


def test_internal_words_about_the_project_stay_inside(client):
    row = consultation(stopped_on=DAYS(-1), reach_plan="Reach-secret")
    for name in ("summary", "legal_risk_because", "overlaps"):
        setattr(row.project, name, "Project-secret")
    row.project.lead = people.user("project_lead", name="Pat Lead")
    row.project.title, row.project.legal_risk = "Title-secret", "high"
    row.project.save()
    page = read(client, "consultation_detail", row) + read(client, "consultation_list")
    assert f"This was stopped on {day(-1)}." in page
    assert re.findall(r"\w+-secret|Pat Lead|nobody else", page) == []


def test_the_list_is_newest_first_with_a_word_for_where_each_stands(client):
    consultation("First", opens=-100, days=30, stage="review", decided_on=DAYS(-9), decision="Yes.")
    consultation("Second", opens=-50, days=30)
    consultation("Third", opens=-5)
    consultation("Fourth", opens=5)
    page = read(client, "consultation_list")
    assert re.findall(r"<h3[^>]*><a[^>]*>([^<]*)</a>", page) == ["Fourth", "Third", "Second", "First"]
    assert re.findall(r"<strong class=\"nhsuk-tag[^>]*>([^<]*)<", page) == [
        "About to open",
        "Open",
        "Closed",
        "Decided",
    ]
    assert "4 consultations" in page


def test_only_a_formal_consultation_is_called_one_where_terms_are_strict(client):
    Policy.objects.create(has_strict_terms=True)
    row = consultation()
    assert "Public involvement</span>" in read(client, "consultation_detail", row)
    row.is_formal = True
    row.save()
    assert "Formal consultation</span>" in read(client, "consultation_detail", row)


def test_the_activity_and_its_consultation_lead_to_each_other(client):
    row = consultation()
    assert f'href="{address("consultation_detail", row)}"' in read(client, "activity_detail", row.activity)
    assert f'href="{address("activity_detail", row.activity)}"' in read(client, "consultation_detail", row)
    plain = factories.activity()
    assert client.get(f"/taking-part/consultations/{plain.pk}/").status_code == 404
