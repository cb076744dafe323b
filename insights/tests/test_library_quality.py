"""The rating of quality: the rubric, what age takes off, and the least for Board papers."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Policy
from forums.documents.cadences import add_months
from insights.documents import quality
from insights.models import QualityRating
from insights.services import library
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FULL = dict.fromkeys(QualityRating.QUESTIONS, 3)


def fresh(**fields):
    return factories.source(**{"collected_to": TODAY, "review_by": add_months(TODAY, 24)} | fields)


def test_every_question_has_four_answers_in_words():
    assert list(quality.RUBRIC) == list(QualityRating.QUESTIONS)
    assert {len(meanings) for _question, meanings in quality.RUBRIC.values()} == {4}


def test_a_rating_is_kept_changed_and_audited():
    source, by = fresh(), people.user("officer")
    library.rate_source(source, by=by, because="Good", **FULL)
    library.rate_source(source, by=by, because="Good", **FULL)
    library.rate_source(source, by=by, because="Less", **FULL | {"sample": 1})
    rating = QualityRating.objects.get()
    assert (rating.score, rating.because, rating.rated_by) == (13, "Less", by)
    assert list(AuditEvent.objects.filter(verb="rated").values_list("detail", flat=True).order_by("pk")) == [
        {"score": 15},
        {"score": 13},
    ]


def test_numbers_run_from_0_to_3_by_form_and_in_the_database():
    with pytest.raises(ValidationError):
        library.rate_source(fresh(), by=None, because="x", **FULL | {"sample": 4})
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.rating(fresh(), each=4)


@pytest.mark.parametrize(
    ("collected_to", "review_by", "most"),
    [
        (TODAY, add_months(TODAY, 24), 3),
        (add_months(TODAY, -24), add_months(TODAY, 24), 3),
        (add_months(TODAY, -24) - datetime.timedelta(days=1), add_months(TODAY, 24), 1),
        (TODAY, TODAY, 3),
        (TODAY, TODAY - datetime.timedelta(days=1), 1),
        (None, add_months(TODAY, 24), 1),
        (datetime.date(2020, 3, 1), TODAY, 1),
        (datetime.date(2020, 2, 29), TODAY, 0),
    ],
)
def test_an_old_item_cannot_be_rated_recent(collected_to, review_by, most):
    source, by = factories.source(collected_to=collected_to, review_by=review_by), people.user("officer")
    if most < 3:
        with pytest.raises(ValidationError) as error:
            library.rate_source(source, by=by, because="x", **FULL | {"recency": most + 1})
        assert error.value.message_dict == {
            "recency": [f"It is too old for that. Choose at most {most} for how recent it is"]
        }
    assert library.rate_source(source, by=by, because="x", **FULL | {"recency": most}).recency == most


def test_what_was_recent_when_it_was_rated_counts_for_less_once_it_is_old():
    source = fresh()
    factories.rating(source, each=3)
    assert quality.quality(source).score == 15
    source.review_by = TODAY - datetime.timedelta(days=1)
    aged = quality.quality(source)
    assert aged.score == 13
    assert [(answer.given, answer.now) for answer in aged.answers] == [(3, 3), (3, 3), (3, 1), (3, 3), (3, 3)]
    assert aged.answers[2].words == "Older than we want, or nobody knows when"


def test_board_papers_take_what_is_in_use_and_good_enough():
    Policy.objects.create(least_quality=10)
    enough, little, unrated = fresh(), fresh(), fresh()
    factories.rating(enough, each=2)
    factories.rating(little, each=2, method=1)
    assert [library.may_go_to_board(each) for each in (enough, little, unrated)] == [True, False, False]
    assert quality.quality(enough).verdict == "10 of 15: may be used in Board papers"
    assert quality.quality(little).verdict == "9 of 15: too little for Board papers, which need 10"
    enough.state = "retired"
    assert not library.may_go_to_board(enough)


def test_a_story_without_consent_does_not_go_to_the_board():
    story = factories.story(source=fresh(kind=factories.source_kind(is_story=True)))
    factories.rating(story.source, each=3)
    assert library.may_go_to_board(story.source)
    story.withdrawn_on = TODAY
    assert not library.may_go_to_board(story.source)


@pytest.mark.parametrize(
    ("collected_to", "words"),
    [
        (None, "no day recorded on which it was collected"),
        (datetime.date(2026, 3, 10), "collected less than a month ago"),
        (datetime.date(2026, 2, 15), "collected 1 month ago"),
        (datetime.date(2024, 4, 15), "collected 23 months ago"),
        (datetime.date(2024, 3, 15), "collected 2 years ago"),
        (datetime.date(2020, 3, 1), "collected 6 years ago"),
        (datetime.date(2020, 2, 29), "collected 6 years ago, before the pandemic"),
    ],
)
def test_the_age_is_said_in_words(collected_to, words):
    source = factories.source(collected_to=collected_to)
    assert quality.age(source, datetime.date(2026, 3, 15)) == words
