"""Pages that no app owns: the front page, the accessibility statement, the health check."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpResponseBadRequest, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def home(request):
    cards = [
        {
            "title": _("You said, we did"),
            "text": _("What people told us, what we did about it, and what we could not do."),
            "url": reverse("insights:response_list"),
        },
        {
            "title": _("Have your say"),
            "text": _("Surveys that are open now, on the page, on paper or by telephone."),
            "url": reverse("surveys:survey_list"),
        },
        {
            "title": _("Get involved"),
            "text": _("Groups to join, documents to read, meetings to come to."),
            "url": reverse("forums:opportunity_list"),
        },
        {
            "title": _("Forums and meetings"),
            "text": _("Where patients, carers and residents are heard, and how it hangs together."),
            "url": reverse("forums:forum_list"),
        },
        {
            "title": _("What we know"),
            "text": _("Reports and findings about what matters to people, with how sure we are."),
            "url": reverse("library:source_list"),
        },
    ]
    return render(request, "home.html", {"cards": cards})


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "accessibility.html")


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """Whether this process can answer: 200 with a database, 503 without. The queue may be down: no page needs it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})


@login_not_required
def closed(request):
    """A page of a library that this product does not offer."""
    raise Http404


# Error pages -------------------------------------------------------------------------------------


def bad_request(request, exception):
    return HttpResponseBadRequest(render_to_string("400.html"))


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    """Needs no database, no signed-in person and no manifest of static files: one of them may be what broke."""
    return HttpResponseServerError(render_to_string("500.html"))
