"""The glossary: the rules it gives the checker, the warnings in the admin, the public page (TRM-001 to 006)."""

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from core.terminology import check
from engagement.documents import words
from engagement.models import Activity, Consultation, GlossaryTerm, Policy, Principle, Project
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from insights.models import Response
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PROFILES = Path(__file__).parents[2] / "profiles"


def found(text, about=None):
    return [(finding.word, finding.instead) for finding in check(text, about)]


@pytest.fixture
def strict():
    factories.policy(has_strict_terms=True)
    factories.term("consultation", use="strict", instead="engagement")


# Rules -------------------------------------------------------------------------------------------


def test_the_glossary_gives_the_rules():
    factories.term("hard to reach", also_spelt="difficult to reach ; ")
    factories.term("seldom heard", use="prefer", instead="", meaning="Rarely asked.")
    assert found("Hard to reach, difficult to reach, seldom heard") == [
        ("Hard to reach", "seldom heard"),
        ("difficult to reach", "seldom heard"),
    ]


def test_strict_terms_are_kept_where_the_body_is_strict(strict):
    assert found("Our consultation") == [("consultation", "engagement")]
    Policy.objects.update(has_strict_terms=False)
    assert found("Our consultation") == []


def test_a_formal_consultation_may_be_called_one(strict):
    formal = engagement.activity(nature=Activity.Nature.CONSULTATION)
    for about in (formal, Consultation, Consultation()):
        assert found("Our consultation", about) == []
    for about in (engagement.activity(), Project(), Activity):
        assert found("Our consultation", about) == [("consultation", "engagement")]


def test_a_plan_may_ask_whether_there_is_to_be_one(strict):
    assert found("Our consultation", factories.plan(factories.project())) == []
    assert found("Our consultation", factories.project()) == [("consultation", "engagement")]


def saved(client, *fields) -> list[str]:
    """What a lead is told after a project with these words was added."""
    client.force_login(people.user("lead"))
    titles = dict(zip(("title", "summary"), fields, strict=True))
    answer = client.post("/record/projects/add/", {"trigger": "service", **titles})
    assert answer.status_code == 302, answer.context["form"].errors
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_page_saves_what_was_written_and_says_which_words_to_think_about(client):
    factories.term()
    told = saved(client, "A clinic", "For people who are hard to reach.")
    assert Project.objects.get().summary == "For people who are hard to reach."
    assert told[1:] == [
        "“hard to reach” in What may change, and why: write “seldom heard” instead, "
        "or keep it if these are somebody's own words."
    ]


def test_a_page_says_nothing_about_the_words_of_others(client):
    factories.term()
    assert len(saved(client, "A clinic", "People said: “We are not hard to reach”.")) == 1


def test_a_preferred_term_may_hold_a_word_to_avoid(strict):
    factories.term("formal consultation", use="prefer", instead="", meaning="By law.", also_spelt="GP consultation")
    assert found("A formal consultation, a GP consultation") == []
    assert found("A formal consultation, a consultation") == [("consultation", "engagement")]


def principle_of_law(**wording):
    Principle.objects.filter(pk=engagement.principle().pk).update(**wording)


def test_statutory_wording_is_left_alone():
    factories.term("hard to reach")
    principle_of_law(wording="Build trust with hard to reach groups")
    engagement.duty(name="Duty to hard to reach communities")
    assert found("Build trust with hard to reach groups") == []
    assert found("We follow the Duty to hard to reach communities.") == []


def test_the_short_name_of_a_principle_frees_no_other_use():
    factories.term("hard to reach")
    principle_of_law(short="Reach hard to reach groups")
    assert found("Reach hard to reach groups") == []
    assert found("These groups are hard to reach") == [("hard to reach", "seldom heard")]


@pytest.mark.parametrize(("label", "avoided"), [("VCFSE", "VCSE"), ("VCSE", "VCFSE"), ("voluntary", None)])
def test_the_sector_is_spelt_as_the_body_spells_it(label, avoided):
    factories.policy(sector_label=label)
    factories.term("VCSE", use="prefer", instead="", meaning="The sector.", also_spelt="VCFSE")
    assert found("VCSE and VCFSE") == ([(avoided, label)] if avoided else [])


def test_the_glossary_is_not_judged_by_its_own_words():
    term = factories.term("hard to reach")
    assert found("hard to reach", term) == []
    assert found("hard to reach", GlossaryTerm) == []


def test_the_rules_take_as_many_queries_for_a_hundred_terms_as_for_one(django_assert_num_queries):
    for number in (1, 9, 90):
        for each in range(number):
            factories.term(f"old word {number} {each}", instead="new word")
        with django_assert_num_queries(4):
            assert len(found("old word 1 0")) == 1


# The admin ---------------------------------------------------------------------------------------


