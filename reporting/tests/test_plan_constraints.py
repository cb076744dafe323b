"""What the database refuses of plans by itself, and the form in the same words."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from reporting.tests import plan_factories as factories

pytestmark = pytest.mark.django_db

JULY, JUNE = datetime.date(2022, 7, 15), datetime.date(2022, 6, 30)
BACKWARDS = {"starts_on": JULY, "ends_on": JUNE}
LAST_DAY = "The last day must not be before the first day"
NAMES_IT = "Choose the priority action, for the plan of one priority action alone"
DONE = "Say when it was done and what shows it, for what is done alone"


def published():
    return factories.published_plan()


def reached():
    return factories.milestone(due_on=JULY, status="done")


def second_of(make, **fields):
    """The second of two rows of one plan."""
    of = factories.plan()
    make(of, **fields)
    return make(of)


@pytest.mark.parametrize(
    ("make", "changed", "words"),
    [
        (factories.plan, BACKWARDS, LAST_DAY),
        (factories.plan, {"agreed_on": JULY}, "Say which board or committee agreed it"),
        (published, {"summary": ""}, "Write what it says in plain words before you publish it"),
        (factories.plan, {"kind": "action"}, NAMES_IT),
        (lambda: factories.own_plan(factories.priority()), {"kind": "delivery"}, NAMES_IT),
        (lambda: second_of(factories.priority), {"number": 1}, "This plan has an action with that number already"),
        (factories.priority, BACKWARDS, LAST_DAY),
        (factories.priority, {"done_on": JULY}, "Say what shows that it was done"),
        (reached, {"evidence": ""}, DONE),
        (reached, {"done_on": None}, DONE),
        (factories.milestone, {"done_on": JULY}, DONE),
        (factories.milestone, {"status": "at_risk"}, "Say why it is at risk"),
        (factories.risk, {"likelihood": 6}, "Score it from 1 to 5"),
        (factories.risk, {"impact": 0}, "Score it from 1 to 5"),
        (factories.closed_risk, {"closed_because": ""}, "Say why it is closed"),
        (factories.budget_line, {"spent": Decimal("-0.01")}, "Write an amount of 0 or more"),
        (
            lambda: second_of(factories.budget_line, text="Events"),
            {"text": "Events"},
            "This line is there already for that year",
        ),
        (factories.phase, {"ends_on": JUNE}, LAST_DAY),
        (
            lambda: factories.plan_review(factories.plan_review().plan, held_on=JULY),
            {"held_on": datetime.date(2023, 9, 14)},
            "This plan has a review of that day already",
        ),
    ],
)
def test_the_database_and_the_form_refuse_the_same(make, changed, words):
    row = make()
    row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changed)
    for name, value in changed.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as error:
        row.validate_constraints()
    assert error.value.messages == [words]
