"""`/taking-part/`: what is going on and how to take part. For reading only, without an account or a cookie.

Every view starts from published activities and hands plain data to its template (PUB-018).
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from engagement.documents import public_chain as chains
from engagement.documents import public_consultations as consulted
from engagement.documents import public_overview as overview
from engagement.documents import public_pages as pages
from engagement.forms.public_pages import ActivityFilter
from engagement.models import Activity, Policy
from engagement.services import publication
from engagement.services.consultations import label, status_of
from people.models import Area

PAGE_SIZE = 20
Standing = pages.Standing


@login_not_required
@require_safe
def home(request):
    public = _public()
    asking = pages.asking_now()
    context = {
        "surveys": overview.open_surveys(),
        "consultations": _consultation_cards(asking),
        "activities": _cards(public.filter(standing=Standing.OPEN).exclude(pk__in=_numbers(asking))),
        "coming": _cards(public.filter(standing=Standing.COMING)),
        "sessions": overview.coming_sessions(public),
        "meetings": overview.coming_meetings(),
        "awaiting": _cards(public.filter(standing=Standing.AWAITING)),
        "canonical": _canonical("home"),
    }
    return render(request, "taking_part/home.html", context)


@login_not_required
@require_safe
def activity_list(request):
    public = _public()
    filters = ActivityFilter(request.GET, activities=public)
    page = Paginator(_newest(filters.narrow(public)), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "cards": _drawn(page.object_list),
        "canonical": _canonical("activity_list"),
    }
    return render(request, "taking_part/activity_list.html", context)


@login_not_required
@require_safe
def activity_detail(request, slug):
    row = _activity_or_404(slug)
    consultation = pages.consultations().filter(activity=row).exists()
    context = {
        "activity": _page_of(row),
        "consultation_url": consulted.consultation_url(row) if consultation else "",
        "panels": publication.panels_of(slug),
        "crumbs": _crumbs(_("Everything that we do to listen"), "activity_list"),
        "canonical": _canonical("activity_detail", slug),
    }
    return render(request, "taking_part/activity_detail.html", context)


@login_not_required
@require_safe
def consultation_list(request):
    rows = pages.consultations().select_related("activity", "project")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    cards = consulted.cards(page.object_list, status_of)
    context = {"page": page, "cards": cards, "canonical": _canonical("consultation_list")}
    return render(request, "taking_part/consultation_list.html", context)


@login_not_required
@require_safe
def consultation_detail(request, slug):
    rows = pages.consultations().select_related("project__decision_by", "analyst", "activity")
    row = get_object_or_404(rows.prefetch_related("documents"), activity__slug=slug)
    consultation = consulted.consultation_page(
        row,
        activity=_page_of(_activity_or_404(slug)),
        kind=label(row, Policy.objects.current()),
        status_of=status_of,
        weighed=publication.weighed_in(row.project),
    )
    context = {"consultation": consultation, "activity": consultation.activity}
    context["canonical"] = _canonical("consultation_detail", slug)
    context["crumbs"] = _crumbs(_("Consultations"), "consultation_list")
    context["canonical"] = _canonical("consultation_detail", slug)
    return render(request, "taking_part/consultation_detail.html", context)


@login_not_required
@require_safe
def place(request, slug):
    area = get_object_or_404(Area.objects.select_related("parent"), slug=slug)
    here = pages.in_place(area)
    public = _public().filter(here)
    consultations = pages.consultations().filter(activity__in=public.values("pk"))
    context = {
        "place": area.name,
        "slug": area.slug,
        "larger": pages.place_of(area.parent) if area.parent else None,
        "parts": [pages.place_of(part) for part in area.children.order_by("name")],
        "surveys": overview.open_surveys(here),
        "consultations": _consultation_cards(consultations),
        "activities": _cards(public.exclude(pk__in=_numbers(consultations))),
        "sessions": overview.coming_sessions(public),
        "meetings": overview.coming_meetings(Q(forum__area=area) | Q(forum__area__parent=area)),
        "forums": overview.forums_in(area),
        "canonical": _canonical("place", slug),
    }
    return render(request, "taking_part/place.html", context)


@login_not_required
@require_safe
def how_views_are_used(request):
    context = {"chain": chains.chain(publication.figures_of), "canonical": _canonical("how_views_are_used")}
    return render(request, "taking_part/how_views_are_used.html", context)


@login_not_required
@require_safe
def still_to_hear_from(request):
    context = {"found": overview.still_to_hear(), "canonical": _canonical("still_to_hear_from")}
    return render(request, "taking_part/still_to_hear_from.html", context)


def _public():
    return pages.with_standing(Activity.objects.public(), publication.answered()).prefetch_related(*pages.FOR_CARDS)


def _newest(activities):
    return activities.select_related(*pages.WITH_CARDS).order_by("-began_on", "-pk")


def _numbers(consultations):
    return consultations.order_by().values("activity")


def _cards(activities):
    """The newest; the list has them all."""
    return _drawn(_newest(activities)[: overview.MOST])


def _drawn(rows):
    return pages.cards(rows, publication.answers_of(rows), Policy.objects.current().answer_weeks)


def _consultation_cards(rows):
    """Those that close first come first."""
    rows = rows.select_related("activity", "project").order_by(Coalesce("extended_to", "closes_on"), "pk")
    return consulted.cards(rows[: overview.MOST], status_of)


def _activity_or_404(slug):
    public = pages.with_standing(Activity.objects.public(), publication.answered())
    rows = public.select_related(*pages.WITH_PAGE).prefetch_related(*pages.FOR_PAGE)
    return get_object_or_404(rows, slug=slug)


def _page_of(row):
    answers = publication.answers_of([row]).get(row.pk, pages.Answers())
    return pages.activity_page(row, answers, Policy.objects.current().answer_weeks)


def _crumbs(label, name):
    return [(_("Take part"), reverse("taking_part:home")), (label, reverse(f"taking_part:{name}"))]


def _canonical(name, *args):
    return settings.SITE_URL + reverse(f"taking_part:{name}", args=args)
