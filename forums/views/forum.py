"""Forums, as anybody may read of them. No page says who sits on one."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Case, Count, Prefetch, Q, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forums.documents import map
from forums.forms.forum import ForumFilter
from forums.models import Forum, Meeting, Opportunity, TermsOfReference
from forums.services import questions
from forums.views.downloads import download

PAGE_SIZE, QUESTIONS_SHOWN = 20, 10


@login_not_required
@require_safe
def forum_list(request):
    ended, ahead = When(status=Forum.Status.CLOSED, then=Value(2)), When(status=Forum.Status.PROPOSED, then=Value(1))
    last = Case(ended, ahead, default=Value(0))
    forums = Forum.objects.forums().select_related("kind", "area").order_by(last, "name")
    filters = ForumFilter(request.GET, forums, request)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    is_narrowed = any(filters.form.cleaned_data.values())
    return render(request, "forums/forum_list.html", {"filters": filters, "page": page, "is_narrowed": is_narrowed})


@login_not_required
@require_safe
def forum_detail(request, pk):
    agreed = TermsOfReference.objects.filter(agreed_on__lte=timezone.localdate())
    forums = Forum.objects.select_related("kind", "area", "organisation", "parent", "successor", "meets_before")
    forums = forums.prefetch_related("links__to_forum", "aliases", Prefetch("terms", agreed, to_attr="agreed_terms"))
    forum = get_object_or_404(forums, pk=pk)
    public = Meeting.objects.public().upcoming().filter(Q(forum=forum) | Q(joint_with=forum)).distinct()
    context = {
        "forum": forum,
        "cadence": forum.cadences.filter(starts_on__lte=timezone.localdate()).last(),
        "ties": map.ties_of(forum),
        "meetings": public.order_by("starts_at")[:5],
        "opportunities": Opportunity.objects.open().filter(forum=forum),
        "groups": forum.working_groups.exclude(status=Forum.Status.CLOSED),
        "questions": questions.published(forum)[:QUESTIONS_SHOWN],
        "predecessors": forum.predecessors.all(),
        "people": forum.memberships.current().aggregate(people=Count("person", distinct=True))["people"],
    }
    return render(request, "forums/forum_detail.html", context)


@login_not_required
@require_safe
def terms_file(request, pk):
    """An agreed version as it was uploaded; one that is not agreed yet is nobody's to read."""
    agreed = TermsOfReference.objects.filter(agreed_on__lte=timezone.localdate()).exclude(file="")
    terms = get_object_or_404(agreed, pk=pk)
    try:
        return download(terms.file, str(terms))
    except FileNotFoundError:
        raise Http404 from None


@login_not_required
@require_safe
def forum_map(request):
    tree = map.governance()
    shown = Forum.objects.filter(status__in=map.SHOWN).count()
    drawn = sum(each.forum is not None for each in map.walk(tree))
    context = {"tree": tree, "picture": map.picture(tree), "left_out": shown - drawn}
    return render(request, "forums/map.html", context)
