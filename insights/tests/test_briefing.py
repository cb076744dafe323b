"""A briefing gathers what is known, fit for a paper and with its sources, and says who was not heard."""

import datetime
from io import BytesIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.pdf import PDFUnavailable
from engagement.tests import factories as engagement
from insights.documents import briefing as documents
from insights.documents.briefing import Subject, briefing
from insights.models import Decision, FindingEvidence, Quote, Weighed
from insights.tests import factories as answers
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE = "/insight/briefing/"
TODAY = timezone.localdate()


@pytest.fixture
def topic():
    return engagement.topic("Stroke")


@pytest.fixture
def subject(topic):
    return Subject("Where stroke care is given", None, topic=topic)


def on(topic, row):
    row.topics.add(topic)
    return row


def quote(topic, **fields) -> Quote:
    collection = factories.collection(activity=engagement.activity(topics=[topic]))
    comment = factories.comment("I waited two hours.", collection=collection)
    defaults = {"words": "two hours", "said_by_whom": "A carer", "consent": "form", "consent_on": factories.DAY}
    return Quote.objects.create(comment=comment, **defaults | fields)


def found(subject, user=None):
    return briefing(subject, user or people.user("officer"))


# What is in it -----------------------------------------------------------------------------------


def test_it_gathers_what_is_known_on_the_subject(subject, topic):
    finding = on(topic, factories.agreed_finding())
    source = on(topic, factories.source())
    activity = engagement.activity(topics=[topic])
    engagement.activity_count(activity, "over 30", base=200)
    answer = answers.published_response(topic=topic)
    decision = factories.decision()
    Weighed.objects.create(decision=decision, finding=finding, effect="adopted")
    said = quote(topic)
    gathered = found(subject)
    assert [each.finding for each in gathered.findings.rows] == [finding]
    assert [each.source for each in gathered.sources.rows] == [source]
    assert [(each.activity, each.figures) for each in gathered.activities.rows if each.figures] == [
        (activity, ("over 30 took part, out of 200",))
    ]
    assert gathered.quotes.rows == (said,)
    assert gathered.answers.rows == (answer,)
    assert gathered.decisions.rows == (decision,)


def test_what_is_about_something_else_is_not_in_it(subject):
    eyes = engagement.topic("Eyes")
    for row in (factories.agreed_finding(), factories.source()):
        on(eyes, row)
    engagement.activity(topics=[eyes])
    answers.published_response(topic=eyes)
    factories.decision()
    quote(eyes)
    gathered = found(subject)
    sections = (gathered.findings, gathered.sources, gathered.activities, gathered.quotes)
    assert [section.total for section in (*sections, gathered.answers, gathered.decisions)] == [0] * 6


def test_what_is_not_fit_for_a_paper_is_not_in_it(subject, topic):
    on(topic, factories.finding())
    on(topic, factories.raw_data())
    on(topic, factories.source(embargo_until=TODAY + datetime.timedelta(days=1)))
    on(topic, factories.story(withdrawn_on=TODAY).source)
    answers.response(topic=topic)
    quote(topic, withdrawn_on=TODAY)
    gathered = found(subject, people.user("administrator"))
    assert (gathered.findings.total, gathered.sources.total, gathered.answers.total) == (0, 0, 0)
    assert gathered.quotes.total == 0


def test_topic_place_and_group_hold_together_and_a_place_holds_its_parts(topic):
    place, group = people.area("Ware"), people.population_group("Carers")
    part = people.area("Ware North", parent=place)
    both = on(topic, factories.source())
    both.areas.add(part)
    both.groups.add(group)
    on(topic, factories.source()).groups.add(group)
    gathered = found(Subject("Any", None, topic=topic, place=place, group=group))
    assert [each.source for each in gathered.sources.rows] == [both]
    assert gathered.subject.words == "Stroke, Ware, Carers"


