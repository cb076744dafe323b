"""The library: what data say and what people say, in two layers, and who may see what (INS-001 to 010, INS-027)."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.counts import CountField, Kind
from core.files import private_files
from core.models import TimeStamped
from core.privacy import Personal
from engagement.models import Activity, Method, Topic
from forums.models.meetings import Format
from people.models import Area, Organisation, PopulationGroup

DID = Personal("P3", "to know whom to ask", erase="set to nobody")
BEFORE_THE_PANDEMIC = datetime.date(2020, 3, 1)  # what was collected before is marked, as habits changed (INS-020)


def lapsed(prefix: str = "") -> Q:
    """Stories whose consent has ended or was taken back, seen from a story or, with a prefix, from what leads to it."""
    today = timezone.localdate()
    return Q(**{f"{prefix}consent_until__lt": today}) | Q(**{f"{prefix}withdrawn_on__isnull": False})


class SourceKind(models.Model):
    """What a library item is: a survey, a Healthwatch report, complaints (INS-002). A body adds its own."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    is_story = models.BooleanField(_("a patient story"), default=False)

    not_personal = ("name",)

    class Meta:
        verbose_name = _("kind of source")
        verbose_name_plural = _("kinds of source")
        ordering = ["name"]

    def __str__(self):
        return self.name


class SourceQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(state=Source.State.IN_USE)

    def offered(self):
        """What somebody sent in and nobody has looked at."""
        return self.filter(state=Source.State.OFFERED)

    def past_embargo(self):
        return self.filter(Q(embargo_until=None) | Q(embargo_until__lte=timezone.localdate()))

    def with_consent(self):
        """Without stories whose consent has ended or was taken back, and without stories that never had one."""
        return self.exclude(lapsed("story__")).exclude(kind__is_story=True, story__isnull=True)

    def public(self):
        """What anybody may read. Every public page starts from here. Raw data are never public."""
        return (
            self.in_use()
            .past_embargo()
            .filter(scope=Source.Scope.PUBLIC, layer=Source.Layer.REPORT, published_at__isnull=False)
            .with_consent()
        )

    def for_partners(self):
        """What partner organisations may read besides what they sent in themselves."""
        shared = Q(scope__in=[Source.Scope.PARTNERS, Source.Scope.PUBLIC], layer=Source.Layer.REPORT)
        return self.in_use().past_embargo().filter(shared).with_consent()

    def sent_in_by(self, user):
        """What somebody sent in, and what others sent in for the partner organisations that they work for."""
        ours = Q(
            organisation__in=user.roles.filter(name="partner").values("organisation"),
            contributed_by__roles__name="partner",
        )
        return self.filter(pk__in=self.model.objects.filter(Q(contributed_by=user) | ours).values("pk"))

    def for_user(self, user):
        """What a member of staff may see: all reports of their areas; raw data only with their own permission."""
        return self.kept_by(user).exclude(lapsed("story__"))

    def kept_by(self, user):
        """The same with stories whose consent is over, for who keeps stories: somebody has to ask the person again."""
        rows = self if user.has_perm("insights.read_raw_data") else self.exclude(layer=Source.Layer.RAW)
        if not user.has_perm("insights.change_story"):
            rows = rows.exclude(lapsed("story__"))
        return rows.in_areas_of(user)

    def in_areas_of(self, user):
        """What touches the areas that somebody works for, and what is about none in particular."""
        areas = user.only_areas()
        if areas is None:
            return self
        mine = Q(areas=None) | Q(areas__in=areas) | Q(areas__parent__in=areas)
        return self.filter(pk__in=self.model.objects.filter(mine).values("pk"))

    def lapsed(self):
        """Stories in use although their consent has ended or was taken back."""
        return self.in_use().filter(lapsed("story__"))

    def past_keeping(self):
        """What should be gone: the day until which it was to be kept has passed."""
        return self.filter(keep_until__lt=timezone.localdate())

    def to_review(self):
        """In use, and the day by which somebody wanted to look again has passed."""
        return self.in_use().filter(review_by__lt=timezone.localdate())

    def never_used(self):
        """In use, and no finding, project or decision has made use of it (INS-005)."""
        used = Q(uses__isnull=False) | Q(finding_evidence__finding__uses__isnull=False)
        return self.in_use().exclude(pk__in=self.model.objects.filter(used).values("pk"))


