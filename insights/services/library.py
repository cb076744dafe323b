"""Items of the library: added, changed, rated, published, withdrawn, retired; each step is audited (INS-001 to 010)."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from core.models import AuditEvent
from core.work import Line
from engagement.models import Policy
from forums.documents.cadences import add_months
from insights.documents import library_files, personal, quality
from insights.models import QualityRating, Source, SourceKind, SourceRemark
from people.models import User

LINKS = ("methods", "areas", "groups", "topics", "activities", "datasets")
READABLE = ("title", "summary", "key_finding", "people_note", "licence")  # what a public page shows of it
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no letters that look like figures, and no vowels, so no words
PAST_ITS_DAY = "is past its last day"


def new_reference() -> str:
    """A short code for the permanent address: nobody can guess what is not published yet."""
    while True:
        reference = f"lib-{get_random_string(7, ALPHABET)}"
        if not Source.objects.filter(reference=reference).exists():
            return reference


def default_review(collected_to: datetime.date | None) -> datetime.date:
    """The day by which somebody should look again: so many months, by the policy, after it was collected."""
    months = Policy.objects.current().insight_months
    return max(add_months(collected_to or timezone.localdate(), months), timezone.localdate())


# Adding and changing -----------------------------------------------------------------------------


@transaction.atomic
def add_source(*, by: User, kind: SourceKind, **values) -> Source:
    """A new item in use, for staff unless its scope says more. The same again is one item. Raises ValidationError.

    `values` are fields of Source and the names in LINKS. Without a day for looking again it gets that of the policy.
    """
    kind = SourceKind.objects.select_for_update().get(pk=kind.pk)  # so that the same form sent twice is one item
    links = {name: list(values.pop(name)) for name in LINKS if name in values}
    same = {name: values[name] for name in ("title", "summary", "layer") if name in values}
    if found := Source.objects.in_use().filter(kind=kind, **same).first():
        return found
    source = Source(kind=kind, reference=new_reference(), **values)
    source.review_by = source.review_by or default_review(source.collected_to)
    save(source, by)
    relink(source, links)
    audit.record(by, "added to the library", source)
    return source


@transaction.atomic
def change_source(source: Source, *, by: User, **values) -> Source:
    """Change what an item says. Calling it again is harmless. Raises ValidationError.

    What others may read must not have personal data in it. A public item is withdrawn before it is kept from people.
    """
    links = {name: list(values.pop(name)) for name in LINKS if name in values}
    source = locked(source)
    changed = [name for name, value in values.items() if getattr(source, name) != value]
    for name in changed:
        setattr(source, name, values[name])
    if source.is_published and source.scope != Source.Scope.PUBLIC:
        raise ValidationError({"scope": _("Everybody can read it now. Withdraw it first")}, code="published")
    if changed:
        save(source, by)
    changed += relink(source, links)
    if changed:
        audit.record(by, "changed", source, fields=changed)
    return source


def relink(source: Source, links: dict[str, list]) -> list[str]:
    """Set, of an item that is locked, what goes into other tables. The names of what changed."""
    if any(dataset.layer != Source.Layer.RAW for dataset in links.get("datasets", ())):
        raise ValidationError({"datasets": _("Choose raw data. A report does not rest on another report here")})
    changed = []
    for name, rows in links.items():
        if {row.pk for row in getattr(source, name).all()} != {row.pk for row in rows}:
            getattr(source, name).set(rows)
            changed.append(name)
    return changed


def save(source: Source, by: User) -> None:
    """Keep an item that is locked, if it is fit for those whom its scope lets read it. Raises ValidationError."""
    check_scope(source)
    source.full_clean()
    source._history_user = by
    source.save()


def check_scope(source: Source) -> None:
    """Raise ValidationError where an item for others than staff is not fit for them."""
    if source.scope == Source.Scope.INTERNAL:
        return
    if source.layer == Source.Layer.RAW:
        raise ValidationError({"scope": _("Raw data are for staff alone. Publish a report of findings instead")})
    story = getattr(source, "story", None)
    if source.kind.is_story and (story is None or not story.has_consent):
        raise ValidationError({"scope": _("A story needs consent that lasts before others may read it")})
    words = {name: str(getattr(source, name) or "") for name in READABLE}
    personal.refuse(words, story=story)


def locked(source: Source) -> Source:
    """The item as it is now, kept from others until the transaction ends."""
    return Source.objects.select_for_update(of=("self",)).select_related("kind").get(pk=source.pk)


def note_reading(source: Source, *, by: User) -> None:
    """Note that somebody read raw data. A report is for all staff, so nobody is watched there."""
    if source.layer == Source.Layer.RAW:
        audit.record(by, "read raw data", source)


# Publishing, and the end of use ------------------------------------------------------------------


@transaction.atomic
def publish_source(source: Source, *, by: User) -> Source:
    """Let everybody read it, from the end of its embargo. A second time changes nothing. Raises ValidationError."""
    source = locked(source)
    if source.is_published:
        return source
    if source.state != Source.State.IN_USE:
        raise ValidationError(_("Only an item in use can be published"), code="not_in_use")
    if source.layer == Source.Layer.RAW:
        raise ValidationError(_("Raw data are for staff alone. Publish a report of findings instead"), code="raw")
    if source.scope != Source.Scope.PUBLIC:
        raise ValidationError(_("Say first that everybody may read it: change who it is for"), code="scope")
    source.published_at, source.published_by = timezone.now(), by
    save(source, by)
    audit.record(by, "published", source)
    return source


@transaction.atomic
def withdraw_source(source: Source, *, by: User) -> Source:
    """Take it from the public pages. A second time changes nothing."""
    source = locked(source)
    if source.is_published:
        _unpublish(source, by)
        audit.record(by, "withdrew", source)
    return source


def _unpublish(source: Source, by: User) -> None:
    source.published_at = source.published_by = None
    source._history_user = by
    source.save(update_fields=["published_at", "published_by", "updated_at"])


@transaction.atomic
def retire_source(source: Source, *, by: User, because: str) -> Source:
    """Say that an item is out of date, and why. It leaves the public pages. A second time changes nothing."""
    source = locked(source)
    if source.state == Source.State.RETIRED:
        return source
    if source.state != Source.State.IN_USE:
        raise ValidationError(_("Only an item in use can be out of date"), code="not_in_use")
    _set_state(source, Source.State.RETIRED, because, by)
    audit.record(by, "retired", source)
    return source


@transaction.atomic
def bring_back_source(source: Source, *, by: User) -> Source:
    """Use an item again that was out of date. It is not published by that."""
    source = locked(source)
    if source.state == Source.State.RETIRED:
        _set_state(source, Source.State.IN_USE, "", by)
        audit.record(by, "brought back", source)
    return source


def _set_state(source: Source, state: str, because: str, by: User) -> None:
    source.state, source.state_because = state, because.strip()
    source.published_at = source.published_by = None
    if state != Source.State.IN_USE and not source.state_because:
        raise ValidationError({"because": _("Say why")})
    source._history_user = by
    source.save(update_fields=["state", "state_because", "published_at", "published_by", "updated_at"])


# Quality -----------------------------------------------------------------------------------------


@transaction.atomic
def rate_source(source: Source, *, by: User, because: str, **marks: int) -> QualityRating:
    """Rate an item, or rate it anew. Raises ValidationError where it is given more for recency than its age allows."""
    source = locked(source)
    most = quality.most_recency(source)
    if marks["recency"] > most:
        problem = _("It is too old for that. Choose at most %(most)s for how recent it is") % {"most": most}
        raise ValidationError({"recency": problem}, code="too_old")
    rating = QualityRating.objects.filter(source=source).first() or QualityRating(source=source)
    said = marks | {"because": because.strip()}
    if rating.pk and all(getattr(rating, name) == value for name, value in said.items()):
        return rating
    for name, value in said.items():
        setattr(rating, name, value)
    rating.rated_at, rating.rated_by = timezone.now(), by
    rating.full_clean()
    rating.save()
    audit.record(by, "rated", source, score=rating.score)
    return rating


def may_go_to_board(source: Source, policy: Policy | None = None) -> bool:
    """Whether an item may be used in Board papers: in use, with consent if it is a story, and rated well enough today.

    Give the policy when many are asked about, with their rating, story and kind read before.
    """
    story = getattr(source, "story", None)
    if source.state != Source.State.IN_USE or (story is not None and not story.has_consent):
        return False
    rated = quality.quality(source, policy)
    return rated is not None and rated.is_enough


# Every day, and what is left to do ---------------------------------------------------------------


@transaction.atomic
def note_past_keeping() -> int:
    """Note once for each item that its last day has passed; staff delete it. Returns how many were new."""
    rows = Source.objects.select_for_update(of=("self",)).past_keeping()
    noted = set(
        AuditEvent.objects.filter(subject_type=Source._meta.label_lower, verb=PAST_ITS_DAY).values_list(
            "subject_id", "detail__keep_until"
        )
    )
    new = [row for row in rows if (str(row.pk), row.keep_until.isoformat()) not in noted]
    for row in new:
        audit.record(None, PAST_ITS_DAY, row, keep_until=row.keep_until.isoformat())
    return len(new)


def left(user: User) -> Iterator[Line]:
    """What waits in the library: contributions, remarks, held files, stories without consent, what is past its day."""
    if not user.has_perm("insights.change_source"):
        return
    mine, listed = Source.objects.for_user(user), reverse("insight_work:source_list")
    kept = Source.objects.kept_by(user)
    waiting = [
        (mine.offered().count(), _offered, reverse("insight_work:contribution_list")),
        (_remarks(mine).count(), _remarked, reverse("insight_work:remark_list")),
        (_held(user).count(), library_files.waiting_words, f"{listed}?show=held"),
        (kept.lapsed().count(), _lapsed, f"{listed}?show=consent"),
        (mine.to_review().count(), _old, f"{listed}?show=review"),
        (kept.past_keeping().count(), _to_go, f"{listed}?show=keep"),
    ]
    yield from (Line(words(count), url) for count, words, url in waiting if count)


def _remarks(mine):
    return SourceRemark.objects.waiting().filter(source__in=mine.values("pk"))


def _held(user):
    held = library_files.held_of(user)
    return held if user.has_perm("insights.publish_source") else held.none()


def _offered(count: int) -> str:
    return ngettext("%(count)s contribution to look at", "%(count)s contributions to look at", count) % {"count": count}


def _remarked(count: int) -> str:
    words = ngettext("%(count)s remark on the library", "%(count)s remarks on the library", count)
    return words % {"count": count}


def _lapsed(count: int) -> str:
    words = ngettext(
        "%(count)s patient story whose consent is over", "%(count)s patient stories whose consent is over", count
    )
    return words % {"count": count}


def _old(count: int) -> str:
    words = ngettext("%(count)s library item to look at again", "%(count)s library items to look at again", count)
    return words % {"count": count}


def _to_go(count: int) -> str:
    words = ngettext(
        "%(count)s library item that should be deleted", "%(count)s library items that should be deleted", count
    )
    return words % {"count": count}
