"""Pages of forums: what anybody may read, and what staff do with them."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from forums.documents.cadences import Span
from forums.documents.dates import proposals
from forums.forms.forum import span_of
from forums.models import Cadence, Forum, TermsOfReference
from forums.services.dates import plan_meetings
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST, CLOCKWORK = "/forums/", "/work/"
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def detail(forum):
    return f"/forums/{forum.pk}/"


def work(forum, page=""):
    return f"/work/forums/{forum.pk}/{page}"


def text_of(page):
    return " ".join(page.content.decode().split())


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def many_forums(number, **fields):
    kind = factories.forum_kind()
    return Forum.objects.bulk_create(
        Forum(name=f"Forum {each:04}", kind=kind, level="system", **fields) for each in range(number)
    )


# The public list ---------------------------------------------------------------------------------


def test_anybody_finds_forums_and_boards_are_not_among_them(client):
    factories.forum("شورى المرضى 🙂", area=people.area("West Essex"), purpose="We listen.")
    factories.committee("Canary Board")
    text = text_of(client.get(LIST))
    assert "1 forum<" in text
    assert "شورى المرضى 🙂" in text
    assert "West Essex" in text
    assert "We listen." in text
    assert "Canary" not in text


def test_forums_are_found_by_level_place_and_kind(client):
    west, town = people.area("West Essex"), people.area("Harlow")
    town.parent = west
    town.save()
    here = factories.forum("Here", area=town, level="place")
    there = factories.forum("There", kind=factories.forum_kind("network"))
    for query, expected in (
        ({"place": west.slug}, [here]),
        ({"level": "system"}, [there]),
        ({"kind": "network"}, [there]),
        ({"kind": "network", "level": "place"}, []),
    ):
        assert list(client.get(LIST, query).context["page"]) == expected
    assert "No forum fits these filters." in text_of(client.get(LIST, {"kind": "network", "level": "place"}))


def test_an_unknown_filter_is_left_out_and_said(client):
    factories.forum()
    page = client.get(LIST, {"kind": "x' or 1=1", "page": "no"})
    assert "left it out" in text_of(page)
    assert len(page.context["page"]) == 1


def test_forums_at_work_come_first_and_those_that_closed_last(client):
    factories.forum("A", status="closed", closed_on=today())
    factories.forum("B", status="proposed")
    factories.forum("C")
    page = client.get(LIST)
    assert [forum.name for forum in page.context["page"]] == ["C", "B", "A"]
    assert ">closed</strong>" in text_of(page)
    assert ">proposed</strong>" in text_of(page)


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_the_list_takes_as_many_queries_for_a_thousand_as_for_ten(client, number):
    many_forums(number)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(LIST)
    assert len(page.context["page"]) == min(number, 20)
    assert len(queries) == 5


# One forum, for anybody --------------------------------------------------------------------------


def test_anybody_reads_what_a_forum_is_and_nobody_reads_who_sits_on_it(client):
    board, old = factories.committee(), factories.forum("Old panel", status="closed", closed_on=today())
    forum = factories.forum(
        "PEF", purpose="We ask\n\nquestions.", role="advises", chair="Patient member", meets_before=board, remit="Draft"
    )
    old.successor = forum
    old.save()
    forum.aliases.create(name="Patients’ Panel")
    factories.cadence(forum)
    factories.forum_link(forum, to_forum=board, to_name="")
    group = factories.forum("Group", parent=forum)
    factories.membership(forum, people.member("Canary Member"), community="Canary community")
    text = text_of(client.get(detail(forum)))
    for words in ("questions.", "Advises", "Patient member", "Every 2 months", "before each meeting of the ICB Board"):
        assert words in text
    assert "Patients’ Panel" in text
    assert f'<li>Reports to <a href="{detail(board)}">ICB Board</a></li>' in text
    assert f'<a href="{detail(old)}">Old panel</a>' in text
    assert f'<a href="{detail(group)}">Group</a>' in text
    assert 'Members</dt><dd class="nhsuk-summary-list__value">1</dd>' in text
    assert "Canary" not in text
    assert "Draft" not in text
    assert f'<a href="{detail(forum)}">PEF</a>' in text_of(client.get(detail(old)))


@pytest.mark.parametrize(
    ("size", "words"), [("over 700", "Over 700<"), (None, '<span class="app-quiet">not recorded<')]
)
def test_the_number_of_members_is_printed_as_it_is(client, size, words):
    text = text_of(client.get(detail(factories.forum(size=size))))
    assert f'Members</dt><dd class="nhsuk-summary-list__value">{words}' in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "proposed"}, "It has not begun yet."),
        ({"status": "closed", "closed_on": datetime.date(2024, 1, 2)}, "This forum closed on 2 January 2024."),
        ({"status": "paused"}, "This forum is paused."),
        ({"status": "interim"}, "works for now"),
    ],
)
def test_a_forum_that_is_not_at_work_says_so(client, fields, words):
    assert words in text_of(client.get(detail(factories.forum(**fields))))


def test_only_public_meetings_that_are_to_come_are_shown(client):
    forum, other = factories.forum(), factories.forum()
    shown = factories.meeting(forum, 10, title="Shown", is_public=True)
    joint = factories.meeting(other, 20, title="Joint", is_public=True)
    joint.joint_with.add(forum)
    for title, fields in (
        ("Canary members", {}),
        ("Canary draft", {"is_public": True, "status": "draft"}),
        ("Canary off", {"is_public": True, "status": "cancelled"}),
    ):
        factories.meeting(forum, 10, title=title, **fields)
    factories.meeting(forum, -10, title="Canary past", is_public=True)
    page = client.get(detail(forum))
    assert list(page.context["meetings"]) == [shown, joint]
    assert reverse("forums:meeting_detail", args=[shown.pk]) in text_of(page)
    assert "Canary" not in text_of(page)


def test_a_forum_says_how_to_take_part(client):
    forum, closed = (
        factories.forum(contact="pef@example.org", is_open=True),
        factories.forum(status="closed", closed_on=today()),
    )
    shown = factories.opportunity(forum, title="Speak up")
    factories.opportunity(forum, title="Canary draft", published_at=None)
    text = text_of(client.get(detail(forum)))
    assert f'Apply: <a href="{shown.get_absolute_url()}">Speak up</a>' in text
    assert "Anybody may join this forum." in text
    assert 'Write to: <a href="mailto:pef@example.org">' in text
    assert "Canary" not in text
    assert "No place is open here at the moment." in text_of(client.get(detail(factories.forum())))
    assert "How to take part" not in text_of(client.get(detail(closed)))


def test_questions_that_were_published_are_shown_with_their_answers(client):
    board = factories.committee()
    forum, answered = factories.forum(meets_before=board), factories.meeting(board, -10)
    words = {
        "status": "answered",
        "board_meeting": answered,
        "slot": 1,
        "answer": "We opened a clinic.",
        "answered_by": "Chair",
    }
    published = {"answered_on": today(), "submitted_at": timezone.now(), "published_at": timezone.now()}
    factories.board_question(forum, people.person("Canary Person"), text="Why so late?", **words, **published)
    factories.board_question(forum, text="Canary draft")
    text = text_of(client.get(detail(forum)))
    assert "Why so late?" in text
    assert "We opened a clinic." in text
    assert "Canary" not in text


def test_a_forum_that_is_not_there_is_not_found(client):
    assert client.get("/forums/999/").status_code == 404


def test_agreed_terms_are_anybodys_and_drafts_nobodys(client, lead):
    forum = factories.forum()
    agreed = TermsOfReference(forum=forum, version="1", agreed_on=today(), text="We meet <b>often</b>.")
    draft = TermsOfReference(forum=forum, version="2", text="Canary text")
    later = TermsOfReference(forum=forum, version="3", text="Canary text", agreed_on=today() + DAY)
    for terms in (agreed, draft, later):
        terms.file.save("terms.pdf", ContentFile(b"%PDF-1.7 terms"))
    text = text_of(client.get(detail(forum)))
    assert "We meet &lt;b&gt;often&lt;/b&gt;." in text
    assert "Canary" not in text
    client.logout()
    answer = client.get(reverse("forums:terms_file", args=[agreed.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 terms"
    assert answer["Content-Type"] == "application/pdf"
    client.force_login(lead)
    for terms in (draft, later):
        assert client.get(reverse("forums:terms_file", args=[terms.pk])).status_code == 404


def test_terms_without_a_file_or_whose_file_is_gone_are_not_found(client):
    forum = factories.forum()
    for version, file in (("1", ""), ("2", "terms/gone.pdf")):
        terms = TermsOfReference.objects.create(forum=forum, version=version, agreed_on=today(), file=file)
        assert client.get(reverse("forums:terms_file", args=[terms.pk])).status_code == 404


# The clockwork -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("", "2024-02-29", "2023-03-01", "2024-02-29"),
        ("this-year", "2024-03-31", "2023-04-01", "2024-03-31"),
        ("this-year", "2024-04-01", "2024-04-01", "2025-03-31"),
        ("last-year", "2024-04-01", "2023-04-01", "2024-03-31"),
        ("this-quarter", "2024-02-15", "2024-01-01", "2024-03-31"),
        ("last-quarter", "2024-02-15", "2023-10-01", "2023-12-31"),
    ],
)
def test_a_period_is_said_by_its_name(period, day, first, last):
    read = datetime.date.fromisoformat
    assert span_of(period, read(day)) == Span(read(first), read(last))


def test_staff_see_gaps_first_and_the_meetings_in_numbers(client, lead):
    kept = factories.forum("A kept", remit_is_agreed=True)
    TermsOfReference.objects.create(forum=kept, version="1", agreed_on=today() - DAY)
    factories.cadence(kept, "as_needed", None)
    gaps = factories.forum("B gaps", established_on=today() - 700 * DAY)
    factories.cadence(gaps, "months", 2)
    factories.meeting(gaps, -30)
    factories.seat_rule(gaps, minimum=3)
    page = client.get(CLOCKWORK)
    text = text_of(page)
    assert [row["clock"].forum for row in page.context["page"]] == [gaps, kept]
    assert "1 held of 6 expected" in text
    assert "Vacant seats for “Citizen”: 3." in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="app-bar" viewBox="0 0 6 1"' in text
    assert ("Forums with gaps", 1, "") in page.context["totals"]
    assert dict(page.context["kinds"])["Seats that are vacant or over"] == 1
    assert "style=" not in text
    assert forums_on(client.get(CLOCKWORK, {"only_problems": "on"})) == [gaps]


def forums_on(page):
    return [row["clock"].forum for row in page.context["page"]]


def test_the_three_worst_gaps_of_a_forum_are_shown_and_its_page_has_the_rest(client, lead):
    forum = factories.forum(established_on=today() - 700 * DAY)
    for name in ("Carer", "Citizen", "Nurse", "Doctor"):
        factories.seat_rule(forum, name, minimum=1)
    page = client.get(CLOCKWORK)
    [row] = page.context["page"]
    assert (len(row["worst"]), row["more"]) == (3, 2)
    assert row["record"] == ["No agreed terms of reference", "No agreed remit", "Not recorded how often it meets"]
    assert f'<a href="{work(forum)}#missing">and 2 more<' in text_of(page)


def test_forums_not_at_work_are_left_out_until_asked_for(client, lead):
    working, proposed = factories.forum("B"), factories.forum("A", status="proposed")
    page = client.get(CLOCKWORK)
    assert forums_on(page) == [working]
    assert "1 forum is not at work" in text_of(page)
    assert ("Forums at work", 1, "1 more is not at work") in page.context["totals"]
    page = client.get(CLOCKWORK, {"also_resting": "on"})
    assert forums_on(page) == [working, proposed]
    assert "It is not at work." in text_of(page)
    assert "is not at work, so" not in text_of(page)


def test_what_is_not_recorded_is_said_in_the_totals(client, lead):
    factories.forum()
    factories.meeting(factories.forum(), -10)
    page = client.get(CLOCKWORK, {"period": "last-quarter"})
    [words] = [words for label, number, words in page.context["totals"] if label == "Meetings held"]
    assert words.endswith("not recorded how often 2 forums meet")


@pytest.mark.parametrize("period", ["this-year", "last-year", "this-quarter", "last-quarter", "nonsense", ""])
def test_every_time_can_be_asked_about(client, lead, period):
    forum = factories.forum()
    assert client.get(CLOCKWORK, {"period": period}).status_code == 200
    assert client.get(work(forum), {"period": period}).status_code == 200


def test_the_page_of_a_forum_shows_every_rule_and_leads_to_the_record(client, lead):
    board = factories.committee()
    forum = factories.forum("PEF", meets_before=board, established_on=today() - 700 * DAY)
    factories.cadence(forum)
    factories.seat_rule(forum, attends_every=3, maximum=2)
    factories.forum_link(forum, kind="represented_on", to_name="", to_forum=factories.forum("System forum"))
    factories.meeting(board, -60)
    factories.meeting(forum, -30, minutes_due_on=today() - DAY)
    text = text_of(client.get(work(forum)))
    for words in ("Before each meeting", "Seats on", "1 vacant", "System forum: 0 of at least 1", "once in 3 months"):
        assert words in text
    assert "Minutes that are overdue" in text
    assert reverse("admin:forums_forum_change", args=[forum.pk]) in text
    assert "none went out" in text


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_the_clockwork_takes_as_many_queries_for_a_thousand_as_for_ten(client, lead, number):
    forums = many_forums(number)
    Cadence.objects.bulk_create(Cadence(forum=each, unit="months", number=2, starts_on=today()) for each in forums)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(CLOCKWORK)
    assert len(page.context["page"]) == min(number, 50)
    assert len(queries) == 19


@pytest.mark.parametrize("page", [CLOCKWORK, "/work/forums/{}/", "/work/forums/{}/dates/", "/work/forums/{}/members/"])
@pytest.mark.parametrize("role", ["", "member", "secretary", "safeguarding"])
def test_the_work_pages_are_for_staff(client, role, page):
    address = page.format(factories.forum().pk)
    if role:
        client.force_login(people.user(role))
        assert client.get(address).status_code == 403
    else:
        assert client.get(address).status_code == 302


def test_a_project_lead_sees_the_clockwork_and_neither_plans_nor_seats(client):
    forum = factories.forum()
    client.force_login(people.user("project_lead"))
    assert client.get(work(forum)).status_code == 200
    assert client.get(work(forum, "dates/")).status_code == 403
    assert client.get(work(forum, "members/")).status_code == 403
    assert "Who sits on it" not in text_of(client.get(work(forum)))


@pytest.mark.parametrize("page", ["", "dates/", "members/"])
def test_a_forum_that_is_not_there_has_no_work_page(client, lead, page):
    assert client.get(f"/work/forums/999/{page}").status_code == 404


@pytest.mark.parametrize("page", ["dates/", "members/"])
def test_a_forum_of_another_place_is_not_found(client, page):
    place = people.area()
    client.force_login(people.user("officer", area=place))
    assert client.get(work(factories.forum(area=place), page)).status_code == 200
    for other in (factories.forum(area=people.area()), factories.forum()):
        assert client.get(work(other, page)).status_code == 404
        assert client.post(work(other, page)).status_code == 404


# Dates -------------------------------------------------------------------------------------------

MONDAY = datetime.date(2024, 1, 8)


def proposed(forum):
    return [each.on.isoformat() for each in proposals(forum, MONDAY)]


def planned(forum, on, status="planned"):
    starts_at = timezone.make_aware(datetime.datetime.combine(datetime.date.fromisoformat(on), datetime.time(14)))
    return factories.meeting(forum, starts_at=starts_at, status=status)


def test_dates_follow_the_cadence_from_the_last_meeting_and_fall_on_working_days():
    forum = factories.forum()
    factories.cadence(forum, "months", 3)
    planned(forum, "2023-12-13", "held")
    assert proposed(forum) == ["2024-03-13", "2024-06-13", "2024-09-13", "2024-12-13"]
    planned(forum, "2024-07-01")
    planned(forum, "2024-09-13", "cancelled")
    assert proposed(forum) == ["2024-03-13", "2024-09-13", "2024-12-13"]
    weekly = factories.forum()
    factories.cadence(weekly, "weeks", 26)
    planned(weekly, "2023-12-16", "held")
    assert proposed(weekly) == ["2024-06-17", "2024-12-16"]


@pytest.mark.parametrize(("number", "count"), [(1, 1), (4, 4), (12, 12)])
def test_so_many_times_a_year_is_so_many_dates(number, count):
    forum = factories.forum()
    factories.cadence(forum, "per_year", number)
    assert len(proposed(forum)) == count


@pytest.mark.parametrize("unit", ["as_needed", ""])
def test_without_a_cadence_there_is_nothing_to_propose(unit):
    forum = factories.forum()
    if unit:
        factories.cadence(forum, unit, None)
    assert proposed(forum) == []


def test_a_date_is_proposed_before_each_meeting_of_the_board_that_has_none():
    board = factories.committee()
    forum = factories.forum(meets_before=board, papers_days=7)
    for on in ("2023-12-20", "2024-01-12", "2024-03-22", "2024-05-24", "2025-01-08", "2025-01-09"):
        planned(board, on)
    planned(forum, "2024-05-01")
    assert [(each.on.isoformat(), each.why) for each in proposals(forum, MONDAY)] == [
        ("2024-01-10", "before the ICB Board of 12 January 2024"),
        ("2024-03-01", "before the ICB Board of 22 March 2024"),
        ("2024-12-18", "before the ICB Board of 8 January 2025"),
    ]


def test_proposed_dates_become_drafts_once(client, lead):
    forum = factories.forum()
    factories.cadence(forum, "months", 3, today() - 400 * DAY)
    last = factories.meeting(forum, -30, venue="Town hall", is_public=True)
    page = client.get(work(forum, "dates/"))
    days = [value for value, _label in page.context["form"].fields["days"].choices]
    assert len(days) == 4
    for _time in range(2):
        answer = client.post(work(forum, "dates/"), {"days": days[:2]})
        assert (answer.status_code, answer["Location"]) == (302, work(forum, "dates/"))
    drafts = forum.meetings.filter(status="draft").order_by("starts_at")
    assert [draft.starts_at.date().isoformat() for draft in drafts] == days[:2]
    assert {(draft.venue, draft.is_public, draft.ends_at - draft.starts_at) for draft in drafts} == {
        ("Town hall", True, last.ends_at - last.starts_at)
    }
    assert AuditEvent.objects.filter(verb="drafted meeting", actor_id=lead.pk).count() == 2
    assert len(client.get(work(forum, "dates/")).context["proposed"]) == 2


@pytest.mark.parametrize("days", [[], ["2020-01-01"], ["nonsense"]])
def test_only_days_that_are_offered_become_drafts(client, lead, days):
    forum = factories.forum()
    factories.cadence(forum, "months", 3)
    page = client.post(work(forum, "dates/"), {"days": days})
    assert page.status_code == 422
    assert not forum.meetings.exists()


def test_a_closed_forum_drafts_nothing(client, lead):
    forum = factories.forum(status="closed", closed_on=today())
    factories.cadence(forum, "months", 3)
    day = client.get(work(forum, "dates/")).context["proposed"][0].on
    page = client.post(work(forum, "dates/"), {"days": [day.isoformat()]})
    assert page.status_code == 422
    assert "is closed" in text_of(page)


@pytest.mark.parametrize("days", [-1, 0])
def test_no_meeting_is_drafted_in_the_past(days):
    with pytest.raises(Exception, match="still to come"):
        plan_meetings(factories.forum(), [today() + days * DAY], by=None)


# Who sits on it ----------------------------------------------------------------------------------


def answers(person, **fields):
    role = factories.seat_role()
    first = {"started_on_0": "1", "started_on_1": "2", "started_on_2": "2024"}
    return {"person": person.pk, "role": role.pk} | first | fields


def test_staff_find_somebody_and_give_them_a_seat(client, lead):
    forum, place = factories.forum(), factories.forum("Place forum")
    factories.forum_link(place, kind="represented_on", to_name="", to_forum=forum)
    person = people.person("Zoë Ångström", postcode="CM17 9AB")
    people.person("Somebody else")
    page = client.get(work(forum, "members/"), {"q": " zoë "})
    assert [label for _pk, label in page.context["form"].fields["person"].choices][1:] == ["Zoë Ångström, CM17 9AB"]
    answer = client.post(work(forum, "members/?q=zoë"), answers(person, represents=place.pk))
    assert (answer.status_code, answer["Location"]) == (302, work(forum, "members/"))
    membership = forum.memberships.get()
    assert (membership.person, membership.represents) == (person, place)
    assert membership.started_on == datetime.date(2024, 2, 1)
    assert "Zoë Ångström" in text_of(client.get(work(forum, "members/")))


@pytest.mark.parametrize("q", ["", "   ", "nobody", "%", "x" * 500])
def test_a_search_that_finds_nobody_offers_nobody(client, lead, q):
    people.person("Zoë")
    page = client.get(work(factories.forum(), "members/"), {"q": q})
    assert page.status_code == 200
    assert 'name="person"' not in text_of(page)


def test_what_the_rules_forbid_is_said_on_the_page(client, lead):
    forum, person = factories.forum("Older people", minimum_age=65), people.person(birth_year=today().year - 40)
    page = client.post(work(forum, "members/?q=Person"), answers(person))
    assert page.status_code == 422
    assert "Older people is for people of 65 and over" in text_of(page)
    assert "<title>Error:" in text_of(page)
    page = client.post(work(forum, "members/?q=Person"), answers(person, started_on_1="13"))
    assert "First day must be a real date" in text_of(page)
    assert not forum.memberships.exists()


def test_an_officer_finds_and_seats_only_people_of_the_place(client):
    place = people.area()
    client.force_login(people.user("officer", area=place))
    forum = factories.forum(area=place)
    mine, other = people.person("Zoë Here", area=place), people.person("Zoë There")
    page = client.get(work(forum, "members/"), {"q": "Zoë"})
    assert page.context["found"] == [mine]
    assert "Zoë There" not in text_of(page)
    assert client.post(work(forum, "members/?q=Zoë"), answers(other)).status_code == 422
    assert client.post(work(forum, "members/?q=Zoë"), answers(mine)).status_code == 302


def test_members_who_left_or_were_erased_are_not_listed_and_the_young_are_marked(client, lead):
    forum = factories.forum()
    adult_from = today() + 700 * DAY
    factories.membership(forum, people.person("Young", adult_from=adult_from, safeguards="cleared"))
    factories.membership(forum, people.person("Canary left"), ended_on=today(), left_because="time")
    factories.membership(forum, people.person("Canary gone", erased_at=timezone.now()))
    text = text_of(client.get(work(forum, "members/")))
    assert 'nhsuk-tag--purple">under 18</strong>' in text
    assert "1 seat<" in text
    assert "Canary" not in text


def test_dates_of_a_member_are_kept_and_the_membership_ended(client, lead):
    membership = factories.membership(factories.forum())
    address = reverse("work:membership_detail", args=[membership.pk])
    assert client.get(address).status_code == 200
    days = {f"inducted_on_{part}": value for part, value in enumerate(["1", "3", "2024"])}
    assert client.post(address, days).status_code == 302
    assert client.post(address, days | {"inducted_on_2": "2999"}).status_code == 422
    leave = reverse("work:membership_leave", args=[membership.pk])
    last = {f"leave-ended_on_{part}": value for part, value in enumerate(["1", "6", "2024"])}
    assert client.get(leave).status_code == 405
    page = client.post(leave, last)
    assert (page.status_code, "<title>Error:" in text_of(page)) == (422, True)
    assert client.post(leave, last | {"leave-left_because": "moved", "leave-ended_on_2": "2020"}).status_code == 422
    assert client.post(leave, last | {"leave-left_because": "moved"}).status_code == 302
    membership.refresh_from_db()
    assert membership.inducted_on == datetime.date(2024, 3, 1)
    assert (membership.ended_on, membership.left_because) == (datetime.date(2024, 6, 1), "moved")
    assert "This membership ended on 1 June 2024: moved away." in text_of(client.get(address))


@pytest.mark.parametrize("name", ["membership_detail", "membership_leave"])
def test_a_membership_of_another_place_is_not_found(client, name):
    place = people.area()
    client.force_login(people.user("officer", area=place))
    other = factories.membership(factories.forum(area=people.area()))
    assert client.post(reverse(f"work:{name}", args=[other.pk]), {"leave-left_because": "moved"}).status_code == 404
    client.force_login(people.user("project_lead"))
    assert client.post(reverse(f"work:{name}", args=[other.pk])).status_code == 403


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_the_members_of_a_large_forum_take_as_many_queries(client, lead, number):
    forum, role = factories.forum(), factories.seat_role()
    persons = people.Person.objects.bulk_create(people.Person(name=f"Person {each}") for each in range(number))
    model = type(factories.membership(forum))
    model.objects.bulk_create(model(person=each, forum=forum, role=role, started_on=today()) for each in persons)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(work(forum, "members/"), {"q": "Person"})
    assert len(page.context["page"]) == min(number + 1, 50)
    assert len(queries) == 16
