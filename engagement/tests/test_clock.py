"""The Gunning clock: days, formats, holidays and shares, in honest words and with a suggestion."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagement.documents import clock
from engagement.models import Activity, Rating, ResponseCount, SchoolHoliday
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
in_days = factories.in_days


def day(month, number, year=2027):
    return datetime.date(year, month, number)


def activity(project, **fields):
    values = {"project": project, "starts_on": in_days(-20), "ends_on": in_days(-19), "state": Activity.State.CLOSED}
    return engagement.activity(**values | fields)


def responses(project, route="paper", received=10, read=0, read_by=None, **fields):
    row = activity(project, **fields)
    return ResponseCount.objects.create(activity=row, route=route, received=received, read=read, read_by=read_by)


def reading(project, measure):
    return clock.measures(project)[measure]


def document(consultation, *, title="Proposal", file_format="standard", language="English", ready=-1):
    ready_on = None if ready is None else in_days(ready)
    return consultation.documents.create(title=title, file_format=file_format, language=language, ready_on=ready_on)


# Read --------------------------------------------------------------------------------------------


def test_a_share_without_any_record_is_not_recorded_and_not_nothing():
    project = factories.project()
    activity(project)
    assert clock.read_share(project) == clock.Share(read=0, received=None)
    assert reading(project, "read") == clock.Reading(("Responses: not recorded",))


def test_a_survey_that_nobody_answered_has_no_response_yet():
    project = factories.project()
    factories.survey(activity=activity(project))
    assert clock.read_share(project) == clock.Share(read=0, received=0)
    assert reading(project, "read") == clock.Reading(("No response was received",))


def test_typed_and_counted_responses_make_one_share_by_route_with_who_read():
    project, reader = factories.project(), people.user("officer", name="Rita Reader")
    responses(project, received=10, read=4, read_by=reader)
    responses(project, received=5, read=0)
    survey = factories.survey(activity=activity(project))
    factories.survey_response(survey, read_at=timezone.now(), read_by=reader)
    factories.survey_response(survey)
    factories.survey_response(survey, is_sent=False)
    elsewhere = factories.project()
    responses(elsewhere, received=1000, read=1000)
    assert clock.read_by_route(project) == [
        clock.RouteRead("paper form", 15, 4, ("Rita Reader",)),
        clock.RouteRead("on the page", 2, 1, ("Rita Reader",)),
    ]
    assert clock.read_share(project) == clock.Share(read=5, received=17)
    assert reading(project, "read") == clock.Reading(("5 of 17 responses read",), Rating.AMBER)


@pytest.mark.parametrize(("read", "suggestion"), [(0, "red"), (9, "amber"), (10, "green")])
def test_only_all_responses_suggest_green(read, suggestion):
    project = factories.project()
    responses(project, received=10, read=read, read_by=people.user("officer"))
    assert reading(project, "read").suggestion == suggestion


def test_reading_without_a_name_is_said():
    project = factories.project()
    responses(project, received=10, read=10)
    assert reading(project, "read").words[1] == "Who read them is not recorded for: paper form"


# Earliness ---------------------------------------------------------------------------------------


def test_involvement_that_began_before_the_options_were_fixed_is_early():
    project = factories.project(options_fixed_on=in_days(10), decision_due_on=in_days(100))
    activity(project, starts_on=in_days(-20))
    found = reading(project, "earliness")
    assert found.suggestion == "green"
    assert found.words[-1] == "From the first involvement to the decision: 120 days"


def test_involvement_after_the_options_were_fixed_is_red():
    project = factories.project(options_fixed_on=in_days(-30), decision_due_on=in_days(100))
    activity(project, starts_on=in_days(-20))
    assert reading(project, "earliness").suggestion == "red"


def test_involvement_after_the_decision_is_red():
    project = factories.project(decision_due_on=in_days(-21))
    activity(project, starts_on=in_days(-20))
    assert reading(project, "earliness").suggestion == "red"


def test_options_without_a_day_leave_a_doubt():
    project = factories.project(decision_due_on=in_days(100))
    activity(project)
    found = reading(project, "earliness")
    assert found.suggestion == "amber"
    assert found.words[1] == "Options are fixed from: not recorded"


def test_giving_information_is_not_involvement():
    project = factories.project(options_fixed_on=in_days(10))
    activity(project, nature=Activity.Nature.INFORMATION)
    found = reading(project, "earliness")
    assert (found.words[0], found.suggestion) == ("First involvement: not recorded", "")


# Information -------------------------------------------------------------------------------------


def test_no_record_of_a_consultation_suggests_nothing():
    assert reading(factories.project(), "information").suggestion == ""


def test_a_consultation_without_documents_is_red():
    project = factories.project()
    factories.consultation(project)
    assert reading(project, "information") == clock.Reading(("No document is recorded",), Rating.RED)


def test_the_standard_format_alone_is_amber_and_says_what_is_missing():
    project = factories.project()
    consultation = factories.consultation(project)
    document(consultation)
    document(consultation, file_format="easy_read", ready=None)
    found = reading(project, "information")
    assert found.suggestion == "amber"
    assert found.words == (
        "Proposal: ready before the first day: standard, English. Missing: another format or language",
    )


def test_another_format_without_the_standard_one_is_red():
    project = factories.project()
    document(factories.consultation(project), file_format="easy_read")
    found = reading(project, "information")
    assert found.suggestion == "red"
    assert found.words[0].endswith("Missing: the standard format in English")


@pytest.mark.parametrize("other", [{"file_format": "easy_read"}, {"language": "Polish"}])
def test_the_standard_format_and_another_one_or_another_language_are_green(other):
    project = factories.project()
    consultation = factories.consultation(project)
    document(consultation)
    document(consultation, **other)
    assert reading(project, "information").suggestion == "green"


def test_what_is_ready_on_the_first_day_was_not_ready_before_it():
    project = factories.project()
    consultation = factories.consultation(project, opens=-5)
    late, early = document(consultation, ready=-5), document(consultation, title="Leaflet", ready=-6)
    assert [clock.is_ready(consultation, each) for each in (late, early)] == [False, True]


def test_one_document_with_a_gap_is_enough_for_amber():
    project = factories.project()
    consultation = factories.consultation(project)
    document(consultation)
    document(consultation, file_format="easy_read")
    document(consultation, title="Leaflet")
    assert reading(project, "information").suggestion == "amber"


# Time --------------------------------------------------------------------------------------------


def consult(project, first, last, **fields):
    return factories.consultation(project, opens_on=first, closes_on=last, midpoint_on=None, **fields)


def test_the_length_counts_both_end_days_weekdays_and_holidays_once():
    area = people.area("Harlow")
    project = factories.project(areas=[area])
    for name, first, last in (("Easter", day(3, 26), day(4, 9)), ("Strike", day(4, 9), day(4, 10))):
        SchoolHoliday.objects.create(name=name, starts_on=first, ends_on=last, area=area)
    found = clock.length(consult(project, day(3, 1), day(4, 30)))
    assert (found.days, found.weekdays) == (61, 45)
    assert [each.name for each in found.bank] == ["Good Friday", "Easter Monday"]
    assert (found.bank_days, found.school_days) == (2, 16)
    assert (found.days_without_holidays, found.weekdays_without_holidays) == (45, 34)


@pytest.mark.parametrize(("last", "suggestion"), [(day(4, 24), "red"), (day(4, 25), "amber"), (day(4, 27), "green")])
def test_a_consultation_is_held_against_the_shortest_one_with_and_without_holidays(last, suggestion):
    factories.policy(least_days=56)
    project = factories.project()
    consult(project, day(3, 1), last)
    assert reading(project, "time").suggestion == suggestion


def test_what_holidays_leave_is_said():
    factories.policy(least_days=56)
    project = factories.project()
    consult(project, day(3, 1), day(4, 26))
    assert reading(project, "time").words == (
        "From 1 March 2027 to 26 April 2027: 57 days",
        "Weekdays: 41, 39 of them outside holidays",
        "Bank holidays: Good Friday (26 March 2027); Easter Monday (29 March 2027)",
        "School holidays: none",
        "Without holidays 55 days are left of the 56 days asked for",
    )


def test_an_extension_counts():
    project = factories.project()
    row = consult(project, day(3, 1), day(3, 20), extended_to=day(5, 30), extended_because="Late braille.")
    found = clock.length(row)
    assert (found.last, found.is_extended, found.is_too_short) == (day(5, 30), True, False)


def test_days_that_are_not_set_are_not_recorded():
    project = factories.project()
    factories.consultation(project, opens_on=None, closes_on=None, midpoint_on=None)
    assert reading(project, "time") == clock.Reading(("First and last day: not recorded",))
    assert reading(factories.project(), "time") == clock.Reading(("First and last day: not recorded",))


# Together ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "than", "is_better"),
    [
        ("green", "amber", True),
        ("amber", "red", True),
        ("green", "green", False),
        ("red", "green", False),
        ("green", "", False),
        ("", "red", False),
    ],
)
def test_whether_a_person_rates_better_than_the_figure(rating, than, is_better):
    assert clock.is_better(rating, than) is is_better


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_number_of_queries_does_not_grow_with_rows(number):
    project = factories.project(areas=[people.area()])
    consultation = factories.consultation(project)
    reader = people.user("officer")
    for each in range(number):
        survey = factories.survey(f"survey-{each}", activity=responses(project, read=1, read_by=reader).activity)
        factories.survey_response(survey)
        document(consultation, title=f"Document {each}")
    with CaptureQueriesContext(connection) as queries:
        clock.measures(project)
    assert len(queries) == 10
