"""Questions to the Board: members propose and vote; staff put them forward and follow them up (MTG-002 to 005)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.person_panels import Panel
from core.portal import Card
from forums.models import BoardQuestion, FollowUp, Forum, Meeting, Membership, Vote
from people.models import ConsentPurpose, Person, User
from people.services import messages

Status = BoardQuestion.Status
ANSWERED = (Status.ANSWERED, Status.FOLLOW_UP, Status.CLOSED)
MOST_CARDS = 10

# Members -----------------------------------------------------------------------------------------


def votes_in(person: Person):
    """The numbers of the forums in which somebody proposes and votes. Observers read."""
    return Membership.objects.current().filter(person=person, is_observer=False).values("forum")


def _check_seat(forum: Forum, person: Person) -> None:
    if not Forum.objects.filter(pk=forum.pk, pk__in=votes_in(person)).exists():
        raise ValidationError(_("Only members of this forum propose and vote. Observers can read"), code="no_seat")


@transaction.atomic
def propose(forum: Forum, person: Person, *, by: User, form_token: uuid.UUID, kind: str, **words) -> BoardQuestion:
    """A question, or a point for the agenda, of a member. The same form sent twice is one question.

    `words` are topic, text, background and solution. Raises ValidationError for somebody without a seat that votes,
    for a closed forum, and for a point for the agenda that does not say what could be done.
    """
    forum = Forum.objects.select_for_update().get(pk=forum.pk)
    _check_seat(forum, person)
    if found := BoardQuestion.objects.filter(form_token=form_token, proposed_by=person).first():
        return found
    if forum.status == Forum.Status.CLOSED:
        raise ValidationError(_("%(forum)s is closed") % {"forum": forum})
    if kind == BoardQuestion.Kind.ITEM and not words.get("solution", "").strip():
        raise ValidationError({"solution": _("Say what could be done about it")})
    question = BoardQuestion(forum=forum, proposed_by=person, form_token=form_token, kind=kind, **words)
    question.full_clean()
    question.save()
    audit.record(by, "proposed", question, forum=forum.pk)
    return question


@transaction.atomic
def vote(question: BoardQuestion, person: Person, *, wants: bool) -> None:
    """Support a question or take the support back; saying the same again is harmless. Raises ValidationError.

    There is no audit row: it would tell whoever reads the audit trail who voted for what.
    """
    question = BoardQuestion.objects.select_for_update().get(pk=question.pk)
    _check_seat(question.forum, person)
    if question.status != Status.PROPOSED:
        raise ValidationError(_("Voting is over: this question is no longer proposed"))
    if wants:
        Vote.objects.get_or_create(question=question, person=person)
    else:
        Vote.objects.filter(question=question, person=person).delete()


def shortlist(forum: Forum):
    """What is proposed, the most votes first, then the oldest. Each row has `number_of_votes`."""
    proposed = BoardQuestion.objects.filter(forum=forum, status=Status.PROPOSED)
    return proposed.annotate(number_of_votes=Count("votes")).order_by("-number_of_votes", "created_at", "pk")


def proposer(question: BoardQuestion, reader: Person) -> str:
    """Who proposed a question, for a fellow member. Somebody who is or may be under 18 is not named."""
    person = question.proposed_by
    if person is None:
        return _("not recorded")
    if person.pk == reader.pk:
        return _("you")
    return _("a young member") if person.is_under_18 or person.may_be_under_18 else person.name


# Staff -------------------------------------------------------------------------------------------


@transaction.atomic
def submit(question: BoardQuestion, board_meeting: Meeting, *, by: User) -> BoardQuestion:
    """Put a question to a meeting of the Board, in the lowest free place. One already put to the Board is moved.

    The forum's row is locked, so that no more than its limit get to one meeting. Raises ValidationError.
    """
    forum = Forum.objects.select_for_update().get(pk=question.forum_id)
    _check_board_meeting(board_meeting)
    return _submit(question, forum, board_meeting, by)


@transaction.atomic
def submit_top(forum: Forum, board_meeting: Meeting, *, by: User) -> list[BoardQuestion]:
    """Fill the free places at a meeting of the Board from the top of the shortlist. Raises ValidationError."""
    forum = Forum.objects.select_for_update().get(pk=forum.pk)
    _check_board_meeting(board_meeting)
    free = len(_free_slots(forum, board_meeting))
    chosen = list(shortlist(forum)[:free])
    if not chosen:
        raise ValidationError(_("%(forum)s has no proposed questions") % {"forum": forum})
    return [_submit(question, forum, board_meeting, by) for question in chosen]


def _check_board_meeting(meeting: Meeting) -> None:
    if not meeting.forum.kind.is_committee:
        raise ValidationError(_("Choose a meeting of the Board or of a committee"))
    if meeting.status != Meeting.Status.PLANNED:
        words = {"meeting": meeting, "status": meeting.get_status_display()}
        raise ValidationError(_("Choose a planned meeting. %(meeting)s: %(status)s") % words)


def _free_slots(forum: Forum, meeting: Meeting) -> list[int]:
    """The free places, lowest first. Raises ValidationError when there is none."""
    taken = BoardQuestion.objects.filter(forum=forum, board_meeting=meeting).values_list("slot", flat=True)
    free = sorted(set(range(1, forum.questions_per_meeting + 1)) - set(taken))
    if len(taken) >= forum.questions_per_meeting or not free:
        words = {"forum": forum, "limit": forum.questions_per_meeting, "meeting": meeting}
        raise ValidationError(
            _("%(forum)s may put %(limit)s questions to one meeting, and %(meeting)s has them all") % words, code="full"
        )
    return free[: forum.questions_per_meeting - len(taken)]


def _submit(question: BoardQuestion, forum: Forum, meeting: Meeting, by: User) -> BoardQuestion:
    question = _locked(question)
    if question.status == Status.SUBMITTED and question.board_meeting_id == meeting.pk:
        return question
    _check_status(question, Status.PROPOSED, Status.SUBMITTED)
    before = question.board_meeting_id
    question.slot = _free_slots(forum, meeting)[0]
    question.board_meeting, question.status, question.submitted_at = meeting, Status.SUBMITTED, timezone.now()
    question.save(update_fields=["slot", "board_meeting", "status", "submitted_at", "updated_at"])
    audit.record(by, "put to the Board", question, meeting=meeting.pk, slot=question.slot, moved_from=before)
    day = date_format(timezone.localtime(meeting.starts_at), "j F Y")
    body = _("Your question goes to %(board)s on %(day)s.") % {"board": meeting.forum, "day": day}
    _tell(question, f"submitted-{meeting.pk}", _("Your question goes to the Board"), body, by)
    return question


@transaction.atomic
def decline(question: BoardQuestion, reason: str, *, by: User) -> BoardQuestion:
    """Do not take a proposed question forward. The proposer is told why, and the forum reads it as a follow-up.

    A second time changes nothing. Raises ValidationError without a reason.
    """
    question = _locked(question)
    if question.status == Status.DECLINED:
        return question
    _check_status(question, Status.PROPOSED)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is not taken forward")})
    question.status = Status.DECLINED
    question.save(update_fields=["status", "updated_at"])
    question.follow_ups.create(with_whom=_("the engagement team"), result=reason.strip())
    audit.record(by, "declined", question)
    _tell(question, "declined", _("Your question is not taken forward"), reason.strip(), by)
    return question


@transaction.atomic
def answer(
    question: BoardQuestion, *, by: User, answer: str, answered_by: str, answered_on: datetime.date
) -> BoardQuestion:
    """Record the Board's answer. The same answer again changes nothing. Raises ValidationError."""
    question = _locked(question)
    given = {"answer": answer.strip(), "answered_by": answered_by.strip(), "answered_on": answered_on}
    if question.status in ANSWERED and all(getattr(question, name) == value for name, value in given.items()):
        return question
    _check_status(question, Status.SUBMITTED)
    _refuse_future("answered_on", answered_on)
    for name, value in given.items():
        setattr(question, name, value)
    question.status = Status.ANSWERED
    question.full_clean()
    question.save(update_fields=[*given, "status", "updated_at"])
    audit.record(by, "answered", question)
    _tell(question, "answered", _("Your question was answered"), question.answer, by)
    return question


