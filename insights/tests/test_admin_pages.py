"""Every page of the record in the admin: who gets there, and that it opens."""

import pytest
from django.contrib import admin
from django.urls import reverse
from simple_history.models import HistoricalRecords

from core.roles import permissions_of
from engagement.models import Channel, GroupPlan, Policy, PrincipleMapping, SchoolHoliday
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights import work
from insights.models import Frame, Indicator, Response, Theme
from insights.tests import factories, insight_factories
from people.models import User
from people.tests import factories as people

pytestmark = pytest.mark.django_db
RECORD = {"people", "forums", "engagement", "insights"}
ALL = [model for model in admin.site._registry if model._meta.app_label in RECORD]
# The record of engagement, which all staff read. Who gets to what members and forums need, the permission matrix says.
FOR_LEADS = [
    model
    for model in ALL
    if f"{model._meta.app_label}.view_{model._meta.model_name}" in permissions_of("project_lead")
    and f"{model._meta.app_label}.delete_{model._meta.model_name}" in permissions_of("lead")
]
MODELS = [*FOR_LEADS, User]
FOR_READING = (Frame, Theme)  # changed on pages of their own
ADDABLE = [  # members propose board questions
    model for model in ALL if model._meta.model_name != "boardquestion" and model not in FOR_READING
]


def name_of(model):
    return model._meta.label_lower


@pytest.fixture
def rows():
    """One row of every model, tied together, by model."""
    people.body()
    area, group = people.area("West Essex"), people.population_group("carers")
    forum = forums.forum("Youth Council", area=area)
    forums.forum_link(forum)
    forum.aliases.create(name="Young voices")
    topic, method = engagement.topic(), engagement.method()
    rung, stage = engagement.rung(), engagement.stage()
    activity = engagement.activity(
        areas=[area], forums=[forum], topics=[topic], groups=[group], methods=[method], rung=rung, stage=stage
    )
    engagement.activity_count(activity)
    engagement.session(activity)
    engagement.impact(activity)
    engagement.evidence(engagement.principle(2), activity=activity)
    engagement.evidence(engagement.principle(3), forum=forum)
    activity.partner_links.create(organisation=people.organisation("Healthwatch"))
    activity.other_principle_links.create(principle=engagement.principle(2))
    activity.outputs.create(title="Eight videos")
    activity.issues.create(summary="Labels hide the Braille")
    period = engagement.period()
    new = engagement.principle_set("2026")
    PrincipleMapping.objects.create(
        from_principle=engagement.principle(1), to_principle=engagement.principle(1, of=new), relation="changed"
    )
    made = [area, group, forum, forum.kind, topic, method, rung.ladder, stage.cycle, activity, period, new]
    made += [PrincipleMapping.objects.get(), engagement.duty(), factories.response(activity=activity)]
    made += [people.organisation(), people.user("officer"), people.level_band(), forums.seat_role()]
    made += [projects.venue(), projects.benchmark(area, "female", 400), projects.policy(), projects.term()]
    made += [projects.check_list(), projects.plan_question(), projects.project(areas=[area])]
    made += [Channel.objects.create(name="Newsletter", belongs="owned")]
    made += [SchoolHoliday.objects.create(name="Easter", starts_on="2024-03-29", ends_on="2024-04-12")]
    made += [GroupPlan.objects.create(group=group, area=area, what="By their own meetings.")]
    indicator = Indicator.objects.create(code="test", name="Would recommend", kind="patients", meaning="Of 100 people")
    day = insight_factories.DAY
    who = people.organisation()
    made += [indicator, indicator.values.create(organisation=who, starts_on=day, ends_on=day, percent=90)]
    theme = insight_factories.theme()
    made += [theme, theme.frame, insight_factories.source_kind()]
    return {type(row): row for row in made}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages(model, row):
    found = [address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)]
    return [*found, address(model, "delete", row.pk), address(model, "history", row.pk)]


def refused(model, row):
    """There is one policy: who has it cannot add another. Frames are changed on pages of their own."""
    if model in FOR_READING:
        return {address(model, "add"): 403, address(model, "delete", row.pk): 403}
    return {address(model, "add"): 403} if model is Policy else {}


def has_history(model):
    return any(isinstance(value, HistoricalRecords) for value in vars(model).values()) or hasattr(model, "history")


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_page_opens_for_a_superuser(client, rows, model):
    client.force_login(people.superuser())
    opened = {page: client.get(page).status_code for page in pages(model, rows[model])}
    assert opened == dict.fromkeys(opened, 200) | refused(model, rows[model])


