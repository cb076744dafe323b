"""The choice of a period whose coverage is shown."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from engagement.models import Period


class PeriodFilter(FilterForm):
    """Years and quarters by their code. None chosen means the present year."""

    period = forms.ModelChoiceField(
        Period.objects.all(), label=_("Year or quarter"), required=False, empty_label=None, to_field_name="code"
    )