@transaction.atomic
def follow_up(question: BoardQuestion, *, by: User, on: datetime.date, with_whom: str, result: str) -> FollowUp:
    """Record a later conversation about an answer. The same again finds the first. Raises ValidationError."""
    question = _locked(question)
    words = {"on": on, "with_whom": with_whom.strip(), "result": result.strip()}
    if found := question.follow_ups.filter(**words).first():
        return found
    _check_status(question, Status.ANSWERED, Status.FOLLOW_UP)
    _refuse_future("on", on)
    row = FollowUp(question=question, **words)
    row.full_clean()
    row.save()
    question.status = Status.FOLLOW_UP
    question.save(update_fields=["status", "updated_at"])
    audit.record(by, "followed up", question, follow_up=row.pk)
    _tell(question, f"follow-up-{row.pk}", _("There is news about your question"), row.result, by)
    return row


@transaction.atomic
def close(question: BoardQuestion, *, by: User) -> BoardQuestion:
    """Say that nothing more is to be done. A second time changes nothing. Raises ValidationError."""
    question = _locked(question)
    if question.status != Status.CLOSED:
        _check_status(question, Status.ANSWERED, Status.FOLLOW_UP)
        question.status = Status.CLOSED
        question.save(update_fields=["status", "updated_at"])
        audit.record(by, "closed", question)
    return question


