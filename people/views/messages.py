"""Messages to people, for staff: what could not be sent, what waits to be done by hand, what was sent."""

from django import forms
from django.contrib import messages as notices
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form
from core.models import JobState
from core.pdf import PDFUnavailable
from people.models import Channel, Message
from people.services import messages as services

may_read = permission_required("people.view_message", raise_exception=True)
may_change = permission_required("people.change_message", raise_exception=True)
PAGE_SIZE = 50
FAILED, BY_HAND, SENT = "failed", "by-hand", "sent"
TABS = {
    FAILED: gettext_lazy("Could not be sent"),
    BY_HAND: gettext_lazy("To do by hand"),
    SENT: gettext_lazy("Sent"),
}


class ChannelForm(Form):
    """Which tab, and which way of writing."""

    tab = forms.CharField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("By"), choices=[("", gettext_lazy("Every way")), *Channel.choices], required=False
    )


@may_read
@require_safe
def message_list(request):
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else FAILED
    form = ChannelForm({"tab": tab, "channel": request.GET.get("channel", "")})
    found = _of_tab(Message.objects.for_user(request.user), tab)
    if form.is_valid() and form.cleaned_data["channel"]:
        found = found.filter(channel=form.cleaned_data["channel"])
    rows = found.select_related("person", "purpose").defer("attachment")
    context = {
        "tab": tab,
        "tabs": list(TABS.items()),
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "letters": services.letters_to_print(request.user).count() if tab == BY_HAND else 0,
        "most": services.LETTERS_IN_A_FILE,
    }
    return render(request, "people/messages/message_list.html", context)


def _of_tab(messages, tab: str):
    if tab == FAILED:
        return messages.failed()
    if tab == BY_HAND:
        return messages.by_hand().order_by("requested_at", "pk")
    return messages.filter(state=JobState.DONE)


@may_change
@require_POST
def message_again(request, pk):
    message = get_object_or_404(Message.objects.for_user(request.user), pk=pk)
    try:
        services.try_again(message, by=request.user)
    except ValidationError as error:
        notices.error(request, " ".join(error.messages))
    else:
        notices.success(request, _("The message will be sent again"))
    return redirect(_list_address(FAILED))


@may_change
@require_POST
def message_done(request):
    """Say of one or several messages, ticked as `message`, that they were posted, sent or called."""
    numbers = [number for number in request.POST.getlist("message") if number.isdecimal() and len(number) < 19]
    mine = list(Message.objects.for_user(request.user).exclude(channel=Channel.EMAIL).filter(pk__in=numbers))
    for message in mine:
        services.mark_delivered(message, by=request.user)
    if mine:
        words = ngettext("%(count)s message is done", "%(count)s messages are done", len(mine))
        notices.success(request, words % {"count": len(mine)})
    else:
        notices.error(request, _("Tick at least one letter"))
    return redirect(_list_address(BY_HAND))


@may_read
@require_safe
def message_letter(request, pk):
    letters = Message.objects.for_user(request.user).filter(channel=Channel.POST).select_related("person", "purpose")
    return _letters(request, [get_object_or_404(letters, pk=pk)], f"letter-{pk}.pdf")


@may_read
@require_safe
def message_letters(request):
    return _letters(request, services.letters_to_print(request.user).select_related("person", "purpose"), "letters.pdf")


def _letters(request, messages, name: str) -> HttpResponse:
    try:
        pdf = services.print_letters(messages, by=request.user)
    except ValidationError as error:
        notices.error(request, " ".join(error.messages))
    except PDFUnavailable as error:
        notices.error(request, _("Letters cannot be made here yet. A program is missing: %(line)s") % {"line": error})
    else:
        disposition = {"Content-Disposition": f'inline; filename="{name}"'}
        return HttpResponse(pdf.content, content_type="application/pdf", headers=disposition)
    return redirect(_list_address(BY_HAND))


def _list_address(tab: str) -> str:
    return f"{reverse('register:message_list')}?{urlencode({'tab': tab})}"