@pytest.mark.parametrize("model", FOR_LEADS, ids=name_of)
def test_every_page_of_the_record_opens_for_a_lead(client, rows, model):
    client.force_login(people.user("lead"))
    opened = {page: client.get(page).status_code for page in pages(model, rows[model])}
    assert opened == dict.fromkeys(opened, 200) | refused(model, rows[model])


@pytest.mark.parametrize("model", FOR_LEADS, ids=name_of)
def test_every_list_and_record_opens_for_a_project_lead_to_read(client, rows, model):
    client.force_login(people.user("project_lead"))
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "change", rows[model].pk)).status_code == 200
    assert client.get(address(model, "delete", rows[model].pk)).status_code == 403


@pytest.mark.parametrize("role", ["secretary", "member", ""])
@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_page_is_refused_to_people_who_are_not_staff(client, rows, model, role):
    client.force_login(people.user(role))
    answers = {page: client.get(page, follow=True).status_code for page in pages(model, rows[model])}
    assert answers == dict.fromkeys(answers, 403)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_every_page_sends_a_stranger_to_sign_in(client, rows, model):
    for page in pages(model, rows[model]):
        response = client.get(page, follow=True)
        assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("model", ALL, ids=name_of)
def test_every_list_can_be_searched(client, model):
    client.force_login(people.superuser())
    assert client.get(address(model, "changelist"), {"q": "e"}).status_code == 200


@pytest.mark.parametrize("model", ALL, ids=name_of)
def test_a_record_that_is_not_there_is_not_found(client, model):
    client.force_login(people.superuser())
    for number in ("999", "x", "_5F"):
        assert client.get(address(model, "change", number)).status_code == 404
        assert client.get(address(model, "history", number)).status_code == 404


@pytest.mark.parametrize("model", [model for model in MODELS if has_history(model)], ids=name_of)
def test_the_history_shows_what_changed_and_offers_no_way_back(client, rows, model):
    lead = people.user("lead", name="Lee Lead")
    client.force_login(lead)
    row = rows[model]
    field = "you_said" if model is Response else "purpose" if model._meta.model_name == "forum" else "title"
    before = getattr(row, field)
    setattr(row, field, "Words of today")
    row._history_user = lead
    row.save()
    text = client.get(address(model, "history", row.pk)).content.decode()
    assert "Words of today" in text
    assert (before or "nothing") in text
    assert "Lee Lead" in text
    assert "style=" not in text.partition("change-history")[2].partition("</table>")[0]
    assert client.get(f"{address(model, 'history', row.pk)}1/", follow=True).status_code == 404


def test_the_front_page_says_what_is_left_to_do(client, rows):
    client.force_login(people.user("lead"))
    text = client.get("/admin/").content.decode()
    for words in [
        "1 answer to publish",
        "1 activity without a public answer",
        "1 activity that does not say what changed",
    ]:
        assert words in text
    assert "without dates" not in text
    assert 'href="/record/"' in text


def test_the_front_page_of_a_complete_record_says_so(client):
    activity = engagement.activity(what_changed="The service.")
    engagement.activity_count(activity)
    factories.published_response(activity=activity)
    client.force_login(people.user("lead"))
    assert "Nothing: the record is complete." in client.get("/admin/").content.decode()


def test_each_line_of_what_is_left_leads_to_as_many_rows(client, rows):
    factories.published_response(status="promised", promised_for="2024-01-01")
    engagement.activity(starts_on=None, ends_on=None, period=engagement.period())
    factories.response(status="promised", promised_for="2999-01-01")
    lead = people.user("lead")
    client.force_login(lead)
    lines = list(work.lines(lead))
    assert len(lines) == 6
    for line in lines:
        context = client.get(line.url).context
        shown = context["cl"].result_count if "cl" in context else context["page"].paginator.count
        assert line.words.startswith(f"{shown} ")


@pytest.mark.parametrize("value", ["x", "-1", "1,x", "9" * 30, "%00"])
@pytest.mark.parametrize("model", ADDABLE, ids=name_of)
def test_nonsense_in_the_address_of_a_new_record_is_no_error(client, model, value):
    client.force_login(people.superuser())
    query = {field.name: value for field in model._meta.get_fields() if field.is_relation}
    assert client.get(address(model, "add"), query).status_code == 200
