"""Items of the library: added, changed, published, retired, rated; what must not become public does not."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import profiles
from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Policy
from engagement.tests import factories as engagement
from insights.documents import quality
from insights.models import Source, SourceKind
from insights.services import library
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PERSONAL = "Ring Mrs Patel on 07700 900123."


def values(**fields):
    return {"title": "Waiting times", "summary": "People wait long.", "layer": Source.Layer.REPORT} | fields


def verbs(source):
    rows = AuditEvent.objects.filter(subject_type="insights.source", subject_id=str(source.pk))
    return list(rows.order_by("pk").values_list("verb", flat=True))


# Adding and changing -----------------------------------------------------------------------------


def test_an_item_is_added_once_and_gets_the_policys_day_for_looking_again():
    by, kind = people.user("officer"), factories.source_kind()
    Policy.objects.create(insight_months=6)
    topic, area = engagement.topic(), people.area()
    one = library.add_source(by=by, kind=kind, collected_to=TODAY, topics=[topic], areas=[area], **values())
    assert library.add_source(by=by, kind=kind, collected_to=TODAY, **values()) == one
    assert Source.objects.count() == 1
    assert one.review_by == quality.add_months(TODAY, 6)
    assert (one.state, one.scope, one.is_published) == ("in_use", "internal", False)
    assert ([*one.topics.all()], [*one.areas.all()]) == ([topic], [area])
    assert one.reference.startswith("lib-")
    assert verbs(one) == ["added to the library"]


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_the_same_moment_is_one_item(tmp_path):
    by, kind = people.user("officer"), factories.source_kind()
    numbers = race(tmp_path, *[lambda: library.add_source(by=by, kind=kind, **values()).pk] * 2)
    assert [type(number) for number in numbers] == [int, int]
    assert len(set(numbers)) == 1


def test_a_change_is_audited_by_field_and_the_same_again_is_nothing():
    source, by = factories.source(), people.user("officer")
    library.change_source(source, by=by, title="Longer waits", groups=[people.population_group()])
    library.change_source(source, by=by, title="Longer waits")
    assert verbs(source) == ["changed"]
    assert AuditEvent.objects.get(verb="changed").detail == {"fields": ["title", "groups"]}
    assert source.versions.first().history_user == by


def test_a_pointer_says_where_and_has_no_copy_by_form_and_in_the_database():
    with pytest.raises(ValidationError, match="Give the address, or say who has it"):
        library.add_source(by=None, kind=factories.source_kind(), is_pointer=True, **values())
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.source(is_pointer=True)
    library.add_source(by=None, kind=factories.source_kind(), is_pointer=True, held_by="The council", **values())


def test_raw_data_stay_inside_by_form_and_in_the_database():
    with pytest.raises(ValidationError) as error:
        library.add_source(by=None, kind=factories.source_kind(), scope="partners", **values(layer=Source.Layer.RAW))
    assert error.value.message_dict == {"scope": ["Raw data are for staff alone. Publish a report of findings instead"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.raw_data(scope="partners")


def test_a_report_rests_on_raw_data_alone():
    report, by = factories.source(), people.user("officer")
    library.change_source(report, by=by, datasets=[factories.raw_data()])
    with pytest.raises(ValidationError, match="Choose raw data"):
        library.change_source(report, by=by, datasets=[factories.source()])


# Publishing --------------------------------------------------------------------------------------


def test_publishing_shows_it_to_everybody_and_withdrawing_takes_it_away():
    source, by = factories.source(scope="public"), people.user("lead")
    assert not Source.objects.public().exists()
    library.publish_source(source, by=by)
    library.publish_source(source, by=by)
    assert Source.objects.public().get().published_by == by
    library.withdraw_source(source, by=by)
    library.withdraw_source(source, by=by)
    assert not Source.objects.public().exists()
    assert verbs(source) == ["published", "withdrew"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"layer": "raw"}, "raw"),
        ({"state": "offered", "scope": "public"}, "not_in_use"),
        ({"state": "retired", "state_because": "Old", "scope": "public"}, "not_in_use"),
        ({"scope": "partners"}, "scope"),
    ],
)
def test_what_is_not_fit_for_everybody_is_not_published(fields, code):
    source = factories.source(**fields)
    with pytest.raises(ValidationError) as error:
        library.publish_source(source, by=people.user("lead"))
    assert error.value.code == code


@pytest.mark.parametrize("name", ["title", "summary", "key_finding", "people_note", "licence"])
def test_personal_data_anywhere_in_it_stop_the_publishing_and_are_named(name):
    source = factories.source(scope="public", **{name: f"Waits.\n{PERSONAL}"})
    with pytest.raises(ValidationError) as error:
        library.publish_source(source, by=people.user("lead"))
    assert list(error.value.message_dict) == [name]
    said = error.value.message_dict[name]
    assert said[0].endswith("line 2: name “Patel”. Take it out")
    assert said[1].endswith("line 2: telephone number “07700 900123”. Take it out")
    source.refresh_from_db()
    assert not source.is_published


def test_personal_data_are_refused_for_partners_too_and_let_be_for_staff():
    source, by = factories.source(summary=PERSONAL), people.user("officer")
    library.change_source(source, by=by, title="Another")
    with pytest.raises(ValidationError, match="telephone number"):
        library.change_source(source, by=by, scope="partners")


def test_what_is_public_stays_fit_and_is_withdrawn_before_it_is_kept_from_people():
    source, by = factories.public_source(), people.user("lead")
    with pytest.raises(ValidationError, match="telephone number"):
        library.change_source(source, by=by, summary=PERSONAL)
    with pytest.raises(ValidationError, match="Withdraw it first"):
        library.change_source(source, by=by, scope="internal")
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(scope="internal")


def test_an_embargo_keeps_others_out_until_its_day():
    tomorrow = TODAY + datetime.timedelta(days=1)
    source = factories.public_source(embargo_until=tomorrow)
    assert not Source.objects.public().exists()
    assert not Source.objects.for_partners().exists()
    assert Source.objects.for_user(people.user("officer")).get() == source
    Source.objects.update(embargo_until=TODAY)
    assert Source.objects.public().exists()


# Out of date -------------------------------------------------------------------------------------


def test_retiring_needs_a_reason_and_takes_it_from_the_public_pages():
    source, by = factories.public_source(), people.user("officer")
    with pytest.raises(ValidationError, match="Say why"):
        library.retire_source(source, by=by, because="  ")
    library.retire_source(source, by=by, because="A newer one came")
    library.retire_source(source, by=by, because="Again")
    source.refresh_from_db()
    assert (source.state, source.state_because, source.published_at) == ("retired", "A newer one came", None)
    library.bring_back_source(source, by=by)
    source.refresh_from_db()
    assert (source.state, source.state_because, source.is_published) == ("in_use", "", False)
    assert verbs(source) == ["retired", "brought back"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.update(state="retired")


def test_only_what_is_in_use_gets_out_of_date():
    with pytest.raises(ValidationError, match="Only an item in use"):
        library.retire_source(factories.source(state="offered"), by=None, because="Old")


def test_what_is_past_its_last_day_is_noted_once_and_never_deleted():
    yesterday = TODAY - datetime.timedelta(days=1)
    source = factories.source(keep_until=yesterday)
    factories.source(keep_until=TODAY)
    assert (library.note_past_keeping(), library.note_past_keeping()) == (1, 0)
    assert verbs(source) == ["is past its last day"]
    assert Source.objects.count() == 2
    Source.objects.filter(pk=source.pk).update(keep_until=yesterday - datetime.timedelta(days=1))
    assert library.note_past_keeping() == 1


# Who may see what --------------------------------------------------------------------------------


def test_raw_data_need_their_own_permission():
    raw = factories.raw_data()
    assert raw in Source.objects.for_user(people.user("officer"))
    assert raw not in Source.objects.for_user(people.user("project_lead"))


def test_staff_of_one_area_see_theirs_those_in_it_and_those_of_none():
    here, there = people.area("Here"), people.area("There")
    inside = people.area("Inside", parent=here)
    rows = {name: factories.source(title=name) for name in ("here", "inside", "there", "nowhere", "both")}
    for name, areas in {"here": [here], "inside": [inside], "there": [there], "both": [here, there]}.items():
        rows[name].areas.set(areas)
    mine = Source.objects.for_user(people.user("officer", here))
    assert sorted(mine.values_list("title", flat=True)) == ["both", "here", "inside", "nowhere"]


def test_kinds_come_from_the_profile_of_england_and_loading_twice_changes_nothing():
    path = Path(settings.BASE_DIR) / "profiles" / "england.toml"
    for _each in range(2):
        profiles.load(path)
        assert SourceKind.objects.count() == 30
    assert [kind.code for kind in SourceKind.objects.filter(is_story=True)] == ["patient_story"]


def test_work_lines_count_what_waits():
    factories.source(state="offered")
    factories.source(review_by=TODAY - datetime.timedelta(days=1))
    factories.story(withdrawn_on=TODAY)
    factories.source(keep_until=TODAY - datetime.timedelta(days=1))
    lines = [line.words for line in library.left(people.user("officer"))]
    assert lines == [
        "1 contribution to look at",
        "1 patient story whose consent is over",
        "1 library item to look at again",
        "1 library item that should be deleted",
    ]
    assert list(library.left(people.user("project_lead"))) == []
