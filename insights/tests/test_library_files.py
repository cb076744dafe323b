"""Files of the library: through the gate, looked through, held, released by a named person, and read."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from insights.models import SourceFile
from insights.services import files
from insights.tests import insight_factories as factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
CANARY = "07700 900123"
PERSONAL = f"Mrs Patel said: ring {CANARY}, or write to patel@example.com.".encode()
TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


def upload(content=b"People wait for weeks.", name="report.txt"):
    return SimpleUploadedFile(name, content)


def kept(source=None, content=b"People wait for weeks.", **fields):
    return files.add_file(
        source or factories.source(), by=people.user("officer"), title="Report", file=upload(content), **fields
    )


def verbs():
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


# Services ----------------------------------------------------------------------------------------


def test_a_clean_file_is_free_and_the_same_again_is_one_file():
    source = factories.source()
    one = kept(source)
    assert (one.state, one.found) == ("clean", {})
    assert kept(source) == one
    assert kept(source, b"People wait for days...") != one
    assert SourceFile.objects.free().count() == 2


def test_personal_data_put_a_file_into_quarantine_with_numbers_by_kind_alone():
    row = kept(content=PERSONAL)
    assert (row.state, row.found) == ("quarantined", {"email": 1, "name": 1, "phone": 1})
    assert CANARY not in str(AuditEvent.objects.get().detail)


def test_what_cannot_be_read_is_held_too():
    row = files.add_file(
        factories.source(), by=people.user("officer"), title="Scan", file=upload(b"%PDF-1.7 x", "scan.pdf")
    )
    assert (row.state, row.found, row.is_held) == ("unread", {}, True)


def test_the_person_of_a_story_is_looked_for_by_name():
    story = factories.story(person=people.person("Rachel Green"))
    assert kept(story.source, b"rachel green was kind.").state == "quarantined"


def test_the_gate_and_the_title_are_checked():
    by = people.user("officer")
    with pytest.raises(ValidationError) as error:
        files.add_file(factories.source(), by=by, title="x", file=upload(b"MZ", "run.exe"))
    assert list(error.value.message_dict) == ["file"]
    with pytest.raises(ValidationError, match="telephone number"):
        files.add_file(factories.source(), by=by, title=f"Notes {CANARY}", file=upload())


def test_only_who_publishes_releases_and_only_with_a_reason():
    row, lead = kept(content=PERSONAL), people.user("lead")
    with pytest.raises(ValidationError, match="Only somebody who publishes"):
        files.release_file(row, by=people.user("officer"), because="I say so")
    with pytest.raises(ValidationError, match="Say why the file may be used"):
        files.release_file(row, by=lead, because=" ")
    files.release_file(row, by=lead, because="The names are made up")
    files.release_file(row, by=lead, because="Again")
    row.refresh_from_db()
    assert (row.state, row.released_by, row.released_because) == ("released", lead, "The names are made up")
    assert verbs()[-1] == "released a file"
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceFile.objects.update(released_because="")


def test_a_file_that_is_taken_away_is_gone_from_the_disk(django_capture_on_commit_callbacks):
    row = kept()
    storage, name = row.file.storage, row.file.name
    with django_capture_on_commit_callbacks(execute=True):
        files.remove_file(row, by=people.user("officer"))
    assert not storage.exists(name)
    assert not SourceFile.objects.exists()


# Pages -------------------------------------------------------------------------------------------


def test_a_file_is_added_on_its_page_and_the_page_never_shows_what_was_found(client, officer):
    source = factories.source()
    address = f"/insight/library/{source.pk}/files/add/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "x"}).status_code == 422
    said = {"title": "Notes", "file": upload(PERSONAL), "file_format": "standard", "language": "English"}
    text = client.post(address, said, follow=True).content.decode()
    assert "e-mail address (1), name (1) and telephone number (1)" in text
    assert "in quarantine: personal data found" in text
    assert CANARY not in text
    assert "Patel" not in text
    assert f'href="/insight/library-files/{SourceFile.objects.get().pk}/' not in text


def test_a_held_file_is_read_by_who_may_release_it_and_that_is_noted(client, officer):
    row = kept(content=PERSONAL)
    address = f"/insight/library-files/{row.pk}/"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}release/").status_code == 403
    client.force_login(people.user("lead"))
    assert b"".join(client.get(address).streaming_content) == PERSONAL
    assert verbs()[-1] == "read a held file"
    assert client.get(f"{address}release/").status_code == 200
    assert client.post(f"{address}release/", {"because": ""}).status_code == 422
    assert client.post(f"{address}release/", {"because": "Made up"}).status_code == 302
    client.force_login(officer)
    assert b"".join(client.get(address).streaming_content) == PERSONAL


def test_reading_raw_data_is_noted_for_the_page_and_for_the_file(client, officer):
    raw = factories.raw_data()
    row = kept(raw)
    client.get(f"/insight/library/{raw.pk}/")
    b"".join(client.get(f"/insight/library-files/{row.pk}/").streaming_content)
    assert verbs() == ["added a file", "read raw data", "read raw data"]
    client.get(f"/insight/library/{factories.source().pk}/")
    assert verbs().count("read raw data") == 2


def test_who_may_not_read_raw_data_gets_neither_page_nor_file(client):
    raw = factories.raw_data()
    row = kept(raw)
    client.force_login(people.user("project_lead"))
    for address in (f"/insight/library/{raw.pk}/", f"/insight/library-files/{row.pk}/"):
        assert client.get(address).status_code == 404
    assert "read raw data" not in verbs()


def test_a_file_of_another_area_is_hidden(client):
    source = factories.source()
    source.areas.add(people.area("There"))
    row = kept(source)
    client.force_login(people.user("officer", people.area("Here")))
    assert client.get(f"/insight/library-files/{row.pk}/").status_code == 404
    assert client.post(f"/insight/library-files/{row.pk}/remove/").status_code == 404
    assert SourceFile.objects.exists()


def test_a_file_is_taken_away_by_post_alone(client, officer):
    row = kept()
    assert client.get(f"/insight/library-files/{row.pk}/remove/").status_code == 405
    assert client.post(f"/insight/library-files/{row.pk}/remove/").status_code == 302
    assert not SourceFile.objects.exists()


@pytest.mark.parametrize(
    ("fields", "state", "status"),
    [
        ({}, "clean", 200),
        ({}, "released", 200),
        ({}, "quarantined", 404),
        ({}, "unread", 404),
        ({"published_at": None}, "clean", 404),
        ({"published_at": None, "scope": "partners"}, "clean", 404),
        ({"embargo_until": TOMORROW}, "clean", 404),
        ({"published_at": None, "state": "retired", "state_because": "Old"}, "clean", 404),
    ],
)
def test_everybody_gets_free_files_of_public_items_alone(client, fields, state, status):
    row = kept(factories.public_source(**fields))
    SourceFile.objects.update(state=state, released_because="Looked at")
    page = client.get(f"/library/files/{row.pk}/")
    assert page.status_code == status
    if status == 200:
        assert b"".join(page.streaming_content) == b"People wait for weeks."
        assert page["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_story_whose_consent_is_over_is_gone_for_all(client, officer):
    source = factories.public_source(kind=factories.source_kind(is_story=True))
    story = factories.story(source=source)
    row = kept(source)
    addresses = [f"/library/files/{row.pk}/", f"/insight/library-files/{row.pk}/"]
    for address in addresses:
        b"".join(client.get(address).streaming_content)
    story.withdrawn_on = timezone.localdate()
    story.save()
    assert [client.get(address).status_code for address in addresses] == [404, 404]
