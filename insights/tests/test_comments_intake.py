"""A file of comments on its way in: in a worker, whole or not at all, and once."""

import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from core import search
from core.models import AuditEvent, JobState, SearchDocument
from insights.jobs import intake
from insights.models import Campaign, Coding, CodingChange, Collection, Comment, CommentUpload, Theme
from insights.services import uploads
from insights.tasks import take_in_comments
from insights.tests import commenting
from insights.tests import insight_factories as factories
from insights.tests.commenting import content, sent, take_in, texts
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LETTER = "Please keep the walk in centre at Cheshunt open because we have no car and the bus is slow and dear to us all"


@pytest.fixture(autouse=True)
def registered():
    commenting.register()


@pytest.fixture
def collection():
    return factories.collection(title="What patients said")


def test_a_file_is_checked_then_taken_in_and_then_gone(collection, media_root):
    officer = people.user("officer")
    upload = sent(collection, file=content({}, {}), by=officer)
    assert (upload.state, upload.phase) == (JobState.QUEUED, "check")
    take_in_comments(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.result["created"], texts(collection)) == (JobState.DONE, 2, [])
    assert uploads.confirm_upload(upload, by=officer)
    assert not uploads.confirm_upload(upload, by=officer)
    take_in_comments(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.phase, upload.result["created"]) == (JobState.DONE, "apply", 2)
    assert len(texts(collection)) == 2
    assert not upload.file
    assert [path for path in media_root.rglob("*") if path.is_file()] == []
    assert AuditEvent.objects.get(verb="took in comments").detail["created"] == 2


def test_the_same_file_again_changes_nothing(collection):
    rows = ({"comment": "Kind.", "themes": "Staff"}, {"comment": "Slow."})
    frame = factories.frame()
    take_in(collection, *rows, frame=frame, adds_themes=True)
    before = list(Comment.objects.values())
    again = take_in(collection, *rows, frame=frame, adds_themes=True)
    assert (again["created"], again["unchanged"]) == (0, 2)
    assert list(Comment.objects.values()) == before
    assert (Coding.objects.count(), CodingChange.objects.count(), Theme.objects.count()) == (1, 1, 1)


def test_other_words_under_a_known_number_are_counted_and_left(collection):
    take_in(collection, {"comment": "Kind."})
    again = take_in(collection, {"comment": "Rude."}, {"comment": "New."})
    assert (again["created"], again["unchanged"], again["other_words"]) == (1, 1, 1)
    assert texts(collection) == ["Kind.", "New."]


def test_a_wrong_row_keeps_the_whole_file_out(collection):
    result = take_in(collection, {}, {"sentiment": "9"})
    assert (result["accepted"], texts(collection)) == (False, [])
    upload = CommentUpload.objects.get()
    assert (upload.state, bool(upload.file), uploads.is_ready(upload)) == (JobState.DONE, False, False)


def test_a_failure_in_the_middle_leaves_nothing(collection, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 2)
    upload = sent(collection, file=content({}, {}, {}, {"comment": "Last."}))
    take_in_comments(upload.pk)
    uploads.confirm_upload(CommentUpload.objects.get(), by=None)
    written = intake.Intake._write_batch

    def fail(self, batch, *args):
        written(self, batch, *args)
        if batch[-1]["text"] == "Last.":
            raise DatabaseError

    monkeypatch.setattr(intake.Intake, "_write_batch", fail)
    take_in_comments(upload.pk)
    upload.refresh_from_db()
    assert upload.state == JobState.FAILED
    assert "Nothing was taken in" in upload.error
    assert texts(collection) == []


def test_a_worker_that_lost_the_job_writes_nothing(collection, monkeypatch):
    upload = sent(collection, file=content({}))
    take_in_comments(upload.pk)
    uploads.confirm_upload(CommentUpload.objects.get(), by=None)
    themes = intake.Intake._themes_to_use

    def overtaken(self):
        CommentUpload.objects.update(token=None, state=JobState.QUEUED, lease_until=None)
        return themes(self)

    monkeypatch.setattr(intake.Intake, "_themes_to_use", overtaken)
    take_in_comments(upload.pk)
    assert texts(collection) == []


