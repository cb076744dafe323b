"""Pages of yardsticks and assessments: who may open them, what they say, what they refuse."""

import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.demo_assessments import load_assessments
from reporting.models import Assessment, Descriptor, Judgement, Yardstick
from reporting.tests import assessment_factories as factories
from reporting.tests.reading import text_of

pytestmark = pytest.mark.django_db
LIST = "/reports/assessments/"
DEMO = settings.BASE_DIR / "profiles" / "demo" / "hertfordshire-and-west-essex-2023-24" / "assessments.toml"


def address(name: str, *args) -> str:
    return reverse(f"assessments:{name}", args=args)


def step(client, row: Assessment, name: str, **data):
    said = {f"{name}-{key}": value for key, value in data.items()}
    return client.post(address("assessment_step", row.pk, name), said)


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def addresses(row: Assessment) -> tuple[list[str], list[str]]:
    """Pages that staff may read, and pages of those who work on assessments."""
    of = row.yardstick_id
    readable = [LIST, address("yardstick_detail", of), address("assessment_detail", row.pk)]
    return readable, [address("assessment_add", of), address("judgement_edit", row.pk, 1)]


@pytest.mark.parametrize(
    ("role", "reads", "works"),
    [
        ("administrator", 200, 200),
        ("lead", 200, 200),
        ("officer", 200, 200),
        ("project_lead", 200, 403),
        ("secretary", 403, 403),
        ("member", 403, 403),
        ("partner", 403, 403),
        ("safeguarding", 403, 403),
    ],
)
def test_staff_read_and_the_team_works(client, signed_in, role, reads, works):
    row = factories.assessment()
    signed_in(role)
    readable, workable = addresses(row)
    assert [client.get(each).status_code for each in readable] == [reads] * 3
    assert [client.get(each).status_code for each in workable] == [works] * 2
    assert step(client, row, "final").status_code == (422 if works == 200 else 403)


def test_strangers_are_sent_to_sign_in(client):
    row = factories.assessment()
    readable, workable = addresses(row)
    for each in (*readable, *workable):
        assert client.get(each)["Location"].startswith("/accounts/login/")
    assert step(client, row, "final")["Location"].startswith("/accounts/login/")


def test_only_who_may_publish_takes_a_final_one_back(client, signed_in):
    row = factories.judged(factories.yardstick(), "good", "good")
    signed_in("officer")
    assert "Take it back" not in text_of(client.get(address("assessment_detail", row.pk)))
    assert step(client, row, "back", because="A slip").status_code == 403
    signed_in("lead")
    assert "Take it back" in text_of(client.get(address("assessment_detail", row.pk)))
    refused = step(client, row, "back", because="")
    assert refused.status_code == 422
    assert "Enter why it is taken back" in text_of(refused)
    assert step(client, row, "back", because="A slip").status_code == 302
    row.refresh_from_db()
    assert row.is_final is False


def test_an_assessment_goes_from_its_beginning_to_its_end(client, officer):
    of, activity = factories.yardstick(), engagement.activity()
    day = {"made_on_0": "14", "made_on_1": "5", "made_on_2": "2024"}
    said = {"period": engagement.period().pk, "assessor": "self", **day}
    begun = client.post(address("assessment_add", of.pk), said)
    row = Assessment.objects.get()
    assert begun["Location"] == address("assessment_detail", row.pk)
    assert "Not judged yet: Governance" in text_of(client.get(begun["Location"]))
    good = of.levels.get(name="good")
    for number in (1, 2):
        judged = client.post(
            address("judgement_edit", row.pk, number),
            {"level": good.pk, "text": "It is so.", "activities": [activity.pk], "proof_1": "Paper 7"},
        )
        assert judged["Location"] == address("assessment_detail", row.pk)
    assert "Not judged yet" not in text_of(client.get(begun["Location"]))
    assert step(client, row, "final").status_code == 302
    page = text_of(client.get(begun["Location"]))
    assert ("good in 2" in page, "Change the judgement" in page, "Make it final" in page) == (True, False, False)
    assert [str(each.proofs.get()) for each in row.judgements.all()] == ["Paper 7", "Paper 7"]
    assert Judgement.objects.filter(activities=activity).count() == 2


