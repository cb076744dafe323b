"""The pages of quality visits: planned and followed by staff, written on by the visitors themselves (QPE-002)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import portal
from forums.models import QualityVisit, Training, Visitor
from forums.services import visits
from forums.tests.test_visits import made, seated, sent, today, visit
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return people.user("lead")


def day(name: str, when: datetime.date, prefix: str = "") -> dict:
    name = f"{prefix}-{name}" if prefix else name
    return {f"{name}_{part}": value for part, value in enumerate((when.day, when.month, when.year))}


# Staff -------------------------------------------------------------------------------------------


def test_a_lead_plans_a_visit_chooses_a_patient_and_keeps_the_answer(client, lead):
    provider, person = people.organisation("Hospital Trust"), seated("Ann Lee")
    Training.objects.create(title="Quality visits")
    client.force_login(lead)
    values = {"provider": provider.pk, "service": "Ward 7", "training_required": "Quality visits"}
    assert client.post("/work/visits/new/", values | day("visited_on", today())).status_code == 302
    row = QualityVisit.objects.get()
    add = f"/work/visits/{row.pk}/visitors/"
    refused = client.post(add, {"person": person.pk})
    assert refused.status_code == 422
    assert "Ann Lee has not done the training" in refused.content.decode()
    assert client.post(add, {"person": person.pk, "waived_because": "She was a ward sister"}).status_code == 302
    page = client.get(f"/work/visits/{row.pk}/").content.decode()
    assert "She was a ward sister" in page
    assert str(lead) in page
    step = f"/work/visits/{row.pk}/steps"
    client.post(f"{step}/made/")
    client.post(f"{step}/findings/", {"findings-findings": "Calm, but dark."})
    client.post(f"{step}/sent/", day("sent_on", today(), "sent") | day("response_due_on", today(28), "sent"))
    client.post(f"{step}/response/", {"response-response": "New lamps"} | day("responded_on", today(), "response"))
    row.refresh_from_db()
    assert (row.status, row.findings, row.response) == ("answered", "Calm, but dark.", "New lamps")
    assert "New lamps" in client.get(f"/work/visits/{row.pk}/").content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, lead):
    client.force_login(lead)
    answer = client.post("/work/visits/new/", {"service": "Ward <7> 🙂"} | day("visited_on", today()))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["provider"])
    assert "Ward &lt;7&gt; 🙂" in answer.content.decode()
    row = visit(1)
    early = client.post(f"/work/visits/{row.pk}/steps/made/")
    assert early.status_code == 422
    assert "The visit has not been yet" in early.content.decode()
    again = {"provider": row.provider_id, "service": "Ward 7"} | day("visited_on", today(1))
    assert "This visit is on the list already" in client.post("/work/visits/new/", again).content.decode()


def test_a_planned_visit_is_changed_and_a_visitor_taken_off(client, lead):
    row = visit(3)
    visitor = visits.add_visitor(row, by=lead, person=seated("Ann Lee"))
    client.force_login(lead)
    values = {"provider": row.provider_id, "service": "Ward 8"} | day("visited_on", today(4))
    assert client.post(f"/work/visits/{row.pk}/edit/", values).status_code == 302
    row.refresh_from_db()
    assert (row.service, row.visited_on) == ("Ward 8", today(4))
    assert client.post(f"/work/visits/visitors/{visitor.pk}/remove/").status_code == 302
    assert not row.visitors.exists()


def test_staff_write_what_a_visitor_told_them(client, lead):
    _row, visitor = made(lead)
    client.force_login(lead)
    assert client.post(f"/work/visits/visitors/{visitor.pk}/observations/", {"observations": " "}).status_code == 422
    client.post(f"/work/visits/visitors/{visitor.pk}/observations/", {"observations": "It was dark"})
    visitor.refresh_from_db()
    assert (visitor.observations, visitor.observed_by) == ("It was dark", lead)


@pytest.mark.parametrize("role", ["project_lead", "secretary", "safeguarding", "member", ""])
def test_nobody_else_opens_the_pages_of_staff(client, lead, role):
    row, visitor = made(lead)
    client.force_login(people.user(role))
    addresses = f"{row.pk}/ {row.pk}/edit/ {row.pk}/visitors/ visitors/{visitor.pk}/observations/ new/".split()
    for address in ("", *addresses):
        assert client.get(f"/work/visits/{address}").status_code == 403
    for address in (f"{row.pk}/steps/findings/", f"visitors/{visitor.pk}/remove/"):
        assert client.post(f"/work/visits/{address}").status_code == 403


def test_an_officer_of_one_place_does_not_see_those_of_another(client, lead):
    west, east = people.area(), people.area()
    near = visit(area=west)
    far = visit(area=east, provider=people.organisation())
    central = visit(provider=people.organisation())
    client.force_login(people.user("officer", west))
    assert list(client.get("/work/visits/").context["page"]) == [near]
    for row in (far, central):
        visitor = visits.add_visitor(row, by=lead, person=seated())
        for address in (f"{row.pk}/", f"{row.pk}/edit/", f"{row.pk}/visitors/", f"visitors/{visitor.pk}/observations/"):
            assert client.get(f"/work/visits/{address}").status_code == 404
        assert client.post(f"/work/visits/{row.pk}/steps/made/").status_code == 404
        assert client.post(f"/work/visits/visitors/{visitor.pk}/remove/").status_code == 404
    assert Visitor.objects.count() == 2


def test_the_list_narrows_and_asks_the_database_as_often_for_a_hundred_rows(client, lead):
    client.force_login(lead)
    late, _visitor = sent(lead)
    assert list(client.get("/work/visits/?status=left").context["page"]) == [late]
    assert list(client.get("/work/visits/?status=planned").context["page"]) == []
    assert client.get("/work/visits/?status=nonsense").context["filters"].left_out
    counts = []
    for more in (0, 9, 90):
        for number in range(more):
            visit(number, provider=late.provider, service=f"Ward {more} {number}")
        with CaptureQueriesContext(connection) as queries:
            client.get("/work/visits/")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


# Visitors ----------------------------------------------------------------------------------------


def test_a_visitor_sees_the_visit_writes_and_reads_what_came_of_it(client, lead):
    row = visit(0)
    visitor = visits.add_visitor(row, by=lead, person=seated("Ann Lee"))
    person = visitor.person
    assert ("Visit to Ward 7, Hospital Trust", today()) in [
        (card.title, card.due) for card in portal.waiting_for(person)
    ]
    client.force_login(person.user)
    address = f"/members/visits/{visitor.pk}/"
    assert "Is it calm?" in client.get(address).content.decode()
    assert client.post(address, {"observations": ""}).status_code == 422
    assert client.post(address, {"observations": "It was <b>dark</b>"}).status_code == 302
    assert "It was &lt;b&gt;dark&lt;/b&gt;" in client.get(address).content.decode()
    visits.mark_made(row, by=lead)
    visits.write_findings(row, by=lead, findings="SecretFindings")
    assert list(visits.cards(person)) == []
    assert "SecretFindings" not in client.get(address).content.decode()
    visits.send_findings(row, by=lead, sent_on=today())
    visits.record_response(row, by=lead, response="New lamps", responded_on=today())
    page = client.get(address).content.decode()
    assert "SecretFindings" in page
    assert "New lamps" in page
    late = client.post(address, {"observations": "Something else"})
    assert late.status_code == 422
    assert ("Hospital Trust answered to your visit: Ward 7", "New lamps") in [
        (card.title, card.text) for card in portal.came_of(person)
    ]


def test_who_wrote_nothing_is_asked_after_the_visit_and_nobody_about_a_cancelled_one(lead):
    _row, visitor = made(lead, days=-1)
    assert [card.title for card in visits.cards(visitor.person)] == ["Write what you saw: Ward 7, Hospital Trust"]
    other = visit(3, provider=people.organisation())
    called_off = visits.add_visitor(other, by=lead, person=seated())
    visits.cancel(other, by=lead, cancelled_because="Norovirus")
    assert list(visits.cards(called_off.person)) == []


def test_nobody_opens_the_visit_of_somebody_else_or_one_that_was_called_off(client, lead):
    row, visitor = made(lead)
    visits.observe(visitor, by=lead, observations="SecretWords")
    fellow = seated()
    client.force_login(fellow.user)
    for answer in (
        client.get(f"/members/visits/{visitor.pk}/"),
        client.post(f"/members/visits/{visitor.pk}/", {"observations": "Mine"}),
    ):
        assert answer.status_code == 404
        assert "SecretWords" not in answer.content.decode()
    client.force_login(lead)
    assert client.get(f"/members/visits/{visitor.pk}/").status_code == 403
    QualityVisit.objects.filter(pk=row.pk).update(status="cancelled", cancelled_because="x")
    client.force_login(visitor.person.user)
    assert client.get(f"/members/visits/{visitor.pk}/").status_code == 404


def test_before_its_day_a_visitor_can_only_read(client, lead):
    visitor = visits.add_visitor(visit(2), by=lead, person=seated())
    client.force_login(visitor.person.user)
    page = client.get(f"/members/visits/{visitor.pk}/").content.decode()
    assert "Come back on the day of the visit" in page
    assert "<textarea" not in page
    assert client.post(f"/members/visits/{visitor.pk}/", {"observations": "Early"}).status_code == 422
