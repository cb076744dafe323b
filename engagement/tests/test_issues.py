"""Issues that somebody raised, from the first word to the day on which they were told (ENG-038)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import IssueRaised
from engagement.services import issues as services
from engagement.tests import factories
from engagement.tests.project_factories import in_days
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/record/issues/"


def issue(summary: str = "Labels hide the Braille", *, activity=None, days_ago: int = 5, **fields) -> IssueRaised:
    activity = activity or factories.activity()
    return activity.issues.create(**{"summary": summary, "raised_on": in_days(-days_ago)} | fields)


def address(name: str, *args) -> str:
    return reverse(f"engagement:{name}", args=args)


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def test_an_issue_is_followed_from_the_first_word_to_the_person_who_raised_it(client, lead):
    activity, pharmacy = factories.activity(), people.organisation("Community Pharmacy")
    today = timezone.localdate()
    day = {f"raised_on_{number}": part for number, part in enumerate((today.day, today.month, today.year))}
    client.post(address("issue_add", activity.pk), {"summary": "Labels hide the Braille", "route": "a meeting"} | day)
    row = IssueRaised.objects.get()

    def step(name, **data):
        return client.post(address("issue_step", row.pk, name), {f"{name}-{key}": value for key, value in data.items()})

    def on(name):
        return {f"{name}_{number}": part for number, part in enumerate((today.day, today.month, today.year))}

    assert step("close").status_code == 422
    step("assign", organisation=pharmacy.pk)
    step("answer", answer="Labels go on the other side.")
    step("acted", **on("acted_on"))
    step("tell", **on("person_told_on"))
    step("close")

    row.refresh_from_db()
    assert (row.organisation, row.answer) == (pharmacy, "Labels go on the other side.")
    assert (row.acted_on, row.closed_on, row.person_told_on) == (today, today, today)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "noted an issue", "assigned an issue", "answered an issue", "acted on an issue", "told the person",
        "closed an issue",
    ]  # fmt: skip


def test_nothing_closes_and_nobody_is_told_without_an_answer(lead):
    row = issue()

    for do in (services.close_issue, lambda row, by: services.person_told(row, by=by, person_told_on=in_days(0))):
        with pytest.raises(ValidationError) as error:
            do(row, by=lead)
        assert error.value.error_list[0].code == "no_answer"
    with pytest.raises(IntegrityError):
        IssueRaised.objects.update(closed_on=in_days(0))


def test_what_is_closed_is_opened_before_it_changes(lead):
    row = services.close_issue(issue(answer="Yes.", person_told_on=in_days(0)), by=lead)

    with pytest.raises(ValidationError, match="The issue is closed"):
        services.answer_issue(row, by=lead, answer="No.")
    services.reopen_issue(row, by=lead)
    services.answer_issue(row, by=lead, answer="No.")
    held = IssueRaised.objects.get()
    assert (held.answer, held.closed_on, held.person_told_on) == ("No.", None, None)


def test_the_same_step_twice_leaves_one_trace(lead):
    row = issue(person_told_on=in_days(0))
    for _time in range(2):
        services.answer_issue(row, by=lead, answer="Yes.")
        services.close_issue(row, by=lead)
        services.raise_issue(row.activity, by=lead, summary=row.summary, raised_on=row.raised_on)

    assert IssueRaised.objects.count() == 1
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("pk")) == [
        "answered an issue",
        "closed an issue",
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "The day must not be in the future"), (-9, "The day must not be before the issue was raised")],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field(lead, days, words):
    row = issue(answer="Yes.")

    for do, name in ((services.act_on_issue, "acted_on"), (services.person_told, "person_told_on")):
        with pytest.raises(ValidationError) as error:
            do(row, by=lead, **{name: in_days(days)})
        assert error.value.message_dict == {name: [words]}


def test_the_list_has_the_open_ones_first_and_marks_those_that_wait_too_long(client, lead):
    issue("Done", answer="Yes.", closed_on=in_days(0))
    issue("New", days_ago=30)
    issue("Old", days_ago=31)
    issue("Undated", raised_on=None)
    page = client.get(LIST)

    assert [row.summary for row in page.context["page"]] == ["Old", "New", "Undated", "Done"]
    assert [row.is_overdue for row in page.context["page"]] == [True, False, False, False]
    assert page.content.decode().count("open for 31 days") == 1


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state": "open"}, {"Old", "New"}),
        ({"state": "late"}, {"Old"}),
        ({"state": "closed"}, {"Told", "Untold"}),
        ({"state": "untold"}, {"Untold"}),
        ({"state": "nonsense"}, {"Old", "New", "Told", "Untold"}),
    ],
)
def test_the_list_is_narrowed_by_state(client, lead, query, shown):
    issue("Old", days_ago=40)
    issue("New")
    issue("Told", answer="Yes.", closed_on=in_days(0), person_told_on=in_days(0))
    issue("Untold", answer="Yes.", closed_on=in_days(0))

    assert {row.summary for row in client.get(LIST, query).context["page"]} == shown


def test_the_list_is_narrowed_by_organisation_and_topic(client, lead):
    pharmacy, topic = people.organisation("Pharmacy"), factories.topic("Labels")
    issue("Mine", organisation=pharmacy, topic=topic)
    issue("Other", organisation=people.organisation("Hospital"))

    for query in ({"organisation": pharmacy.pk}, {"topic": topic.pk}):
        assert [row.summary for row in client.get(LIST, query).context["page"]] == ["Mine"]


def test_issues_of_another_place_are_neither_listed_nor_found(client):
    west, east = people.area("West Essex"), people.area("East")
    mine = issue("Mine", activity=factories.activity(areas=[west]))
    other = issue("Canary words", activity=factories.activity(areas=[east]), days_ago=50)
    officer = people.user("officer", west)
    client.force_login(officer)

    assert [row.summary for row in client.get(LIST).context["page"]] == ["Mine"]
    assert client.get(address("issue_detail", mine.pk)).status_code == 200
    assert client.get(address("issue_detail", other.pk)).status_code == 404
    assert client.post(address("issue_step", other.pk, "close")).status_code == 404
    assert list(services.left(officer)) == []


@pytest.mark.parametrize("role", ["member", "secretary", ""])
def test_who_is_not_staff_is_refused(client, role):
    row = issue()
    client.force_login(people.user(role))

    for url in (LIST, address("issue_detail", row.pk), address("issue_add", row.activity_id)):
        assert client.get(url).status_code == 403
    assert client.post(address("issue_step", row.pk, "close")).status_code == 403


def test_a_project_lead_reads_and_changes_nothing(client):
    row = issue()
    client.force_login(people.user("project_lead"))
    page = client.get(address("issue_detail", row.pk))

    assert page.status_code == 200
    assert page.context["steps"] == []
    assert client.post(address("issue_step", row.pk, "close")).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(LIST).url.startswith("/accounts/login/")


def test_what_is_left_to_do_leads_to_as_many_rows(client, lead):
    issue("Old", days_ago=40)
    issue("New")
    issue("Untold", answer="Yes.", closed_on=in_days(0))
    lines = list(services.left(lead))

    assert [line.words for line in lines] == [
        "1 issue open for more than 30 days",
        "1 issue whose person was not told",
    ]
    for line in lines:
        assert client.get(line.url).context["page"].paginator.count == 1


def test_the_list_takes_no_more_queries_for_more_rows(client, lead, django_assert_max_num_queries):
    taken, activity = [], factories.activity()
    for rows in (1, 10, 100):
        for number in range(rows):
            issue(f"Issue {rows} {number}", activity=activity, organisation=people.organisation())
        with django_assert_max_num_queries(40) as queries:
            client.get(LIST)
        taken.append(len(queries))
    assert taken[0] == taken[1] == taken[2]


def test_a_day_nobody_noted_is_not_counted():
    assert issue(raised_on=None).days_open is None
    assert issue(raised_on=datetime.date(2023, 6, 1), answer="x", closed_on=in_days(0)).days_open is None