def test_a_finding_says_what_it_rests_on_and_what_fell_away(subject, topic):
    finding = on(topic, factories.agreed_finding(review_by=TODAY - datetime.timedelta(days=1)))
    theme, collection = factories.theme("Waiting"), factories.collection(title="Cards")
    figures = {"comments": 45, "of": 300, "people": None, "as_at": "2024-04-02"}
    report = factories.source(title="Report of waits")
    for about in (
        {"theme": theme, "collection": collection, "figures": figures},
        {"source": report},
        {"source": factories.raw_data(title="Canary data")},
        {"source": factories.source(title="Gone", state="retired", state_because="Old")},
        {"quote": quote(topic)},
    ):
        FindingEvidence.objects.create(finding=finding, **about)
    (each,) = found(subject, people.user("administrator")).findings.rows
    assert each.rests_on == (
        "Comments about “Waiting” in “Cards”: 45 of 300 comments, on 2 April 2024",
        "Report of waits",
        "something in the library that is not for this paper",
    )
    assert each.doubts == (
        "A part of what it rests on cannot be shown any more.",
        "It should have been looked at again by now.",
    )


def test_a_report_of_another_area_is_not_named_under_a_finding(subject, topic):
    report = factories.source(title="Canary report")
    report.areas.add(people.area("Ware"))
    FindingEvidence.objects.create(finding=on(topic, factories.agreed_finding()), source=report)
    (each,) = found(subject, people.user("officer", area=people.area())).findings.rows
    assert each.rests_on == ("something in the library that is not for this paper",)


def test_somebody_of_one_place_gets_nothing_of_another(subject, topic):
    ware = people.area("Ware")
    for row in (factories.agreed_finding(), factories.source(), engagement.activity()):
        on(topic, row).areas.add(ware)
    answers.published_response(topic=topic, activity=engagement.activity(areas=[ware]))
    quote(topic)
    gathered = found(subject, people.user("officer", area=people.area()))
    sections = (gathered.findings, gathered.sources, gathered.activities, gathered.quotes, gathered.answers)
    assert [section.total for section in sections] == [0] * 5


def test_quotes_are_left_out_for_who_does_not_work_with_comments(subject, topic):
    quote(topic)
    assert found(subject, people.user("project_lead")).quotes is None


def test_what_is_left_out_for_length_is_counted(subject, topic, monkeypatch):
    monkeypatch.setattr(documents, "MOST", 2)
    for _each in range(5):
        on(topic, factories.source())
    sources = found(subject).sources
    assert (len(sources.rows), sources.total, sources.left_out) == (2, 5, 3)


# What is not known -------------------------------------------------------------------------------


def test_without_anything_the_only_gap_is_that_nobody_is_recorded_as_heard(subject):
    people.population_group("Carers")
    assert found(subject).gaps == (
        "No finding on this is agreed.",
        "No report and no activity on this is recorded. Nobody is recorded as heard.",
    )


def test_gaps_name_who_was_not_heard_and_how_weak_the_reports_are(subject, topic):
    people.population_group("Carers")
    heard = people.population_group("Older people")
    ware = people.area("Ware")
    people.area("Harlow")
    part = people.area("Ware North", parent=ware, level="district")
    weak = on(topic, factories.source(people=None))
    factories.rating(weak, each=1)
    weak.groups.add(heard)
    weak.areas.add(part)
    on(topic, factories.source(collected_to=TODAY))
    assert found(subject).gaps == (
        "No finding on this is agreed.",
        "Not recorded as heard: Carers.",
        "Nothing is recorded from these places: Harlow.",
        "Nobody has rated 1 of the 2 reports above.",
        "Rated too low for Board papers: 1 of the 2 reports above.",
        "Older than we want: 1 of the 2 reports above.",
        "For 1 of the 2 reports above it is not recorded how many people were heard.",
    )


def test_a_group_that_is_the_subject_is_no_gap_of_groups(topic):
    group = people.population_group("Carers")
    people.population_group("Older people")
    on(topic, factories.source()).groups.add(group)
    gaps = found(Subject("Any", None, group=group)).gaps
    assert not any("Not recorded as heard" in words for words in gaps)


