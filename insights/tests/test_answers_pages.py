"""The staff pages of answers: written from an activity, looked through, moved on, published, in other formats."""

import pytest
from django.urls import reverse

from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.models import Response, Status
from insights.tests import factories, insight_factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/insight/answers/"


def address(name: str, *args) -> str:
    return reverse(f"insight_work:{name}", args=args)


def day(name: str, *parts: int) -> dict:
    return {f"{name}_{number}": part for number, part in enumerate(parts)}


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def words(**fields) -> dict:
    return {
        "topic": engagement.topic().pk,
        "you_said": "Labels hide the Braille.",
        "we_did": "The pharmacy committee told all 240 pharmacies to keep labels off the Braille.",
        "status": "done",
        "responsible_post": "Head of pharmacy",
        "evidence": "Its letter of 2 March",
    } | fields


# From an activity to the public page -------------------------------------------------------------


def test_several_answers_are_written_under_one_activity_and_one_is_published(client, lead):
    activity = engagement.activity("HWE-1")
    url = address("answer_add", activity.pk)
    first = client.post(url, words(another="yes", **day("heard_on", 1, 3, 2024), people="over 30"))
    second = client.post(url, words(you_said="The lift is broken.", status="could_not", reason="It is not ours."))

    assert first.url == url
    braille, lift = Response.objects.order_by("pk")
    assert second.url == address("answer_detail", lift.pk)
    assert (str(braille.people), str(braille.heard_on), braille.reference) == (
        "over 30 different people",
        "2024-03-01",
        "hwe-1-1",
    )
    assert "Labels hide the Braille." in client.get(url).content.decode()

    refused = client.post(address("answer_step", lift.pk, "publish"))
    assert refused.status_code == 422
    assert "Select the kind of reason" in refused.content.decode()
    assert client.post(address("answer_step", braille.pk, "publish")).status_code == 302
    assert list(Response.objects.public()) == [braille]
    assert client.get(braille.get_absolute_url()).status_code == 200


