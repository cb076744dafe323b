"""What everybody reads of an answer: what changed first, who sees to it, by when, and nothing that is not public."""

import datetime

import pytest

from core.counts import Count
from engagement.tests import factories as engagement
from insights.documents import responses as documents
from insights.models import Status
from insights.tests import factories, insight_factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PAGE = "/you-said-we-did/"
AT = datetime.datetime(2024, 4, 2, 9, tzinfo=datetime.UTC)


def text_of(client, row) -> str:
    return client.get(row.get_absolute_url()).content.decode()


def shown(page) -> list[str]:
    return [response.reference for response in page.context["page"]]


def test_what_changed_stands_before_what_people_said(client):
    row = factories.published_response(you_said="The lift is broken.", we_did="We mended the lift.")

    for text in (
        text_of(client, row),
        client.get(PAGE).content.decode(),
        client.get(PAGE, {"print": "all"}).content.decode(),
    ):
        body = text.partition("<h1")[2]
        assert body.index("We did") < body.index("We mended the lift.") < body.rindex("The lift is broken.")


def test_the_page_says_who_sees_to_it_and_what_shows_it(client):
    row = factories.published_response(
        responsible=people.organisation("Community Pharmacy"),
        done_on=datetime.date(2024, 3, 1),
        evidence="Its letter to 240 pharmacies",
        evidence_link="https://example.org/letter",
    )
    text = text_of(client, row)

    for words in (
        "Head of pharmacy, Community Pharmacy",
        "1 March 2024",
        "Its letter to 240 pharmacies",
        'href="https://example.org/letter"',
    ):
        assert words in text, words


def test_an_old_answer_says_that_no_evidence_is_recorded(client):
    assert "no evidence recorded" in text_of(client, factories.published_response(evidence=""))


def test_what_was_looked_at_again_counts_as_done_and_says_what_was_found(client):
    row = factories.published_response(status=Status.REVIEWED, review_found="Eight of ten keep to it.")
    text = text_of(client, row)

    assert ">We did" in text
    assert "Eight of ten keep to it." in text
    assert "We could not" not in text


def test_why_it_could_not_be_done_is_said_in_kind_and_in_words(client):
    row = factories.published_response(status=Status.COULD_NOT, reason_code="law", reason="Only the council may.")

    assert "The law does not allow it." in text_of(client, row)


def test_who_said_it_how_many_and_about_what(client):
    row = factories.published_response(people=Count(30, "over", kind="unique"))
    row.groups.add(people.population_group("carers"))
    row.themes.add(insight_factories.theme("Waiting"))
    text = text_of(client, row)

    assert "over 30 different people: carers" in text
    assert "Waiting" in text


@pytest.mark.parametrize(
    ("number", "has_group", "said"),
    [
        (3, True, "fewer than 8 people"),
        (3, False, "3 different people"),
        (8, True, "8 different people"),
        (None, True, ""),
    ],
)
def test_few_people_of_a_named_group_are_not_counted_out(client, number, has_group, said):
    row = factories.published_response(people=number and Count(number, kind="unique"))
    if has_group:
        row.activity.groups.add(people.population_group("Gypsy and Traveller people"))

    assert documents.said_by(row) == said
    assert ("3 different people" in text_of(client, row)) == (said == "3 different people")


def test_other_activities_are_cited_and_show_the_answer_as_theirs(client):
    row, other = factories.published_response("first"), engagement.activity(title="Survey of carers")
    row.also_answers.add(other)
    second = factories.published_response("second", activity=other)

    assert "Survey of carers" in text_of(client, row)
    assert row.you_said in text_of(client, second)


def test_what_is_not_public_leaves_no_trace(client):
    row = factories.published_response(decision=insight_factories.decision(decided="Canary decision"))
    row.findings.add(insight_factories.agreed_finding(statement="Canary finding"))
    row.issues.add(row.activity.issues.create(summary="Canary issue"))
    row.status_changes.update(by=people.user("lead", name="Canary Lead"))

    assert "anary" not in text_of(client, row)


