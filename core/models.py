"""Abstract models, the audit trail and the record of imports."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.privacy import Personal

ACTOR = Personal(
    "P3", "who did it", keep="6 years", erase="kept: a duty of accountability; the name is removed with the user"
)


class TimeStamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        abstract = True


class AuditEvent(models.Model):
    """Who did what to which record, when. It has no foreign keys, so it outlives what it describes."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True, editable=False)
    actor_id = models.BigIntegerField(_("actor number"), null=True, blank=True, editable=False)
    actor = models.CharField(_("actor"), max_length=200, editable=False)
    verb = models.CharField(_("did"), max_length=60, editable=False)
    subject_type = models.CharField(_("kind of record"), max_length=100, editable=False)
    subject_id = models.CharField(_("record number"), max_length=64, editable=False)
    subject = models.CharField(_("record"), max_length=300, editable=False)
    detail = models.JSONField(_("detail"), default=dict, blank=True, editable=False)

    personal = {"actor": ACTOR}
    not_personal = ("verb", "subject_type", "subject_id", "subject", "detail")

    class Meta:
        verbose_name = _("audit event")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="core_auditevent_subject")]

    def __str__(self):
        return f"{self.at:%d %B %Y %H:%M}: {self.actor} {self.verb} {self.subject}"


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


class JobQuerySet(models.QuerySet):
    """A worker owns a job by its token, for as long as its lease; whoever has lost the token can change nothing."""

    def unfinished(self):
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def lost(self):
        """Waiting for so long that the message has gone, or running on a lease that has run out."""
        now = timezone.now()
        waiting = Q(state=JobState.QUEUED, requested_at__lt=now - timedelta(seconds=settings.JOB_SWEEP_SECONDS))
        return self.filter(waiting | Q(state=JobState.RUNNING, lease_until__lt=now))

    def claim(self, pk: int):
        """Take the job for this worker, and return it; None when another worker has it or it is finished."""
        now = timezone.now()
        free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
        token = uuid.uuid4()
        taken = self.filter(free, pk=pk).update(
            state=JobState.RUNNING,
            token=token,
            lease_until=_lease(),
            started_at=now,
            attempts=F("attempts") + 1,
            step=0,
            error="",
        )
        return self.get(pk=pk) if taken else None

    def owned_by(self, job):
        return self.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)

    def renew(self, job) -> bool:
        """Lengthen the lease of a job that this worker still owns; False when it owns it no longer."""
        return bool(self.owned_by(job).update(lease_until=_lease()))


def _lease():
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


class LostJob(Exception):
    """The lease ran out and another worker has taken the job. Stop without writing anything."""


class Job(models.Model):
    """Work that outlives a request. The row is the truth; a Celery message only says that there is work to do."""

    state = models.CharField(
        _("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED, editable=False
    )
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)
    token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("times tried"), default=0, editable=False)
    step = models.PositiveSmallIntegerField(default=0, editable=False)
    steps = models.PositiveSmallIntegerField(default=0, editable=False)
    step_label = models.CharField(max_length=100, blank=True, editable=False)
    error = models.TextField(_("what went wrong"), blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    MOST_ATTEMPTS = 5
    personal = {"requested_by": ACTOR}
    not_personal = ("step_label", "error")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(token__isnull=False, lease_until__isnull=False),
                name="%(app_label)s_%(class)s_a_running_job_has_an_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed"]) | Q(finished_at__isnull=False),
                name="%(app_label)s_%(class)s_a_finished_job_says_when",
            ),
        ]

    @property
    def is_finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100, by steps."""
        if self.state == JobState.DONE:
            return 100
        return round(100 * self.step / self.steps) if self.steps else 0

    def advance(self, step: int, steps: int, label: str) -> None:
        """Say how far the work is, and renew the lease. Raises LostJob when another worker has taken over."""
        values = {"step": step, "steps": steps, "step_label": label, "lease_until": _lease()}
        if not type(self).objects.owned_by(self).update(**values):
            raise LostJob
        for name, value in values.items():
            setattr(self, name, value)

    def finish(self, **values) -> None:
        """Write the result and end the job, once. Raises LostJob when another worker has taken over."""
        self._end(JobState.DONE, **values)

    def fail(self, error: str) -> None:
        """End the job with a reason that a person can act on."""
        self._end(JobState.FAILED, error=error)

    def _end(self, state, **values):
        values |= {"state": state, "finished_at": timezone.now(), "lease_until": None}
        if not type(self).objects.owned_by(self).update(**values):
            raise LostJob
        self.refresh_from_db()


class ImportRun(Job):
    """One spreadsheet on its way in: uploaded, checked row by row, then taken in whole or not at all."""

    class Phase(models.TextChoices):
        CHECK = "check", _("being checked")
        APPLY = "apply", _("being taken in")

    kind = models.CharField(_("kind of sheet"), max_length=40, editable=False)
    file_name = models.CharField(_("file"), max_length=200, editable=False)
    content = models.BinaryField(editable=False)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices, default=Phase.CHECK, editable=False)
    late_reason = models.CharField(_("reason for late entries"), max_length=300, blank=True, editable=False)
    result = models.JSONField(_("what was found"), default=dict, editable=False)

    personal = {
        **Job.personal,
        "content": Personal("P3", "to take in what was checked", keep="until taken in, at most a day", erase="deleted"),
    }
    not_personal = (*Job.not_personal, "kind", "file_name", "late_reason", "result")

    class Meta(Job.Meta):
        verbose_name = _("import")
        ordering = ["-requested_at"]

    def __str__(self):
        return f"{self.kind}: {self.file_name}"


# Search ------------------------------------------------------------------------------------------


class Scope(models.TextChoices):
    """For whom a document of the search is meant."""

    STAFF = "staff", _("staff")
    PARTNERS = "partners", _("partners")
    PUBLIC = "public", _("the public")


class SearchDocument(models.Model):
    """What the search knows of one record: a copy of its words, kept in the same transaction as the record.

    The database makes the index from these columns by itself (`core.search`). `tags` are words such as `=topic12x`
    that stand in the same index, so that a filter is part of the same look-up.
    """

    kind = models.SlugField(_("kind"), max_length=20)
    object_id = models.BigIntegerField(_("record number"))
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    names = models.TextField(_("names of places, forums and bodies"), blank=True)
    tags = models.TextField(_("tags"), blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    scope = models.CharField(_("for"), max_length=10, choices=Scope.choices, default=Scope.STAFF)

    personal = {
        name: Personal("P3", "to find the record again", keep="as long as the record", erase="follows the record")
        for name in ("title", "text", "names")
    }
    not_personal = ("tags",)

    class Meta:
        verbose_name = _("document of the search")
        verbose_name_plural = _("documents of the search")
        ordering = ["kind", "object_id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="%(app_label)s_%(class)s_scope_is_one_of_three"
            ),
        ]

    def __str__(self):
        return self.title


class SearchWord(models.Model):
    """A word as it is written in the documents, and in about how many of them: what a typing error may have meant."""

    word = models.CharField(_("word"), max_length=30, unique=True)
    documents = models.IntegerField(_("documents"), default=0)

    personal = {
        "word": Personal(
            "P3", "to offer a spelling", keep="as long as a document has the word", erase="follows the documents"
        )
    }

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        ordering = ["word"]

    def __str__(self):
        return self.word
