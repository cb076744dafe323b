"""Patient groups of practices: who is at work, how they measure themselves, the sheet that brings them in (PPG-*)."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.imports import take_in
from core.models import AuditEvent
from core.tables import kinds
from forums.documents import practices as facts
from forums.models import (
    Buddy,
    CriterionAnswer,
    Forum,
    IncentiveAward,
    PracticeGroup,
    SelfAssessment,
    Standard,
    StandardCriterion,
)
from forums.services import practices
from forums.tests import factories
from people.models import Organisation
from people.tests import factories as people

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def network(name="Dacorum Beta", **fields):
    return people.area(name, level="neighbourhood", **fields)


def group(name="Parkbury patient group", **fields) -> PracticeGroup:
    forum = factories.forum(name, kind=factories.forum_kind("practice_group"), level="practice")
    practice = fields.pop("practice", None) or people.organisation(f"Practice of {name}", kind="primary_care")
    return PracticeGroup.objects.create(forum=forum, practice=practice, **fields)


def standard(version="1", starts_on=datetime.date(2020, 4, 1), criteria=2) -> Standard:
    made = Standard.objects.create(name="PPG standard", version=version, starts_on=starts_on)
    for number in range(1, criteria + 1):
        StandardCriterion.objects.create(standard=made, number=number, text=f"Criterion {number}")
    return made


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def staff(client, lead):
    client.force_login(lead)
    return client


def address(name: str, *numbers) -> str:
    return reverse(f"work:{name}", args=numbers)


def text(response) -> str:
    return " ".join(response.content.decode().split())


# Active, quiet, not recorded ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "replied", "met", "life"),
    [
        (None, None, None, "unknown"),
        (30, None, None, "unknown"),  # asked lately: the answer may come
        (89, None, None, "unknown"),
        (90, None, None, "quiet"),
        (90, 91, None, "quiet"),  # the reply was to an earlier question
        (90, 90, None, "active"),
        (200, 10, None, "active"),
        (None, 364, None, "active"),
        (None, 365, None, "quiet"),
        (None, None, 364, "active"),
        (None, None, 366, "quiet"),
        (90, None, 5, "quiet"),  # it meets and does not reply: somebody should ask why
    ],
)
def test_a_group_lives_by_its_replies_and_meetings(asked, replied, met, life):
    days = {"last_asked_on": asked, "last_reply_on": replied}
    made = group(**{name: ago(number) for name, number in days.items() if number is not None})
    if met is not None:
        factories.meeting(made.forum, days=-met)
    assert facts.with_life(PracticeGroup.objects.all()).get().life == life


def test_a_meeting_that_was_not_held_is_no_sign_of_life():
    made = group()
    factories.meeting(made.forum, days=-3, status="cancelled")
    factories.meeting(made.forum, days=3)
    found = facts.with_life(PracticeGroup.objects.all()).get()
    assert (found.life, found.last_met_on) == ("unknown", None)


def test_coverage_names_every_network_and_what_is_not_recorded():
    covered, bare = network("Alpha"), network("Beta")
    people.area("A place")
    group("One", network=covered, represented="group", last_reply_on=ago(1))
    group("Two", network=covered, last_reply_on=ago(500))
    group("Three")
    lines = facts.coverage(PracticeGroup.objects.all(), facts.networks_for(people.user("lead")))
    assert [line.network for line in lines] == [covered, bare, None]
    assert [(line.groups, line.active, line.quiet, line.unknown) for line in lines] == [
        (2, 1, 1, 0),
        (0, 0, 0, 0),
        (1, 0, 0, 1),
    ]
    assert lines[0].represented_words == [("the network has a patient group", 1), ("not recorded", 1)]


# Asked, replied, planned -------------------------------------------------------------------------


def test_asked_and_replied_are_noted_once_a_day(lead):
    made = group()
    for _twice in range(2):
        practices.asked_today(made, by=lead)
        practices.replied_today(made, by=lead)
        practices.set_plan(made, " Visit them. ", by=lead)
    made.refresh_from_db()
    assert (made.last_asked_on, made.last_reply_on, made.plan) == (ago(0), ago(0), "Visit them.")
    assert AuditEvent.objects.count() == 3


# Self-assessments --------------------------------------------------------------------------------


def judged(made, by_standard, *met: str, on=None, by=None) -> SelfAssessment:
    answers = {
        each: (how, "Minutes of May" if how == "met" else "")
        for each, how in zip(by_standard.criteria.all(), met, strict=True)
    }
    return practices.assess(made, by_standard, on=on or ago(0), assessed_by="the chair", answers=answers, by=by)


def test_the_newest_standard_in_force_is_used():
    assert practices.newest_standard() is None
    standard("1")
    newest = standard("2", ago(0))
    standard("3", ago(-1))
    assert practices.newest_standard() == newest


def test_an_assessment_is_kept_once_and_a_different_one_of_the_day_is_refused(lead):
    made, by_standard = group(), standard()
    first = judged(made, by_standard, "met", "not", by=lead)
    assert judged(made, by_standard, "met", "not", by=lead) == first
    with pytest.raises(ValidationError) as error:
        judged(made, by_standard, "met", "met", by=lead)
    assert error.value.message_dict == {"on": ["There is an assessment of this day already"]}
    assert [answer.met for answer in first.answers.all()] == ["met", "not"]
    assert SelfAssessment.objects.count() == 1


def test_met_needs_something_that_shows_it_for_the_service_and_for_the_database(lead):
    made, by_standard = group(), standard(criteria=1)
    [criterion] = by_standard.criteria.all()
    with pytest.raises(ValidationError), transaction.atomic():
        practices.assess(made, by_standard, on=ago(0), assessed_by="x", answers={criterion: ("met", "  ")}, by=lead)
    assert not SelfAssessment.objects.exists()
    kept = judged(made, by_standard, "not", by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionAnswer.objects.filter(assessment=kept).update(met="met")


def test_a_criterion_left_out_and_a_day_to_come_are_refused(lead):
    made, by_standard = group(), standard()
    with pytest.raises(ValidationError, match="Answer every criterion"):
        practices.assess(made, by_standard, on=ago(0), assessed_by="x", answers={}, by=lead)
    with pytest.raises(ValidationError, match="must not be in the future"):
        judged(made, by_standard, "not", "not", on=ago(-1), by=lead)


def test_the_history_shows_what_became_better_and_worse_by_the_same_standard(lead):
    made, old, new = group(), standard("1", criteria=3), standard("2", criteria=1)
    judged(made, old, "met", "not", "partly", on=ago(60), by=lead)
    judged(made, new, "met", on=ago(30), by=lead)
    judged(made, old, "partly", "met", "partly", on=ago(0), by=lead)
    third, second, first = facts.history_of(made)
    assert [answer.criterion.number for answer in third.better] == [2]
    assert [answer.criterion.number for answer in third.worse] == [1]
    assert (third.met, third.of, third.is_first) == (1, 3, False)
    assert (first.is_first, second.is_first, second.better) == (True, True, [])


# Pages -------------------------------------------------------------------------------------------


def test_the_list_groups_by_network_and_narrows_to_quiet_ones(staff):
    alpha = network("Alpha")
    quiet = group("Quiet group", network=alpha, last_reply_on=ago(400), plan="Write to the practice manager")
    group("Busy group", last_reply_on=ago(1))
    page = staff.get(address("practice_list"))
    assert [each.forum.name for each in page.context["page"]] == ["Quiet group", "Busy group"]
    assert "Write to the practice manager" in text(page)
    assert "Network not recorded" in text(page)
    narrowed = staff.get(address("practice_list"), {"life": "quiet", "network": alpha.pk})
    assert [each.pk for each in narrowed.context["page"]] == [quiet.pk]
    unknown = staff.get(address("practice_list"), {"life": "asleep"})
    assert "We did not know one of the filters" in text(unknown)


def test_an_empty_list_says_so(staff):
    page = text(staff.get(address("practice_list")))
    assert "There is no group here." in page
    assert "No network of practices is recorded." in page


def test_the_page_of_a_group_shows_all_that_is_known(staff, lead):
    made = group(last_reply_on=ago(1))
    judged(made, standard(), "met", "not", by=lead)
    IncentiveAward.objects.create(group=made, year="2023-24", amount="250.00", activity="A health event")
    buddy = people.member("Alan Bell")
    Buddy.objects.create(forum=made.forum, goals="To start again", buddy=buddy)
    page = text(staff.get(address("practice_detail", made.pk)))
    for words in ("1 of 2 criteria met, says the chair.", "2023-24: £250.00", "To start again", "Alan Bell", "active"):
        assert words in page
    assert "not recorded" in page


def test_buttons_and_plan_are_kept(staff):
    made = group()
    detail = address("practice_detail", made.pk)
    assert staff.post(address("practice_asked", made.pk)).url == detail
    assert staff.post(address("practice_replied", made.pk)).url == detail
    assert staff.post(address("practice_plan", made.pk), {"plan": "اتصل 😀"}).url == detail
    made.refresh_from_db()
    assert (made.last_asked_on, made.last_reply_on, made.plan) == (ago(0), ago(0), "اتصل 😀")
    assert staff.post(address("practice_plan", made.pk), {"plan": "x" * 5001}).status_code == 422


def assessment_data(by_standard, **values) -> dict:
    today = ago(0)
    data = {"on_0": today.day, "on_1": today.month, "on_2": today.year, "assessed_by": "the chair"}
    for each in by_standard.criteria.all():
        data |= {f"met_{each.pk}": "met", f"evidence_{each.pk}": "Minutes"}
    return data | values


def test_the_form_takes_an_assessment_and_wants_proof_for_what_is_met(staff):
    made, by_standard = group(), standard()
    first, second = by_standard.criteria.all()
    form = address("practice_assess", made.pk)
    assert staff.get(form).status_code == 200
    wrong = staff.post(form, assessment_data(by_standard, **{f"evidence_{first.pk}": " ", f"met_{second.pk}": ""}))
    assert wrong.status_code == 422
    assert wrong.context["form"].errors == {
        f"evidence_{first.pk}": ["Say what shows that criterion 1 is met"],
        f"met_{second.pk}": ["Say whether criterion 2 is met"],
    }
    assert staff.post(form, assessment_data(by_standard)).url == address("practice_detail", made.pk)
    again = staff.post(form, assessment_data(by_standard, **{f"met_{first.pk}": "not"}))
    assert again.context["form"].errors == {"on": ["There is an assessment of this day already"]}
    assert SelfAssessment.objects.get().answers.count() == 2


def test_without_a_standard_there_is_nothing_to_assess(staff):
    made = group()
    assert staff.get(address("practice_assess", made.pk)).status_code == 404
    assert "No standard is in force." in text(staff.get(address("practice_detail", made.pk)))


@pytest.mark.parametrize("role", ["member", "project_lead", "secretary"])
def test_others_get_no_page(client, role):
    made = group()
    client.force_login(people.user(role))
    for name in ("practice_detail", "practice_assess"):
        assert client.get(address(name, made.pk)).status_code == 403
    for name in ("practice_asked", "practice_replied", "practice_plan"):
        assert client.post(address(name, made.pk)).status_code == 403
    assert client.get(address("practice_list")).status_code == 403


def test_who_may_only_read_changes_nothing_and_reads_no_name(client):
    made, buddy = group(), people.person("Bea Buddy")
    standard()
    made.forum.buddies.create(goals="Find members", buddy=buddy)
    reader = people.user("project_lead")
    reader.user_permissions.add(Permission.objects.get(codename="view_practicegroup"))
    client.force_login(reader)
    page = text(client.get(address("practice_detail", made.pk)))
    assert "A buddy has been found." in page
    assert "Bea Buddy" not in page
    assert client.get(address("practice_assess", made.pk)).status_code == 403
    for name in ("practice_asked", "practice_replied", "practice_plan", "practice_assess"):
        assert client.post(address(name, made.pk), {"plan": "x"}).status_code == 403


def test_a_group_of_another_area_is_404_and_one_of_a_network_within_is_not(client):
    place = people.area("South West Hertfordshire")
    near, far = group("Near", network=network("Alpha", parent=place)), group("Far", network=network("Beta"))
    standard()
    client.force_login(people.user("officer", area=place))
    assert client.get(address("practice_detail", near.pk)).status_code == 200
    for name in ("practice_detail", "practice_assess"):
        assert client.get(address(name, far.pk)).status_code == 404
    for name in ("practice_asked", "practice_replied", "practice_plan"):
        assert client.post(address(name, far.pk), {"plan": "x"}).status_code == 404
    page = client.get(address("practice_list"))
    assert [each.pk for each in page.context["page"]] == [near.pk]
    assert [line.network for line in page.context["coverage"]] == [near.network]
    far.forum.area = place
    far.forum.save()
    page = client.get(address("practice_list"))
    assert [each.pk for each in page.context["page"]] == [near.pk, far.pk]
    assert [line.network for line in page.context["coverage"]] == [near.network, far.network]
    far.forum.area = None
    far.forum.save()
    assert client.get(reverse("admin:forums_practicegroup_change", args=[far.pk])).status_code == 404
    assert client.get(reverse("admin:forums_practicegroup_change", args=[near.pk])).status_code == 200


def test_the_list_asks_the_database_as_often_for_1000_groups_as_for_10(staff):
    kind, practice = factories.forum_kind("practice_group"), people.organisation()
    counts = []
    for number, first in ((10, 0), (90, 10), (900, 100)):
        networks = [network(f"Network {first + each}", slug=f"n{first + each}") for each in range(5)]
        forums = Forum.objects.bulk_create(
            Forum(name=f"Group {first + each}", kind=kind, level="practice") for each in range(number)
        )
        PracticeGroup.objects.bulk_create(
            PracticeGroup(forum=forum, practice=practice, network=networks[place % 5])
            for place, forum in enumerate(forums)
        )
        with CaptureQueriesContext(connection) as found:
            assert staff.get(address("practice_list")).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] == counts[2]


def test_lists_in_the_admin_open(staff):
    group()
    standard()
    for model in ("practicegroup", "standard", "criterion"):
        assert staff.get(reverse(f"admin:forums_{model}_changelist")).status_code == 200
        assert staff.get(reverse(f"admin:forums_{model}_add")).status_code == 200


# The sheet ---------------------------------------------------------------------------------------

HEADER = "practice,network,name,chair,members,meets_how,contact_email,practice_lead,website,last_reply"
ROW = (
    "Parkbury House,Alpha,Parkbury Patients,Ann Lee,around 60,virtual,"
    "ppg@example.org,Dr Shah,https://ppg.example.org,01/09/2025"
)


@pytest.fixture
def sheet():
    factories.forum_kind("practice_group")
    network("Alpha")

    def load(*rows: str, header: str = HEADER, dry_run: bool = False) -> dict:
        content = "\n".join([header, *rows]).encode()
        return take_in(kinds()["practice_groups"], content, "groups.csv", by=None, dry_run=dry_run)

    return load


def test_a_row_makes_the_practice_the_forum_and_the_group(sheet):
    assert sheet(ROW, "Manor View,,,,,,,,,")["created"] == 2
    made = PracticeGroup.objects.get(forum__name="Parkbury Patients")
    assert (made.practice.name, made.practice.kind, made.network.name) == ("Parkbury House", "primary_care", "Alpha")
    forum = made.forum
    assert (forum.chair, forum.size.text, forum.website) == ("Ann Lee", "around 60", "https://ppg.example.org")
    assert (forum.kind.code, forum.level) == ("practice_group", "practice")
    assert (made.meets_how, made.contact_email, made.practice_lead) == ("virtual", "ppg@example.org", "Dr Shah")
    assert made.last_reply_on == datetime.date(2025, 9, 1)
    assert forum.versions.get().history_change_reason == "import of groups.csv"
    other = PracticeGroup.objects.get(forum__name="Manor View patient participation group")
    assert (other.network, other.forum.size, other.last_reply_on) == (None, None, None)


def test_the_same_sheet_again_changes_nothing_and_a_change_is_taken_in(sheet):
    sheet(ROW, "Manor View,,,,,,,,,")
    again = sheet(ROW, "Manor View,,,,,,,,,")
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert sheet(ROW.replace("around 60", "70").replace("Dr Shah", "Dr Ali"))["changed"] == 1
    made = PracticeGroup.objects.get(forum__name="Parkbury Patients")
    assert (made.forum.size.text, made.practice_lead, Organisation.objects.count()) == ("70", "Dr Ali", 2)


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("Parkbury House,Nowhere,,,,,,,,", "network", "There is no area called “Nowhere”"),
        ("Parkbury House,A place,,,,,,,,", "network", "“A place” is not a network of practices"),
        ("Parkbury House,,,,,,not an address,,,", "contact_email", "“not an address” is not an address"),
        ("Parkbury House,,,,,,,,javascript:x,", "website", "“javascript:x” is not an address"),
        ("Parkbury House,,Youth Council,,,,,,,", "name", "“Youth Council” is a forum of another kind"),
        (",,Nobody,,,,,,,", "practice", "The cell is empty"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken_in(sheet, row, column, problem):
    people.area("A place")
    factories.forum("Youth Council")
    found = sheet(ROW, row)
    assert [(error["row"], error["column"], error["problem"]) for error in found["errors"]] == [(3, column, problem)]
    assert not found["accepted"]
    assert not PracticeGroup.objects.exists()
    assert Forum.objects.count() == 1


def test_a_forum_that_is_there_without_a_group_gets_one(sheet):
    forum = factories.forum("Parkbury Patients", kind=factories.forum_kind("practice_group"), level="practice")
    assert sheet(ROW)["created"] == 1
    assert (PracticeGroup.objects.get().forum, Forum.objects.count()) == (forum, 1)


def test_a_dry_run_writes_nothing_and_without_the_kind_of_forum_nothing_is_taken_in(sheet):
    assert sheet(ROW, dry_run=True)["created"] == 1
    assert not PracticeGroup.objects.exists()
    Forum.objects.all().delete()
    factories.forum_kind("practice_group").delete()
    assert sheet(ROW)["errors"][0]["problem"] == "There is no kind of forum with the code “practice_group”"
