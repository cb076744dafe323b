"""Papers and minutes: uploaded through the gate, shared with members, published for everybody."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from forums.forms.meetings import MinutesForm, PaperAdminForm
from forums.models import Format, Paper, PaperRead
from forums.services import papers
from forums.tests import factories
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def forum(db):
    people.wording("membership")
    people.purpose("service")
    return factories.forum("Patient forum", contact="forum@example.org")


def paper(meeting, title="Plan", name="plan.pdf", **fields):
    return Paper.objects.create(meeting=meeting, title=title, file=ContentFile(PDF, name=name), **fields)


def shared(meeting, **fields):
    return paper(meeting, shared_at=timezone.now(), **fields)


def content(answer):
    return b"".join(answer.streaming_content)


# The gate ----------------------------------------------------------------------------------------


class HugeFile(SimpleUploadedFile):
    """80 MB as far as anybody can tell without reading it, and nobody may."""

    def __init__(self):
        super().__init__("plan.pdf", PDF)
        self.size = 80 * 1024 * 1024

    def read(self, *args):
        raise AssertionError("the file was read")


def paper_form(upload):
    return PaperAdminForm({"title": "Plan", "format": "standard"}, {"file": upload})


def test_a_paper_that_is_what_it_says_is_taken_under_a_new_name():
    form = paper_form(SimpleUploadedFile("../My plan.pdf", PDF))
    assert form.is_valid()
    assert form.cleaned_data["file"].name.endswith(".pdf")
    assert "plan" not in form.cleaned_data["file"].name


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (SimpleUploadedFile("plan.pdf", b"MZ\x90\x00" + b"\x00" * 200), "kind"),
        (SimpleUploadedFile("plan.exe", b"MZ\x90\x00" + b"\x00" * 200), "kind"),
        (SimpleUploadedFile("plan.html", b"<script>alert(1)</script>"), "kind"),
        (HugeFile(), "too_large"),
    ],
)
def test_a_file_that_is_not_what_it_says_or_too_large_is_refused(upload, code):
    assert [error.code for error in paper_form(upload).errors.as_data()["file"]] == [code]
    upload.seek(0)
    assert [error.code for error in MinutesForm({}, {"minutes": upload}).errors.as_data()["minutes"]] == [code]


def test_a_paper_that_is_there_already_is_not_read_again(forum):
    found = paper(factories.meeting(forum))
    form = PaperAdminForm({"title": "Other", "format": "standard"}, {}, instance=found)
    assert form.is_valid()
    assert form.cleaned_data["file"] == found.file


# Sharing -----------------------------------------------------------------------------------------


def test_sharing_tells_members_once_for_each_batch(forum):
    by, meeting = people.user("lead"), factories.meeting(forum)
    person = people.member()
    factories.attendance(meeting, person)
    factories.attendance(meeting, people.member(), part="public")
    paper(meeting, "Plan")
    paper(meeting, "Plan", format=Format.EASY_READ)
    assert papers.share(meeting, by=by) == 2
    assert papers.share(meeting, by=by) == 0
    message = Message.objects.get()
    assert (message.person, message.purpose.code) == (person, "membership")
    assert "- Plan (Easy Read)\n- Plan (standard)" in message.body
    late = paper(meeting, "Late paper")
    assert papers.share(meeting, by=by) == 1
    assert Message.objects.count() == 2
    late.refresh_from_db()
    assert late.shared_at is not None
    assert AuditEvent.objects.filter(verb="shared papers").count() == 2


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_papers_of_a_meeting_that_is_not_to_be_are_not_shared(forum, status):
    meeting = factories.meeting(forum, status=status)
    found = paper(meeting)
    with pytest.raises(ValidationError, match="once the meeting is announced"):
        papers.share(meeting, by=None)
    found.refresh_from_db()
    assert found.shared_at is None


def test_papers_are_published_only_for_public_meetings_and_after_members_have_them(forum):
    hidden = factories.meeting(forum)
    with pytest.raises(ValidationError, match="not held in public"):
        papers.publish(hidden, by=None)
    meeting = factories.meeting(forum, is_public=True)
    kept, given = paper(meeting, "Kept"), shared(meeting, title="Given")
    assert papers.publish(meeting, by=None) == 1
    assert papers.publish(meeting, by=None) == 0
    assert list(papers.for_everybody()) == [given]
    kept.refresh_from_db()
    assert kept.published_at is None


def test_papers_that_go_out_after_the_day_are_late(forum):
    forum.papers_days = 7
    soon, later = factories.meeting(forum, 3), factories.meeting(forum, 10)
    assert papers.is_late(paper(soon), papers.due_on(soon))
    assert papers.is_late(shared(soon), papers.due_on(soon))
    assert not papers.is_late(paper(later), papers.due_on(later))
    forum.papers_days = None
    assert papers.due_on(soon) is None
    assert not papers.is_late(paper(soon), None)


# Reading -----------------------------------------------------------------------------------------


def test_a_member_reads_a_shared_paper_and_that_is_noted_once(client, forum):
    person = factories.membership(forum).person
    found = shared(factories.meeting(forum), title="Plan für 2027 🙂", name="a.pdf")
    client.force_login(person.user)
    for _time in range(2):
        answer = client.get(reverse("members:paper", args=[found.pk]))
        assert content(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "2027" in answer["Content-Disposition"]
    assert PaperRead.objects.get().person == person
    text = client.get(reverse("members:meeting", args=[found.meeting_id])).content.decode()
    assert "you opened it" in text


def test_what_is_no_pdf_is_saved_and_not_opened(client, forum):
    person = factories.membership(forum).person
    found = Paper.objects.create(
        meeting=factories.meeting(forum),
        title="Plan",
        shared_at=timezone.now(),
        file=ContentFile(b"hello", name="a.txt"),
    )
    client.force_login(person.user)
    answer = client.get(reverse("members:paper", args=[found.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="Plan (standard).txt"'
    assert content(answer) == b"hello"


def test_papers_that_are_not_theirs_are_not_found(client, forum):
    person = factories.membership(forum).person
    client.force_login(person.user)
    unshared = paper(factories.meeting(forum))
    of_another = shared(factories.meeting(factories.forum("Another")))
    draft = shared(factories.meeting(forum, status="draft"))
    for found in (unshared, of_another, draft):
        assert client.get(reverse("members:paper", args=[found.pk])).status_code == 404
    assert client.get(reverse("members:paper", args=[999999])).status_code == 404
    assert not PaperRead.objects.exists()


def test_members_of_a_forum_that_meets_jointly_read_the_papers(client, forum):
    other = factories.forum("Another")
    person = factories.membership(other).person
    found = shared(factories.meeting(forum))
    found.meeting.joint_with.add(other)
    client.force_login(person.user)
    assert content(client.get(reverse("members:paper", args=[found.pk]))) == PDF


def test_somebody_who_signed_up_as_the_public_reads_published_papers_alone(client, forum):
    meeting = factories.meeting(forum, is_public=True)
    person = people.member()
    factories.attendance(meeting, person, part="public")
    given, published = shared(meeting), shared(meeting, title="Open", published_at=timezone.now())
    client.force_login(person.user)
    assert client.get(reverse("members:paper", args=[given.pk])).status_code == 404
    assert content(client.get(reverse("members:paper", args=[published.pk]))) == PDF


def test_the_public_reads_published_papers_of_public_meetings_alone(client, forum):
    meeting = factories.meeting(forum, is_public=True)
    published = shared(meeting, published_at=timezone.now())
    assert content(client.get(reverse("forums:paper_file", args=[published.pk]))) == PDF
    no_longer_public = shared(factories.meeting(forum), published_at=timezone.now())
    for found in (shared(meeting, title="Only shared"), no_longer_public):
        assert client.get(reverse("forums:paper_file", args=[found.pk])).status_code == 404


def test_staff_open_papers_of_their_own_area(client, forum):
    west = people.area("West")
    client.force_login(people.user("officer", west))
    far = paper(factories.meeting(forum))
    near = paper(factories.meeting(factories.forum("Near", area=west)))
    assert client.get(reverse("work:paper_file", args=[far.pk])).status_code == 404
    assert content(client.get(reverse("work:paper_file", args=[near.pk]))) == PDF
    client.force_login(factories.membership(forum).person.user)
    assert client.get(reverse("work:paper_file", args=[far.pk])).status_code == 403


# Minutes -----------------------------------------------------------------------------------------


def minutes_of(client, meeting, name="minutes.pdf"):
    upload = BytesIO(PDF)
    upload.name = name
    return client.post(reverse("work:meeting_minutes", args=[meeting.pk]), {"minutes": upload}, follow=True)


def test_published_minutes_are_read_by_members_and_of_public_meetings_by_all(client, forum):
    held, public = factories.meeting(forum, -3), factories.meeting(forum, -2, is_public=True)
    person = factories.membership(forum).person
    for meeting in (held, public):
        assert client.get(reverse("forums:meeting_minutes", args=[meeting.pk])).status_code == 404
        client.force_login(people.user("lead"))
        assert "The minutes are published." in minutes_of(client, meeting).content.decode()
        assert content(client.get(reverse("work:minutes_file", args=[meeting.pk]))) == PDF
        client.force_login(person.user)
        assert content(client.get(reverse("members:meeting_minutes", args=[meeting.pk]))) == PDF
        client.logout()
    assert client.get(reverse("forums:meeting_minutes", args=[held.pk])).status_code == 404
    assert content(client.get(reverse("forums:meeting_minutes", args=[public.pk]))) == PDF
    assert AuditEvent.objects.filter(verb="published minutes").count() == 2


def test_minutes_of_a_meeting_to_come_and_of_the_wrong_kind_are_refused(client, forum):
    client.force_login(people.user("lead"))
    ahead, held = factories.meeting(forum), factories.meeting(forum, -1)
    assert "it has no minutes" in minutes_of(client, ahead).content.decode()
    answer = minutes_of(client, held, "minutes.exe")
    assert answer.status_code == 422
    assert "one of these kinds" in answer.content.decode()
    ahead.refresh_from_db()
    assert not ahead.minutes


def test_somebody_who_signed_up_as_the_public_reads_no_hidden_minutes(client, forum):
    meeting = factories.meeting(forum, -1, minutes_published_at=timezone.now(), minutes="minutes/a.pdf")
    person = people.member()
    factories.attendance(meeting, person, part="public")
    client.force_login(person.user)
    assert client.get(reverse("members:meeting_minutes", args=[meeting.pk])).status_code == 404
    text = client.get(reverse("members:meeting", args=[meeting.pk])).content.decode()
    assert "Read the minutes" not in text
