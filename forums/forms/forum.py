"""How lists of forums are narrowed: by level, place and kind; the clockwork by time as well."""

import datetime

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from forums.documents.cadences import DAY, Span, add_months
from forums.models import Forum, ForumKind
from people.models import Area, Level

YEAR_BEGINS = 4  # April: the financial year


class FilterForm(Form):
    """The boxes beside the list. Each can be left as it is."""


def kinds(request):
    return ForumKind.objects.filter(Exists(Forum.objects.filter(kind=OuterRef("pk"))), is_committee=False)


def areas(request):
    """Places that have forums, and the larger places that these are part of."""
    here, within = Forum.objects.filter(area=OuterRef("pk")), Forum.objects.filter(area__parent=OuterRef("pk"))
    return Area.objects.filter(Exists(here) | Exists(within))


class ForumFilter(django_filters.FilterSet):
    """Forums by level, place and kind. `left_out` says that a value in the address was unknown."""

    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices, empty_label=_("All levels"))
    place = django_filters.ModelChoiceFilter(
        label=_("Place"), queryset=areas, to_field_name="slug", empty_label=_("All places"), method="in_place"
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("Kind"), queryset=kinds, to_field_name="code", empty_label=_("All kinds")
    )

    class Meta:
        model = Forum
        fields = []
        form = FilterForm

    def __init__(self, data, queryset, request):
        super().__init__(data, queryset, request=request)
        self.left_out = bool(self.errors)
        if self.left_out:
            known = {name: data.get(name) for name in self.form.fields if name not in self.errors}
            super().__init__(known, queryset, request=request)
            del self._form  # the one with the unknown value: it is made again without

    def in_place(self, queryset, name, area):
        return queryset.filter(Q(area=area) | Q(area__parent=area))


class ClockFilter(ForumFilter):
    """Forums, and the time that is asked about. The time narrows nothing: which forums are shown follows from it."""

    period = django_filters.ChoiceFilter(
        label=_("Time"),
        method="unchanged",
        empty_label=_("the last 12 months"),
        choices=[
            ("this-year", _("this financial year")),
            ("last-year", _("the last financial year")),
            ("this-quarter", _("this quarter")),
            ("last-quarter", _("the last quarter")),
        ],
    )
    only_problems = django_filters.BooleanFilter(
        label=_("Only forums with gaps"), method="unchanged", widget=forms.CheckboxInput
    )
    also_resting = django_filters.BooleanFilter(
        label=_("Also forums not at work"), method="unchanged", widget=forms.CheckboxInput
    )

    def unchanged(self, queryset, name, value):
        return queryset

    @property
    def span(self) -> Span:
        self.is_valid()
        return span_of(self.form.cleaned_data["period"], timezone.localdate())


def span_of(period: str, today: datetime.date) -> Span:
    """The days of a period by its code. Quarters are those of the financial year, which begin as the calendar's do."""
    if not period:
        return Span(add_months(today, -12) + DAY, today)
    months = 12 if period.endswith("year") else 3
    first = today.replace(day=1)
    first = add_months(first, -((first.month - YEAR_BEGINS) % months))
    first = add_months(first, -months) if period.startswith("last") else first
    return Span(first, add_months(first, months) - DAY)