def save_project(client, project, **changed):
    sent = {"reference": project.reference, "title": project.title, "trigger": "service", "summary": project.summary}
    address = reverse("admin:engagement_project_change", args=[project.pk])
    answer = client.post(address, sent | changed, follow=True)
    assert answer.redirect_chain, answer.context["errors"]
    return [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]


WARNING = "“hard to reach” in What may change, and why: write “seldom heard” instead"


def test_the_admin_warns_after_saving_and_refuses_nothing(client):
    factories.term()
    project = factories.project(summary="Plain words.")
    client.force_login(people.user("officer"))
    (warning,) = save_project(client, project, summary="For hard to reach people.")
    assert warning.startswith(WARNING)
    project.refresh_from_db()
    assert project.summary == "For hard to reach people."
    assert not AuditEvent.objects.filter(verb="kept words").exists()


def test_words_that_are_saved_again_leave_an_audit_row(client):
    factories.term()
    project = factories.project(summary="For hard to reach people.")
    client.force_login(people.user("officer"))
    (warning,) = save_project(client, project, summary="For all hard to reach people.")
    assert warning.startswith(WARNING)
    row = AuditEvent.objects.get(verb="kept words")
    assert (row.subject_id, row.detail) == (str(project.pk), {"words": ["hard to reach"]})
    assert save_project(client, project, summary="For seldom heard people.") == []
    assert AuditEvent.objects.filter(verb="kept words").count() == 1


def test_peoples_own_words_are_not_looked_at():
    assert "what_people_told_us" in Activity.own_words
    assert "you_said" in Response.own_words


def test_the_warning_takes_the_same_queries_whatever_is_written(client):
    factories.term()
    project = factories.project(summary="Plain words.")
    client.force_login(people.user("officer"))
    save_project(client, project)
    counted = []
    for summary in ("hard to reach", "hard to reach " * 500):
        project.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            save_project(client, project, summary=f"{len(summary)} {summary}", title="Hard to reach")
        counted.append(sum("glossaryterm" in query["sql"] for query in queries))
    assert counted == [1, 1]


# The public page ---------------------------------------------------------------------------------


def page(client):
    answer = client.get(reverse("surveys:glossary"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_reads_the_words_without_an_account(client):
    factories.term("co-design", use="prefer", instead="", meaning="People help to shape it.", source="A strategy")
    factories.term("hard to reach", meaning="It blames people.", source="A framework")
    text = page(client)
    for part in ("co-design", "People help to shape it.", "Source: A strategy", "hard to reach", "seldom heard"):
        assert part in text
    assert "It blames people." in text


def test_an_empty_glossary_says_so(client):
    assert "No words are explained here yet." in page(client)


def test_strict_words_stand_on_the_page_of_a_strict_body_alone(client, strict):
    assert "We call only a formal consultation a consultation." in page(client)
    assert len(words.glossary().avoided) == 1
    Policy.objects.update(has_strict_terms=False)
    assert "We call only a formal consultation a consultation." not in page(client)
    assert words.glossary().avoided == ()


def test_the_page_takes_as_many_queries_for_a_hundred_terms_as_for_one(client):
    counted = []
    for number in (1, 9, 90):
        for each in range(number):
            factories.term(f"word {number} {each}")
        with CaptureQueriesContext(connection) as queries:
            page(client)
        counted.append(len(queries))
    assert counted[0] == counted[1] == counted[2]


# Profiles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "is_strict", "sector", "insight"),
    [
        ("hertfordshire-and-west-essex", True, "VCFSE", "insight"),
        ("herefordshire-and-worcestershire", False, "VCSE", "insight"),
        ("leicester-leicestershire-and-rutland", False, "VCSE", "business intelligence"),
        ("herts-valleys", False, "voluntary", "insight"),
    ],
)
def test_each_body_has_its_own_policy_and_the_shared_words(client, body, is_strict, sector, insight):
    call_command("load_profile", PROFILES / f"{body}.toml", verbosity=0)
    policy = Policy.objects.current()
    assert (policy.has_strict_terms, policy.sector_label, policy.insight_label) == (is_strict, sector, insight)
    assert bool(found("Our consultation ended")) is is_strict
    assert found("hard-to-reach") == [("hard-to-reach", "seldom heard")]
    text = page(client)
    for term in ("co-design", "co-production", "co-delivery", "engagement", "involvement", "formal consultation"):
        assert f">{term}</dt>" in text
    shown = {entry.term for entry in words.glossary().preferred}
    assert (sector if sector != "voluntary" else "VCSE") in shown
    meanings = GlossaryTerm.objects.filter(term__in=["co-design", "co-production", "co-delivery"]).values_list(
        "meaning"
    )
    assert len(set(meanings)) == 3
