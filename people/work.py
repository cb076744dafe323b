"""What is left to do with the register of people."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from core.work import Line
from people.models import ErasureRequest, FormatRequest, Message, Stakeholder
from people.services.messages import failed_count


def lines(user) -> Iterator[Line]:
    """Messages that did not go, letters and calls, requests to be erased, late formats, promises to stakeholders."""
    if user.has_perm("people.view_message"):
        messages = Message.objects.for_user(user)
        if count := failed_count(user):
            words = ngettext(
                "%(count)s message that could not be sent", "%(count)s messages that could not be sent", count
            )
            yield Line(words % {"count": count}, reverse("register:message_list"))
        if count := messages.by_hand().count():
            words = ngettext(
                "%(count)s letter, text or call to make", "%(count)s letters, texts and calls to make", count
            )
            yield Line(words % {"count": count}, reverse("register:message_list"))
    if user.has_perm("people.decide_erasure") and (count := ErasureRequest.objects.filter(decided_at=None).count()):
        words = ngettext("%(count)s request to be erased", "%(count)s requests to be erased", count)
        yield Line(words % {"count": count}, reverse("register:erasure_list"))
    late = FormatRequest.objects.for_user(user).overdue()
    if user.has_perm("people.view_formatrequest") and (count := late.count()):
        words = ngettext(
            "%(count)s request for another format that is late",
            "%(count)s requests for other formats that are late",
            count,
        )
        yield Line(words % {"count": count}, f"{reverse('register:format_list')}?state=late")
    if user.has_perm("people.view_stakeholder"):
        due = Stakeholder.objects.for_user(user).filter(owner=user, next_action_on__lte=timezone.localdate())
        if count := due.count():
            words = ngettext("%(count)s stakeholder to get back to", "%(count)s stakeholders to get back to", count)
            yield Line(words % {"count": count}, reverse("register:stakeholder_map"))
