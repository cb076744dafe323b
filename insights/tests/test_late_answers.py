"""What is late is known by its day, climbs from the owner to the Board, and is counted honestly (YSD-002 to 004)."""

import datetime

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.tests.racing import race
from engagement.models import Activity, Policy
from engagement.tests import factories as engagement
from engagement.tests.project_factories import in_days
from insights.documents import late, responses
from insights.models import Reminder, Status
from insights.services import late as services
from insights.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/insight/answers/late/"
WEEKS = 12  # the policy of a body that has set none


def over(days_late: int, **fields) -> Activity:
    """An activity that is over, whose answer was due so many days ago."""
    ended = in_days(-days_late - WEEKS * 7)
    return engagement.activity(**{"starts_on": ended, "ends_on": ended} | fields)


def promise(days_late: int, **fields):
    fields = {"status": Status.PROMISED, "promised_for": in_days(-days_late)} | fields
    return factories.published_response(**fields)


def public(activity: Activity) -> Activity:
    words = {"purpose": "To know.", "can_influence": "The hours.", "cannot_influence": "The law."}
    Activity.objects.filter(pk=activity.pk).update(slug=f"a-{activity.pk}", published_at=timezone.now(), **words)
    return activity


class Broken(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError


# What is late ------------------------------------------------------------------------------------


def test_an_answer_is_due_so_many_weeks_after_the_last_day():
    over(0)
    on_time, row = over(-1), over(1)

    found = late.late()

    assert [(each.activity, each.days, each.due_on) for each in found] == [(row, 1, in_days(-1))]
    assert on_time.ends_on + datetime.timedelta(weeks=WEEKS) == in_days(1)


def test_the_body_says_how_many_weeks():
    row = over(0)
    Policy.objects.create(answer_weeks=11)

    assert [(each.activity, each.days) for each in late.late()] == [(row, 7)]


@pytest.mark.parametrize("days", [(-30, None), (None, -30)])
def test_a_promise_is_late_when_either_of_its_days_has_passed(days):
    promised, update = (in_days(day) if day else None for day in days)
    row = promise(0, promised_for=promised, next_update_on=update)

    assert [(each.response, each.kind, each.days) for each in late.late()] == [(row, "promise", 30)]


def test_what_is_answered_kept_undated_or_not_yet_said_is_not_late():
    engagement.activity(starts_on=in_days(1), ends_on=in_days(2))
    factories.published_response(activity=over(400))
    cited = over(400)
    factories.published_response().also_answers.add(cited)
    factories.published_response(status=Status.DONE, promised_for=in_days(-9))
    engagement.activity(starts_on=None, ends_on=None, period=engagement.period())
    draft = factories.response(status=Status.PROMISED, promised_for=in_days(-9))
    Activity.objects.filter(pk=draft.activity_id).update(starts_on=in_days(-1), ends_on=in_days(-1))

    assert late.late() == []


def test_the_worst_comes_first_and_says_how_far_it_climbed():
    rows = [over(1), over(40), over(20)]
    kept = promise(30)

    found = late.late()

    assert [each.activity for each in found] == [rows[1], kept.activity, rows[2], rows[0]]
    assert [each.level for each in found] == ["board", "board", "lead", "owner"]
    assert late.ages(found) == [
        ("Late enough for the Board report", 2),
        ("Late enough for the engagement lead", 1),
        ("Late, with the owner", 1),
    ]


def test_a_period_has_what_fell_due_in_it():
    period = engagement.period(starts_on=in_days(-50), ends_on=in_days(-10), code="now")
    over(5)
    inside = over(30)

    assert [each.activity for each in late.late(period)] == [inside]


@pytest.mark.parametrize(("days", "level"), [(1, "owner"), (13, "owner"), (14, "lead"), (27, "lead"), (28, "board")])
def test_it_climbs_by_the_policy(days, level):
    assert late.level_after(days, Policy()) == level


# The public clock --------------------------------------------------------------------------------


def test_the_clock_goes_on_in_public_until_there_is_an_answer(client):
    row = public(over(9, title="Focus groups with carers"))
    day = in_days(-9)
    words = f"We said that we would answer by {day.day} {day:%B %Y}. We are 9 days late."

    assert late.clock(row) == words
    assert words in client.get("/you-said-we-did/").content.decode()
    factories.published_response(activity=row)
    assert late.clock(row) == ""
    assert "Focus groups with carers" not in client.get("/you-said-we-did/").content.decode()


def test_an_activity_without_a_public_page_has_no_public_clock(client):
    over(9, title="Canary activity")

    assert "anary" not in client.get("/you-said-we-did/").content.decode()


def test_a_late_promise_says_so_in_public(client):
    row = promise(9)
    day = in_days(-9)
    words = f"We said that we would do this by {day.day} {day:%B %Y}. We are 9 days late."

    assert words in client.get(row.get_absolute_url()).content.decode()
    assert words in client.get("/you-said-we-did/").content.decode()
    update = promise(0, promised_for=None, next_update_on=day)
    assert "We said that you would hear more by" in client.get(update.get_absolute_url()).content.decode()


def test_the_pages_of_activities_are_given_the_published_answers():
    activity, cited = engagement.activity(), engagement.activity()
    row = factories.published_response(activity=activity, status=Status.COULD_NOT, reason="No money.")
    row.also_answers.add(cited)
    factories.response(activity=activity, you_said="Canary words")

    found = responses.answers_of([activity.pk, cited.pk])

    assert found.keys() == {activity.pk, cited.pk}
    assert [(each.said, each.came, each.url) for each in found[cited.pk].published] == [
        (row.you_said, "No money.", row.get_absolute_url())
    ]
    assert found[activity.pk] == found[cited.pk]
    assert set(Activity.objects.filter(pk__in=responses.answered())) == {activity, cited}


# Reminders ---------------------------------------------------------------------------------------


def test_the_owner_hears_at_once_and_each_level_once(settings):
    owner, lead = people.user("officer"), people.user("lead")
    over(1, title="Focus groups with carers", owner=owner)

    assert (services.remind(), services.remind()) == (1, 0)
    assert [message.to for message in mail.outbox] == [[owner.email]]
    assert mail.outbox[0].subject == "1 answer is late"
    assert "Focus groups with carers" in mail.outbox[0].body
    assert f"{settings.SITE_URL}{LIST}" in mail.outbox[0].body

    Policy.objects.create(lead_after_days=1, board_after_days=2)
    assert (services.remind(), services.remind()) == (1, 0)
    assert [message.to for message in mail.outbox] == [[owner.email], [lead.email]]
    assert [(row.level, row.to) for row in Reminder.objects.order_by("pk")] == [("owner", owner), ("lead", None)]


def test_the_board_gets_no_mail_and_is_written_down(settings):
    people.user("lead")
    over(40, owner=people.user("officer"))

    assert services.remind() == 3
    assert set(Reminder.objects.values_list("level", flat=True)) == {"owner", "lead", "board"}
    assert len(mail.outbox) == 2


def test_one_mail_names_everything_that_is_late():
    owner = people.user("officer")
    for number in range(3):
        over(1, title=f"Activity {number}", owner=owner)
    promise(2, activity=engagement.activity(owner=owner))

    services.remind()

    assert [(message.to, message.subject) for message in mail.outbox] == [([owner.email], "4 answers are late")]


@pytest.mark.parametrize("fields", [{}, {"is_active": False}])
def test_the_leads_hear_where_nobody_is_there_to_ask(fields):
    lead = people.user("lead")
    over(1, owner=people.user("officer", **fields) if fields else None)

    services.remind()

    assert [message.to for message in mail.outbox] == [[lead.email]]


def test_a_lead_of_another_place_hears_nothing_of_it():
    west, east = people.area("West"), people.area("East")
    people.user("lead", east)
    mine = people.user("lead", west)
    over(20, title="Canary", areas=[west], owner=mine)

    services.remind()

    assert {address for message in mail.outbox for address in message.to} == {mine.email}


def test_what_could_not_be_mailed_is_mailed_the_next_time(settings, caplog):
    over(1, owner=people.user("officer"))
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"

    assert services.remind() == 0
    assert not Reminder.objects.exists()
    assert "could not be sent" in caplog.text
    settings.EMAIL_BACKEND = works
    assert services.remind() == 1
    assert len(mail.outbox) == 1


def test_a_new_day_for_a_promise_is_a_new_reminder():
    row = promise(20, activity=engagement.activity(owner=people.user("officer")))
    services.remind()
    type(row).objects.filter(pk=row.pk).update(promised_for=in_days(-2))

    assert services.remind() == 1


def test_the_database_keeps_one_reminder_of_one_thing():
    row, activity = promise(1), over(1)
    for about in ({"response": row}, {"activity": activity}):
        Reminder.objects.create(**about, level="owner", due_on=in_days(-1))
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(**about, level="owner", due_on=in_days(-1))
    for about in ({}, {"response": row, "activity": activity}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(**about, level="owner", due_on=in_days(-2))


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_once(tmp_path):
    over(1, owner=people.user("officer"))

    outcomes = race(tmp_path, services.remind, services.remind)

    assert sorted(outcomes) == [0, 1]


# How often, how soon -----------------------------------------------------------------------------


def test_how_many_are_answered_and_how_soon():
    published = {"published_at": datetime.datetime(2024, 1, 31, 9, tzinfo=datetime.UTC)}
    for day in (1, 11, 21):
        ended = datetime.date(2024, 1, day)
        state = Activity.State.CLOSED if day == 1 else Activity.State.RECORDED
        activity = engagement.activity(starts_on=ended, ends_on=ended, state=state)
        factories.published_response(activity=activity, **published)
    over(5)
    engagement.activity(state=Activity.State.CLOSED)
    undated = engagement.activity(starts_on=None, ends_on=None, period=engagement.period())
    factories.published_response(activity=undated, **published)

    found = late.timeliness()

    assert (found.over, found.answered, found.percent) == (6, 4, 66)
    assert (found.closed, found.closed_answered, found.closed_percent) == (2, 1, 50)
    assert (found.median_days, found.measured, found.undated) == (20, 3, 1)


def test_nothing_over_is_no_percentage():
    found = late.timeliness()

    assert (found.percent, found.closed_percent, found.median_days) == (None, None, None)


# The page ----------------------------------------------------------------------------------------


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def test_the_page_lists_what_is_late_the_worst_first(client, lead):
    over(3, title="Short")
    over(60, title="Long")
    kept = promise(10)
    page = client.get(LIST)

    assert next(row.words for row in page.context["page"]) == "Long"
    assert [row.days for row in page.context["page"]] == [60, 10, 3]
    assert reverse("insight_work:answer_detail", args=[kept.pk]) in page.content.decode()
    assert [row.days for row in client.get(LIST, {"kind": "promise"}).context["page"]] == [10]
    assert len(client.get(LIST, {"kind": "nonsense"}).context["page"]) == 3


def test_staff_of_one_place_read_what_is_late_there(client):
    west, east = people.area("West"), people.area("East")
    over(3, title="Mine", areas=[west])
    over(9, title="Canary", areas=[east])
    client.force_login(people.user("officer", west))
    page = client.get(LIST)

    assert [row.words for row in page.context["page"]] == ["Mine"]
    assert "anary" not in page.content.decode()


@pytest.mark.parametrize("role", ["member", "secretary", ""])
def test_who_is_not_staff_is_refused(client, role):
    client.force_login(people.user(role))

    assert client.get(LIST).status_code == 403


def test_a_stranger_signs_in_first(client):
    assert client.get(LIST).url.startswith("/accounts/login/")


def test_more_rows_take_no_more_queries(client, lead, django_assert_max_num_queries):
    taken = []
    for rows in (1, 10, 100):
        for _number in range(rows):
            over(rows)
            promise(rows)
        with django_assert_max_num_queries(40) as queries:
            client.get(LIST)
        taken.append(len(queries))

    assert taken[0] == taken[1] == taken[2]
