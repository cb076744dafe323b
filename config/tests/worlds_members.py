"""The members' life in the world of the matrix: the same things three times.

`near`: of West Essex; to a member these are their own. `fellow`: another person's, on the same forum. `far`: of East
Herts, and of a forum that the member does not sit on.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone

from config.tests.world import TEAM, World
from forums.models import (
    Action,
    AgendaItem,
    Application,
    BoardQuestion,
    Buddy,
    Criterion,
    ExpenseCategory,
    ExpenseClaim,
    ExpenseItem,
    Forum,
    Meeting,
    Membership,
    Opportunity,
    Paper,
    PracticeGroup,
    Review,
    ReviewAnswer,
    ReviewVersion,
    SeatRole,
    Standard,
    TermsOfReference,
    Thanks,
    Training,
    TrainingRecord,
)
from forums.tests import factories as forums
from people.models import (
    AccessNeed,
    Area,
    Concern,
    ConsentPurpose,
    ErasureRequest,
    Message,
    Person,
    Stakeholder,
    User,
    YoungPerson,
)
from people.tests import factories as people

ALL_AREAS = ("lead", "administrator")
REGISTER = (*TEAM, "safeguarding")


@dataclass
class Side:
    """A person, their forum and everything that hangs on both."""

    case: str
    person: Person
    forum: Forum
    board: Meeting
    readers: tuple[str, ...]  # of what is about the person

    @property
    def forum_readers(self) -> tuple[str, ...]:
        """Of what is about the forum: a member reads that of a fellow member too."""
        return ALL_AREAS if self.case == "far" else (*TEAM, "member")

    def build(self, here: World, by: User) -> None:
        self.seat = forums.membership(self.forum, self.person, community=self.secret(here, "Community"))
        self.meetings(here)
        self.papers(here)
        self.question = forums.board_question(
            self.forum, self.person, text=self.secret(here, "Question", *self.forum_readers)
        )
        self.reviews(here, by)
        self.recruitment(here)
        self.support(here, by)
        self.register(here, by)

    def secret(self, here: World, what: str, *readers: str) -> str:
        return here.secret(f"{what}-{self.case}", *(readers or self.readers))

    def meetings(self, here: World) -> None:
        self.meeting = forums.meeting(self.forum, title=self.secret(here, "Meeting", *self.forum_readers))
        minutes = ContentFile(self.secret(here, "Minutes", *self.forum_readers).encode(), "minutes.txt")
        self.held = forums.meeting(self.forum, days=-10, minutes=minutes, minutes_published_at=timezone.now())
        self.public = forums.meeting(self.forum, days=20, is_public=True, title=f"In public, {self.case}")
        self.public.minutes.save("minutes.txt", ContentFile(b"x"), save=False)
        self.public.minutes_published_at = timezone.now()
        self.public.save()
        AgendaItem.objects.create(
            meeting=self.meeting, number=1, title=self.secret(here, "Agenda", *self.forum_readers)
        )
        note = self.secret(here, "NeedsNote", *set(self.readers) & {"lead", "officer", "member"})
        self.attendance = forums.attendance(self.meeting, self.person, needs_note=note)
        self.was_there = forums.attendance(self.held, self.person, reply="online", presence="present", needs_met="no")
        self.action = Action.objects.create(meeting=self.held, text="Act", owner="Somebody", person=self.person)

    def papers(self, here: World) -> None:
        content = ContentFile(self.secret(here, "Paper", *self.forum_readers).encode(), "paper.txt")
        self.paper = Paper.objects.create(meeting=self.meeting, title="Paper", file=content, shared_at=timezone.now())
        self.unshared = Paper.objects.create(meeting=self.meeting, title="Not yet", file=ContentFile(b"x", "paper.txt"))
        self.published = Paper.objects.create(
            meeting=self.public,
            title="Published",
            file=ContentFile(b"x", "paper.txt"),
            shared_at=timezone.now(),
            published_at=timezone.now(),
        )

    def reviews(self, here: World, by: User) -> None:
        now = timezone.now()
        self.review = Review.objects.create(
            panel=self.forum,
            title=f"Leaflet, {self.case}",
            kind="leaflet",
            audience="Everybody",
            deadline=timezone.localdate() + datetime.timedelta(days=9),
            status="with_panel",
            opened_at=now,
        )
        self.version = ReviewVersion.objects.create(
            review=self.review, number=1, text="Plain words.", file=ContentFile(b"x", "leaflet.txt")
        )
        words = self.secret(here, "Answer", *TEAM, "project_lead", *(["member"] if self.case == "near" else []))
        self.answer = ReviewAnswer.objects.create(
            review=self.review, version=self.version, person=self.person, sent_at=now, comment=words
        )
        self.comment = self.answer.page_comments.create(page=1, text="Too long")

    def recruitment(self, here: World) -> None:
        self.opportunity = forums.opportunity(self.forum, title=f"Join, {self.case}")
        self.application = Application.objects.create(
            opportunity=self.opportunity,
            person=self.person,
            form_token=uuid.uuid4(),
            statement=self.secret(here, "Statement", *set(self.readers) - {"member"}),
        )

    def support(self, here: World, by: User) -> None:
        what_for = self.secret(here, "Claim")
        self.claim = ExpenseClaim.objects.create(person=self.person, forum=self.forum, what_for=what_for)
        self.sent_claim = ExpenseClaim.objects.create(
            person=self.person, what_for="Sent", status="submitted", submitted_at=timezone.now()
        )
        category = ExpenseCategory.objects.first() or ExpenseCategory.objects.create(
            code="bus", name="Bus", policy="Policy 1", starts_on=datetime.date(2023, 1, 1)
        )
        receipt = ContentFile(self.secret(here, "Receipt").encode(), "receipt.txt")
        day = timezone.localdate()
        self.item = ExpenseItem.objects.create(claim=self.claim, category=category, on=day, amount=5, receipt=receipt)
        self.training = Training.objects.create(title=f"Training, {self.case}")
        self.record = TrainingRecord.objects.create(
            training=self.training, person=self.person, status="done", done_on=day
        )
        readers = ("member",) if self.case == "near" else ()
        Thanks.objects.create(
            person=self.person, kind="card", reason=here.secret(f"Thanks-{self.case}", *readers), by=by
        )
        goals = self.secret(here, "Goals")
        self.buddy = Buddy.objects.create(person=self.person, goals=goals)

    def register(self, here: World, by: User) -> None:
        readers = [reader for reader in self.readers if reader in {"lead", "officer", "member"}]
        AccessNeed.objects.create(person=self.person, kind="diet", detail=self.secret(here, "Diet", *readers))
        self.message = Message.objects.create(
            person=self.person,
            purpose=people.purpose(),
            channel="post",
            subject=self.secret(here, "Subject", *set(self.readers) - {"member"}),
            body="Words",
            key=f"matrix-{self.case}",
        )
        self.erasure = ErasureRequest.objects.create(person=self.person, how="phone", recorded_by=by)


def members_life(here: World, west: Area, east: Area, other: User) -> dict:
    """Make it all, and say under which addresses it is asked for. Returns the rows for the admin."""
    board = forums.meeting(forums.committee("Board of the matrix"), days=30)
    near_forum = forums.forum("Forum of the West", area=west, kind=forums.forum_kind("panel"))
    far_forum = forums.forum("Forum of the East", area=east, kind=forums.forum_kind("panel"))
    sides = [
        Side("near", _person(here, "near", west, (*REGISTER, "member")), near_forum, board, (*TEAM, "member")),
        Side("fellow", _person(here, "fellow", west, REGISTER), near_forum, board, tuple(TEAM)),
        Side("far", _person(here, "far", east, (*ALL_AREAS, "safeguarding")), far_forum, board, ALL_AREAS),
    ]
    if here.role == "member":
        sides[0].person.user = here.user
        sides[0].person.save()
    for side in sides:
        side.build(here, other)
    _public_pages(here, sides)
    _portal_pages(here, sides)
    _work_pages(here, sides, west, east)
    _register_pages(here, sides, west, east)
    return _admin_rows(sides, west)


def _person(here: World, case: str, area: Area, readers) -> Person:
    to_fellows = ("member",) if case == "fellow" else ()  # who proposed a question
    name = here.secret(f"Name-{case}", *readers, *to_fellows)
    email = here.secret(f"mail-{case}", *readers)
    person = people.person(name, email=f"{email}@example.org", area=area, birth_year=1960, address="1 High Street")
    people.consent(person)
    return person


def _cases(here: World, sides: list[Side], name: str, find, *more) -> None:
    """One address for each side. `find` says which row's number goes in."""
    for side in sides:
        here.add(name, find(side).pk, *more, case=side.case)


