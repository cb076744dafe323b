"""Forms about what reports recommend."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from forums.models import Forum
from insights.models import Recommendation


class RecommendationForm(ModelForm):
    """One recommendation, and what a committee made of it as soon as that is known."""

    number = forms.IntegerField(
        label=_("Number in the report"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Leave it empty for the next one."),
    )
    considered_on = DatePartsField(label=_("Day on which it decided"), required=False)
    due_on = DatePartsField(label=_("To be done by"), required=False)

    class Meta:
        model = Recommendation
        fields = [
            *("text", "number", "outcome", "committee", "considered_on", "because", "action", "owner", "due_on"),
        ]
        widgets = {"outcome": forms.RadioSelect} | {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("text", "because", "action")
        }
        labels = {
            "text": _("Recommendation"),
            "outcome": _("What the committee made of it"),
            "committee": _("Committee"),
            "because": _("Why"),
            "action": _("What is done"),
            "owner": _("Who sees to it"),
        }
        help_texts = {
            "text": _("In the words of the report."),
            "because": _("Needed where it was not accepted in full."),
            "action": _("Needed where it was accepted, in full or in part."),
            "owner": _("A post, not a name."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = Forum.objects.committees().order_by("name")
        if self.instance.pk:
            del self.fields["number"]

    def validate_constraints(self):
        """Left to the service, which says what is wrong beside the field that it is about."""


class DoneForm(Form):
    """That it was done."""

    done_on = DatePartsField(label=_("Done on"), initial=timezone.localdate)
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=2000,
        help_text=_("A minute, a page, a number. Somebody else should be able to look it up."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RecommendationFilter(FilterForm):
    """Which recommendations a list shows."""

    SHOWN = [
        ("", _("All")),
        ("overdue", _("Overdue")),
        ("to_do", _("Accepted, not done yet")),
        ("waiting", _("No committee has decided")),
        ("done", _("Done")),
        ("rejected", _("Not accepted")),
    ]
    committee = forms.ModelChoiceField(Forum.objects.none(), label=_("Committee"), required=False, empty_label=_("All"))
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN)

    def offer(self, *, recommendations):
        found = Forum.objects.filter(pk__in=recommendations.values("committee"))
        self.fields["committee"].queryset = found.order_by("name")

    def narrow(self, recommendations):
        """The recommendations that the answers leave."""
        if committee := self.cleaned_data.get("committee"):
            recommendations = recommendations.filter(committee=committee)
        match self.cleaned_data.get("show"):
            case "overdue":
                return recommendations.overdue()
            case "to_do":
                return recommendations.to_do()
            case "waiting":
                return recommendations.waiting()
            case "done":
                return recommendations.exclude(done_on=None)
            case "rejected":
                return recommendations.filter(outcome=Recommendation.Outcome.REJECTED)
        return recommendations
