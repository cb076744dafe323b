"""Forms about indicators: which values a list shows, which two stand side by side."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from insights.models import Indicator
from people.models import Organisation


class ValueFilter(FilterForm):
    """Which values a list shows."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.all(), label=_("Indicator"), required=False, empty_label=_("All")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("All")
    )

    def offer(self, *, values):
        found = Organisation.objects.filter(pk__in=values.values("organisation"))
        self.fields["organisation"].queryset = found.order_by("name")

    def narrow(self, values):
        """The values that the answers leave."""
        for name in ("indicator", "organisation"):
            if chosen := self.cleaned_data.get(name):
                values = values.filter(**{name: chosen})
        return values


class PairForm(FilterForm):
    """One indicator of patients and one of staff."""

    first = forms.ModelChoiceField(
        Indicator.objects.filter(kind=Indicator.Kind.PATIENTS), label=_("Experience of patients"), required=False
    )
    second = forms.ModelChoiceField(
        Indicator.objects.filter(kind=Indicator.Kind.STAFF), label=_("Satisfaction of staff"), required=False
    )

    @property
    def chosen(self) -> tuple[Indicator, Indicator] | None:
        """The two, once both are chosen."""
        first, second = self.cleaned_data.get("first"), self.cleaned_data.get("second")
        return (first, second) if first and second else None
