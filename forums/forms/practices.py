"""Forms of patient groups: filters, the self-assessment, the plan."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form
from forums.documents.practices import Life
from forums.models import CriterionAnswer, Standard, StandardCriterion
from people.models import Area

LONGEST_EVIDENCE = 2000


class GroupFilter(FilterForm):
    """The boxes above the list of groups."""

    life = forms.ChoiceField(label=_("Status"), choices=[("", _("Any")), *Life.choices], required=False)
    network = forms.ModelChoiceField(
        label=_("Network"), queryset=Area.objects.none(), required=False, empty_label=_("All networks")
    )

    def offer(self, networks):
        self.fields["network"].queryset = networks


class PlanForm(Form):
    """How a group is to get going again."""

    plan = forms.CharField(
        label=_("Plan to get going again"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AssessmentForm(Form):
    """Each criterion of a standard: met, partly or not, with what shows it."""

    on = DatePartsField(label=_("Day of the assessment"), help_text=_("For example, 27 3 2026"))
    assessed_by = forms.CharField(
        label=_("Who assessed the group?"), max_length=200, help_text=_("A role or a name, such as “the chair”.")
    )

    def __init__(self, data=None, *, standard: Standard, **kwargs):
        self.criteria = list(standard.criteria.all())
        super().__init__(data, initial={"on": timezone.localdate()}, **kwargs)

    def name_fields(self):
        """Add two fields for each criterion, before error messages are made from their labels."""
        for criterion in self.criteria:
            self.fields[f"met_{criterion.pk}"] = forms.ChoiceField(
                label=str(criterion),
                choices=CriterionAnswer.Met.choices,
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Say whether criterion %s is met") % criterion.number},
            )
            self.fields[f"evidence_{criterion.pk}"] = forms.CharField(
                label=gettext("What shows it? (criterion %s)") % criterion.number,
                required=False,
                max_length=LONGEST_EVIDENCE,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self):
        cleaned = super().clean()
        for criterion in self.criteria:
            is_met = cleaned.get(f"met_{criterion.pk}") == CriterionAnswer.Met.YES
            if is_met and not cleaned.get(f"evidence_{criterion.pk}", "x").strip():
                words = gettext("Say what shows that criterion %s is met") % criterion.number
                self.add_error(f"evidence_{criterion.pk}", words)
        return cleaned

    @property
    def answers(self) -> dict[StandardCriterion, tuple[str, str]]:
        """What the service takes."""
        cleaned = self.cleaned_data
        return {each: (cleaned[f"met_{each.pk}"], cleaned[f"evidence_{each.pk}"]) for each in self.criteria}
