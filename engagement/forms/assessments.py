"""Forms of an equality assessment: its texts, what it says about one group, its steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form, ModelForm
from engagement.models import GroupImpact, ImpactAssessment
from people.models import PopulationGroup

FOUR_ROWS = {"rows": 4}


class AssessmentForm(ModelForm):
    """The texts. A draft may leave any of them for later."""

    class Meta:
        model = ImpactAssessment
        fields = ["eliminate", "advance", "foster", "inequalities", "information"]
        widgets = {name: forms.Textarea(attrs=FOUR_ROWS) for name in fields}
        labels = {
            "eliminate": _("How it helps to end discrimination, harassment and victimisation"),
            "advance": _("How it advances equality of opportunity"),
            "foster": _("How it fosters good relations"),
            "inequalities": _("Effect on unequal access and outcomes, and on Core20PLUS5 groups"),
            "information": _("Information considered"),
        }
        help_texts = {
            "eliminate": _(
                "The first of the three aims of the equality duty. All three are needed before it is final."
            ),
            "information": _("Figures, research and reports. What people were asked is listed without your doing."),
        }


class GroupImpactForm(ModelForm):
    """What a project would do to one group."""

    due_on = DatePartsField(label=_("By when"), required=False)

    class Meta:
        model = GroupImpact
        fields = ["effect", "evidence", "barrier", "mitigation", "owner", "due_on"]
        widgets = {
            "effect": forms.RadioSelect,
            "evidence": forms.Textarea(attrs=FOUR_ROWS),
            "barrier": forms.Textarea(attrs=FOUR_ROWS),
            "mitigation": forms.Textarea(attrs=FOUR_ROWS),
        }
        labels = {
            "effect": _("Effect on this group"),
            "evidence": _("How we know"),
            "barrier": _("What stands in the way"),
            "mitigation": _("What is done about it"),
            "owner": _("Who sees to it"),
        }
        help_texts = {
            "evidence": _("Needed unless the effect is not known yet."),
            "mitigation": _("Needed for a negative effect."),
            "owner": _("A post, not a name."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effect"].choices = GroupImpact.Effect.choices

    def clean(self):
        values = super().clean()
        effect = values.get("effect")
        if effect == GroupImpact.Effect.NEGATIVE and not values.get("mitigation"):
            self.add_error("mitigation", _("Say what is done about a negative effect"))
        if effect and effect != GroupImpact.Effect.UNKNOWN and not values.get("evidence"):
            self.add_error("evidence", _("Say how you know"))
        return values


class OtherGroupForm(Form):
    """A group that neither the project nor every plan names."""

    group = forms.ModelChoiceField(PopulationGroup.objects.none(), label=_("Group"), empty_label=_("Choose a group"))

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups


class ReopenForm(Form):
    because = forms.CharField(label=_("Why it is opened again"), widget=forms.Textarea(attrs=FOUR_ROWS))
