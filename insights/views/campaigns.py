"""Groups of like comments in a collection: how large they are, and what each asks for."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.steps import form_page
from insights.documents import comments as documents
from insights.forms.comments import CampaignForm
from insights.models import Campaign, Collection
from insights.services import campaigns as services
from insights.views.comments import collection_or_404

PAGE_SIZE = 20


@permission_required(["insights.view_campaign", "insights.view_comment"], raise_exception=True)
@require_safe
def campaign_list(request, pk):
    collection = collection_or_404(request, pk)
    dominance = documents.dominance(collection)
    page = Paginator(collection.campaigns.order_by("kind", "-size", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "collection": collection,
        "page": page,
        "rows": documents.like_comments(list(page), dominance.total),
        "dominance": dominance,
    }
    return render(request, "insights/comments/campaign_list.html", context)


@permission_required("insights.change_campaign", raise_exception=True)
@form_page
def campaign_name(request, pk):
    mine = Collection.objects.for_user(request.user).values("pk")
    campaign = get_object_or_404(Campaign.objects.filter(collection__in=mine).select_related("collection"), pk=pk)
    form = CampaignForm(request.POST if request.method == "POST" else None, initial={"name": campaign.name})
    if form.is_valid():
        services.name_campaign(campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("The name is kept"))
        return redirect("insight_work:campaign_list", campaign.collection_id)
    (like,) = documents.like_comments([campaign], campaign.collection.comments.exclude(text="").count())
    context = {"campaign": campaign, "like": like, "form": form}
    return render(request, "insights/comments/campaign_name.html", context, status=422 if form.is_bound else 200)