def test_a_published_decision_and_finding_are_shown(client):
    decision = insight_factories.decision(decided="To open three clinics", because="People wait.", published_at=AT)
    row = factories.published_response(decision=decision)
    row.findings.add(insight_factories.agreed_finding(statement="People wait too long.", published_at=AT))
    text = text_of(client, row)

    for words in ("To open three clinics", "People wait.", "decided on 1 March 2024", "People wait too long."):
        assert words in text


def test_formats_stand_on_the_page_or_behind_their_address(client):
    row = factories.published_response()
    row.formats.create(file_format="easy_read", text="We mended it.")
    row.formats.create(file_format="bsl", link="https://example.org/film")
    text = text_of(client, row)

    assert "Easy Read, English" in text
    assert "We mended it." in text
    assert 'href="https://example.org/film"' in text


def test_hostile_words_are_printed_as_words(client):
    hostile = "<script>alert(1)</script>"
    row = factories.published_response(
        evidence=hostile, responsible_post=hostile, status="reviewed", review_found=hostile
    )
    row.formats.create(file_format="easy_read", text=hostile, language=hostile)
    row.status_changes.create(status="done", note=hostile)

    assert "<script>alert(1)" not in text_of(client, row)


# The list ----------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_who_said_it(client):
    carers, young = people.population_group("carers"), people.population_group("young people")
    factories.published_response("said").groups.add(carers)
    factories.published_response("heard", activity=engagement.activity(groups=[carers]))
    factories.published_response("other").groups.add(young)
    factories.response("draft").groups.add(people.population_group("canary"))
    page = client.get(PAGE, {"group": carers.pk})

    assert shown(page) == ["heard", "said"]
    assert "canary" not in page.content.decode()


def test_the_list_is_narrowed_by_the_year_of_the_annual_report(client):
    first = engagement.period()
    second = engagement.period(code="2024-25", starts_on="2024-04-01", ends_on="2025-03-31")
    engagement.period(code="2025-26", starts_on="2025-04-01", ends_on="2026-03-31")
    factories.published_response("old")
    new = engagement.activity(starts_on=datetime.date(2024, 6, 1), ends_on=datetime.date(2024, 6, 2))
    factories.published_response("new", activity=new)
    undated = engagement.activity(starts_on=None, ends_on=None, period=first)
    factories.published_response("undated", activity=undated)
    page = client.get(PAGE, {"year": first.code})

    assert shown(page) == ["old", "undated"]
    assert shown(client.get(PAGE, {"year": second.code})) == ["new"]
    assert [value for value, _label in page.context["filters"].form.fields["year"].choices if value] == [
        second.code,
        first.code,
    ]


def test_all_that_the_filters_leave_is_on_one_page_to_print(client):
    activity = engagement.activity()
    for number in range(25):
        factories.published_response(f"row-{number}", activity=activity)
    factories.published_response("other", topic=engagement.topic("Stroke"), you_said="Canary")
    factories.response("draft", you_said="Canary")
    text = client.get(PAGE, {"topic": "pharmacy"}).content.decode()
    page = client.get(PAGE, {"topic": "pharmacy", "print": "all"})

    assert 'href="?topic=pharmacy&amp;print=all"' in text
    assert len(shown(page)) == 25
    assert "anary" not in page.content.decode()
    assert "app-filters" not in page.content.decode()


def test_the_newest_come_first(client):
    factories.published_response("old", published_at=AT)
    factories.published_response("new", published_at=AT + datetime.timedelta(days=1))

    assert shown(client.get(PAGE)) == ["new", "old"]


@pytest.mark.parametrize("page", ["list", "print", "detail"])
def test_more_rows_take_no_more_queries(client, django_assert_max_num_queries, page):
    row, taken = factories.published_response(), []
    urls = {"list": PAGE, "print": f"{PAGE}?print=all", "detail": row.get_absolute_url()}
    for rows in (1, 10, 100):
        for _number in range(rows):
            factories.published_response(activity=row.activity, responsible=people.organisation())
            row.groups.add(people.population_group())
            row.themes.add(insight_factories.theme())
            row.also_answers.add(engagement.activity())
            row.findings.add(insight_factories.agreed_finding(published_at=AT))
            row.formats.create(file_format="language", language=f"Language {rows} {_number}", text="Words")
        with django_assert_max_num_queries(40) as queries:
            client.get(urls[page])
        taken.append(len(queries))

    assert taken[0] == taken[1] == taken[2]
