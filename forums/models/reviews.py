"""The reader panel as a measured service: a document goes to readers, and its final version goes back (REV-*)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import ACTOR, TimeStamped
from core.privacy import Personal
from forums.models.forum import Forum, Membership
from people.models import Organisation, Person, User

KEEP = "1 year after the result"


class Criterion(models.Model):
    """What readers are asked about every document. The four of the sources by default; a body may have others."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("criterion"), max_length=120)
    question = models.CharField(_("as it is asked"), max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    is_asked = models.BooleanField(_("is asked"), default=True)

    not_personal = ("name", "question")

    class Meta:
        verbose_name = _("criterion of reviews")
        verbose_name_plural = _("criteria of reviews")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name


class ReviewQuerySet(models.QuerySet):
    def for_user(self, user):
        """Reviews that a member of staff works on: of panels of their areas."""
        areas = user.only_areas()
        return self if areas is None else self.filter(panel__area__in=areas)

    def for_person(self, person: Person):
        """Reviews of the panels on which somebody sits, and those that they answered."""
        mine = Membership.objects.current().filter(person=person).values("forum")
        return (
            self.exclude(status=Review.Status.REQUESTED)
            .filter(Q(panel__in=mine) | Q(answers__person=person))
            .distinct()
        )


class Review(TimeStamped):
    """A document that an organisation asked a panel to read before it is published."""

    class Kind(models.TextChoices):
        LEAFLET = "leaflet", _("leaflet")
        LETTER = "letter", _("letter")
        WEBSITE = "website", _("website")
        CAMPAIGN = "campaign", _("campaign")
        SURVEY = "survey", _("survey or invitation")
        STRATEGY = "strategy", _("strategy or plan")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("asked for")
        WITH_PANEL = "with_panel", _("with the readers")
        COMMENTS_IN = "comments_in", _("comments are in")
        REVISED = "revised", _("revised")
        RETURNED = "returned", _("result sent to the readers")

    panel = models.ForeignKey(Forum, models.PROTECT, related_name="reviews", verbose_name=_("panel"))
    title = models.CharField(_("document"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="reviews", verbose_name=_("for")
    )
    asked_by = models.CharField(_("asked for by"), max_length=200, blank=True)
    audience = models.CharField(_("who will read it"), max_length=200)
    what_matters = models.TextField(_("what the author would like to know"), blank=True)
    deadline = models.DateField(_("answers by"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.REQUESTED)
    opened_at = models.DateTimeField(_("sent to the readers"), null=True, blank=True)
    closed_at = models.DateTimeField(_("comments in"), null=True, blank=True)
    result = models.TextField(_("what changed, in a few sentences"), blank=True)
    returned_at = models.DateTimeField(_("result sent"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    personal = {"asked_by": Personal("P2", "to send the answers back", keep=KEEP)}
    not_personal = ("title", "audience", "what_matters", "result")

    class Meta:
        verbose_name = _("review")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(returned_at__isnull=False) & ~Q(result=""),
                name="%(app_label)s_%(class)s_returned_with_a_result",
                violation_error_message=_("Say what changed before you send the result"),
            ),
            models.CheckConstraint(
                condition=Q(status="requested") | Q(opened_at__isnull=False),
                name="%(app_label)s_%(class)s_opened_says_when",
            ),
        ]

    def __str__(self):
        return self.title


class ReviewVersion(models.Model):
    """One version of the document. Its text is what readability is measured on; the file is what readers open."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(
        _("text"), blank=True, help_text=_("Paste the words of the document: readability is measured on them.")
    )
    file = models.FileField(_("file"), upload_to="reviews/", blank=True)
    is_final = models.BooleanField(_("final version"), default=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    not_personal = ("text", "file")

    class Meta:
        verbose_name = _("version")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(file=""),
                name="%(app_label)s_%(class)s_text_or_file",
                violation_error_message=_("Give the words of the document, its file, or both"),
            ),
            models.UniqueConstraint(
                fields=["review", "number"],
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This version is there already"),
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(is_final=True),
                name="%(app_label)s_%(class)s_one_final",
                violation_error_message=_("There is a final version already"),
            ),
        ]

    def __str__(self):
        return f"{self.review}, version {self.number}"


class ReviewAnswer(TimeStamped):
    """What one reader says about one version: ratings, a comment, comments by page. Kept as a draft until sent."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="answers")
    version = models.ForeignKey(ReviewVersion, models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, models.CASCADE, related_name="review_answers")
    comment = models.TextField(_("anything else"), blank=True, max_length=5000)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    about = "person"
    personal = {
        "person": Personal("P2", "to send the result back", keep=KEEP, erase="kept: without a name"),
        "comment": Personal("P2", "to improve the document", keep=KEEP, erase="deleted"),
        "recorded_by": ACTOR,
    }

    class Meta:
        verbose_name = _("answer of a reader")
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="%(app_label)s_%(class)s_once")]


class Rating(models.Model):
    """One criterion, from 1 (not at all) to 4 (fully)."""

    class Score(models.IntegerChoices):
        NOT = 1, _("not at all")
        PARTLY = 2, _("partly")
        MOSTLY = 3, _("mostly")
        FULLY = 4, _("fully")

    answer = models.ForeignKey(ReviewAnswer, models.CASCADE, related_name="ratings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField(
        _("score"), choices=Score.choices, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )

    not_personal = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "criterion"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=4), name="%(app_label)s_%(class)s_in_range"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.get_score_display()}"


class PageComment(models.Model):
    """A comment on one page, and what became of it: taken up, partly, or not, and why."""

    class Outcome(models.TextChoices):
        OPEN = "", _("not decided")
        TAKEN_UP = "taken_up", _("taken up")
        PARTLY = "partly", _("partly taken up")
        NOT = "not", _("not taken up")

    answer = models.ForeignKey(ReviewAnswer, models.CASCADE, related_name="page_comments")
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True, validators=[MinValueValidator(1)])
    text = models.TextField(_("comment"), max_length=2000)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("what was changed, or why not"), blank=True)

    about = "answer__person"
    personal = {"text": Personal("P2", "to improve the document", keep=KEEP, erase="deleted")}
    not_personal = ("reason",)

    class Meta:
        verbose_name = _("comment by page")
        ordering = ["page", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=True) | Q(page__gte=1),
                name="%(app_label)s_%(class)s_page_from_one",
                violation_error_message=_("Pages are counted from 1"),
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "taken_up"]) | ~Q(reason=""),
                name="%(app_label)s_%(class)s_not_taken_up_says_why",
                violation_error_message=_("Say why it was not taken up"),
            ),
        ]

    def __str__(self):
        return self.text[:80]
