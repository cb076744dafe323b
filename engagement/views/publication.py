"""Staff publish the page of an activity for everybody, or take it away again (PUB-004)."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.readability import measure
from core.steps import accepted, form_page, say_saved
from engagement.forms.public_pages import PublishForm
from engagement.models import Activity
from engagement.services import publication

may_publish = permission_required("engagement.publish_activity", raise_exception=True)


@may_publish
@form_page
def activity_publish(request, pk):
    """What everybody is going to read, what it still lacks, and the summary at its top."""
    activity = _changeable(request, pk)
    form = PublishForm(request.POST if request.method == "POST" else None, instance=activity)
    words = {"by": request.user}
    if form.is_valid() and accepted(form, publication.publish_page, activity, **words, **form.cleaned_data):
        say_saved(request, _("Everybody can read the page now"), form, activity)
        return redirect("engagement:activity_detail", activity.pk)
    text = "\n\n".join((activity.public_summary, activity.purpose, activity.can_influence, activity.cannot_influence))
    context = {"activity": activity, "form": form, "lacks": publication.lacks(activity), "reading": measure(text)}
    return render(request, "engagement/activities/publish.html", context, status=422 if form.is_bound else 200)


@may_publish
@require_POST
def activity_withdraw(request, pk):
    activity = _changeable(request, pk)
    publication.withdraw_page(activity, by=request.user)
    messages.success(request, _("Only staff can read the page now"))
    return redirect("engagement:activity_detail", activity.pk)


def _changeable(request, pk):
    """The activity, for somebody who works on it. Somebody else's area is not found; another's work is refused."""
    activity = get_object_or_404(Activity.objects.for_user(request.user).select_related("project"), pk=pk)
    if not activity.may_be_changed_by(request.user):
        raise PermissionDenied
    return activity
