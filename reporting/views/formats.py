"""The further formats of a version for those who read reports, and the slots of formats that people make."""

from http import HTTPStatus

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.models import JobState
from reporting.documents.slots import slots
from reporting.models import Build, BuildFile
from reporting.services import reports as services
from reporting.views import files

may_read = permission_required("reporting.view_build", raise_exception=True)
may_work = permission_required("reporting.view_alternativeformat", raise_exception=True)


@may_read
@require_safe
def build_file(request, pk, kind):
    """One further format of a version: readable by whoever may open the version, the Easy Read draft by its makers."""
    found = BuildFile.objects.for_user(request.user).select_related("build__report__period")
    row = get_object_or_404(found, build=pk, kind=kind)
    return _noted(request, row.build, kind, files.made(request, row))


@may_read
@require_safe
def build_json(request, pk):
    """The facts of a version as JSON."""
    builds = Build.objects.for_user(request.user).select_related("report__period", "snapshot")
    build = get_object_or_404(builds, pk=pk)
    if build.state != JobState.DONE:
        raise Http404(_("This report is not ready yet."))
    return _noted(request, build, "json", files.facts(request, build))


@may_work
@require_safe
def format_slots(request):
    return render(request, "reporting/formats/slots.html", {"slots": slots(timezone.localdate())})


def _noted(request, build: Build, file_format: str, answer):
    """The answer, with who took the file kept; a file that is not handed out was not taken."""
    if answer.status_code == HTTPStatus.OK:
        services.note_download(build, file_format, by=request.user)
    return answer
