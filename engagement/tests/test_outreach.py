"""Outreach is born from a gap, keeps the share of that day, and says whether the gap closed (ENG-023, SVC-026)."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.documents.who_took_part import who_took_part
from engagement.models import OutreachAction
from engagement.services import participation as services
from engagement.tests import factories
from engagement.tests.project_factories import benchmark, in_days, participation, project
from people.models import EqualityOption, EqualityQuestion
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/record/outreach/"
WHAT = {"what": "A stall at the barber’s.", "owner": "Engagement officer"}


def sexes(harlow) -> EqualityQuestion:
    question = people.equality_question("sex")
    EqualityQuestion.objects.update(characteristic="sex")
    for code in ("female", "male"):
        EqualityOption.objects.filter(code=code).update(benchmark=code)
        benchmark(harlow, code, 500)
    return question


@pytest.fixture
def harlow():
    return people.area("Harlow", level="district")


@pytest.fixture
def sex(harlow):
    return sexes(harlow)


@pytest.fixture
def male(sex):
    return sex.options.get(code="male")


@pytest.fixture
def activity(harlow, sex):
    row = factories.activity("A-1", areas=[harlow])
    hear(row, sex, female=80, male=20)
    return row


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def hear(row, question, source="sheet", **numbers):
    for code, number in numbers.items():
        participation(row, question.options.get(code=code), number, source=source)


def begin(row, option, by, **words) -> OutreachAction:
    return services.begin_outreach(row, option, by=by, **WHAT | {"due_on": in_days(7)} | words)


def add(row) -> str:
    return f"/record/outreach/for/{row.pk}/"


def form(option, **answers) -> dict:
    day = answers.pop("due_on", in_days(7))
    return {"option": option.pk, "due_on_0": day.day, "due_on_1": day.month, "due_on_2": day.year} | WHAT | answers


# It begins -----------------------------------------------------------------------------------------


def test_outreach_begins_at_a_gap_and_keeps_the_share_that_is_shown(client, officer, activity, male):
    page = client.get(f"/record/who-took-part/{activity.pk}/").content.decode()
    address = f"{add(activity)}?option={male.pk}"
    assert address in page
    assert f'<option value="{male.pk}" selected>' in client.get(address).content.decode()
    for _twice in range(2):
        assert client.post(add(activity), form(male)).status_code == 302

    action = OutreachAction.objects.get()
    assert (action.option, action.share_then, action.base_then) == (male, Decimal("20.0"), 100)
    assert (action.what, action.owner, action.due_on) == (WHAT["what"], WHAT["owner"], in_days(7))
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id, event.detail) == ("began outreach", officer.pk, {"activity": activity.pk})


@pytest.mark.parametrize(
    ("numbers", "share", "base"),
    [
        ({"female": 95, "male": 4}, None, 100),
        ({"female": 20, "male": 4}, None, None),
        ({"female": 93, "male": 0, "prefer-not-to-say": 40}, None, None),
        ({"female": 81, "male": 17}, Decimal("15.0"), 100),
        ({"female": 91, "male": 20}, Decimal("18.2"), 110),
    ],
)
def test_a_small_count_is_never_kept(officer, harlow, sex, male, numbers, share, base):
    row = factories.activity(areas=[harlow])
    hear(row, sex, **numbers)
    action = begin(row, male, officer)
    action.refresh_from_db()
    assert (action.share_then, action.base_then) == (share, base)


def test_who_is_not_missing_is_not_offered_and_is_refused(client, officer, activity, sex):
    female, silent = (sex.options.get(code=code) for code in ("female", "prefer-not-to-say"))
    text = client.get(add(activity)).content.decode()
    assert "Sex Male" in text
    assert "Sex Female" not in text
    assert "Prefer not to say" not in text
    for option in (female, silent):
        assert client.post(add(activity), form(option)).status_code == 422
        with pytest.raises(ValidationError, match="is not missing"):
            begin(activity, option, officer)
    assert not OutreachAction.objects.exists()


def test_where_nobody_is_missing_the_page_says_so(client, officer, harlow, sex):
    row = factories.activity(areas=[harlow])
    hear(row, sex, female=50, male=50)
    assert "No group is missing." in client.get(add(row)).content.decode()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"what": ""}, "Enter what is done"),
        ({"owner": ""}, "Enter who sees to it"),
        ({"due_on": in_days(-1)}, "The day must not be in the past"),
    ],
)
def test_what_is_missing_is_asked_for(client, officer, activity, male, answers, words):
    page = client.post(add(activity), form(male, **answers))
    assert page.status_code == 422
    assert words in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_sent_twice_at_once_is_one_action(tmp_path):
    harlow = people.area("Harlow", level="district")
    question, officer = sexes(harlow), people.user("officer")
    row, option = factories.activity(areas=[harlow]), question.options.get(code="male")

    def send():
        return begin(row, option, officer).pk

    numbers = race(tmp_path, send, send)
    assert len(set(numbers)) == 1, numbers


# It ends -------------------------------------------------------------------------------------------


@pytest.fixture
def action(activity, male):
    row = begin(activity, male, people.user("lead"))
    AuditEvent.objects.all().delete()
    return row


def done(action, **answers) -> dict:
    day = answers.pop("done_on", timezone.localdate())
    return {"result": "Thirty men came.", "done_on_0": day.day, "done_on_1": day.month, "done_on_2": day.year} | answers


@pytest.mark.parametrize(
    ("numbers", "now", "words"),
    [
        ({"male": 60}, "50%, as expected", "closed"),
        ({"male": 30}, "38%, under-represented", "narrowed, not closed"),
        ({"female": 60, "male": 12}, "20%, under-represented", "not closed"),
    ],
)
def test_the_page_says_then_and_now_and_whether_the_gap_closed(client, officer, action, sex, numbers, now, words):
    hear(action.activity, sex, "the stall", **numbers)
    assert client.post(f"{LIST}{action.pk}/done/", done(action)).status_code == 302
    text = client.get(f"/record/who-took-part/{action.activity_id}/").content.decode()

    assert "20%, under-represented" in text
    assert now in text
    assert f">{words}</strong>" in text
    assert "Thirty men came." in text
    action.refresh_from_db()
    assert (action.done_on, action.result) == (timezone.localdate(), "Thirty men came.")
    assert AuditEvent.objects.get().verb == "finished outreach"


def test_a_hidden_share_is_read_back_as_hidden(officer, harlow, sex, male):
    row = factories.activity(areas=[harlow])
    hear(row, sex, female=95, male=4)
    begin(row, male, officer)
    hear(row, sex, "later", male=20)
    ((_action, since),) = who_took_part(row).outreach
    assert (since.share_then, since.share_now, since.closing.value) == ("*", "21%", "narrowed")


def test_the_same_end_again_is_harmless_and_another_is_refused(officer, action):
    end = {"by": officer, "result": "Thirty men came.", "done_on": timezone.localdate()}
    for _twice in range(2):
        services.finish_outreach(action, **end)
    assert AuditEvent.objects.count() == 1
    with pytest.raises(ValidationError, match="already said"):
        services.finish_outreach(action, **end | {"result": "Nobody came."})


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"result": ""}, "Enter what came of it"),
        ({"done_on": in_days(1)}, "between the beginning of the outreach and today"),
        ({"done_on": in_days(-1)}, "between the beginning of the outreach and today"),
    ],
)
def test_an_end_without_words_or_on_a_wrong_day_is_refused(client, officer, action, answers, words):
    page = client.post(f"{LIST}{action.pk}/done/", done(action, **answers))
    assert page.status_code == 422
    assert words in page.content.decode()
    with pytest.raises(ValidationError, match="Say what came of it"):
        services.finish_outreach(action, by=officer, result=" ", done_on=timezone.localdate())


def test_the_database_refuses_an_end_without_words(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutreachAction.objects.update(done_on=timezone.localdate())


# Who may, and what is left -------------------------------------------------------------------------


def test_a_project_lead_works_on_the_outreach_of_their_own_project_alone(client, harlow, sex, male):
    lead = people.user("project_lead")
    client.force_login(lead)
    theirs = factories.activity(areas=[harlow], project=project(lead=lead))
    other = factories.activity(areas=[harlow], project=project())
    foreign = begin(other, male, people.user("officer"))

    assert client.post(add(theirs), form(male)).status_code == 302
    own = OutreachAction.objects.get(activity=theirs)
    assert client.post(f"{LIST}{own.pk}/done/", done(own)).status_code == 302
    assert client.post(add(other), form(male)).status_code == 403
    assert client.post(f"{LIST}{foreign.pk}/done/", done(foreign)).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("secretary", 403), ("member", 403), ("", 403)])
def test_others_neither_read_nor_write(client, action, role, status):
    addresses = (LIST, add(action.activity), f"{LIST}{action.pk}/done/")
    assert all(client.get(address)["Location"].startswith("/accounts/login/") for address in addresses)
    client.force_login(people.user(role))
    assert [client.get(address).status_code for address in addresses] == [status] * 3
    assert client.post(add(action.activity), {}).status_code == status


def test_outreach_in_another_area_is_not_there(client, action):
    watford = people.user("officer", area=people.area("Watford"))
    client.force_login(watford)
    assert client.get(f"{LIST}{action.pk}/done/").status_code == 404
    assert "Nothing is open." in client.get(LIST).content.decode()


def test_what_is_overdue_is_left_to_do(client, officer, action):
    assert list(services.left(officer)) == []
    OutreachAction.objects.update(due_on=in_days(-1))
    assert [(line.words, line.url) for line in services.left(officer)] == [("1 outreach action is overdue", LIST)]
    text = client.get(LIST).content.decode()
    assert "overdue" in text
    assert WHAT["what"] in text
    assert list(services.left(people.user("officer", area=people.area("Watford")))) == []
    assert list(services.left(people.user("member"))) == []

    OutreachAction.objects.update(done_on=timezone.localdate(), result="Done")
    assert list(services.left(officer)) == []


def test_the_queries_of_the_list_do_not_grow(client, officer, activity, male):
    asked = []
    for rows in (1, 10, 100):
        OutreachAction.objects.bulk_create(
            OutreachAction(activity=activity, option=male, due_on=in_days(3) + datetime.timedelta(days=number), **WHAT)
            for number in range(rows)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]
