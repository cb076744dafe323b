"""The reader panel: asked, opened, answered, closed, decided on and told, each step once and by the right people."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import portal
from core.models import AuditEvent
from forums.documents.reviews import comments_sent
from forums.models import Criterion, Membership, PageComment, Rating, Review, ReviewAnswer, ReviewVersion
from forums.services import reviews
from forums.tests import factories
from people.models import Message, Person
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Status = Review.Status
TODAY = timezone.localdate
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def panel():
    return factories.forum("Reader Panel", role="reviews")


@pytest.fixture
def mary(panel):
    return factories.membership(panel, people.member("Mary Ember")).person


@pytest.fixture
def ali(panel):
    return factories.membership(panel, people.member("علي حسن")).person


@pytest.fixture
def clear():
    return Criterion.objects.create(code="clear", name="Clear", question="Is it easy to understand?")


def asked(panel, by, **values) -> Review:
    defaults = {
        "title": "Your stay in hospital",
        "kind": "leaflet",
        "audience": "patients",
        "deadline": TODAY() + datetime.timedelta(days=14),
        "text": "You come in. You stay. You go home.",
    }
    return reviews.request_review(by=by, panel=panel, **defaults | values)


@pytest.fixture
def review(panel, lead, mary, ali):
    """A review that two readers have before them."""
    return reviews.open_review(asked(panel, lead), by=lead)


def send(review, person, page_comments=((3, "Say “bed”, not “bay”."),), send=True, **values) -> ReviewAnswer:
    values = {"scores": {}, "comment": ""} | values
    by = values.pop("by", person.user)
    return reviews.save_answer(review, person, by=by, page_comments=page_comments, send=send, **values)


def closed(review, by) -> Review:
    return reviews.close_review(review, by=by)


def returned(review, by) -> Review:
    """A review whose comments are all taken up and whose result is out."""
    closed(review, by)
    reviews.add_version(review, by=by, text="You come in and go home.", is_final=True)
    for comment in comments_sent().filter(answer__review=review):
        reviews.decide(comment, "taken_up", by=by)
    return reviews.return_result(review, "Shorter words.", by=by)


def page(name: str, *numbers) -> str:
    return reverse(name, args=numbers)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def words_of(error) -> list[str]:
    return error.value.messages


# Asking and opening ------------------------------------------------------------------------------


def test_a_request_keeps_the_first_version_and_leaves_a_trace(panel, lead):
    review = asked(panel, lead)

    assert (review.status, [version.number for version in review.versions.all()]) == (Status.REQUESTED, [1])
    assert AuditEvent.objects.get().verb == "asked for a review"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"deadline": datetime.date(2020, 1, 1)}, "deadline"), ({"text": "  "}, "text"), ({"audience": ""}, "audience")],
)
def test_a_request_that_says_too_little_is_refused_and_nothing_stays(panel, lead, values, field):
    with pytest.raises(ValidationError) as error, transaction.atomic():
        asked(panel, lead, **values)
    assert list(error.value.error_dict) == [field]
    assert not Review.objects.exists()


def test_a_panel_that_does_not_meet_is_not_asked(panel, lead):
    panel.status = "paused"
    panel.save()
    with pytest.raises(ValidationError, match="does not meet now"):
        asked(panel, lead)


def test_opening_tells_every_current_member_once_and_nobody_else(panel, lead, mary, ali):
    left = factories.membership(
        panel, people.member(), ended_on=TODAY() - datetime.timedelta(days=1), left_because="time"
    )
    factories.membership(panel, mary, role="chair")
    people.member("Not on the panel")
    review = asked(panel, lead)

    first = reviews.open_review(review, by=lead).opened_at
    assert reviews.open_review(review, by=lead).opened_at == first
    assert AuditEvent.objects.filter(verb="sent to the readers").count() == 1
    assert sorted(Message.objects.values_list("person", flat=True)) == sorted([mary.pk, ali.pk])
    assert left.person_id not in Message.objects.values_list("person", flat=True)
    message = Message.objects.get(person=mary)
    assert message.purpose.code == "membership"
    assert f"/members/reviews/{review.pk}/" in message.body


def test_a_document_without_a_version_or_without_readers_is_not_opened(panel, lead):
    review = asked(panel, lead)
    with pytest.raises(ValidationError, match="Nobody sits on Reader Panel today"):
        reviews.open_review(review, by=lead)
    review.versions.all().delete()
    with pytest.raises(ValidationError, match="Add the document"):
        reviews.open_review(review, by=lead)
    review.refresh_from_db()
    assert (review.status, review.opened_at) == (Status.REQUESTED, None)


# Answers -----------------------------------------------------------------------------------------


def test_a_draft_survives_is_replaced_and_is_sent_once(review, mary, clear):
    send(review, mary, scores={clear: 2}, send=False)
    send(review, mary, page_comments=[(1, "One"), (None, "  "), (2, "Two 😀")], scores={clear: 3}, send=False)
    draft = ReviewAnswer.objects.get()
    assert draft.sent_at is None
    assert [(each.page, each.text) for each in draft.page_comments.all()] == [(1, "One"), (2, "Two 😀")]

    sent = send(review, mary, page_comments=[(1, "One")], scores={clear: 4})
    again = send(review, mary, page_comments=[(9, "Another")], scores={})

    assert (again.pk, again.sent_at) == (draft.pk, sent.sent_at)
    assert [(each.page, each.text) for each in again.page_comments.all()] == [(1, "One")]
    assert [rating.score for rating in again.ratings.all()] == [4]


def test_five_thousand_letters_in_arabic_are_kept_and_one_more_is_refused(review, ali):
    long = "م" * 5000
    with pytest.raises(ValidationError):
        send(review, ali, comment=long + "م")
    assert send(review, ali, comment=long).comment == long


@pytest.mark.parametrize("number", [0, -1])
def test_a_page_that_no_document_has_is_refused(review, mary, number):
    with pytest.raises(ValidationError), transaction.atomic():
        send(review, mary, page_comments=[(number, "Where?")])
    assert not ReviewAnswer.objects.exists()


@pytest.mark.parametrize("score", [0, 5])
def test_a_score_outside_the_four_is_refused_by_the_service_and_by_the_database(review, mary, clear, score):
    with pytest.raises(ValidationError), transaction.atomic():
        send(review, mary, scores={clear: score})
    answer = send(review, mary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(answer=answer, criterion=clear, score=score)


def test_an_answer_that_says_nothing_is_not_sent(review, mary):
    with pytest.raises(ValidationError, match="Answer a question or write a comment"):
        send(review, mary, page_comments=[(2, " ")])


def test_somebody_who_is_not_on_the_panel_does_not_answer(review):
    with pytest.raises(ValidationError, match="not with this reader"):
        send(review, people.member("A stranger"))


def test_a_closed_review_takes_no_answer_and_late_is_not_closed(review, lead, mary, ali):
    Review.objects.update(deadline=TODAY() - datetime.timedelta(days=3))
    assert send(review, mary).sent_at
    send(review, ali, send=False)
    closed(review, lead)
    with pytest.raises(ValidationError, match="takes no more answers"):
        send(review, ali)
    assert ReviewAnswer.objects.get(person=ali).sent_at is None


def test_staff_enter_an_answer_under_their_own_name(review, lead, mary, ali):
    assert send(review, mary, by=lead).recorded_by == lead
    assert send(review, ali).recorded_by is None


def test_closing_twice_keeps_the_first_hour_and_an_unopened_review_is_not_closed(panel, review, lead):
    first = closed(review, lead).closed_at
    assert closed(review, lead).closed_at == first
    with pytest.raises(ValidationError, match="do not have the document yet"):
        closed(asked(panel, lead), lead)


# Versions and decisions --------------------------------------------------------------------------


def test_versions_are_added_before_and_after_the_readers_but_never_under_them(panel, lead, mary):
    review = asked(panel, lead)
    with pytest.raises(ValidationError, match="have not seen the document yet"):
        reviews.add_version(review, by=lead, text="Final", is_final=True)
    assert reviews.add_version(review, by=lead, text="Better").number == 2
    reviews.open_review(review, by=lead)
    with pytest.raises(ValidationError, match="Close the review first"):
        reviews.add_version(review, by=lead, text="Other")
    send(review, mary)
    returned(review, lead)
    with pytest.raises(ValidationError, match="Nothing can be added"):
        reviews.add_version(review, by=lead, text="Late")


def test_there_is_one_final_version(review, lead):
    closed(review, lead)
    final = reviews.add_version(review, by=lead, text="Final", is_final=True)
    review.refresh_from_db()
    assert review.status == Status.REVISED
    with pytest.raises(ValidationError, match="There is a final version already"):
        reviews.add_version(review, by=lead, text="Final too", is_final=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewVersion.objects.create(review=review, number=final.number + 1, text="x", is_final=True)


@pytest.mark.parametrize("outcome", ["partly", "not"])
def test_a_no_needs_a_reason_for_the_service_and_for_the_database(review, lead, mary, outcome):
    comment = send(review, mary).page_comments.get()
    with pytest.raises(ValidationError) as error:
        reviews.decide(comment, outcome, "  ", by=lead)
    assert error.value.message_dict == {"reason": ["Say why: the readers will see it"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        PageComment.objects.filter(pk=comment.pk).update(outcome=outcome)
    assert reviews.decide(comment, outcome, " The law asks for it. ", by=lead).reason == "The law asks for it."


def test_a_decision_is_noted_once_and_only_on_what_was_sent(review, lead, mary, ali):
    comment = send(review, mary).page_comments.get()
    reviews.decide(comment, "taken_up", by=lead)
    reviews.decide(comment, "taken_up", by=lead)
    assert AuditEvent.objects.filter(verb="decided on a comment").count() == 1
    draft = send(review, ali, send=False).page_comments.get()
    with pytest.raises(ValidationError, match="has not sent this comment"):
        reviews.decide(draft, "taken_up", by=lead)
    with pytest.raises(ValidationError):
        reviews.decide(comment, "perhaps", by=lead)


# The result --------------------------------------------------------------------------------------


def test_the_result_tells_every_reader_who_answered_once_and_nobody_else(panel, review, lead, mary, ali):
    third = people.member("Third Reader")
    factories.membership(panel, third)
    send(review, mary)
    send(review, ali)
    send(review, third, send=False)
    returned(review, lead)
    reviews.return_result(review, "Again.", by=lead)

    told = Message.objects.filter(key__startswith=f"review-{review.pk}-returned-")
    assert sorted(told.values_list("person", flat=True)) == sorted([mary.pk, ali.pk])
    assert "Shorter words." in told.first().body
    review.refresh_from_db()
    assert (review.status, review.result) == (Status.RETURNED, "Shorter words.")


def test_the_result_waits_for_closing_the_final_version_every_decision_and_words(review, lead, mary, ali):
    send(review, mary)
    send(review, ali, page_comments=[(1, "A draft that nobody sent")], send=False)

    def refusal(result="Shorter words."):
        with pytest.raises(ValidationError) as error:
            reviews.return_result(review, result, by=lead)
        return words_of(error)

    assert refusal() == ["The review is still open. Close it first"]
    closed(review, lead)
    assert refusal() == ["Add the final version first: readers want to see it"]
    reviews.add_version(review, by=lead, text="Final", is_final=True)
    assert refusal() == ["Decide on every comment first. Still undecided: 1"]
    reviews.decide(PageComment.objects.get(answer__person=mary), "taken_up", by=lead)
    assert refusal("  ") == ["Say what changed before you send the result"]
    assert not Message.objects.filter(key__contains="returned").exists()
    assert reviews.return_result(review, "Shorter.", by=lead).returned_at


def test_after_the_result_a_decision_stands(review, lead, mary):
    comment = send(review, mary).page_comments.get()
    returned(review, lead)
    with pytest.raises(ValidationError, match="The decision stands"):
        reviews.decide(comment, "not", "No", by=lead)


def test_a_result_without_words_is_refused_by_the_database(review, lead):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(status="returned", returned_at=timezone.now())


# Cards of the portal -----------------------------------------------------------------------------


def test_the_portal_shows_what_waits_and_what_came_of_it(review, lead, mary, ali):
    def titles(cards):
        return [card.title for card in cards if "/reviews/" in card.url]

    [card] = [card for card in portal.waiting_for(mary) if "/reviews/" in card.url]
    assert (card.title, card.due, card.url) == (review.title, review.deadline, page("members:review", review.pk))
    send(review, mary)
    assert titles(portal.waiting_for(mary)) == []
    assert titles(portal.waiting_for(ali)) == [review.title]
    returned(review, lead)
    assert (titles(portal.waiting_for(ali)), titles(portal.came_of(ali))) == ([], [])
    assert titles(portal.came_of(mary)) == [review.title]


# Pages of members --------------------------------------------------------------------------------


@pytest.fixture
def reader(client, mary):
    client.force_login(mary.user)
    return client


def test_a_reader_reads_saves_adds_a_comment_and_sends(reader, review, mary, clear):
    address = page("members:review", review.pk)
    assert "You come in. You stay." in text(reader.get(address))

    more = reader.post(address, {"page_1": "2", "text_1": "First", "do": "more"})
    assert (more.status_code, more.url) == (302, f"{address}#comments")
    shown = reader.get(address)
    assert [(p.value(), t.value()) for p, t in shown.context["form"].pairs] == [(2, "First"), (None, "")]

    data = {f"criterion_{clear.pk}": "3", "page_1": "2", "text_1": "First", "text_2": "No page", "comment": "Good 👍"}
    sent = reader.post(address, data | {"do": "send"})
    assert (sent.status_code, sent.url) == (302, address)
    answer = ReviewAnswer.objects.get()
    assert (answer.person, answer.comment, answer.recorded_by) == (mary, "Good 👍", None)
    assert {(each.page, each.text) for each in answer.page_comments.all()} == {(2, "First"), (None, "No page")}
    shown = reader.get(address)
    assert shown.context["form"] is None
    assert "Your answer is sent" in text(shown)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"page_1": "0", "text_1": "x"}, "page_1"),
        ({"page_1": "-1", "text_1": "x"}, "page_1"),
        ({"page_1": "two", "text_1": "x"}, "page_1"),
        ({"page_1": "2", "text_1": ""}, "text_1"),
        ({"comment": "x" * 5001}, "comment"),
        ({"text_1": "x" * 2001}, "text_1"),
        ({"do": "send"}, "__all__"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_saved(reader, review, data, field):
    response = reader.post(page("members:review", review.pk), data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not ReviewAnswer.objects.exists()


def test_a_stranger_a_former_member_and_an_unopened_review_get_404(client, panel, review, lead, mary):
    stranger = people.member()
    client.force_login(stranger.user)
    for address in (page("members:review", review.pk), page("members:review_file", review.pk, 1)):
        assert client.get(address).status_code == 404
    assert client.post(page("members:review", review.pk), {"do": "send", "comment": "x"}).status_code == 404
    assert client.get(page("members:review_list")).context["page"].paginator.count == 0
    client.force_login(mary.user)
    assert client.get(page("members:review", asked(panel, lead).pk)).status_code == 404
    Membership.objects.filter(person=mary).update(ended_on=TODAY(), left_because="time")
    assert client.get(page("members:review", review.pk)).status_code == 404
    assert not ReviewAnswer.objects.exists()


def test_a_reader_does_not_see_what_others_wrote_before_the_result_and_never_who(reader, review, lead, mary, ali):
    send(review, ali, page_comments=[(1, "From the other reader")])
    address = page("members:review", review.pk)
    assert "From the other reader" not in text(reader.get(address))
    send(review, mary)
    assert "From the other reader" not in text(reader.get(address))
    returned(review, lead)
    result = text(reader.get(address))
    assert "From the other reader" in result
    assert ali.name not in result
    assert "Shorter words." in result
    assert "You come in and go home." in result


def test_a_closed_review_says_so_and_a_late_one_still_takes_an_answer(reader, review, lead, mary):
    Review.objects.update(deadline=TODAY() - datetime.timedelta(days=1))
    address = page("members:review", review.pk)
    assert "You can still answer until the review is closed." in text(reader.get(address))
    closed(review, lead)
    shown = reader.get(address)
    assert "It takes no more answers." in text(shown)
    late = reader.post(address, {"comment": "Late", "do": "send"})
    assert late.status_code == 422
    assert "It takes no more answers" in text(late)


def upload(name="leaflet.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_the_final_file_is_there_with_the_result(client, panel, lead, mary):
    client.force_login(lead)
    review = asked(panel, lead)
    added = client.post(page("work:review_version", review.pk), {"file": upload()})
    assert (added.status_code, review.versions.count()) == (302, 2)
    reviews.open_review(review, by=lead)
    send(review, mary)
    closed(review, lead)
    client.post(page("work:review_version", review.pk), {"file": upload(), "is_final": "on"})
    final = page("members:review_file", review.pk, 3)

    client.force_login(mary.user)
    first = client.get(page("members:review_file", review.pk, 2))
    assert b"".join(first.streaming_content) == PDF
    assert client.get(page("members:review_file", review.pk, 1)).status_code == 404  # it has no file
    assert client.get(final).status_code == 404
    for comment in PageComment.objects.all():
        reviews.decide(comment, "taken_up", by=lead)
    reviews.return_result(review, "Done.", by=lead)
    assert b"".join(client.get(final).streaming_content) == PDF


# Pages of staff ----------------------------------------------------------------------------------


@pytest.fixture
def staff(client, lead):
    client.force_login(lead)
    return client


def request_data(panel, **values) -> dict:
    day = TODAY() + datetime.timedelta(days=7)
    deadline = {"deadline_0": day.day, "deadline_1": day.month, "deadline_2": day.year}
    words = {"panel": panel.pk, "title": "A letter", "kind": "letter", "audience": "patients", "text": "Dear reader"}
    return words | deadline | values


def test_a_project_lead_asks_for_a_review_and_decides_nothing(client, panel, review, mary):
    send(review, mary, comment="My own words")
    client.force_login(people.user("project_lead"))
    made = client.post(page("work:review_add"), request_data(panel))
    new = Review.objects.get(title="A letter")
    assert (made.status_code, made.url) == (302, page("work:review_detail", new.pk))
    for name in ("review_open", "review_close", "review_version", "review_return", "review_record"):
        assert client.post(page(f"work:{name}", review.pk)).status_code == 403
    comment = PageComment.objects.get()
    assert client.post(page("work:review_decide", comment.pk), {}).status_code == 403
    for name in ("review_detail", "review_answers"):
        shown = text(client.get(page(f"work:{name}", review.pk)))
        assert mary.name not in shown
    assert "My own words" in shown


def test_a_wrong_request_is_shown_again_with_its_errors(staff, panel):
    wrong = request_data(panel, title="", text="", deadline_2="2020", file=upload("virus.exe", b"MZ"))
    response = staff.post(page("work:review_add"), wrong)
    assert response.status_code == 422
    assert sorted(response.context["form"].errors) == ["deadline", "file", "title"]
    empty = staff.post(page("work:review_add"), request_data(panel, text=" "))
    assert list(empty.context["form"].errors) == ["text"]
    assert not Review.objects.exists()


def test_members_and_strangers_get_no_page_of_staff(client, review, mary):
    address = page("work:review_detail", review.pk)
    assert client.get(address).status_code == 302
    client.force_login(mary.user)
    assert client.get(address).status_code == 403
    assert client.post(page("work:review_close", review.pk)).status_code == 403
    review.refresh_from_db()
    assert review.status == Status.WITH_PANEL


def test_a_review_of_another_area_is_404(client, review, mary):
    comment = send(review, mary).page_comments.get()
    officer = people.user("officer", area=people.area("Elsewhere"))
    client.force_login(officer)
    assert not Review.objects.for_user(officer).exists()
    for name in ("review_detail", "review_answers", "review_version", "review_return", "review_record"):
        assert client.get(page(f"work:{name}", review.pk)).status_code == 404
    for name in ("review_open", "review_close"):
        assert client.post(page(f"work:{name}", review.pk)).status_code == 404
    assert client.post(page("work:review_decide", comment.pk), {"x": ""}).status_code == 404
    assert client.get(page("work:review_file", review.pk, 1)).status_code == 404
    assert client.get(page("work:review_list")).context["page"].paginator.count == 0


def test_elsewhere_a_file_is_not_found_and_a_panel_not_asked(client, panel, lead):
    made = asked(panel, lead, file=upload())
    client.force_login(lead)
    assert b"".join(client.get(page("work:review_file", made.pk, 1)).streaming_content) == PDF
    client.force_login(people.user("officer", area=people.area("Elsewhere")))
    assert client.get(page("work:review_file", made.pk, 1)).status_code == 404
    assert client.post(page("work:review_add"), request_data(panel)).status_code == 422
    assert Review.objects.get() == made
    factories.membership(panel)
    reviews.open_review(made, by=lead)
    client.force_login(people.member("A stranger").user)
    assert client.get(page("members:review_file", made.pk, 1)).status_code == 404


def test_staff_neither_read_nor_decide_on_what_was_not_sent(staff, review, mary):
    draft = send(review, mary, comment="Not sent yet", send=False).page_comments.get()
    assert "Not sent yet" not in text(staff.get(page("work:review_answers", review.pk)))
    taken_up = {f"comment-{draft.pk}-outcome": "taken_up", f"comment-{draft.pk}-reason": ""}
    assert staff.post(page("work:review_decide", draft.pk), taken_up).status_code == 404
    draft.refresh_from_db()
    assert draft.outcome == PageComment.Outcome.OPEN


@pytest.mark.parametrize(("permission", "name"), [("view", "review_add"), ("change", "review_record")])
def test_each_step_needs_its_own_permission(client, review, permission, name):
    reader = people.user("project_lead")
    reader.roles.all().delete()
    reader.user_permissions.add(Permission.objects.get(codename=f"{permission}_review"))
    client.force_login(reader)
    assert client.get(page(f"work:{name}", *([review.pk] if name == "review_record" else []))).status_code == 403


def test_staff_take_a_review_from_opening_to_the_result(staff, panel, lead, mary, ali, clear):
    review = asked(panel, lead)
    detail = page("work:review_detail", review.pk)
    assert staff.post(page("work:review_open", review.pk)).url == detail
    send(review, mary, scores={clear: 4}, comment="Thank you")
    record = page("work:review_record", review.pk)
    data = {"person": ali.pk, "page_1": "7", "text_1": "Larger print", f"criterion_{clear.pk}": "2"}
    assert staff.post(record, data).url == detail
    assert staff.post(record, data).status_code == 422  # he has answered
    shown = staff.get(detail)
    assert [spread.counts for spread, _chart in shown.context["spreads"]] == [(0, 1, 0, 1)]
    assert [comment.page for comment, _form in shown.context["comments"]] == [3, 7]
    assert "2 of 2" in text(shown)
    assert mary.name in text(shown)
    assert "Thank you" in text(staff.get(page("work:review_answers", review.pk)))
    staff.post(page("work:review_close", review.pk))
    for comment in PageComment.objects.all():
        form = {f"comment-{comment.pk}-outcome": "not", f"comment-{comment.pk}-reason": ""}
        wrong = staff.post(page("work:review_decide", comment.pk), form)
        assert wrong.status_code == 422
        assert "Say why: the readers will see it" in text(wrong)
        form[f"comment-{comment.pk}-reason"] = "No room"
        right = staff.post(page("work:review_decide", comment.pk) + "?page=1", form)
        assert right.url == f"{detail}?page=1#comment-{comment.pk}"
    assert staff.post(page("work:review_return", review.pk), {"result": "x"}).status_code == 422
    staff.post(page("work:review_version", review.pk), {"text": "Final words", "is_final": "on"})
    assert staff.post(page("work:review_return", review.pk), {"result": ""}).status_code == 422
    assert staff.post(page("work:review_return", review.pk), {"result": "Clearer"}).url == detail
    review.refresh_from_db()
    assert review.status == Status.RETURNED
    assert "Save the decision" not in text(staff.get(detail))


def test_a_step_that_is_refused_says_why(staff, panel, lead):
    review = asked(panel, lead)
    response = staff.post(page("work:review_open", review.pk), follow=True)
    assert "Nobody sits on Reader Panel today." in text(response)


def test_the_list_says_who_answered_and_what_is_late(staff, panel, review, lead, mary):
    send(review, mary)
    Review.objects.filter(pk=review.pk).update(deadline=TODAY() - datetime.timedelta(days=2))
    other = asked(panel, lead, title="Not sent yet")
    shown = staff.get(page("work:review_list"))
    assert [row["review"].pk for row in shown.context["rows"]] == [other.pk, review.pk]
    assert "1 of 2" in text(shown)
    assert "not sent to the readers yet" in text(shown)
    late = staff.get(page("work:review_list"), {"status": "late", "panel": panel.pk})
    assert [row["review"].pk for row in late.context["rows"]] == [review.pk]
    requested = staff.get(page("work:review_list"), {"status": "requested"})
    assert [row["review"].pk for row in requested.context["rows"]] == [other.pk]
    unknown = staff.get(page("work:review_list"), {"status": "lost"})
    assert len(unknown.context["rows"]) == 2
    assert "We did not know one of the filters" in text(unknown)


# As many questions to the database for many rows as for few --------------------------------------


def many_reviews(panel, number: int) -> None:
    now, day = timezone.now(), TODAY()
    made = Review.objects.bulk_create(
        Review(panel=panel, title="T", kind="leaflet", audience="a", deadline=day, status="with_panel", opened_at=now)
        for _each in range(number)
    )
    ReviewVersion.objects.bulk_create(ReviewVersion(review=each, number=1, text="x") for each in made)


def many_answers(review, number: int) -> None:
    version, criteria = review.versions.first(), list(Criterion.objects.all())
    persons = Person.objects.bulk_create(Person(name=f"Reader {each}") for each in range(number))
    answers = ReviewAnswer.objects.bulk_create(
        ReviewAnswer(review=review, version=version, person=each, sent_at=timezone.now()) for each in persons
    )
    Rating.objects.bulk_create(Rating(answer=each, criterion=one, score=3) for each in answers for one in criteria)
    PageComment.objects.bulk_create(PageComment(answer=each, page=1, text="x") for each in answers)


def questions(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["lead", "mary"])
def test_lists_ask_the_database_as_often_for_1000_reviews_as_for_10(client, panel, lead, mary, who):
    client.force_login(lead if who == "lead" else mary.user)
    address = page("work:review_list" if who == "lead" else "members:review_list")
    counts = []
    for number in (10, 90, 900):
        many_reviews(panel, number)
        counts.append(questions(client, address))
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize("name", ["review_detail", "review_answers"])
def test_a_review_asks_the_database_as_often_for_1000_answers_as_for_10(staff, review, clear, name):
    counts = []
    for number in (10, 90, 900):
        many_answers(review, number)
        counts.append(questions(staff, page(f"work:{name}", review.pk)))
    assert counts[0] == counts[1] == counts[2]
