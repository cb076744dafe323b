"""What plans set out to do under each principle, and how far it is, in the annual report (REP-039, CFG-014)."""

import datetime
import json
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.pdf import render_pdf
from engagement.models import Period, PrincipleMapping
from engagement.services.framework import principles_between
from engagement.tests import factories as engagement
from engagement.tests.about_public_pages import published
from people.tests import factories as people
from reporting.documents.annual import gather
from reporting.documents.changes import changes
from reporting.documents.commitments import commitments
from reporting.documents.facts import AnnualFacts, Commitments
from reporting.documents.frozen import freeze, thaw
from reporting.documents.pages import Medium
from reporting.documents.pages import page as drawn
from reporting.documents.shapes import SHAPES
from reporting.tests import annual_facts as known
from reporting.tests import factories
from reporting.tests import plan_factories as plans
from reporting.tests.pdf_checks import problems_of
from reporting.tests.reading import page, text_of, words

DAY = datetime.date


@pytest.fixture
def year(db) -> Period:
    return engagement.period()


@pytest.fixture
def strategy(year):
    return plans.published_plan(title="Our strategy", starts_on=DAY(2022, 7, 1))


def chapter(html: str) -> str:
    return re.search(r'<section id="commitments".*?</section>', html, re.DOTALL)[0]


# What counts -------------------------------------------------------------------------------------


def test_an_action_stands_under_each_principle_that_it_names_as_it_stood_at_the_end_of_the_year(year, strategy):
    both = [engagement.principle(3), engagement.principle(1)]
    action = plans.priority(strategy, text="Ask early.", principles=both, ends_on=DAY(2025, 6, 30))
    plans.milestone(action, DAY(2023, 5, 1), status="done")
    plans.milestone(action, DAY(2023, 9, 1), text="Train the chairs")
    plans.milestone(action, DAY(2024, 9, 1))
    plans.priority(strategy, text="Has no principle.")
    found = commitments(year)

    assert (found.on, found.elsewhere) == ("31 March 2024", 0)
    assert [(row.principle, row.short, row.plan, row.label) for row in found.rows] == [
        (1, "Principle 1", "Our strategy", "1. Ask early."),
        (3, "Principle 3", "Our strategy", "1. Ask early."),
    ]
    row = found.rows[0]
    assert (row.state_words, row.time) == ("Late", "by June 2025")
    assert row.milestones == "1 of 3 done; late: Train the chairs"


def test_only_public_plans_in_force_in_the_year_count(year):
    named = {"principles": [engagement.principle(1)]}
    plans.priority(plans.plan(), text="Not published.", **named)
    plans.priority(plans.published_plan(ends_on=DAY(2023, 3, 31)), text="Over before.", **named)
    plans.priority(plans.published_plan(starts_on=DAY(2024, 4, 1)), text="Begun after.", **named)
    plans.priority(plans.published_plan(ends_on=DAY(2023, 4, 1)), text="Just in force.", **named)

    assert [row.label for row in commitments(year).rows] == ["1. Just in force."]


def test_a_principle_of_another_wording_counts_as_what_it_became_unless_its_meaning_changed(year, strategy):
    old = engagement.principle_set("2021", effective_from=DAY(2021, 9, 1))
    same, other = engagement.principle(1, of=old), engagement.principle(2, of=old)
    for principle, relation in ((same, "reworded"), (other, "changed")):
        to = engagement.principle(principle.number)
        PrincipleMapping.objects.create(from_principle=principle, to_principle=to, relation=relation)
    plans.priority(strategy, principles=[same, other])
    plans.priority(strategy, principles=[other])
    found = commitments(year)

    assert [(row.principle, row.label[:2]) for row in found.rows] == [(1, "1.")]
    assert found.elsewhere == 1
    html = words(chapter(page(gather(factories.report(year)))))
    assert "1 action is planned for a principle of another wording" in html


def test_activities_are_named_only_where_anybody_may_read_of_them(year, strategy):
    shown = published("Carers walk in", reference="A-2")
    hidden = engagement.activity("A-1")
    plans.priority(strategy, principles=[engagement.principle(1)], activities=[shown, hidden])

    assert [row.references for row in commitments(year).rows] == [["A-2"]]


def test_what_nobody_said_reads_as_not_recorded(year, strategy):
    plans.priority(strategy, principles=[engagement.principle(1)], evidence="For staff alone")
    [row] = commitments(year).rows

    assert (row.state_words, row.time, row.milestones) == ("Not recorded", "not recorded", "")
    assert "For staff alone" not in page(gather(factories.report(year)))


