"""What follows from a report: recommendations, lessons, indicators, who was told (MTG-013, INS-008 to 018)."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TimeStamped
from engagement.models import Topic
from forums.models import Forum
from insights.models.library import DID, Source
from insights.models.responses import Response
from people.models import Organisation


class RecommendationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Recommendations of the reports that a member of staff may see."""
        return self.filter(source__in=Source.objects.for_user(user).values("pk"))

    def of_committees(self):
        """Each with its committee, for a list."""
        return self.select_related("committee")

    def waiting(self):
        """No committee has decided yet."""
        return self.filter(outcome=Recommendation.Outcome.WAITING)

    def to_do(self):
        """Accepted, in full or in part, and not done."""
        return self.filter(outcome__in=Recommendation.AGREED, done_on=None)

    def overdue(self):
        return self.to_do().filter(due_on__lt=timezone.localdate())

    def overdue_first(self):
        """What is overdue, what is to be done, what waits for a committee, and then the rest; by committee in each."""
        late = When(outcome__in=Recommendation.AGREED, done_on=None, due_on__lt=timezone.localdate(), then=Value(0))
        agreed = When(outcome__in=Recommendation.AGREED, done_on=None, then=Value(1))
        waiting = When(outcome=Recommendation.Outcome.WAITING, then=Value(2))
        place = Case(late, agreed, waiting, default=Value(3), output_field=models.IntegerField())
        by_committee = (F("committee__name").asc(nulls_last=True), F("due_on").asc(nulls_last=True), "source", "number")
        return self.order_by(place, *by_committee)


