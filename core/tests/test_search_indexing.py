"""The search is in step with the records: after saves, after bulk work, after a rebuild, after a changed table."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import search
from core.models import AuditEvent, SearchDocument, SearchWord
from core.search import indexing
from core.tests.searching import found, note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("notes")]


def test_a_save_and_a_deletion_reach_the_search():
    row = note("A", "Parking")
    assert found("parking") == ["A"]
    row.detail = {"text": "Buses"}
    row.save()
    assert (found("parking"), found("buses")) == ([], ["A"])
    row.verb = "not to be found"
    row.save()
    assert found("buses") == []
    row.verb = "said"
    row.save()
    row.delete()
    assert SearchDocument.objects.count() == 0


def test_what_is_rolled_back_is_not_found():
    with transaction.atomic():
        note("A", "Parking")
        transaction.set_rollback(True)
    assert found("parking") == []


def test_bulk_work_is_taken_over_when_it_says_so(monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    rows = AuditEvent.objects.bulk_create(AuditEvent(subject=f"Note {n}", verb="said") for n in range(5))
    assert found("note") == []
    assert search.index("note", rows) == 5
    assert len(found("note")) == 5
    AuditEvent.objects.update(subject="Changed")
    assert search.index("note", (row.pk for row in rows)) == 5
    assert search.index("note", rows) == 0
    assert len(found("changed")) == 5
    AuditEvent.objects.filter(pk__in=[row.pk for row in rows[:2]]).delete()
    search.forget("note", [row.pk for row in rows[:3]])
    assert len(found("changed")) == 2


def test_the_memory_of_bulk_work_does_not_grow_with_the_rows(monkeypatch):
    """At most one batch of rows is fetched at once."""
    monkeypatch.setattr(indexing, "BATCH", 10)
    rows = AuditEvent.objects.bulk_create(AuditEvent(subject=f"Note {n}", verb="said") for n in range(35))
    sizes = []
    write = indexing.write
    monkeypatch.setattr(indexing, "write", lambda kind, pks, got: sizes.append(len(got)) or write(kind, pks, got))
    search.index("note", iter(rows))
    assert sizes == [10, 10, 10, 5]


def test_a_rebuild_mends_whatever_differs():
    AuditEvent.objects.bulk_create([AuditEvent(subject="New", verb="said", detail={"text": "pharmacy"})])
    kept = note("Kept", "parking")
    gone = note("Gone", "parking")
    AuditEvent.objects.filter(pk=gone.pk)._raw_delete("default")
    SearchDocument.objects.create(kind="unknown", object_id=1, title="Left over", tags="=kindunknownx")
    SearchWord.objects.create(word="leftover", documents=3)
    output = StringIO()
    call_command("rebuild_search", stdout=output)
    assert output.getvalue() == "Notes: 2 documents changed\n4 words\n"
    assert sorted(SearchDocument.objects.values_list("title", flat=True)) == ["Kept", "New"]
    assert dict(SearchWord.objects.values_list("word", "documents")) == {
        "kept": 1,
        "new": 1,
        "parking": 1,
        "pharmacy": 1,
    }
    assert found("parking") == [kept.subject]
    output = StringIO()
    call_command("rebuild_search", "note", stdout=output)
    assert output.getvalue() == "Notes: 0 documents changed\n4 words\n"


def test_a_rebuild_of_an_unknown_kind_names_the_known_ones():
    with pytest.raises(CommandError, match="There is no kind “nothing”"):
        call_command("rebuild_search", "nothing")


def test_the_index_is_made_again_where_it_is_missing():
    note("A", "Parking")
    search.ensure()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER core_searchdocument_fts_u")
            cursor.execute("UPDATE core_searchdocument SET text = 'Buses'")
        else:
            cursor.execute("ALTER TABLE core_searchdocument DROP COLUMN search")
            cursor.execute("UPDATE core_searchdocument SET text = 'Buses'")
    search.ensure()
    assert (found("parking"), found("buses")) == ([], ["A"])


def test_a_fixture_that_is_loaded_raw_waits_for_the_rebuild():
    row = AuditEvent(subject="Raw", verb="said")
    row.save_base(raw=True)
    assert found("raw") == []