def test_a_form_with_errors_keeps_what_was_typed(client, officer):
    of = factories.yardstick()
    factories.judged(of, "good", "good")
    said = {"period": engagement.period().pk, "assessor": "self", "made_on_0": "14", "made_on_1": "5"}
    refused = client.post(address("assessment_add", of.pk), said)
    assert refused.status_code == 422
    assert "Day on which it was made must include a year" in text_of(refused)
    again = client.post(address("assessment_add", of.pk), said | {"made_on_2": "2024"})
    assert again.status_code == 422
    assert "This period has such an assessment already" in text_of(again)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"level": ""}, "Select level"),
        ({"text": ""}, "Enter why it is judged so"),
        ({"proof_1": "One", "proof_2": "Two", "proof_3": "Three", "activity": True}, "Name at most 3 pieces"),
        ({"address_1": "https://www.example.org"}, "Say what is to be found at this address"),
        ({"proof_1": "One", "address_1": "not one"}, "Enter a web address in the correct format"),
        ({"due_on_0": "1", "due_on_1": "9", "due_on_2": "2024"}, "Say what the next step is and who sees to it"),
        ({"owner": "x" * 121}, "Who sees to the next step must be 120 characters or fewer"),
        ({"proof_1": "x" * 301}, "Other evidence 1 must be 300 characters or fewer"),
    ],
)
def test_a_judgement_that_will_not_do_is_refused_in_words(client, officer, said, message):
    row = factories.assessment()
    typed = {"level": row.yardstick.levels.first().pk, "text": "What I typed."} | said
    if typed.pop("activity", False):
        typed["activities"] = [engagement.activity().pk]
    refused = client.post(address("judgement_edit", row.pk, 1), typed)
    assert refused.status_code == 422
    assert message in text_of(refused)
    assert ("What I typed." in text_of(refused)) == bool(typed["text"])
    assert not Judgement.objects.exists()


def test_the_form_begins_with_what_was_said_before(client, officer):
    row = factories.assessment()
    found = factories.judgement(row, gap="Money", next_step="Ask", owner="Head", due_on=datetime.date(2024, 9, 1))
    found.proofs.create(text="Paper 7", url="https://www.example.org/7")
    activity = engagement.activity(title="Meeting in Ware")
    found.activities.add(activity)
    engagement.activity(title="Much later", starts_on=datetime.date(2030, 1, 1), ends_on=datetime.date(2030, 1, 2))
    form = client.get(address("judgement_edit", row.pk, 1)).context["form"]
    assert (form["gap"].value(), form["proof_1"].value(), form["address_1"].value()) == (
        "Money",
        "Paper 7",
        "https://www.example.org/7",
    )
    assert form["activities"].value() == [activity.pk]
    assert list(form.fields["activities"].queryset) == [activity]


def test_activities_of_other_areas_stay_as_evidence_when_somebody_else_edits(client, signed_in):
    here, there = people.area("Harlow"), people.area("Watford")
    mine, other = engagement.activity(title="In Harlow"), engagement.activity(title="In Watford")
    mine.areas.add(here)
    other.areas.add(there)
    row = factories.assessment()
    found = factories.judgement(row)
    found.activities.add(other)
    signed_in("officer", area=here)
    page = text_of(client.get(address("judgement_edit", row.pk, 1)))
    assert ("In Harlow" in page, "In Watford" in page) == (True, False)
    said = {"level": found.level_id, "text": "Better.", "activities": [mine.pk]}
    assert client.post(address("judgement_edit", row.pk, 1), said).status_code == 302
    assert set(found.activities.all()) == {mine, other}
    shown = text_of(client.get(address("assessment_detail", row.pk)))
    assert ("In Watford" in shown, "1 activity of other areas" in shown) == (False, True)


def test_an_evaluation_is_judged_from_three_sides_without_a_level(client, officer):
    row = factories.assessment(factories.evaluation())
    page = text_of(client.get(address("assessment_detail", row.pk)))
    assert page.count("Judge it") == 3
    edit = address("judgement_edit", row.pk, 1, "people")
    assert "level" not in client.get(edit).context["form"].fields
    assert client.post(edit, {"text": "We were heard."}).status_code == 302
    assert Judgement.objects.get().perspective == "people"
    assert "We were heard." in text_of(client.get(address("assessment_detail", row.pk)))
    assert "It has no levels" in text_of(client.get(address("yardstick_detail", row.yardstick_id)))


def test_what_does_not_exist_is_not_found(client, officer):
    row, other = factories.assessment(), factories.assessment(factories.evaluation())
    missing = [
        address("yardstick_detail", 0),
        address("assessment_add", 0),
        address("assessment_detail", 0),
        address("judgement_edit", row.pk, 9),
        address("judgement_edit", row.pk, 1, "people"),
        address("judgement_edit", other.pk, 1),
        address("judgement_edit", other.pk, 1, "nobody"),
    ]
    assert [client.get(each).status_code for each in missing] == [404] * len(missing)
    assert step(client, row, "explode").status_code == 404


def test_a_final_assessment_refuses_a_judgement_that_somebody_still_had_open(client, officer):
    row = factories.judged(factories.yardstick(), "good", "good")
    said = {"level": row.yardstick.levels.last().pk, "text": "Better."}
    refused = client.post(address("judgement_edit", row.pk, 1), said)
    assert refused.status_code == 422
    assert "This assessment is final" in text_of(refused)


def test_a_final_assessment_has_no_page_to_change_a_judgement(client, officer):
    row = factories.judged(factories.yardstick(), "good", "good")
    page = client.get(address("judgement_edit", row.pk, 1), follow=True)

    assert page.redirect_chain == [(address("assessment_detail", row.pk), 302)]
    assert "This assessment is final. Its judgements can only be read" in text_of(page)


