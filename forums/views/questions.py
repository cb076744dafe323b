"""Questions to the Board: members propose and vote, staff put them forward, anybody reads the answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from core.forms import Form, add_errors
from core.steps import Step, form_page, offered, take
from forums.forms.questions import (
    AnswerForm,
    DeclineForm,
    FillForm,
    FollowUpForm,
    QuestionFilter,
    QuestionForm,
    SubmitForm,
)
from forums.models import BoardQuestion, Forum, Vote
from forums.services import questions as services
from forums.views.access import member_page
from people.models import Person

PAGE_SIZE = 20
Status = BoardQuestion.Status
may_read = permission_required("forums.view_boardquestion", raise_exception=True)
may_change = permission_required("forums.change_boardquestion", raise_exception=True)

# Public ------------------------------------------------------------------------------------------


@login_not_required
@require_safe
def question_list(request, pk):
    forum = get_object_or_404(Forum.objects.forums(), pk=pk)
    page = Paginator(services.published(forum), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "forums/questions/question_list.html", {"forum": forum, "page": page})


# Members -----------------------------------------------------------------------------------------


@require_safe
@member_page
def member_list(request, pk):
    """Two lists: what is proposed, with the votes, and with `?show=board` what became of the others."""
    forum = get_object_or_404(Forum.objects.forums().of(request.person), pk=pk)
    shows_board = request.GET.get("show") == "board"
    proposed = services.shortlist(forum).select_related("proposed_by")
    proposed = proposed.annotate(is_mine=Exists(Vote.objects.filter(question=OuterRef("pk"), person=request.person)))
    others = forum.board_questions.exclude(status=Status.PROPOSED).select_related("proposed_by", "board_meeting")
    rows = others.prefetch_related("follow_ups") if shows_board else proposed
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for question in page:
        question.proposer = services.proposer(question, request.person)
    may_vote = _votes_in(request.person, forum)
    context = {"forum": forum, "page": page, "shows_board": shows_board, "may_vote": may_vote}
    return render(request, "members/questions/question_list.html", context)


def _votes_in(person: Person, forum: Forum) -> bool:
    return services.votes_in(person).filter(forum=forum).exists()


@form_page
@member_page
def question_add(request, pk):
    forum = get_object_or_404(Forum.objects.forums().filter(pk__in=services.votes_in(request.person)), pk=pk)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.propose(forum, request.person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Your question is proposed. Other members can now vote for it."))
            return redirect("members:question_list", forum.pk)
    status = 422 if form.is_bound else 200
    return render(request, "members/questions/question_add.html", {"forum": forum, "form": form}, status=status)


@require_POST
@member_page
def question_vote(request, pk):
    """Set the vote to what is said, so that pressing twice changes nothing."""
    mine = Forum.objects.forums().of(request.person).values("pk")
    question = get_object_or_404(BoardQuestion.objects.filter(forum__in=mine), pk=pk)
    wants = request.POST.get("vote") == "yes"
    try:
        services.vote(question, request.person, wants=wants)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your vote is counted") if wants else _("Your vote is taken back"))
    return redirect("members:question_list", question.forum_id)


# Staff -------------------------------------------------------------------------------------------


@may_read
@require_safe
def work_list(request):
    return _work_page(request, None)


@may_change
@require_POST
def question_fill(request):
    """Put the top of a forum's shortlist to a meeting."""
    form = FillForm(request.POST, questions=BoardQuestion.objects.for_user(request.user))
    if form.is_valid():
        try:
            chosen = services.submit_top(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            words = ngettext("%(count)s question put to the Board", "%(count)s questions put to the Board", len(chosen))
            messages.success(request, words % {"count": len(chosen)})
            return redirect("work:question_list")
    return _work_page(request, form, status=422)


def _work_page(request, form, *, status=200):
    mine = BoardQuestion.objects.for_user(request.user)
    filters = QuestionFilter(request.GET, questions=mine)
    wanted = {"forum": "forum", "meeting": "board_meeting", "status": "status"}
    given = {wanted[name]: value for name, value in filters.cleaned_data.items() if value}
    rows = mine.filter(**given).select_related("forum", "board_meeting").annotate(number_of_votes=Count("votes"))
    rows = rows.order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for question in page:
        question.days = services.days_unanswered(question)
    if form is None and request.user.has_perm("forums.change_boardquestion"):
        form = FillForm(questions=mine)
    context = {"filters": filters, "page": page, "form": form}
    return render(request, "work/questions/question_list.html", context, status=status)


STEPS = {
    "submit": Step(
        gettext_lazy("Put it to the Board"),
        (Status.PROPOSED, Status.SUBMITTED),
        SubmitForm,
        services.submit,
        gettext_lazy("The question is put to the Board"),
    ),
    "decline": Step(
        gettext_lazy("Do not take it forward"),
        (Status.PROPOSED,),
        DeclineForm,
        services.decline,
        gettext_lazy("The question is not taken forward"),
    ),
    "answer": Step(
        gettext_lazy("Record the answer"),
        (Status.SUBMITTED,),
        AnswerForm,
        services.answer,
        gettext_lazy("The answer is recorded"),
    ),
    "follow-up": Step(
        gettext_lazy("Record a follow-up"),
        (Status.ANSWERED, Status.FOLLOW_UP),
        FollowUpForm,
        services.follow_up,
        gettext_lazy("The follow-up is recorded"),
    ),
    "publish": Step(
        gettext_lazy("Publish question and answer"),
        services.ANSWERED,
        Form,
        services.publish,
        gettext_lazy("The question and its answer are public"),
    ),
    "unpublish": Step(
        gettext_lazy("Take it off the public pages"),
        services.ANSWERED,
        Form,
        services.unpublish,
        gettext_lazy("The question is no longer public"),
    ),
    "close": Step(
        gettext_lazy("Close it"),
        (Status.ANSWERED, Status.FOLLOW_UP),
        Form,
        services.close,
        gettext_lazy("The question is closed"),
    ),
}


@may_read
@require_safe
def question_detail(request, pk):
    return _detail_page(request, _question_or_404(request, pk))


@may_change
@require_POST
def question_step(request, pk, step):
    question = _question_or_404(request, pk)
    form = take(request, STEPS, step, question)
    if form is None:
        return redirect("work:question_detail", question.pk)
    return _detail_page(request, question, step, form)


def _question_or_404(request, pk):
    mine = BoardQuestion.objects.for_user(request.user)
    return get_object_or_404(mine.select_related("forum", "board_meeting", "proposed_by"), pk=pk)


def _detail_page(request, question, sent="", form=None):
    hidden = "unpublish" if question.published_at is None else "publish"
    open_steps = [name for name in STEPS if question.status in STEPS[name].statuses and name != hidden]
    may = request.user.has_perm("forums.change_boardquestion")
    seen = question.proposed_by and Person.objects.for_user(request.user).filter(pk=question.proposed_by_id).exists()
    context = {
        "question": question,
        "votes": question.votes.count(),
        "days": services.days_unanswered(question),
        "steps": offered(STEPS, open_steps, sent, form) if may else [],
        "form": form,
        "may_open_person": seen and request.user.has_perm("people.view_person"),
    }
    return render(request, "work/questions/question_detail.html", context, status=422 if form else 200)