def test_more_plans_and_actions_cost_no_query_more(year):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            commitments(year)
        return len(found)

    def one(number: int) -> None:
        of = plans.published_plan(title=f"Plan {number}")
        activity = published(f"Talk {number}", reference=f"A-{number}")
        plans.milestone(plans.priority(of, principles=[engagement.principle(1)], activities=[activity]))

    one(1)
    counts = [queries()]
    for number in range(2, 11):
        one(number)
    counts.append(queries())
    assert counts[0] == counts[1] < 20


# How it is printed -------------------------------------------------------------------------------


def test_each_principle_has_its_table_and_the_contents_lead_there():
    html = page(known.facts())
    printed = words(chapter(html))

    assert 'href="#commitments"' in html
    assert chapter(html).count('<table class="planned">') == 2
    assert "Principle 1: 2 actions" in printed
    assert "1. Involve people early. Our strategy Late by June 2023 none recorded" in printed


def test_a_year_in_which_no_plan_names_a_principle_has_no_such_part(year, strategy):
    plans.priority(strategy)
    html = page(gather(factories.report(year)))

    assert "commitments" not in html
    assert "What was planned under each principle" not in html


@pytest.mark.parametrize(
    ("medium", "sheets"), [(Medium.PAPER, ("pdf.css",)), (Medium.LARGE_PRINT, ("pdf.css", "large.css"))]
)
def test_many_actions_make_an_accessible_pdf(medium, sheets):
    rows = [
        known.commitment(1, f"{number}. {'Involve people early. ' * 8}", milestones="1 of 2 done")
        for number in range(1, 30)
    ]
    facts = replace(known.facts(4, principles=2), commitments=Commitments("31 March 2024", rows, elsewhere=2))
    html = drawn(SHAPES["annual"], facts, fingerprint="f" * 64, is_draft=False, medium=medium)

    assert problems_of(render_pdf(html, stylesheets=sheets).content) == []


def test_a_snapshot_from_before_it_was_kept_thaws_and_has_no_such_part():
    data = json.loads(freeze(known.facts())[0])
    del data["commitments"]
    facts = thaw(AnnualFacts, json.dumps(data))

    assert facts.commitments == Commitments()
    assert "commitments" not in page(facts)


def test_a_state_that_changed_is_one_change_between_two_reports():
    def data(state: str) -> dict:
        facts = replace(
            known.facts(), commitments=Commitments("31 March 2024", [known.commitment(1, state_words=state)])
        )
        return json.loads(freeze(facts)[0])

    [changed] = changes(data("Late"), data("Done")).figures
    assert str(changed) == "What was planned under each principle: 1. Involve people early.: now Done, before Late"


# Where it is typed and read ----------------------------------------------------------------------


def test_staff_say_which_principles_an_action_puts_into_practice(client, year, strategy):
    client.force_login(people.user("officer"))
    first, second = engagement.principle(1), engagement.principle(2)
    sent = {"number": 1, "text": "Ask early.", "precision": "month", "principles": [first.pk, second.pk]}
    client.post(reverse("plans:priority_add", args=[strategy.pk]), sent)
    [action] = strategy.priorities.all()
    assert list(action.principles.all()) == [first, second]

    assert "Principles: 1. Principle 1; 2. Principle 2" in text_of(client.get(strategy.get_absolute_url()))
    client.logout()
    public = text_of(client.get(reverse("our_plans:plan_detail", args=[strategy.code])))
    assert "Principles that it puts into practice: 1. Principle 1; 2. Principle 2" in public


def test_the_form_offers_the_wordings_of_the_plans_time_and_keeps_one_that_was_chosen(client, year):
    old = engagement.principle_set("2021", effective_from=DAY(2021, 9, 1))
    engagement.period("2021-22", principle_set=old)
    chosen = engagement.principle(1, of=old)
    plan = plans.plan(starts_on=DAY(2023, 5, 1))
    action = plans.priority(plan, principles=[chosen])
    client.force_login(people.user("officer"))
    page = client.get(reverse("plans:priority_edit", args=[action.pk])).content.decode()
    offered = [int(value) for value in re.findall(r'name="principles"[^>]*value="(\d+)"', page)]

    assert set(offered) == {chosen.pk, *year.principle_set.principles.values_list("pk", flat=True)}
    assert set(principles_between(None, None)) == {*old.principles.all(), *year.principle_set.principles.all()}
