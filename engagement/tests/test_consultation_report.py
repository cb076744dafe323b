"""The report of a consultation: its days, who was missing, what was done, who took part; safe, tagged, as of today."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.documents import consultation_report as documents
from engagement.models import Consultation, Project, ResponseCount
from engagement.services import participation as services
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from engagement.tests.test_outreach import begin, hear, sexes
from people.tests import factories as people
from reporting.tests.pdf_checks import problems_of
from reporting.tests.reading import words

pytestmark = pytest.mark.django_db
in_days = factories.in_days


@pytest.fixture
def harlow():
    return people.area("Harlow", level="district")


@pytest.fixture
def project():
    return factories.project(stage=Project.Stage.CONSULTATION)


@pytest.fixture
def activity(project, harlow):
    return engagement.activity("A-1", areas=[harlow], project=project)


@pytest.fixture
def consultation(project, activity) -> Consultation:
    """Of four weeks and a day, over since yesterday."""
    return factories.consultation(project, opens=-29, days=28, activity=activity)


@pytest.fixture
def survey(activity):
    return factories.survey(activity=activity, opens_on=in_days(-40))


def arrived(survey, *days: int) -> None:
    for day in days:
        noon = datetime.datetime.combine(in_days(day), datetime.time(12))
        factories.survey_response(survey, sent_at=timezone.make_aware(noon))


def report(consultation) -> documents.ConsultationReport:
    return documents.consultation_report(consultation)


def page(consultation, label: str = "consultation") -> str:
    return words(documents.report_page(report(consultation), label))


def url(project) -> str:
    return reverse("engagement:consultation_report", args=[project.pk])


# How responses came in ---------------------------------------------------------------------------


def test_each_response_stands_in_the_week_in_which_it_came(consultation, survey):
    arrived(survey, -29, -23, -22, -1)

    weeks = report(consultation).timeline.weeks
    assert [(week.first, week.last) for week in weeks] == [
        (in_days(-29), in_days(-23)),
        (in_days(-22), in_days(-16)),
        (in_days(-15), in_days(-9)),
        (in_days(-8), in_days(-2)),
        (in_days(-1), in_days(-1)),
    ]
    assert [(week.received, week.so_far) for week in weeks] == [(2, 2), (1, 3), (0, 3), (0, 3), (1, 4)]


def test_what_came_outside_the_days_or_without_one_is_told_apart_and_nothing_is_lost(consultation, survey, activity):
    arrived(survey, -30, -29, 0, 0)
    ResponseCount.objects.create(activity=activity, route="letter", received=12, read=5)

    found = report(consultation)
    assert (found.timeline.before, found.timeline.after, found.timeline.without_day) == (1, 2, 12)
    assert sum(week.received for week in found.timeline.weeks) == 1
    assert found.share.received == 1 + 2 + 12 + 1
    said = page(consultation)
    for sentence in (
        "1 came before the first day.",
        "2 came after the last day.",
        "12 were counted elsewhere: on which days they came is not recorded.",
        "5 of 16 responses read",
    ):
        assert sentence in said


def test_answers_that_nobody_has_sent_are_not_counted(consultation, survey):
    factories.survey_response(survey, is_sent=False)
    assert report(consultation).share.received == 0


def test_an_extension_is_part_of_it_and_says_why(consultation, survey):
    Consultation.objects.update(extended_to=in_days(5), extended_because="The Easy Read version came late.")
    consultation.refresh_from_db()
    arrived(survey, 0)

    found = report(consultation)
    assert (found.is_over, found.timeline.after, found.timeline.weeks[-1].last) == (False, 0, in_days(0))
    assert "The Easy Read version came late." in page(consultation)


def test_one_that_goes_on_says_how_far_it_is(project, activity):
    consultation = factories.consultation(project, opens=-3, activity=activity)
    said = page(consultation)
    assert "Not over yet." in said
    assert "Who has taken part so far" in said


def test_one_without_days_or_an_activity_says_so(project):
    consultation = factories.consultation(project, opens_on=None, closes_on=None, midpoint_on=None)
    said = page(consultation)
    assert "First and last day: not recorded" in said
    assert "Which activity holds the numbers is not chosen" in said


def test_without_a_survey_here_nobody_says_that_nothing_came(consultation, activity):
    ResponseCount.objects.create(activity=activity, route="letter", received=12)
    assert report(consultation).timeline.weeks == ()
    assert "No survey was held here, so on which days responses came is not recorded." in page(consultation)


def test_one_that_is_to_come_has_no_weeks(project, activity, survey):
    consultation = factories.consultation(project, opens=4, activity=activity)
    assert report(consultation).timeline.weeks == ()
    assert "The first day is still to come." in page(consultation)


# Who was missing, and what was done --------------------------------------------------------------


def test_who_was_missing_what_was_done_and_who_took_part_in_the_end(consultation, activity, harlow):
    sex, lead = sexes(harlow), people.user("engagement lead")
    hear(activity, sex, female=80, male=20)
    action = begin(activity, sex.options.get(code="male"), lead)
    hear(activity, sex, source="barbers", male=60)
    services.finish_outreach(action, by=lead, done_on=in_days(0), result="Sixty men spoke with us.")

    said = page(consultation)
    for sentence in (
        "No group is under-represented as far as anybody can say.",
        "A stall at the barber’s.",
        "Sixty men spoke with us.",
        "When it began: 20%",
        "The gap: closed",
        "Who took part in the end",
        "About 160 people, beside the residents",
        "Counted from: sheet; barbers.",
    ):
        assert sentence in said, sentence


def test_where_nobody_was_counted_nobody_is_said_to_be_there(consultation):
    said = page(consultation)
    assert "Nobody’s answers are counted yet, so nobody can say." in said
    assert "No group is under-represented" not in said


def test_a_group_that_is_missing_is_named_with_both_shares(consultation, activity, harlow):
    hear(activity, sexes(harlow), female=80, male=20)
    assert "20% of those who took part, 50.0% of residents." in page(consultation)


def test_a_small_count_is_never_printed(consultation, activity, harlow):
    hear(activity, sexes(harlow), female=97, male=3)
    said = page(consultation)
    assert " 3 " not in said
    assert " 97 " not in said
    assert "male *" in said.casefold()


# The file ----------------------------------------------------------------------------------------


def test_the_report_can_be_read_by_a_screen_reader(client, project, consultation, survey, activity, harlow):
    people.body()
    arrived(survey, -20, -5)
    sex = sexes(harlow)
    hear(activity, sex, female=80, male=20)
    begin(activity, sex.options.get(code="male"), people.user("engagement lead"))
    consultation.documents.create(title="The proposal", ready_on=in_days(-60))
    client.force_login(people.user("officer"))
    link = reverse("engagement:consultation_detail", args=[project.pk])
    assert url(project) in client.get(link).content.decode()

    answer = client.get(url(project))
    assert answer["Content-Type"] == "application/pdf"
    assert problems_of(answer.content, language="en-gb") == []


def test_without_a_consultation_there_is_no_report(client, project):
    client.force_login(people.user("officer"))
    assert client.get(url(project)).status_code == 404


def test_the_page_is_shown_where_no_pdf_can_be_made(client, project, consultation, without_pango):
    client.force_login(people.user("officer"))
    answer = client.get(url(project), follow=True)
    assert "We cannot make the PDF at the moment" in answer.content.decode()


def test_it_is_called_what_the_body_calls_it(consultation):
    assert "Report of the public involvement" in page(consultation, "public involvement")


def test_more_responses_ask_no_more_of_the_database(consultation, survey):
    arrived(survey, -20)
    with CaptureQueriesContext(connection) as few:
        report(consultation)
    arrived(survey, *range(-25, -5))
    with CaptureQueriesContext(connection) as many:
        report(consultation)
    assert len(many) == len(few)
