"""Code frames: themes added, reworded and retired, what becomes of the codes, and who may do it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.settings import BASE_DIR
from core import profiles
from core.models import AuditEvent
from insights import profile
from insights.models import Coding, CodingChange, Frame, Theme
from insights.services import frames as services
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
What = CodingChange.What


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def frame():
    return factories.frame(name="Waiting")


@pytest.fixture
def slow(frame):
    return factories.theme("Slow", frame=frame)


@pytest.fixture
def late(frame):
    return factories.theme("Late", frame=frame)


def address(name, *args):
    return reverse(f"insight_work:{name}", args=args)


def codes(theme):
    return sorted(theme.codings.values_list("comment", "origin", "state"))


# Editions ----------------------------------------------------------------------------------------


def test_a_frame_is_added_once_and_can_become_the_default(lead, frame):
    services.edit_frame(frame, by=lead, name="Waiting", is_default=True)
    row = services.add_frame(by=lead, name="  Our   own ", source="Workshop", is_default=True)
    assert (row.name, row.code, row.source, row.edition) == ("Our own", "our-own", "Workshop", 1)
    assert list(Frame.objects.filter(is_default=True)) == [row]
    with pytest.raises(ValidationError) as error:
        services.add_frame(by=lead, name="Our own")
    assert "name" in error.value.message_dict
    with pytest.raises(ValidationError, match="Make another frame the default"):
        services.edit_frame(row, by=lead, name="Our own", is_default=False)


def test_each_change_of_a_theme_makes_a_new_edition_and_the_same_again_makes_none(lead, frame):
    theme = services.add_theme(frame, by=lead, name="Too slow", category="Time", definition="", is_remainder=False)
    frame.refresh_from_db()
    assert (theme.code, theme.order, frame.edition) == ("too-slow", 1, 2)

    for _time in range(2):
        services.edit_theme(theme, by=lead, name="Slow", category="Time", definition="Waits", is_remainder=False)
    frame.refresh_from_db()
    theme.refresh_from_db()
    assert (theme.name, theme.code, theme.definition, frame.edition) == ("Slow", "too-slow", "Waits", 3)
    verbs = AuditEvent.objects.filter(subject_type="insights.theme").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["added", "changed"]


def test_two_themes_of_a_frame_cannot_have_one_name_but_codes_never_clash(lead, frame, slow):
    with pytest.raises(ValidationError, match="already has a theme of that name"):
        services.add_theme(frame, by=lead, name="Slow")
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.create(frame=frame, code="other", name="Slow")
    assert services.add_theme(frame, by=lead, name="A & b").code == "a-b"
    assert services.add_theme(frame, by=lead, name="A + b").code == "a-b-2"


# Retiring ----------------------------------------------------------------------------------------


def test_codes_of_a_retired_theme_move_and_each_move_is_kept(lead, frame, slow, late):
    told, guessed, refused = (factories.comment() for _time in range(3))
    factories.coding(told, slow)
    factories.suggestion(guessed, slow, 0.9)
    factories.suggestion(refused, slow, 0.4, state=Coding.State.REFUSED)

    for _time in range(2):
        services.retire_theme(slow, by=lead, replaced_by=late)

    slow.refresh_from_db()
    frame.refresh_from_db()
    assert (slow.retired_on, slow.replaced_by, frame.edition) == (timezone.localdate(), late, 2)
    assert codes(slow) == []
    assert codes(late) == [(told.pk, "person", "accepted"), (refused.pk, "machine", "refused")]
    history = CodingChange.objects.order_by("comment").values_list("comment", "theme", "what", "by")
    assert list(history) == [
        (told.pk, late.pk, What.MOVED, lead.pk),
        (guessed.pk, slow.pk, What.REMOVED, lead.pk),
        (refused.pk, late.pk, What.MOVED, lead.pk),
    ]


def test_a_move_never_makes_a_second_code_and_what_a_person_accepted_wins(lead, slow, late):
    both, only_guessed_there, accepted_there = (factories.comment() for _time in range(3))
    factories.coding(both, slow)
    factories.coding(both, late)
    factories.coding(only_guessed_there, slow, by_name="Somebody")
    factories.suggestion(only_guessed_there, late)
    factories.suggestion(accepted_there, slow, state=Coding.State.REFUSED)
    factories.coding(accepted_there, late)

    services.retire_theme(slow, by=lead, replaced_by=late)

    assert codes(late) == [
        (both.pk, "person", "accepted"),
        (only_guessed_there.pk, "person", "accepted"),
        (accepted_there.pk, "person", "accepted"),
    ]
    assert Coding.objects.get(comment=only_guessed_there).by_name == "Somebody"


def test_without_another_theme_the_codes_of_people_stay_and_suggestions_go(lead, slow):
    told, guessed = factories.comment(), factories.comment()
    factories.coding(told, slow)
    factories.suggestion(guessed, slow)
    services.retire_theme(slow, by=lead)
    assert codes(slow) == [(told.pk, "person", "accepted")]


def test_more_codes_than_one_batch_all_move(lead, slow, late, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    collection = factories.collection()
    comments = [factories.comment(collection=collection) for _time in range(5)]
    for comment in comments:
        factories.coding(comment, slow)
    services.retire_theme(slow, by=lead, replaced_by=late)
    assert codes(late) == [(comment.pk, "person", "accepted") for comment in comments]


def test_themes_that_were_replaced_before_follow_to_the_new_successor(lead, frame, slow, late):
    newest = factories.theme("Newest", frame=frame)
    services.retire_theme(slow, by=lead, replaced_by=late)
    services.retire_theme(late, by=lead, replaced_by=newest)
    slow.refresh_from_db()
    assert slow.replaced_by == newest


def test_a_theme_is_replaced_only_by_another_one_in_use_of_its_frame(lead, frame, slow, late):
    retired = factories.theme("Gone", frame=frame, retired_on=datetime.date(2024, 1, 1))
    for other in (slow, retired, factories.theme("Elsewhere")):
        with pytest.raises(ValidationError, match="Choose another theme of this frame"):
            services.retire_theme(slow, by=lead, replaced_by=other)
    with pytest.raises(ValidationError, match="not used any more"):
        services.edit_theme(retired, by=lead, name="Back")


# Pages -------------------------------------------------------------------------------------------


def pages(frame, theme):
    return {
        "frame_add": address("frame_add"),
        "frame_edit": address("frame_edit", frame.pk),
        "theme_add": address("theme_add", frame.pk),
        "theme_edit": address("theme_edit", theme.pk),
        "theme_retire": address("theme_retire", theme.pk),
    }


def test_all_staff_see_frames_but_only_administrators_and_leads_change_them(client, frame, slow):
    for role, may in [("administrator", 200), ("lead", 200), ("officer", 403), ("project_lead", 403)]:
        client.force_login(people.user(role))
        assert client.get(address("frame_list")).status_code == 200
        page = client.get(address("frame_detail", frame.pk))
        assert "Slow" in page.content.decode()
        assert (address("theme_retire", slow.pk) in page.content.decode()) is (may == 200)
        for url in pages(frame, slow).values():
            assert client.get(url).status_code == may, (role, url)
            assert client.post(url).status_code == (
                422 if may == 200 and "retire" not in url else may if may == 403 else 302
            )
        Theme.objects.filter(pk=slow.pk).update(retired_on=None)


def test_people_outside_the_staff_do_not_see_frames(client, frame):
    assert client.get(address("frame_list")).status_code == 302
    client.force_login(people.user())
    assert client.get(address("frame_detail", frame.pk)).status_code == 403


def test_a_lead_for_one_place_does_not_change_a_frame_that_all_places_share(client, frame, slow):
    client.force_login(people.user("lead", people.area("Stevenage")))
    assert client.get(address("frame_detail", frame.pk)).status_code == 200
    for url in pages(frame, slow).values():
        assert client.get(url).status_code == client.post(url).status_code == 403


def test_a_frame_and_its_themes_are_made_on_pages(client, lead):
    client.force_login(lead)
    page = client.post(address("frame_add"), {"name": "Ours", "source": "", "is_default": "on"})
    frame = Frame.objects.get(name="Ours")
    assert page.url == address("frame_detail", frame.pk)
    client.post(address("theme_add", frame.pk), {"name": "Kind staff", "category": "Staff"})
    theme = frame.themes.get()
    client.post(address("theme_edit", theme.pk), {"name": "Kind", "category": "Staff", "is_remainder": "on"})
    theme.refresh_from_db()
    assert (theme.name, theme.is_remainder) == ("Kind", True)
    client.post(address("frame_edit", frame.pk), {"name": "Ours now", "source": "Us", "is_default": "on"})
    frame.refresh_from_db()
    assert (frame.name, frame.edition, frame.is_default) == ("Ours now", 3, True)


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, lead, frame, slow):
    client.force_login(lead)
    page = client.post(address("theme_add", frame.pk), {"name": "Slow", "category": "Kept words"})
    assert page.status_code == 422
    assert "already has a theme of that name" in page.content.decode()
    assert "Kept words" in page.content.decode()
    page = client.post(address("frame_add"), {"name": "", "source": "Kept source"})
    assert "Enter name" in page.content.decode()


def test_retiring_says_before_what_becomes_of_the_codes(client, lead, slow, late):
    factories.coding(factories.comment(), slow)
    factories.suggestion(factories.comment(), slow)
    client.force_login(lead)
    page = client.get(address("theme_retire", slow.pk)).content.decode()
    assert "People decided on 1 code with this theme." in page
    assert "1 suggestion of the machine is dropped." in page
    client.post(address("theme_retire", slow.pk), {"replaced_by": late.pk})
    assert client.get(address("theme_retire", slow.pk)).status_code == 404
    assert "Now coded as Late." in client.get(address("frame_detail", slow.frame_id)).content.decode()


def test_pages_of_frames_cost_the_same_whatever_their_size(client, lead):
    client.force_login(lead)
    frame, costs = factories.frame(), []
    for count in (1, 9, 90):
        for _time in range(count):
            factories.theme(frame=frame)
            factories.frame()
        for url in (address("frame_list"), address("frame_detail", frame.pk)):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(url)
            costs.append(len(queries))
    assert costs[:2] == costs[2:4] == costs[4:]


# The frame that every body starts with -----------------------------------------------------------


def test_the_frame_of_the_profile_has_the_44_themes_of_the_project():
    for _time in range(2):
        profiles.load(BASE_DIR / "profiles" / "england.toml")
    frame = Frame.objects.get(code="patient-experience")
    assert (frame.is_default, frame.edition, frame.themes.count()) == (True, 1, 44)
    assert frame.themes.filter(name="Referals & continuity of care").exists()
    assert set(frame.themes.filter(is_remainder=True).values_list("name", flat=True)) == {
        "Labelling not possible",
        "Not assigned",
    }
    assert not frame.themes.filter(definition="").exists()


def test_a_profile_adds_new_themes_and_leaves_what_staff_changed(lead):
    row = {"code": "ours", "name": "Ours", "default": True, "themes": [{"name": "One"}, {"name": "Two"}]}
    profile.load_code_frames([row])
    frame = Frame.objects.get(code="ours")
    services.edit_theme(frame.themes.get(code="one"), by=lead, name="First")
    services.retire_theme(frame.themes.get(code="two"), by=lead)
    profile.load_code_frames([row | {"themes": [*row["themes"], {"name": "Three", "remainder": True}]}])
    frame.refresh_from_db()
    found = [(theme.name, theme.is_remainder, theme.retired_on is None) for theme in frame.themes.order_by("order")]
    assert found == [("First", False, True), ("Two", False, False), ("Three", True, True)]
    assert frame.edition == 4
    with pytest.raises(ValidationError, match="nobody reads"):
        profile.load_code_frames([row | {"theme": []}])
