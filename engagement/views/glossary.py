"""The words that this body uses, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engagement.documents import words


@login_not_required
@require_safe
def glossary(request):
    return render(request, "engagement/glossary.html", {"glossary": words.glossary()})
