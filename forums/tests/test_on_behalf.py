"""What staff enter for members who tell them by phone, on paper or in person."""

import uuid

import pytest

from core.models import AuditEvent
from forums.models import BoardQuestion, Vote
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def george():
    """A member without e-mail and without an account."""
    return people.person("George Pettit", address="4 Weir Lane", channel="post")


@pytest.fixture
def forum(george):
    return factories.membership(factories.forum("Reader Panel"), george).forum


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def words(forum, **changes) -> dict:
    token = str(uuid.UUID(int=1))
    told = {"forum": forum.pk, "kind": "question", "topic": "Buses", "text": "Why is there no bus?"}
    return told | {"form_token": token, "background": "", "solution": ""} | changes


def test_a_question_told_by_phone_is_proposed_for_the_member_and_the_audit_names_who_entered_it(
    client, officer, george, forum
):
    page = f"/work/questions/for/{george.pk}/"
    assert "Propose a question for them" in client.get(page).content.decode()
    for _twice in range(2):
        assert client.post(page, words(forum)).status_code == 302
    question = BoardQuestion.objects.get()
    assert (question.proposed_by, question.forum) == (george, forum)
    assert AuditEvent.objects.get(verb="proposed").actor_id == officer.pk


def test_a_question_cannot_be_entered_for_a_forum_on_which_somebody_does_not_sit(client, officer, george, forum):
    other = factories.forum("Another forum")
    assert client.post(f"/work/questions/for/{george.pk}/", words(other)).status_code == 422
    assert not BoardQuestion.objects.exists()


def test_a_question_without_words_is_refused_and_says_so(client, officer, george, forum):
    page = client.post(f"/work/questions/for/{george.pk}/", words(forum, text=""))
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()


def test_somebody_without_a_seat_is_told_to_have_none(client, officer):
    stranger = people.person("No Seat")
    page = client.get(f"/work/questions/for/{stranger.pk}/").content.decode()
    assert "They sit on no forum" in page


def test_a_vote_told_to_staff_counts_once_and_is_taken_back(client, officer, george, forum):
    question = factories.board_question(forum)
    page = f"/work/questions/for/{george.pk}/{question.pk}/vote/"
    for _twice in range(2):
        client.post(page, {"vote": "yes"})
    assert [vote.person for vote in Vote.objects.all()] == [george]
    client.post(page, {"vote": "no"})
    assert not Vote.objects.exists()


def test_nobody_votes_for_somebody_on_a_forum_that_is_not_theirs(client, officer, george, forum):
    question = factories.board_question(factories.forum("Another forum"))
    assert client.post(f"/work/questions/for/{george.pk}/{question.pk}/vote/", {"vote": "yes"}).status_code == 404
    assert not Vote.objects.exists()


def test_a_vote_after_the_question_has_gone_is_refused_in_words(client, officer, george, forum):
    question = factories.board_question(forum, status="declined")
    page = client.post(f"/work/questions/for/{george.pk}/{question.pk}/vote/", {"vote": "yes"}, follow=True)
    assert "Voting is over" in page.content.decode()
    assert not Vote.objects.exists()


def test_the_page_does_not_say_for_what_somebody_voted(client, officer, george, forum):
    question = factories.board_question(forum)
    page = f"/work/questions/for/{george.pk}/"
    other = people.member()
    factories.membership(forum, other)
    Vote.objects.create(question=question, person=other)
    before = client.get(page).content.decode()
    Vote.objects.all().delete()
    Vote.objects.create(question=question, person=george)
    after = client.get(page).content.decode()
    without_tokens = [text.partition("<main")[2].partition("<h2>Propose")[0] for text in (before, after)]
    assert [text.count("1 vote") for text in without_tokens] == [1, 1]
    assert without_tokens[0].count("Count their vote") == without_tokens[1].count("Count their vote") == 1


def test_whether_needs_were_met_is_recorded_for_somebody_and_waits_for_staff(client, officer, george, forum):
    row = factories.attendance(factories.meeting(forum, -3), george, presence="present")
    page = f"/work/attendance/{row.pk}/needs-met/"
    assert "Were the needs of George Pettit met?" in client.get(page).content.decode()
    assert client.post(page, {"met": "no", "comment": "No loop"}).status_code == 302
    row.refresh_from_db()
    assert (row.needs_met, row.needs_comment) == ("no", "No loop")
    assert AuditEvent.objects.get(verb="said whether needs were met").actor_id == officer.pk


def test_an_answer_about_needs_has_to_be_chosen(client, officer, george, forum):
    row = factories.attendance(factories.meeting(forum, -3), george, presence="present")
    assert client.post(f"/work/attendance/{row.pk}/needs-met/", {"met": ""}).status_code == 422


def test_needs_are_not_judged_before_the_meeting(client, officer, george, forum):
    row = factories.attendance(factories.meeting(forum), george)
    page = client.post(f"/work/attendance/{row.pk}/needs-met/", {"met": "yes"}, follow=True)
    assert "Tell us after the meeting" in page.content.decode()
    row.refresh_from_db()
    assert row.needs_met == ""


def test_the_page_of_a_person_leads_to_what_can_be_entered_for_them(client, officer, george, forum):
    page = client.get(f"/register/{george.pk}/").content.decode()
    assert f"/work/questions/for/{george.pk}/" in page
    assert f"/work/expenses/new/?person={george.pk}" in page
