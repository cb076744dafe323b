"""Meetings: agenda, papers, who is invited, who comes and with what needs, what was decided (MTG-*)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from forums.models.forum import Forum, Membership, Mode
from people.models import Person, User

KEEP = "6 years; 20 years where it reports to the Board"


class MeetingQuerySet(models.QuerySet):
    def public(self):
        """Meetings that anybody may read about."""
        return self.filter(is_public=True).exclude(status=Meeting.Status.DRAFT)

    def for_person(self, person: Person):
        """Meetings of the forums on which somebody sits, and those to which they are invited."""
        mine = Membership.objects.current().filter(person=person).values("forum")
        seen = self.exclude(status=Meeting.Status.DRAFT)
        return seen.filter(Q(forum__in=mine) | Q(joint_with__in=mine) | Q(attendances__person=person)).distinct()

    def for_user(self, user):
        """Meetings that a member of staff works on: of forums of their areas, alone or joint with others."""
        areas = user.only_areas()
        if areas is None:
            return self
        joint = Meeting.joint_with.through.objects.filter(forum__area__in=areas)
        return self.filter(Q(forum__area__in=areas) | Q(pk__in=joint.values("meeting")))

    def upcoming(self):
        return self.filter(starts_at__gte=timezone.now(), status=Meeting.Status.PLANNED)

    def held(self):
        return self.filter(status=Meeting.Status.HELD)


class Meeting(TimeStamped):
    """One meeting of a forum or committee, alone or joint with others. `sequence` counts changes for calendars."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("not announced yet")
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="meetings", verbose_name=_("forum"))
    joint_with = models.ManyToManyField(Forum, blank=True, related_name="joint_meetings", verbose_name=_("joint with"))
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("how"), max_length=15, choices=Mode.choices)
    venue = models.TextField(_("place"), blank=True, max_length=500)
    access = models.TextField(
        _("access to the place"), blank=True, help_text=_("Step-free, hearing loop, parking, bus, quiet room.")
    )
    join_link = models.URLField(_("link to join online"), blank=True, max_length=500)
    places = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Empty: no limit.")
    )
    quorum = models.PositiveSmallIntegerField(_("quorum"), null=True, blank=True)
    is_public = models.BooleanField(_("held in public"), default=False)
    public_information = models.TextField(
        _("how to watch and how to ask a question"), blank=True, help_text=_("Shown on the public page.")
    )
    reply_by = models.DateField(_("reply by"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    notes = models.TextField(_("summary of what was said"), blank=True)
    minutes = models.FileField(_("minutes"), upload_to="minutes/", blank=True)
    minutes_due_on = models.DateField(_("minutes due"), null=True, blank=True)
    minutes_published_at = models.DateTimeField(_("minutes published"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    personal = {
        "notes": Personal("P2", "to remember what was said", keep=KEEP),
        "minutes": Personal("P2", "to remember what was agreed", keep=KEEP),
    }
    not_personal = ("title", "venue", "access", "join_link", "public_information")

    class Meta:
        verbose_name = _("meeting")
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The meeting must end after it starts"),
            ),
            models.CheckConstraint(
                condition=Q(minutes_published_at__isnull=True) | ~Q(minutes=""),
                name="%(app_label)s_%(class)s_published_minutes_exist",
                violation_error_message=_("Add the minutes before you publish them"),
            ),
        ]

    def __str__(self):
        return f"{self.title}, {timezone.localtime(self.starts_at):%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("forums:meeting_detail", args=[self.pk])


class AgendaItem(models.Model):
    """One point of the agenda. Its topic feeds the list of what forums discussed (MTG-017)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    led_by = models.CharField(_("led by"), max_length=200, blank=True)
    summary = models.TextField(_("what was said"), blank=True)

    personal = {
        "led_by": Personal("P2", "to know who presents", keep=KEEP),
        "summary": Personal("P2", "to remember what was said", keep=KEEP),
    }
    not_personal = ("title", "topic")

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This number is there already"),
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class Format(models.TextChoices):
    """In which form a document can be had (MEM-009)."""

    STANDARD = "standard", _("standard")
    LARGE_PRINT = "large_print", _("large print")
    EASY_READ = "easy_read", _("Easy Read")
    BRAILLE = "braille", _("braille-ready text")
    AUDIO = "audio", _("audio")
    BSL = "bsl", _("British Sign Language")
    LANGUAGE = "language", _("another language")


class Paper(models.Model):
    """A paper of a meeting. Members see it from `shared_at`, the public of a public meeting from `published_at`."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers")
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="papers", verbose_name=_("for the point")
    )
    title = models.CharField(_("title"), max_length=200)
    format = models.CharField(_("format"), max_length=12, choices=Format.choices, default=Format.STANDARD)
    language = models.CharField(_("language"), max_length=60, blank=True)
    file = models.FileField(_("file"), upload_to="papers/")
    shared_at = models.DateTimeField(_("shared with members"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    not_personal = ("title", "language", "file")

    class Meta:
        verbose_name = _("paper")
        ordering = ["title", "format"]

    def __str__(self):
        return f"{self.title} ({self.get_format_display()})"


class PaperRead(models.Model):
    """Somebody opened a paper in the portal: what waits for them gets shorter."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, models.CASCADE, related_name="papers_read")
    at = models.DateTimeField(default=timezone.now)

    about = "person"
    on_erasure = "delete"
    personal = {"person": Personal("P3", "to show what is left to read", keep="1 year", erase="deleted")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "person"], name="%(app_label)s_%(class)s_once")]

    def __str__(self):
        return f"{self.paper_id} read by {self.person_id}"


class AttendanceQuerySet(models.QuerySet):
    def taking_a_place(self):
        """Those who use one of a limited number of places."""
        return self.filter(reply__in=Attendance.COMING)

    def waiting_list(self):
        return self.filter(reply=Attendance.Reply.WAITING).order_by("replied_at", "pk")


class Attendance(models.Model):
    """Somebody and a meeting: invited, answered, was there, and whether their needs were met.

    A staff member may answer for somebody; `replied_by` is then not the person's own account.
    """

    class Reply(models.TextChoices):
        NONE = "", _("no reply yet")
        IN_PERSON = "in_person", _("coming in person")
        ONLINE = "online", _("joining online")
        WAITING = "waiting", _("on the waiting list")
        APOLOGIES = "apologies", _("cannot come")

    class Presence(models.TextChoices):
        UNKNOWN = "", _("not recorded")
        PRESENT = "present", _("present")
        APOLOGIES = "apologies", _("sent apologies")
        ABSENT = "absent", _("absent")
        OBSERVED = "observed", _("observed")

    class Met(models.TextChoices):
        UNKNOWN = "", _("not answered")
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    class Part(models.TextChoices):
        MEMBER = "member", _("member")
        EXPERT = "expert", _("expert by experience")
        GUEST = "guest", _("guest")
        PUBLIC = "public", _("member of the public")

    COMING = (Reply.IN_PERSON, Reply.ONLINE)

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances")
    part = models.CharField(_("comes as"), max_length=10, choices=Part.choices, default=Part.MEMBER)
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    reply = models.CharField(_("reply"), max_length=10, choices=Reply.choices, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    replied_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    needs_note = models.TextField(_("anything else for this meeting"), blank=True, max_length=1000)
    presence = models.CharField(_("was there"), max_length=10, choices=Presence.choices, blank=True)
    needs_met = models.CharField(_("needs were met"), max_length=10, choices=Met.choices, blank=True)
    needs_comment = models.TextField(_("what went wrong"), blank=True, max_length=1000)
    needs_followed_up_on = models.DateField(_("followed up on"), null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal("P3", "to hold the meeting", keep=KEEP, erase="kept: without a name"),
        "needs_note": Personal("P4", "to meet needs at this meeting", keep="1 year", erase="deleted"),
        "needs_comment": Personal("P4", "to do better next time", keep="1 year", erase="deleted"),
        "replied_by": ACTOR,
    }

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["person__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(reply="") | Q(replied_at__isnull=False), name="%(app_label)s_%(class)s_a_reply_says_when"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.meeting}"


class FeedbackQuerySet(models.QuerySet):
    def for_user(self, user):
        """What was said about forums of the areas that the user works for."""
        areas = user.only_areas()
        return self if areas is None else self.filter(forum__area__in=areas)


class Feedback(models.Model):
    """What somebody says about taking part: after a meeting, or about a forum as a whole (MEM-029, POR-010)."""

    class Score(models.IntegerChoices):
        NOT = 1, _("not at all")
        LITTLE = 2, _("a little")
        MOSTLY = 3, _("mostly")
        FULLY = 4, _("fully")

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="feedback")
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, blank=True, related_name="feedback")
    person = models.ForeignKey(Person, models.CASCADE, related_name="feedback")
    heard = models.PositiveSmallIntegerField(_("I felt heard"), choices=Score.choices)
    worthwhile = models.PositiveSmallIntegerField(_("it was worth my time"), choices=Score.choices)
    confident = models.PositiveSmallIntegerField(_("I feel confident in my role"), choices=Score.choices)
    comment = models.TextField(_("what would make it better?"), blank=True, max_length=2000)
    given_at = models.DateTimeField(default=timezone.now)

    objects = FeedbackQuerySet.as_manager()

    about = "person"
    personal = {
        "person": Personal("P3", "one answer each", keep="1 year", erase="kept: without a name"),
        "comment": Personal("P3", "to do better", keep="1 year", erase="deleted"),
    }

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "meeting"],
                condition=Q(meeting__isnull=False),
                name="%(app_label)s_%(class)s_once_a_meeting",
            ),
            models.CheckConstraint(
                condition=Q(heard__range=(1, 4), worthwhile__range=(1, 4), confident__range=(1, 4)),
                name="%(app_label)s_%(class)s_in_range",
            ),
        ]

    def __str__(self):
        return f"Feedback of {self.given_at:%-d %B %Y}"


class Action(TimeStamped):
    """Something a meeting agreed should be done: by whom, by when, and what came of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions")
    text = models.TextField(_("action"))
    owner = models.CharField(_("owner"), max_length=200)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name=_("a member")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)

    about = "person"
    personal = {
        "owner": Personal("P2", "to know who does it", keep=KEEP),
        "person": Personal("P3", "to show members what is theirs to do", keep=KEEP, erase="kept: without a name"),
    }
    not_personal = ("text", "outcome")

    class Meta:
        verbose_name = _("action")
        ordering = ["done_on", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(outcome=""),
                name="%(app_label)s_%(class)s_done_says_what",
                violation_error_message=_("Say what came of the action"),
            )
        ]

    def __str__(self):
        return self.text[:80]
