"""Code frames and their themes: shown to staff, changed by those who answer for them in the whole area."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.steps import accepted, form_page, say_saved
from insights.documents.coding import choices
from insights.forms.themes import FrameForm, RetireForm, ThemeForm
from insights.models import Coding, Frame, Theme
from insights.services import frames as services

may_see = permission_required(["insights.view_frame", "insights.view_theme"], raise_exception=True)
may_add_frame = permission_required("insights.add_frame", raise_exception=True)
may_change_frame = permission_required("insights.change_frame", raise_exception=True)
may_add = permission_required("insights.add_theme", raise_exception=True)
may_change = permission_required("insights.change_theme", raise_exception=True)


def check_whole_area(user) -> None:
    """A frame is one for all places: somebody who works for one of them does not change it for the others."""
    if user.only_areas() is not None:
        raise PermissionDenied


@may_see
@require_safe
def frame_list(request):
    in_use = Count("themes", filter=Q(themes__retired_on=None))
    frames = Frame.objects.annotate(in_use=in_use)
    return render(request, "insights/themes/frame_list.html", {"frames": frames})


@may_see
@require_safe
def frame_detail(request, pk):
    frame = get_object_or_404(Frame, pk=pk)
    accepted_codes = Count("codings", filter=Q(codings__state=Coding.State.ACCEPTED))
    counts = dict(frame.themes.annotate(codes=accepted_codes).order_by().values_list("pk", "codes"))
    groups = [
        (category, [(each.theme, counts[each.theme.pk]) for each in rows]) for category, rows in choices(frame, ())
    ]
    retired = frame.themes.filter(retired_on__isnull=False).select_related("replaced_by")
    context = {"frame": frame, "groups": groups, "retired": retired, "can_change": request.user.only_areas() is None}
    return render(request, "insights/themes/frame_detail.html", context)


@may_add_frame
@form_page
def frame_add(request):
    check_whole_area(request.user)
    form = FrameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _frame_saved(request, form, services.add_frame, _("The frame is there. Add its themes"))
    return _frame_form(request, form, None)


@may_change_frame
@form_page
def frame_edit(request, pk):
    check_whole_area(request.user)
    frame = get_object_or_404(Frame, pk=pk)
    form = FrameForm(
        request.POST if request.method == "POST" else None,
        instance=Frame.objects.get(pk=pk),
        initial={"is_default": frame.is_default},
    )
    if form.is_valid():
        return _frame_saved(request, form, services.edit_frame, _("The frame is saved"), frame)
    return _frame_form(request, form, frame)


def _frame_saved(request, form, service, words, *given):
    if not accepted(form, service, *given, by=request.user, **form.cleaned_data):
        return _frame_form(request, form, *given or [None])
    frame = Frame.objects.get(name=" ".join(form.cleaned_data["name"].split()))
    say_saved(request, words, form, frame)
    return redirect("insight_work:frame_detail", frame.pk)


def _frame_form(request, form, frame):
    context = {"form": form, "frame": frame}
    return render(request, "insights/themes/frame_form.html", context, status=422 if form.is_bound else 200)


@may_add
@form_page
def theme_add(request, pk):
    check_whole_area(request.user)
    frame = get_object_or_404(Frame, pk=pk)
    form = ThemeForm(request.POST if request.method == "POST" else None, instance=Theme(frame=frame))
    if form.is_valid() and accepted(form, services.add_theme, frame, by=request.user, **form.cleaned_data):
        say_saved(request, _("The theme is there"), form, Theme)
        return redirect("insight_work:frame_detail", frame.pk)
    return _theme_form(request, form, frame, None)


@may_change
@form_page
def theme_edit(request, pk):
    check_whole_area(request.user)
    theme = get_object_or_404(Theme.objects.in_use().select_related("frame"), pk=pk)
    form = ThemeForm(request.POST if request.method == "POST" else None, instance=Theme.objects.get(pk=pk))
    if form.is_valid() and accepted(form, services.edit_theme, theme, by=request.user, **form.cleaned_data):
        say_saved(request, _("The theme is saved"), form, Theme)
        return redirect("insight_work:frame_detail", theme.frame_id)
    return _theme_form(request, form, theme.frame, theme)


def _theme_form(request, form, frame, theme):
    context = {"form": form, "frame": frame, "theme": theme}
    return render(request, "insights/themes/theme_form.html", context, status=422 if form.is_bound else 200)


@may_change
@form_page
def theme_retire(request, pk):
    check_whole_area(request.user)
    theme = get_object_or_404(Theme.objects.in_use().select_related("frame"), pk=pk)
    form = RetireForm(request.POST if request.method == "POST" else None, theme=theme)
    if form.is_valid() and accepted(form, services.retire_theme, theme, by=request.user, **form.cleaned_data):
        messages.success(request, _("The theme is not used any more"))
        return redirect("insight_work:frame_detail", theme.frame_id)
    codes = dict(theme.codings.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "form": form,
        "theme": theme,
        "decided": codes.get(Coding.State.ACCEPTED, 0) + codes.get(Coding.State.REFUSED, 0),
        "suggested": codes.get(Coding.State.SUGGESTED, 0),
    }
    return render(request, "insights/themes/theme_retire.html", context, status=422 if form.is_bound else 200)
