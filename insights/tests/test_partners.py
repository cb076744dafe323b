"""Partner organisations: what they send in, what they may read, and that nothing else in the system is theirs."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from insights.models import Source, SourceFile
from insights.services import contributions
from insights.tests import insight_factories as factories
from people.models import Role
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
CANARY = "Xylophone"
PAGES = ("/partners/", "/partners/send/", "/partners/library/")


def partner(organisation=None, **fields):
    user = people.user(**fields)
    Role.objects.create(user=user, name="partner", organisation=organisation or people.organisation())
    return user


@pytest.fixture
def healthwatch():
    return people.organisation("Healthwatch")


@pytest.fixture
def sender(client, healthwatch):
    user = partner(healthwatch)
    client.force_login(user)
    return user


def sent(kind, **fields):
    today = {"heard_on_0": TODAY.day, "heard_on_1": TODAY.month, "heard_on_2": TODAY.year}
    return {"title": "Buses", "summary": "They do not come.", "kind": kind.pk} | today | fields


def contribution(by, kind=None, **fields):
    values = {"title": "Buses", "summary": "They do not come.", "heard_on": TODAY} | fields
    return contributions.contribute(by=by, kind=kind or factories.source_kind(), **values)


def text_of(page):
    assert page.status_code in {200, 422}, page.status_code
    return page.content.decode()


# Sending in --------------------------------------------------------------------------------------


def test_a_partner_sends_in_what_was_heard_and_it_waits_for_staff_alone(client, sender, healthwatch):
    kind, area, group = factories.source_kind(), people.area("Harlow"), people.population_group("Carers")
    assert client.get("/partners/send/").status_code == 200
    page = client.post("/partners/send/", sent(kind, area=area.pk, group=group.pk), follow=True)
    source = Source.objects.get()
    assert (source.state, source.scope, source.layer) == ("offered", "internal", "report")
    assert (source.contributed_by, source.organisation, source.collected_to) == (sender, healthwatch, TODAY)
    assert ([*source.areas.all()], [*source.groups.all()]) == ([area], [group])
    assert "we look at it" in text_of(page)
    assert not Source.objects.for_partners().exists()


@pytest.mark.parametrize("name", ["title", "summary"])
def test_personal_data_are_refused_with_where_they_stand_and_nothing_is_kept(client, sender, name):
    words = "They said:\nring 07700 900123."
    page = client.post("/partners/send/", sent(factories.source_kind(), **{name: words}))
    assert page.status_code == 422
    assert "telephone number “07700 900123”. Take it out" in text_of(page)
    assert not Source.objects.exists()
    assert not AuditEvent.objects.filter(verb="sent in").exists()


def test_the_same_form_twice_is_one_contribution_and_a_day_to_come_is_refused():
    by = partner()
    assert contribution(by) == contribution(by)
    assert contribution(partner()) != contribution(by)
    with pytest.raises(ValidationError, match="must not be in the future"):
        contribution(by, heard_on=TODAY + datetime.timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_the_same_moment_is_one_contribution(tmp_path):
    by, kind = partner(), factories.source_kind()
    numbers = race(tmp_path, *[lambda: contribution(by, kind=kind).pk] * 2)
    assert [type(number) for number in numbers] == [int, int]
    assert len(set(numbers)) == 1


def test_who_works_for_two_says_for_which(client, sender, healthwatch):
    mind = people.organisation("Mind")
    user = partner(mind)
    Role.objects.create(user=user, name="partner", organisation=healthwatch, area=people.area())
    client.force_login(user)
    kind = factories.source_kind()
    assert client.post("/partners/send/", sent(kind)).status_code == 422
    assert client.post("/partners/send/", sent(kind, organisation=people.organisation().pk)).status_code == 422
    assert client.post("/partners/send/", sent(kind, organisation=mind.pk)).status_code == 302
    assert Source.objects.get().organisation == mind


def test_staff_send_in_through_the_same_form_without_an_organisation(client):
    user = people.user("project_lead")
    client.force_login(user)
    assert client.post("/partners/send/", sent(factories.source_kind())).status_code == 302
    source = Source.objects.get()
    assert (source.contributed_by, source.organisation, source.state) == (user, None, "offered")


# What became of it -------------------------------------------------------------------------------


def test_the_contributor_sees_what_became_of_it_as_it_was_sent(client, sender):
    good, poor = contribution(sender, title="Good"), contribution(sender, title="Poor")
    staff = people.user("officer")
    contributions.accept_contribution(good, by=staff)
    contributions.accept_contribution(good, by=staff)
    contributions.return_contribution(poor, by=staff, because="We know it already")
    changed = Source.objects.get(pk=good.pk)
    changed.summary = changed.key_finding = changed.held_by = CANARY
    changed.save()
    factories.rating(good).__class__.objects.update(because=CANARY)
    assert "We know it already" in text_of(client.get("/partners/"))
    text = text_of(client.get(f"/partners/sent/{good.pk}/"))
    assert "It is in our library" in text
    assert "They do not come." in text
    assert CANARY not in text
    assert "We know it already" in text_of(client.get(f"/partners/sent/{poor.pk}/"))


def test_colleagues_see_it_and_others_do_not(client, sender, healthwatch):
    source = contribution(sender, organisation=healthwatch)
    client.force_login(partner(healthwatch))
    assert client.get(f"/partners/sent/{source.pk}/").status_code == 200
    for other in (partner(), people.user("officer")):
        client.force_login(other)
        assert client.get(f"/partners/sent/{source.pk}/").status_code == 404
        assert "Buses" not in text_of(client.get("/partners/"))


def test_what_staff_wrote_down_about_a_partner_is_not_shown_to_it(client, sender, healthwatch):
    factories.source(title=CANARY, organisation=healthwatch)
    colleague = people.user("officer")
    row = factories.source(title=CANARY, organisation=healthwatch, contributed_by=colleague)
    assert CANARY not in text_of(client.get("/partners/"))
    assert client.get(f"/partners/sent/{row.pk}/").status_code == 404


# Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "is_read"),
    [
        ({"scope": "partners"}, True),
        ({"scope": "public"}, True),
        ({"scope": "public", "published_at": factories.AT}, True),
        ({"scope": "internal"}, False),
        ({"layer": "raw"}, False),
        ({"scope": "partners", "state": "offered"}, False),
        ({"scope": "partners", "state": "returned", "state_because": "No"}, False),
        ({"scope": "partners", "state": "retired", "state_because": "No"}, False),
        ({"scope": "partners", "embargo_until": TODAY + datetime.timedelta(days=1)}, False),
    ],
)
def test_partners_read_what_is_shared_with_them(client, sender, fields, is_read):
    source = factories.source(title=CANARY, held_by="Secret", dpia_reference="Secret", **fields)
    row = SourceFile.objects.create(source=source, title="File", state="clean", file="library/none.txt")
    row.file.storage.save("library/none.txt", ContentFile(b"x"))
    assert (CANARY in text_of(client.get("/partners/library/"))) == is_read
    page = client.get(f"/partners/library/{source.pk}/")
    assert page.status_code == (200 if is_read else 404)
    assert "Secret" not in page.content.decode()
    file = client.get(f"/partners/files/{row.pk}/")
    assert file.status_code == (200 if is_read else 404)
    if is_read:
        assert b"".join(file.streaming_content) == b"x"
    SourceFile.objects.update(state="quarantined")
    assert client.get(f"/partners/files/{row.pk}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_strangers_sign_in_and_members_are_turned_away(client, page):
    assert client.get(page)["Location"].startswith("/accounts/login/")
    for user in (people.member().user, people.user("secretary"), people.user()):
        client.force_login(user)
        assert client.get(page).status_code == 403


# Nothing else ------------------------------------------------------------------------------------


def addresses(patterns, before=""):
    """Every named address of the product that needs no number."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{before}{pattern.namespace}:" if pattern.namespace else before
            yield from addresses(pattern.url_patterns, inner)
        elif pattern.name:
            try:
                yield reverse(before + pattern.name)
            except NoReverseMatch:
                continue


def test_a_partner_sees_nothing_else_in_the_system(client, sender):
    everything = {each for each in addresses(get_resolver().url_patterns) if not each.startswith("/accounts/")}
    assert len(everything) > 60
    client.logout()
    public = {each for each in everything if client.get(each).status_code == 200}
    client.force_login(sender)
    opened = {each for each in everything if client.get(each).status_code == 200}
    assert opened - public == set(PAGES)
    assert not sender.is_staff


@pytest.mark.parametrize(
    "page", ["", "edit/", "rate/", "files/add/", "step/accept/", "story/", "story/withdraw/", "story/heard/"]
)
def test_a_partner_gets_no_staff_page_of_their_own_contribution(client, sender, page):
    source = contribution(sender)
    address = f"/insight/library/{source.pk}/{page}"
    assert client.get(address).status_code in {403, 405} if "step" in page else client.get(address).status_code == 403
    assert client.post(address).status_code in {403, 405}
    source.refresh_from_db()
    assert source.state == "offered"
