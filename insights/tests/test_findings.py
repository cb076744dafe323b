"""Findings: one statement, evidence, somebody else's agreement, what is frozen, what falls away, what is public."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.documents.known import subject_of
from engagement.models import Policy
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.documents.cadences import add_months
from insights.documents import findings as documents
from insights.documents import known
from insights.models import Finding, FindingEvidence, Quote, Source
from insights.services import findings as services
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
WORDS = {"statement": "Carers wait too long.", "confidence": "medium", "confidence_because": "Two sources say so."}


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def draft(officer):
    return services.add_finding(by=officer, **WORDS)


def evidence(finding, **fields):
    fields = fields or {"source": factories.public_source()}
    return FindingEvidence.objects.create(finding=finding, **fields)


def quote(**fields):
    words = {"words": "I had to wait", "said_by_whom": "A carer", "consent": "form", "consent_on": factories.DAY}
    return Quote.objects.create(comment=fields.pop("comment", None) or factories.comment(), **words | fields)


def agreed(lead, finding):
    if not finding.evidence.exists():
        evidence(finding)
    return services.agree_finding(finding, by=lead)


def refusal(do, *args, **words):
    with pytest.raises(ValidationError) as error:
        do(*args, **words)
    return error.value.code if hasattr(error.value, "code") else error.value.message_dict


# The statement -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("Carers wait too long.", 0),
        ("Carers and young people wait too long.", 0),
        ("Carers and/or young people wait too long.", 1),
        ("Carers wait too long. Parking is dear.", 1),
        ("Carers wait too long, and parking is dear.", 1),
        ("Carers wait and/or go home; parking is dear.", 2),
    ],
)
def test_a_statement_that_may_say_two_things_is_remarked_on_and_kept(officer, statement, number):
    assert len(documents.remarks(statement)) == number
    assert services.add_finding(by=officer, **WORDS | {"statement": statement}).statement == statement


def test_the_same_form_twice_is_one_finding_and_the_same_words_by_another_are_refused(officer, lead, draft):
    assert services.add_finding(by=officer, **WORDS) == draft
    with pytest.raises(ValidationError, match="This finding is there already"):
        services.add_finding(by=lead, **WORDS)
    assert Finding.objects.count() == 1
    assert AuditEvent.objects.filter(verb="wrote a finding").count() == 1


# Agreeing ----------------------------------------------------------------------------------------


def test_nothing_is_agreed_without_evidence(lead, draft):
    assert refusal(services.agree_finding, draft, by=lead) == "no_evidence"


def test_nobody_agrees_to_their_own_words_nor_to_those_they_changed(officer, lead, draft):
    evidence(draft)
    assert refusal(services.agree_finding, draft, by=officer) == "own_words"
    services.change_finding(draft, by=lead, confidence_because="Three sources say so.")
    assert refusal(services.agree_finding, draft, by=lead) == "own_words"
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.update(agreed_by=lead)


def test_what_is_agreed_is_looked_at_again_when_the_policy_says(lead, draft):
    row = agreed(lead, draft)
    assert (row.state, row.agreed_by) == ("agreed", lead)
    assert row.review_by == add_months(timezone.localdate(), Policy().insight_months)
    assert services.agree_finding(row, by=lead).agreed_at == row.agreed_at
    assert AuditEvent.objects.filter(verb="agreed to a finding").count() == 1


def test_what_is_agreed_changes_only_after_it_is_opened_again(officer, lead, draft):
    row = agreed(lead, draft)
    assert refusal(services.change_finding, row, by=officer, statement="Nobody waits.") == "not_draft"
    assert refusal(services.add_evidence, row, by=officer, activity=engagement.activity()) == "not_draft"
    assert refusal(services.remove_evidence, row.evidence.get(), by=officer) == "not_draft"
    services.publish_finding(row, by=lead)
    held = services.reopen_finding(row, by=officer)
    assert (held.state, held.agreed_by, held.published_at) == ("draft", None, None)


def test_evidence_that_fell_away_keeps_a_finding_from_being_agreed_and_published(lead, draft):
    source = factories.public_source()
    evidence(draft, source=source)
    evidence(draft, activity=engagement.activity())
    Source.objects.update(state="retired", state_because="Old", published_at=None)
    assert refusal(services.agree_finding, draft, by=lead) == "fallen"
    Source.objects.update(state="in_use")
    row = services.agree_finding(draft, by=lead)
    Source.objects.update(state="retired")
    assert refusal(services.publish_finding, row, by=lead) == "fallen"


def test_a_finding_whose_writer_has_left_goes_on(lead):
    row = agreed(lead, factories.finding())
    assert services.publish_finding(row, by=lead).is_published


@pytest.mark.django_db(transaction=True)
def test_nobody_agrees_to_what_somebody_takes_away_at_the_same_moment(tmp_path, lead, officer):
    draft = services.add_finding(by=officer, **WORDS)
    row = evidence(draft)
    calls = [
        lambda: services.agree_finding(draft, by=lead).state,
        lambda: services.remove_evidence(row, by=officer),
    ]
    results = race(tmp_path, *calls)
    assert {*results} in ({"agreed", "not_draft"}, {None, "no_evidence"})


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_one_finding(tmp_path, officer):
    results = race(tmp_path, *[lambda: services.add_finding(by=officer, **WORDS).pk for _time in range(2)])
    assert len(results) == 2
    assert len(set(results)) == 1


# Evidence ----------------------------------------------------------------------------------------


def test_the_figures_of_a_theme_stay_as_they_were_when_it_was_attached(officer, draft):
    collection, theme = factories.collection(), factories.theme("Waiting")
    rows = [factories.comment(collection=collection) for _each in range(3)]
    for row in rows[:2]:
        factories.coding(row, theme)
    factories.coding(rows[2], factories.theme(frame=theme.frame))
    row = services.add_evidence(draft, by=officer, theme=theme, collection=collection)
    factories.coding(rows[2], theme)

    row.refresh_from_db()
    assert {name: row.figures[name] for name in ("comments", "of", "people")} == {"comments": 2, "of": 3, "people": 2}
    assert row.figures["as_at"] == timezone.localdate().isoformat()
    assert services.add_evidence(draft, by=officer, theme=theme, collection=collection) == row


def test_evidence_is_one_thing_that_can_be_used(officer, draft):
    theme, collection = factories.theme(), factories.collection()
    remainder = factories.theme(is_remainder=True)
    factories.coding(factories.comment(collection=collection), remainder)
    add = services.add_evidence
    assert refusal(add, draft, by=officer) == "one_thing"
    assert refusal(add, draft, by=officer, theme=theme) == "one_thing"
    assert refusal(add, draft, by=officer, source=factories.source(), activity=engagement.activity()) == "one_thing"
    assert refusal(add, draft, by=officer, quote=quote(withdrawn_on=factories.DAY)) == "fallen"
    for each in (theme, remainder):
        assert list(refusal(add, draft, by=officer, theme=each, collection=collection)) == ["theme"]
    with pytest.raises(IntegrityError), transaction.atomic():
        evidence(draft, theme=theme)


@pytest.mark.parametrize(
    "fall",
    [
        lambda row: Source.objects.filter(pk=row.source_id).update(state="retired", state_because="Old"),
        lambda row: Quote.objects.filter(pk=row.quote_id).update(withdrawn_on=factories.DAY),
        lambda row: Quote.objects.filter(pk=row.quote_id).update(consent_until=datetime.date(2024, 3, 2)),
        lambda row: row.delete(),
    ],
)
def test_a_finding_whose_evidence_falls_away_shows_it_and_goes_on_a_list(client, officer, lead, draft, fall):
    row = evidence(
        draft, **({"source": factories.source()} if "Source" in fall.__code__.co_names else {"quote": quote()})
    )
    agreed(lead, draft)
    client.force_login(officer)
    listed = reverse("insight_work:finding_list") + "?show=weakened"
    assert client.get(listed).context["page"].paginator.count == 0

    fall(row)
    assert [each.pk for each in client.get(listed).context["page"]] == [draft.pk]
    page = client.get(reverse("insight_work:finding_detail", args=[draft.pk])).content.decode()
    assert "Do not lean on it as it is" in page
    (line,) = services.left(officer)
    assert (line.words, line.url) == ("1 finding whose evidence fell away", listed)


# The pages of staff ------------------------------------------------------------------------------


def test_a_finding_goes_from_draft_to_the_public_on_the_pages(client, officer, lead):
    client.force_login(officer)
    sent = WORDS | {"statement": "Carers wait too long, and parking is dear."}
    page = client.post(reverse("insight_work:finding_add"), sent, follow=True)
    finding = Finding.objects.get()
    assert "This may say two things" in page.content.decode()
    url = reverse("insight_work:finding_evidence_add", args=[finding.pk])
    assert client.post(url, {}).status_code == 422
    client.post(url, {"source": factories.public_source().pk})
    step = lambda name, **sent: client.post(reverse("insight_work:finding_step", args=[finding.pk, name]), sent)  # noqa: E731
    assert step("agree").status_code == 403
    client.force_login(lead)
    assert [step(name).status_code for name in ("agree", "publish")] == [302, 302]
    finding.refresh_from_db()
    assert (finding.agreed_by, finding.published_by) == (lead, lead)
    client.force_login(officer)
    assert [step(name, because="x").status_code for name in ("reopen", "retire", "withdraw")] == [403] * 3
    client.force_login(lead)
    assert step("retire", **{"retire-because": ""}).status_code == 422
    assert step("retire", **{"retire-because": "The service has closed."}).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.is_published) == ("retired", False)


def test_findings_of_another_area_are_not_found_and_project_leads_only_read(client):
    here, there = people.area(), people.area()
    mine, other = factories.finding(), factories.finding(statement="Xylophone")
    mine.areas.add(here)
    other.areas.add(there)
    client.force_login(people.user("officer", area=here))
    assert "Xylophone" not in client.get(reverse("insight_work:finding_list")).content.decode()
    for name in ("finding_detail", "finding_edit", "finding_evidence_add"):
        urls = [reverse(f"insight_work:{name}", args=[row.pk]) for row in (mine, other)]
        assert [client.get(url).status_code for url in urls] == [200, 404]
    client.force_login(people.user("project_lead"))
    assert client.get(reverse("insight_work:finding_detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("insight_work:finding_add")).status_code == 403
    assert client.get(reverse("insight_work:finding_edit", args=[mine.pk])).status_code == 403
    client.force_login(people.member().user)
    assert client.get(reverse("insight_work:finding_list")).status_code == 403
    client.logout()
    assert client.get(reverse("insight_work:finding_list")).status_code == 302


@pytest.mark.parametrize("page", ["insight_work:finding_list", "library:finding_list"])
def test_a_list_asks_the_same_number_of_questions_whatever_there_is(client, officer, page):
    client.force_login(officer)
    counts = []
    for number in (1, 9, 90):
        for _each in range(number):
            row = factories.agreed_finding(published_at=factories.AT)
            evidence(row)
            row.topics.add(engagement.topic())
        client.get(reverse(page))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(page))
        counts.append(len(queries))
    assert counts[1] == counts[2]


# What anybody may read ---------------------------------------------------------------------------


def test_strangers_read_published_findings_and_nothing_that_is_not_public(client, officer, lead, draft):
    factories.finding(statement="Xylophone draft")
    factories.agreed_finding(statement="Xylophone agreed")
    collection, theme = factories.collection(title="Xylophone comments"), factories.theme("Waiting")
    factories.coding(factories.comment(collection=collection), theme)
    shown = quote()
    services.add_evidence(draft, by=officer, theme=theme, collection=collection)
    for thing in (
        {"source": factories.public_source(title="Public report")},
        {"source": factories.source(title="Xylophone report")},
        {"activity": engagement.activity(title="Xylophone activity")},
        {"quote": shown},
    ):
        services.add_evidence(draft, by=officer, **thing)
    page = reverse("library:finding_detail", args=[draft.reference])
    row = agreed(lead, draft)
    assert client.get(page).status_code == 404
    services.publish_finding(row, by=lead)

    listed, found = client.get(reverse("library:finding_list")).content.decode(), client.get(page).content.decode()
    assert "Carers wait too long." in listed
    assert "Xylophone" not in listed + found
    assert "Comments about “Waiting”: 1 of 1 comment" in found
    assert "Public report" in found
    assert "“I had to wait” (A carer)" in found
    assert "2 more pieces of evidence that are not public" in found
    Quote.objects.update(withdrawn_on=factories.DAY)
    found = client.get(page).content.decode()
    assert "I had to wait" not in found
    assert "We are looking at it again." in found


def test_personal_details_keep_a_finding_from_the_public(lead, draft):
    row = agreed(lead, draft)
    Finding.objects.update(confidence_because="Ring 01438 123456 or jo@example.org")
    assert list(refusal(services.publish_finding, row, by=lead)) == ["confidence_because"]


# What is known -----------------------------------------------------------------------------------


def test_do_we_already_know_this_finds_findings_and_items_with_age_quality_and_review(officer):
    topic = engagement.topic("Waiting")
    project = projects.project(title="Shorter", topics=[topic])
    row = factories.agreed_finding(review_by=datetime.date(2024, 5, 1))
    item = factories.source(review_by=datetime.date(2099, 5, 1), collected_to=datetime.date(2019, 3, 1))
    factories.rating(item, each=1, recency=0)
    hidden = factories.finding()
    for each in (row, item, hidden):
        each.topics.add(topic)

    (found,) = known.findings(subject_of(project), officer)
    assert (found.title, found.shares) == (row.statement, ("topic: Waiting",))
    assert found.said.startswith("How sure: medium; look again by 1 May 2024 (past)")
    assert "fell away" in found.said
    (found,) = known.library(subject_of(project), officer)
    assert "before the pandemic" in found.said
    assert "4 of 15: too little for Board papers" in found.said
    assert "look again by 1 May 2099" in found.said
    assert list(known.findings(subject_of(project), people.member().user)) == []
    assert list(known.library(subject_of(project), people.member().user)) == []
