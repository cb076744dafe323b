"""Comments typed in and gathered from surveys, who read them, and how they are forgotten."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import AuditEvent, SearchDocument
from engagement.models import SurveyAnswer
from engagement.services.surveys import codes, responses
from engagement.tests import project_factories as projects
from insights.documents import comments as documents
from insights.models import Campaign, Coding, Collection, Comment, Quote
from insights.services import campaigns, quotes
from insights.services import comments as services
from insights.tests import commenting
from insights.tests import insight_factories as factories
from people.services import privacy
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registered():
    commenting.register()


@pytest.fixture
def collection():
    return factories.collection(title="Cards from the stall")


# By hand -----------------------------------------------------------------------------------------


def test_a_comment_that_is_typed_in_has_its_own_number(collection):
    officer, group = people.user("officer"), people.population_group("Carers")
    first = services.add_comment(collection, by=officer, text=" Kind staff.\r\nTruly. ", groups=[group])
    second = services.add_comment(collection, by=officer, text="Kind staff.\nTruly.")
    assert (first.reference, second.reference) == ("typed-1", "typed-2")
    assert first.text == "Kind staff.\nTruly."
    assert first.text_key == second.text_key
    assert list(first.groups.all()) == [group]


def test_the_same_words_of_the_same_person_are_there_once(collection):
    person = people.person()
    given = {"by": None, "text": "Kind staff.", "said_by": person, "said_on": factories.DAY}
    assert services.add_comment(collection, **given) == services.add_comment(collection, **given)
    assert services.add_comment(collection, **given | {"said_by": people.person()}).reference == "typed-2"


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"text": "a" * (Comment.LONGEST + 1)}, "The comment has 20,001 characters"),
        ({"text": "a" * 1024 * 1024}, "The comment has 1,048,576 characters"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": " "}, "cannot be blank"),
        ({"said_on": timezone.localdate() + timezone.timedelta(days=1)}, "must not be in the future"),
    ],
)
def test_what_is_no_comment_is_refused(collection, words, refusal):
    with pytest.raises(ValidationError, match=refusal):
        services.add_comment(collection, by=None, **{"text": "Kind."} | words)
    assert not Comment.objects.exists()


def test_two_collections_do_not_have_one_title(collection):
    with pytest.raises(ValidationError, match="already exists"):
        services.add_collection(by=None, title="Cards  from the stall")


# Surveys -----------------------------------------------------------------------------------------


@pytest.fixture
def survey():
    survey = projects.survey()
    projects.survey_question(survey)
    projects.survey_question(survey, "Which bus?", kind="line")
    projects.survey_question(survey, "How good?", kind="scale")
    return survey


def answered(survey, *words, is_sent=True, code="a"):
    response = projects.survey_response(survey, is_sent=is_sent, code_hash=codes.hashed(code))
    for question, text in zip(survey.questions.order_by("order"), words, strict=False):
        SurveyAnswer.objects.create(response=response, question=question, text=text)
    return response


def test_answers_in_own_words_become_comments_and_again_only_the_new_ones(survey):
    officer = people.user("officer")
    answered(survey, "The walk is long.", "The 310", "")
    answered(survey, "A draft.", is_sent=False, code="b")
    collection, added = services.gather_survey(survey, by=officer)
    assert (added, collection.survey, collection.activity) == (2, survey, survey.activity)
    assert commenting.texts(collection) == ["The walk is long.", "The 310"]
    comment = collection.comments.order_by("pk").first()
    assert (comment.question, comment.said_on) == ("What matters to you?", timezone.localdate())
    answered(survey, "The walk is long.", code="c")
    assert services.gather_survey(survey, by=officer) == (collection, 1)
    assert services.gather_survey(survey, by=officer) == (collection, 0)
    assert Campaign.objects.get().size == 2
    assert SearchDocument.objects.filter(kind="comment").count() == 3


def test_a_survey_whose_title_is_taken_gets_another(survey):
    factories.collection(title=survey.title)
    assert services.gather_survey(survey, by=None)[0].title == f"{survey.title} (clinic)"


def test_answers_that_are_removed_take_their_comments_words_with_them(survey):
    answered(survey, "The walk is long for me.", code="ABCD")
    answered(survey, "Fine.", code="other")
    collection, _added = services.gather_survey(survey, by=None)
    gone, stays = collection.comments.order_by("pk")
    coding = factories.coding(gone, factories.theme())
    quotes.add_quote(
        gone, by=people.user("officer"), words="The walk", said_by_whom="x", consent="form", consent_on=factories.DAY
    )
    responses.remove_response(survey, "ABCD", reason=next(iter(responses.REASONS)), by=people.user("officer"))
    gone.refresh_from_db()
    assert (gone.text, gone.text_key, gone.erased_on) == ("", "", timezone.localdate())
    assert list(gone.codings.all()) == [coding]
    assert not Quote.objects.exists()
    stays.refresh_from_db()
    assert stays.text == "Fine."
    assert [document.text for document in SearchDocument.objects.filter(kind="comment")] == ["Fine."]
    assert services.gather_survey(survey, by=None)[1] == 0


# Reading and figures -----------------------------------------------------------------------------


def test_a_named_person_answers_for_the_reading(collection):
    officer = people.user("officer")
    rows = [factories.comment(collection=collection) for _number in range(3)]
    other = factories.comment()
    assert services.mark_read(collection, [rows[0].pk, rows[1].pk, other.pk], by=officer) == 2
    before = Comment.objects.get(pk=rows[0].pk).read_at
    assert services.mark_read(collection, [rows[0].pk], by=people.user("lead")) == 0
    rows[0].refresh_from_db()
    assert (rows[0].read_by, rows[0].read_at) == (officer, before)
    assert documents.share_read(collection) == documents.Share(2, 3)
    assert documents.share_read(collection).percent == pytest.approx(66.67, abs=0.01)
    assert AuditEvent.objects.get(verb="read comments").detail == {"comments": 2}


def test_held_comments_count_as_not_read_and_empty_ones_not_at_all(collection):
    factories.comment(collection=collection, is_held=True)
    factories.comment(" ", collection=collection)
    Comment.objects.filter(text=" ").update(text="")
    assert documents.share_read(collection) == documents.Share(0, 1)
    assert documents.share_read(factories.collection()).percent is None


def test_only_letters_dominate(collection):
    letter = Campaign.objects.create(collection=collection, kind="campaign", size=3)
    short = Campaign.objects.create(collection=collection, kind="repeat", size=5)
    for number, campaign in enumerate([letter] * 3 + [short] * 5):
        factories.comment(f"Words {number}", collection=collection, campaign=campaign)
    found = documents.dominance(collection)
    assert (found.total, found.groups, found.largest, found.largest_percent) == (8, 1, 3, 37.5)
    assert found.is_dominated
    assert documents.dominance(factories.collection()).largest_percent is None


def test_naming_like_comments_twice_is_noted_once(collection):
    row = Campaign.objects.create(collection=collection, kind="campaign", size=3)
    for _turn in range(2):
        campaigns.name_campaign(row, by=None, name=" Keep  it open ")
    row.refresh_from_db()
    assert row.name == "Keep it open"
    assert AuditEvent.objects.filter(verb="named like comments").count() == 1


# Erasure -----------------------------------------------------------------------------------------


def test_an_erased_contributor_is_gone_and_the_figures_stand(collection):
    person, theme = people.person("Ada Byron"), factories.theme()
    row = services.add_comment(collection, by=None, text="The lift is broken.", said_by=person)
    other = services.add_comment(collection, by=None, text="The lift is slow.", said_by=people.person())
    for each in (row, other):
        factories.coding(each, theme)
    consent = {"said_by_whom": "x", "consent": "form", "consent_on": factories.DAY}
    quotes.add_quote(row, by=people.user("officer"), words="The lift", **consent)
    Comment.objects.filter(pk=row.pk).update(read_at=timezone.now())
    counted = Coding.objects.counted().filter(theme=theme).count()
    request = privacy.ask_for_erasure(person, how="phone", by=people.user("officer"))
    privacy.erase(request, by=people.user("lead"))
    row.refresh_from_db()
    assert (row.text, row.text_key, row.said_by, row.erased_on) == ("", "", None, timezone.localdate())
    assert not Quote.objects.exists()
    assert [document.text for document in SearchDocument.objects.filter(kind="comment")] == ["The lift is slow."]
    assert Coding.objects.counted().filter(theme=theme).count() == counted == 2
    other.refresh_from_db()
    assert other.text == "The lift is slow."
    assert Collection.objects.get().comments.count() == 2
