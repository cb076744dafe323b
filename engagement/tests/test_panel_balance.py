"""A panel beside the residents of its area: test, whom to look for, and what is never shown (INC-020, INC-021)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from engagement.documents.panel_balance import Balance, panel_balance
from engagement.tests.project_factories import benchmark
from forums.tests import factories
from people.models import EqualityOption, EqualityQuestion, PanelProfile
from people.services import needs
from people.tests import factories as people
from people.tests.reads import audited_reads

pytestmark = pytest.mark.django_db


@pytest.fixture
def harlow():
    return people.area("Harlow", level="district")


@pytest.fixture
def forum(harlow):
    return factories.forum("Citizens' panel", area=harlow)


def question(code, characteristic, area, residents, **benchmarks) -> EqualityQuestion:
    row = people.equality_question(code, (*benchmarks, "prefer-not-to-say"))
    EqualityQuestion.objects.filter(pk=row.pk).update(characteristic=characteristic)
    for option, category in benchmarks.items():
        EqualityOption.objects.filter(question=row, code=option).update(benchmark=category)
    for category, number in residents.items():
        benchmark(area, category, number, characteristic=characteristic)
    return row


@pytest.fixture
def age(harlow):
    numbers = {"0-15": 999, "16-24": 200, "25-64": 600, "65+": 200}
    return question("age", "age_band", harlow, numbers, teen="16-24", young="16-24", middle="25-64", old="65+")


@pytest.fixture
def caring(harlow):
    return question("caring", "care", harlow, {"No": 900, "Yes": 100}, none="No", some="Yes", much="Yes")


def told(**numbers) -> list[dict]:
    """Answers to one question: age_old=5 is five people who said so."""
    return [
        {name.partition("_")[0]: name.partition("_")[2]} for name, count in numbers.items() for _each in range(count)
    ]


def line(forum, answers, **options):
    (found,) = panel_balance(forum, answers, **options).lines
    return found


def wanted(rows) -> list[tuple]:
    return [(each.label, each.have, each.target, each.more) for each in rows]


# The test of the whole -----------------------------------------------------------------------------


def test_a_panel_that_differs_is_found_and_the_figures_are_those_of_pearson(forum, age):
    """50 of 16 to 24, 30 of 25 to 64 and 20 over 64, where 20, 60 and 20 are expected: 45 + 15 + 0."""
    summary = line(forum, told(age_young=50, age_middle=30, age_old=20)).summary

    assert (summary.balance, summary.statistic, summary.degrees, summary.p) == (Balance.DIFFERS, "60.0", 2, "< 0.001")


def test_a_panel_like_its_residents_shows_no_sign_of_a_difference(forum, age):
    summary = line(forum, told(age_young=20, age_middle=60, age_old=20)).summary
    assert (summary.balance, summary.statistic, summary.p) == (Balance.FITS, "0.0", "1.000")


@pytest.mark.parametrize(
    ("young", "middle", "old", "balance", "statistic"),
    [
        (4, 76, 20, Balance.DIFFERS, "12.2 to 21.8"),
        (4, 26, 10, Balance.UNKNOWN, "0.7 to 6.7"),
    ],
)
def test_a_hidden_count_makes_a_range_and_both_ends_have_to_agree(forum, age, young, middle, old, balance, statistic):
    found = {
        line(forum, told(age_young=small, age_middle=middle + young - small, age_old=old)).summary
        for small in (young, young - 1)
    }
    (summary,) = found
    assert (summary.balance, summary.statistic) == (balance, statistic)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"age_young": 10, "age_middle": 10}, "There are no figures to compare."),
        ({"caring_none": 30, "caring_some": 10}, "Too few people: some groups are too small for the test."),
    ],
)
def test_where_there_are_too_few_nobody_tests(forum, age, caring, answers, why):
    summary = line(forum, told(**answers)).summary
    assert (summary.balance, summary.why_not) == (Balance.UNKNOWN, why)


def test_without_residents_or_with_one_group_nobody_tests(forum, harlow, age):
    question("faith", "faith", harlow, {"Any": 10, "None": 0}, any="Any", none="None")
    found = panel_balance(forum, told(faith_any=40, faith_none=30))
    assert found.lines[0].summary.why_not == "There is only one group to compare."
    elsewhere = factories.forum("Watford", area=people.area("Watford"))
    assert line(elsewhere, told(age_young=40, age_old=40)).summary.why_not == "There are no figures to compare."


# Whom to look for ----------------------------------------------------------------------------------


def test_how_many_more_of_each_until_the_panel_is_balanced(forum, age):
    answers = told(age_young=3, age_middle=52, age_old=43)

    now = line(forum, answers)
    assert (now.size, wanted(now.wanted)) == (
        100,
        [("16-24", "*", "20", "13 to 19"), ("Middle", "50", "60", "10"), ("Old", "45", "20", "0")],
    )
    larger = line(forum, answers, size=300)
    assert [each.more for each in larger.wanted] == ["53 to 59", "130", "15"]


def test_answers_to_look_for_are_one_group_for_each_question(forum, age, caring):
    answers = told(age_young=10, age_teen=10, age_middle=60, age_old=20, caring_none=80, caring_some=10, caring_much=10)
    carers = list(caring.options.filter(code__in=("some", "much")))
    young = age.options.get(code="young")

    found = panel_balance(forum, answers, targets=[*carers, young], size=200).targets
    assert [(each.label, each.have, each.share, each.target, each.more) for each in found] == [
        ("Age: Young", "10", "not known", "", "cannot say: give the share that you want"),
        ("Caring: Some, Much", "20", "10.0%", "20", "0"),
    ]
    found = panel_balance(forum, answers, targets=[*carers, young], size=200, share=15).targets
    assert [(each.share, each.target, each.more) for each in found] == [("15.0%", "30", "20"), ("15.0%", "30", "10")]


def test_chosen_answers_tell_no_more_than_each_of_them_alone(forum, age):
    """Else whoever asks for many sums, each rounded, could work out the counts."""
    for young, teen in ((4, 7), (1, 3)):
        answers = told(age_young=young, age_teen=teen, age_middle=60, age_old=30)
        (target,) = panel_balance(forum, answers, targets=age.options.filter(code__in=("young", "teen"))).targets
        assert (target.have, target.share) == ("2 to 14", "20.0%")


def test_a_target_of_a_panel_too_small_is_not_shown(forum, age):
    (target,) = panel_balance(forum, told(age_young=12), targets=age.options.filter(code="young")).targets
    assert (target.have, target.more) == ("not shown", "cannot say")
    (target,) = panel_balance(forum, [], targets=age.options.filter(code="young")).targets
    assert (target.have, target.more) == ("not shown", "cannot say")


# The page ------------------------------------------------------------------------------------------


def seat(forum, number: int, **answers):
    """Members with a panel profile each."""
    wording, role = people.wording("panel_profile"), factories.seat_role()
    for _each in range(number):
        person = people.person()
        consent = person.consents.create(purpose=wording.purpose, wording=wording, how="paper")
        PanelProfile.objects.create(person=person, consent=consent, answers=answers)
        forum.memberships.create(person=person, role=role, started_on=timezone.localdate())


@pytest.fixture
def panel(forum, age):
    seat(forum, 41, age="middle")
    seat(forum, 4, age="young")
    seat(forum, 23, age="old")
    factories.membership(forum, people.person("Told us nothing"))
    factories.membership(forum, people.person("Watches"), is_observer=True)
    return forum


def page_of(forum) -> str:
    return f"/record/panels/{forum.pk}/"


def test_the_page_shows_the_balance_and_every_reading_is_audited(client, panel, age):
    lead = people.user("lead")
    client.force_login(lead)
    with audited_reads() as reads:
        text = client.get(page_of(panel), {"size": 200, "group": age.options.get(code="old").pk}).content.decode()

    assert "69 members have a seat." in text
    assert "About 70 people, beside the residents" in text
    assert "Whom to look for, in a panel of 200" in text
    assert "Age: Old" in text
    for exact in (">41<", ">23<", ">4<", ">68<", "Told us nothing</"):
        assert exact not in text
    assert reads.tables == {PanelProfile._meta.db_table}
    assert reads.verbs() == ["read panel profile"] * 69
    assert set(AuditEvent.objects.values_list("actor_id", flat=True)) == {lead.pk}


def test_a_small_panel_shows_no_figure(client, forum, age):
    seat(forum, 29, age="middle")
    client.force_login(people.user("lead"))
    text = client.get(page_of(forum)).content.decode()
    assert "Not shown: fewer than 30 people." in text
    assert "<table" not in text


def test_a_panel_that_told_nothing_and_an_unknown_filter(client, forum, age):
    client.force_login(people.user("lead"))
    text = client.get(page_of(forum), {"size": "many"}).content.decode()
    assert "No member has told us about themselves yet." in text
    assert "We did not know one of the answers" in text


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("lead", 200),
        ("officer", 200),
        ("administrator", 403),
        ("project_lead", 403),
        ("secretary", 403),
        ("member", 403),
    ],
)
def test_only_those_who_may_read_needs_read_the_panel(client, forum, role, status):
    assert client.get(page_of(forum))["Location"].startswith("/accounts/login/")
    client.force_login(people.user(role))
    assert client.get(page_of(forum)).status_code == status
    assert client.post(page_of(forum)).status_code == (405 if status == 200 else 403)


def test_a_forum_of_another_area_and_a_committee_are_not_found(client, panel):
    client.force_login(people.user("officer", area=people.area("Watford")))
    with audited_reads() as reads:
        assert client.get(page_of(panel)).status_code == 404
    assert reads.tables == set()
    client.force_login(people.user("lead"))
    assert client.get(page_of(factories.committee())).status_code == 404


def test_the_queries_do_not_grow_with_the_members(client, forum, age):
    client.force_login(people.user("lead"))
    asked = []
    for number in (1, 10, 100):
        seat(forum, number, age="middle")
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(forum))
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]


def test_the_reader_names_nobody_and_reads_nothing_of_nobody():
    seat(factories.forum(), 2, sex="female")
    persons = list(PanelProfile.objects.select_related("person"))
    by = people.user("lead")

    found = needs.panel_answers([persons[0].person], by=by, purpose="to balance a panel")
    assert found == [{"sex": "female"}]
    assert needs.panel_answers([], by=by, purpose="to balance a panel") == []
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject_id, event.detail) == (
        "read panel profile",
        str(persons[0].person_id),
        {"purpose": "to balance a panel"},
    )
