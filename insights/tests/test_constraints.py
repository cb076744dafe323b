"""The rules of the record, each twice: the words of the form, and the refusal of the database."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagement.models import Activity, Evidence, Period
from engagement.tests import factories as engagement
from forums.models import Forum, ForumLink
from forums.tests import factories as forums
from insights.models import Response
from insights.tests import factories
from people.models import Area, Organisation, Role
from people.tests import factories as people

pytestmark = pytest.mark.django_db
JUNE = datetime.date(2023, 6, 1)
MAY = datetime.date(2023, 5, 1)


def one_body():
    people.body()
    return Organisation(name="Another", kind="icb", is_body=True)


def dissolved_before_established():
    return Organisation(name="Body", starts_on=JUNE, ends_on=MAY)


def population_without_a_source():
    return Area(name="Harlow", slug="harlow", level="place", population=90_000)


def area_within_itself():
    area = people.area()
    area.parent = area
    return area


def role_twice():
    user = people.user("officer")
    return Role(user=user, name="officer")


def role_twice_for_an_area():
    area = people.area()
    user = people.user("officer", area)
    return Role(user=user, name="officer", area=area)


def ages_the_wrong_way_round():
    return Forum(name="Youth Council", kind=forums.forum_kind(), level="system", minimum_age=19, maximum_age=12)


def forum_closed_before_it_began():
    return Forum(name="Forum", kind=forums.forum_kind(), level="system", established_on=JUNE, closed_on=MAY)


def tie_to_nothing():
    return ForumLink(forum=forums.forum())


def tie_to_two():
    return ForumLink(forum=forums.forum(), to_forum=forums.forum(), to_name="ICB Board")


def tie_twice():
    return ForumLink(forum=forums.forum_link(forums.forum()).forum, to_name="ICB Board")


def ends_before_it_starts():
    return Activity(reference="A-9", title="x", principle=engagement.principle(), starts_on=JUNE, ends_on=MAY)


def dates_and_a_period():
    return Activity(
        reference="A-9", title="x", principle=engagement.principle(), starts_on=JUNE, period=engagement.period()
    )


def ongoing_with_an_end():
    return Activity(
        reference="A-9", title="x", principle=engagement.principle(), starts_on=MAY, ends_on=JUNE, is_ongoing=True
    )


def period_that_ends_before_it_starts():
    return Period(code="odd", starts_on=JUNE, ends_on=MAY, principle_set=engagement.principle_set())


def period_twice():
    return Period(
        code="again",
        starts_on=engagement.period().starts_on,
        ends_on=datetime.date(2024, 1, 1),
        principle_set=engagement.principle_set(),
    )


def evidence_of_nothing():
    return Evidence(principle=engagement.principle())


def evidence_of_two():
    return Evidence(principle=engagement.principle(), forum=forums.forum(), activity=engagement.activity())


def evidence_twice():
    first = engagement.evidence(engagement.principle(), forum=forums.forum())
    return Evidence(principle=first.principle, forum=first.forum)


def evidence_of_an_activity_twice():
    first = engagement.evidence(engagement.principle(), activity=engagement.activity())
    return Evidence(principle=first.principle, activity=first.activity)


def answer(**fields):
    known = {"activity": engagement.activity(), "topic": engagement.topic(), "you_said": "a", "we_did": "b"}
    return Response(**known | {"reference": "odd", "status": "done"} | fields)


def no_reason():
    return answer(status="could_not", we_did="")


def nothing_done():
    return answer(we_did="")


def answer_twice():
    first = factories.response()
    return answer(activity=first.activity, you_said=first.you_said)


RULES = [
    (one_body, "This system already serves another body"),
    (dissolved_before_established, "The date it was dissolved must be after the date it was established"),
    (population_without_a_source, "Say where the number of residents comes from"),
    (area_within_itself, "An area cannot be part of itself"),
    (role_twice, "This user has that role already"),
    (role_twice_for_an_area, "This user has that role already"),
    (ages_the_wrong_way_round, "The oldest age must not be lower than the youngest"),
    (forum_closed_before_it_began, "The date it closed must be after the date it was established"),
    (tie_to_nothing, "Choose a forum or name another body, not both"),
    (tie_to_two, "Choose a forum or name another body, not both"),
    (tie_twice, "This tie is there already"),
    (ends_before_it_starts, "The last day must not be before the first day"),
    (dates_and_a_period, "Give dates or a period, not both: the dates decide the period"),
    (ongoing_with_an_end, "An activity that is still going on has a first day and no last day"),
    (period_that_ends_before_it_starts, "The last day must be after the first day"),
    (period_twice, "This period is there already"),
    (evidence_of_nothing, "Evidence belongs to a forum or to an activity"),
    (evidence_of_two, "Evidence belongs to a forum or to an activity"),
    (evidence_twice, "This forum already claims that principle"),
    (evidence_of_an_activity_twice, "This activity already claims that principle"),
    (no_reason, "Say why it could not be done"),
    (nothing_done, "Say what was done, is under way or is promised"),
    (answer_twice, "This activity already has an answer to those words"),
]


@pytest.mark.parametrize(("build", "words"), RULES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_rule_is_said_in_words_and_kept_by_the_database(build, words):
    row = build()
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert words in refused.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