class Recommendation(TimeStamped):
    """What a report recommends, what a committee made of it, and whether it was done (MTG-013)."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not decided yet")
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("accepted in part")
        REJECTED = "rejected", _("not accepted")

    AGREED = (Outcome.ACCEPTED, Outcome.PARTLY)

    source = models.ForeignKey(Source, models.PROTECT, related_name="recommendations", verbose_name=_("report"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("recommendation"))
    committee = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="recommendations", verbose_name=_("committee")
    )
    considered_on = models.DateField(_("considered on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    because = models.TextField(_("why"), blank=True)
    action = models.TextField(_("what is done"), blank=True)
    owner = models.CharField(_("who sees to it (a post)"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.TextField(_("what shows it"), blank=True)

    objects = RecommendationQuerySet.as_manager()

    not_personal = ("text", "because", "action", "owner", "evidence")

    class Meta:
        verbose_name = _("recommendation")
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="%(app_label)s_%(class)s_number_once"),
            models.CheckConstraint(
                condition=Q(outcome="waiting") | Q(committee__isnull=False, considered_on__isnull=False),
                name="%(app_label)s_%(class)s_outcome_says_who_and_when",
                violation_error_message=_("Say which committee decided, and when"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["partly", "rejected"]) | ~Q(because=""),
                name="%(app_label)s_%(class)s_says_why_not",
                violation_error_message=_("Say why it was not accepted in full"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["accepted", "partly"])
                | ~Q(action="") & ~Q(owner="") & Q(due_on__isnull=False),
                name="%(app_label)s_%(class)s_accepted_has_an_action",
                violation_error_message=_("Say what is done, who sees to it and by when"),
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(outcome__in=["accepted", "partly"]) & ~Q(evidence=""),
                name="%(app_label)s_%(class)s_done_is_shown",
                violation_error_message=_("Say what shows that it was done"),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.text[:80]}"

    @property
    def is_overdue(self) -> bool:
        """Whether a committee agreed to it, and its day has passed without its being done."""
        is_open = self.outcome in self.AGREED and self.done_on is None
        return is_open and self.due_on is not None and self.due_on < timezone.localdate()


class LessonQuerySet(models.QuerySet):
    def for_user(self, user):
        """Lessons from items that a member of staff may see, and those from none."""
        return self.filter(Q(source=None) | Q(source__in=Source.objects.for_user(user).values("pk")))

    def to_do(self):
        return self.filter(done_on=None)

    def not_shared(self):
        return self.filter(shared_on=None)


class Lesson(TimeStamped):
    """What was learnt from something that went well or badly, and the action that matters most (INS-017)."""

    class Kind(models.TextChoices):
        POSITIVE = "positive", _("went well")
        NEGATIVE = "negative", _("went badly")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    what_happened = models.TextField(_("what happened"))
    action = models.TextField(_("what is done about it"))
    owner = models.CharField(_("who sees to it (a post)"), max_length=120)
    learnt_on = models.DateField(_("learnt on"), default=timezone.localdate)
    topics = models.ManyToManyField(Topic, blank=True, related_name="lessons", verbose_name=_("topics"))
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name=_("library item")
    )
    shared_with = models.CharField(_("shared with"), max_length=300, blank=True)
    shared_on = models.DateField(_("shared on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects = LessonQuerySet.as_manager()

    not_personal = ("what_happened", "action", "owner", "shared_with")

    class Meta:
        verbose_name = _("lesson")
        ordering = ["-learnt_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shared_on__isnull=True) | ~Q(shared_with=""),
                name="%(app_label)s_%(class)s_shared_with_somebody",
                violation_error_message=_("Say with whom it was shared"),
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("learnt_on")),
                name="%(app_label)s_%(class)s_done_after_it_was_learnt",
                violation_error_message=_("It cannot be done before it was learnt"),
            ),
        ]

    def __str__(self):
        return self.what_happened[:80]


class Indicator(models.Model):
    """A figure followed over time: the Friends and Family Test, a staff survey (INS-015, INS-016)."""

    class Kind(models.TextChoices):
        PATIENTS = "patients", _("experience of patients")
        STAFF = "staff", _("satisfaction of staff")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    meaning = models.TextField(_("what it means, and what it is a share of"))
    source = models.CharField(_("source"), max_length=300, blank=True)

    not_personal = ("name", "meaning", "source")

    class Meta:
        verbose_name = _("indicator")
        ordering = ["name"]

    def __str__(self):
        return self.name


class IndicatorValue(models.Model):
    """What an indicator was for one organisation and service in one month or longer: a percentage and its base."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="values")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="indicator_values")
    service = models.CharField(_("service or setting"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    percent = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2)
    base = models.PositiveIntegerField(_("answers"), null=True, blank=True)
    collected_by = models.CharField(_("collected by"), max_length=200, blank=True, help_text=_("Paper, text, web."))

    not_personal = ("service", "collected_by")

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        ordering = ["indicator", "organisation", "service", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "organisation", "service", "starts_on"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="%(app_label)s_%(class)s_is_a_percentage",
                violation_error_message=_("Write a percentage from 0 to 100"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.organisation}, {self.starts_on:%B %Y}: {self.percent}%"


class Subscription(models.Model):
    """That a board or forum wants what is new on a topic before each of its meetings (INS-018)."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="subscriptions", verbose_name=_("board or forum"))
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="subscriptions", verbose_name=_("topic"))
    since = models.DateField(_("since"), default=timezone.localdate)

    class Meta:
        verbose_name = _("subscription of a board")
        verbose_name_plural = _("subscriptions of boards")
        ordering = ["forum", "topic"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "topic"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This board has that topic already"),
            )
        ]

    def __str__(self):
        return f"{self.forum}: {self.topic}"


class SharedQuerySet(models.QuerySet):
    def for_user(self, user):
        """What was passed on of the items and answers that a member of staff may see."""
        source = Q(source__in=Source.objects.for_user(user).values("pk"))
        return self.filter(source | Q(response__in=Response.objects.for_user(user).values("pk")))

    def with_names(self):
        """Each with the forum and who passed it on, for a list."""
        return self.select_related("forum", "by", "source", "response__topic")


class Shared(models.Model):
    """That an item or an answer was passed on: to which forum, or in which newsletter, when (INS-008, YSD-008)."""

    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="shared")
    response = models.ForeignKey(Response, models.CASCADE, null=True, blank=True, related_name="shared")
    forum = models.ForeignKey(Forum, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("forum"))
    through = models.CharField(_("through"), max_length=200, blank=True, help_text=_("Newsletter of May, annual card."))
    on = models.DateField(_("on"), default=timezone.localdate)
    written_to = models.PositiveIntegerField(_("messages written"), null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = SharedQuerySet.as_manager()

    personal = {"by": DID}
    not_personal = ("through",)

    class Meta:
        verbose_name = _("passed on")
        verbose_name_plural = _("passed on")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__isnull=False, response__isnull=True)
                | Q(source__isnull=True, response__isnull=False),
                name="%(app_label)s_%(class)s_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(forum__isnull=False) | ~Q(through=""),
                name="%(app_label)s_%(class)s_says_to_whom",
                violation_error_message=_("Choose a forum, or say through what it was passed on"),
            ),
        ]

    def __str__(self):
        return f"{self.forum or self.through}, {self.on:%-d %B %Y}"
