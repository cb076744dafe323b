"""“Did we hear you right?”: from members and through staff; disagreement shows, is dealt with, and counts (YSD-003)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import portal, work
from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.tests import factories as forums
from insights.documents import verdicts as documents
from insights.models import Status, Told, Verdict
from insights.services import receipts
from insights.services import verdicts as services
from insights.tests import factories
from insights.tests import insight_factories as insight
from people.services import merging, privacy
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/insight/heard/"
MINE = "/members/heard/"


@pytest.fixture
def member():
    return people.member("Mem Ber")


@pytest.fixture
def answer(member):
    row = factories.published_response(published_at=timezone.now(), you_said="The bus is late.")
    insight.contributor(activity=row.activity, person=member)
    return row


def verdict(answer, right="no", **fields) -> Verdict:
    fields = fields or {"person": people.person()}
    return Verdict.objects.create(response=answer, right=right, **fields)


def page_of(answer) -> str:
    return reverse("heard:verdict", args=[answer.pk])


# Members -----------------------------------------------------------------------------------------


def test_a_member_finds_the_answer_on_the_home_page_until_they_have_said(client, member, answer):
    client.force_login(member.user)
    title = f"We answered what you said: {answer.topic}"
    assert [card.url for card in portal.waiting_for(member) if card.title == title] == [page_of(answer)]
    assert title in client.get(reverse("members:home")).content.decode()
    assert "You have not told us yet" in client.get(MINE).content.decode()
    done = client.post(page_of(answer), {"right": "partly", "words": "The evenings too."}, follow=True)
    assert "You have told us." in done.content.decode()
    row = Verdict.objects.get()
    assert (row.person, row.right, row.words, row.entered_by) == (member, "partly", "The evenings too.", None)
    assert not [card for card in portal.waiting_for(member) if card.title == title]
    told = Told.objects.get()
    assert (told.person, told.way, told.reached_at is not None) == (member, "portal", True)


def test_a_message_that_waited_has_reached_somebody_who_answers(member, answer):
    Told.objects.create(response=answer, way="message", person=member)
    services.say(answer, member, by=member.user, right="yes")
    told = Told.objects.get()
    assert (told.way, told.reached_at is not None) == ("message", True)


def test_a_seat_on_a_forum_that_took_part_is_enough(client, member):
    forum, answer = forums.forum(), factories.published_response()
    answer.activity.forums.add(forum)
    forums.membership(forum, member)
    client.force_login(member.user)
    assert client.post(page_of(answer), {"right": "yes"}).status_code == 302


def test_what_is_not_theirs_or_not_public_is_not_found(client, member, answer):
    client.force_login(member.user)
    other = factories.published_response(you_said="Said by others")
    draft = factories.response(activity=answer.activity, you_said="Not public")
    for each in (other, draft):
        assert client.get(page_of(each)).status_code == 404
        assert client.post(page_of(each), {"right": "yes"}).status_code == 404
        assert each.you_said not in client.get(MINE).content.decode()
        with pytest.raises(ValidationError, match="not public, or is not to what"):
            services.say(each, member, by=member.user, right="yes")
    assert not Verdict.objects.exists()


def test_staff_and_strangers_have_no_such_page(client, answer):
    assert client.get(MINE).status_code == 302
    client.force_login(people.user("lead"))
    assert client.get(MINE).status_code == 403
    assert client.get(page_of(answer)).status_code == 403


def test_it_can_be_changed_for_thirty_days_and_the_trail_keeps_what_was_before(member, answer):
    services.say(answer, member, by=member.user, right="yes")
    services.say(answer, member, by=member.user, right="yes")
    row = services.say(answer, member, by=member.user, right="no", words="I was wrong.")
    event = AuditEvent.objects.get(verb="changed a verdict")
    assert event.detail == {"before": "yes", "right": "no"}
    assert AuditEvent.objects.filter(verb="gave a verdict").count() == 1
    Verdict.objects.update(at=timezone.now() - datetime.timedelta(days=30))
    with pytest.raises(ValidationError, match="more than 30 days ago"):
        services.say(answer, member, by=member.user, right="yes")
    row.refresh_from_db()
    assert row.right == "no"


def test_a_page_that_can_no_longer_be_changed_has_no_form(client, member, answer):
    services.say(answer, member, by=member.user, right="no")
    Verdict.objects.update(at=timezone.now() - datetime.timedelta(days=30))
    client.force_login(member.user)
    page = client.get(page_of(answer)).content.decode()
    assert "more than 30 days ago" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]


def test_something_else_said_brings_it_back_to_staff(member, answer):
    lead = people.user("lead")
    row = services.say(answer, member, by=member.user, right="no")
    services.deal(row, by=lead, what_was_done="We rang them.")
    assert documents.figures(Verdict.objects.all()).waiting == 0
    services.say(answer, member, by=member.user, right="no", words="Still not.")
    assert documents.figures(Verdict.objects.all()).waiting == 1


@pytest.mark.parametrize(("right", "words"), [("", ""), ("perhaps", ""), ("no", "x" * 4001)])
def test_what_cannot_be_is_refused(client, member, answer, right, words):
    client.force_login(member.user)
    page = client.post(page_of(answer), {"right": right, "words": words})
    assert page.status_code == 422
    with pytest.raises(ValidationError):
        services.say(answer, member, by=member.user, right=right, words=words)
    assert not Verdict.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_person_twice_at_once_is_one_verdict(tmp_path):
    member, answer = people.member(), factories.published_response()
    insight.contributor(activity=answer.activity, person=member)
    calls = [lambda: services.say(answer, member, by=member.user, right="no").pk for _time in range(2)]
    assert len(set(race(tmp_path, *calls))) == 1


def test_the_database_has_each_person_once_and_says_what_was_done(answer, member):
    verdict(answer, person=member)
    with pytest.raises(IntegrityError):
        verdict(answer, person=member)


def test_nobody_has_dealt_with_it_without_saying_how(answer):
    row = verdict(answer)
    with pytest.raises(IntegrityError):
        Verdict.objects.filter(pk=row.pk).update(dealt_with_at=timezone.now())


# Staff -------------------------------------------------------------------------------------------


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def test_staff_enter_what_somebody_wrote_or_said(client, lead, answer, member):
    address = reverse("insight_work:verdict_enter", args=[answer.pk])
    slips = receipts.add_slips(answer.activity, by=lead, number=1, seed=uuid.uuid4())
    code = receipts.code_of(slips.receipts.get())
    assert client.post(address, {"person": "Mem Ber", "right": "no", "words": "By letter."}).status_code == 302
    assert client.post(address, {"code": code, "right": "yes"}).status_code == 302
    by_letter, by_phone = Verdict.objects.order_by("pk")
    assert (by_letter.person, by_letter.entered_by, by_letter.words) == (member, lead, "By letter.")
    assert (by_phone.receipt, by_phone.entered_by) == (slips.receipts.get(), lead)
    assert AuditEvent.objects.filter(verb="entered a verdict").count() == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Enter either a name or a code"),
        ({"person": "Mem Ber", "code": "held"}, "Enter either a name or a code"),
        ({"code": "BCDF GHJK"}, "We do not know this code"),
        ({"person": "Nobody"}, "Nobody on the register has this name"),
        ({"person": "Oth Er"}, "is not to what this person took part in"),
    ],
)
def test_what_staff_enter_has_to_be_of_one_person_who_took_part(client, lead, answer, data, words):
    people.person("Oth Er")
    slips = receipts.add_slips(answer.activity, by=lead, number=1, seed=uuid.uuid4())
    if data.get("code") == "held":
        data = data | {"code": receipts.code_of(slips.receipts.get())}
    page = client.post(reverse("insight_work:verdict_enter", args=[answer.pk]), {"right": "no"} | data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Verdict.objects.exists()


def test_disagreement_stands_first_and_leaves_when_it_is_dealt_with(client, lead, answer):
    yes, partly, no = (verdict(answer, right) for right in ("yes", "partly", "no"))
    page = client.get(LIST)
    assert list(page.context["page"]) == [no, partly, yes]
    assert "2 disagreements wait to be dealt with." in page.content.decode()
    assert [line.words for line in documents.work_lines(lead)] == ["2 people say that we did not hear them right"]
    client.post(reverse("insight_work:verdict_deal", args=[no.pk]), {"what_was_done": "We met them."})
    page = client.get(LIST)
    assert list(page.context["page"]) == [partly, yes, no]
    assert "We met them." in page.content.decode()
    assert any(line.words == "1 person says that we did not hear them right" for line in work.left_to_do(lead))


def test_dealing_needs_words_and_can_open_the_answer_again(client, lead, answer):
    row = verdict(answer)
    address = reverse("insight_work:verdict_deal", args=[row.pk])
    page = client.post(address, {"what_was_done": " "})
    assert (page.status_code, "Enter what was done about it" in page.content.decode()) == (422, True)
    client.post(address, {"what_was_done": "We ask again.", "reopens": "on"})
    answer.refresh_from_db()
    row.refresh_from_db()
    assert (answer.status, row.dealt_with_by) == (Status.UNDER_WAY, lead)
    assert "did not hear them right" in answer.status_changes.last().note
    client.post(address, {"what_was_done": "We ask again.", "reopens": "on"})
    assert AuditEvent.objects.filter(verb="dealt with a verdict").count() == 1
    assert answer.status_changes.count() == 2


def test_who_may_not_publish_opens_no_answer(client, answer):
    row = verdict(answer)
    client.force_login(people.user("officer"))
    client.post(reverse("insight_work:verdict_deal", args=[row.pk]), {"what_was_done": "We met them.", "reopens": "on"})
    answer.refresh_from_db()
    row.refresh_from_db()
    assert (answer.status, row.what_was_done) == (Status.DONE, "We met them.")


def test_the_figures_follow_answer_activity_and_period(client, lead, answer):
    other = factories.published_response(activity=engagement.activity(starts_on=datetime.date(2022, 5, 1),
                                                                      ends_on=datetime.date(2022, 5, 2)))  # fmt: skip
    verdict(answer, "yes")
    verdict(answer, "no")
    verdict(other, "no")
    period = engagement.period()
    for query, expected in (
        ("", (1, 0, 2)),
        (f"answer={answer.pk}", (1, 0, 1)),
        (f"activity={other.activity_id}", (0, 0, 1)),
        (f"period={period.pk}", (1, 0, 1)),
        ("right=no", (0, 0, 2)),
        ("state=waiting", (0, 0, 2)),
        ("state=nonsense", (1, 0, 2)),
    ):
        found = client.get(f"{LIST}?{query}").context["figures"]
        assert (found.yes, found.partly, found.no) == expected, query


def test_shares_have_their_base():
    found = documents.Figures(yes=5, partly=2, no=1, waiting=3)
    assert (found.number, found.rows) == (8, [("Yes", 5, "62%"), ("In part", 2, "25%"), ("No", 1, "12%")])


def test_in_public_fewer_than_eight_are_no_shares(client, answer):
    address = answer.get_absolute_url()
    assert documents.public_figures(answer) is None
    for _number in range(7):
        verdict(answer, "no")
    text = client.get(address).content.decode()
    assert "Fewer than 8 people have told us so far." in text
    assert "100%" not in text
    row = verdict(answer, "yes", person=people.person(), words="Secret words")
    text = client.get(address).content.decode()
    assert "What 8 people said" in text
    assert "88%" in text
    assert row.words not in text


def test_who_may_see_and_deal(client, answer):
    row = verdict(answer, person=people.person(), words="Secret words")
    deal, enter = (
        reverse(f"insight_work:verdict_{name}", args=[pk]) for name, pk in (("deal", row.pk), ("enter", answer.pk))
    )
    for user, see, change, reads in (
        (people.user("officer"), 200, 200, True),
        (people.user("project_lead"), 200, 403, True),
        (people.member().user, 403, 403, False),
        (people.user("officer", area=people.area()), 200, 404, False),
    ):
        client.force_login(user)
        page = client.get(LIST)
        assert page.status_code == see
        assert (row.words in page.content.decode()) is reads
        assert (client.get(deal).status_code, client.get(enter).status_code) == (change, change)
    client.logout()
    assert client.get(LIST).status_code == 302


def test_the_lead_of_another_project_deals_with_nothing(client):
    answer = factories.published_response(activity=engagement.activity(project=projects.project()))
    row = verdict(answer)
    client.force_login(people.user("project_lead"))
    assert client.post(reverse("insight_work:verdict_deal", args=[row.pk]), {"what_was_done": "x"}).status_code == 403


def test_the_list_asks_as_often_for_one_as_for_a_hundred(client, lead, answer):
    counts = []
    for number in (1, 10, 100):
        for _each in range(number):
            verdict(answer)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[2] <= counts[1] + 1  # the number of pages


# People ------------------------------------------------------------------------------------------


def test_somebody_who_is_erased_leaves_the_count_and_no_words(member, answer):
    services.say(answer, member, by=member.user, right="no", words="My own words")
    request = privacy.ask_for_erasure(member, how="phone", by=people.user("lead"))
    privacy.erase(request, by=people.user("administrator"))
    row = Verdict.objects.get()
    assert (row.person, row.words, row.right) == (None, "", "no")
    assert documents.figures(answer.verdicts.all()).no == 1
    assert Told.objects.get().person is None


def test_two_entries_that_are_one_person_have_one_verdict(member, answer):
    other = people.person("Mem Berr")
    insight.contributor(activity=answer.activity, person=other)
    verdict(answer, person=member, words="One")
    verdict(answer, person=other, words="Two")
    merging.merge(member, other, by=people.user("lead"))
    row = Verdict.objects.get()
    assert row.person == member
    assert {"One", "Two"} == set(row.words.split("; "))


def test_how_views_are_used_says_how_many_were_heard_right_from_eight_on(client):
    answer = factories.published_response()
    for number in range(8):
        assert "whether we heard them right" not in client.get("/taking-part/how-your-views-are-used/").content.decode()
        right = Verdict.Right.NO if number == 0 else Verdict.Right.YES
        Verdict.objects.create(response=answer, right=right, person=people.person())

    page = client.get("/taking-part/how-your-views-are-used/").content.decode()
    assert "8 people told us whether we heard them right: 7 yes, 0 in part, 1 no." in page
