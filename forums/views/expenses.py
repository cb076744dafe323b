"""Expenses: claimed by members, or by staff for somebody on paper; decided and paid by staff."""

import tablib
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.exports import csv_file
from core.steps import form_page
from forums.forms.support import ClaimFilter, ClaimForm, CostsFilter, ItemForm, PayForm, RejectForm
from forums.models import ExpenseClaim, ExpenseItem
from forums.services.support import expenses
from forums.views.access import member_page
from people.models import Person

PAGE_SIZE = 20
Status = ExpenseClaim.Status
may_see = permission_required("forums.view_expenseclaim", raise_exception=True)
may_enter = permission_required("forums.change_expenseclaim", raise_exception=True)
may_decide = permission_required(expenses.APPROVE, raise_exception=True)


def _sent(request, form_class, **values):
    """The form, with what was sent, or empty."""
    is_sent = request.method == "POST"
    return form_class(request.POST if is_sent else None, request.FILES if is_sent else None, **values)


def _page(request, template, form=None, **context):
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, f"{template}.html", context | {"form": form}, status=status)


def _started(request, form, person) -> ExpenseClaim | None:
    """The claim that the form starts, or None when something is wrong."""
    if form.is_valid():
        try:
            return expenses.start_claim(person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
    return None


def _added(request, form, claim) -> bool:
    """Whether the expense in the form was added to the claim."""
    if form.is_valid():
        try:
            expenses.add_item(claim, by=request.user, **form.cleaned_data)
            messages.success(request, _("The expense is added"))
            return True
        except ValidationError as error:
            form.add_error(None, error)
    return False


def _do(request, work, done: str, *arguments, **values) -> bool:
    """Do what a service does, and say so, or say what stands in the way."""
    try:
        work(*arguments, **values)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, done)
    return True


def _receipt(request, item) -> FileResponse:
    if not item.receipt:
        raise Http404
    ending = item.receipt.name.rpartition(".")[2]
    return FileResponse(expenses.open_receipt(item, by=request.user), filename=f"receipt-{item.pk}.{ending}")


# Members -----------------------------------------------------------------------------------------


@require_safe
@member_page
def expense_list(request):
    claims = request.person.expense_claims.select_related("forum", "meeting").prefetch_related("items")
    page = Paginator(claims, PAGE_SIZE).get_page(request.GET.get("page"))
    return _page(request, "members/support/expense_list", page=page)


@form_page
@member_page
def expense_new(request):
    form = _sent(request, ClaimForm, person=request.person)
    claim = _started(request, form, request.person)
    if claim:
        return redirect("members:expense_detail", claim.pk)
    return _page(request, "members/support/expense_new", form)


@form_page
@member_page
def expense_detail(request, pk):
    claim = _own(request, pk)
    form = _sent(request, ItemForm) if claim.status == Status.DRAFT or request.method == "POST" else None
    if form and _added(request, form, claim):
        return redirect("members:expense_detail", pk)
    items = claim.items.select_related("category")
    return _page(request, "members/support/expense_detail", form, claim=claim, items=items)


@require_POST
@member_page
def expense_send(request, pk):
    claim = _own(request, pk)
    _do(request, expenses.submit, _("Your claim is sent. We tell you when it is decided."), claim, by=request.user)
    return redirect("members:expense_detail", pk)


@require_POST
@member_page
def item_remove(request, pk):
    item = _own_item(request, pk)
    _do(request, expenses.remove_item, _("The expense is removed"), item, by=request.user)
    return redirect("members:expense_detail", item.claim_id)


@require_safe
@member_page
def receipt(request, pk):
    return _receipt(request, _own_item(request, pk))


def _own(request, pk) -> ExpenseClaim:
    return get_object_or_404(request.person.expense_claims.select_related("forum", "meeting"), pk=pk)


def _own_item(request, pk) -> ExpenseItem:
    return get_object_or_404(ExpenseItem.objects.select_related("claim__person"), pk=pk, claim__person=request.person)


# Staff -------------------------------------------------------------------------------------------


