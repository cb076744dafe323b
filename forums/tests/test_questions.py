"""Questions to the Board: proposing, voting, the limit, the answer, and who may see what."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from forums.models import BoardQuestion, FollowUp, Vote
from forums.services import questions as services
from forums.tests import factories
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Status = BoardQuestion.Status
LONG_AGO = datetime.date(2023, 6, 1)


@pytest.fixture
def board():
    return factories.committee()


@pytest.fixture
def forum(board):
    return factories.forum("Community Assembly", meets_before=board)


@pytest.fixture
def board_meeting(board):
    return factories.meeting(board, days=20)


@pytest.fixture
def member(forum):
    person = people.member("Amira Khan")
    factories.membership(forum, person)
    return person


@pytest.fixture
def officer():
    return people.user("officer")


def answers(**changed):
    values = {
        "kind": "question",
        "topic": "Primary care",
        "text": "When can we book online?",
        "form_token": uuid.uuid4(),
    }
    return values | changed


def answered(question, officer, board_meeting, **changed):
    question = services.submit(question, board_meeting, by=officer)
    words = {"answer": "From May.", "answered_by": "Chief nurse", "answered_on": timezone.localdate()}
    return services.answer(question, by=officer, **words | changed)


# Members propose ---------------------------------------------------------------------------------


def test_a_member_proposes_a_question(client, forum, member):
    client.force_login(member.user)
    response = client.post(reverse("members:question_add", args=[forum.pk]), answers(text="لماذا؟ 🙂"))

    assert (response.status_code, response["Location"]) == (302, reverse("members:question_list", args=[forum.pk]))
    question = BoardQuestion.objects.get()
    assert (question.forum, question.proposed_by, question.status) == (forum, member, Status.PROPOSED)
    assert question.text == "لماذا؟ 🙂"
    assert AuditEvent.objects.filter(verb="proposed", actor_id=member.user_id).count() == 1


def test_the_same_form_sent_twice_is_one_question(client, forum, member):
    client.force_login(member.user)
    sent = answers()
    for _time in range(2):
        assert client.post(reverse("members:question_add", args=[forum.pk]), sent).status_code == 302
    assert BoardQuestion.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "item"}, "Say what could be done about it"),
        ({"topic": "x" * 101}, "Topic must be 100 characters or fewer"),
        ({"text": ""}, "Enter your question or point"),
        ({"text": "x" * 2001}, "Your question or point must be 2000 characters or fewer"),
        ({"form_token": "nonsense"}, "There is a problem"),
    ],
)
def test_a_wrong_form_says_what_to_do(client, forum, member, changed, words):
    client.force_login(member.user)
    response = client.post(reverse("members:question_add", args=[forum.pk]), answers(**changed))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not BoardQuestion.objects.exists()


def test_a_point_for_the_agenda_says_what_could_be_done(forum, member):
    with pytest.raises(ValidationError, match="Say what could be done"):
        services.propose(forum, member, by=member.user, **answers(kind="item", solution=" "))
    services.propose(forum, member, by=member.user, **answers(kind="item", solution="Open on Saturdays."))
    assert BoardQuestion.objects.get().solution == "Open on Saturdays."


def test_a_closed_forum_takes_no_question(forum, member):
    forum.status, forum.closed_on = "closed", timezone.localdate()
    forum.save()
    with pytest.raises(ValidationError, match="is closed"):
        services.propose(forum, member, by=member.user, **answers())


@pytest.mark.parametrize("page", ["members:question_list", "members:question_add"])
def test_only_those_who_sit_on_the_forum_find_the_page(client, forum, member, page):
    stranger, left = people.member(), people.member()
    factories.membership(factories.forum(), stranger)
    factories.membership(forum, left, ended_on=timezone.localdate(), left_because="time")
    for person, status in [(member, 200), (stranger, 404), (left, 404)]:
        client.force_login(person.user)
        assert client.get(reverse(page, args=[forum.pk])).status_code == status


def test_an_observer_reads_and_does_not_take_part(client, forum, member):
    observer = people.member()
    factories.membership(forum, observer, is_observer=True)
    question = factories.board_question(forum, member)
    client.force_login(observer.user)
    page = client.get(reverse("members:question_list", args=[forum.pk])).content.decode()
    assert question.text in page
    assert "Vote for this" not in page
    assert client.get(reverse("members:question_add", args=[forum.pk])).status_code == 404
    client.post(reverse("members:question_vote", args=[question.pk]), {"vote": "yes"})
    assert not Vote.objects.exists()
    with pytest.raises(ValidationError, match="Observers can read"):
        services.propose(forum, observer, by=observer.user, **answers())


# Members vote ------------------------------------------------------------------------------------


def test_a_vote_is_what_was_said_however_often_it_is_said(client, forum, member):
    question = factories.board_question(forum, member)
    client.force_login(member.user)
    url = reverse("members:question_vote", args=[question.pk])
    for wish, votes in [("yes", 1), ("yes", 1), ("no", 0), ("no", 0), ("yes", 1)]:
        assert client.post(url, {"vote": wish}).status_code == 302
        assert Vote.objects.count() == votes
    page = client.get(reverse("members:question_list", args=[forum.pk])).content.decode()
    assert "1 vote<" in page
    assert "You voted for this." in page


def test_who_voted_is_nowhere_in_the_audit_trail(forum, member):
    services.vote(factories.board_question(forum), member, wants=True)
    assert not AuditEvent.objects.exists()


def test_nobody_votes_when_the_question_has_gone_to_the_board(client, forum, member, officer, board_meeting):
    question = services.submit(factories.board_question(forum), board_meeting, by=officer)
    client.force_login(member.user)
    page = client.post(reverse("members:question_vote", args=[question.pk]), {"vote": "yes"}, follow=True)
    assert "Voting is over" in page.content.decode()
    assert not Vote.objects.exists()


def test_a_vote_needs_a_seat_a_wish_and_a_post(client, forum, member):
    question = factories.board_question(forum)
    url = reverse("members:question_vote", args=[question.pk])
    client.force_login(people.member().user)
    assert client.post(url, {"vote": "yes"}).status_code == 404
    client.force_login(member.user)
    assert client.post(url, {"vote": "perhaps"}).status_code == 302
    assert client.get(url).status_code == 405
    assert not Vote.objects.exists()


def test_the_shortlist_goes_by_votes_and_then_by_age(forum):
    first, second, third = (factories.board_question(forum) for _number in range(3))
    for person in (people.person(), people.person()):
        Vote.objects.create(question=third, person=person)
    factories.board_question(forum, status=Status.DECLINED)
    factories.board_question(factories.forum())
    assert list(services.shortlist(forum)) == [third, first, second]


@pytest.mark.parametrize("born", [{"birth_year": -15}, {"adult_from": 400, "safeguards": "cleared"}])
def test_members_do_not_see_the_name_of_somebody_under_18(client, forum, member, born):
    today = timezone.localdate()
    if "birth_year" in born:
        born = {"birth_year": today.year + born["birth_year"]}
    else:
        born = born | {"adult_from": today + datetime.timedelta(days=born["adult_from"])}
    young, adult = people.person("Canary Young", **born), people.person("Bob Adult", birth_year=1970)
    for proposer in (young, adult, None, member):
        factories.board_question(forum, proposer)
    client.force_login(member.user)
    page = client.get(reverse("members:question_list", args=[forum.pk])).content.decode()
    assert "Canary" not in page
    for words in ("a young member", "Bob Adult", "not recorded", "Proposed by: you"):
        assert words in page


# Staff put it to the Board -----------------------------------------------------------------------


def test_a_question_takes_the_lowest_free_place(forum, officer, board_meeting):
    rows = [factories.board_question(forum) for _number in range(3)]
    services.submit(rows[0], board_meeting, by=officer)
    services.submit(rows[1], board_meeting, by=officer)
    other = factories.meeting(board_meeting.forum, days=60)
    services.submit(rows[0], other, by=officer)  # moved: its place is free again
    services.submit(rows[2], board_meeting, by=officer)
    found = BoardQuestion.objects.order_by("pk").values_list("board_meeting", "slot", "status")
    assert list(found) == [
        (other.pk, 1, "submitted"),
        (board_meeting.pk, 2, "submitted"),
        (board_meeting.pk, 1, "submitted"),
    ]


def test_no_more_than_the_forums_limit_go_to_one_meeting(forum, officer, board_meeting):
    for _number in range(4):
        services.submit(factories.board_question(forum), board_meeting, by=officer)
    fifth = factories.board_question(forum)
    with pytest.raises(ValidationError, match="may put 4 questions to one meeting"):
        services.submit(fifth, board_meeting, by=officer)
    fifth.refresh_from_db()
    assert fifth.status == Status.PROPOSED
    services.submit(factories.board_question(factories.forum()), board_meeting, by=officer)  # another forum's own four


def test_putting_it_to_the_same_meeting_twice_is_once(forum, member, officer, board_meeting):
    question = factories.board_question(forum, member)
    for _time in range(2):
        services.submit(question, board_meeting, by=officer)
    assert AuditEvent.objects.filter(verb="put to the Board").count() == 1
    assert Message.objects.get().person == member


@pytest.mark.parametrize("status", ["held", "cancelled", "draft"])
def test_a_meeting_that_is_not_planned_takes_no_question(forum, officer, board, status):
    with pytest.raises(ValidationError, match="Choose a planned meeting"):
        services.submit(factories.board_question(forum), factories.meeting(board, status=status), by=officer)


def test_a_meeting_of_a_forum_takes_no_question(forum, officer):
    with pytest.raises(ValidationError, match="of the Board or of a committee"):
        services.submit(factories.board_question(forum), factories.meeting(forum), by=officer)


def test_the_top_of_the_list_fills_the_free_places(client, forum, member, officer, board_meeting):
    services.submit(factories.board_question(forum), board_meeting, by=officer)
    rows = [factories.board_question(forum) for _number in range(5)]
    services.vote(rows[4], member, wants=True)
    client.force_login(officer)
    sent = {"forum": forum.pk, "board_meeting": board_meeting.pk}
    assert client.post(reverse("work:question_fill"), sent).status_code == 302
    assert set(BoardQuestion.objects.filter(status="proposed")) == {rows[2], rows[3]}
    full = client.post(reverse("work:question_fill"), sent)
    assert full.status_code == 422
    assert "may put 4 questions to one meeting" in full.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_people_putting_the_fourth_and_the_fifth_leave_four(tmp_path):
    forum, officer = factories.forum(), people.user("officer")
    board_meeting = factories.meeting(factories.committee())
    for _number in range(3):
        services.submit(factories.board_question(forum), board_meeting, by=officer)
    rows = [factories.board_question(forum) for _number in range(2)]
    calls = [lambda row=row: services.submit(row, board_meeting, by=officer).slot for row in rows]
    assert sorted(race(tmp_path, *calls), key=str) == [4, "full"]


def test_the_row_of_the_forum_is_locked_when_a_question_goes_to_the_board(forum, officer, board_meeting):
    question = factories.board_question(forum)
    with CaptureQueriesContext(connection) as queries:
        services.submit(question, board_meeting, by=officer)
    first = next(query["sql"] for query in queries if 'FROM "forums_forum"' in query["sql"])
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update


# The answer, and what follows --------------------------------------------------------------------


def test_the_proposer_hears_of_every_step_once(forum, member, officer, board_meeting):
    question = factories.board_question(forum, member)
    today = timezone.localdate()
    for _time in range(2):
        question = services.submit(question, board_meeting, by=officer) if question.slot is None else question
        if question.status == Status.SUBMITTED:
            question = answered(question, officer, board_meeting)
        services.follow_up(question, by=officer, on=today, with_whom="Medical director", result="A pilot starts.")
        services.publish(question, by=officer)
    assert sorted(Message.objects.values_list("subject", flat=True)) == [
        "There is news about your question",
        "Your question and its answer are public",
        "Your question goes to the Board",
        "Your question was answered",
    ]
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}
    assert FollowUp.objects.count() == 1
    question.refresh_from_db()
    assert question.status == Status.FOLLOW_UP
    assert services.close(question, by=officer).status == Status.CLOSED


def test_the_same_answer_twice_is_one_and_another_is_refused(forum, officer, board_meeting):
    question = answered(factories.board_question(forum), officer, board_meeting)
    words = {"answer": question.answer, "answered_by": question.answered_by, "answered_on": question.answered_on}
    services.answer(question, by=officer, **words)
    assert AuditEvent.objects.filter(verb="answered").count() == 1
    with pytest.raises(ValidationError, match="This cannot be done now"):
        services.answer(question, by=officer, **words | {"answer": "Never."})


def test_an_answer_of_tomorrow_is_refused(forum, officer, board_meeting):
    question = services.submit(factories.board_question(forum), board_meeting, by=officer)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="must not be in the future"):
        services.answer(question, by=officer, answer="Yes.", answered_by="Chair", answered_on=tomorrow)
    with pytest.raises(ValidationError, match="Give the answer"):
        services.answer(question, by=officer, answer=" ", answered_by="Chair", answered_on=timezone.localdate())


def test_a_declined_question_says_why_to_the_proposer_and_the_forum(client, forum, member, officer):
    question = factories.board_question(forum, member)
    with pytest.raises(ValidationError, match="Say why"):
        services.decline(question, " ", by=officer)
    for _time in range(2):
        services.decline(question, "The Board dealt with it in May.", by=officer)
    assert "dealt with it in May" in Message.objects.get().body
    client.force_login(member.user)
    page = client.get(reverse("members:question_list", args=[forum.pk]), {"show": "board"}).content.decode()
    assert "dealt with it in May" in page
    assert AuditEvent.objects.get(verb="declined").detail == {}


@pytest.mark.parametrize("step", ["publish", "close", "follow_up"])
def test_what_needs_an_answer_waits_for_it(forum, officer, board_meeting, step):
    question = services.submit(factories.board_question(forum), board_meeting, by=officer)
    words = {"on": LONG_AGO, "with_whom": "Chair", "result": "Yes."} if step == "follow_up" else {}
    with pytest.raises(ValidationError, match="This cannot be done now"):
        getattr(services, step)(question, by=officer, **words)


def test_only_published_answers_are_public_and_name_no_member(client, forum, member, officer, board_meeting):
    shown = answered(factories.board_question(forum, member, text="Shown?"), officer, board_meeting)
    answered(factories.board_question(forum, member, text="Canary?"), officer, board_meeting)
    services.publish(shown, by=officer)
    url = reverse("forums:question_list", args=[forum.pk])
    page = client.get(url).content.decode()
    assert "Shown?" in page
    assert "From May." in page
    assert "Canary" not in page
    assert member.name not in page
    services.unpublish(shown, by=officer)
    assert "Shown?" not in client.get(url).content.decode()
    assert client.get(reverse("forums:question_list", args=[board_meeting.forum_id])).status_code == 404


# Staff pages -------------------------------------------------------------------------------------


def test_staff_move_a_question_on_from_its_page(client, forum, member, officer, board_meeting):
    question = factories.board_question(forum, member)
    client.force_login(officer)
    page = reverse("work:question_detail", args=[question.pk])

    def send(step, **values):
        url = reverse("work:question_step", args=[question.pk, step])
        return client.post(url, {f"{step}-{name}": value for name, value in values.items()})

    day = {"answered_on_0": "1", "answered_on_1": "6", "answered_on_2": "2023"}
    on = {"on_0": "1", "on_1": "6", "on_2": "2023"}
    assert client.get(page).status_code == 200
    assert send("answer", answer="Too early.", answered_by="Chair", **day).status_code == 422
    assert send("submit", board_meeting=board_meeting.pk).status_code == 302
    assert send("answer", answered_by="Chair", **day).status_code == 422
    assert send("answer", answer="Yes.", answered_by="Chair", **day).status_code == 302
    assert send("follow-up", with_whom="Chair", result="Done.", **on).status_code == 302
    assert send("publish").status_code == 302
    assert send("unpublish").status_code == 302
    assert send("close").status_code == 302
    assert send("nonsense").status_code == 404
    question.refresh_from_db()
    assert (question.status, question.published_at) == (Status.CLOSED, None)
    assert "Done." in client.get(page).content.decode()


def test_an_officer_of_one_area_sees_the_questions_of_that_area_alone(client):
    here, there = people.area(), people.area()
    mine = factories.board_question(factories.forum(area=here), topic="Mine")
    other = factories.board_question(factories.forum(area=there), topic="Canary")
    client.force_login(people.user("officer", area=here))
    page = client.get(reverse("work:question_list")).content.decode()
    assert "Mine" in page
    assert "Canary" not in page
    assert client.get(reverse("work:question_detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("work:question_detail", args=[other.pk])).status_code == 404
    assert client.post(reverse("work:question_step", args=[other.pk, "close"])).status_code == 404


@pytest.mark.parametrize("role", ["member", "project_lead", "safeguarding"])
def test_nobody_else_opens_the_staff_pages(client, forum, role):
    question = factories.board_question(forum)
    client.force_login(people.user(role))
    assert client.get(reverse("work:question_list")).status_code == 403
    assert client.get(reverse("work:question_detail", args=[question.pk])).status_code == 403
    assert client.post(reverse("work:question_step", args=[question.pk, "close"])).status_code == 403
    assert client.post(reverse("work:question_fill")).status_code == 403


def test_the_list_says_for_how_many_days_there_is_no_answer(client, forum, officer, board_meeting):
    question = services.submit(factories.board_question(forum), board_meeting, by=officer)
    BoardQuestion.objects.update(submitted_at=timezone.now() - datetime.timedelta(days=12))
    client.force_login(officer)
    assert "12 days" in client.get(reverse("work:question_list"), {"status": "submitted"}).content.decode()
    question.refresh_from_db()
    assert services.days_unanswered(question) == 12
    assert services.days_unanswered(factories.board_question(forum)) is None


def test_an_unknown_filter_is_left_out_with_a_notice(client, forum, officer):
    factories.board_question(forum, topic="Here")
    client.force_login(officer)
    page = client.get(reverse("work:question_list"), {"forum": "x' OR 1", "status": "proposed"})
    assert "We did not know one of the filters" in page.content.decode()
    assert "Here" in page.content.decode()


# The home page of the portal ---------------------------------------------------------------------


def test_a_card_for_each_forum_says_how_many_wait_for_a_vote(forum, member, board_meeting):
    factories.board_question(forum, member)
    rows = [factories.board_question(forum) for _number in range(3)]
    services.vote(rows[0], member, wants=True)
    factories.board_question(factories.forum())
    (card,) = services.waiting(member)
    assert card.title == "Vote on questions of Community Assembly"
    assert card.text == "2 questions to the Board wait for your vote."
    assert card.due == timezone.localtime(board_meeting.starts_at).date()
    assert services.waiting(people.member()) == []


def test_answers_come_back_to_those_who_proposed_or_voted(forum, member, officer, board_meeting):
    voter, stranger = people.member(), people.member()
    factories.membership(forum, voter)
    factories.membership(forum, stranger)
    question = factories.board_question(forum, member)
    services.vote(question, voter, wants=True)
    question = answered(question, officer, board_meeting)
    page = reverse("members:question_list", args=[forum.pk])
    for person in (member, voter):
        (card,) = services.came_of_it(person)
        assert (card.title, card.text) == ("The Board answered: Primary care", "From May.")
        assert card.url == f"{page}?show=board#question-{question.pk}"
    assert services.came_of_it(stranger) == []
    services.publish(question, by=officer)
    assert services.came_of_it(voter)[0].url.startswith(reverse("forums:question_list", args=[forum.pk]))


# The admin, and many rows ------------------------------------------------------------------------


def test_the_admin_changes_words_and_never_the_status(client, forum, officer, board_meeting):
    question = answered(factories.board_question(forum), officer, board_meeting)
    client.force_login(officer)
    url = reverse("admin:forums_boardquestion_change", args=[question.pk])
    page = client.get(url)
    assert page.status_code == 200
    form = page.context["adminform"].form
    assert set(form.fields) == {"topic", "text", "background", "solution", "answer", "answered_by", "answered_on"}
    assert client.get(reverse("admin:forums_boardquestion_changelist")).status_code == 200
    assert client.get(reverse("admin:forums_boardquestion_add")).status_code == 403


def queries_of(client, url):
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_lists_ask_the_database_as_often_for_many_as_for_few(client, forum, member, officer, board_meeting):
    counts = {"members": set(), "board": set(), "work": set()}
    for number in (10, 90, 900):
        people.Person.objects.bulk_create(people.Person(name=f"Proposer {i}") for i in range(number))
        proposers = list(people.Person.objects.order_by("-pk")[:number])
        rows = [BoardQuestion(forum=forum, topic="T", text="Q?", proposed_by=each) for each in proposers]
        BoardQuestion.objects.bulk_create(rows)
        BoardQuestion.objects.bulk_create(
            BoardQuestion(forum=forum, topic="T", text="D?", proposed_by=each, status=Status.DECLINED)
            for each in proposers
        )
        client.force_login(member.user)
        page = reverse("members:question_list", args=[forum.pk])
        counts["members"].add(queries_of(client, page))
        counts["board"].add(queries_of(client, f"{page}?show=board"))
        client.force_login(officer)
        counts["work"].add(queries_of(client, reverse("work:question_list")))
    assert {name: len(found) for name, found in counts.items()} == {"members": 1, "board": 1, "work": 1}
