"""Evidence: what waits for review, one claim with its proofs, claiming, proving and reviewing."""

from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.forms import add_errors
from core.steps import form_page, say_saved
from engagement.forms.evidence import SHOWN, ClaimForm, EvidenceFilter, HowForm, OutcomeForm, ProofForm, ReviewForm
from engagement.models import Activity, Evidence, Proof
from engagement.services import evidence as services
from forums.models import Forum

PAGE_SIZE = 20
may_read = permission_required("engagement.view_evidence", raise_exception=True)
may_claim = permission_required("engagement.add_evidence", raise_exception=True)
may_change = permission_required("engagement.change_evidence", raise_exception=True)
may_review = permission_required("engagement.review_evidence", raise_exception=True)


# Reading -----------------------------------------------------------------------------------------


@may_read
@require_safe
def evidence_list(request):
    """What waits for review, unless the address asks for what was returned to the reader, or for everything."""
    mine = Evidence.objects.for_user(request.user)
    filters = EvidenceFilter(request.GET, evidence=mine)
    given = filters.cleaned_data
    shown = given.get("show") or "waiting"
    rows = {"waiting": mine.waiting(), "returned": mine.returned_to(request.user), "all": mine}[shown]
    for name in ("principle", "strength"):
        rows = rows.filter(**{name: given[name]}) if given.get(name) else rows
    rows = rows.in_period(given["period"]) if given.get("period") else rows
    rows = rows.select_related("principle__principle_set", "forum", "activity", "claimed_by", "reviewed_by")
    page = Paginator(rows.order_by("claimed_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page": page, "shown": SHOWN[shown]}
    return render(request, "engagement/evidence/evidence_list.html", context)


def _evidence_or_404(request, pk) -> Evidence:
    related = ("principle__principle_set", "forum", "activity", "claimed_by", "reviewed_by", "impact__activity")
    return get_object_or_404(Evidence.objects.for_user(request.user).select_related(*related), pk=pk)


@may_read
@require_safe
def evidence_detail(request, pk):
    evidence = _evidence_or_404(request, pk)
    is_accepted = evidence.strength in services.ACCEPTED
    context = {
        "evidence": evidence,
        "proofs": evidence.proofs.select_related("added_by"),
        "why_not": services.why_not(evidence, request.user),
        "is_accepted": is_accepted,
        "may_review": request.user.has_perm("engagement.review_evidence"),
        "can_be_reviewed": evidence.is_waiting or is_accepted,
    }
    return render(request, "engagement/evidence/evidence_detail.html", context)


@may_read
@require_safe
def proof_file(request, pk):
    """The file of a proof, saved and never opened in the page: somebody outside may have made it."""
    evidence = Evidence.objects.for_user(request.user).values("pk")
    proof = get_object_or_404(Proof.objects.filter(evidence__in=evidence).exclude(file=""), pk=pk)
    name = f"{proof.title[:150]}{PurePath(proof.file.name).suffix.lower()}"
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(proof.file.open(), as_attachment=True, filename=name, headers=headers)


# Claiming and proving ----------------------------------------------------------------------------


def _thing_or_404(request, kind: str, pk: int) -> Activity | Forum:
    found = {"activity": Activity.objects.for_user(request.user), "forum": Forum.objects.forums()}
    if kind not in found:
        raise Http404
    return get_object_or_404(found[kind], pk=pk)


@may_claim
@form_page
def evidence_claim(request, kind, pk):
    thing = _thing_or_404(request, kind, pk)
    principles = services.principles_for(thing)
    form = ClaimForm(request.POST if request.method == "POST" else None, principles=principles)
    if form.is_valid():
        try:
            evidence = services.claim(thing, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            words = _("The claim is recorded. Attach a proof, so that it can be reviewed.")
            say_saved(request, words, form, evidence)
            return redirect("engagement:evidence_detail", evidence.pk)
    claimed = thing.evidence.select_related("principle__principle_set")
    context = {"thing": thing, "form": form, "has_principles": principles.exists(), "claimed": claimed}
    return render(request, "engagement/evidence/evidence_claim.html", context, status=422 if form.is_bound else 200)


@may_change
@form_page
def evidence_change(request, pk):
    evidence = _evidence_or_404(request, pk)
    form = HowForm(request.POST if request.method == "POST" else None, initial={"how": evidence.how})
    return _form_page(request, evidence, form, services.change, _("Say how it supports the principle"))


@may_change
@form_page
def proof_add(request, pk):
    evidence = _evidence_or_404(request, pk)
    form = ProofForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    return _form_page(request, evidence, form, services.attach_proof, _("Attach a proof"))


@may_change
@require_POST
def proof_withdraw(request, pk):
    evidence = Evidence.objects.for_user(request.user).values("pk")
    proof = get_object_or_404(Proof.objects.filter(evidence__in=evidence).select_related("evidence"), pk=pk)
    services.withdraw_proof(proof, by=request.user)
    messages.success(request, _("The proof is taken away"))
    return redirect("engagement:evidence_detail", proof.evidence_id)


# Review ------------------------------------------------------------------------------------------


@may_review
@form_page
def evidence_review(request, pk):
    """Accept or send back what waits; for what was accepted before, name the outcome."""
    evidence = _evidence_or_404(request, pk)
    sent = request.POST if request.method == "POST" else None
    impacts = services.impacts_for(evidence)
    if evidence.strength in services.ACCEPTED and (sent is None or "decision" not in sent):
        form, do = OutcomeForm(sent, impacts=impacts), services.show_outcome
    else:
        form, do = ReviewForm(sent, impacts=impacts), _decide
    return _form_page(request, evidence, form, do, _("Review the claim"), services.why_not(evidence, request.user))


def _decide(evidence, *, by, decision, impact, because):
    if decision == "accept":
        return services.accept(evidence, by=by, impact=impact)
    return services.return_(evidence, because, by=by)


def _form_page(request, evidence, form, do, title, why_not=""):
    """Show a form about a claim, or do what it says and go back to the claim."""
    if form.is_valid():
        try:
            do(evidence, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("engagement:evidence_detail", evidence.pk)
    context = {"evidence": evidence, "form": form, "title": title, "why_not": why_not}
    context["proofs"] = evidence.proofs.all()
    return render(request, "engagement/evidence/evidence_form.html", context, status=422 if form.is_bound else 200)
