"""Typing errors: what is offered instead, and that no word of a secret document ever is."""

import pytest
from django.contrib.auth.models import AnonymousUser

from core import search
from core.models import SearchWord
from core.tests.searching import note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]
STAFF = AnonymousUser()


@pytest.fixture
def pharmacy(learning):
    with learning():
        note("Open", "The pharmacy had a queue for appointments.")


@pytest.mark.usefixtures("pharmacy")
@pytest.mark.parametrize(
    ("typed", "looked_for"),
    [
        ("pharmcy", "pharmacy"),
        ("hparmacy", "pharmacy"),
        ("Farmacy queue", "pharmacy queue"),
        ("apointmnets", "appointments"),
        ("qeue at the pharmacy", "queue at the pharmacy"),
        ("phármcy", "pharmacy"),
    ],
)
def test_a_typing_error_is_mended(typed, looked_for):
    results = search.find(typed)
    assert (results.corrected, results.total) == (looked_for, 1)


@pytest.mark.usefixtures("pharmacy")
@pytest.mark.parametrize("typed", ["helicopter", "qu", "que", "ph4rmacy", '"pharmcy"', "queue -pharmcy helicopter"])
def test_what_is_near_to_nothing_or_meant_as_typed_is_left_alone(typed):
    results = search.find(typed)
    assert (results.corrected, results.suggestion, results.total) == ("", "", 0)


@pytest.mark.usefixtures("pharmacy")
def test_the_typed_words_can_be_insisted_on():
    assert search.find("pharmcy", exact=True) == search.Results(
        was_asked=True, counts={}, total=0, ranked=0, page=1, pages=1
    )


def test_an_error_that_others_made_too_is_only_suggested(learning):
    with learning():
        note("Error", "The pharmcy.")
        for _number in range(20):
            note("Right", "The pharmacy.")
    results = search.find("pharmcy")
    assert (results.corrected, results.suggestion, results.total) == ("", "pharmacy", 1)


def test_a_word_that_only_a_filter_hides_is_not_replaced(learning):
    with learning():
        note("Rare", "The parking.", tags={"topic": [1]})
        for _number in range(20):
            note("Frequent", "The marking.", tags={"topic": [2]})
    results = search.find("parking", tags={"topic": [2]})
    assert (results.corrected, results.suggestion, results.total) == ("", "marking", 0)


def test_a_word_of_a_secret_document_is_not_offered(learning):
    with learning():
        note("Canary", "Montgomery complained.", verb="secret")
    public = search.find("Montgomerry")
    assert (public.corrected, public.suggestion, public.total) == ("", "", 0)
    assert search.find("Montgomerry", user=STAFF).corrected == "montgomery"


def test_a_secret_document_does_not_change_what_is_said_of_a_typed_word(learning):
    """Else who tries names could tell from the missing offer which of them stand in a secret document."""
    with learning():
        note("Open", "The montgomery road.")
        note("Canary", "Montgomerry complained.", verb="secret")
    assert search.find("Montgomerry").corrected == "montgomery"
    assert search.find("Montgomerry", user=STAFF).corrected == ""


def test_the_vocabulary_follows_the_documents(learning):
    with learning():
        row = note("One", "The pharmacy and the Pharmacy of 2024.")
        note("Two", "pharmacy")
    assert dict(SearchWord.objects.values_list("word", "documents")) == {
        "and": 1,
        "one": 1,
        "pharmacy": 2,
        "the": 1,
        "two": 1,
    }
    with learning():
        row.detail = {"text": "A chemist."}
        row.save()
    assert dict(SearchWord.objects.values_list("word", "documents")) == {
        "chemist": 1,
        "one": 1,
        "pharmacy": 1,
        "two": 1,
    }
    with learning():
        row.delete()
    assert sorted(map(str, SearchWord.objects.all())) == ["pharmacy", "two"]


def test_what_is_saved_unchanged_is_not_counted_again(learning):
    with learning():
        row = note("One", "pharmacy")
        row.save()
        search.index("note", [row])
    assert set(SearchWord.objects.values_list("documents", flat=True)) == {1}