def test_an_answer_begins_with_what_the_activity_says(client, lead):
    activity = engagement.activity(what_people_told_us="Labels hide it.", topics=[engagement.topic()])

    initial = client.get(address("answer_add", activity.pk)).context["form"].initial

    assert initial["you_said"] == "Labels hide it."
    assert initial["topic"] == engagement.topic().pk


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"you_said": ""}, {"you_said": ["Enter you said"]}),
        ({"we_did": ""}, {"we_did": ["Say what was done, is under way or is promised"]}),
        ({"status": "could_not"}, {"reason": ["Say why it could not be done"]}),
        ({"reason_code": "cost"}, {"reason_code": ["Only what could not be done has a kind of reason"]}),
        ({"people": "some"}, {"people": None}),
        (day("heard_on", 31, 2, 2024), {"heard_on": ["Heard on must be a real date"]}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(client, lead, fields, wrong):
    page = client.post(address("answer_add", engagement.activity().pk), words(**fields))

    assert page.status_code == 422
    found = page.context["form"].errors
    assert found.keys() == wrong.keys()
    assert all(found[name] == said for name, said in wrong.items() if said)
    assert "Its letter of 2 March" in page.content.decode()
    assert not Response.objects.exists()


def test_the_same_words_again_are_refused_above_the_form(client, lead):
    row = factories.response()

    page = client.post(address("answer_add", row.activity_id), words(you_said=row.you_said))

    assert page.status_code == 422
    assert "This activity already has an answer to those words" in page.content.decode()


# Looking through it ------------------------------------------------------------------------------


def test_the_page_shows_what_to_change_how_it_reads_and_the_answer_as_people_read_it(client, lead):
    row = factories.response(we_did="Your views have helped inform our plans.", responsible_post="", evidence="")
    page = client.get(address("answer_detail", row.pk))
    text = page.content.decode()

    codes = {remark.code for remark in page.context["remarks"] if remark.is_blocking}
    assert codes == {"nobody_responsible", "only_boilerplate", "no_evidence"}
    for said in ("Say who is responsible", "Say what shows that it was done", "no evidence recorded", "Not measured"):
        assert said in text
    assert [reading.label for reading in page.context["readings"]] == ["We did, are doing or have promised"]


def test_words_to_avoid_are_said_of_our_words_and_not_of_what_people_said(client, lead):
    projects.term("service user", use="avoid", instead="patient")
    row = factories.response(we_did="We told 9 service users.", you_said="I am a service user.")

    assert len(client.get(address("answer_detail", row.pk)).context["terms"]) == 1


def test_an_answer_is_changed_and_what_people_said_stays_once_it_is_public(client, lead):
    row = factories.published_response()
    group, theme = people.population_group("carers"), insight_factories.theme()
    data = words(we_did="We opened 3 clinics.", you_said="Canary", groups=[group.pk], themes=[theme.pk])

    assert client.post(address("answer_edit", row.pk), data).status_code == 302
    row.refresh_from_db()
    assert (row.we_did, row.you_said) == ("We opened 3 clinics.", "You told us thing 1.")
    assert (list(row.groups.all()), list(row.themes.all())) == ([group], [theme])


def test_saving_takes_nothing_away_that_is_not_offered_any_more(client, lead):
    theme = insight_factories.theme(retired_on="2024-01-01")
    finding, other = insight_factories.finding(), insight_factories.theme()
    row = factories.response()
    row.themes.add(theme)
    row.findings.add(finding)
    form = client.get(address("answer_edit", row.pk)).context["form"]

    assert set(form.fields["themes"].queryset) == {theme, other}
    assert list(form.fields["findings"].queryset) == [finding]
    assert {"issues", "decision", "project"} & form.fields.keys() == set()


def test_a_public_answer_does_not_lose_who_is_responsible(client, lead):
    row = factories.published_response()

    page = client.post(address("answer_edit", row.pk), words(responsible_post=""))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["responsible"]


def test_a_promise_is_kept_and_the_step_is_public(client, lead):
    row = factories.published_response(status=Status.PROMISED, promised_for="2024-05-01", evidence="")
    url = address("answer_status", row.pk)

    assert client.post(url, {"status": "done", "note": "The last clinic opened."}).status_code == 422
    data = {
        "status": "done",
        "note": "The last clinic opened.",
        "evidence": "A photograph",
        **day("done_on", 1, 5, 2024),
    }
    assert client.post(url, data).status_code == 302

    text = client.get(row.get_absolute_url()).content.decode()
    assert "The last clinic opened." in text
    assert "A photograph" in text
    assert "1 May 2024" in text


def test_a_day_is_not_kept_for_what_is_not_done(client, lead):
    row = factories.response(status=Status.PROMISED)

    client.post(address("answer_status", row.pk), {"status": "under_way", **day("done_on", 1, 5, 2024)})

    row.refresh_from_db()
    assert (row.status, row.done_on) == ("under_way", None)


def test_a_format_is_offered_and_taken_away(client, lead):
    row = factories.published_response()
    data = {"file_format": "easy_read", "language": "English", "text": "We put it right."}

    assert client.post(address("answer_format_add", row.pk), data | {"text": ""}).status_code == 422
    assert client.post(address("answer_format_add", row.pk), data).status_code == 302
    assert "We put it right." in client.get(row.get_absolute_url()).content.decode()
    held = row.formats.get()
    assert client.post(address("answer_format_remove", held.pk)).status_code == 302
    assert not row.formats.exists()


def test_withdrawing_what_closed_an_activity_is_refused_in_words(client, lead):
    row = factories.published_response(activity=engagement.activity(state="closed"))

    page = client.post(address("answer_step", row.pk, "withdraw"))

    assert page.status_code == 422
    assert "Publish another answer to it first" in page.content.decode()


def test_a_step_that_does_not_exist_is_not_found(client, lead):
    assert client.post(address("answer_step", factories.response().pk, "burn")).status_code == 404


# The list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"draft", "kept", "bare", "no"}),
        ({"published": "yes"}, {"kept"}),
        ({"published": "no", "status": "done"}, {"draft", "bare"}),
        ({"lacks": "evidence"}, {"bare"}),
        ({"lacks": "responsible"}, {"bare"}),
        ({"lacks": "reason_code"}, {"no"}),
        ({"lacks": "day"}, {"kept"}),
        ({"q": "braille"}, {"draft"}),
        ({"status": "nonsense", "q": "braille"}, {"draft"}),
    ],
)
def test_the_list_is_narrowed(client, lead, query, expected):
    factories.response("draft", you_said="The Braille is hidden.")
    factories.published_response("kept", status=Status.PROMISED)
    factories.response("bare", evidence="", responsible_post="")
    factories.response("no", status=Status.COULD_NOT, reason="No money.")

    assert {row.reference for row in client.get(LIST, query).context["page"]} == expected


