"""Quotes: words as they stand in the comment, with a consent that holds."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from insights.models import Quote
from insights.services import quotes as services
from insights.tests import commenting
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TEXT = "The nurse was kind.\n\nShe explained everything twice."


@pytest.fixture(autouse=True)
def registered():
    commenting.register()


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


@pytest.fixture
def comment():
    return factories.comment(TEXT)


def quote(comment, **fields) -> Quote:
    defaults = {"words": "The nurse was kind.", "said_by_whom": "A patient, Ware", "consent": "form"}
    defaults["by"] = people.user("officer")
    return services.add_quote(comment, **defaults | {"consent_on": factories.DAY} | fields)


def days(**given) -> dict:
    return {
        f"{name}_{place}": part
        for name, day in given.items()
        for place, part in enumerate((day.day, day.month, day.year))
    }


def test_words_are_quoted_as_they_stand_across_lines(client, officer, comment):
    sent = {"words": "nurse was kind. She  explained", "said_by_whom": "A patient, Ware", "consent": "asked"}
    sent |= days(consent_on=datetime.date(2024, 3, 1), consent_until=datetime.date(2099, 1, 1))
    answer = client.post(reverse("insight_work:quote_add", args=[comment.pk]), sent)
    assert answer.status_code == 302
    row = Quote.objects.usable().get()
    assert (row.words, row.by) == ("nurse was kind. She explained", officer)
    page = client.get(reverse("insight_work:comment_detail", args=[comment.pk])).content.decode()
    assert "nurse was kind. She explained" in page
    assert "1 January 2099" in page


@pytest.mark.parametrize("words", ["The nurse was lovely.", "the nurse was kind.", "The nurse … twice.", ""])
def test_words_that_do_not_stand_in_the_comment_are_refused(comment, words):
    with pytest.raises(ValidationError, match="as they stand"):
        quote(comment, words=words)
    assert not Quote.objects.exists()


def test_a_wrong_quote_keeps_what_was_typed(client, officer, comment):
    sent = {"words": "Nobody said this", "said_by_whom": "A patient", "consent": "form"}
    answer = client.post(reverse("insight_work:quote_add", args=[comment.pk]), sent | days(consent_on=factories.DAY))
    assert answer.status_code == 422
    assert "Nobody said this" in answer.content.decode()


def test_who_said_no_on_the_form_has_to_be_asked():
    comment = factories.comment(TEXT, may_be_quoted=False)
    with pytest.raises(ValidationError, match="said no on the form"):
        quote(comment)
    assert quote(comment, consent="asked").pk


@pytest.mark.parametrize("fields", [{"is_held": True}, {"text": " ", "erased_on": None}])
def test_nothing_that_is_held_or_gone_is_quoted(fields):
    comment = factories.comment(**{"text": TEXT} | fields)
    if not fields.get("is_held"):
        type(comment).objects.filter(pk=comment.pk).update(text="")
    with pytest.raises(ValidationError, match="held, or its words are gone"):
        quote(comment)


def test_the_same_words_are_one_quote(comment):
    assert quote(comment) == quote(comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.create(
            comment=comment, words="The nurse was kind.", said_by_whom="x", consent="form", consent_on=factories.DAY
        )


def test_a_consent_ends_after_it_was_given(comment):
    with pytest.raises(ValidationError, match="must end after"):
        quote(comment, consent_until=factories.DAY)
    row = quote(comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.filter(pk=row.pk).update(consent_until=factories.DAY)


def test_no_consent_comes_from_the_future(comment):
    with pytest.raises(ValidationError, match="must not be in the future"):
        quote(comment, consent_on=timezone.localdate() + datetime.timedelta(days=1))


def test_a_consent_that_ran_out_or_was_taken_back_lets_nothing_be_printed(client, officer, comment):
    ended = quote(comment, consent_until=datetime.date(2024, 3, 2))
    row = quote(comment, words="She explained everything twice.")
    assert list(Quote.objects.usable()) == [row]
    client.post(reverse("insight_work:quote_withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.withdrawn_on == timezone.localdate()
    assert services.withdraw_quote(row, by=officer).withdrawn_on == row.withdrawn_on
    assert list(Quote.objects.usable()) == []
    assert ended.pk


def test_a_new_consent_takes_a_withdrawn_quote_up_again(comment):
    row = services.withdraw_quote(quote(comment), by=None)
    again = quote(comment, consent="asked", consent_on=datetime.date(2024, 5, 1))
    assert (again.pk, again.consent, again.withdrawn_on) == (row.pk, "asked", None)


def test_who_may_quote(client, comment):
    row = quote(comment)
    for user, status in ((people.user("project_lead"), 403), (people.user("officer", area=people.area()), 404)):
        client.force_login(user)
        assert client.get(reverse("insight_work:quote_add", args=[comment.pk])).status_code == status
        assert client.post(reverse("insight_work:quote_withdraw", args=[row.pk])).status_code == status
    row.refresh_from_db()
    assert row.withdrawn_on is None