def _public_pages(here: World, sides: list[Side]) -> None:
    for name in ("forum_list", "forum_map", "meeting_list", "opportunity_list"):
        here.add(f"forums:{name}")
    near = sides[0]
    terms = TermsOfReference.objects.create(
        forum=near.forum, version="1", agreed_on=datetime.date(2024, 1, 1), file=ContentFile(b"x", "terms.txt")
    )
    draft = TermsOfReference.objects.create(forum=near.forum, version="2", file=ContentFile(b"x", "terms.txt"))
    here.add("forums:terms_file", terms.pk, case="agreed")
    here.add("forums:terms_file", draft.pk, case="draft")
    for name in ("forum_detail", "question_list"):
        here.add(f"forums:{name}", near.forum.pk)
    for name in ("meeting_detail", "meeting_calendar", "meeting_minutes", "meeting_join", "meeting_joined"):
        here.add(f"forums:{name}", near.public.pk, case="public")
        here.add(f"forums:{name}", near.meeting.pk, case="not public")
    here.add("forums:paper_file", near.published.pk, case="published")
    here.add("forums:paper_file", near.paper.pk, case="for members")
    hidden = forums.opportunity(near.forum, title="Not published", published_at=None)
    for name in ("detail", "apply", "applied", "applied_young"):
        here.add(f"forums:opportunity_{name}", near.opportunity.pk, case="published")
        here.add(f"forums:opportunity_{name}", hidden.pk, case="not published")
    here.add("people:concern_add")
    here.add("people:concern_sent")