@transaction.atomic
def publish(question: BoardQuestion, *, by: User) -> BoardQuestion:
    """Let everybody read a question and its answer. A second time changes nothing. Raises ValidationError."""
    question = _locked(question)
    if question.published_at is None:
        _check_status(question, *ANSWERED)
        question.published_at = timezone.now()
        question.save(update_fields=["published_at", "updated_at"])
        audit.record(by, "published", question)
        body = _("Anybody can now read your question and its answer on our website. Your name is not there.")
        _tell(question, "published", _("Your question and its answer are public"), body, by)
    return question


@transaction.atomic
def unpublish(question: BoardQuestion, *, by: User) -> BoardQuestion:
    """Take a question off the public pages. One that is not there stays as it is."""
    question = _locked(question)
    if question.published_at is not None:
        question.published_at = None
        question.save(update_fields=["published_at", "updated_at"])
        audit.record(by, "withdrew", question)
    return question


def _locked(question: BoardQuestion) -> BoardQuestion:
    return BoardQuestion.objects.select_for_update().get(pk=question.pk)


def _check_status(question: BoardQuestion, *allowed: str) -> None:
    if question.status not in allowed:
        words = {"status": question.get_status_display()}
        raise ValidationError(_("This cannot be done now. The question is: %(status)s") % words, code="status")


def _refuse_future(name: str, day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError({name: _("The day must not be in the future")})


def _tell(question: BoardQuestion, step: str, subject: str, words: str, by: User) -> None:
    """Write to the person who proposed it, once for each step."""
    if question.proposed_by is None:
        return
    body = _("Your question: %(text)s\n\n%(words)s") % {"text": question.text, "words": words}
    key = f"question-{question.pk}-{step}"
    messages.write(question.proposed_by, ConsentPurpose.MEMBERSHIP, subject, body, by=by, key=key)


def days_unanswered(question: BoardQuestion) -> int | None:
    """For how many days a question put to the Board has had no answer; None for any other (MTG-004)."""
    if question.status != Status.SUBMITTED:
        return None
    return (timezone.localdate() - timezone.localtime(question.submitted_at).date()).days


# What is read elsewhere --------------------------------------------------------------------------


def published(forum: Forum):
    """A forum's published questions, the newest answer first, with what `forums/questions/published.html` shows."""
    return BoardQuestion.objects.public().filter(forum=forum).select_related("board_meeting").order_by("-answered_on")


def waiting(person: Person) -> list[Card]:
    """For each forum of a member, one card about the questions on which they have not voted yet."""
    open_ones = BoardQuestion.objects.filter(forum__in=votes_in(person), status=Status.PROPOSED)
    open_ones = open_ones.exclude(proposed_by=person).exclude(votes__person=person)
    next_board = Meeting.objects.upcoming().filter(forum=OuterRef("forum__meets_before")).order_by("starts_at")
    rows = open_ones.order_by("forum__name").values("forum", "forum__name").annotate(number=Count("pk"))
    return [_vote_card(row) for row in rows.annotate(board=Subquery(next_board.values("starts_at")[:1]))]


def _vote_card(row: dict) -> Card:
    words = ngettext(
        "%(number)s question to the Board waits for your vote.",
        "%(number)s questions to the Board wait for your vote.",
        row["number"],
    )
    return Card(
        title=_("Vote on questions of %(forum)s") % {"forum": row["forum__name"]},
        text=words % {"number": row["number"]},
        url=reverse("members:question_list", args=[row["forum"]]),
        due=timezone.localtime(row["board"]).date() if row["board"] else None,
    )


def came_of_it(person: Person) -> list[Card]:
    """Answers to what a member proposed or voted for, the newest first: those that they can still open."""
    mine = Q(proposed_by=person) | Q(pk__in=Vote.objects.filter(person=person).values("question"))
    readable = Q(published_at__isnull=False) | Q(
        forum__in=Membership.objects.current().filter(person=person).values("forum")
    )
    answered = BoardQuestion.objects.filter(mine, readable, status__in=ANSWERED).order_by("-answered_on", "-pk")
    return [_answer_card(question) for question in answered[:MOST_CARDS]]


def _answer_card(question: BoardQuestion) -> Card:
    page = "forums:question_list" if question.published_at else "members:question_list"
    query = "" if question.published_at else "?show=board"
    return Card(
        title=_("The Board answered: %(topic)s") % {"topic": question.topic},
        text=Truncator(question.answer).words(30),
        url=f"{reverse(page, args=[question.forum_id])}{query}#question-{question.pk}",
    )


def person_panel(person: Person, user: User) -> Panel | None:
    """The way to enter a question or a vote of somebody who tells it to staff."""
    if not user.has_perm("forums.add_boardquestion"):
        return None
    line = (_("Enter a question or a vote for them"), reverse("work:question_for", args=[person.pk]))
    return Panel(_("Questions to the Board"), [line])
