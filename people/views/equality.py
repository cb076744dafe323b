"""Totals of equality monitoring: never about anybody, only about enough people together."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.charts import Bar, bars
from core.disclosure import HIDDEN
from people.services import needs

may_read = permission_required("people.view_equalitytotals", raise_exception=True)


@may_read
@require_safe
def equality_totals(request):
    totals = needs.equality_totals(by=request.user)
    rows = [
        {"question": question, "table": table, "picture": _picture(question, table)}
        for question, table in totals.items()
    ]
    return render(request, "people/equality/equality_totals.html", {"rows": rows})


def _picture(question, table):
    """A bar for each figure that may be shown. A hidden figure has no bar: its length would tell it."""
    shown = [Bar(label, int(count)) for label, count, _percentage in table.rows if count != HIDDEN]
    return bars(str(question), shown, ident=f"question-{question.pk}") if shown else ""
