"""Comments that hold personal data: nobody reads or codes them before somebody who may has decided."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, SearchDocument
from insights.models import Comment
from insights.services import comments as services
from insights.services import held
from insights.tests import commenting
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
NUMBER = commenting.NHS_NUMBER
WORDS = f"My NHS number is {NUMBER} and Rachel never rang back."
LIST = "/insight/comments/held/"


@pytest.fixture(autouse=True)
def registered():
    commenting.register()


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


@pytest.fixture
def comment():
    return services.add_comment(factories.collection(title="Cards"), by=people.user("officer"), text=WORDS)


def decide(client, comment, step, **data):
    data = {"step": step} | {f"{step}-{name}": value for name, value in data.items()}
    return client.post(reverse("insight_work:held_decide", args=[comment.pk]), data)


def test_an_nhs_number_holds_a_comment_back(comment):
    assert comment.is_held
    assert comment.found == {"nhs_number": 1}
    assert list(Comment.objects.usable()) == []
    assert not SearchDocument.objects.filter(kind="comment").exists()


def test_the_name_of_who_said_it_is_found_too():
    person = people.person("Ada Byron")
    row = services.add_comment(factories.collection(), by=None, text="I am ada byron. It was slow.", said_by=person)
    assert row.found == {"name": 1}
    held.mask_comment(row, by=None)
    row.refresh_from_db()
    assert row.text == "I am [name]. It was slow."


def test_nobody_reads_a_held_comment_on_the_pages_of_all(client, comment):
    client.force_login(people.user("officer"))
    for name, row in (("comment_detail", comment), ("comment_list", comment.collection)):
        page = client.get(reverse(f"insight_work:{name}", args=[row.pk]))
        assert page.status_code == 200
        assert NUMBER not in page.content.decode()
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("insight_work:held_decide", args=[comment.pk])).status_code == 403
    assert decide(client, comment, "release", reason="Fine").status_code == 403
    assert client.get(reverse("insight_work:quote_add", args=[comment.pk])).status_code == 404


def test_opening_a_held_comment_is_noted(client, lead, comment):
    page = client.get(LIST).content.decode()
    assert "NHS number: 1" in page
    assert NUMBER not in page
    assert NUMBER in client.get(reverse("insight_work:held_decide", args=[comment.pk])).content.decode()
    assert AuditEvent.objects.get(verb="opened a held comment").actor_id == lead.pk


def test_masking_keeps_the_words_without_what_is_personal(client, lead, comment):
    assert decide(client, comment, "mask", also="Rachel").status_code == 302
    comment.refresh_from_db()
    assert comment.text == "My NHS number is [NHS number] and [name] never rang back."
    assert not comment.is_held
    assert SearchDocument.objects.get(kind="comment").text == comment.text
    assert NUMBER not in str(list(AuditEvent.objects.values()))
    assert comment.text_key != factories.comment(WORDS, collection=comment.collection).text_key


@pytest.mark.parametrize("also", ["Rebecca", "rachel"])
def test_a_name_that_cannot_be_masked_is_refused(client, lead, comment, also):
    answer = decide(client, comment, "mask", also=also)
    assert answer.status_code == 422
    assert f"Write “{also}” as it stands in the comment" in answer.content.decode()
    comment.refresh_from_db()
    assert (comment.is_held, comment.text) == (True, WORDS)


def test_masking_nothing_is_refused():
    row = factories.comment("Nothing to see.", is_held=True, found={"name": 1})
    with pytest.raises(ValidationError, match="nothing to mask"):
        held.mask_comment(row, by=None)


def test_a_false_alarm_is_released_with_a_reason(client, lead, comment):
    assert decide(client, comment, "release", reason=" ").status_code == 422
    with pytest.raises(ValidationError, match="Say why"):
        held.release_comment(comment, by=lead, reason=" ")
    assert decide(client, comment, "release", reason="An example from a leaflet").status_code == 302
    comment.refresh_from_db()
    assert (comment.is_held, comment.text) == (False, WORDS)
    event = AuditEvent.objects.get(verb="released a comment")
    assert event.detail == {"found": {"nhs_number": 1}, "reason": "An example from a leaflet"}


def test_words_that_cannot_be_kept_are_deleted_and_the_codes_stay(client, lead, comment):
    coding = factories.coding(comment, factories.theme())
    assert decide(client, comment, "delete").status_code == 302
    comment.refresh_from_db()
    assert (comment.text, comment.text_key, comment.found) == ("", "", {})
    assert (comment.is_held, comment.erased_on) == (False, timezone.localdate())
    assert list(comment.codings.all()) == [coding]


def test_what_was_decided_is_not_decided_again(client, lead, comment):
    held.delete_words(comment, by=lead)
    for again in (
        held.mask_comment(comment, by=lead),
        held.release_comment(comment, by=lead, reason="x"),
        held.delete_words(comment, by=lead),
    ):
        assert again.text == ""
    assert client.get(reverse("insight_work:held_decide", args=[comment.pk])).url == LIST
    assert AuditEvent.objects.filter(subject_type="insights.comment", actor_id=lead.pk).count() == 1


def test_an_unknown_decision_is_no_page(client, lead, comment):
    assert decide(client, comment, "publish").status_code == 404


def test_a_lead_for_another_place_finds_no_held_comment(client, comment):
    client.force_login(people.user("lead", area=people.area()))
    assert NUMBER not in client.get(LIST).content.decode()
    assert client.get(LIST).context["page"].paginator.count == 0
    assert client.get(reverse("insight_work:held_decide", args=[comment.pk])).status_code == 404


def test_a_held_comment_is_never_marked_as_read(comment):
    officer = people.user("officer")
    assert services.mark_read(comment.collection, [comment.pk], by=officer) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(read_at=timezone.now())
