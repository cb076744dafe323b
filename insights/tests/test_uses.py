"""Where insight was used: at which stage, to what effect; what most, what never; how often before the options."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Project, StageChange
from engagement.tests import project_factories as projects
from insights.documents import uses as documents
from insights.models import Finding, Use
from insights.services import uses as services
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def finding():
    return factories.agreed_finding()


def use(of, **fields):
    fields = {"effect": "The hours changed.", "stage": "formative" if fields.get("project") else ""} | fields
    return Use.objects.create(**{"finding" if isinstance(of, Finding) else "source": of} | fields)


def day(name, date):
    return {f"{name}_0": str(date.day), f"{name}_1": str(date.month), f"{name}_2": str(date.year)}


# Noting a use ------------------------------------------------------------------------------------


def test_a_use_keeps_the_stage_at_which_the_project_stood_on_the_day(officer, finding):
    project = projects.project(stage="options")
    for days, before, after in ((20, "idea", "formative"), (10, "formative", "options")):
        at = timezone.now() - datetime.timedelta(days=days)
        StageChange.objects.create(project=project, from_stage=before, to_stage=after, at=at)

    stages = [
        services.add_use(finding, by=officer, project=project, effect="Yes.", on=projects.in_days(-days)).stage
        for days in (25, 15, 5)
    ]
    assert stages == ["idea", "formative", "options"]
    assert services.stage_on(projects.project(stage="analysis"), TODAY()) == "analysis"


def test_the_same_form_twice_is_one_use(officer, finding):
    for _time in range(2):
        services.add_use(finding, by=officer, elsewhere="The winter plan", effect="Two more vans.")
    assert Use.objects.count() == AuditEvent.objects.filter(verb="noted a use").count() == 1


@pytest.mark.parametrize("fields", [{}, {"elsewhere": "A plan", "project": True}])
def test_a_use_is_in_one_place(officer, finding, fields):
    if fields.get("project"):
        fields = fields | {"project": projects.project()}
    with pytest.raises(ValidationError, match="Choose a project, or say what it was used in"):
        services.add_use(finding, by=officer, effect="Yes.", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Use.objects.create(finding=finding, effect="Yes.")


def test_what_is_not_agreed_or_not_in_use_and_days_to_come_are_refused(officer, finding):
    said = {"by": officer, "elsewhere": "A plan", "effect": "Yes."}
    for row, code in ((factories.finding(), "not_agreed"), (factories.source(state="offered"), "not_in_use")):
        with pytest.raises(ValidationError) as error:
            services.add_use(row, **said)
        assert error.value.code == code
    with pytest.raises(ValidationError, match="must not be in the future"):
        services.add_use(finding, on=projects.in_days(1), **said)


def test_nobody_notes_a_use_in_somebody_elses_project(finding):
    with pytest.raises(PermissionDenied):
        services.add_use(finding, by=people.user("project_lead"), project=projects.project(), effect="Yes.")


# Figures -----------------------------------------------------------------------------------------


def test_cases_that_cite_insight_before_their_options_are_counted_of_those_that_came_so_far(officer, finding):
    early = projects.project(stage="options")
    late, without, not_there = (projects.project(stage=stage) for stage in ("decision", "analysis", "idea"))
    other = projects.project(stage="options", trigger=Project.Trigger.POLICY)
    use(finding, project=early, stage="formative")
    use(factories.source(), project=early, stage="idea")
    use(finding, project=late, stage="decision")
    use(finding, project=not_there, stage="idea")
    use(finding, project=other, stage="idea")

    found = documents.cited_before_options(Project.objects.all())
    assert (found.share.number, found.share.of, found.not_there) == (1, 3, 1)
    assert documents.cited_before_options(Project.objects.filter(pk=without.pk)).share.percent == 0
    assert documents.cited_before_options(Project.objects.none()).share.percent is None


def test_what_is_used_most_and_what_never(officer, finding):
    source, unused = factories.source(), factories.agreed_finding()
    weighed = factories.agreed_finding()
    factories.decision().weighed.create(finding=weighed, effect="adopted")
    factories.finding()
    use(finding, elsewhere="A plan")
    for plan in ("One", "Two"):
        use(source, elsewhere=plan)
    assert [(each.row, each.times) for each in documents.most_used(officer)] == [(source, 2), (finding, 1)]
    never = documents.never_used(officer)
    assert (never.findings, never.first_findings, never.sources) == (1, [unused], 0)


def test_the_page_of_a_project_says_whether_insight_came_early(officer, finding):
    project = projects.project(stage="options")
    url = f"{reverse('insight_work:use_list')}?project={project.pk}"
    said = []
    for stage in ("", "options", "idea"):
        if stage:
            use(finding, project=project, stage=stage)
        part = services.part(project, officer)
        said.append((part.status, part.words))
        assert part.url == url
    assert said == [
        ("none", "No finding or library item is cited here yet."),
        ("late", "1 use of insight is noted. None of them came before the options."),
        ("early", "2 uses of insight are noted."),
    ]
    assert services.part(project, people.member().user) is None


# The pages ---------------------------------------------------------------------------------------


def test_a_project_lead_notes_a_use_in_their_own_project_alone(client, finding):
    place = people.area()
    lead = people.user("project_lead", area=place)
    mine, other = projects.project(lead=lead, areas=[place]), projects.project("P-9", areas=[place], title="Xylophone")
    client.force_login(lead)
    url = reverse("insight_work:use_add", args=["finding", finding.pk])
    assert "Xylophone" not in client.get(url).content.decode()
    sent = {"effect": "The hours changed."} | day("on", TODAY())
    assert client.post(url, sent | {"project": other.pk}).status_code == 422
    page = client.post(url, sent)
    assert (page.status_code, "Choose a project, or say what it was used in" in page.content.decode()) == (422, True)
    assert client.post(url, sent | {"project": mine.pk}).status_code == 302
    assert [(row.project, row.stage) for row in Use.objects.all()] == [(mine, "idea")]


def test_uses_of_another_area_are_not_seen_and_members_are_refused(client, finding):
    here, there = people.area(), people.area()
    mine, other = projects.project(areas=[here]), projects.project("P-9", areas=[there], title="Xylophone")
    use(finding, project=mine)
    use(finding, project=other, effect="Xylophone")
    client.force_login(people.user("officer", area=here))
    listed = reverse("insight_work:use_list")
    assert client.get(listed).context["page"].paginator.count == 1
    assert "Xylophone" not in client.get(listed).content.decode()
    assert "Xylophone" not in client.get(f"{listed}?project={other.pk}").content.decode()
    page = client.get(f"{listed}?project={mine.pk}").content.decode()
    assert finding.statement in page
    assert "At the stage “formative”" in page
    detail = client.get(reverse("insight_work:finding_detail", args=[finding.pk])).content.decode()
    assert "Xylophone" not in detail
    add = reverse("insight_work:use_add", args=["source", factories.source(state="offered").pk])
    assert client.get(add).status_code == 404
    assert client.get(reverse("insight_work:use_add", args=["comment", 1])).status_code == 404
    client.force_login(people.member().user)
    assert client.get(listed).status_code == 403
    assert client.get(reverse("insight_work:use_add", args=["finding", finding.pk])).status_code == 403
    client.logout()
    assert client.get(listed).status_code == 302


def test_the_list_asks_the_same_number_of_questions_whatever_there_is(client, officer):
    client.force_login(officer)
    counts = []
    for number in (1, 9, 90):
        for _each in range(number):
            use(factories.agreed_finding(), project=projects.project())
            use(factories.source(), elsewhere="A plan")
        client.get(reverse("insight_work:use_list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("insight_work:use_list"))
        counts.append(len(queries))
    assert counts[1] == counts[2]
