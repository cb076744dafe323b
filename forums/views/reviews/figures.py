"""What the reviews of a period amount to, as a page and as a file (REV-005)."""

import tablib
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.exports import csv_file
from forums.documents import reviews as facts
from forums.forms.reviews import BetweenForm
from forums.models import Review

may_read = permission_required("forums.view_review", raise_exception=True)
FIGURES = [
    _("Document"),
    _("For"),
    _("Sent to readers"),
    _("Days to close"),
    _("Days to result"),
    _("Readers asked"),
    _("Readers answered"),
    _("Comments"),
    _("Taken up"),
    _("Partly"),
    _("Not taken up"),
    _("Undecided"),
    _("Reading age before"),
    _("Reading age after"),
    _("Years easier"),
]


def _between(request):
    """The form, and the days that it names; this financial year where it names none."""
    start, end = BetweenForm.this_year()
    form = BetweenForm(request.GET if "start_0" in request.GET else None, initial={"start": start, "end": end})
    if form.is_bound and form.is_valid():
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    return form, start, end


def _row(each: facts.ReviewFacts) -> list:
    """A line of the table; None where something is not recorded or has not happened."""
    review, ages = each.review, each.readability
    return [
        review.title,
        review.organisation.name if review.organisation else None,
        timezone.localdate(review.opened_at),
        each.days_to_close,
        each.days_to_return,
        each.readers.asked,
        each.readers.answered,
        each.outcomes.comments,
        each.outcomes.taken_up,
        each.outcomes.partly,
        each.outcomes.not_taken_up,
        each.outcomes.undecided,
        ages.before.reading_age if ages.before else None,
        ages.after.reading_age if ages.after else None,
        ages.years_saved,
    ]


@may_read
@require_safe
def review_figures(request):
    form, start, end = _between(request)
    found = facts.facts_between(Review.objects.for_user(request.user), start, end)
    context = {"form": form, "start": start, "end": end, "found": found, "totals": facts.totals_of(found)}
    context |= {"columns": FIGURES, "rows": [_row(each) for each in found]}
    return render(request, "work/reviews/review_figures.html", context, status=422 if form.errors else 200)


@may_read
@require_safe
def review_figures_csv(request):
    """The same as a file. What is not recorded stays empty."""
    _form, start, end = _between(request)
    found = facts.facts_between(Review.objects.for_user(request.user), start, end)
    table = tablib.Dataset(*map(_row, found), headers=[str(name) for name in FIGURES])
    return csv_file(table, f"reviews {start:%Y-%m-%d} to {end:%Y-%m-%d}.csv")
