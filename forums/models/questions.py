"""Questions that a forum puts to the Board, and points it asks onto the Board's agenda (MTG-002 to 005)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from core.privacy import Personal
from forums.models.forum import Forum
from forums.models.meetings import Meeting
from people.models import Person

KEEP = "20 years: part of the Board's record"


class BoardQuestionQuerySet(models.QuerySet):
    def public(self):
        """Questions and answers that anybody may read."""
        return self.filter(published_at__isnull=False)

    def for_user(self, user):
        """Questions of forums of the areas that the user works for."""
        areas = user.only_areas()
        return self if areas is None else self.filter(forum__area__in=areas)

    def unanswered(self):
        return self.filter(status=BoardQuestion.Status.SUBMITTED)


class BoardQuestion(TimeStamped):
    """One question of a forum. `slot` is its place among the few that go to one meeting of the Board."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("a question")
        ITEM = "item", _("a point for the agenda")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        SUBMITTED = "submitted", _("put to the Board")
        ANSWERED = "answered", _("answered")
        FOLLOW_UP = "follow_up", _("being followed up")
        CLOSED = "closed", _("closed")
        DECLINED = "declined", _("not taken forward")

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="board_questions", verbose_name=_("forum"))
    board_meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("meeting of the Board")
    )
    slot = models.PositiveSmallIntegerField(_("number at that meeting"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    topic = models.CharField(_("topic"), max_length=100)
    text = models.TextField(_("question"), max_length=2000)
    background = models.TextField(_("why it matters"), blank=True, max_length=4000)
    solution = models.TextField(_("what could be done"), blank=True, max_length=4000)
    proposed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="board_questions", verbose_name=_("proposed by")
    )
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    submitted_at = models.DateTimeField(_("put to the Board"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = BoardQuestionQuerySet.as_manager()

    about = "proposed_by"
    personal = {
        "proposed_by": Personal("P2", "to tell the person what came of it", keep=KEEP, erase="kept: without a name"),
        "text": Personal("P2", "to put it to the Board", keep=KEEP, erase="kept: part of the Board's record"),
        "background": Personal("P2", "to put it to the Board", keep=KEEP, erase="kept: part of the Board's record"),
        "solution": Personal("P2", "to put it to the Board", keep=KEEP, erase="kept: part of the Board's record"),
        "answered_by": Personal(
            "P2", "to say who answered", keep=KEEP, erase="kept: names who answered, not who asked"
        ),
    }
    not_personal = ("topic", "answer")

    class Meta:
        verbose_name = _("Board question")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "board_meeting", "slot"],
                name="%(app_label)s_%(class)s_slot_once",
                violation_error_message=_("This number is taken at that meeting"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "declined"])
                | Q(board_meeting__isnull=False, slot__isnull=False, submitted_at__isnull=False),
                name="%(app_label)s_%(class)s_submitted_to_a_meeting",
                violation_error_message=_("A question goes to one meeting of the Board, with a number"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["answered", "follow_up", "closed"])
                | ~Q(answer="") & ~Q(answered_by="") & Q(answered_on__isnull=False),
                name="%(app_label)s_%(class)s_answered_says_what",
                violation_error_message=_("Give the answer, who gave it and when"),
            ),
        ]

    def __str__(self):
        return self.text[:80]


class Vote(models.Model):
    """One member supports one question. Who voted for what is shown to nobody; the number is."""

    question = models.ForeignKey(BoardQuestion, models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, models.CASCADE, related_name="votes")
    at = models.DateTimeField(default=timezone.now)

    about = "person"
    on_erasure = "delete"
    personal = {"person": Personal("P3", "one vote each", keep="until the question has gone", erase="deleted")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"Vote {self.pk}"


class FollowUp(models.Model):
    """A later conversation about an answer: with whom, when, and its result (MTG-004)."""

    question = models.ForeignKey(BoardQuestion, models.CASCADE, related_name="follow_ups")
    on = models.DateField(_("on"), default=timezone.localdate)
    with_whom = models.CharField(_("with"), max_length=200)
    result = models.TextField(_("result"))

    personal = {"with_whom": Personal("P2", "to say who was spoken to", keep=KEEP)}
    not_personal = ("result",)

    class Meta:
        verbose_name = _("follow-up")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.on:%-d %B %Y}: {self.with_whom}"
