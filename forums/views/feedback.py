"""For staff: what members say about taking part."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums.documents.feedback import by_forum
from forums.models import Feedback


@permission_required("forums.view_feedback", raise_exception=True)
@require_safe
def feedback_list(request):
    return render(request, "work/feedback.html", {"forums": by_forum(Feedback.objects.for_user(request.user))})
