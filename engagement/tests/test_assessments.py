"""Equality assessments: three aims, every needed group, final, opened again, and what the gate asks."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from core.tests.racing import race
from engagement.documents.assessment_difference import What, difference, sources
from engagement.models import Activity, GroupImpact, ImpactAssessment, Project
from engagement.services import assessments as services
from engagement.tests import factories as engagement
from engagement.tests import project_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Phase, Stage = ImpactAssessment.Phase, Project.Stage
AIMS = {"eliminate": "Staff are trained.", "advance": "Longer hours.", "foster": "One waiting room."}
NEUTRAL = {"effect": "neutral", "evidence": "Nothing changes for them."}


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def project():
    return factories.project(stage=Stage.OPTIONS)


def refused(error) -> str:
    return " ".join(error.value.messages)


def written(project, officer):
    """An assessment before that can be made final."""
    row = services.save_assessment(project, Phase.BEFORE, by=officer, **AIMS)
    for group in services.missing_groups(row):
        services.set_group_impact(project, Phase.BEFORE, group, by=officer, **NEUTRAL)
    return row


# Writing -----------------------------------------------------------------------------------------


def test_the_texts_are_kept_and_the_same_again_changes_nothing(project, officer):
    services.save_assessment(project, Phase.BEFORE, by=officer, **AIMS, information="  Census 2021  ")
    row = services.save_assessment(project, Phase.BEFORE, by=officer, **AIMS, information="Census 2021")
    assert (row.eliminate, row.information) == ("Staff are trained.", "Census 2021")
    assert ImpactAssessment.objects.count() == 1
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("pk")) == ["began", "changed"]


def test_somebody_who_does_not_work_on_the_project_cannot_write(project):
    with pytest.raises(PermissionDenied):
        services.save_assessment(project, Phase.BEFORE, by=people.user("project_lead"), **AIMS)
    assert not ImpactAssessment.objects.exists()


def test_a_group_is_said_once_and_changed_in_place(project, officer):
    group = people.population_group("Carers")
    services.set_group_impact(project, Phase.BEFORE, group, by=officer, **NEUTRAL)
    changed = {"effect": "negative", "evidence": "Survey", "mitigation": "A bus."}
    services.set_group_impact(project, Phase.BEFORE, group, by=officer, **changed)
    row = GroupImpact.objects.get()
    assert (row.group, row.effect, row.mitigation) == (group, "negative", "A bus.")


def test_an_unknown_effect_needs_no_evidence_and_any_other_does(project, officer):
    group = people.population_group()
    services.set_group_impact(project, Phase.BEFORE, group, by=officer, effect="unknown")
    with pytest.raises(ValidationError) as error:
        services.set_group_impact(project, Phase.BEFORE, group, by=officer, effect="positive")
    assert refused(error) == "Say how you know"
    with pytest.raises(IntegrityError):
        GroupImpact.objects.update(effect="positive")


def test_a_negative_effect_says_what_is_done(project, officer):
    group = people.population_group()
    with pytest.raises(ValidationError) as error:
        services.set_group_impact(project, Phase.BEFORE, group, by=officer, effect="negative", evidence="Survey")
    assert refused(error) == "Say what is done about a negative effect"


def test_a_group_can_be_taken_out_twice(project, officer):
    group = people.population_group()
    services.set_group_impact(project, Phase.BEFORE, group, by=officer, **NEUTRAL)
    services.remove_group_impact(project, Phase.BEFORE, group, by=officer)
    services.remove_group_impact(project, Phase.BEFORE, group, by=officer)
    assert not GroupImpact.objects.exists()
    assert AuditEvent.objects.filter(verb="removed a group").count() == 1


# Final -------------------------------------------------------------------------------------------


def test_all_three_aims_are_needed(project, officer):
    row = services.save_assessment(project, Phase.BEFORE, by=officer, eliminate="Training.", foster="One room.")
    with pytest.raises(ValidationError) as error:
        services.finish(row, by=officer)
    assert refused(error).endswith("Missing: how it advances equality of opportunity")
    assert not ImpactAssessment.objects.get().is_final
    row.eliminate, row.foster = "", ""
    with pytest.raises(IntegrityError):
        ImpactAssessment.objects.update(final_at=row.created_at, foster="")


def test_the_groups_of_the_project_and_those_of_every_plan_are_needed(project, officer):
    named, always = people.population_group("Carers"), people.population_group("Deaf people", is_always_considered=True)
    people.population_group("Nobody asks")
    project.groups.add(named)
    row = services.save_assessment(project, Phase.BEFORE, by=officer, **AIMS)
    with pytest.raises(ValidationError) as error:
        services.finish(row, by=officer)
    assert refused(error) == "Say what it would do to: Carers; Deaf people"
    services.set_group_impact(project, Phase.BEFORE, named, by=officer, **NEUTRAL)
    services.set_group_impact(project, Phase.BEFORE, always, by=officer, effect="unknown")
    assert services.finish(row, by=officer).is_final


def test_a_final_assessment_does_not_change_and_finishing_twice_is_harmless(project, officer):
    row = written(project, officer)
    group = people.population_group()
    first = services.finish(row, by=officer)
    assert services.finish(row, by=people.user("lead")).final_by == first.final_by == officer
    for change in (
        lambda: services.save_assessment(project, Phase.BEFORE, by=officer, eliminate="Other"),
        lambda: services.set_group_impact(project, Phase.BEFORE, group, by=officer, **NEUTRAL),
        lambda: services.remove_group_impact(project, Phase.BEFORE, group, by=officer),
    ):
        with pytest.raises(ValidationError) as error:
            change()
        assert error.value.code == "final"


def test_it_is_opened_again_with_a_reason(project, officer):
    row = services.finish(written(project, officer), by=officer)
    with pytest.raises(ValidationError) as error:
        services.reopen(row, by=officer, because=" ")
    assert refused(error) == "Say why it is opened again"
    row = services.reopen(row, by=officer, because="The census came out.")
    assert (row.is_final, row.final_by) == (False, None)
    assert AuditEvent.objects.get(verb="opened again").detail == {"because": "The census came out."}
    services.save_assessment(project, Phase.BEFORE, by=officer, eliminate="Other")


@pytest.mark.parametrize(("phase", "stage"), [("before", Stage.CONSULTATION), ("after", Stage.DECISION)])
def test_an_assessment_with_which_the_project_has_gone_on_stays(officer, phase, stage):
    project = factories.project(stage=stage)
    row = factories.assessment(project, phase)
    with pytest.raises(ValidationError) as error:
        services.reopen(row, by=officer, because="Late thoughts.")
    assert error.value.code == "gone_on"
    ImpactAssessment.objects.update(final_at=None)
    with pytest.raises(ValidationError) as error:
        services.save_assessment(project, phase, by=officer, eliminate="Other")
    assert error.value.code == "gone_on"


def test_nothing_changes_in_a_project_that_has_ended(officer):
    project = factories.project(stopped_on=factories.in_days(-1), stopped_because="No money.")
    with pytest.raises(ValidationError) as error:
        services.save_assessment(project, Phase.BEFORE, by=officer, **AIMS)
    assert error.value.code == "ended"


# After, and the difference -----------------------------------------------------------------------


def test_after_begins_as_a_copy_of_before(project, officer):
    row = factories.assessment(project)
    factories.group_impact(row, people.population_group("Carers"), owner="Head of nursing")
    after = services.start(project, Phase.AFTER, by=officer)
    assert (after.eliminate, after.is_final) == ("Staff are trained.", False)
    assert list(after.impacts.values_list("group__name", "effect", "owner")) == [
        ("Carers", "neutral", "Head of nursing")
    ]
    services.save_assessment(project, Phase.AFTER, by=officer, eliminate="Signs in the hall.")
    assert services.start(project, Phase.AFTER, by=officer).eliminate == "Signs in the hall."
    row.refresh_from_db()
    assert row.eliminate == "Staff are trained."


def test_after_needs_a_final_assessment_before(project, officer):
    factories.assessment(project, is_final=False)
    with pytest.raises(ValidationError) as error:
        services.start(project, Phase.AFTER, by=officer)
    assert error.value.code == "before_first"
    assert ImpactAssessment.objects.count() == 1


def test_the_difference_says_what_became_of_each_text_and_group(project):
    before = factories.assessment(project, information="Census")
    after = factories.assessment(project, "after", eliminate="Signs.", inequalities="Bus fares.")
    carers, deaf, farmers, young = (people.population_group(name) for name in ("Carers", "Deaf", "Farmers", "Young"))
    for group in (carers, deaf, young):
        factories.group_impact(before, group)
    changed = {"effect": "negative", "mitigation": "A bus.", "due_on": datetime.date(2027, 3, 1)}
    factories.group_impact(after, carers, **changed)
    factories.group_impact(after, farmers)
    factories.group_impact(after, young)
    found = difference(before, after)
    assert [(line.label[:7], line.what) for line in found.texts] == [
        ("How it ", What.CHANGED),
        ("How it ", What.SAME),
        ("How it ", What.SAME),
        ("Effect ", What.ADDED),
        ("Informa", What.GONE),
    ]
    assert [(row.group, row.what) for row in found.groups] == [
        ("Carers", What.CHANGED),
        ("Deaf", What.GONE),
        ("Farmers", What.ADDED),
        ("Young", What.SAME),
    ]
    assert [(line.label, line.before, line.after, line.what) for line in found.groups[0].lines] == [
        ("Effect", "neutral", "negative", What.CHANGED),
        ("What is done about it", "", "A bus.", What.ADDED),
        ("By", "", "1 March 2027", What.ADDED),
    ]
    assert found.summary == "2 added, 2 changed, 2 gone, 3 the same"


@pytest.mark.parametrize("number", [1, 10, 100])
def test_the_difference_takes_two_queries_whatever_the_number_of_groups(project, number):
    before, after = factories.assessment(project), factories.assessment(project, "after")
    for _each in range(number):
        group = people.population_group()
        factories.group_impact(before, group)
        factories.group_impact(after, group)
    with CaptureQueriesContext(connection) as queries:
        assert len(difference(before, after).groups) == number
    assert len(queries) == 2


def test_its_sources_are_the_projects_activities_that_the_reader_may_see_and_what_was_known(project):
    here, there = people.area("Harlow"), people.area("Watford")
    project.areas.add(here)
    engagement.activity(project=project, title="Focus group", areas=[here])
    engagement.activity(project=project, title="Hidden webinar", areas=[there])
    engagement.activity(title="Another project", areas=[here])
    known = {"kind": "insight", "title": "Fares are high", "address": "/x/", "day": "2025-05-01"}
    factories.knowledge_check(project, found=[known])
    factories.knowledge_check(project, found=[known])
    reader = people.user("officer", area=here)
    assert [(row.kind, row.title, row.when) for row in sources(project, reader)] == [
        ("activity", "Focus group", "1 June 2023 to 30 June 2023"),
        ("insight", "Fares are high", "1 May 2025"),
    ]
    assert Activity.objects.filter(project=project).count() == 2


# The gate ----------------------------------------------------------------------------------------


def words(project, to):
    return [each.words for each in services.gate(project, to)]


@pytest.mark.parametrize("to", [Stage.CONSULTATION, Stage.DECISION])
def test_nobody_leaves_options_without_a_final_assessment(project, to):
    needed = ["Finish the equality impact assessment before people were involved"]
    assert words(project, to) == needed
    row = factories.assessment(project, is_final=False)
    assert words(project, to) == needed
    ImpactAssessment.objects.filter(pk=row.pk).update(final_at=row.created_at)
    assert words(project, to) == []


def test_a_group_that_was_named_after_it_became_final_stands_in_the_way(project):
    factories.assessment(project)
    project.groups.add(people.population_group("Carers"))
    assert words(project, Stage.CONSULTATION) == [
        "The equality impact assessment before people were involved says nothing about: Carers"
    ]


def test_after_a_consultation_the_decision_waits_for_the_assessment_after():
    project = factories.project(stage=Stage.ANALYSIS)
    factories.assessment(project)
    assert words(project, Stage.DECISION) == ["Finish the equality impact assessment after people were involved"]
    factories.assessment(project, "after")
    assert words(project, Stage.DECISION) == []


def test_a_kind_of_change_that_needs_none_and_other_steps_are_not_asked(project):
    assert words(project, Stage.ANALYSIS) == []
    assert words(factories.project(stage=Stage.FORMATIVE), Stage.OPTIONS) == []
    free = factories.project(stage=Stage.OPTIONS, trigger=Project.Trigger.NONE)
    assert words(free, Stage.CONSULTATION) == []


def test_the_assessment_is_called_what_the_body_calls_it(project, officer):
    factories.policy(assessment_label="integrated impact assessment")
    assert words(project, Stage.CONSULTATION) == ["Finish the integrated impact assessment before people were involved"]
    assert services.part(project, officer).title == "Integrated impact assessment"


@pytest.mark.parametrize(
    ("make", "status"),
    [(None, "not begun"), ({"is_final": False}, "in work"), ({"is_final": True}, "final")],
)
def test_its_line_on_the_projects_page(project, officer, make, status):
    if make is not None:
        factories.assessment(project, **make)
    assert services.part(project, officer).status == status
    assert services.part(project, people.user("member")) is None


def test_the_line_of_a_project_that_needs_none(officer):
    project = factories.project(trigger=Project.Trigger.NONE)
    assert services.part(project, officer).status == "not needed"


def test_the_line_turns_to_the_assessment_after_when_the_consultation_is_over(officer):
    project = factories.project(stage=Stage.ANALYSIS)
    factories.assessment(project)
    assert services.part(project, officer).url.endswith("/assessment/after/")


# Two at once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_finishing_and_changing_at_once_never_changes_what_is_final(tmp_path):
    officer = people.user("officer")
    project = factories.project(stage=Stage.OPTIONS)
    row = written(project, officer)
    results = race(
        tmp_path,
        lambda: services.finish(row, by=officer).is_final,
        lambda: services.save_assessment(project, Phase.BEFORE, by=officer, foster="").foster == "",
    )
    assert sorted(results, key=str) in ([True, "final"], [True, "aims"])


def test_the_row_of_the_project_is_locked_first(project, officer):
    with CaptureQueriesContext(connection) as queries:
        services.save_assessment(project, Phase.BEFORE, by=officer, **AIMS)
    first = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    assert 'FROM "engagement_project"' in first
    assert ("FOR UPDATE" in first) == connection.features.has_select_for_update
