"""Forms on the page of an activity: what it is for, its aims, what came of them, its evaluation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form, ModelForm
from engagement.models import Activity, Aim, Evaluation
from people.models import PopulationGroup

FOUR_ROWS = {"rows": 4}
LARGEST = 2_147_483_647


class LateMixin:
    """Asks for a reason when the period of the activity is locked and none was given yet."""

    def __init__(self, *args, locked_period=None, **kwargs):
        super().__init__(*args, **kwargs)
        if locked_period is not None:
            self.fields["late_reason"] = forms.CharField(
                label=_("Why does this come late?"),
                help_text=_("The period %(period)s is locked.") % {"period": locked_period},
                error_messages={"required": _("Enter why this comes late")},
                max_length=300,
            )


class StepForm(LateMixin, Form):
    """A step that asks nothing else."""


class ExplainForm(LateMixin, ModelForm):
    """What has to be said before an activity goes live. Until then each part may wait."""

    class Meta:
        model = Activity
        fields = ["purpose", "can_influence", "cannot_influence", "route_without_internet"]
        widgets = {name: forms.Textarea(attrs=FOUR_ROWS) for name in ("purpose", "can_influence", "cannot_influence")}
        labels = {
            "purpose": _("What is it for?"),
            "can_influence": _("What can people influence?"),
            "cannot_influence": _("What can they not influence, and why?"),
            "route_without_internet": _("How can people take part without the internet?"),
        }


class AimForm(LateMixin, Form):
    measure = forms.CharField(
        label=_("What is counted"), help_text=_("For example “people under 25 who answer”."), max_length=200
    )
    target = forms.IntegerField(label=_("Aim"), min_value=1, max_value=LARGEST)
    baseline = forms.IntegerField(
        label=_("How many before"),
        help_text=_("Leave it empty when it is not known."),
        min_value=0,
        max_value=LARGEST,
        required=False,
    )
    groups = forms.ModelMultipleChoiceField(
        PopulationGroup.objects.all(),
        label=_("Of which groups"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class ResultForm(LateMixin, ModelForm):
    class Meta:
        model = Aim
        fields = ["result", "result_note"]
        labels = {"result": _("Result"), "result_note": _("About the result")}
        help_texts = {"result_note": _("For example what was different from the plan.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].required = True


class EvaluationForm(LateMixin, ModelForm):
    class Meta:
        model = Evaluation
        fields = ["aims_met", "who_was_missing", "what_worked", "what_to_change"]
        widgets = {
            "aims_met": forms.RadioSelect,
            **{name: forms.Textarea(attrs=FOUR_ROWS) for name in ("who_was_missing", "what_worked", "what_to_change")},
        }
        labels = {
            "aims_met": _("Were the aims met?"),
            "who_was_missing": _("Who was missing?"),
            "what_worked": _("What worked?"),
            "what_to_change": _("What should change next time?"),
        }
        help_texts = {"who_was_missing": _("Name groups and places, not people. Write “nobody” if all were there.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["aims_met"].choices = Evaluation.Met.choices
