"""Pages of comments: who sees what, page by page, and nothing of a comment runs in a browser."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.documents import comments as documents
from insights.models import Campaign, Collection, Comment, CommentUpload
from insights.services import comments as services
from insights.services import receipts
from insights.tasks import take_in_comments
from insights.tests import commenting
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('canary')</script>"
DAY = {"said_on_0": 1, "said_on_1": 3, "said_on_2": 2024}
PAGES = ("collection_detail", "comment_list", "comment_upload", "comment_add", "campaign_list")


@pytest.fixture(autouse=True)
def registered():
    commenting.register()


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def collection():
    return factories.collection(title="Canary collection", activity=engagement.activity(areas=[people.area("Ware")]))


def address(name: str, row) -> str:
    return reverse(f"insight_work:{name}", args=[row.pk])


def shown(client, collection, **query) -> list[str]:
    page = client.get(address("comment_list", collection), query)
    assert page.status_code == 200
    return [row.reference for row in page.context["page"].rows]


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_a_collection_are_for_those_who_work_with_it(client, collection, name):
    statuses = {}
    for role, area in (("officer", None), ("officer", people.area()), ("project_lead", None), ("member", None)):
        client.force_login(people.user(role, area=area))
        statuses[role, bool(area)] = client.get(address(name, collection)).status_code
    client.logout()
    assert client.get(address(name, collection)).status_code == 302
    assert statuses == {
        ("officer", False): 200,
        ("officer", True): 404,
        ("project_lead", False): 403,
        ("member", False): 403,
    }


def test_an_officer_of_another_place_sees_no_collection_of_ours(client, collection):
    client.force_login(people.user("officer", area=people.area()))
    assert "Canary" not in client.get("/insight/comments/").content.decode()
    comment = factories.comment(collection=collection)
    assert client.get(address("comment_detail", comment)).status_code == 404
    assert client.post(address("comment_read", collection), {"comment": comment.pk}).status_code == 404
    comment.refresh_from_db()
    assert comment.read_at is None


def test_a_collection_is_added_for_an_activity(client, officer):
    activity = engagement.activity()
    client.post("/insight/comments/add/", {"title": "Cards", "activity": activity.pk})
    assert Collection.objects.get().activity == activity
    again = client.post("/insight/comments/add/", {"title": "Cards"})
    assert again.status_code == 422
    assert "already exists" in again.content.decode()


def test_who_works_for_one_place_names_an_activity_there(client):
    area = people.area("Ware")
    mine, other = engagement.activity(areas=[area]), engagement.activity()
    client.force_login(people.user("officer", area=area))
    for sent in ({}, {"activity": other.pk}):
        assert client.post("/insight/comments/add/", {"title": "Cards"} | sent).status_code == 422
    assert client.post("/insight/comments/add/", {"title": "Cards", "activity": mine.pk}).status_code == 302


def test_a_comment_is_typed_in(client, officer, collection):
    today = timezone.localdate()
    day = {f"said_on_{place}": part for place, part in enumerate((today.day, today.month, today.year))}
    sent = {"text": SCRIPT, "may_be_quoted": "false"} | day
    answer = client.post(address("comment_add", collection), sent, follow=True)
    comment = Comment.objects.get()
    assert (comment.text, comment.said_on, comment.may_be_quoted) == (SCRIPT, today, False)
    for page in (answer, client.get(address("comment_list", collection))):
        text = page.content.decode()
        assert SCRIPT not in text
        assert "&lt;script&gt;alert(&#x27;canary&#x27;)&lt;/script&gt;" in text
    assert client.post(address("comment_add", collection), {"text": ""}).status_code == 422


def test_a_typed_comment_with_personal_data_is_held(client, officer, collection):
    sent = {"text": f"My number is {commenting.NHS_NUMBER}.", "said_on_0": 1, "said_on_1": 3, "said_on_2": 2024}
    answer = client.post(address("comment_add", collection), sent, follow=True)
    assert "kept and held" in answer.content.decode()
    assert commenting.NHS_NUMBER not in answer.content.decode()


def test_a_typed_comment_says_who_is_to_hear_what_came_of_it(client, officer, collection):
    ada = people.person("Ada Lovelace")
    both = (collection.activity, engagement.activity())
    mine, other = (receipts.add_slips(row, by=officer, number=1, seed=uuid.uuid4()) for row in both)
    here, elsewhere = (receipts.code_of(slips.receipts.get()) for slips in (mine, other))

    def send(**who):
        return client.post(address("comment_add", collection), {"text": "Too dark."} | DAY | who)

    assert send(said_by="ada lovelace").status_code == 302
    assert send(receipt=here.lower()).status_code == 302
    kept = Comment.objects.order_by("pk").values_list("said_by", "receipt")
    assert list(kept) == [(ada.pk, None), (None, mine.receipts.get().pk)]
    refused = {
        "Enter either a name or a code": send(said_by="Ada Lovelace", receipt=here),
        "This slip was given out at another activity": send(receipt=elsewhere),
        "We know no slip with this code": send(receipt="BBBB BBBB"),
        "Nobody on the register has this name": send(said_by="Nobody"),
    }
    for words, answer in refused.items():
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    assert Comment.objects.count() == 2


# Files -------------------------------------------------------------------------------------------


def test_a_file_is_sent_in_checked_and_taken_in(client, officer, collection):
    file = SimpleUploadedFile("said.csv", commenting.content({"date": "30/09/2021"}, {"comment": "Did not answer"}))
    answer = client.post(address("comment_upload", collection), {"file": file, "unclear_days": "day_first"})
    upload = CommentUpload.objects.get()
    assert answer.url == address("comment_upload_detail", upload)
    assert "Waiting for a worker" in client.get(answer.url).content.decode()
    take_in_comments(upload.pk)
    page = client.get(answer.url).content.decode()
    assert "Take in 1 comment<" in page
    assert "Their comment is empty or says that nobody answered" in page
    client.post(address("comment_upload_confirm", upload))
    take_in_comments(upload.pk)
    assert "Taken in: 1 new, 0 in already." in client.get(answer.url).content.decode()
    assert collection.comments.count() == 1
    again = client.post(address("comment_upload_confirm", upload), follow=True)
    assert "not waiting to be taken in" in again.content.decode()


def test_what_is_wrong_with_a_file_is_shown_by_row_and_column(client, officer, collection):
    upload = commenting.sent(collection, file=commenting.content({"date": "31/02/2021"}), by=officer)
    take_in_comments(upload.pk)
    page = client.get(address("comment_upload_detail", upload)).content.decode()
    assert "One thing is wrong. Nothing was changed" in page
    assert "31/02/2021" in page
    assert "Take in" not in page


@pytest.mark.parametrize("file", [b"", b"%PDF-1.7"])
def test_what_is_no_sheet_is_refused_in_the_form(client, officer, collection, file):
    sent = {"file": SimpleUploadedFile("said.csv", file), "unclear_days": "day_first"}
    assert client.post(address("comment_upload", collection), sent).status_code == 422
    assert not CommentUpload.objects.exists()


def test_a_file_of_another_place_is_not_seen_and_not_confirmed(client, collection):
    upload = commenting.sent(collection, file=commenting.content({}))
    take_in_comments(upload.pk)
    for user, status in ((people.user("officer", area=people.area()), 404), (people.user("project_lead"), 403)):
        client.force_login(user)
        assert client.get(address("comment_upload_detail", upload)).status_code == status
        assert client.post(address("comment_upload_confirm", upload)).status_code == status
    upload.refresh_from_db()
    assert upload.phase == "check"


# Lists -------------------------------------------------------------------------------------------


def test_comments_are_read_page_by_page(client, officer, collection):
    for number in range(documents.PAGE_SIZE + 1):
        factories.comment(f"Words {number}", collection=collection, reference=f"r{number}")
    first = client.get(address("comment_list", collection))
    assert len(first.context["page"].rows) == documents.PAGE_SIZE
    after = first.context["page"].after
    assert f"?after={after}" in first.content.decode()
    assert shown(client, collection, after=after) == ["r20"]
    sent = {"comment": [row.pk for row in first.context["page"].rows], "next": "state=unread&after=x"}
    answer = client.post(address("comment_read", collection), sent)
    assert answer.url == f"{address('comment_list', collection)}?state=unread&after=x"
    assert shown(client, collection, state="unread") == ["r20"]
    assert len(shown(client, collection, state="read")) == 20


def test_filters_leave_what_fits(client, officer, collection):
    place, theme = people.area("Hertford"), factories.theme()
    one = factories.comment(collection=collection, reference="one", service="111", question="Why?", sentiment=1)
    factories.comment(collection=collection, reference="two", service="PTS", question="How?", sentiment=5, area=place)
    factories.coding(one, theme)
    factories.suggestion(Comment.objects.get(reference="two"), theme)
    queries = {"service": "111", "question": "Why?", "sentiment": 1, "theme": theme.pk}
    assert [shown(client, collection, **{name: value}) for name, value in queries.items()] == [["one"]] * 4
    assert shown(client, collection, area=place.pk) == ["two"]
    page = client.get(address("comment_list", collection), {"service": "unknown"})
    assert "We did not know one of the filters" in page.content.decode()


def test_values_of_a_filter_are_those_of_the_collection(collection):
    for service in ("PTS", "111", "PTS", ""):
        factories.comment(collection=collection, service=service)
    factories.comment(service="Elsewhere")
    assert documents.distinct(collection, "service") == ["111", "PTS"]
    with pytest.raises(ValueError, match="have an index"):
        documents.distinct(collection, "text")


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999", "²"])
def test_a_wrong_place_in_the_list_is_its_beginning(client, officer, collection, after):
    factories.comment(collection=collection, reference="one")
    assert shown(client, collection, after=after) == ["one"]


def test_counting_stops(collection):
    for _number in range(4):
        factories.comment(collection=collection)
    assert documents.count_up_to(collection.comments.all(), most=2) == 3


@pytest.mark.parametrize("name", ["comment_list", "campaign_list", "collection_detail"])
def test_queries_do_not_grow_with_the_comments(client, officer, collection, name):
    counts = []
    for number in (1, 9, 90):
        for _turn in range(number):
            row = Campaign.objects.create(collection=collection, kind="campaign", size=2)
            factories.comment(collection=collection, campaign=row, area=people.area())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, collection)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_queries_of_the_list_of_collections_do_not_grow(client, officer):
    counts = []
    for number in (1, 9, 90):
        for _turn in range(number):
            factories.comment(collection=factories.collection(activity=engagement.activity()))
        with CaptureQueriesContext(connection) as queries:
            client.get("/insight/comments/")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


# Alike -------------------------------------------------------------------------------------------


def test_the_share_of_a_letter_stands_on_every_page_of_figures(client, officer, collection):
    letter = Campaign.objects.create(collection=collection, kind="campaign", size=3)
    for number in range(8):
        text = f"Keep {number} open" if number < 3 else f"Other words {number}"
        factories.comment(text, collection=collection, campaign=letter if number < 3 else None)
    for name in ("collection_detail", "campaign_list"):
        page = client.get(address(name, collection)).content.decode()
        assert "One letter makes up 38% of the comments: 3 of 8." in page
    client.post(address("campaign_name", letter), {"name": "Keep it open"})
    assert "Keep it open" in client.get(address("campaign_list", collection)).content.decode()


def test_held_words_are_no_example_of_a_letter(client, officer, collection):
    letter = Campaign.objects.create(collection=collection, kind="campaign", size=2)
    factories.comment("Canary words", collection=collection, campaign=letter, is_held=True)
    for name, row in (("campaign_list", collection), ("campaign_name", letter)):
        assert "Canary words" not in client.get(address(name, row)).content.decode()


# Surveys -----------------------------------------------------------------------------------------


def test_answers_of_a_survey_are_gathered_by_a_button(client, officer):
    survey = projects.survey()
    answer = client.post(address("survey_gather", survey), follow=True)
    assert "Every answer is in the collection already" in answer.content.decode()
    assert "Fetch new answers of the survey" in answer.content.decode()
    assert client.get(address("survey_gather", survey)).status_code == 405
    client.force_login(people.user("officer", area=people.area()))
    assert client.post(address("survey_gather", survey)).status_code == 404
    client.force_login(people.user("project_lead"))
    assert client.post(address("survey_gather", survey)).status_code == 403


def test_a_comment_whose_words_are_gone_says_so(client, officer, collection):
    comment = factories.comment(collection=collection)
    services.forget(Comment.objects.filter(pk=comment.pk))
    page = client.get(address("comment_detail", comment)).content.decode()
    assert "The words of this comment are gone" in page
