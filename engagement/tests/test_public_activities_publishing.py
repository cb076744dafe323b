"""An activity gets a public page, keeps its address, and loses it again: what it needs, who may, what is refused."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import modelform_factory
from django.urls import reverse
from django.utils import timezone

from core import roles
from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Activity
from engagement.services import activities, publication
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

pytestmark = pytest.mark.django_db
State = Activity.State
SAID = {
    "purpose": "To hear from carers.",
    "can_influence": "The opening hours.",
    "cannot_influence": "The building, as it is leased.",
    "route_without_internet": "A paper form.",
}
LACKS = [
    "Say what the activity is for",
    "Say what people can influence",
    "Say what people cannot influence, and why",
    "Say how people can take part without the internet",
]
CONSTRAINT = "Everybody can read this activity. Say what it is for, what people can influence and what they cannot"


@pytest.fixture
def lead(client):
    user = people.user("lead", name="Lee Lead")
    client.force_login(user)
    return user


def page_of(activity) -> str:
    return reverse("engagement:activity_publish", args=[activity.pk])


def public_page(activity) -> str:
    return reverse("taking_part:activity_detail", args=[activity.slug])


# The service -------------------------------------------------------------------------------------


def test_a_page_needs_what_it_is_for_what_can_change_and_how_to_take_part(lead):
    activity = factories.activity(state=State.LIVE)
    with pytest.raises(ValidationError) as refused:
        publication.publish_page(activity, by=lead)
    assert refused.value.messages == LACKS
    activity.refresh_from_db()
    assert (activity.published_at, activity.slug) == (None, None)


def test_what_is_over_needs_no_way_to_take_part(lead):
    activity = factories.activity(**SAID | {"route_without_internet": ""})
    assert publication.lacks(activity) == []
    assert publication.publish_page(activity, by=lead).is_published


def test_publishing_is_written_down_once_and_the_same_again_changes_nothing(lead):
    activity = factories.activity("ENG/2024 7", **SAID)
    first = publication.publish_page(activity, by=lead, public_summary=" A walk-in hour. ")
    again = publication.publish_page(activity, by=lead, public_summary="A walk-in hour.")
    assert (first.slug, first.published_by, first.public_summary) == ("eng2024-7", lead, "A walk-in hour.")
    assert again.published_at == first.published_at
    assert list(AuditEvent.objects.values_list("verb", "actor", "subject_id")) == [
        ("published", "Lee Lead", str(activity.pk))
    ]
    assert activity.versions.latest().history_user == lead


def test_a_new_summary_leaves_the_day_of_publication_as_it_was(lead):
    first = publication.publish_page(factories.activity(**SAID), by=lead)
    second = publication.publish_page(first, by=people.user("officer"), public_summary="Plainer.")
    assert (second.published_at, second.published_by, second.public_summary) == (first.published_at, lead, "Plainer.")
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["published", "changed"]


def test_the_address_stays_when_the_reference_changes_and_the_page_comes_back(client, lead):
    activity = publication.publish_page(factories.activity("A-7", **SAID), by=lead)
    publication.withdraw_page(activity, by=lead)
    publication.withdraw_page(activity, by=lead)
    assert client.get(public_page(activity)).status_code == 404
    Activity.objects.filter(pk=activity.pk).update(reference="B-8")
    assert publication.publish_page(activity, by=lead).slug == "a-7"
    assert client.get("/taking-part/activities/a-7/").status_code == 200
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["published", "withdrew", "published"]


def test_references_that_look_alike_in_an_address_are_told_apart(lead):
    rows = [factories.activity(reference, **SAID) for reference in ("A 1", "A-1", "§")]
    slugs = [publication.publish_page(row, by=lead).slug for row in rows]
    assert slugs == ["a-1", f"a-1-{rows[1].pk}", f"activity-{rows[2].pk}"]


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once(tmp_path):
    lead, activity = people.user("lead"), factories.activity(**SAID)
    publish = [lambda: publication.publish_page(activity, by=lead).published_at] * 2
    found = race(tmp_path, *publish)
    assert (len(found), len(set(found)), type(found[0])) == (2, 1, datetime.datetime)


# What stays said while everybody can read it -----------------------------------------------------


@pytest.mark.parametrize("name", ["purpose", "can_influence", "cannot_influence"])
def test_what_everybody_reads_cannot_be_emptied(lead, name):
    activity = publication.publish_page(factories.activity(**SAID), by=lead)
    with pytest.raises(ValidationError) as refused:
        activities.explain(activity, by=lead, **{name: " "})
    assert refused.value.messages == [CONSTRAINT]
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**{name: ""})


def test_a_form_without_all_of_the_fields_says_the_same(lead):
    activity = publication.publish_page(factories.activity(**SAID), by=lead)
    form = modelform_factory(Activity, fields=["purpose"])({"purpose": ""}, instance=activity)
    assert form.errors == {"__all__": [CONSTRAINT]}


@pytest.mark.parametrize("fields", [{"published_at": None}, {"slug": None}, {"slug": ""}])
def test_a_published_page_has_a_day_and_an_address(lead, fields):
    activity = publication.publish_page(factories.activity(**SAID), by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**fields)


def test_an_address_belongs_to_one_activity(lead):
    publication.publish_page(factories.activity("A-1", **SAID), by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.activity(slug="a-1")


# The page of staff -------------------------------------------------------------------------------


def test_staff_publish_a_page_and_take_it_away(client, lead):
    people.body()
    activity = factories.activity(state=State.LIVE, **SAID)
    shown = client.get(page_of(activity)).content.decode()
    assert ("Only staff can read about this activity now." in shown, "To hear from carers." in shown) == (True, True)
    sent = client.post(page_of(activity), {"public_summary": "Come and talk."}, follow=True)
    assert "Everybody can read the page now" in sent.content.decode()
    assert "Public page: everybody can read it" in sent.content.decode()
    activity.refresh_from_db()
    assert public_page(activity) in client.get(page_of(activity)).content.decode()
    assert "Come and talk." in client.get(public_page(activity)).content.decode()
    gone = client.post(reverse("engagement:activity_withdraw", args=[activity.pk]), follow=True).content.decode()
    assert ("Only staff can read the page now" in gone, "Public page: not published" in gone) == (True, True)
    assert client.get(public_page(activity)).status_code == 404


def test_what_is_refused_is_shown_and_what_was_typed_stays(client, lead):
    activity = factories.activity(state=State.LIVE, **SAID | {"purpose": ""})
    page = client.post(page_of(activity), {"public_summary": "Come and talk."})
    text = page.content.decode()
    assert (page.status_code, text.count(LACKS[0]), "Come and talk." in text) == (422, 2, True)
    assert "Error:" in text


def test_a_summary_that_is_too_long_is_refused(client, lead):
    page = client.post(page_of(factories.activity(**SAID)), {"public_summary": "x" * 1001})
    assert page.status_code == 422
    assert "Summary for the public page must be 1000 characters or fewer" in page.content.decode()


def test_only_whoever_works_on_an_activity_publishes_it(client):
    here, elsewhere = people.area("Harlow"), people.area("Watford")
    activity = factories.activity(areas=[here], **SAID)
    visitors = {
        "other area": (people.user("officer", elsewhere), 404),
        "this area": (people.user("officer", here), 200),
        "project lead": (people.user("project_lead"), 403),
        "member": (people.user("member"), 403),
    }
    withdraw = reverse("engagement:activity_withdraw", args=[activity.pk])
    for name, (user, status) in visitors.items():
        client.force_login(user)
        found = client.get(page_of(activity)).status_code, client.post(withdraw).status_code
        assert (name, *found) == (name, status, 302 if status == 200 else status)
    client.logout()
    assert client.get(page_of(activity))["Location"].startswith(reverse("account_login"))
    assert client.get(withdraw)["Location"].startswith(reverse("account_login"))


def test_the_permission_alone_does_not_open_the_work_of_others(client, monkeypatch):
    may = roles.permissions_of("project_lead") | {"engagement.publish_activity"}
    monkeypatch.setitem(roles._allowed, "project_lead", set(may))
    mine, other = people.user("project_lead"), people.user("project_lead")
    activity = factories.activity(project=projects.project(lead=mine), **SAID)
    for user, status in ((mine, 200), (other, 403)):
        client.force_login(user)
        assert client.get(page_of(activity)).status_code == status


def test_withdrawing_is_no_link(client, lead):
    assert client.get(reverse("engagement:activity_withdraw", args=[factories.activity().pk])).status_code == 405


def test_the_day_of_publication_is_now(lead):
    before = timezone.now()
    activity = publication.publish_page(factories.activity(**SAID), by=lead)
    assert before <= activity.published_at <= timezone.now()


def test_nothing_is_public_by_itself(lead):
    hidden, shown = factories.activity(**SAID), factories.activity(**SAID)
    publication.publish_page(shown, by=lead)
    projects.survey(activity=hidden)
    assert list(Activity.objects.public()) == [shown]
