"""The sheet of answers with everything that belongs to one, and the real sheets of old, which do not have it."""

import datetime

import pytest
from django.conf import settings

from core.imports import take_in
from core.tables import kinds
from engagement.tests import factories as engagement
from insights.models import Response, Status
from people.tests import factories as people

pytestmark = pytest.mark.django_db
HEADER = (
    "activity,topic,you_said,we_did,status,reason_code,reason,responsible,responsible_post,next_update,heard,done,"
    "evidence,people,groups"
)
OLD = settings.BASE_DIR / "profiles" / "demo" / "hertfordshire-and-west-essex-2023-24" / "you_said_we_did.csv"


def load(*rows: str, header: str = HEADER) -> dict:
    content = "\n".join([header, *rows]).encode()
    return take_in(kinds()["you_said_we_did"], content, "said.csv", by=None, dry_run=False)


@pytest.fixture(autouse=True)
def activity():
    return engagement.activity("HWE-1")


def test_everything_that_belongs_to_an_answer_is_read_and_the_same_again_changes_nothing():
    pharmacy, carers = people.organisation("Community Pharmacy"), people.population_group("carers")
    row = (
        "HWE-1,Eye care,You said.,We did.,done,,,Community Pharmacy,Head of pharmacy,,1/2/2024,2024-03-01,"
        "A letter,over 30,carers"
    )
    load(row)
    held = Response.objects.get()

    assert (held.responsible, held.responsible_post, held.evidence) == (pharmacy, "Head of pharmacy", "A letter")
    assert (held.heard_on, held.done_on) == (datetime.date(2024, 2, 1), datetime.date(2024, 3, 1))
    assert (str(held.people), list(held.groups.all())) == ("over 30 different people", [carers])
    assert load(row)["unchanged"] == 1


@pytest.mark.parametrize(("word", "code"), [("cost", "cost"), ("Money", "cost"), ("legal", "law"), ("later", "later")])
def test_a_kind_of_reason_is_read_as_people_say_it(word, code):
    load(f"HWE-1,Eye care,You said.,,could not,{word},Not this year.,,,,,,,,")

    assert Response.objects.get().reason_code == code


def test_a_kind_of_reason_belongs_to_what_could_not_be_done():
    found = load("HWE-1,Eye care,You said.,We did.,done,cost,,,,,,,,,")

    assert [(error["column"], error["problem"]) for error in found["errors"]] == [
        ("reason_code", "Only what could not be done has a kind of reason")
    ]


def test_an_organisation_that_nobody_knows_is_refused():
    found = load("HWE-1,Eye care,You said.,We did.,done,,,Canary Trust,,,,,,,")

    assert [error["column"] for error in found["errors"]] == ["responsible"]


def test_an_old_sheet_leaves_what_was_added_since():
    header = "activity,topic,you_said,we_did,status,published"
    load("HWE-1,Eye care,You said.,We will.,planned,2024-04-02", header=header)
    Response.objects.update(responsible_post="Head of pharmacy", evidence="A letter", reason="Once")

    load("HWE-1,Eye care,You said.,We did.,done,2024-04-02", header=header)

    held = Response.objects.get()
    assert (held.status, held.responsible_post, held.evidence, held.reason) == (
        Status.DONE,
        "Head of pharmacy",
        "A letter",
        "Once",
    )


def test_the_real_sheet_of_2023_24_is_taken_in_as_it_is():
    references = {line.partition(",")[0] for line in OLD.read_text().splitlines()[1:]}
    for reference in references:
        engagement.activity(reference)

    found = take_in(kinds()["you_said_we_did"], OLD.read_bytes(), OLD.name, by=None, dry_run=False)

    assert (found["accepted"], found["created"]) == (True, 12)
