"""What came of it, for whoever holds a code: of a slip, or of answers to a survey (ENG-027, YSD-003).

Nothing here needs a cookie but the one against forged forms. A code never stands in an address: it is sent in a form,
and what is said afterwards is sent with a signed number that holds for some hours.
"""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.codes import tried_too_often
from core.limits import TOO_OFTEN, sent_too_often
from core.steps import accepted, form_page
from engagement.documents.survey_results import numbers
from engagement.forms.surveys import CodeForm
from insights.documents import late, responses
from insights.forms.telling import VerdictForm
from insights.models import Response
from insights.services import receipts, verdicts
from insights.services.receipts import Holder

SALT = "insights.receipts.holder"
HOLDS_FOR = 4 * 3600  # seconds in which somebody who found their answers can say whether we heard right
MOST_VERDICTS_AN_HOUR = 100


@login_not_required
@never_cache
@form_page
def receipt(request):
    """With the code, what came of it. It is shown at once: no address leads to it."""
    form, holder = CodeForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        if tried_too_often(request):
            form.add_error(None, _("We have had many codes from where you are. Try again in an hour"))
        elif (holder := receipts.find(form.cleaned_data["code"])) is None:
            form.add_error("code", _("We do not know this code. Check each letter"))
    if holder is None:
        return _code_page(request, form)
    return _found_page(request, holder)


@login_not_required
@never_cache
@require_POST
def verdict(request):
    """What the holder of a code says of one answer."""
    holder = _holder(request.POST.get("holder", ""))
    if holder is None:
        return _code_again(request)
    answers = Response.objects.public().to(holder.activity.pk)
    answer = get_object_or_404(answers, reference=request.POST.get("answer", ""))
    form = VerdictForm(request.POST, prefix=f"a{answer.reference}")
    if form.is_valid() and sent_too_often(request, "verdicts", most=MOST_VERDICTS_AN_HOUR):
        form.add_error(None, TOO_OFTEN)
    is_said = form.is_valid() and accepted(form, verdicts.say, answer, holder, by=None, **form.cleaned_data)
    return _found_page(request, holder, {} if is_said else {answer.pk: form}, thanked=answer.pk if is_said else None)


def _holder(signed: str) -> Holder | None:
    try:
        return receipts.of_key(signing.loads(signed, salt=SALT, max_age=HOLDS_FOR))
    except signing.BadSignature:
        return None


def _code_again(request):
    """The page was open for too long: what was typed is shown, so that it can be copied."""
    form = CodeForm({"code": "again"})
    form.add_error("code", _("Enter your code again. A page with answers can be used for four hours"))
    form.data = {}
    return _code_page(request, form, request.POST.get(f"a{request.POST.get('answer')}-words", ""))


def _code_page(request, form, words=""):
    status = 422 if form.is_bound else 200
    return render(request, "receipts/receipt.html", {"form": form, "words": words}, status=status)


def _found_page(request, holder, sent=None, thanked=None):
    """Everything that a code leads to. `sent` are forms as they were sent, by the number of the answer."""
    said = {row.response_id: row for row in _said(holder)}
    answers = [
        {
            "answer": answer,
            "late": responses.late_words(answer),
            "said": said.get(answer.pk),
            "may_change": answer.pk not in said or verdicts.may_change(said[answer.pk]),
            "is_thanked": answer.pk == thanked,
            "form": (sent or {}).get(answer.pk) or _form(answer, said.get(answer.pk)),
        }
        for answer in receipts.look(holder)
    ]
    context = {
        "holder": holder,
        "activity": holder.activity,
        "answers": answers,
        "clock": late.clock(holder.activity),
        "signed": signing.dumps(holder.key, salt=SALT),
        "sent_form": next(iter((sent or {}).values()), None),
    }
    return render(request, "receipts/receipt_found.html", context | _survey(holder), status=422 if sent else 200)


def _said(holder):
    who = holder.receipt or holder.survey_response
    return who.verdicts.all()


def _form(answer, said) -> VerdictForm:
    initial = {"right": said.right, "words": said.words} if said else None
    return VerdictForm(prefix=f"a{answer.reference}", initial=initial)


def _survey(holder: Holder) -> dict:
    """What somebody sent to a survey, for who holds its code; nothing for a slip."""
    response = holder.survey_response
    if response is None:
        return {"response": None}
    return {
        "response": response,
        "survey": response.survey,
        "given": response.answers.select_related("question").order_by("question__order"),
        "numbers": numbers(response.survey),
    }
