"""Our news by e-mail: asked for, confirmed by the owner of the address, stopped. No page tells who is known."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.forms import Form
from core.limits import TOO_OFTEN, sent_too_often
from core.steps import accepted, form_page
from people.forms.requests import NewsletterForm, NewsletterStopForm
from people.services import newsletter

MOST_AN_HOUR = 20


@login_not_required
@form_page
def newsletter_join(request):
    wording = newsletter.wording()
    if wording is None:
        return render(request, "people/newsletter/none.html")
    form = NewsletterForm(request.POST if request.method == "POST" else None, wording=wording)
    is_ready = form.is_valid() and not _is_too_often(request, form)
    if is_ready and accepted(form, newsletter.ask_to_join, shown=wording, **form.answers):
        return redirect("people:newsletter_mailed")
    return render(request, "people/newsletter/join.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@form_page
def newsletter_stop(request):
    form = NewsletterStopForm(request.POST if request.method == "POST" else None)
    is_ready = form.is_valid() and not _is_too_often(request, form)
    if is_ready and accepted(form, newsletter.ask_to_stop, form.cleaned_data["email"]):
        return redirect("people:newsletter_mailed")
    return render(request, "people/newsletter/stop.html", {"form": form}, status=422 if form.is_bound else 200)


def _is_too_often(request, form) -> bool:
    if sent_too_often(request, "newsletter", most=MOST_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
        return True
    return False


@login_not_required
@require_safe
def newsletter_mailed(request):
    return render(request, "people/newsletter/mailed.html")


@login_not_required
@never_cache
@form_page
def newsletter_link(request, token):
    """Where the e-mailed link leads. Opening it changes nothing, whoever opens it: the button does."""
    found = newsletter.find(token)
    if found is None:
        return render(request, "people/newsletter/run_out.html", status=404)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and accepted(form, newsletter.confirm, found):
        return redirect("people:newsletter_joined" if found.kind == "join" else "people:newsletter_stopped")
    context = {"form": form, "found": found}
    return render(request, "people/newsletter/confirm.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def newsletter_joined(request):
    return render(request, "people/newsletter/joined.html")


@login_not_required
@require_safe
def newsletter_stopped(request):
    return render(request, "people/newsletter/stopped.html")