def test_the_list_is_narrowed_by_group_and_organisation(client, lead):
    group, pharmacy = people.population_group(), people.organisation()
    factories.response("mine", responsible=pharmacy).groups.add(group)
    factories.response("other", responsible=people.organisation()).groups.add(people.population_group())

    for query in ({"group": group.pk}, {"responsible": pharmacy.pk}):
        assert [row.reference for row in client.get(LIST, query).context["page"]] == ["mine"]


@pytest.mark.parametrize("page", ["list", "detail", "add"])
def test_more_rows_take_no_more_queries(client, lead, django_assert_max_num_queries, page):
    row, taken = factories.response(), []
    urls = {"list": LIST, "detail": address("answer_detail", row.pk), "add": address("answer_add", row.activity_id)}
    for rows in (1, 10, 100):
        for number in range(rows):
            other = factories.response(activity=row.activity, responsible=people.organisation())
            row.groups.add(people.population_group())
            row.issues.add(row.activity.issues.create(summary=f"Issue {rows} {number}"))
            row.status_changes.create(status="done")
            row.also_answers.add(engagement.activity())
            other.groups.add(people.population_group())
        with django_assert_max_num_queries(60) as queries:
            client.get(urls[page])
        taken.append(len(queries))

    assert taken[0] == taken[1] == taken[2]


# Who may -----------------------------------------------------------------------------------------


def test_an_officer_writes_and_does_not_publish(client, officer):
    row = factories.response()

    assert client.get(address("answer_edit", row.pk)).status_code == 200
    assert client.get(address("answer_detail", row.pk)).context["steps"] == []
    assert client.post(address("answer_step", row.pk, "publish")).status_code == 403
    assert not Response.objects.public().exists()


def test_an_officer_does_not_change_what_everybody_reads(client, officer):
    row = factories.published_response()
    held = row.formats.create(file_format="easy_read", text="Easy.")

    assert not client.get(address("answer_detail", row.pk)).context["may_write"]
    for name in ("answer_edit", "answer_status", "answer_format_add"):
        assert client.get(address(name, row.pk)).status_code == 403
        assert client.post(address(name, row.pk), words()).status_code == 403
    assert client.post(address("answer_format_remove", held.pk)).status_code == 403


def test_answers_of_another_place_are_neither_listed_nor_found(client):
    west, east = people.area("West"), people.area("East")
    mine = factories.response("mine", activity=engagement.activity(areas=[west]))
    other = factories.response("canary", activity=engagement.activity(areas=[east]), you_said="Canary words")
    held = other.formats.create(file_format="easy_read", text="Easy.")
    client.force_login(people.user("officer", west))
    page = client.get(LIST)

    assert [row.reference for row in page.context["page"]] == ["mine"]
    assert "anary" not in page.content.decode()
    assert client.get(address("answer_detail", mine.pk)).status_code == 200
    for name in ("answer_detail", "answer_edit", "answer_status", "answer_format_add"):
        assert client.get(address(name, other.pk)).status_code == 404
    assert client.get(address("answer_add", other.activity_id)).status_code == 404
    assert client.post(address("answer_format_remove", held.pk)).status_code == 404


def test_what_another_place_has_is_not_offered(client):
    west, east = people.area("West"), people.area("East")
    activity = engagement.activity(areas=[west])
    engagement.activity(title="Canary activity", areas=[east])
    projects.project(title="Canary project", areas=[east])
    client.force_login(people.user("officer", west))

    assert "anary" not in client.get(address("answer_add", activity.pk)).content.decode()


def test_a_project_lead_reads_and_writes_nothing(client):
    row = factories.response()
    client.force_login(people.user("project_lead"))

    assert client.get(LIST).status_code == 200
    assert client.get(address("answer_detail", row.pk)).status_code == 200
    assert client.get(address("answer_edit", row.pk)).status_code == 403
    assert client.get(address("answer_add", row.activity_id)).status_code == 403
    assert client.post(address("answer_step", row.pk, "publish")).status_code == 403


@pytest.mark.parametrize("role", ["member", "secretary", ""])
def test_who_is_not_staff_is_refused(client, role):
    row = factories.response()
    client.force_login(people.user(role))

    for url in (LIST, *(address(name, row.pk) for name in ("answer_detail", "answer_edit", "answer_status"))):
        assert client.get(url).status_code == 403


def test_a_stranger_signs_in_first(client):
    assert client.get(LIST).url.startswith("/accounts/login/")
