"""Patients' stories on the staff pages: consent, its end, who heard them (INS-027)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.steps import accepted, form_page, say_saved
from insights.forms.library import HearingForm, StoryForm, WithdrawnForm
from insights.models import Story
from insights.services import stories as services
from insights.views.library import sent, show_form, source_address, source_or_404

may_change = permission_required("insights.change_story", raise_exception=True)
may_add_hearing = permission_required("insights.add_storyhearing", raise_exception=True)


def _story_source_or_404(request, pk):
    source = source_or_404(request, pk)
    if not source.kind.is_story:
        raise Http404
    return source


@may_change
@form_page
def story_edit(request, pk):
    source = _story_source_or_404(request, pk)
    story = Story.objects.filter(source=source).select_related("person").first()
    form = StoryForm(sent(request), instance=story, user=request.user)
    if form.is_valid() and accepted(form, partial(services.keep_story, source, by=request.user, **form.values)):
        say_saved(request, _("The consent is kept"), form, Story)
        return redirect(source_address(source))
    return show_form(request, "story_edit", form, source=source)


@may_change
@form_page
def story_withdraw(request, pk):
    source = _story_source_or_404(request, pk)
    form = WithdrawnForm(sent(request))
    if form.is_valid() and accepted(form, services.withdraw_consent, source, by=request.user, **form.cleaned_data):
        messages.success(request, _("Nobody reads this story any more. Ask the person again, or say it is out of date"))
        return redirect(source_address(source))
    return show_form(request, "story_withdraw", form, source=source)


@may_add_hearing
@form_page
def story_hearing_add(request, pk):
    source = _story_source_or_404(request, pk)
    form = HearingForm(sent(request))
    if form.is_valid() and accepted(form, services.add_hearing, source, by=request.user, **form.cleaned_data):
        messages.success(request, _("It is noted who heard the story"))
        return redirect(source_address(source))
    return show_form(request, "story_hearing_add", form, source=source)