def test_a_draft_begun_by_mistake_is_discarded_and_one_with_work_is_not(client, officer):
    row, other = factories.assessment(), factories.assessment()
    factories.judgement(other)
    assert "Discard it" in text_of(client.get(address("assessment_detail", row.pk)))
    assert "Discard it" not in text_of(client.get(address("assessment_detail", other.pk)))
    assert step(client, row, "discard")["Location"] == address("yardstick_detail", row.yardstick_id)
    assert step(client, other, "discard").status_code == 422
    assert list(Assessment.objects.all()) == [other]


# What the pages say ------------------------------------------------------------------------------


def test_a_yardstick_shows_its_years_as_a_picture_and_a_table_and_its_target_in_words(client, officer):
    of = factories.aiming(factories.yardstick())
    page = text_of(client.get(address("yardstick_detail", of.pk)))
    assert ("<svg xmlns" in page, "It was not used yet." in page) == (False, True)
    factories.judged(of, "good", "inadequate", code="2022-23")
    factories.judged(of, "good", "outstanding")
    factories.judged(of, "inadequate", "inadequate", assessor="nhse")
    page = text_of(client.get(address("yardstick_detail", of.pk)))
    assert page.count("<svg xmlns") == page.count("<table") == 2
    assert f"{of.name}: the body itself. Governance: 2022–23 good, 2023–24 good; " in page
    assert "rose from “inadequate” to “outstanding” since 2022–23" in page
    assert "<strong>2023–24:</strong> Target reached. At least “good”: 2, and 2 were aimed for." in page
    assert "<strong>2023–24:</strong> Target not reached. At least “good”: 0, and 2 were aimed for." in page


def test_levels_that_nobody_described_are_said_to_be_so_and_described_ones_are_shown(client, officer):
    of = factories.yardstick()
    row = factories.assessment(of)
    missing = "Nobody has described the levels yet."
    edit, detail = address("judgement_edit", row.pk, 1), address("yardstick_detail", of.pk)
    assert [missing in text_of(client.get(each)) for each in (edit, detail)] == [True, True]
    Descriptor.objects.create(dimension=of.dimensions.first(), level=of.levels.first(), text="Nobody is asked.")
    assert [missing in text_of(client.get(each)) for each in (edit, detail)] == [False, False]
    assert "inadequate: Nobody is asked." in text_of(client.get(edit))
    assert "Not described yet." in text_of(client.get(detail))


def test_the_list_shows_the_latest_result_of_each_and_what_is_not_final(client, officer):
    assert "There is no yardstick yet." in text_of(client.get(LIST))
    of = factories.aiming(factories.yardstick())
    assert "No final assessment yet." in text_of(client.get(LIST))
    factories.judged(of, "inadequate", "inadequate", code="2022-23")
    new = factories.judged(of, "good", "outstanding")
    factories.judged(of, "good", code="2024-25", final_at=None)
    page = text_of(client.get(LIST))
    assert f'<a href="{address("assessment_detail", new.pk)}">2023–24, judged by the body itself</a>' in page
    assert "outstanding in 1, good in 1. Target reached." in page
    assert ("2022–23" in page, "Drafts:" in page) == (False, True)


def queries(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_pages_ask_as_many_questions_for_many_rows_as_for_one(client, officer):
    of = factories.yardstick(dimensions=("A",))
    factories.judged(of, "good", code="1999-00")
    row = factories.judged(of, "good")
    row.judgements.get().activities.add(engagement.activity())
    urls = [LIST, address("yardstick_detail", of.pk), address("assessment_detail", row.pk)]
    client.get(LIST)
    before = [queries(client, url) for url in urls]
    counts = {1: before}
    for target in (10, 100):
        for number in range(of.dimensions.count() + 1, target + 1):
            of.dimensions.create(number=number, name=f"Dimension {number}")
            factories.judgement(row, number).activities.add(engagement.activity())
            if number <= 10:
                factories.judged(factories.yardstick(), "good", "good")
                factories.judged(of, "good", code=f"{2000 + number}-{number + 1:02}")
        counts[target] = [queries(client, url) for url in urls]
    assert counts == {1: before, 10: before, 100: before}


# The demo ----------------------------------------------------------------------------------------


def test_the_demo_has_two_years_of_a_self_assessment_that_is_marked_as_made_up(demo, client, signed_in):
    lead = signed_in("lead")
    assert load_assessments(DEMO, by=lead) == 3
    of = Yardstick.objects.get(code="nhs-england-domains")
    assert [str(row.period) for row in of.assessments.order_by("period__starts_on")] == ["2022–23", "2023–24"]
    assert all(row.is_final for row in of.assessments.all())
    assert all(row.text.startswith("Made up for the demo. ") for row in Judgement.objects.all())
    newest = of.assessments.get(period__code="2023-24")
    page = text_of(client.get(address("assessment_detail", newest.pk)))
    assert "No evidence is named: Feedback and evaluation" in page
    assert page.count("Next step overdue: Practice") == 1
    assert page.count("Next step overdue:") == 1
