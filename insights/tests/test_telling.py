"""Everybody who took part is told once of each answer, in the way they chose, and it is counted (YSD-003)."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, JobState
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from insights.documents import telling as documents
from insights.jobs import telling as work
from insights.models import Contributor, Receipt, Slips, Status, Telling, Told
from insights.services import responses, telling
from insights.tasks import tell_contributors
from insights.tests import factories
from insights.tests import insight_factories as insight
from people.models import Message
from people.services import merging, messages, privacy
from people.tests import factories as people

pytestmark = pytest.mark.django_db
How, Occasion = Contributor.How, Telling.Occasion
LAST = datetime.date(2024, 3, 1)


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def answer():
    people.body(phone="01992 000000")
    activity = engagement.activity(starts_on=LAST, ends_on=LAST, title="Talks about buses")
    return factories.published_response(
        activity=activity, published_at=timezone.now(), you_said="The bus is late.", we_did="There is a second bus."
    )


def took_part(answer, name="Ann Lee", **fields) -> Contributor:
    person = people.person(name, **{"email": f"{name.replace(' ', '.').lower()}@example.org"} | fields)
    return insight.contributor(activity=answer.activity, person=person)


def do(job: Telling) -> Telling:
    tell_contributors(job.pk)
    job.refresh_from_db()
    return job


def send_all() -> None:
    from people.tasks import send_message

    for message in Message.objects.filter(state=JobState.QUEUED, channel="email"):
        send_message(message.pk)


def test_everybody_is_told_in_the_way_they_chose(answer, lead):
    by_mail = took_part(answer).person
    by_post = took_part(answer, "Bo Post", channel="post", address="1 High Street").person
    job = do(telling.tell(answer, by=lead))
    send_all()
    assert job.state == JobState.DONE
    assert [(each.person, each.channel, each.requested_by) for each in Message.objects.order_by("pk")] == [
        (by_mail, "email", lead),
        (by_post, "post", lead),
    ]
    (sent,) = mail.outbox
    for words in ("The bus is late.", "There is a second bus.", answer.get_absolute_url(), "Talks about buses",
                  "Did we hear you right?", "01992 000000"):  # fmt: skip
        assert words in sent.body
    assert sent.subject == f"What came of what you told us: {answer.topic}"
    assert "Bo Post" not in sent.body


def test_somebody_with_an_account_is_led_to_their_own_page(answer, lead):
    member = people.member("Mem Ber")
    insight.contributor(activity=answer.activity, person=member)
    do(telling.tell(answer, by=lead))
    assert reverse("heard:verdict", args=[answer.pk]) in Message.objects.get().body


def test_nobody_is_told_twice_however_often_it_is_asked_for(answer, lead):
    took_part(answer)
    for _time in range(3):
        do(telling.tell(answer, by=lead))
    assert (Message.objects.count(), Told.objects.count(), Telling.objects.count()) == (1, 1, 1)


def test_who_came_on_the_list_later_is_told_later(answer, lead):
    took_part(answer)
    do(telling.tell(answer, by=lead))
    later = took_part(answer, "La Ter").person
    do(telling.tell(answer, by=lead))
    assert [each.person for each in Message.objects.order_by("pk")][1:] == [later]


def test_a_worker_that_was_lost_half_way_leaves_nobody_out_and_nobody_twice(answer, lead, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 2)
    for number in range(5):
        took_part(answer, f"Person N{number}")
    real, done = work._tell_all, []

    def stops(job, batch):
        if done:
            raise RuntimeError("the worker is lost")
        done.append(batch)
        return real(job, batch)

    monkeypatch.setattr(work, "_tell_all", stops)
    job = do(telling.tell(answer, by=lead))
    assert (job.state, Message.objects.count()) == (JobState.FAILED, 2)
    monkeypatch.setattr(work, "_tell_all", real)
    job = do(telling.tell(answer, by=lead))
    assert (job.state, Message.objects.count(), Told.objects.count()) == (JobState.DONE, 5, 5)


def test_who_wants_no_news_or_cannot_be_told_is_not_written_to(answer, lead):
    insight.contributor(activity=answer.activity, person=people.person(email="q@example.org"), wants_no_news=True)
    insight.contributor(activity=answer.activity, person=people.person("No Way"))
    took_part(answer, "Never Agreed")
    Contributor.objects.filter(person__name="Never Agreed").update(how=How.FORUM)
    do(telling.tell(answer, by=lead))
    assert not Message.objects.exists()
    found = documents.picture(answer)
    assert (found.reachable.people, found.reachable.can, found.reachable.no_news, found.untold) == (3, 0, 1, 0)
    assert [number for _reason, number in found.reachable.cannot] == [1, 1]


def test_who_wants_no_news_of_one_activity_gets_none_of_an_answer_to_both(answer, lead):
    other = engagement.activity()
    answer.also_answers.add(other)
    person = took_part(answer).person
    insight.contributor(activity=other, person=person, wants_no_news=True)
    do(telling.tell(answer, by=lead))
    assert not Message.objects.exists()


def test_people_of_another_activity_that_it_answers_are_told_too(answer, lead):
    other = engagement.activity()
    answer.also_answers.add(other)
    person = took_part(answer).person
    insight.contributor(activity=other, person=person)
    insight.contributor(activity=other, person=people.person("Oth Er", email="o@example.org"))
    insight.contributor(person=people.person("Elsewhere", email="e@example.org"))
    do(telling.tell(answer, by=lead))
    assert sorted(each.person.name for each in Message.objects.all()) == ["Ann Lee", "Oth Er"]


def test_an_answer_that_is_not_public_tells_nobody(answer, lead):
    took_part(answer)
    job = telling.tell(answer, by=lead)
    responses.withdraw_response(answer, by=lead)
    assert do(job).state == JobState.DONE
    assert not Message.objects.exists()
    with pytest.raises(ValidationError, match="Publish the answer first"):
        telling.tell(answer, by=lead)


@pytest.mark.parametrize(
    ("status", "words"), [(Status.DONE, "It is done: "), (Status.COULD_NOT, "It could not be done: ")]
)
def test_once_it_is_settled_everybody_hears_again(lead, status, words):
    answer = factories.published_response(
        status=Status.PROMISED, published_at=timezone.now(), promised_for=projects.in_days(30)
    )
    answer.status_changes.update(at=timezone.now() - datetime.timedelta(days=1))
    took_part(answer)
    do(telling.tell(answer, by=lead))
    responses.set_status(answer, Status.UNDER_WAY, by=lead)
    do(telling.tell(answer, by=lead))
    assert Message.objects.count() == 1
    more = {"reason": "It costs too much.", "reason_code": "cost"} if status == Status.COULD_NOT else {}
    responses.set_status(answer, status, by=lead, **more)
    for _time in range(2):
        do(telling.tell(answer, by=lead))
    assert [each.subject for each in Message.objects.order_by("pk")][1:] == [f"{words}{answer.topic}"]
    assert Told.objects.count() == 1
    assert set(Telling.objects.values_list("occasion", flat=True)) == {"published", str(telling.SETTLED[status])}


def test_it_happens_by_itself_in_the_first_weeks_and_not_for_old_news(answer):
    took_part(answer)
    old = factories.published_response(published_at=timezone.now() - datetime.timedelta(days=29))
    old.status_changes.update(at=timezone.now() - datetime.timedelta(days=40))
    took_part(old, "Long Ago")
    old.status_changes.create(status=Status.DONE, note="A word more, and no new status")
    factories.published_response(published_at=timezone.now())  # nobody took part
    assert telling.tell_due() == 1
    assert telling.tell_due() == 0
    do(Telling.objects.get())
    assert [each.person.name for each in Message.objects.all()] == ["Ann Lee"]
    assert telling.tell_due() == 0
    took_part(answer, "La Ter")
    assert telling.tell_due() == 1


# What is counted ---------------------------------------------------------------------------------


def test_reached_is_what_was_sent_or_posted_and_not_what_was_written(answer, lead):
    took_part(answer)
    took_part(answer, "Bo Post", channel="post", address="1 High Street")
    took_part(answer, "Cy Fail")
    do(telling.tell(answer, by=lead))
    found = documents.picture(answer)
    assert (found.told, found.reached, found.waiting, found.failed) == (3, 0, 3, 0)
    Message.objects.filter(person__name="Cy Fail").update(state="failed", finished_at=timezone.now(), error="x")
    send_all()
    found = documents.picture(answer)
    assert (found.told, found.reached, found.waiting, found.failed) == (3, 1, 1, 1)
    messages.mark_delivered(Message.objects.get(channel="post"), by=lead)
    assert documents.picture(answer).reached == 2


def test_that_somebody_was_reached_outlasts_the_message(answer, lead):
    took_part(answer)
    do(telling.tell(answer, by=lead))
    send_all()
    assert telling.note_reached() == 1
    assert telling.note_reached() == 0
    Message.objects.all().delete()
    assert documents.picture(answer).reached == 1


def test_codes_are_counted_apart(answer):
    slips = Slips.objects.create(activity=answer.activity, seed="6fa459ea-ee8a-3ca4-894e-db77e160355e", number=2)
    one, _two = [Receipt.objects.create(slips=slips, place=n, code_hash=f"h{n}") for n in (1, 2)]
    survey = projects.survey(activity=answer.activity)
    projects.survey_response(survey)
    projects.survey_response(survey, is_sent=False)
    projects.survey_response(survey, route="file", row_key="1")
    Told.objects.create(response=answer, way="code", receipt=one, reached_at=timezone.now())
    found = documents.picture(answer)
    assert (found.by_code, found.codes, found.told) == (1, 3, 0)


def test_days_run_from_the_last_day_to_the_day_on_which_people_were_reached(answer):
    day = timezone.make_aware(datetime.datetime.combine(LAST, datetime.time(12)))
    for number, days in enumerate((10, 20, 60)):
        person = people.person(f"P{number}")
        Told.objects.create(response=answer, way="message", person=person, reached_at=day + datetime.timedelta(days))
    Told.objects.create(response=answer, way="message", person=people.person())
    found = documents.picture(answer)
    assert (found.days, found.measured, found.last_day) == (20, 3, LAST)
    factories.published_response()
    undated = factories.published_response(activity=engagement.activity(starts_on=LAST, ends_on=None, is_ongoing=True))
    Told.objects.create(response=undated, way="code", reached_at=day)
    found = documents.delay(type(answer).objects.all())
    assert (found.answers, found.measured, found.untold, found.undated, found.days) == (3, 1, 1, 1, 10)


def test_the_figures_stand_when_somebody_is_erased(answer, lead):
    person = took_part(answer).person
    do(telling.tell(answer, by=lead))
    send_all()
    telling.note_reached()
    request = privacy.ask_for_erasure(person, how="phone", by=lead)
    privacy.erase(request, by=people.user("lead"))
    assert not Contributor.objects.exists()
    told = Told.objects.get()
    assert (told.person, told.message) == (None, None)
    found = documents.picture(answer)
    assert (found.reachable.people, found.told, found.reached, found.gone) == (0, 1, 1, 1)


def test_two_entries_of_one_person_become_one_and_are_not_told_again(answer, lead):
    keep, gone = took_part(answer).person, took_part(answer, "Anne Lee").person
    do(telling.tell(answer, by=lead))
    merging.merge(keep, gone, by=lead)
    assert (Contributor.objects.get().person, Told.objects.get().person) == (keep, keep)
    do(telling.tell(answer, by=lead))
    assert Message.objects.count() == 2


def test_the_picture_asks_as_often_for_one_as_for_a_hundred(answer):
    counts = []
    for number in (1, 10, 100):
        for each in range(number):
            row = took_part(answer, f"N{number} P{each}")
            Told.objects.create(response=answer, way="message", person=row.person)
        with CaptureQueriesContext(connection) as queries:
            documents.picture(answer)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


# The page ----------------------------------------------------------------------------------------


def test_the_page_shows_the_figures_and_tells(client, answer, lead):
    took_part(answer)
    client.force_login(lead)
    page = client.get(reverse("insight_work:told", args=[answer.pk])).content.decode()
    assert "1 person can be told and has not been." in page
    page = client.post(reverse("insight_work:tell", args=[answer.pk]), follow=True).content.decode()
    assert "People are being told" in page
    assert "Telling people" in page
    assert AuditEvent.objects.filter(verb="had people told").count() == 1
    do(Telling.objects.get())
    page = client.get(reverse("insight_work:told", args=[answer.pk])).content.decode()
    assert "Telling people" not in page


def test_who_may_see_and_tell(client, answer):
    took_part(answer)
    for user, see, may_tell in (
        (people.user("officer"), 200, 302),
        (people.user("project_lead"), 200, 403),
        (people.member().user, 403, 403),
        (people.user("officer", area=people.area()), 404, 404),
    ):
        client.force_login(user)
        assert client.get(reverse("insight_work:told", args=[answer.pk])).status_code == see
        assert client.post(reverse("insight_work:tell", args=[answer.pk])).status_code == may_tell
    assert client.get(reverse("insight_work:tell", args=[answer.pk])).status_code in {404, 405}


def test_the_lead_of_another_project_tells_nobody(client):
    theirs, other = projects.project(lead=people.user("project_lead")), people.user("project_lead")
    answer = factories.published_response(activity=engagement.activity(project=theirs))
    client.force_login(other)
    assert client.post(reverse("insight_work:tell", args=[answer.pk])).status_code == 403
    assert not Telling.objects.exists()
