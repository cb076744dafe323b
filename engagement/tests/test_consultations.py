"""The record of a consultation: what is fixed once people are asked, documents, the gate, and when it is formal."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Consultation, ConsultationDocument, Policy, Project, ResponseCount
from engagement.services import consultations as services
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Stage = Project.Stage
in_days = factories.in_days
PROPOSAL = {"proposal": "To move the clinic to one site."}


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def project():
    return factories.project(stage=Stage.OPTIONS)


@pytest.fixture
def open_one():
    """A consultation that has been open for 40 days and goes on for 30."""
    return factories.consultation(factories.project(stage=Stage.CONSULTATION), opens=-40)


def refused(error) -> str:
    return " ".join(error.value.messages)


def words(project, to):
    return [each.words for each in services.gate(project, to)]


def firm(project, to):
    return [each.words for each in services.gate(project, to) if not each.can_be_overridden]


# The record --------------------------------------------------------------------------------------


def test_a_record_is_made_once_and_the_same_again_changes_nothing(project, officer):
    for _each in range(2):
        row = services.save_consultation(project, by=officer, **PROPOSAL, opens_on=in_days(5), closes_on=in_days(80))
    assert (Consultation.objects.get(), row.proposal) == (row, PROPOSAL["proposal"])
    assert AuditEvent.objects.filter(verb="changed").count() == 1


def test_nobody_writes_for_a_project_that_is_not_theirs_or_has_ended(project, officer):
    with pytest.raises(PermissionDenied):
        services.save_consultation(project, by=people.user("project_lead"), **PROPOSAL)
    Project.objects.update(stopped_on=in_days(0), stopped_because="No money.")
    with pytest.raises(ValidationError) as error:
        services.save_consultation(project, by=officer, **PROPOSAL)
    assert error.value.code == "ended"


def test_the_activity_belongs_to_the_project(project, officer):
    with pytest.raises(ValidationError) as error:
        services.save_consultation(project, by=officer, **PROPOSAL, activity=engagement.activity())
    assert refused(error) == "Choose an activity of this project"
    mine = engagement.activity(project=project)
    assert services.save_consultation(project, by=officer, **PROPOSAL, activity=mine).activity == mine


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ({"opens_on": 5, "closes_on": 5}, "The last day must be after the first day"),
        ({"opens_on": 5, "closes_on": 9, "midpoint_on": 9}, "The half-time review lies between"),
        ({"midpoint_on": 9}, "Enter the first and the last day too"),
    ],
)
def test_the_days_go_together(project, officer, days, message):
    with pytest.raises(ValidationError) as error:
        services.save_consultation(
            project, by=officer, **PROPOSAL, **{name: in_days(number) for name, number in days.items()}
        )
    assert message in refused(error)


def test_the_database_itself_refuses_days_that_do_not_go_together(project):
    row = factories.consultation(project)
    for wrong in (
        {"closes_on": row.opens_on},
        {"midpoint_on": row.closes_on},
        {"extended_to": row.closes_on, "extended_because": "Snow."},
        {"extended_to": row.closes_on + datetime.timedelta(1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consultation.objects.update(**wrong)


@pytest.mark.parametrize("name", services.FIXED)
def test_what_people_were_told_stays_once_they_are_asked(open_one, officer, name):
    new = {"opens_on": in_days(5), "closes_on": in_days(50)}.get(name, "Something else")
    with pytest.raises(ValidationError) as error:
        services.save_consultation(open_one.project, by=officer, **{name: new})
    assert list(error.value.message_dict) == [name]
    same = getattr(open_one, name)
    assert services.save_consultation(open_one.project, by=officer, **{name: same}, reach_plan="Buses.").reach_plan
    Project.objects.update(stage=Stage.OPTIONS)
    Consultation.objects.update(opens_on=in_days(1), midpoint_on=None)
    assert getattr(services.save_consultation(open_one.project, by=officer, **{name: new}), name) == new


# More time, half-time, results -------------------------------------------------------------------


def test_people_get_more_time_while_they_can_respond(open_one, officer):
    row = services.extend(open_one, by=officer, extended_to=in_days(44), because="Braille came late.")
    assert (row.closes_on, row.last_day) == (in_days(30), in_days(44))
    services.extend(open_one, by=officer, extended_to=in_days(44), because="Again.")
    row = services.extend(open_one, by=officer, extended_to=in_days(50), because="Snow.")
    assert (row.last_day, row.extended_because) == (in_days(50), "Snow.")
    details = AuditEvent.objects.filter(verb="extended").order_by("pk").values_list("detail", flat=True)
    assert [each["because"] for each in details] == ["Braille came late.", "Snow."]


@pytest.mark.parametrize(
    ("days", "because", "message"),
    [(30, "Snow.", "Enter a day after"), (29, "Snow.", "Enter a day after"), (44, " ", "Say why people get more time")],
)
def test_an_extension_is_later_and_says_why(open_one, officer, days, because, message):
    with pytest.raises(ValidationError) as error:
        services.extend(open_one, by=officer, extended_to=in_days(days), because=because)
    assert message in refused(error)


@pytest.mark.parametrize(
    ("stage", "opens"), [(Stage.OPTIONS, 1), (Stage.CONSULTATION, 1), (Stage.CONSULTATION, -71), (Stage.ANALYSIS, -40)]
)
def test_only_one_that_is_open_is_extended(officer, stage, opens):
    row = factories.consultation(factories.project(stage=stage), opens=opens)
    with pytest.raises(ValidationError) as error:
        services.extend(row, by=officer, extended_to=in_days(200), because="Snow.")
    assert error.value.code == "not_open"


def test_the_half_time_review_is_recorded_from_its_day_on(open_one, officer):
    assert services.record_midpoint(open_one, by=officer, found="Few men.").midpoint_found == "Few men."
    Consultation.objects.update(midpoint_on=in_days(1))
    with pytest.raises(ValidationError) as error:
        services.record_midpoint(open_one, by=officer, found="Too soon.")
    assert error.value.code == "too_early"
    Project.objects.update(stage=Stage.ANALYSIS)
    with pytest.raises(ValidationError) as error:
        services.record_midpoint(open_one, by=officer, found="Too late.")
    assert error.value.code == "not_open"
    assert Consultation.objects.get().midpoint_found == "Few men."


def test_results_are_published_when_it_is_over(open_one, officer):
    with pytest.raises(ValidationError) as error:
        services.publish_results(open_one, by=officer, results_published_on=in_days(0))
    assert error.value.code == "not_over"
    Project.objects.update(stage=Stage.ANALYSIS)
    for wrong in (in_days(1), in_days(0)):
        with pytest.raises(ValidationError) as error:
            services.publish_results(open_one, by=officer, results_published_on=wrong)
        assert list(error.value.message_dict) == ["results_published_on"]
    Consultation.objects.update(closes_on=in_days(-1), midpoint_on=None)
    row = services.publish_results(
        open_one, by=officer, results_published_on=in_days(0), results_link="https://example.org/report"
    )
    assert (row.results_published_on, row.results_link) == (in_days(0), "https://example.org/report")


# Formal ------------------------------------------------------------------------------------------


def test_only_somebody_who_may_marks_it_as_formal(open_one, officer):
    with pytest.raises(PermissionDenied):
        services.mark_formal(open_one, by=officer)
    lead = people.user("lead")
    assert services.mark_formal(open_one, by=lead).is_formal
    assert services.mark_formal(open_one, by=lead).is_formal
    assert not services.mark_formal(open_one, by=lead, is_formal=False).is_formal
    assert AuditEvent.objects.filter(verb="marked as formal").count() == 1


@pytest.mark.parametrize(
    ("is_strict", "is_formal", "label"),
    [
        (False, False, "consultation"),
        (False, True, "formal consultation"),
        (True, False, "public involvement"),
        (True, True, "formal consultation"),
    ],
)
def test_what_it_is_called(is_strict, is_formal, label):
    assert services.label(Consultation(is_formal=is_formal), Policy(has_strict_terms=is_strict)) == label


# Documents ---------------------------------------------------------------------------------------


def document(**fields):
    return {"title": "Proposal", "file_format": "standard", "language": "English"} | fields


def test_the_same_document_is_there_once(project, officer):
    row = factories.consultation(project)
    for _each in range(2):
        services.add_document(row, by=officer, **document())
    with pytest.raises(ValidationError) as error:
        services.add_document(row, by=officer, **document(ready_on=in_days(0)))
    assert refused(error) == "This document is there already in that format and language"
    assert ConsultationDocument.objects.count() == 1
    with pytest.raises(IntegrityError):
        row.documents.create(**document())


def test_nothing_is_ready_in_the_future(project, officer):
    row = factories.consultation(project)
    with pytest.raises(ValidationError) as error:
        services.add_document(row, by=officer, **document(ready_on=in_days(1)))
    assert refused(error) == "The day must be today or in the past"


def test_while_people_respond_nothing_becomes_ready_before_the_first_day(open_one, officer):
    row = services.add_document(open_one, by=officer, **document())
    with pytest.raises(ValidationError):
        services.document_ready(row, by=officer, ready_on=in_days(-41))
    with pytest.raises(ValidationError):
        services.add_document(open_one, by=officer, **document(language="Polish", ready_on=in_days(-41)))
    assert services.document_ready(row, by=officer, ready_on=in_days(-40)).ready_on == in_days(-40)
    with pytest.raises(ValidationError) as error:
        services.document_ready(row, by=officer, ready_on=in_days(-3))
    assert refused(error) == "The consultation has begun, so this day stays"


def test_a_document_goes_only_before_people_are_asked(project, officer, open_one):
    row = services.add_document(factories.consultation(project), by=officer, **document())
    services.remove_document(row, by=officer)
    assert not ConsultationDocument.objects.exists()
    with pytest.raises(ValidationError) as error:
        services.remove_document(services.add_document(open_one, by=officer, **document()), by=officer)
    assert error.value.code == "begun"


# The gate ----------------------------------------------------------------------------------------


def test_without_a_record_nothing_opens(project):
    assert firm(project, Stage.CONSULTATION) == ["Record what is proposed, and from when to when people can respond"]


def test_what_is_missing_before_the_first_day_cannot_be_overridden(project):
    factories.consultation(project, opens_on=None, closes_on=None, midpoint_on=None)
    assert firm(project, Stage.CONSULTATION) == [
        "Enter the first and the last day for responses",
        "Enter the day of the half-time review",
        "Add at least one document that says what is proposed",
    ]


def test_a_first_day_that_has_passed_and_late_documents_stand_in_the_way(project):
    row = factories.consultation(project, opens=-1)
    row.documents.create(**document())
    assert [text.partition(",")[0] for text in words(project, Stage.CONSULTATION)] == [
        "The first day",
        "No document is ready before the first day",
    ]
    assert firm(project, Stage.CONSULTATION) == []


@pytest.mark.parametrize(("opens", "ready", "is_free"), [(0, -1, True), (0, 0, False), (5, 0, True), (5, None, False)])
def test_one_document_ready_before_the_first_day_is_enough(project, opens, ready, is_free):
    row = factories.consultation(project, opens=opens)
    row.documents.create(**document(ready_on=None if ready is None else in_days(ready)))
    assert (words(project, Stage.CONSULTATION) == []) is is_free


def test_the_analysis_waits_for_the_last_day_and_the_review():
    project = factories.project(stage=Stage.CONSULTATION)
    row = factories.consultation(project, opens=-70)
    assert row.last_day == in_days(0)
    assert len(firm(project, Stage.ANALYSIS)) == 1
    assert words(project, Stage.ANALYSIS)[1] == "Record what the half-time review found"
    Consultation.objects.update(closes_on=in_days(-1), midpoint_found="Few men.")
    assert words(project, Stage.ANALYSIS) == []
    Consultation.objects.update(extended_to=in_days(3), extended_because="Snow.")
    assert len(firm(project, Stage.ANALYSIS)) == 1


def test_an_analysis_without_days_is_refused():
    project = factories.project(stage=Stage.CONSULTATION)
    assert firm(project, Stage.ANALYSIS) == ["The last day for responses is not recorded"]


def test_nobody_decides_before_every_response_is_read():
    project = factories.project(stage=Stage.ANALYSIS)
    assert words(project, Stage.DECISION) == ["Record how many responses came, by which route, and who read them"]
    row = ResponseCount.objects.create(
        activity=engagement.activity(project=project), route="paper", received=10, read=9
    )
    assert words(project, Stage.DECISION) == ["Read every response before the decision: 9 of 10 responses read"]
    ResponseCount.objects.filter(pk=row.pk).update(read=10)
    assert words(project, Stage.DECISION) == []


def test_a_project_without_a_consultation_is_not_asked():
    project = factories.project(stage=Stage.OPTIONS, is_consulted_on=False)
    assert words(project, Stage.DECISION) == []
    assert services.part(project, people.user("officer")) is None


@pytest.mark.parametrize(
    ("stage", "opens", "fields", "status"),
    [
        (Stage.OPTIONS, 1, {}, "in preparation"),
        (Stage.CONSULTATION, 1, {}, "about to open"),
        (Stage.CONSULTATION, 0, {}, "open"),
        (Stage.CONSULTATION, -70, {}, "open"),
        (Stage.CONSULTATION, -71, {}, "closed"),
        (Stage.CONSULTATION, -71, {"extended_to": 0, "extended_because": "Snow."}, "extended"),
        (Stage.ANALYSIS, -90, {}, "being analysed"),
        (Stage.DECISION, -90, {}, "over"),
    ],
)
def test_its_line_on_the_projects_page(officer, stage, opens, fields, status):
    project = factories.project(stage=stage)
    assert services.part(project, officer).status == "not recorded"
    if "extended_to" in fields:
        fields = fields | {"extended_to": in_days(0)}
    factories.consultation(project, opens=opens, **fields)
    assert services.part(project, officer).status == status
    assert services.part(project, people.user("member")) is None


# Two at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_taking_the_days_away_and_opening_at_once_has_one_winner(tmp_path):
    """Either the days are gone and the project stays, or the project has gone on and the days stay."""
    officer = people.user("officer")
    project = factories.project(stage=Stage.OPTIONS, trigger=Project.Trigger.NONE)
    row = factories.consultation(project)
    row.documents.create(**document(ready_on=in_days(0)))
    no_days = {"opens_on": None, "closes_on": None, "midpoint_on": None}

    def opened():
        locked = services.locked(project, officer)
        if list(services.gate(locked, Stage.CONSULTATION)):
            return "stopped"
        Project.objects.filter(pk=project.pk).update(stage=Stage.CONSULTATION)
        return "opened"

    def emptied():
        try:
            return services.save_consultation(project, by=officer, **no_days).opens_on or "emptied"
        except ValidationError:
            return "begun"

    results = race(tmp_path, emptied, transaction.atomic(opened))
    assert sorted(results) in (["emptied", "stopped"], ["begun", "opened"])


def kind_of(sql: str) -> str:
    """A lock on a project, something written, or a mere read."""
    if 'FROM "engagement_project"' in sql and "FOR UPDATE" in sql:
        return "lock"
    return "write" if sql.startswith(("INSERT", "UPDATE", "DELETE")) else ""


def test_the_row_of_the_project_is_locked_first(open_one, officer):
    lead = people.user("lead")
    changes = [
        lambda: services.save_consultation(open_one.project, by=officer, reach_plan="Buses."),
        lambda: services.extend(open_one, by=officer, extended_to=in_days(44), because="Snow."),
        lambda: services.record_midpoint(open_one, by=officer, found="Few men."),
        lambda: services.mark_formal(open_one, by=lead),
        lambda: services.add_document(open_one, by=officer, **document()),
        lambda: services.document_ready(ConsultationDocument.objects.get(), by=officer, ready_on=in_days(0)),
    ]
    for change in changes:
        with CaptureQueriesContext(connection) as queries:
            change()
        kinds = [kind_of(each["sql"]) for each in queries]
        first = next(kind for kind in kinds if kind)
        assert first == ("lock" if connection.features.has_select_for_update else "write")
