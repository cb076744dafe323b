"""Words of comments that may be printed."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.forms import add_errors
from core.steps import form_page
from insights.forms.comments import QuoteForm
from insights.models import Comment, Quote
from insights.services import quotes as services
from insights.views.comments import comment_or_404


@permission_required(["insights.view_comment", "insights.add_quote"], raise_exception=True)
@form_page
def quote_add(request, pk):
    comment = comment_or_404(request, pk)
    if comment.is_held or not comment.text:
        raise Http404
    form = QuoteForm(request.POST if request.method == "POST" else None, initial={"words": comment.text})
    if form.is_valid():
        try:
            services.add_quote(comment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The quote may be printed"))
            return redirect("insight_work:comment_detail", comment.pk)
    context = {"comment": comment, "form": form}
    return render(request, "insights/comments/quote_add.html", context, status=422 if form.is_bound else 200)


@permission_required("insights.change_quote", raise_exception=True)
@require_POST
def quote_withdraw(request, pk):
    mine = Comment.objects.for_user(request.user).values("pk")
    quote = get_object_or_404(Quote.objects.filter(comment__in=mine), pk=pk)
    services.withdraw_quote(quote, by=request.user)
    messages.success(request, _("The consent is taken back. The quote is gone from every page"))
    return redirect("insight_work:comment_detail", quote.comment_id)
