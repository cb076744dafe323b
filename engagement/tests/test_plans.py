"""Plans: versions, what is missing, who decides, what is frozen, and the gate that asks for one."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Plan, PlanQuestion, Project
from engagement.services import aims, gates
from engagement.services import plans as services
from engagement.tests import about_plans
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db
State, Stage = Plan.State, Project.Stage


@pytest.fixture
def author():
    return people.user("project_lead")


@pytest.fixture
def signer():
    return people.user("lead")


@pytest.fixture
def project(author):
    return projects.project("P-1", lead=author)


def words_missing(plan) -> list[str]:
    return [each.words for each in services.missing(plan, plan.project)]


def obstacles(project, to) -> list[str]:
    return [each.words for each in services.gate(Project.objects.get(pk=project.pk), to)]


# Versions ----------------------------------------------------------------------------------------


def test_the_first_version_begins_with_the_groups_that_every_plan_considers(project, author):
    considered = people.population_group("carers", is_always_considered=True)
    affected, _other = people.population_group("young people"), people.population_group("sailors")
    project.groups.add(affected)
    plan = services.start_version(project, by=author)
    assert (plan.version, plan.state, plan.answers) == (1, State.DRAFT, {"groups": [considered.pk, affected.pk]})


def test_beginning_twice_is_one_version(project, author):
    first = services.start_version(project, by=author)
    assert services.start_version(project, by=author) == first
    assert Plan.objects.count() == 1
    assert AuditEvent.objects.filter(verb="began").count() == 1


def test_the_version_after_a_refused_one_has_its_answers(project, author, signer):
    refused = services.refuse(about_plans.submitted(project, author), "Carers are missing.", by=signer)
    following = services.start_version(project, by=author)
    assert (following.version, following.answers) == (2, refused.answers)
    refused.refresh_from_db()
    assert (refused.state, refused.reason) == (State.REFUSED, "Carers are missing.")


def test_a_stopped_project_gets_no_version(project, author):
    Project.objects.filter(pk=project.pk).update(stopped_on=projects.in_days(0), stopped_because="No money.")
    with pytest.raises(ValidationError, match="closed or stopped"):
        services.start_version(project, by=author)


def test_only_those_who_work_on_the_project_write(project, author, signer):
    other = people.user("project_lead")
    plan = about_plans.complete(project)
    for call in (
        lambda: services.start_version(project, by=other),
        lambda: services.save_section(plan, {"proposal": "Mine."}, by=other),
        lambda: services.submit(plan, by=other),
        lambda: services.withdraw(plan, by=other),
        lambda: about_plans.an_aim(plan, other),
        lambda: aims.remove_aim(plan, project.aims.get().pk, by=other),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert services.save_section(plan, {"proposal": "Ours."}, by=author).answers["proposal"] == "Ours."


def test_saving_keeps_answers_to_other_questions(project, author):
    plan = projects.plan(project, answers={"proposal": "Old.", "no-longer-asked": "Kept."})
    services.save_section(plan, {"proposal": "New.", "carers": "", "budget": 0}, by=author)
    plan.refresh_from_db()
    assert plan.answers == {"proposal": "New.", "no-longer-asked": "Kept."} | {"budget": 0}
    assert AuditEvent.objects.get(verb="wrote in").detail == {"codes": ["budget", "proposal"]}


def test_an_answer_can_be_taken_away(project, author):
    plan = projects.plan(project, answers={"proposal": "Old."})
    services.save_section(plan, {"proposal": ""}, by=author)
    plan.refresh_from_db()
    assert plan.answers == {"proposal": ""}


# What is missing ---------------------------------------------------------------------------------


def test_a_complete_plan_can_be_submitted(project, author):
    plan = about_plans.complete(project)
    assert words_missing(plan) == []
    plan = services.submit(plan, by=author)
    assert (plan.state, plan.submitted_by) == (State.SUBMITTED, author)
    assert services.submit(plan, by=author).submitted_at == plan.submitted_at
    assert AuditEvent.objects.filter(verb="submitted").count() == 1


@pytest.mark.parametrize("code", ["service_users", "carers", "representatives", "duty", "consultation"])
def test_some_questions_cannot_stay_blank_whatever_the_form_says(project, author, code):
    about_plans.form()
    PlanQuestion.objects.filter(code=code).update(is_required=False)
    for blank in ("", "  ", None):
        plan = about_plans.complete(project, **{code: blank})
        assert f"Answer the question “What about {code}?”" in words_missing(plan)
        with pytest.raises(ValidationError, match=f"What about {code}"):
            services.submit(plan, by=author)
        plan.delete()


def test_a_form_that_lacks_a_question_that_the_rules_know_says_so(project):
    about_plans.form()
    PlanQuestion.objects.filter(code="carers").update(is_active=False)
    plan = about_plans.complete(project)
    expected = "The form lacks its question “carers”. Ask an administrator to put it back into use"
    assert words_missing(plan) == [expected]


def test_what_goes_with_the_duty_is_asked_when_it_applies_or_people_are_consulted(project):
    for duty, consultation, is_asked in [("yes", "no", True), ("no", "no", False), ("no", "yes", True)]:
        plan = about_plans.complete(project, duty=duty, consultation=consultation, rung=None)
        assert ("Answer the question “What about rung?”" in words_missing(plan)) is is_asked
        plan.delete()


def test_a_question_about_a_consultation_is_asked_for_one(project):
    for consultation, is_asked in [("yes", True), ("no", False)]:
        plan = about_plans.complete(project, consultation=consultation, enough_time="")
        assert ("Answer the question “What about enough_time?”" in words_missing(plan)) is is_asked
        plan.delete()


def test_social_value_is_asked_when_something_is_procured(author):
    for trigger, is_asked in [("procurement", True), ("service", False)]:
        plan = about_plans.complete(projects.project(trigger=trigger, lead=author))
        assert ("Answer the question “What about social_value?”" in words_missing(plan)) is is_asked
        Plan.objects.all().delete()


def test_an_optional_question_can_stay_blank(project):
    assert words_missing(about_plans.complete(project, programme="")) == []


def test_every_group_that_is_always_considered_needs_words(project):
    plan = about_plans.complete(project)
    late = people.population_group("digitally excluded people", is_always_considered=True)
    assert words_missing(plan) == ["Say what it means for digitally excluded people"]
    plan.answers["considered_groups"][str(late.pk)] = "A paper form."
    assert words_missing(plan) == []


def test_a_consultation_needs_as_many_methods_as_the_policy_says(project):
    projects.policy(least_methods=3)
    words = "A consultation needs at least 3 methods: choose more"
    assert words_missing(about_plans.complete(project)) == [words]
    Plan.objects.all().delete()
    assert words_missing(about_plans.complete(project, consultation="no")) == []


def test_a_method_that_is_gone_does_not_count(project):
    plan = about_plans.complete(project, methods=[999_999, 999_998])
    assert "A consultation needs at least 2 methods: choose more" in words_missing(plan)


def test_groups_for_whom_the_change_is_bad_are_named(project):
    plan = about_plans.complete(project)
    before = projects.assessment(project)
    hurt, unhurt = people.population_group("carers"), people.population_group("sailors")
    projects.group_impact(before, hurt, effect="negative", mitigation="A shuttle bus.")
    projects.group_impact(before, unhurt)
    words = "The assessment found a negative effect for carers. Choose it among the groups to be heard"
    assert words_missing(plan) == [words]
    plan.answers["groups"].append(hurt.pk)
    assert words_missing(plan) == []


def test_an_aim_and_a_look_at_what_is_known_are_needed(project):
    plan = about_plans.complete(project)
    project.aims.all().delete()
    project.knowledge_checks.all().delete()
    assert words_missing(plan) == [
        "Add an aim as a number: what is counted, how many, of which groups",
        "Look first whether the answer is known already, and say what follows",
    ]


# The decision ------------------------------------------------------------------------------------


def test_signing_freezes_the_words_and_tells_the_project(project, author, signer):
    plan = services.sign(about_plans.submitted(project, author), by=signer)
    project.refresh_from_db()
    assert (plan.state, plan.decided_by) == (State.SIGNED, signer)
    assert (project.duty_applies, project.is_consulted_on) == (True, True)
    lines = {line["question"]: line["answer"] for each in plan.as_signed for line in each["lines"]}
    assert lines["What about methods?"] == "survey\nfocus group"
    assert lines["What about considered_groups?"] == "People in poverty: The bus costs more."
    assert lines["What about asked_from?"] == "2 March 2026"
    assert lines["What about budget?"] == "12,000"
    assert lines["people who answer"] == "Aim: 100\nBefore: not recorded"
    assert "What about social_value?" not in lines


def test_what_was_signed_stays_when_the_form_changes(project, author, signer):
    plan = services.sign(about_plans.submitted(project, author), by=signer)
    frozen = plan.as_signed
    PlanQuestion.objects.filter(code="carers").update(text="Something else?")
    PlanQuestion.objects.filter(code="proposal").delete()
    project.aims.update(target=7)
    plan.refresh_from_db()
    assert plan.as_signed == frozen
    assert services.sign(plan, by=signer).as_signed == frozen


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SIGNED, State.REFUSED, State.SUPERSEDED])
def test_nothing_but_a_draft_can_be_changed(project, author, signer, state):
    plan = about_plans.complete(project, state=state, **{"proposal": "As it was."})
    if state != State.SUBMITTED:
        with pytest.raises(ValidationError, match="cannot be done now"):
            services.withdraw(plan, by=author)
    for call in (
        lambda: services.save_section(plan, {"proposal": "Changed."}, by=author),
        lambda: about_plans.an_aim(plan, author),
        lambda: aims.remove_aim(plan, project.aims.get().pk, by=author),
    ):
        with pytest.raises(ValidationError, match="cannot be done now"):
            call()
    plan.refresh_from_db()
    assert (plan.state, plan.answers["proposal"], project.aims.count()) == (state, "As it was.", 1)


def test_nobody_decides_on_their_own_plan(project, author):
    both = people.user("lead")
    plan = about_plans.submitted(project, both)
    for decide in (lambda: services.sign(plan, by=both), lambda: services.refuse(plan, "No.", by=both)):
        with pytest.raises(ValidationError, match="Somebody else has to decide"):
            decide()


def test_nobody_decides_on_the_plan_of_a_project_that_they_lead_or_led(signer, author):
    project = projects.project(lead=signer)
    plan = about_plans.submitted(project, people.user("officer"))
    with pytest.raises(ValidationError, match="Somebody else has to decide"):
        services.sign(plan, by=signer)
    project.lead = author
    project.save()
    with pytest.raises(ValidationError, match="Somebody else has to decide"):
        services.sign(plan, by=signer)


@pytest.mark.parametrize("role", ["officer", "project_lead", "secretary", "member", ""])
def test_only_those_who_may_sign_decide(project, author, role):
    plan = about_plans.submitted(project, author)
    with pytest.raises(ValidationError, match="Somebody else has to decide"):
        services.sign(plan, by=people.user(role))


def test_what_went_missing_since_stops_the_signing(project, author, signer):
    plan = about_plans.submitted(project, author)
    hurt = people.population_group("carers")
    projects.group_impact(projects.assessment(project), hurt, effect="negative", mitigation="A bus.")
    with pytest.raises(ValidationError, match="negative effect for carers"):
        services.sign(plan, by=signer)
    assert Plan.objects.get(pk=plan.pk).state == State.SUBMITTED


def test_refusing_says_why(project, author, signer):
    plan = about_plans.submitted(project, author)
    with pytest.raises(ValidationError, match="Say why the plan is refused"):
        services.refuse(plan, "  ", by=signer)
    services.refuse(plan, "Too late.", by=signer)
    services.refuse(plan, "Again.", by=signer)
    assert AuditEvent.objects.filter(verb="refused").count() == 1
    with pytest.raises(ValidationError, match="cannot be done now"):
        services.sign(plan, by=signer)


def test_a_later_version_takes_the_place_of_the_one_before(project, author, signer):
    first = services.sign(about_plans.submitted(project, author), by=signer)
    second = services.start_version(project, by=author)
    services.save_section(second, {"consultation": "no", "duty": "no"}, by=author)
    services.sign(services.submit(second, by=author), by=signer)
    first.refresh_from_db()
    project.refresh_from_db()
    assert (first.state, services.signed(project)) == (State.SUPERSEDED, second)
    assert (project.duty_applies, project.is_consulted_on) == (False, False)


def test_past_its_options_a_project_keeps_to_its_consultation(project, author, signer):
    services.sign(about_plans.submitted(project, author), by=signer)
    Project.objects.filter(pk=project.pk).update(stage=Stage.CONSULTATION)
    second = services.start_version(project, by=author)
    services.save_section(second, {"consultation": "no"}, by=author)
    with pytest.raises(ValidationError, match="nobody changes whether there is a consultation"):
        services.submit(second, by=author)


def test_only_the_one_who_submitted_takes_it_back(project, author):
    plan = about_plans.submitted(project, author)
    with pytest.raises(ValidationError, match="Only whoever submitted"):
        services.withdraw(plan, by=people.user("officer"))
    plan = services.withdraw(plan, by=author)
    assert (plan.state, plan.submitted_by, plan.submitted_at) == (State.DRAFT, None, None)
    assert services.withdraw(plan, by=author) == plan


# Aims --------------------------------------------------------------------------------------------


def test_the_same_aim_added_twice_is_one(project, author):
    plan, group = projects.plan(project), people.population_group("carers")
    for _time in range(2):
        aim = about_plans.an_aim(plan, author, groups=[group])
    assert project.aims.get() == aim
    assert list(aim.groups.all()) == [group]
    aims.remove_aim(plan, aim.pk, by=author)
    aims.remove_aim(plan, aim.pk, by=author)
    assert AuditEvent.objects.filter(verb="removed").count() == 1


def test_an_aim_at_nothing_is_refused(project, author):
    with pytest.raises(ValidationError, match="Aim at more than 0"):
        about_plans.an_aim(projects.plan(project), author, target=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        projects.aim(project=project, target=0)


# The database ------------------------------------------------------------------------------------


def test_the_database_holds_what_the_services_promise(project, author):
    projects.plan(project)
    for fields in (
        {"state": "draft"},
        {"state": "submitted"},
        {"state": "signed", "as_signed": None},
        {"state": "refused", "reason": ""},
        {"state": "refused", "reason": "No.", "submitted_by": author, "decided_by": author},
        {"version": 1, "state": "refused", "reason": "No."},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            projects.plan(project, **fields)
    projects.plan(project, state="signed")
    with pytest.raises(IntegrityError), transaction.atomic():
        projects.plan(project, state="signed")


# The gate ----------------------------------------------------------------------------------------


def test_no_options_and_nothing_after_without_a_signed_plan(project, author, signer):
    words = ["Have the plan signed: no version of it is"]
    about_plans.submitted(project, author)
    assert obstacles(project, Stage.FORMATIVE) == []
    for to in (Stage.OPTIONS, Stage.CONSULTATION, Stage.DECISION, Stage.REVIEW, gates.CLOSED):
        assert obstacles(project, to) == words
    services.sign(project.plans.get(), by=signer)
    for to in (Stage.OPTIONS, Stage.CONSULTATION, Stage.DECISION, gates.CLOSED):
        assert obstacles(project, to) == []


def test_a_consultation_needs_a_plan_that_fits_it(project):
    about_plans.complete(project, state="signed", consultation="no", methods=[], without_internet=" ")
    project.aims.all().delete()
    assert obstacles(project, Stage.DECISION) == []
    assert obstacles(project, Stage.CONSULTATION) == [
        "The signed plan says that there is no consultation. Have one signed that has one",
        "A consultation needs at least 2 methods: choose more",
        "Say in the plan how people can take part without the internet",
        "Add an aim to the plan, as a number",
    ]


def test_the_part_says_where_the_newest_version_stands(project, author, signer):
    reader = people.user("officer")
    assert services.part(project, people.user("member")) is None
    assert services.part(project, reader).status == "not begun"
    services.sign(about_plans.submitted(project, author), by=signer)
    assert services.part(project, reader).status == "Signed"
    services.start_version(project, by=author)
    part = services.part(project, reader)
    assert (part.status, part.words) == ("Draft", "Version 2. Version 1 is in force.")


# At once -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_have_one_winner(project, author, tmp_path):
    plan = about_plans.submitted(project, author)
    first, second = people.user("lead"), people.user("administrator")
    results = race(
        tmp_path,
        lambda: services.sign(plan, by=first).state,
        lambda: services.refuse(plan, "Too late.", by=second).state,
    )
    assert sorted(results) in (["signed", "state"], ["refused", "state"])


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_get_one_version(project, author, tmp_path):
    results = race(
        tmp_path,
        lambda: services.start_version(project, by=author).version,
        lambda: services.start_version(project, by=author).version,
    )
    assert results == [1, 1]