@require_safe
@may_see
def work_list(request):
    filters = ClaimFilter(request.GET)
    sent_first = Case(When(status=Status.SUBMITTED, then=0), default=1)
    claims = ExpenseClaim.objects.for_user(request.user).select_related("person", "forum").prefetch_related("items")
    if status := filters.cleaned_data.get("status"):
        claims = claims.filter(status=status)
    page = Paginator(claims.order_by(sent_first, "-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    return _page(request, "work/support/expense_list", page=page, filters=filters)


@require_safe
@may_see
def work_costs(request):
    filters = CostsFilter(request.GET)
    start, end = filters.days
    rows = expenses.costs(ExpenseClaim.objects.for_user(request.user), start, end)
    if request.GET.get("format") == "csv":
        return _costs_file(rows, start, end)
    address = f"?{request.GET.urlencode()}&format=csv" if request.GET else "?format=csv"
    values = {"rows": rows, "start": start, "end": end, "file_url": address}
    return _page(request, "work/support/expense_costs", filters=filters, **values)


def _costs_file(rows, start, end) -> HttpResponse:
    names = [_("Forum"), _("Claims"), _("People"), _("Approved, in pounds"), _("Of this paid, in pounds")]
    table = tablib.Dataset(headers=[*names, _("First day"), _("Last day")])
    for row in rows:
        amounts = [f"{row[name]:.2f}" for name in ("approved", "paid")]
        cells = [row["forum"] or _("no forum named"), row["claims"], row["people"], *amounts]
        table.append([*cells, start.isoformat(), end.isoformat()])
    return csv_file(table, f"expenses-{start:%Y-%m-%d}-{end:%Y-%m-%d}.csv")


@form_page
@may_enter
def work_new(request):
    number = request.GET.get("person", "")
    people = Person.objects.known().for_user(request.user)
    person = get_object_or_404(people, pk=int(number) if number.isascii() and number.isdecimal() else 0)
    form = _sent(request, ClaimForm, person=person)
    claim = _started(request, form, person)
    if claim:
        return redirect("work:expense_detail", claim.pk)
    return _page(request, "work/support/expense_new", form, person=person)


@require_safe
@may_see
def work_detail(request, pk):
    return _work_page(request, _claim(request, pk))


@require_POST
@may_enter
def work_add(request, pk):
    claim = _claim(request, pk)
    form = _sent(request, ItemForm)
    if _added(request, form, claim):
        return redirect("work:expense_detail", pk)
    return _work_page(request, claim, item_form=form)


@require_POST
@may_enter
def work_remove(request, pk):
    item = _item(request, pk)
    _do(request, expenses.remove_item, _("The expense is removed"), item, by=request.user)
    return redirect("work:expense_detail", item.claim_id)


@require_POST
@may_enter
def work_send(request, pk):
    _do(request, expenses.submit, _("The claim is ready to be decided"), _claim(request, pk), by=request.user)
    return redirect("work:expense_detail", pk)


@require_POST
@may_decide
def work_approve(request, pk):
    _do(request, expenses.approve, _("The claim is approved"), _claim(request, pk), by=request.user)
    return redirect("work:expense_detail", pk)


@require_POST
@may_decide
def work_reject(request, pk):
    claim = _claim(request, pk)
    form = _sent(request, RejectForm)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        _do(request, expenses.reject, _("The claim is not approved"), claim, reason, by=request.user)
        return redirect("work:expense_detail", pk)
    return _work_page(request, claim, reject_form=form)


@require_POST
@may_enter
def work_pay(request, pk):
    claim = _claim(request, pk)
    form = _sent(request, PayForm)
    if form.is_valid():
        try:
            expenses.pay(claim, form.cleaned_data["on"], by=request.user)
            messages.success(request, _("The payment is recorded"))
            return redirect("work:expense_detail", pk)
        except ValidationError as error:
            form.add_error(None, error)
    return _work_page(request, claim, pay_form=form)


@require_safe
@may_see
def work_receipt(request, pk):
    return _receipt(request, _item(request, pk))


def _claim(request, pk) -> ExpenseClaim:
    claims = ExpenseClaim.objects.for_user(request.user)
    return get_object_or_404(claims.select_related("person", "forum", "meeting", "submitted_by", "decided_by"), pk=pk)


def _item(request, pk) -> ExpenseItem:
    claims = ExpenseClaim.objects.for_user(request.user)
    return get_object_or_404(ExpenseItem.objects.select_related("claim__person"), pk=pk, claim__in=claims)


def _work_page(request, claim, **sent):
    """The claim with the forms for what can be done next; one that was sent and is wrong keeps its answers."""
    may = request.user.has_perm
    can = {
        "item_form": ItemForm if claim.status == Status.DRAFT and may("forums.change_expenseclaim") else None,
        "reject_form": RejectForm if claim.status == Status.SUBMITTED and may(expenses.APPROVE) else None,
        "pay_form": PayForm if claim.status == Status.APPROVED and may("forums.change_expenseclaim") else None,
    }
    obstacle = expenses.obstacle_to_deciding(claim, request.user) if can["reject_form"] else ""
    shown = {name: sent.get(name) or (form_class and form_class()) for name, form_class in can.items()}
    values = {"claim": claim, "items": claim.items.select_related("category"), "obstacle": obstacle}
    return _page(request, "work/support/expense_detail", next(iter(sent.values()), None), **values, **shown)