# Pages -------------------------------------------------------------------------------------------


def query(topic, **fields) -> dict:
    return {"title": "Where <b>stroke</b> care is given", "topic": topic.pk} | fields


def test_the_page_shows_everything_with_its_source_and_runs_nothing(client, topic):
    client.force_login(people.user("officer"))
    source = on(topic, factories.source(title="<script>alert('canary')</script>", people=None))
    said = quote(topic)
    page = client.get(PAGE, query(topic)).content.decode()
    assert "<script>alert" not in page
    assert "Where &lt;b&gt;stroke&lt;/b&gt; care is given" in page
    assert f"Reference: {source.reference}" in page
    assert "People behind it: not recorded" in page
    assert "nobody has rated it yet" in page
    assert "“two hours”" in page
    assert f"{said.comment.collection}, {said.comment.reference}" in page
    assert f"/insight/briefing/pdf/?title=Where+%3Cb%3Estroke%3C%2Fb%3E+care+is+given&amp;topic={topic.pk}" in page


def test_the_form_wants_a_decision_and_something_that_it_is_about(client, topic):
    client.force_login(people.user("officer"))
    assert client.get(PAGE).status_code == 200
    without = client.get(PAGE, {"title": "Any"})
    assert without.status_code == 422
    assert "Choose a topic, a place or a group" in without.content.decode()
    assert "Enter decision" in client.get(PAGE, {"topic": topic.pk}).content.decode()
    assert client.get(PAGE, {"title": "Any", "topic": "999999"}).status_code == 422
    assert client.get(f"{PAGE}pdf/", {"title": "Any"}).url == f"{PAGE}?title=Any"


def test_the_pages_are_for_staff(client, topic):
    on(topic, factories.source(title="Canary report"))
    statuses = {}
    for role in ("officer", "project_lead", "member"):
        client.force_login(people.user(role))
        page = client.get(PAGE, query(topic))
        statuses[role] = page.status_code, "Canary" in page.content.decode()
    assert statuses == {"officer": (200, True), "project_lead": (200, True), "member": (403, False)}
    assert client.get(f"{PAGE}pdf/", query(topic)).status_code == 403
    assert client.post(PAGE).status_code == 403


def test_the_pdf_is_tagged_and_holds_the_same(client, topic):
    client.force_login(people.user("officer"))
    on(topic, factories.source(title="Report of <waits>"))
    on(topic, factories.agreed_finding())
    quote(topic)
    answer = client.get(f"{PAGE}pdf/", query(topic, day_0=1, day_1=3, day_2=2026))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert str(pdf.docinfo.Title) == "Briefing for a decision: Where <b>stroke</b> care is given"


def test_where_no_pdf_can_be_made_the_page_says_so(client, topic, monkeypatch):
    def unavailable(*_given, **_words):
        raise PDFUnavailable

    monkeypatch.setattr(documents, "render_pdf", unavailable)
    client.force_login(people.user("officer"))
    page = client.get(f"{PAGE}pdf/", query(topic), follow=True)
    assert page.redirect_chain[0][0].startswith(f"{reverse('insight_work:briefing')}?title=")
    assert "We cannot make the PDF at the moment" in page.content.decode()


def test_it_asks_the_same_whatever_there_is(client, topic):
    client.force_login(people.user("officer"))
    counts = []
    for number in (1, 9, 30):
        for _each in range(number):
            source = on(topic, factories.source())
            factories.rating(source)
            finding = on(topic, factories.agreed_finding())
            FindingEvidence.objects.create(finding=finding, source=source)
            activity = engagement.activity(topics=[topic])
            engagement.activity_count(activity)
            answers.published_response(topic=topic)
            Weighed.objects.create(decision=factories.decision(), finding=finding, effect="adopted")
            quote(topic)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE, query(topic))
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
    assert Decision.objects.count() == 40
