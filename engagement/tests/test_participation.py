"""The page “Who took part”, and totals typed in from a meeting or a sheet (ENG-023, ENG-025)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Participation
from engagement.services import participation as services
from engagement.tests import factories
from engagement.tests.project_factories import benchmark, participation, project, survey
from people.models import EqualityOption, EqualityQuestion
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def harlow():
    return people.area("Harlow", level="district")


@pytest.fixture
def sex(harlow):
    """A question whose categories of residents are known in Harlow: as many men as women."""
    question = people.equality_question("sex")
    EqualityQuestion.objects.update(characteristic="sex")
    for code in ("female", "male"):
        EqualityOption.objects.filter(code=code).update(benchmark=code)
        benchmark(harlow, code, 500, source="Census 2021")
    return EqualityQuestion.objects.get(pk=question.pk)


@pytest.fixture
def activity(harlow, sex):
    row = factories.activity("A-1", areas=[harlow], title="The clinic")
    for code, number in {"female": 83, "male": 17, "prefer-not-to-say": 3}.items():
        participation(row, sex.options.get(code=code), number)
    return row


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def page_of(activity) -> str:
    return f"/record/who-took-part/{activity.pk}/"


def form(**answers) -> dict:
    day = answers.pop("on", TODAY())
    words = {"on_0": day.day, "on_1": day.month, "on_2": day.year, "source": "Sign-in sheet, Harlow library"}
    return words | {f"people-{code.replace('_', '-')}": number for code, number in answers.items()}


# The page ------------------------------------------------------------------------------------------


def test_the_page_shows_gaps_first_and_no_exact_count(client, officer, activity):
    page = client.get(page_of(activity))
    text = page.content.decode()

    assert page.status_code == 200
    gap, table = text.index("Sex Male: 15% of those who took part, 50.0% of residents."), text.index("<table")
    assert gap < table
    for shown in ("About 100 people, beside the residents", "85%", "Prefer not to say: *", "Census 2021"):
        assert shown in text
    for exact in (">83<", ">17<", ">103<", "say: 3"):
        assert exact not in text
    assert not AuditEvent.objects.exists()


def test_without_any_answers_the_page_says_so(client, officer, harlow, sex):
    text = client.get(page_of(factories.activity(areas=[harlow]))).content.decode()

    assert "Nobody’s answers are counted yet." in text
    assert "Not recorded" in text
    assert "<table" not in text


def test_a_base_too_small_shows_no_figure(client, officer, harlow, sex):
    row = factories.activity(areas=[harlow])
    participation(row, sex.options.get(code="female"), 12)
    participation(row, sex.options.get(code="male"), 14)
    text = client.get(page_of(row)).content.decode()

    assert "Not shown: fewer than 30 people." in text
    assert "<table" not in text


def test_the_change_over_time_is_a_table_and_a_picture(client, officer, activity, sex):
    for weeks, number in ((2, 30), (4, 50)):
        on = TODAY() - datetime.timedelta(weeks=weeks)
        participation(activity, sex.options.get(code="female"), number, on=on)
        participation(activity, sex.options.get(code="male"), 20, on=on)
    text = client.get(page_of(activity)).content.decode()

    assert "How it changed" in text
    assert "Male, per cent of those who took part; residents: 50.0%." in text


def test_the_queries_of_the_page_do_not_grow_with_what_is_counted(client, officer, activity, sex):
    asked = []
    for rows in (1, 10, 100):
        for number in range(rows):
            participation(activity, sex.options.get(code="male"), 9, source=f"sheet {rows} {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(activity))
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("administrator", 200), ("project_lead", 200), ("secretary", 403), ("member", 403), ("", 403)],
)
def test_who_reads_the_page(client, activity, role, status):
    assert client.get(page_of(activity))["Location"].startswith("/accounts/login/")
    client.force_login(people.user(role))
    assert client.get(page_of(activity)).status_code == status


def test_an_activity_of_another_area_is_not_found(client, activity, sex):
    client.force_login(people.user("officer", area=people.area("Watford")))
    addresses = (page_of(activity), f"{page_of(activity)}sex/", f"/record/outreach/for/{activity.pk}/")
    assert [client.get(address).status_code for address in addresses] == [404] * 3


# Numbers typed in ----------------------------------------------------------------------------------


def test_totals_of_a_meeting_are_kept_and_the_audit_says_that_not_which(client, officer, harlow, sex):
    row = factories.activity(areas=[harlow])
    address = f"{page_of(row)}sex/"
    assert "Sex" in client.get(address).content.decode()
    for _twice in range(2):
        assert client.post(address, form(female=12, male=0)).headers["Location"] == page_of(row)

    kept = Participation.objects.values_list("option__code", "number", "on", "source")
    source = "Sign-in sheet, Harlow library"
    assert sorted(kept) == [("female", 12, TODAY(), source), ("male", 0, TODAY(), source)]
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id) == ("recorded who took part", officer.pk)
    assert event.detail == {"question": "sex", "on": TODAY().isoformat(), "source": source}


def test_the_same_day_and_source_again_correct_what_was_there(officer, activity, sex):
    on = TODAY()
    for numbers in ({"female": 12, "male": 3}, {"female": 13}):
        services.record_totals(activity, sex, numbers, by=officer, on=on, source="sheet of Harlow")
    assert list(Participation.objects.filter(source="sheet of Harlow").values_list("number", flat=True)) == [13]
    assert Participation.objects.filter(source="sheet").count() == 3


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Enter at least one number of people"),
        ({"female": -1}, "Female must be 0 or more"),
        ({"female": "a few"}, "Female must be a whole number, like 15"),
        ({"female": 1, "on": datetime.date(2999, 1, 1)}, "The day must not be in the future"),
    ],
)
def test_wrong_numbers_are_refused_and_what_was_typed_stays(client, officer, activity, answers, words):
    page = client.post(f"{page_of(activity)}sex/", form(**answers))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Sign-in sheet, Harlow library" in page.content.decode()
    assert Participation.objects.count() == 3


@pytest.mark.parametrize("source", ["survey: clinic", "Survey:  CLINIC"])
def test_the_count_of_a_survey_is_not_overwritten_by_hand(client, officer, activity, source):
    survey("clinic", activity=activity, title="Moving the clinic")
    page = client.post(f"{page_of(activity)}sex/", form(female=1) | {"source": source})

    assert page.status_code == 422
    assert "That survey counts its own answers" in page.content.decode()


def test_a_locked_period_takes_numbers_only_with_a_reason(officer, activity, sex):
    factories.locked_period("2023-24")
    given = {"by": officer, "on": datetime.date(2023, 6, 1), "source": "sheet of Harlow"}
    with pytest.raises(ValidationError, match="is locked"):
        services.record_totals(activity, sex, {"female": 1}, **given)
    activity.late_reason = "The sheet came late."
    activity.save()
    services.record_totals(activity, sex, {"female": 1}, **given)
    assert Participation.objects.filter(source="sheet of Harlow").count() == 1


def test_an_answer_of_another_question_and_no_source_are_refused(officer, activity, sex):
    for numbers, source, words in (
        ({"purple": 1}, "x", "There is no such answer: purple"),
        ({"male": 1}, " ", "Say from"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.record_totals(activity, sex, numbers, by=officer, on=TODAY(), source=source)


def test_the_database_keeps_one_number_for_a_day_and_a_source(activity, sex):
    with pytest.raises(IntegrityError), transaction.atomic():
        participation(activity, sex.options.get(code="female"), 1)


def test_a_project_lead_types_in_numbers_of_their_own_project_alone(client, harlow, sex):
    lead = people.user("project_lead")
    client.force_login(lead)
    theirs = factories.activity(areas=[harlow], project=project(lead=lead))
    others = [factories.activity(areas=[harlow], project=project()), factories.activity(areas=[harlow])]

    assert client.get(f"{page_of(theirs)}sex/").status_code == 200
    assert client.post(f"{page_of(theirs)}sex/", form(female=1)).status_code == 302
    for row in others:
        assert client.post(f"{page_of(row)}sex/", form(female=1)).status_code == 403
        assert "Type in numbers" not in client.get(page_of(row)).content.decode()
    assert client.get(f"{page_of(theirs)}age/").status_code == 404


# A period ------------------------------------------------------------------------------------------


def test_a_period_lists_the_groups_without_contact(client, officer, activity, sex):
    factories.period("2023-24")
    people.population_group("asylum seekers")
    activity.groups.add(people.population_group("carers"))
    Participation.objects.update(on=datetime.date(2023, 6, 1))
    text = client.get("/record/participation/").content.decode()

    assert "asylum seekers: no contact is recorded, ever" in text
    assert text.index("asylum seekers") < text.index("carers") < text.index("About 100 people")
    assert ">83<" not in text


def test_the_queries_of_a_period_do_not_grow_with_its_activities(client, officer, sex):
    factories.period("2023-24")
    asked = []
    for rows in (1, 10, 100):
        for _number in range(rows):
            row = factories.activity(groups=[people.population_group()])
            participation(row, sex.options.get(code="male"), 9, on=datetime.date(2023, 6, 1))
        with CaptureQueriesContext(connection) as queries:
            client.get("/record/participation/")
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]


def test_the_period_shown_first_is_the_one_that_goes_on_now(client, officer):
    first = TODAY().replace(day=1)
    day = datetime.timedelta(days=1)
    factories.period("before", starts_on=first - 90 * day, ends_on=first - day)
    now = factories.period("now", starts_on=first, ends_on=first + 60 * day)
    factories.period("later", starts_on=first + 61 * day, ends_on=first + 90 * day)
    page = client.get("/record/participation/")
    assert page.context["found"].period == now
    assert "later" not in page.content.decode()


def test_without_a_period_and_with_one_that_is_unknown_the_page_says_so(client, officer):
    assert "There is no period yet." in client.get("/record/participation/").content.decode()
    factories.period("2023-24")
    assert "We did not know the period" in client.get("/record/participation/?period=99").content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("project_lead", 200), ("secretary", 403), ("member", 403)]
)
def test_who_reads_the_page_of_a_period(client, role, status):
    assert client.get("/record/participation/")["Location"].startswith("/accounts/login/")
    client.force_login(people.user(role))
    assert client.get("/record/participation/").status_code == status
    assert client.post("/record/participation/").status_code == (405 if status == 200 else 403)
