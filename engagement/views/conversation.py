"""Quick entry: an informal conversation, recorded before it is forgotten."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from engagement.forms import ConversationForm
from engagement.models import Activity
from engagement.services import record_conversation


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("engagement.add_activity", raise_exception=True)
def conversation_add(request):
    answers = request.POST if request.method == "POST" else None
    form = ConversationForm(answers, initial={"area": only_area_of(request.user)})
    if form.is_valid():
        activity = record_conversation(**form.cleaned_data, by=request.user)
        request.session["recorded"] = activity.pk
        return redirect("engagement:conversation_add")
    saved = None if form.is_bound else Activity.objects.filter(pk=request.session.pop("recorded", None)).first()
    return render(request, "engagement/conversation_add.html", {"form": form, "saved": saved})


def only_area_of(user):
    """The one place that all roles of the user are for, or None."""
    areas = user.only_areas() or ()
    return next(iter(areas)) if len(areas) == 1 else None
