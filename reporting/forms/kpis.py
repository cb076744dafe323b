"""Forms about the figures that boards ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from reporting.documents.kpis import MEASURES
from reporting.models import Kpi


class KpiValueForm(Form):
    """What a figure was in a period. The labels are the figure's own words."""

    numerator = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    denominator = forms.DecimalField(max_digits=12, decimal_places=2, required=False)
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=300,
        help_text=_("So that somebody else finds it: a report and its page, a system and the day."),
    )

    def __init__(self, *args, kpi: Kpi, **kwargs):
        self.kpi = kpi
        super().__init__(*args, **kwargs)

    def name_fields(self):
        self.fields["numerator"].label = _capital(self.kpi.numerator)
        self.fields["denominator"].label = _capital(self.kpi.denominator) or _("Out of how many")
        self.fields["denominator"].required = self.kpi.unit == Kpi.Unit.SHARE


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class KpiAdminForm(forms.ModelForm):
    """A figure in the admin: which computation it takes is chosen from those that there are."""

    measure = forms.ChoiceField(
        label=_("Computed as"),
        required=False,
        help_text=_("A computed figure brings its own words, so leave the words below empty."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "measure" in self.fields:
            computed = [(code, str(each.name)) for code, each in MEASURES.items()]
            self.fields["measure"].choices = [("", _("not computed: somebody enters it")), *computed]
