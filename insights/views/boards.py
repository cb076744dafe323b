"""Boards: their topics, and what is new on these before they meet (INS-018)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.steps import accepted, form_page
from insights.documents import boards as documents
from insights.forms.boards import SubscriptionForm
from insights.models import Subscription
from insights.services import boards as services

PAGE_SIZE = 50
may_read = permission_required(
    ["insights.view_subscription", "insights.view_source", "insights.view_finding"], raise_exception=True
)
may_add = permission_required("insights.add_subscription", raise_exception=True)
may_delete = permission_required("insights.delete_subscription", raise_exception=True)
may_send = permission_required("insights.add_shared", raise_exception=True)


@may_read
@require_safe
def board_list(request):
    forums = documents.with_topics(documents.of_user(request.user))
    page = Paginator(forums, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "insights/learning/board_list.html", {"page": page})


@may_read
@require_safe
def board_digest(request, pk):
    forum = _forum_or_404(request, pk)
    digest = documents.digest(forum, request.user)
    context = {
        "forum": forum,
        "digest": digest,
        "subscriptions": forum.subscriptions.select_related("topic"),
        "reading": documents.reading(forum, digest.since),
        "sent": digest.meeting and documents.was_sent(forum, digest.meeting),
        "may_write": services.may_write(forum, request.user),
    }
    services.note_opened(forum, by=request.user)
    return render(request, "insights/learning/board_digest.html", context)


@may_send
@require_POST
def board_sent(request, pk):
    forum = _forum_or_404(request, pk)
    try:
        new = services.send_digest(forum, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        words = ngettext("%(number)s item or answer is noted", "%(number)s items and answers are noted", new)
        messages.success(request, _("The digest counts as sent.") + f" {words % {'number': new}}.")
    return redirect("insight_work:board_digest", pk)


@may_add
@form_page
def subscription_add(request, pk):
    forum = _forum_or_404(request, pk)
    if not services.may_write(forum, request.user):
        raise PermissionDenied
    form = SubscriptionForm(request.POST if request.method == "POST" else None, forum=forum)
    if form.is_valid() and accepted(form, services.subscribe, forum, by=request.user, **form.cleaned_data):
        messages.success(request, _("The board gets what is new on this topic"))
        return redirect("insight_work:board_digest", pk)
    status = 422 if form.is_bound else 200
    return render(request, "insights/learning/subscription_add.html", {"forum": forum, "form": form}, status=status)


@may_delete
@require_POST
def subscription_remove(request, pk):
    mine = Subscription.objects.filter(forum__in=documents.of_user(request.user).values("pk"))
    row = get_object_or_404(mine.select_related("forum"), pk=pk)
    services.unsubscribe(row, by=request.user)
    messages.success(request, _("The board does not get this topic any more"))
    return redirect("insight_work:board_digest", row.forum_id)


def _forum_or_404(request, pk):
    return get_object_or_404(documents.of_user(request.user).select_related("kind"), pk=pk)
