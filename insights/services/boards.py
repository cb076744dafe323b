"""What boards want to hear of, that a digest was opened, and that it was sent (INS-018)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Topic
from forums.models import Forum
from insights.documents import boards as documents
from insights.documents.boards import OPENED, SENT
from insights.models import Shared, Subscription
from people.models import User


def may_write(forum: Forum, user: User) -> bool:
    """Whether somebody works for a forum: those of the whole area are dealt with centrally."""
    areas = user.only_areas()
    return areas is None or forum.area_id in areas


@transaction.atomic
def subscribe(forum: Forum, *, by: User, topic: Topic) -> Subscription:
    """A board wants what is new on a topic. A second time changes nothing. Raises PermissionDenied."""
    forum = _locked(forum, by)
    row, is_new = Subscription.objects.get_or_create(forum=forum, topic=topic)
    if is_new:
        audit.record(by, "subscribed a board", row, topic=topic.pk)
    return row


@transaction.atomic
def unsubscribe(subscription: Subscription, *, by: User) -> None:
    """A board does not want a topic any more. A second time changes nothing. Raises PermissionDenied."""
    _locked(subscription.forum, by)
    if found := Subscription.objects.filter(pk=subscription.pk).first():
        audit.record(by, "took a topic from a board", found, topic=found.topic_id)
        found.delete()


@transaction.atomic
def note_opened(forum: Forum, *, by: User) -> None:
    """Note that somebody opened the digest: how often it is read is counted from this, and from nothing else."""
    audit.record(by, OPENED, forum)


@transaction.atomic
def send_digest(forum: Forum, *, by: User) -> int:
    """Note that the digest as it stands went to a board, item by item: the evidence that it had it before it met.

    A second time for the same meeting adds only what is new since. Returns how many items and answers were new.
    Raises ValidationError where nothing is in it or no meeting is planned, PermissionDenied for somebody else's.
    """
    forum = _locked(forum, by)
    digest = documents.digest(forum, by)
    if digest.meeting is None:
        raise ValidationError(_("Plan the next meeting first. A digest goes to a meeting"), code="no_meeting")
    if not digest.is_anything:
        raise ValidationError(_("There is nothing new to send"), code="empty")
    day = date_format(digest.meets_on, "j F Y")
    through = _("Digest for the meeting on %(day)s") % {"day": day}
    given = {"forum": forum, "through": through}
    rows = [{"source": item.source} for item in digest.sources] + [{"response": row} for row in digest.answers]
    new = sum(Shared.objects.get_or_create(**row, **given, defaults={"by": by})[1] for row in rows)
    seen = {"meeting": digest.meeting.pk, "sources": len(digest.sources), "answers": len(digest.answers)}
    seen |= {"findings": len(digest.findings), "changes": len(digest.changes)}
    if new or not documents.was_sent(forum, digest.meeting):
        audit.record(by, SENT, forum, **seen)
    return new


def _locked(forum: Forum, by: User) -> Forum:
    """The forum, kept from others until the transaction ends. Raises PermissionDenied for somebody else's."""
    forum = Forum.objects.select_for_update(of=("self",)).select_related("kind").get(pk=forum.pk)
    if not may_write(forum, by):
        raise PermissionDenied
    return forum
