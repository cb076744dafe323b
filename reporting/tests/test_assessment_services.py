"""Assessments: begun, judged, made final, taken back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.models import Assessment, Judgement, Proof, Yardstick
from reporting.services import assessments as services
from reporting.tests import assessment_factories as factories

pytestmark = pytest.mark.django_db
MADE_ON = factories.MADE_ON


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def code_of(call, *given, **words) -> str:
    with pytest.raises(ValidationError) as caught:
        call(*given, **words)
    return getattr(caught.value, "code", None) or " ".join(caught.value.messages)


def begin(of: Yardstick, **changed) -> Assessment:
    return services.begin_assessment(of, by=None, **{"period": engagement.period(), "made_on": MADE_ON} | changed)


def judge(row: Assessment, number: int = 1, level: str = "good", **said) -> Judgement:
    found = row.yardstick.levels.filter(name=level).first()
    dimension = row.yardstick.dimensions.get(number=number)
    return services.judge(row, dimension, by=None, **{"level": found, "text": "It is so."} | said)


# Begin -------------------------------------------------------------------------------------------


def test_an_assessment_is_begun_once_however_often_it_is_asked_for():
    lead, of, group = people.user("lead"), factories.yardstick(), forums.forum()
    rows = [
        services.begin_assessment(of, by=lead, period=engagement.period(), made_on=MADE_ON, forum=group)
        for _time in range(2)
    ]
    assert rows[0] == rows[1] == Assessment.objects.get()
    assert (rows[0].by, rows[0].forum, rows[0].assessor, rows[0].is_final) == (lead, group, "self", False)
    assert verbs() == ["began"]


def test_a_year_is_judged_once_by_each_assessor():
    of = factories.yardstick()
    begin(of)
    said = "This period has such an assessment already"
    assert said in code_of(begin, of, made_on=datetime.date(2024, 5, 15))
    assert begin(of, assessor="nhse").assessor == "nhse"
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.assessment(of)


def test_a_final_one_is_not_begun_again():
    of = factories.yardstick()
    factories.judged(of, "good", "good")
    assert "already" in code_of(begin, of)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"made_on": datetime.date(2999, 1, 1)}, "The day must not be in the future"),
        ({"assessor": "somebody"}, "Value 'somebody' is not a valid choice."),
    ],
)
def test_what_cannot_be_begun_is_refused_in_words(changed, message):
    assert code_of(begin, factories.yardstick(), **changed) == message
    assert not Assessment.objects.exists()


def test_a_quarter_is_not_judged():
    days = {"starts_on": datetime.date(2023, 4, 1), "ends_on": datetime.date(2023, 6, 30), "kind": "quarter"}
    quarter = engagement.period("2023-24-q1", **days)
    assert code_of(begin, factories.yardstick(), period=quarter) == "Select a year. Quarters are not judged"


def test_nhs_england_judges_without_a_group_of_the_body():
    said = code_of(begin, factories.yardstick(), assessor="nhse", forum=forums.forum())
    assert said == "Choose no group where NHS England judges"


@pytest.mark.parametrize("parts", [{"dimensions": ()}, {"levels": ()}])
def test_a_yardstick_that_is_not_ready_is_not_used(parts):
    assert code_of(begin, factories.yardstick(**parts)) == "empty"


def test_an_evaluation_needs_no_levels():
    assert begin(factories.evaluation()).yardstick.kind == "evaluation"


# Judge -------------------------------------------------------------------------------------------


def test_a_judgement_is_kept_with_its_evidence_and_the_same_again_changes_nothing():
    row, activity = factories.assessment(), engagement.activity()
    said = {"gap": "Money", "next_step": "Ask", "owner": "Head of Engagement", "due_on": datetime.date(2024, 9, 1)}
    proofs = [("Board paper 7", "https://www.example.org/7"), ("Minutes", "")]
    for _time in range(2):
        found = judge(row, activities=[activity], proofs=proofs, **said)
    assert (found.level.name, found.text, found.gap, found.owner) == ("good", "It is so.", "Money", said["owner"])
    assert list(found.activities.all()) == [activity]
    assert list(found.proofs.values_list("text", "url")) == proofs
    assert verbs() == ["judged"]


def test_a_judgement_is_corrected_until_the_assessment_is_final():
    row = factories.assessment()
    judge(row, proofs=[("Old", ""), ("Kept", "")], activities=[engagement.activity()])
    judge(row, level="outstanding", proofs=[("Kept", "")])
    found = Judgement.objects.get()
    assert (found.level.name, found.activities.count()) == ("outstanding", 0)
    assert list(Proof.objects.values_list("text", flat=True)) == ["Kept"]
    judge(row, level="outstanding", proofs=[("New", "")])
    assert verbs() == ["judged", "judged", "judged"]


def test_activities_and_other_evidence_are_counted_together():
    row, activities = factories.assessment(), [engagement.activity() for _each in range(2)]
    judge(row, activities=activities, proofs=[("One", "")])
    assert code_of(judge, row, activities=activities, proofs=[("One", ""), ("Two", "")]) == "too_many"
    assert (Judgement.objects.get().activities.count(), Proof.objects.count()) == (2, 1)


def test_without_a_limit_any_number_of_pieces_shows_it():
    row = factories.assessment(factories.yardstick(most_links=None))
    assert judge(row, proofs=[(f"Paper {number}", "") for number in range(9)]).proofs.count() == 9


def test_a_limit_of_none_at_all_is_a_limit():
    assert code_of(judge, factories.assessment(factories.yardstick(most_links=0)), proofs=[("One", "")]) == "too_many"


def test_the_level_and_the_dimension_are_of_the_same_yardstick():
    row, other = factories.assessment(), factories.yardstick()
    dimension = row.yardstick.dimensions.first()
    said = {"by": None, "text": "It is so."}
    for level in (None, other.levels.first()):
        assert code_of(services.judge, row, dimension, level=level, **said) == "Select a level of this yardstick"
    given = other.dimensions.first()
    assert code_of(services.judge, row, given, level=row.yardstick.levels.first(), **said) == "dimension"
    assert not Judgement.objects.exists()


def test_an_evaluation_is_judged_in_words_and_from_one_side_at_a_time():
    row, other = factories.assessment(factories.evaluation()), factories.yardstick()
    level = other.levels.first()
    said = {"by": None, "text": "It is so.", "perspective": "people", "level": level}
    refused = code_of(services.judge, row, row.yardstick.dimensions.get(), **said)
    assert refused == "An evaluation is judged in words. Choose no level"
    assert code_of(judge, row, level=None) == "perspective"
    assert code_of(judge, row, level=None, perspective="nobody") == "perspective"
    judge(row, level=None, perspective="people")
    judge(row, level=None, perspective="workforce")
    assert set(Judgement.objects.values_list("perspective", flat=True)) == {"people", "workforce"}


def test_other_yardsticks_know_no_sides():
    assert code_of(judge, factories.assessment(), perspective="people") == "perspective"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"text": "  "}, "This field cannot be blank."),
        ({"due_on": datetime.date(2024, 9, 1), "owner": "Head"}, "Say what the next step is and who sees to it"),
        ({"due_on": datetime.date(2024, 9, 1), "next_step": "Ask"}, "Say what the next step is and who sees to it"),
        ({"proofs": [("Paper", "no address")]}, "Enter a valid URL."),
    ],
)
def test_a_judgement_that_says_too_little_is_refused(said, message):
    assert code_of(judge, factories.assessment(), **said) == message


def test_the_database_refuses_a_day_without_a_step_and_a_dimension_judged_twice():
    row = factories.assessment()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.judgement(row, due_on=MADE_ON)
    factories.judgement(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.judgement(row)


# Final -------------------------------------------------------------------------------------------


def test_it_becomes_final_once_everything_is_judged():
    row, lead = factories.assessment(), people.user("lead")
    judge(row)
    with pytest.raises(ValidationError) as caught:
        services.make_final(row, by=lead)
    assert caught.value.messages == ["Not judged yet: Annual reporting"]
    judge(row, 2)
    first = services.make_final(row, by=lead).final_at
    assert services.make_final(row, by=lead).final_at == first
    assert verbs() == ["judged", "judged", "made final"]


def test_an_evaluation_becomes_final_once_every_side_is_heard():
    row = factories.assessment(factories.evaluation())
    judge(row, level=None, perspective="people")
    with pytest.raises(ValidationError) as caught:
        services.make_final(row, by=None)
    assert caught.value.messages == [
        "Not judged yet: Impact of the work (local workforce)",
        "Not judged yet: Impact of the work (those managing service change)",
    ]


def test_nothing_of_a_final_one_can_be_changed():
    of = factories.yardstick()
    row = factories.judged(of, "good", "good")
    assert code_of(judge, row, level="outstanding") == "final"
    assert code_of(services.discard, row, by=None) == "judged"
    stale = Assessment(pk=row.pk, yardstick=of, period=row.period, made_on=MADE_ON)  # as somebody read it before
    assert code_of(judge, stale, level="outstanding") == "final"
    assert [each.level.name for each in Judgement.objects.all()] == ["good", "good"]


def test_a_final_one_is_taken_back_with_a_reason_that_is_kept():
    row, lead = factories.judged(factories.yardstick(), "good", "good"), people.user("lead")
    assert code_of(services.take_back, row, by=lead, because=" ") == "Say why it is taken back"
    for _time in range(2):
        assert services.take_back(row, by=lead, because="Wrong year of evidence").is_final is False
    event = AuditEvent.objects.get()
    assert (event.verb, event.detail) == ("took back to draft", {"because": "Wrong year of evidence"})
    judge(row, level="outstanding")


def test_what_was_begun_by_mistake_is_discarded_and_what_holds_work_is_not():
    row, other = factories.assessment(), factories.assessment()
    factories.judgement(other)
    for _time in range(2):
        services.discard(row, by=people.user("lead"))
    assert code_of(services.discard, other, by=None) == "judged"
    assert list(Assessment.objects.all()) == [other]
    assert verbs() == ["discarded"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_judged_in_what_becomes_final_at_the_same_moment(tmp_path):
    row = factories.judged(factories.yardstick(), "good", "good", final_at=None)
    calls = [
        lambda: bool(services.make_final(row, by=None).final_at),
        lambda: judge(row, level="outstanding").level.name,
    ]
    found = race(tmp_path, *calls)
    if connection.vendor == "postgresql":
        assert found == [True, "final"]  # the first had done everything but its commit
    else:
        assert sorted(map(str, found)) in (["True", "final"], ["True", "outstanding"])


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_the_same_at_once_begin_one(tmp_path):
    of, year = factories.yardstick(), engagement.period()

    def call():
        return services.begin_assessment(of, by=None, period=year, made_on=MADE_ON).pk

    found = race(tmp_path, call, call)
    assert len(found) == 2
    assert found[0] == found[1]
