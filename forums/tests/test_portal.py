"""The members' portal: one's own page, forums, needs, consents, answers and data, and nobody else's."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import portal as registry
from core.models import AuditEvent
from forums.models import Feedback
from forums.services import portal
from forums.tests import factories
from people.models import AccessNeed, EqualityAnswer, PanelProfile
from people.services import consents, needs
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return people.member("Mary Ember", known_as="Mary")


@pytest.fixture
def portal_client(client, person):
    client.force_login(person.user)
    return client


def body(response) -> str:
    return response.content.decode()


# Who gets in ------------------------------------------------------------------------------------------


def test_somebody_with_an_account_who_is_not_on_the_register_is_refused(client):
    client.force_login(people.user("member"))
    assert client.get("/members/").status_code == 403


def test_somebody_who_is_not_signed_in_is_asked_to(client):
    assert client.get("/members/")["Location"].startswith("/accounts/login/")


def test_a_member_who_is_removed_while_signed_in_is_out_at_the_next_click(portal_client, person):
    assert portal_client.get("/members/").status_code == 200
    person.user.is_active = False
    person.user.save()
    assert portal_client.get("/members/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("field", ["erased_at", "merged_into"])
def test_an_entry_that_is_no_longer_in_use_opens_nothing(portal_client, person, field):
    if field == "erased_at":
        person.erased_at = timezone.now()
        person.save()
    else:
        user, person.user = person.user, None
        person.merged_into = people.person("The other entry")
        person.save()
        assert user.is_active
    assert portal_client.get("/members/").status_code == 403


def test_members_land_on_their_own_page_after_signing_in(client, person):
    person.user.set_password(people.PASSWORD)
    person.user.save()
    response = client.post("/accounts/login/", {"login": person.email, "password": people.PASSWORD})
    assert response["Location"] == "/members/"


def test_staff_land_on_the_front_page_after_signing_in(client):
    lead = people.user("lead")
    response = client.post("/accounts/login/", {"login": lead.email, "password": people.PASSWORD})
    assert response["Location"] == "/"


# Home -------------------------------------------------------------------------------------------------


def test_the_home_page_greets_by_the_name_that_somebody_likes(portal_client):
    assert "Hello Mary<" in body(portal_client.get("/members/"))


def test_the_home_page_shows_my_forums_and_meetings_and_no_others(portal_client, person):
    mine, other = factories.forum("Reader Panel"), factories.forum("Somebody else's forum")
    factories.membership(mine, person)
    factories.membership(other)
    factories.meeting(mine, title="Reading together")
    factories.meeting(other, title="Secret meeting")
    page = body(portal_client.get("/members/"))
    assert "Reader Panel" in page
    assert "Reading together" in page
    assert "Somebody else" not in page
    assert "Secret meeting" not in page


def test_a_forum_that_somebody_has_left_is_no_longer_theirs(portal_client, person):
    forum = factories.forum("Old forum")
    factories.membership(forum, person, ended_on=timezone.localdate(), left_because="time")
    assert "Old forum" not in body(portal_client.get("/members/"))
    assert portal_client.get(f"/members/forums/{forum.pk}/").status_code == 404


def test_a_seat_that_begins_next_month_opens_nothing_yet(portal_client, person):
    forum = factories.forum()
    factories.membership(forum, person, started_on=timezone.localdate() + datetime.timedelta(days=30))
    assert portal_client.get(f"/members/forums/{forum.pk}/").status_code == 404


def test_the_most_urgent_card_comes_first_and_those_without_a_day_last(monkeypatch):
    today = timezone.localdate()
    cards = [
        registry.Card("No day", "", "/"),
        registry.Card("Later", "", "/", today + datetime.timedelta(days=9)),
        registry.Card("Soon", "", "/", today),
    ]
    monkeypatch.setattr(registry, "_waiting", [lambda person: cards[:2], lambda person: cards[2:]])
    assert [card.title for card in registry.waiting_for(object())] == ["Soon", "Later", "No day"]


def test_the_home_page_asks_as_many_questions_for_many_forums_as_for_few(
    portal_client, person, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(100) as found:
            portal_client.get("/members/")
        return len(found)

    factories.meeting(factories.membership(factories.forum(), person).forum)
    few = queries()
    for _each in range(30):
        factories.meeting(factories.membership(factories.forum(), person).forum)
    assert queries() == few


# My forums --------------------------------------------------------------------------------------------


def test_a_member_opens_their_own_forum_and_not_another(portal_client, person):
    mine, other = factories.forum("Mine"), factories.forum("Other")
    factories.membership(mine, person)
    assert portal_client.get(f"/members/forums/{mine.pk}/").status_code == 200
    assert portal_client.get(f"/members/forums/{other.pk}/").status_code == 404


def test_leaving_a_forum_asks_for_the_reason_and_ends_the_seat(portal_client, person):
    seat = factories.membership(factories.forum(), person)
    assert portal_client.post(f"/members/memberships/{seat.pk}/leave/", {}).status_code == 422
    portal_client.post(f"/members/memberships/{seat.pk}/leave/", {"because": "time"})
    seat.refresh_from_db()
    assert (seat.ended_on, seat.left_because) == (timezone.localdate(), "time")


def test_nobody_ends_the_seat_of_somebody_else(portal_client):
    seat = factories.membership(factories.forum())
    assert portal_client.post(f"/members/memberships/{seat.pk}/leave/", {"because": "time"}).status_code == 404
    seat.refresh_from_db()
    assert seat.ended_on is None


SCORES = {"heard": 4, "worthwhile": 3, "confident": 2, "comment": "More time for questions 🙂"}


def test_feedback_on_a_meeting_is_kept_once_and_may_be_said_again(portal_client, person):
    forum = factories.membership(factories.forum(), person).forum
    meeting = factories.meeting(forum, days=-3)
    address = f"/members/forums/{forum.pk}/feedback/?meeting={meeting.pk}"
    portal_client.post(address, SCORES)
    portal_client.post(address, SCORES | {"heard": 1})
    assert list(Feedback.objects.values_list("heard", "comment")) == [(1, "More time for questions 🙂")]


def test_a_meeting_that_lies_ahead_cannot_be_judged(person):
    forum = factories.membership(factories.forum(), person).forum
    with pytest.raises(ValidationError, match="not been held"):
        portal.give_feedback(person, forum, factories.meeting(forum), by=person.user, **SCORES)


@pytest.mark.parametrize("number", ["x", "-1", "99999999999", "0"])
def test_feedback_on_a_meeting_that_does_not_exist_is_not_found(portal_client, person, number):
    forum = factories.membership(factories.forum(), person).forum
    assert portal_client.get(f"/members/forums/{forum.pk}/feedback/?meeting={number}").status_code == 404


def test_feedback_on_another_forums_meeting_is_not_found(portal_client, person):
    forum = factories.membership(factories.forum(), person).forum
    other = factories.meeting(factories.forum(), days=-3)
    assert portal_client.get(f"/members/forums/{forum.pk}/feedback/?meeting={other.pk}").status_code == 404


def test_staff_read_what_members_say_without_their_names(client, person):
    forum = factories.forum("Reader Panel")
    for score, words in ((4, "More time"), (1, "")):
        who = people.person(f"Canary {score}")
        Feedback.objects.create(forum=forum, person=who, heard=score, worthwhile=4, confident=2, comment=words)
    client.force_login(people.user("lead"))
    page = body(client.get("/work/feedback/"))
    assert "1 of 2 answers: mostly or fully" in page
    assert "2 of 2 answers" in page
    assert "0 of 2 answers" in page
    assert "More time" in page
    assert "Canary" not in page


def test_feedback_on_forums_of_other_areas_is_not_shown(client):
    west, east = people.area("West"), people.area("East")
    forum = factories.forum("Eastern forum", area=east)
    Feedback.objects.create(forum=forum, person=people.person(), heard=4, worthwhile=4, confident=4)
    client.force_login(people.user("officer", west))
    assert "Eastern forum" not in body(client.get("/work/feedback/"))


# About me ---------------------------------------------------------------------------------------------


def test_details_are_corrected_and_the_change_is_audited_without_its_words(portal_client, person):
    details = {"known_as": "مريم", "phone": "01234 567890", "address": "", "postcode": "al1 1aa", "channel": "phone"}
    assert portal_client.post("/members/details/", details)["Location"] == "/members/details/"
    person.refresh_from_db()
    assert (person.known_as, person.postcode, person.channel) == ("مريم", "AL1 1AA", "phone")
    assert "01234" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"channel": "post", "address": ""}, "postal address"),
        ({"channel": "phone", "phone": ""}, "telephone number"),
        ({"channel": "pigeon"}, "Select an answer"),
        ({"channel": "email", "postcode": "nowhere"}, "full postcode"),
        ({"channel": "email", "known_as": "x" * 300}, "150 characters or fewer"),
    ],
)
def test_wrong_details_are_refused_with_what_to_do(portal_client, person, wrong, words):
    details = {"known_as": "", "phone": "", "address": "", "postcode": "", "channel": "email"} | wrong
    response = portal_client.post("/members/details/", details)
    assert response.status_code == 422
    assert words in body(response)


def test_nobody_changes_their_sign_in_address_or_name_by_posting_it(portal_client, person):
    details = {"known_as": "", "phone": "", "address": "", "postcode": "", "channel": "email"}
    portal_client.post(
        "/members/details/", details | {"email": "other@example.org", "name": "Other", "birth_year": 2000}
    )
    person.refresh_from_db()
    assert (person.name, person.email, person.birth_year) == ("Mary Ember", person.user.email, None)


def test_needs_are_recorded_once_and_cleared_when_unticked(portal_client, person):
    portal_client.post("/members/needs/", {"needs": ["hearing_loop", "language"], "language": "Polish"})
    assert {(need.kind, need.detail) for need in AccessNeed.objects.all()} == {
        ("hearing_loop", ""),
        ("language", "Polish"),
    }
    portal_client.post("/members/needs/", {"needs": []})
    assert not AccessNeed.objects.exists()


def test_a_need_that_says_too_little_is_asked_about(portal_client):
    response = portal_client.post("/members/needs/", {"needs": ["language"]})
    assert response.status_code == 422
    assert "Tell us more about: another language" in body(response)


def test_looking_at_ones_own_needs_is_audited_too(portal_client, person):
    portal_client.get("/members/needs/")
    event = AuditEvent.objects.get(verb="read access needs")
    assert (event.actor_id, event.subject_id) == (person.user_id, str(person.pk))


def test_a_consent_is_given_and_withdrawn_on_the_same_page_with_one_click_each(portal_client, person):
    wording = people.wording("opportunities")
    portal_client.post(f"/members/consents/{wording.pk}/", {"agree": "yes"})
    given = person.consents.get(purpose__code="opportunities")
    assert (given.how, given.recorded_by, given.wording) == ("portal", person.user, wording)
    assert "You agreed" in body(portal_client.get("/members/consents/"))
    portal_client.post(f"/members/consents/{wording.pk}/", {"agree": "no"})
    given.refresh_from_db()
    assert given.withdrawn_at is not None


def test_the_wording_of_a_service_purpose_cannot_be_agreed_to(portal_client):
    wording = people.wording("service")
    assert portal_client.post(f"/members/consents/{wording.pk}/", {"agree": "yes"}).status_code == 404


def test_the_panel_profile_asks_nothing_before_the_explicit_consent(portal_client, person):
    people.equality_question()
    assert "<form" not in body(portal_client.get("/members/panel-profile/")).split("<main")[1].split("</main")[0]
    portal_client.post("/members/panel-profile/", {"sex": "female"})
    assert not PanelProfile.objects.exists()


def test_the_panel_profile_goes_with_the_consent(portal_client, person):
    people.equality_question()
    people.consent(person, "panel_profile")
    portal_client.post("/members/panel-profile/", {"sex": "female", "experience": "Dialysis"})
    assert PanelProfile.objects.get().answers == {"sex": "female"}
    consents.withdraw(person, people.purpose("panel_profile"), by=person.user)
    assert not PanelProfile.objects.exists()


def test_equality_answers_are_shown_to_nobody_but_the_person(portal_client, person):
    people.equality_question()
    portal_client.post("/members/equality/", {"sex": "female"})
    assert 'value="female" checked' in body(portal_client.get("/members/equality/"))
    with pytest.raises(ValidationError):
        needs.own_equality_answers(person, by=people.user("administrator"))
    portal_client.post("/members/equality/", {})
    assert not EqualityAnswer.objects.exists()


def test_an_equality_answer_that_is_not_on_the_list_is_refused(portal_client):
    people.equality_question()
    assert portal_client.post("/members/equality/", {"sex": "<script>"}).status_code == 422


def test_nothing_is_ticked_before_somebody_answers(portal_client):
    people.equality_question()
    assert " checked" not in body(portal_client.get("/members/equality/"))


def test_the_data_page_says_who_looked_and_why_and_not_what_i_did_myself(portal_client, person):
    portal_client.get("/members/needs/")
    needs.needs_of([person], by=people.user("officer"), purpose="meeting 7")
    page = body(portal_client.get("/members/data/"))
    assert page.count("read access needs") == 1
    assert "meeting 7" in page


def test_my_data_comes_as_a_zip_and_asking_to_be_erased_twice_is_one_request(portal_client, person):
    answer = portal_client.post("/members/data/download/")
    assert answer["Content-Type"] == "application/zip"
    assert answer.content[:2] == b"PK"
    for _each in range(2):
        portal_client.post("/members/data/erasure/")
    assert person.erasure_requests.count() == 1


# People under 18 --------------------------------------------------------------------------------------


def test_somebody_under_18_is_not_offered_buddies_or_purposes_for_adults(portal_client, person):
    person.adult_from, person.safeguards = timezone.localdate() + datetime.timedelta(days=400), "cleared"
    person.save()
    people.wording("opportunities")
    assert "/members/buddy/" not in body(portal_client.get("/members/"))
    assert "You may use my details for opportunities" not in body(portal_client.get("/members/consents/"))
    portal_client.post(f"/members/consents/{people.wording('opportunities').pk}/", {"agree": "yes"})
    assert not person.consents.filter(purpose__code="opportunities").exists()
