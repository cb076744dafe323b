"""What reports recommend: noted once, decided by a committee, done with evidence; overdue first, and seen by whom."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from forums.tests import factories as forums
from insights.models import Recommendation
from insights.services import recommendations as services
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/insight/recommendations/"


def day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def recommendation(**fields) -> Recommendation:
    """One that waits for a committee; what the fields say is written as it stands."""
    fields["source"] = fields.get("source") or factories.source()
    number = fields["source"].recommendations.count() + 1
    return Recommendation.objects.create(**{"number": number, "text": f"Do thing {number}"} | fields)


def accepted(**fields) -> Recommendation:
    defaults = {"outcome": "accepted", "considered_on": day(-30), "action": "Hire two people", "owner": "Director"}
    fields["committee"] = fields.get("committee") or forums.forum(kind=forums.forum_kind("board", is_committee=True))
    return recommendation(**defaults | {"due_on": day(10)} | fields)


def decided(by_whom, **fields) -> dict:
    values = {"outcome": "accepted", "committee": by_whom, "considered_on": day(-1), "action": "Hire"}
    return values | {"owner": "Director", "due_on": day(30)} | fields


def verbs(row) -> list[str]:
    rows = AuditEvent.objects.filter(subject_type="insights.recommendation", subject_id=str(row.pk))
    return list(rows.order_by("pk").values_list("verb", flat=True))


# Services ----------------------------------------------------------------------------------------


def test_a_recommendation_is_noted_once_and_numbered_in_its_report():
    by, source = people.user("officer"), factories.source()
    one = services.add_recommendation(source, by=by, text="Ask carers")
    assert services.add_recommendation(source, by=by, text=" Ask carers ") == one
    two = services.add_recommendation(source, by=by, text="Ask nurses", number=7)
    three = services.add_recommendation(source, by=by, text="Ask porters")
    assert [one.number, two.number, three.number] == [1, 7, 8]
    assert verbs(one) == ["noted a recommendation"]
    with pytest.raises(ValidationError):
        services.add_recommendation(source, by=by, text="Another", number=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        recommendation(source=source, number=7)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_get_two_numbers(tmp_path):
    by, source = people.user("officer"), factories.source()
    calls = [
        lambda text=text: services.add_recommendation(source, by=by, text=text).number for text in ("First", "Second")
    ]
    assert sorted(race(tmp_path, *calls)) == [1, 2]


@pytest.mark.parametrize("fields", [{"layer": "raw"}, {"state": "retired", "state_because": "Old"}])
def test_only_a_report_in_use_recommends(fields):
    with pytest.raises(ValidationError, match="Only a report of findings that is in use"):
        services.add_recommendation(factories.source(**fields), by=people.user("officer"), text="Ask carers")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"committee": None}, {"committee": ["Select the committee that decided"]}),
        ({"considered_on": None}, {"considered_on": ["Enter the day on which the committee decided"]}),
        ({"considered_on": day(1)}, {"considered_on": ["The day must not be in the future"]}),
        ({"action": " "}, {"action": ["Say what is done"]}),
        ({"owner": ""}, {"owner": ["Enter the post that sees to it"]}),
        ({"due_on": None}, {"due_on": ["Enter the day by which it is done"]}),
        ({"outcome": "partly"}, {"because": ["Say why it was not accepted in full"]}),
        ({"outcome": "rejected"}, {"because": ["Say why it was not accepted in full"]}),
    ],
)
def test_what_a_decision_lacks_is_said_beside_its_field(fields, wrong):
    row, by = recommendation(), people.user("officer")
    with pytest.raises(ValidationError) as error:
        services.change_recommendation(row, by=by, **decided(forums.committee(), **fields))
    assert error.value.message_dict == wrong
    row.refresh_from_db()
    assert (row.outcome, verbs(row)) == ("waiting", [])


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "accepted", "action": "Hire", "owner": "Director", "due_on": day(1)},
        {"outcome": "rejected"},
        {"outcome": "accepted"},
        {"done_on": day(-1), "evidence": "Minute 4"},
    ],
)
def test_the_database_holds_the_same_rules(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        recommendation(**fields)


def test_only_a_committee_decides():
    with pytest.raises(ValidationError) as error:
        services.change_recommendation(recommendation(), by=people.user("officer"), **decided(forums.forum()))
    assert list(error.value.message_dict) == ["committee"]


def test_a_change_is_audited_by_field_and_the_same_again_is_nothing():
    row, by, committee = recommendation(), people.user("officer"), forums.committee()
    for _time in range(2):
        services.change_recommendation(row, by=by, **decided(committee))
    assert verbs(row) == ["changed a recommendation"]


def test_it_is_done_once_with_evidence_and_not_before_it_was_accepted():
    row, by = accepted(), people.user("officer")
    with pytest.raises(ValidationError, match="It cannot be done before the committee accepted it"):
        services.finish_recommendation(row, by=by, done_on=day(-31), evidence="Minute 4")
    with pytest.raises(ValidationError, match="The day must not be in the future"):
        services.finish_recommendation(row, by=by, done_on=day(1), evidence="Minute 4")
    with pytest.raises(ValidationError, match="Say what shows that it was done"):
        services.finish_recommendation(row, by=by, done_on=day(0), evidence=" ")
    for evidence in ("Minute 4", "Something else"):
        services.finish_recommendation(row, by=by, done_on=day(0), evidence=evidence)
    row.refresh_from_db()
    assert (row.done_on, row.evidence, row.is_overdue) == (day(0), "Minute 4", False)
    assert verbs(row) == ["did what was recommended"]
    with pytest.raises(ValidationError, match="It is done already, so it was accepted"):
        services.change_recommendation(row, by=by, outcome="rejected", because="Too dear")


def test_what_no_committee_accepted_cannot_be_done():
    with pytest.raises(ValidationError, match="Say first which committee accepted it"):
        services.finish_recommendation(recommendation(), by=people.user("officer"), done_on=day(0), evidence="x")


def test_overdue_is_only_what_was_accepted_and_is_not_done():
    late = accepted(due_on=day(-1))
    accepted(due_on=day(0))
    accepted(due_on=day(-1), done_on=day(-2), evidence="Minute 4")
    recommendation(due_on=day(-1))
    assert list(Recommendation.objects.overdue()) == [late]
    assert [row.is_overdue for row in Recommendation.objects.order_by("pk")] == [True, False, False, False]


# Pages -------------------------------------------------------------------------------------------


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def test_overdue_stands_first_then_by_committee(client, officer):
    ware, board = forums.committee("Ware Committee"), forums.committee("Audit Committee")
    rejected = recommendation(outcome="rejected", committee=board, considered_on=day(-2), because="Too dear")
    waiting = recommendation()
    second, first = accepted(committee=ware), accepted(committee=board)
    late = accepted(committee=ware, due_on=day(-1))
    assert list(client.get(LIST).context["page"]) == [late, first, second, waiting, rejected]
    assert list(client.get(LIST, {"committee": board.pk}).context["page"]) == [first, rejected]
    shown = {show: list(client.get(LIST, {"show": show}).context["page"]) for show in ("overdue", "waiting", "done")}
    assert shown == {"overdue": [late], "waiting": [waiting], "done": []}
    assert "left it out" in client.get(LIST, {"committee": "9999"}).content.decode()


def test_the_list_asks_the_same_whatever_its_length(client, officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    counts = []
    for number in (1, 9, 90):
        source = factories.source()
        for _each in range(number):
            accepted(source=source)
        counts.append(queries())
    assert counts[0] == counts[1] == counts[2]


def test_pages_are_for_those_whose_area_it_is(client):
    source = factories.source(title="Canary report")
    source.areas.add(people.area("Ware"))
    row = accepted(source=source, text="Canary words")
    pages = [
        reverse("insight_work:recommendation_add", args=[source.pk]),
        reverse("insight_work:recommendation_edit", args=[row.pk]),
        reverse("insight_work:recommendation_done", args=[row.pk]),
    ]
    expected = {"officer": 200, "elsewhere": 404, "project_lead": 403, "member": 403}
    for who, status in expected.items():
        area = people.area() if who == "elsewhere" else None
        client.force_login(people.user("officer" if who == "elsewhere" else who, area=area))
        assert [client.get(page).status_code for page in pages] == [status] * 3, who
        assert [client.post(page).status_code for page in pages] == [422 if status == 200 else status] * 3, who
        listed = client.get(LIST)
        assert listed.status_code == (403 if who == "member" else 200)
        assert ("Canary words" in listed.content.decode()) == (who in {"officer", "project_lead"})
    client.logout()
    assert [client.get(page).status_code for page in [LIST, *pages]] == [302] * 4


def test_from_the_report_to_done_on_the_pages(client, officer):
    source, committee = factories.source(), forums.committee()
    client.post(f"/insight/library/{source.pk}/recommendations/add/", {"text": "Ask carers", "outcome": "waiting"})
    row = Recommendation.objects.get()
    assert (row.number, row.outcome) == (1, "waiting")
    edit = reverse("insight_work:recommendation_edit", args=[row.pk])
    typed = {"text": "Ask carers", "outcome": "partly", "action": "Ask those of adults"}
    page = client.post(edit, typed)
    assert page.status_code == 422
    assert "Say why it was not accepted in full" in page.content.decode()
    assert "Ask those of adults" in page.content.decode()
    typed |= {"committee": committee.pk, "because": "No money for more", "owner": "Director"}
    typed |= {f"considered_on_{part}": value for part, value in enumerate([1, 3, 2024])}
    typed |= {f"due_on_{part}": value for part, value in enumerate([1, 6, 2024])}
    assert client.post(edit, typed).status_code == 302
    done = {"evidence": "Minute 4"} | {f"done_on_{part}": value for part, value in enumerate([1, 5, 2024])}
    assert client.post(reverse("insight_work:recommendation_done", args=[row.pk]), done).status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.committee, row.done_on) == ("partly", committee, datetime.date(2024, 5, 1))


def test_no_script_of_a_recommendation_runs(client, officer):
    row = accepted(text="<script>alert('canary')</script>", because="<b>x</b>")
    for page in (LIST, reverse("insight_work:recommendation_edit", args=[row.pk])):
        assert "<script>alert" not in client.get(page).content.decode()


def test_the_page_of_the_report_shows_what_it_recommends(rf):
    source = factories.source()
    row = accepted(source=source, text="Ask carers", due_on=day(-1))
    words = render_to_string("insights/learning/of_source.html", {"source": source, "perms": {"insights": {}}})
    assert "Ask carers" in words
    assert "overdue" in words
    assert reverse("insight_work:recommendation_edit", args=[row.pk]) not in words
    assert "recommends" not in render_to_string(
        "insights/learning/of_source.html", {"source": factories.raw_data(), "perms": {"insights": {}}}
    )


def test_what_waits_is_on_the_front_page_of_staff():
    accepted(due_on=day(-1))
    recommendation()
    words = [str(line.words) for line in services.left(people.user("officer"))]
    assert words == ["1 recommendation that is overdue", "1 recommendation that no committee has decided on"]
    assert list(services.left(people.user("project_lead"))) == []
