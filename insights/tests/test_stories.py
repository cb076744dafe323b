"""Patient stories: consent and its end, who heard them, and how many of those the policy wants."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from engagement.models import Policy
from forums.tests import factories as forums
from insights.documents import library as documents
from insights.documents.years import days_of_financial_year
from insights.models import Source, Story, StoryHearing
from insights.services import library, stories
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
CANARY = "Xylophone"


def story_source(**fields):
    return factories.source(kind=factories.source_kind(is_story=True), **fields)


def public_story(**fields):
    source = story_source(scope="public", published_at=factories.AT, title=CANARY, summary=CANARY)
    return factories.story(source=source, **fields)


def agreed(**fields):
    values = {
        "service": "Maternity",
        "medium": "text",
        "named": "anonymous",
        "consent_on": TODAY - 10 * DAY,
        "consent_covers": "The website",
        "consent_until": TODAY + 10 * DAY,
    }
    return values | fields


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


# Consent -----------------------------------------------------------------------------------------


def test_consent_is_written_down_changed_and_audited():
    source, by = story_source(), people.user("officer")
    stories.keep_story(source, by=by, **agreed())
    stories.keep_story(source, by=by, **agreed())
    stories.keep_story(source, by=by, **agreed(medium="audio"))
    assert Story.objects.get().medium == "audio"
    assert AuditEvent.objects.filter(verb="kept the consent of a story").count() == 2


def test_only_a_story_has_consent_and_its_days_make_sense():
    with pytest.raises(ValidationError, match="This item is no story"):
        stories.keep_story(factories.source(), by=None, **agreed())
    with pytest.raises(ValidationError, match="The consent must end after it was given"):
        stories.keep_story(story_source(), by=None, **agreed(consent_until=TODAY - 10 * DAY))
    with pytest.raises(ValidationError, match="must not be in the future"):
        stories.keep_story(story_source(), by=None, **agreed(consent_on=TODAY + DAY))
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.story(consent_until=factories.DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.story(consent_covers="")


@pytest.mark.parametrize("fields", [None, {"consent_until": TODAY - DAY}, {"withdrawn_on": TODAY}])
@pytest.mark.parametrize("scope", ["partners", "public"])
def test_without_consent_that_lasts_a_story_is_for_staff_alone(fields, scope):
    source = story_source()
    if fields is not None:
        factories.story(source=source, **fields)
    with pytest.raises(ValidationError, match="A story needs consent that lasts"):
        library.change_source(source, by=people.user("lead"), scope=scope)


def test_a_story_that_never_had_consent_is_never_public_whatever_its_row_says():
    story_source(scope="public", published_at=factories.AT)
    assert not Source.objects.public().exists()
    assert not Source.objects.for_partners().exists()


@pytest.mark.parametrize("fields", [{"consent_until": TODAY - DAY}, {"withdrawn_on": TODAY}])
def test_when_consent_is_over_the_story_leaves_every_page_at_once(client, fields):
    story = public_story()
    addresses = [
        "/library/",
        f"/library/items/{story.source.reference}/",
        "/partners/library/",
        f"/partners/library/{story.source_id}/",
        "/insight/library/",
        f"/insight/library/{story.source_id}/",
    ]
    client.force_login(people.user("project_lead"))
    assert all(CANARY in client.get(address).content.decode() for address in addresses)
    Story.objects.update(**fields)
    assert not any(CANARY in client.get(address).content.decode() for address in addresses)


def test_its_last_day_is_still_in_the_consent():
    public_story(consent_until=TODAY)
    assert Source.objects.public().exists()


def test_staff_who_keep_stories_are_told_and_see_the_consent_without_the_words(client, officer):
    story = public_story(withdrawn_on=TODAY)
    Source.objects.update(title="A story", summary=CANARY, key_finding=CANARY)
    text = client.get(f"/insight/library/{story.source_id}/").content.decode()
    assert "The consent is over" in text
    assert CANARY not in text
    assert client.get(f"/insight/library/{story.source_id}/edit/").status_code == 403
    assert story.source_id not in Source.objects.for_user(officer).values_list("pk", flat=True)
    assert "A story" not in client.get("/insight/library/").content.decode()
    assert "A story" in client.get("/insight/library/?show=consent").content.decode()
    assert [line.words for line in library.left(officer)] == ["1 patient story whose consent is over"]


def test_consent_taken_back_withdraws_the_story_and_new_consent_does_not_publish_it():
    story, by = public_story(), people.user("officer")
    stories.withdraw_consent(story.source, by=by, withdrawn_on=TODAY - DAY)
    stories.withdraw_consent(story.source, by=by, withdrawn_on=TODAY)
    story.refresh_from_db()
    assert story.withdrawn_on == TODAY - DAY
    assert not Source.objects.get().is_published
    stories.keep_story(story.source, by=by, consent_on=TODAY)
    story.refresh_from_db()
    assert story.has_consent
    assert not Source.objects.public().exists()


def test_names_may_stand_in_a_story_as_the_person_agreed():
    source, lead = story_source(summary="My name is Rachel Green."), people.user("lead")
    story = factories.story(source=source, person=people.person("Rachel Green"), named="full")
    library.change_source(source, by=lead, scope="public")
    library.publish_source(source, by=lead)
    with pytest.raises(ValidationError, match="Rachel Green"):
        stories.keep_story(source, by=lead, named="first")
    library.change_source(source, by=lead, summary="My name is Rachel.")
    stories.keep_story(source, by=lead, named="first")
    with pytest.raises(ValidationError, match="Rachel"):
        stories.keep_story(source, by=lead, named="anonymous")
    story.refresh_from_db()
    assert story.named == "first"
    with pytest.raises(ValidationError, match="telephone number"):
        library.change_source(source, by=lead, summary="Ring 07700 900123")


# Hearings ----------------------------------------------------------------------------------------


def test_a_hearing_is_noted_once_with_what_was_learnt():
    story, board, by = factories.story(), forums.committee(), people.user("officer")
    stories.add_hearing(story.source, by=by, forum=board, heard_on=TODAY, learnt="To listen")
    stories.add_hearing(story.source, by=by, forum=board, heard_on=TODAY, learnt="To listen", action="A course")
    hearing = StoryHearing.objects.get()
    assert (hearing.learnt, hearing.action) == ("To listen", "A course")
    with pytest.raises(IntegrityError), transaction.atomic():
        StoryHearing.objects.create(story=story, forum=board, heard_on=TODAY)


@pytest.mark.parametrize(
    ("fields", "heard_on"),
    [
        ({}, TODAY + DAY),
        ({}, factories.DAY - DAY),
        ({"consent_until": TODAY - 2 * DAY}, TODAY - DAY),
        ({"withdrawn_on": TODAY - 2 * DAY}, TODAY - DAY),
    ],
)
def test_nobody_heard_it_outside_the_days_of_consent(fields, heard_on):
    story = factories.story(**fields)
    with pytest.raises(ValidationError) as error:
        stories.add_hearing(story.source, by=None, forum=forums.forum(), heard_on=heard_on)
    assert list(error.value.message_dict) == ["heard_on"]


def test_stories_heard_in_a_year_are_counted_once_each_and_stand_beside_the_policy(client, officer):
    Policy.objects.create(stories_a_year=4)
    one, other = factories.story(), factories.story(withdrawn_on=TODAY)
    first, last = days_of_financial_year(TODAY)
    for story, day in ((one, first), (one, last), (other, first), (other, first - DAY)):
        StoryHearing.objects.create(story=story, forum=forums.forum(), heard_on=day)
    assert documents.stories_heard(Source.objects.all(), first, last) == 2
    text = client.get("/insight/library/figures/").content.decode()
    assert 'app-figures__number">2<' in text
    assert "The policy wants 4" in text


# Pages -------------------------------------------------------------------------------------------


def parts(name, day):
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def test_the_pages_of_a_story_from_consent_to_its_end(client, officer):
    source, board = story_source(), forums.committee()
    person = people.person("Rachel Green")
    address = f"/insight/library/{source.pk}/story/"
    assert client.get(address).status_code == 200
    sent = {name: value for name, value in agreed().items() if not name.endswith(("_on", "_until"))}
    sent |= parts("consent_on", TODAY - DAY) | parts("consent_until", TODAY + DAY)
    assert client.post(address, sent | {"who": "Nobody Known"}).status_code == 422
    assert client.post(address, sent | {"who": "rachel green"}).status_code == 302
    assert Story.objects.get().person == person
    assert client.post(address, sent | {"who": "Rachel Green", "service": "Birth"}).status_code == 302
    assert Story.objects.get().service == "Birth"
    heard = f"{address}heard/"
    assert client.get(heard).status_code == 200
    assert client.post(heard, {"forum": board.pk} | parts("heard_on", TODAY + DAY)).status_code == 422
    assert client.post(heard, {"forum": board.pk, "learnt": "Much"} | parts("heard_on", TODAY)).status_code == 302
    text = client.get(f"/insight/library/{source.pk}/").content.decode()
    assert "Much" in text
    assert "Rachel Green" not in text
    assert client.get(f"{address}withdraw/").status_code == 200
    assert client.post(f"{address}withdraw/", parts("withdrawn_on", TODAY)).status_code == 302
    assert Story.objects.get().withdrawn_on == TODAY


def test_other_items_have_no_story_pages_and_others_may_not_touch_them(client, officer):
    report, story = factories.source(), factories.story()
    for page in ("", "withdraw/", "heard/"):
        assert client.get(f"/insight/library/{report.pk}/story/{page}").status_code == 404
    client.force_login(people.user("project_lead"))
    for page in ("", "withdraw/", "heard/"):
        assert client.get(f"/insight/library/{story.source_id}/story/{page}").status_code == 403