class Source(TimeStamped):
    """An item of the library: raw data, a report of findings that cites them, or a pointer to what lies elsewhere."""

    class Layer(models.TextChoices):
        RAW = "raw", _("raw data")
        REPORT = "report", _("report of findings")

    class Scope(models.TextChoices):
        INTERNAL = "internal", _("staff")
        PARTNERS = "partners", _("partner organisations")
        PUBLIC = "public", _("everybody")

    class State(models.TextChoices):
        OFFERED = "offered", _("sent in, not looked at yet")
        IN_USE = "in_use", _("in use")
        RETURNED = "returned", _("not taken in")
        RETIRED = "retired", _("out of date")

    reference = models.SlugField(_("reference"), max_length=40, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), help_text=_("What it says, in plain words. No personal details."))
    kind = models.ForeignKey(SourceKind, models.PROTECT, related_name="sources", verbose_name=_("kind"))
    layer = models.CharField(_("layer"), max_length=10, choices=Layer.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.IN_USE, editable=False)
    state_because = models.CharField(_("why"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="sources", verbose_name=_("comes from")
    )
    contributed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    methods = models.ManyToManyField(Method, blank=True, related_name="sources", verbose_name=_("methods"))
    collected_from = models.DateField(_("collected from"), null=True, blank=True)
    collected_to = models.DateField(_("collected to"), null=True, blank=True)
    people = CountField(_("people behind it"), kind=Kind.UNIQUE, null=True, blank=True)
    people_note = models.CharField(
        _("about the number"), max_length=300, blank=True, help_text=_("Whether people may be counted elsewhere too.")
    )
    key_finding = models.TextField(_("most important finding"), blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="sources", verbose_name=_("places"))
    groups = models.ManyToManyField(PopulationGroup, blank=True, related_name="sources", verbose_name=_("groups heard"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="sources", verbose_name=_("topics"))
    activities = models.ManyToManyField(Activity, blank=True, related_name="sources", verbose_name=_("activities"))
    datasets = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="reports", verbose_name=_("raw data that it rests on")
    )

    scope = models.CharField(_("may be read by"), max_length=10, choices=Scope.choices, default=Scope.INTERNAL)
    embargo_until = models.DateField(_("not before"), null=True, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    is_pointer = models.BooleanField(_("lies elsewhere"), default=False, help_text=_("Nothing is copied here."))
    link = models.URLField(_("address"), blank=True)
    held_by = models.CharField(_("who has it, and who may see it"), max_length=300, blank=True)
    refresh_on = models.DateField(_("look for a newer one on"), null=True, blank=True)

    review_by = models.DateField(_("look again by"), null=True, blank=True)
    keep_until = models.DateField(_("keep until"), null=True, blank=True)
    dpia_reference = models.CharField(_("data protection assessment"), max_length=120, blank=True)

    objects = SourceQuerySet.as_manager()
    history = HistoricalRecords(related_name="versions")

    personal = {
        "contributed_by": DID,
        "published_by": Personal("P3", "to know who published it", erase="set to nobody"),
    }
    not_personal = (
        *("title", "summary", "state_because", "people", "people_note", "key_finding", "licence"),
        *("link", "held_by", "dpia_reference"),
    )

    class Meta:
        verbose_name = _("library item")
        verbose_name_plural = _("library")
        ordering = ["-collected_to", "-pk"]
        permissions = [
            ("publish_source", _("Can publish library items")),
            ("read_raw_data", _("Can read raw data")),
            ("contribute", _("Can send in what was heard")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(collected_from__isnull=True)
                | Q(collected_to__isnull=True)
                | Q(collected_to__gte=F("collected_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The last day must not be before the first day"),
            ),
            models.CheckConstraint(
                condition=Q(is_pointer=False) | ~Q(link="") | ~Q(held_by=""),
                name="%(app_label)s_%(class)s_pointer_says_where",
                violation_error_message=_("Give the address, or say who has it"),
            ),
            models.CheckConstraint(
                condition=~Q(layer="raw") | Q(scope="internal", published_at__isnull=True),
                name="%(app_label)s_%(class)s_raw_data_stay_inside",
                violation_error_message=_("Raw data are for staff alone. Publish a report of findings instead"),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(scope="public", state="in_use"),
                name="%(app_label)s_%(class)s_only_public_is_published",
                violation_error_message=_("Only an item in use that everybody may read can be published"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "retired"]) | ~Q(state_because=""),
                name="%(app_label)s_%(class)s_says_why_it_is_out",
                violation_error_message=_("Say why"),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_past_review(self) -> bool:
        return self.review_by is not None and self.review_by < timezone.localdate()

    @property
    def is_from_before_the_pandemic(self) -> bool:
        return self.collected_to is not None and self.collected_to < BEFORE_THE_PANDEMIC


class SourceFileQuerySet(models.QuerySet):
    def free(self):
        """Files in which nothing personal was found, and those that somebody looked at and released."""
        return self.filter(state__in=[SourceFile.State.CLEAN, SourceFile.State.RELEASED])

    def held(self):
        return self.exclude(state__in=[SourceFile.State.CLEAN, SourceFile.State.RELEASED])


class SourceFile(models.Model):
    """A file of an item. One in which personal data were found stays in quarantine until somebody has looked."""

    class State(models.TextChoices):
        CLEAN = "clean", _("nothing found")
        QUARANTINED = "quarantined", _("in quarantine: personal data found")
        UNREAD = "unread", _("in quarantine: could not be checked")
        RELEASED = "released", _("released by somebody who looked")

    source = models.ForeignKey(Source, models.CASCADE, related_name="files")
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="library/", storage=private_files)
    file_format = models.CharField(_("format"), max_length=20, choices=Format.choices, default=Format.STANDARD)
    language = models.CharField(_("language"), max_length=60, default="English")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, editable=False)
    found = models.JSONField(_("what was found"), default=dict, editable=False, help_text=_("How many of each kind."))
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    released_because = models.CharField(_("released because"), max_length=300, blank=True, editable=False)

    objects = SourceFileQuerySet.as_manager()

    personal = {
        "file": Personal("P1", "what was found out", keep="until the item's last day", erase="checked before use"),
        "uploaded_by": DID,
        "released_by": DID,
    }
    not_personal = ("title", "language", "found", "released_because")

    class Meta:
        verbose_name = _("file of the library")
        verbose_name_plural = _("files of the library")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="released") | ~Q(released_because=""),
                name="%(app_label)s_%(class)s_released_says_why",
                violation_error_message=_("Say why the file may be used"),
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_held(self) -> bool:
        """Whether it is in quarantine: nobody gets it but who may release it."""
        return self.state in {self.State.QUARANTINED, self.State.UNREAD}


class QualityRating(models.Model):
    """How far an item can be trusted: five questions, 0 to 3 each (INS-010). The policy sets the least for Boards."""

    MOST = 15
    QUESTIONS = ("sample", "method", "recency", "representativeness", "independence")

    source = models.OneToOneField(Source, models.CASCADE, related_name="rating")
    sample = models.PositiveSmallIntegerField(_("sample"), validators=[MaxValueValidator(3)])
    method = models.PositiveSmallIntegerField(_("method"), validators=[MaxValueValidator(3)])
    recency = models.PositiveSmallIntegerField(_("recency"), validators=[MaxValueValidator(3)])
    representativeness = models.PositiveSmallIntegerField(_("representativeness"), validators=[MaxValueValidator(3)])
    independence = models.PositiveSmallIntegerField(_("independence"), validators=[MaxValueValidator(3)])
    because = models.TextField(_("why"))
    rated_at = models.DateTimeField(_("rated"), default=timezone.now)
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    personal = {"rated_by": DID}
    not_personal = ("because",)

    class Meta:
        verbose_name = _("rating of quality")
        verbose_name_plural = _("ratings of quality")
        constraints = [
            models.CheckConstraint(
                condition=Q(sample__lte=3, method__lte=3, recency__lte=3)
                & Q(representativeness__lte=3, independence__lte=3),
                name="%(app_label)s_%(class)s_runs_from_0_to_3",
            )
        ]

    def __str__(self):
        return f"{self.score} / {self.MOST}"

    @property
    def score(self) -> int:
        return sum(getattr(self, name) for name in self.QUESTIONS)


class SourceRemarkQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(dealt_with_at__isnull=True)


class SourceRemark(models.Model):
    """What somebody thinks of a public item, sent from its page (INS-006)."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="remarks")
    words = models.TextField(_("remark"), max_length=2000)
    form_token = models.UUIDField(unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    dealt_with_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    what_was_done = models.CharField(_("what was done"), max_length=300, blank=True)

    objects = SourceRemarkQuerySet.as_manager()

    personal = {
        "words": Personal("P1", "to make the library better", keep="2 years", export="not linked to a person"),
        "dealt_with_by": DID,
    }
    not_personal = ("what_was_done",)

    class Meta:
        verbose_name = _("remark on an item")
        verbose_name_plural = _("remarks on items")
        ordering = ["-sent_at", "-pk"]

    def __str__(self):
        return self.words[:80]
