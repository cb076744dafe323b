"""Questions and votes of members who told a member of staff, by phone, on paper or in person."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.forms import add_errors
from forums.forms.questions import QuestionForForm
from forums.models import BoardQuestion, Forum
from forums.services import questions as services
from people.models import Person

may_act = permission_required("forums.add_boardquestion", raise_exception=True)


@may_act
@require_http_methods(["GET", "HEAD", "POST"])
def question_for(request, pk):
    """Propose a question for somebody, and see those for which they can vote. Who voted for what is not shown."""
    person = _person(request, pk)
    forums = Forum.objects.forums().filter(pk__in=services.votes_in(person))
    form = QuestionForForm(request.POST if request.method == "POST" else None, forums=forums)
    if form.is_valid():
        forum = form.cleaned_data.pop("forum")
        try:
            services.propose(forum, person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The question of %(name)s is proposed.") % {"name": person})
            return redirect("work:question_for", pk)
    proposed = BoardQuestion.objects.filter(forum__in=forums, status=BoardQuestion.Status.PROPOSED)
    proposed = proposed.select_related("forum").annotate(number_of_votes=Count("votes")).order_by("forum", "pk")
    context = {"person": person, "forums": forums, "form": form, "questions": proposed}
    return render(request, "work/questions/question_for.html", context, status=422 if form.is_bound else 200)


@may_act
@require_POST
def question_vote_for(request, pk, number):
    """Count or take back the vote of somebody for one question of their forums."""
    person = _person(request, pk)
    mine = BoardQuestion.objects.filter(forum__in=services.votes_in(person))
    question = get_object_or_404(mine, pk=number)
    wants = request.POST.get("vote") == "yes"
    try:
        services.vote(question, person, wants=wants)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Their vote is counted") if wants else _("Their vote is taken back"))
    return redirect(reverse("work:question_for", args=[pk]))


def _person(request, pk) -> Person:
    return get_object_or_404(Person.objects.known().for_user(request.user), pk=pk)