def _portal_pages(here: World, sides: list[Side]) -> None:
    plain = (
        "home details needs consents panel_profile equality data download ask_for_erasure opportunity_list review_list"
    )
    for name in f"{plain} expense_list expense_new training_list thanks_list contribution_pdf buddy".split():
        here.add(f"members:{name}")
    here.add("members:consent_change", people.wording("opportunities").pk)
    here.add("members:opportunity_apply", sides[0].opportunity.pk)
    for name in ("forum", "feedback", "question_list", "question_add"):
        _cases(here, [sides[0], sides[2]], f"members:{name}", lambda side: side.forum)
    for name in ("leave", "role_accept"):
        _cases(here, sides, f"members:{name}", lambda side: side.seat)
    _cases(here, sides, "members:meeting", lambda side: side.meeting)
    _cases(here, sides[::2], "members:meeting_calendar", lambda side: side.meeting)
    for name in ("meeting_minutes", "meeting_needs_met"):
        _cases(here, sides[::2], f"members:{name}", lambda side: side.held)
    _cases(here, sides[::2], "members:paper", lambda side: side.paper)
    here.add("members:paper", sides[0].unshared.pk, case="not shared yet")
    _cases(here, sides[::2], "members:question_vote", lambda side: side.question)
    _cases(here, sides, "members:application_withdraw", lambda side: side.application)
    _cases(here, sides[::2], "members:review", lambda side: side.review)
    _cases(here, sides[::2], "members:review_file", lambda side: side.review, 1)
    for name in ("expense_detail", "expense_send"):
        _cases(here, sides, f"members:{name}", lambda side: side.claim)
    for name in ("expense_item_remove", "receipt"):
        _cases(here, sides, f"members:{name}", lambda side: side.item)
    for name in ("training_book", "training_cancel"):
        here.add(f"members:{name}", sides[0].training.pk)
    _cases(here, sides, "members:training_certificate", lambda side: side.record)
    _cases(here, sides, "members:buddy_withdraw", lambda side: side.buddy)


def _work_pages(here: World, sides: list[Side], west: Area, east: Area) -> None:
    plain = (
        "clockwork boards meeting_list action_list question_list question_fill application_list review_list review_add"
    )
    more = "review_figures review_figures_csv expense_list expense_costs expense_new training_list thanks_list"
    for name in f"{plain} {more} buddy_list buddy_new practice_list feedback_list".split():
        here.add(f"work:{name}")
    for name in ("forum_clock", "forum_dates", "forum_members"):
        _cases(here, sides[::2], f"work:{name}", lambda side: side.forum)
    for name in ("membership_detail", "membership_leave"):
        _cases(here, sides, f"work:{name}", lambda side: side.seat)
    for name in ["sheet", "invite", "papers", "attendance", "minutes", "status"]:
        _cases(here, sides, f"work:meeting_{name}", lambda side: side.meeting)
    _cases(here, sides, "work:minutes_file", lambda side: side.held)
    for name in ("meeting_reply_for", "needs_followed_up"):
        _cases(here, sides, f"work:{name}", lambda side: side.was_there)
    _cases(here, sides, "work:paper_file", lambda side: side.paper)
    _cases(here, sides, "work:action_done", lambda side: side.action)
    _cases(here, sides, "work:question_for", lambda side: side.person)
    for side in sides:
        here.add("work:question_vote_for", side.person.pk, side.question.pk, case=side.case)
    _cases(here, sides, "work:meeting_needs_for", lambda side: side.was_there)
    _cases(here, sides, "work:question_detail", lambda side: side.question)
    _cases(here, sides, "work:question_step", lambda side: side.question, "decline")
    _cases(here, sides, "work:application_detail", lambda side: side.application)
    _cases(here, sides, "work:application_step", lambda side: side.application, "decline")
    _cases(here, sides, "work:application_add", lambda side: side.opportunity)
    _cases(here, sides, "work:review_decide", lambda side: side.comment)
    for name in ["detail", "answers", "record", "open", "close", "version", "return"]:
        _cases(here, sides, f"work:review_{name}", lambda side: side.review)
    _cases(here, sides, "work:review_file", lambda side: side.review, 1)
    for name in ["detail", "approve", "reject", "pay"]:
        _cases(here, sides, f"work:expense_{name}", lambda side: side.sent_claim)
    for name in ["add", "send"]:
        _cases(here, sides, f"work:expense_{name}", lambda side: side.claim)
    for name in ("expense_item_remove", "receipt"):
        _cases(here, sides, f"work:{name}", lambda side: side.item)
    _cases(here, sides, "work:buddy_detail", lambda side: side.buddy)
    groups = {case: _practice(here, case, area) for case, area in {"near": west, "far": east}.items()}
    for name in ["detail", "assess", "asked", "replied", "plan"]:
        for case, group in groups.items():
            here.add(f"work:practice_{name}", group.pk, case=case)