def test_a_worker_lost_after_writing_is_finished_by_the_next(collection, monkeypatch):
    upload = sent(collection, file=content({"comment": LETTER}, {"comment": LETTER}, {"comment": LETTER}))
    take_in_comments(upload.pk)
    uploads.confirm_upload(CommentUpload.objects.get(), by=None)
    with monkeypatch.context() as broken:
        broken.setattr(intake.Intake, "settle", lambda self, **words: 1 / 0)
        take_in_comments(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.result["written"], Campaign.objects.count()) == (JobState.FAILED, True, 0)
    assert "The comments are in" in upload.error
    CommentUpload.objects.update(state=JobState.QUEUED, finished_at=None)
    take_in_comments(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.result["created"]) == (JobState.DONE, 3)
    assert Campaign.objects.get().size == 3
    assert SearchDocument.objects.filter(kind="comment").count() == 3


def test_progress_is_told_by_rows(collection, monkeypatch):
    monkeypatch.setattr(intake, "BATCH", 1)
    seen = []
    advance = CommentUpload.advance
    monkeypatch.setattr(CommentUpload, "advance", lambda self, *args: (seen.append(args), advance(self, *args)))
    upload = sent(collection, file=content({}, {}))
    take_in_comments(upload.pk)
    assert seen == [(0, 100, ""), (24, 100, "1 rows of at most 4 are read"), (49, 100, "2 rows of at most 4 are read")]


def test_files_that_nobody_came_back_for_are_deleted_after_a_day(collection, media_root):
    upload = sent(collection, file=content({}))
    assert uploads.forget_uploads() == 0
    CommentUpload.objects.update(requested_at=timezone.now() - uploads.KEEP * 1.01)
    assert uploads.forget_uploads() == 1
    assert uploads.forget_uploads() == 0
    upload.refresh_from_db()
    assert (upload.state, bool(upload.file)) == (JobState.FAILED, False)
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


# What is written ---------------------------------------------------------------------------------


def test_each_cell_reaches_its_field(collection):
    people.area("West Essex")
    people.population_group("Carers")
    header = (*commenting.HEADER, "place", "groups", "consent to quote")
    row = {
        "comment_id": "A 1",
        "date": "30/09/2021",
        "service": "PTS  - Transport",
        "question": "Why?\nSay",
        "score": "2",
    }
    row |= {"comment": "<script>alert(1)</script>", "sentiment": "4", "place": "West Essex", "groups": "Carers"}
    take_in(collection, file=content(row | {"consent to quote": "no"}, header=header))
    comment = Comment.objects.get()
    assert (comment.reference, str(comment.said_on), comment.service) == ("A 1", "2021-09-30", "PTS - Transport")
    assert (comment.question, comment.score, comment.sentiment) == ("Why? Say", 2, 4)
    assert (comment.text, comment.area.name) == ("<script>alert(1)</script>", "West Essex")
    assert [group.name for group in comment.groups.all()] == ["Carers"]
    assert comment.may_be_quoted is False


@pytest.mark.parametrize(("unclear", "day"), [("day_first", "2021-10-05"), ("leave_out", "None")])
def test_a_date_that_a_mixed_file_leaves_open_is_read_as_was_chosen(collection, unclear, day):
    take_in(collection, {"date": "30/09/2021"}, {"date": "5/31/2022"}, {"date": "05/10/2021"}, unclear_days=unclear)
    assert [str(row.said_on) for row in Comment.objects.order_by("pk")] == ["2021-09-30", "2022-05-31", day]


def test_themes_of_the_source_become_codes_with_who_took_them_in(collection):
    officer, frame = people.user("officer"), factories.frame()
    theme = factories.theme("Staff manner", frame=frame)
    take_in(collection, {"themes": "staff MANNER|Staff manner"}, frame=frame, by=officer)
    coding = Coding.objects.get()
    assert (coding.theme, coding.origin, coding.state) == (theme, "source", "accepted")
    assert (coding.by, coding.by_name) == (officer, str(officer))
    change = CodingChange.objects.get()
    assert (change.theme, change.what, change.by) == (theme, "coded", officer)
    assert Comment.objects.get().edition == 1


def test_a_replaced_theme_leads_to_the_one_that_took_over(collection):
    frame = factories.frame()
    new = factories.theme("Transport", frame=frame)
    factories.theme("Buses", frame=frame, retired_on=factories.DAY, replaced_by=new)
    take_in(collection, {"themes": "Buses|Transport"}, frame=frame)
    assert Coding.objects.get().theme == new


