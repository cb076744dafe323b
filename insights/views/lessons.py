"""What was learnt, from what went well and from what went badly (INS-017)."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.forms import add_errors
from core.steps import accepted, form_page, say_saved, sent
from insights.documents import lessons as documents
from insights.forms.lessons import LessonFilter, LessonForm
from insights.models import Lesson, Source
from insights.services import lessons as services

PAGE_SIZE = 20
may_read = permission_required("insights.view_lesson", raise_exception=True)
may_add = permission_required("insights.add_lesson", raise_exception=True)
may_change = permission_required("insights.change_lesson", raise_exception=True)


@may_read
@require_safe
def lesson_list(request):
    mine = Lesson.objects.for_user(request.user)
    filters = LessonFilter(request.GET, lessons=mine)
    rows = filters.narrow(mine).select_related("source").prefetch_related("topics")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "kinds": documents.by_kind(mine)}
    return render(request, "insights/learning/lesson_list.html", context)


@may_add
@form_page
def lesson_add(request):
    """With `source` in the address it begins with that library item and its topics."""
    form = LessonForm(sent(request), user=request.user, initial=_asked(request))
    if form.is_valid():
        try:
            lesson = services.add_lesson(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            say_saved(request, _("The lesson is noted"), form, lesson)
            return redirect("insight_work:lesson_list")
    return _form(request, "lesson_add", form)


@may_change
@form_page
def lesson_edit(request, pk):
    lesson = get_object_or_404(Lesson.objects.for_user(request.user), pk=pk)
    form = LessonForm(sent(request), user=request.user, instance=lesson)
    held = Lesson.objects.get(pk=pk)  # the form writes what was typed into its own
    if form.is_valid() and accepted(form, services.change_lesson, held, by=request.user, **form.cleaned_data):
        say_saved(request, _("The lesson is kept"), form, lesson)
        return redirect("insight_work:lesson_list")
    return _form(request, "lesson_edit", form, lesson=held)


def _asked(request) -> dict:
    asked = request.GET.get("source", "")
    if not asked.isdecimal():
        return {}
    source = Source.objects.for_user(request.user).in_use().filter(pk=asked).first()
    return {"source": source, "topics": source.topics.all()} if source else {}


def _form(request, name, form, **context):
    status = 422 if form.is_bound else 200
    return render(request, f"insights/learning/{name}.html", context | {"form": form}, status=status)