def _practice(here: World, case: str, area: Area) -> PracticeGroup:
    readers = TEAM if case == "near" else ALL_AREAS
    forum = forums.forum(f"Practice group, {case}", area=area, kind=forums.forum_kind("panel"))
    practice = people.organisation(f"Practice, {case}")
    contact = f"{here.secret(f'practice-{case}', *readers)}@example.org"
    return PracticeGroup.objects.create(forum=forum, practice=practice, contact_email=contact)


def _register_pages(here: World, sides: list[Side], west: Area, east: Area) -> None:
    plain = (
        "person_list person_add duplicate_list erasure_list message_list message_done message_letters stakeholder_map"
    )
    for name in f"{plain} stakeholder_export young_list concern_list equality_totals".split():
        here.add(f"register:{name}")
    for name in ("detail", "edit", "open_account", "consents", "needs", "export"):
        _cases(here, sides, f"register:person_{name}", lambda side: side.person)
    _cases(here, sides, "register:erasure_ask", lambda side: side.person)
    _cases(here, sides, "register:erasure_detail", lambda side: side.erasure)
    for name in ("message_again", "message_letter"):
        _cases(here, sides, f"register:{name}", lambda side: side.message)
    near, fellow, far = (side.person.pk for side in sides)
    for name in ("two_people", "merge"):
        here.add(f"register:{name}", near, fellow, case="near")
        here.add(f"register:{name}", near, far, case="far")
    for case, area in {"near": west, "far": east}.items():
        readers = TEAM if case == "near" else ALL_AREAS
        stakeholder = Stakeholder.objects.create(name=here.secret(f"Stakeholder-{case}", *readers), kind="mp")
        stakeholder.areas.add(area)
        here.add("register:stakeholder_contact_add", stakeholder.pk, case=case)
    young = people.person(here.secret("Young", *ALL_AREAS, "safeguarding"), area=east)
    young.adult_from, young.safeguards = timezone.localdate() + datetime.timedelta(days=500), "waiting"
    young.save()
    guardian = here.secret("Guardian", "safeguarding")
    YoungPerson.objects.create(person=young, birth_date=datetime.date(2011, 5, 17), guardian_name=guardian)
    here.add("register:young_detail", young.pk)
    concern = Concern.objects.create(text=here.secret("Concern", "safeguarding"))
    here.add("register:concern_detail", concern.pk)


def _admin_rows(sides: list[Side], west: Area) -> dict:
    near, _fellow, far = sides
    both = {
        Membership: (near.seat, far.seat),
        Meeting: (near.meeting, far.meeting),
        BoardQuestion: (near.question, far.question),
        Opportunity: (near.opportunity, far.opportunity),
        Person: (near.person, far.person),
        Stakeholder: tuple(Stakeholder.objects.order_by("pk")),
        PracticeGroup: tuple(PracticeGroup.objects.order_by("pk")),
    }
    standard = Standard.objects.create(name="Standard", version="1", starts_on=datetime.date(2024, 1, 1))
    criterion = Criterion.objects.create(code="easy", name="Easy", question="Is it easy?")
    single = [SeatRole.objects.first(), criterion, ExpenseCategory.objects.first(), near.training, standard]
    single.append(ConsentPurpose.objects.get(code="membership"))
    return {model: {"own area": one, "another area": two} for model, (one, two) in both.items()} | {
        type(row): {"": row} for row in single
    }
