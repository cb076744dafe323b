"""What somebody has given, as a page of paper: forums, meetings, reviews, questions, thanks (POR-017)."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from core.pdf import render_pdf
from forums.models import Attendance, BoardQuestion, Meeting, Membership, Thanks
from people.models import Organisation, Person

NOT_PUT = (BoardQuestion.Status.PROPOSED, BoardQuestion.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What is on record of one person. The numbers are of our records, so they may be less than was given."""

    person: Person
    memberships: list[Membership]
    meetings: list[Meeting]
    reviews: int
    questions: list[BoardQuestion]
    thanks: list[Thanks]


def contribution(person: Person) -> Contribution:
    """Everything that one person gave, the newest first."""
    was_there = {"attendances__person": person, "attendances__presence": Attendance.Presence.PRESENT}
    return Contribution(
        person=person,
        memberships=list(person.memberships.select_related("forum", "role").order_by("-started_on", "-pk")),
        meetings=list(Meeting.objects.held().filter(**was_there).select_related("forum").order_by("-starts_at")),
        reviews=person.review_answers.filter(sent_at__isnull=False).values("review").distinct().count(),
        questions=list(person.board_questions.exclude(status__in=NOT_PUT).select_related("forum", "board_meeting")),
        thanks=list(person.thanks.all()),
    )


def contribution_pdf(person: Person) -> bytes:
    """The same as a tagged PDF. Raises core.pdf.PDFUnavailable where the machine cannot make one."""
    body = Organisation.objects.filter(is_body=True).first()
    context = {"contribution": contribution(person), "body": body, "today": timezone.localdate()}
    page = render_to_string("members/support/contribution_pdf.html", context)
    return render_pdf(page, stylesheets=("letter.css",)).content
