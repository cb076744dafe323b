"""How the public narrows down “you said, we did”. Only what published answers have is offered."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from engagement.models import Activity, Period, Principle, Topic
from insights.models import Response, Status
from people.models import Area, PopulationGroup


class FilterForm(Form):
    """The boxes above the list. Each can be left as it is."""


class PrincipleField(forms.ModelChoiceField):
    """A principle, with its set where the public has answers under more than one set."""

    @cached_property
    def are_of_several_sets(self):
        return self.queryset.values("principle_set").distinct().order_by().count() > 1

    def label_from_instance(self, principle):
        return f"{principle} ({principle.principle_set})" if self.are_of_several_sets else str(principle)


class PrincipleFilter(django_filters.ModelChoiceFilter):
    field_class = PrincipleField


def principles(request):
    published = Response.objects.public().filter(activity__principle=OuterRef("pk"))
    return Principle.objects.filter(Exists(published)).select_related("principle_set")


def topics(request):
    return Topic.objects.filter(Exists(Response.objects.public().filter(topic=OuterRef("pk"))))


def areas(request):
    """Places that published answers are about, and the larger places that these are part of."""
    here = Response.objects.public().filter(activity__areas=OuterRef("pk"))
    within = Response.objects.public().filter(activity__areas__parent=OuterRef("pk"))
    return Area.objects.filter(Exists(here) | Exists(within))


def groups(request):
    """Groups that said what published answers are about, as far as the answer or its activity names them."""
    said = Response.objects.public().filter(groups=OuterRef("pk"))
    heard = Response.objects.public().filter(activity__groups=OuterRef("pk"))
    return PopulationGroup.objects.filter(Exists(said) | Exists(heard))


def years(request):
    """Financial years with an activity that has a published answer: those of the annual reports (YSD-007)."""
    first, last = Coalesce("starts_on", "ends_on"), Coalesce("ends_on", "starts_on")
    public = Response.objects.public().values("activity")
    dated = Activity.objects.filter(pk__in=public).annotate(first_day=first, last_day=last)
    there = dated.filter(
        Q(first_day__lte=OuterRef("ends_on"), last_day__gte=OuterRef("starts_on"))
        | Q(is_ongoing=True, first_day__lte=OuterRef("ends_on"))
        | Q(period__starts_on__gte=OuterRef("starts_on"), period__ends_on__lte=OuterRef("ends_on"))
    )
    return Period.objects.years().filter(Exists(there))


def statuses():
    present = set(Response.objects.public().order_by().values_list("status", flat=True).distinct())
    return [choice for choice in Status.choices if choice[0] in present]


class ResponseFilter(django_filters.FilterSet):
    """Published answers by words and by what they are about. `left_out` says that a value was unknown."""

    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=100)
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"), queryset=topics, to_field_name="slug", empty_label=_("All topics")
    )
    place = django_filters.ModelChoiceFilter(
        label=_("Place"), queryset=areas, to_field_name="slug", empty_label=_("All places"), method="in_place"
    )
    principle = PrincipleFilter(
        label=_("Principle"), field_name="activity__principle", queryset=principles, empty_label=_("All principles")
    )
    group = django_filters.ModelChoiceFilter(
        label=_("Who said it"), queryset=groups, empty_label=_("Everybody"), method="said_by"
    )
    year = django_filters.ModelChoiceFilter(
        label=_("Year"), queryset=years, to_field_name="code", empty_label=_("All years"), method="in_year"
    )
    status = django_filters.ChoiceFilter(label=_("What came of it"), choices=statuses, empty_label=_("Anything"))

    class Meta:
        model = Response
        fields = []
        form = FilterForm

    def __init__(self, data, queryset, request):
        super().__init__(data, queryset, request=request)
        self.left_out = bool(self.errors)
        if self.left_out:
            known = {name: data.get(name) for name in self.filters if name not in self.errors}
            super().__init__(known, queryset, request=request)

    def search(self, queryset, name, value):
        told = Q(you_said__icontains=value) | Q(topic__name__icontains=value)
        answered = Q(we_did__icontains=value) | Q(reason__icontains=value)
        return queryset.filter(told | answered)

    def said_by(self, queryset, name, group):
        heard = Activity.objects.filter(groups=group)
        said = Response.groups.through.objects.filter(populationgroup=group)
        return queryset.filter(Q(pk__in=said.values("response")) | Q(activity__in=heard.values("pk")))

    def in_year(self, queryset, name, period):
        return queryset.in_period(period)

    def in_place(self, queryset, name, area):
        there = Activity.objects.filter(Q(areas=area) | Q(areas__parent=area))
        return queryset.filter(activity__in=there.values("pk"))