def test_unknown_themes_are_listed_and_refused_unless_they_may_be_added(collection):
    frame = factories.frame()
    factories.theme("Old", frame=frame, retired_on=factories.DAY)
    refused = take_in(collection, {"themes": "Food|Old"}, {"themes": "Food"}, frame=frame)
    assert refused["unknown_themes"] == {"Food": 2, "Old": 1}
    assert "Food (2), Old (1)" in refused["errors"][0]["problem"]
    assert (texts(collection), frame.themes.count()) == ([], 1)
    added = take_in(collection, {"themes": "Food"}, frame=frame, adds_themes=True)
    assert added["new_names"] == {"theme": ["Food"]}
    frame.refresh_from_db()
    assert (frame.edition, frame.themes.count()) == (2, 2)


def test_without_a_frame_no_theme_is_taken_in(collection):
    result = take_in(collection, {"themes": "Food"})
    assert (result["created"], result["themes"], Coding.objects.count()) == (1, 1, 0)


# Alike and found ---------------------------------------------------------------------------------


def test_letters_and_repeats_are_grouped_after_the_import(collection):
    letters = [{"comment": f"{LETTER}. {name}"} for name in ("Ann", "Bob", "Cem")]
    take_in(collection, *letters, {"comment": "None."}, {"comment": "none"}, {"comment": "Good."})
    assert list(collection.campaigns.values_list("kind", "size")) == [("campaign", 3), ("repeat", 2)]
    assert [row.campaign.kind if row.campaign else "" for row in collection.comments.order_by("pk")] == [
        *(["campaign"] * 3),
        *(["repeat"] * 2),
        "",
    ]


def test_a_name_that_somebody_gave_stays_with_a_growing_campaign(collection):
    take_in(collection, *[{"comment": LETTER, "comment_id": f"a{number}"} for number in range(3)])
    Campaign.objects.update(name="Keep Cheshunt open")
    take_in(collection, *[{"comment": LETTER, "comment_id": f"b{number}"} for number in range(60)])
    assert [(row.name, row.size) for row in collection.campaigns.all()] == [("Keep Cheshunt open", 63)]
    assert collection.comments.filter(campaign__name="Keep Cheshunt open").count() == 63


def test_only_comments_that_may_be_read_are_searched(collection):
    take_in(
        collection, {"comment": "The zebra was late."}, {"comment": f"Zebra, my number is {commenting.NHS_NUMBER}."}
    )
    officer = people.user("officer")
    assert [hit.row.reference for hit in search.find("zebra", user=officer).hits] == ["c1"]
    assert not search.find("zebra", user=people.user("project_lead")).hits
    assert not search.find("zebra", user=search.PUBLIC).hits


# The command -------------------------------------------------------------------------------------


def test_the_command_takes_in_a_file_with_the_same_code(tmp_path, capsys):
    frame = factories.frame(is_default=True)
    factories.theme("Food", frame=frame)
    file = tmp_path / "ward_comments.csv"
    file.write_bytes(content({"themes": "Food"}, {"comment": "Did not answer"}))
    call_command("import_table", "comments", str(file), "--dry-run")
    assert json.loads(capsys.readouterr().out)["created"] == 1
    assert not Collection.objects.exists()
    call_command("import_table", "comments", str(file))
    found = json.loads(capsys.readouterr().out)
    assert (found["accepted"], found["created"], found["left_out"]) == (True, 1, 1)
    assert (Collection.objects.get().title, Coding.objects.count()) == ("ward comments", 1)
    call_command("import_table", "comments", str(file))
    assert json.loads(capsys.readouterr().out)["unchanged"] == 1


def test_the_command_ends_with_1_and_writes_nothing_when_a_row_is_wrong(tmp_path, capsys):
    file = tmp_path / "said.csv"
    file.write_bytes(content({}, {"date": "32/13/2021"}))
    with pytest.raises(SystemExit) as ended:
        call_command("import_table", "comments", str(file))
    found = json.loads(capsys.readouterr().out)
    assert (ended.value.code, found["created"], found["error_count"]) == (1, 0, 1)
    assert not Collection.objects.exists()
