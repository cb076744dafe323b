"""The pages of the thread: who sees them, what they say and offer, and how far they go down (YSD-009)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.documents import activity_links
from insights.models import Comment, Response, Verdict
from insights.tests import factories, insight_factories, threads
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PERIOD = "/insight/thread/"


def address(name: str, *args) -> str:
    return reverse(f"insight_work:{name}", args=args)


def sign_in(client, role: str, area=None):
    user = people.user(role, area)
    client.force_login(user)
    return user


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def this_year():
    start, end = threads.last_year()
    return engagement.period("now", starts_on=start, ends_on=end)


# Who sees them -----------------------------------------------------------------------------------


def pages(activity) -> list[str]:
    forum = forums.forum()
    activity.forums.add(forum)
    comment = Comment.objects.get(collection__activity=activity)
    return [
        address("thread_of_period"),
        address("thread_of_activity", activity.pk),
        address("thread_of_forum", forum.pk),
        address("thread_of_comment", comment.pk),
    ]


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("lead", [200, 200, 200, 200]),
        ("officer", [200, 200, 200, 200]),
        ("project_lead", [200, 200, 200, 403]),  # comments are for those who work with them
        ("secretary", [403, 403, 403, 403]),
        ("member", [403, 403, 403, 403]),
        ("partner", [403, 403, 403, 403]),
        ("", [403, 403, 403, 403]),
    ],
)
def test_staff_see_the_threads_and_nobody_else(client, role, statuses):
    urls = pages(threads.whole())
    sign_in(client, role)

    assert [client.get(url).status_code for url in urls] == statuses


def test_a_stranger_is_asked_to_sign_in(client):
    for url in pages(threads.whole()):
        assert client.get(url).status_code == 302


def test_nothing_is_sent_to_these_pages(client):
    urls = pages(threads.whole())
    sign_in(client, "lead")

    assert {client.post(url).status_code for url in urls} == {405}


def test_another_area_is_not_found_and_not_counted(client, this_year):
    west, east, forum = people.area("West"), people.area("East"), forums.forum()
    threads.whole("theme", reference="mine", areas=[west], forums=[forum])
    other = threads.whole("theme", title="Canary activity", areas=[east], forums=[forum])
    comment = threads.comment_on(other, text="Canary comment")
    sign_in(client, "officer", west)

    assert client.get(address("thread_of_activity", other.pk)).status_code == 404
    assert client.get(address("thread_of_comment", comment.pk)).status_code == 404
    for url in (PERIOD, address("thread_of_forum", forum.pk)):
        page = text(client.get(url))
        assert "Canary" not in page
        assert "0 of 1 threads are whole" in page


def test_what_belongs_to_another_area_is_counted_and_not_named(client):
    west, east = people.area("West"), people.area("East")
    activity = threads.over(areas=[west])
    finding = threads.finding_on(activity, statement="Canary finding.")
    finding.areas.add(east)
    threads.weighed(finding, title="Canary decision", project=projects.project(areas=[east]))
    answer = factories.published_response(activity=threads.over(areas=[east]), you_said="Canary words")
    answer.also_answers.add(activity)
    sign_in(client, "officer", west)

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert "Canary" not in page
    assert "1 agreed finding rests on it." in page
    assert "1 decision weighed it." in page
    assert "1 answer is public." in page
    sign_in(client, "lead")
    assert text(client.get(address("thread_of_activity", activity.pk))).count("Canary") == 3


# What they say -----------------------------------------------------------------------------------


def test_a_whole_thread_says_so(client):
    activity = threads.whole()
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert "100% complete: 6 of 6 links stand." in page
    assert "1 of 1 comments go all the way by one theme" in page
    assert "It breaks at" not in page
    assert "1 person was reached. (1 of 1 people)" in page


def test_a_break_is_said_in_words_and_marked_by_shape(client):
    activity = threads.whole("finding")
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert "60% complete: 3 of 5 links stand." in page
    assert "It breaks at 2 links:</strong> Decision that weighed it, Answer published." in page
    assert page.count("app-thread__step--broken") == 2
    assert page.count('<strong class="nhsuk-tag nhsuk-tag--red">broken</strong>') == 2


def test_numbers_say_how_far_each_link_carries(client):
    activity = threads.whole("answer")
    for _each in range(3):
        threads.comment_on(activity)
    theme = Response.objects.get(activity=activity).themes.get()
    threads.comment_on(activity, theme)
    threads.comment_on(activity, insight_factories.theme())
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert "A named person gave or accepted themes. (3 of 6 comments)" in page
    assert page.count("(2 of 6 comments)") == 3  # found, weighed, answered
    assert "2 of 6 comments go all the way by one theme" in page


def test_routes_without_the_internet_stand_in_a_table(client):
    activity = threads.over()
    activity.response_counts.create(route="paper", received=40, read=12)
    survey = projects.survey(activity=activity)
    projects.survey_response(survey, route="phone")
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    for name, received, read in (("paper form", 40, 12), ("our survey: by telephone", 1, 0)):
        assert f'scope="row">{name}</th><td class="nhsuk-table__cell nhsuk-table__cell--numeric">{received}<' in page
        assert f'--numeric">{read}</td>' in page
    assert "41 responses came." in page


def test_a_comment_is_shown_with_its_thread_and_a_held_one_is_not_shown(client):
    activity = threads.whole()
    comment = Comment.objects.get(collection__activity=activity)
    held = threads.comment_on(activity, text="Canary words", is_held=True)
    sign_in(client, "lead")

    assert comment.text in text(client.get(address("thread_of_comment", comment.pk)))
    assert "Canary" not in text(client.get(address("thread_of_comment", held.pk)))


# What they offer ---------------------------------------------------------------------------------


def test_each_break_says_what_to_do_next(client):
    activity = threads.over()
    threads.comment_on(activity)
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    collection = activity.collections.get()
    for url, action in {
        address("collection_detail", collection.pk): "Code the comments",
        address("finding_add"): "Write a finding",
        address("decision_add"): "Record the decision",
        address("answer_add", activity.pk): "Write the answer",
    }.items():
        assert f'<a href="{url}">{action}' in page


def test_a_project_lead_is_offered_nothing_that_is_not_theirs(client):
    activity = threads.over(project=projects.project())
    threads.comment_on(activity)
    sign_in(client, "project_lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert page.count("app-thread__step--broken") == 4
    for action in ("Code the comments", "Write a finding", "Write the answer", "Write down what people told us"):
        assert action not in page


def test_a_lead_of_another_project_is_not_offered_to_write_the_answer(client):
    lead, project = sign_in(client, "project_lead"), projects.project()
    activity = threads.over(project=project)

    assert "Write the answer" not in text(client.get(address("thread_of_activity", activity.pk)))
    assert lead.has_perm("insights.add_decision")


def test_a_draft_is_offered_to_who_may_publish(client):
    activity = threads.whole("decision")
    draft = factories.response(activity=activity)
    link = f'<a href="{address("answer_detail", draft.pk)}">Publish the answer</a>'

    sign_in(client, "lead")
    assert link in text(client.get(address("thread_of_activity", activity.pk)))
    sign_in(client, "officer")
    assert link not in text(client.get(address("thread_of_activity", activity.pk)))


def test_people_who_were_not_told_are_a_click_away(client):
    activity = threads.whole("answer")
    threads.reachable(activity)
    answer = Response.objects.get(activity=activity)
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert "1 person who can be told has not been. (0 of 1 people)" in page
    assert f'<a href="{address("told", answer.pk)}">Tell them</a>' in page


def test_a_no_is_a_click_away(client):
    activity = threads.whole()
    answer = Response.objects.get(activity=activity)
    Verdict.objects.create(response=answer, right="no", words="You did not.", person=people.person())
    sign_in(client, "lead")

    page = text(client.get(address("thread_of_activity", activity.pk)))

    assert "They said: No: 1. 1 does not feel heard right, and nobody has dealt with it." in page
    assert f'<a href="{address("verdict_list")}">Deal with it</a>' in page


# Many --------------------------------------------------------------------------------------------


def test_a_period_shows_shares_the_worst_first_and_leads_to_each_activity(client, this_year):
    threads.whole(reference="A-1")
    broken = threads.whole("theme", reference="A-2")
    sign_in(client, "lead")

    page = text(client.get(PERIOD))

    assert "50% complete: 1 of 2 threads are whole, up to the people told." in page
    assert "Broken: 1. Not recorded whether whole: 0. Still in time: 0." in page
    assert page.index(">Finding</th>") < page.index(">Sorted by theme</th>")
    assert "<title>Activities that have each link, in percent. Did we hear you right?: 0; Finding: 50" in page
    assert page.index("A-2") < page.index("A-1")  # what is broken comes first
    assert f'<a href="{address("thread_of_activity", broken.pk)}">A-2</a>' in page


def test_the_list_is_narrowed_and_another_period_chosen(client, this_year):
    engagement.period()
    engagement.activity("old", starts_on=None, ends_on=None, period=engagement.period())
    threads.whole(reference="A-1")
    threads.whole("theme", reference="A-2")
    sign_in(client, "lead")

    page = text(client.get(PERIOD, {"standing": "whole"}))
    assert ("A-1" in page, "A-2" in page, "1 activity<" in page) == (True, False, True)
    page = text(client.get(PERIOD, {"period": "2023-24"}))
    assert ("old" in page, "A-1" in page) == (True, False)
    assert "No activity fits" in text(client.get(PERIOD, {"period": "2023-24", "standing": "whole"}))


def test_a_period_leads_to_its_forums_and_a_collection_and_a_comment_to_their_thread(client, this_year):
    forum, other = forums.forum("Reader Panel"), forums.forum("Canary forum")
    activity = threads.whole(forums=[forum])
    engagement.activity(forums=[other])
    sign_in(client, "lead")

    page = text(client.get(PERIOD))
    assert f'<a href="{address("thread_of_forum", forum.pk)}">Reader Panel</a>' in page
    assert "Canary" not in page
    collection = activity.collections.get()
    link = f'<a href="{address("thread_of_activity", activity.pk)}">What came of them</a>'
    assert link in text(client.get(address("collection_detail", collection.pk)))
    comment = collection.comments.get()
    assert address("thread_of_comment", comment.pk) in text(client.get(address("comment_detail", comment.pk)))


def test_the_page_of_an_activity_leads_to_its_thread_for_who_may_read_it(client):
    activity = threads.over()
    url = address("thread_of_activity", activity.pk)
    sign_in(client, "lead")

    assert f'<a href="{url}">From what people said to what came of it</a>' in text(
        client.get(activity.get_absolute_url())
    )
    assert list(activity_links.links(activity, people.user("secretary"))) == []


def test_without_a_period_nothing_is_due(client):
    sign_in(client, "lead")

    assert "No thread is due yet." in text(client.get(PERIOD))


@pytest.mark.parametrize("name", ["period", "forum", "activity", "comment"])
def test_more_rows_take_no_more_queries(client, this_year, name):
    sign_in(client, "lead")
    forum, taken = forums.forum(), []
    for more in (1, 9, 90):
        for _each in range(more):
            activity = threads.whole(forums=[forum])
        theme = Response.objects.get(activity=activity).themes.get()
        for _each in range(more if name in {"activity", "comment"} else 0):
            threads.comment_on(activity, theme)
            threads.weighed(threads.finding_on(activity, theme))
            factories.published_response(activity=activity).themes.add(theme)
        comment = Comment.objects.filter(collection__activity=activity).first()
        args = {"period": (), "forum": (forum.pk,), "activity": (activity.pk,), "comment": (comment.pk,)}[name]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(f"thread_of_{name}", *args)).status_code == 200
        taken.append(len(queries))
    assert len(set(taken)) == 1, taken
