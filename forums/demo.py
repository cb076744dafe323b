"""The members' life of the demo, from a file of invented people. Days are counted from the day of loading.

What lies in the past is written as rows, because no service lets anybody act in the past; the rest goes through the
services, as it would by hand.
"""

import datetime
import tomllib
import uuid
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from core.models import JobState
from core.pdf import PDFUnavailable, render_pdf
from forums.models import (
    Action,
    AgendaItem,
    Attendance,
    BoardQuestion,
    Criterion,
    ExpenseCategory,
    Forum,
    ForumKind,
    Meeting,
    Opportunity,
    Paper,
    PracticeGroup,
    Review,
    SeatRole,
    Training,
)
from forums.models.meetings import Format
from forums.services import meetings, questions, recruitment, reviews, seats
from forums.services.support import expenses, thanks
from people.models import Area, How, Message, Organisation, Person, Stakeholder, User
from people.models.needs import YoungPerson
from people.services import consents, needs, open_account, register, safeguarding, stakeholders

PAPER = """<!DOCTYPE html><html lang="en-GB"><head><title>{title}</title></head><body><h1>{title}</h1>
<p>An invented paper of the demo. A real one says what is to be decided, and what people have said so far.</p>
</body></html>"""


class DemoRegister:
    """Loads the file once, into a database that holds the body, its forums and a lead."""

    def __init__(self, path: Path, *, by: User):
        self.data = tomllib.loads(path.read_text(encoding="utf-8"))
        self.by = by
        self.today = timezone.localdate()
        self.forums = Forum.objects.all().by_name()
        self.people: dict[str, Person] = {}
        self.board_meetings: dict[int, Meeting] = {}

    def load(self) -> int:
        """Everything, in the order in which it hangs together. Returns how many people."""
        for kind in ("person", "meeting", "question", "opportunity", "application", "review", "training"):
            for row in self.data[kind]:
                getattr(self, kind)(**row)
        for row in self.data["meeting"]:
            self.finish_meeting(**row)
        for kind in ("claim", "thanks", "practice_group", "stakeholder"):
            for row in self.data[kind]:
                getattr(self, kind)(**row)
        # Nobody's mailbox is behind the invented addresses: what would have been sent counts as sent.
        Message.objects.filter(state=JobState.QUEUED, channel="email").update(
            state=JobState.DONE, finished_at=timezone.now()
        )
        return len(self.data["person"])

    def day(self, days: int) -> datetime.date:
        return self.today + datetime.timedelta(days=days)

    def forum(self, name: str) -> Forum:
        return self.forums[name.casefold()]

    # People --------------------------------------------------------------------------------------

    def person(self, name, seats, capacities=(), consents=(), needs=None, area="", born_years_ago=0, **values):
        guardian = values.pop("guardian", None)
        area = Area.objects.get(name=area) if area else None
        person = register.add_person(by=self.by, name=name, area=area, capacities=capacities, **values)
        self.people.setdefault(name, person)
        if guardian:
            self.safeguard(person, born_years_ago, guardian)
        self.agree(person, consents)
        user = self.account(person) if person.email and seats else None
        if needs:
            self.note_needs(person, needs, user)
        start = self.day(-400)
        for forum, role in seats:
            role = SeatRole.objects.get(code=role)
            seats_of(person, self.forum(forum), role, start, by=self.by)

    def account(self, person: Person) -> User:
        return open_account(person, by=self.by)

    def agree(self, person: Person, purposes) -> None:
        for wording in consents.current_wordings():
            if wording.purpose.code in purposes:
                consents.give(person, wording, how=How.PAPER, by=self.by)

    def note_needs(self, person: Person, wanted: dict, user: User | None) -> None:
        needs.set_needs(person, wanted, by=user or self.by)

    def safeguard(self, person: Person, years: int, guardian: dict) -> None:
        """As the safeguarding lead would: the demo has no such person when its people are made."""
        young = YoungPerson.objects.create(
            person=person,
            birth_date=self.today.replace(year=self.today.year - years, month=1, day=15),
            guardian_name=guardian["name"],
            guardian_email=guardian["email"],
            guardian_agreed_on=self.day(-420),
            guardian_agreed_how=How.PAPER,
            agreed_on=self.day(-420),
        )
        safeguarding.follow_age(person, young)

    # Meetings ------------------------------------------------------------------------------------

    def meeting(self, forum, title, day, mode="hybrid", papers=(), agenda=(), actions=(), public=False, **more):
        starts_at = timezone.make_aware(datetime.datetime.combine(self.day(day), datetime.time(14)))
        known = ("venue", "access", "join_link", "places", "public_information", "notes")
        meeting = Meeting.objects.create(
            forum=self.forum(forum),
            title=title,
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=2),
            mode=mode,
            is_public=public,
            status=Meeting.Status.PLANNED,
            **{name: more[name] for name in known if name in more},
        )
        for number, (item, topic) in enumerate(agenda, start=1):
            AgendaItem.objects.create(meeting=meeting, number=number, title=item, topic=topic)
        for paper in papers:
            self.paper(meeting, **paper)
        for action in actions:
            self.action(meeting, **action)
        self.attend(meeting, more.get("present", ()))
        if meeting.forum.kind.is_committee:
            self.board_meetings[day] = meeting
        if more.get("invite"):
            meetings.invite_members(meeting, by=self.by)

    def paper(self, meeting: Meeting, title: str, shared: int, format: str = Format.STANDARD) -> None:
        at = timezone.make_aware(datetime.datetime.combine(self.day(shared), datetime.time(9)))
        paper = Paper(meeting=meeting, title=title, format=format, shared_at=at)
        paper.published_at = at if meeting.is_public else None
        name, content = printed(title)
        paper.file.save(name, ContentFile(content), save=False)
        paper.save()

    def action(self, meeting: Meeting, text, owner, due, person="", done=None, outcome="") -> None:
        Action.objects.create(
            meeting=meeting,
            text=text,
            owner=owner,
            person=self.people.get(person),
            due_on=self.day(due),
            done_on=None if done is None else self.day(done),
            outcome=outcome,
        )

    def attend(self, meeting: Meeting, names) -> None:
        for name in names:
            Attendance.objects.create(
                meeting=meeting,
                person=self.people[name],
                reply=Attendance.Reply.IN_PERSON,
                replied_at=meeting.starts_at,
                presence=Attendance.Presence.PRESENT,
            )

    def finish_meeting(self, day, title, **_more) -> None:
        """Past meetings were held. They are planned until here, so that questions could still be put to them."""
        if day < 0:
            Meeting.objects.filter(title=title, starts_at__lt=timezone.now()).update(status=Meeting.Status.HELD)

    # What members do -----------------------------------------------------------------------------

    def question(self, forum, by, topic, text, votes=(), to=None, answer="", answered_by="") -> None:
        person = self.people[by]
        words = {"topic": topic, "text": text, "background": "", "solution": ""}
        question = questions.propose(
            self.forum(forum),
            person,
            by=person.user,
            form_token=uuid.uuid4(),
            kind=BoardQuestion.Kind.QUESTION,
            **words,
        )
        for name in votes:
            questions.vote(question, self.people[name], wants=True)
        if to is not None:
            meeting = self.board_meetings[to]
            question = questions.submit(question, meeting, by=self.by)
            question.submitted_at = min(question.submitted_at, meeting.starts_at - datetime.timedelta(days=7))
            question.save(update_fields=["submitted_at"])
        if answer:
            values = {"answer": answer, "answered_by": answered_by, "answered_on": self.day(to)}
            question = questions.answer(question, by=self.by, **values)
            questions.publish(question, by=self.by)

    def opportunity(self, forum, role, closes, **values) -> None:
        opportunity = Opportunity.objects.create(
            forum=self.forum(forum), role=SeatRole.objects.get(code=role), closes_on=self.day(closes), **values
        )
        recruitment.publish(opportunity, by=self.by)

    def application(self, opportunity, name, email, statement) -> None:
        recruitment.apply(
            Opportunity.objects.get(title=opportunity),
            form_token=uuid.uuid4(),
            name=name,
            email=email,
            statement=statement,
            birth_year=1988,
            wordings=recruitment.wordings_asked(),
        )

    def review(self, panel, title, days, deadline, text, organisation="", final="", result="", answers=(), **values):
        found = Organisation.objects.filter(name=organisation).first()
        review = reviews.request_review(
            by=self.by,
            panel=self.forum(panel),
            title=title,
            organisation=found,
            text=" ".join(text.split()),
            deadline=max(self.day(deadline), self.today),
            **values,
        )
        review = reviews.open_review(review, by=self.by)
        for answer in answers:
            self.answer(review, **answer)
        if final:
            reviews.close_review(review, by=self.by)
            reviews.add_version(review, by=self.by, text=" ".join(final.split()), is_final=True)
            reviews.return_result(review, result, by=self.by)
            self.date_back(review, days, deadline)

    def answer(self, review: Review, by, scores, comment, pages) -> None:
        person = self.people[by]
        criteria = {criterion.code: criterion for criterion in Criterion.objects.all()}
        answer = reviews.save_answer(
            review,
            person,
            by=person.user,
            scores={criteria[code]: score for code, score in scores.items()},
            comment=comment,
            page_comments=[(page, text) for page, text, _outcome, _reason in pages],
            send=True,
        )
        decisions = {text: (outcome, reason) for _page, text, outcome, reason in pages}
        for row in answer.page_comments.all():
            reviews.decide(row, *decisions[row.text], by=self.by)

    def date_back(self, review: Review, days: int, deadline: int) -> None:
        """The days on which it would have happened, so that the turnaround reads as in life."""
        now = timezone.now()
        at = {"opened_at": days, "closed_at": deadline, "returned_at": deadline + 9}
        values = {name: now + datetime.timedelta(days=number) for name, number in at.items()}
        Review.objects.filter(pk=review.pk).update(deadline=self.day(deadline), **values)

    def training(self, title, description, day, places) -> None:
        starts_at = timezone.make_aware(datetime.datetime.combine(self.day(day), datetime.time(10)))
        values = {"description": description, "starts_at": starts_at, "places": places, "is_open": True}
        Training.objects.update_or_create(title=title, defaults=values)

    def claim(self, person, what_for, items) -> None:
        who = self.people[person]
        claim = expenses.start_claim(who, by=who.user, what_for=what_for)
        for code, day, amount in items:
            category = ExpenseCategory.objects.filter(code=code).first()
            values = {"on": self.day(day), "quantity": Decimal(1), "amount": Decimal(amount)}
            receipt = ContentFile(b"%PDF-1.4 invented receipt", "receipt.pdf") if category.needs_receipt else None
            expenses.add_item(claim, by=who.user, category=category, receipt=receipt, **values)
        expenses.submit(claim, who.user)

    def thanks(self, person, kind, reason) -> None:
        thanks.thank(self.people[person], kind=kind, reason=reason, by=self.by, send=True)

    # Around the forums ---------------------------------------------------------------------------

    def practice_group(self, practice, name, network, chair, represented, last_asked, last_reply=None) -> None:
        organisation, _new = Organisation.objects.get_or_create(name=practice, defaults={"kind": "primary_care"})
        forum = Forum.objects.create(
            name=name,
            kind=ForumKind.objects.get(code="practice_group"),
            level="practice",
            organisation=organisation,
            chair=chair,
            established_on=self.day(-380),
        )
        PracticeGroup.objects.create(
            forum=forum,
            practice=organisation,
            network=Area.objects.filter(name=network).first(),
            represented=represented,
            last_asked_on=self.day(last_asked),
            last_reply_on=None if last_reply is None else self.day(last_reply),
        )

    def stakeholder(self, name, kind, next_action, next_action_day, contact=None, **values) -> None:
        row = Stakeholder.objects.create(
            name=name,
            kind=kind,
            owner=self.by,
            next_action=next_action,
            next_action_on=self.day(next_action_day),
            **values,
        )
        if contact:
            stakeholders.record_contact(
                row,
                by=self.by,
                on=self.day(contact["day"]),
                channel="meeting",
                topic=contact["topic"],
                summary=contact["summary"],
            )


@cache
def printed(title: str) -> tuple[str, bytes]:
    """A paper with this title, and the name of its file. Where PDFs cannot be made, plain text."""
    try:
        return "paper.pdf", render_pdf(PAPER.format(title=title)).content
    except PDFUnavailable:
        return "paper.txt", title.encode()


def seats_of(person: Person, forum: Forum, role: SeatRole, start: datetime.date, *, by: User) -> None:
    """A seat that has been held for a while, its induction done."""
    seats.appoint(person, forum, role, by=by, started_on=start, inducted_on=start, accepted_on=start)
