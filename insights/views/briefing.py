"""A briefing for a decision: asked for, shown, and as a tagged PDF (INS-024)."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.exports import pdf_page
from insights.documents import briefing as documents
from insights.forms.briefing import BriefingForm

NEEDED = ("source", "finding", "response", "decision")
may_read = permission_required([f"insights.view_{name}" for name in NEEDED], raise_exception=True)


@may_read
@require_safe
def briefing(request):
    form = BriefingForm(request.GET or None)
    found = documents.briefing(form.subject, request.user) if form.is_valid() else None
    context = {"form": form, "briefing": found, "is_printed": False, "query": request.GET.urlencode()}
    return render(request, "insights/learning/briefing.html", context, status=422 if form.errors else 200)


@may_read
@require_safe
def briefing_pdf(request):
    form = BriefingForm(request.GET)
    page = f"{reverse('insight_work:briefing')}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(page)
    found = documents.briefing(form.subject, request.user)
    return pdf_page(request, lambda: documents.briefing_pdf(found), "briefing.pdf", otherwise=page)
